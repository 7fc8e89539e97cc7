//! Drops: a lot, or the lines of a set, that keep a floor or a ceiling or are left out (S7, S8).
//!
//! Sets: limits `i` on cost with `effect = "drop"`, entries `of[i]`, terms `t` with fixed part `c[t]` and rates `r[t,e]`. Variables:
//! admitted `x[e]`; gate `w`: the lot, or for a limit on the application a binary of its own that the lines of the set hang on (1 where
//! the limit holds without them).
//!
//! ```text
//! z[l] <= w,  else  x[l] <= m[l] w                                            for every line l of the set
//! sum over e in of[i]: x[e] - sum over e: r[t,e] x[e] >= c[t] w + n[t] (1 - w)    for every t of a floor
//! sum over e in of[i]: x[e] - sum over e: r[t,e] x[e] <= c[t] w + n[t] (1 - w)    for every t of a ceiling
//! ```
//!
//! where `n[t]` is the smallest (largest) value of the left side without the lines of the set. A plan in which the rule drops
//! something is worth as much as the plan without it, so the rows speak of plans in which it drops nothing.

use rust_decimal::Decimal;

use super::draft::Draft;
use super::expression::Expression;
use crate::eligibility::CostLimit;
use crate::measure::{Bound, Effect};
use crate::program::Kind;

const FAMILY: &str = "drop";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    for limit in draft.applications[at].cost_limits.iter().filter(|l| l.effect == Effect::Drop) {
        match limit.lot {
            Some(_) => {
                let gate = draft.gate(at, limit.lot);
                keep(draft, at, limit, &gate, |_| true);
            }
            None => application(draft, at, limit),
        }
    }
}

/// A limit on the application: a binary for the lines of its set.
fn application(draft: &mut Draft<'_>, at: usize, limit: &CostLimit) {
    // Derived items of the set are not claimed, so not dropped.
    let lines: Vec<usize> =
        limit.of.iter().copied().filter(|entry| *entry < draft.columns[at].lines.len()).collect();
    let columns: Vec<usize> = lines.iter().map(|line| draft.entry(at, *line)).collect();
    let holds_without = limit.terms.iter().all(|term| {
        let left = draft.sum(at, &limit.of) - draft.shares(at, term);
        let others = left.over(|column| !columns.contains(&column));
        match limit.bound {
            Bound::AtMost => draft.highest(&others) <= term.euro,
            Bound::AtLeast => draft.lowest(&others) >= term.euro,
        }
    });
    let gate = if holds_without {
        Expression::from(Decimal::ONE)
    } else {
        let rule = limit.rule.id.as_str();
        let gate = Expression::column(draft.helper(at, Kind::Binary, "kept", rule, Decimal::ONE));
        draft.link(FAMILY, at, &lines, &gate, rule);
        gate
    };
    keep(draft, at, limit, &gate, |column| columns.contains(&column));
}

fn keep(
    draft: &mut Draft<'_>,
    at: usize,
    limit: &CostLimit,
    gate: &Expression,
    gated: impl Fn(usize) -> bool,
) {
    for (number, term) in limit.terms.iter().enumerate() {
        let label = draft.term_label(at, &limit.rule.id, limit.lot, limit.terms.len(), number);
        let left = draft.sum(at, &limit.of) - draft.shares(at, term);
        let name = draft.name(at, FAMILY, &[&label]);
        draft.gated(FAMILY, name, left, (limit.bound, term.euro), gate, &gated);
    }
}
