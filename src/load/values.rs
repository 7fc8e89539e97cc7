//! Cell text to typed values: pure functions, each for one kind of column.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::fields::{Bounds, Word, folded};

/// What stands between the euro and the cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DecimalMark {
    /// `1234.56`
    Point,
    /// `1.234,56`, `1234,56`
    Comma,
}

impl DecimalMark {
    /// The setting that says so.
    pub const NAMES: [(&'static str, DecimalMark); 2] =
        [(".", DecimalMark::Point), (",", DecimalMark::Comma)];

    /// A number as this mark writes it, for messages.
    pub const fn example(self) -> &'static str {
        match self {
            DecimalMark::Point => "1234.56",
            DecimalMark::Comma => "1.234,56",
        }
    }
}

/// What one number tells about the decimal mark of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing: no mark, or not a number at all.
    None,
    /// It can only be meant with this mark.
    Only(DecimalMark),
    /// One mark, with three digits after it: a fraction, or thousands?
    Ambiguous,
}

/// Reads the evidence.
pub(super) fn evidence(text: &str) -> Evidence {
    let text = bare(text).trim_start_matches(['-', '+']);
    if !text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') {
        return Evidence::None;
    }
    let marks: Vec<char> = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let only = |mark| Evidence::Only(if mark == '.' { DecimalMark::Point } else { DecimalMark::Comma });
    match marks.as_slice() {
        [] => Evidence::None,
        [mark] => match text.split_once(*mark) {
            Some((whole, rest)) if rest.len() == 3 && grouped_first(whole) => Evidence::Ambiguous,
            _ => only(*mark),
        },
        // Thousands are marked more than once, the fraction once and last.
        [first, .., last] if first == last => only(if *first == '.' { ',' } else { '.' }),
        [.., last] => only(*last),
    }
}

/// Whether the digits before a mark could be the first group of thousands.
fn grouped_first(digits: &str) -> bool {
    (1..=3).contains(&digits.len()) && !digits.starts_with('0')
}

/// The text without spaces around it and without a euro sign before or behind.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('€').or_else(|| text.strip_suffix('€')).unwrap_or(text).trim()
}

/// The largest number a column may hold, and the most decimals: products of a few of them with amounts of money stay
/// within what a `Decimal` can hold.
pub(super) const LARGEST_NUMBER: Decimal = Decimal::from_parts(0xD4A5_0FFF, 0xE8, 0, false, 0);
/// See [`LARGEST_NUMBER`].
pub(super) const MOST_DECIMALS: u32 = 9;

/// The exact number of a text that [`plain`] gave; nothing where it is too large or too fine.
pub(super) fn number(plain: &str) -> Option<Decimal> {
    let number = Decimal::from_str_exact(plain).ok()?.normalize();
    (number.abs() <= LARGEST_NUMBER && number.scale() <= MOST_DECIMALS).then_some(number)
}

/// A number with a point and without groups; nothing where the text is not one.
pub(super) fn plain(text: &str, mark: DecimalMark) -> Option<String> {
    let text = bare(text);
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match mark {
        DecimalMark::Point => (text.split('.').next()?.to_owned(), text.split_once('.').map(|(_, f)| f)),
        DecimalMark::Comma => {
            let (whole, fraction) = match text.split_once(',') {
                Some((whole, fraction)) => (whole, Some(fraction)),
                None => (text, None),
            };
            (ungrouped(whole)?, fraction)
        }
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(&whole) || !fraction.is_none_or(digits) {
        return None;
    }
    Some(match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    })
}

/// `1.234.567` without its points; nothing where the groups are not of three digits.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split('.');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let sound = rest.is_empty() || (grouped_first(first) && rest.iter().all(|group| group.len() == 3));
    sound.then(|| format!("{first}{}", rest.concat()))
}

/// Whether a number lies within the bounds.
pub(super) fn within(number: Decimal, bounds: Bounds) -> bool {
    match bounds {
        Bounds::Any => true,
        Bounds::NotNegative => number >= Decimal::ZERO,
        Bounds::Positive => number > Decimal::ZERO,
        Bounds::Within(least, most) => number >= Decimal::from(least) && number <= Decimal::from(most),
    }
}

/// Bounds in words.
pub(super) fn bounds_in_words(bounds: Bounds) -> String {
    match bounds {
        Bounds::Any => "any number".to_owned(),
        Bounds::NotNegative => "zero or above".to_owned(),
        Bounds::Positive => "above zero".to_owned(),
        Bounds::Within(least, most) => format!("from {least} to {most}"),
    }
}

