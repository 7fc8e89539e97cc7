//! The plan of a document: every application assessed, the pools drawn on, and the figures compared (S14, S15).

use std::collections::BTreeMap;

use super::decisions::Decisions;
use super::exact;
use super::findings::{Findings, cited};
use super::made::{Budget, Made};
use crate::allocation::{Document, Totals};
use crate::ids::{MeasureId, ProjectId, RuleId};
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
    /// Where expenses go, by id.
    pub(super) placed: BTreeMap<&'a str, Placed<'a>>,
}

/// What was drawn from budgets so far.
type Drawn<'a> = BTreeMap<Budget<'a>, Money>;

/// Grants after pools.
pub(super) struct Pooled<'a> {
    /// By application.
    pub(super) grants: Vec<Money>,
    drawn: Drawn<'a>,
    /// Applications that do not fit, with the pool's rule.
    pub(super) refused: Vec<(usize, &'a RuleId)>,
}

impl<'a> Plan<'a> {
    /// Assesses every application that the decisions make.
    pub(super) fn new(settings: &'a Settings, decisions: Decisions<'a>, findings: &mut Findings) -> Self {
        let mut plan = Plan { settings, made: Vec::new(), placed: BTreeMap::new() };
        for ((_, measure), (case, claimed)) in decisions {
            for (line, claimed) in claimed.iter().enumerate() {
                let placed = Placed { measure, made: plan.made.len(), line };
                plan.placed.insert(claimed.line.expense.id.as_str(), placed);
            }
            plan.made.push(Made::new(case, claimed));
        }
        plan.draw(findings);
        plan
    }

    /// Draws on the pools and shares every grant over its places.
    fn draw(&mut self, findings: &mut Findings) {
        let raw: Vec<Money> = self.made.iter().map(Made::grant_before_pools).collect();
        let Pooled { grants, drawn, refused } = self.pooled(&raw);
        for (index, rule) in refused {
            let measure = &self.made[index].application.case.measure.id;
            findings.note(
                cited(measure, rule),
                "applications",
                "a grant beyond the pool",
                "a plan that fits",
            );
        }
        let full: Vec<Vec<RuleId>> = self
            .made
            .iter()
            .map(|made| {
                let pools = made.application.case.measure.pools.iter();
                let full = pools.filter(|pool| drawn.get(&made.pool_key(pool)) == Some(&pool.available));
                full.map(|pool| pool.rule.id.clone()).collect()
            })
            .collect();
        for ((made, grant), full_pools) in self.made.iter_mut().zip(grants).zip(full) {
            made.grant = grant;
            made.full_pools = full_pools;
            if let Ok(assessed) = &made.assessed {
                let weights = super::aid::Aid::weights(&made.application, &assessed.admitted);
                made.aid = exact::share(grant, &weights);
            }
        }
    }

    /// What pools leave of the grants, in canonical order of applications (S15): first those that give in part, then those that must fit.
    pub(super) fn pooled(&self, raw: &[Money]) -> Pooled<'a> {
        let mut pooled = Pooled { grants: raw.to_vec(), drawn: Drawn::new(), refused: Vec::new() };
        for (index, made) in self.made.iter().enumerate() {
            let pools = &made.application.case.measure.pools;
            let grant = &mut pooled.grants[index];
            let left = |pool, drawn: &Drawn<'a>| {
                drawn.get(&made.pool_key(pool)).map_or(pool.available, |drawn| pool.available - *drawn)
            };
            for pool in pools.iter().filter(|pool| pool.in_part) {
                *grant = (*grant).min(left(pool, &pooled.drawn)).max(Money::ZERO);
            }
            for pool in pools {
                if *grant > left(pool, &pooled.drawn) {
                    pooled.refused.push((index, &pool.rule.id));
                }
                *pooled.drawn.entry(made.pool_key(pool)).or_default() += *grant;
            }
        }
        pooled
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
