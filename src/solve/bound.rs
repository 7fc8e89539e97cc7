//! The exact safe bound: a figure that no plan can exceed, whatever the solver that suggested it got wrong.
//!
//! For the program *maximise c x over rows a_i x <= b_i (or >=, or =) and bounds l <= x <= u*, take any multipliers y with y_i >= 0 for `<=`,
//! y_i <= 0 for `>=` and any sign for `=`. Every feasible x then has y_i (b_i - a_i x) >= 0 in every row, so
//!
//! ```text
//! c x  <=  c x + sum_i y_i (b_i - a_i x)  =  y b + sum_j (c_j - y A_j) x_j
//!      <=  y b + sum_j max((c_j - y A_j) l_j, (c_j - y A_j) u_j)
//! ```
//!
//! The right-hand side asks nothing of y but its signs: multipliers clipped to their signs and rounded to whole units of
//! 10^-12 are as good as any, and with them everything is a sum of products of integers. A solver's dual values make
//! the bound tight; wrong ones make it loose, never wrong. What is published is whole cents, so the bound is cut down to cents; where
//! the objective is one of prices (`decompose`) it is rounded up to a trillionth of a cent.
//!
//! With c = 0 the same line says 0 <= right-hand side for every feasible x: if it is negative there is none (Farkas).

use super::exact::{Domain, Exact};
use super::worth::Worth;
use crate::money::Money;
use crate::program::{Program, Sense};

/// Decimals of the multipliers: the first that 128 bits can hold is used.
const PRECISIONS: [u32; 4] = [12, 9, 6, 3];

/// An upper bound on what any plan of the program is worth, from one multiplier for each row, in euro of the objective per unit of the
/// row; none where 128 bits do not hold the computation.
pub fn safe_bound(program: &Program, multipliers: &[f64]) -> Option<Money> {
    let exact = Exact::new(program)?;
    exact.certificate(&exact.domain, multipliers)?.bound(&exact)?.cut()
}

/// Multipliers rounded to whole units of ten to minus `decimals`, by row; those of zero are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Rounded {
    pub decimals: u32,
    pub of: Vec<(usize, i128)>,
}

/// A bound with what it is made of.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// The multipliers.
    pub multipliers: Rounded,
    /// The bound in units of the objective over [`Certificate::unit`].
    value: i128,
    /// One unit of the objective.
    unit: i128,
    /// `c_j - y A_j` of each column, in the same units per unit of the column's value.
    pub reduced: Vec<i128>,
}

impl Certificate {
    /// The bound: in whole cents, cut down, where plans are worth whole cents.
    pub fn bound(&self, exact: &Exact) -> Option<Worth> {
        worth(self.value, self.unit, exact)
    }

    /// The bound if a column is kept so far off the end of its range that the bound assumes.
    pub fn bound_off_its_end(&self, exact: &Exact, column: usize, off: i128) -> Option<Worth> {
        let loss = self.reduced[column].checked_abs()?.checked_mul(off)?;
        worth(self.value.checked_sub(loss)?, self.unit, exact)
    }
}

fn worth(value: i128, unit: i128, exact: &Exact) -> Option<Worth> {
    let cent = unit.checked_mul(exact.cent)?;
    if exact.finer > 0 {
        return Worth::above(value, cent);
    }
    i64::try_from(value.div_euclid(cent)).ok().map(|cents| Money::from_cents(cents).into())
}

impl Exact {
    /// The safe bound over a box within the program's.
    pub fn certificate(&self, domain: &Domain, multipliers: &[f64]) -> Option<Certificate> {
        PRECISIONS.iter().find_map(|&decimals| self.combination(domain, multipliers, decimals, true))
    }

    /// The multipliers, rounded, if they prove that the box holds no feasible point.
    pub fn refutation(&self, domain: &Domain, multipliers: &[f64]) -> Option<Rounded> {
        let combination = |&decimals| self.combination(domain, multipliers, decimals, false);
        PRECISIONS.iter().find_map(combination).filter(|c| c.value < 0).map(|c| c.multipliers)
    }

