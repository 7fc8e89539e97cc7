//! Conditions: structured, typed, three-valued, and able to say themselves as a sentence.

use std::fmt;

use super::facts::{FactRef, Facts};
use crate::portfolio::Value;

/// A condition on facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every part holds; the empty list always does.
    All(Vec<Condition>),
    /// Some part holds; the empty list never does.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// A named condition of the same measure (a class), kept with its name for messages.
    Class(String, Box<Condition>),
    /// One fact passes one test.
    Fact(FactRef, Test),
}

/// A test of one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Equal to one of these; for a list fact: some word of it is.
    OneOf(Vec<Value>),
    /// At least this number or this day.
    AtLeast(Value),
    /// At most this number or this day.
    AtMost(Value),
    /// More than this number, after this day.
    MoreThan(Value),
    /// Less than this number, before this day.
    LessThan(Value),
    /// A code that begins with one of `prefixes` and with none of `except` (activity codes).
    StartsWith {
        /// Beginnings that fit.
        prefixes: Vec<String>,
        /// Longer beginnings that do not.
        except: Vec<String>,
    },
    /// Whether the fact is known at all.
    Known(bool),
}

/// What a condition is, given what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It hangs on facts that are missing.
    Unknown(Vec<FactRef>),
}

impl Truth {
    /// Whether it surely holds.
    pub fn holds(&self) -> bool {
        *self == Truth::True
    }
}

impl Condition {
    /// The condition that always holds.
    pub const ALWAYS: Condition = Condition::All(Vec::new());

    /// Whether this is the condition that always holds.
    pub fn is_always(&self) -> bool {
        matches!(self, Condition::All(parts) if parts.is_empty())
    }

    /// Evaluates in Kleene's three-valued logic: a missing fact matters only where it decides.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Truth {
        match self {
            Condition::All(parts) => fold(parts, facts, &Truth::False, Truth::True),
            Condition::Any(parts) => fold(parts, facts, &Truth::True, Truth::False),
            Condition::Not(part) => match part.evaluate(facts) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                unknown @ Truth::Unknown(_) => unknown,
            },
            Condition::Class(_, part) => part.evaluate(facts),
            Condition::Fact(fact, Test::Known(known)) => {
                if facts.value(fact).is_some() == *known {
                    Truth::True
                } else {
                    Truth::False
                }
            }
            Condition::Fact(fact, test) => match facts.value(fact) {
                None => Truth::Unknown(vec![fact.clone()]),
                Some(value) if test.passes(&value) => Truth::True,
                Some(_) => Truth::False,
            },
        }
    }

    /// The first part that fails or is unknown, for a precise reason: descends into `All` and classes.
    pub fn culprit(&self, facts: &Facts<'_>) -> Option<&Condition> {
        match self {
            Condition::All(parts) => parts.iter().find_map(|part| part.culprit(facts)),
            Condition::Class(_, part) => part.culprit(facts),
            other => (!other.evaluate(facts).holds()).then_some(other),
        }
    }

    /// Every fact the condition may ask for.
    pub fn facts(&self) -> Vec<&FactRef> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(|p| p.facts()).collect(),
            Condition::Not(part) | Condition::Class(_, part) => part.facts(),
            Condition::Fact(fact, _) => vec![fact],
        }
    }
}

/// `deciding` found anywhere decides; otherwise unknown if any part is; otherwise `neutral`.
fn fold(parts: &[Condition], facts: &Facts<'_>, deciding: &Truth, neutral: Truth) -> Truth {
    let mut missing = Vec::new();
    for part in parts {
        match part.evaluate(facts) {
            truth if truth == *deciding => return truth,
            Truth::Unknown(facts) => missing.extend(facts),
            _ => {}
        }
    }
    if missing.is_empty() {
        return neutral;
    }
    missing.sort();
    missing.dedup();
    Truth::Unknown(missing)
}

impl Test {
    /// Whether a known value passes. A value of another kind than the test's does not: readers check kinds beforehand.
    pub fn passes(&self, value: &Value) -> bool {
        match self {
            Test::OneOf(allowed) => match value {
                Value::List(words) => {
                    words.iter().any(|word| allowed.iter().any(|a| matches!(a, Value::Text(t) if t == word)))
                }
                value => allowed.contains(value),
            },
            Test::AtLeast(bound) => compare(value, bound).is_some_and(std::cmp::Ordering::is_ge),
            Test::AtMost(bound) => compare(value, bound).is_some_and(std::cmp::Ordering::is_le),
            Test::MoreThan(bound) => compare(value, bound).is_some_and(std::cmp::Ordering::is_gt),
            Test::LessThan(bound) => compare(value, bound).is_some_and(std::cmp::Ordering::is_lt),
            Test::StartsWith { prefixes, except } => match value {
                Value::Text(code) => {
                    let begins = |with: &[String]| with.iter().any(|p| code.starts_with(p.as_str()));
                    begins(prefixes) && !begins(except)
                }
                _ => false,
            },
            Test::Known(known) => *known,
        }
    }
}

/// The order of two numbers or two days; none for other kinds.
fn compare(value: &Value, bound: &Value) -> Option<std::cmp::Ordering> {
    match (value, bound) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Day(a), Value::Day(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Condition], word: &str| {
            parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(word)
        };
        match self {
            Condition::All(parts) if parts.is_empty() => f.write_str("always"),
            Condition::All(parts) => f.write_str(&joined(parts, " and ")),
            Condition::Any(parts) => write!(f, "({})", joined(parts, " or ")),
            Condition::Not(part) => write!(f, "not ({part})"),
            Condition::Class(name, _) => write!(f, "is '{name}'"),
            Condition::Fact(fact, test) => write!(f, "{fact} {test}"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Test::OneOf(values) => match values.as_slice() {
                [value] => write!(f, "is {value}"),
                values => {
                    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
                    write!(f, "is one of {}", words.join(", "))
                }
            },
            Test::AtLeast(value) => write!(f, "is at least {value}"),
            Test::AtMost(value) => write!(f, "is at most {value}"),
            Test::MoreThan(value @ Value::Day(_)) => write!(f, "is after {value}"),
            Test::MoreThan(value) => write!(f, "is more than {value}"),
            Test::LessThan(value @ Value::Day(_)) => write!(f, "is before {value}"),
            Test::LessThan(value) => write!(f, "is less than {value}"),
            Test::StartsWith { prefixes, except } if except.is_empty() => {
                write!(f, "begins with {}", prefixes.join(" or "))
            }
            Test::StartsWith { prefixes, except } => {
                write!(f, "begins with {} but not {}", prefixes.join(" or "), except.join(" or "))
            }
            Test::Known(true) => f.write_str("is known"),
            Test::Known(false) => f.write_str("is not known"),
        }
    }
}
