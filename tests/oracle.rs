//! Whatever is published as optimal is the optimum, to the cent: hundreds of tiny random portfolios over measures of every
//! rule family are enumerated in full. A case is named by its seed.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod enumerate;
    pub mod random;
}

use std::collections::BTreeMap;

use common::enumerate;
use common::random::{Size, case, families};
use grantfolio::allocation::{Document, Status};
use grantfolio::eligibility::eligibility;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::measure::{Claim, Measure};
use grantfolio::portfolio::Portfolio;

/// Plans enumerated for one case at most.
const MOST_PLANS: f64 = 120_000.0;

fn run(seed: u64, portfolio: &Portfolio, measures: &[Measure]) -> Document {
    let run = optimize(portfolio, measures, &RunSettings::default());
    run.unwrap_or_else(|error| panic!("seed {seed}: {error}")).document
}

/// Runs every seed and returns (cases compared, cases published as optimal).
fn compare(seeds: std::ops::Range<u64>, size: Size) -> (usize, usize) {
    let (mut compared, mut optimal) = (0, 0);
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in seeds {
        let (portfolio, measures) = case(seed, size);
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

#[test]
fn any_part_cent_by_cent() {
    let size = Size { expenses: 4, measures: 2, claim: Claim::AnyPart, largest: 9, projects: 2 };
    let (compared, optimal) = compare(1000..1400, size);
    assert!(compared >= 250, "{compared}");
    assert!(optimal * 100 >= compared * 90, "{optimal} of {compared}");
}
