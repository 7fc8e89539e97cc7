//! Relations between runs that hold whatever the right answer is.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod decisions;
    pub mod patch;
    pub mod random;
}

use common::decisions::decision;
use common::patch::{PREFIX, gentle, one_pool, only_ledgers, prefixed, renamed, reversed, split, union};
use common::random::{Size, case, joined, lending, plain_measure};
use grantfolio::allocation::{Document, Status};
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::ids::{ExpenseId, ProjectId};
use grantfolio::measure::{Claim, Item, ItemKind, Measure, Meeting, Number, Quantity, Shape};
use grantfolio::money::Money;
use grantfolio::portfolio::{Decision, Expense, Portfolio, PriorAid, Verb};
use rust_decimal::Decimal;

const WHOLE: Size = Size { expenses: 7, measures: 3, claim: Claim::Whole, largest: 8_000_000, projects: 2 };
const PARTS: Size = Size { expenses: 7, measures: 3, claim: Claim::AnyPart, largest: 8_000_000, projects: 2 };

fn run(portfolio: &Portfolio, measures: &[Measure]) -> Document {
    let run = optimize(portfolio, measures, &RunSettings::default());
    run.unwrap_or_else(|error| panic!("{error}")).document
}

fn proven(document: &Document) -> bool {
    document.status == Status::Optimal
}

type Generator = fn(u64, Size) -> (Portfolio, Vec<Measure>);

/// Runs a relation on many seeds; the relation says whether it could be tested, and enough must be.
fn on_seeds(size: Size, seeds: std::ops::Range<u64>, relation: impl Fn(u64, &Portfolio, &[Measure]) -> bool) {
    on_seeds_of(case, size, seeds, relation);
}

fn on_seeds_of(
    of: Generator,
    size: Size,
    seeds: std::ops::Range<u64>,
    relation: impl Fn(u64, &Portfolio, &[Measure]) -> bool,
) {
    let count = seeds.clone().count();
    let mut tested = 0;
    for seed in seeds {
        let (portfolio, measures) = of(seed, size);
        tested += usize::from(relation(seed, &portfolio, &measures));
    }
    println!("{tested} of {count} tested");
    // What joins applications leaves the model loose: fewer plans are proven.
    assert!(tested * 5 >= count * 2, "only {tested} of {count} cases could be tested");
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

/// A measure of costs that no case has.
fn idle() -> Measure {
    let mut idle = plain_measure("zz-idle", 900);
    for item in &mut idle.items {
        if let ItemKind::Cost(cost) = &mut item.kind {
            cost.takes = vec!["rent".to_owned()];
        }
    }
    idle
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
        let after = run(&more.sorted(), &[measures, &[idle()]].concat());
        assert_eq!(before.totals, after.totals, "seed {seed}");
        assert_eq!(before.applications, after.applications, "seed {seed}");
        assert_eq!((before.upper_bound, before.proof), (after.upper_bound, after.proof), "seed {seed}");
        true
    });
}

