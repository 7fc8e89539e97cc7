//! What a point is worth to the objective, exactly or rounded up: the currency of bounds.

use std::ops::{Add, Sub};

use crate::money::Money;

/// Trillionths of a cent: a plan is worth whole cents, a point of a program whose objective is priced is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Worth(i128);

/// Trillionths of a cent in a cent.
const CENT: i128 = 1_000_000_000_000;

impl Worth {
    /// Decimals of a euro that it has.
    pub const DECIMALS: u32 = 14;

    /// Less than any point of a program is worth.
    pub const LEAST: Worth = Worth(i128::MIN / 2);

    /// So many trillionths of a cent.
    pub const fn new(trillionths: i128) -> Self {
        Worth(trillionths)
    }

    /// The same as a number.
    pub const fn trillionths(self) -> i128 {
        self.0
    }

    /// `value / cent` cents, rounded up to a trillionth; `cent` is a power of ten.
    pub fn above(value: i128, cent: i128) -> Option<Self> {
        let trillionths = if cent >= CENT {
            let unit = cent / CENT;
            value.div_euclid(unit) + i128::from(value.rem_euclid(unit) > 0)
        } else {
            value.checked_mul(CENT / cent)?
        };
        Some(Worth(trillionths))
    }

    /// Whole cents, cut down: what a plan is worth that is worth no more than this.
    pub fn cut(self) -> Option<Money> {
        i64::try_from(self.0.div_euclid(CENT)).ok().map(Money::from_cents)
    }

    /// About so many euro.
    #[allow(clippy::cast_precision_loss, reason = "a proposal")]
    pub fn euro(self) -> f64 {
        self.0 as f64 / 1e14
    }

    /// The nearest to so many euro.
    #[allow(clippy::cast_possible_truncation, reason = "a proposal; amounts of money are far within")]
    pub fn near(euro: f64) -> Self {
        Worth((euro * 1e14).round() as i128)
    }
}

impl From<Money> for Worth {
    fn from(money: Money) -> Self {
        Worth(i128::from(money.cents()) * CENT)
    }
}

impl Add for Worth {
    type Output = Worth;

    fn add(self, other: Worth) -> Worth {
        Worth(self.0.saturating_add(other.0))
    }
}

impl Sub for Worth {
    type Output = Worth;

    fn sub(self, other: Worth) -> Worth {
        Worth(self.0.saturating_sub(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_rounded_up_and_money_is_cut_down() {
        // 125 units of which a hundred make a cent: 1.25 cents
        assert_eq!(Worth::above(125, 100), Some(Worth::new(1_250_000_000_000)));
        assert_eq!(Worth::above(-125, 100).and_then(Worth::cut), Some(Money::from_cents(-2)));
        // a thousandth of a trillionth of a cent is rounded up to one
        assert_eq!(Worth::above(1, 1_000_000_000_000_000), Some(Worth::new(1)));
        assert_eq!(Worth::above(-1, 1_000_000_000_000_000), Some(Worth::new(0)));
        assert_eq!(Worth::from(Money::from_cents(7)).cut(), Some(Money::from_cents(7)));
    }
}
