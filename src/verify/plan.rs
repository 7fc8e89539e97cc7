//! The plan of a document: its decisions read and tested, its applications assessed, its pools drawn on, and the figures of its
//! applications compared (S6, S7, S14, S15).

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::admission::{Admission, Line};
use super::application::{Application, Assessed};
use super::counts;
use super::exact;
use super::findings::{Findings, cited};
use super::ground::{Cases, Ground};
use crate::allocation::{self, ComponentAmount, DerivedAmount, Document, Totals};
use crate::ids::{CompanyId, MeasureId, PoolId, ProjectId, RuleId};
use crate::measure::{Claim, PoolScope};
use crate::money::Money;
use crate::portfolio::{Objective, Settings};

/// An application of the plan.
pub(super) struct Made<'a> {
    /// Its lines.
    pub(super) application: Application<'a>,
    /// What is claimed of each line.
    pub(super) claims: Vec<Money>,
    /// Where the claims stand in the document.
    paths: Vec<String>,
    /// What the authority makes of it, or the rule that rejects it.
    pub(super) assessed: Result<Assessed<'a>, &'a RuleId>,
    /// The grant after pools.
    grant: Money,
    /// Pools that are used up, by rule.
    full_pools: Vec<RuleId>,
    /// The grant's part of every place (S10).
    pub(super) aid: Vec<Money>,
}

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

/// Who draws on a pool: one budget for all, or one for each company.
type Drawn<'a> = BTreeMap<(&'a PoolId, Option<&'a CompanyId>), Money>;

/// Grants after pools.
struct Pooled<'a> {
    grants: Vec<Money>,
    drawn: Drawn<'a>,
    /// Applications that do not fit, with the pool's rule.
    refused: Vec<(usize, &'a RuleId)>,
}

/// A claim of the document on a line.
struct Claimed<'a> {
    line: &'a Line<'a>,
    claim: Money,
    path: String,
}

