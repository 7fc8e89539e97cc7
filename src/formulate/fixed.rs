//! Fixed amounts: paid once anything is admitted under the items of the component (S9).
//!
//! Sets: a component with amount `m`, its entries `of`. Variables: admitted `x[e]`, claim `z[l]`, binary `b`.
//!
//! ```text
//! sum over e in of: x[e] >= 0.01 b
//! sum over l in of: z[l] >= b                     where every entry is a line with a claim: tighter
//! x[e] <= m[e] b                                  for every e, only where less aid could help
//! aid = m b
//! ```

use rust_decimal::Decimal;

use super::draft::{CENT, Draft};
use super::expression::Expression;
use crate::eligibility::Component;
use crate::program::Kind;

const FAMILY: &str = "fixed";

pub(super) fn payout(
    draft: &mut Draft<'_>,
    at: usize,
    component: &Component,
    amount: Decimal,
    exact: bool,
) -> Expression {
    if amount.is_zero() || draft.reach[at].set(&component.of).is_zero() {
        return Expression::default();
    }
    let rule = component.rule.id.as_str();
    let paid = Expression::column(draft.helper(at, Kind::Binary, "paid", rule, Decimal::ONE));
    let name = draft.name(at, FAMILY, &[rule, "admitted"]);
    let admitted = draft.sum(at, &component.of);
    draft.at_least(FAMILY, name, admitted, paid.clone() * CENT);
    let claims = component.of.iter().map(|e| draft.columns[at].lines.get(*e).and_then(|line| line.claim));
    if let Some(claims) = claims.collect::<Option<Vec<usize>>>() {
        let name = draft.name(at, FAMILY, &[rule, "claimed"]);
        let claims = claims.into_iter().map(Expression::column).sum();
        draft.at_least(FAMILY, name, claims, paid.clone());
    }
    if exact {
        for (number, entry) in component.of.iter().enumerate() {
            let name = draft.name(at, FAMILY, &[rule, "surely", &(number + 1).to_string()]);
            let (column, most) = (Expression::column(draft.entry(at, *entry)), draft.reach[at].entry(*entry));
            draft.at_most(FAMILY, name, column, paid.clone() * most);
        }
    }
    paid * amount
}
