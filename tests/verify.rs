//! Real results pass the checker, and no single change of them does.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod mutations;
    pub mod random;
}

use std::path::Path;

use common::mutations::survivors;
use common::random::{Size, case};
use grantfolio::allocation::Document;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::load::measures::catalogue;
use grantfolio::load::{Folder, Overrides, portfolio};
use grantfolio::measure::{Claim, Measure};
use grantfolio::portfolio::Portfolio;
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
    let (survivors, tried) = survivors(&document, |changed| verify(portfolio, measures, changed).is_empty());
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
