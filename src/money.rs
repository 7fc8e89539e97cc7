//! Exact money: whole euro cents.
//!
//! Amounts are read from text through [`rust_decimal::Decimal`], kept as whole cents and printed with two
//! decimals; no float is ever involved. Products with a [`Rate`](crate::rate::Rate) are exact `Decimal`s and become money again
//! only through an explicit [`Rounding`](crate::rounding::Rounding).
//!
//! ```
//! use grantfolio::money::Money;
//! let price: Money = "1234567890.05".parse()?;
//! assert_eq!((price + Money::from_cents(95)).to_string(), "1234567891.00");
//! # Ok::<(), grantfolio::money::MoneyError>(())
//! ```

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of euro in whole cents; may be negative (a difference).
///
/// One amount read from a file is at most [`Money::LARGEST`], so that nine million of them can be added
/// before an `i64` overflows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    cents: i64,
}

/// Why a text or a decimal is not an amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal number such as `1234.56`.
    #[error("'{0}' is not an amount such as 1234.56")]
    NotANumber(String),
    /// More than two decimals: a fraction of a cent.
    #[error("'{0}' has a fraction of a cent; amounts have at most two decimals")]
    FractionOfCent(String),
    /// Beyond [`Money::LARGEST`].
    #[error("'{0}' is beyond the largest amount, {max}", max = Money::LARGEST)]
    TooLarge(String),
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money { cents: 0 };
    /// One cent, the unit of every published figure.
    pub const CENT: Money = Money { cents: 1 };
    /// The largest amount a file may state: ten billion euro less a cent.
    pub const LARGEST: Money = Money { cents: 999_999_999_999 };

    /// The largest amount up to `high` that fits, by halving; `low` is taken to fit. Where what fits is not all below what does not, the amount that halving
    /// comes to.
    pub fn largest(low: Money, high: Money, mut fits: impl FnMut(Money) -> bool) -> Money {
        if fits(high) {
            return high;
        }
        let (mut low, mut high) = (low.cents, high.cents);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if fits(Money::from_cents(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Money::from_cents(low)
    }

    /// An amount of whole cents.
    pub const fn from_cents(cents: i64) -> Self {
        Money { cents }
    }

    /// The amount in whole cents.
    pub const fn cents(self) -> i64 {
        self.cents
    }

    /// The amount in euro, exact.
    pub fn euro(self) -> Decimal {
        Decimal::new(self.cents, 2)
    }

    /// An exact number of euro that is already whole cents.
    ///
    /// # Errors
    /// A fraction of a cent, or an amount beyond [`Money::LARGEST`] either way.
    pub fn from_euro(euro: Decimal) -> Result<Self, MoneyError> {
        let too_large = || MoneyError::TooLarge(euro.to_string());
        let cents = euro.checked_mul(Decimal::ONE_HUNDRED).ok_or_else(too_large)?;
        if cents.fract() != Decimal::ZERO {
            return Err(MoneyError::FractionOfCent(euro.to_string()));
        }
        let cents = cents.to_i64().ok_or_else(too_large)?;
        if cents.abs() > Self::LARGEST.cents {
            return Err(too_large());
        }
        Ok(Money { cents })
    }

    /// Whether the amount is zero.
    pub const fn is_zero(self) -> bool {
        self.cents == 0
    }

    /// Whether the amount is above zero.
    pub const fn is_positive(self) -> bool {
        self.cents > 0
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money { cents: self.cents + other.cents }
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money { cents: self.cents - other.cents }
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money { cents: -self.cents }
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.cents += other.cents;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.cents -= other.cents;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Money>>(amounts: I) -> Money {
        amounts.copied().sum()
    }
}

impl fmt::Display for Money {
    /// Two decimals, a point, no grouping: the form of every file and of `result.json`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.cents < 0 { "-" } else { "" };
        let cents = self.cents.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", cents / 100, cents % 100))
    }
}

/// The amount in a text of at most nine digits before the point and two behind it: nearly all there are, and they need no decimal.
fn short(text: &str) -> Option<Money> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !(1..=9).contains(&whole.len()) || !(1..=2).contains(&fraction.len()) {
        return None;
    }
    let digits = |text: &str| {
        text.bytes()
            .try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let tenths = if fraction.len() == 1 { 10 } else { 1 };
    Some(Money::from_cents(digits(whole)? * 100 + digits(fraction)? * tenths))
}

impl FromStr for Money {
    type Err = MoneyError;

    /// Reads digits with an optional sign and an optional point; no grouping, no exponent, no currency.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        if let Some(money) = short(text) {
            return Ok(money);
        }
        let not_a_number = || MoneyError::NotANumber(text.to_owned());
        let plain = |c: char| c.is_ascii_digit() || c == '.' || c == '-' || c == '+';
        if text.is_empty() || !text.chars().all(plain) {
            return Err(not_a_number());
        }
        let euro = Decimal::from_str_exact(text).map_err(|e| match e {
            rust_decimal::Error::ExceedsMaximumPossibleValue => MoneyError::TooLarge(text.to_owned()),
            rust_decimal::Error::Underflow => MoneyError::FractionOfCent(text.to_owned()),
            _ => not_a_number(),
        })?;
        Money::from_euro(euro)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        assert_eq!("1234.5".parse(), Ok(Money::from_cents(123_450)));
        assert_eq!("7".parse(), Ok(Money::from_cents(700)));
        for text in ["0.00", "0.01", "-0.01", "999999999.99", "1234567890.05", "-9999999999.99"] {
            assert_eq!(text.parse::<Money>().map(|m| m.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_not_exact_is_refused() {
        assert_eq!("1.005".parse::<Money>(), Err(MoneyError::FractionOfCent("1.005".into())));
        assert_eq!("10000000000".parse::<Money>(), Err(MoneyError::TooLarge("10000000000".into())));
        for text in ["", "1e3", "NaN", "1,5", "€ 3", "1.2.3", "-"] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError::NotANumber(text.into())), "{text}");
        }
    }
}
