//! Admitted cost: trims to the greatest solution, then drops, then rejections (S7, S8).

use rust_decimal::Decimal;

use super::{edge, holds, is_claimed, sum, with_effect};
use crate::eligibility::{Application, CostLimit};
use crate::ids::RuleId;
use crate::measure::{Bound, Cut, Effect};
use crate::money::Money;
use crate::rounding::{Rounding, apportion};

/// What is admitted of each entry; `claims` loses what is dropped, `dropped` says by which rule.
pub(super) fn admit(
    application: &Application,
    claims: &mut [Money],
    dropped: &mut [Option<RuleId>],
) -> Vec<Money> {
    loop {
        let admitted = trimmed(application, claims);
        let Some((lines, rule)) = next_drop(application, claims, &admitted) else { return admitted };
        for line in lines {
            if claims[line].is_positive() {
                claims[line] = Money::ZERO;
                dropped[line] = Some(rule.clone());
            }
        }
    }
}

/// Trims until nothing changes. Amounts only fall and are whole cents, so this ends.
fn trimmed(application: &Application, claims: &[Money]) -> Vec<Money> {
    let mut trims: Vec<&CostLimit> =
        application.cost_limits.iter().filter(with_effect(Effect::Trim)).collect();
    // Narrow sets first, per lot before per application; the sort is stable, so file order decides the rest.
    trims.sort_by_key(|limit| (limit.width, limit.lot.is_none()));
    let mut amounts = claims.to_vec();
    for derived in &application.derived {
        amounts.push(Rounding::Down.cents(derived.rate * sum(&amounts, &derived.of).euro()));
    }
    loop {
        let mut changed = false;
        for (at, derived) in application.derived.iter().enumerate() {
            let entry = application.lines.len() + at;
            let most = Rounding::Down.cents(derived.rate * sum(&amounts, &derived.of).euro());
            if amounts[entry] > most {
                amounts[entry] = most;
                changed = true;
            }
        }
        for limit in &trims {
            let most = edge(&limit.terms, Bound::AtMost, &amounts);
            if sum(&amounts, &limit.of) > most {
                cut(application, limit, most, &mut amounts);
                changed = true;
            }
        }
        if !changed {
            return amounts;
        }
    }
}

/// Cuts the entries of a limit to `most`: lowest rate of aid first, pro rata among equals by what is still admitted.
fn cut(application: &Application, limit: &CostLimit, most: Money, amounts: &mut [Money]) {
    let mut excess = sum(amounts, &limit.of) - most;
    let mut entries: Vec<(Decimal, usize)> = limit
        .of
        .iter()
        .map(|entry| match limit.cut {
            Cut::LowestAidFirst => (application.aid_rate(*entry), *entry),
            Cut::ProRata => (Decimal::ZERO, *entry),
        })
        .collect();
    entries.sort();
    for group in entries.chunk_by(|a, b| a.0 == b.0) {
        let held: Vec<Money> = group.iter().map(|(_, entry)| amounts[*entry]).collect();
        let total: Money = held.iter().sum();
        let taken = excess.min(total);
        for ((_, entry), left) in group.iter().zip(apportion(total - taken, &held)) {
            amounts[*entry] = left;
        }
        excess -= taken;
    }
}

/// The next thing to drop: lines and the rule.
fn next_drop(
    application: &Application,
    claims: &[Money],
    admitted: &[Money],
) -> Option<(Vec<usize>, RuleId)> {
    let claimed = |entries: &[usize]| -> Vec<usize> {
        entries
            .iter()
            .copied()
            .filter(|entry| claims.get(*entry).is_some_and(|claim| claim.is_positive()))
            .collect()
    };
    for limit in application.cost_limits.iter().filter(with_effect(Effect::Drop)) {
        let lines = match limit.lot {
            Some(lot) => (0..application.lines.len()).filter(|l| application.lines[*l].lot == lot).collect(),
            None => limit.of.clone(),
        };
        let lines = claimed(&lines);
        if !lines.is_empty() && !holds(limit, admitted) {
            return Some((lines, limit.rule.id.clone()));
        }
    }
    application.companions.iter().find_map(|companion| {
        let lines = claimed(&companion.items);
        let alone = sum(admitted, &companion.with).euro() < companion.at_least;
        (!lines.is_empty() && alone).then(|| (lines, companion.rule.id.clone()))
    })
}

/// The first rule on cost or numbers that rejects the application.
pub(super) fn rejection(application: &Application, claims: &[Money], admitted: &[Money]) -> Option<RuleId> {
    if claims.iter().all(|claim| claim.is_zero()) {
        return None;
    }
    let limits = application.cost_limits.iter().filter(with_effect(Effect::Reject));
    let mut limits = limits.filter(|limit| is_claimed(application, claims, limit.lot));
    let failed = limits.find(|limit| !holds(limit, admitted)).map(|limit| &limit.rule);
    let count = || {
        application.counts.iter().find(|count| {
            let present = things_present(&count.things, admitted);
            count.at_most.is_some_and(|most| present > most as usize)
                || count.at_least.is_some_and(|least| present < least as usize)
        })
    };
    // A count over the company that one application breaks alone, no other can mend.
    let company = || {
        application.company_counts.iter().find(|count| {
            count.at_most.is_some_and(|most| things_present(&count.things, admitted) > most as usize)
        })
    };
    let failed = failed.or_else(|| count().map(|count| &count.rule));
    failed.or_else(|| company().map(|count| &count.rule)).map(|rule| rule.id.clone())
}

/// How many things (lists of entries) have something admitted.
pub fn things_present(things: &[Vec<usize>], admitted: &[Money]) -> usize {
    things.iter().filter(|thing| sum(admitted, thing).is_positive()).count()
}

/// Whether a limit on cost binds: the sum of its set equals the tightest term in whole cents.
pub fn binds(limit: &CostLimit, admitted: &[Money]) -> bool {
    sum(admitted, &limit.of) == edge(&limit.terms, limit.bound, admitted)
}

/// Limits on cost that bind: the sum of their set equals the tightest term in whole cents. A limit per lot binds only where the lot
/// has a claim.
pub(super) fn binding(application: &Application, claims: &[Money], admitted: &[Money]) -> Vec<RuleId> {
    let limits = application.cost_limits.iter().filter(|limit| is_claimed(application, claims, limit.lot));
    let binding = limits.filter(|limit| binds(limit, admitted));
    let mut rules: Vec<RuleId> = binding.map(|limit| limit.rule.id.clone()).collect();
    rules.dedup();
    rules
}
