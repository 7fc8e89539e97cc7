//! No dodging: where admitting, or paying, less could help, the model admits and pays what the authority would (S7).
//!
//! An entry is *resented* when a smaller amount of it could keep a rule: it stands on the wrong side of a rejecting or dropping limit, in
//! tiers or steps that fall, or in an application that a pool may refuse whole; so is what a resented derived item is taken on. Lines claimed in any
//! part need no rows: the applicant claims just what is admitted. Derived items, and lines claimed whole under a trim, do.
//!
//! Sets: resented derived items `k` under no trim that can cut; trims `i` that can cut and hold a resented entry the applicant cannot lower, `of[i]`
//! standing under no other such trim and no derived item of it being taken on trimmed entries. Variables: admitted `x[e]`, derived `d[k]`, claim
//! `z[l]`; `S[i]` what the set starts at (bases claimed whole, else what is admitted; `r[k]` on their sets for its `n[i]` derived items); binaries
//! `b[0]`, `b[t]`, one of which says what holds the sum up; `M` exact bounds; `f[t]` the value of term `t`.
//!
//! ```text
//! d[k] >= r[k] sum over e in of[k]: x[e] - 0.01
//! sum over e in of[i]: x[e] >= S[i] - 0.01 n[i] - M (1 - b[0])
//! sum over e in of[i]: x[e] >= f[t] - 0.01 - M (1 - b[t])             for every term t
//! b[0] + sum over t: b[t] >= 1
//! ```
//!
//! Of these alternatives only those are written down that can hold, and that say less than no other (see [`hold`]).
//!
//! Aid is held up in the same way by `brackets`, `fixed`, `caps` and `grant`, where [`exact_aid`] says so. Where trims of cost cross or hang on each
//! other, what the authority admits depends on the order of its passes, and the model stays a relaxation.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::draft::{CENT, Draft};
use super::draws;
use super::expression::Expression;
use super::whole::live_trims;
use crate::eligibility::{AidLimit, Application, CostLimit, Payout, Term};
use crate::measure::{Bound, Claim, Effect, Form};
use crate::program::{Family, Kind};

const FAMILY: &str = "no_dodging";

/// By application: whether a pool may refuse it and its claims cannot just be lowered until it fits.
pub(super) fn refusable(draft: &Draft<'_>) -> Vec<bool> {
    let applications = draft.applications.iter().zip(draws::can_refuse(draft));
    applications.map(|(application, refusable)| refusable && !divisible(application)).collect()
}

/// Whether any smaller grant can be had by lowering all claims in proportion.
fn divisible(application: &Application) -> bool {
    let linear = application.components.iter().all(|component| match &component.payout {
        Payout::Rate(_) | Payout::PerUnit(_) | Payout::Brackets(_) | Payout::Share { .. } => true,
        Payout::Tiers(_) | Payout::Steps(_) | Payout::Loan(_) => false,
        Payout::Fixed(amount) => amount.is_zero(),
    });
    let cost = application.cost_limits.iter().all(|limit| limit.effect == Effect::Trim);
    let aid = application.aid_limits.iter().all(|limit| limit.effect == Effect::Trim);
    let counts = application.counts.iter().all(|count| count.at_least.is_none());
    let company = application.company_counts.iter().all(|count| count.at_least.is_none());
    let free = application.claim == Claim::AnyPart && application.companions.is_empty();
    free && linear && cost && aid && counts && company
}

/// Whether components must not be understated.
pub(super) fn exact_aid(application: &Application, refusable: bool) -> bool {
    let ceiling = |l: &AidLimit| l.effect != Effect::Trim && l.bound == Bound::AtMost;
    refusable || application.aid_limits.iter().any(ceiling)
}

