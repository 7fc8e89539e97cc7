//! Floors and ceilings of aid that an application, or a lot, keeps or gets nothing (S9).
//!
//! Sets: limits `i` on aid with effect `reject` or `drop`, components `of[i]`, terms `t` with fixed part `c[t]` and rates `r[t,e]`. Variables:
//! admitted `x[e]`; gate `y`, the application or the lot (1 where it has no binary); `A`, the aid that the limit reads: as computed, or
//! after caps.
//!
//! ```text
//! A - sum over e: r[t,e] x[e] >= c[t] y           for every t of a floor
//! A - sum over e: r[t,e] x[e] <= c[t] y + h y     for every t of a ceiling
//! ```
//!
//! where `h` is what aid per unit may be overstated by (zero without).

use rust_decimal::Decimal;

use super::caps::Capped;
use super::draft::Draft;
use super::expression::Expression;
use super::payout::Aid;
use crate::measure::{Bound, Effect, Reads};

const FAMILY: &str = "aid_reject";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize, aid: &Aid, capped: &Capped<'_>) {
    let application = &draft.applications[at];
    for limit in application.aid_limits.iter().filter(|l| l.effect != Effect::Trim) {
        let read: Expression = match (limit.reads, limit.lot) {
            (Reads::AfterCaps, _) => capped.read(limit),
            (Reads::Computed, Some(lot)) => limit.of.iter().map(|c| aid.parts[*c][lot].clone()).sum(),
            (Reads::Computed, None) => limit.of.iter().map(|c| aid.component(*c)).sum(),
        };
        let slack = match limit.bound {
            Bound::AtMost => aid.above,
            Bound::AtLeast => Decimal::ZERO,
        };
        for (number, term) in limit.terms.iter().enumerate() {
            let label = draft.term_label(at, &limit.rule.id, limit.lot, limit.terms.len(), number);
            let left = read.clone() - draft.shares(at, term);
            let (name, gate) = (draft.name(at, FAMILY, &[&label]), draft.gate(at, limit.lot));
            draft.gated(FAMILY, name, left, (limit.bound, term.euro + slack), &gate, |_| true);
        }
    }
}
