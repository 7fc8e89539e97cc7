//! Which solver, and for how long: arguments of every command that plans.

use std::num::NonZeroU16;

use clap::ValueEnum;

use crate::engine::{BackendChoice, Effort};

/// The longest time limit, in seconds: thirty years are no limit, and what is longer some backends cannot count.
pub(super) const LONGEST: u64 = 1_000_000_000;

/// Solvers as the command line names them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Solver {
    /// The tree of the program itself, and no other solver
    Auto,
    /// microlp proposes, the tree proves
    Microlp,
    /// HiGHS proposes, where it is built in
    Highs,
    /// lp_solve proposes, where it is built in
    #[value(name = "lpsolve")]
    LpSolve,
}

impl Solver {
    /// Its word.
    pub(super) fn name(self) -> &'static str {
        match self {
            Solver::Auto => "auto",
            Solver::Microlp => "microlp",
            Solver::Highs => "highs",
            Solver::LpSolve => "lpsolve",
        }
    }
}

impl From<Solver> for BackendChoice {
    fn from(solver: Solver) -> BackendChoice {
        match solver {
            Solver::Auto => BackendChoice::Auto,
            Solver::Microlp => BackendChoice::Microlp,
            Solver::Highs => BackendChoice::Highs,
            Solver::LpSolve => BackendChoice::LpSolve,
        }
    }
}

/// How much work a plan is worth.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct EffortArguments {
    /// How many times the usual work is spent on what is hard to close, for the last euros of a plan or its proof
    #[arg(long, value_name = "TIMES", default_value_t = NonZeroU16::MIN)]
    pub(super) effort: NonZeroU16,
}

impl EffortArguments {
    /// As a run takes it.
    pub(super) fn of_run(self) -> Effort {
        Effort(self.effort)
    }
}
