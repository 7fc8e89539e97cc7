//! Dates as calls write them: days, instants in Europe/Rome, anchors with calendar months (S5).
//!
//! Months are calendar months: a month after 31 January is the last day of February. A call opens and closes at a day and an hour of
//! Europe/Rome; plans are made in whole days, so only the day is compared and the hour is shown.

use std::fmt;

use chrono::{Days, Months, NaiveDate};

/// A point in the life of an application that a term can be counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchor {
    /// The call opens for applications.
    Opens,
    /// The call closes.
    Closes,
    /// The application is filed.
    FiledOn,
    /// The grant is decided: the legal right is conferred.
    GrantedOn,
}

impl Anchor {
    /// Every anchor with the name measure files use.
    pub const NAMES: [(&'static str, Anchor); 4] = [
        ("opens", Anchor::Opens),
        ("closes", Anchor::Closes),
        ("filed_on", Anchor::FiledOn),
        ("granted_on", Anchor::GrantedOn),
    ];

    /// The name measure files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, anchor)| *anchor == self).map_or("", |(name, _)| name)
    }
}

/// A span of calendar months and days, as in `18 months`, `30 days`, `1 month 15 days`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Calendar months; a year is twelve.
    pub months: u32,
    /// Days, after the months.
    pub days: u32,
}

impl Span {
    /// The date this long after `start`; at the end of time it stays there.
    pub fn after(self, start: NaiveDate) -> NaiveDate {
        start
            .checked_add_months(Months::new(self.months))
            .and_then(|d| d.checked_add_days(Days::new(u64::from(self.days))))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Reads `18 months`, `2 years`, `30 days` and sums of them.
    pub fn parse(text: &str) -> Option<Span> {
        let mut span = Span::default();
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() || !words.len().is_multiple_of(2) {
            return None;
        }
        for pair in words.chunks_exact(2) {
            let count: u32 = pair[0].parse().ok().filter(|c| *c <= 12_000)?;
            match pair[1].trim_end_matches('s') {
                "year" => span.months += 12 * count,
                "month" => span.months += count,
                "day" => span.days += count,
                _ => return None,
            }
        }
        Some(span)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: u32| if n == 1 { "" } else { "s" };
        match (self.months, self.days) {
            (months, 0) => write!(f, "{months} month{}", plural(months)),
            (0, days) => write!(f, "{days} day{}", plural(days)),
            (months, days) => {
                write!(f, "{months} month{} {days} day{}", plural(months), plural(days))
            }
        }
    }
}

/// A date of a rule: fixed, or counted from an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateExpr {
    /// A day of the calendar.
    On(NaiveDate),
    /// An anchor plus a span (which may be empty).
    After(Anchor, Span),
}

impl DateExpr {
    /// Reads `2020-04-30`, `filed_on`, `granted_on + 18 months`.
    pub fn parse(text: &str) -> Option<DateExpr> {
        let text = text.trim();
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Some(DateExpr::On(day));
        }
        let (anchor, span) = match text.split_once('+') {
            Some((anchor, span)) => (anchor.trim(), Span::parse(span)?),
            None => (text, Span::default()),
        };
        let (_, anchor) = Anchor::NAMES.iter().find(|(name, _)| *name == anchor)?;
        Some(DateExpr::After(*anchor, span))
    }

    /// The day meant, if the anchor's date is known.
    pub fn resolve(self, anchor_date: impl Fn(Anchor) -> Option<NaiveDate>) -> Option<NaiveDate> {
        match self {
            DateExpr::On(day) => Some(day),
            DateExpr::After(anchor, span) => anchor_date(anchor).map(|start| span.after(start)),
        }
    }
}

impl fmt::Display for DateExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateExpr::On(day) => write!(f, "{day}"),
            DateExpr::After(anchor, span) if *span == Span::default() => write!(f, "{}", anchor.name()),
            DateExpr::After(anchor, span) => write!(f, "{} + {span}", anchor.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_calendar_months() {
        let month = Span { months: 1, days: 0 };
        assert_eq!(month.after(day("2024-01-31")), day("2024-02-29"));
        assert_eq!(month.after(day("2023-01-31")), day("2023-02-28"));
    }

    #[test]
    fn expressions_round_trip() {
        for text in ["2020-04-30", "filed_on", "granted_on + 18 months", "closes + 1 month 15 days"] {
            assert_eq!(DateExpr::parse(text).map(|e| e.to_string()), Some(text.to_owned()));
        }
        for text in ["2020-02-30", "filed", "filed_on + 18", "filed_on + 18 weeks", ""] {
            assert_eq!(DateExpr::parse(text), None, "{text}");
        }
    }
}
