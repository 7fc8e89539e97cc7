//! Dominated choices: columns of which one value is as good as any other, whatever the rest is.
//!
//! A row holds a column *back* where more of it may break the row: `a_j > 0` in a row `<=`, `a_j < 0` in one `>=`, any in one `=`.
//!
//! - *Nothing holds it back*, and it costs nothing (`c_j >= 0`): of any point the one with x_j at its upper end keeps every row and is worth at least as much. So x_j
//!   is fixed there. Likewise at its lower end where no row asks for more of it and `c_j <= 0`: a choice that can never gain.
//! - *One row holds it back*, `a_j x_j + a_k x_k <= 0` with `a_j > 0` and `c_j >= 0`, and `-(a_k / a_j) x_k` is a value of x_j whatever x_k is: of any point the one with
//!   `x_j = -(a_k / a_j) x_k`, which is no less than x_j was, keeps that row, and every other as well. So x_j is that multiple of x_k in all rows, and the row is gone:
//!   what is admitted of a line that only helps is all of it where it is claimed, and a cost that has one place only is claimed wherever the application is made.
//!   Likewise downwards.
//! - *A row* `a_j x_j + a_k x_k = 0` says so itself.
//!
//! Several at once: what is fixed at the end towards which nothing holds it, or tied, changes the signs of no other column in any row but those that are gone. A column that
//! another is tied to waits for the next turn.

use super::draft::{Draft, Tie};
use crate::program::Sense;

/// What holds a column, in one direction.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// Rows.
    by: usize,
    /// The last of them.
    last: usize,
}

impl Held {
    fn by(&mut self, row: usize) {
        self.by += 1;
        self.last = row;
    }
}

impl Draft {
    /// Does so; tells whether anything is found.
    pub fn dominate(&mut self) -> bool {
        let columns = self.exact.columns.len();
        let (mut above, mut below) = (vec![Held::default(); columns], vec![Held::default(); columns]);
        for row in self.rows() {
            let of = &self.exact.rows[row];
            for (column, coefficient) in &of.terms {
                let is_up = *coefficient > 0;
                if of.sense == Sense::Equal || (of.sense == Sense::AtMost) == is_up {
                    above[*column].by(row);
                }
                if of.sense == Sense::Equal || (of.sense == Sense::AtMost) != is_up {
                    below[*column].by(row);
                }
            }
        }
        let mut ties = Vec::new();
        let (mut is_tied, mut is_other) = (vec![false; columns], vec![false; columns]);
        let mut found = false;
        for column in 0..columns {
            if self.domain.is_fixed(column) || self.ties[column].is_some() || is_other[column] {
                continue;
            }
            let objective = self.exact.columns[column].objective;
            let held = [(above[column], objective >= 0, true), (below[column], objective <= 0, false)];
            if let Some((.., up)) = held.into_iter().find(|(held, wanted, _)| *wanted && held.by == 0) {
                self.take(column, up);
                found = true;
                continue;
            }
            let tie = held.into_iter().find_map(|(held, wanted, _)| {
                let is_alone = held.by == 1 && (wanted || self.exact.rows[held.last].sense == Sense::Equal);
                if is_alone { self.tie_of(column, held.last) } else { None }
            });
            let Some((row, tie)) = tie else { continue };
            // A tie of a column that is tied itself in this turn would go nowhere.
            if is_tied[tie.to] {
                continue;
            }
            (is_tied[column], is_other[tie.to]) = (true, true);
            ties.push((column, tie, row));
        }
        for (column, tie, row) in ties {
            if self.tie(column, tie).is_some() {
                self.drop_row(row);
                found = true;
            }
        }
        found
    }

    /// How a row over two columns ties one to the other at its end; none where it does not, or not for every value of the other.
    fn tie_of(&self, column: usize, row: usize) -> Option<(usize, Tie)> {
        let of = &self.exact.rows[row];
        let &[one, two] = of.terms.as_slice() else { return None };
        if of.rhs != 0 {
            return None;
        }
        let ((_, own), (to, other)) = if one.0 == column { (one, two) } else { (two, one) };
        let (times, per) = if own > 0 { (-other, own) } else { (other, -own) };
        let ends = [self.domain.lower[to], self.domain.upper[to]];
        let within = |end: i128| {
            let value = times.checked_mul(end)?;
            let (lower, upper) =
                (self.domain.lower[column].checked_mul(per)?, self.domain.upper[column].checked_mul(per)?);
            Some(lower <= value && value <= upper)
        };
        // Every step of the other is whole steps of this one.
        let steps = match (self.exact.columns[column].step, self.exact.columns[to].step) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(other)) => times.checked_mul(other)? % per.checked_mul(own)? == 0,
        };
        let fits = ends.into_iter().all(|end| within(end) == Some(true));
        (steps && fits).then_some((row, Tie { to, times, per }))
    }
}
