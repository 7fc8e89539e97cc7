//! Certificates as users meet them: what `optimize --certificate` writes, `verify --certificate` bears out without a solver; and whatever is changed in a
//! proof such that the bound no longer follows, in the portfolio or in the file is told, with its code, its line and what to do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod common {
    pub mod random;
}

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use common::random::{Size, case, joined, lending};
use grantfolio::engine::certificate::{By, certified, check};
use grantfolio::engine::{RunError, RunSettings};
use grantfolio::load::certificate::codes;
use grantfolio::measure::{Claim, Measure};
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(arguments: &[&str]) -> Output {
    let binary = env!("CARGO_BIN_EXE_grantfolio");
    std::process::Command::new(binary).current_dir(root()).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A result with its certificate, in a folder of its own.
struct Proven {
    home: tempfile::TempDir,
    portfolio: PathBuf,
    /// Measures of its own, as options say it.
    measures: Vec<String>,
}

impl Proven {
    fn of(portfolio: &Path) -> Proven {
        let home = tempfile::tempdir().unwrap();
        let own = portfolio.join("measures");
        let measures = own.is_dir().then(|| ["--measures".to_owned(), own.to_str().unwrap().to_owned()]);
        let measures = measures.into_iter().flatten().collect();
        let proven = Proven { home, portfolio: portfolio.to_owned(), measures };
        let (out, file) = (proven.home.path().to_str().unwrap().to_owned(), proven.file());
        let portfolio = portfolio.to_str().unwrap();
        let mut arguments = vec!["optimize", portfolio, "--out", &out, "--certificate", &file];
        arguments.extend(proven.measures.iter().map(String::as_str));
        let output = run(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&format!("written: {file}")));
        proven
    }

    fn scenario(name: &str) -> Proven {
        Proven::of(&root().join("scenarios").join(name))
    }

    fn file(&self) -> String {
        self.home.path().join("proof.jsonl").to_str().unwrap().to_owned()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    /// Checks the certificate against a portfolio; exit code, answer, messages.
    fn verify(&self, portfolio: &Path) -> (i32, String, String) {
        let result = self.home.path().join("result.json");
        let result = result.to_str().unwrap();
        let (portfolio, file) = (portfolio.to_str().unwrap(), self.file());
        let mut arguments = vec!["verify", portfolio, result, "--certificate", &file];
        arguments.extend(self.measures.iter().map(String::as_str));
        let output = run(&arguments);
        (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
    }

    /// What is said of the certificate with this text in its place.
    fn with(&self, changed: &str) -> (i32, String) {
        let whole = self.text();
        assert!(whole != changed, "nothing is changed");
        fs::write(self.file(), changed).unwrap();
        let (exit, answer, messages) = self.verify(&self.portfolio);
        fs::write(self.file(), whole).unwrap();
        (exit, answer + &messages)
    }

    /// What is said of the certificate after a change of its lines.
    fn changed(&self, change: impl FnOnce(&mut Vec<Value>)) -> (i32, String) {
        let mut lines: Vec<Value> =
            self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        change(&mut lines);
        let lines: Vec<String> = lines.iter().map(|line| format!("{line}\n")).collect();
        self.with(&lines.concat())
    }
}

/// Refused with this code, at this line, for this reason; with what to do.
fn assert_refused((exit, said): (i32, String), expected_exit: i32, code: &str, line: usize, reason: &str) {
    let one_line = said.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(exit, expected_exit, "{said}");
    assert!(said.contains(&format!("error[{code}]")), "{code}: {said}");
    assert!(one_line.contains(&format!("proof.jsonl:{line}")), "line {line}: {said}");
    assert!(one_line.contains(reason), "{reason}: {said}");
    assert!(said.contains("help:"), "{said}");
}

#[test]
fn what_optimize_writes_verify_bears_out() {
    // The figures are those worked out by hand in the README of each.
    for (name, bound, groups) in
        [("choice", "346300.00", 2), ("smallest", "26000.00", 1), ("office", "1272578.79", 7)]
    {
        let proven = Proven::scenario(name);
        let (exit, answer, _) = proven.verify(&proven.portfolio);
        assert_eq!(exit, 0, "{answer}");
        assert!(answer.contains(&format!("proven: no plan is worth more than {bound}")), "{answer}");
        assert_eq!(answer.matches("group ").count(), groups, "{answer}");
        assert!(answer.starts_with("valid: "), "{answer}");
        // Equal runs give equal bytes.
        assert_eq!(Proven::scenario(name).text(), proven.text());
    }
}

/// The certificate of `choice`: line 1 the whole, 2 the group of Nimbus, with a split (3) and its two leaves (4, 5), then the group of Lario.
#[test]
fn a_proof_that_no_longer_holds_is_told() {
    let proven = Proven::scenario("choice");
    // A bound lower by a cent: no longer that of the leaf it rests on, nor that of the whole.
    let lower = proven.changed(|lines| lines[1]["bound"] = json!("76299.99"));
    assert_refused(lower.clone(), 1, codes::ABOVE, 4, "the bound of the box is 76300.00, above 76299.99");
    assert_refused(
        lower,
        1,
        codes::SUM,
        1,
        "the bounds of the groups come to 346299.99, the certificate says 346300.00",
    );
    let lower = proven.changed(|lines| lines[0]["bound"] = json!("346299.99"));
    assert_refused(
        lower,
        1,
        codes::SUM,
        1,
        "the certificate is of the bound 346299.99, the result says 346300.00",
    );

    // A leaf of which nothing is said; a multiplier of the wrong sign, of a row that is not there.
    let none = proven.changed(|lines| lines[3] = json!({}));
    assert_refused(none, 1, codes::ABOVE, 4, "above 76300.00");
    let sign = proven.changed(|lines| lines[3]["multipliers"]["of"] = json!([[15, "-1"]]));
    assert_refused(sign, 1, codes::STEP, 4, "the sign of what stands on row 15");
    let row = proven.changed(|lines| lines[3]["rows"][0] = json!(99999));
    assert_refused(row, 1, codes::STEP, 4, "there is no row 99999");
    let large = proven.changed(|lines| {
        lines[3]["multipliers"]["of"] = json!([[15, "170141183460469231731687303715884105727"]]);
    });
    assert_refused(large, 1, codes::STEP, 4, "128 bits do not hold a figure");

    // Rows that are not read leave the box too large.
    let unread = proven.changed(|lines| lines[4]["rows"] = json!([]));
    assert_refused(unread, 1, codes::ABOVE, 5, "above 76300.00");
    let unread = proven.changed(|lines| lines[4] = json!({ "rows": [], "empty": true }));
    assert_refused(unread, 1, codes::ABOVE, 5, "the box is said to be empty, and is not shown to be");
    // A box that is not empty.
    let empty = proven.changed(|lines| {
        lines[3].as_object_mut().unwrap().insert("empty".to_owned(), json!(true));
    });
    assert_refused(empty, 1, codes::ABOVE, 4, "the box is said to be empty, and is not shown to be");

    // A split moved: everything is in the lower part, for which the leaf was not made. Of another column; of none.
    let moved = proven.changed(|lines| lines[2]["split"]["below"] = json!(1));
    assert_refused(moved, 1, codes::ABOVE, 4, "above 76300.00");
    let column = proven.changed(|lines| lines[2]["split"]["column"] = json!(99999));
    assert_refused(column, 1, codes::STEP, 3, "there is no column 99999");
    let fixed = proven.changed(|lines| {
        lines[2].as_object_mut().unwrap().insert("fixed".to_owned(), json!([2]));
    });
    assert_refused(fixed, 1, codes::STEP, 3, "column 2 is fixed, and its other value is not bounded");

    // A leaf removed, or one too many; the count of nodes says so too.
    let removed = proven.changed(|lines| {
        lines.remove(4);
        lines[1]["proof"]["tree"]["nodes"] = json!(2);
    });
    assert_refused(removed, 1, codes::SHAPE, 2, "the tree ends before all parts of its boxes are there");
    let twice = proven.changed(|lines| {
        lines.insert(4, lines[4].clone());
        lines[1]["proof"]["tree"]["nodes"] = json!(4);
    });
    assert_refused(twice, 1, codes::SHAPE, 6, "the tree goes on after all parts of its boxes");

    // Said to be searched, with a bound that a plan beats: the search is done again. Nimbus can have 76,300.
    let searched = proven.changed(|lines| {
        lines[1]["proof"] = json!("searched");
        lines[1]["bound"] = json!("76299.99");
        lines.drain(2..5);
    });
    assert_refused(searched, 1, codes::SEARCH, 2, "a plan is worth more than 76299.99");
    let unproven = proven.changed(|lines| {
        lines[1]["proof"] = json!("none");
        lines.drain(2..5);
    });
    assert_refused(unproven, 1, codes::NO_PROOF, 2, "a bound without a proof");

    // What is wrong with one group does not keep the others from being checked.
    let (_, said) = proven.changed(|lines| lines[1]["bound"] = json!("76299.99"));
    assert!(said.contains("group 2, ") && said.contains("not proven: "), "{said}");
}

/// An invented portfolio of twenty splittable costs, of which cents that two calls trade are counted and not branched on.
#[test]
fn what_whole_cents_leave_is_checked() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("invented");
    let class = ["splittable-20x4", "--seeds", "1", "--first-seed", "4"];
    let output = run(&[&["bench"], &class[..], &["--write", folder.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let proven = Proven::of(&folder.join("splittable-20x4").join("4"));
    let (exit, answer, _) = proven.verify(&proven.portfolio);
    assert_eq!(exit, 0, "{answer}");
    let at = proven.text().lines().position(|line| line.contains("lattice")).unwrap();
    let change = |change: &dyn Fn(&mut Value)| proven.changed(|lines| change(&mut lines[at]["lattice"]));

    // Nothing said: columns at their ends, worth far more.
    let nothing = change(&|lattice| lattice["of"] = json!([]));
    assert_refused(nothing, 1, codes::ABOVE, at + 1, "the bound of the box is");
    let without = change(&|lattice| *lattice = Value::Null);
    assert_refused(without, 1, codes::ABOVE, at + 1, "the bound of the box is");
    let over = change(&|lattice| lattice["over"] = json!("0"));
    assert_refused(over, 1, codes::STEP, at + 1, "whole cents bound nothing here");
    let row = change(&|lattice| lattice["of"][0][0] = json!(99999));
    assert_refused(row, 1, codes::STEP, at + 1, "there is no row 99999");
    // A combination of one row, in parts of it, is not whole on what the row is about.
    let combination = change(&|lattice| {
        let row = lattice["of"][0][0].clone();
        lattice["modulo"] = json!([[[row, "1"]]]);
    });
    assert_refused(combination, 1, codes::STEP, at + 1, "not whole on a step that weighs nothing");
}

/// A portfolio of sixty whole costs, of which the most is left out as worth no more than a plan.
#[test]
fn what_is_left_out_beside_a_plan_is_checked() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("published");
    let instances = ["--instances", "tests/data/instances/whole-60x7.jsonl"];
    let output = run(&[&["bench"], &instances[..], &["--write", folder.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let proven = Proven::of(&folder.join("whole-60x7").join("11"));
    let (exit, answer, _) = proven.verify(&proven.portfolio);
    assert_eq!(exit, 0, "{answer}");
    assert!(
        answer.contains("by a tree of 3 nodes over what is left of points worth more after 1 step"),
        "{answer}"
    );
    // Equal runs give equal bytes.
    assert_eq!(Proven::of(&proven.portfolio).text(), proven.text());

    let is_step = |line: &str| line.starts_with("{\"above\"");
    let at = proven.text().lines().position(is_step).unwrap();
    let change = |change: &dyn Fn(&mut Value)| proven.changed(|lines| change(&mut lines[at]));
    let last = |step: &mut Value| step["left"].as_array_mut().unwrap().pop().unwrap();

    // Without a reason, columns are fixed for nothing; so is one that is put to its other value.
    let nothing = change(&|step| step["multipliers"]["of"] = json!([]));
    assert_refused(nothing, 1, codes::STEP, at + 1, "is fixed, and its other value is not bounded");
    let other = change(&|step| {
        let [column, least, most] = [0, 1, 2].map(|i| last(&mut step.clone())[i].as_i64().unwrap());
        assert_eq!(least, most, "a decision that is made");
        last(step);
        step["left"].as_array_mut().unwrap().push(json!([column, 1 - least, 1 - most]));
    });
    assert_refused(other, 1, codes::STEP, at + 1, "is fixed, and its other value is not bounded");
    let nowhere = change(&|step| step["left"][0][0] = json!(99999));
    assert_refused(nowhere, 1, codes::STEP, at + 1, "there is no column 99999");
    // What is left out is worth more than the bound.
    let above = change(&|step| step["above"] = json!("9999999.00"));
    assert_refused(above, 1, codes::ABOVE, at + 1, "9999999.00, above");
    // The tree is of another program than the one that this leaves.
    let wider = change(&|step| {
        last(step);
    });
    assert_eq!(wider.0, 1, "{}", wider.1);
}

/// Seven invented clients who share funds, with costs that are all the same.
#[test]
fn prices_on_what_joins_clients_are_checked() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().to_str().unwrap().to_owned();
    assert!(
        run(&["bench", "clients-7x9", "--pattern", "ties", "--seeds", "1", "--write", &folder])
            .status
            .success()
    );
    let proven = Proven::of(&home.path().join("clients-7x9-ties/0"));
    let (exit, answer, _) = proven.verify(&proven.portfolio);
    assert_eq!(exit, 0, "{answer}");
    assert!(answer.contains("by prices, and trees of "), "{answer}");

    // The line of the group, from 0; its first block comes next.
    let is_group = |line: &str| line.contains("\"proof\":{\"prices\"");
    let group = proven.text().lines().position(is_group).unwrap();
    let bound_of = |line: &Value| line["bound"].as_str().unwrap().parse::<i128>().unwrap();
    // A cent less for the block; a cent more, so that the sum is more.
    let cheap = proven.changed(|lines| {
        lines[group + 1]["bound"] = json!((bound_of(&lines[group + 1]) - 1_000_000_000_000).to_string());
    });
    let line = said_line(&cheap.1);
    assert!(line > group + 2, "{}", cheap.1);
    assert_refused(cheap, 1, codes::ABOVE, line, "the bound of the box is");
    let dear = proven.changed(|lines| {
        lines[group + 1]["bound"] = json!((bound_of(&lines[group + 1]) + 1_000_000_000_000).to_string());
    });
    assert_refused(dear, 1, codes::ABOVE, group + 1, "prices and blocks come to");
    // A price on a row that joins nothing.
    let alone = proven.changed(|lines| {
        lines[group]["proof"]["prices"]["prices"] = json!([[0, "1"]]);
    });
    assert_refused(alone, 1, codes::STEP, group + 1, "row 0 joins no blocks");
    // A price on a row that is not there; a column in no block.
    let nowhere = proven.changed(|lines| {
        lines[group]["proof"]["prices"]["prices"] = json!([[99999, "1"]]);
    });
    assert_refused(nowhere, 1, codes::STEP, group + 1, "there is no row 99999");
    let column = proven.changed(|lines| {
        lines[group + 1]["columns"].as_array_mut().unwrap().pop();
    });
    assert_refused(column, 1, codes::STEP, group + 1, "is in no block, or in several");
}

/// The line that the first problem names.
fn said_line(said: &str) -> usize {
    let (_, after) = said.split_once("proof.jsonl:").unwrap();
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn a_certificate_of_something_else_is_told() {
    let (choice, office) = (Proven::scenario("choice"), Proven::scenario("office"));
    let other = choice.with(&office.text());
    assert_refused(other, 1, codes::OTHER_APPLICATIONS, 1, "the certificate has 7 groups, the portfolio 2");
    let smallest = Proven::scenario("smallest");
    let other = choice.with(&smallest.text());
    assert_refused(other, 1, codes::OTHER_APPLICATIONS, 1, "the certificate has 1 group, the portfolio 2");
    let named = choice.changed(|lines| lines[1]["applications"][0] = json!("gateway/other"));
    assert_refused(named, 1, codes::OTHER_APPLICATIONS, 2, "the group is of other applications");

    // The same portfolio with one amount a cent higher.
    let home = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(&smallest.portfolio).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, home.path().join(path.file_name().unwrap())).unwrap();
    }
    let expenses = home.path().join("expenses.csv");
    let changed = fs::read_to_string(&expenses).unwrap().replacen("12000.00", "12000.01", 1);
    fs::write(&expenses, changed).unwrap();
    let (exit, answer, messages) = smallest.verify(home.path());
    assert_refused(
        (exit, answer + &messages),
        1,
        codes::OTHER_PROGRAM,
        2,
        "the proof is about another program",
    );
}

#[test]
fn a_file_that_is_no_certificate_is_no_input() {
    let proven = Proven::scenario("choice");
    let whole = proven.text();
    let lines: Vec<&str> = whole.lines().collect();
    // Cut at the end of a line, within one, at once.
    let cut = |until: usize| lines[..until].iter().flat_map(|line| [line, "\n"]).collect::<String>();
    assert_refused(proven.with(&cut(4)), 2, codes::ENDS, 4, "the certificate ends where a node is expected");
    assert_refused(proven.with(&cut(5)), 2, codes::ENDS, 5, "the certificate ends where a group is expected");
    let within = format!("{}{}", cut(4), &lines[4][..lines[4].len() / 2]);
    assert_refused(proven.with(&within), 2, codes::ENDS, 5, "the certificate ends where a node is expected");
    assert_refused(
        proven.with(""),
        2,
        codes::ENDS,
        1,
        "the certificate ends where the first line of a certificate is expected",
    );
    assert_refused(
        proven.with(&format!("{whole}{{}}\n")),
        2,
        codes::GOES_ON,
        lines.len() + 1,
        "the certificate goes on after its last group",
    );

    let format = proven.changed(|lines| lines[0]["format"] = json!(2));
    assert_refused(format, 2, codes::VERSION, 1, "the certificate is of format 2, not 1");
    let other = proven.changed(|lines| lines[0]["certificate"] = json!("other"));
    assert_refused(other, 2, codes::LINE, 1, "not the first line of a certificate: it is one of 'other'");
    assert_refused(proven.with("company_id\n"), 2, codes::LINE, 1, "not the first line of a certificate");
    let float = proven.changed(|lines| lines[4]["multipliers"]["of"] = json!([[21, 0.5]]));
    assert_refused(float, 2, codes::LINE, 5, "not a node");
    let text = proven.changed(|lines| lines[4]["multipliers"]["of"] = json!([[21, "0.5"]]));
    assert_refused(text, 2, codes::LINE, 5, "'0.5' is no whole number in a text");
    let unknown = proven.changed(|lines| lines[1]["because"] = json!("I say so"));
    assert_refused(unknown, 2, codes::LINE, 2, "not a group: unknown field `because`");
    let order = proven.changed(|lines| lines[1]["group"] = json!(2));
    assert_refused(order, 2, codes::LINE, 2, "group 2 stands where group 1 is expected");

    let missing = run(&["verify", "scenarios/choice", "README.md", "--certificate", "nowhere.jsonl"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_run() {
    let home = tempfile::tempdir().unwrap();
    for file in [home.path().to_owned(), home.path().join("no/such/folder/proof.jsonl")] {
        let output = run(&["optimize", "scenarios/smallest", "--certificate", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("cannot write"), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}

/// Cases of each generator.
const SEEDS: u64 = 6;

/// How many proofs of each kind there were, and how many left a gap.
#[derive(Debug, Default)]
struct Kinds {
    by: BTreeMap<&'static str, usize>,
    gaps: usize,
}

impl Kinds {
    /// Certifies a portfolio and checks the proof as one that was read.
    fn certify(&mut self, name: &str, portfolio: &Portfolio, measures: &[Measure], settings: &RunSettings) {
        let (run, certificate) = match certified(portfolio, measures, settings) {
            Ok(certified) => certified,
            Err(RunError::Contradictions(_)) => return,
            Err(error) => panic!("{name}: {error}"),
        };
        let document = &run.document;
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("proof.jsonl");
        fs::write(&file, grantfolio::report::certificate::lines(&certificate)).unwrap();
        let read = grantfolio::load::certificate::certificate(&file).unwrap();
        assert_eq!(read, certificate, "{name}");
        let checked = check(portfolio, measures, document, &read, "proof.jsonl").unwrap();
        assert!(checked.report.is_empty(), "{name}: {}", checked.report);
        assert_eq!(checked.groups.len(), certificate.groups.len(), "{name}");
        for (_, follows) in checked.groups {
            let kind = match follows.by {
                By::Tree { .. } => "tree",
                By::Narrowed { .. } => "narrowed",
                By::Prices { .. } => "prices",
                By::Search => "search",
                By::Nothing => "nothing",
            };
            *self.by.entry(kind).or_default() += 1;
        }
        self.gaps += usize::from(document.gap.is_some_and(Money::is_positive));
        // The same groups with a bound a cent below the plan: never, whatever they rest on.
        let mut false_one = certificate;
        let Some(group) = false_one.groups.iter_mut().find(|group| group.bound.is_some()) else { return };
        group.bound = group.bound.map(|bound| bound - document.gap.unwrap_or_default() - Money::CENT);
        let checked = check(portfolio, measures, document, &false_one, "proof.jsonl").unwrap();
        assert!(!checked.report.is_empty(), "{name}");
    }
}

#[test]
fn whatever_a_bound_rests_on_is_checked() {
    let mut kinds = Kinds::default();
    let size = |claim, projects| Size { expenses: 6, measures: 3, claim, largest: 10_000_000, projects };
    for seed in 0..SEEDS {
        for claim in [Claim::Whole, Claim::AnyPart] {
            for (name, of) in [("case", case as fn(u64, Size) -> _), ("joined", joined), ("lending", lending)]
            {
                let (portfolio, measures) = of(seed, size(claim, 3));
                let name = format!("{name} {seed} {claim:?}");
                kinds.certify(&name, &portfolio, &measures, &RunSettings::default());
                // Stopped at once: whatever the bound is, it is proven.
                if name.starts_with("case") {
                    let stopped = RunSettings { time_limit: Some(Duration::ZERO), ..RunSettings::default() };
                    kinds.certify(&format!("{name}, stopped"), &portfolio, &measures, &stopped);
                }
            }
        }
    }
    for kind in ["tree", "search"] {
        assert!(kinds.by.get(kind).is_some_and(|count| *count > 0), "{kinds:?}");
    }
    assert!(kinds.gaps > 0, "{kinds:?}");
}
