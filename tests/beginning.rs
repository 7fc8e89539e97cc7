//! Where users begin: a portfolio that runs, a measure from answers, questions to the client, tables in Italian.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use grantfolio::allocation::{Document, Proof, Status};
use grantfolio::cli::{self, Console, Exit};
use grantfolio::report::{Language, WIDTH, questions};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grantfolio"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// With these lines on standard input, as a pipe.
fn told(arguments: &[&str], lines: &str) -> Output {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that stops early does not read to the end.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    child.wait_with_output().unwrap()
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

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_new_portfolio_is_optimized_with_a_proof() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("office");
    let made = run(&["init", text(&folder)]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert!(out(&made).contains("grantfolio optimize"), "{}", out(&made));

    let output = run(&["optimize", text(&folder), "--format", "json", "--require", "certified"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(err(&output), "");
    let document: Document = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((document.status, document.proof), (Status::Optimal, Proof::Certified));
    // SI4.0: items a to e cost 12,000 + 6,000 + 14,000 + 8,000 = 40,000; staff may reach 30 % of that, 12,000. Half of 52,000.
    assert_eq!(document.totals.grant.to_string(), "26000.00");

    let checked = run(&["check", text(&folder)]);
    assert_eq!(code(&checked), 0);
    // 32 people and 6.4 M: under 50 and at most 10 M.
    assert!(out(&checked).contains("small"), "{}", out(&checked));
    for figure in ["32 people", "turnover EUR 6 400 000.00"] {
        assert!(out(&checked).contains(figure), "{}", out(&checked));
    }
}

#[test]
fn a_folder_with_anything_in_it_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("notes.txt"), "mine").unwrap();
    let refused = run(&["init", text(home.path())]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("is not empty"), "{}", err(&refused));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 1);
    // A file in the way is no folder.
    let blocked = run(&["init", text(&home.path().join("notes.txt"))]);
    assert_eq!(code(&blocked), 2);
    assert!(err(&blocked).contains("notes.txt"), "{}", err(&blocked));
}

/// The file is good, and so is its worked case.
fn holds(folder: &Path, id: &str) {
    let file = folder.join(format!("{id}.toml"));
    let checked = run(&["measures", "check", text(&file)]);
    assert_eq!(code(&checked), 0, "{}", out(&checked));
    assert!(!out(&checked).contains("error"), "{}", out(&checked));
    let tested = run(&["measures", "test", id, "--measures", text(folder)]);
    assert_eq!(code(&tested), 0, "{}{}", out(&tested), err(&tested));
    assert!(out(&tested).contains("1 examples hold"), "{}", out(&tested));
}

#[test]
fn a_measure_is_written_from_options() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("digital-2026.toml");
    let written = run(&[
        "measures",
        "new",
        text(&file),
        "--name",
        "Bando \"Digitale\" 2026",
        "--authority",
        "Regione Lombardia",
        "--regime",
        "gber:17",
        "--sizes",
        "small,medium",
        "--region",
        "Lombardia",
        "--costs",
        "software, consulenza",
        "--rate",
        "37.5%",
        "--minimum",
        "20000",
        "--cap",
        "5000.50",
        "--opens",
        "2026-03-01",
        "--closes",
        "2026-04-30",
        "--early-order",
        "line",
        "--pay-by",
        "18 months",
    ]);
    assert_eq!(code(&written), 0, "{}", err(&written));
    holds(home.path(), "digital-2026");
    let made = std::fs::read_to_string(&file).unwrap();
    for part in [
        "rate = \"0.375\"",
        "at_most = { euro = \"5000.50\" }",
        "takes = [\"software\", \"consultancy\"]",
        "opens = 2026-03-01",
    ] {
        assert!(made.contains(part), "{part}\n{made}");
    }
    // What is there is never written over.
    let again = run(&["measures", "new", text(&file), "--defaults"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("already there"), "{}", err(&again));
}

#[test]
fn answers_come_from_a_pipe_and_empty_lines_are_defaults() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("piped.toml");
    let written = told(
        &["measures", "new", text(&file), "--rate", "40"],
        "Bando\nCamera di commercio\n\n\nany\nmachinery\n",
    );
    assert_eq!(code(&written), 0, "{}", err(&written));
    holds(home.path(), "piped");
    let made = std::fs::read_to_string(&file).unwrap();
    assert!(made.contains("must = { size = [\"micro\", \"small\", \"medium\"] }"), "{made}");
    assert!(made.contains("rate = \"0.4\"") && !made.contains("[[limit]]"), "{made}");
}

