//! Collects the differences between what a document says and what was computed.

use serde::Serialize;
use serde_json::Value;

use super::Violation;
use crate::ids::{MeasureId, RuleId};

/// The violations found so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    violations: Vec<Violation>,
}

/// How a rule of a measure is cited.
pub(super) fn cited(measure: &MeasureId, rule: &RuleId) -> String {
    format!("measure {measure} rule {rule}")
}

/// A value as the document writes it.
fn shown<T: Serialize + ?Sized>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        Ok(value) => value.to_string(),
        Err(error) => error.to_string(),
    }
}

impl Findings {
    /// Notes a violation.
    pub(super) fn note(
        &mut self,
        rule: impl Into<String>,
        path: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.violations.push(Violation {
            rule: rule.into(),
            path: path.into(),
            found: found.into(),
            expected: expected.into(),
        });
    }

    /// Notes a violation where the two differ.
    pub(super) fn compare<T: Serialize + PartialEq>(
        &mut self,
        rule: &str,
        path: impl Into<String>,
        found: &T,
        expected: &T,
    ) {
        if found != expected {
            self.note(rule, path, shown(found), shown(expected));
        }
    }

    /// Compares two lists element by element; order and number matter.
    pub(super) fn compare_lists<T: Serialize + PartialEq>(
        &mut self,
        rule: &str,
        path: &str,
        found: &[T],
        expected: &[T],
    ) {
        for index in 0..found.len().max(expected.len()) {
            let (found, expected) = (found.get(index), expected.get(index));
            if found != expected {
                let text = |element: Option<&T>| element.map_or_else(|| "nothing".to_owned(), shown);
                self.note(rule, format!("{path}[{index}]"), text(found), text(expected));
            }
        }
    }

    /// All of them, in the order found.
    pub(super) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }
}
