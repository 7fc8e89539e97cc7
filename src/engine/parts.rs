//! The last touch of a large plan, part by part: what only ledgers and pools join is looked at on its own, with what the others leave there.
//!
//! The last touch values a plan for every line. Valued with all others, each of thousands of lines would cost as much as all of them together;
//! within its part it costs what the part does. The result is valued as a whole once, and stays only if it is no worse.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::groups::parts;
use crate::eligibility::{Account, Application};
use crate::money::Money;
use crate::settle::{Plan, polish};

/// Applications up to which a plan is looked at as a whole.
const MOST_TOGETHER: usize = 200;

/// [`polish`], part by part where there are very many applications.
pub(super) fn polish_by_parts(
    applications: &[Application],
    plan: Plan,
    class: &(dyn Fn(usize, usize) -> usize + Sync),
) -> Plan {
    if applications.len() <= MOST_TOGETHER {
        return polish(applications, plan, &|a, line| class(a, line));
    }
    let drawn = drawn(applications, &plan, &|_| true);
    let parts = parts(applications);
    let polished: Vec<Option<Vec<Vec<Money>>>> =
        parts.par_iter().map(|part| polished(applications, &plan, part, &drawn, class)).collect();
    let mut claims = plan.all_claims(applications);
    for (part, polished) in parts.iter().zip(polished) {
        for (a, own) in part.iter().zip(polished.into_iter().flatten()) {
            claims[*a] = own;
        }
    }
    match Plan::of(applications, claims) {
        Some(other) if other.rank() >= plan.rank() && other.effort() <= plan.effort() => other,
        _ => plan,
    }
}

/// What applications draw on each account.
fn drawn<'a>(
    applications: &'a [Application],
    plan: &Plan,
    counts: &dyn Fn(usize) -> bool,
) -> BTreeMap<&'a Account, Money> {
    let mut drawn = BTreeMap::new();
    for (a, application) in applications.iter().enumerate().filter(|(a, _)| counts(*a)) {
        for (draw, taken) in application.draws.iter().zip(&plan.granted[a].drawn) {
            *drawn.entry(&draw.account).or_insert(Money::ZERO) +=
                taken.map_or(Money::ZERO, |taken| taken.amount);
        }
    }
    drawn
}

/// The claims of a part once it is polished; none where it does not come to the same on its own (days of grants let it find more room than the
/// others leave in all, say).
fn polished(
    applications: &[Application],
    plan: &Plan,
    part: &[usize],
    all_drawn: &BTreeMap<&Account, Money>,
    class: &(dyn Fn(usize, usize) -> usize + Sync),
) -> Option<Vec<Vec<Money>>> {
    let own_drawn = drawn(applications, plan, &|a| part.binary_search(&a).is_ok());
    let mut own: Vec<Application> = part.iter().map(|a| applications[*a].clone()).collect();
    for draw in own.iter_mut().flat_map(|application| &mut application.draws) {
        let of = |drawn: &BTreeMap<&Account, Money>| drawn.get(&draw.account).copied().unwrap_or_default();
        let by_others = of(all_drawn) - of(&own_drawn);
        if by_others.is_positive() && !draw.by_claims.is_empty() {
            return None;
        }
        draw.room = (draw.room - by_others).max(Money::ZERO);
    }
    let claims = part.iter().map(|a| plan.claims(&applications[*a], *a)).collect();
    let alone = Plan::of(&own, claims)?;
    let is_same = part.iter().zip(&alone.granted).all(|(a, alone)| alone.grant == plan.granted[*a].grant);
    is_same.then(|| polish(&own, alone, &|a, line| class(part[a], line)).all_claims(&own))
}
