//! Boxes, and what single rows take from them.

use super::fault::Problem;
use super::whole::{Integers, Row};
use crate::program::Sense;

/// The least and the most of each column, in units of a value.
#[derive(Clone, Default)]
pub(super) struct Box {
    pub lower: Vec<i128>,
    pub upper: Vec<i128>,
    /// Whether some column has no value left.
    pub empty: bool,
}

impl Box {
    /// Leaves values of at most this.
    pub fn at_most(&mut self, column: usize, most: i128) {
        self.upper[column] = self.upper[column].min(most);
        self.empty |= self.lower[column] > self.upper[column];
    }

    /// Leaves values of at least this.
    pub fn at_least(&mut self, column: usize, least: i128) {
        self.lower[column] = self.lower[column].max(least);
        self.empty |= self.lower[column] > self.upper[column];
    }

    /// Takes away what a row forbids column by column, whatever values the others have. A row that 128 bits do not hold takes nothing.
    pub fn read(&mut self, integers: &Integers, row: &Row) {
        if matches!(row.sense, Sense::AtMost | Sense::Equal) {
            let _ = self.keep_below(integers, row, 1);
        }
        if matches!(row.sense, Sense::AtLeast | Sense::Equal) && !self.empty {
            let _ = self.keep_below(integers, row, -1);
        }
    }

    /// The same by rows one after the other, told by their numbers, until nothing is left.
    ///
    /// # Errors
    /// A number that no row has.
    pub fn read_all(&mut self, integers: &Integers, rows: &[u32]) -> Result<(), Problem> {
        for number in rows {
            let row = integers.row(*number)?;
            if !self.empty {
                self.read(integers, row);
            }
        }
        Ok(())
    }

    /// Reads a row times `sign` as `sum of terms <= rhs`. None where 128 bits do not hold it; what was taken by then was rightly taken.
    fn keep_below(&mut self, integers: &Integers, row: &Row, sign: i128) -> Option<()> {
        // What the right-hand side leaves above the least that the terms can come to.
        let mut room = sign.checked_mul(row.rhs)?;
        for &(column, coefficient) in &row.terms {
            let coefficient = sign.checked_mul(coefficient)?;
            let least = if coefficient > 0 { self.lower[column] } else { self.upper[column] };
            room = room.checked_sub(coefficient.checked_mul(least)?)?;
        }
        if room < 0 {
            self.empty = true;
            return Some(());
        }
        for &(column, coefficient) in &row.terms {
            let coefficient = sign.checked_mul(coefficient)?;
            // So far, rounded up to a unit, the column may go from the end that makes its term the least; then to a whole step of its kind.
            let size = coefficient.checked_abs()?;
            let way = room / size + i128::from(room % size > 0);
            let step = integers.steps[column];
            let whole_steps = |units: i128| step.map_or(units, |step| units.div_euclid(step) * step);
            let way = if step.is_some() { room / size } else { way };
            if coefficient > 0 {
                let most = whole_steps(self.lower[column].checked_add(way)?);
                self.at_most(column, most);
            } else {
                let least = -whole_steps(way.checked_sub(self.upper[column])?);
                self.at_least(column, least);
            }
            if self.empty {
                break;
            }
        }
        Some(())
    }
}
