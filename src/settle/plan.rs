//! A plan: claims with what the authority makes of them, and the rules that join applications.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::grants::{Granted, grant_all};
use crate::assess::{Assessment, assess, things_present};
use crate::eligibility::{Application, Claimed, CompanyCount, may_stand};
use crate::ids::{CompanyId, ExpenseId, MeasureId, ProjectId, RuleId};
use crate::money::Money;
use crate::rounding::Rounding;

/// A valid plan for some applications.
///
/// Invariants: every expense has a claim in one line, in parts of it that lie side by side, or in lines of applications that may meet on it; every application with a claim is
/// granted something; of the variants of one application one at most is made; counts over a company hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What becomes of each application.
    pub granted: Vec<Granted>,
    /// Decisions in force that it leaves unmet, as far as applications and lines know of them.
    pub unmet: usize,
    /// The objective: the sum of weight x grant, each cut to cents.
    pub value: Money,
}

impl Plan {
    /// The plan that makes no application.
    pub fn empty(applications: &[Application]) -> Plan {
        let granted = vec![Granted::default(); applications.len()];
        Plan { unmet: unmet(applications, &granted), granted, value: Money::ZERO }
    }

    /// The plan with these claims. Applications that the authority would reject, that would get nothing, or
    /// that a refusing pool has no room for are not made.
    ///
    /// None where an expense is claimed twice that may not be, or further than its amount, two applications exclude each other, or a count over a company does not hold.
    pub fn of(applications: &[Application], claims: Vec<Vec<Money>>) -> Option<Plan> {
        Plan::valued(applications, claims, &mut |a, claims| Arc::new(assess(&applications[a], claims)))
    }

    /// The same, with the authority's arithmetic by the number of an application.
    pub(super) fn valued(
        applications: &[Application],
        claims: Vec<Vec<Money>>,
        assess: &mut dyn FnMut(usize, &[Money]) -> Arc<Assessment>,
    ) -> Option<Plan> {
        let granted = grant_all(applications, claims, assess);
        let grants = granted.iter().map(|granted| granted.grant);
        let plan = Plan { value: value(applications, grants), unmet: unmet(applications, &granted), granted };
        (plan.expenses_may_meet(applications)
            && plan.applications_may_stand(applications)
            && plan.company_counts_hold(applications))
        .then_some(plan)
    }

    /// What plans are compared by: decisions kept first, then value.
    pub fn rank(&self) -> (std::cmp::Reverse<usize>, Money) {
        (std::cmp::Reverse(self.unmet), self.value)
    }

    /// The assessment of an application that is made.
    pub fn assessment(&self, application: usize) -> Option<&Assessment> {
        self.granted[application].assessment.as_deref()
    }

    /// The claims of the application at this place, all zero where it is not made.
    pub fn claims(&self, application: &Application, at: usize) -> Vec<Money> {
        match self.assessment(at) {
            Some(assessment) => assessment.claims.clone(),
            None => vec![Money::ZERO; application.lines.len()],
        }
    }

    /// Every application's claims.
    pub fn all_claims(&self, applications: &[Application]) -> Vec<Vec<Money>> {
        applications.iter().enumerate().map(|(at, application)| self.claims(application, at)).collect()
    }

    /// Applications made, then lines claimed: what ties are broken by, fewest first.
    pub fn effort(&self) -> (usize, usize) {
        let made = self.granted.iter().filter_map(|granted| granted.assessment.as_ref());
        let lines = made.clone().map(|a| a.claims.iter().filter(|c| c.is_positive()).count()).sum();
        (made.count(), lines)
    }

    fn expenses_may_meet(&self, applications: &[Application]) -> bool {
        let lines = self.granted.iter().filter_map(|granted| Some(granted.assessment.as_ref()?.claims.len()));
        let mut seen: Vec<(&ExpenseId, Claimed)> = Vec::with_capacity(lines.sum());
        for (a, application) in applications.iter().enumerate() {
            let Some(assessment) = self.assessment(a) else { continue };
            let claims = application.lines.iter().zip(&assessment.claims).enumerate();
            let claims = claims.filter(|(_, (_, claim))| claim.is_positive());
            seen.extend(claims.map(|(l, (line, claim))| (&line.expense, (a, l, *claim))));
        }
        seen.sort_unstable();
        // Few expenses have more than one claim.
        seen.chunk_by(|a, b| a.0 == b.0).filter(|of_expense| of_expense.len() > 1).all(|of_expense| {
            let claims: Vec<Claimed> = of_expense.iter().map(|(_, claimed)| *claimed).collect();
            may_stand(applications, &claims)
        })
    }

    fn applications_may_stand(&self, applications: &[Application]) -> bool {
        let made: Vec<&Application> = (0..applications.len())
            .filter(|a| self.assessment(*a).is_some())
            .map(|a| &applications[a])
            .collect();
        // Variants of one application stand side by side in canonical order.
        let variants = made
            .windows(2)
            .any(|pair| pair[0].project == pair[1].project && pair[0].measure == pair[1].measure);
        let excluded = |application: &&Application| {
            !application.excludes.is_empty() && made.iter().any(|other| application.excludes(other))
        };
        !variants && !made.iter().any(excluded)
    }

    fn company_counts_hold(&self, applications: &[Application]) -> bool {
        let mut counted: BTreeMap<(&CompanyId, &MeasureId, &RuleId), (&CompanyCount, usize)> =
            BTreeMap::new();
        for (a, application) in applications.iter().enumerate() {
            let Some(assessment) = self.assessment(a) else { continue };
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
fn value(applications: &[Application], grants: impl Iterator<Item = Money>) -> Money {
    let worth = |(a, grant): (&Application, Money)| Rounding::Down.cents(a.weight.of(grant));
    applications.iter().zip(grants).map(worth).sum()
}

/// Applications and expenses that decisions in force want and the plan has not.
fn unmet(applications: &[Application], granted: &[Granted]) -> usize {
    let mut wanted: BTreeMap<(&ProjectId, &MeasureId, Option<&ExpenseId>), bool> = BTreeMap::new();
    for (application, granted) in applications.iter().zip(granted) {
        let (project, measure) = (&application.project, &application.measure);
        if application.forced {
            *wanted.entry((project, measure, None)).or_default() |= granted.assessment.is_some();
        }
        for (line, data) in application.lines.iter().enumerate().filter(|(_, line)| line.forced) {
            let claimed = granted.assessment.as_ref().is_some_and(|a| a.admitted[line].is_positive());
            *wanted.entry((project, measure, Some(&data.expense))).or_default() |= claimed;
        }
    }
    wanted.values().filter(|met| !**met).count()
}
