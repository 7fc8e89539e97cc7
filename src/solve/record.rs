//! What a tree keeps of its nodes where its proof is to be written down ([`crate::certificate`]): by node what shrank the box, what bounded it, and
//! what became of it. A tree that nobody asks keeps nothing.

use super::bound::Rounded;
use super::lattice::Lattice;
use super::worth::Worth;
use crate::certificate::{self, Multipliers, Node, Split, Whole};

/// The nodes of a tree so far.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The bound of the whole program before anything is looked at.
    whole: Worth,
    /// By the running number of the node.
    steps: Vec<Step>,
}

/// What is known of a node.
#[derive(Clone, Debug, Default)]
struct Step {
    rows: Vec<usize>,
    /// The multipliers and what they prove: a bound, or, lower than any, that nothing is in the box.
    bounded: Option<(Rounded, Worth)>,
    /// What whole cents leave of the box, and what that proves.
    in_cents: Option<(Lattice, Worth)>,
    fixed: Vec<usize>,
    end: End,
}

/// What became of a node.
#[derive(Clone, Copy, Debug, Default)]
enum End {
    /// Closed by its bound or that of a node above it, or still open under such a bound.
    #[default]
    Bounded,
    /// Nothing is in it.
    Empty,
    /// Its lower and its upper part, and where it was split.
    Split { parts: [usize; 2], column: usize, below: i64 },
}

impl Record {
    /// Of a tree that has not been grown, with the bound it begins with.
    pub fn new(whole: Worth) -> Record {
        Record { whole, steps: Vec::new() }
    }

    /// Rows that shrank the box, in the order they were read.
    pub fn read(&mut self, node: usize, rows: Vec<usize>) {
        self.step(node).rows = rows;
    }

    /// Nothing is in the box, as its rows say, or multipliers.
    pub fn emptied(&mut self, node: usize, multipliers: Option<Rounded>) {
        let step = self.step(node);
        (step.bounded, step.end) = (multipliers.map(|of| (of, Worth::LEAST)), End::Empty);
    }

    /// What bounds the box, and by how much.
    pub fn bounded(&mut self, node: usize, multipliers: Rounded, bound: Worth) {
        self.step(node).bounded = Some((multipliers, bound));
    }

    /// What whole cents leave of the box.
    pub fn in_cents(&mut self, node: usize, lattice: Lattice, bound: Worth) {
        self.step(node).in_cents = Some((lattice, bound));
    }

    /// Decisions fixed by these multipliers before the box was split into these parts, the lower first; `below` in steps of the column.
    pub fn split(
        &mut self,
        node: usize,
        fixed: Vec<usize>,
        parts: [usize; 2],
        (column, below): (usize, i128),
    ) {
        // Steps of a column are amounts in cents: they fit, and a proof in which one did not would not pass its check.
        let below = i64::try_from(below).unwrap_or(i64::MAX);
        let step = self.step(node);
        step.fixed = fixed;
        step.end = End::Split { parts, column, below };
    }

    fn step(&mut self, node: usize) -> &mut Step {
        if self.steps.len() <= node {
            self.steps.resize_with(node + 1, Step::default);
        }
        &mut self.steps[node]
    }

    /// Rows that shrank the whole.
    pub fn of_whole(&self) -> Vec<u32> {
        self.steps.first().map(|step| step.rows.iter().copied().map(number).collect()).unwrap_or_default()
    }

    /// The nodes in the order of a certificate, as far as its check needs them: a box that its own multipliers bound by `target` has no parts, and of one
    /// that has the multipliers are kept where they fix something. `target` is a bound that the tree has proven.
    pub fn nodes(mut self, target: Worth) -> Vec<Node> {
        if self.whole <= target {
            return vec![Node::default()];
        }
        let mut nodes = Vec::new();
        let mut next = vec![0];
        while let Some(node) = next.pop() {
            let mut step = std::mem::take(self.step(node));
            let closes = step.bounded.as_ref().is_some_and(|(_, bound)| *bound <= target);
            step.in_cents = step.in_cents.filter(|(_, bound)| !closes && *bound <= target);
            if (closes || step.in_cents.is_some()) && !matches!(step.end, End::Empty) {
                (step.end, step.fixed) = (End::Bounded, Vec::new());
            } else if let End::Split { parts: [lower, upper], .. } = step.end {
                next.extend([upper, lower]);
                step.bounded = step.bounded.filter(|_| !step.fixed.is_empty());
            }
            nodes.push(step.node());
        }
        nodes
    }
}

