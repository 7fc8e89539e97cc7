//! A program in integers, as the check reads it.
//!
//! Coefficients are counted in units of `10^-coefficients`, values in units of `10^-values`, right-hand sides in the product of both.

use rust_decimal::Decimal;

use super::boxes::Box;
use crate::program::{Kind, Program, Sense};

/// A program in integers.
pub(super) struct Integers {
    /// The coefficients of the objective, in units of `10^-objective_decimals`.
    pub objective: Vec<i128>,
    pub objective_decimals: u32,
    /// By column: what its values are multiples of, in units of a value; none for any number.
    pub steps: Vec<Option<i128>>,
    pub rows: Vec<Row>,
    /// The values that the columns may take.
    pub all: Box,
    /// Decimals of coefficients.
    pub coefficients: u32,
    /// Decimals of values, two at least.
    pub values: u32,
}

/// A row in integers.
pub(super) struct Row {
    /// Columns with their coefficients, none zero.
    pub terms: Vec<(usize, i128)>,
    pub sense: Sense,
    pub rhs: i128,
}

impl Integers {
    /// Of a program; none where 128 bits do not hold it.
    pub fn new(program: &Program) -> Option<Integers> {
        let terms = program.rows.iter().flat_map(|row| row.terms.iter().map(|(_, k)| *k));
        let coefficients = decimals(terms);
        let bounds = decimals(program.columns.iter().flat_map(|column| [column.lower, column.upper]));
        let rhs = decimals(program.rows.iter().map(|row| row.rhs));
        // Whole cents, and so fine that every right-hand side is whole.
        let values = bounds.max(2).max(rhs.saturating_sub(coefficients));
        let objective_decimals = decimals(program.columns.iter().map(|column| column.objective));

        let one = power(values)?;
        let mut all = Box::default();
        let (mut steps, mut objective) = (Vec::new(), Vec::new());
        for column in &program.columns {
            let step = match column.kind {
                Kind::Binary | Kind::Count => Some(one),
                Kind::Cents => Some(one / 100),
                Kind::Real => None,
            };
            let unit = step.unwrap_or(1);
            let (lower, upper) = (whole(column.lower, values)?, whole(column.upper, values)?);
            all.lower.push(-((-lower).div_euclid(unit) * unit));
            all.upper.push(upper.div_euclid(unit) * unit);
            steps.push(step);
            objective.push(whole(column.objective, objective_decimals)?);
        }
        let mut rows = Vec::with_capacity(program.rows.len());
        for row in &program.rows {
            let terms = row.terms.iter().filter(|(_, k)| !k.is_zero());
            let terms: Option<Vec<(usize, i128)>> =
                terms.map(|(column, k)| Some((*column, whole(*k, coefficients)?))).collect();
            let rhs = whole(row.rhs, coefficients + values)?;
            rows.push(Row { terms: terms?, sense: row.sense, rhs });
        }
        Some(Integers { objective, objective_decimals, steps, rows, all, coefficients, values })
    }
}

/// The most decimals that one of them has.
pub(super) fn decimals(of: impl Iterator<Item = Decimal>) -> u32 {
    of.map(|decimal| decimal.normalize().scale()).max().unwrap_or(0)
}

/// Ten to the power of this.
pub(super) fn power(of: u32) -> Option<i128> {
    10_i128.checked_pow(of)
}

/// A decimal in units of `10^-decimals`; none where it is finer, or does not leave room for sums.
pub(super) fn whole(decimal: Decimal, decimals: u32) -> Option<i128> {
    let decimal = decimal.normalize();
    let units = decimal.mantissa().checked_mul(power(decimals.checked_sub(decimal.scale())?)?)?;
    (units.unsigned_abs() < 1 << 120).then_some(units)
}
