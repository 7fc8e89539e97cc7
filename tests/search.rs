//! The exhaustive search is exhaustive: on its own, from the empty plan, it finds what full enumeration finds.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod enumerate;
    pub mod random;
}

use common::enumerate;
use common::random::{Size, case, lending};
use grantfolio::eligibility::{Application, eligibility};
use grantfolio::measure::{Claim, Form};
use grantfolio::money::Money;
use grantfolio::search::{Found, Limits, claims_in_full, search};
use grantfolio::settle::{Plan, Valuer};

const WHOLE: Size = Size { expenses: 6, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
const CENTS: Size = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };

fn from_nothing(applications: &[Application], nodes: u64) -> Option<Found> {
    search(applications, Plan::empty(applications), Limits { nodes, ..Limits::default() })
}

#[test]
fn whole_expenses_are_searched_to_the_end() {
    for seed in 0..150 {
        let (portfolio, measures) = case(seed, WHOLE);
        let applications = eligibility(&portfolio, &measures).unwrap().applications;
        let found = from_nothing(&applications, 1_000_000).unwrap();
        assert!(found.exhaustive, "seed {seed}");
        assert_eq!(found.plan.value, enumerate::best(&applications), "seed {seed}");
    }
}

#[test]
fn loans_are_searched_to_the_end_where_claims_are_whole_and_never_trusted_elsewhere() {
    for seed in 40_000..40_080 {
        let (portfolio, measures) = lending(seed, WHOLE);
        let applications = eligibility(&portfolio, &measures).unwrap().applications;
        let found = from_nothing(&applications, 1_000_000).unwrap();
        assert!(found.exhaustive, "seed {seed}");
        assert_eq!(found.plan.value, enumerate::best(&applications), "seed {seed}");
        let (portfolio, measures) = lending(seed, CENTS);
        let applications = eligibility(&portfolio, &measures).unwrap().applications;
        let with_loan = |a: &&Application| a.components.iter().any(|c| c.form == Form::Loan);
        assert!(!applications.iter().filter(with_loan).any(claims_in_full), "seed {seed}");
    }
}

/// Where [`claims_in_full`] says that claiming less brings nothing, enumeration cent by cent finds nothing better than full claims.
#[test]
fn full_claims_are_best_where_the_search_relies_on_it() {
    let mut relied = 0;
    for seed in 1000..2500 {
        let (portfolio, measures) = case(seed, CENTS);
        let applications = eligibility(&portfolio, &measures).unwrap().applications;
        if applications.is_empty()
            || !applications.iter().all(claims_in_full)
            || enumerate::plans(&applications) > 20_000.0
        {
            continue;
        }
        relied += 1;
        let truth = enumerate::best(&applications);
        assert_eq!(enumerate::best_of_full_claims(&applications), truth, "seed {seed}");
        let found = from_nothing(&applications, 1_000_000).unwrap();
        assert!(found.exhaustive && found.plan.value == truth, "seed {seed}: {}", found.plan.value);
    }
    assert!(relied > 100, "{relied}");
}

#[test]
fn a_search_that_is_cut_short_says_so() {
    let (portfolio, measures) = case(3, WHOLE);
    let applications = eligibility(&portfolio, &measures).unwrap().applications;
    let found = from_nothing(&applications, 2).unwrap();
    assert!(!found.exhaustive);
}

/// What is remembered of the plans before changes no plan: each claim of every plan in turn taken out and put back, more often than anything is remembered.
#[test]
fn plans_are_the_same_whatever_was_valued_before() {
    let mut plans = 0;
    for seed in 0..60 {
        let make = if seed % 2 == 0 { case } else { lending };
        let (portfolio, measures) = make(seed, WHOLE);
        let applications = eligibility(&portfolio, &measures).unwrap().applications;
        let mut valuer = Valuer::new(&applications);
        let mut claims: Vec<Vec<Money>> = applications.iter().map(Application::full_claims).collect();
        for a in 0..applications.len() {
            for line in 0..claims[a].len() {
                let whole = std::mem::replace(&mut claims[a][line], Money::ZERO);
                let plan = valuer.plan(claims.clone());
                assert_eq!(plan, Plan::of(&applications, claims.clone()), "seed {seed}");
                plans += usize::from(plan.is_some());
                // Every other one stays out, so that plans are not all the first again.
                if line % 2 == 0 {
                    claims[a][line] = whole;
                }
            }
        }
    }
    assert!(plans > 50, "only {plans} plans");
}
