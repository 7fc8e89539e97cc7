//! Relations between runs that hold whatever the right answer is.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod patch;
    pub mod random;
}

use common::patch::{gentle, renamed, reversed, split, union};
use common::random::{Size, case, plain_measure};
use grantfolio::allocation::{Document, Status};
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::ids::{ExpenseId, ProjectId};
use grantfolio::measure::{Claim, ItemKind, Measure, Number, Quantity};
use grantfolio::money::Money;
use grantfolio::portfolio::{Expense, Portfolio};
use rust_decimal::Decimal;

const WHOLE: Size = Size { expenses: 7, measures: 3, claim: Claim::Whole, largest: 8_000_000, projects: 2 };
const PARTS: Size = Size { expenses: 7, measures: 3, claim: Claim::AnyPart, largest: 8_000_000, projects: 2 };

fn run(portfolio: &Portfolio, measures: &[Measure]) -> Document {
    optimize(portfolio, measures, &RunSettings::default()).unwrap().document
}

fn proven(document: &Document) -> bool {
    document.status == Status::Optimal
}

/// Runs a relation on many seeds; the relation says whether it could be tested, and enough must be.
fn on_seeds(size: Size, seeds: std::ops::Range<u64>, relation: impl Fn(u64, &Portfolio, &[Measure]) -> bool) {
    let wanted = seeds.clone().count() / 2;
    let mut tested = 0;
    for seed in seeds {
        let (portfolio, measures) = case(seed, size);
        tested += usize::from(relation(seed, &portfolio, &measures));
    }
    assert!(tested >= wanted, "only {tested} cases could be tested");
}

#[test]
fn renaming_changes_no_total() {
    for size in [WHOLE, PARTS] {
        on_seeds(size, 0..40, |seed, portfolio, measures| {
            let before = run(portfolio, measures);
            let (portfolio, measures) = renamed(portfolio, measures);
            // A pool granted in part serves applications in the order of their ids (S15).
            if measures.iter().any(|m| m.pools.iter().any(|p| p.in_part)) {
                return false;
            }
            let after = run(&portfolio, &measures);
            let both = proven(&before) && proven(&after);
            assert!(!both || before.objective == after.objective, "seed {seed}");
            both
        });
    }
}

#[test]
fn the_order_of_rows_changes_no_byte() {
    on_seeds(PARTS, 40..60, |seed, portfolio, measures| {
        let mut shuffled = measures.to_vec();
        shuffled.reverse();
        shuffled.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(run(portfolio, measures), run(&reversed(portfolio), &shuffled), "seed {seed}");
        true
    });
}

#[test]
fn what_nothing_can_claim_changes_nothing() {
    on_seeds(WHOLE, 60..90, |seed, portfolio, measures| {
        let before = run(portfolio, measures);
        let mut more = portfolio.clone();
        let project: ProjectId = more.projects[0].id.clone();
        let company = more.projects[0].company.clone();
        let id: ExpenseId = "zz".parse().unwrap();
        more.expenses.push(Expense::new(id, project, company, "travel", Money::from_cents(500_000)));
        let mut idle = plain_measure("zz-idle", 900);
        for item in &mut idle.items {
            if let ItemKind::Cost(cost) = &mut item.kind {
                cost.takes = vec!["rent".to_owned()];
            }
        }
        let mut with_idle = measures.to_vec();
        with_idle.push(idle);
        let after = run(&more.sorted(), &with_idle);
        assert_eq!(before.totals, after.totals, "seed {seed}");
        assert_eq!(before.applications, after.applications, "seed {seed}");
        assert_eq!((before.upper_bound, before.proof), (after.upper_bound, after.proof), "seed {seed}");
        true
    });
}

#[test]
fn independent_clients_add_up() {
    on_seeds(PARTS, 90..120, |seed, portfolio, measures| {
        let (other, _) = case(seed + 5_000, PARTS);
        let mut measures = measures.to_vec();
        for measure in &mut measures {
            measure.pools.clear();
        }
        let (a, b) = (run(portfolio, &measures), run(&other, &measures));
        let both = run(&union(portfolio, &other), &measures);
        if !(proven(&a) && proven(&b)) {
            return false;
        }
        assert_eq!(both.objective, a.objective + b.objective, "seed {seed}");
        assert!(proven(&both), "seed {seed}");
        true
    });
}

#[test]
fn more_budget_never_hurts_gentle_rules() {
    on_seeds(PARTS, 120..160, |seed, portfolio, measures| {
        let measures = gentle(measures);
        let before = run(portfolio, &measures);
        let mut richer = measures.clone();
        for measure in &mut richer {
            for pool in &mut measure.pools {
                pool.available += Money::from_cents(123_456);
            }
            for limit in measure.limits.iter_mut().filter(|l| matches!(l.of, Quantity::Aid(_))) {
                for term in &mut limit.terms {
                    term.euro = Number::Sum(vec![term.euro.clone(), Number::Constant(Decimal::from(1_000))]);
                }
            }
        }
        let after = run(portfolio, &richer);
        if !(proven(&before) && proven(&after)) {
            return false;
        }
        assert!(after.objective >= before.objective, "seed {seed}");
        true
    });
}

#[test]
fn splitting_an_expense_never_lowers_the_optimum_under_any_part() {
    on_seeds(PARTS, 160..200, |seed, portfolio, measures| {
        let measures = gentle(measures);
        let before = run(portfolio, &measures);
        let largest =
            (0..portfolio.expenses.len()).max_by_key(|e| portfolio.expenses[*e].net_amount).unwrap();
        let cents = portfolio.expenses[largest].net_amount.cents();
        if cents < 2 {
            return false;
        }
        let after = run(&split(portfolio, largest, cents / 3 + 1), &measures);
        if !(proven(&before) && proven(&after)) {
            return false;
        }
        assert!(
            after.objective >= before.objective,
            "seed {seed}: {} < {}",
            after.objective,
            before.objective
        );
        true
    });
}
