//! Applications written down directly, for tests of what stands on them.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use grantfolio::eligibility::{Account, Counted, Draw};
use grantfolio::eligibility::{AidLimit, Application, Component, CostLimit, Line, Payout, Term};
use grantfolio::measure::{Bound, Claim, Cut, Effect, Form, Names, Reads, Rule, Variant};
use grantfolio::money::Money;
use grantfolio::rate::Rate;
use grantfolio::rounding::Rounding;
use rust_decimal::Decimal;

pub fn rule(id: &str) -> Rule {
    let names = Names { it: id.into(), en: id.into() };
    Rule { id: id.parse().expect("an id"), names, reference: None, doubt: None }
}

/// Half of what is admitted of these lines (expense, item, euro), in two lots, `lot1` for the first line only.
pub fn application(project: &str, measure: &str, lines: &[(&str, &str, i64)]) -> Application {
    let line = |(at, (expense, item, euro)): (usize, &(&str, &str, i64))| Line {
        expense: expense.parse().expect("an id"),
        item: item.parse().expect("an id"),
        payer: "c".parse().expect("an id"),
        lot: usize::from(at > 0),
        base: Money::from_cents(euro * 100),
        quantity: Decimal::ONE,
        divisible: None,
        forced: false,
        assumptions: Vec::new(),
    };
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let all: Vec<usize> = (0..lines.len()).collect();
    Application {
        project: project.parse().expect("an id"),
        company: "c".parse().expect("an id"),
        measure: measure.parse().expect("an id"),
        variant: Variant::default(),
        filed_on: day,
        granted_on: day,
        hypothetical: false,
        claim: Claim::AnyPart,
        rounding: Rounding::Down,
        withholding: Rate::ZERO,
        weight: Rate::ONE,
        lines: lines.iter().enumerate().map(line).collect(),
        derived: Vec::new(),
        lots: vec![Some("lot1".parse().expect("an id")), Some("lot2".parse().expect("an id")), None],
        cost_limits: Vec::new(),
        aid_limits: Vec::new(),
        warnings: Vec::new(),
        limit_order: Vec::new(),
        counts: Vec::new(),
        company_counts: Vec::new(),
        companions: Vec::new(),
        components: vec![component("grant", &all, Payout::Rate(vec![Decimal::new(5, 1); lines.len()]))],
        draws: Vec::new(),
        meets: Vec::new(),
        excludes: Vec::new(),
        regimes: Vec::new(),
        refused: Vec::new(),
        forced: false,
        assumptions: Vec::new(),
    }
}

pub fn component(id: &str, of: &[usize], payout: Payout) -> Component {
    Component { rule: rule(id), form: Form::Grant, of: of.to_vec(), payout }
}

pub fn euro(euro: i64) -> Term {
    Term { euro: Decimal::from(euro), shares: Vec::new() }
}

/// A share of a set, in percent.
pub fn percent(percent: i64, of: &[usize]) -> Term {
    Term { euro: Decimal::ZERO, shares: vec![(Decimal::new(percent, 2), of.to_vec())] }
}

pub fn cost(id: &str, of: &[usize], bound: Bound, terms: &[Term], effect: Effect) -> CostLimit {
    CostLimit {
        rule: rule(id),
        of: of.to_vec(),
        width: of.len(),
        bound,
        terms: terms.to_vec(),
        effect,
        cut: Cut::LowestAidFirst,
        lot: None,
    }
}

pub fn aid(id: &str, of: &[usize], bound: Bound, terms: &[Term], effect: Effect) -> AidLimit {
    AidLimit {
        rule: rule(id),
        of: of.to_vec(),
        bound,
        terms: terms.to_vec(),
        effect,
        reads: Reads::AfterCaps,
        lot: None,
    }
}

/// A draw of a whole grant, refused where it does not fit, on a pool.
pub fn pool(id: &str, euro: i64, application: &Application) -> Draw {
    let entries = (0..application.entries()).collect();
    Draw {
        rule: rule(id),
        account: Account::Pool { pool: id.parse().expect("an id"), company: None },
        room: Money::from_cents(euro * 100),
        by_claims: Vec::new(),
        closed: None,
        freed_on: None,
        in_part: false,
        counts: Counted { entries, payer: None, grant: true, guarantees: false, claims: false },
    }
}
