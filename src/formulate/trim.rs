//! Trims: what is admitted of a set stays within the tightest term (S7, S8).
//!
//! Sets: limits `i` on cost with `effect = "trim"`, entries `of[i]`, terms `t` of `i` with fixed part `c[t]` and rates `r[t,e]`.
//! Variables: admitted `x[e]`; gate `y`, the lot or the application of the limit (1 where it has no binary).
//!
//! ```text
//! sum over e in of[i]: x[e] <= c[t] y + sum over e: r[t,e] x[e]       for every t
//! ```
//!
//! A fixed amount alone is cut down to cents first; so is a term that is finer, where several entries stand on the left: with a helper `c` in whole cents,
//!
//! ```text
//! c <= c[t] y + sum over e: r[t,e] x[e]
//! sum over e in of[i]: x[e] <= c
//! ```
//!
//! Whole cents of every entry do not say that their sum is: a hundred of them could share the part of a cent that the authority cuts, each a part of it, and
//! no branch on one of them would take it from all.
//!
//! A term that can fall below zero leaves nothing, not less: with a binary `p` that says
//! it does not, the sum of the set at most `s` and the term at least `-n`,
//!
//! ```text
//! sum over e in of[i]: x[e] <= s p
//! sum over e in of[i]: x[e] <= c[t] + sum over e: r[t,e] x[e] + n (1 - p)
//! ```

use rust_decimal::Decimal;

use super::draft::{CENT, Draft};
use super::expression::Expression;
use super::loan;
use crate::eligibility::Term;
use crate::measure::Effect;
use crate::program::{Family, Kind};
use crate::rounding::Rounding;

const FAMILY: &str = "trim";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    for limit in draft.applications[at].cost_limits.iter().filter(|l| l.effect == Effect::Trim) {
        for (number, term) in limit.terms.iter().enumerate() {
            let label = draft.term_label(at, &limit.rule.id, limit.lot, limit.terms.len(), number);
            let left = draft.sum(at, &limit.of);
            let gate = draft.gate(at, limit.lot);
            ceiling(draft, at, FAMILY, &label, left, term, &Expression::default(), &gate);
        }
    }
}

/// `left <= max(0, term - beside)`, where everything is zero when the gate is.
#[allow(clippy::too_many_arguments, reason = "a row with its name and its parts")]
pub(super) fn ceiling(
    draft: &mut Draft<'_>,
    at: usize,
    family: Family,
    label: &str,
    left: Expression,
    term: &Term,
    beside: &Expression,
    gate: &Expression,
) {
    let euro = if term.shares.is_empty() { Rounding::Down.cents(term.euro).euro() } else { term.euro };
    let shares = draft.shares(at, term) - beside.clone();
    let lowest = loan::lowest(draft, at, &(shares.clone() + euro.into()));
    let exact = draft.shares(at, term) + euro.into();
    let of_several = left.terms.iter().filter(|(_, times)| !times.is_zero()).count() > 1;
    if (of_several || !beside.is_zero()) && draft.fineness(&exact) < CENT {
        let most = Rounding::Down.cents(draft.reach[at].term(term).max(Decimal::ZERO)).euro();
        let edge = Expression::column(draft.helper(at, Kind::Cents, "edge", label, most));
        let cut = format!("{label},edge");
        ceiling(draft, at, family, &cut, edge.clone(), term, &Expression::default(), gate);
        if beside.is_zero() {
            let name = draft.name(at, family, &[label]);
            draft.at_most(family, name, left, edge);
        } else {
            // What is left may fall a cent below zero.
            unless_nothing(draft, at, family, label, left, edge - beside.clone(), lowest - CENT);
        }
    } else if lowest >= Decimal::ZERO {
        let name = draft.name(at, family, &[label]);
        draft.at_most(family, name, left, gate.clone() * euro + shares);
    } else {
        unless_nothing(draft, at, family, label, left, shares + euro.into(), lowest);
    }
}

/// `left <= max(0, right)`, where the right side is at least `lowest`, which is below zero.
fn unless_nothing(
    draft: &mut Draft<'_>,
    at: usize,
    family: Family,
    label: &str,
    left: Expression,
    right: Expression,
    lowest: Decimal,
) {
    let highest = draft.highest(&left);
    let positive = Expression::column(draft.helper(at, Kind::Binary, "positive", label, Decimal::ONE));
    let name = draft.name(at, family, &[label, "nothing"]);
    draft.at_most(family, name, left.clone(), positive.clone() * highest);
    let name = draft.name(at, family, &[label]);
    let slack = (Expression::from(Decimal::ONE) - positive) * -lowest.min(Decimal::ZERO);
    draft.at_most(family, name, left, right + slack);
}
