//! The tables of a batch. What is written, what is read back and what the documentation is tested against are the tables of columns below.
//!
//! Amounts are plain decimals with two digits and a point, lists are separated by `|`.

use std::time::Duration;

use crate::engine::batch::{Amounts, Change, Failed, Outcome};
use crate::ids::MeasureId;
use crate::money::Money;

/// A column: its heading, what it holds, and how it is filled.
pub struct Column<R> {
    /// The heading.
    pub name: &'static str,
    /// What it holds, for the documentation.
    pub meaning: &'static str,
    /// What its cells are.
    pub holds: Holds,
    value: fn(&R) -> String,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// Euro with two digits; nothing where there is no amount.
    Amount,
    /// A whole number.
    Count,
}

const fn column<R>(name: &'static str, meaning: &'static str, value: fn(&R) -> String) -> Column<R> {
    Column { name, meaning, holds: Holds::Text, value }
}

const fn amount<R>(name: &'static str, meaning: &'static str, value: fn(&R) -> String) -> Column<R> {
    Column { name, meaning, holds: Holds::Amount, value }
}

const fn count<R>(name: &'static str, meaning: &'static str, value: fn(&R) -> String) -> Column<R> {
    Column { name, meaning, holds: Holds::Count, value }
}

/// A row of `results.csv`.
pub struct Result<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// What it comes to.
    pub outcome: &'a Outcome,
    /// The grant of the base.
    pub base: Money,
}

/// Columns of `results.csv`: one row a scenario that has a plan. After them stand two columns for each measure: [`of_measure`].
pub fn results<'a>() -> Vec<Column<Result<'a>>> {
    vec![
        column("scenario", "name of the scenario", |r| r.scenario.to_owned()),
        column("status", "`optimal` or `feasible`", |r| word(&r.outcome.status)),
        column("proof", "what that rests on: `certified`, `agreed`, `claimed`, `disputed`, `none`", |r| {
            word(&r.outcome.proof)
        }),
        amount("objective", "what the plan is worth to the objective", |r| r.outcome.objective.to_string()),
        amount("upper_bound", "no plan is worth more", |r| maybe(r.outcome.upper_bound)),
        amount("gap", "what could still be missing", |r| maybe(r.outcome.gap())),
        amount("grant", "all grants", |r| r.outcome.totals.grant.to_string()),
        amount("difference", "the grants less those of the base", |r| {
            (r.outcome.totals.grant - r.base).to_string()
        }),
        amount("loan", "what is lent", |r| r.outcome.totals.loan.to_string()),
        amount("esl", "the aid in guarantees", |r| r.outcome.totals.esl.to_string()),
        amount("admitted", "admitted cost, costs without invoice included", |r| {
            r.outcome.totals.admitted.to_string()
        }),
        amount("net", "the grants less what is withheld on payment", |r| r.outcome.totals.net.to_string()),
        count("applications", "applications made", |r| r.outcome.applications.to_string()),
        amount(
            "base_plan",
            "what the plan of the base is worth here: filed as planned there, decided on the facts as they are here",
            |r| r.outcome.base_plan.to_string(),
        ),
        amount("regret", "what it costs here to keep the plan of the base", |r| {
            (r.outcome.objective - r.outcome.base_plan).to_string()
        }),
        column("plan", "names the plan whatever its amounts; `base` where it is that of the base", |r| {
            r.outcome.plan.clone()
        }),
        count("changes", "rows of `changes.csv`", |r| r.outcome.changes.len().to_string()),
        column("cut", "`yes` if a time limit struck: another run may find more", |r| {
            if r.outcome.cut { "yes" } else { "no" }.to_owned()
        }),
    ]
}

/// The headings of the columns of a measure: its grants, and its applications.
pub fn of_measure(measure: &MeasureId) -> [String; 2] {
    [format!("grant:{measure}"), format!("applications:{measure}")]
}

