//! Figures for people: digits in groups of three, shares as percentages. Files and `result.json` keep the plain form.

use rust_decimal::Decimal;

use crate::money::Money;

/// An amount with its digits in groups: `45 123.45`.
pub fn money(amount: Money) -> String {
    grouped(&amount.to_string())
}

/// An amount with its currency: `EUR 45 123.45`.
pub fn euro(amount: Money) -> String {
    format!("EUR {}", money(amount))
}

/// A number as exact as it is, with its digits in groups: `150 000`, `0.5`.
pub fn number(value: Decimal) -> String {
    grouped(&value.normalize().to_string())
}

/// A rate as a percentage: `0.125` is `12.5 %`.
pub fn percentage(rate: Decimal) -> String {
    format!("{} %", number(rate * Decimal::ONE_HUNDRED))
}

/// A part of a whole as a percentage with two decimals; none of a whole that is not above zero.
pub fn share(part: Money, whole: Money) -> Option<String> {
    whole.is_positive().then(|| format!("{:.2} %", part.euro() * Decimal::ONE_HUNDRED / whole.euro()))
}

/// Groups the whole digits of a plain decimal number by threes; any other text stays as it is.
pub fn grouped(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(w, d)| (w, Some(d)));
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !decimals.is_none_or(all_digits) {
        return plain.to_owned();
    }
    let mut text = sign.to_owned();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if let Some(decimals) = decimals {
        text.push('.');
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(money(Money::from_cents(4_512_345)), "45 123.45");
        assert_eq!(money(Money::from_cents(-100_000_000)), "-1 000 000.00");
        assert_eq!(money(Money::from_cents(5)), "0.05");
        assert_eq!(grouped("999"), "999");
        assert_eq!(grouped("1234.5678"), "1 234.5678");
    }

    #[test]
    fn what_is_no_number_is_left_alone() {
        for text in ["", "-", "e12345", "1.2.3", "2026-06-01"] {
            assert_eq!(grouped(text), text);
        }
    }

    #[test]
    fn shares_are_percentages() {
        assert_eq!(percentage(Decimal::new(125, 3)), "12.5 %");
        // 1 of 3 euro.
        let third = share(Money::from_cents(100), Money::from_cents(300));
        assert_eq!(third.as_deref(), Some("33.33 %"));
        assert_eq!(share(Money::CENT, Money::ZERO), None);
    }
}
