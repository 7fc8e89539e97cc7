//! Rejects: floors and ceilings of cost that an application keeps or is not granted (S7, S8).
//!
//! Sets: limits `i` on cost with `effect = "reject"`, entries `of[i]`, terms `t` with fixed part `c[t]` and rates `r[t,e]`. Variables:
//! admitted `x[e]`; gate `y`, the application or, for a limit per lot, the lot (1 where it has no binary).
//!
//! ```text
//! sum over e in of[i]: x[e] >= c[t] y + sum over e: r[t,e] x[e]       for every t of a floor
//! sum over e in of[i]: x[e] <= c[t] y + sum over e: r[t,e] x[e]       for every t of a ceiling
//! ```
//!
//! Exact whatever the signs: where the gate is zero every amount in the row is.

use super::draft::Draft;
use crate::measure::Effect;

const FAMILY: &str = "reject";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    for limit in draft.applications[at].cost_limits.iter().filter(|l| l.effect == Effect::Reject) {
        for (number, term) in limit.terms.iter().enumerate() {
            let label = draft.term_label(at, &limit.rule.id, limit.lot, limit.terms.len(), number);
            let left = draft.sum(at, &limit.of) - draft.shares(at, term);
            let (name, gate) = (draft.name(at, FAMILY, &[&label]), draft.gate(at, limit.lot));
            draft.gated(FAMILY, name, left, (limit.bound, term.euro), &gate, |_| true);
        }
    }
}