pub(super) fn rows(draft: &mut Draft<'_>, at: usize, refusable: bool) {
    let application = &draft.applications[at];
    let resented = resented(application, refusable);
    let trims = live_trims(draft, at);
    let trimmed = |entry: &usize| trims.iter().any(|limit| limit.of.contains(entry));
    let lines = application.lines.len();
    for (number, derived) in application.derived.iter().enumerate() {
        let entry = lines + number;
        if resented.contains(&entry) && !trimmed(&entry) {
            let name = draft.name(at, FAMILY, &[derived.item.as_str()]);
            let column = Expression::column(draft.entry(at, entry));
            let most = draft.sum(at, &derived.of) * derived.rate;
            let cut = CENT - draft.fineness(&most);
            draft.at_least(FAMILY, name, column, most - cut.into());
        }
    }
    let whole = application.claim == Claim::Whole;
    for limit in &trims {
        let held = limit.of.iter().any(|entry| resented.contains(entry) && (whole || *entry >= lines));
        if held && stands_alone(application, limit, &trims) {
            hold_cost(draft, at, limit);
        }
    }
}

/// Entries of which admitting less could keep a rule.
fn resented(application: &Application, refusable: bool) -> BTreeSet<usize> {
    if refusable {
        return (0..application.entries()).collect();
    }
    let mut resented: BTreeSet<usize> = BTreeSet::new();
    let shares = |term: &Term| -> Vec<usize> {
        let positive = term.shares.iter().filter(|(rate, _)| *rate > Decimal::ZERO);
        positive.flat_map(|(_, set)| set.iter().copied()).collect()
    };
    for limit in application.cost_limits.iter().filter(|l| l.effect != Effect::Trim) {
        match limit.bound {
            Bound::AtMost => resented.extend(&limit.of),
            Bound::AtLeast => resented.extend(limit.terms.iter().flat_map(shares)),
        }
    }
    let mut components: BTreeSet<usize> = BTreeSet::new();
    for limit in application.aid_limits.iter().filter(|l| l.effect != Effect::Trim) {
        match limit.bound {
            Bound::AtMost => components.extend(&limit.of),
            Bound::AtLeast => resented.extend(limit.terms.iter().flat_map(shares)),
        }
    }
    for limit in application.aid_limits.iter().filter(|l| l.effect == Effect::Trim) {
        // What is lent or guaranteed takes room from the grants under the same cap.
        let of = limit.of.iter().filter(|component| application.components[**component].form != Form::Grant);
        components.extend(of);
    }
    for (index, component) in application.components.iter().enumerate().rev() {
        // Shares are of earlier components: going backwards meets them after what is taken on them.
        if let (true, Payout::Share { components: earlier, .. }) =
            (components.contains(&index), &component.payout)
        {
            components.extend(earlier);
        }
        if components.contains(&index) || falls(&component.payout) {
            resented.extend(&component.of);
            if let Payout::Loan(loan) = &component.payout {
                resented.extend(loan.at_most.iter().flat_map(shares));
            }
        }
    }
    for (number, derived) in application.derived.iter().enumerate().rev() {
        if resented.contains(&(application.lines.len() + number)) {
            resented.extend(&derived.of);
        }
    }
    resented
}

/// Whether more cost can mean less aid.
fn falls(payout: &Payout) -> bool {
    match payout {
        Payout::Tiers(bands) => {
            let ends = bands.last().is_some_and(|band| band.up_to.is_some());
            ends || bands.windows(2).any(|pair| pair[1].rate < pair[0].rate)
        }
        Payout::Steps(steps) => steps.windows(2).any(|pair| pair[1].1 < pair[0].1),
        _ => false,
    }
}

/// Whether a trim ends with its sum at what its set starts at or at its tightest term, whatever the other trims do.
fn stands_alone(application: &Application, limit: &CostLimit, trims: &[&CostLimit]) -> bool {
    let others = || trims.iter().filter(|other| !std::ptr::eq(**other, limit));
    let untouched = |entry: &usize| !others().any(|other| other.of.contains(entry));
    let rising = limit.terms.iter().all(|t| t.shares.iter().all(|(rate, _)| *rate >= Decimal::ZERO));
    let steady = |entry: &usize| {
        let derived = entry.checked_sub(application.lines.len()).map(|number| &application.derived[number]);
        derived.is_none_or(|derived| {
            derived.of.iter().all(|base| {
                // A derived item on derived items would need the same of their sets.
                *base < application.lines.len() && !trims.iter().any(|trim| trim.of.contains(base))
            })
        })
    };
    rising && limit.of.iter().all(|entry| untouched(entry) && steady(entry))
}

