//! What a backend says when nobody checks it: the other side of a bench.
//!
//! The backend gets the models of a run as they are, and no help: no tree, no search, no cuts. Its points are settled, so that what its plan is worth is as
//! exact as that of any other; what it says of them is kept beside it.

use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::group::CLEARLY;
use super::groups::Grouped;
use super::{RunError, RunSettings, backend};
use crate::eligibility::eligibility;
use crate::formulate::formulate;
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::program::Program;
use crate::settle::Settler;
use crate::solve::{Outcome, Steps, backends};

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
    /// What it says no plan is worth more than; none where it says nothing of a model.
    pub bound: Option<Money>,
    /// What the plan is worth.
    pub plan: Money,
}

/// Asks the backend of the settings, every one in this build where they leave it open, about each part of a portfolio, one after the other.
///
/// # Errors
/// Portfolio and measures do not fit together, or the backend is not in this build.
pub fn bare(
    portfolio: &Portfolio,
    measures: &[Measure],
    settings: &RunSettings,
) -> Result<Vec<Word>, RunError> {
    let asked = match backend(settings.backend)? {
        Some(backend) => vec![backend],
        None => backends(),
    };
    let limits = settings.limits();
    let found = eligibility(portfolio, measures).map_err(RunError::Input)?;
    // Nothing is left out for them.
    let grouped = Grouped::of(&found.applications, Steps { reach: false, ..Steps::default() });
    let mut words: Vec<Word> = asked.iter().map(|backend| Word::nothing_yet(backend.name())).collect();
    for members in &grouped.groups {
        let program = formulate(members).program;
        for (backend, word) in asked.iter().zip(&mut words) {
            let started = Instant::now();
            let outcome = backend.solve(&program, &limits);
            word.took += started.elapsed();
            // A settler says nothing of a point it has seen: each backend has one of its own.
            word.hear(outcome, &program, Settler::new(members, &program));
        }
    }
    Ok(words)
}

impl Word {
    /// Of no model yet.
    fn nothing_yet(backend: &'static str) -> Word {
        Word {
            backend,
            took: Duration::ZERO,
            claims_optimal: true,
            claimed: Money::ZERO,
            bound: Some(Money::ZERO),
            plan: Money::ZERO,
        }
    }

    /// Adds what it says of one more model.
    fn hear(&mut self, outcome: Outcome, program: &Program, mut settler: Settler<'_>) {
        match outcome {
            Outcome::Point { values, claims_optimal, claimed_bound } => {
                self.claims_optimal &= claims_optimal;
                self.claimed += worth(program, &values);
                self.bound = self.bound.zip(claimed_bound).map(|(sum, bound)| sum + cents(bound));
                self.plan += settler.settle(&values, CLEARLY).map_or(Money::ZERO, |plan| plan.value);
            }
            // To make no application is a plan of every model without decisions in force.
            Outcome::Infeasible => {}
            Outcome::NoAnswer(_) => {
                self.claims_optimal = false;
                self.bound = None;
            }
        }
    }
}

/// The objective at a point, to the nearest cent.
fn worth(program: &Program, values: &[f64]) -> Money {
    let terms = program.columns.iter().zip(values);
    let of = |objective: Decimal| objective.to_f64().unwrap_or_default();
    cents(terms.map(|(column, value)| of(column.objective) * value).sum())
}

/// An amount in euro to the nearest cent.
fn cents(euro: f64) -> Money {
    let cents = Decimal::from_f64((euro * 100.0).round()).and_then(|cents| cents.to_i64());
    Money::from_cents(cents.unwrap_or_default())
}
