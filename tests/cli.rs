//! The command as a user meets it: exit codes, streams, files, help.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use grantfolio::allocation::{Document, Proof, Status};
use grantfolio::generate::{MODELS, PATTERNS};
use grantfolio::report::batch::tables;
use grantfolio::report::{bench, csv, what_if};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn grantfolio(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grantfolio"));
    command.current_dir(root()).args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    grantfolio(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A portfolio in a folder of its own, with one file changed.
fn changed(scenario: &str, file: &str, change: impl Fn(String) -> String) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(root().join("scenarios").join(scenario)).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, home.path().join(path.file_name().unwrap())).unwrap();
    }
    let text = std::fs::read_to_string(home.path().join(file)).unwrap();
    std::fs::write(home.path().join(file), change(text)).unwrap();
    home
}

#[test]
fn a_proven_plan_is_success_and_stands_on_standard_output() {
    let output = run(&["optimize", "scenarios/smallest"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    // Worked by hand in the README of the scenario.
    assert!(out(&output).starts_with("Total grant EUR 26 000.00\nProven the best"), "{}", out(&output));
    assert_eq!(err(&output), "");
}

#[test]
fn json_is_the_result_document() {
    let output = run(&["optimize", "scenarios/choice", "--format", "json", "--require", "certified"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let document: Document = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((document.status, document.proof), (Status::Optimal, Proof::Certified));
    // Worked by hand in the README of the scenario.
    assert_eq!(document.totals.grant.to_string(), "346300.00");
    assert_eq!(document.totals.net.to_string(), "343208.00");
}

#[test]
fn equal_runs_give_equal_bytes() {
    let arguments = ["optimize", "scenarios/choice", "--format", "json"];
    assert_eq!(run(&arguments).stdout, run(&arguments).stdout);
}

#[test]
fn out_holds_every_file_and_verify_accepts_the_result() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("new/results");
    let output = run(&["optimize", "scenarios/choice", "--out", folder.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["allocation.csv", "applications.csv", "reasons.csv", "result.json", "timings.csv"]);
    let result = folder.join("result.json");
    let verified = run(&["verify", "scenarios/choice", result.to_str().unwrap()]);
    assert_eq!(code(&verified), 0, "{}", out(&verified));
    // One cent more than the rules give.
    let text = std::fs::read_to_string(&result).unwrap();
    std::fs::write(&result, text.replace("\"grant\": \"346300.00\"", "\"grant\": \"346300.01\"")).unwrap();
    let refused = run(&["verify", "scenarios/choice", result.to_str().unwrap()]);
    assert_eq!(code(&refused), 1, "{}", out(&refused));
    std::fs::write(&result, "{}").unwrap();
    let foreign = run(&["verify", "scenarios/choice", result.to_str().unwrap()]);
    assert_eq!(code(&foreign), 2, "{}", err(&foreign));
}

#[test]
fn tables_hold_one_row_a_thing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().to_str().unwrap();
    run(&["optimize", "scenarios/choice", "--out", folder]);
    let lines = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap().lines().count();
    assert_eq!(lines("applications.csv"), 1 + 4);
    assert_eq!(lines("allocation.csv"), 1 + 16);
}

#[test]
fn a_folder_that_takes_no_files_is_refused_before_anything_is_solved() {
    let home = tempfile::tempdir().unwrap();
    let taken: PathBuf = home.path().join("file");
    std::fs::write(&taken, "").unwrap();
    let output = run(&["optimize", "scenarios/smallest", "--out", taken.to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("choose another with --out"), "{}", err(&output));
}

#[test]
fn a_reader_that_stops_listening_is_no_failure() {
    let mut child = grantfolio(&["measures", "show", "si40-2019"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut messages = String::new();
    child.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{messages}");
    assert_eq!(messages, "");
}

#[test]
fn wrong_usage_is_exit_code_2_with_a_hint() {
    for (arguments, hint) in [
        (&["optimise"][..], "optimize"),
        (&["optimize"], "PORTFOLIO"),
        (&["optimize", "scenarios/smallest", "--gap", "1,5"], "1,5"),
        (&["optimize", "scenarios/smallest", "--as-of", "31/01/2026"], "2026-01-31"),
        (&["optimize", "scenarios/smallest", "--reissue", "si4-2019=2026-09-10"], "did you mean 'si40-2019'"),
        (&["assess", "scenarios/smallest", "--measure", "certification-2026"], "certifications-2026"),
        (&["export", "scenarios/smallest"], "--lp"),
        (&["measures", "show", "nothing-like-it"], "measures list"),
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(hint), "{arguments:?}: {}", err(&output));
        assert_eq!(out(&output), "");
    }
}

#[test]
fn wrong_input_is_drawn_and_is_exit_code_2() {
    let home = changed("smallest", "expenses.csv", |text| text.replace("12000.00", "12000.005"));
    let folder = home.path().to_str().unwrap();
    let output = run(&["optimize", folder]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("12000.005"), "{}", err(&output));
    assert!(err(&output).contains("expenses.csv"), "{}", err(&output));
    // For `check` the problems are the data.
    let checked = run(&["check", folder, "--format", "json"]);
    assert_eq!(code(&checked), 2);
    let problems: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(problems[0]["file"], "expenses.csv");
    assert_eq!(problems[0]["severity"], "error");
}

#[test]
fn a_folder_that_is_not_there_is_wrong_input() {
    let output = run(&["optimize", "scenarios/nowhere"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("scenarios/nowhere"), "{}", err(&output));
}

#[test]
fn check_shows_the_matrix_and_asks_for_what_is_missing() {
    let output = run(&["check", "scenarios/smallest"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    for part in ["Portfolio as understood", "Which expense may enter which measure", "+ a", "[ ] "] {
        assert!(out(&output).contains(part), "{part}: {}", out(&output));
    }
    // Without its size nobody can say whether the company may apply.
    let home = changed("smallest", "companies.csv", |text| text.replace(",small,", ",,"));
    let output = run(&["check", home.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("Questions to be answered"), "{}", out(&output));
    assert!(out(&output).contains("size"), "{}", out(&output));
}

#[test]
fn assess_shows_the_sheet() {
    let output = run(&["assess", "scenarios/smallest", "--measure", "si40-2019"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("26 000.00"), "{}", out(&output));
    let json = run(&["assess", "scenarios/smallest", "--measure", "si40-2019", "--format", "json"]);
    let sheets: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(sheets[0]["application"], "sensors / si40-2019");
}

#[test]
fn the_model_is_exported_in_both_forms() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("model.mps");
    let output = run(&["export", "scenarios/smallest", "--lp", "-", "--mps", file.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).to_lowercase().contains("maximi"), "{}", out(&output));
    assert!(std::fs::read_to_string(file).unwrap().contains("ROWS"));
}

#[test]
fn the_catalogue_is_listed_shown_checked_and_tested() {
    let listed = run(&["measures", "list"]);
    assert!(out(&listed).contains("certifications-2026"), "{}", out(&listed));
    assert_eq!(code(&run(&["measures", "test"])), 0);
    let good = run(&["measures", "check", "measures/si40-2019.toml"]);
    assert_eq!(code(&good), 0, "{}", out(&good));
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("bad.toml");
    let text = std::fs::read_to_string(root().join("measures/si40-2019.toml")).unwrap();
    std::fs::write(&file, text.replace("claim = ", "clame = ")).unwrap();
    let bad = run(&["measures", "check", file.to_str().unwrap()]);
    assert_eq!(code(&bad), 2);
    assert!(out(&bad).contains("clame"), "{}", out(&bad));
}

#[test]
fn the_overview_is_as_agreed() {
    let output = run(&["--help"]);
    assert_eq!(code(&output), 0);
    let golden = root().join("tests/golden/help.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, out(&output)).unwrap();
    }
    let agreed = std::fs::read_to_string(golden).unwrap().replace("\r\n", "\n");
    assert_eq!(out(&output), agreed, "UPDATE_GOLDEN=1 rewrites it");
}

#[test]
fn worked_examples_stand_in_a_table_that_ends_at_the_first_difference() {
    let good = run(&["measures", "test", "si40-2019"]);
    assert_eq!(code(&good), 0, "{}", err(&good));
    let heading = out(&good)
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    assert_eq!(heading, ["measure", "example", "expected", "got"]);
    assert!(out(&good).ends_with("examples hold\n"), "{}", out(&good));

    let home = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root().join("measures/si40-2019.toml")).unwrap();
    // Two examples of which the first grants a cent less than it says: the second is not looked at.
    let (head, examples) = text.split_once("[[example]]").unwrap();
    let grant = examples.lines().find(|line| line.starts_with("grant = ")).unwrap();
    let figure = grant.trim_start_matches("grant = \"").split('"').next().unwrap();
    let changed = examples.replacen(grant, &format!("grant = \"{figure} + 0.01\""), 1);
    std::fs::write(home.path().join("changed.toml"), format!("{head}[[example]]{changed}")).unwrap();
    let bad = run(&["measures", "test", "si40-2019", "--measures", home.path().to_str().unwrap()]);
    assert_eq!(code(&bad), 1, "{}", err(&bad));
    let rows = out(&bad).lines().filter(|line| line.trim_start().starts_with("si40-2019 ")).count();
    assert_eq!(rows, 1, "{}", out(&bad));
    assert!(out(&bad).contains("fails:"), "{}", out(&bad));
    // The computation sheet follows.
    assert!(out(&bad).contains("grant, in whole cents"), "{}", out(&bad));
}

#[test]
fn quotations_of_measures_are_held_against_the_source() {
    let home = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(root().join("measures/si40-2019.toml")).unwrap();
    let check = |text: &str| {
        let file = home.path().join("changed.toml");
        std::fs::write(&file, text).unwrap();
        run(&["measures", "check", file.to_str().unwrap(), "--sources", "tests/data/seeds"])
    };
    let good = check(&text);
    assert_eq!(code(&good), 0, "{}", out(&good));
    assert!(out(&good).contains("quotations stand in the source"), "{}", out(&good));
    let quote = "verranno stanziati unicamente per coprire le voci di spesa di cui alle lettere c), d) ed e)";
    // Other words, and too few of them.
    for words in ["verranno spesi per coprire tutte le voci", "verranno stanziati"] {
        let bad = check(&text.replacen(quote, words, 1));
        assert_eq!(code(&bad), 2, "{}", out(&bad));
        assert!(out(&bad).contains("M033"), "{}", out(&bad));
    }
    // No word of the source at all.
    let bad = check(&text.replacen("ref = \"Bergamo 100.000 Brescia 130.000 Como\"\n", "", 1));
    assert_eq!(code(&bad), 2, "{}", out(&bad));
    assert!(out(&bad).contains("M031"), "{}", out(&bad));
    // Without the texts nothing is compared, and that is said.
    let apart = run(&["measures", "check", "measures/si40-2019.toml"]);
    assert!(out(&apart).contains("quotations not compared"), "{}", out(&apart));
}

#[test]
fn every_column_of_the_tables_is_documented() {
    let page = std::fs::read_to_string(root().join("docs/commands.md")).unwrap();
    let row = |name: &str, meaning: &str| format!("| `{name}` | {meaning} |");
    let mut rows: Vec<String> = Vec::new();
    rows.extend(csv::APPLICATIONS.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(csv::ALLOCATION.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(csv::REASONS.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(what_if::DOUBTS.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(what_if::LATER.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(what_if::DELAY.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(tables::results().iter().map(|c| row(c.name, c.meaning)));
    rows.extend(tables::changes().iter().map(|c| row(c.name, c.meaning)));
    rows.extend(tables::errors().iter().map(|c| row(c.name, c.meaning)));
    rows.extend(tables::timings().iter().map(|c| row(c.name, c.meaning)));
    rows.extend(bench::COLUMNS.iter().map(|c| row(c.name, c.meaning)));
    rows.extend(PATTERNS.iter().map(|pattern| row(pattern.name, pattern.about)));
    for model in MODELS {
        let sizes: Vec<String> = model.sizes.iter().map(ToString::to_string).collect();
        rows.push(format!("| `{}` | {} | {} |", model.name, sizes.join(", "), model.about));
    }
    for row in rows {
        assert!(page.contains(&row), "docs/commands.md lacks the row\n{row}");
    }
}

#[test]
fn a_time_limit_that_no_clock_counts_is_wrong_usage() {
    let longest = u64::MAX.to_string();
    let output = run(&["optimize", "scenarios/smallest", "--time-limit", &longest]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    let output = run(&["optimize", "scenarios/smallest", "--time-limit", "1000000000"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
}

#[test]
fn a_bench_prints_a_row_a_case_and_method() {
    let output =
        run(&["bench", "tiny-6x2", "--pattern", "ties", "--seeds", "3", "--bare", "--format", "csv"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let text = out(&output);
    let mut rows = ::csv::Reader::from_reader(text.as_bytes());
    let names: Vec<&str> = bench::COLUMNS.iter().map(|column| column.name).collect();
    assert_eq!(rows.headers().unwrap(), names);
    let rows: Vec<::csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let cells = |row: usize, columns: [&str; 4]| {
        columns.map(|name| rows[row][names.iter().position(|n| *n == name).unwrap()].to_owned())
    };
    let columns = ["case", "method", "instances", "wrong"];
    assert_eq!(cells(0, columns), ["tiny-6x2-ties", "grantfolio", "3", "0"]);
    assert_eq!(cells(1, columns)[..3], ["tiny-6x2-ties", "microlp alone", "3"]);
    // Every plan of so few costs is tried.
    assert_eq!(cells(0, ["tried", "right", "proven", "gap"]), ["3", "3", "3", "0.00"]);
    // And every backend in this build is asked.
    assert_eq!(rows.len(), 1 + grantfolio::solve::backends().len());
    let portfolio = run(&["bench", "--portfolio", "scenarios/smallest"]);
    assert_eq!(code(&portfolio), 0, "{}", err(&portfolio));
    assert!(out(&portfolio).contains("scenarios/smallest"), "{}", out(&portfolio));
}

#[test]
fn a_bench_tells_what_there_is_and_what_is_not() {
    let list = out(&run(&["bench", "--list"]));
    assert!(MODELS.iter().all(|model| list.contains(model.name)), "{list}");
    for (arguments, message) in [
        (vec!["bench"], "required"),
        (vec!["bench", "whol-20x4"], "there is no model 'whol': did you mean 'whole'?"),
        (vec!["bench", "whole-20"], "'20' in 'whole-20' is no size such as 20x4"),
        (vec!["bench", "whole-20x0"], "'20x0' in 'whole-20x0' is no size"),
        (vec!["bench", "tiny", "--pattern", "tie"], "there is no pattern 'tie': did you mean 'ties'?"),
        (vec!["bench", "--instances", "none.jsonl"], "'none.jsonl' is not there"),
        (vec!["bench", "--portfolio", "none"], "'none' cannot be read"),
    ] {
        let output = run(&arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn an_instance_that_is_written_is_planned_as_any_portfolio() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("new");
    let shown = folder.to_str().unwrap();
    let written = run(&["bench", "tiny-6x2", "--seeds", "2", "--write", shown]);
    assert_eq!(code(&written), 0, "{}", err(&written));
    let (own, measures) = (format!("{shown}/tiny-6x2/1"), format!("{shown}/tiny-6x2/1/measures"));
    assert!(out(&written).contains(&format!("grantfolio optimize {own} --measures {measures}\n")));
    let planned = run(&["optimize", &own, "--measures", &measures, "--format", "json"]);
    assert_eq!(code(&planned), 0, "{}", err(&planned));
    let document: Document = serde_json::from_slice(&planned.stdout).unwrap();
    assert_eq!(document.status, Status::Optimal);
    assert!(document.applications.iter().all(|a| a.measure.as_str().starts_with("call")));
    // Nothing is written over.
    assert_eq!(code(&run(&["bench", "tiny-6x2", "--write", shown])), 2);
}
