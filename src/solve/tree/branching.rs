//! Where a box is split, and into what.

use super::super::{AT_STAKE, CENT_BRANCHES, INTEGRALITY, WHOLE_CENT};
use super::{Domain, Node, Search};
use crate::program::{ColumnKey, Kind};

impl Search<'_> {
    /// Decisions not yet taken in a box, each with how early it should be.
    pub(super) fn decisions(&self, domain: &Domain) -> impl Iterator<Item = (usize, u8)> {
        let open = |column: &usize| !domain.is_fixed(*column);
        let columns = self.task.columns.iter().enumerate().filter(|(_, column)| column.kind.is_whole());
        columns.map(|(index, column)| (index, rank(column.key))).filter(move |(index, _)| open(index))
    }

    /// Where to split a box, given the point proposed for it and what is at stake in each column.
    pub(super) fn split(&self, node: &Node, point: &[f64], stakes: &[f64]) -> Option<Split> {
        let off = |value: f64| (value - value.round()).abs();
        let exact = self.task.exact;
        let whole = |column: usize| {
            let below = exact.step_below(&node.domain, column, point[column]);
            Split { column, below, up: point[column] > exact.euro(below) + 0.5 }
        };

        // What has an effect first: a helper of an application that is not made may take any value. Then rank, what is at stake, the most
        // undecided, the order of columns.
        let urgent = |rank: u8, off: f64| (std::cmp::Reverse(rank), ordered(off));
        let mut best = None;
        for (column, rank) in self.decisions(&node.domain) {
            let off_by = off(point[column]);
            let stake = off_by * stakes[column];
            let key = (stake > AT_STAKE, std::cmp::Reverse(rank), ordered(off_by), ordered(stake / 1e6));
            if off(point[column]) > INTEGRALITY && best.is_none_or(|(other, _)| key > other) {
                best = Some((key, column));
            }
        }
        if let Some((_, column)) = best {
            return Some(whole(column));
        }
        if node.cent_branches < CENT_BRANCHES {
            let mut best = None;
            for (column, definition) in self.task.columns.iter().enumerate() {
                let cents = point[column] * 100.0;
                if definition.kind == Kind::Cents && !node.domain.is_fixed(column) && off(cents) > WHOLE_CENT
                {
                    let key = urgent(rank(definition.key), off(cents));
                    if best.is_none_or(|(other, _)| key > other) {
                        best = Some((key, column));
                    }
                }
            }
            if let Some((_, column)) = best {
                let below = exact.step_below(&node.domain, column, point[column]);
                return Some(Split { column, below, up: false });
            }
        }
        let least_sure = self
            .decisions(&node.domain)
            .max_by_key(|&(column, _)| (ordered(off(point[column])), std::cmp::Reverse(column)));
        least_sure.map(|(column, _)| whole(column))
    }

    /// Makes the two parts of a box; the likelier one is made last and so looked at first.
    pub(super) fn branch(&mut self, node: &Node, split: &Split, mut changed: Vec<usize>) {
        let &Split { column, below, up } = split;
        let definition = &self.task.columns[column];
        let cent_branches = node.cent_branches + usize::from(definition.kind == Kind::Cents);
        let step = self.task.exact.step(column);
        if let Some(record) = &mut self.record {
            // The part made first is the upper one unless the point lies there.
            let (lower, upper) = if up { (self.made, self.made + 1) } else { (self.made + 1, self.made) };
            record.split(node.made, changed.clone(), [lower, upper], (column, below / step));
        }
        changed.push(column);
        for upper_part in [!up, up] {
            let mut domain = node.domain.clone();
            if upper_part {
                domain.lower[column] = below + step;
            } else {
                domain.upper[column] = below;
            }
            let changed = Some(changed.clone());
            self.queue.push(Node { bound: node.bound, made: self.made, cent_branches, changed, domain });
            self.made += 1;
        }
    }
}

/// A box is split into values at most `below` and the others.
pub(super) struct Split {
    column: usize,
    below: i128,
    /// Whether the point lies rather in the upper part.
    up: bool,
}

/// What is branched on first: applications decide most, grants are what is published.
pub(in super::super) fn rank(key: ColumnKey) -> u8 {
    match key {
        ColumnKey::Apply { .. } | ColumnKey::Grant { .. } => 0,
        ColumnKey::Lot { .. } | ColumnKey::Helper { .. } => 1,
        ColumnKey::Claim { .. } | ColumnKey::Admitted { .. } | ColumnKey::Derived { .. } => 2,
    }
}

/// A distance as a key that can be compared; what is closer than a billionth is equal, so that noise does not choose.
#[allow(clippy::cast_possible_truncation, reason = "distances are at most one half")]
fn ordered(off: f64) -> i64 {
    (off * 1e9) as i64
}
