//! Counts over a company: at least, at most so many things over all its applications to a measure (S6).
//!
//! Sets: counts `c` of a company and measure, its applications `a`, things `t` of `a`. Variables: apply `y[a]`, presence `p[t]` as in
//! `count`; for a count of applications the one thing of `a` is `y[a]` itself.
//!
//! ```text
//! sum over a, t: p[t] <= n
//! sum over a, t: p[t] >= n y[a]                   for every a
//! sum over l of a: x[l] >= 0.01 y[a]              for every a, at least n applications
//! ```

use rust_decimal::Decimal;

use super::count::things;
use super::draft::{CENT, Draft, named};
use super::expression::Expression;
use crate::eligibility::{Application, CompanyCount};
use crate::measure::Countable;

const FAMILY: &str = "company_count";

/// Applications of the same company to the same measure that hold the count.
fn group<'a>(
    applications: &'a [Application],
    at: usize,
    count: &'a CompanyCount,
) -> impl Iterator<Item = (usize, &'a CompanyCount)> {
    let of = &applications[at];
    let same = move |a: &&Application| a.company == of.company && a.measure == of.measure;
    let held = move |a: &'a Application| a.company_counts.iter().find(|c| c.rule.id == count.rule.id);
    let all = applications.iter().enumerate().filter(move |(_, a)| same(a));
    all.filter_map(move |(at, a)| held(a).map(|count| (at, count)))
}

/// The ceiling, where the things can exceed it.
fn most(applications: &[Application], at: usize, count: &CompanyCount) -> Option<u32> {
    let things: usize = group(applications, at, count).map(|(_, count)| count.things.len()).sum();
    count.at_most.filter(|most| things > *most as usize)
}

/// Whether the thing counted is the application itself: all its lines.
pub(super) fn is_application(application: &Application, count: &CompanyCount) -> bool {
    let all = |thing: &Vec<usize>| thing.len() == application.lines.len();
    count.of == Countable::Applications && count.things.iter().any(all)
}

fn least(count: &CompanyCount) -> Option<u32> {
    count.at_least.filter(|least| *least > 0)
}

/// Counts over the company of an application that can fail.
pub(super) fn live(applications: &[Application], at: usize) -> impl Iterator<Item = &CompanyCount> {
    let can_fail = move |c: &&CompanyCount| least(c).is_some() || most(applications, at, c).is_some();
    applications[at].company_counts.iter().filter(can_fail)
}

pub(super) fn rows(draft: &mut Draft<'_>) {
    let applications = draft.applications;
    for at in 0..applications.len() {
        for count in live(applications, at) {
            let members: Vec<(usize, &CompanyCount)> = group(applications, at, count).collect();
            // The first application of a group writes its rows.
            if members.first().is_some_and(|(first, _)| *first == at) {
                rule(draft, at, count, &members);
            }
        }
    }
}

fn rule(draft: &mut Draft<'_>, at: usize, count: &CompanyCount, members: &[(usize, &CompanyCount)]) {
    let application = &draft.applications[at];
    let rule = count.rule.id.as_str();
    let label =
        |part: &str| named(FAMILY, &[application.company.as_str(), application.measure.as_str(), rule, part]);
    let least = least(count);
    let mut present = Expression::default();
    for (member, held) in members {
        if is_application(&draft.applications[*member], held) {
            present += draft.made(*member);
            if least.is_some() {
                let lines: Vec<usize> = (0..draft.columns[*member].lines.len()).collect();
                let name = draft.name(*member, FAMILY, &[rule, "present"]);
                let (admitted, made) = (draft.sum(*member, &lines), draft.made(*member));
                draft.at_least(FAMILY, name, admitted, made * CENT);
            }
        } else {
            present += things(draft, FAMILY, *member, rule, &held.things, least.is_some());
        }
    }
    if let Some(most) = most(draft.applications, at, count) {
        draft.at_most(FAMILY, label("at_most"), present.clone(), Decimal::from(most).into());
    }
    for (member, _) in members {
        if let Some(least) = least {
            let name = draft.name(*member, FAMILY, &[rule, "at_least"]);
            let needed = draft.made(*member) * Decimal::from(least);
            draft.at_least(FAMILY, name, present.clone(), needed);
        }
    }
}
