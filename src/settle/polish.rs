//! The last touch: among plans of the same value, nothing useless and nothing under-claimed without need (S6, guarantee 4).

use super::plan::Plan;
use crate::assess::assess;
use crate::eligibility::Application;
use crate::measure::Claim;
use crate::money::Money;

/// The same value with no expense that adds nothing, and with the largest claims that give it.
pub fn polish(applications: &[Application], plan: Plan) -> Plan {
    let plan = without_useless(applications, plan);
    with_largest_claims(applications, plan)
}

/// Takes out whole applications, then single expenses, last ids first, as long as the value does not fall.
fn without_useless(applications: &[Application], mut plan: Plan) -> Plan {
    for a in (0..applications.len()).rev() {
        if plan.assessments[a].is_some() {
            let mut claims = plan.all_claims(applications);
            claims[a].fill(Money::ZERO);
            plan = better_or_same(applications, claims, plan);
        }
    }
    for a in (0..applications.len()).rev() {
        for line in (0..applications[a].lines.len()).rev() {
            let mut claims = plan.all_claims(applications);
            if claims[a][line].is_positive() {
                claims[a][line] = Money::ZERO;
                plan = better_or_same(applications, claims, plan);
            }
        }
    }
    plan
}

fn better_or_same(applications: &[Application], claims: Vec<Vec<Money>>, plan: Plan) -> Plan {
    match Plan::of(applications, claims) {
        Some(other) if other.value >= plan.value && other.effort() <= plan.effort() => other,
        _ => plan,
    }
}

/// Raises every claim as far as the application's grant stays what it is.
fn with_largest_claims(applications: &[Application], mut plan: Plan) -> Plan {
    for (a, application) in applications.iter().enumerate() {
        let Some(assessment) = &plan.assessments[a] else { continue };
        if application.claim == Claim::Whole {
            continue;
        }
        let mut claims = assessment.claims.clone();
        let same = |claims: &[Money]| assess(application, claims).grant == assessment.grant;
        // Raising one claim can make room for another: go round until nothing moves.
        loop {
            let before = claims.clone();
            for line in 0..claims.len() {
                if claims[line].is_positive() {
                    claims[line] = largest(&mut claims, line, application.lines[line].base, &same);
                }
            }
            if claims == before {
                break;
            }
        }
        let mut all = plan.all_claims(applications);
        all[a] = claims;
        if let Some(raised) = Plan::of(applications, all)
            && raised.value == plan.value
        {
            plan = raised;
        }
    }
    plan
}

/// The largest claim of a line up to its base at which `same` still holds, by bisection: a cent more changes the grant.
fn largest(claims: &mut [Money], line: usize, base: Money, same: &dyn Fn(&[Money]) -> bool) -> Money {
    let start = claims[line];
    let mut holds = |cents: i64| {
        claims[line] = Money::from_cents(cents);
        let result = same(claims);
        claims[line] = start;
        result
    };
    if holds(base.cents()) {
        return base;
    }
    let (mut low, mut high) = (start.cents(), base.cents());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Money::from_cents(low)
}
