//! Groups taken apart by projects against the same groups as a whole: random portfolios whose projects share ledgers, pools and counts. What
//! either way proves holds for the other, and the truth is in both intervals.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod enumerate;
    pub mod random;
}

use common::enumerate;
use common::random::{Size, case, joined, lending};
use grantfolio::eligibility::{Application, eligibility};
use grantfolio::formulate::formulate;
use grantfolio::measure::{Claim, Measure};
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;
use grantfolio::program::Program;
use grantfolio::settle::{Plan, Settler};
use grantfolio::solve::{Limits, decompose, tree};

/// Plans enumerated for one case at most.
const MOST_PLANS: f64 = 20_000.0;

/// What a way of solving found: the best plan and the bound.
struct Interval {
    plan: Money,
    bound: Option<Money>,
    closed: bool,
}

/// Remembers the best plan that points suggest.
fn settling<'a>(
    settler: &'a mut Settler<'_>,
    best: &'a mut Plan,
) -> impl FnMut(&[f64]) -> Option<Money> + 'a {
    move |point| {
        for threshold in [0.5, 1e-4] {
            if let Some(plan) = settler.settle(point, threshold)
                && plan.rank() > best.rank()
            {
                *best = plan;
            }
        }
        (best.unmet == 0).then_some(best.value)
    }
}

fn whole(applications: &[Application], program: &Program) -> Interval {
    let mut settler = Settler::new(applications, program);
    let mut best = Plan::empty(applications);
    let limits = Limits { nodes: Some(300), ..Limits::default() };
    let proof = tree::certify(program, None, &limits, &mut settling(&mut settler, &mut best));
    Interval { plan: best.value, bound: proof.bound, closed: proof.closed }
}

fn apart(applications: &[Application], program: &Program) -> Option<Interval> {
    let mut settler = Settler::new(applications, program);
    let mut best = Plan::empty(applications);
    let project = |column: usize| {
        let application = program.columns[column].key.application()?;
        applications.iter().position(|a| a.project == applications[application].project)
    };
    let mut settle = settling(&mut settler, &mut best);
    let proof = decompose::certify(program, &project, None, &Limits::default(), &mut settle)?.proof;
    drop(settle);
    Some(Interval { plan: best.value, bound: proof.bound, closed: proof.closed })
}

/// Compares both ways on every seed and returns how many were compared, and how many were closed by either.
fn compare(
    of: fn(u64, Size) -> (Portfolio, Vec<Measure>),
    seeds: std::ops::Range<u64>,
    size: Size,
) -> (usize, usize, usize) {
    let (mut compared, mut by_whole, mut by_apart) = (0, 0, 0);
    for seed in seeds {
        let (portfolio, measures) = of(seed, size);
        let Ok(found) = eligibility(&portfolio, &measures) else { continue };
        let applications = found.applications;
        if !portfolio.decisions.is_empty() || enumerate::plans(&applications) > MOST_PLANS {
            continue;
        }
        let program = formulate(&applications).program;
        let Some(apart) = apart(&applications, &program) else { continue };
        let whole = whole(&applications, &program);
        let truth = enumerate::best(&applications);
        compared += 1;
        by_whole += usize::from(whole.closed);
        by_apart += usize::from(apart.closed);
        for (name, interval) in [("whole", &whole), ("apart", &apart)] {
            assert!(
                interval.plan <= truth,
                "seed {seed}: {name} found {}, {truth} is the most",
                interval.plan
            );
            let bound = interval.bound.unwrap_or(Money::LARGEST);
            assert!(bound >= truth, "seed {seed}: {name} bounds by {bound}, {truth} is possible");
        }
        if whole.closed && apart.closed {
            assert_eq!(whole.plan, apart.plan, "seed {seed}");
        }
    }
    println!("{compared} compared, {by_whole} closed as a whole, {by_apart} taken apart");
    (compared, by_whole, by_apart)
}

const WHOLE: Size = Size { expenses: 6, measures: 2, claim: Claim::Whole, largest: 10_000_000, projects: 3 };

#[test]
fn pools_and_counts() {
    let (compared, _, closed) = compare(case, 70_000..70_060, WHOLE);
    assert!(compared >= 25 && closed * 2 >= compared, "{closed} of {compared}");
}

#[test]
fn ledgers_and_joint_ceilings() {
    let (compared, _, _) = compare(joined, 71_000..71_050, WHOLE);
    assert!(compared >= 10, "{compared}");
}

#[test]
fn loans() {
    let (compared, _, closed) = compare(lending, 72_000..72_050, WHOLE);
    assert!(compared >= 20 && closed * 2 >= compared, "{closed} of {compared}");
}
