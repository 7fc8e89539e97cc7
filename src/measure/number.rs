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
    /// The first divided by the second, to nine decimals.
    Quotient(Box<Number>, Box<Number>),
    /// The first whose facts are known.
    FirstKnown(Vec<Number>),
    /// Outstanding balances of one euro of loan, discounted to the grant, to nine decimals (S12).
    DiscountedBalances {
        /// Length in years, the last one begun counting in full.
        years: Box<Number>,
        /// Months before the first repayment.
        grace_months: Box<Number>,
        /// Rate of discount a year.
        rate: Box<Number>,
        /// When in the year a balance counts.
        due: Due,
    },
}

/// When in each year something falls due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// At its start.
    #[default]
    Start,
    /// At its end.
    End,
}

impl Due {
    /// Every one with the word measure files use.
    pub const NAMES: [(&'static str, Due); 2] = [("start", Due::Start), ("end", Due::End)];
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
    /// Outside what such a number may be: a rate below zero or above [`Rate::LARGEST`], an amount below zero, or
    /// anything too large or too fine to be exact.
    OutOfBounds,
}

impl Number {
    /// The number zero.
    pub const ZERO: Number = Number::Constant(Decimal::ZERO);

    /// The largest value a rule's number may have either way: that of an amount of money.
    pub const LARGEST: Decimal = Decimal::from_parts(1_410_065_408, 2, 0, false, 0);

    /// The value as a rate: within the bounds of [`Rate`], as a constant is held to when it is read.
    pub fn rate(&self, facts: &Facts<'_>) -> Outcome {
        self.amount(facts).within(|value| value <= Rate::LARGEST)
    }

    /// The value as an amount or a quantity: not below zero.
    pub fn amount(&self, facts: &Facts<'_>) -> Outcome {
        self.signed(facts).within(|value| value >= Decimal::ZERO)
    }

    /// The value, whatever its sign: only the fixed part of a limit may be below zero. The first part that has no value decides what is
    /// missing. A value beyond [`Number::LARGEST`] or finer than [`Rate::DECIMALS`] is out of bounds, so that products with money stay exact.
    pub fn signed(&self, facts: &Facts<'_>) -> Outcome {
        let fine = |value: Decimal| value.normalize().scale() <= Rate::DECIMALS;
        self.exact(facts).within(|value| value.abs() <= Self::LARGEST && fine(value))
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
            Number::Product(parts) => match fold(parts, facts, Decimal::ONE, Decimal::checked_mul) {
                // A factor that was rounded makes every product of it as fine as the rounding.
                Outcome::Value(value) if self.is_rounded() => Outcome::Value(value.round_dp(Rate::DECIMALS)),
                exact => exact,
            },
            Number::Difference(from, less) => match (from.exact(facts), less.exact(facts)) {
                (Outcome::Value(a), Outcome::Value(b)) => {
                    a.checked_sub(b).map_or(Outcome::OutOfBounds, Outcome::Value)
                }
                (Outcome::Value(_), other) | (other, _) => other,
            },
            Number::Quotient(of, by) => match (of.exact(facts), by.exact(facts)) {
                (Outcome::Value(a), Outcome::Value(b)) => quotient(a, b),
                (Outcome::Value(_), other) | (other, _) => other,
            },
            Number::FirstKnown(parts) => {
                let values = parts.iter().map(|part| part.exact(facts));
                let mut missing = Vec::new();
                for value in values {
                    match value {
                        Outcome::Unknown(facts) => missing.extend(facts),
                        known => return known,
                    }
                }
                Outcome::Unknown(missing)
            }
            Number::DiscountedBalances { years, grace_months, rate, due } => {
                match (years.exact(facts), grace_months.exact(facts), rate.exact(facts)) {
                    (Outcome::Value(years), Outcome::Value(grace), Outcome::Value(rate)) => {
                        balances(years, grace, rate, *due).map_or(Outcome::OutOfBounds, Outcome::Value)
                    }
                    (Outcome::Value(_), Outcome::Value(_), other)
                    | (Outcome::Value(_), other, _)
                    | (other, _, _) => other,
                }
            }
            Number::Min(parts) => extreme(parts, facts, Decimal::min),
            Number::Max(parts) => extreme(parts, facts, Decimal::max),
        }
    }

    /// Whether a quotient or balances, which are rounded, stand in it.
    fn is_rounded(&self) -> bool {
        match self {
            Number::Quotient(..) | Number::DiscountedBalances { .. } => true,
            Number::Constant(_) | Number::Fact(_) | Number::Table(_) => false,
            Number::Difference(one, other) => one.is_rounded() || other.is_rounded(),
            Number::Sum(parts)
            | Number::Product(parts)
            | Number::Min(parts)
            | Number::Max(parts)
            | Number::FirstKnown(parts) => parts.iter().any(Number::is_rounded),
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
            Number::Difference(one, other) | Number::Quotient(one, other) => {
                [one.facts(), other.facts()].concat()
            }
            Number::FirstKnown(parts) => parts.iter().flat_map(|p| p.facts()).collect(),
            Number::DiscountedBalances { years, grace_months, rate, .. } => {
                [years.facts(), grace_months.facts(), rate.facts()].concat()
            }
        }
    }
}

impl Outcome {
    fn within(self, bounds: impl Fn(Decimal) -> bool) -> Outcome {
        match self {
            Outcome::Value(value) if !bounds(value) => Outcome::OutOfBounds,
            outcome => outcome,
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
                None => return Outcome::OutOfBounds,
            },
            other => return other,
        }
    }
    Outcome::Value(total)
}

