//! One application of the plan: its claims, what came of them, and its figures as the document must state them (S7 to S14, S17).

use rust_decimal::Decimal;

use super::application::{Application, Assessed};
use super::decisions::Claimed;
use super::draws::{Asking, Granted};
use super::exact;
use super::findings::Findings;
use super::ground::Case;
use super::members;
use super::pools;
use crate::allocation::{self, ComponentAmount, DerivedAmount};
use crate::ids::{MeasureId, ProjectId, RuleId};
use crate::measure::Form;
use crate::money::Money;

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
    /// What it is granted after everything it draws on.
    pub(super) granted: Granted<'a>,
    /// The grant.
    pub(super) grant: Money,
}

impl<'a> Made<'a> {
    /// Assesses an application; what it draws on comes later.
    pub(super) fn new(case: &'a Case<'a>, claimed: Vec<Claimed<'a>>) -> Self {
        let application = Application::new(case, claimed.iter().map(|claimed| claimed.line).collect());
        let claims: Vec<Money> = claimed.iter().map(|claimed| claimed.claim).collect();
        Made {
            assessed: application.assess(&claims),
            paths: claimed.into_iter().map(|claimed| claimed.path).collect(),
            application,
            claims,
            granted: Granted::default(),
            grant: Money::ZERO,
        }
    }

    /// The application as it asks to be granted.
    pub(super) fn asking(&self) -> Asking<'_, 'a> {
        Asking { application: &self.application, claims: &self.claims, assessed: self.assessed.as_ref().ok() }
    }

    /// Project and measure.
    pub(super) fn key(&self) -> (&'a ProjectId, &'a MeasureId) {
        (&self.application.case.facts.project.id, &self.application.case.measure.id)
    }

    /// The loan.
    pub(super) fn loan(&self) -> Money {
        self.assessed.as_ref().map_or(Money::ZERO, |assessed| assessed.loan)
    }

    /// The aid in guarantees.
    pub(super) fn esl(&self) -> Money {
        self.assessed.as_ref().map_or(Money::ZERO, |assessed| assessed.esl)
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
        let hypothetical = facts.calendar.shift.is_some()
            || pools::counts_on_waiting_list(&facts.portfolio.settings, facts.measure);
        findings.compare("S5", at("hypothetical"), &found.hypothetical, &hypothetical);
        findings.compare("S7", at("admitted"), &found.admitted, &self.admitted());
        findings.compare_lists("S7", &at("derived"), &found.derived, &self.derived(assessed));
        findings.compare("S9", at("grant"), &found.grant, &self.grant);
        findings.compare("S12", at("loan"), &found.loan, &assessed.loan);
        findings.compare("S12", at("esl"), &found.esl, &assessed.esl);
        findings.compare_lists("S9", &at("aid"), &found.aid, &self.components(assessed));
        findings.compare("S14", at("net"), &found.net, &self.net());
        let members = members::shares(&self.granted.pieces, &facts.company.id);
        findings.compare_lists("S17", &at("members"), &found.members, &members);
        findings.compare_lists("S11", &at("draws"), &found.draws, &self.granted.draws);
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
                aid: self.granted.on(place),
            })
            .collect()
    }

    /// The grant over the components that are grants, in whole cents by largest remainder.
    fn components(&self, assessed: &Assessed<'_>) -> Vec<ComponentAmount> {
        let cents = assessed.aid.grants().into_iter().map(|amount| exact::floor_cents(amount).euro());
        let cents: Vec<Decimal> = cents.collect();
        let mut amounts = exact::share(self.grant, &cents);
        // A grant of a cent rounded up from parts of less than a cent: the first component takes it.
        let components = &self.application.case.measure.components;
        if cents.iter().all(Decimal::is_zero)
            && let Some(first) = components.iter().position(|component| component.form == Form::Grant)
        {
            amounts[first] = self.grant;
        }
        components
            .iter()
            .zip(amounts)
            .filter(|(_, amount)| amount.is_positive())
            .map(|(component, amount)| ComponentAmount { component: component.rule.id.clone(), amount })
            .collect()
    }

    /// Binding limits, then ledgers, pools and joint ceilings that it uses up, each in file order.
    fn binding(&self, assessed: &Assessed<'_>) -> Vec<RuleId> {
        let bounded = self.application.bounded.iter().zip(&assessed.binding);
        let mut limits: Vec<_> =
            bounded.filter(|(_, binds)| **binds).map(|(b, _)| (b.index, &b.limit.rule.id)).collect();
        limits.dedup();
        limits.into_iter().map(|(_, id)| id).chain(&self.granted.binding).cloned().collect()
    }
}
