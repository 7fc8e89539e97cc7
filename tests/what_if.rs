//! Other readings, later grants, delays, and decisions that no plan keeps: through the program, on one small measure with figures by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Half of the equipment, at most 30,000; open from January to June, granted a month after filing.
const MEASURE: &str = r#"
format = 1
id = "simple"
version = "1"
name = { it = "Semplice", en = "Simple" }
authority = "test"
regime = "de_minimis:2023/2831"

[window]
status = "open"
opens = 2026-01-01
closes = 2026-06-30
granted_after = "1 month"
early_order_doubt = { key = "early_order", alternatives = ['"application"'], why = "the text says nothing of orders" }

[[requirement]]
id = "sme"
must = { size = ["micro", "small", "medium"] }

[[expense_date]]
id = "paid-in-time"
field = "payment_date"
from = "filed_on"
until = "granted_on + 18 months"

[[cost_item]]
id = "a"
takes = ["equipment"]

[[limit]]
id = "minimum"
of = "cost:a"
at_least = [{ euro = "10000.00" }]
effect = "reject"
doubt = { alternatives = ["of the project, not of what is admitted"], why = "minimum of what?" }

[[limit]]
id = "cap"
of = "aid:grant"
at_most = [{ euro = "30000.00" }]
effect = "trim"

[limit.doubt]
key = "at_most.0.euro"
alternatives = ['"20000.00"', '"60000.00"']
why = "two figures in the text"

[[count]]
id = "one-application"
of = "applications"
at_most = 1
per = "company"

[[aid]]
id = "grant"
of = "a"
rate = "0.50"

[[ledger]]
id = "de-minimis"
ledger = "de_minimis"
of = ["grant"]
"#;

/// Files of a portfolio and its measure, with another beside it now and then, in a folder of their own.
#[derive(Clone)]
struct Case {
    measure: String,
    other: Option<String>,
    shared: Option<&'static str>,
    files: Vec<(&'static str, String)>,
}

impl Case {
    fn new(expenses: &[&str]) -> Self {
        let expenses = format!(
            "expense_id,project_id,category,net_amount,order_date,payment_date\n{}\n",
            expenses.join("\n")
        );
        Case {
            measure: MEASURE.to_owned(),
            other: None,
            shared: None,
            files: vec![
                ("portfolio.toml", "as_of = 2026-02-01\n".to_owned()),
                ("companies.csv", "company_id,size,region\nc,small,Lazio\n".to_owned()),
                ("projects.csv", "project_id,company_id\np,c\nq,c\n".to_owned()),
                ("expenses.csv", expenses),
            ],
        }
    }

    fn with(mut self, file: &'static str, text: &str) -> Self {
        self.files.retain(|(name, _)| *name != file);
        self.files.push((file, text.to_owned()));
        self
    }

    fn beside(&self, other: &str) -> Self {
        Case { other: Some(other.to_owned()), ..self.clone() }
    }

