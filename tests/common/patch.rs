//! Changes to portfolios and measures that tests compare by.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use grantfolio::measure::{Bound, Component, Effect, Measure, Quantity, Shape};
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;

/// The portfolio under other ids, those of measures too.
fn with_ids(
    portfolio: &Portfolio,
    other: impl Fn(&str) -> String,
    measure: impl Fn(&str) -> String,
) -> Portfolio {
    fn turn<I: std::str::FromStr<Err: std::fmt::Debug> + ToString>(
        id: &mut I,
        other: &impl Fn(&str) -> String,
    ) {
        *id = other(&id.to_string()).parse().unwrap();
    }
    let mut p = portfolio.clone();
    for company in &mut p.companies {
        turn(&mut company.id, &other);
        turn(&mut company.undertaking, &other);
    }
    for project in &mut p.projects {
        turn(&mut project.id, &other);
        turn(&mut project.company, &other);
    }
    for expense in &mut p.expenses {
        turn(&mut expense.id, &other);
        turn(&mut expense.project, &other);
        turn(&mut expense.company, &other);
    }
    for member in &mut p.members {
        turn(&mut member.project, &other);
        turn(&mut member.company, &other);
    }
    for aid in &mut p.prior_aids {
        turn(&mut aid.undertaking, &other);
        aid.expense.iter_mut().for_each(|expense| turn(expense, &other));
    }
    for decision in &mut p.decisions {
        turn(&mut decision.project, &other);
        turn(&mut decision.measure, &measure);
        decision.expense.iter_mut().for_each(|expense| turn(expense, &other));
    }
    p.sorted()
}

fn measures_with_ids(measures: &[Measure], other: impl Fn(&str) -> String) -> Vec<Measure> {
    let mut measures = measures.to_vec();
    for measure in &mut measures {
        measure.id = other(measure.id.as_str()).parse().unwrap();
    }
    measures.sort_by(|a, b| a.id.cmp(&b.id));
    measures
}

/// Every id behind a prefix that reverses the order: `e1` becomes `x8e1`.
pub fn renamed(portfolio: &Portfolio, measures: &[Measure]) -> (Portfolio, Vec<Measure>) {
    let turned = |id: &str| {
        let last = id.bytes().last().unwrap_or(b'0') - b'0';
        format!("x{}{id}", 9 - last.min(9))
    };
    (with_ids(portfolio, turned, turned), measures_with_ids(measures, turned))
}

/// Every id behind one prefix, which keeps their order.
pub fn prefixed(portfolio: &Portfolio, measures: &[Measure]) -> (Portfolio, Vec<Measure>) {
    let longer = |id: &str| format!("{PREFIX}{id}");
    (with_ids(portfolio, longer, longer), measures_with_ids(measures, longer))
}

/// What [`prefixed`] puts before every id.
pub const PREFIX: &str = "zz-";

/// Rows in reverse order.
pub fn reversed(portfolio: &Portfolio) -> Portfolio {
    let mut p = portfolio.clone();
    p.companies.reverse();
    p.projects.reverse();
    p.expenses.reverse();
    p.members.reverse();
    p.prior_aids.reverse();
    p.decisions.reverse();
    p.sorted()
}

/// Two portfolios side by side, the second under other ids.
pub fn union(a: &Portfolio, b: &Portfolio) -> Portfolio {
    let mut p = a.clone();
    let b = with_ids(b, |id| format!("other-{id}"), str::to_owned);
    p.companies.extend(b.companies);
    p.projects.extend(b.projects);
    p.expenses.extend(b.expenses);
    p.members.extend(b.members);
    p.prior_aids.extend(b.prior_aids);
    p.decisions.extend(b.decisions);
    p.sorted()
}

/// The expense at `index` as two, the first with `cents` of it.
pub fn split(portfolio: &Portfolio, index: usize, cents: i64) -> Portfolio {
    let mut p = portfolio.clone();
    let mut half = p.expenses[index].clone();
    half.id = format!("{}-b", half.id).parse().unwrap();
    half.net_amount = p.expenses[index].net_amount - Money::from_cents(cents);
    p.expenses[index].net_amount = Money::from_cents(cents);
    p.expenses.push(half);
    p.sorted()
}

/// Only rules under which more is never worse: no refusal, no notch, no count, no floor.
pub fn gentle(measures: &[Measure]) -> Vec<Measure> {
    let mut gentle = measures.to_vec();
    for measure in &mut gentle {
        measure.limits.retain(|limit| limit.effect == Effect::Trim && limit.bound == Bound::AtMost);
        measure.counts.clear();
        measure.companions.clear();
        for pool in &mut measure.pools {
            pool.in_part = true;
        }
        let notched = |c: &Component| {
            matches!(c.shape, Shape::Tiers(_) | Shape::Steps(_) | Shape::Fixed(_) | Shape::PerUnit(_))
        };
        let kept: Vec<usize> =
            (0..measure.components.len()).filter(|c| !notched(&measure.components[*c])).collect();
        // Where a component stands when the others are gone.
        let moved = |of: &mut Vec<usize>| {
            *of = of.iter().filter_map(|c| kept.iter().position(|kept| kept == c)).collect();
        };
        measure.components.retain(|c| !notched(c));
        for component in &mut measure.components {
            if let Shape::Share { components, .. } = &mut component.shape {
                moved(components);
                components.retain(|c| *c == 0);
            }
        }
        for limit in &mut measure.limits {
            if let Quantity::Aid(of) = &mut limit.of {
                moved(of);
            }
        }
        measure.limits.retain(|limit| !matches!(&limit.of, Quantity::Aid(of) if of.is_empty()));
        measure.ledgers.iter_mut().for_each(|ledger| moved(&mut ledger.of));
    }
    gentle.retain(|m| {
        matches!(m.components.first().map(|c| &c.shape), Some(Shape::Rate { .. } | Shape::Brackets(_)))
    });
    gentle
}

/// Of what joins applications only ledgers that grant up to their room, one for each piece of a grant; no number of things over a company that an
/// application left without room could be missing from.
pub fn only_ledgers(measures: &[Measure]) -> Vec<Measure> {
    let mut measures = measures.to_vec();
    for measure in &mut measures {
        measure.pools.clear();
        measure.cumulation.clear();
        measure.ledgers.iter_mut().for_each(|ledger| ledger.refuses = false);
        measure.counts.retain(|count| !(count.per_company && count.at_least.is_some()));
    }
    measures
}

/// Of what joins applications only pools, one a measure, that grant in part where they count a part of a grant.
pub fn one_pool(measures: &[Measure]) -> Vec<Measure> {
    let mut measures = measures.to_vec();
    for measure in &mut measures {
        measure.ledgers.clear();
        measure.cumulation.clear();
        measure.pools.drain(..measure.pools.len().saturating_sub(1));
        measure.counts.retain(|count| !(count.per_company && count.at_least.is_some()));
    }
    measures
}
