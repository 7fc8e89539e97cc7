//! Floor 6: how fast the program plans, how sure it is of its plans, and whether they are right.
//!
//! A [`Trial`] is one instance planned once; a [`Row`] sums up the trials of a case. An instance is read from the texts it is written down in,
//! planned and verified by [`optimize`], as `grantfolio optimize` would. Wall times are of this machine and this moment: only those of one run may be compared.
//!
//! What a plan is held against: the [truth](truth::truth), where an instance is small and plain enough to try every plan; the plan of the bare backend,
//! which may not be worth more than the bound, where it is asked.

mod row;
mod truth;

pub use row::{Row, median};
pub use truth::truth;

use std::time::{Duration, Instant};

use crate::allocation::{Proof, Status};
use crate::diagnostics::Report;
use crate::engine::{RunError, RunSettings, Word, bare, model, optimize};
use crate::generate::Instance;
use crate::load::instances::of_instance;
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::Portfolio;

/// How trials are done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BenchSettings {
    /// How an instance is planned.
    pub run: RunSettings,
    /// Whether the backend is asked on its own, too; every one in this build where the run leaves it open.
    pub bare: bool,
    /// Every plan is tried of instances that have at most so many.
    pub most_plans: u64,
}

/// One instance, planned once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The instance.
    pub instance: String,
    /// From texts to data.
    pub read: Duration,
    /// From data to the model: what may enter where, and the rows and columns of that.
    pub build: Duration,
    /// From what may enter where to a plan with its bound: models, solver, proof.
    pub plan: Duration,
    /// What the plan is worth.
    pub value: Money,
    /// No plan is worth more.
    pub bound: Option<Money>,
    /// Whether the plan is proven to be the best.
    pub proven: bool,
    /// Whether that rests on a bound recomputed exactly.
    pub certified: bool,
    /// What the best plan is worth, where every plan was tried.
    pub truth: Option<Money>,
    /// The words of the backends that were asked.
    pub bare: Vec<Word>,
}

impl Trial {
    /// Plans an instance.
    ///
    /// # Errors
    /// The instance is no portfolio, or the run fails.
    pub fn of(instance: &Instance, settings: &BenchSettings) -> Result<Trial, RunError> {
        let trial = Trial::of_portfolio(&instance.name, || of_instance(instance), settings)?;
        Ok(Trial { truth: truth(instance, settings.most_plans), ..trial })
    }

    /// Plans what is read so.
    ///
    /// # Errors
    /// It cannot be read, or the run fails.
    pub fn of_portfolio(
        name: &str,
        read: impl FnOnce() -> Result<(Portfolio, Vec<Measure>), Report>,
        settings: &BenchSettings,
    ) -> Result<Trial, RunError> {
        let (inputs, read) = timed(read);
        let (portfolio, measures) = inputs.map_err(RunError::Input)?;
        let (built, build) = timed(|| model(&portfolio, &measures).map(drop));
        built.map_err(RunError::Input)?;
        let (run, whole) = timed(|| optimize(&portfolio, &measures, &settings.run));
        let run = run?;
        let plan = run.timings.iter().find(|(stage, _)| *stage == "plan").map_or(whole, |(_, took)| *took);
        let bare = if settings.bare { bare(&portfolio, &measures, &settings.run)? } else { Vec::new() };
        let document = run.document;
        let proven = document.status == Status::Optimal;
        Ok(Trial {
            instance: name.to_owned(),
            read,
            build,
            plan,
            value: document.objective,
            bound: document.upper_bound,
            proven,
            certified: proven && document.proof == Proof::Certified,
            truth: None,
            bare,
        })
    }

    /// What could be missing.
    pub fn gap(&self) -> Option<Money> {
        self.bound.map(|bound| bound - self.value)
    }

    /// Whether what is published is wrong: a plan worth more than the best, a bound below it, or a proof of what is not the best.
    pub fn is_wrong(&self) -> bool {
        let below = |other: Money| self.bound.is_some_and(|bound| bound < other);
        let by_truth = self
            .truth
            .is_some_and(|truth| self.value > truth || below(truth) || (self.proven && self.value != truth));
        by_truth || self.bare.iter().any(|word| below(word.plan))
    }

    /// What the best plan that is known is worth.
    fn best(&self) -> Money {
        let known = || self.bare.iter().map(|word| word.plan).fold(self.value, Money::max);
        self.truth.unwrap_or_else(known)
    }

    /// Whether a backend says that its plan is the best, and it is not, by more than a cent; or that there is none as good as one that is known.
    pub(crate) fn bare_is_wrong(&self, word: &Word) -> bool {
        (word.claims_optimal && word.plan + Money::CENT < self.best()) || self.bare_is_low(word)
    }

    /// Whether what a backend says no plan is worth more than is below a plan that is known, by more than a cent.
    pub(crate) fn bare_is_low(&self, word: &Word) -> bool {
        word.bound.is_some_and(|bound| bound + Money::CENT < self.best())
    }

    /// Whether a backend says that its plan is the best, and is off by more than a cent in what it says the plan is worth.
    pub(crate) fn bare_is_off(&self, word: &Word) -> bool {
        let above = self.truth.or(self.bound).is_some_and(|most| word.claimed > most + Money::CENT);
        word.claims_optimal && (above || word.claimed + Money::CENT < self.best())
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed())
}
