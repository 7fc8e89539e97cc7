//! Changes to portfolios and measures that tests compare by.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use grantfolio::measure::{Bound, Effect, Measure, Shape};
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;

/// Every id behind a prefix that reverses the order: `e1` becomes `x8e1`.
pub fn renamed(portfolio: &Portfolio, measures: &[Measure]) -> (Portfolio, Vec<Measure>) {
    let turned = |id: &str| {
        let last = id.bytes().last().unwrap_or(b'0') - b'0';
        format!("x{}{id}", 9 - last.min(9))
    };
    let mut p = portfolio.clone();
    for company in &mut p.companies {
        company.id = turned(company.id.as_str()).parse().unwrap();
    }
    for project in &mut p.projects {
        project.id = turned(project.id.as_str()).parse().unwrap();
        project.company = turned(project.company.as_str()).parse().unwrap();
    }
    for expense in &mut p.expenses {
        expense.id = turned(expense.id.as_str()).parse().unwrap();
        expense.project = turned(expense.project.as_str()).parse().unwrap();
        expense.company = turned(expense.company.as_str()).parse().unwrap();
    }
    let mut measures = measures.to_vec();
    for measure in &mut measures {
        measure.id = turned(measure.id.as_str()).parse().unwrap();
    }
    measures.sort_by(|a, b| a.id.cmp(&b.id));
    (p.sorted(), measures)
}

/// Rows in reverse order.
pub fn reversed(portfolio: &Portfolio) -> Portfolio {
    let mut p = portfolio.clone();
    p.companies.reverse();
    p.projects.reverse();
    p.expenses.reverse();
    p.sorted()
}

/// Two portfolios side by side, the second under other ids.
pub fn union(a: &Portfolio, b: &Portfolio) -> Portfolio {
    let mut p = a.clone();
    let other = |id: &str| format!("other-{id}");
    for company in &b.companies {
        let mut company = company.clone();
        company.id = other(company.id.as_str()).parse().unwrap();
        p.companies.push(company);
    }
    for project in &b.projects {
        let mut project = project.clone();
        project.id = other(project.id.as_str()).parse().unwrap();
        project.company = other(project.company.as_str()).parse().unwrap();
        p.projects.push(project);
    }
    for expense in &b.expenses {
        let mut expense = expense.clone();
        expense.id = other(expense.id.as_str()).parse().unwrap();
        expense.project = other(expense.project.as_str()).parse().unwrap();
        expense.company = other(expense.company.as_str()).parse().unwrap();
        p.expenses.push(expense);
    }
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
        measure.components.retain(|c| {
            !matches!(c.shape, Shape::Tiers(_) | Shape::Steps(_) | Shape::Fixed(_) | Shape::PerUnit(_))
        });
        for component in &mut measure.components {
            if let Shape::Share { components, .. } = &mut component.shape {
                components.retain(|c| *c == 0);
            }
        }
    }
    gentle.retain(|m| {
        matches!(m.components.first().map(|c| &c.shape), Some(Shape::Rate { .. } | Shape::Brackets(_)))
    });
    for measure in &mut gentle {
        let count = measure.components.len();
        for limit in &mut measure.limits {
            if let grantfolio::measure::Quantity::Aid(of) = &mut limit.of {
                of.retain(|c| *c < count);
            }
        }
    }
    gentle
}
