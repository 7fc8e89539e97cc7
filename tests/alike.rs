//! Expenses that are alike, planned as one and one by one: what is proven either way holds for the other, and for every plan there is.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::time::Duration;

use grantfolio::bench::{BenchSettings, Trial};
use grantfolio::engine::RunSettings;
use grantfolio::generate::{MODELS, PATTERNS, Size, instance};
use grantfolio::money::Money;
use grantfolio::solve::Steps;
use rayon::prelude::*;

/// Plans instances of a class under a pattern both ways, and tells how many were proven as one, and how many one by one.
fn compare(model: &str, size: &str, pattern: &str, seeds: std::ops::Range<u64>) -> (usize, usize) {
    let model = MODELS.iter().find(|other| other.name == model).unwrap();
    let pattern = PATTERNS.iter().find(|other| other.name == pattern).unwrap();
    let size = Size::parse(size).unwrap();
    let proven: Vec<(bool, bool)> = seeds
        .into_par_iter()
        .map(|seed| {
            let made = instance(model, size, pattern, seed);
            let planned = |aggregate: bool| {
                let time_limit = Some(Duration::from_secs(5));
                let run = RunSettings {
                    time_limit,
                    steps: Steps { aggregate, ..Steps::default() },
                    ..RunSettings::default()
                };
                let settings = BenchSettings { run, most_plans: 20_000, ..BenchSettings::default() };
                Trial::of(&made, &settings).unwrap_or_else(|error| panic!("{}: {error}", made.name))
            };
            let (one, each) = (planned(true), planned(false));
            let within = |plan: &Trial, other: &Trial| plan.value <= other.bound.unwrap_or(Money::LARGEST);
            assert!(!one.is_wrong() && !each.is_wrong(), "{}: {one:?} {each:?}", made.name);
            assert!(within(&one, &each) && within(&each, &one), "{}: {one:?} {each:?}", made.name);
            if one.certified && each.certified {
                assert_eq!(one.value, each.value, "{}", made.name);
            }
            (one.certified, each.certified)
        })
        .collect();
    let count = |of: fn(&(bool, bool)) -> bool| proven.iter().filter(|proven| of(proven)).count();
    let (one, each) = (count(|proven| proven.0), count(|proven| proven.1));
    println!("{}-{size} {}: {one} proven as one, {each} one by one", model.name, pattern.name);
    (one, each)
}

#[test]
fn kinds_of_like_costs() {
    let (one, each) = compare("alike", "10x2", "drawn", 100..120);
    assert!(one >= 18 && one >= each, "{one} proven as one, {each} one by one");
    let (one, _) = compare("alike", "60x3", "drawn", 100..104);
    assert!(one >= 3, "{one} proven as one");
    compare("alike", "20x2", "tight", 100..106);
    compare("alike", "20x3", "subset-sum", 100..106);
    compare("alike", "16x3", "pools", 100..106);
}

#[test]
fn costs_that_are_all_the_same() {
    let (one, each) = compare("tiny", "8x3", "ties", 200..230);
    assert!(one >= 28 && one >= each, "{one} proven as one, {each} one by one");
    compare("indivisible", "12x3", "ties", 200..206);
    compare("whole", "12x3", "ties", 200..206);
    compare("clients", "2x3", "ties", 200..204);
}
