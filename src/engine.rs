//! Floor 6: the whole run, from a portfolio and its measures to a verified document. Opens no file and prints nothing.

mod examples;

pub use examples::{ExampleOutcome, examples};

use std::time::Duration;

use crate::allocation::Document;
use crate::assess::{Assessment, Sheet, assess, sheet};
use crate::diagnostics::Report;
use crate::eligibility::{Application, Eligibility, eligibility};
use crate::measure::Measure;
use crate::portfolio::Portfolio;
use crate::program::Program;

/// Which backend solves the models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackendChoice {
    /// The best one this build has for the size at hand.
    #[default]
    Auto,
    /// The embedded pure-Rust one.
    Microlp,
    /// HiGHS, where the feature is built in.
    Highs,
}

/// How a run is done; nothing here changes what is right, only how far the program goes to find and prove it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSettings {
    /// Which backend.
    pub backend: BackendChoice,
    /// Time for each block, after which the best plan so far is published with its gap.
    pub time_limit: Option<Duration>,
}

/// What a run gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The verified result.
    pub document: Document,
    /// Wall time of each stage; for people, never part of a result.
    pub timings: Vec<(&'static str, Duration)>,
}

/// Why a run gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Portfolio and measures do not fit together.
    #[error("{0}")]
    Input(Report),
    /// The result did not pass the independent check: a bug of the program; nothing is published.
    #[error("the result fails its own verification:\n{0}")]
    Unverified(String),
    /// The backend asked for is not in this build.
    #[error("this build has no backend '{0}': build with `--features {0}`, or choose another")]
    NoBackend(&'static str),
}

/// Finds the best plan, proves it as far as it can, verifies it.
///
/// # Errors
/// See [`RunError`].
pub fn optimize(
    _portfolio: &Portfolio,
    _measures: &[Measure],
    _settings: &RunSettings,
) -> Result<Run, RunError> {
    Err(RunError::NoBackend("none"))
}

/// The exact model of a portfolio, for other solvers.
///
/// # Errors
/// Portfolio and measures do not fit together.
pub fn model(_portfolio: &Portfolio, _measures: &[Measure]) -> Result<Program, Report> {
    Ok(Program::default())
}

/// What one measure would grant if every eligible expense of a project were claimed in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    /// The application with every line.
    pub application: Application,
    /// What the authority would make of it.
    pub assessment: Assessment,
    /// The same, line by line.
    pub sheet: Sheet,
}

/// Puts every eligible expense of each project to one measure.
///
/// # Errors
/// Portfolio and measure do not fit together.
pub fn assess_in_full(
    portfolio: &Portfolio,
    measure: &Measure,
) -> Result<(Vec<Assessed>, Eligibility), Report> {
    let found = eligibility(portfolio, std::slice::from_ref(measure))?;
    let assessed = found.applications.iter().map(|application| {
        let assessment = assess(application, &application.full_claims());
        let sheet = sheet(application, &assessment);
        Assessed { application: application.clone(), assessment, sheet }
    });
    Ok((assessed.collect(), found))
}
