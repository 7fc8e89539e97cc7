//! A plan made under one set of facts, and what it is worth under another: the applications are filed as planned, the authority decides on the
//! facts as they are.
//!
//! What was claimed in full is claimed in full again, whatever it costs now; of what was claimed in part the same amount is claimed, as far as it goes.
//! What the rules no longer take, or no longer let stand together, brings nothing.

use std::collections::BTreeMap;

use super::solved::choices;
use crate::eligibility::Application;
use crate::ids::{ExpenseId, ItemId, MeasureId, ProjectId};
use crate::money::Money;
use crate::settle::Plan;

/// What is claimed of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Claimed {
    InFull,
    Amount(Money),
}

/// What a plan claims, application by application.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claims(BTreeMap<Named, BTreeMap<(ExpenseId, ItemId), Claimed>>);

/// What names an application: project, measure, and what is chosen.
type Named = (ProjectId, MeasureId, String);

impl Claims {
    /// Remembers what a plan claims.
    pub(super) fn of(applications: &[Application], plan: &Plan) -> Claims {
        let mut claims = Claims::default();
        for (at, application) in applications.iter().enumerate() {
            let Some(assessment) = plan.assessment(at) else { continue };
            let lines = application.lines.iter().zip(&assessment.claims);
            let claimed = lines.filter(|(_, claim)| claim.is_positive()).map(|(line, claim)| {
                let claimed = if *claim == line.base { Claimed::InFull } else { Claimed::Amount(*claim) };
                ((line.expense.clone(), line.item.clone()), claimed)
            });
            claims.0.insert(named(application), claimed.collect());
        }
        claims
    }

    /// What it is worth to the objective with these applications, of which `plan` is the best plan: what that is worth, where both claim the same.
    pub(super) fn worth_beside(&self, applications: &[Application], plan: &Plan) -> Money {
        let claims = self.on_all(applications);
        if claims == plan.all_claims(applications) { plan.value } else { worth(applications, claims) }
    }

    /// What the plan is worth to the objective with these applications.
    pub(super) fn worth(&self, applications: &[Application]) -> Money {
        worth(applications, self.on_all(applications))
    }

    fn on_all(&self, applications: &[Application]) -> Vec<Vec<Money>> {
        applications.iter().map(|application| self.on(application)).collect()
    }

    fn on(&self, application: &Application) -> Vec<Money> {
        let claimed = self.0.get(&named(application));
        let claim = |line: &crate::eligibility::Line| match claimed
            .and_then(|claimed| claimed.get(&(line.expense.clone(), line.item.clone())))
        {
            Some(Claimed::InFull) => line.base,
            Some(Claimed::Amount(amount)) => (*amount).min(line.base),
            None => Money::ZERO,
        };
        application.lines.iter().map(claim).collect()
    }
}

/// What a plan that asks for these claims is worth to the objective.
fn worth(applications: &[Application], claims: Vec<Vec<Money>>) -> Money {
    let whole = Plan::of(applications, claims.clone());
    let plan = whole.or_else(|| {
        // Together they break a rule: in their order, each stands beside those before it or is not filed.
        let mut kept: Vec<Vec<Money>> =
            applications.iter().map(|application| vec![Money::ZERO; application.lines.len()]).collect();
        let mut best = None;
        for (at, own) in claims.into_iter().enumerate() {
            if own.iter().all(|claim| claim.is_zero()) {
                continue;
            }
            let before = std::mem::replace(&mut kept[at], own);
            match Plan::of(applications, kept.clone()) {
                Some(plan) => best = Some(plan),
                None => kept[at] = before,
            }
        }
        best
    });
    plan.map_or(Money::ZERO, |plan| plan.value)
}

fn named(application: &Application) -> Named {
    let picks = application.variant.picks.iter().map(|pick| (pick.key(), pick.option.clone()));
    (application.project.clone(), application.measure.clone(), choices(picks))
}

impl<'c> FromIterator<&'c Claims> for Claims {
    fn from_iter<I: IntoIterator<Item = &'c Claims>>(parts: I) -> Claims {
        Claims(parts.into_iter().flat_map(|part| part.0.clone()).collect())
    }
}
