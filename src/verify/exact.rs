//! Exact arithmetic that cannot panic: products and sums that saturate, quotients cut exactly, sharing in whole cents.
//!
//! Inputs are bounded where they are read, so saturation never meets a real case; it only keeps absurd ones from panicking.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::money::Money;

/// Decimals that a quota of a share is compared at: finer than any cent can tell, coarser than the error of a 28-digit quotient.
const QUOTA_DECIMALS: u32 = 12;

/// `a x b`.
pub(super) fn product(a: Decimal, b: Decimal) -> Decimal {
    let limit = if a.is_sign_negative() == b.is_sign_negative() { Decimal::MAX } else { Decimal::MIN };
    a.checked_mul(b).unwrap_or(limit)
}

/// `a + b`.
pub(super) fn sum(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).unwrap_or(if a.is_sign_negative() { Decimal::MIN } else { Decimal::MAX })
}

/// The sum of all.
pub(super) fn total(numbers: impl IntoIterator<Item = Decimal>) -> Decimal {
    numbers.into_iter().fold(Decimal::ZERO, sum)
}

/// Whole cents of an exact number of euro: the largest not above it, held between nothing and [`Money::LARGEST`].
pub(super) fn floor_cents(euro: Decimal) -> Money {
    held(product(euro, Decimal::ONE_HUNDRED).floor())
}

/// The smallest whole cents not below it, held likewise.
pub(super) fn ceil_cents(euro: Decimal) -> Money {
    held(product(euro, Decimal::ONE_HUNDRED).ceil())
}

fn held(cents: Decimal) -> Money {
    if cents.is_sign_negative() {
        return Money::ZERO;
    }
    cents.to_i64().map_or(Money::LARGEST, |cents| Money::from_cents(cents).min(Money::LARGEST))
}

/// The largest quotient that is cut: beyond it a cent could no longer be told in 28 digits, and no amount comes near.
const LARGEST_QUOTIENT: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// `numerator / denominator` cut down to so many decimals, exactly; none beyond [`LARGEST_QUOTIENT`] or for a denominator not above zero.
pub(super) fn cut_quotient(numerator: Decimal, denominator: Decimal, decimals: u32) -> Option<Decimal> {
    if denominator <= Decimal::ZERO {
        return None;
    }
    let unit = Decimal::new(1, decimals);
    let quotient = numerator.checked_div(denominator)?;
    if quotient.abs() > LARGEST_QUOTIENT {
        return None;
    }
    let mut cut = quotient.round_dp_with_strategy(decimals, RoundingStrategy::ToNegativeInfinity);
    // The quotient itself was rounded to 28 digits: step to the multiple of the unit that is truly the last not above it.
    while cut.checked_mul(denominator)? > numerator {
        cut -= unit;
    }
    while (cut + unit).checked_mul(denominator)? <= numerator {
        cut += unit;
    }
    Some(cut)
}

/// Shares whole cents in proportion to weights that are not negative, by largest remainder; ties go to the earlier.
pub(super) fn share(amount: Money, weights: &[Decimal]) -> Vec<Money> {
    let whole = total(weights.iter().copied());
    let mut parts = vec![Money::ZERO; weights.len()];
    if whole <= Decimal::ZERO {
        return parts;
    }
    let cents = Decimal::from(amount.cents());
    let mut remainders: Vec<(Decimal, usize)> = Vec::new();
    let mut left = amount;
    for (index, &weight) in weights.iter().enumerate() {
        let quota = product(cents, weight).checked_div(whole).unwrap_or_default().round_dp(QUOTA_DECIMALS);
        parts[index] = Money::from_cents(quota.floor().to_i64().unwrap_or_default());
        left -= parts[index];
        remainders.push((quota.fract(), index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, index) in remainders.iter().take(usize::try_from(left.cents()).unwrap_or_default()) {
        parts[index] += Money::CENT;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn a_quotient_is_cut_and_not_rounded() {
        // 360 / 36 is 10 although 10 / 36 has no end; 200 / 3 is 66.666...
        assert_eq!(cut_quotient(decimal("360"), decimal("36"), 2), Some(decimal("10")));
        assert_eq!(cut_quotient(decimal("200"), decimal("3"), 2), Some(decimal("66.66")));
        assert_eq!(cut_quotient(decimal("1"), Decimal::ZERO, 2), None);
        assert_eq!(cut_quotient(Decimal::MAX, decimal("1"), 2), None);
        assert_eq!(LARGEST_QUOTIENT, decimal("1000000000000000"));
    }

    #[test]
    fn equal_remainders_go_to_the_earlier_part() {
        // 2 cents over weights 1/3, 4/3, 1/3: quotas 1/3, 4/3, 1/3, so one cent is left and the first takes it.
        let third = decimal("1").checked_div(decimal("3")).unwrap();
        let weights = [third, product(third, decimal("4")), third];
        assert_eq!(share(Money::from_cents(2), &weights).map_cents(), [1, 1, 0]);
    }

    #[test]
    fn cents_are_held_within_what_a_file_may_state() {
        assert_eq!(floor_cents(decimal("-3")), Money::ZERO);
        assert_eq!(floor_cents(Decimal::MAX), Money::LARGEST);
        assert_eq!(ceil_cents(decimal("0.001")), Money::CENT);
    }

    trait Cents {
        fn map_cents(&self) -> Vec<i64>;
    }
    impl Cents for Vec<Money> {
        fn map_cents(&self) -> Vec<i64> {
            self.iter().map(|m| m.cents()).collect()
        }
    }
}
