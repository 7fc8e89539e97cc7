//! Bands: tiers, one rate by the sum of a component's items, and steps, one amount by it (S9).
//!
//! Sets: bands `i` of a component within reach, from `f[i]` to `g[i]`, with rate `r[i]` (tiers) or amount `m[i]` (steps). Ends are inclusive
//! and sums are whole cents, so the band after `up_to` starts a cent later. Variables: `s`, the sum of the admitted amounts of the items; for
//! each band its share `s[i]` and a binary `t[i]`.
//!
//! ```text
//! sum over i: s[i] = s
//! f[i] t[i] <= s[i] <= g[i] t[i]
//! sum over i: t[i] <= y                           y: apply, 1 where it has no binary
//! aid = sum over i: r[i] s[i] + m[i] t[i]
//! ```
//!
//! Exact both ways, and the tightest there is for one sum: its points with whole `t` span it.

use rust_decimal::Decimal;

use super::draft::{CENT, Draft};
use super::expression::Expression;
use crate::eligibility::Component;
use crate::measure::Band;
use crate::money::Money;
use crate::program::Kind;

const FAMILY: &str = "bands";

/// A band within reach.
struct Piece {
    from: Decimal,
    to: Decimal,
    rate: Decimal,
    amount: Decimal,
}

/// One rate by the sum; beyond the last band nothing.
pub(super) fn tiers(draft: &mut Draft<'_>, at: usize, component: &Component, bands: &[Band]) -> Expression {
    let most = draft.reach[at].set(&component.of);
    let mut pieces = Vec::new();
    let mut from = Decimal::ZERO;
    for band in bands {
        let to = band.up_to.map_or(most, |end| end.euro().min(most));
        if from <= to {
            pieces.push(Piece { from, to, rate: band.rate.value(), amount: Decimal::ZERO });
            from = to + CENT;
        }
    }
    if from <= most {
        pieces.push(Piece { from, to: most, rate: Decimal::ZERO, amount: Decimal::ZERO });
    }
    rows(draft, at, component, &pieces)
}

/// The amount of the last step reached; before the first nothing.
pub(super) fn steps(
    draft: &mut Draft<'_>,
    at: usize,
    component: &Component,
    steps: &[(Money, Money)],
) -> Expression {
    let most = draft.reach[at].set(&component.of);
    let start = (Money::ZERO, Money::ZERO);
    let steps: Vec<(Money, Money)> = std::iter::once(start).chain(steps.iter().copied()).collect();
    let mut pieces = Vec::new();
    for (number, (from, amount)) in steps.iter().enumerate() {
        let next = steps.get(number + 1).map(|(next, _)| next.euro() - CENT);
        let (from, to) = (from.euro(), next.map_or(most, |next| next.min(most)));
        if from <= to {
            pieces.push(Piece { from, to, rate: Decimal::ZERO, amount: amount.euro() });
        }
    }
    if pieces.first().is_some_and(|piece| !piece.amount.is_zero()) {
        // Paid on a sum of nothing, yet not without an application.
        let lines: Vec<usize> = (0..draft.columns[at].lines.len()).collect();
        let name = draft.name(at, FAMILY, &[component.rule.id.as_str(), "admitted"]);
        let (admitted, made) = (draft.sum(at, &lines), draft.made(at));
        draft.at_least(FAMILY, name, admitted, made * CENT);
    }
    rows(draft, at, component, &pieces)
}

fn rows(draft: &mut Draft<'_>, at: usize, component: &Component, pieces: &[Piece]) -> Expression {
    let rule = component.rule.id.as_str();
    let sum = draft.sum(at, &component.of);
    if let [only] = pieces
        && only.amount.is_zero()
    {
        return sum * only.rate;
    }
    let (mut whole, mut one, mut aid) = <(Expression, Expression, Expression)>::default();
    for (number, piece) in pieces.iter().enumerate() {
        let label = format!("{rule},{}", number + 1);
        let taken = Expression::column(draft.helper(at, Kind::Binary, "band", &label, Decimal::ONE));
        let share = Expression::column(draft.helper(at, Kind::Cents, "banded", &label, piece.to));
        let name = draft.name(at, FAMILY, &[&label, "from"]);
        draft.at_least(FAMILY, name, share.clone(), taken.clone() * piece.from);
        let name = draft.name(at, FAMILY, &[&label, "to"]);
        draft.at_most(FAMILY, name, share.clone(), taken.clone() * piece.to);
        aid += share.clone() * piece.rate + taken.clone() * piece.amount;
        whole += share;
        one += taken;
    }
    let name = draft.name(at, FAMILY, &[rule, "sum"]);
    draft.equal(FAMILY, name, whole, sum);
    let (name, made) = (draft.name(at, FAMILY, &[rule, "one"]), draft.made(at));
    draft.at_most(FAMILY, name, one, made);
    aid
}
