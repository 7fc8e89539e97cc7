//! Plans held against the best that others have found for the same instances (`tests/data/instances/README.md`).

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::num::NonZeroU16;
use std::path::Path;

use grantfolio::bench::{BenchSettings, Trial};
use grantfolio::engine::{Effort, RunSettings};
use grantfolio::load::instances::instances;
use grantfolio::money::Money;

/// One instance of a class, planned with so many times the usual work.
fn trial(class: &str, seed: usize, effort: u16) -> Trial {
    let file = format!("tests/data/instances/{class}.jsonl");
    let instances = instances(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let run = RunSettings { effort: Effort(NonZeroU16::new(effort).unwrap()), ..RunSettings::default() };
    Trial::of(&instances[seed], &BenchSettings { run, ..BenchSettings::default() }).unwrap()
}

/// Sixty expenses under seven measures, seed 0: the best of four solvers, given thirty seconds each, is 253,981.30. Sixteen times the usual work is three of them.
#[test]
fn no_solver_has_found_a_better_plan() {
    let trial = trial("whole-60x7", 0, 16);
    assert!(trial.value >= Money::from_cents(25_398_130), "{} is worse", trial.value);
    // The relaxation, in which expenses may be divided, is worth 253,981.335: no plan is worth more.
    assert!(trial.bound.unwrap() <= Money::from_cents(25_398_133));
}

/// Seed 12 has one consultancy of 25,976.10 that five calls share in the relaxation (327,147.89), each as much as its other costs allow. HiGHS, which decides on it first, says that
/// no plan is worth more than 324,680.04.
#[test]
fn an_expense_that_all_calls_want_is_decided_first() {
    let trial = trial("whole-60x7", 12, 1);
    let (value, bound) = (trial.value.cents(), trial.bound.unwrap().cents());
    assert!(bound <= 32_470_000, "{bound}");
    assert!(value >= 32_465_000, "{value}");
}

/// Seed 3 of twenty expenses: goods of 2,320.57 + 2,975.02 + 5,434.88 + 10,862.17 + 9,547.32 + 5,703.56 + 4,095.29 = 40,938.81 under the second call, so that consultancy is cut to half of it,
/// 20,469.405, which is 20,469.40. Flat rate: 7 % of 61,408.21 is 4,298.57; 60 % of 65,706.78 is 39,424.068. Half a cent more of consultancy, shared by two invoices, would be a
/// cent of grant. Under the third call half of 12,444.16 + 9,444.64 + 1,137.45 + 2,501.78 + 21,692.75 is 23,610.39.
#[test]
fn a_ceiling_is_in_whole_cents_however_many_invoices_share_it() {
    let trial = trial("whole-20x4", 3, 1);
    assert_eq!(trial.value, Money::from_cents(3_942_406 + 2_361_039));
    assert!(trial.proven && trial.certified);
}
