//! Blocks: parcels that a pool joins, because together they could draw more than it holds, are planned together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Key;
use super::state::State;
use crate::eligibility::Account;
use crate::engine::groups::Demand;
use crate::engine::joined::Joined;

/// The blocks, each a rising list of parcels, in the order of their first parcels.
pub(super) fn blocks(states: &[Arc<State>]) -> Vec<Vec<usize>> {
    let mut all: BTreeMap<&Account, (Demand, Vec<usize>)> = BTreeMap::new();
    for (at, state) in states.iter().enumerate() {
        for (account, demand) in &state.demands {
            let entry = all.entry(account);
            let (_, parcels) =
                entry.and_modify(|(sum, _)| *sum = sum.and(*demand)).or_insert((*demand, Vec::new()));
            parcels.push(at);
        }
    }
    let mut joined = Joined::apart(states.len());
    for (_, parcels) in all.values().filter(|(demand, _)| !demand.is_idle()) {
        parcels.windows(2).for_each(|pair| joined.join(pair[0], pair[1]));
    }
    joined.parts()
}

/// What the plan of a block hangs on.
pub(super) fn key(block: &[usize], states: &[Arc<State>]) -> Key {
    match block {
        [only] => states[*only].key,
        _ => Key::of(&block.iter().map(|at| states[*at].key).collect::<Vec<_>>()),
    }
}
