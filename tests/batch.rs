//! Batches as users meet them: the command on a portfolio and a file of scenarios, killed, stopped, cut into shards.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod batch;
}

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::batch::{Batch, HEADER, PROGRAM, cell, grantfolio, path, scenarios, tables, text};

/// How often the batch of [`a_killed_batch_goes_on_without_losing_or_repeating_a_scenario`] is killed.
const KILLS: u64 = 24;

#[test]
fn threads_and_cache_change_no_byte() {
    let batch = Batch::many(60);
    let one = batch.planned("one", &["--threads", "1"]);
    assert_eq!(batch.planned("three", &["--threads", "3"]), one);
    assert_eq!(batch.planned("uncached", &["--no-cache"]), one);
    assert_eq!(one[0].1.lines().count(), 61);
}

/// Every scenario edits rules, so that every client is touched: what is left of the base is used, and changes no figure.
#[test]
fn rules_that_touch_every_client_give_the_same_with_and_without_what_is_known() {
    let rules = [
        ("si40-2019", "cap.at_most.0.euro", "set", "41000"),
        ("si40-2019", "grant.rate", "set", "0.45"),
        ("si40-2019", "composition.at_least.0.rate", "set", "0.3"),
        ("si40-2019", "minimum.at_least.0.euro", "mul", "1.2"),
        ("si40-2019", "doubt.de-minimis", "set", "1"),
        ("certifications-2026", "cap.at_most.0.euro", "mul", "0.7"),
        ("certifications-2026", "article-28.at_most", "mul", "0.8"),
        ("certifications-2026", "one-certificate.at_most", "set", "2"),
        ("certifications-2026", "doubt.minimum", "set", "1"),
        ("efficient-enterprise-2025", "grant-cap.at_most.0.euro", "mul", "0.5"),
        ("efficient-enterprise-2025", "doubt.grant", "set", "1"),
        // Nothing that a plan hangs on, and a rule that cannot be read.
        ("si40-2019", "e.name.en", "set", "something else"),
        ("si40-2019", "grant.rate", "set", "much"),
    ];
    let row = |(nth, (measure, field, op, value)): (usize, &(&str, &str, &str, &str))| {
        format!("s{nth:02},measure,{measure},{field},{op},{value}\n")
    };
    let mut rows: String = rules.iter().enumerate().map(row).collect();
    // Two rules of one measure, a rule and a row, a rule and a setting.
    rows += "two,measure,si40-2019,grant.rate,set,0.48\ntwo,measure,si40-2019,cap.at_most.0.euro,add,-1000\n";
    rows += "row,measure,si40-2019,grant.rate,set,0.48\nrow,expense,category=software,net_amount,mul,1.1\n";
    rows += "day,measure,si40-2019,grant.rate,set,0.48\nday,measure,si40-2019,waiting_list,set,yes\n";
    let batch = Batch::of_portfolio("office", &rows);
    let one = batch.planned("one", &["--threads", "1"]);
    assert_eq!(batch.planned("two", &["--threads", "2"]), one);
    assert_eq!(batch.planned("uncached", &["--no-cache"]), one);
    assert_eq!(one[0].1.lines().count(), 1 + 15);
    assert!(one[2].1.contains("\ns12,input,"), "{}", one[2].1);
    assert_eq!(cell(&one[0].1, "s11", "difference"), "0.00");
    assert_eq!(cell(&one[0].1, "s11", "plan"), "base");
}

#[test]
fn shards_together_are_the_single_run() {
    let batch = Batch::many(31);
    let single = batch.planned("single", &[]);
    let mut shards = Vec::new();
    for number in 1..=3 {
        let name = format!("shard-{number}");
        batch.planned(&name, &["--shard", &format!("{number}/3")]);
        shards.push(batch.out(&name));
    }
    let merged = batch.out("merged");
    let merge = |shards: &[&Path]| {
        let folders: Vec<&str> = shards.iter().map(|shard| path(shard)).collect();
        grantfolio(&[&["merge"], folders.as_slice(), &["--out", path(&merged)]].concat())
    };
    // One missing: nothing is written.
    let output = merge(&[&shards[0], &shards[2]]);
    assert_eq!(output.status.code(), Some(2));
    // 31 scenarios in three parts: 10, 10 and 11
    assert!(text(&output.stderr).contains("scenarios 11 to 20 are in no shard"), "{}", text(&output.stderr));
    assert!(!merged.exists());
    // The order of the folders means nothing.
    assert_eq!(merge(&[&shards[2], &shards[0], &shards[1]]).status.code(), Some(0));
    assert_eq!(tables(&merged), single);
}

#[test]
fn a_killed_batch_goes_on_without_losing_or_repeating_a_scenario() {
    let batch = Batch::many(1_000);
    let whole = batch.planned("whole", &["--no-cache"]);
    let out = batch.out("killed");
    let arguments = batch.arguments("killed", &["--resume", "--no-cache", "--threads", "2"]);
    let journal = out.join("journal");
    let journal_length = || fs::metadata(&journal).map_or(0, |file| file.len());
    for kill in 0..KILLS {
        let mut child = Command::new(PROGRAM)
            .args(&arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The first die while they start; the others have something to lose: they have committed once more than
        // their forerunner. How much longer they live hangs on nothing that they do.
        let before = journal_length();
        while kill >= KILLS / 4 && journal_length() == before && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(100));
        }
        std::thread::sleep(Duration::from_micros(kill * 700 % 3_000));
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(status.code().is_none(), "kill {kill} came after the end: {status}");
    }
    batch.planned("killed", &["--resume", "--no-cache"]);
    assert_eq!(tables(&out), whole);
    assert!(!journal.exists());
}

