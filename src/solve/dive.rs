//! Dives: from the point of a relaxation to a feasible point with whole decisions, if rounding and deducing lead to one.
//!
//! A plunge takes decisions one after the other, those that decide most first, of these the ones the point favours most; after each, rows
//! deduce what follows (`propagate`), and where a decision cannot be, the other is taken. The amounts are then left to the relaxation.
//!
//! A descent relaxes again after every decision, and takes the one that is nearest to whole: few are not, for a vertex of the relaxation has hardly more of them
//! than rules bind. It costs a few steps of the simplex method for each, and its points are far better.

use std::cmp::Reverse;

use super::INTEGRALITY;
use super::exact::Domain;
use super::relaxation::{Relaxation, Relaxed};
use super::tree::{Task, rank};
use crate::program::ColumnKey;

/// A point this far above zero favours a claim: claims cost nothing, they only keep others out.
const FAVOURED: f64 = 1e-4;

/// Decisions that a descent takes at most.
const DEPTH: usize = 60;

impl Task<'_> {
    /// A point of the box with whole decisions, near the one given, by one relaxation.
    pub fn plunge(
        &self,
        relaxation: &mut Relaxation<'_>,
        domain: &Domain,
        point: &[f64],
    ) -> Option<Vec<f64>> {
        let mut domain = domain.clone();
        let is_whole = |column: &usize| self.columns[*column].kind.is_whole();
        let mut open: Vec<usize> = (0..self.columns.len()).filter(is_whole).collect();
        open.sort_by_key(|&column| (rank(self.columns[column].key), Reverse(billionths(point[column]))));
        for column in open {
            if domain.is_fixed(column) {
                continue;
            }
            let favoured = match self.columns[column].key {
                ColumnKey::Claim { .. } => FAVOURED,
                _ => 0.5,
            };
            let nearest = self.nearest(&domain, column, point[column], favoured);
            domain = nearest.into_iter().find_map(|value| self.decided(&domain, column, value))?;
        }
        let (lower, upper) = self.exact.floats(&domain);
        match relaxation.relax(&lower, &upper)? {
            Relaxed::Point { values, .. } => Some(values),
            Relaxed::Infeasible { .. } | Relaxed::Below { .. } => None,
        }
    }

    /// A point of the box with whole decisions, below the one given, by a relaxation for each decision.
    pub fn descend(
        &self,
        relaxation: &mut Relaxation<'_>,
        domain: &Domain,
        point: &[f64],
    ) -> Option<Vec<f64>> {
        let mut domain = domain.clone();
        let mut point = point.to_vec();
        for _ in 0..DEPTH {
            let off = |column: usize| (point[column] - point[column].round()).abs();
            let undecided = (0..self.columns.len()).filter(|&column| {
                self.columns[column].kind.is_whole() && !domain.is_fixed(column) && off(column) > INTEGRALITY
            });
            let next = undecided.min_by_key(|&c| (rank(self.columns[c].key), billionths(off(c)), c));
            let Some(column) = next else { return Some(point) };
            let nearest = self.nearest(&domain, column, point[column], 0.5);
            let taken = nearest.into_iter().find_map(|value| {
                let taken = self.decided(&domain, column, value)?;
                let (lower, upper) = self.exact.floats(&taken);
                match relaxation.relax(&lower, &upper) {
                    Some(Relaxed::Point { values, .. }) => Some((taken, values)),
                    _ => None,
                }
            });
            (domain, point) = taken?;
        }
        None
    }

    /// The two whole numbers next to what a point says, in the box; the upper one first where the point is above the lower by more than this.
    fn nearest(&self, domain: &Domain, column: usize, value: f64, favoured: f64) -> [i128; 2] {
        let below = self.exact.step_below(domain, column, value);
        let above = below + self.exact.step(column);
        if value > self.exact.euro(below) + favoured { [above, below] } else { [below, above] }
    }

    /// The box with one value of a column, and what rows deduce from it; none where they leave nothing.
    fn decided(&self, domain: &Domain, column: usize, value: i128) -> Option<Domain> {
        let mut domain = domain.clone();
        domain.decide(column, value);
        self.exact.propagate_from(&mut domain, &[column]).then_some(domain)
    }
}

/// A value as a key that can be compared; what is closer than a billionth is equal, so that noise does not choose.
#[allow(clippy::cast_possible_truncation, reason = "decisions, and counts of them, are far below billions")]
fn billionths(value: f64) -> i64 {
    (value * 1e9) as i64
}
