//! One group of applications: the model, a plan, the proof, the last touch.

use std::time::Instant;

use crate::allocation::Evidence;
use crate::eligibility::Application;
use crate::formulate::{Model, formulate, tie_break};
use crate::money::Money;
use crate::program::Program;
use crate::search::{self, search};
use crate::settle::{Plan, Reader, polish, settle};
use crate::solve::{Backend, Limits, Outcome, tree};

/// How much a point must favour a line: clearly, or at all. The second makes plans of fractional points.
const THRESHOLDS: [f64; 2] = [0.5, 1e-4];

/// Nodes of the certifying tree before the exhaustive search has its turn: where the model only bounds the authority's arithmetic (a cut
/// pro rata, say), no number of nodes closes the gap, and a small group is searched sooner than a large tree grown.
const FIRST_NODES: usize = 300;

/// Nodes of the tree where the search declines; then the gap is published.
const MOST_NODES: usize = 20_000;

/// Nodes times columns that a tree may come to: a node of a large model costs as much as many of a small one.
const MOST_WORK: usize = 600_000;

/// Nodes that any tree may have.
const FEWEST_NODES: usize = 20;

/// A gap below a euro is a matter of cents cut here and there, which more nodes seldom close.
const CLOSE: Money = Money::from_cents(100);

/// Nodes for such a gap.
const CLOSE_NODES: usize = 1_500;

/// Nodes for the plan of least effort. Proving one is the hardest part of all where many expenses are alike, and worth no money: a
/// backend left to itself may take hours for it after the plan itself was proven in a moment.
const TIE_NODES: usize = 100;

/// A group's plan and what is known about it.
pub(super) struct Solved {
    /// The plan, for the applications of the group in their order.
    pub(super) plan: Plan,
    /// Bounds and claims about it.
    pub(super) evidence: Evidence,
    /// Whether the time limit struck.
    pub(super) cut: bool,
}

/// Plans a group: the backend proposes, the authority's arithmetic values, the tree certifies; what it leaves open an exhaustive
/// search settles if the group is small enough.
pub(super) fn solve(applications: &[Application], backend: &dyn Backend, limits: &Limits) -> Solved {
    let started = Instant::now();
    let model = formulate(applications);
    let reader = Reader::new(applications, &model.program);
    let mut best = Plan::empty(applications);
    let mut evidence = Evidence { solver_plan: Some(Money::ZERO), ..Evidence::default() };
    if let Outcome::Point { values, claims_optimal } = backend.solve(&model.program, limits) {
        improve(&mut best, &reader, &values);
        evidence.solver_plan = Some(best.value);
        evidence.solver_claims_optimal = claims_optimal;
    }
    let first = affordable(&model.program, FIRST_NODES, MOST_WORK / 10);
    let most = affordable(&model.program, MOST_NODES, MOST_WORK);
    let certify = |best: &mut Plan, nodes: usize| {
        let limits = Limits { nodes: Some(nodes), ..*limits };
        let known = |best: &Plan| (best.unmet == 0).then_some(best.value);
        tree::certify(&model.program, known(best), &limits, &mut |point| {
            improve(best, &reader, point);
            known(best)
        })
    };
    let mut proof = certify(&mut best, first);
    evidence.tree_plan = Some(best.value);
    if !proof.closed {
        let found = search(applications, best.clone(), search::Limits::default());
        let exhaustive = found.as_ref().is_some_and(|found| found.exhaustive);
        best = found.map_or(best, |found| found.plan);
        if exhaustive {
            evidence.searched_optimum = Some(best.value);
        } else {
            let gap = proof.bound.map_or(CLOSE, |bound| bound - best.value);
            proof = certify(&mut best, if gap < CLOSE { CLOSE_NODES.min(most) } else { most });
            evidence.tree_plan = Some(best.value);
        }
    }
    evidence.certified_bound = proof.bound;
    let plan = polish(applications, least_effort(applications, &reader, &model, best, limits));
    // A stage that was stopped has used the whole of it.
    let cut = limits.time.is_some_and(|most| started.elapsed() >= most);
    Solved { plan, evidence, cut }
}

/// As many nodes as a model of this size may take for so much work, and some in any case.
fn affordable(program: &Program, nodes: usize, work: usize) -> usize {
    nodes.min(work / program.columns.len().max(1)).max(FEWEST_NODES)
}

/// Keeps the better of the best plan and those a point suggests.
fn improve(best: &mut Plan, reader: &Reader<'_>, point: &[f64]) {
    for threshold in THRESHOLDS {
        if let Some(plan) = settle(reader, point, threshold)
            && plan.rank() > best.rank()
        {
            *best = plan;
        }
    }
}

/// A plan of the same value with the fewest applications, then the fewest claimed expenses, as far as the second stage finds it in
/// [`TIE_NODES`] (design guarantee 4); the plan at hand where it finds none.
fn least_effort(
    applications: &[Application],
    reader: &Reader<'_>,
    model: &Model,
    plan: Plan,
    limits: &Limits,
) -> Plan {
    if plan.value.is_zero() || plan.unmet > 0 {
        return if plan.unmet > 0 { plan } else { Plan::empty(applications) };
    }
    let lines: usize = applications.iter().map(|application| application.lines.len()).sum();
    // What the second stage maximises, where one euro is one claim.
    let worth = |plan: &Plan| {
        let (made, claims) = plan.effort();
        let effort = i64::try_from((lines + 1) * made + claims).unwrap_or(i64::MAX / 100);
        Money::from_cents(-100 * effort)
    };
    let limits = Limits { nodes: Some(affordable(&model.program, TIE_NODES, MOST_WORK / 20)), ..*limits };
    let mut lightest = plan;
    let program = tie_break(model, lightest.value);
    tree::certify(&program, Some(worth(&lightest)), &limits, &mut |point| {
        if let Some(lighter) = settle(reader, point, THRESHOLDS[0])
            && lighter.rank() >= lightest.rank()
            && lighter.effort() < lightest.effort()
        {
            lightest = lighter;
        }
        Some(worth(&lightest))
    });
    lightest
}
