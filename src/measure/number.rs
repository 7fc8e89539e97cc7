//! Numbers that hang on facts: constants, facts, tables, arithmetic.

use rust_decimal::Decimal;

use super::condition::Test;
use super::facts::{FactRef, Facts};
use crate::portfolio::Value;
use crate::rate::Rate;

/// A number of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// Always the same.
    Constant(Decimal),
    /// The value of a fact.
    Fact(FactRef),
    /// The value of the first row that fits.
    Table(Table),
    /// A sum.
    Sum(Vec<Number>),
    /// A product.
    Product(Vec<Number>),
    /// The first less the second.
    Difference(Box<Number>, Box<Number>),
    /// The smallest.
    Min(Vec<Number>),
    /// The largest.
    Max(Vec<Number>),
}

/// A table of values keyed by facts; the first matching row counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name in the measure file.
    pub name: String,
    /// The facts that are looked up, one a column.
    pub keys: Vec<FactRef>,
    /// In the order of the file.
    pub rows: Vec<Row>,
}

/// A row: one cell a key, and the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// One test a key.
    pub cells: Vec<Cell>,
    /// The value where all cells fit.
    pub value: Decimal,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// `*`: fits anything, known or not.
    Any,
    /// Fits what passes the test (`micro|small`, `<=50`, `>=3`).
    Test(Test),
}

/// What a number is, given what is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The value.
    Value(Decimal),
    /// It hangs on facts that are missing.
    Unknown(Vec<FactRef>),
    /// A table has no row for these facts: not admissible there (S9).
    NoRow(String),
    /// Beyond what 28 digits hold.
    Overflow,
}

impl Number {
    /// The number zero.
    pub const ZERO: Number = Number::Constant(Decimal::ZERO);

    /// The largest value a rule's number may have either way: that of an amount of money.
    pub const LARGEST: Decimal = Decimal::from_parts(1_410_065_408, 2, 0, false, 0);

    /// Evaluates; the first part that has no value decides what is missing. A value beyond [`Number::LARGEST`] or finer than
    /// [`Rate::DECIMALS`] is an overflow, so that products with money stay exact.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Outcome {
        match self.exact(facts) {
            Outcome::Value(value)
                if value.abs() > Self::LARGEST || value.normalize().scale() > Rate::DECIMALS =>
            {
                Outcome::Overflow
            }
            outcome => outcome,
        }
    }

    fn exact(&self, facts: &Facts<'_>) -> Outcome {
        match self {
            Number::Constant(value) => Outcome::Value(*value),
            Number::Fact(fact) => match facts.value(fact).and_then(|v| v.number()) {
                Some(value) => Outcome::Value(value),
                None => Outcome::Unknown(vec![fact.clone()]),
            },
            Number::Table(table) => table.look_up(facts),
            Number::Sum(parts) => fold(parts, facts, Decimal::ZERO, Decimal::checked_add),
            Number::Product(parts) => fold(parts, facts, Decimal::ONE, Decimal::checked_mul),
            Number::Difference(from, less) => match (from.exact(facts), less.exact(facts)) {
                (Outcome::Value(a), Outcome::Value(b)) => {
                    a.checked_sub(b).map_or(Outcome::Overflow, Outcome::Value)
                }
                (Outcome::Value(_), other) | (other, _) => other,
            },
            Number::Min(parts) => extreme(parts, facts, Decimal::min),
            Number::Max(parts) => extreme(parts, facts, Decimal::max),
        }
    }

    /// Every fact the number may ask for.
    pub fn facts(&self) -> Vec<&FactRef> {
        match self {
            Number::Constant(_) => Vec::new(),
            Number::Fact(fact) => vec![fact],
            Number::Table(table) => table.keys.iter().collect(),
            Number::Sum(parts) | Number::Product(parts) | Number::Min(parts) | Number::Max(parts) => {
                parts.iter().flat_map(|p| p.facts()).collect()
            }
            Number::Difference(from, less) => [from.facts(), less.facts()].concat(),
        }
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Self {
        Number::Constant(value)
    }
}

fn fold(
    parts: &[Number],
    facts: &Facts<'_>,
    start: Decimal,
    step: impl Fn(Decimal, Decimal) -> Option<Decimal>,
) -> Outcome {
    let mut total = start;
    for part in parts {
        match part.exact(facts) {
            Outcome::Value(value) => match step(total, value) {
                Some(next) => total = next,
                None => return Outcome::Overflow,
            },
            other => return other,
        }
    }
    Outcome::Value(total)
}

fn extreme(parts: &[Number], facts: &Facts<'_>, pick: impl Fn(Decimal, Decimal) -> Decimal) -> Outcome {
    let mut best: Option<Decimal> = None;
    for part in parts {
        match part.exact(facts) {
            Outcome::Value(value) => best = Some(best.map_or(value, |b| pick(b, value))),
            other => return other,
        }
    }
    // Readers refuse an empty `min` or `max`.
    Outcome::Value(best.unwrap_or_default())
}

impl Table {
    fn look_up(&self, facts: &Facts<'_>) -> Outcome {
        let values: Vec<Option<Value>> = self.keys.iter().map(|key| facts.value(key)).collect();
        let mut missing: Vec<FactRef> = Vec::new();
        for row in &self.rows {
            let mut fits = true;
            let mut unknown: Vec<FactRef> = Vec::new();
            for ((cell, value), key) in row.cells.iter().zip(&values).zip(&self.keys) {
                match (cell, value) {
                    (Cell::Any, _) => {}
                    (Cell::Test(test), Some(value)) => fits &= test.passes(value),
                    (Cell::Test(_), None) => unknown.push(key.clone()),
                }
            }
            match (fits, unknown.is_empty()) {
                (true, true) if missing.is_empty() => return Outcome::Value(row.value),
                // A row that might fit hides the rows below it.
                (true, _) => missing.extend(unknown),
                (false, _) => {}
            }
        }
        if missing.is_empty() {
            return Outcome::NoRow(self.name.clone());
        }
        missing.sort();
        missing.dedup();
        Outcome::Unknown(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_is_ten_billion() {
        assert_eq!(Number::LARGEST.to_string(), "10000000000");
    }
}
