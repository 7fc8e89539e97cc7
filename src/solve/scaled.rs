//! The program in floating point, in units a solver likes: coefficients and values near one.
//!
//! Money columns are counted in thousands of euro, the objective too, and each row is divided by the power of two next to its largest
//! coefficient. What leaves this module is in the units of the program again.

use good_lp::{Constraint, Expression, ProblemVariables, Solution, SolutionStatus, Variable, variable};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Outcome, WHOLE_CENT};
use crate::program::{Kind, Program, Sense};

/// Euro in one unit of a money column and of the objective.
pub(super) const THOUSAND: f64 = 1000.0;

/// A program in solver units, maximising.
#[derive(Clone, Debug)]
pub struct Scaled {
    /// Its columns.
    pub columns: Vec<ScaledColumn>,
    /// Its rows.
    pub rows: Vec<ScaledRow>,
}

/// A column in solver units.
#[derive(Clone, Copy, Debug)]
pub struct ScaledColumn {
    /// Value in the program of one unit.
    pub unit: f64,
    /// Whether only whole values count.
    pub integer: bool,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// Coefficient in the objective.
    pub objective: f64,
}

/// A row in solver units.
#[derive(Clone, Debug)]
pub struct ScaledRow {
    /// What a multiplier of this row is to be multiplied by to become one of the program's row.
    pub multiplier_unit: f64,
    /// Columns with coefficients.
    pub terms: Vec<(usize, f64)>,
    /// Which way.
    pub sense: Sense,
    /// Right-hand side.
    pub rhs: f64,
}

impl Scaled {
    /// The program in solver units.
    pub fn new(program: &Program) -> Self {
        let columns: Vec<ScaledColumn> = program
            .columns
            .iter()
            .map(|column| {
                let unit = if column.kind == Kind::Cents { THOUSAND } else { 1.0 };
                ScaledColumn {
                    unit,
                    integer: column.kind.is_whole(),
                    lower: float(column.lower) / unit,
                    upper: float(column.upper) / unit,
                    objective: float(column.objective) * unit / THOUSAND,
                }
            })
            .collect();
        let rows = program
            .rows
            .iter()
            .map(|row| {
                let scale = |&(column, coefficient): &(usize, Decimal)| {
                    let ScaledColumn { unit, .. } = columns[column];
                    (column, float(coefficient) * unit)
                };
                let terms: Vec<(usize, f64)> = row.terms.iter().map(scale).collect();
                let largest = terms.iter().fold(0.0, |largest: f64, (_, c)| largest.max(c.abs()));
                let factor = if largest > 0.0 { (-largest.log2().round()).exp2() } else { 1.0 };
                ScaledRow {
                    multiplier_unit: THOUSAND * factor,
                    terms: terms.into_iter().map(|(column, c)| (column, c * factor)).collect(),
                    sense: row.sense,
                    rhs: float(row.rhs) * factor,
                }
            })
            .collect();
        Scaled { columns, rows }
    }

    /// The program over a box, in units of the program, in which columns of one value stand in no row: their values are in the right-hand sides, and what a basis says is of the others alone.
    pub(super) fn without_fixed(&self, lower: &[f64], upper: &[f64]) -> Scaled {
        let mut free = self.clone();
        for row in &mut free.rows {
            let is_free = |(column, _): &(usize, f64)| lower[*column] < upper[*column];
            let fixed = row.terms.iter().filter(|term| !is_free(term));
            row.rhs -=
                fixed.map(|(column, entry)| entry * lower[*column] / self.columns[*column].unit).sum::<f64>();
            row.terms.retain(is_free);
            if row.terms.is_empty() {
                // Nothing moves what is left, but for the noise of the subtraction.
                row.rhs = 0.0;
            }
        }
        free
    }

    /// Puts another objective in place, in euro.
    pub(super) fn set_objective(&mut self, objective: &[f64]) {
        for (column, objective) in self.columns.iter_mut().zip(objective) {
            column.objective = objective * column.unit / THOUSAND;
        }
    }

    /// By column: the euro that its rows would have per unit of it, at these multipliers (in units of the program), signs aside.
    pub(super) fn stakes(&self, multipliers: &[f64]) -> Vec<f64> {
        let mut stakes = vec![0.0; self.columns.len()];
        for (row, multiplier) in
            self.rows.iter().zip(multipliers).filter(|(_, multiplier)| **multiplier != 0.0)
        {
            // The rows were divided, and money columns counted in thousands: back to units of the program.
            let unit = THOUSAND / row.multiplier_unit;
            for &(column, coefficient) in &row.terms {
                stakes[column] += (multiplier * coefficient * unit / self.columns[column].unit).abs();
            }
        }
        stakes
    }

