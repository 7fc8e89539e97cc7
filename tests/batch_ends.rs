//! Batches that do not run to their end undisturbed: cut by a limit, stopped by a full disk or by whoever sits there. What is done stays, and to go
//! on gives the bytes of a batch that was left alone.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod batch;
}

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::batch::{Batch, PROGRAM, cell, tables, text};

/// How many scenarios the journal of a running batch says are safe.
fn committed(out: &Path) -> u64 {
    let journal = fs::read_to_string(out.join("journal")).unwrap_or_default();
    let last = journal.lines().rfind(|line| line.ends_with(" ."));
    last.and_then(|line| line.split(' ').next()).map_or(0, |next| next.parse().unwrap())
}

/// A table of a running batch, as far as it is written.
fn so_far(out: &Path, table: &str) -> String {
    fs::read_to_string(out.join(format!("{table}.part"))).unwrap()
}

// ------------------------------------------------------------------------------------------------------- limits of time

/// Two scenarios of one content in which all clients of the office share a pool that runs out, which no machine closes in a second and which the
/// effort does not give up before; and one that takes no time.
#[test]
fn a_scenario_that_a_limit_cuts_says_so_and_is_not_remembered() {
    let short = |name: &str| format!("{name},pool,si40-2019.region,available,set,60000\n");
    let rows = format!("{}easy,expense,*,net_amount,mul,1\n{}", short("hard"), short("again"));
    let batch = Batch::of_portfolio("office", &rows);
    let tables = batch.planned("out", &["--time-limit", "1", "--effort", "1000", "--threads", "1"]);
    let results = &tables[0].1;
    let cut = ["hard", "easy", "again"].map(|scenario| cell(results, scenario, "cut"));
    assert_eq!(cut, ["yes", "no", "yes"]);
    let summary: serde_json::Value = serde_json::from_str(&tables[3].1).unwrap();
    assert_eq!(summary["cut"], 2);
    // What is remembered takes milliseconds: the second took its second once more.
    let timings = fs::read_to_string(batch.out("out").join("timings.csv")).unwrap();
    let took = |scenario: &str| cell(&timings, scenario, "milliseconds").parse::<f64>().unwrap();
    assert!(took("hard") >= 1000.0 && took("again") >= 1000.0, "{timings}");
}

// ------------------------------------------------------------------------------------------------ what cannot be written

/// As the superuser may write everywhere else: a folder in which nobody can make a file.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_told_before_anything_is_planned() {
    let batch = Batch::many(2);
    let output = batch.run("../../proc/self", &[]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("cannot write to the folder '") && message.contains("--out"), "{message}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_folder_in_the_place_of_a_table_is_named_and_nothing_is_begun() {
    let batch = Batch::many(2);
    let table = batch.out("out").join("changes.csv");
    fs::create_dir_all(&table).unwrap();
    let output = batch.run("out", &[]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains(&format!("cannot write '{}'", table.display())), "{message}");
    assert!(!batch.out("out").join("manifest.json").exists());
    fs::remove_dir(&table).unwrap();
    assert_eq!(batch.planned("out", &[]), batch.planned("other", &[]));
}

/// As on a disk that is full: no file may grow beyond half of what the longest table comes to.
#[test]
fn a_batch_that_can_write_no_more_stops_and_goes_on_where_there_is_room() {
    let batch = Batch::many(300);
    let whole = batch.planned("whole", &[]);
    let longest = whole.iter().map(|(_, table)| table.len()).max().unwrap();
    let out = batch.out("out");
    // The shell counts in blocks of 512 bytes; without the signal a write beyond the limit is an error.
    let limited = format!("ulimit -f {}; trap '' XFSZ; exec \"$0\" \"$@\"", longest / 2 / 512);
    let arguments = batch.arguments("out", &["--threads", "1"]);
    let output = Command::new("sh")
        .args(["-c", &limited, PROGRAM])
        .args(&arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("results cannot be written: "), "{message}");
    assert!(message.contains("make room and go on with --resume"), "{message}");
    let done = committed(&out);
    assert!((1..300).contains(&done), "{done} scenarios are safe");
    assert!(so_far(&out, "results.csv").lines().count() > usize::try_from(done).unwrap());
    assert!(!out.join("summary.json").exists());
    assert_eq!(batch.planned("out", &["--resume"]), whole);
}

