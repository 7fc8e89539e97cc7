//! One group of applications: the model, a plan, the proof, the last touch.

mod rounds;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::time::Instant;

use rust_decimal::Decimal;

use super::least_effort::{has_many_parts, least_effort};
use super::parts::polish_by_parts;
use super::reduced::Reduced;
use super::{Proposer, RunSettings};
use crate::allocation::Evidence;
use crate::certificate;
use crate::eligibility::Application;
use crate::formulate::{Model, formulate};
use crate::ids::ProjectId;
use crate::money::Money;
use crate::search::{self, exchange, search};
use crate::settle::{Plan, Settler};
use crate::solve::decompose::MANY_ROWS;
use crate::solve::tree::{Ground, Proof, Tree};
use crate::solve::{CLOSE, Limits, Outcome, Steps, decompose};

/// How much a point must favour a line to claim it: clearly.
pub(super) const CLEARLY: f64 = 0.5;

/// How much it must favour a line for one of the plans tried: clearly, or at all. The second makes plans of fractional points.
const THRESHOLDS: [f64; 2] = [CLEARLY, 1e-4];

/// Nodes of the certifying tree before the exhaustive search has its turn: where the model only bounds the authority's arithmetic (a cut
/// pro rata, say), no number of nodes closes the gap, and a small group is searched sooner than a large tree grown.
const FIRST_NODES: usize = 300;

/// Nodes times columns that a tree may come to: a node of a large model costs as much as many of a small one.
pub(super) const MOST_WORK: usize = 600_000;

/// A gap below which no neighbourhoods are planned anew.
const ALMOST_NOTHING: Money = Money::from_cents(10);

/// Nodes that any tree may have.
const FEWEST_NODES: usize = 20;

/// Columns from which on a group of several projects is taken apart before anything else is tried: the tree over the whole closes what is smaller,
/// and of what is larger its nodes, and the embedded backend, make little in any time.
pub(super) const LARGE: usize = 300;

/// Neighbours of a plan that are valued before the tree goes on: some tenths of a second for sixty expenses under seven measures.
const EXCHANGES: usize = 3_000;

/// Nodes for a gap that is [`CLOSE`].
const CLOSE_NODES: usize = 1_500;

/// A group's plan and what is known about it.
pub(super) struct Solved {
    /// The plan, for the applications of the group in their order.
    pub(super) plan: Plan,
    /// Bounds and claims about it.
    pub(super) evidence: Evidence,
    /// Whether the time limit struck.
    pub(super) cut: bool,
    /// Why the certified bound holds, where that is kept.
    pub(super) proven: Option<certificate::Proof>,
}

/// Plans a group: the backend, where one is asked for, and the tree propose, the authority's arithmetic values, the tree certifies; what it leaves open an exhaustive
/// search settles if the group is small enough. A large group is taken apart by projects (`decompose`); what that leaves open but for
/// cents goes to the tree. `keep` keeps the proof of the bound.
///
/// The step that leaves out dominated choices keeps a plan of the best value, but perhaps none that keeps a decision in force beside it: where one is left unmet, the group
/// is planned again without that step.
pub(super) fn solve(
    applications: &[Application],
    backend: Option<&Proposer>,
    settings: &RunSettings,
    keep: bool,
) -> Solved {
    let solved = solve_by(applications, backend, settings, keep);
    if solved.plan.unmet == 0 || !settings.steps.dominated {
        return solved;
    }
    let steps = Steps { dominated: false, ..settings.steps };
    let again = solve_by(applications, backend, &RunSettings { steps, ..settings.clone() }, false);
    if again.plan.rank() <= solved.plan.rank() {
        return solved;
    }
    // The bound, and its proof, is that of the steps that were asked for.
    let certified_bound = solved.evidence.certified_bound.filter(|bound| *bound >= again.plan.value);
    let proven = solved.proven.filter(|_| certified_bound.is_some());
    Solved {
        evidence: Evidence { certified_bound, ..again.evidence },
        proven,
        cut: solved.cut || again.cut,
        ..again
    }
}

