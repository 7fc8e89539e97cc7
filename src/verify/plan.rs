//! The plan of a document: every application assessed, everything drawn on, and the figures compared (S11 to S15).

use std::collections::BTreeMap;

use super::cumulation;
use super::decisions::Decisions;
use super::draws::{self, Asking, Settled};
use super::exact;
use super::findings::{Findings, cited};
use super::made::Made;
use crate::allocation::{Document, Totals};
use crate::ids::{MeasureId, ProjectId};
use crate::money::Money;
use crate::portfolio::{Objective, Settings};

/// Where an expense goes.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    /// The measure.
    pub(super) measure: &'a MeasureId,
    /// Its application, as an index.
    pub(super) made: usize,
    /// Its line there, as an index.
    pub(super) line: usize,
}

/// The decisions of a document and what follows from them.
pub(super) struct Plan<'a> {
    settings: &'a Settings,
    /// Applications by (project, measure).
    pub(super) made: Vec<Made<'a>>,
    /// Where expenses go, by id; where to several measures, by measure.
    pub(super) placed: BTreeMap<&'a str, Vec<Placed<'a>>>,
}

impl<'a> Plan<'a> {
    /// Assesses every application that the decisions make.
    pub(super) fn new(settings: &'a Settings, decisions: Decisions<'a>, findings: &mut Findings) -> Self {
        let mut plan = Plan { settings, made: Vec::new(), placed: BTreeMap::new() };
        for ((_, measure), (case, claimed)) in decisions {
            for (line, claimed) in claimed.iter().enumerate() {
                let placed = Placed { measure, made: plan.made.len(), line };
                plan.placed.entry(claimed.line.expense.id.as_str()).or_default().push(placed);
            }
            plan.made.push(Made::new(case, claimed));
        }
        plan.settle(findings);
        plan
    }

    /// The applications as they ask to be granted.
    pub(super) fn asking(&self) -> Vec<Asking<'_, 'a>> {
        self.made.iter().map(Made::asking).collect()
    }

    /// Grants one application after the other.
    fn settle(&mut self, findings: &mut Findings) {
        let asking = self.asking();
        let settled = draws::settle(&asking);
        for (index, rule) in &settled.refused {
            let measure = &self.made[*index].application.case.measure.id;
            findings.note(
                cited(measure, rule),
                "applications",
                "more than there is room for",
                "a plan that fits",
            );
        }
        cumulation::check(&asking, findings);
        for (made, granted) in self.made.iter().zip(&settled.granted) {
            for (line, left) in granted.above() {
                let expected = format!("at most {left} beside the other aid");
                findings.note("S13", &made.paths[line], made.claims[line].to_string(), expected);
            }
        }
        let Settled { granted, .. } = settled;
        for (made, granted) in self.made.iter_mut().zip(granted) {
            made.grant = granted.grant();
            made.granted = granted;
        }
    }

    /// Where an expense goes.
    pub(super) fn places(&self, expense: &str) -> &[Placed<'a>] {
        self.placed.get(expense).map_or(&[], Vec::as_slice)
    }

    /// The application of a project to a measure, as an index.
    pub(super) fn find(&self, project: &ProjectId, measure: &MeasureId) -> Option<usize> {
        self.made.binary_search_by(|made| made.key().cmp(&(project, measure))).ok()
    }

    /// The applications stand as the assignments make them, none is rejected, and their figures are right.
    pub(super) fn check_applications(&self, document: &Document, findings: &mut Findings) {
        let named = |(project, measure): (&ProjectId, &MeasureId)| [project.to_string(), measure.to_string()];
        let found: Vec<_> = document.applications.iter().map(|a| named((&a.project, &a.measure))).collect();
        let expected: Vec<_> = self.made.iter().map(|made| named(made.key())).collect();
        findings.compare_lists("S6", "applications", &found, &expected);
        for (index, found) in document.applications.iter().enumerate() {
            let Some(made) = self.find(&found.project, &found.measure).map(|at| &self.made[at]) else {
                continue;
            };
            let path = format!("applications[{index}]");
            match &made.assessed {
                Err(rule) => {
                    findings.note(cited(&found.measure, rule), path, "made", "not made, it is rejected");
                }
                Ok(assessed) => made.check(assessed, found, &path, findings),
            }
        }
    }

    /// Totals and objective are the sums of the recomputed applications.
    pub(super) fn check_totals(&self, document: &Document, findings: &mut Findings) {
        let mut totals = Totals::default();
        let mut expected = Money::ZERO;
        for made in &self.made {
            totals.grant += made.grant;
            totals.loan += made.loan();
            totals.esl += made.esl();
            totals.admitted += made.admitted();
            totals.net += made.net();
            let probability = made.application.case.facts.project.success_probability;
            expected += exact::floor_cents(probability.of(made.grant));
        }
        let objective = match self.settings.objective {
            Objective::Grant => totals.grant,
            Objective::Net => totals.net,
            Objective::Expected => expected,
        };
        let found = &document.totals;
        findings.compare("totals", "totals.grant", &found.grant, &totals.grant);
        findings.compare("S12", "totals.loan", &found.loan, &totals.loan);
        findings.compare("S12", "totals.esl", &found.esl, &totals.esl);
        findings.compare("totals", "totals.admitted", &found.admitted, &totals.admitted);
        findings.compare("totals", "totals.net", &found.net, &totals.net);
        findings.compare("objective", "objective", &document.objective, &objective);
    }
}
