//! Which decisions need a binary: the fewer there are, the nearer the linear relaxation is to the truth.
//!
//! - an application, where it has variants or excludes others, or a rule fails when nothing is admitted (so "apply or not" is a decision) or counts applications;
//! - a line, where its expense has another line (in the same application, if it may go in parts to several that cannot meet), it is claimed whole or not at all, or a count counts its expense;
//! - a lot, where a rule per lot fails when nothing of it is admitted, or a count counts it.
//!
//! Everywhere else the amounts alone decide: what is admitted at zero is not claimed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::parts::Divided;
use super::{beside, company_count};
use crate::eligibility::{Application, Payout, Term};
use crate::ids::ExpenseId;
use crate::measure::{Bound, Claim, Effect};

/// The binaries of one application.
pub(super) struct Needs {
    /// Whether it is made.
    pub(super) apply: bool,
    /// By lot.
    pub(super) lots: Vec<bool>,
    /// By line.
    pub(super) claims: Vec<bool>,
}

/// What each application needs.
pub(super) fn needs(applications: &[Application], divided: &BTreeMap<&ExpenseId, Divided>) -> Vec<Needs> {
    let mut places: BTreeMap<&ExpenseId, usize> = BTreeMap::new();
    for line in applications.iter().flat_map(|application| &application.lines) {
        *places.entry(&line.expense).or_default() += 1;
    }
    (0..applications.len())
        .map(|at| {
            let several = |expense: &ExpenseId| match divided.get(expense) {
                // Amounts alone divide it, unless applications may meet on it, or one has several lines for it.
                Some(Divided { meets: false, .. }) => {
                    applications[at].lines.iter().filter(|line| line.expense == *expense).count() > 1
                }
                _ => places.get(expense).is_some_and(|count| *count > 1),
            };
            of(applications, at, several)
        })
        .collect()
}

fn of(applications: &[Application], at: usize, several: impl Fn(&ExpenseId) -> bool) -> Needs {
    let application = &applications[at];
    let lines = &application.lines;
    let whole = application.claim == Claim::Whole;
    let mut needs = Needs {
        apply: false,
        lots: vec![false; application.lots.len()],
        claims: lines.iter().map(|line| whole || several(&line.expense)).collect(),
    };
    for limit in &application.cost_limits {
        if limit.effect != Effect::Trim && fails_at_zero(&limit.terms, limit.bound) {
            match limit.lot {
                Some(lot) => needs.lots[lot] = true,
                None => needs.apply |= limit.effect == Effect::Reject,
            }
        }
    }
    for limit in &application.aid_limits {
        if limit.effect != Effect::Trim && fails_at_zero(&limit.terms, limit.bound) {
            match limit.lot {
                Some(lot) => needs.lots[lot] = true,
                None => needs.apply = true,
            }
        }
    }
    for component in &application.components {
        if let Payout::Steps(steps) = &component.payout {
            needs.apply |= steps.first().is_some_and(|(from, _)| !from.is_positive());
        }
    }
    needs.apply |= beside::is_tied(applications, at);
    for count in &application.counts {
        needs.apply |= count.at_least.is_some_and(|least| least > 0);
        if count.at_least.is_some() || count.at_most.is_some_and(|most| count.things.len() > most as usize) {
            count.things.iter().for_each(|thing| counted(application, thing, &mut needs));
        }
    }
    for count in company_count::live(applications, at) {
        if company_count::is_application(application, count) {
            needs.apply = true;
        } else {
            needs.apply |= count.at_least.is_some();
            count.things.iter().for_each(|thing| counted(application, thing, &mut needs));
        }
    }
    needs
}

/// Whether a limit on sums that are all zero does not hold.
pub(super) fn fails_at_zero(terms: &[Term], bound: Bound) -> bool {
    terms.iter().any(|term| match bound {
        Bound::AtMost => term.euro < Decimal::ZERO,
        Bound::AtLeast => term.euro > Decimal::ZERO,
    })
}

/// How the model sees that something of a thing is admitted.
pub(super) enum Presence {
    /// Its lines are of one expense: at most one of them is claimed.
    Claims,
    /// Its lines are those of a lot.
    Lot(usize),
    /// A helper says so.
    Helper,
}

/// How a thing that is counted shows.
pub(super) fn presence(application: &Application, thing: &[usize]) -> Presence {
    let lines = &application.lines;
    let Some(first) = thing.first() else { return Presence::Claims };
    if thing.iter().all(|line| lines[*line].expense == lines[*first].expense) {
        return Presence::Claims;
    }
    let lot = lines[*first].lot;
    let of_lot = lines.iter().filter(|line| line.lot == lot).count();
    if of_lot == thing.len() && thing.iter().all(|line| lines[*line].lot == lot) {
        return Presence::Lot(lot);
    }
    Presence::Helper
}

fn counted(application: &Application, thing: &[usize], needs: &mut Needs) {
    match presence(application, thing) {
        Presence::Claims => thing.iter().for_each(|line| needs.claims[*line] = true),
        Presence::Lot(lot) => needs.lots[lot] = true,
        Presence::Helper => {}
    }
}
