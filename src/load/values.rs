//! Cell text to typed values: pure functions, each for one kind of column.

use std::borrow::Cow;

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

    /// A number or a share as this mark writes it, for messages.
    pub const fn example(self, share: bool) -> &'static str {
        match (self, share) {
            (DecimalMark::Point, false) => "1234.56",
            (DecimalMark::Comma, false) => "1.234,56",
            (DecimalMark::Point, true) => "0.22",
            (DecimalMark::Comma, true) => "0,22",
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            DecimalMark::Point => "point",
            DecimalMark::Comma => "comma",
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
    if !text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
        return Evidence::None;
    }
    let is_mark = |b: u8| !b.is_ascii_digit();
    let mut marks = text.bytes().filter(|b| is_mark(*b));
    let only = |mark| Evidence::Only(if mark == b'.' { DecimalMark::Point } else { DecimalMark::Comma });
    match (marks.next(), marks.next_back()) {
        (None, _) => Evidence::None,
        (Some(mark), None) => match text.split_once(char::from(mark)) {
            Some((whole, rest)) if rest.len() == 3 && grouped_first(whole) => Evidence::Ambiguous,
            _ => only(mark),
        },
        // Thousands are marked more than once, the fraction once and last.
        (Some(first), Some(last)) if first == last => only(if first == b'.' { b',' } else { b'.' }),
        (_, Some(last)) => only(last),
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
pub(super) fn plain(text: &str, mark: DecimalMark) -> Option<Cow<'_, str>> {
    let text = bare(text);
    let text = text.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(text);
    let (sign, unsigned) = text.split_at(usize::from(text.starts_with('-')));
    let separator = match mark {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    };
    let (whole, fraction) = match unsigned.split_once(separator) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !fraction.is_none_or(digits) {
        return None;
    }
    let is_grouped = mark == DecimalMark::Comma && whole.contains('.');
    if !is_grouped {
        return digits(whole).then(|| match (mark, fraction) {
            (DecimalMark::Comma, Some(fraction)) => Cow::Owned([sign, whole, ".", fraction].concat()),
            _ => Cow::Borrowed(text),
        });
    }
    let whole = ungrouped(whole)?;
    digits(&whole).then(|| match fraction {
        Some(fraction) => Cow::Owned([sign, &whole, ".", fraction].concat()),
        None => Cow::Owned([sign, &whole].concat()),
    })
}

/// `1.234.567` without its points; nothing where the groups are not of three digits.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split('.');
    let first = groups.next()?;
    let sound = grouped_first(first) && groups.all(|group| group.len() == 3);
    sound.then(|| whole.replace('.', ""))
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
    let (year, month, day) = day_parts(text)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Year, month and day of a text that has the form of a day.
fn day_parts(text: &str) -> Option<(u32, u32, u32)> {
    let part = |text: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let sound = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if sound { text.parse().ok() } else { None }
    };
    let parts = |mark: char| -> Option<[&str; 3]> {
        let mut parts = text.split(mark);
        let three = [parts.next()?, parts.next()?, parts.next()?];
        parts.next().is_none().then_some(three)
    };
    if let Some([year, month, day]) = parts('-') {
        Some((part(year, 4..=4)?, part(month, 2..=2)?, part(day, 2..=2)?))
    } else {
        let [day, month, year] = parts('/')?;
        Some((part(year, 4..=4)?, part(month, 1..=2)?, part(day, 1..=2)?))
    }
}

/// What to do about a text that is no day, by what seems to be meant.
pub(super) fn day_remedy(text: &str) -> String {
    let ends_in_two = |mark: char| {
        let last = text.rsplit(mark).next().unwrap_or_default();
        text.matches(mark).count() == 2 && last.len() == 2 && !last.contains(|c: char| !c.is_ascii_digit())
    };
    let form = "write it as 2026-03-31, or as 31/03/2026 with the day first";
    match day_parts(text) {
        Some((_, month, _)) if month > 12 && text.contains('/') => {
            format!("there is no month {month}: the day comes first, as in 31/03/2026")
        }
        Some((_, month, _)) if !(1..=12).contains(&month) => format!("there is no month {month}"),
        Some((year, month, day)) => format!("{month:02}/{year} has no day {day}"),
        None if ends_in_two('/') => format!("the year needs four digits: {form}"),
        None => form.to_owned(),
    }
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
    // Most cells hold the word as it is written: only the others are folded.
    let exact = words.iter().find(|w| w.english == text || w.italian.contains(&text));
    let meant = exact.or_else(|| {
        let text = folded(text);
        words.iter().find(|w| folded(w.english) == text || w.italian.iter().any(|it| folded(it) == text))
    })?;
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
    fn the_remedy_for_a_day_tells_what_is_wrong_with_it() {
        assert_eq!(day_remedy("29/02/2026"), "02/2026 has no day 29");
        assert_eq!(day_remedy("2026-13-01"), "there is no month 13");
        assert_eq!(day_remedy("03/25/2026"), "there is no month 25: the day comes first, as in 31/03/2026");
        assert!(day_remedy("05/03/26").starts_with("the year needs four digits"));
        assert!(day_remedy("today").starts_with("write it as"));
    }

    #[test]
    fn lists_are_without_order_and_repetition() {
        assert_eq!(list("b | a||b"), ["a", "b"]);
    }
}
