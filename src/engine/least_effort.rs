//! The second stage: a plan of the same value with the fewest applications, then the fewest claims.

use rust_decimal::Decimal;

use super::group::{CLEARLY, LARGE, MOST_WORK, affordable};
use super::reduced::Reduced;
use crate::eligibility::Application;
use crate::formulate::{Counted, Model, tie_break};
use crate::money::Money;
use crate::settle::{Plan, Settler};
use crate::solve::decompose::MANY_ROWS;
use crate::solve::{Limits, Steps, tree};

/// Nodes for the plan of least effort. Proving one is the hardest part of all where many expenses are alike, and worth no money: a
/// backend left to itself may take hours for it after the plan itself was proven in a moment.
const TIE_NODES: usize = 40;

/// The same for a large model.
const LARGE_TIE_NODES: usize = 10;

/// Lines of splittable expenses up to which claims count as effort. What flows where is that of a vertex, which has few parts; a decision for each of many lines made the second stage by far the
/// longest of all.
const MOST_PARTS: usize = 40;

/// Whether parts of many lines may go to several applications.
pub(super) fn has_many_parts(applications: &[Application]) -> bool {
    let lines = applications.iter().flat_map(|application| &application.lines);
    lines.filter(|line| line.divisible.is_some()).count() > MOST_PARTS
}

/// A plan of the same value with the fewest applications, then the fewest claimed expenses, as far as the second stage finds it in
/// [`TIE_NODES`] (design guarantee 4); the plan at hand where it finds none. `ranges` is what columns of the model can be in plans of this value,
/// `limits` what is left of the time.
pub(super) fn least_effort(
    applications: &[Application],
    model: &Model,
    ranges: &[(usize, [Decimal; 2])],
    plan: Plan,
    steps: Steps,
    limits: &Limits,
) -> Plan {
    if plan.unmet > 0 || limits.are_used_up() {
        return plan;
    }
    if plan.value.is_zero() {
        return Plan::empty(applications);
    }
    let counted = if has_many_parts(applications) { Counted::Applications } else { Counted::Claims };
    let lines: usize = applications.iter().map(|application| application.lines.len()).sum();
    let effort = |plan: &Plan| {
        let (made, claims) = plan.effort();
        (lines + 1) * made + if counted == Counted::Claims { claims } else { 0 }
    };
    // What the second stage maximises, where one euro is one claim.
    let worth = |plan: &Plan| Money::from_cents(-100 * i64::try_from(effort(plan)).unwrap_or(i64::MAX / 100));
    // Plans are lighter by whole claims, or whole applications: a bound that is less than one above the plan at hand says that it is the lightest, as one that equals it would.
    let least = if counted == Counted::Claims { 1 } else { lines + 1 };
    let gap = Money::from_cents(100 * i64::try_from(least).unwrap_or(1) - 1);
    let mut program = tie_break(model, plan.value, counted);
    for (column, [lower, upper]) in ranges {
        let column = &mut program.columns[*column];
        (column.lower, column.upper) = (*lower, *upper);
    }
    let reduced = Reduced::new(&program, applications, steps);
    let program = reduced.program();
    if program.rows.len() > MANY_ROWS {
        return plan;
    }
    // Decisions that only this stage asks for do not make a model large.
    let columns = program.columns.len().min(model.program.columns.len());
    let nodes =
        if columns > LARGE { LARGE_TIE_NODES } else { affordable(columns, MOST_WORK / 20).min(TIE_NODES) };
    let limits = Limits { nodes: Some(nodes), gap, keep: false, leaves_cents: true, ..*limits };
    let mut lightest = plan;
    let mut settler = Settler::new(applications, &model.program);
    tree::certify(program, Some(worth(&lightest)), &limits, &mut |point| {
        if let Some(lighter) = settler.settle(&reduced.back(point), CLEARLY)
            && lighter.rank() >= lightest.rank()
            && effort(&lighter) < effort(&lightest)
        {
            lightest = lighter;
        }
        Some(worth(&lightest))
    });
    lightest
}
