//! Bounds from data: what rows say of columns, and what is then left of the rows.
//!
//! - *Ranges.* Rows leave columns what they can be beside the others (`propagate`), in integers, cut to the values that a column may take. No point is
//!   lost.
//! - *Rows that say nothing.* With `L = sum of the largest a_j x_j within the ranges`, a row `a x <= b` holds wherever `L <= b`. The ranges stay, so that it may go.
//! - *Rows that a decision opens.* In `a x + d z <= b` with a decision z of 0 or 1 let L be the largest a x within the ranges.
//!   - `d < 0`: at z = 1 the row says `a x <= b - d`. Where that is more than L it says nothing, and `a x + (b - L) z <= b` does as much: at z = 1
//!     `a x <= L`, at z = 0 what it did.
//!   - `d > 0`: at z = 0 the row says `a x <= b`. Where that is more than L, `a x + (d - (b - L)) z <= L` says `a x <= L` there, and at z = 1 what it
//!     did: `a x <= b - d`.
//!
//!   The points are the same ones; between 0 and 1, where relaxations look, the row says more. So `grant <= cap x apply` becomes
//!   `grant <= the most it can be x apply`.
//!
//! Every point of a program is one of what this leaves, and every point of that is one of the program.

use super::draft::{Draft, LONGEST};
use crate::program::Sense;

impl Draft {
    /// Does so; tells whether anything is found, none where there is no point or a figure does not fit.
    pub fn tighten(&mut self) -> Option<bool> {
        let before = self.domain.clone();
        if !self.exact.propagate(&mut self.domain, None, &mut |_| ()) {
            return None;
        }
        let mut found = self.domain != before;
        for row in self.rows() {
            if !self.fold(row) {
                return None;
            }
            let of = &self.exact.rows[row];
            let (sense, rhs) = (of.sense, of.rhs);
            let most = if sense == Sense::AtLeast { None } else { self.end(row, 1) };
            let least = if sense == Sense::AtMost { None } else { self.end(row, -1) };
            let holds_above = sense == Sense::AtLeast || most.is_some_and(|most| most <= rhs);
            let holds_below = sense == Sense::AtMost || least.is_some_and(|least| least >= rhs);
            if holds_above && holds_below {
                self.drop_row(row);
                found = true;
                continue;
            }
            found |= match sense {
                Sense::AtMost => self.open_no_further(row, 1, most).is_some(),
                Sense::AtLeast => self.open_no_further(row, -1, least).is_some(),
                Sense::Equal => false,
            };
        }
        Some(found)
    }

    /// The largest value of a row within the ranges, the least for -1; none where it does not fit.
    fn end(&self, row: usize, sign: i128) -> Option<i128> {
        self.exact.rows[row].terms.iter().try_fold(0_i128, |sum, &(column, coefficient)| {
            let upwards = (coefficient > 0) == (sign > 0);
            let end = if upwards { self.domain.upper[column] } else { self.domain.lower[column] };
            sum.checked_add(coefficient.checked_mul(end)?)
        })
    }

    /// Lets each decision open a row, times `sign` read as `<=`, no further than the others can go; none where none does. `end` is the end of the row on that side.
    fn open_no_further(&mut self, row: usize, sign: i128, end: Option<i128>) -> Option<()> {
        if self.exact.rows[row].terms.len() > LONGEST {
            return None;
        }
        let columns = self.exact.rows[row].terms.iter().map(|(column, _)| *column);
        let decisions: Vec<usize> = columns.filter(|column| self.is_decision(*column)).collect();
        let mut all = end?.checked_mul(sign)?;
        let mut found = None;
        for column in decisions {
            // What 128 bits do not hold stays as it is.
            if self.open(row, sign, column, all).is_some() {
                found = Some(());
                let Some(end) = self.end(row, sign).and_then(|end| end.checked_mul(sign)) else { break };
                all = end;
            }
        }
        found
    }

    /// Whether a column is open, and 0 or 1.
    fn is_decision(&self, column: usize) -> bool {
        let (lower, upper) = (self.domain.lower[column], self.domain.upper[column]);
        lower == 0 && self.exact.columns[column].step == Some(upper) && upper == 100 * self.exact.value_cent
    }

    /// The same for one decision; `all` is the largest value of the row, so read.
    fn open(&mut self, row: usize, sign: i128, column: usize, all: i128) -> Option<()> {
        // One, in units of a value: a power of ten.
        let one = self.domain.upper[column];
        let of = &self.exact.rows[row];
        let at = of.terms.binary_search_by_key(&column, |(other, _)| *other).ok()?;
        let own = of.terms[at].1.checked_mul(sign)?;
        let rhs = of.rhs.checked_mul(sign)?;
        // The decision stands at its better end in `all`.
        let others = if own > 0 { all.checked_sub(own.checked_mul(one)?)? } else { all };
        let room = if own > 0 {
            rhs.checked_sub(others)?
        } else {
            rhs.checked_sub(own.checked_mul(one)?)?.checked_sub(others)?
        };
        if room <= 0 || (own < 0 && others <= rhs) {
            return None;
        }
        // In units so fine that the coefficient is whole, unless it is anyway.
        let finer = if room % one == 0 { 0 } else { one.ilog10() };
        let unit = if finer == 0 { 1 } else { one };
        let mut terms = Vec::with_capacity(of.terms.len());
        for (column, coefficient) in &of.terms {
            terms.push((*column, coefficient.checked_mul(unit)?));
        }
        let room = room.checked_mul(unit)?;
        let (less, rhs) = (room / one, rhs.checked_mul(unit)?);
        let (own, rhs) = if own > 0 {
            (own.checked_mul(unit)?.checked_sub(less)?, rhs - room)
        } else {
            (own.checked_mul(unit)?.checked_add(less)?, rhs)
        };
        terms[at].1 = own.checked_mul(sign)?;
        terms.retain(|(_, coefficient)| *coefficient != 0);
        self.replace_row(row, terms, rhs.checked_mul(sign)?, finer);
        Some(())
    }
}
