//! Boxes in which nothing but cents is open: they are counted ([`super::super::lattice`]).

use super::super::Limits;
use super::super::lattice::{self, Answer};
use super::super::relaxation::{Relaxation, Relaxed};
use super::super::worth::Worth;
use super::{Node, Search};
use crate::money::Money;

/// Boxes of a tree that may stay open although their whole cents are counted: more are not tried.
const MOST_UNCOUNTED: usize = 60;

impl Search<'_> {
    /// Counts no box where these limits leave cents: as if it had tried all that it tries.
    pub(super) fn counts_within(&mut self, limits: &Limits) {
        if limits.leaves_cents {
            self.uncounted = MOST_UNCOUNTED;
        }
    }

    /// Whether a box is closed by what its whole cents leave, the relaxation standing at its vertex.
    pub(super) fn in_cents(
        &mut self,
        node: &mut Node,
        vertex: &[f64],
        multipliers: &[f64],
        settle: &mut dyn FnMut(&[f64]) -> Option<Worth>,
    ) -> bool {
        let is_decided = self.decisions(&node.domain).next().is_none();
        if self.task.dives || !is_decided || self.uncounted >= MOST_UNCOUNTED {
            return false;
        }
        // Of a wider gap only the top is looked at, where a plan may be found.
        let top = node.bound - Worth::from(lattice::MOST);
        let Some(least) = self.best.map_or(top, |best| best.max(top)).cut() else { return false };
        let (exact, columns) = (self.task.exact, self.task.columns);
        let counted = |relaxation: &Relaxation<'_>, vertex: &[f64], multipliers: &[f64]| {
            lattice::in_cents(exact, columns, &node.domain, (relaxation, multipliers, vertex), least.cents())
        };
        let answer = counted(&self.relaxation, vertex, multipliers).or_else(|| {
            // Columns that have one value left, and are basic all the same, bring what opens them into the multipliers: without them there are others at the same vertex.
            let (lower, upper) = exact.floats(&node.domain);
            let free = self.task.scaled.without_fixed(&lower, &upper);
            let mut relaxation = Relaxation::new(&free);
            match relaxation.relax(&lower, &upper)? {
                Relaxed::Point { values, multipliers } => counted(&relaxation, &values, &multipliers),
                Relaxed::Infeasible { .. } | Relaxed::Below { .. } => None,
            }
        });
        self.uncounted += 1;
        let Some(Answer { cents, lattice, point }) = answer else { return false };
        let bound = Worth::from(Money::from_cents(cents));
        if bound < node.bound {
            node.bound = bound;
            if let Some(record) = &mut self.record {
                record.in_cents(node.made, lattice, bound);
            }
        }
        if Some(bound) > self.best
            && let Some(point) = point
        {
            self.best = self.best.max(settle(&point));
        }
        let is_closed = self.closes(node, None);
        self.uncounted -= usize::from(is_closed);
        is_closed
    }
}
