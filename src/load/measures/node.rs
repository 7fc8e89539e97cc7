//! A reader over spanned TOML: values with their place, and tables that know which keys were asked for.
//!
//! Each method either gives the value or reports what is wrong and gives nothing, so that a reader goes on with the rest of
//! the file. A [`Table`] takes every key that is asked for as known; [`Table::finish`] reports the others.

mod table;

pub(super) use table::Table;

use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::DeValue;

use super::source::{Source, code};
use crate::diagnostics::{Diagnostic, Place, did_you_mean};

/// A value of the file, with its place.
#[derive(Clone, Copy)]
pub(super) struct Node<'s> {
    source: &'s Source<'s>,
    value: &'s DeValue<'s>,
    span: (usize, usize),
    key: &'s str,
}

impl<'s> Node<'s> {
    fn new(source: &'s Source<'s>, value: &'s Spanned<DeValue<'s>>, key: &'s str) -> Self {
        let span = value.span();
        Node { source, value: value.get_ref(), span: (span.start, span.end), key }
    }

    /// The line it begins at.
    pub fn line(self) -> Option<usize> {
        self.source.place(self.span, None).line
    }

    /// The bytes it stands in: of a table with a header, the header.
    pub fn span(self) -> (usize, usize) {
        self.span
    }

    /// Whether it is a table in braces.
    pub fn is_inline(self) -> bool {
        self.is_table() && self.source.text_of(self.span).starts_with('{')
    }

    /// Whether all of it stands in its span: no table with a header or dotted keys, and no list of such.
    pub fn is_in_one_piece(self) -> bool {
        match self.value {
            DeValue::Table(_) => self.is_inline(),
            DeValue::Array(_) => self.list().unwrap_or_default().into_iter().all(Node::is_in_one_piece),
            _ => true,
        }
    }

