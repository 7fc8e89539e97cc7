//! The state of an expense against its dates (S5): what does not go together is worth a question to the client.

use chrono::NaiveDate;

use super::super::codes;
use super::super::records::Record;
use crate::diagnostics::{Diagnostic, Report};
use crate::portfolio::State;

/// Each state beyond the quote with the date that belongs to it.
const STEPS: [(State, &str); 3] =
    [(State::Ordered, "order_date"), (State::Invoiced, "invoice_date"), (State::Paid, "payment_date")];

/// The state given; a quote where there is none.
pub(super) fn state(record: &Record) -> State {
    known_state(record).unwrap_or_default()
}

/// The same; nothing where a state is given that cannot be read.
fn known_state(record: &Record) -> Option<State> {
    if record.is_blank("state") { Some(State::default()) } else { record.choice("state", &State::NAMES) }
}

/// Without a day of planning, nothing is past or to come. Warns of a state whose date is missing or yet to come, and of a date that is past while the state stands before it.
pub(super) fn check(record: &Record, as_of: Option<NaiveDate>, report: &mut Report) {
    let Some(state) = known_state(record) else { return };
    let mut warn = |column: &str, message: String, help: &str| {
        let warning = Diagnostic::warning(codes::STATE_AND_DATES, record.place(column), message);
        report.push(warning.help(help));
    };
    for (step, column) in STEPS {
        match record.date(column) {
            None if state == step && record.is_blank(column) => warn(
                "state",
                format!("the expense is {} and has no {column}", state.name()),
                "give the date: until then terms on it are assumed to be kept",
            ),
            Some(day) if state >= step && as_of.is_some_and(|today| day > today) => warn(
                column,
                format!(
                    "the expense is {}, but its {column} '{day}' is after the day of planning",
                    state.name()
                ),
                "correct the date or the state, or plan from a later day",
            ),
            _ => {}
        }
    }
    // One warning for the furthest step: those before it follow from it.
    let passed = |column| record.date(column).zip(as_of).is_some_and(|(day, today)| day <= today);
    let furthest = STEPS.iter().rev().find(|(_, column)| passed(column));
    if let Some((step, column)) = furthest
        && *step > state
    {
        warn(
            column,
            format!("the {column} is past, but the state of the expense is '{}'", state.name()),
            &format!("set the state to '{}' if it has come so far", step.name()),
        );
    }
}
