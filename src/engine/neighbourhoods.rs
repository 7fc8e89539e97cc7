//! Better plans near a plan: everything is left as it is but what three or four applications claim, and the tree plans these anew.
//!
//! Where millions of plans lie within a few euro of the best, the tree over all of them meets few of the good ones, and exchanges of two expenses end in one of
//! many plans that no such exchange makes better. Three applications with what they claim, and what nobody does, are a model that the tree nearly closes in
//! some milliseconds, and its best plan is the best of all exchanges among the three at once; what the others have decided is taken out of it before. The neighbourhoods are gone through in a fixed order, all
//! threes before all fours, that goes on where the last better plan was found, until none has one or the nodes are used up: the result hangs on nothing but the plan.

use std::time::Instant;

use super::Effort;
use super::group::{affordable, known_of};
use crate::eligibility::Application;
use crate::money::Money;
use crate::program::{ColumnKey, Kind, Program};
use crate::settle::Plan;
use crate::solve::presolve::Presolved;
use crate::solve::tree::{Ground, Tree};
use crate::solve::{Limits, Steps};

/// Nodes times columns that one neighbourhood may come to: with fewer more of them are gone through, with more each is closed oftener. Sixty expenses under seven measures are left EUR 2.30 below the best plans
/// known on average by as many as 200 nodes of a whole program and EUR 1.65 by as many of what is left of it as do the same work.
const WORK: usize = 67_000;

/// Nodes times columns that all of them together may come to.
const MOST_WORK: usize = 4_800_000;

/// A gap from which on they may come to so many times as much: most of it lies between plans.
const WIDE: Money = Money::from_cents(1_000);
const TIMES_WHERE_WIDE: usize = 3;

/// Applications from which on four of them are much less than all.
const FEWEST_BY_FOURS: usize = 6;

/// Makes `best` the best plan met from it by the tree over neighbourhoods in a program of these applications, or in what of it can be worth more; `enough` is what no plan exceeds, `improve` keeps the better of
/// a plan and those that a point suggests.
pub(super) fn planned_by_few(
    (applications, program): (&[Application], &Program),
    best: &mut Plan,
    enough: Option<Money>,
    (limits, effort, steps): (&Limits, Effort, Steps),
    improve: &mut dyn FnMut(&mut Plan, &[f64]),
) {
    let nodes = effort.times(affordable(program.columns.len(), WORK));
    let threes = subsets(applications.len(), 3);
    let fours =
        if applications.len() >= FEWEST_BY_FOURS { subsets(applications.len(), 4) } else { Vec::new() };
    let deadline = limits.deadline();
    let most = effort.times(affordable(program.columns.len(), MOST_WORK));
    let mut used = 0;
    // Neighbourhoods gone through since the last better plan.
    let mut in_vain = 0;
    let mut at = 0;
    loop {
        let is_late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let is_best = enough.is_some_and(|enough| best.value >= enough);
        let is_wide = enough.is_some_and(|enough| enough - best.value >= WIDE);
        let left = (most * if is_wide { TIMES_WHERE_WIDE } else { 1 }).saturating_sub(used);
        let many = threes.len() + if is_wide || effort > Effort::default() { fours.len() } else { 0 };
        if in_vain >= many || left == 0 || is_best || is_late {
            break;
        }
        let few = threes.get(at % many).unwrap_or_else(|| &fours[at % many - threes.len()]);
        at += 1;
        let taken = taken_by_others(program, applications, best, few);
        let presolved = Presolved::new(program, &taken, steps);
        // Without presolve the decisions are taken in the tree.
        let (own, taken) = presolved.as_ref().map_or((program, taken.as_slice()), |of| (&of.program, &[]));
        let Some(ground) = Ground::new(own) else { break };
        let Some(mut tree) = Tree::within(own, &ground, taken) else { break };
        let before = best.rank();
        let limits = Limits { nodes: Some(nodes.min(left)), keep: false, leaves_cents: true, ..*limits };
        let proof = tree.grow(known_of(best), &limits, &mut |point| {
            let whole = presolved.as_ref().map(|of| of.back(point));
            improve(best, whole.as_deref().unwrap_or(point));
            known_of(best)
        });
        used += proof.nodes;
        in_vain = if best.rank() > before { 0 } else { in_vain + 1 };
    }
}

/// Every so many of `of`, in their order.
fn subsets(of: usize, many: usize) -> Vec<Vec<usize>> {
    if many == 0 {
        return vec![Vec::new()];
    }
    // Those of which this is the last, behind those before it.
    let ending_in = |last: usize| {
        subsets(last, many - 1).into_iter().map(move |mut before| {
            before.push(last);
            before
        })
    };
    let mut all: Vec<Vec<usize>> = (0..of).flat_map(ending_in).collect();
    all.sort_unstable();
    all
}

/// The decisions of a plan that do not belong to these applications: columns, and whether they are taken.
fn taken_by_others(
    program: &Program,
    applications: &[Application],
    plan: &Plan,
    few: &[usize],
) -> Vec<(usize, bool)> {
    let claims = plan.all_claims(applications);
    let decisions = program.columns.iter().enumerate().filter(|(_, column)| column.kind == Kind::Binary);
    let taken = decisions.filter_map(|(at, column)| match column.key {
        ColumnKey::Apply { application } if !few.contains(&application) => {
            Some((at, plan.assessment(application).is_some()))
        }
        ColumnKey::Claim { application, line } if !few.contains(&application) => {
            Some((at, claims[application][line].is_positive()))
        }
        _ => None,
    });
    taken.collect()
}

#[cfg(test)]
mod tests {
    use super::subsets;

    #[test]
    fn every_three_comes_once() {
        assert_eq!(subsets(2, 3), [[0; 3]; 0]);
        assert_eq!(subsets(4, 3), [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]]);
        // 7 over 3, 7 over 4
        assert_eq!((subsets(7, 3).len(), subsets(7, 4).len()), (35, 35));
    }
}
