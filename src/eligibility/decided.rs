//! What the decisions in force say about an application, before anything is planned.

use chrono::NaiveDate;

use crate::ids::ItemId;
use crate::measure::{Facts, Measure};
use crate::portfolio::{Decision, Expense, Portfolio, Project, Verb};

fn about(facts: Facts<'_>) -> impl Iterator<Item = &Decision> {
    let (project, measure) = (&facts.project.id, &facts.measure.id);
    facts.portfolio.decisions.iter().filter(move |d| d.project == *project && d.measure == *measure)
}

/// Whether a decision is about the application as a whole.
fn is_whole(decision: &Decision) -> bool {
    decision.expense.is_none() && decision.cost_item.is_none() && decision.choice.is_none()
}

/// The decision that forbids the application.
pub(super) fn against_application(facts: Facts<'_>) -> Option<&Decision> {
    about(facts).find(|decision| decision.what == Verb::Forbid && is_whole(decision))
}

/// Whether a decision wants the application.
pub(super) fn wants_application(facts: Facts<'_>) -> bool {
    about(facts).any(|decision| match decision.what {
        Verb::Force => is_whole(decision),
        Verb::Filed => decision.expense.is_none(),
        Verb::Forbid => false,
    })
}

/// The day an application was filed.
pub(super) fn filed_on(portfolio: &Portfolio, project: &Project, measure: &Measure) -> Option<NaiveDate> {
    let of = portfolio.decisions.iter().filter(|d| d.project == project.id && d.measure == measure.id);
    of.filter(|decision| decision.what == Verb::Filed).find_map(|decision| decision.filed_on)
}

/// The decision that forbids an expense altogether (`item` none), or under one item.
pub(super) fn against<'a>(
    facts: Facts<'a>,
    expense: &Expense,
    item: Option<&ItemId>,
) -> Option<&'a Decision> {
    about(facts).find(|decision| {
        let of_expense = decision.expense.as_ref().is_none_or(|of| *of == expense.id);
        // About no expense and no item it is about the application.
        let about_lines = decision.expense.is_some() || decision.cost_item.is_some();
        decision.what == Verb::Forbid && about_lines && of_expense && decision.cost_item.as_ref() == item
    })
}

/// Whether a decision wants an expense under an item.
pub(super) fn wants(facts: Facts<'_>, expense: &Expense, item: &ItemId) -> bool {
    about(facts).any(|decision| {
        decision.what != Verb::Forbid
            && decision.expense.as_ref() == Some(&expense.id)
            && decision.cost_item.as_ref().is_none_or(|wanted| wanted == item)
    })
}
