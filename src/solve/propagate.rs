//! Deductions from single rows: what a node of the tree knows before any solver is asked.
//!
//! In a row `sum a_j x_j <= b` the least value of the others leaves each column a most it can be. Computed in integers and cut to the values
//! a column may take, so that switching an application off empties it, and a node that cannot be is closed without a solver.

use std::collections::VecDeque;

use super::exact::{Domain, Exact, ExactRow};
use crate::program::Sense;

/// How often each row is read at most, on average; chains of deductions are short, and long ones creep by cents.
const PASSES: usize = 4;

impl Exact {
    /// Shrinks a box that was left of rows read before, since when these columns have got smaller; false if that leaves nothing.
    pub fn propagate_from(&self, domain: &mut Domain, changed: &[usize]) -> bool {
        self.propagate(domain, Some(changed), &mut |_| ())
    }

    /// Shrinks the box to what the rows allow one by one, all of them or those of columns that have got smaller; false if that leaves nothing.
    /// Every row that takes something is told, in the order in which they are read.
    ///
    /// Every point that is feasible, with decisions 0 or 1 and money in whole cents, stays in the box.
    pub fn propagate(
        &self,
        domain: &mut Domain,
        changed: Option<&[usize]>,
        told: &mut dyn FnMut(usize),
    ) -> bool {
        let Some(changed) = changed else { return self.follow(domain, (0..self.rows.len()).collect(), told) };
        let mut rows: Vec<usize> =
            changed.iter().flat_map(|column| self.rows_of[*column].iter().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        self.follow(domain, rows.into(), told)
    }

    /// Reads the rows in the queue, and those of every column that gets smaller by it.
    fn follow(&self, domain: &mut Domain, mut queue: VecDeque<usize>, told: &mut dyn FnMut(usize)) -> bool {
        let mut queued = vec![false; self.rows.len()];
        for row in &queue {
            queued[*row] = true;
        }
        let mut smaller: Vec<usize> = Vec::new();
        let mut read = 0;
        // A box of one point is tested to the end: no bound would close what a row forbids.
        let is_point = |domain: &Domain| (0..self.columns.len()).all(|column| domain.is_fixed(column));
        while let Some(number) = queue.pop_front() {
            queued[number] = false;
            if read >= PASSES * self.rows.len() && !is_point(domain) {
                break;
            }
            read += 1;
            let row = &self.rows[number];
            let directions: &[i128] = match row.sense {
                Sense::AtMost => &[1],
                Sense::AtLeast => &[-1],
                Sense::Equal => &[1, -1],
            };
            for &sign in directions {
                if row.is_narrow && takes_nothing(row, sign, domain) {
                    continue;
                }
                // A row that 128 bits do not hold deduces nothing.
                if self.tighten(row, sign, domain, &mut smaller) == Some(false) {
                    told(number);
                    return false;
                }
            }
            if !smaller.is_empty() {
                told(number);
            }
            for column in smaller.drain(..) {
                for &other in &self.rows_of[column] {
                    if !std::mem::replace(&mut queued[other], true) {
                        queue.push_back(other);
                    }
                }
            }
        }
        true
    }

    /// Reads a row times `sign` as `<=`, and tells the columns that have got smaller; false where nothing is left, none where 128 bits do not hold it.
    fn tighten(
        &self,
        row: &ExactRow,
        sign: i128,
        domain: &mut Domain,
        smaller: &mut Vec<usize>,
    ) -> Option<bool> {
        let mut slack = row.rhs.checked_mul(sign)?;
        for &(column, coefficient) in &row.terms {
            let coefficient = coefficient.checked_mul(sign)?;
            let end = if coefficient > 0 { domain.lower[column] } else { domain.upper[column] };
            slack = slack.checked_sub(coefficient.checked_mul(end)?)?;
        }
        if slack < 0 {
            return Some(false);
        }
        for &(column, coefficient) in &row.terms {
            let coefficient = coefficient * sign;
            let (lower, upper) = (domain.lower[column], domain.upper[column]);
            let size = coefficient.abs();
            if (upper - lower).checked_mul(size).is_some_and(|most| most <= slack) {
                continue;
            }
            let (quotient, rest) = (slack / size, slack % size);
            // A column of any number is cut outwards, to the next unit.
            let room = if self.columns[column].step.is_none() && rest != 0 { quotient + 1 } else { quotient };
            let step = self.columns[column].step.unwrap_or(1);
            if coefficient > 0 {
                let most = (lower + room).div_euclid(step) * step;
                if most < upper {
                    domain.upper[column] = most;
                    smaller.push(column);
                }
            } else {
                let least = -((room - upper).div_euclid(step) * step);
                if least > lower {
                    domain.lower[column] = least;
                    smaller.push(column);
                }
            }
            if domain.lower[column] > domain.upper[column] {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// Whether a narrow row times `sign`, read as `<=`, leaves the box as it is: most do, and in 64 bits that is soon seen.
#[allow(
    clippy::cast_possible_truncation,
    reason = "figures of a narrow row fit 64 bits, and so do those of a smaller box"
)]
fn takes_nothing(row: &ExactRow, sign: i128, domain: &Domain) -> bool {
    let sign = sign as i64;
    let ends = |column: usize| (domain.lower[column] as i64, domain.upper[column] as i64);
    let mut slack = row.rhs as i64 * sign;
    let mut most = 0;
    for &(column, coefficient) in &row.terms {
        let coefficient = coefficient as i64 * sign;
        let (lower, upper) = ends(column);
        slack -= coefficient * if coefficient > 0 { lower } else { upper };
        most = most.max((upper - lower) * coefficient.abs());
    }
    most <= slack
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use crate::program::{Column, ColumnKey, Kind, Program};
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    use super::*;

    #[test]
    fn an_application_off_empties_it_and_a_minimum_refutes_it() {
        let mut program = Program::default();
        let key = ColumnKey::Apply { application: 0 };
        let (lower, objective) = (Decimal::ZERO, Decimal::ZERO);
        program.column(Column {
            key,
            name: "y".into(),
            kind: Kind::Binary,
            lower,
            upper: dec!(1),
            objective,
        });
        let key = ColumnKey::Admitted { application: 0, line: 0 };
        program.column(Column {
            key,
            name: "x".into(),
            kind: Kind::Cents,
            lower,
            upper: dec!(10.00),
            objective,
        });
        program.row("switch", "switch".into(), [(1, dec!(1)), (0, dec!(-10))], Sense::AtMost, Decimal::ZERO);
        program.row("tenths", "tenths".into(), [(1, dec!(3))], Sense::AtMost, dec!(20));
        let exact = Exact::new(&program).expect("small figures");

        let mut domain = exact.domain.clone();
        assert!(exact.propagate(&mut domain, None, &mut |_| ()));
        // 20 / 3 = 6.666..., cut to 666 cents
        assert_eq!(domain.upper, [100, 666]);
        domain.upper[0] = 0;
        assert!(exact.propagate(&mut domain, None, &mut |_| ()));
        assert_eq!(domain.upper, [0, 0]);
        domain.lower[1] = 1;
        domain.upper[1] = 1;
        assert!(!exact.propagate(&mut domain, None, &mut |_| ()));
    }

    proptest! {
        #[test]
        fn the_best_point_survives(program in sample::programs()) {
            let optimum = sample::optimum(&program);
            let exact = Exact::new(&program).expect("small figures");
            let mut domain = exact.domain.clone();
            let possible = exact.propagate(&mut domain, None, &mut |_| ());
            prop_assert!(possible || optimum.is_none());
            if possible {
                let mut smaller = program.clone();
                for (index, column) in smaller.columns.iter_mut().enumerate() {
                    let scale = exact.value_cent.ilog10() + 2;
                    column.lower = Decimal::from_i128_with_scale(domain.lower[index], scale);
                    column.upper = Decimal::from_i128_with_scale(domain.upper[index], scale);
                }
                prop_assert_eq!(sample::optimum(&smaller), optimum);
            }
        }
    }
}
