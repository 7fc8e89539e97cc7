//! Whatever is published as optimal is the optimum, to the cent: hundreds of tiny random portfolios over measures of every
//! rule family are enumerated in full. A case is named by its seed.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod enumerate;
    pub mod random;
}

use std::collections::BTreeMap;

use common::enumerate;
use common::random::{Size, case, euro, families, joined, lending, limit, of, plain_measure, rule};
use grantfolio::allocation::{Document, Status};
use grantfolio::eligibility::eligibility;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::measure::{
    Bound, Claim, Condition, Effect, FactRef, ItemKind, Measure, Pool, PoolScope, Quantity, Subject, Test,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{Company, Expense, Portfolio, Project, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Plans enumerated for one case at most.
const MOST_PLANS: f64 = 120_000.0;

fn run(seed: u64, portfolio: &Portfolio, measures: &[Measure]) -> Document {
    let run = optimize(portfolio, measures, &RunSettings::default());
    run.unwrap_or_else(|error| panic!("seed {seed}: {error}")).document
}

/// Runs every seed and returns (cases compared, cases published as optimal).
fn compare(seeds: std::ops::Range<u64>, size: Size) -> (usize, usize) {
    compare_of(case, seeds, size)
}

fn compare_of(
    of: fn(u64, Size) -> (Portfolio, Vec<Measure>),
    seeds: std::ops::Range<u64>,
    size: Size,
) -> (usize, usize) {
    let (mut compared, mut optimal) = (0, 0);
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in seeds {
        let (portfolio, measures) = of(seed, size);
        let found = eligibility(&portfolio, &measures).unwrap();
        if found.applications.is_empty() || enumerate::plans(&found.applications) > MOST_PLANS {
            continue;
        }
        let document = run(seed, &portfolio, &measures);
        let truth = enumerate::best(&found.applications);
        compared += 1;
        for (family, times) in families(&measures) {
            *seen.entry(family).or_default() += times;
        }
        assert!(
            document.objective <= truth,
            "seed {seed}: {} published, {truth} is the most",
            document.objective
        );
        if let Some(bound) = document.upper_bound {
            assert!(bound >= truth, "seed {seed}: bound {bound} below the optimum {truth}");
        }
        if document.status == Status::Optimal {
            optimal += 1;
            assert_eq!(document.objective, truth, "seed {seed}: called optimal");
        } else {
            println!(
                "seed {seed}: {:?} {} of {truth}, bound {:?}",
                document.proof, document.objective, document.upper_bound
            );
        }
    }
    println!("{compared} compared, {optimal} optimal; families {seen:?}");
    for (family, times) in &seen {
        assert!(*times > 0, "no case with {family}");
    }
    (compared, optimal)
}

#[test]
fn whole_expenses_of_realistic_size() {
    let size = Size { expenses: 6, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
    let (compared, optimal) = compare(0..300, size);
    assert!(compared >= 250, "{compared}");
    assert!(optimal * 100 >= compared * 97, "{optimal} of {compared}");
}

/// The models on which a trusted solver is wrong (claim = whole, effect = reject), with their true optima, found by full enumeration and
/// two other solvers (`tests/data/instances/README.md`).
#[test]
fn the_models_on_which_a_trusted_solver_is_wrong() {
    let cases = [
        ("12_3_713", "76990.66"),
        ("9_3_5051", "112274.90"),
        ("9_3_753", "44179.50"),
        ("9_3_6129", "65985.68"),
        ("12_3_47", "162158.32"),
    ];
    for (name, optimum) in cases {
        let (portfolio, measures) = instance(name);
        let run = optimize(&portfolio, &measures, &RunSettings::default());
        let document = run.unwrap_or_else(|error| panic!("{name}: {error}")).document;
        assert_eq!(document.status, Status::Optimal, "{name}: {:?}", document.evidence);
        assert_eq!(document.objective.to_string(), optimum, "{name}");
    }
}

/// `n m pool`; m rows `cap minimum share`; n rows `amount is_consultancy rate_1 .. rate_m` (-1: not compatible).
fn instance(name: &str) -> (Portfolio, Vec<Measure>) {
    let file = format!("{}/tests/data/instances/inst_{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    let mut rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>());
    let head = rows.next().unwrap();
    let count: usize = head[1].parse().unwrap();
    let pool: Money = head[2].parse().unwrap();
    let thousandths = |text: &str| (text.parse::<Decimal>().unwrap() * Decimal::from(1000)).to_i64().unwrap();
    let cents = |text: &str| text.parse::<Money>().unwrap().cents();
    let of_measures: Vec<Vec<&str>> = rows.by_ref().take(count).collect();
    let expenses: Vec<Vec<&str>> = rows.collect();
    let measures = of_measures.iter().enumerate().map(|(m, row)| {
        let rate = expenses.iter().map(|e| e[2 + m]).find(|rate| *rate != "-1").unwrap();
        let mut measure = plain_measure(&format!("m{m}"), thousandths(rate));
        measure.claim = Claim::Whole;
        for item in &mut measure.items {
            if let ItemKind::Cost(cost) = &mut item.kind {
                let tagged = Test::OneOf(vec![Value::text(format!("m{m}"))]);
                cost.when = Condition::Fact(FactRef::new(Subject::Expense, "tags"), tagged);
            }
        }
        // Items of a plain measure: machinery, consultancy, software, training.
        measure.limits = vec![
            limit(
                "minimum",
                Quantity::Cost(vec![0, 1]),
                Bound::AtLeast,
                vec![euro(cents(row[1]))],
                Effect::Reject,
            ),
            limit(
                "share",
                Quantity::Cost(vec![1]),
                Bound::AtMost,
                vec![of(thousandths(row[2]), &[0])],
                Effect::Reject,
            ),
            limit("cap", Quantity::Aid(vec![0]), Bound::AtMost, vec![euro(cents(row[0]))], Effect::Trim),
        ];
        measure.pools = vec![Pool {
            rule: rule("pool"),
            pool: "fund".parse().unwrap(),
            available: pool,
            scope: PoolScope::Portfolio,
            of: Vec::new(),
            when: Condition::ALWAYS,
            waiting_list: grantfolio::rate::Rate::ZERO,
            in_part: false,
        }];
        measure
    });
    let mut portfolio = Portfolio::default();
    portfolio.settings.as_of = "2026-06-01".parse().unwrap();
    portfolio.companies.push(Company::new("c".parse().unwrap()));
    portfolio.projects.push(Project::new("p".parse().unwrap(), "c".parse().unwrap()));
    for (e, row) in expenses.iter().enumerate() {
        let category = if row[1] == "1" { "consultancy" } else { "machinery" };
        let (project, company) = ("p".parse().unwrap(), "c".parse().unwrap());
        let id = format!("e{e:02}").parse().unwrap();
        let mut expense = Expense::new(id, project, company, category, row[0].parse().unwrap());
        expense.tags = (0..count).filter(|m| row[2 + m] != "-1").map(|m| format!("m{m}")).collect();
        portfolio.expenses.push(expense);
    }
    (portfolio.sorted(), measures.collect())
}

#[test]
fn any_part_of_realistic_size() {
    let size = Size { expenses: 8, measures: 3, claim: Claim::AnyPart, largest: 10_000_000, projects: 2 };
    let (mut compared, mut optimal) = (0, 0);
    for seed in 2000..2120 {
        let (portfolio, measures) = case(seed, size);
        let found = eligibility(&portfolio, &measures).unwrap();
        if found.applications.is_empty() {
            continue;
        }
        let document = run(seed, &portfolio, &measures);
        // Too many cents to enumerate: claims all or nothing give a plan that an optimum is at least as good as.
        let whole = enumerate::best_of_full_claims(&found.applications);
        compared += 1;
        if document.status == Status::Optimal {
            optimal += 1;
            assert!(
                document.objective >= whole,
                "seed {seed}: {} called optimal, {whole} is possible",
                document.objective
            );
        } else {
            println!(
                "seed {seed}: {:?} {} (full claims {whole}), bound {:?}",
                document.proof, document.objective, document.upper_bound
            );
        }
        if let Some(bound) = document.upper_bound {
            assert!(bound >= whole, "seed {seed}: bound {bound} below {whole}");
        }
    }
    println!("{compared} compared, {optimal} optimal");
    assert!(optimal * 100 >= compared * 90, "{optimal} of {compared}");
}

#[test]
fn any_part_cent_by_cent() {
    let size = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    let (compared, optimal) = compare(1000..1400, size);
    assert!(compared >= 250, "{compared}");
    assert!(optimal * 100 >= compared * 90, "{optimal} of {compared}");
}

#[test]
fn loans_beside_grants() {
    let whole = Size { expenses: 5, measures: 2, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
    let (compared, optimal) = compare_of(lending, 50_000..50_100, whole);
    assert!(compared >= 80, "{compared}");
    assert!(optimal * 100 >= compared * 95, "{optimal} of {compared}");
    let cents = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    let (compared, optimal) = compare_of(lending, 51_000..51_100, cents);
    assert!(compared >= 60, "{compared}");
    assert!(optimal * 100 >= compared * 85, "{optimal} of {compared}");
}

#[test]
fn what_joins_applications() {
    let whole = Size { expenses: 5, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
    let (compared, optimal) = compare_of(joined, 60_000..60_060, whole);
    assert!(compared >= 30, "{compared}");
    assert!(optimal * 100 >= compared * 80, "{optimal} of {compared}");
    let cents = Size { expenses: 3, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    let (compared, optimal) = compare_of(joined, 61_000..61_060, cents);
    assert!(compared >= 30, "{compared}");
    assert!(optimal * 100 >= compared * 60, "{optimal} of {compared}");
}
