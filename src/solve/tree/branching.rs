//! Where a box is split, and into what.

use std::sync::Arc;

use super::super::relaxation::Relaxed;
use super::super::worth::Worth;
use super::super::{AT_STAKE, CENT_BRANCHES, CLOSE, INTEGRALITY, WHOLE_CENT};
use super::gains::{Undecided, score};
use super::narrowed::Narrowed;
use super::node::{Came, Node, Part, Stem, Waiting};
use super::{Domain, Search};
use crate::program::{ColumnKey, Kind};

/// Decisions tried out at one node.
const TRIED: usize = 4;

/// Rows up to which the vertex at hand is kept while decisions are tried out.
const MOST_COPIED: usize = 128;

/// The rank of what is claimed.
const CLAIMS: u8 = 2;

/// So many decisions that stand whole are taken before cents are branched on.
const FEW_WHOLE: usize = 16;

impl Search<'_> {
    /// Decisions not yet taken in a box, each with how early it should be.
    pub(super) fn decisions(&self, domain: &Domain) -> impl Iterator<Item = (usize, u8)> {
        let open = |column: &usize| !domain.is_fixed(*column);
        let columns = self.task.columns.iter().enumerate().filter(|(_, column)| column.kind.is_whole());
        columns.map(|(index, column)| (index, rank(column.key))).filter(move |(index, _)| open(index))
    }

    /// Those of them that a point leaves undecided.
    pub(super) fn undecided(&self, domain: &Domain, point: &[f64]) -> impl Iterator<Item = (usize, u8)> {
        self.decisions(domain)
            .filter(|(column, _)| (point[*column] - point[*column].round()).abs() > INTEGRALITY)
    }

    /// Where to split a box, given the point proposed for it, what is at stake in each column and what the point is worth, in euro, where it is that of a relaxation.
    pub(super) fn split(
        &mut self,
        node: &Node,
        point: &[f64],
        stakes: &[f64],
        worth: Option<f64>,
    ) -> Option<Split> {
        // Cents are not worth looking ahead for.
        let is_close = self.best.is_some_and(|best| node.bound - best < CLOSE.into());
        if let Some(worth) = worth.filter(|_| self.looks_ahead && !is_close)
            && let Some(split) = self.widest(&node.domain, point, worth)
        {
            return Some(split);
        }
        let off = |value: f64| (value - value.round()).abs();
        let exact = self.task.exact;
        let whole = |column: usize| {
            let below = exact.step_below(&node.domain, column, point[column]);
            Split { column, below, up: point[column] > exact.euro(below) + 0.5, came: None }
        };

        // What has an effect first: a helper of an application that is not made may take any value. Then rank, what is at stake, the most
        // undecided, the order of columns.
        let mut best = None;
        for (column, rank) in self.undecided(&node.domain, point) {
            let off_by = off(point[column]);
            let stake = off_by * stakes[column];
            let key = (stake > AT_STAKE, std::cmp::Reverse(rank), ordered(off_by), ordered(stake / 1e6));
            if best.is_none_or(|(other, _)| key > other) {
                best = Some((key, column));
            }
        }
        if let Some((_, column)) = best {
            return Some(whole(column));
        }
        // Decisions that stand whole at the vertex by chance leave the amounts that they open in its multipliers, and no cents can be counted: few are taken at once. Claims are many, and each is
        // one of several places of an expense: with them open, cents are the smaller part.
        let open: Vec<(usize, u8)> = self.decisions(&node.domain).take(FEW_WHOLE + 1).collect();
        if open.len() <= FEW_WHOLE && open.iter().all(|(_, rank)| *rank < CLAIMS) {
            let stake =
                |(column, _): &(usize, u8)| (ordered(stakes[*column] / 1e6), std::cmp::Reverse(*column));
            if let Some((column, _)) = open.into_iter().max_by_key(stake) {
                return Some(whole(column));
            }
        }
        if let Some(split) = self.off_a_cent(node, point, |off| off > WHOLE_CENT) {
            return Some(split);
        }
        let least_sure = self
            .decisions(&node.domain)
            .max_by_key(|&(column, _)| (ordered(off(point[column])), std::cmp::Reverse(column)));
        least_sure.map(|(column, _)| whole(column))
    }

    /// Where nothing is left to split once decisions have been taken for what they would cost: an amount off a whole cent, be it by a hair. The parts read the rows of the decisions,
    /// which nobody has read since.
    pub(super) fn once_fixed(&self, node: &Node, point: &[f64], fixed: &[usize]) -> Option<Split> {
        if fixed.is_empty() { None } else { self.off_a_cent(node, point, |_| true) }
    }

    /// The split on an amount that is far enough from a whole cent, of those the one that is published first, then the farthest.
    fn off_a_cent(&self, node: &Node, point: &[f64], is_far: impl Fn(f64) -> bool) -> Option<Split> {
        if node.cent_branches >= CENT_BRANCHES {
            return None;
        }
        let mut best = None;
        for (column, definition) in self.task.columns.iter().enumerate() {
            let cents = point[column] * 100.0;
            let off = (cents - cents.round()).abs();
            if definition.kind == Kind::Cents && !node.domain.is_fixed(column) && is_far(off) {
                let key = (std::cmp::Reverse(rank(definition.key)), ordered(off));
                if best.is_none_or(|(other, _)| key > other) {
                    best = Some((key, column));
                }
            }
        }
        let (_, column) = best?;
        let below = self.task.exact.step_below(&node.domain, column, point[column]);
        Some(Split { column, below, up: false, came: None })
    }

    /// The split on the decision that gains most.
    fn widest(&mut self, domain: &Domain, point: &[f64], worth: f64) -> Option<Split> {
        let exact = self.task.exact;
        let mut ends = exact.floats(domain);
        let mut open: Vec<(f64, i128, Undecided)> = Vec::new();
        for (column, _) in self.undecided(domain, point) {
            let below = exact.step_below(domain, column, point[column]);
            let above = point[column] - exact.euro(below);
            let undecided = Undecided { column, way: [above, 1.0 - above] };
            open.push((self.gains.expected(undecided), below, undecided));
        }
        open.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.column.cmp(&other.2.column)));
        // Each part is a few steps from the vertex at hand, and farther from where another part has ended; but an inverse of many rows takes longer to copy than those steps: then only what comes next begins there.
        let is_small = self.task.scaled.rows.len() <= MOST_COPIED;
        let mut tried = 0;
        let mut best: Option<(f64, i128, Undecided)> = None;
        for (expected, below, undecided) in open {
            let score = if tried < TRIED && !self.gains.is_sure(undecided.column) {
                if tried == 0 {
                    self.relaxation.mark();
                }
                tried += 1;
                score([0, 1].map(|part| {
                    let fall = self.fall(&mut ends, undecided, below, part, worth);
                    if is_small {
                        self.relaxation.go_back();
                    }
                    fall
                }))
            } else {
                expected
            };
            if best.is_none_or(|(other, ..)| score > other) {
                best = Some((score, below, undecided));
            }
        }
        if !is_small && tried > 0 {
            self.relaxation.go_back();
        }
        best.map(|(_, below, undecided)| Split {
            column: undecided.column,
            below,
            up: undecided.way[1] < undecided.way[0],
            came: Some((undecided.way, worth)),
        })
    }

    /// By how many euro the relaxation of a box, given by its ends, falls in its lower part (0) or upper part (1): all it is worth where nothing is left of that.
    fn fall(
        &mut self,
        ends: &mut (Vec<f64>, Vec<f64>),
        of: Undecided,
        below: i128,
        part: usize,
        worth: f64,
    ) -> f64 {
        let (exact, (lower, upper)) = (self.task.exact, ends);
        let whole = (lower[of.column], upper[of.column]);
        if part == 1 {
            lower[of.column] = exact.euro(below + exact.step(of.column));
        } else {
            upper[of.column] = exact.euro(below);
        }
        let floor = self.best.map(Worth::euro);
        let relaxed = self.relaxation.relax_above(lower, upper, floor);
        (lower[of.column], upper[of.column]) = whole;
        let fall = match relaxed {
            Some(Relaxed::Point { values, .. }) => worth - self.task.scaled.worth(&values),
            // At least.
            Some(Relaxed::Below { .. }) => worth - floor.unwrap_or(worth),
            Some(Relaxed::Infeasible { .. }) => return worth,
            None => return 0.0,
        };
        self.gains.saw(of.column, part, of.way[part], fall);
        fall
    }

    /// Makes the two parts of a box; the likelier one is made last and so looked at first.
    pub(super) fn branch(&mut self, node: &Node, split: &Split, changed: Vec<usize>) {
        let &Split { column, below, up, came } = split;
        let definition = &self.task.columns[column];
        let cent_branches = node.cent_branches + usize::from(definition.kind == Kind::Cents);
        let step = self.task.exact.step(column);
        if let Some(record) = &mut self.record {
            // The part made first is the upper one unless the point lies there.
            let (lower, upper) = if up { (self.made, self.made + 1) } else { (self.made + 1, self.made) };
            record.split(node.made, changed.clone(), [lower, upper], (column, below / step));
        }
        let ends = [(node.domain.lower[column], below), (below + step, node.domain.upper[column])];
        let stem = Arc::new(Stem { narrowed: Narrowed::new(&node.domain, &self.whole), changed });
        for is_upper in [!up, up] {
            let part = usize::from(is_upper);
            let came = came.map(|(way, worth)| Came { column, part, way: way[part], worth });
            let (bound, made) = (node.bound, self.made);
            let (lower, upper) = ends[part];
            let part = Some(Part { of: Arc::clone(&stem), column, lower, upper });
            let node = Waiting { bound, made, cent_branches, came, part };
            if is_upper == up {
                self.likelier = Some(node);
            } else {
                self.queue.push(node);
            }
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
    /// Of a decision chosen by what it gains: how far the point is from either part, and what it is worth, in euro.
    came: Option<([f64; 2], f64)>,
}

/// What is branched on first: applications decide most, grants are what is published.
pub(in super::super) fn rank(key: ColumnKey) -> u8 {
    match key {
        ColumnKey::Apply { .. } | ColumnKey::Grant { .. } => 0,
        ColumnKey::Lot { .. } | ColumnKey::Helper { .. } => 1,
        ColumnKey::Claim { .. } | ColumnKey::Admitted { .. } | ColumnKey::Derived { .. } => CLAIMS,
    }
}

/// A distance as a key that can be compared; what is closer than a billionth is equal, so that noise does not choose.
#[allow(clippy::cast_possible_truncation, reason = "distances are at most one half")]
fn ordered(off: f64) -> i64 {
    (off * 1e9) as i64
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, certify};
    use super::*;
    use crate::money::Money;
    use crate::program::{Column, Program, Sense};
    use rust_decimal_macros::dec;

    #[test]
    fn decisions_taken_for_what_they_would_cost_are_read_by_rows() {
        // At most -28 x - 11 g, where 4 x + 100 g are a cent at least: the relaxation has g at a hundredth of a cent. The cent costs 0.11, x would cost 28.
        let mut program = Program::default();
        for (name, kind, upper, objective) in
            [("x", Kind::Binary, dec!(1), dec!(-28)), ("g", Kind::Cents, dec!(0.01), dec!(-11))]
        {
            let key = ColumnKey::Helper { application: None, number: program.columns.len() };
            program.column(Column { key, name: name.into(), kind, lower: dec!(0), upper, objective });
        }
        program.row("cent", "cent".into(), [(0, dec!(4)), (1, dec!(100))], Sense::AtLeast, dec!(0.01));
        let best = Money::from_cents(-11);
        let proof = certify(&program, Some(best), &Limits::default(), &mut |_| None);
        assert_eq!((proof.bound, proof.closed), (Some(best), true));
    }
}
