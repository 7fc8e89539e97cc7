//! Floor 4: which expense may enter which measure, and why not (S1 to S5).
//!
//! [`eligibility`] confronts every project with every measure. Where the measure is open and its requirements hold it
//! compiles an [`Application`]: the measure's rules with every fact filled in, as numbers over the admissible lines. `assess` and
//! `formulate` read only applications. Whatever may not enter is a [`Refusal`] with its [`Reason`].

mod application;
mod base;
mod cumulation;
mod decided;
mod draws;
mod known;
mod lines;
mod parts;
mod question;
mod requirement;
mod rules;
mod variants;

pub use application::{
    Account, AidLimit, Application, Companion, CompanyCount, Component, CostLimit, Count, Counted, Derived,
    Draw, Line, Loan, LoanAmount, Other, Payout, Term, Warning,
};
pub use cumulation::{forbidding, lets_meet};
pub use parts::{Claimed, are_parts, may_stand, shareable};
pub use question::{Question, questions};

use std::collections::{BTreeMap, BTreeSet};

use self::variants::NoVariant;
use crate::allocation::Reason;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{ExpenseId, MeasureId};
use crate::load::codes;
use crate::measure::{Calendar, Facts, Measure, Variant};
use crate::portfolio::{Expense, Portfolio, Project};

/// What may enter where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Eligibility {
    /// Possible applications with at least one line, by (project, measure).
    pub applications: Vec<Application>,
    /// Every expense and measure that do not meet, by (expense, measure).
    pub refusals: Vec<Refusal>,
}

/// Why an expense may not enter a measure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    eligibility_again(portfolio, measures, &Eligibility::default(), &|_| true)
}

/// The same for measures of which only some have changed since `known` was found for this very portfolio: the others are not asked again.
///
/// **Nothing is other than asked anew.** A project is confronted with a measure on the terms of the two alone (the facts of the portfolio, the settings, the
/// rules of this measure): what that gives, and the order in which it stands, hangs on no other measure. What crosses measures is tied afterwards,
/// of all applications: which may meet, which exclude each other, what they draw on together. So the ties of known applications are undone and made again.
///
/// # Errors
/// As [`eligibility`], of the measures that have changed.
pub fn eligibility_again(
    portfolio: &Portfolio,
    measures: &[Measure],
    known: &Eligibility,
    changed: &dyn Fn(&MeasureId) -> bool,
) -> Result<Eligibility, Report> {
    let mut found = Eligibility::default();
    let mut report = Report::new();
    let mut expenses = portfolio.expenses_by_project();
    let mut variants = known.applications.chunk_by(|a, b| a.project == b.project && a.measure == b.measure);
    let mut next = variants.next();
    for project in &portfolio.projects {
        let expenses = expenses.remove(&project.id).unwrap_or_default();
        for measure in measures {
            let is_next = |of: &&[Application]| of[0].project == project.id && of[0].measure == measure.id;
            let as_known = next.filter(is_next);
            if as_known.is_some() {
                next = variants.next();
            }
            if changed(&measure.id) {
                confront(portfolio, (project, &expenses), measure, &mut found, &mut report);
            } else {
                found.applications.extend(as_known.into_iter().flatten().map(cumulation::untied));
            }
        }
    }
    found.refusals.extend(known.refusals.iter().filter(|it| !changed(&it.reason.measure)).cloned());
    cumulation::tie(portfolio, measures, &mut found.applications);
    found.refusals.sort();
    report.finish(found).map(|(found, _)| found)
}

