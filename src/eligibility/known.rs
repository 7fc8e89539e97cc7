//! Numbers of rules that have to be known.

use rust_decimal::Decimal;

use crate::allocation::Reason;
use crate::ids::MeasureId;
use crate::measure::{Outcome, Rule};

/// The value of a rule's number.
///
/// # Errors
/// The reason where it has none: facts are missing, no row fits, or it is out of bounds.
pub(super) fn known(measure: &MeasureId, rule: &Rule, outcome: Outcome) -> Result<Decimal, Reason> {
    match outcome {
        Outcome::Value(value) => Ok(value),
        Outcome::Unknown(missing) => Err(Reason::no_rate(measure, rule, &missing)),
        Outcome::NoRow(_) | Outcome::OutOfBounds => Err(Reason::no_rate(measure, rule, &[])),
    }
}
