//! Our own branch and bound, which certifies: no plan is worth more than this.
//!
//! Each node is a box. Rows shrink it (`propagate`), the relaxation proposes a point and multipliers (`relaxation`), the multipliers give
//! an exact bound ([`super::bound`]), the caller rounds the point to a real plan and says what it is worth. A node closes when its bound is at most
//! the best plan, or when it is refuted in integers. Otherwise it is split: on the undecided decision that makes the bound fall most (`gains`; a count of decisions between two whole numbers), or where
//! only cents are open on applications first, then lots and helpers, then claims. When all are decided, whole cents are counted (`lattice`); what that leaves open is split on an amount between two cents (grants first), for
//! what is published is whole cents. Nodes are taken by the highest bound, then the latest made; where more than a euro is open in a large tree, the likelier part of the last one first (`next`). The result depends on the machine only where the time limit strikes.

mod branching;
mod closing;
mod counting;
mod exploration;
mod fixing;
mod gains;
mod narrowed;
mod node;
mod proposing;
mod ties;

use std::collections::BinaryHeap;
use std::ops::ControlFlow;
use std::time::Instant;

pub(super) use self::branching::rank;
pub(super) use self::exploration::{Experience, Exploration};
use self::gains::Gains;
use self::node::{Came, Node, Waiting};
use self::ties::Ties;
use super::bound::Certificate;
use super::exact::{Domain, Exact};
use super::record::Record;
use super::relaxation::{Basis, Relaxation, Relaxed};
use super::scaled::Scaled;
use super::worth::Worth;
use super::{CLOSE, Limits};
use crate::certificate;
use crate::money::Money;
use crate::program::{Column, Kind, Program};

/// Nodes of a tree that does not try decisions out before it takes one: it ends before that pays.
const FEW: usize = 50;

/// What the tree has proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// No plan is worth more; at least what the best plan known is worth. None where nothing is left to bound (see `closed`), where the figures
    /// are too large for a bound to be computed, and where a plan is worth more than the program allows: then the model is wrong.
    pub bound: Option<Money>,
    /// Whether nothing is left open: the best plan known is optimal, or, without a bound, there is no plan at all.
    pub closed: bool,
    /// Nodes looked at.
    pub nodes: usize,
}

impl Proof {
    /// The tighter of two proofs about one program, of which this is the later and knows the best plan.
    #[must_use]
    pub fn or(self, earlier: &Proof) -> Proof {
        match (self.bound, earlier.bound) {
            (Some(bound), Some(other)) if other < bound => Proof { nodes: self.nodes, ..*earlier },
            _ => self,
        }
    }
}

/// Searches for the best plan of a program and proves how good it is.
///
/// `incumbent` is what the best plan known so far is worth, if there is one. `settle` makes a real plan from a point (euro, one value for
/// each column), remembers it if it is the best so far, and returns what it is worth exactly. The proof is about plans as far as every
/// plan is a point of the program, with whole decisions and money in whole cents, worth at least as much there.
pub fn certify(
    program: &Program,
    incumbent: Option<Money>,
    limits: &Limits,
    settle: &mut dyn FnMut(&[f64]) -> Option<Money>,
) -> Proof {
    let Some(ground) = Ground::new(program) else { return Proof::default() };
    match Tree::new(program, &ground) {
        Some(mut tree) => tree.grow(incumbent, limits, settle),
        None => Proof::default(),
    }
}

/// A program in the two forms a tree needs: in integers for what is proven, in floats for where to look.
#[derive(Debug)]
pub struct Ground {
    exact: Exact,
    scaled: Scaled,
}

impl Ground {
    /// Of a program; none where 128 bits do not hold its figures.
    pub fn new(program: &Program) -> Option<Self> {
        Some(Ground { exact: Exact::new(program)?, scaled: Scaled::new(program) })
    }
}

/// A tree that can be left and grown further.
pub struct Tree<'a>(Search<'a>);

impl<'a> Tree<'a> {
    /// The tree over a program, not yet grown; none where 128 bits do not hold its figures.
    pub fn new(program: &'a Program, ground: &'a Ground) -> Option<Self> {
        let Ground { exact, scaled } = ground;
        let task = Task { columns: &program.columns, exact, scaled, dives: false };
        Search::new(task, Experience::default(), None).map(Tree)
    }

    /// The tree over what of a program can be worth more than the best plan known: that it holds no such plan closes it.
    pub fn of_better(program: &'a Program, ground: &'a Ground) -> Option<Self> {
        let mut tree = Tree::new(program, ground)?;
        tree.0.is_of_better = true;
        Some(tree)
    }