    /// The key it stands under.
    pub fn key(self) -> &'s str {
        self.key
    }

    pub fn error(self, code: &'static str, message: impl Into<String>) {
        self.report(Diagnostic::error(code, self.place(), message));
    }

    /// An error of a value, with what was expected in its place.
    pub fn error_expecting(
        self,
        code: &'static str,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.report(Diagnostic::error(code, self.place(), message).expected(expected));
    }

    /// An error with its remedy.
    pub fn error_with_help(self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::error(code, self.place(), message).help(help));
    }

    pub fn warning(self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::warning(code, self.place(), message).help(help));
    }

    fn place(self) -> Place {
        self.source.place(self.span, Some(self.key))
    }

    /// What is found is what stands there, where the problem does not say better.
    pub fn report(self, problem: Diagnostic) {
        let found = problem.found.clone().unwrap_or_else(|| match self.value {
            DeValue::String(text) => excerpt(text),
            _ => excerpt(self.source.text_of(self.span)),
        });
        self.source.report(problem.found(found));
    }

    /// Reports a name that nothing bears, with the candidate most like it.
    pub fn unknown_name<'c>(self, what: &str, name: &str, candidates: impl IntoIterator<Item = &'c str>) {
        // An empty id is a defect of its own, reported where it stands.
        let candidates: Vec<&str> = candidates.into_iter().filter(|name| !name.is_empty()).collect();
        self.report(
            Diagnostic::error(code::UNKNOWN_NAME, self.place(), format!("unknown {what} '{name}'"))
                .found(excerpt(name))
                .expected(format!("a {what}"))
                .help(suggestion(name, &candidates)),
        );
    }

    fn wrong_type<T>(self, expected: &str) -> Option<T> {
        let found = match self.value {
            DeValue::String(text) => format!("the string \"{}\"", excerpt(text)),
            DeValue::Integer(number) => format!("the integer {number}"),
            DeValue::Float(number) => {
                let finite = number.as_str().contains(|c: char| c.is_ascii_digit());
                let help = if finite {
                    format!("write it as a string \"{}\"", number.as_str())
                } else {
                    "leave it out where there is no bound".to_owned()
                };
                let found = format!("the float {number}");
                let message = format!("expected {expected}, found {found}, which is not exact");
                let problem = Diagnostic::error(code::TYPE, self.place(), message);
                self.report(problem.found(found).expected(expected).help(help));
                return None;
            }
            DeValue::Boolean(flag) => format!("{flag}"),
            DeValue::Datetime(date) => format!("the date {date}"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        let message = format!("expected {expected}, found {found}");
        self.report(Diagnostic::error(code::TYPE, self.place(), message).found(found).expected(expected));
        None
    }

    pub fn is_table(self) -> bool {
        self.value.is_table()
    }

    pub fn is_array(self) -> bool {
        self.value.is_array()
    }

    pub fn as_text(self) -> Option<&'s str> {
        self.value.as_str()
    }

    pub fn text(self) -> Option<&'s str> {
        match self.value.as_str() {
            Some(text) if text.trim().is_empty() => {
                self.error_expecting(code::VALUE, "an empty text", "a text");
                None
            }
            Some(text) => Some(text),
            None => self.wrong_type("a string"),
        }
    }

    pub fn owned_text(self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    pub fn flag(self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.wrong_type("true or false"))
    }

    /// Text that reads as a `T`: ids, rates, amounts.
    pub fn parsed<T: FromStr<Err: Display>>(self) -> Option<T> {
        let text = self.number_text().or_else(|| self.text().map(str::to_owned))?;
        text.parse().map_err(|problem: T::Err| self.error(code::VALUE, problem.to_string())).ok()
    }

    /// An integer as plain text.
    fn number_text(self) -> Option<String> {
        let number = self.value.as_integer()?;
        i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string())
    }

    /// A name such as an id: a string, never a number.
    pub fn id<T: FromStr<Err: Display>>(self) -> Option<T> {
        self.text()?.parse().map_err(|problem: T::Err| self.error(code::VALUE, problem.to_string())).ok()
    }

    /// An exact number, from a string or an integer; at most nine decimals, at most ten billion either way.
    pub fn decimal(self) -> Option<Decimal> {
        let text = match self.value {
            DeValue::String(text) => text.as_ref().to_owned(),
            DeValue::Integer(_) => self.number_text().or_else(|| self.wrong_type("a number of 64 bits"))?,
            _ => return self.wrong_type("a number as a string or an integer"),
        };
        match exact_number(&text) {
            Ok(number) => Some(number),
            Err(problem) => {
                self.error_expecting(
                    code::VALUE,
                    problem,
                    "a number such as 0.25, with at most nine decimals",
                );
                None
            }
        }
    }

    /// A whole number that counts things.
    pub fn whole(self) -> Option<u32> {
        let Some(text) = self.number_text() else {
            return self.wrong_type("an integer");
        };
        let message = format!("'{text}' is not a number of things");
        text.parse().map_err(|_| self.error_expecting(code::VALUE, message, "a number of things")).ok()
    }

    /// A day, as a TOML date without quotes.
    pub fn day(self) -> Option<NaiveDate> {
        match self.as_day() {
            Some(day) => Some(day),
            None => self.wrong_type("a day such as 2026-01-31, without quotes and hours"),
        }
    }

    pub fn as_day(self) -> Option<NaiveDate> {
        let moment = self.value.as_datetime()?;
        let date = moment.date.filter(|_| moment.time.is_none())?;
        NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
    }

    /// One of a closed list of words.
    pub fn word<T: Copy>(self, names: &[(&'static str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = names.iter().find(|(name, _)| *name == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let words: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            let message = format!("'{}' is none of {}", excerpt(text), quoted(&words));
            let problem = Diagnostic::error(code::VALUE, self.place(), message).expected(quoted(&words));
            self.report(match did_you_mean(text, words.iter().copied()) {
                Some(word) => problem.help(format!("did you mean '{word}'?")),
                None => problem,
            });
        }
        found
    }

    pub fn list(self) -> Option<Vec<Node<'s>>> {
        match self.value {
            DeValue::Array(values) => {
                Some(values.iter().map(|value| Node::new(self.source, value, self.key)).collect())
            }
            _ => self.wrong_type("a list"),
        }
    }

    /// The elements of a list that is not empty, or the single value: a list of one may be written without brackets.
    pub fn one_or_many(self) -> Option<Vec<Node<'s>>> {
        if !self.is_array() {
            return Some(vec![self]);
        }
        let nodes = self.list()?;
        if nodes.is_empty() {
            self.error_expecting(code::VALUE, "an empty list", "at least one element");
            return None;
        }
        Some(nodes)
    }

    pub fn table(self) -> Option<Table<'s>> {
        match self.value {
            DeValue::Table(entries) => Some(Table::new(self.source, entries, self.span, self.key)),
            _ => self.wrong_type("a table"),
        }
    }

    /// A scalar as the text of a CSV cell.
    pub fn cell(self) -> Option<String> {
        match self.value {
            DeValue::String(text) => Some(text.as_ref().to_owned()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            DeValue::Integer(_) => self.number_text().or_else(|| self.wrong_type("a number of 64 bits")),
            DeValue::Datetime(_) => self.day().map(|day| day.to_string()),
            DeValue::Array(_) => {
                let words: Option<Vec<&str>> = self.list()?.into_iter().map(Node::text).collect();
                words.map(|words| words.join("|"))
            }
            _ => self.wrong_type("a string, an integer, a flag, a day or a list of words"),
        }
    }
}

/// A plain decimal number within the bounds of the language.
pub(super) fn exact_number(text: &str) -> Result<Decimal, String> {
    let plain = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let not_a_number = || format!("'{}' is not a number such as 0.25", excerpt(text));
    if text.is_empty() || !text.chars().all(plain) {
        return Err(not_a_number());
    }
    let number = Decimal::from_str_exact(text).map_err(|_| not_a_number())?;
    if number.normalize().scale() > 9 {
        return Err(format!("'{text}' has more than nine decimals"));
    }
    if number.abs() > Decimal::from(10_000_000_000_i64) {
        return Err(format!("'{text}' is beyond the largest number, 10000000000"));
    }
    Ok(number)
}

/// What to do about an unknown word.
pub(super) fn suggestion(word: &str, known: &[&str]) -> String {
    // Of one or two letters anything is like anything.
    let alike = (word.chars().count() > 2).then(|| did_you_mean(word, known.iter().copied())).flatten();
    match alike {
        Some(candidate) => format!("did you mean '{candidate}'?"),
        None if known.is_empty() => "there are none here".to_owned(),
        None => format!("known here: {}", listed(known)),
    }
}

fn listed(words: &[&str]) -> String {
    const MOST: usize = 20;
    let text = words.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    if words.len() > MOST { format!("{text} and {} more", words.len() - MOST) } else { text }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}

/// A text as it may stand in a message: one line, not too long.
pub(super) fn excerpt(text: &str) -> String {
    const MOST: usize = 60;
    let line: String =
        text.chars().take(MOST).collect::<String>().escape_debug().to_string().replace("\\'", "'");
    if text.chars().count() > MOST { line + "..." } else { line }
}