    fn measure(mut self, from: &str, to: &str) -> Self {
        assert!(self.measure.contains(from), "{from}");
        self.measure = self.measure.replacen(from, to, 1);
        self
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let home = tempfile::tempdir().unwrap();
        let measures = home.path().join("measures");
        std::fs::create_dir(&measures).unwrap();
        std::fs::write(measures.join("simple.toml"), &self.measure).unwrap();
        if let Some(other) = &self.other {
            std::fs::write(measures.join("second.toml"), other).unwrap();
        }
        if let Some(shared) = self.shared {
            std::fs::create_dir(measures.join("shared")).unwrap();
            std::fs::write(measures.join("shared").join("ledgers.toml"), shared).unwrap();
        }
        for (name, text) in &self.files {
            std::fs::write(home.path().join(name), text).unwrap();
        }
        let all = |command: &mut Command| command.args(arguments).output().unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_grantfolio"));
        all(Command::new(program).arg("optimize").arg(home.path()).arg("--measures").arg(&measures))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        assert!(output.status.success(), "{}", err(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// Grant and difference of what was planned.
fn planned(row: &Value) -> (&str, &str) {
    (text(&row["outcome"]["planned"]["grant"]), text(&row["outcome"]["planned"]["difference"]))
}

// --------------------------------------------------------------------------------------------------- doubts (S16)

#[test]
fn s16_each_reading_of_a_doubt_says_what_it_would_change() {
    // Half of 100,000 is 50,000, cut at 30,000. Ordered before filing on 1 February.
    let case = Case::new(&["e1,p,equipment,100000.00,2026-01-15,2026-03-01"]);
    let answer = case.json(&["--doubts"]);
    assert_eq!(answer["result"]["totals"]["grant"], "30000.00");
    let rows: Vec<(&str, &str, &str, (&str, &str))> = (answer["doubts"].as_array().unwrap().iter())
        .map(|row| (text(&row["rule"]), text(&row["key"]), text(&row["readings"][0]), planned(row)))
        .collect();
    assert_eq!(
        rows,
        [
            // Of the shared file: without aid received before the window is all the same.
            ("de-minimis", "period.1.over", "\"3 fiscal years\"", ("30000.00", "0.00")),
            // An early order takes the application with it.
            ("early-order", "early_order", "\"application\"", ("0.00", "-30000.00")),
            ("minimum", "-", "of the project, not of what is admitted", ("-", "-")),
            ("cap", "at_most.0.euro", "\"20000.00\"", ("20000.00", "-10000.00")),
            ("cap", "at_most.0.euro", "\"60000.00\"", ("50000.00", "20000.00")),
        ]
    );
    let gone = &answer["doubts"][1]["outcome"]["planned"]["changes"][0];
    assert_eq!((text(&gone["before"]), &gone["after"]), ("30000.00", &Value::Null));
}

/// What the shared file of a folder of measures says of a ledger of its own.
const SHARED: &str = r#"
[[ledger]]
id = "common"
doubt = { key = "period.0.at_most", alternatives = ['"12000.00"', '"90000.00"'], why = "two figures" }
period = [{ at_most = "40000.00", over = "3 years" }]
"#;

#[test]
fn a_doubt_of_a_shared_ledger_is_read_by_every_measure_that_draws_on_it() {
    // Two measures give 25,000 and 15,000 of half, and draw on one ledger of 40,000 together: nothing is cut. Of 12,000 both together have 12,000,
    // of 90,000 they take no more than now.
    let common = |text: &str| text.replace("ledger = \"de_minimis\"", "ledger = \"common\"");
    let case = Case::new(&[
        "e1,p,equipment,50000.00,2026-02-15,2026-03-01",
        "e2,q,furniture,30000.00,2026-02-15,2026-03-01",
    ]);
    let other = second("").replace("takes = [\"equipment\"]", "takes = [\"furniture\"]");
    let case = Case { measure: common(&case.measure), shared: Some(SHARED), ..case }.beside(&common(&other));
    let answer = case.json(&["--doubts"]);
    assert_eq!(answer["result"]["totals"]["grant"], "40000.00");
    let rows: Vec<_> =
        (answer["doubts"].as_array().unwrap().iter()).filter(|row| row["rule"] == "de-minimis").collect();
    let said: Vec<(&str, &str, (&str, &str))> =
        rows.iter().map(|row| (text(&row["measure"]), text(&row["readings"][0]), planned(row))).collect();
    assert_eq!(
        said,
        [
            ("second", "\"12000.00\"", ("12000.00", "-28000.00")),
            ("second", "\"90000.00\"", ("40000.00", "0.00")),
        ]
    );
}

#[test]
fn a_reading_that_is_no_shared_file_is_a_defect() {
    let case =
        Case::new(&["e1,p,equipment,100000.00,,"]).measure("ledger = \"de_minimis\"", "ledger = \"common\"");
    let output = Case { shared: Some(BROKEN), ..case }.run(&["--doubts"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("with this reading the shared file does not read"), "{}", err(&output));
}

const BROKEN: &str = r#"
[[ledger]]
id = "common"
doubt = { key = "period.0.over", alternatives = ['"soon"'], why = "two spans" }
period = [{ at_most = "40000.00", over = "3 years" }]
"#;

#[test]
fn readings_stand_in_a_table_and_in_a_file() {
    let case = Case::new(&["e1,p,equipment,100000.00,2026-01-15,2026-03-01"]);
    let home = tempfile::tempdir().unwrap();
    let output = case.run(&["--doubts", "--out", home.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", err(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("What other readings would change"), "{printed}");
    assert!(printed.contains("20 000.00   -10 000.00   p / simple: 30\u{a0}000.00 ->"), "{printed}");
    assert!(printed.contains("not computed"), "{printed}");
    let rows = std::fs::read_to_string(home.path().join("doubts.csv")).unwrap();
    assert!(rows.contains("20000.00,-10000.00,p / simple: 30000.00 -> 20000.00\n"), "{rows}");
    // A heading, five readings.
    assert_eq!(rows.lines().count(), 6);
}

#[test]
fn a_reading_that_is_no_measure_is_a_defect() {
    let case = Case::new(&["e1,p,equipment,100000.00,,"]).measure("'\"20000.00\"'", "'\"-1\"'");
    let output = case.run(&["--doubts"]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("with this reading the measure does not read"), "{}", err(&output));
}

// ------------------------------------------------------------------------------------------- later grants (S11)

const AIDS: &str = "undertaking,granted_on,regulation,aid\n";

#[test]
fn s11_a_ledger_that_binds_says_what_the_day_would_bring_on_which_it_is_freed() {
    // 290,000 of 300,000 is used: of 30,000 only 10,000 is left. What was granted on 10 March 2024 counts until 9 March 2027.
    let case = Case::new(&["e1,p,equipment,100000.00,,"])
        .with("prior_aids.csv", &format!("{AIDS}c,2024-03-10,de_minimis:2023/2831,290000.00\n"));
    let answer = case.json(&["--later"]);
    assert_eq!(answer["result"]["totals"]["grant"], "10000.00");
    let rows = answer["later"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(text(&rows[0]["account"]), "de_minimis");
    assert_eq!(text(&rows[0]["granted_on"]), "2027-03-10");
    assert_eq!(planned(&rows[0]), ("30000.00", "20000.00"));
    // The same, asked for by its day.
    let then = case.json(&["--grant", "simple=2027-03-10"]);
    assert_eq!(then["totals"]["grant"], "30000.00");
    assert_eq!(then["applications"][0]["granted_on"], "2027-03-10");
    let day_before = case.json(&["--grant", "simple=2027-03-09"]);
    assert_eq!(day_before["totals"]["grant"], "10000.00");
}

#[test]
fn s11_a_ledger_that_leaves_nothing_is_looked_at_day_by_day() {
    // All is used. 5,000 are freed on 10 March 2027, the rest on 20 June 2027; what was granted in 2020 counts no more.
    let aids = "c,2024-03-10,de_minimis:2023/2831,5000.00\nc,2024-06-20,de_minimis:2023/2831,295000.00\nc,2020-01-01,de_minimis:1407/2013,9.00\n";
    let case = Case::new(&["e1,p,equipment,100000.00,,"]).with("prior_aids.csv", &format!("{AIDS}{aids}"));
    let answer = case.json(&["--later"]);
    assert_eq!(answer["result"]["totals"]["grant"], "0.00");
    let rows: Vec<(&str, (&str, &str))> = (answer["later"].as_array().unwrap().iter())
        .map(|row| (text(&row["granted_on"]), planned(row)))
        .collect();
    assert_eq!(rows, [("2027-03-10", ("5000.00", "5000.00")), ("2027-06-20", ("30000.00", "30000.00"))]);
}

#[test]
fn a_grant_before_the_filing_is_refused() {
    let output = Case::new(&["e1,p,equipment,100000.00,,"]).run(&["--grant", "simple=2026-01-31"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("before the application is filed, on 2026-02-01"), "{}", err(&output));
}

// --------------------------------------------------------------------------------------------------------- delays

/// 10,000 paid in February and 15,000 granted on what is paid in May: 25,000.
fn two_payments() -> Case {
    Case::new(&["e1,p,equipment,20000.00,,2026-02-20", "e2,p,equipment,30000.00,,2026-05-10"])
}

#[test]
fn a_delay_loses_what_is_paid_before_the_later_filing() {
    let answer = two_payments().json(&["--delay", "2 months"]);
    assert_eq!(answer["result"]["totals"]["grant"], "25000.00");
    assert_eq!(planned(&answer["delay"]), ("15000.00", "-10000.00"));
    let row = &answer["delay"]["measures"][0];
    assert_eq!((text(&row["before"]), text(&row["after"])), ("25000.00", "15000.00"));
    assert_eq!(row["closed"], Value::Bool(false));
}

#[test]
fn a_delay_beyond_the_window_loses_the_measure() {
    // Filed in August, after the last day of June: even where every closed measure is assumed to open.
    for hypothesis in [&["--delay", "6 months"][..], &["--delay", "6 months", "--assume-open"]] {
        let answer = two_payments().json(hypothesis);
        assert_eq!(planned(&answer["delay"]), ("0.00", "-25000.00"));
        assert_eq!(answer["delay"]["measures"][0]["closed"], Value::Bool(true));
    }
    // Opened as a hypothesis for 180 days from 1 February: in September it is over too.
    let closed = two_payments()
        .measure("status = \"open\"", "status = \"closed\"")
        .measure("2026-01-01", "2025-01-01");
    let closed = closed.measure("2026-06-30", "2025-06-30");
    let answer = closed.json(&["--assume-open", "--delay", "7 months"]);
    assert_eq!(answer["result"]["totals"]["grant"], "25000.00");
    assert_eq!(planned(&answer["delay"]), ("0.00", "-25000.00"));
}

#[test]
fn a_delay_may_bring_more_where_a_ledger_is_freed() {
    // 10,000 left in March 2026; 18 months of terms keep the cost. Seven months of 2024 are freed only by 2027: 14 months later, in a window
    // that is open so long.
    let case = Case::new(&["e1,p,equipment,100000.00,,"])
        .measure("closes = 2026-06-30\n", "")
        .with("prior_aids.csv", &format!("{AIDS}c,2024-03-10,de_minimis:2023/2831,290000.00\n"));
    let answer = case.json(&["--delay", "14 months"]);
    assert_eq!(planned(&answer["delay"]), ("30000.00", "20000.00"));
}

#[test]
fn a_delay_that_is_no_span_is_refused() {
    for span in ["soon", "0 days", "3", "-3 months"] {
        let output = two_payments().run(&[&format!("--delay={span}")]);
        assert_eq!(output.status.code(), Some(2), "{span}");
        assert!(err(&output).contains("3 months"), "{}", err(&output));
    }
}

// ------------------------------------------------------------------------------------ decisions that no plan keeps

/// Ends with exit code 3 and these words.
fn contradicts(case: &Case, decisions: &str, words: &[&str]) {
    let header = "decision,project_id,measure,expense_id\n";
    let output = case.clone().with("decisions.csv", &format!("{header}{decisions}")).run(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(output.stdout.is_empty());
    for word in words {
        assert!(err(&output).contains(word), "'{word}' is not in: {}", err(&output));
    }
}

#[test]
fn a_forced_application_that_is_not_admissible_names_the_requirement() {
    let large = two_payments().with("companies.csv", "company_id,size,region\nc,large,Lazio\n");
    contradicts(&large, "force,p,simple,\n", &["'force p / simple'", "rule 'sme' of 'simple'"]);
}

#[test]
fn a_forced_expense_that_is_refused_names_the_rule_of_the_line() {
    let late = Case::new(&["e1,p,equipment,20000.00,,2026-01-20", "e2,p,equipment,30000.00,,2026-05-10"]);
    contradicts(&late, "force,p,simple,e1\n", &["'force p / simple, expense e1'", "rule 'paid-in-time'"]);
}

#[test]
fn a_forced_expense_of_an_application_below_the_minimum_names_the_minimum() {
    let small = Case::new(&["e1,p,equipment,9000.00,,"]);
    contradicts(&small, "force,p,simple,e1\n", &["'force p / simple, expense e1'", "rule 'minimum'"]);
}

#[test]
fn a_forced_application_to_which_a_ledger_leaves_nothing_names_the_ledger() {
    let used = two_payments()
        .with("prior_aids.csv", &format!("{AIDS}c,2024-03-10,de_minimis:2023/2831,300000.00\n"));
    contradicts(&used, "force,p,simple,\n", &["rule 'de-minimis'", "nothing is left of 'de_minimis'"]);
}

// ------------------------------------------------------------------------- decisions that could each be kept alone

#[test]
fn two_applications_of_a_company_that_may_have_one_name_the_number() {
    let two = Case::new(&["e1,p,equipment,20000.00,,", "e2,q,equipment,30000.00,,"]);
    contradicts(
        &two,
        "force,p,simple,\nforce,q,simple,\n",
        &["rule 'one-application' of 'simple'", "beside 'force", "at most 1 for company 'c'"],
    );
}

/// A second measure in the place of the program's by the same file, with whatever else it says of other aid.
fn second(clauses: &str) -> String {
    let header = MEASURE.replace("id = \"simple\"", "id = \"second\"");
    format!("{header}{clauses}")
}

#[test]
fn one_expense_forced_into_two_measures_names_what_keeps_them_apart() {
    let one = Case::new(&["e1,p,equipment,20000.00,,"]);
    let decisions = "force,p,simple,e1\nforce,p,second,e1\n";
    // Neither says anything of other aid: the expense goes to one of them.
    let silent = one.beside(&second(""));
    contradicts(&silent, decisions, &["rule 'cumulation' of", "beside 'force", "goes to one of them"]);
    // One says no.
    let clause = "[[cumulation]]\nid = \"alone\"\neffect = \"forbid\"\n";
    let said = one.beside(&second(clause));
    contradicts(&said, decisions, &["rule 'alone' of 'second'", "may not meet"]);
    // One says no to anything else in the project.
    let clause = "[[cumulation]]\nid = \"only\"\nscope = \"project\"\neffect = \"forbid\"\n";
    let project = Case::new(&["e1,p,equipment,20000.00,,", "e2,p,equipment,30000.00,,"]);
    let apart = project.beside(&second(clause));
    let decisions = "force,p,simple,e1\nforce,p,second,e2\n";
    contradicts(&apart, decisions, &["rule 'only' of 'second'", "is not made beside"]);
}

#[test]
fn two_lots_where_one_may_be_name_the_count() {
    let count = "[[count]]\nid = \"one-expense\"\nof = \"expenses\"\nat_most = 1\n\n[[aid]]";
    let two =
        Case::new(&["e1,p,equipment,20000.00,,", "e2,p,equipment,30000.00,,"]).measure("[[aid]]", count);
    let words = ["rule 'one-expense' of 'simple'", "beside 'force", "they are 2, at most 1 may be"];
    contradicts(&two, "force,p,simple,e1\nforce,p,simple,e2\n", &words);
}

#[test]
fn a_ledger_without_room_for_both_is_named() {
    // 10,000 is left; half of 20,000 uses it up, and to the second nothing is left. Refused, for a part would be granted otherwise.
    let two = Case::new(&["e1,p,equipment,20000.00,,", "e2,q,equipment,20000.00,,"])
        .measure("at_most = 1\nper = \"company\"", "at_most = 2\nper = \"company\"")
        .measure("of = [\"grant\"]", "of = [\"grant\"]\nover_ceiling = \"refuse\"")
        .measure("[[ledger]]", "# ledger\n[[ledger]]")
        .with("prior_aids.csv", &format!("{AIDS}c,2024-03-10,de_minimis:2023/2831,290000.00\n"));
    let whole = two.measure("[window]", "claim = \"whole\"\n\n[window]");
    contradicts(
        &whole,
        "force,p,simple,\nforce,q,simple,\n",
        &["rule 'de-minimis' of 'simple'", "together they ask more of 'de_minimis' than it has"],
    );
}

#[test]
fn two_options_of_which_one_is_picked_name_the_choice() {
    // The first item is paid under one option, the second under the other.
    let choice = r#"
[[choice]]
id = "support"
options = [{ id = "things" }, { id = "advice" }]

[[cost_item]]
id = "a"
takes = ["equipment"]

[[cost_item]]
id = "b"
takes = ["consultancy"]

[[requirement]]
id = "as-picked"
subject = "expense"
must = { any = [{ category = "equipment", choice.support = "things" }, { category = "consultancy", choice.support = "advice" }] }
"#;
    let case = Case::new(&["e1,p,equipment,20000.00,,", "e2,p,consultancy,20000.00,,"])
        .measure("[[cost_item]]\nid = \"a\"\ntakes = [\"equipment\"]\n", choice)
        .measure("of = \"a\"\nrate", "of = [\"a\", \"b\"]\nrate")
        .measure("id = \"minimum\"\nof = \"cost:a\"", "id = \"minimum\"\nof = [\"cost:a\", \"cost:b\"]");
    contradicts(
        &case,
        "force,p,simple,e1\nforce,p,simple,e2\n",
        &["rule 'support' of 'simple'", "is picked, not both"],
    );
}
