//! One place: an expense is claimed in one application and under one item (S6).
//!
//! Sets: expenses `e`, lines `l` of `e` over all applications. Variables: claim `z[l]`.
//!
//! ```text
//! sum over l of e: z[l] <= 1             for every e with several lines
//! ```

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::draft::{Draft, named};
use super::expression::Expression;
use crate::ids::ExpenseId;

const FAMILY: &str = "one_place";

pub(super) fn rows(draft: &mut Draft<'_>) {
    let mut places: BTreeMap<&ExpenseId, Vec<usize>> = BTreeMap::new();
    for (application, columns) in draft.applications.iter().zip(&draft.columns) {
        for (line, columns) in application.lines.iter().zip(&columns.lines) {
            // Where an expense has several lines each has a claim.
            places.entry(&line.expense).or_default().extend(columns.claim);
        }
    }
    for (expense, claims) in places {
        let sum = claims.into_iter().map(Expression::column).sum();
        draft.at_most(FAMILY, named(FAMILY, &[expense.as_str()]), sum, Decimal::ONE.into());
    }
}