/// Plans a group by these steps alone.
fn solve_by(
    applications: &[Application],
    backend: Option<&Proposer>,
    settings: &RunSettings,
    keep: bool,
) -> Solved {
    let started = Instant::now();
    let limits = Limits { keep, ..settings.limits() };
    let model = formulate(applications);
    let reduced = Reduced::new(&model.program, applications, settings.steps);
    let program = reduced.program();
    let ground = OnceCell::new();
    let mut group = Group {
        applications,
        ground: &ground,
        reduced: &reduced,
        settler: Settler::new(applications, &model.program),
        tree: None,
        apart: None,
        narrowed: None,
        best: Plan::empty(applications),
        limits: &limits,
        started,
    };
    let mut evidence = Evidence { solver_plan: backend.map(|_| Money::ZERO), ..Evidence::default() };
    let columns = program.columns.len();
    let large = columns > LARGE;
    let apart = if large { group.by_project() } else { None };
    let mut proof = if let Some(proof) = apart {
        proof
    } else {
        if let Some(Outcome::Point { values, claims_optimal, .. }) =
            backend.map(|b| b.solve(program, &limits.half()))
        {
            group.improve(&values);
            evidence.solver_plan = Some(group.best.value);
            evidence.solver_claims_optimal = claims_optimal;
        }
        group.whole(affordable(columns, MOST_WORK / 10).min(FIRST_NODES))
    };
    evidence.tree_plan = Some(group.best.value);
    let best = group.best.value;
    let rows = program.rows.len();
    let is_close =
        |proof: Proof| proof.bound.is_some_and(|bound| bound - best < decompose::close(rows, bound));
    let is_done = proof.closed || apart.is_some_and(is_close);
    if !is_done {
        // An exchange moves whole expenses: it finds no cents that parts have left.
        let in_cents = has_many_parts(applications) && group.is_within(ALMOST_NOTHING, &proof);
        if rows <= MANY_ROWS && !in_cents {
            group.best = exchange(applications, group.best, proof.bound, EXCHANGES);
        }
        let until = group.left().deadline();
        let found =
            search(applications, group.best.clone(), search::Limits { until, ..search::Limits::default() });
        let exhaustive = found.as_ref().is_some_and(|found| found.exhaustive);
        group.best = found.map_or(group.best, |found| found.plan);
        if exhaustive {
            evidence.searched_optimum = Some(group.best.value);
            // What only the search has found is the second word of nobody: the tree, which now knows it, may still close on it.
            if evidence.tree_plan != evidence.searched_optimum {
                let nodes = affordable(columns, MOST_WORK / 4).min(CLOSE_NODES);
                proof = group.whole(nodes).or(&proof);
            }
        } else {
            proof = group.in_rounds(proof, large, settings);
            evidence.tree_plan = Some(group.best.value);
        }
    }
    // A plan above its own bound means that the model is wrong: then it proves nothing.
    evidence.certified_bound = proof.bound.filter(|bound| *bound >= group.best.value);
    // A relaxation for each application is far less than the second stage, which asks for claims, too, where they are few.
    let is_lightest = has_many_parts(applications) && group.is_of_needed_applications(&model);
    let ranges = group.ranges();
    let proven = group.proven(evidence.certified_bound);
    let left = group.left();
    let best = group.best;
    let plan = if is_lightest {
        best
    } else {
        least_effort(applications, &model, &ranges, best, settings.steps, &left)
    };
    let class = |a: usize, line: usize| reduced.class(model.applications[a].lines[line].admitted);
    let plan = polish_by_parts(applications, plan, &class);
    // A stage that was stopped has used the whole of it.
    let cut = limits.time.is_some_and(|most| started.elapsed() >= most);
    Solved { plan, evidence, cut, proven }
}

/// What leads from a point of a program that is searched back to the point of the model that it stands for.
type Back<'b> = dyn for<'p> Fn(&'p [f64]) -> Cow<'p, [f64]> + 'b;

/// A group being planned.
struct Group<'a> {
    applications: &'a [Application],
    /// What is searched in the place of the model.
    reduced: &'a Reduced<'a>,
    /// It as the tree needs it, made when the first node is looked at: a group taken apart may never come to it.
    ground: &'a OnceCell<Option<Ground>>,
    settler: Settler<'a>,
    /// The tree over the whole of it, once it is grown.
    tree: Option<Tree<'a>>,
    /// The bound of the model taken apart with its proof, where that is kept.
    apart: Option<(Money, certificate::Proof)>,
    /// That of what can be worth more than a plan, likewise.
    narrowed: Option<(Money, certificate::Proof)>,
    best: Plan,
    limits: &'a Limits,
    started: Instant,
}

