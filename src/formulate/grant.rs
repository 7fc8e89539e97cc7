//! The grant: the aid after caps in whole cents (S14).
//!
//! Sets: applications, lines `l`. Variables: grant `g`, admitted `x[l]`, apply `y` (1 where it has no binary); `A` the grants after caps.
//!
//! ```text
//! g <= A + h y
//! g <= A + sum over l: x[l]                       where the grant is rounded up: nothing admitted, nothing added
//! g <= 2 A                                        where it is rounded to the nearest: below half a cent nothing is granted
//! g >= A - j                                      where a pool may refuse the application (no dodging)
//! ```
//!
//! `h` is what rounding may add: nothing when it goes down, half a cent when it goes to the nearest, less than a cent when it goes up. `j` is
//! what it may take, likewise.

use rust_decimal::Decimal;

use super::caps::Capped;
use super::draft::{CENT, Draft};
use super::expression::Expression;
use crate::rounding::Rounding;

const FAMILY: &str = "grant";

/// Half a cent.
pub(super) const HALF: Decimal = Decimal::from_parts(5, 0, 0, false, 3);

/// What rounding may add to so much aid.
pub(super) fn added(draft: &Draft<'_>, at: usize, aid: &Expression) -> Decimal {
    match draft.applications[at].rounding {
        Rounding::Down => Decimal::ZERO,
        Rounding::HalfUp | Rounding::HalfEven => HALF,
        Rounding::Up => CENT - draft.fineness(aid),
    }
}

/// `above` is what the aid may be overstated by; `refusable` where the grant must not be understated.
pub(super) fn rows(draft: &mut Draft<'_>, at: usize, capped: &Capped<'_>, above: Decimal, refusable: bool) {
    let application = &draft.applications[at];
    let grant = Expression::column(draft.columns[at].grant);
    let aid = capped.total();
    let added = added(draft, at, &aid);
    let slack = draft.made(at) * added;
    let name = draft.name(at, FAMILY, &[]);
    draft.at_most(FAMILY, name, grant.clone(), aid.clone() + slack);
    let name = draft.name(at, FAMILY, &["nothing"]);
    match application.rounding {
        Rounding::Down => {}
        Rounding::HalfUp | Rounding::HalfEven => {
            draft.at_most(FAMILY, name, grant.clone(), aid.clone() * Decimal::TWO);
        }
        Rounding::Up => {
            let lines: Vec<usize> = (0..application.lines.len()).collect();
            let admitted = draft.sum(at, &lines);
            draft.at_most(FAMILY, name, grant.clone(), aid.clone() + admitted);
        }
    }
    if refusable {
        let taken = match application.rounding {
            Rounding::Down => CENT - draft.fineness(&aid),
            Rounding::HalfUp | Rounding::HalfEven => HALF,
            Rounding::Up => Decimal::ZERO,
        };
        let name = draft.name(at, FAMILY, &["at_least"]);
        draft.at_least(FAMILY, name, grant, aid - (taken + above).into());
    }
}
