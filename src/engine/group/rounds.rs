//! What a group gets that nothing has closed so far: better plans and a better bound in turn, for what one finds helps the other. A round takes as much as all before it.
//!
//! A good plan says much of what better ones look like. What multipliers of the relaxation bound below it is left out (*reduced cost fixing*), what remains is made smaller as every program is before it
//! is searched, and its relaxation says more again (*restarts*: T. Achterberg, Constraint Integer Programming, Berlin 2007, section 10.9). Of two hundred and fifty decisions a third to a half are left that
//! way, over a quarter of the rows, and a node costs as much less. Nothing is lost: what is left out is worth no more than the plan. `verify` follows the steps ([`certificate::Narrowing`]).

use super::{ALMOST_NOTHING, Back, CLOSE, CLOSE_NODES, Group, MOST_WORK, affordable, improve};
use crate::certificate;
use crate::engine::neighbourhoods::planned_by_few;
use crate::engine::{Effort, RunSettings};
use crate::money::Money;
use crate::program::Program;
use crate::settle::Plan;
use crate::solve::Steps;
use crate::solve::decompose::MANY_ROWS;
use crate::solve::presolve::Presolved;
use crate::solve::tree::{Ground, Proof, Tree};

/// Nodes of the tree in a round; then the gap is published.
const MOST_NODES: usize = 20_000;

/// Applications up to which neighbourhoods of a few of them are planned anew: of more there are too many.
const MOST_BY_FEW: usize = 20;

/// One in so many decisions has to be settled for a tree that has hardly begun to begin anew without it, and for one that is grown.
const FEW_SETTLED: usize = 50;
const MANY_SETTLED: usize = 20;

/// Nodes of a tree that has hardly begun.
const FIRST: usize = 1;

/// A program that every plan worth more than the best is a point of.
struct Level<'l> {
    program: &'l Program,
    back: &'l Back<'l>,
    /// How it came of what is searched in the place of the model.
    steps: Vec<certificate::Narrowing>,
}

/// The work to come.
struct Work<'w> {
    rounds: &'w mut dyn Iterator<Item = Effort>,
    steps: Steps,
    /// A gap below which there is neither planned anew nor begun anew: who asks for more than the usual effort asks for the cents, too.
    enough: Money,
}

impl Group<'_> {
    /// What the rounds find and prove. `proof` is what is known, `is_apart` says whether the group was taken apart by projects before.
    pub(super) fn in_rounds(&mut self, proof: Proof, is_apart: bool, settings: &RunSettings) -> Proof {
        let reduced = self.reduced;
        let program = reduced.program();
        let mut rounds = settings.effort.rounds();
        let enough = if settings.effort == Effort::default() { ALMOST_NOTHING } else { Money::CENT };
        let mut work = Work { rounds: &mut rounds, steps: settings.steps, enough };
        let level = Level { program, back: &|point| reduced.back(point), steps: Vec::new() };
        let apart = if is_apart || self.is_within(CLOSE, &proof) { None } else { self.by_project() };
        let proof = apart.map_or(proof, |apart| apart.or(&proof));
        // Each node of a tree over very many clients would take as long as all blocks of it together.
        if proof.closed || program.rows.len() > MANY_ROWS {
            return proof;
        }
        self.whole(0);
        let Some(mut tree) = self.tree.take() else { return proof };
        let proof = self.on_level(&level, &mut tree, proof, None, &mut work);
        self.tree = Some(tree);
        proof
    }

    /// The rounds on a level and those that come of it; `begun` is one in which neighbourhoods were planned anew and the tree is not grown yet.
    fn on_level(
        &mut self,
        level: &Level<'_>,
        tree: &mut Tree<'_>,
        mut proof: Proof,
        mut begun: Option<Effort>,
        work: &mut Work<'_>,
    ) -> Proof {
        let mut share = FEW_SETTLED;
        loop {
            if tree.nodes() < FIRST {
                proof = self.grown(level.back, tree, FIRST).or(&proof);
            }
            if proof.closed || self.left().are_used_up() {
                return proof;
            }
            let is_close = self.is_within(work.enough, &proof);
            if !is_close
                && let Some((narrower, step)) = self.narrower(level, tree, share, work.steps)
                && let Some(proof) = self.on_next_level(level, &narrower, step, proof, begun, work)
            {
                return proof;
            }
            match begun.take() {
                None => {
                    let Some(effort) = work.rounds.next() else { return proof };
                    self.by_few(level, &proof, effort, work);
                    begun = Some(effort);
                }
                Some(effort) => {
                    let nodes = effort.times(nodes_of_round(level, is_close));
                    proof = self.grown(level.back, tree, tree.nodes() + nodes).or(&proof);
                    share = MANY_SETTLED;
                }
            }
        }
    }

    /// The same on what is left of a level; none where that cannot be searched.
    fn on_next_level(
        &mut self,
        level: &Level<'_>,
        narrower: &Presolved,
        step: certificate::Narrowing,
        proof: Proof,
        begun: Option<Effort>,
        work: &mut Work<'_>,
    ) -> Option<Proof> {
        let back: &Back<'_> = &|point| (level.back)(&narrower.back(point)).into_owned().into();
        let mut steps = level.steps.clone();
        steps.push(step);
        let next = Level { program: &narrower.program, back, steps };
        let ground = Ground::new(next.program)?;
        let mut tree = Tree::of_better(next.program, &ground)?;
        let proof = self.on_level(&next, &mut tree, proof, begun, work);
        // The levels below have kept theirs.
        if let Some((bound, nodes)) = tree.proven()
            && self.narrowed.as_ref().is_none_or(|(other, _)| bound < *other)
        {
            let narrowed = certificate::Narrowed { steps: next.steps, nodes };
            self.narrowed = Some((bound, certificate::Proof::Narrowed(narrowed)));
        }
        Some(proof)
    }

    /// What of a level can be worth more than the best plan, made smaller, where enough of it is settled.
    fn narrower(
        &self,
        level: &Level<'_>,
        tree: &Tree<'_>,
        share: usize,
        steps: Steps,
    ) -> Option<(Presolved, certificate::Narrowing)> {
        let step = tree.narrowing(self.known()?)?;
        let open = level.program.columns.iter().filter(|c| c.kind.is_whole() && c.lower < c.upper).count();
        if step.left.is_empty() || step.left.len() * share < open {
            return None;
        }
        Some((Presolved::within(level.program, &step.left, steps)?, step))
    }

    /// A better plan near the best, where there are a few applications and enough is open.
    fn by_few(&mut self, level: &Level<'_>, proof: &Proof, effort: Effort, work: &Work<'_>) {
        if !(3..=MOST_BY_FEW).contains(&self.applications.len()) || self.is_within(work.enough, proof) {
            return;
        }
        let half = self.left().half();
        let Group { applications, best, settler, .. } = self;
        let improve = &mut |best: &mut Plan, point: &[f64]| improve(best, settler, &(level.back)(point));
        planned_by_few(
            (applications, level.program),
            best,
            proof.bound,
            (&half, effort, work.steps),
            improve,
        );
    }
}

/// Nodes of a round of the usual effort; `is_close` where only cents are open, which more nodes seldom close.
fn nodes_of_round(level: &Level<'_>, is_close: bool) -> usize {
    let work = if is_close { MOST_WORK / 4 } else { MOST_WORK };
    let most = if is_close { CLOSE_NODES } else { MOST_NODES };
    affordable(level.program.columns.len(), work).min(most)
}