    /// What a point (in units of the program) is worth in euro.
    pub(super) fn worth(&self, point: &[f64]) -> f64 {
        self.worth_in_cents(point, |_| false)
    }

    /// What a point (in units of the program) is worth in euro once amounts in cents are cut to whole cents where that costs.
    pub(super) fn worth_in_cents(&self, point: &[f64], is_cents: impl Fn(usize) -> bool) -> f64 {
        let worth = |(at, (column, value)): (usize, (&ScaledColumn, &f64))| {
            let euro = column.objective * THOUSAND / column.unit;
            let value = match is_cents(at) {
                true if euro > 0.0 => (value * 100.0 + WHOLE_CENT).floor() / 100.0,
                true if euro < 0.0 => (value * 100.0 - WHOLE_CENT).ceil() / 100.0,
                _ => *value,
            };
            euro * value
        };
        self.columns.iter().zip(point).enumerate().map(worth).sum()
    }

    /// The program as good_lp takes it: variables, objective and constraints.
    pub(super) fn posed(&self) -> (ProblemVariables, Vec<Variable>, Expression, Vec<Constraint>) {
        let mut variables = ProblemVariables::new();
        let handles: Vec<Variable> = self
            .columns
            .iter()
            .map(|column| {
                let definition = variable().min(column.lower).max(column.upper);
                variables.add(if column.integer { definition.integer() } else { definition })
            })
            .collect();
        let sum = |terms: &mut dyn Iterator<Item = (usize, f64)>| {
            let mut sum = Expression::from(0.0);
            terms.for_each(|(column, coefficient)| sum.add_mul(coefficient, handles[column]));
            sum
        };
        let objective = sum(&mut self.columns.iter().map(|column| column.objective).enumerate());
        let constraints = self
            .rows
            .iter()
            .map(|row| {
                let left = sum(&mut row.terms.iter().copied());
                match row.sense {
                    Sense::AtMost => left.leq(row.rhs),
                    Sense::AtLeast => left.geq(row.rhs),
                    Sense::Equal => left.eq(row.rhs),
                }
            })
            .collect();
        (variables, handles, objective, constraints)
    }

    /// A solution of good_lp in the units of the program.
    pub(super) fn outcome(&self, solution: &impl Solution, handles: &[Variable]) -> Outcome {
        let values = self.point(handles.iter().map(|&x| solution.value(x)));
        let claims_optimal = matches!(solution.status(), SolutionStatus::Optimal);
        Outcome::Point { values, claims_optimal, claimed_bound: None }
    }

    /// A point in the units of the program.
    pub(super) fn point(&self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        self.columns.iter().zip(values).map(|(column, value)| value * column.unit).collect()
    }
}

/// The nearest float; a decimal is always in range.
pub(super) fn float(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, ColumnKey};
    use rust_decimal_macros::dec;

    #[test]
    fn money_is_in_thousands_and_rows_are_near_one() {
        let mut program = Program::default();
        let (lower, objective) = (Decimal::ZERO, Decimal::ZERO);
        let key = ColumnKey::Apply { application: 0 };
        program.column(Column {
            key,
            name: "y".into(),
            kind: Kind::Binary,
            lower,
            upper: dec!(1),
            objective,
        });
        let key = ColumnKey::Grant { application: 0 };
        let (upper, objective) = (dec!(50000), dec!(1));
        program.column(Column { key, name: "g".into(), kind: Kind::Cents, lower, upper, objective });
        program.row("cap", "cap".into(), [(1, dec!(1)), (0, dec!(-65536))], Sense::AtMost, lower);
        let scaled = Scaled::new(&program);
        // a thousand euro of grant is worth a thousand euro: 1 in both units
        let ScaledColumn { unit, upper, objective, .. } = scaled.columns[1];
        assert_eq!((unit, upper, objective), (1000.0, 50.0, 1.0));
        // 1000 g' - 65536 y <= 0, divided by 2^16
        assert_eq!(scaled.rows[0].terms, [(0, -1.0), (1, 1000.0 / 65536.0)]);
        // a multiplier m of the scaled row, in thousands per 2^16 euro, is m x 1000 / 65536 euro a euro
        assert!((scaled.rows[0].multiplier_unit - 1000.0 / 65536.0).abs() < 1e-15);
    }
}
