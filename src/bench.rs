//! Floor 6: how fast the program plans, how sure it is of its plans, and whether they are right.
//!
//! A [`Trial`] is one instance planned once; a [`Row`] sums up the trials of a case. An instance is read from the texts it is written down in,
//! planned and verified by [`optimize`], as `grantfolio optimize` would. Wall times are of this machine and this moment: only those of one run may be compared.

mod row;

pub use row::{Row, median};

use std::time::{Duration, Instant};

use crate::allocation::Status;
use crate::diagnostics::Report;
use crate::engine::{RunError, RunSettings, model, optimize};
use crate::generate::Instance;
use crate::load::instances::of_instance;
use crate::money::Money;

/// One instance, planned once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The instance.
    pub instance: String,
    /// Its costs.
    pub costs: usize,
    /// From texts to data.
    pub read: Duration,
    /// From data to the model: what may enter where, and the rows and columns of that.
    pub build: Duration,
    /// From what may enter where to a plan with its bound: the model, the solver, the proof.
    pub plan: Duration,
    /// All of the run, with its verification.
    pub whole: Duration,
    /// What the plan is worth.
    pub value: Money,
    /// No plan is worth more.
    pub bound: Option<Money>,
    /// Whether the plan is proven to be the best.
    pub proven: bool,
}

impl Trial {
    /// Plans an instance.
    ///
    /// # Errors
    /// The instance is no portfolio, or the run fails.
    pub fn of(instance: &Instance, settings: &RunSettings) -> Result<Trial, RunError> {
        let (inputs, read) = timed(|| of_instance(instance));
        let (portfolio, measures) = inputs.map_err(RunError::Input)?;
        let (built, build) = timed(|| model(&portfolio, &measures).map(drop));
        built.map_err(|report: Report| RunError::Input(report))?;
        let (run, whole) = timed(|| optimize(&portfolio, &measures, settings));
        let run = run?;
        let plan = run.timings.iter().find(|(stage, _)| *stage == "plan").map_or(whole, |(_, took)| *took);
        Ok(Trial {
            instance: instance.name.clone(),
            costs: instance.costs().count(),
            read,
            build,
            plan,
            whole,
            value: run.document.objective,
            bound: run.document.upper_bound,
            proven: run.document.status == Status::Optimal,
        })
    }

    /// What could be missing.
    pub fn gap(&self) -> Option<Money> {
        self.bound.map(|bound| bound - self.value)
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed())
}
