//! One place: an expense is claimed in one application and under one item, unless applications may meet on it (S6, S13); what may go in parts to several stands
//! in `parts`.
//!
//! Sets: expenses `e`, lines `l` of `e` over all applications. Variables: claim `z[l]`.
//!
//! ```text
//! sum over l of e: z[l] <= 1             for every e with several lines, none of which may meet
//! z[l] + z[k] <= 1                       for every pair of lines of e that may not meet, where some may
//! ```

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::draft::{Draft, named};
use super::expression::Expression;
use crate::eligibility::Application;
use crate::ids::ExpenseId;

const FAMILY: &str = "one_place";

/// Whether lines of these two applications may both be claimed of one expense.
fn may_meet(applications: &[Application], a: usize, b: usize) -> bool {
    a != b && applications[a].may_meet(&applications[b])
}

pub(super) fn rows(draft: &mut Draft<'_>) {
    let applications = draft.applications;
    let mut places: BTreeMap<&ExpenseId, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, (application, columns)) in applications.iter().zip(&draft.columns).enumerate() {
        for (line, columns) in application.lines.iter().zip(&columns.lines) {
            if draft.divided.contains_key(&line.expense) {
                continue;
            }
            // Where an expense has several lines each has a claim.
            places.entry(&line.expense).or_default().extend(columns.claim.map(|claim| (at, claim)));
        }
    }
    let one = || Expression::from(Decimal::ONE);
    for (expense, claims) in places {
        let pairs = || {
            let later = |nth: usize| claims[nth + 1..].iter().map(move |other| (nth, *other));
            (0..claims.len()).flat_map(later)
        };
        if !pairs().any(|(nth, (b, _))| may_meet(applications, claims[nth].0, b)) {
            let sum = claims.iter().map(|(_, claim)| Expression::column(*claim)).sum();
            draft.at_most(FAMILY, named(FAMILY, &[expense.as_str()]), sum, one());
            continue;
        }
        for (number, (nth, (b, other))) in pairs().enumerate() {
            let (a, claim) = claims[nth];
            if !may_meet(applications, a, b) {
                let name = named(FAMILY, &[expense.as_str(), &number.to_string()]);
                let both = Expression::column(claim) + Expression::column(other);
                draft.at_most(FAMILY, name, both, one());
            }
        }
    }
}
