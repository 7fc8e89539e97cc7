//! Parts: what several applications claim of a splittable expense comes to at most its net amount (S6).
//!
//! Sets: expenses `e` that may go in parts to several applications, their lines `l`, of which those `k` are claimed whole. Variables: admitted `x[l]`, claim
//! `z[l]`; `d[e]` whether the claims lie side by side, only where some of the applications may meet on `e`. Net amount `n[e]`, base `b[l]`; `M` exact bounds.
//!
//! ```text
//! sum over l not whole: n[e] / b[l] x[l] + sum over k: n[e] z[k] <= n[e] + M (1 - d[e])
//! z[l] + z[j] <= 1 + d[e]                for every pair of lines that may not meet, and may lie side by side
//! z[l] + z[j] <= 1                       for every other pair that may not meet
//! ```
//!
//! Amounts of an application that stand alike in every rule have their sum as a column `s`, in whole cents: what is left undecided among parts is which application gets the last
//! cents, and that shows in few sums, not in any one of many amounts. With whole sums the parts are those of a flow, which are whole cents by themselves.
//!
//! ```text
//! s = sum over lines alike: x[l]
//! ```
//!
//! Where no two of the applications may meet there is no `d`, and pairs are only those of one application. Quotients are cut at nine decimals.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::draft::{Draft, named};
use super::expression::Expression;
use crate::eligibility::{Application, shareable};
use crate::ids::ExpenseId;
use crate::measure::Claim;
use crate::money::Money;
use crate::program::Kind;

const FAMILY: &str = "parts";

/// Decimals of a quotient of amounts: what is cut is far below a cent of any amount.
const DECIMALS: u32 = 9;

/// An expense that may go in parts to several applications.
pub(super) struct Divided {
    /// Its net amount.
    net: Money,
    /// Its lines, as (application, line), in order.
    lines: Vec<(usize, usize)>,
    /// Whether some of the applications may meet on it.
    pub(super) meets: bool,
}

/// Every such expense.
pub(super) fn divided(applications: &[Application]) -> BTreeMap<&ExpenseId, Divided> {
    let shareable = shareable(applications);
    let mut divided: BTreeMap<&ExpenseId, Divided> = BTreeMap::new();
    for (a, application) in applications.iter().enumerate() {
        for (l, line) in application.lines.iter().enumerate() {
            if let (Some(net), true) = (line.divisible, shareable.contains(&line.expense)) {
                let expense = divided.entry(&line.expense);
                let expense = expense.or_insert(Divided { net, lines: Vec::new(), meets: false });
                expense.meets |=
                    expense.lines.iter().any(|(b, _)| application.may_meet(&applications[*b]) && a != *b);
                expense.lines.push((a, l));
            }
        }
    }
    divided
}

pub(super) fn rows(draft: &mut Draft<'_>) {
    let divided = draft.divided;
    for (expense, divided) in divided {
        let (sum, most) = taken(draft, divided);
        let side_by_side = divided.meets.then(|| {
            let column =
                draft.helper(divided.lines[0].0, Kind::Binary, "apart", expense.as_str(), Decimal::ONE);
            draft.side_by_side.insert(expense, column);
            Expression::column(column)
        });
        let net = divided.net.euro();
        let slack = match &side_by_side {
            Some(apart) => (Expression::from(Decimal::ONE) - apart.clone()) * (most - net).max(Decimal::ZERO),
            None => Expression::default(),
        };
        draft.at_most(FAMILY, named(FAMILY, &[expense.as_str()]), sum, slack + net.into());
        pairs(draft, expense, divided, &side_by_side.unwrap_or_default());
    }
}

/// The sums of amounts that stand alike, of applications that parts may go to; once all other rows are there.
pub(super) fn sums(draft: &mut Draft<'_>) {
    let of_parts: BTreeSet<usize> =
        draft.divided.values().flat_map(|divided| divided.lines.iter().map(|(a, _)| *a)).collect();
    if of_parts.is_empty() {
        return;
    }
    let stands = stands(draft);
    for at in of_parts {
        let mut alike: BTreeMap<&[(usize, Decimal)], Vec<usize>> = BTreeMap::new();
        for columns in &draft.columns[at].lines {
            alike.entry(&stands[columns.admitted]).or_default().push(columns.admitted);
        }
        let mut alike: Vec<Vec<usize>> = alike.into_values().filter(|columns| columns.len() > 1).collect();
        alike.sort();
        for (number, columns) in alike.into_iter().enumerate() {
            let most = columns.iter().map(|column| draft.program.columns[*column].upper).sum();
            let number = number.to_string();
            let sum = Expression::column(draft.helper(at, Kind::Cents, "sum", &number, most));
            let name = draft.name(at, FAMILY, &["sum", &number]);
            draft.equal(FAMILY, name, sum, columns.into_iter().map(Expression::column).sum());
        }
    }
}

/// The rows that each column stands in, with its coefficients; without those of parts, and without those that do no more than open a line.
fn stands(draft: &Draft<'_>) -> Vec<Vec<(usize, Decimal)>> {
    let columns = &draft.program.columns;
    let mut stands = vec![Vec::new(); columns.len()];
    for (number, row) in draft.program.rows.iter().enumerate() {
        let opens = row.terms.len() == 2 && row.terms.iter().any(|(at, _)| columns[*at].kind == Kind::Binary);
        if row.family != FAMILY && !opens {
            row.terms.iter().for_each(|(column, times)| stands[*column].push((number, *times)));
        }
    }
    stands
}

/// What the claims take of the net amount, and the most that can be.
fn taken(draft: &Draft<'_>, divided: &Divided) -> (Expression, Decimal) {
    let net = divided.net.euro();
    let (mut sum, mut most) = (Expression::default(), Decimal::ZERO);
    for &(a, l) in &divided.lines {
        let application = &draft.applications[a];
        let columns = draft.columns[a].lines[l];
        let (column, each) = match columns.claim {
            Some(claim) if application.claim == Claim::Whole => (claim, net),
            _ => (columns.admitted, (net / application.lines[l].base.euro()).trunc_with_scale(DECIMALS)),
        };
        sum += Expression::column(column) * each;
        most += each * draft.program.columns[column].upper;
    }
    (sum, most)
}

/// Lines that may not both be claimed, unless they lie side by side.
fn pairs(draft: &mut Draft<'_>, expense: &ExpenseId, divided: &Divided, side_by_side: &Expression) {
    let applications = draft.applications;
    let mut number = 0;
    for (nth, &(a, l)) in divided.lines.iter().enumerate() {
        for &(b, m) in &divided.lines[nth + 1..] {
            let claims = (draft.columns[a].lines[l].claim, draft.columns[b].lines[m].claim);
            let (Some(one), Some(other)) = claims else { continue };
            if a != b && (!divided.meets || applications[a].may_meet(&applications[b])) {
                continue;
            }
            let any_part = |at: usize| applications[at].claim == Claim::AnyPart;
            let may_divide = a != b && any_part(a) && any_part(b);
            let most = if may_divide { side_by_side.clone() } else { Expression::default() };
            let name = named(FAMILY, &[expense.as_str(), &number.to_string()]);
            let both = Expression::column(one) + Expression::column(other);
            draft.at_most(FAMILY, name, both, most + Decimal::ONE.into());
            number += 1;
        }
    }
}