fn confront(
    portfolio: &Portfolio,
    (project, expenses): (&Project, &[&Expense]),
    measure: &Measure,
    found: &mut Eligibility,
    report: &mut Report,
) {
    if portfolio.settings.measures.get(&measure.id).is_some_and(|settings| settings.excluded) {
        return;
    }
    let calendar = calendar(portfolio, project, measure);
    // The loader has checked that every project's company exists.
    let Some(facts) = Facts::of_application(portfolio, project, measure, Variant::PLAIN, &calendar) else {
        return;
    };
    let refuse_all = |found: &mut Eligibility, reason: &Reason| {
        let refusal = |e: &&Expense| Refusal { expense: e.id.clone(), reason: reason.clone() };
        found.refusals.extend(expenses.iter().map(refusal));
    };
    if calendar.filed_on.is_none() {
        return refuse_all(found, &Reason::not_open(&measure.id));
    }
    let variants = match variants::variants(measure, &facts, expenses) {
        Ok(variants) => variants,
        Err(NoVariant::Closed(rule)) => {
            return refuse_all(found, &Reason::no_option(&measure.id, rule));
        }
        Err(NoVariant::TooMany(count)) => {
            report.push(too_many_variants(project, measure, count));
            return;
        }
    };
    if let Some(decision) = decided::against_application(facts) {
        return refuse_all(found, &Reason::forbidden(&measure.id, decision));
    }
    let mut refusals: Vec<Vec<(ExpenseId, Reason)>> = Vec::new();
    let first = found.applications.len();
    for variant in &variants {
        let mut refused: Vec<(ExpenseId, Reason)> = Vec::new();
        match of_variant(measure, Facts { variant, ..facts }, expenses, &mut refused) {
            Ok(Some(application)) => {
                refused.sort();
                found.applications.push(Application { refused: refused.clone(), ..application });
            }
            Ok(None) => {}
            Err(overlap) => report.extend(overlap),
        }
        refusals.push(refused);
    }
    // Where no variant takes an expense, the first says why.
    let made = found.applications[first..].iter();
    let entered: BTreeSet<&ExpenseId> = made.flat_map(|a| a.lines.iter().map(|line| &line.expense)).collect();
    let mut reasons: BTreeMap<&ExpenseId, &Reason> = BTreeMap::new();
    for (expense, reason) in refusals.iter().flatten() {
        reasons.entry(expense).or_insert(reason);
    }
    let refused = expenses.iter().map(|expense| &expense.id).filter(|expense| !entered.contains(expense));
    let refusal = |expense: &ExpenseId| {
        let reason = reasons.get(expense)?;
        Some(Refusal { expense: expense.clone(), reason: (*reason).clone() })
    };
    found.refusals.extend(refused.filter_map(refusal));
}

/// The lines of each expense, as (application, line), in the order of the expenses' ids.
pub fn lines_by_expense(applications: &[Application]) -> Vec<Vec<(usize, usize)>> {
    let mut lines: Vec<(&ExpenseId, usize, usize)> = Vec::new();
    for (a, application) in applications.iter().enumerate() {
        lines.extend(application.lines.iter().enumerate().map(|(l, line)| (&line.expense, a, l)));
    }
    lines.sort_unstable();
    let of_expense = |own: &[(&ExpenseId, usize, usize)]| own.iter().map(|&(_, a, l)| (a, l)).collect();
    lines.chunk_by(|one, other| one.0 == other.0).map(of_expense).collect()
}

/// The dates of a project's application to a measure: filed when it was, where a decision in force says so.
fn calendar(portfolio: &Portfolio, project: &Project, measure: &Measure) -> Calendar {
    let mut settings = portfolio.settings.measures.get(&measure.id).cloned().unwrap_or_default();
    settings.filed_on = decided::filed_on(portfolio, project, measure).or(settings.filed_on);
    Calendar::new(&measure.window, &portfolio.settings, &settings)
}

/// The application of one variant, if any line may enter; every expense that may not stands in `refused`.
fn of_variant<'a>(
    measure: &'a Measure,
    facts: Facts<'a>,
    expenses: &[&'a Expense],
    refused: &mut Vec<(ExpenseId, Reason)>,
) -> Result<Option<Application>, Report> {
    match requirement::application(measure, facts, expenses) {
        Err(reason) => {
            refused.extend(expenses.iter().map(|expense| (expense.id.clone(), reason.clone())));
            Ok(None)
        }
        Ok(assumptions) => {
            let mut refuse = |expense: &ExpenseId, reason| refused.push((expense.clone(), reason));
            let application = lines::application(measure, facts, expenses, assumptions, &mut refuse)?;
            let forced = decided::wants_application(facts);
            Ok(application.map(|application| Application { forced, ..application }))
        }
    }
}

fn too_many_variants(project: &Project, measure: &Measure, count: usize) -> Diagnostic {
    let message = format!(
        "project '{}' has {count} ways to choose in measure '{}', more than {}",
        project.id,
        measure.id,
        variants::MOST
    );
    let place = Place::file(format!("measures/{}.toml", measure.id));
    codes::completed(
        Diagnostic::error(codes::together::TOO_MANY_CHOICES, place, message).found(count.to_string()),
    )
}
