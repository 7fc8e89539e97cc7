//! Linear expressions over columns.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use rust_decimal::Decimal;

/// `constant + sum of coefficient x column`; equal columns are added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Expression {
    /// The fixed part.
    pub(super) constant: Decimal,
    /// Coefficients by column.
    pub(super) terms: BTreeMap<usize, Decimal>,
}

impl Expression {
    /// A column.
    pub(super) fn column(column: usize) -> Self {
        Expression { constant: Decimal::ZERO, terms: BTreeMap::from([(column, Decimal::ONE)]) }
    }

    /// The part over some columns, without the constant.
    pub(super) fn over(&self, keep: impl Fn(usize) -> bool) -> Self {
        let terms = self.terms.iter().filter(|(column, _)| keep(**column));
        Expression { constant: Decimal::ZERO, terms: terms.map(|(c, k)| (*c, *k)).collect() }
    }

    /// Whether nothing stands in it.
    pub(super) fn is_zero(&self) -> bool {
        self.constant.is_zero() && self.terms.values().all(Decimal::is_zero)
    }
}

impl From<Decimal> for Expression {
    fn from(constant: Decimal) -> Self {
        Expression { constant, terms: BTreeMap::new() }
    }
}

impl AddAssign for Expression {
    fn add_assign(&mut self, other: Expression) {
        self.constant += other.constant;
        for (column, coefficient) in other.terms {
            *self.terms.entry(column).or_default() += coefficient;
        }
    }
}

impl Add for Expression {
    type Output = Expression;
    fn add(mut self, other: Expression) -> Expression {
        self += other;
        self
    }
}

impl Sub for Expression {
    type Output = Expression;
    fn sub(self, other: Expression) -> Expression {
        self + other * Decimal::NEGATIVE_ONE
    }
}

impl Mul<Decimal> for Expression {
    type Output = Expression;
    fn mul(mut self, factor: Decimal) -> Expression {
        self.constant *= factor;
        for coefficient in self.terms.values_mut() {
            *coefficient *= factor;
        }
        self
    }
}

impl Sum for Expression {
    fn sum<I: Iterator<Item = Expression>>(parts: I) -> Expression {
        parts.fold(Expression::default(), Add::add)
    }
}
