//! Doubts re-solved (S16): what the plan would be, were a doubtful rule read otherwise.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Alternative, Base, Outcome, compare};
use crate::eligibility::eligibility;
use crate::engine::{RunError, RunSettings};
use crate::ids::{MeasureId, RuleId};
use crate::load::measures::Doubted;

/// A reading of a doubt and what it would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoubtReading {
    /// The measure.
    pub measure: MeasureId,
    /// The rule in doubt; none for a doubt about the measure as a whole.
    pub rule: Option<RuleId>,
    /// The key of the rule that is read otherwise.
    pub key: Option<String>,
    /// The reading; of a doubt that names no key every one, as words.
    pub readings: Vec<String>,
    /// Why one may doubt.
    pub why: String,
    /// What would become of the plan; none where that cannot be computed.
    pub outcome: Option<Outcome>,
}

/// Plans again with every reading of every doubt, in the order of measures, rules and alternatives.
///
/// Doubts of a measure that takes nothing of the portfolio are left out, but for readings under which the plan would differ.
///
/// # Errors
/// See [`compare`].
pub fn doubts(
    base: Base<'_>,
    doubted: &[Doubted],
    settings: &RunSettings,
) -> Result<Vec<DoubtReading>, RunError> {
    let found = eligibility(base.portfolio, base.measures).map_err(RunError::Input)?;
    let takes: BTreeSet<&MeasureId> = found.applications.iter().map(|a| &a.measure).collect();
    // The doubt of a shared ledger stands with the first measure that takes something and draws on it.
    let drawing = |of: &Doubted| {
        let ledger = of.ledger.as_ref()?;
        let mut taking = of.readings.first()?.iter().filter(|measure| takes.contains(&measure.id));
        taking.find_map(|measure| {
            let own = measure.ledgers.iter().find(|own| own.ledger == *ledger)?;
            Some((measure.id.clone(), Some(own.rule.id.clone())))
        })
    };
    let row = |of: &Doubted, readings: Vec<String>| {
        let (measure, rule) = drawing(of).unwrap_or_else(|| (of.measure.clone(), of.rule.clone()));
        let (key, why) = (of.doubt.key.clone(), of.doubt.why.clone());
        DoubtReading { measure, rule, key, readings, why, outcome: None }
    };
    let mut rows = Vec::new();
    let mut alternatives = Vec::new();
    for of in doubted {
        if of.readings.is_empty() {
            rows.push(row(of, of.doubt.alternatives.clone()));
        }
        for (measures, alternative) in of.readings.iter().zip(&of.doubt.alternatives) {
            alternatives.push(Alternative { label: rows.len(), settings: None, measures: measures.clone() });
            rows.push(row(of, vec![alternative.clone()]));
        }
    }
    for (at, outcome) in compare(base, alternatives, settings)? {
        rows[at].outcome = Some(outcome);
    }
    rows.retain(|row| {
        let differs = match &row.outcome {
            Some(Outcome::Planned(plan)) => !plan.changes.is_empty(),
            Some(Outcome::Impossible(_)) => true,
            None => false,
        };
        differs || takes.contains(&row.measure)
    });
    rows.sort_by(|a, b| a.measure.cmp(&b.measure));
    Ok(rows)
}
