//! What a block is worth at some prices: its tree under them.

use super::super::Limits;
use super::super::record::Record;
use super::super::tree::{Experience, Exploration, Task};
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
/// may leave open besides, `most` its nodes, `experience` what earlier trees of the block have learnt.
pub(super) fn price(
    block: &Block,
    found: &[Candidate],
    experience: &mut Experience,
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
    let incumbent = known.as_ref().map(|(worth, _)| *worth);
    let mut tree = Exploration::begin(task, std::mem::take(experience), incumbent)?;
    let mut points: Vec<(Worth, Vec<f64>)> = Vec::new();
    let mut settle = |point: &[f64]| {
        let worth = target(point);
        points.push((worth, point.to_vec()));
        Some(worth)
    };
    tree.grow(&Limits { nodes: Some(CLOSE_NODES), gap: open, ..*limits }, &mut settle);
    let gap = open.max(Money::CENT);
    if !tree.is_within(gap) && tree.nodes() >= CLOSE_NODES {
        tree.grow(&Limits { nodes: Some(most), gap, ..*limits }, &mut settle);
    }
    let (bound, nodes) = (tree.bound(), tree.nodes());
    let (record, learnt) = tree.end();
    *experience = learnt;
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