#[test]
fn at_a_terminal_a_bad_answer_is_asked_for_again() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("asked.toml");
    let answers = "Bando\n\nEnte\n\nsmal\nsmall\n\nmachinry\nmachinery\n200\n50\n\n\n\n\n\n\n";
    let (mut data, mut messages) = (Vec::new(), Vec::new());
    let mut console = Console {
        out: &mut data,
        err: &mut messages,
        input: &mut answers.as_bytes(),
        asks: true,
        width: WIDTH,
        language: Language::En,
        colours: false,
    };
    let exit = cli::run(["grantfolio", "measures", "new", text(&file)], &mut console);
    let messages = String::from_utf8(messages).unwrap();
    assert_eq!(exit, Exit::Verified, "{messages}");
    for words in [
        "Who grants:   needs an answer",
        "did you mean 'small'?",
        "did you mean 'machinery'?",
        "Sizes that may apply [micro, small, medium]: ",
    ] {
        assert!(messages.contains(words), "{words}\n{messages}");
    }
    assert_eq!(messages.matches("Share of the costs").count(), 2, "{messages}");
    holds(home.path(), "asked");
}

#[test]
fn a_bad_answer_of_a_pipe_is_an_error_with_its_remedy() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("bad.toml");
    let name = ["measures", "new", text(&file), "--name", "Bando", "--authority", "Ente"];
    for (options, lines, hints) in [
        (&["--costs", "machinry"][..], "", &["--costs", "did you mean 'machinery'"][..]),
        (&["--costs", "machinery", "--rate", "150"], "", &["--rate", "150"]),
        (&["--costs", "machinery", "--cap", "1.000,00"], "", &["--cap", "1.000,00"]),
        (&["--costs", "machinery", "--opens", "31/01/2026"], "", &["--opens", "2026-01-31"]),
        (
            &["--costs", "machinery", "--opens", "2026-05-01", "--closes", "2026-04-01"],
            "",
            &["--closes", "before the first day"],
        ),
        (&["--costs", "machinery", "--sizes", "smal"], "", &["did you mean 'small'"]),
        (&["--costs", "machinery", "--pay-by", "soon"], "", &["--pay-by", "soon"]),
        (&["--costs", "machinery"], "\n\n\nlots\n", &["--rate", "lots"]),
        // The input ends where an answer is needed.
        (&["--defaults"], "", &["needs an answer", "--costs"]),
    ] {
        let arguments: Vec<&str> = name.iter().chain(options).copied().collect();
        let output = told(&arguments, lines);
        assert_eq!(code(&output), 2, "{options:?}: {}", err(&output));
        for hint in hints {
            assert!(err(&output).contains(hint), "{options:?}: {}", err(&output));
        }
        assert!(!file.exists());
    }
    let odd = run(&["measures", "new", text(&home.path().join("a.b.toml")), "--defaults"]);
    assert_eq!(code(&odd), 2);
    assert!(err(&odd).contains("rename the file"), "{}", err(&odd));
}

