//! A delay: every application filed and granted later, and what that would cost.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Alternative, Base, Outcome, compare};
use crate::dates::Span;
use crate::engine::{RunError, RunSettings};
use crate::ids::MeasureId;
use crate::measure::{Calendar, Measure};
use crate::money::Money;
use crate::portfolio::{Settings, Verb};

/// What a delay would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delay {
    /// How long it is.
    pub by: String,
    /// What it would do to each measure that is applied to, with or without it; by id.
    pub measures: Vec<MeasureDelay>,
    /// What would become of the plan.
    pub outcome: Outcome,
}

/// What a delay would do to one measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasureDelay {
    /// The measure.
    pub measure: MeasureId,
    /// What it grants in the plan at hand.
    pub before: Money,
    /// What it would grant.
    pub after: Money,
    /// What it would grant more; below zero: less.
    pub difference: Money,
    /// Whether it would be open no more on the day of filing.
    pub closed: bool,
}

/// Plans again with every application filed and granted so much later. What is filed already stays so; a measure that is over by then is lost,
/// even one that is open only as a hypothesis.
///
/// # Errors
/// See [`compare`].
pub fn delay(base: Base<'_>, by: Span, settings: &RunSettings) -> Result<Delay, RunError> {
    let later = delayed(&base, by);
    let is_closed = |measure: &MeasureId| {
        let measure = base.measures.iter().find(|other| other.id == *measure);
        let of_measure = |id: &MeasureId| later.measures.get(id).cloned().unwrap_or_default();
        measure.is_some_and(|m| Calendar::new(&m.window, &later, &of_measure(&m.id)).filed_on.is_none())
    };
    let alternative = Alternative { label: (), settings: Some(later.clone()), measures: Vec::new() };
    let mut planned = compare(base, vec![alternative], settings)?;
    // One alternative went in.
    let outcome = planned.pop().map_or_else(|| Outcome::Impossible(String::new()), |((), outcome)| outcome);
    let mut grants: BTreeMap<&MeasureId, [Money; 2]> = BTreeMap::new();
    for application in &base.document.applications {
        let pair = grants.entry(&application.measure).or_default();
        *pair = pair.map(|sum| sum + application.grant);
    }
    if let Outcome::Planned(plan) = &outcome {
        for change in &plan.changes {
            grants.entry(&change.measure).or_default()[1] += change.difference();
        }
    }
    let of_measure = |(measure, [before, after]): (&MeasureId, [Money; 2])| MeasureDelay {
        measure: measure.clone(),
        before,
        after,
        difference: after - before,
        closed: is_closed(measure),
    };
    let measures = grants.into_iter().map(of_measure).collect();
    Ok(Delay { by: by.to_string(), measures, outcome })
}

/// The settings with all days of filing and grant moved.
fn delayed(base: &Base<'_>, by: Span) -> Settings {
    let now = &base.portfolio.settings;
    let mut later = now.clone();
    for measure in base.measures {
        let own = now.measures.get(&measure.id).cloned().unwrap_or_default();
        let calendar = Calendar::new(&measure.window, now, &own);
        let (Some(filed), Some(granted)) = (calendar.filed_on, calendar.granted_on) else { continue };
        let settings = later.measures.entry(measure.id.clone()).or_default();
        settings.filed_on = Some(by.after(filed));
        // The grant of what is filed already is not ours to move: there only an assumed day is, the others follow from the filing.
        let assumed = own.granted_on.or((!is_filed(base, measure)).then_some(granted));
        settings.granted_on = assumed.map(|day| by.after(day));
        // What is open as a hypothesis opens when it would have, not when we come.
        if calendar.shift.is_some() {
            settings.reissue = own.reissue.or(Some(now.as_of));
        }
    }
    later.assume_open = false;
    later
}

/// Whether something is filed with a measure.
fn is_filed(base: &Base<'_>, measure: &Measure) -> bool {
    let decisions = &base.portfolio.decisions;
    decisions.iter().any(|decision| decision.what == Verb::Filed && decision.measure == measure.id)
}
