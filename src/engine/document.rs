//! From a plan to the published document.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::allocation::{
    Application as Published, Assignment, ComponentAmount, DerivedAmount, Document, DoubtNote, DrawNote,
    Evidence, ExpenseOutcome, FORMAT, MemberShare, Solver, Totals,
};
use crate::assess::{self, Assessment, Piece, warnings};
use crate::eligibility::{Application, Component, Draw, Eligibility};
use crate::explain::{Places, reasons};
use crate::ids::CompanyId;
use crate::measure::{Form, Measure};
use crate::money::Money;
use crate::portfolio::{Expense, Portfolio};
use crate::rate::Rate;
use crate::rounding::{Rounding, apportion};
use crate::settle::{Drawn, Granted, Plan};

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
        let applications = found.applications.iter().zip(&plan.granted);
        applications.filter_map(|(a, granted)| granted.assessment.as_ref().map(|s| (a, s, granted)))
    };
    let places = Places::of(&found.applications);
    // The grant of each application, shared over its entries; nothing where it is not made.
    let aid: Vec<Vec<Money>> = (found.applications.iter().zip(&plan.granted))
        .map(|(application, granted)| {
            let mut aid = vec![Money::ZERO; application.entries()];
            for piece in granted.pieces(application) {
                aid[piece.entry] += piece.grant;
            }
            aid
        })
        .collect();
    let applications: Vec<Published> = made().map(|(a, s, granted)| published(a, s, granted)).collect();
    let totals = Totals {
        grant: applications.iter().map(|a| a.grant).sum(),
        loan: applications.iter().map(|a| a.loan).sum(),
        esl: applications.iter().map(|a| a.esl).sum(),
        admitted: applications.iter().map(|a| a.admitted).sum(),
        net: applications.iter().map(|a| a.net).sum(),
    };
    let mut assumptions: Vec<_> = made()
        .flat_map(|(a, s, _)| {
            let claimed = a.lines.iter().zip(&s.claims).filter(|(_, claim)| claim.is_positive());
            let assumed = a.assumptions.iter().chain(claimed.flat_map(|(line, _)| &line.assumptions));
            assumed.cloned().chain(warnings(a, s))
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
        expenses: portfolio.expenses.iter().map(|e| outcome(found, plan, &places, &aid, e)).collect(),
        assumptions,
        doubts: doubts(measures, &applications),
        applications,
        evidence,
        solver: Solver { version: env!("CARGO_PKG_VERSION").to_owned(), backend: backend.to_owned() },
    }
}

fn published(application: &Application, assessment: &Assessment, granted: &Granted) -> Published {
    let grant = granted.grant;
    let pieces = granted.pieces(application);
    let lines = application.lines.len();
    let derived = application.derived.iter().enumerate().map(|(at, derived)| {
        let entry = lines + at;
        let aid = pieces.iter().filter(|piece| piece.entry == entry).map(|piece| piece.grant).sum();
        DerivedAmount { item: derived.item.clone(), amount: assessment.admitted[entry], aid }
    });
    let grants = application.components.iter().zip(&assessment.components);
    let (grants, amounts): (Vec<&Component>, Vec<Money>) =
        grants.filter(|(c, _)| c.form == Form::Grant).unzip();
    let components = grants.into_iter().zip(apportion(grant, &amounts));
    let mut limits_binding = assess::binding(application, assessment);
    // What leaves an application less than it was assessed binds, and what it uses up.
    let drawn = drawn(application, granted);
    let binding = drawn.iter().filter(|(draw, taken)| binds(draw, *taken, &drawn));
    limits_binding.extend(binding.map(|(draw, _)| draw.rule.id.clone()));
    limits_binding.dedup();
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
        loan: assessment.loan,
        esl: assessment.esl,
        aid: components
            .map(|(c, amount)| ComponentAmount { component: c.rule.id.clone(), amount })
            .filter(|c| c.amount.is_positive())
            .collect(),
        net: Rounding::Down.cents(kept.of(grant)),
        members: members(application, &pieces),
        draws: draws(application, granted),
        limits_binding,
    }
}

/// What falls on each company that pays; nothing where the lead pays everything.
fn members(application: &Application, pieces: &[Piece]) -> Vec<MemberShare> {
    let mut members: BTreeMap<&CompanyId, MemberShare> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.admitted.is_positive()) {
        let nothing = || MemberShare {
            company: piece.payer.clone(),
            admitted: Money::ZERO,
            grant: Money::ZERO,
            esl: Money::ZERO,
        };
        let share = members.entry(&piece.payer).or_insert_with(nothing);
        share.admitted += piece.admitted;
        share.grant += piece.grant;
        share.esl += piece.esl;
    }
    if members.keys().all(|company| **company == application.company) {
        return Vec::new();
    }
    members.into_values().collect()
}

/// The draws that ask for something.
fn drawn<'a>(application: &'a Application, granted: &'a Granted) -> Vec<(&'a Draw, Drawn)> {
    let drawn = application.draws.iter().zip(&granted.drawn);
    drawn.filter_map(|(draw, drawn)| Some((draw, (*drawn)?))).filter(|(_, d)| d.asked.is_positive()).collect()
}

/// Whether the application uses up the account, with all its draws on it.
fn binds(draw: &Draw, taken: Drawn, all: &[(&Draw, Drawn)]) -> bool {
    let same = all.iter().filter(|(other, _)| other.account == draw.account);
    same.map(|(_, drawn)| drawn.amount).sum::<Money>() >= taken.room
}

fn draws(application: &Application, granted: &Granted) -> Vec<DrawNote> {
    let drawn = drawn(application, granted);
    let note = |(draw, taken): &(&Draw, Drawn)| DrawNote {
        rule: draw.rule.id.clone(),
        account: draw.account.name().to_owned(),
        holder: draw.account.holder().map(str::to_owned),
        room: taken.room,
        amount: taken.amount,
        freed_on: draw.freed_on.filter(|_| binds(draw, *taken, &drawn)),
    };
    drawn.iter().filter(|(_, taken)| taken.amount.is_positive()).map(note).collect()
}

fn outcome(
    found: &Eligibility,
    plan: &Plan,
    places: &Places<'_>,
    aid: &[Vec<Money>],
    expense: &Expense,
) -> ExpenseOutcome {
    let assignment = |(a, l): (usize, usize)| {
        let (application, assessment) = (&found.applications[a], plan.assessment(a)?);
        Some(Assignment {
            measure: application.measure.clone(),
            cost_item: application.lines[l].item.clone(),
            claimed: assessment.claims[l],
            admitted: assessment.admitted[l],
            aid: aid[a][l],
        })
    };
    ExpenseOutcome {
        expense: expense.id.clone(),
        assignments: places.claimed(plan, &expense.id).into_iter().filter_map(assignment).collect(),
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
