//! Exact fractions of integers; whatever does not fit is an error, never a rounded value.

use rust_decimal::Decimal;

/// An exact fraction: no common factor, the denominator above zero.
#[derive(Clone, Copy)]
pub(super) struct Fraction {
    numerator: i128,
    denominator: i128,
}

pub(super) fn too_large() -> String {
    "a figure is beyond what exact arithmetic holds here".to_owned()
}

impl Fraction {
    pub fn new(numerator: i128, denominator: i128) -> Result<Self, String> {
        if denominator == 0 {
            return Err("a division by zero".to_owned());
        }
        let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = i128::try_from(a).map_err(|_| too_large())?;
        let sign = denominator.signum();
        let part = |n: i128| (n / divisor).checked_mul(sign).ok_or_else(too_large);
        Ok(Fraction { numerator: part(numerator)?, denominator: part(denominator)? })
    }

    pub fn plus(self, other: Fraction) -> Result<Self, String> {
        let left = self.numerator.checked_mul(other.denominator).ok_or_else(too_large)?;
        let right = other.numerator.checked_mul(self.denominator).ok_or_else(too_large)?;
        let sum = left.checked_add(right).ok_or_else(too_large)?;
        Fraction::new(sum, self.denominator.checked_mul(other.denominator).ok_or_else(too_large)?)
    }

    pub fn times(self, other: Fraction) -> Result<Self, String> {
        let numerator = self.numerator.checked_mul(other.numerator).ok_or_else(too_large)?;
        Fraction::new(numerator, self.denominator.checked_mul(other.denominator).ok_or_else(too_large)?)
    }

    pub fn negated(self) -> Result<Self, String> {
        let numerator = self.numerator.checked_neg().ok_or_else(too_large)?;
        Ok(Fraction { numerator, ..self })
    }

    pub fn inverted(self) -> Result<Self, String> {
        Fraction::new(self.denominator, self.numerator)
    }

    pub fn is_less_than(self, other: Fraction) -> Result<bool, String> {
        Ok(self.plus(other.negated()?)?.numerator < 0)
    }

    /// Whole cents: the floor of the amount plus so many half cents.
    pub fn in_cents(self, half_cents: i128) -> Result<Self, String> {
        let half = Fraction::new(half_cents, 2)?;
        let cents = self.times(Fraction { numerator: 100, denominator: 1 })?.plus(half)?;
        Fraction::new(cents.numerator.div_euclid(cents.denominator), 100)
    }

    pub fn decimal(self) -> Result<Decimal, String> {
        let mut factor: i128 = 1;
        for scale in 0..=28_u32 {
            if factor % self.denominator == 0 {
                let digits = self.numerator.checked_mul(factor / self.denominator).ok_or_else(too_large)?;
                return Decimal::try_from_i128_with_scale(digits, scale).map_err(|_| too_large());
            }
            factor *= 10;
        }
        Err("the figure is no decimal: say with floor(..) or round(..) which cents are meant".to_owned())
    }
}
