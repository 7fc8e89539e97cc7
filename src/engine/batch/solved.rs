//! What is kept of a block that has been planned: enough for every figure of a batch, not its reasons.

use super::standing::Claims;
use crate::allocation::{Evidence, Totals};
use crate::eligibility::Application;
use crate::engine::Answer;
use crate::ids::{ExpenseId, ItemId, MeasureId, ProjectId};
use crate::money::Money;
use crate::portfolio::Portfolio;

/// The plan of a block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Solved {
    /// The objective.
    pub(super) value: Money,
    /// What is known about it.
    pub(super) evidence: Evidence,
    /// Sums.
    pub(super) totals: Totals,
    /// The applications, by (project, measure).
    pub(super) applications: Vec<Made>,
    /// Expenses where they go, by (expense, measure, item).
    pub(super) placed: Vec<Placed>,
    /// What it claims.
    pub(super) claims: Claims,
    /// What the base plan is worth here.
    pub(super) base_worth: Money,
    /// Whether a time limit struck.
    pub(super) cut: bool,
}

/// An application of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The project.
    pub project: ProjectId,
    /// The measure.
    pub measure: MeasureId,
    /// What is chosen, `name=option`, separated by `|`.
    pub choices: String,
    /// The grant.
    pub grant: Money,
}

/// An expense in an application of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The expense.
    pub expense: ExpenseId,
    /// Its project.
    pub project: ProjectId,
    /// The measure.
    pub measure: MeasureId,
    /// The cost item.
    pub item: ItemId,
    /// What is claimed.
    pub claimed: Money,
    /// What is admitted.
    pub admitted: Money,
    /// Its part of the grant.
    pub aid: Money,
}

impl Solved {
    /// What is kept of an answer; `base` is what the base plan claims.
    pub(super) fn of(
        portfolio: &Portfolio,
        applications: &[Application],
        answer: Answer,
        base: &Claims,
    ) -> Solved {
        let Answer { plan, document, evidence, cut, .. } = answer;
        let made = document.applications.into_iter().map(|application| Made {
            choices: choices(application.choices.into_iter()),
            project: application.project,
            measure: application.measure,
            grant: application.grant,
        });
        let placed = document.expenses.into_iter().flat_map(|outcome| {
            let project = portfolio.expense(&outcome.expense).map(|expense| expense.project.clone());
            let expense = outcome.expense;
            let assignments = outcome.assignments.into_iter();
            assignments.filter_map(move |assignment| {
                Some(Placed {
                    expense: expense.clone(),
                    // An expense of the document is one of the portfolio: it has been verified.
                    project: project.clone()?,
                    measure: assignment.measure,
                    item: assignment.cost_item,
                    claimed: assignment.claimed,
                    admitted: assignment.admitted,
                    aid: assignment.aid,
                })
            })
        });
        Solved {
            value: document.objective,
            evidence,
            totals: document.totals,
            applications: made.collect(),
            placed: placed.collect(),
            base_worth: base.worth_beside(applications, &plan),
            claims: Claims::of(applications, &plan),
            cut,
        }
    }

    /// Roughly how many bytes it takes, for the cache.
    pub(super) fn weight(&self) -> u64 {
        1024 + 512 * (self.applications.len() + self.placed.len()) as u64
    }
}

/// Choices as tables write them: `name=option`, separated by `|`.
pub(super) fn choices(picks: impl Iterator<Item = (String, String)>) -> String {
    picks.map(|(name, option)| format!("{name}={option}")).collect::<Vec<_>>().join("|")
}