/// The sum of a trimmed set is what it starts at or its tightest term.
fn hold_cost(draft: &mut Draft<'_>, at: usize, limit: &CostLimit) {
    let application = &draft.applications[at];
    let mut start = Expression::default();
    for entry in &limit.of {
        start += match (application.lines.get(*entry), entry.checked_sub(application.lines.len())) {
            (Some(line), _) => match (application.claim, draft.columns[at].lines[*entry].claim) {
                (Claim::Whole, Some(claim)) => Expression::column(claim) * line.base.euro(),
                _ => Expression::column(draft.entry(at, *entry)),
            },
            (None, Some(number)) => {
                let derived = &application.derived[number];
                let most = draft.sum(at, &derived.of) * derived.rate;
                let cut = CENT - draft.fineness(&most);
                most - cut.into()
            }
            (None, None) => Expression::default(),
        };
    }
    let mut floors = vec![start];
    floors.extend(limit.terms.iter().map(|term| draft.cut_term(at, term)));
    let label = draft.term_label(at, &limit.rule.id, limit.lot, 1, 0);
    let sum = draft.sum(at, &limit.of);
    hold(draft, FAMILY, at, &label, &sum, floors);
}

/// `sum` is at least one of the floors: of those that it can reach, without those that are never below another.
///
/// Where floor `k` is not the one that holds the sum up another `j` does, so that `sum - floor[k] >= floor[j] - floor[k]`: the slack of its
/// row is the least of these, or the least of `sum - floor[k]`, if that is less.
pub(super) fn hold(
    draft: &mut Draft<'_>,
    family: Family,
    at: usize,
    label: &str,
    sum: &Expression,
    floors: Vec<Expression>,
) {
    let floors = decisive(draft, sum, floors);
    let single = floors.len() == 1;
    let mut one = Expression::default();
    for (number, floor) in floors.iter().enumerate() {
        let label = format!("{label},{number}");
        let name = draft.name(at, family, &["held", &label]);
        if single {
            draft.at_least(family, name, sum.clone(), floor.clone());
            return;
        }
        let others = floors.iter().enumerate().filter(|(other, _)| *other != number);
        let above_others = others.map(|(_, other)| draft.lowest(&(other.clone() - floor.clone()))).min();
        let alone = draft.lowest(&(sum.clone() - floor.clone()));
        let slack = alone.max(above_others.unwrap_or(alone)).min(Decimal::ZERO);
        let holds = Expression::column(draft.helper(at, Kind::Binary, "holds", &label, Decimal::ONE));
        let open = (Expression::from(Decimal::ONE) - holds.clone()) * slack;
        draft.at_least(family, name, sum.clone(), floor.clone() + open);
        one += holds;
    }
    let name = draft.name(at, family, &["held", label]);
    draft.at_least(family, name, one, Decimal::ONE.into());
}

/// The floors that a sum can reach, without those that are never below another that is kept; all of them where it can reach none.
fn decisive(draft: &Draft<'_>, sum: &Expression, floors: Vec<Expression>) -> Vec<Expression> {
    let within = |floor: &Expression| draft.highest(&(sum.clone() - floor.clone())) >= Decimal::ZERO;
    if !floors.iter().any(within) {
        return floors;
    }
    let mut kept: Vec<Expression> = floors.into_iter().filter(within).collect();
    let mut at = 0;
    while at < kept.len() {
        let is_below =
            |other: &Expression| draft.lowest(&(kept[at].clone() - other.clone())) >= Decimal::ZERO;
        if kept.iter().enumerate().any(|(other, floor)| other != at && is_below(floor)) {
            kept.remove(at);
        } else {
            at += 1;
        }
    }
    kept
}
