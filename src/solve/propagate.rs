//! Deductions from single rows: what a node of the tree knows before any solver is asked.
//!
//! In a row `sum a_j x_j <= b` the least value of the others leaves each column a most it can be. Computed in integers and cut to the values
//! a column may take, so that switching an application off empties it, and a node that cannot be is closed without a solver.

use super::exact::{Domain, Exact, ExactRow};
use crate::program::Sense;

/// Passes over the rows; chains of deductions are short, and long ones creep by cents.
const PASSES: usize = 4;

impl Exact {
    /// Shrinks the box to what the rows allow one by one; false if that leaves nothing.
    ///
    /// Every point that is feasible, with decisions 0 or 1 and money in whole cents, stays in the box.
    pub fn propagate(&self, domain: &mut Domain) -> bool {
        for pass in 1.. {
            let mut changed = false;
            for row in &self.rows {
                let directions: &[i128] = match row.sense {
                    Sense::AtMost => &[1],
                    Sense::AtLeast => &[-1],
                    Sense::Equal => &[1, -1],
                };
                for &sign in directions {
                    match self.tighten(row, sign, domain) {
                        Some(Deduced::Nothing) | None => {}
                        Some(Deduced::Smaller) => changed = true,
                        Some(Deduced::Contradiction) => return false,
                    }
                }
            }
            // A box of one point is tested to the end: no bound would close what a row forbids.
            let is_point = || (0..self.columns.len()).all(|column| domain.is_fixed(column));
            if !changed || (pass >= PASSES && !is_point()) {
                break;
            }
        }
        true
    }

    /// Reads a row times `sign` as `<=`; none where 128 bits do not hold it.
    fn tighten(&self, row: &ExactRow, sign: i128, domain: &mut Domain) -> Option<Deduced> {
        let mut slack = row.rhs.checked_mul(sign)?;
        for &(column, coefficient) in &row.terms {
            let coefficient = coefficient.checked_mul(sign)?;
            let end = if coefficient > 0 { domain.lower[column] } else { domain.upper[column] };
            slack = slack.checked_sub(coefficient.checked_mul(end)?)?;
        }
        if slack < 0 {
            return Some(Deduced::Contradiction);
        }
        let mut deduced = Deduced::Nothing;
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
                    deduced = Deduced::Smaller;
                }
            } else {
                let least = -((room - upper).div_euclid(step) * step);
                if least > lower {
                    domain.lower[column] = least;
                    deduced = Deduced::Smaller;
                }
            }
            if domain.lower[column] > domain.upper[column] {
                return Some(Deduced::Contradiction);
            }
        }
        Some(deduced)
    }
}

enum Deduced {
    Nothing,
    Smaller,
    Contradiction,
}