/// Clients of two cases together are planned as each of them is: without pools nothing joins them.
fn add_up(of: Generator, size: Size, seeds: std::ops::Range<u64>) {
    on_seeds_of(of, size, seeds, |seed, portfolio, measures| {
        let (other, _) = of(seed + 5_000, size);
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
fn independent_clients_add_up() {
    add_up(case, PARTS, 90..120);
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

/// Every expense may go in parts to several applications.
fn divisible(portfolio: &Portfolio) -> Portfolio {
    let mut portfolio = portfolio.clone();
    for expense in &mut portfolio.expenses {
        expense.splittable = true;
    }
    portfolio
}

#[test]
fn what_may_be_divided_is_worth_no_less() {
    on_seeds(PARTS, 300..340, |seed, portfolio, measures| {
        let (before, after) = (run(portfolio, measures), run(&divisible(portfolio), measures));
        assert!(after.upper_bound.is_none_or(|bound| bound >= before.objective), "seed {seed}");
        let both = proven(&before) && proven(&after);
        assert!(!both || after.objective >= before.objective, "seed {seed}");
        both
    });
}

#[test]
fn an_expense_that_may_be_divided_is_worth_no_less_than_two_of_half_the_amount() {
    on_seeds(PARTS, 340..400, |seed, portfolio, measures| {
        let mut measures = measures.to_vec();
        for measure in &mut measures {
            measure.counts.clear();
        }
        // Two rows are two things to a count; they are two quantities, and may go under two items of one application.
        let told_apart = |measure: &Measure| {
            let chosen = |item: &Item| matches!(&item.kind, ItemKind::Cost(c) if c.applicant_may_choose);
            let per_unit = measure.components.iter().any(|c| matches!(c.shape, Shape::PerUnit(_)));
            per_unit || measure.items.iter().any(chosen)
        };
        let largest = (0..portfolio.expenses.len()).max_by_key(|at| portfolio.expenses[*at].net_amount);
        let Some(largest) = largest.filter(|_| !measures.iter().any(told_apart)) else { return false };
        let cents = portfolio.expenses[largest].net_amount.cents();
        let halves = run(&split(portfolio, largest, cents / 2), &measures);
        let mut whole = portfolio.clone();
        whole.expenses[largest].splittable = true;
        let whole = run(&whole, &measures);
        assert!(whole.upper_bound.is_none_or(|bound| bound >= halves.objective), "seed {seed}");
        assert!(!proven(&whole) || whole.objective >= halves.objective, "seed {seed}");
        true
    });
}

// ------------------------------------------------- loans, ledgers, members, choices, pools of items, cumulation, decisions
//
// Relations between the optima of two runs hold only where no plan of the one stands against a better one of the other. What does not hold,
// and why:
//
// - *Ids in another order*: whoever is granted first is served first, and on one day the order is that of ids (S11, S15). An order-keeping
//   change of ids changes no byte.
// - *More room in every account at once*: an application may draw more on a pool of which it is served first than its own ledger lets it
//   use well, so that later ones find less. Of accounts of one kind, one for each piece of a grant, more room never hurts.
// - *More room beside ledgers that refuse*: who is served first takes more, and who comes next fits no more.
// - *A larger loan asked for*: its guarantee is aid, and takes from the grant (S12).
// - *Splitting an expense*: parts of grants are shared in whole cents line by line (S10), so that a ceiling on some lines may move a cent.

const JOINED: Size = Size { expenses: 4, measures: 2, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
const JOINED_PARTS: Size = Size { claim: Claim::AnyPart, ..JOINED };

/// What both richer kinds of cases keep.
fn on_rich_seeds(seeds: std::ops::Range<u64>, relation: impl Fn(u64, &Portfolio, &[Measure]) -> bool) {
    for of in [lending as Generator, joined] {
        for size in [JOINED, JOINED_PARTS] {
            on_seeds_of(of, size, seeds.clone(), &relation);
        }
    }
}

#[test]
fn ids_are_only_names() {
    on_rich_seeds(70_000..70_004, |seed, portfolio, measures| {
        let before = serde_json::to_string(&run(portfolio, measures)).unwrap();
        let (portfolio, measures) = prefixed(portfolio, measures);
        let after = serde_json::to_string(&run(&portfolio, &measures)).unwrap();
        assert!(!before.contains(PREFIX) && after.contains(PREFIX));
        assert_eq!(before, after.replace(PREFIX, ""), "seed {seed}");
        true
    });
}

#[test]
fn ids_in_another_order_change_no_total_where_nothing_is_served_in_order() {
    on_seeds_of(lending, JOINED, 70_100..70_124, |seed, portfolio, measures| {
        let mut measures = measures.to_vec();
        for measure in &mut measures {
            measure.ledgers.clear();
            measure.pools.retain(|pool| !pool.in_part);
        }
        let before = run(portfolio, &measures);
        let (portfolio, measures) = renamed(portfolio, &measures);
        let after = run(&portfolio, &measures);
        let both = proven(&before) && proven(&after);
        assert!(!both || before.objective == after.objective, "seed {seed}");
        both
    });
}

#[test]
fn the_order_of_rows_of_every_file_changes_no_byte() {
    on_rich_seeds(70_200..70_203, |seed, portfolio, measures| {
        assert_eq!(run(portfolio, measures), run(&reversed(portfolio), measures), "seed {seed}");
        true
    });
}

#[test]
fn a_measure_that_takes_nothing_changes_nothing() {
    on_rich_seeds(70_300..70_303, |seed, portfolio, measures| {
        let before = run(portfolio, measures);
        let after = run(portfolio, &[measures, &[idle()]].concat());
        assert_eq!(before.applications, after.applications, "seed {seed}");
        assert_eq!((before.upper_bound, before.proof), (after.upper_bound, after.proof), "seed {seed}");
        true
    });
}

#[test]
fn clients_with_nothing_in_common_add_up() {
    for of in [lending as Generator, joined] {
        add_up(of, JOINED, 70_400..70_412);
    }
}

/// Held against the optimum before: nothing else is known to be no more than it.
fn never_better(seed: u64, before: &Document, after: &Document) -> bool {
    if !proven(before) {
        return false;
    }
    assert!(after.objective <= before.objective, "seed {seed}: {} > {}", after.objective, before.objective);
    true
}

#[test]
fn more_room_in_a_ledger_never_hurts() {
    on_rich_seeds(70_500..70_505, |seed, portfolio, measures| {
        let measures = only_ledgers(measures);
        let mut roomier = measures.clone();
        for ledger in roomier.iter_mut().flat_map(|m| &mut m.ledgers) {
            for period in &mut ledger.periods {
                period.at_most =
                    Number::Sum(vec![period.at_most.clone(), Number::Constant(Decimal::new(1_234_567, 2))]);
            }
        }
        never_better(seed, &run(portfolio, &roomier), &run(portfolio, &measures))
    });
}

#[test]
fn a_larger_pool_of_items_never_hurts() {
    on_seeds_of(joined, JOINED, 70_600..70_616, |seed, portfolio, measures| {
        let measures = one_pool(measures);
        let mut richer = measures.clone();
        for pool in richer.iter_mut().flat_map(|m| &mut m.pools) {
            pool.available += Money::from_cents(1_234_567);
        }
        never_better(seed, &run(portfolio, &richer), &run(portfolio, &measures))
    });
}

#[test]
fn aid_received_before_never_helps() {
    on_rich_seeds(70_700..70_705, |seed, portfolio, measures| {
        let measures = only_ledgers(measures);
        let mut aided = portfolio.clone();
        let day = portfolio.settings.as_of.checked_sub_months(chrono::Months::new(14)).unwrap();
        for regulation in ["de_minimis", "test"] {
            aided.prior_aids.push(PriorAid {
                undertaking: portfolio.companies[0].undertaking.clone(),
                granted_on: day,
                regulation: regulation.into(),
                aid: Money::from_cents(2_345_678),
                measure: None,
                expense: None,
            });
        }
        never_better(seed, &run(portfolio, &measures), &run(&aided.sorted(), &measures))
    });
}

#[test]
fn aid_received_before_on_an_expense_never_helps_a_single_measure() {
    on_seeds_of(joined, JOINED_PARTS, 70_800..70_820, |seed, portfolio, measures| {
        let mut beside = measures[0].cumulation.clone();
        beside.retain(|clause| clause.effect != Meeting::Forbid);
        // Of gentle rules: elsewhere less of one cost may be what keeps an application within its limits.
        let mut measures = only_ledgers(&gentle(&measures[..1]));
        if measures.is_empty() {
            return false;
        }
        measures[0].cumulation = beside;
        let mut aided = portfolio.clone();
        aided.prior_aids.push(PriorAid {
            undertaking: portfolio.companies[0].undertaking.clone(),
            granted_on: portfolio.settings.as_of.checked_sub_months(chrono::Months::new(2)).unwrap(),
            regulation: "gber:17".into(),
            aid: Money::from_cents(345_678),
            measure: None,
            expense: Some(portfolio.expenses[0].id.clone()),
        });
        never_better(seed, &run(portfolio, &measures), &run(&aided.sorted(), &measures))
    });
}

/// Everything a plan does, as decisions that force it: applications, options, expenses under items.
fn as_planned(portfolio: &Portfolio, document: &Document) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for application in &document.applications {
        let force = decision(Verb::Force, application);
        decisions.push(force.clone());
        for (choice, option) in &application.choices {
            decisions.push(Decision { choice: Some((choice.clone(), option.clone())), ..force.clone() });
        }
        let of_project = document.expenses.iter().filter(|outcome| {
            portfolio.expense(&outcome.expense).is_some_and(|e| e.project == application.project)
        });
        for outcome in of_project {
            let here = outcome.assignments.iter().find(|a| a.measure == application.measure);
            if let Some(assignment) = here.filter(|a| a.admitted.is_positive()) {
                decisions.push(Decision {
                    expense: Some(outcome.expense.clone()),
                    cost_item: Some(assignment.cost_item.clone()),
                    ..force.clone()
                });
            }
        }
    }
    decisions
}

#[test]
fn forcing_what_the_plan_does_anyway_changes_no_total() {
    on_rich_seeds(70_900..70_905, |seed, portfolio, measures| {
        let before = run(portfolio, measures);
        if !proven(&before) {
            return false;
        }
        // All of it, then the last thing alone.
        let all = as_planned(portfolio, &before);
        for forced in [all.clone(), all.into_iter().rev().take(1).collect()] {
            let mut decided = portfolio.clone();
            decided.decisions.extend(forced);
            let after = optimize(&decided.sorted(), measures, &RunSettings::default());
            let after = after.unwrap_or_else(|error| panic!("seed {seed}: {error}")).document;
            assert_eq!(after.objective, before.objective, "seed {seed}");
        }
        true
    });
}

#[test]
fn forbidding_never_helps() {
    on_rich_seeds(71_000..71_004, |seed, portfolio, measures| {
        let before = run(portfolio, measures);
        if !proven(&before) {
            return false;
        }
        // Each thing the plan does, forbidden in its turn, as far as two of them.
        for done in as_planned(portfolio, &before).into_iter().rev().take(2) {
            let mut decided = portfolio.clone();
            decided.decisions.push(Decision { what: Verb::Forbid, ..done.clone() });
            let decided = decided.sorted();
            let after = run(&decided, measures);
            never_better(seed, &before, &after);
            let there = as_planned(&decided, &after).contains(&done);
            assert!(!there, "seed {seed}: {done} although forbidden");
        }
        true
    });
}
