//! Very many clients that share funds: taken apart client by client, prices from the relaxations of the blocks, the last touch part by part. What is
//! published is proven like anything else, nearly closed, and the same whatever number of threads planned it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn grantfolio(threads: usize, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grantfolio"));
    let output = command.env("RAYON_NUM_THREADS", threads.to_string()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn cents(result: &Value, field: &str) -> i64 {
    result[field].as_str().unwrap().replace('.', "").parse().unwrap()
}

#[test]
fn eighty_clients_are_planned_within_a_hundredth_of_a_per_cent_by_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    grantfolio(1, &["bench", "clients-80x3", "--seeds", "1", "--write", text(home)]);
    let portfolio = home.join("clients-80x3").join("0");
    let measures = portfolio.join("measures");
    let planned = |threads: usize| {
        let out = home.join(format!("by-{threads}"));
        let proof = out.join("proof.jsonl");
        fs::create_dir(&out).unwrap();
        let files = ["--measures", text(&measures), "--out", text(&out), "--certificate", text(&proof)];
        grantfolio(threads, &[&["optimize", text(&portfolio), "--gap", "1000"][..], &files].concat());
        (out.join("result.json"), proof)
    };
    let ((one, proof), (two, other_proof)) = (planned(1), planned(2));
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    assert_eq!(read(&one), read(&two));
    assert_eq!(read(&proof), read(&other_proof));

    let result: Value = serde_json::from_str(&read(&one)).unwrap();
    let (gap, bound) = (cents(&result, "gap"), cents(&result, "upper_bound"));
    assert!(gap * 10_000 < bound, "a gap of {gap} cents under a bound of {bound}");
    let certified = ["--measures", text(&measures), "--certificate", text(&proof)];
    let checked = grantfolio(1, &[&["verify", text(&portfolio), text(&one)][..], &certified].concat());
    // One group of all who share the funds, in blocks at prices.
    assert!(String::from_utf8_lossy(&checked.stdout).contains("blocks"));
}