impl<'a> Plan<'a> {
    /// Reads and tests the decisions, then assesses every application. Decisions that cannot stand are left out.
    pub(super) fn read(
        ground: &'a Ground<'a>,
        cases: &'a Cases<'a>,
        document: &'a Document,
        findings: &mut Findings,
    ) -> Self {
        let mut claimed: BTreeMap<(&ProjectId, &MeasureId), Vec<Claimed<'_>>> = BTreeMap::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (index, outcome) in document.expenses.iter().enumerate() {
            let path = format!("expenses[{index}].assignments");
            let expenses = &ground.portfolio.expenses;
            // Unknown and repeated expenses are found when the list is compared with the portfolio's.
            let Ok(at) = expenses.binary_search_by(|e| e.id.cmp(&outcome.expense)) else { continue };
            let expense = &expenses[at];
            if !seen.insert(expense.id.as_str()) {
                continue;
            }
            if outcome.assignments.len() > 1 {
                findings.note("S6", &path, outcome.assignments.len().to_string(), "one assignment at most");
            }
            let Some(assignment) = outcome.assignments.first() else { continue };
            let path = format!("{path}[0]");
            let Some((key, case)) = cases.get_key_value(&(&expense.project, &assignment.measure)) else {
                findings.note(
                    "S6",
                    path + ".measure",
                    assignment.measure.as_str(),
                    "a measure that takes part",
                );
                continue;
            };
            let lines = match case.admissions.get(expense.id.as_str()) {
                Some(Admission::Open(lines)) => lines.as_slice(),
                Some(Admission::Refused(reason)) => {
                    let rule = cited(&reason.measure, &reason.rule);
                    findings.note(rule, path, "an assignment", format!("none, {}", reason.text));
                    continue;
                }
                None => &[],
            };
            let item = case.measure.item(&assignment.cost_item);
            let Some(line) = lines.iter().find(|line| Some(line.item) == item) else {
                findings.note(
                    "S2",
                    path + ".cost_item",
                    assignment.cost_item.as_str(),
                    "an item that takes it",
                );
                continue;
            };
            if line.contested {
                findings.note(
                    "S2",
                    path.clone() + ".cost_item",
                    assignment.cost_item.as_str(),
                    "one item that fits",
                );
            }
            let path = path + ".claimed";
            let whole = case.measure.claim == Claim::Whole && assignment.claimed != line.base;
            if !assignment.claimed.is_positive() || assignment.claimed > line.base || whole {
                let expected = if whole { line.base.to_string() } else { format!("0.01 to {}", line.base) };
                findings.note("S6", &path, assignment.claimed.to_string(), expected);
            }
            let claim = assignment.claimed.clamp(Money::CENT, line.base);
            claimed.entry(*key).or_default().push(Claimed { line, claim, path });
        }
        let mut plan =
            Plan { settings: &ground.portfolio.settings, made: Vec::new(), placed: BTreeMap::new() };
        for (key, mut claimed) in claimed {
            claimed.sort_by(|a, b| a.line.expense.id.cmp(&b.line.expense.id));
            for (line, claimed) in claimed.iter().enumerate() {
                let placed = Placed { measure: key.1, made: plan.made.len(), line };
                plan.placed.insert(claimed.line.expense.id.as_str(), placed);
            }
            plan.made.push(Made::new(
                Application::new(&cases[&key], claimed.iter().map(|c| c.line).collect()),
                claimed,
            ));
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
                made.aid = exact::share(grant, &assessed.aid.weights(assessed.admitted.len()));
            }
        }
    }

    /// What pools leave of the grants, in canonical order of applications (S15): first those that give in part, then those that must fit.
    fn pooled(&self, raw: &[Money]) -> Pooled<'a> {
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
        self.check_company_counts(findings);
    }

    fn check_company_counts(&self, findings: &mut Findings) {
        let mut numbers: BTreeMap<(&MeasureId, &CompanyId, usize), usize> = BTreeMap::new();
        for made in &self.made {
            let case = made.application.case;
            let Ok(assessed) = &made.assessed else { continue };
            for (index, count) in
                case.measure.counts.iter().enumerate().filter(|(_, c)| counts::over_company(c))
            {
                *numbers.entry((&case.measure.id, &case.facts.company.id, index)).or_default() +=
                    counts::number(count, &made.application, &assessed.admitted);
            }
        }
        for made in &self.made {
            let (measure, company) = (made.application.case.measure, &made.application.case.facts.company.id);
            for (index, count) in measure.counts.iter().enumerate() {
                // Removed, so that each company is told once.
                let number = numbers.remove(&(&measure.id, company, index));
                if let Some(number) = number.filter(|number| !counts::holds(count, *number)) {
                    let found = format!("{number} for company {company}");
                    findings.note(
                        cited(&measure.id, &count.rule.id),
                        "applications",
                        found,
                        "a number it allows",
                    );
                }
            }
        }
    }

    /// Totals and objective are the sums of the recomputed applications.
    pub(super) fn check_totals(&self, document: &Document, findings: &mut Findings) {
        let mut totals = Totals::default();
        let mut expected = Decimal::ZERO;
        for made in &self.made {
            totals.grant += made.grant;
            totals.admitted += made.admitted();
            totals.net += made.net();
            let probability = made.application.case.facts.project.success_probability;
            expected = exact::sum(expected, probability.of(made.grant));
        }
        let objective = match self.settings.objective {
            Objective::Grant => totals.grant,
            Objective::Net => totals.net,
            Objective::Expected => exact::floor_cents(expected),
        };
        let found = &document.totals;
        findings.compare("totals", "totals.grant", &found.grant, &totals.grant);
        findings.compare("S12", "totals.loan", &found.loan, &totals.loan);
        findings.compare("S12", "totals.esl", &found.esl, &totals.esl);
        findings.compare("totals", "totals.admitted", &found.admitted, &totals.admitted);
        findings.compare("totals", "totals.net", &found.net, &totals.net);
        findings.compare("objective", "objective", &document.objective, &objective);
    }

    /// Published claims are the largest that give the published grants (S6): where less than the base is claimed, a cent more must cost
    /// a grant or break a rule.
    pub(super) fn check_claims(&self, findings: &mut Findings) {
        let mut raw: Vec<Money> = self.made.iter().map(Made::grant_before_pools).collect();
        for (index, made) in self.made.iter().enumerate() {
            let before = raw[index];
            for (line, claim) in made.claims.iter().enumerate() {
                if *claim >= made.application.lines[line].base {
                    continue;
                }
                let mut raised = made.claims.clone();
                raised[line] += Money::CENT;
                let Ok(assessed) = made.application.assess(&raised) else { continue };
                raw[index] = assessed.grant;
                let pooled = self.pooled(&raw);
                raw[index] = before;
                let costs = self.made.iter().zip(&pooled.grants).any(|(made, grant)| *grant < made.grant);
                if pooled.refused.is_empty() && !costs && self.keeps_company_counts(index, &assessed.admitted)
                {
                    findings.note(
                        "S6",
                        &made.paths[line],
                        claim.to_string(),
                        "a larger claim, it costs no grant",
                    );
                }
            }
        }
    }

    /// Whether counts over the applications of a company hold when one application has other amounts admitted.
    fn keeps_company_counts(&self, changed: usize, admitted: &[Money]) -> bool {
        let case = self.made[changed].application.case;
        let (measure, company) = (case.measure, &case.facts.company.id);
        measure.counts.iter().filter(|count| counts::over_company(count)).all(|count| {
            let of = |(index, made): (usize, &Made<'_>)| {
                let here = made.application.case;
                if here.measure.id != measure.id || here.facts.company.id != *company {
                    return 0;
                }
                let published = made.assessed.as_ref().map_or(&[][..], |assessed| &assessed.admitted);
                let admitted = if index == changed { admitted } else { published };
                counts::number(count, &made.application, admitted)
            };
            counts::holds(count, self.made.iter().enumerate().map(of).sum())
        })
    }
}

