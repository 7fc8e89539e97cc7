//! The last touch: among plans of the same value, nothing useless and nothing under-claimed without need (S6, guarantee 4).

use std::collections::BTreeSet;

use super::plan::Plan;
use super::valuer::Valuer;
use crate::eligibility::{Application, lines_by_expense};
use crate::money::Money;

/// The same value with no expense that adds nothing, and with the largest claims that give it.
///
/// `class` is a number that lines (application, line) share which no rule tells apart: of many of them with the same claims one is tried.
pub fn polish(applications: &[Application], plan: Plan, class: &dyn Fn(usize, usize) -> usize) -> Plan {
    let mut valuer = Valuer::new(applications);
    let plan = without_useless(&mut valuer, plan, class);
    with_largest_claims(&mut valuer, plan)
}

/// Takes out whole applications, then single expenses, last ids first, as long as the value does not fall.
fn without_useless(valuer: &mut Valuer<'_>, mut plan: Plan, class: &dyn Fn(usize, usize) -> usize) -> Plan {
    let applications = valuer.applications;
    for a in (0..applications.len()).rev() {
        if plan.assessment(a).is_some() {
            let mut claims = plan.all_claims(applications);
            claims[a].fill(Money::ZERO);
            plan = better_or_same(valuer, claims, &plan).unwrap_or(plan);
        }
    }
    let mut places: Vec<Vec<&[(usize, usize)]>> =
        applications.iter().map(|a| vec![[].as_slice(); a.lines.len()]).collect();
    let expenses = lines_by_expense(applications);
    for lines in &expenses {
        for (a, line) in lines {
            places[*a][*line] = lines;
        }
    }
    let mut claims = plan.all_claims(applications);
    // What an expense claims, and the line of it that the plan is worth less without.
    let mut needed: BTreeSet<(usize, Vec<(usize, Money)>)> = BTreeSet::new();
    for a in (0..applications.len()).rev() {
        for line in (0..applications[a].lines.len()).rev() {
            if !claims[a][line].is_positive() {
                continue;
            }
            let own = places[a][line].iter().map(|(b, other)| (class(*b, *other), claims[*b][*other]));
            let own = (class(a, line), own.collect());
            if needed.contains(&own) {
                continue;
            }
            let mut without = claims.clone();
            without[a][line] = Money::ZERO;
            if let Some(other) = better_or_same(valuer, without, &plan) {
                plan = other;
                claims = plan.all_claims(applications);
                needed.clear();
            } else {
                needed.insert(own);
            }
        }
    }
    plan
}

/// The plan with these claims, unless it is worse.
fn better_or_same(valuer: &mut Valuer<'_>, claims: Vec<Vec<Money>>, plan: &Plan) -> Option<Plan> {
    let other = valuer.plan(claims)?;
    (other.rank() >= plan.rank() && other.effort() <= plan.effort()).then_some(other)
}

/// Raises every claim as far as no application loses a cent of its grant.
fn with_largest_claims(valuer: &mut Valuer<'_>, plan: Plan) -> Plan {
    let applications = valuer.applications;
    let mut claims = plan.all_claims(applications);
    let mut kept = |claims: &[Vec<Money>]| {
        valuer.plan(claims.to_vec()).is_some_and(|raised| {
            raised.unmet <= plan.unmet
                && raised.granted.iter().zip(&plan.granted).all(|(new, old)| new.grant >= old.grant)
        })
    };
    // Raising one claim can make room for another: go round until nothing moves.
    loop {
        let before = claims.clone();
        for (a, application) in applications.iter().enumerate() {
            for line in 0..application.lines.len() {
                let base = application.lines[line].base;
                if claims[a][line].is_positive() && claims[a][line] < base {
                    let most = beside_other_parts(applications, &claims, (a, line));
                    if claims[a][line] < most {
                        claims[a][line] = largest(&mut claims, (a, line), most, &mut kept);
                    }
                }
            }
        }
        if claims == before {
            // The claims were kept at every step, so they make a plan.
            return Plan::of(applications, claims).unwrap_or(plan);
        }
    }
}

/// The most that a line can claim beside the parts of its expense that others claim: its base where there are none, or where the others may meet it.
fn beside_other_parts(applications: &[Application], claims: &[Vec<Money>], (a, l): (usize, usize)) -> Money {
    let application = &applications[a];
    let line = &application.lines[l];
    let (Some(net), true) = (line.divisible, application.meets.is_empty()) else { return line.base };
    let mut left = net;
    for (b, other) in applications.iter().enumerate().filter(|(b, _)| *b != a) {
        let lines = other.lines.iter().zip(&claims[b]).filter(|(of, _)| of.expense == line.expense);
        left -= lines.map(|(of, claim)| of.part(*claim)).sum::<Money>();
    }
    line.claim_of(left.max(Money::ZERO))
}

/// The largest claim of a line up to `most` that `kept` accepts, by bisection: a cent more it does not.
fn largest(
    claims: &mut [Vec<Money>],
    (a, line): (usize, usize),
    most: Money,
    kept: &mut dyn FnMut(&[Vec<Money>]) -> bool,
) -> Money {
    let start = claims[a][line];
    Money::largest(start, most, |claim| {
        claims[a][line] = claim;
        let result = kept(claims);
        claims[a][line] = start;
        result
    })
}
