//! The engine and its independent judge read every rule alike: random portfolios over measures that hang on facts, known, missing and
//! out of bounds. What they read differently, [`optimize`] refuses to publish. A case is named by its seed.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod enumerate;
    pub mod random;
}

use chrono::NaiveDate;
use common::enumerate;
use common::random::{Random, Size, case, constant, euro, limit, rule, share};
use grantfolio::allocation::Status;
use grantfolio::dates::{Anchor, DateExpr, Span};
use grantfolio::eligibility::eligibility;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::measure::{
    Band, Bound, Cell, Claim, Component, Condition, DateField, DateRule, EarlyOrder, Effect, FactRef, Form,
    ItemKind, Measure, Number, Per, PoolScope, Premium, Quantity, Requirement, Row, Scope, Shape, Subject,
    Table, Term, Test, Unknown, Valuation, Vat,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{Objective, Portfolio, Value};
use grantfolio::rate::Rate;
use rust_decimal::Decimal;

const SUBJECTS: [Subject; 4] = [Subject::Company, Subject::Project, Subject::Lot, Subject::Expense];

/// Facts `x` of everybody: some missing, some below zero, most small numbers.
fn give_facts(r: &mut Random, portfolio: &mut Portfolio) {
    let values = |r: &mut Random| {
        let number = if r.once_in(12) { Decimal::from(-2) } else { Decimal::new(r.range(1, 40), 1) };
        (!r.once_in(5)).then_some(Value::Number(number))
    };
    for company in &mut portfolio.companies {
        company.attributes.extend(values(r).map(|v| ("x".to_owned(), v)));
        company.vat_deductible_share = Rate::new(Decimal::new(r.range(0, 10), 1)).unwrap();
    }
    for project in &mut portfolio.projects {
        project.attributes.extend(values(r).map(|v| ("x".to_owned(), v)));
        project.success_probability = Rate::new(Decimal::new(r.range(1, 100), 2)).unwrap();
    }
    let lots = [values(r), values(r)];
    for expense in &mut portfolio.expenses {
        expense.attributes.extend(values(r).map(|v| ("x".to_owned(), v)));
        let lot = expense.lot.as_ref().map(|lot| usize::from(lot.as_str() == "lot2"));
        if let Some(value) = lot.and_then(|lot| lots[lot].clone()) {
            expense.attributes.insert("y".to_owned(), value);
        }
        expense.vat_rate = Rate::new(Decimal::new(r.range(0, 3) * 11, 2)).unwrap();
        expense.service_months = r.once_in(2).then(|| Decimal::from(r.range(1, 48)));
        if r.once_in(6) {
            expense.quantity = None;
        }
        if r.once_in(3) {
            let day = NaiveDate::from_ymd_opt(2026, u32::try_from(r.range(4, 12)).unwrap(), 1);
            if r.once_in(3) {
                expense.order_date = day;
            } else {
                expense.payment_date = day;
            }
        }
    }
    portfolio.settings.objective =
        r.pick(&[Objective::Grant, Objective::Grant, Objective::Net, Objective::Expected]);
}

fn x(subject: Subject) -> FactRef {
    FactRef::new(subject, if subject == Subject::Lot { "y" } else { "x" })
}

fn number(r: &mut Random, subjects: &[Subject], plain: Number) -> Number {
    let fact = x(r.pick(subjects));
    let fact = || Number::Fact(fact.clone());
    match r.range(0, 7) {
        0 => Number::Product(vec![plain, fact()]),
        1 => Number::Difference(Box::new(plain), Box::new(fact())),
        2 => Number::Table(Table {
            name: "t".into(),
            keys: vec![x(r.pick(subjects))],
            rows: vec![
                Row {
                    cells: vec![Cell::Test(Test::AtMost(Value::Number(Decimal::from(2))))],
                    value: Decimal::new(3, 1),
                },
                Row {
                    cells: vec![if r.once_in(2) {
                        Cell::Any
                    } else {
                        Cell::Test(Test::AtLeast(Value::Number(Decimal::from(3))))
                    }],
                    value: Decimal::new(5, 1),
                },
            ],
        }),
        3 => Number::Min(vec![plain, fact()]),
        _ => plain,
    }
}

fn condition(r: &mut Random, subjects: &[Subject]) -> Condition {
    let test = Test::AtLeast(Value::Number(Decimal::from(r.range(1, 3))));
    let one = Condition::Fact(x(r.pick(subjects)), test);
    match r.range(0, 5) {
        0 => one,
        1 => Condition::Not(Box::new(one)),
        2 => Condition::Any(vec![one, Condition::Fact(x(r.pick(subjects)), Test::Known(true))]),
        _ => Condition::ALWAYS,
    }
}

fn decorate(r: &mut Random, m: &mut Measure, total: i64) {
    let whole = &SUBJECTS[..2];
    m.vat = r.pick(&[Vat::Excluded, Vat::NonDeductible]);
    m.withholding = r.pick(&[Rate::ZERO, "0.04".parse().unwrap(), "0.333".parse().unwrap()]);
    m.window.early_order =
        r.pick(&[EarlyOrder::Allowed, EarlyOrder::Allowed, EarlyOrder::Line, EarlyOrder::Application]);
    for item in &mut m.items {
        match &mut item.kind {
            ItemKind::Cost(cost) => {
                cost.assume = r.once_in(2);
                if r.once_in(4) {
                    cost.when = condition(r, &SUBJECTS);
                }
                for _ in 0..r.pick(&[0, 0, 1, 2]) {
                    let kind = r.range(0, 6);
                    let plain = match kind {
                        0 | 6 => share(r.pick(&[300, 600, 700, 900])),
                        1 | 2 => Number::Constant(Decimal::from(12)),
                        _ => constant(r.range(1, total / 5 + 2)),
                    };
                    let number = number(r, &SUBJECTS, plain);
                    cost.valuation.push(match kind {
                        0 | 6 => Valuation::Weight(number),
                        1 | 2 => Valuation::Portion {
                            of: FactRef::new(Subject::Expense, "service_months"),
                            at_most: number,
                        },
                        3 => Valuation::UnitCeiling(number),
                        4 => Valuation::UnitValue(number),
                        _ => Valuation::Less(number),
                    });
                }
            }
            ItemKind::Derived(derived) => {
                derived.rate = number(r, whole, derived.rate.clone());
                derived.when = condition(r, whole);
            }
        }
    }
    for component in &mut m.components {
        match &mut component.shape {
            Shape::Rate { rate, premiums } => {
                // A rate on a derived item asks nothing of expenses.
                let of = if component.of.contains(&4) { whole } else { &SUBJECTS[..] };
                *rate = number(r, of, rate.clone());
                if r.once_in(3) {
                    premiums.push(Premium {
                        rule: rule("extra"),
                        points: number(r, of, share(50)),
                        when: condition(r, of),
                    });
                }
                if r.once_in(4) {
                    component.when = condition(r, of);
                }
            }
            Shape::PerUnit(amount) => *amount = number(r, &SUBJECTS, amount.clone()),
            Shape::Fixed(amount) => *amount = number(r, whole, amount.clone()),
            Shape::Share { rate, .. } => *rate = number(r, whole, rate.clone()),
            Shape::Tiers(bands) | Shape::Brackets(bands) if r.once_in(2) => {
                let end = bands[1].up_to.unwrap();
                bands[2] = Band { up_to: Some(end + Money::from_cents(total / 5 + 1)), ..bands[2] };
            }
            _ => {}
        }
    }
    if r.once_in(3) {
        // Two rates apart, with caps that cross.
        m.components.truncate(1);
        m.components[0].shape = Shape::Rate { rate: share(r.range(300, 900)), premiums: Vec::new() };
        m.components[0].of.retain(|item| *item != 1 && *item != 3);
        for (id, item) in [("second", 1), ("third", 3)] {
            let shape = Shape::Rate { rate: share(r.range(300, 900)), premiums: Vec::new() };
            m.components.push(Component {
                rule: rule(id),
                form: Form::Grant,
                of: vec![item],
                shape,
                when: Condition::ALWAYS,
            });
        }
        m.limits.retain(|limit| matches!(limit.of, Quantity::Cost(_)));
        for n in 0..r.range(1, 3) {
            let of = r.pick(&[&[0, 1][..], &[1, 2], &[0, 2], &[0], &[1], &[2], &[0, 1, 2]]);
            let amount = euro(r.range(1, total / 3 + 1));
            let mut cap = limit(
                &format!("cap{n}"),
                Quantity::Aid(of.to_vec()),
                Bound::AtMost,
                vec![amount],
                Effect::Trim,
            );
            if r.once_in(2) {
                cap.per = Per::Lot;
            } else if r.once_in(4) {
                cap.bound = Bound::AtLeast;
                cap.effect = Effect::Reject;
            }
            m.limits.push(cap);
        }
    }
    for limit in &mut m.limits {
        let of = if limit.per == Per::Lot {
            &[Subject::Company, Subject::Project, Subject::Lot][..]
        } else {
            whole
        };
        if r.once_in(3) {
            limit.when = condition(r, of);
        }
        for Term { euro, shares } in &mut limit.terms {
            *euro = number(r, of, euro.clone());
            for (rate, _) in shares {
                *rate = number(r, of, rate.clone());
            }
        }
    }
    for count in &mut m.counts {
        count.which = condition(r, &SUBJECTS);
    }
    for companion in &mut m.companions {
        companion.at_least = number(r, whole, companion.at_least.clone());
    }
    for pool in &mut m.pools {
        pool.scope = if pool.pool.as_str() == "shared" {
            pool.scope
        } else {
            r.pick(&[PoolScope::Portfolio, PoolScope::Company])
        };
    }
    if r.once_in(3) {
        let subject = r.pick(&SUBJECTS);
        m.requirements.push(Requirement {
            rule: rule("must"),
            subject,
            applies: condition(r, &[subject]),
            must: Condition::Fact(x(subject), Test::AtMost(Value::Number(Decimal::from(3)))),
            unknown: r.pick(&[Unknown::Block, Unknown::Assume]),
            fails: if matches!(subject, Subject::Lot | Subject::Expense) && !r.once_in(4) {
                Scope::Line
            } else {
                Scope::Application
            },
            question: None,
        });
    }
    if r.once_in(3) {
        m.dates.push(DateRule {
            rule: rule("in-time"),
            field: r.pick(&[DateField::Order, DateField::Payment]),
            from: r.once_in(2).then_some(DateExpr::After(Anchor::FiledOn, Span { months: 0, days: 0 })),
            until: Some(DateExpr::After(Anchor::GrantedOn, Span { months: 2, days: 0 })),
            extension: None,
        });
    }
}

fn agree(seeds: std::ops::Range<u64>, size: Size, enumerated: bool) -> (usize, usize) {
    let (mut made, mut optimal) = (0, 0);
    let mut failures = Vec::new();
    for seed in seeds {
        let (mut portfolio, mut measures) = case(seed, size);
        let mut random = Random::new(seed + 1_000_000);
        give_facts(&mut random, &mut portfolio);
        let total: i64 = portfolio.expenses.iter().map(|e| e.net_amount.cents()).sum();
        for measure in &mut measures {
            decorate(&mut random, measure, total);
        }
        let Ok(found) = eligibility(&portfolio, &measures) else { continue };
        if enumerated && enumerate::plans(&found.applications) > 60_000.0 {
            continue;
        }
        let tried = std::panic::catch_unwind(|| optimize(&portfolio, &measures, &RunSettings::default()));
        let document = match tried {
            Ok(Ok(run)) => run.document,
            Ok(Err(error)) => {
                failures.push(format!("seed {seed}: {error}"));
                continue;
            }
            Err(_) => {
                failures.push(format!("seed {seed}: panic"));
                continue;
            }
        };
        made += usize::from(!document.applications.is_empty());
        optimal += usize::from(document.status == Status::Optimal);
        if enumerated {
            let truth = enumerate::best(&found.applications);
            if document.objective > truth
                || document.upper_bound.is_some_and(|b| b < truth)
                || (document.status == Status::Optimal && document.objective != truth)
            {
                failures.push(format!(
                    "seed {seed}: {:?} {:?} {} bound {:?}, truth {truth}",
                    document.status, document.proof, document.objective, document.upper_bound
                ));
            }
        }
    }
    println!("{made} made, {optimal} optimal");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    (made, optimal)
}

fn seeds(first: u64, count: u64) -> std::ops::Range<u64> {
    let many = std::env::var("GRANTFOLIO_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(count);
    first..first + many
}

#[test]
fn on_cents() {
    let size = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    agree(seeds(0, 250), size, true);
}

#[test]
fn on_parts_of_realistic_size() {
    let size = Size { expenses: 6, measures: 2, claim: Claim::AnyPart, largest: 9_000_000, projects: 2 };
    agree(seeds(0, 150), size, false);
}

#[test]
fn on_whole_claims() {
    let size = Size { expenses: 6, measures: 3, claim: Claim::Whole, largest: 9_000_000, projects: 2 };
    agree(seeds(0, 250), size, true);
}
