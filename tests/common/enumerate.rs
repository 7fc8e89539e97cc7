//! Full enumeration of the plans of a tiny portfolio, in exact arithmetic: the oracle.
//!
//! It shares `eligibility` and `assess` (the authority's arithmetic, S7) with the engine and nothing else: every claim of every line, cent by cent under
//! `any_part`, all or nothing under `whole`, is tried, and the rules that join applications (S6, S15, counts over a company) are
//! applied here once more.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;

use grantfolio::assess::{Assessment, assess, things_present};
use grantfolio::eligibility::Application;
use grantfolio::ids::ExpenseId;
use grantfolio::measure::Claim;
use grantfolio::money::Money;
use grantfolio::rounding::Rounding;

/// The largest objective any plan reaches.
pub fn best(applications: &[Application]) -> Money {
    let mut expenses: Vec<&ExpenseId> =
        applications.iter().flat_map(|a| a.lines.iter().map(|l| &l.expense)).collect();
    expenses.sort();
    expenses.dedup();
    // What can become of each expense: nothing, or an amount in one line.
    let options: Vec<Vec<Option<(usize, usize, Money)>>> = expenses
        .iter()
        .map(|expense| {
            let mut options = vec![None];
            for (a, application) in applications.iter().enumerate() {
                for (l, line) in application.lines.iter().enumerate() {
                    if line.expense == **expense {
                        let least = if application.claim == Claim::Whole { line.base.cents() } else { 1 };
                        let amounts = (least..=line.base.cents()).map(Money::from_cents);
                        options.extend(amounts.map(|amount| Some((a, l, amount))));
                    }
                }
            }
            options
        })
        .collect();
    let mut oracle = Oracle {
        applications,
        options,
        claims: applications.iter().map(|a| vec![Money::ZERO; a.lines.len()]).collect(),
        memory: vec![BTreeMap::new(); applications.len()],
        best: Money::ZERO,
    };
    oracle.visit(0);
    oracle.best
}

/// The largest objective of plans that claim every expense in full or not at all.
pub fn best_of_full_claims(applications: &[Application]) -> Money {
    let whole: Vec<Application> =
        applications.iter().map(|a| Application { claim: Claim::Whole, ..a.clone() }).collect();
    best(&whole)
}

/// How many plans [`best`] would try.
pub fn plans(applications: &[Application]) -> f64 {
    let mut options: BTreeMap<&ExpenseId, f64> = BTreeMap::new();
    for application in applications {
        for line in &application.lines {
            #[allow(clippy::cast_precision_loss, reason = "a count for choosing cases")]
            let amounts = if application.claim == Claim::Whole { 1.0 } else { line.base.cents() as f64 };
            *options.entry(&line.expense).or_insert(1.0) += amounts;
        }
    }
    options.values().product()
}

struct Oracle<'a> {
    applications: &'a [Application],
    options: Vec<Vec<Option<(usize, usize, Money)>>>,
    claims: Vec<Vec<Money>>,
    memory: Vec<BTreeMap<Vec<Money>, Assessment>>,
    best: Money,
}

impl Oracle<'_> {
    fn visit(&mut self, depth: usize) {
        if depth == self.options.len() {
            if let Some(value) = self.value() {
                self.best = self.best.max(value);
            }
            return;
        }
        for at in 0..self.options[depth].len() {
            match self.options[depth][at] {
                None => self.visit(depth + 1),
                Some((a, l, amount)) => {
                    self.claims[a][l] = amount;
                    self.visit(depth + 1);
                    self.claims[a][l] = Money::ZERO;
                }
            }
        }
    }

    /// The objective of the claims at hand; none when an application of it would be refused.
    fn value(&mut self) -> Option<Money> {
        let mut value = Money::ZERO;
        let mut pools: BTreeMap<String, Money> = BTreeMap::new();
        let mut counts: BTreeMap<String, (usize, Option<u32>, Option<u32>)> = BTreeMap::new();
        for (a, application) in self.applications.iter().enumerate() {
            if self.claims[a].iter().all(|claim| claim.is_zero()) {
                continue;
            }
            let claims = &self.claims[a];
            if !self.memory[a].contains_key(claims) {
                self.memory[a].insert(claims.clone(), assess(application, claims));
            }
            let assessment = &self.memory[a][claims];
            let mut grant = assessment.grant;
            if grant.is_zero() {
                return None;
            }
            for share in &application.pools {
                let key = format!("{} {:?}", share.pool, share.company);
                let left = pools.entry(key).or_insert(share.available);
                if grant > *left && !share.in_part {
                    return None;
                }
                grant = grant.min(*left);
                *left -= grant;
            }
            if grant.is_zero() {
                return None;
            }
            for count in &application.company_counts {
                let key = format!("{} {} {}", application.company, application.measure, count.rule.id);
                let entry = counts.entry(key).or_insert((0, count.at_least, count.at_most));
                entry.0 += things_present(&count.things, &assessment.admitted);
            }
            value += Rounding::Down.cents(application.weight.of(grant));
        }
        let kept = |(present, least, most): &(usize, Option<u32>, Option<u32>)| {
            least.is_none_or(|n| *present >= n as usize) && most.is_none_or(|n| *present <= n as usize)
        };
        counts.values().all(kept).then_some(value)
    }
}