/// A day: `2026-03-31`, or `31/03/2026` with the day first.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let part = |text: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let sound = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if sound { text.parse().ok() } else { None }
    };
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = if text.matches('-').count() == 2 {
        (part(first, 4..=4)?, part(second, 2..=2)?, part(third, 2..=2)?)
    } else if text.matches('/').count() == 2 {
        (part(third, 4..=4)?, part(second, 1..=2)?, part(first, 1..=2)?)
    } else {
        return None;
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Whether a day lies where plans and their documents do; outside, a digit is wrong.
pub(super) fn plausible(day: NaiveDate) -> bool {
    (1990..=2100).contains(&day.year())
}

/// Yes or no.
pub(super) fn flag(text: &str) -> Option<bool> {
    match folded(text).as_str() {
        "yes" | "y" | "true" | "1" | "si" | "s" | "vero" => Some(true),
        "no" | "n" | "false" | "0" | "falso" => Some(false),
        _ => None,
    }
}

/// Words separated by `|`, in order and once each: a list is without order.
pub(super) fn list(text: &str) -> Vec<String> {
    let mut words: Vec<String> =
        text.split('|').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    words.sort();
    words.dedup();
    words
}

/// The word meant, English or Italian.
pub(super) fn word(text: &str, words: &[Word]) -> Option<&'static str> {
    let text = folded(text);
    let mut words = words.iter();
    let meant = words.find(|w| folded(w.english) == text || w.italian.iter().any(|it| folded(it) == text))?;
    Some(meant.english)
}

#[cfg(test)]
mod tests {
    use super::DecimalMark::{Comma, Point};
    use super::*;

    #[test]
    fn numbers_tell_their_decimal_mark_unless_thousands_are_possible() {
        for text in ["1234.56", "12.5", "0.125", "1234.567", "1,234.56", "1,234,567", "€ 12.50"] {
            assert_eq!(evidence(text), Evidence::Only(Point), "{text}");
        }
        for text in ["1234,56", "12,5", "0,125", "1.234,56", "1.234.567", "-1,5"] {
            assert_eq!(evidence(text), Evidence::Only(Comma), "{text}");
        }
        for text in ["1.234", "1,234", "123.456", "-1.234"] {
            assert_eq!(evidence(text), Evidence::Ambiguous, "{text}");
        }
        for text in ["1234", "", "abc", "1/2"] {
            assert_eq!(evidence(text), Evidence::None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_exactly() {
        let read = |text, mark| plain(text, mark);
        assert_eq!(read("1234.56", Point).as_deref(), Some("1234.56"));
        assert_eq!(read("1.234.567,89", Comma).as_deref(), Some("1234567.89"));
        assert_eq!(read(" €\u{a0}1.234 ", Comma).as_deref(), Some("1234"));
        assert_eq!(read("+12,5", Comma).as_deref(), Some("12.5"));
        assert_eq!(read("-3", Point).as_deref(), Some("-3"));
        assert_eq!(read("12,50 €", Comma).as_deref(), Some("12.50"));
        for text in ["1,234.56", "1.2.3", "1e3", ".5", "5.", "", "-", "1_000", "٣"] {
            assert_eq!(read(text, Point), None, "{text}");
        }
        for text in ["12.34,5", "1.23", "0.123", "1,2,3", "1.234.56", ",5", "1234.567"] {
            assert_eq!(read(text, Comma), None, "{text}");
        }
    }

    #[test]
    fn numbers_have_at_most_twelve_digits_and_nine_decimals() {
        assert_eq!(LARGEST_NUMBER.to_string(), "999999999999");
        assert_eq!(number("0.1234567890").map(|n| n.to_string()).as_deref(), Some("0.123456789"));
        assert!(number("999999999999").is_some());
        for text in ["1000000000000", "0.1234567891", "99999999999999999999999999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_iso_or_day_first() {
        let expected = NaiveDate::from_ymd_opt(2026, 3, 5);
        for text in ["2026-03-05", "05/03/2026", "5/3/2026"] {
            assert_eq!(day(text), expected, "{text}");
        }
        for text in
            ["2026-3-5", "03/25/2026", "2026/03/05", "5-3-2026", "05/03/26", "2026-02-30", "", "1-2/3"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_without_order_and_repetition() {
        assert_eq!(list("b | a||b"), ["a", "b"]);
    }
}
