//! The contract of the model: every plan is a point of it worth at least as much, and in ordinary cases the bound is what the best plan is
//! worth. Truth is the authority's arithmetic over every claim of tiny random portfolios.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod enumerate;
    pub mod random;
}

use common::enumerate;
use common::random::{Random, Size, case, lending};
use grantfolio::eligibility::{Application, eligibility};
use grantfolio::formulate::{Model, formulate};
use grantfolio::measure::{Claim, Measure};
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;
use grantfolio::program::Program;
use grantfolio::settle::{Plan, Settler};
use grantfolio::solve::microlp::Microlp;
use grantfolio::solve::{Backend, Limits, Outcome, tree};
use rust_decimal::Decimal;

/// The program with what a plan decides fixed: amounts admitted, grants, and claims and applications as the contract reads them.
fn fixed(model: &Model, applications: &[Application], plan: &Plan) -> Program {
    let mut program = model.program.clone();
    let mut fix = |column: usize, value: Decimal| {
        let column = &mut program.columns[column];
        assert!(value <= column.upper, "{} = {value} above {}", column.name, column.upper);
        (column.lower, column.upper) = (value, value);
    };
    let one = |yes: bool| if yes { Decimal::ONE } else { Decimal::ZERO };
    for (at, (application, columns)) in applications.iter().zip(&model.applications).enumerate() {
        let admitted = match plan.assessment(at) {
            Some(assessment) => assessment.admitted.clone(),
            None => vec![Money::ZERO; application.entries()],
        };
        let (lines, derived) = admitted.split_at(application.lines.len());
        for (amount, columns) in lines.iter().zip(&columns.lines) {
            fix(columns.admitted, amount.euro());
            columns.claim.into_iter().for_each(|claim| fix(claim, one(amount.is_positive())));
        }
        for (amount, column) in derived.iter().zip(&columns.derived) {
            fix(*column, amount.euro());
        }
        columns.apply.into_iter().for_each(|apply| fix(apply, one(lines.iter().any(|a| a.is_positive()))));
        fix(columns.grant, plan.granted[at].grant.euro());
    }
    program
}

/// Asserts that a plan is a point of the model.
fn contains(model: &Model, applications: &[Application], plan: &Plan, what: &str) {
    let program = fixed(model, applications, plan);
    if let Outcome::Infeasible = Microlp.solve(&program, &Limits::default()) {
        let claims: Vec<Vec<Money>> = plan.all_claims(applications);
        let admitted: Vec<_> =
            (0..applications.len()).filter_map(|a| plan.assessment(a)).map(|a| &a.admitted).collect();
        panic!(
            "{what}: a plan is cut off\nclaims {claims:?}\nadmitted {admitted:?}\ngrants {:?}\n{}",
            plan.granted.iter().map(|granted| granted.grant).collect::<Vec<Money>>(),
            grantfolio::program::lp::text(&program)
        );
    }
}

/// Random claims, one line for each expense.
fn claims(random: &mut Random, applications: &[Application]) -> Vec<Vec<Money>> {
    let mut claims: Vec<Vec<Money>> = applications.iter().map(|a| vec![Money::ZERO; a.lines.len()]).collect();
    let mut taken = Vec::new();
    let mut places: Vec<(usize, usize)> = applications
        .iter()
        .enumerate()
        .flat_map(|(a, app)| (0..app.lines.len()).map(move |l| (a, l)))
        .collect();
    while !places.is_empty() {
        let last = i64::try_from(places.len()).expect("few places") - 1;
        let (a, l) = places.swap_remove(usize::try_from(random.range(0, last)).expect("not negative"));
        let line = &applications[a].lines[l];
        if taken.contains(&&line.expense) || random.once_in(5) {
            continue;
        }
        taken.push(&line.expense);
        let part = applications[a].claim == Claim::AnyPart && random.once_in(2);
        let least = if part { 1 } else { line.base.cents() };
        claims[a][l] = Money::from_cents(random.range(least, line.base.cents()));
    }
    claims
}

/// What makes a case of a seed.
type Cases = fn(u64, Size) -> (Portfolio, Vec<Measure>);

