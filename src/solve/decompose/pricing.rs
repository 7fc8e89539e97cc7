//! What a block is worth at some prices: its tree under them.

use super::super::Limits;
use super::super::record::Record;
use super::super::relaxation::Basis;
use super::super::tree::{Explored, Task, explore};
use super::super::worth::Worth;
use super::block::Block;
use super::master::Candidate;
use super::prices::Prices;
use crate::money::Money;

/// Nodes after which a tree may leave a cent open.
const CLOSE_NODES: usize = 80;

/// Points of one block kept of one round.
const KEPT: usize = 4;

/// What a block is worth at some prices.
pub(super) struct Priced {
    pub bound: Worth,
    /// Points met, the best first.
    pub points: Vec<Candidate>,
    pub nodes: usize,
    /// What the bound rests on, where that is kept.
    pub record: Option<Record>,
}

/// The tree of a block under prices; none where it gives no bound. `slack` is what a point may fall short of closing it by, in euro, `open` what the tree
/// may leave open besides, `most` its nodes, `basis` where its relaxation begins, and ended.
pub(super) fn price(
    block: &Block,
    found: &[Candidate],
    basis: &mut Option<Basis>,
    prices: &Prices,
    (slack, open): (f64, Money),
    most: usize,
    limits: &Limits,
) -> Option<Priced> {
    let (exact, scaled) = block.priced(prices)?;
    let task = Task { columns: &block.program.columns, exact: &exact, scaled: &scaled, dives: true };
    // Any figure is a valid target; this one closes the tree at points that are as good as whole.
    let target = |point: &[f64]| Worth::near(task.worth(point) + slack);
    let known = found.iter().map(|candidate| (target(&candidate.point), candidate.point.clone()));
    let known = known.max_by_key(|(worth, _)| *worth);
    let mut points: Vec<(Worth, Vec<f64>)> = Vec::new();
    let mut grow = |nodes: usize, incumbent: Option<Worth>, gap: Money| {
        let limits = Limits { nodes: Some(nodes), gap, ..*limits };
        let explored = explore(&task, basis.clone(), incumbent, &limits, &mut |point| {
            let worth = target(point);
            points.push((worth, point.to_vec()));
            Some(worth)
        })?;
        if explored.basis.is_some() {
            basis.clone_from(&explored.basis);
        }
        Some(explored)
    };
    let mut explored = grow(CLOSE_NODES, known.as_ref().map(|(worth, _)| *worth), open)?;
    let is_close = |Explored { bound, best, .. }: &Explored| {
        bound.zip(*best).is_some_and(|(bound, best)| bound - best <= open.max(Money::CENT).into())
    };
    if !is_close(&explored) && explored.nodes >= CLOSE_NODES {
        explored = grow(most, explored.best, open.max(Money::CENT))?;
    }
    let Explored { bound, nodes, record, .. } = explored;
    points.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    if known.as_ref().is_some_and(|(worth, _)| points.first().is_none_or(|(best, _)| worth > best)) {
        points.splice(0..0, known);
    }
    let candidate = |(_, point): (Worth, Vec<f64>)| Candidate {
        worth: block.worth(&point),
        uses: block.uses(&point),
        point,
    };
    let points = points.into_iter().take(KEPT).map(candidate).collect();
    Some(Priced { bound: bound?, points, nodes, record })
}