    /// The tree over the part of a program where these decisions are taken, up or not; none where figures are too large.
    pub fn within(program: &'a Program, ground: &'a Ground, taken: &[(usize, bool)]) -> Option<Self> {
        let mut tree = Tree::new(program, ground)?;
        let whole = &mut tree.0.whole;
        for (column, up) in taken {
            let (lower, upper) = (whole.lower[*column], whole.upper[*column]);
            whole.decide(*column, if *up { upper } else { lower });
        }
        let bound = ground.exact.certificate(whole, &[])?.bound(&ground.exact)?;
        tree.0.begin(bound);
        Some(tree)
    }

    /// Grows it to so many nodes in all, and tells what is proven by then. `known` is what the best plan is worth meanwhile, `settle` as in
    /// [`certify`].
    pub fn grow(
        &mut self,
        known: Option<Money>,
        limits: &Limits,
        settle: &mut dyn FnMut(&[f64]) -> Option<Money>,
    ) -> Proof {
        let search = &mut self.0;
        search.best = search.best.max(known.map(Worth::from));
        search.run(limits, &mut |point| settle(point).map(Worth::from));
        if search.best > Some(search.root_bound) && !search.is_of_better {
            return Proof { nodes: search.nodes, ..Proof::default() };
        }
        let bound = search.bound();
        Proof { bound: bound.and_then(Worth::cut), closed: bound == search.best, nodes: search.nodes }
    }

    /// Nodes looked at so far.
    pub fn nodes(&self) -> usize {
        self.0.nodes
    }

    /// The bound proven so far, with its proof; none where it was grown without keeping that.
    pub fn proven(self) -> Option<(Money, Vec<certificate::Node>)> {
        let bound = self.0.bound()?;
        Some((bound.cut()?, self.0.record?.nodes(bound)))
    }
}

/// What a tree is about.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    /// Why each column exists and what values it may take.
    pub columns: &'a [Column],
    /// The program in integers.
    pub exact: &'a Exact,
    /// The program as the relaxation takes it.
    pub scaled: &'a Scaled,
    /// Whether `settle` is shown feasible points found in the box (`plunge`) alone, and not the relaxation's.
    pub dives: bool,
}

impl Task<'_> {
    /// What a point is worth, whose money is in whole cents but for the noise of a relaxation.
    pub fn worth(&self, point: &[f64]) -> f64 {
        self.scaled.worth_in_cents(point, |column| self.columns[column].kind == Kind::Cents)
    }
}

struct Search<'a> {
    task: Task<'a>,
    relaxation: Relaxation<'a>,
    /// Where the relaxation of the whole box ended, kept of blocks, which are priced again and again.
    basis: Option<Basis>,
    /// What the best plan known is worth.
    best: Option<Worth>,
    /// The bound of the whole program.
    root_bound: Worth,
    /// Whether the best plan known may be no point of it.
    is_of_better: bool,
    /// The whole box.
    whole: Domain,
    /// The same as far as rows shrink it, and the bound for it with what it is made of.
    root: Option<(Domain, Certificate)>,
    /// The highest bound of a node that could not be split any further.
    left_open: Option<Worth>,
    queue: BinaryHeap<Waiting>,
    /// The likelier part of the box that was split last.
    likelier: Option<Waiting>,
    made: usize,
    nodes: usize,
    /// Whether decisions are tried out before one is taken.
    looks_ahead: bool,
    /// What branching has gained so far.
    gains: Gains,
    /// Where plans as good as the best are.
    ties: Option<Ties>,
    /// Boxes that whole cents were counted of and that stayed open.
    uncounted: usize,
    /// What is kept for the certificate; none where nobody asked before the first node.
    record: Option<Record>,
}

impl<'a> Search<'a> {
    fn new(task: Task<'a>, experience: Experience, incumbent: Option<Worth>) -> Option<Self> {
        let exact = task.exact;
        let root_bound = exact.certificate(&exact.domain, &[])?.bound(exact)?;
        let mut search = Search {
            task,
            relaxation: Relaxation::resume(task.scaled, experience.basis),
            basis: None,
            best: incumbent,
            root_bound,
            is_of_better: false,
            whole: exact.domain.clone(),
            root: None,
            left_open: None,
            queue: BinaryHeap::new(),
            likelier: None,
            made: 1,
            nodes: 0,
            looks_ahead: true,
            gains: experience.gains,
            ties: None,
            uncounted: 0,
            record: None,
        };
        search.begin(root_bound);
        Some(search)
    }

