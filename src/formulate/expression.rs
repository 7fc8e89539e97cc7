//! Linear expressions over columns.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use rust_decimal::Decimal;

use crate::program::put_in_order;

/// `constant + sum of coefficient x column`; equal columns are added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Expression {
    /// The fixed part.
    pub(super) constant: Decimal,
    /// Columns with their coefficients, rising.
    pub(super) terms: Vec<(usize, Decimal)>,
}

impl Expression {
    /// A column.
    pub(super) fn column(column: usize) -> Self {
        Expression { constant: Decimal::ZERO, terms: vec![(column, Decimal::ONE)] }
    }

    /// The sum of columns.
    pub(super) fn sum_of(columns: Vec<usize>) -> Self {
        let mut terms = columns.into_iter().map(|column| (column, Decimal::ONE)).collect();
        put_in_order(&mut terms);
        Expression { constant: Decimal::ZERO, terms }
    }

    /// The part over some columns, without the constant.
    pub(super) fn over(&self, keep: impl Fn(usize) -> bool) -> Self {
        let terms = self.terms.iter().filter(|(column, _)| keep(*column));
        Expression { constant: Decimal::ZERO, terms: terms.copied().collect() }
    }

    /// The coefficient of a column.
    pub(super) fn times(&self, column: usize) -> Decimal {
        let at = self.terms.binary_search_by_key(&column, |(column, _)| *column);
        at.map_or(Decimal::ZERO, |at| self.terms[at].1)
    }

    /// Whether nothing stands in it.
    pub(super) fn is_zero(&self) -> bool {
        self.constant.is_zero() && self.terms.iter().all(|(_, coefficient)| coefficient.is_zero())
    }
}

impl From<Decimal> for Expression {
    fn from(constant: Decimal) -> Self {
        Expression { constant, terms: Vec::new() }
    }
}

impl AddAssign for Expression {
    fn add_assign(&mut self, other: Expression) {
        self.constant += other.constant;
        let in_order =
            self.terms.last().zip(other.terms.first()).is_none_or(|(last, first)| last.0 < first.0);
        self.terms.extend(other.terms);
        // Both were in order, so this one look at the seam spares looking at all.
        if !in_order {
            put_in_order(&mut self.terms);
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
    fn sub(self, mut other: Expression) -> Expression {
        other.constant = -other.constant;
        for (_, coefficient) in &mut other.terms {
            *coefficient = -*coefficient;
        }
        self + other
    }
}

impl Mul<Decimal> for Expression {
    type Output = Expression;
    fn mul(mut self, factor: Decimal) -> Expression {
        self.constant *= factor;
        for (_, coefficient) in &mut self.terms {
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