fn quotient(of: Decimal, by: Decimal) -> Outcome {
    let exact = of.checked_div(by);
    exact.map_or(Outcome::OutOfBounds, |exact| Outcome::Value(exact.round_dp(Rate::DECIMALS)))
}

/// Longest loan that is computed, in years: the national method ends at thirty.
const LONGEST_LOAN: u32 = 60;

/// Outstanding balances of one euro, year by year, discounted: in each year the balance at its start, `1` in the years of grace
/// (rounded up to whole years), then falling by equal parts at each year's end; discounted by `t` years from its start, or its end.
fn balances(years: Decimal, grace_months: Decimal, rate: Decimal, due: Due) -> Option<Decimal> {
    use rust_decimal::prelude::ToPrimitive;
    let years = years.ceil().to_u32().filter(|years| (1..=LONGEST_LOAN).contains(years))?;
    let grace = (grace_months / Decimal::from(12)).ceil().to_u32().filter(|grace| *grace < years)?;
    let repaying = Decimal::from(years - grace);
    let growth = Decimal::ONE.checked_add(rate).filter(|growth| *growth >= Decimal::ONE)?;
    let mut factor = if due == Due::Start { Decimal::ONE } else { growth };
    let mut sum = Decimal::ZERO;
    for year in 0..years {
        let repaid = Decimal::from(year.saturating_sub(grace));
        let balance = Decimal::ONE - repaid / repaying;
        sum = sum.checked_add(balance.checked_div(factor)?)?;
        factor = factor.checked_mul(growth)?;
    }
    Some(sum.round_dp(Rate::DECIMALS))
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
    fn balances_are_those_of_the_worked_example() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        // EUR 500,000, 70 % guaranteed at 2.54 % a year, six years with two of grace, discount 3.19 %: balances of 1, 1, 1, 3/4, 1/2, 1/4. With
        // the premium due at the start of each year the aid is 37,741.97, at its end 36,575.22, without grace 29,560.51 (three decimals: 7.548, 7.315, 5.912 %).
        let esl = |grace: &str, due: Due| {
            let balances = balances(number("6"), number(grace), number("0.0319"), due).unwrap();
            (number("500000") * number("0.70") * number("0.0254") * balances).round_dp(2)
        };
        assert_eq!(esl("24", Due::Start), number("37741.97"));
        assert_eq!(esl("24", Due::End), number("36575.22"));
        assert_eq!(esl("0", Due::Start), number("29560.51"));
    }

    #[test]
    fn the_largest_number_is_ten_billion() {
        assert_eq!(Number::LARGEST.to_string(), "10000000000");
    }
}
