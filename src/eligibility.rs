//! Floor 4: which expense may enter which measure, and why not (S1 to S5).
//!
//! [`eligibility`] confronts every project with every measure. Where the measure is open and its requirements hold it
//! compiles an [`Application`]: the measure's rules with every fact filled in, as numbers over the admissible lines. `assess` and
//! `formulate` read only applications. Whatever may not enter is a [`Refusal`] with its [`Reason`].

mod application;
mod base;
mod lines;
mod question;
mod requirement;
mod rules;

pub use application::{
    AidLimit, Application, Companion, CompanyCount, Component, CostLimit, Count, Derived, Line, Loan,
    LoanAmount, Payout, PoolShare, Term,
};
pub use question::{Question, questions};

use std::collections::BTreeMap;

use crate::allocation::Reason;
use crate::diagnostics::Report;
use crate::ids::{ExpenseId, ProjectId};
use crate::measure::{Calendar, Facts, Measure, Variant};
use crate::portfolio::{Company, Expense, Portfolio, Project};

/// What may enter where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Eligibility {
    /// Possible applications with at least one line, by (project, measure).
    pub applications: Vec<Application>,
    /// Every expense and measure that do not meet, by (expense, measure).
    pub refusals: Vec<Refusal>,
}

/// Why an expense may not enter a measure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The expense.
    pub expense: ExpenseId,
    /// The measure and the rule.
    pub reason: Reason,
}

/// Confronts every project with every measure that the settings do not exclude.
///
/// `measures` are in the order of their ids, which is the order of everything that follows.
///
/// # Errors
/// A measure whose cost items overlap on an expense without letting the applicant choose (S2).
pub fn eligibility(portfolio: &Portfolio, measures: &[Measure]) -> Result<Eligibility, Report> {
    let mut found = Eligibility::default();
    let mut report = Report::new();
    let mut expenses: BTreeMap<&ProjectId, Vec<&Expense>> = BTreeMap::new();
    for expense in &portfolio.expenses {
        expenses.entry(&expense.project).or_default().push(expense);
    }
    for project in &portfolio.projects {
        let expenses = expenses.remove(&project.id).unwrap_or_default();
        // The loader has checked that every project's company exists.
        let Some(company) = portfolio.company(&project.company) else { continue };
        for measure in measures {
            confront(portfolio, (company, project, &expenses), measure, &mut found, &mut report);
        }
    }
    found.refusals.sort();
    report.finish(found).map(|(found, _)| found)
}

fn confront(
    portfolio: &Portfolio,
    (company, project, expenses): (&Company, &Project, &[&Expense]),
    measure: &Measure,
    found: &mut Eligibility,
    report: &mut Report,
) {
    let settings = portfolio.settings.measures.get(&measure.id).cloned().unwrap_or_default();
    if settings.excluded {
        return;
    }
    let calendar = Calendar::new(&measure.window, &portfolio.settings, &settings);
    let facts = Facts {
        portfolio,
        company,
        project,
        expense: None,
        item: None,
        member: None,
        measure,
        variant: Variant::PLAIN,
        calendar: &calendar,
    };
    let mut refuse = |expense: &ExpenseId, reason: Reason| {
        found.refusals.push(Refusal { expense: expense.clone(), reason });
    };
    match requirement::application(measure, facts, expenses) {
        Err(reason) => {
            for expense in expenses {
                refuse(&expense.id, reason.clone());
            }
        }
        Ok(assumptions) => match lines::application(measure, facts, expenses, assumptions, &mut refuse) {
            Ok(Some(application)) => found.applications.push(application),
            Ok(None) => {}
            Err(overlap) => report.extend(overlap),
        },
    }
}
