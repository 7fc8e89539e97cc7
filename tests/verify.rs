//! Real results pass the checker, and no single change of them does.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod decisions;
    pub mod mutations;
    pub mod random;
}

use std::path::Path;

use common::decisions::decision;
use common::mutations::survivors;
use common::random::{Size, case, joined, lending};
use grantfolio::allocation::Document;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::load::measures::catalogue;
use grantfolio::load::{Folder, Overrides, portfolio};
use grantfolio::measure::{Claim, Measure};
use grantfolio::portfolio::{Decision, Portfolio, Verb};
use grantfolio::verify::verify;

fn scenario(name: &str) -> (Portfolio, Vec<Measure>) {
    let (measures, _) = catalogue(None).unwrap_or_else(|report| panic!("{report}"));
    let facts: Vec<_> = measures.iter().flat_map(|m| m.facts.clone()).collect();
    let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name));
    let (portfolio, _) =
        portfolio(&folder, &facts, &Overrides::default()).unwrap_or_else(|report| panic!("{report}"));
    (portfolio, measures)
}

/// Every single change is rejected; the closed list of free fields lives in [`survivors`].
fn reject_every_change(name: &str, portfolio: &Portfolio, measures: &[Measure]) -> usize {
    let run = optimize(portfolio, measures, &RunSettings::default());
    let document: Document = run.unwrap_or_else(|error| panic!("{name}: {error}")).document;
    assert_eq!(verify(portfolio, measures, &document), [], "{name}");
    let (mut survivors, tried) =
        survivors(&document, |changed| verify(portfolio, measures, changed).is_empty());
    // Another option or item that pays the same makes another plan, as good as this one.
    survivors.retain(|change| !change.contains("/choices/") && !change.contains("/cost_item :="));
    assert_eq!(survivors, Vec::<String>::new(), "{name}");
    tried
}

#[test]
fn any_change_of_the_smallest_result_is_rejected() {
    let (portfolio, measures) = scenario("smallest");
    assert!(reject_every_change("smallest", &portfolio, &measures) > 200);
}

#[test]
fn any_change_of_the_choice_result_is_rejected() {
    let (portfolio, measures) = scenario("choice");
    assert!(reject_every_change("choice", &portfolio, &measures) > 500);
}

#[test]
fn any_change_of_random_results_is_rejected() {
    let sizes = [
        Size { expenses: 6, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 },
        Size { expenses: 6, measures: 3, claim: Claim::AnyPart, largest: 10_000_000, projects: 2 },
    ];
    let mut tried = 0;
    for size in sizes {
        for seed in 0..12 {
            let (portfolio, measures) = case(seed, size);
            tried += reject_every_change(&format!("seed {seed}"), &portfolio, &measures);
        }
    }
    assert!(tried > 2_000, "{tried}");
}

const WHOLE: Size = Size { expenses: 5, measures: 3, claim: Claim::Whole, largest: 10_000_000, projects: 2 };
const IN_PARTS: Size = Size { claim: Claim::AnyPart, ..WHOLE };

type Generator = fn(u64, Size) -> (Portfolio, Vec<Measure>);

/// Results of a richer kind of cases, whole and in parts; what is tried.
fn reject_every_change_of(of: Generator, sizes: &[Size], seeds: std::ops::Range<u64>) -> usize {
    let mut tried = 0;
    for size in sizes.iter().copied() {
        for seed in seeds.clone() {
            let (portfolio, measures) = of(seed, size);
            tried += reject_every_change(&format!("seed {seed}"), &portfolio, &measures);
        }
    }
    tried
}

#[test]
fn any_change_of_results_with_loans_is_rejected() {
    assert!(reject_every_change_of(lending, &[WHOLE, IN_PARTS], 80_000..80_012) > 2_000);
}

#[test]
fn any_change_of_results_with_choices_members_and_draws_is_rejected() {
    assert!(reject_every_change_of(joined, &[WHOLE, IN_PARTS], 80_100..80_108) > 2_000);
}

#[test]
fn any_change_of_results_with_decisions_in_force_is_rejected() {
    assert!(
        reject_every_change_of(decided, &[Size { expenses: 4, measures: 2, ..WHOLE }], 80_200..80_206)
            > 1_000
    );
}

/// Such a case with what its plan does decided: each application is forced, or filed on its day, one expense forced, one option forbidden that is
/// not picked.
fn decided(seed: u64, size: Size) -> (Portfolio, Vec<Measure>) {
    let (mut portfolio, measures) = joined(seed, size);
    let document = optimize(&portfolio, &measures, &RunSettings::default()).unwrap().document;
    for (at, application) in document.applications.iter().enumerate() {
        let force = decision(Verb::Force, application);
        let other = |picked: &str| if picked == "gber" { "de_minimis" } else { "gber" }.to_owned();
        let choices = application.choices.iter().take(1);
        let not_picked = choices.map(|(choice, picked)| Decision {
            what: Verb::Forbid,
            choice: Some((choice.clone(), other(picked))),
            ..force.clone()
        });
        portfolio.decisions.extend(not_picked);
        let of_project = |e: &&grantfolio::allocation::ExpenseOutcome| {
            portfolio.expense(&e.expense).is_some_and(|e| e.project == application.project)
        };
        let claimed = document.expenses.iter().filter(of_project).find(|outcome| {
            let here = outcome.assignments.iter().find(|a| a.measure == application.measure);
            here.is_some_and(|a| a.admitted.is_positive())
        });
        let expense = claimed.map(|outcome| outcome.expense.clone());
        portfolio.decisions.push(if at % 2 == 0 {
            Decision { what: Verb::Filed, filed_on: Some(application.filed_on), ..force.clone() }
        } else {
            Decision { expense, ..force.clone() }
        });
    }
    (portfolio.sorted(), measures)
}