impl<'a> Made<'a> {
    fn new(application: Application<'a>, claimed: Vec<Claimed<'a>>) -> Self {
        let claims: Vec<Money> = claimed.iter().map(|claimed| claimed.claim).collect();
        Made {
            assessed: application.assess(&claims),
            paths: claimed.into_iter().map(|claimed| claimed.path).collect(),
            aid: vec![Money::ZERO; application.places.len()],
            application,
            claims,
            grant: Money::ZERO,
            full_pools: Vec::new(),
        }
    }

    fn key(&self) -> (&'a ProjectId, &'a MeasureId) {
        (&self.application.case.facts.project.id, &self.application.case.measure.id)
    }

    fn pool_key(&self, pool: &'a crate::measure::Pool) -> (&'a PoolId, Option<&'a CompanyId>) {
        let company = &self.application.case.facts.company.id;
        (&pool.pool, (pool.scope == PoolScope::Company).then_some(company))
    }

    fn grant_before_pools(&self) -> Money {
        self.assessed.as_ref().map_or(Money::ZERO, |assessed| assessed.grant)
    }

    fn admitted(&self) -> Money {
        self.assessed.as_ref().map_or(Money::ZERO, |assessed| assessed.admitted.iter().sum())
    }

    /// The grant less what is withheld, which is rounded down (S14).
    fn net(&self) -> Money {
        self.grant - exact::floor_cents(self.application.case.measure.withholding.of(self.grant))
    }

    fn check(
        &self,
        assessed: &Assessed<'_>,
        found: &allocation::Application,
        path: &str,
        findings: &mut Findings,
    ) {
        let facts = &self.application.case.facts;
        let at = |field: &str| format!("{path}.{field}");
        findings.compare("S6", at("company"), &found.company, &facts.project.company);
        findings.compare("S5", at("filed_on"), &Some(found.filed_on), &facts.calendar.filed_on);
        findings.compare("S5", at("granted_on"), &Some(found.granted_on), &facts.calendar.granted_on);
        findings.compare("S5", at("hypothetical"), &found.hypothetical, &facts.calendar.shift.is_some());
        findings.compare("S6", at("choices"), &found.choices, &IndexMap::new());
        findings.compare("S7", at("admitted"), &found.admitted, &self.admitted());
        findings.compare_lists("S7", &at("derived"), &found.derived, &self.derived(assessed));
        findings.compare("S9", at("grant"), &found.grant, &self.grant);
        findings.compare("S12", at("loan"), &found.loan, &Money::ZERO);
        findings.compare("S12", at("esl"), &found.esl, &Money::ZERO);
        findings.compare_lists("S9", &at("aid"), &found.aid, &self.components(assessed));
        findings.compare("S14", at("net"), &found.net, &self.net());
        findings.compare_lists("S8", &at("limits_binding"), &found.limits_binding, &self.binding(assessed));
        if !self.grant.is_positive() {
            findings.note("S6", at("grant"), self.grant.to_string(), "no application without a grant");
        }
    }

    fn derived(&self, assessed: &Assessed<'_>) -> Vec<DerivedAmount> {
        let places = self.application.derived.iter().map(|derived| derived.place);
        places
            .filter(|place| assessed.admitted[*place].is_positive())
            .map(|place| DerivedAmount {
                item: self.application.case.measure.items[self.application.places[place].item].id.clone(),
                amount: assessed.admitted[place],
                aid: self.aid[place],
            })
            .collect()
    }

    /// The grant over its components, in whole cents by largest remainder.
    fn components(&self, assessed: &Assessed<'_>) -> Vec<ComponentAmount> {
        let amounts = exact::share(self.grant, &assessed.aid.components());
        let components = self.application.case.measure.components.iter();
        components
            .zip(amounts)
            .filter(|(_, amount)| amount.is_positive())
            .map(|(component, amount)| ComponentAmount { component: component.rule.id.clone(), amount })
            .collect()
    }

    /// Binding limits, then pools that are used up, each in file order.
    fn binding(&self, assessed: &Assessed<'_>) -> Vec<RuleId> {
        let bounded = self.application.bounded.iter().zip(&assessed.binding);
        let mut limits: Vec<_> =
            bounded.filter(|(_, binds)| **binds).map(|(b, _)| (b.index, &b.limit.rule.id)).collect();
        limits.dedup();
        limits.into_iter().map(|(_, id)| id).chain(&self.full_pools).cloned().collect()
    }
}
