//! Models made smaller and models as they are: what is proven either way holds for the other, and for every plan there is.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::path::Path;
use std::time::Duration;

use grantfolio::bench::{BenchSettings, Trial};
use grantfolio::engine::RunSettings;
use grantfolio::generate::{MODELS, PATTERNS, Size, instance};
use grantfolio::load::{Overrides, measures, portfolio_for};
use grantfolio::money::Money;
use grantfolio::solve::Steps;
use rayon::prelude::*;

/// All steps, all but one, and none.
fn ways() -> [Steps; 6] {
    let all = Steps::default();
    let none = Steps { aggregate: false, reach: false, bounds: false, dominated: false };
    [
        all,
        Steps { aggregate: false, ..all },
        Steps { reach: false, ..all },
        Steps { bounds: false, ..all },
        Steps { dominated: false, ..all },
        none,
    ]
}

/// Plans with these steps, a few seconds at most.
fn settings(steps: Steps) -> BenchSettings {
    let run = RunSettings { time_limit: Some(Duration::from_secs(5)), steps, ..RunSettings::default() };
    BenchSettings { run, most_plans: 300_000, ..BenchSettings::default() }
}

/// Holds plans and bounds of one instance against each other; gives how many are proven.
fn agree(name: &str, trials: &[Trial]) -> usize {
    let best = trials.iter().map(|trial| trial.value).max().unwrap();
    for trial in trials {
        assert!(!trial.is_wrong(), "{name}: {trial:?}");
        // No plan is above the bound of another way.
        assert!(trial.bound.unwrap_or(Money::LARGEST) >= best, "{name}: {trials:?}");
        if trial.proven {
            assert_eq!(trial.value, best, "{name}: {trials:?}");
        }
    }
    trials.iter().filter(|trial| trial.proven).count()
}

/// Plans instances of a class under a pattern in every way, and gives how many of these trials were proven, of how many.
fn compare(model: &str, size: &str, pattern: &str, seeds: std::ops::Range<u64>) -> (usize, usize) {
    let model = MODELS.iter().find(|other| other.name == model).unwrap();
    let pattern = PATTERNS.iter().find(|other| other.name == pattern).unwrap();
    let size = Size::parse(size).unwrap();
    let proven: Vec<usize> = seeds
        .into_par_iter()
        .map(|seed| {
            let made = instance(model, size, pattern, seed);
            let trial =
                |steps| Trial::of(&made, &settings(steps)).unwrap_or_else(|e| panic!("{}: {e}", made.name));
            agree(&made.name, &ways().map(trial))
        })
        .collect();
    let (proven, of) = (proven.iter().sum(), proven.len() * ways().len());
    println!("{}-{size} {}: {proven} of {of} proven", model.name, pattern.name);
    (proven, of)
}

#[test]
fn small_portfolios_under_every_pattern() {
    for pattern in PATTERNS {
        let (proven, of) = compare("tiny", "9x3", pattern.name, 300..312);
        assert!(proven * 10 >= of * 8, "{}: {proven} of {of}", pattern.name);
    }
}

#[test]
fn costs_claimed_in_part() {
    for pattern in ["drawn", "tight", "subset-sum", "pools"] {
        compare("whole", "10x2", pattern, 300..306);
        compare("splittable", "8x2", pattern, 300..303);
    }
    let (proven, of) = compare("whole", "20x4", "drawn", 300..304);
    assert!(proven * 10 >= of * 8, "{proven} of {of}");
}

#[test]
fn costs_that_are_alike_and_costs_all_or_nothing() {
    compare("alike", "12x2", "drawn", 300..306);
    compare("indivisible", "10x2", "drawn", 300..306);
    compare("indivisible", "10x2", "ties", 300..306);
}

#[test]
fn clients_who_share() {
    compare("clients", "4x3", "drawn", 300..303);
    compare("clients", "2x3", "tight", 300..303);
}

/// The bundled portfolios, whose measures have variants, lots, loans, counts and exclusions.
#[test]
fn portfolios_with_every_kind_of_rule() {
    for name in ["choice", "energy", "office", "partnership", "smallest"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        let own = folder.join("measures");
        let read = || {
            let (measures, _) = measures::catalogue(own.is_dir().then_some(own.as_path()))?;
            let (portfolio, _) = portfolio_for(&folder, &measures, &Overrides::default())?;
            Ok((portfolio, measures))
        };
        let trial = |steps| {
            Trial::of_portfolio(name, read, &settings(steps)).unwrap_or_else(|e| panic!("{name}: {e}"))
        };
        let proven = agree(name, &ways().map(trial));
        // Of the partnership some cents stay open.
        assert!(proven == ways().len() || name == "partnership", "{name}: {proven}");
    }
}
