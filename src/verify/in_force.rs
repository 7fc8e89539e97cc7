//! Decisions in force: what they shut out, and that the plan keeps those that want something.

use chrono::NaiveDate;

use super::findings::Findings;
use super::made::Made;
use super::plan::Plan;
use crate::ids::{ItemId, MeasureId, ProjectId};
use crate::measure::{Facts, Pick};
use crate::portfolio::{Decision, Expense, Portfolio, Verb};

fn about<'p>(
    portfolio: &'p Portfolio,
    project: &ProjectId,
    measure: &MeasureId,
) -> impl Iterator<Item = &'p Decision> {
    portfolio.decisions.iter().filter(move |d| d.project == *project && d.measure == *measure)
}

/// The day an application was filed, where that is decided.
pub(super) fn filed_on(portfolio: &Portfolio, project: &ProjectId, measure: &MeasureId) -> Option<NaiveDate> {
    about(portfolio, project, measure).filter(|d| d.what == Verb::Filed).find_map(|d| d.filed_on)
}

/// Whether a decision about a choice is about this pick, whatever the option: `regime` means it for every group and lot.
fn speaks_of(pick: &Pick, choice: &str) -> bool {
    choice == pick.choice || choice == pick.key()
}

/// Whether an option stays open: it is not forbidden, and no other is decided in its place.
pub(super) fn leaves(facts: &Facts<'_>, pick: &Pick) -> bool {
    let of_choice = |d: &Decision| {
        let (choice, option) = d.choice.as_ref()?;
        (d.expense.is_none() && speaks_of(pick, choice)).then_some((d.what, *option == pick.option))
    };
    let decided = about(facts.portfolio, &facts.project.id, &facts.measure.id).filter_map(of_choice);
    decided.into_iter().all(|(verb, same)| same != (verb == Verb::Forbid))
}

/// The decision that forbids the whole application.
pub(super) fn against_application<'p>(facts: &Facts<'p>) -> Option<&'p Decision> {
    forbids(facts).find(|d| d.expense.is_none() && d.cost_item.is_none())
}

/// The decision that forbids an expense, whatever the item.
pub(super) fn against_expense<'p>(facts: &Facts<'p>, expense: &Expense) -> Option<&'p Decision> {
    forbids(facts).find(|d| d.expense.as_ref() == Some(&expense.id) && d.cost_item.is_none())
}

/// The decision that forbids an expense under an item.
pub(super) fn against_line<'p>(facts: &Facts<'p>, expense: &Expense, item: &ItemId) -> Option<&'p Decision> {
    forbids(facts)
        .find(|d| d.cost_item.as_ref() == Some(item) && d.expense.as_ref().is_none_or(|id| *id == expense.id))
}

fn forbids<'p>(facts: &Facts<'p>) -> impl Iterator<Item = &'p Decision> {
    about(facts.portfolio, &facts.project.id, &facts.measure.id)
        .filter(|d| d.what == Verb::Forbid && d.choice.is_none())
}

/// Every decision that wants something is kept. (That each application of the plan has a grant is tested with its figures.)
pub(super) fn check(portfolio: &Portfolio, plan: &Plan<'_>, findings: &mut Findings) {
    for decision in portfolio.decisions.iter().filter(|d| d.what != Verb::Forbid) {
        let made = plan.find(&decision.project, &decision.measure).map(|at| &plan.made[at]);
        if !made.is_some_and(|made| keeps(made, decision)) {
            findings.note("decision", "applications", "a plan without it", decision.to_string());
        }
    }
}

fn keeps(made: &Made<'_>, decision: &Decision) -> bool {
    let case = made.application.case;
    let line = made.application.lines.iter().any(|line| {
        decision.expense.as_ref().is_none_or(|id| *id == line.expense.id)
            && decision.cost_item.as_ref().is_none_or(|id| *id == case.measure.items[line.item].id)
    });
    let option = decision.choice.as_ref().is_none_or(|(choice, option)| {
        let picks = case.facts.variant.picks.iter();
        picks.filter(|pick| speaks_of(pick, choice)).all(|pick| pick.option == *option)
    });
    line && option
}