#[test]
fn a_batch_goes_on_only_with_the_same_inputs_and_only_if_asked() {
    let batch = Batch::many(3);
    batch.planned("out", &[]);
    let again = batch.run("out", &[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("holds a batch already"), "{}", text(&again.stderr));
    // Complete: nothing to do.
    assert_eq!(batch.run("out", &["--resume"]).status.code(), Some(0));
    // The work of each is a setting like any other.
    let harder = batch.run("out", &["--resume", "--effort", "2"]);
    assert_eq!(harder.status.code(), Some(2));
    assert!(
        text(&harder.stderr).contains("the settings of the command changed since it began"),
        "{}",
        text(&harder.stderr)
    );
    fs::write(batch.out("scenarios.csv"), HEADER.to_owned() + "other,expense,*,net_amount,mul,2\n").unwrap();
    let changed = batch.run("out", &["--resume"]);
    assert_eq!(changed.status.code(), Some(2));
    assert!(
        text(&changed.stderr).contains("the scenarios changed since it began"),
        "{}",
        text(&changed.stderr)
    );
}

#[test]
fn what_is_wrong_with_scenarios_is_told_before_anything_is_planned() {
    let batch = Batch::of("good,expense,*,net_amount,mul,1.1\nbad,expense,nobody,net_amount,mul,1.1\n");
    let output = batch.run("out", &[]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("scenarios.csv:3:") && message.contains("nobody"), "{message}");
    assert!(!batch.out("out").exists());
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told_before_anything_is_planned() {
    let batch = Batch::many(2);
    fs::write(batch.out("taken"), "a file").unwrap();
    let output = batch.run("taken", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("taken"), "{}", text(&output.stderr));
}

/// Rossi's certificate wants 20,000 of spend at least and brings 49,000; without the measure they have SI4.0 alone.
#[test]
fn results_say_what_scenarios_change() {
    let batch = Batch::of(
        "same,expense,*,net_amount,mul,1\nclosed,setting,,measures.certifications-2026.excluded,set,true\n",
    );
    let tables = batch.planned("out", &[]);
    let results = &tables[0].1;
    assert_eq!(cell(results, "same", "difference"), "0.00");
    assert_eq!(cell(results, "same", "plan"), "base");
    assert_eq!(cell(results, "same", "regret"), "0.00");
    assert_eq!(cell(results, "closed", "applications:certifications-2026"), "0");
    let summary: serde_json::Value = serde_json::from_str(&tables[3].1).unwrap();
    let (closed, base) = (cell(results, "closed", "grant"), summary["base_grant"].as_str().unwrap());
    let (closed, base): (f64, f64) = (closed.parse().unwrap(), base.parse().unwrap());
    assert!(closed < base, "{closed} is not less than {base}");
    let changes = &tables[1].1;
    assert!(changes.lines().skip(1).all(|row| row.starts_with("closed,")), "{changes}");
    assert!(changes.lines().count() > 1);
}

#[test]
fn a_dry_run_tells_what_scenarios_change_and_plans_nothing() {
    let batch = Batch::of("dearer,expense,*,net_amount,mul,1.1\n");
    let (portfolio, file) = (scenarios("choice"), batch.out("scenarios.csv"));
    let output = grantfolio(&["batch", path(&portfolio), "--scenarios", path(&file), "--list"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let listed = text(&output.stdout);
    assert!(listed.contains("dearer") && listed.contains("net_amount"), "{listed}");
}

#[test]
fn a_warning_of_a_measure_is_told_once() {
    let batch = Batch::of("dearer,expense,*,net_amount,mul,1.1\n");
    let measure = Path::new(env!("CARGO_MANIFEST_DIR")).join("measures/certifications-2026.toml");
    let (quotation, measures) = ("\nref = \"La misura non è ancora attiva\"\n", batch.out("measures"));
    let text_of_measure = fs::read_to_string(measure).unwrap();
    assert!(text_of_measure.contains(quotation));
    fs::create_dir(&measures).unwrap();
    fs::write(measures.join("own.toml"), text_of_measure.replacen(quotation, "\n", 1)).unwrap();
    let (portfolio, file) = (scenarios("choice"), batch.out("scenarios.csv"));
    let arguments = ["batch", path(&portfolio), "--scenarios", path(&file), "--measures", path(&measures)];
    let output = grantfolio(&[&arguments[..], &["--list"]].concat());
    assert_eq!(output.status.code(), Some(0));
    // M031: a rule quotes nothing although there is a source
    let message = text(&output.stderr);
    assert_eq!(message.matches("M031").count(), 1, "{message}");
}

/// As the scheduler does it: each task of the array, then the merge.
#[cfg(unix)]
#[test]
fn the_scripts_for_slurm_give_what_a_single_run_gives() {
    let batch = Batch::many(7);
    let single = batch.planned("single", &[]);
    let (portfolio, file, scripts) = (scenarios("choice"), batch.out("scenarios.csv"), batch.out("scripts"));
    // How many threads a task has is for Slurm to say.
    let asked = ["--threads", "2", "--scripts", path(&scripts), "--shards=2"];
    let output = grantfolio(&[&["batch", path(&portfolio), "--scenarios", path(&file)], &asked[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let mut search = vec![Path::new(PROGRAM).parent().unwrap().to_owned()];
    search.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let run = |script: &str, task: &str| {
        let output = Command::new("sh")
            .arg(scripts.join(script))
            .current_dir(batch.out(""))
            .env("PATH", std::env::join_paths(&search).unwrap())
            .envs([("SLURM_ARRAY_TASK_ID", task), ("SLURM_CPUS_PER_TASK", "1")])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{script}: {}", text(&output.stderr));
    };
    run("batch.slurm", "1");
    run("batch.slurm", "2");
    run("merge.sh", "");
    assert_eq!(tables(&batch.out("merged")), single);
}
