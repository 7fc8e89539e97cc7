//! Plans of some scenarios held against all of them: what each is worth where the facts are other than those it was made for.

use std::sync::Arc;

use rayon::prelude::*;

use super::standing::Claims;
use super::state::State;
use super::{Engine, Failed, parcels};
use crate::eligibility::{Application, eligibility};
use crate::engine::RunError;
use crate::measure::Measure;
use crate::money::Money;
use crate::scenario::Override;

/// Plans to be tried in scenarios.
pub struct Candidates<'e> {
    engine: &'e Engine,
    plans: Vec<Claims>,
    /// What each is worth in each block of the base, by block and plan.
    of_base: Vec<Vec<Money>>,
}

impl<'e> Candidates<'e> {
    /// The plan of the base, and those of these scenarios.
    ///
    /// # Errors
    /// A scenario without plan.
    pub fn new(engine: &'e Engine, scenarios: &[Vec<Override>]) -> Result<Candidates<'e>, Failed> {
        let planned = scenarios.par_iter().map(|overrides| engine.plan_of(overrides));
        let mut plans = vec![engine.claims.clone()];
        plans.extend(planned.collect::<Result<Vec<_>, _>>()?);
        let base = &engine.base;
        let of_base = base.blocks.par_iter().map(|block| worths(&plans, block, &base.states, &base.measures));
        let of_base = of_base.collect::<Result<Vec<_>, _>>()?;
        Ok(Candidates { engine, plans, of_base })
    }

    /// What each is worth under these overrides: that of the base first, then in the order of the scenarios.
    ///
    /// # Errors
    /// Overrides that lead nowhere.
    pub fn worths(&self, overrides: &[Override]) -> Result<Vec<Money>, Failed> {
        let Facts { states, blocks, measures } = self.engine.facts(overrides)?;
        let mut sums = vec![Money::ZERO; self.plans.len()];
        for block in &blocks {
            let known = self.engine.place_in_base(block, &states).map(|at| self.of_base[at].clone());
            let own = known.map_or_else(|| worths(&self.plans, block, &states, &measures), Ok)?;
            sums.iter_mut().zip(own).for_each(|(sum, worth)| *sum += worth);
        }
        Ok(sums)
    }
}

/// The parcels of a scenario before any is planned.
pub(super) struct Facts {
    pub(super) states: Vec<Arc<State>>,
    pub(super) blocks: Vec<Vec<usize>>,
    pub(super) measures: Arc<Vec<Measure>>,
}

fn worths(
    plans: &[Claims],
    block: &[usize],
    states: &[Arc<State>],
    measures: &[Measure],
) -> Result<Vec<Money>, RunError> {
    let worths = |applications: &[Application]| plans.iter().map(|plan| plan.worth(applications)).collect();
    if let [only] = block {
        return Ok(worths(&states[*only].found.applications));
    }
    let portfolio = parcels::joined(block.iter().map(|at| &*states[*at].portfolio));
    let found = eligibility(&portfolio, measures).map_err(RunError::Input)?;
    Ok(worths(&found.applications))
}