impl Group<'_> {
    /// Keeps the better of the best plan and those a point suggests.
    fn improve(&mut self, point: &[f64]) {
        improve(&mut self.best, &mut self.settler, &self.reduced.back(point));
    }

    /// What the stages before have left.
    fn left(&self) -> Limits {
        self.limits.since(self.started)
    }

    /// What the best plan is worth, if it keeps the decisions in force.
    fn known(&self) -> Option<Money> {
        known_of(&self.best)
    }

    /// The tree over the whole model, grown to so many nodes.
    fn whole(&mut self, nodes: usize) -> Proof {
        let reduced = self.reduced;
        let begun = self.tree.take().or_else(|| {
            let program = reduced.program();
            let ground = self.ground.get_or_init(|| Ground::new(program));
            ground.as_ref().and_then(|ground| Tree::new(program, ground))
        });
        let Some(mut tree) = begun else { return Proof::default() };
        let proof = self.grown(&|point| reduced.back(point), &mut tree, nodes);
        self.tree = Some(tree);
        proof
    }

    /// A tree grown to so many nodes in all; `back` tells the point of the model that a point of its program stands for.
    fn grown(&mut self, back: &Back<'_>, tree: &mut Tree<'_>, nodes: usize) -> Proof {
        let limits = Limits { nodes: Some(nodes), ..self.left() };
        let known = self.known();
        let Group { best, settler, .. } = self;
        tree.grow(known, &limits, &mut |point| {
            improve(best, settler, &back(point));
            known_of(best)
        })
    }

    /// The same taken apart by projects; none where there is only one.
    fn by_project(&mut self) -> Option<Proof> {
        let (program, applications, known) = (self.reduced.program(), self.applications, self.known());
        let mut projects: Vec<&ProjectId> = applications.iter().map(|a| &a.project).collect();
        projects.sort_unstable();
        projects.dedup();
        let project = |column: usize| {
            let application = program.columns[column].key.application()?;
            projects.binary_search(&&applications[application].project).ok()
        };
        let apart = decompose::certify(program, &project, known, &self.left(), &mut |point| {
            self.improve(point);
            self.known()
        })?;
        self.apart = apart.proof.bound.zip(apart.proven);
        Some(apart.proof)
    }

    /// What decisions of the model can be in plans as good as the best, where the tree over the whole tells.
    fn ranges(&self) -> Vec<(usize, [Decimal; 2])> {
        let ranges = self.tree.as_ref().map(|tree| tree.ranges(self.best.value)).unwrap_or_default();
        let of_model = self.reduced.of_model();
        ranges.into_iter().filter_map(|(column, range)| Some((of_model[column]?, range))).collect()
    }

    /// Whether no plan that is worth as much does without any application of the best: then there is none of fewer.
    fn is_of_needed_applications(&mut self, model: &Model) -> bool {
        let Some(tree) = &mut self.tree else { return false };
        let of_model = self.reduced.of_model();
        let best = &self.best;
        let mut made = (0..model.applications.len()).filter(|a| best.assessment(*a).is_some());
        made.all(|a| {
            let grant = of_model.iter().position(|of_model| *of_model == Some(model.applications[a].grant));
            grant.is_some_and(|grant| tree.is_needed(grant, best.value))
        })
    }

    /// The proof of the bound that is published, where it was kept.
    fn proven(&mut self, published: Option<Money>) -> Option<certificate::Proof> {
        let tree = self.tree.take().and_then(Tree::proven);
        let tree = tree.map(|(bound, nodes)| (bound, certificate::Proof::Tree(nodes)));
        let of_bound = |proven: &(Money, certificate::Proof)| Some(proven.0) == published;
        let others = [self.apart.take(), self.narrowed.take()];
        [tree].into_iter().chain(others).flatten().find(of_bound).map(|(_, proof)| proof)
    }

    /// Whether less than so much is open.
    fn is_within(&self, gap: Money, proof: &Proof) -> bool {
        proof.bound.is_some_and(|bound| bound - self.best.value < gap)
    }
}

/// What a plan is worth, if it keeps the decisions in force.
pub(super) fn known_of(plan: &Plan) -> Option<Money> {
    (plan.unmet == 0).then_some(plan.value)
}

/// As many nodes as a model of so many columns may take for so much work, and some in any case.
pub(super) fn affordable(columns: usize, work: usize) -> usize {
    (work / columns.max(1)).max(FEWEST_NODES)
}

/// Keeps the better of the best plan and those a point suggests.
pub(super) fn improve(best: &mut Plan, settler: &mut Settler<'_>, point: &[f64]) {
    for threshold in THRESHOLDS {
        if let Some(plan) = settler.settle(point, threshold)
            && plan.rank() > best.rank()
        {
            *best = plan;
        }
    }
}
