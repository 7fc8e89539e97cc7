//! The result as tables for spreadsheets: `applications.csv`, `allocation.csv`, `reasons.csv`.
//!
//! Amounts are plain decimals with two digits and a point, dates are ISO, lists are separated by `|`. The tables below are what is
//! written and what the documentation is tested against.

use super::ReportModel;
use crate::allocation::{Application, Assignment, Reason};
use crate::ids::ExpenseId;

/// A column: its heading, what it holds, and how it is filled.
pub struct Column<R> {
    /// The heading.
    pub name: &'static str,
    /// What it holds, for the documentation.
    pub meaning: &'static str,
    value: fn(&ReportModel<'_>, &R) -> String,
}

pub(super) const fn column<R>(
    name: &'static str,
    meaning: &'static str,
    value: fn(&ReportModel<'_>, &R) -> String,
) -> Column<R> {
    Column { name, meaning, value }
}

/// A row of `allocation.csv`.
pub struct Allocated {
    expense: ExpenseId,
    assignment: Option<Assignment>,
}

/// A row of `reasons.csv`.
pub struct Explained {
    expense: ExpenseId,
    reason: Reason,
}

/// Columns of `applications.csv`: one row an application of the plan.
pub const APPLICATIONS: &[Column<Application>] = &[
    column("project", "project id", |_, a| a.project.to_string()),
    column("company", "lead company id", |_, a| a.company.to_string()),
    column("measure", "measure id", |_, a| a.measure.to_string()),
    column("filed_on", "day the application is filed", |_, a| a.filed_on.to_string()),
    column("granted_on", "day the grant is expected", |_, a| a.granted_on.to_string()),
    column("hypothetical", "`yes` if the measure was opened as a hypothesis", |_, a| yes(a.hypothetical)),
    column("choices", "what is chosen, `name=option`, separated by `|`", |_, a| {
        a.choices.iter().map(|(name, option)| format!("{name}={option}")).collect::<Vec<_>>().join("|")
    }),
    column("admitted", "admitted cost, costs without invoice included", |_, a| a.admitted.to_string()),
    column("grant", "the grant", |_, a| a.grant.to_string()),
    column("loan", "what is lent", |_, a| a.loan.to_string()),
    column("esl", "the aid in guarantees", |_, a| a.esl.to_string()),
    column("net", "the grant less what is withheld on payment", |_, a| a.net.to_string()),
    column("limits_binding", "rules that bind, separated by `|`", |_, a| {
        a.limits_binding.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
    }),
];

/// Columns of `allocation.csv`: one row an expense and the place it goes to; empty cells where it goes nowhere.
pub const ALLOCATION: &[Column<Allocated>] = &[
    column("expense", "expense id", |_, row| row.expense.to_string()),
    column("description", "its description", |m, row| {
        m.expense(&row.expense).map_or_else(String::new, |expense| expense.description.clone())
    }),
    column("project", "project id", |m, row| {
        m.expense(&row.expense).map_or_else(String::new, |expense| expense.project.to_string())
    }),
    column("net_amount", "amount net of VAT", |m, row| {
        m.expense(&row.expense).map_or_else(String::new, |expense| expense.net_amount.to_string())
    }),
    column("measure", "measure id", |_, row| cell(row, |a| a.measure.to_string())),
    column("cost_item", "cost item of the measure", |_, row| cell(row, |a| a.cost_item.to_string())),
    column("claimed", "amount to claim", |_, row| cell(row, |a| a.claimed.to_string())),
    column("admitted", "amount admitted", |_, row| cell(row, |a| a.admitted.to_string())),
    column("aid", "its part of the grant", |_, row| cell(row, |a| a.aid.to_string())),
];

/// Columns of `reasons.csv`: one row an expense and a measure that does not fund it in full.
pub const REASONS: &[Column<Explained>] = &[
    column("expense", "expense id", |_, row| row.expense.to_string()),
    column("measure", "measure id", |_, row| row.reason.measure.to_string()),
    column("rule", "rule id", |_, row| row.reason.rule.to_string()),
    column("rule_name", "what the rule is called", |m, row| {
        m.rule_name(&row.reason.measure, &row.reason.rule)
    }),
    column("text", "the reason", |_, row| row.reason.text.clone()),
    column("reference", "words of the source the rule rests on", |m, row| {
        m.reference(&row.reason.measure, &row.reason.rule).unwrap_or_default().to_owned()
    }),
];

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}

fn cell(row: &Allocated, text: impl Fn(&Assignment) -> String) -> String {
    row.assignment.as_ref().map_or_else(String::new, text)
}

/// `applications.csv`.
pub fn applications(model: &ReportModel<'_>) -> Vec<u8> {
    written(model, APPLICATIONS, &model.document.applications)
}

/// `allocation.csv`.
pub fn allocation(model: &ReportModel<'_>) -> Vec<u8> {
    let mut rows = Vec::new();
    for outcome in &model.document.expenses {
        let expense = &outcome.expense;
        if outcome.assignments.is_empty() {
            rows.push(Allocated { expense: expense.clone(), assignment: None });
        }
        rows.extend(
            outcome.assignments.iter().map(|assignment| Allocated {
                expense: expense.clone(),
                assignment: Some(assignment.clone()),
            }),
        );
    }
    written(model, ALLOCATION, &rows)
}

/// `reasons.csv`.
pub fn reasons(model: &ReportModel<'_>) -> Vec<u8> {
    let mut rows = Vec::new();
    for outcome in &model.document.expenses {
        rows.extend(
            outcome
                .reasons
                .iter()
                .map(|reason| Explained { expense: outcome.expense.clone(), reason: reason.clone() }),
        );
    }
    written(model, REASONS, &rows)
}

/// `timings.csv`: wall time of each stage in milliseconds. It differs from run to run, which is why it is a file of its own.
pub fn timings(stages: &[(&'static str, std::time::Duration)]) -> Vec<u8> {
    let rows = stages.iter().map(|(stage, time)| format!("{stage},{}\n", time.as_millis()));
    std::iter::once("stage,milliseconds\n".to_owned()).chain(rows).collect::<String>().into_bytes()
}

/// Rows as a table.
pub(super) fn written<R>(model: &ReportModel<'_>, columns: &[Column<R>], rows: &[R]) -> Vec<u8> {
    let headings = columns.iter().map(|column| column.name);
    let cells = |row| columns.iter().map(move |column| (column.value)(model, row));
    text(headings, rows.iter().map(cells))
}

/// Headings and rows as CSV; every row has a cell for each heading.
pub(super) fn text<H, R>(headings: H, rows: impl Iterator<Item = R>) -> Vec<u8>
where
    H: IntoIterator<Item: AsRef<[u8]>>,
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // Writing to memory fails only for rows of unequal length; the caller gives one cell a heading.
    writer.write_record(headings).expect("rows of equal length");
    for cells in rows {
        writer.write_record(cells).expect("rows of equal length");
    }
    writer.into_inner().expect("flushing to memory")
}