impl Step {
    fn node(self) -> Node {
        let split = match self.end {
            End::Split { column, below, .. } => Some(Split { column: number(column), below }),
            _ => None,
        };
        let lattice = self.in_cents.map(|(of, _)| certificate::Lattice {
            over: Whole(of.over),
            of: numbered(of.of),
            modulo: of.modulo.into_iter().map(numbered).collect(),
        });
        Node {
            rows: self.rows.into_iter().map(number).collect(),
            multipliers: self.bounded.filter(|_| lattice.is_none()).map(|(of, _)| written(of)),
            lattice,
            fixed: self.fixed.into_iter().map(number).collect(),
            split,
            empty: matches!(self.end, End::Empty),
        }
    }
}

fn numbered(of: Vec<(usize, i128)>) -> Vec<(u32, Whole)> {
    of.into_iter().map(|(row, multiplier)| (number(row), Whole(multiplier))).collect()
}

/// Multipliers as a certificate has them.
pub(super) fn written(of: Rounded) -> Multipliers {
    Multipliers { decimals: of.decimals, of: numbered(of.of) }
}

/// A tree of one box, bounded by these multipliers.
pub(super) fn bounded(multipliers: Rounded) -> Node {
    Step { bounded: Some((multipliers, Worth::LEAST)), ..Step::default() }.node()
}

/// The number of a row or column; no program in memory has more.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 is split into 1 and 2, and fixes column 3; 1 into 3 (empty) and 4.
    fn record() -> Record {
        let by = |row| Rounded { decimals: 0, of: vec![(row, 1)] };
        let mut record = Record::new(Worth::new(90));
        record.bounded(0, by(0), Worth::new(80));
        record.split(0, vec![3], [1, 2], (7, 0));
        record.read(1, vec![5]);
        record.bounded(1, by(1), Worth::new(60));
        record.split(1, Vec::new(), [3, 4], (8, 250));
        record.bounded(2, by(2), Worth::new(40));
        record.emptied(3, None);
        record.bounded(4, by(4), Worth::new(50));
        record
    }

    /// By node: the row of its multipliers, whether it is empty, where it is split.
    fn said(nodes: &[Node]) -> Vec<(Option<u32>, bool, Option<u32>)> {
        let row = |node: &Node| node.multipliers.as_ref().map(|of| of.of[0].0);
        nodes.iter().map(|node| (row(node), node.empty, node.split.map(|split| split.column))).collect()
    }

    #[test]
    fn lower_parts_come_first_and_what_bounds_or_fixes_nothing_is_left_away() {
        let nodes = record().nodes(Worth::new(50));
        let all = [
            (Some(0), false, Some(7)),
            (None, false, Some(8)),
            (None, true, None),
            (Some(4), false, None),
            (Some(2), false, None),
        ];
        assert_eq!(said(&nodes), all);
        assert_eq!((nodes[0].fixed.as_slice(), nodes[1].rows.as_slice()), (&[3][..], &[5][..]));
    }

    #[test]
    fn a_box_bounded_well_enough_needs_no_parts() {
        let nodes = record().nodes(Worth::new(60));
        assert_eq!(said(&nodes), [(Some(0), false, Some(7)), (Some(1), false, None), (Some(2), false, None)]);
        assert_eq!(said(&record().nodes(Worth::new(80))), [(Some(0), false, None)]);
        assert_eq!(record().nodes(Worth::new(90)), [Node::default()]);
    }
}
