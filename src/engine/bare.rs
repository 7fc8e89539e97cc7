//! What a backend says when nobody checks it: the other side of a bench.
//!
//! The backend gets the models of a run as they are, and no help: no tree, no search, no cuts. Its points are settled, so that what its plan is worth is as
//! exact as that of any other; what it says of them is kept beside it.

use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::group::CLEARLY;
use super::groups::{groups, members, without_idle_draws};
use super::{RunError, RunSettings, backend};
use crate::eligibility::eligibility;
use crate::formulate::formulate;
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::program::Program;
use crate::settle::Settler;
use crate::solve::Outcome;
use crate::solve::microlp::Microlp;

/// The word of a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its name.
    pub backend: &'static str,
    /// What it took to give its word, models not counted.
    pub took: Duration,
    /// Whether it says that nothing is better, of every model.
    pub claims_optimal: bool,
    /// What it says its plan is worth.
    pub claimed: Money,
    /// What the plan is worth.
    pub plan: Money,
}

/// Asks the backend of the settings, microlp where they leave it open, about each part of a portfolio, one after the other.
///
/// # Errors
/// Portfolio and measures do not fit together, or the backend is not in this build.
pub fn bare(portfolio: &Portfolio, measures: &[Measure], settings: &RunSettings) -> Result<Word, RunError> {
    let backend = backend(settings.backend)?.unwrap_or_else(|| Box::new(Microlp));
    let limits = settings.limits();
    let found = eligibility(portfolio, measures).map_err(RunError::Input)?;
    let joined = without_idle_draws(found.applications);
    let mut word = Word {
        backend: backend.name(),
        took: Duration::ZERO,
        claims_optimal: true,
        claimed: Money::ZERO,
        plan: Money::ZERO,
    };
    for group in groups(&joined) {
        let members = members(&joined, &group);
        let program = formulate(&members).program;
        let started = Instant::now();
        let outcome = backend.solve(&program, &limits);
        word.took += started.elapsed();
        match outcome {
            Outcome::Point { values, claims_optimal } => {
                word.claims_optimal &= claims_optimal;
                word.claimed += worth(&program, &values);
                let plan = Settler::new(&members, &program).settle(&values, CLEARLY);
                word.plan += plan.map_or(Money::ZERO, |plan| plan.value);
            }
            // To make no application is a plan of every model without decisions in force.
            Outcome::Infeasible => {}
            Outcome::NoAnswer(_) => word.claims_optimal = false,
        }
    }
    Ok(word)
}

/// The objective at a point, to the nearest cent.
fn worth(program: &Program, values: &[f64]) -> Money {
    let terms = program.columns.iter().zip(values);
    let of = |objective: Decimal| objective.to_f64().unwrap_or_default();
    let euro: f64 = terms.map(|(column, value)| of(column.objective) * value).sum();
    let cents = Decimal::from_f64((euro * 100.0).round()).and_then(|cents| cents.to_i64());
    Money::from_cents(cents.unwrap_or_default())
}