    /// Nothing but the whole box waits, and this bounds it.
    fn begin(&mut self, bound: Worth) {
        self.root_bound = bound;
        let root = Waiting { bound, made: 0, cent_branches: 0, came: None, part: None };
        self.queue = BinaryHeap::from([root]);
    }

    fn run(&mut self, limits: &Limits, settle: &mut dyn FnMut(&[f64]) -> Option<Worth>) {
        if limits.keep && self.nodes == 0 {
            self.record = Some(Record::new(self.root_bound));
        }
        self.counts_within(limits);
        self.looks_ahead = limits.nodes.is_none_or(|most| most > FEW);
        let deadline = limits.deadline();
        while let Some(node) = self.next() {
            let highest = self.queue.peek().map_or(node.bound, |other| other.bound.max(node.bound));
            let open = self.left_open.map_or(highest, |left| left.max(highest));
            let close_enough = self.best.is_some_and(|best| open - best <= limits.gap.into());
            let spent = limits.nodes.is_some_and(|most| self.nodes >= most)
                || deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if close_enough || spent {
                self.queue.push(node);
                break;
            }
            self.nodes += 1;
            let node = node.open(&self.whole);
            self.look_at(node, settle);
        }
    }

    /// The node of the highest bound, or in a large tree where that is far above the best plan the likelier part of the one looked at last, on the way down to a better one; none
    /// where nothing is bounded above the best plan.
    fn next(&mut self) -> Option<Waiting> {
        if let Some(node) = self.likelier.take()
            && !self.closes_waiting(&node)
        {
            if self.nodes > FEW && self.best.is_none_or(|best| node.bound - best >= CLOSE.into()) {
                return Some(node);
            }
            self.queue.push(node);
        }
        // Once one is closed, those after it are bounded no higher.
        while let Some(node) = self.queue.pop() {
            if !self.closes_waiting(&node) {
                return Some(node);
            }
        }
        None
    }

    /// The best plan, or the highest bound of what is still open.
    fn bound(&self) -> Option<Worth> {
        let queued = self.queue.peek().map(|node| node.bound);
        self.best.max(queued).max(self.left_open)
    }

