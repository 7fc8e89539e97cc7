//! Which points of a box are shown to whoever makes plans of them: that of the relaxation, and one that a dive finds.

use super::super::exact::Domain;
use super::super::worth::Worth;
use super::Search;

/// Nodes from which every one dives, and how often later ones do: a dive costs a relaxation and deductions for every decision.
const FIRST_DIVES: usize = 4;
const DIVES_EVERY: usize = 8;

/// How often a tree dives that settles the points of relaxations, too: its first nodes close what is easy.
const SELDOM: usize = 32;

impl Search<'_> {
    /// Whether the node at hand dives.
    pub(super) fn dives(&self) -> bool {
        let of_blocks = self.nodes <= FIRST_DIVES || self.nodes.is_multiple_of(DIVES_EVERY);
        if self.task.dives { of_blocks } else { self.nodes % SELDOM == FIRST_DIVES }
    }

    /// What comes of a point proposed for a box.
    pub(super) fn propose(
        &mut self,
        domain: &Domain,
        point: &[f64],
        settle: &mut dyn FnMut(&[f64]) -> Option<Worth>,
    ) -> Option<Worth> {
        if self.task.dives && self.undecided(domain, point).next().is_none() {
            return settle(point);
        }
        let rounded = if self.task.dives { None } else { settle(point) };
        if !self.dives() {
            return rounded;
        }
        let dived = if self.relaxation.is_warm() {
            self.task.descend(&mut self.relaxation, domain, point)
        } else {
            self.task.plunge(&mut self.relaxation, domain, point)
        };
        rounded.max(dived.and_then(|point| settle(&point)))
    }
}
