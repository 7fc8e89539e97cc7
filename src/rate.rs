//! Rates: exact shares such as the intensity `0.70`, never negative, at most nine decimals.
//!
//! Nine decimals keep every product with money exact in a `Decimal` (28 digits) and in the integers of the
//! certified bound.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::money::Money;

/// A non-negative exact factor with at most [`Rate::DECIMALS`] decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

/// Why a number is not a rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Not a plain decimal number.
    #[error("'{0}' is not a rate such as 0.25")]
    NotANumber(String),
    /// Below zero.
    #[error("'{0}' is below zero; a rate is not")]
    Negative(Decimal),
    /// More than nine decimals.
    #[error("'{0}' has more than nine decimals")]
    TooFine(Decimal),
    /// Above [`Rate::LARGEST`].
    #[error("'{0}' is above the largest rate, 1000")]
    TooLarge(Decimal),
}

impl Rate {
    /// Nothing.
    pub const ZERO: Rate = Rate(Decimal::ZERO);
    /// The whole.
    pub const ONE: Rate = Rate(Decimal::ONE);
    /// Most decimals a rate may have.
    pub const DECIMALS: u32 = 9;
    /// The largest rate: unit amounts per euro stay far below it.
    pub const LARGEST: Decimal = Decimal::ONE_THOUSAND;

    /// Checks sign, size and fineness.
    pub fn new(value: Decimal) -> Result<Self, RateError> {
        let value = value.normalize();
        if value.is_sign_negative() && !value.is_zero() {
            Err(RateError::Negative(value))
        } else if value.scale() > Self::DECIMALS {
            Err(RateError::TooFine(value))
        } else if value > Self::LARGEST {
            Err(RateError::TooLarge(value))
        } else {
            Ok(Rate(value))
        }
    }

    /// The factor itself.
    pub const fn value(self) -> Decimal {
        self.0
    }

    /// The exact product in euro, not rounded.
    pub fn of(self, money: Money) -> Decimal {
        self.0 * money.euro()
    }

    /// Whether the rate is zero.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl FromStr for Rate {
    type Err = RateError;
    fn from_str(text: &str) -> Result<Self, RateError> {
        let value = Decimal::from_str_exact(text).map_err(|_| RateError::NotANumber(text.to_owned()))?;
        Rate::new(value)
    }
}

impl fmt::Display for Rate {
    /// As a percentage: `0.125` prints as `12.5 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_exact() {
        let rate: Rate = "0.333333333".parse().unwrap();
        assert_eq!(rate.of(Money::LARGEST).to_string(), "3333333329.99666666667");
        assert_eq!(rate.to_string(), "33.3333333 %");
    }

    #[test]
    fn bounds_are_checked() {
        assert_eq!("-0.1".parse::<Rate>(), Err(RateError::Negative(Decimal::new(-1, 1))));
        assert!(matches!("0.1234567891".parse::<Rate>(), Err(RateError::TooFine(_))));
        assert!(matches!("1000.1".parse::<Rate>(), Err(RateError::TooLarge(_))));
    }
}
