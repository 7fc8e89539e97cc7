//! Plans held against the best that others have found for the same instances (`tests/data/instances/README.md`).

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::num::NonZeroU16;
use std::path::Path;

use grantfolio::bench::{BenchSettings, Trial};
use grantfolio::engine::{Effort, RunSettings};
use grantfolio::load::instances::instances;
use grantfolio::money::Money;

/// Sixty expenses under seven measures, seed 0: the best of four solvers, given thirty seconds each, is 253,981.30.
#[test]
fn no_solver_has_found_a_better_plan() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/instances/whole-60x7.jsonl");
    let instances = instances(&file).unwrap();
    // A few times the usual work, some seconds on one core.
    let run = RunSettings { effort: Effort(NonZeroU16::new(4).unwrap()), ..RunSettings::default() };
    let settings = BenchSettings { run, ..BenchSettings::default() };
    let trial = Trial::of(&instances[0], &settings).unwrap();
    assert!(trial.value >= Money::from_cents(25_398_130), "{} is worse", trial.value);
    // The relaxation, in which expenses may be divided, is worth 253,981.335: no plan is worth more.
    assert!(trial.bound.unwrap() <= Money::from_cents(25_398_133));
}