/// Everything has landed when the last file turns out to have no place.
#[test]
fn a_batch_whose_last_file_cannot_be_written_is_ended_without_planning_again() {
    let batch = Batch::many(5);
    let whole = batch.planned("whole", &[]);
    let out = batch.out("out");
    let summary = out.join("summary.json");
    fs::create_dir_all(&summary).unwrap();
    let output = batch.run("out", &[]);
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains(&format!("cannot write '{}'", summary.display())), "{message}");
    assert_eq!(committed(&out), 5);
    let timings = so_far(&out, "timings.csv");
    fs::remove_dir(&summary).unwrap();
    assert_eq!(batch.planned("out", &["--resume"]), whole);
    assert_eq!(fs::read_to_string(out.join("timings.csv")).unwrap(), timings);
}

// -------------------------------------------------------------------------------------------------------------- Ctrl-C

fn started(batch: &Batch, more: &[&str]) -> Child {
    Command::new(PROGRAM)
        .args(batch.arguments("out", more))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a terminal sends at Ctrl-C.
fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits for something that comes soon, or never.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    while !is_so() {
        assert!(Instant::now() < end, "{what} did not come");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn an_interrupted_batch_keeps_what_is_done_and_goes_on_to_the_same_bytes() {
    let batch = Batch::many(400);
    let whole = batch.planned("whole", &["--no-cache"]);
    let out = batch.out("out");
    let child = started(&batch, &["--no-cache"]);
    until("the first scenario", || committed(&out) > 0);
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    let done = committed(&out);
    assert!((1..400).contains(&done), "{done} scenarios are safe");
    let told = format!("stopped: {done} of 400 scenarios are done; go on with the same command and --resume");
    assert!(message.contains(&told), "{message}");
    // Nothing stands in the tables beyond what is said to be done, and all of that does: results and failures together.
    let rows = |table: &str| csv::Reader::from_reader(so_far(&out, table).as_bytes()).records().count();
    assert_eq!(rows("results.csv") + rows("errors.csv"), usize::try_from(done).unwrap());
    // No summary of a part passes for one of the whole.
    assert!(output.stdout.is_empty() && !out.join("summary.json").exists());
    assert_eq!(batch.planned("out", &["--no-cache", "--resume"]), whole);
    assert_eq!(tables(&out), whole);
}

/// What a process has worked, in hundredths of a second: the fourteenth field of its line in `proc`, the twelfth after the name in brackets.
#[cfg(target_os = "linux")]
fn worked(child: &Child) -> u64 {
    let line = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let (_, after_name) = line.rsplit_once(") ").unwrap();
    after_name.split(' ').nth(11).unwrap().parse().unwrap()
}

/// A batch asked to stop between two scenarios does so; this one is in the midst of the second, which takes a minute. That the first is safe
/// doesn't say that the second runs, as the disk may take its time; that the processor works does.
#[cfg(target_os = "linux")]
#[test]
fn a_batch_that_is_interrupted_twice_stops_at_once() {
    let rows = "quick,expense,*,net_amount,mul,1\nlong,pool,si40-2019.region,available,set,60000\n";
    let batch = Batch::of_portfolio("office", rows);
    let out = batch.out("out");
    let mut child = started(&batch, &["--threads", "1", "--effort", "1000"]);
    until("the first scenario", || committed(&out) == 1);
    let first = worked(&child);
    until("the second scenario", || worked(&child) >= first + 50);
    interrupt(&child);
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "asked once, it ends what it has begun");
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert_eq!(committed(&out), 1);
    // Headings and the first.
    assert_eq!(so_far(&out, "results.csv").lines().count(), 2);
}