    /// Closes a node, or splits it, or leaves it open for good.
    fn look_at(&mut self, mut node: Node, settle: &mut dyn FnMut(&[f64]) -> Option<Worth>) {
        let (changed, mut rows) = (node.changed.take(), Vec::new());
        let keeps = self.record.is_some();
        let mut told = |row: usize| {
            if keeps {
                rows.push(row);
            }
        };
        let stays = self.task.exact.propagate(&mut node.domain, changed.as_deref(), &mut told);
        if let Some(record) = &mut self.record {
            record.read(node.made, rows);
        }
        if !stays {
            return self.refuted(&node, None);
        }
        let mut fixed = Vec::new();
        let (lower, upper) = self.task.exact.floats(&node.domain);
        let mut stakes = vec![0.0; lower.len()];
        let mut worth = None;
        let middle = || lower.iter().zip(&upper).map(|(l, u)| f64::midpoint(*l, *u)).collect();
        let ControlFlow::Continue(relaxed) = self.relaxed(&mut node, &lower, &upper) else { return };
        let point = match relaxed {
            Some(Relaxed::Point { values, multipliers }) => {
                if node.made == 0 && self.task.dives {
                    self.basis = self.relaxation.basis();
                }
                stakes = self.task.scaled.stakes(&multipliers);
                let of_box = self.task.scaled.worth(&values);
                worth = Some(of_box);
                if let Some(Came { column, part, way, worth }) = node.came {
                    self.gains.saw(column, part, way, worth - of_box);
                }
                if let Some(certificate) = self.task.exact.certificate(&node.domain, &multipliers) {
                    let bound = certificate.bound(self.task.exact);
                    node.bound = node.bound.min(bound.unwrap_or(node.bound));
                    if node.made == 0 {
                        self.root_bound = node.bound;
                        self.root = Some((node.domain.clone(), certificate.clone()));
                    }
                    if let (Some(record), Some(bound)) = (&mut self.record, bound) {
                        record.bounded(node.made, certificate.multipliers.clone(), bound);
                    }
                    if self.closes(&node, Some(&certificate)) {
                        return;
                    }
                    // A dive leaves the relaxation elsewhere than at the vertex.
                    let dives = self.dives();
                    self.best = self.best.max(self.propose(&node.domain, &values, settle));
                    if !dives && self.in_cents(&mut node, &values, &multipliers, settle) {
                        return;
                    }
                    if self.closes(&node, Some(&certificate)) {
                        return;
                    }
                    fixed = self.fix(&mut node.domain, &certificate, self.below_best());
                }
                values
            }
            Some(Relaxed::Infeasible { multipliers }) => {
                if let Some(multipliers) = self.task.exact.refutation(&node.domain, &multipliers) {
                    return self.refuted(&node, Some(multipliers));
                }
                middle()
            }
            Some(Relaxed::Below { .. }) | None => middle(),
        };
        if self.closes(&node, None) {
            return;
        }
        let split = self.split(&node, &point, &stakes, worth);
        match split.or_else(|| self.once_fixed(&node, &point, &fixed)) {
            Some(split) => self.branch(&node, &split, fixed),
            None => self.left_open = self.left_open.max(Some(node.bound)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::program::{ColumnKey, Kind};
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    /// Two grants of half a base each, whose cents are lost apart.
    fn two_grants() -> Program {
        let mut program = Program::default();
        for application in 0..2 {
            let key = ColumnKey::Grant { application };
            let name = format!("g{application}");
            let (lower, upper, objective) = (dec!(0), dec!(9), dec!(1));
            program.column(crate::program::Column {
                key,
                name: name.into(),
                kind: Kind::Cents,
                lower,
                upper,
                objective,
            });
        }
        // 0.5 x 10.01 = 5.005 each
        for grant in 0..2 {
            let name = format!("aid{grant}");
            program.row("aid", name.into(), [(grant, dec!(2))], crate::program::Sense::AtMost, dec!(10.01));
        }
        // and a row that hides this from deductions on single rows
        program.row(
            "sum",
            "sum".into(),
            [(0, dec!(1)), (1, dec!(1))],
            crate::program::Sense::AtMost,
            dec!(10.01),
        );
        program
    }

    #[test]
    fn cents_lost_by_each_grant_are_not_in_the_bound() {
        // 5.00 + 5.00, though 5.005 + 5.005 = 10.01
        let worth = Money::from_cents(1000);
        let proof = certify(&two_grants(), Some(worth), &Limits::default(), &mut |_| None);
        assert_eq!((proof.bound, proof.closed), (Some(worth), true));
    }

    #[test]
    fn a_gap_or_a_limit_leaves_a_bound_that_holds() {
        let limits = Limits { nodes: Some(0), ..Limits::default() };
        let proof = certify(&two_grants(), Some(Money::ZERO), &limits, &mut |_| None);
        // no node looked at: 9 + 9
        assert_eq!(proof, Proof { bound: Some(Money::from_cents(1800)), closed: false, nodes: 0 });
        let limits = Limits { gap: Money::from_cents(2000), ..Limits::default() };
        assert_eq!(certify(&two_grants(), Some(Money::ZERO), &limits, &mut |_| None), proof);
    }

    #[test]
    fn what_settles_is_the_incumbent() {
        let mut asked = 0;
        let proof = certify(&two_grants(), Some(Money::ZERO), &Limits::default(), &mut |_| {
            asked += 1;
            Some(Money::from_cents(1000))
        });
        assert_eq!((proof.bound, proof.closed, asked), (Some(Money::from_cents(1000)), true, 1));
    }

    #[test]
    fn a_plan_worth_more_than_the_program_allows_proves_nothing() {
        // the relaxation allows 10.01
        let too_good = Some(Money::from_cents(1002));
        let proof = certify(&two_grants(), Some(Money::ZERO), &Limits::default(), &mut |_| too_good);
        assert_eq!((proof.bound, proof.closed), (None, false));
        // nor does one of a program that has no point
        let mut program = two_grants();
        program.row("least", "least".into(), [(0, dec!(1))], crate::program::Sense::AtLeast, dec!(6));
        let proof = certify(&program, Some(Money::ZERO), &Limits::default(), &mut |_| None);
        assert_eq!((proof.bound, proof.closed), (None, false));
    }

    proptest! {
        #[test]
        fn the_optimum_of_every_small_program_is_proved(program in sample::programs()) {
            let mut nothing = |_: &[f64]| None;
            let limits = Limits { nodes: Some(5000), ..Limits::default() };
            if let Some(optimum) = sample::optimum(&program) {
                let proof = certify(&program, Some(optimum), &limits, &mut nothing);
                prop_assert_eq!((proof.bound, proof.closed), (Some(optimum), true));
                let below = optimum - Money::CENT;
                prop_assert!(certify(&program, Some(below), &limits, &mut nothing).bound >= Some(optimum));
            } else {
                let proof = certify(&program, None, &limits, &mut nothing);
                prop_assert_eq!((proof.bound, proof.closed), (None, true));
            }
        }
    }
}