    /// The right-hand side of the proof above, with c or without it.
    fn combination(
        &self,
        domain: &Domain,
        multipliers: &[f64],
        decimals: u32,
        objective: bool,
    ) -> Option<Certificate> {
        let unit = 10_i128.pow(decimals);
        let mut value: i128 = 0;
        let mut reduced: Vec<i128> = vec![0; self.columns.len()];
        if objective {
            let objective_unit = 10_i128.pow(decimals.checked_sub(self.finer)?);
            for (reduced, column) in reduced.iter_mut().zip(&self.columns) {
                *reduced = column.objective.checked_mul(objective_unit)?;
            }
        }
        let mut of = Vec::with_capacity(self.rows.len());
        for (number, (row, &multiplier)) in self.rows.iter().zip(multipliers).enumerate() {
            let multiplier = match row.sense {
                Sense::AtMost => multiplier.max(0.0),
                Sense::AtLeast => multiplier.min(0.0),
                Sense::Equal => multiplier,
            };
            let multiplier = rounded(multiplier * 10_f64.powi(decimals.cast_signed()));
            if multiplier == 0 {
                continue;
            }
            of.push((number, multiplier));
            value = value.checked_add(multiplier.checked_mul(row.rhs)?)?;
            for &(column, coefficient) in &row.terms {
                reduced[column] = reduced[column].checked_sub(multiplier.checked_mul(coefficient)?)?;
            }
        }
        for (column, &reduced) in reduced.iter().enumerate() {
            let end = if reduced > 0 { domain.upper[column] } else { domain.lower[column] };
            value = value.checked_add(reduced.checked_mul(end)?)?;
        }
        Some(Certificate { multipliers: Rounded { decimals, of }, value, unit, reduced })
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "any integer is a valid multiplier, and one at the limit overflows later, checked"
)]
fn rounded(multiplier: f64) -> i128 {
    multiplier.round() as i128
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::program::{Column, ColumnKey, Kind};
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    /// Two amounts up to 100 euro, worth 0.50 and 0.30 a euro, 120 euro together.
    fn two_amounts() -> Program {
        let mut program = Program::default();
        for (application, objective) in [dec!(0.5), dec!(0.3)].into_iter().enumerate() {
            let key = ColumnKey::Grant { application };
            let name = format!("g{application}");
            program.column(Column {
                key,
                name: name.into(),
                kind: Kind::Cents,
                lower: Decimal::ZERO,
                upper: dec!(100),
                objective,
            });
        }
        program.row("sum", "sum".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(120.015));
        program
    }

    #[test]
    fn the_best_multiplier_gives_the_optimum_and_any_other_more() {
        let program = two_amounts();
        let bound = |multiplier: f64| safe_bound(&program, &[multiplier]).map(Money::cents);
        // 0.3: 0.3 x 120.015 + (0.5 - 0.3) x 100 + 0 = 36.0045 + 20 = 56.0045, cut to 56.00
        assert_eq!(bound(0.3), Some(5600));
        // 0: 0.5 x 100 + 0.3 x 100 = 80
        assert_eq!(bound(0.0), Some(8000));
        // 1: 120.015 + nothing, for both are worth less than one
        assert_eq!(bound(1.0), Some(12001));
        // a wrong sign is clipped to 0
        assert_eq!(bound(-5.0), Some(8000));
        assert_eq!(bound(f64::NAN), Some(8000));
    }

    #[test]
    fn what_does_not_fit_proves_nothing() {
        assert_eq!(safe_bound(&two_amounts(), &[f64::INFINITY]), None);
        let mut program = two_amounts();
        program.columns[0].objective = Decimal::MAX;
        assert_eq!(safe_bound(&program, &[0.0]), None);
    }

    #[test]
    fn a_negative_combination_of_rows_refutes() {
        let mut program = two_amounts();
        // the second row wants 130 euro, the first allows 120.015
        program.row("least", "least".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtLeast, dec!(130));
        let exact = Exact::new(&program).expect("small figures");
        // 1 x 120.015 - 1 x 130 + 0 = -9.985
        assert!(exact.refutation(&exact.domain, &[1.0, -1.0]).is_some());
        assert!(exact.refutation(&exact.domain, &[1.0, 0.0]).is_none());
    }

    proptest! {
        #[test]
        fn no_point_is_worth_more_than_the_bound_of_any_multipliers(
            program in sample::programs(), multipliers in prop::collection::vec(-10.0_f64..10.0, 4)
        ) {
            let bound = safe_bound(&program, &multipliers);
            prop_assert!(bound.is_some());
            prop_assert!(bound >= sample::optimum(&program));
        }

        #[test]
        fn what_has_a_point_is_never_refuted(
            program in sample::programs(), multipliers in prop::collection::vec(-10.0_f64..10.0, 4)
        ) {
            if let (Some(exact), Some(_)) = (Exact::new(&program), sample::optimum(&program)) {
                prop_assert!(exact.refutation(&exact.domain, &multipliers).is_none());
            }
        }
    }
}
