//! What lies around the vertex at hand: rows of its inverse, and points where columns outside the basis have moved.

use super::super::inverse::add;
use super::Simplex;

impl Simplex {
    /// The row of the inverse in which a column is basic, by row of the program; none where it is not.
    pub fn row_of(&self, column: usize) -> Option<Vec<(usize, f64)>> {
        let row = self.basis.iter().position(|basic| *basic == column)?;
        Some(self.inverse.row(row))
    }

    /// Where the columns come to when columns and slacks outside the basis (the slacks after all columns) move by so much.
    pub fn moved(&self, moves: &[(usize, f64)]) -> Vec<f64> {
        let mut values = self.values();
        let mut basic = self.basic.clone();
        for &(j, by) in moves {
            if let Some(value) = values.get_mut(j) {
                *value += by;
            }
            add(&mut basic, &self.column(j), -by);
        }
        self.with_basic(values, &basic)
    }
}
