//! Values of facts, and the kinds a column may hold.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// The value of one fact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A word or a name; compared exactly.
    Text(String),
    /// A quantity, a share or an amount in euro.
    Number(Decimal),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
    /// Several words (tags, technologies), without order.
    List(Vec<String>),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => write!(f, "{number}"),
            Value::Flag(true) => f.write_str("yes"),
            Value::Flag(false) => f.write_str("no"),
            Value::Day(day) => write!(f, "{day}"),
            Value::List(words) => f.write_str(&words.join(", ")),
        }
    }
}

/// What kind of value a fact has; decides how its column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactKind {
    /// Any text.
    Text,
    /// A number with a point.
    Number,
    /// An amount of euro with at most two decimals.
    Money,
    /// `yes`/`no`, `true`/`false`, `1`/`0`, `si`/`no`.
    Flag,
    /// A day.
    Date,
    /// Words separated by `|`.
    List,
}

impl FactKind {
    /// Every kind with the name measure files use.
    pub const NAMES: [(&'static str, FactKind); 6] = [
        ("text", FactKind::Text),
        ("number", FactKind::Number),
        ("money", FactKind::Money),
        ("flag", FactKind::Flag),
        ("date", FactKind::Date),
        ("list", FactKind::List),
    ];

    /// The name measure files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}
