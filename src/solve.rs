//! Floor 5: what the mathematics can say about a [`Program`]: good points, and bounds that are proven.
//!
//! Two kinds of statement, never mixed. A [`Backend`] is a solver in floating point: its point is a proposal and its claim of optimality is
//! evidence. A [`tree::Proof`] is a bound computed in integers ([`bound`]) over a branch and bound of our own ([`tree`]), in which floating point only
//! chooses where to look. What a plan is worth is decided by neither but by the authority's exact arithmetic, which the tree asks through `settle`.
//!
//! Every tolerance of the floor stands here. Solvers see money in thousands of euro (`scaled`): their tolerances of about 1e-6 then mean a tenth
//! of a cent, while raw cents make them break exact budgets.

pub mod alike;
pub mod bound;
pub mod decompose;
mod dive;
mod exact;
#[cfg(feature = "highs")]
pub mod highs;
mod lattice;
#[cfg(feature = "lpsolve")]
pub mod lpsolve;
pub mod microlp;
pub mod presolve;
mod propagate;
mod record;
mod relaxation;
#[cfg(test)]
pub(crate) mod sample;
mod scaled;
pub mod tree;
mod worth;

use std::time::{Duration, Instant};

use crate::money::Money;
use crate::program::Program;

/// A decision this close to 0 or 1 counts as taken when the tree chooses where to branch.
///
/// It decides no proof: a decision counted too early is branched on later, when no other is left.
const INTEGRALITY: f64 = 1e-6;

/// A decision with less than this many euro at stake is branched on only when no other is left.
///
/// A decision without effect may be undecided at the point of a relaxation, as one with effect is (a helper of an application that is not made,
/// say, and any of them where a large model is relaxed by the interior method, which ends in the middle of its best points); the multipliers of its
/// rows are nearly zero then.
const AT_STAKE: f64 = 0.01;

/// A gap below a euro is closed but for cents cut here and there, which neither prices nor more nodes close at all often.
pub const CLOSE: Money = Money::from_cents(100);

/// An amount this close to a whole cent, in cents, is not branched on: finer than that, solvers are not.
const WHOLE_CENT: f64 = 1e-2;

/// Branches on cents along one path, after which a node is left open with its bound.
///
/// A grant needs one or two; what is left then is a difference between the model and the authority's rounding, which no branch closes.
const CENT_BRANCHES: usize = 24;

/// Duality gap of the relaxation, in thousands of euro or relative, whichever is met first.
///
/// Clarabel's defaults (1e-8 for both) leave five cents on five million euro, and such a node would never close.
const GAP: (f64, f64) = (1e-8, 1e-11);

/// Feasibility of the relaxation and of its dual; what is lacking only loosens the exact bound.
const FEASIBILITY: f64 = 1e-9;

/// A solver in floating point.
pub trait Backend {
    /// Its name, as `--solver` and the result document write it.
    fn name(&self) -> &'static str;

    /// The best point it finds for a program within the limits.
    fn solve(&self, program: &Program, limits: &Limits) -> Outcome;
}

/// Every backend in this build.
pub fn backends() -> Vec<Box<dyn Backend + Send + Sync>> {
    vec![
        Box::new(microlp::Microlp),
        #[cfg(feature = "highs")]
        Box::new(highs::Highs),
        #[cfg(feature = "lpsolve")]
        Box::new(lpsolve::LpSolve),
    ]
}

/// What a solver may spend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time; none means as long as it takes.
    pub time: Option<Duration>,
    /// Nodes of our own [`tree`]; none means as many as it takes.
    pub nodes: Option<usize>,
    /// Our own [`tree`] stops once the bound is at most this far above the best plan.
    pub gap: Money,
    /// Whether our own [`tree`] keeps the proof of its bound, to be written down; that takes memory for every node.
    pub keep: bool,
    /// Whether our own [`tree`] leaves whole cents uncounted where nothing else is open: that proves the last cent of a plan, and costs more than all else where plans are only looked for.
    pub leaves_cents: bool,
}

impl Limits {
    /// The same, for what begins when others have used up the time since `started`.
    #[must_use]
    pub fn since(&self, started: Instant) -> Limits {
        Limits { time: self.time.map(|time| time.saturating_sub(started.elapsed())), ..*self }
    }

    /// The same in half of the time: others are to have their turn.
    #[must_use]
    pub fn half(&self) -> Limits {
        Limits { time: self.time.map(|time| time / 2), ..*self }
    }

    /// Whether no time is left.
    pub fn are_used_up(&self) -> bool {
        self.time.is_some_and(|left| left.is_zero())
    }

    /// When the time is over, from now on; one too far to be told is none.
    pub fn deadline(&self) -> Option<Instant> {
        self.time.and_then(|time| Instant::now().checked_add(time))
    }
}

/// Steps between a model and the solvers: each leaves every bound valid and every plan exact, and makes what is searched smaller. Any of them can be
/// left out, to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a step that is done or left out, whatever the others are"
)]
pub struct Steps {
    /// Expenses that are alike in every rule are planned as one ([`alike`]).
    pub aggregate: bool,
    /// Applications that cannot reach what their measure asks for are not planned at all ([`crate::formulate::may_be_granted`]).
    pub reach: bool,
    /// What rows say of columns is written into the program, and what says nothing is left out ([`presolve`]).
    pub bounds: bool,
    /// Choices that can never gain are taken out, and those taken that can never lose ([`presolve`]).
    pub dominated: bool,
}

impl Default for Steps {
    /// All of them.
    fn default() -> Self {
        Steps { aggregate: true, reach: true, bounds: true, dominated: true }
    }
}

/// What a solver in floating point says.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A point that is feasible within the solver's tolerances.
    Point {
        /// A value for each column of the program, in its units (euro).
        values: Vec<f64>,
        /// Whether the solver says that none is better: a claim, not a proof.
        claims_optimal: bool,
        /// What no point is worth more than, in euro, by what the solver says: a claim, too; none where it says nothing.
        claimed_bound: Option<f64>,
    },
    /// The solver says that no point exists: a claim, too.
    Infeasible,
    /// Nothing usable, and why.
    NoAnswer(String),
}
