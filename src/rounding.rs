//! From exact decimals to whole cents, and from one amount to parts that sum to it (S14).
//!
//! The direction is always an argument: no default hides in a call.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::money::Money;

/// How an exact number of euro becomes whole cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// Towards zero: what a grant does unless the call says otherwise (S14).
    #[default]
    Down,
    /// Half a cent and more goes up.
    HalfUp,
    /// Half a cent goes to the even neighbour.
    HalfEven,
    /// Any fraction goes up.
    Up,
}

impl Rounding {
    /// Whole cents of a number of euro.
    ///
    /// Amounts are products of money and rates, both bounded where they are read, so the result fits; what
    /// would not is held at the largest `i64`.
    pub fn cents(self, euro: Decimal) -> Money {
        // What has no more than cents, and what is cut, needs no more than one multiplication or division.
        if let Some(cents) = self.by_digits(euro) {
            return Money::from_cents(cents);
        }
        let strategy = match self {
            Rounding::Down => RoundingStrategy::ToZero,
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
            Rounding::Up => RoundingStrategy::AwayFromZero,
        };
        let rounded = euro.round_dp_with_strategy(2, strategy);
        let cents = rounded.checked_mul(Decimal::ONE_HUNDRED).and_then(|c| c.to_i64());
        Money::from_cents(cents.unwrap_or(if euro.is_sign_negative() { i64::MIN } else { i64::MAX }))
    }

    /// The same from the digits alone, where they fit 64 bits and no fraction of a cent goes up.
    fn by_digits(self, euro: Decimal) -> Option<i64> {
        let digits = i64::try_from(euro.mantissa()).ok()?;
        match euro.scale() {
            scale @ 0..=2 => digits.checked_mul(10_i64.pow(2 - scale)),
            scale if self == Rounding::Down => Some(digits / 10_i64.checked_pow(scale - 2)?),
            _ => None,
        }
    }
}

/// Splits `total` into parts in proportion to `weights` by the largest remainder; ties go to the earlier part.
///
/// The parts sum to `total` exactly and no part exceeds its weight when `total` is at most their sum. With
/// weights that are all zero every part is zero but the first, which takes the total.
///
/// # Panics
/// Never for weights and totals that are not negative, which is what callers pass.
///
/// ```
/// use grantfolio::{money::Money, rounding::apportion};
/// let thirds = apportion(Money::from_cents(100), &[Money::CENT, Money::CENT, Money::CENT]);
/// assert_eq!(thirds, [34, 33, 33].map(Money::from_cents));
/// ```
pub fn apportion(total: Money, weights: &[Money]) -> Vec<Money> {
    let sum: i128 = weights.iter().map(|w| i128::from(w.cents())).sum();
    let mut parts = vec![Money::ZERO; weights.len()];
    if sum <= 0 {
        if let Some(first) = parts.first_mut() {
            *first = total;
        }
        return parts;
    }
    let total_cents = i128::from(total.cents());
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    let mut left = total_cents;
    for (index, weight) in weights.iter().enumerate() {
        let exact = total_cents * i128::from(weight.cents());
        let whole = exact / sum;
        left -= whole;
        parts[index] = Money::from_cents(i64::try_from(whole).unwrap_or(i64::MAX));
        remainders.push((exact % sum, index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, index) in remainders.iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[index] += Money::CENT;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_direction() {
        let euro = Decimal::new(10_005, 3); // 10.005
        let cents = |r: Rounding| r.cents(euro).cents();
        assert_eq!(
            [Rounding::Down, Rounding::HalfUp, Rounding::HalfEven, Rounding::Up].map(cents),
            [1000, 1001, 1000, 1001]
        );
    }

    proptest! {
        /// The short way comes to what decimals come to.
        #[test]
        fn digits_round_as_decimals_do(digits in any::<i64>(), scale in 0_u32..20) {
            let euro = Decimal::from_i128_with_scale(digits.into(), scale);
            let cut = euro.round_dp_with_strategy(2, RoundingStrategy::ToZero);
            if let Some(cents) = Rounding::Down.by_digits(euro) {
                prop_assert_eq!(Decimal::new(cents, 2), cut);
            }
            if let Some(cents) = Rounding::HalfUp.by_digits(euro) {
                prop_assert_eq!(Decimal::new(cents, 2), euro);
            }
        }

        #[test]
        fn parts_sum_to_the_total_and_stay_within_one_cent(
            weights in prop::collection::vec(0_i64..1_000_000_000_000, 1..9), share in 0_i64..=100
        ) {
            let sum: i64 = weights.iter().sum();
            let total = Money::from_cents(i64::try_from(i128::from(sum) * i128::from(share) / 100).unwrap());
            let weights: Vec<Money> = weights.into_iter().map(Money::from_cents).collect();
            let parts = apportion(total, &weights);
            prop_assert_eq!(parts.iter().sum::<Money>(), total);
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!(*part <= *weight || sum == 0);
                let exact = i128::from(total.cents()) * i128::from(weight.cents());
                let below = i128::from(part.cents()) * i128::from(sum) - exact;
                prop_assert!(below.abs() < i128::from(sum.max(1)));
            }
        }
    }
}