/// Random plans of random cases are points of their models.
fn plans_are_points(cases: Cases, seeds: std::ops::Range<u64>, size: Size) {
    let mut tried = 0;
    for seed in seeds {
        let (portfolio, measures) = cases(seed, size);
        let applications =
            eligibility(&portfolio, &measures).expect("random measures do not overlap").applications;
        let model = formulate(&applications);
        let mut random = Random::new(seed);
        for number in 0..30 {
            let Some(plan) = Plan::of(&applications, claims(&mut random, &applications)) else { continue };
            contains(&model, &applications, &plan, &format!("seed {seed}, plan {number}"));
            tried += 1;
        }
    }
    assert!(tried > 1000, "{tried}");
}

#[test]
fn whole_plans_are_points_of_the_model() {
    plans_are_points(
        case,
        0..300,
        Size { expenses: 6, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 },
    );
}

#[test]
fn plans_with_parts_are_points_of_the_model() {
    plans_are_points(
        case,
        5000..5300,
        Size { expenses: 6, measures: 3, claim: Claim::AnyPart, largest: 10_000_000, projects: 2 },
    );
}

#[test]
fn plans_of_a_few_cents_are_points_of_the_model() {
    plans_are_points(
        case,
        9000..9300,
        Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 30, projects: 2 },
    );
    plans_are_points(
        case,
        9300..9600,
        Size { expenses: 5, measures: 2, claim: Claim::Whole, largest: 30, projects: 2 },
    );
}

/// Compares the certified bound with full enumeration; returns (cases, cases with the same cents).
fn bounds(of: Cases, seeds: std::ops::Range<u64>, size: Size) -> (usize, usize) {
    let (mut cases, mut exact) = (0, 0);
    for seed in seeds {
        let (portfolio, measures) = of(seed, size);
        let applications =
            eligibility(&portfolio, &measures).expect("random measures do not overlap").applications;
        if applications.is_empty() || enumerate::plans(&applications) > 20_000.0 {
            continue;
        }
        let truth = enumerate::best(&applications);
        let model = formulate(&applications);
        let mut settler = Settler::new(&applications, &model.program);
        let limits = Limits { nodes: Some(3000), ..Limits::default() };
        let proof = tree::certify(&model.program, Some(Money::ZERO), &limits, &mut |point| {
            settler.settle(point, 0.5).map(|plan| plan.value)
        });
        let bound = proof.bound.expect("small figures");
        assert!(bound >= truth, "seed {seed}: bound {bound} below {truth}");
        cases += 1;
        exact += usize::from(bound == truth);
        if bound != truth {
            println!("seed {seed}: bound {bound}, truth {truth}, {} nodes", proof.nodes);
        }
    }
    println!("{exact} of {cases} exact");
    (cases, exact)
}

#[test]
fn whole_claims_are_bounded_to_the_cent() {
    let size = Size { expenses: 6, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
    let (cases, exact) = bounds(case, 0..200, size);
    assert!(exact * 100 >= cases * 98, "{exact} of {cases}");
}

#[test]
fn parts_are_bounded_to_the_cent() {
    let size = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    let (cases, exact) = bounds(case, 1000..1200, size);
    assert!(exact * 100 >= cases * 98, "{exact} of {cases}");
}

#[test]
fn plans_with_loans_are_points_of_the_model() {
    for (claim, largest) in [(Claim::Whole, 10_000_000), (Claim::AnyPart, 10_000_000), (Claim::AnyPart, 30)] {
        let size = Size { expenses: 5, measures: 2, claim, largest, projects: 2 };
        plans_are_points(lending, 20_000..20_200, size);
    }
}

#[test]
fn loans_are_bounded_to_the_cent() {
    let whole = Size { expenses: 6, measures: 2, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
    let (cases, exact) = bounds(lending, 30_000..30_200, whole);
    assert!(exact * 100 >= cases * 90, "{exact} of {cases}");
    let parts = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    let (cases, exact) = bounds(lending, 31_000..31_200, parts);
    assert!(exact * 100 >= cases * 90, "{exact} of {cases}");
}
