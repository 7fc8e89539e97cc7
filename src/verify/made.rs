//! One application of the plan: its claims, what came of them, and its figures as the document must state them (S7 to S10, S14).

use rust_decimal::Decimal;

use indexmap::IndexMap;

use super::application::{Application, Assessed};
use super::decisions::Claimed;
use super::exact;
use super::findings::Findings;
use super::ground::Case;
use crate::allocation::{self, ComponentAmount, DerivedAmount};
use crate::ids::{CompanyId, MeasureId, PoolId, ProjectId, RuleId};
use crate::measure::{Pool, PoolScope};
use crate::money::Money;

/// A pool, and the company where each has a budget of its own.
pub(super) type Budget<'a> = (&'a PoolId, Option<&'a CompanyId>);

/// An application of the plan.
pub(super) struct Made<'a> {
    /// Its lines.
    pub(super) application: Application<'a>,
    /// What is claimed of each line.
    pub(super) claims: Vec<Money>,
    /// Where the claims stand in the document.
    pub(super) paths: Vec<String>,
    /// What the authority makes of it, or the rule that rejects it.
    pub(super) assessed: Result<Assessed<'a>, &'a RuleId>,
    /// The grant after pools.
    pub(super) grant: Money,
    /// Pools that are used up, by rule.
    pub(super) full_pools: Vec<RuleId>,
    /// The grant's part of every place (S10).
    pub(super) aid: Vec<Money>,
}

impl<'a> Made<'a> {
    /// Assesses an application; pools come later.
    pub(super) fn new(case: &'a Case<'a>, claimed: Vec<Claimed<'a>>) -> Self {
        let application = Application::new(case, claimed.iter().map(|claimed| claimed.line).collect());
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

    /// Project and measure.
    pub(super) fn key(&self) -> (&'a ProjectId, &'a MeasureId) {
        (&self.application.case.facts.project.id, &self.application.case.measure.id)
    }

    /// The budget it draws on in a pool.
    pub(super) fn pool_key(&self, pool: &'a Pool) -> Budget<'a> {
        let company = &self.application.case.facts.company.id;
        (&pool.pool, (pool.scope == PoolScope::Company).then_some(company))
    }

    /// Nothing for a rejected application.
    pub(super) fn grant_before_pools(&self) -> Money {
        self.assessed.as_ref().map_or(Money::ZERO, |assessed| assessed.grant)
    }

    /// Admitted cost with derived items.
    pub(super) fn admitted(&self) -> Money {
        self.assessed.as_ref().map_or(Money::ZERO, |assessed| assessed.admitted.iter().sum())
    }

    /// What is paid of the grant after withholding, cut to cents (S14).
    pub(super) fn net(&self) -> Money {
        let kept = Decimal::ONE - self.application.case.measure.withholding.value();
        exact::floor_cents(exact::product(kept, self.grant.euro()))
    }

    /// Compares every figure of the application.
    pub(super) fn check(
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
        let cents = assessed.aid.components().into_iter().map(|amount| exact::floor_cents(amount).euro());
        let cents: Vec<Decimal> = cents.collect();
        let mut amounts = exact::share(self.grant, &cents);
        // A grant of a cent rounded up from parts of less than a cent: the first component takes it.
        if cents.iter().all(Decimal::is_zero)
            && let Some(first) = amounts.first_mut()
        {
            *first = self.grant;
        }
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
