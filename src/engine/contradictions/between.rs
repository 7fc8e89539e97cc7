//! The rule between two decisions in force of which each could be kept without the other.
//!
//! A decision is looked at through the applications that could keep it, each with the lines it wants one of. Two decisions exclude each other where
//! every application for the one stands against every one for the other; the first rule found is named.

use std::collections::BTreeSet;

use crate::allocation::builtin;
use crate::eligibility::{Application, forbidding, lets_meet};
use crate::ids::{ExpenseId, MeasureId, RuleId};
use crate::measure::{Claim, Measure};
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::settle::Plan;

/// An application that could keep a decision, and the lines of which it wants one.
pub(super) type Possible<'a> = (&'a Application, Vec<usize>);

/// A rule and why it stands between.
pub(super) struct Between {
    pub(super) measure: MeasureId,
    pub(super) rule: RuleId,
    pub(super) why: String,
}

impl Between {
    fn of(measure: &MeasureId, rule: &RuleId, why: impl Into<String>) -> Between {
        Between { measure: measure.clone(), rule: rule.clone(), why: why.into() }
    }
}

/// The rule between two decisions; none where some application for the one goes with some application for the other.
pub(super) fn between(
    portfolio: &Portfolio,
    measures: &[Measure],
    one: &[Possible<'_>],
    other: &[Possible<'_>],
) -> Option<Between> {
    let mut first = None;
    for one in one {
        for other in other {
            let rule = against(portfolio, measures, one, other)?;
            first.get_or_insert(rule);
        }
    }
    first
}

fn against(
    portfolio: &Portfolio,
    measures: &[Measure],
    one: &Possible<'_>,
    other: &Possible<'_>,
) -> Option<Between> {
    let ((a, of_a), (b, of_b)) = (one, other);
    if a.project == b.project && a.measure == b.measure {
        return if a.variant == b.variant { within(a, of_a, of_b) } else { unlike_options(a, b) };
    }
    if a.excludes(b) {
        let (measure, rule) = forbidding(portfolio, measures, a, b)?;
        return Some(Between::of(
            &measure,
            &rule,
            format!("'{}' is not made beside '{}'", a.measure, b.measure),
        ));
    }
    one_expense(portfolio, measures, one, other)
        .or_else(|| company_count(one, other))
        .or_else(|| account(one, other))
}

/// Of two variants of one application one is made: the first choice in which they differ.
fn unlike_options(a: &Application, b: &Application) -> Option<Between> {
    let mut picks = a.variant.picks.iter().zip(&b.variant.picks);
    let (pick, other) = picks.find(|(pick, other)| pick != other)?;
    let rule = pick.choice.parse().ok()?;
    Some(Between::of(
        &a.measure,
        &rule,
        format!("'{}' or '{}' is picked, not both", pick.option, other.option),
    ))
}

/// A number of things within the application that the lines of both are too many for.
fn within(application: &Application, of_a: &[usize], of_b: &[usize]) -> Option<Between> {
    let ([line], [other]) = (of_a, of_b) else { return None };
    application.counts.iter().find_map(|count| {
        let most = count.at_most?;
        let things =
            count.things.iter().filter(|thing| thing.contains(line) || thing.contains(other)).count();
        (things > most as usize).then(|| {
            Between::of(
                &application.measure,
                &count.rule.id,
                format!("they are {things}, at most {most} may be"),
            )
        })
    })
}

fn expenses<'a>((application, lines): &Possible<'a>) -> BTreeSet<&'a ExpenseId> {
    lines.iter().map(|line| &application.lines[*line].expense).collect()
}

/// Both need the same single expense, and may not meet on it (S6, S13).
fn one_expense(
    portfolio: &Portfolio,
    measures: &[Measure],
    one: &Possible<'_>,
    other: &Possible<'_>,
) -> Option<Between> {
    let (a, b) = (one.0, other.0);
    let shared = expenses(one);
    if shared.len() != 1 || shared != expenses(other) || a.may_meet(b) || may_divide(one, other) {
        return None;
    }
    if let Some((measure, rule)) = forbidding(portfolio, measures, a, b) {
        return Some(Between::of(&measure, &rule, "its aid may not meet the other's on one expense"));
    }
    let silent = [a, b].into_iter().find(|of| {
        let partner = if std::ptr::eq(*of, a) { b } else { a };
        !lets_meet(portfolio, measures, of, partner)
    })?;
    let rule = builtin::CUMULATION.parse().ok()?;
    Some(Between::of(
        &silent.measure,
        &rule,
        "no clause lets its aid meet the other's on one expense, so that it goes to one of them",
    ))
}

/// Whether parts of that expense may go to both (S6).
fn may_divide((a, of_a): &Possible<'_>, (b, of_b): &Possible<'_>) -> bool {
    let is_part = |application: &Application, lines: &[usize]| {
        application.claim == Claim::AnyPart
            && lines.iter().any(|line| application.lines[*line].divisible.is_some())
    };
    is_part(a, of_a) && is_part(b, of_b)
}

/// A number of things over the applications of one company.
fn company_count((a, of_a): &Possible<'_>, (b, of_b): &Possible<'_>) -> Option<Between> {
    if a.company != b.company || a.measure != b.measure {
        return None;
    }
    // Whatever line is taken, something that counts is there.
    let counts = |things: &[Vec<usize>], lines: &[usize]| {
        lines.iter().all(|line| things.iter().any(|thing| thing.contains(line)))
    };
    a.company_counts.iter().zip(&b.company_counts).find_map(|(count, other)| {
        let most = count.at_most.filter(|most| *most < 2)?;
        (counts(&count.things, of_a) && counts(&other.things, of_b)).then(|| {
            Between::of(&a.measure, &count.rule.id, format!("at most {most} for company '{}'", a.company))
        })
    })
}

/// What both draw on, and which has not enough for both claimed in full.
fn account(one: &Possible<'_>, other: &Possible<'_>) -> Option<Between> {
    let ((a, of_a), (b, _)) = (one, other);
    let wanted: BTreeSet<&ExpenseId> = of_a.iter().map(|line| &a.lines[*line].expense).collect();
    let mut claims = vec![a.full_claims(), b.full_claims()];
    // An expense goes to the one that wants it.
    for (line, claim) in b.lines.iter().zip(&mut claims[1]) {
        if wanted.contains(&line.expense) {
            *claim = Money::ZERO;
        }
    }
    for (line, claim) in a.lines.iter().zip(&mut claims[0]) {
        if !wanted.contains(&line.expense) && b.lines.iter().any(|other| other.expense == line.expense) {
            *claim = Money::ZERO;
        }
    }
    let plan = Plan::of(&[(*a).clone(), (*b).clone()], claims)?;
    let unserved = [a, b].into_iter().zip(&plan.granted).find(|(_, granted)| granted.grant.is_zero())?.0;
    let draw = unserved.draws.iter().find(|draw| {
        let partner = if std::ptr::eq(*unserved, *a) { b } else { a };
        partner.draws.iter().any(|other| other.account == draw.account)
    })?;
    let why = format!("together they ask more of '{}' than it has", draw.account.name());
    Some(Between::of(&unserved.measure, &draw.rule.id, why))
}
