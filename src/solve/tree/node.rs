//! Boxes that are still open, and which one comes first.
//!
//! A large tree has thousands of them, of which each but the one looked at waits as no more than the box that it is a part of, told by what that has
//! narrower than the whole ([`Narrowed`]).

use std::cmp::Ordering;
use std::sync::Arc;

use super::super::worth::Worth;
use super::Domain;
use super::narrowed::Narrowed;

/// A box that is looked at.
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

/// A box still to be looked at.
#[derive(Debug)]
pub(super) struct Waiting {
    /// As of [`Node`].
    pub bound: Worth,
    pub made: usize,
    pub cent_branches: usize,
    pub came: Option<Came>,
    /// What it is a part of; none for the whole.
    pub part: Option<Part>,
}

/// A part of a box that was split.
#[derive(Debug)]
pub(super) struct Part {
    pub of: Arc<Stem>,
    /// Where it was split.
    pub column: usize,
    /// The values that are left there.
    pub lower: i128,
    pub upper: i128,
}

/// A box that was split.
#[derive(Debug)]
pub(super) struct Stem {
    pub narrowed: Narrowed,
    /// Columns that are smaller than when rows last shrank it.
    pub changed: Vec<usize>,
}

impl Waiting {
    /// The box, by the whole.
    pub fn domain(&self, whole: &Domain) -> Domain {
        let Some(Part { of, column, lower, upper }) = &self.part else { return whole.clone() };
        let mut domain = of.narrowed.of(whole);
        (domain.lower[*column], domain.upper[*column]) = (*lower, *upper);
        domain
    }

    /// To be looked at.
    pub fn open(self, whole: &Domain) -> Node {
        let domain = self.domain(whole);
        let Waiting { bound, made, cent_branches, came, part } = self;
        let changed = part.map(|part| {
            let changed = &part.of.changed;
            let mut all = Vec::with_capacity(changed.len() + 1);
            all.extend_from_slice(changed);
            all.push(part.column);
            all
        });
        Node { bound, made, cent_branches, changed, domain, came }
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl Ord for Waiting {
    /// The highest bound comes first; among equals the latest made, which is the deepest: it leads to a plan.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.bound, self.made).cmp(&(other.bound, other.made))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
