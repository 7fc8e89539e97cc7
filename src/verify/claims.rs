//! What holds between claims and the plan as a whole: counts over a company's applications, and that claims are the largest that
//! give the published grants (S6).

use std::collections::BTreeSet;

use super::counts;
use super::cumulation;
use super::draws::{self, Asking};
use super::findings::{Findings, cited};
use super::made::Made;
use super::plan::Plan;
use crate::ids::CompanyId;
use crate::measure::{Claim, Count, Measure};
use crate::money::Money;

/// Counts over all applications of a company to a measure hold.
pub(super) fn check_company_counts(plan: &Plan<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for made in &plan.made {
        let (company, measure) = subject(made);
        let mut counts = measure.counts.iter().filter(|count| counts::over_company(count)).peekable();
        if counts.peek().is_none() || !told.insert((company, &measure.id)) {
            continue;
        }
        for count in counts {
            let number = number(plan, made, count, None);
            if !counts::holds(count, number) {
                let found = format!("{number} for company '{company}'");
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

/// Under `claim = "whole"` the base is claimed, or what other aid leaves of it (S13).
pub(super) fn check_whole(plan: &Plan<'_>, findings: &mut Findings) {
    let whole = |made: &&Made<'_>| made.application.case.measure.claim == Claim::Whole;
    for made in plan.made.iter().filter(whole) {
        for (line, claim) in made.claims.iter().enumerate() {
            let base = made.granted.left(line, made.application.lines[line].base);
            if *claim < base {
                findings.note("S6", &made.paths[line], claim.to_string(), base.to_string());
            }
        }
    }
}

/// Where less than the base is claimed, a cent more must cost a grant or break a rule; else the claim is not the largest.
pub(super) fn check_largest(plan: &Plan<'_>, findings: &mut Findings) {
    for (index, made) in plan.made.iter().enumerate() {
        for (line, claim) in made.claims.iter().enumerate() {
            if *claim >= made.application.lines[line].base {
                continue;
            }
            let mut raised = made.claims.clone();
            raised[line] += Money::CENT;
            let Ok(assessed) = made.application.assess(&raised) else { continue };
            let mut asking = plan.asking();
            asking[index] = Asking { claims: &raised, assessed: Some(&assessed), ..made.asking() };
            if !cumulation::may_stand(&asking, made.application.lines[line].expense) {
                continue;
            }
            let settled = draws::settle(&asking);
            let after = plan.made.iter().zip(&settled.granted);
            let costs = after.into_iter().any(|(made, granted)| granted.grant() < made.grant);
            let above = settled.granted.iter().any(|granted| granted.above().next().is_some());
            let fits = settled.refused.is_empty() && !above;
            if fits && !costs && keeps_counts(plan, index, &assessed.admitted) {
                let expected = "a larger claim, for it costs no grant";
                findings.note("S6", &made.paths[line], claim.to_string(), expected);
            }
        }
    }
}

fn subject<'a>(made: &Made<'a>) -> (&'a CompanyId, &'a Measure) {
    (&made.application.case.facts.company.id, made.application.case.measure)
}

/// Whether counts over a company hold when one application has other amounts admitted.
fn keeps_counts(plan: &Plan<'_>, changed: usize, admitted: &[Money]) -> bool {
    let made = &plan.made[changed];
    let counts = subject(made).1.counts.iter().filter(|count| counts::over_company(count));
    counts.into_iter().all(|count| counts::holds(count, number(plan, made, count, Some((changed, admitted)))))
}

/// How many a company has over its applications to the measure of `of`, maybe with other amounts admitted in one of them.
fn number(plan: &Plan<'_>, of: &Made<'_>, count: &Count, changed: Option<(usize, &[Money])>) -> usize {
    let (company, measure) = subject(of);
    let same = |made: &Made<'_>| *subject(made).0 == *company && subject(made).1.id == measure.id;
    let in_application = |(index, made): (usize, &Made<'_>)| {
        let admitted = match (changed, &made.assessed) {
            (Some((at, admitted)), _) if at == index => admitted,
            (_, Ok(assessed)) => &assessed.admitted,
            (_, Err(_)) => return 0,
        };
        counts::number(count, &made.application, admitted)
    };
    plan.made.iter().enumerate().filter(|(_, made)| same(made)).map(in_application).sum()
}
