//! What else could be: the portfolio planned again under other readings or other days, each plan held against the one at hand.
//!
//! An alternative changes the settings, or measures, or both. All of them are planned in parallel, each as a run of its own with its own
//! proof and verification; one under which no application is other than before needs no run.

mod delay;
mod doubts;
mod later;

pub use delay::{Delay, MeasureDelay, delay};
pub use doubts::{DoubtReading, doubts};
pub use later::{Freed, LaterGrant, later};

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{RunError, RunSettings, optimize};
use crate::allocation::Document;
use crate::eligibility::eligibility;
use crate::ids::{MeasureId, ProjectId};
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::{Portfolio, Settings};

/// What alternatives are held against.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// The portfolio.
    pub portfolio: &'a Portfolio,
    /// The measures.
    pub measures: &'a [Measure],
    /// The plan for them.
    pub document: &'a Document,
}

/// Something that could be otherwise.
#[derive(Clone, Debug)]
pub struct Alternative<L> {
    /// What it is about.
    pub label: L,
    /// The settings, where they differ.
    pub settings: Option<Settings>,
    /// Measures in the place of those with the same ids.
    pub measures: Vec<Measure>,
}

/// What becomes of an alternative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There is a plan.
    Planned(Comparison),
    /// There is none, and why.
    Impossible(String),
}

/// A plan held against the one at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Its total grant.
    pub grant: Money,
    /// What it grants more; below zero: less.
    pub difference: Money,
    /// What it could still be short of the best.
    pub gap: Option<Money>,
    /// Applications that differ, by (project, measure).
    pub changes: Vec<Change>,
}

/// An application with another grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The project.
    pub project: ProjectId,
    /// The measure.
    pub measure: MeasureId,
    /// Its grant in the plan at hand; none where it is not made there.
    pub before: Option<Money>,
    /// Its grant in the alternative; none where it is not made there.
    pub after: Option<Money>,
}

impl Change {
    /// What it is granted more.
    pub fn difference(&self) -> Money {
        self.after.unwrap_or_default() - self.before.unwrap_or_default()
    }
}

/// Plans every alternative, in parallel; what comes back is in the order of what went in.
///
/// # Errors
/// An error inside the program. That an alternative has no plan is an outcome.
pub fn compare<L: Send>(
    base: Base<'_>,
    alternatives: Vec<Alternative<L>>,
    settings: &RunSettings,
) -> Result<Vec<(L, Outcome)>, RunError> {
    let known = eligibility(base.portfolio, base.measures).map_err(RunError::Input)?;
    let planned = |alternative: Alternative<L>| {
        let Alternative { label, settings: other, measures: others } = alternative;
        let mut portfolio = base.portfolio.clone();
        if let Some(other) = other {
            portfolio.settings = other;
        }
        let mut measures = base.measures.to_vec();
        for measure in others {
            if let Some(place) = measures.iter_mut().find(|other| other.id == measure.id) {
                *place = measure;
            }
        }
        let same =
            eligibility(&portfolio, &measures).is_ok_and(|found| found.applications == known.applications);
        if same {
            return Ok((label, Outcome::Planned(compared(base.document, base.document))));
        }
        match optimize(&portfolio, &measures, settings) {
            Ok(run) => Ok((label, Outcome::Planned(compared(base.document, &run.document)))),
            Err(error @ (RunError::Unverified(_) | RunError::NoBackend(_))) => Err(error),
            Err(error) => Ok((label, Outcome::Impossible(error.to_string()))),
        }
    };
    alternatives.into_par_iter().map(planned).collect()
}

fn compared(before: &Document, after: &Document) -> Comparison {
    let mut grants: BTreeMap<(&ProjectId, &MeasureId), [Option<Money>; 2]> = BTreeMap::new();
    for (at, document) in [before, after].into_iter().enumerate() {
        for application in &document.applications {
            let pair = grants.entry((&application.project, &application.measure)).or_default();
            pair[at] = Some(application.grant);
        }
    }
    let changes = grants.into_iter().filter(|(_, [before, after])| before != after);
    Comparison {
        grant: after.totals.grant,
        difference: after.totals.grant - before.totals.grant,
        gap: after.gap,
        changes: changes
            .map(|((project, measure), [before, after])| Change {
                project: project.clone(),
                measure: measure.clone(),
                before,
                after,
            })
            .collect(),
    }
}
