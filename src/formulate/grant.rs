//! The grant: the aid after caps in whole cents (S14).
//!
//! Sets: applications. Variables: grant `g`, apply `y` (1 where it has no binary); `A` the aid after caps.
//!
//! ```text
//! g <= A + h y
//! ```
//!
//! `h` is what rounding may add: nothing when it goes down, half a cent when it goes to the nearest, a cent when it goes up.

use rust_decimal::Decimal;

use super::caps::Capped;
use super::draft::Draft;
use super::expression::Expression;
use crate::rounding::Rounding;

const FAMILY: &str = "grant";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize, capped: &Capped) {
    let grant = Expression::column(draft.columns[at].grant);
    let slack = draft.made(at) * rounding_slack(draft.applications[at].rounding);
    let name = draft.name(at, FAMILY, &[]);
    draft.at_most(FAMILY, name, grant, capped.total() + slack);
}

/// The most that rounding adds.
pub(super) fn rounding_slack(rounding: Rounding) -> Decimal {
    match rounding {
        Rounding::Down => Decimal::ZERO,
        Rounding::HalfUp | Rounding::HalfEven => Decimal::new(5, 3),
        Rounding::Up => Decimal::new(1, 2),
    }
}
