//! From a plan to the published document.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::allocation::{
    Application as Published, Assignment, ComponentAmount, DerivedAmount, Document, DoubtNote, Evidence,
    ExpenseOutcome, FORMAT, Solver, Totals,
};
use crate::assess::{Assessment, aid_weights};
use crate::eligibility::{Application, Eligibility};
use crate::explain::{Places, reasons};
use crate::ids::{CompanyId, ExpenseId, PoolId};
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::rate::Rate;
use crate::rounding::{Rounding, apportion};
use crate::settle::Plan;

type PoolKey = (PoolId, Option<CompanyId>);

/// The document of a plan for the applications found.
pub(super) fn document(
    portfolio: &Portfolio,
    measures: &[Measure],
    found: &Eligibility,
    plan: &Plan,
    evidence: &Evidence,
    backend: &str,
) -> Document {
    let (status, proof) = Document::verdict(plan.value, evidence);
    let evidence = evidence.decisive(plan.value);
    let upper_bound = evidence.certified_bound.into_iter().chain(evidence.searched_optimum).min();
    let made = || {
        let applications = found.applications.iter().zip(&plan.assessments).zip(&plan.grants);
        applications.filter_map(|((a, assessment), grant)| assessment.as_ref().map(|s| (a, s, *grant)))
    };
    let full = full_pools(&found.applications, &plan.grants);
    let places = Places::of(&found.applications);
    // The grant of each application, shared over its entries; nothing where it is not made.
    let aid: Vec<Vec<Money>> = (found.applications.iter().zip(&plan.assessments).zip(&plan.grants))
        .map(|((application, assessment), grant)| {
            let weights = assessment.as_ref().map(|s| aid_weights(application, &s.admitted));
            weights.map_or_else(Vec::new, |weights| apportion(*grant, &weights))
        })
        .collect();
    let applications: Vec<Published> = made().map(|(a, s, grant)| published(a, s, grant, &full)).collect();
    let totals = Totals {
        grant: applications.iter().map(|a| a.grant).sum(),
        loan: Money::ZERO,
        esl: Money::ZERO,
        admitted: applications.iter().map(|a| a.admitted).sum(),
        net: applications.iter().map(|a| a.net).sum(),
    };
    let mut assumptions: Vec<_> = made()
        .flat_map(|(a, s, _)| {
            let claimed = a.lines.iter().zip(&s.claims).filter(|(_, claim)| claim.is_positive());
            a.assumptions.iter().chain(claimed.flat_map(|(line, _)| &line.assumptions)).cloned()
        })
        .collect();
    assumptions.sort();
    assumptions.dedup();
    Document {
        format: FORMAT,
        status,
        proof,
        maximised: portfolio.settings.objective.name().to_owned(),
        objective: plan.value,
        upper_bound,
        gap: upper_bound.map(|bound| bound - plan.value),
        as_of: portfolio.settings.as_of,
        totals,
        expenses: portfolio.expenses.iter().map(|e| outcome(found, plan, &places, &aid, &e.id)).collect(),
        assumptions,
        doubts: doubts(measures, &applications),
        applications,
        evidence,
        solver: Solver { version: env!("CARGO_PKG_VERSION").to_owned(), backend: backend.to_owned() },
    }
}

/// Pools that the plan uses up, each with the company it is for where it is one for each.
fn full_pools(applications: &[Application], grants: &[Money]) -> BTreeSet<PoolKey> {
    let mut left: BTreeMap<PoolKey, Money> = BTreeMap::new();
    for (application, grant) in applications.iter().zip(grants) {
        for share in &application.pools {
            *left.entry((share.pool.clone(), share.company.clone())).or_insert(share.available) -= *grant;
        }
    }
    left.into_iter().filter(|(_, left)| left.is_zero()).map(|(key, _)| key).collect()
}

fn published(
    application: &Application,
    assessment: &Assessment,
    grant: Money,
    full: &BTreeSet<PoolKey>,
) -> Published {
    let aid = apportion(grant, &aid_weights(application, &assessment.admitted));
    let lines = application.lines.len();
    let derived = application.derived.iter().enumerate().map(|(at, derived)| DerivedAmount {
        item: derived.item.clone(),
        amount: assessment.admitted[lines + at],
        aid: aid[lines + at],
    });
    let components = application.components.iter().zip(apportion(grant, &assessment.components));
    let mut limits_binding = assessment.binding.clone();
    let pools = application.pools.iter();
    let used_up = pools.filter(|share| full.contains(&(share.pool.clone(), share.company.clone())));
    limits_binding.extend(used_up.map(|share| share.rule.id.clone()));
    let kept = Rate::new(Decimal::ONE - application.withholding.value()).unwrap_or_default();
    Published {
        project: application.project.clone(),
        company: application.company.clone(),
        measure: application.measure.clone(),
        filed_on: application.filed_on,
        granted_on: application.granted_on,
        hypothetical: application.hypothetical,
        choices: application.variant.picks.iter().map(|p| (p.key(), p.option.clone())).collect(),
        admitted: assessment.admitted_total(),
        derived: derived.filter(|d| d.amount.is_positive()).collect(),
        grant,
        loan: Money::ZERO,
        esl: Money::ZERO,
        aid: components
            .map(|(c, amount)| ComponentAmount { component: c.rule.id.clone(), amount })
            .filter(|c| c.amount.is_positive())
            .collect(),
        net: Rounding::Down.cents(kept.of(grant)),
        members: Vec::new(),
        draws: Vec::new(),
        limits_binding,
    }
}

fn outcome(
    found: &Eligibility,
    plan: &Plan,
    places: &Places<'_>,
    aid: &[Vec<Money>],
    expense: &ExpenseId,
) -> ExpenseOutcome {
    let assignment = |(a, l): (usize, usize)| {
        let (application, assessment) = (&found.applications[a], plan.assessments[a].as_ref()?);
        Some(Assignment {
            measure: application.measure.clone(),
            cost_item: application.lines[l].item.clone(),
            claimed: assessment.claims[l],
            admitted: assessment.admitted[l],
            aid: aid[a][l],
        })
    };
    ExpenseOutcome {
        expense: expense.clone(),
        assignments: places.claimed(plan, expense).into_iter().filter_map(assignment).collect(),
        reasons: reasons(found, places, plan, expense),
    }
}

/// Every doubt of the measures applied to.
fn doubts(measures: &[Measure], applications: &[Published]) -> Vec<DoubtNote> {
    let mut notes: Vec<DoubtNote> = Vec::new();
    for measure in measures.iter().filter(|m| applications.iter().any(|a| a.measure == m.id)) {
        let of_rules = measure.rules().filter_map(|r| r.doubt.as_ref().map(|d| (Some(r.id.clone()), d)));
        let of_measure = measure.doubts.iter().map(|doubt| (None, doubt));
        notes.extend(of_rules.chain(of_measure).map(|(rule, doubt)| DoubtNote {
            measure: measure.id.clone(),
            rule,
            why: doubt.why.clone(),
            alternatives: doubt.alternatives.clone(),
        }));
    }
    notes.sort();
    notes.dedup();
    notes
}