#[test]
fn the_schema_is_printed() {
    let output = run(&["measures", "schema"]);
    assert_eq!(code(&output), 0);
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn questions_are_in_the_words_of_the_measure_and_for_programs_too() {
    let letter = run(&["check", "scenarios/choice", "--questions"]);
    assert_eq!(code(&letter), 0, "{}", err(&letter));
    let letter = out(&letter);
    assert!(letter.starts_with("Medica Lario SpA\n"), "{letter}");
    assert!(letter.contains("Is the annual fee of the chamber of commerce paid?"), "{letter}");
    assert!(letter.contains("Industry 4.0 (Connected patient monitor)\n"), "{letter}");
    assert!(letter.contains("- l3: Traceability of production data, EUR 90 000.00"), "{letter}");
    assert!(!letter.contains("company."), "a client does not know names of facts\n{letter}");

    let table = run(&["check", "scenarios/choice", "--questions", "--format", "csv"]);
    let headings = questions::COLUMNS.map(|(name, _)| name).join(",");
    assert_eq!(out(&table).lines().next(), Some(headings.as_str()));
    let json = run(&["check", "scenarios/choice", "--questions", "--format", "json"]);
    let asks: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(asks.as_array().unwrap().len(), out(&table).lines().count() - 1);
    assert_eq!(asks[0]["company"], "lario");
    assert_eq!(asks[0]["until_answered"], "blocks");

    let misused = run(&["check", "scenarios/choice", "--format", "csv"]);
    assert_eq!(code(&misused), 2);
    assert!(err(&misused).contains("--questions"), "{}", err(&misused));
}

#[test]
fn letters_come_in_italian_and_ask_each_client_each_question_once() {
    let letter = out(&run(&["--lang", "it", "check", "scenarios/office", "--questions"]));
    assert!(letter.contains("Il diritto camerale annuale è pagato?"), "{letter}");
    assert!(!letter.contains("Is the annual fee"), "{letter}");
    // Two projects of the first client use the same call.
    let first = letter.split("\n\n\n").next().unwrap();
    assert!(first.starts_with("Ada Cyber Srl\n"), "{first}");
    assert_eq!(first.matches("Il fornitore ha sede nell'Unione europea?").count(), 1, "{first}");
    let needed = first.split("Serve per: ").last().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        needed,
        "Bando SI4.0: soluzioni innovative Impresa 4.0 (Certificazione EUCC del gateway, ISO/IEC 27017 per il servizio gestito)"
    );
}

#[test]
fn measures_of_the_program_ask_in_both_languages() {
    let (measures, _) = grantfolio::load::measures::catalogue(None).unwrap();
    for measure in &measures {
        let of_facts = measure.facts.iter().filter_map(|fact| fact.question.as_ref());
        let of_rules = measure.requirements.iter().filter_map(|rule| rule.question.as_ref());
        for words in of_facts.chain(of_rules) {
            assert_ne!(words.it, words.en, "{}", measure.id);
        }
    }
}

#[test]
fn a_fact_that_blocks_is_asked_for_first() {
    let home = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/choice")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(
            home.path().join(path.file_name().unwrap()),
            text.replace("Lario SpA,medium", "Lario SpA,"),
        )
        .unwrap();
    }
    let letter = out(&run(&["check", text(home.path()), "--questions"]));
    let asked =
        letter.find("To prepare the applications we need to know:").unwrap_or_else(|| panic!("{letter}"));
    assert!(letter[asked..].contains("  1. "), "{letter}");
    let checked = out(&run(&["check", text(home.path())]));
    assert!(checked.contains("Questions to be answered"), "{checked}");
    assert!(checked.contains("company.size"), "{checked}");
    assert!(checked.contains("give the size, or headcount"), "{checked}");
}

#[test]
fn the_checklist_asks_in_words() {
    let output = out(&run(&["optimize", "scenarios/choice"]));
    assert!(output.contains("chamber of commerce paid? (taken as met)"), "{output}");
    assert!(!output.contains("company.chamber_fee_paid"), "{output}");
}

#[test]
fn tables_come_in_italian() {
    let output = out(&run(&["--lang", "it", "optimize", "scenarios/choice"]));
    for words in [
        "Contributo totale EUR 346 300.00",
        "Dimostrato il migliore",
        "Dove va ogni spesa",
        "Perché non di più",
        "imponibile",
        "Contributo massimo",
    ] {
        assert!(output.contains(words), "{words}\n{output}");
    }
    for words in
        ["net amount", "limits that bind", "Taken for granted", "is not known and taken", "planned on"]
    {
        assert!(!output.contains(words), "{words}\n{output}");
    }
    let checked = out(&run(&["check", "scenarios/choice", "--lang", "it"]));
    for words in
        ["Il portafoglio come è stato inteso", "preventivo", "enti certificatori", "perché questa dimensione"]
    {
        assert!(checked.contains(words), "{words}\n{checked}");
    }
    let shown = out(&run(&["measures", "show", "si40-2019", "--lang", "it"]));
    assert!(shown.starts_with("Bando SI4.0"), "{shown}");
    let sheet = out(&run(&["assess", "scenarios/smallest", "--measure", "si40-2019", "--lang", "it"]));
    assert!(sheet.contains("che cosa accade"), "{sheet}");
}

#[test]
fn every_column_of_the_questions_is_documented() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/commands.md")).unwrap();
    for (name, meaning) in questions::COLUMNS {
        let row = format!("| `{name}` | {meaning} |");
        assert!(page.contains(&row), "docs/commands.md lacks the row\n{row}");
    }
}
