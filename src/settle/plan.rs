//! A plan: claims with what the authority makes of them, and the rules that join applications.

use std::collections::BTreeMap;

use crate::assess::{Assessment, assess, things_present};
use crate::eligibility::{Application, CompanyCount};
use crate::ids::{CompanyId, ExpenseId, MeasureId, PoolId, RuleId};
use crate::money::Money;
use crate::rounding::Rounding;

/// A valid plan for some applications.
///
/// Invariants: every expense has a claim in at most one line; every application with a claim is granted something; counts over a
/// company and pools hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What becomes of each application; none where it is not made.
    pub assessments: Vec<Option<Assessment>>,
    /// Each application's grant after pools.
    pub grants: Vec<Money>,
    /// The objective: the sum of weight x grant, each cut to cents.
    pub value: Money,
}

impl Plan {
    /// The plan that makes no application.
    pub fn empty(applications: &[Application]) -> Plan {
        Plan {
            assessments: vec![None; applications.len()],
            grants: vec![Money::ZERO; applications.len()],
            value: Money::ZERO,
        }
    }

    /// The plan with these claims. Applications that the authority would reject, that would get nothing, or
    /// that a refusing pool has no room for are not made.
    ///
    /// None where an expense is claimed twice or a count over a company does not hold.
    pub fn of(applications: &[Application], claims: Vec<Vec<Money>>) -> Option<Plan> {
        let mut assessments: Vec<Option<Assessment>> = applications
            .iter()
            .zip(claims)
            .map(|(application, claims)| {
                let assessment = assess(application, &claims);
                assessment.grant.is_positive().then_some(assessment)
            })
            .collect();
        let grants = share_pools(applications, &mut assessments);
        let plan = Plan { value: value(applications, &grants), assessments, grants };
        (plan.each_expense_once(applications) && plan.company_counts_hold(applications)).then_some(plan)
    }

    /// The claims of an application, all zero where it is not made.
    pub fn claims(&self, applications: &[Application], application: usize) -> Vec<Money> {
        match &self.assessments[application] {
            Some(assessment) => assessment.claims.clone(),
            None => vec![Money::ZERO; applications[application].lines.len()],
        }
    }

    /// Every application's claims.
    pub fn all_claims(&self, applications: &[Application]) -> Vec<Vec<Money>> {
        (0..applications.len()).map(|a| self.claims(applications, a)).collect()
    }

    /// Applications made, then lines claimed: what ties are broken by, fewest first.
    pub fn effort(&self) -> (usize, usize) {
        let made = self.assessments.iter().flatten();
        let lines = made.clone().map(|a| a.claims.iter().filter(|c| c.is_positive()).count()).sum();
        (made.count(), lines)
    }

    fn each_expense_once(&self, applications: &[Application]) -> bool {
        let mut seen: Vec<&ExpenseId> = Vec::new();
        for (application, assessment) in applications.iter().zip(&self.assessments) {
            let Some(assessment) = assessment else { continue };
            let lines = application.lines.iter().zip(&assessment.claims);
            seen.extend(lines.filter(|(_, claim)| claim.is_positive()).map(|(line, _)| &line.expense));
        }
        let claims = seen.len();
        seen.sort();
        seen.dedup();
        seen.len() == claims
    }

    fn company_counts_hold(&self, applications: &[Application]) -> bool {
        let mut counted: BTreeMap<(&CompanyId, &MeasureId, &RuleId), (&CompanyCount, usize)> =
            BTreeMap::new();
        for (application, assessment) in applications.iter().zip(&self.assessments) {
            let Some(assessment) = assessment else { continue };
            for count in &application.company_counts {
                let key = (&application.company, &application.measure, &count.rule.id);
                counted.entry(key).or_insert((count, 0)).1 +=
                    things_present(&count.things, &assessment.admitted);
            }
        }
        counted.values().all(|(count, present)| {
            count.at_most.is_none_or(|most| *present <= most as usize)
                && count.at_least.is_none_or(|least| *present >= least as usize)
        })
    }
}

/// Each application's worth to the objective, cut to cents, summed.
fn value(applications: &[Application], grants: &[Money]) -> Money {
    let worth = |(a, grant): (&Application, &Money)| Rounding::Down.cents(a.weight.of(*grant));
    applications.iter().zip(grants).map(worth).sum()
}

/// Grants after pools, in canonical order of applications (S15); an application a refusing pool has no room for is not made.
fn share_pools(applications: &[Application], assessments: &mut [Option<Assessment>]) -> Vec<Money> {
    let mut left: BTreeMap<(&PoolId, Option<&CompanyId>), Money> = BTreeMap::new();
    let mut grants = vec![Money::ZERO; applications.len()];
    for (a, application) in applications.iter().enumerate() {
        let Some(assessment) = &assessments[a] else { continue };
        let mut grant = assessment.grant;
        for share in &application.pools {
            let room = *left.entry((&share.pool, share.company.as_ref())).or_insert(share.available);
            if grant > room {
                grant = if share.in_part { room } else { Money::ZERO };
            }
        }
        for share in &application.pools {
            if let Some(room) = left.get_mut(&(&share.pool, share.company.as_ref())) {
                *room -= grant;
            }
        }
        if grant.is_zero() {
            assessments[a] = None;
        }
        grants[a] = grant;
    }
    grants
}
