//! Boxes that are still open, and which one comes first.

use std::cmp::Ordering;

use super::super::worth::Worth;
use super::Domain;

/// A box still to be looked at.
#[derive(Debug)]
pub(super) struct Node {
    /// No plan in the box is worth more.
    pub bound: Worth,
    /// Running number.
    pub made: usize,
    /// Branches on cents on the way here.
    pub cent_branches: usize,
    /// Columns that are smaller than when rows last shrank the box; none at the root, where they never have.
    pub changed: Option<Vec<usize>>,
    pub domain: Domain,
    /// How it was made of another box; none for the whole.
    pub came: Option<Came>,
}

/// How a box was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Came {
    /// The decision.
    pub column: usize,
    /// The part with the smaller values (0) or the larger ones (1).
    pub part: usize,
    /// How far the value in the relaxation was from this part.
    pub way: f64,
    /// What the relaxation was worth, in euro.
    pub worth: f64,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Node {}

impl Ord for Node {
    /// The highest bound comes first; among equals the latest made, which is the deepest: it leads to a plan.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.bound, self.made).cmp(&(other.bound, other.made))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
