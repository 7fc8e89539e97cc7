//! The state of an expense against its dates (S5): what does not go together is worth a question to the client.

use chrono::NaiveDate;

use super::super::codes;
use super::super::fields::EXPENSES;
use super::super::records::Record;
use super::{INVOICE_DATE, ORDER_DATE, PAYMENT_DATE, STATE};
use crate::diagnostics::{Diagnostic, Report};
use crate::portfolio::State;

/// Each state beyond the quote with the date that belongs to it.
const STEPS: [(State, usize); 3] =
    [(State::Ordered, ORDER_DATE), (State::Invoiced, INVOICE_DATE), (State::Paid, PAYMENT_DATE)];

/// The state given; a quote where there is none.
pub(super) fn state(record: &Record) -> State {
    known_state(record).unwrap_or_default()
}

/// The same; nothing where a state is given that cannot be read.
fn known_state(record: &Record) -> Option<State> {
    if record.is_blank(STATE) { Some(State::default()) } else { record.choice(STATE, &State::NAMES) }
}

/// Without a day of planning, nothing is past or to come. Warns of a state whose date is missing or yet to come, and of a date that is past while the state stands before it.
pub(super) fn check(record: &Record, as_of: Option<NaiveDate>, report: &mut Report) {
    let Some(state) = known_state(record) else { return };
    let mut warn = |column: usize, message: String, help: &str| {
        let found = record.date(column).map_or_else(|| state.name().to_owned(), |day| day.to_string());
        let warning = Diagnostic::warning(codes::STATE_AND_DATES, record.place(column), message);
        report.push(warning.found(found).help(help));
    };
    let name = |column: usize| EXPENSES.fields[column].name;
    for (step, column) in STEPS {
        match record.date(column) {
            None if state == step && record.is_blank(column) => warn(
                STATE,
                format!("the expense is {} and has no {}", state.name(), name(column)),
                "give the date: until then terms on it are assumed to be kept",
            ),
            Some(day) if state >= step && as_of.is_some_and(|today| day > today) => warn(
                column,
                format!(
                    "the expense is {}, but its {} '{day}' is after the day of planning",
                    state.name(),
                    name(column)
                ),
                "correct the date or the state, or plan from a later day",
            ),
            _ => {}
        }
    }
    // One warning for the furthest step: those before it follow from it.
    let passed = |column: usize| record.date(column).zip(as_of).is_some_and(|(day, today)| day <= today);
    let furthest = STEPS.iter().rev().find(|(_, column)| passed(*column));
    if let Some((step, column)) = furthest
        && *step > state
    {
        warn(
            *column,
            format!("the {} is past, but the state of the expense is '{}'", name(*column), state.name()),
            &format!("set the state to '{}' if it has come so far", step.name()),
        );
    }
}