/// Columns of `changes.csv`: one row an expense in an application, or an application, that is other than in the base; empty cells on the side where it is not.
pub fn changes<'a>() -> Vec<Column<Changed<'a>>> {
    vec![
        column("scenario", "name of the scenario", |r| r.scenario.to_owned()),
        column("project", "project id", |r| r.change.project.to_string()),
        column("measure", "measure id", |r| r.change.measure.to_string()),
        column("choices", "of a whole application what is chosen, `name=option`, separated by `|`", |r| {
            r.change.choices.clone().unwrap_or_default()
        }),
        column("expense", "expense id; empty for the application as a whole", |r| {
            r.change.expense.as_ref().map_or_else(String::new, |(expense, _)| expense.to_string())
        }),
        column("cost_item", "cost item of the measure", |r| {
            r.change.expense.as_ref().map_or_else(String::new, |(_, item)| item.to_string())
        }),
        amount("claimed_before", "amount claimed in the base", |r| {
            of_expense(r, r.change.before, |a| a.claimed)
        }),
        amount("claimed_after", "amount claimed in the scenario", |r| {
            of_expense(r, r.change.after, |a| a.claimed)
        }),
        amount("admitted_before", "amount admitted in the base", |r| {
            of_expense(r, r.change.before, |a| a.admitted)
        }),
        amount("admitted_after", "amount admitted in the scenario", |r| {
            of_expense(r, r.change.after, |a| a.admitted)
        }),
        amount("aid_before", "its part of the grant in the base; of an application the grant", |r| {
            maybe(r.change.before.map(|amounts| amounts.aid))
        }),
        amount("aid_after", "its part of the grant in the scenario; of an application the grant", |r| {
            maybe(r.change.after.map(|amounts| amounts.aid))
        }),
    ]
}

/// A row of `changes.csv`.
pub struct Changed<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// What is other.
    pub change: &'a Change,
}

/// Columns of `errors.csv`: one row a scenario without plan.
pub fn errors<'a>() -> Vec<Column<Broken<'a>>> {
    vec![
        column("scenario", "name of the scenario", |r| r.scenario.to_owned()),
        column(
            "kind",
            "`input`: the overrides make something that cannot be read; `contradiction`: no plan keeps the decisions in force; `internal`: an error inside the program",
            |r| r.failed.trouble.name().to_owned(),
        ),
        column("message", "what happened", |r| r.failed.message.clone()),
    ]
}

/// A row of `errors.csv`.
pub struct Broken<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// What happened.
    pub failed: &'a Failed,
}

/// Columns of `timings.csv`: one row a scenario.
pub fn timings<'a>() -> Vec<Column<Timed<'a>>> {
    vec![
        column("scenario", "name of the scenario", |r| r.scenario.to_owned()),
        column("milliseconds", "wall time, while others ran beside it", |r| {
            format!("{}.{:03}", r.took.as_millis(), r.took.as_micros() % 1000)
        }),
    ]
}

/// A row of `timings.csv`.
pub struct Timed<'a> {
    /// The scenario.
    pub scenario: &'a str,
    /// How long it took.
    pub took: Duration,
}

fn word(word: &impl serde::Serialize) -> String {
    // Statuses and proofs are plain words in JSON, too.
    serde_json::to_value(word).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn maybe(amount: Option<Money>) -> String {
    amount.map_or_else(String::new, |amount| amount.to_string())
}

fn of_expense(row: &Changed<'_>, amounts: Option<Amounts>, part: fn(Amounts) -> Money) -> String {
    maybe(amounts.filter(|_| row.change.expense.is_some()).map(part))
}

/// The headings of a table.
pub(super) fn headings<R>(columns: &[Column<R>]) -> Vec<String> {
    columns.iter().map(|column| column.name.to_owned()).collect()
}

/// The cells of a row.
pub(super) fn cells<R>(columns: &[Column<R>], row: &R) -> Vec<String> {
    columns.iter().map(|column| (column.value)(row)).collect()
}
