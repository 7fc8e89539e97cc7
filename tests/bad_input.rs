//! Defects of every file, column, key and reference, met as users meet them: through the program. Each must end with exit code 2, nothing
//! on standard output, nothing written, no panic, and the message that stands in `tests/bad_input/`.
//!
//! A file there is a list of defects, each a change of the portfolio or measure in `tests/bad_input/base/` and what the program says of
//! it. `UPDATE_GOLDEN=1` rewrites what is said; the diff is the review.
//!
//! ```text
//! == an amount with two points
//! expenses.csv: `40000.00` -> `1.2.3`
//! --
//! error ...
//! ```
//!
//! Changes: `` FILE: `A` -> `B` `` replaces the first A; `` FILE = `B` `` is the whole file; `FILE is missing`, `FILE is a folder`;
//! `` FILE repeats N `A` between `B` and `C` ``; `arguments A B` puts more on the command line; `command A B` runs another command,
//! `DIR` being the folder. In texts `\n`, `\r`, `\t`, `\\` and `\xHH` (a byte) stand for what they mean in Rust.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use grantfolio::load::codes;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_input")
}

/// A defect as its file tells it.
struct Defect {
    name: String,
    changes: Vec<String>,
    said: String,
}

fn defects(text: &str) -> Vec<Defect> {
    let mut found = Vec::new();
    for part in text.split("== ").skip(1) {
        let (head, said) = part.split_once("\n--\n").unwrap_or((part.trim_end(), ""));
        let mut lines = head.lines();
        let name = lines.next().unwrap().to_owned();
        let changes = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
        found.push(Defect { name, changes, said: said.trim_end().to_owned() });
    }
    found
}

fn written(defects: &[Defect]) -> String {
    let mut text = String::new();
    for Defect { name, changes, said } in defects {
        writeln!(text, "== {name}\n{}\n--\n{said}\n", changes.join("\n")).unwrap();
    }
    text
}

/// The bytes a text between backticks stands for.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escape = rest.get(..2).filter(|two| two.starts_with('\\'));
        let (byte, length) = match escape {
            Some("\\n") => (b'\n', 2),
            Some("\\r") => (b'\r', 2),
            Some("\\t") => (b'\t', 2),
            Some("\\\\") => (b'\\', 2),
            Some("\\x") => (u8::from_str_radix(&rest[2..4], 16).unwrap(), 4),
            _ => {
                bytes.extend_from_slice(&rest.as_bytes()[..c.len_utf8()]);
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    bytes
}

/// What stands between backticks, in order.
fn quoted(change: &str) -> Vec<&str> {
    change.split('`').skip(1).step_by(2).collect()
}

/// The folder of one defect, and how the program is called on it.
struct Case {
    folder: tempfile::TempDir,
    command: Vec<String>,
    more: Vec<String>,
}

impl Case {
    fn new() -> Case {
        let case = Case { folder: tempfile::tempdir().unwrap(), command: Vec::new(), more: Vec::new() };
        for entry in fs::read_dir(folder().join("base")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), case.path(entry.file_name().to_str().unwrap())).unwrap();
        }
        case
    }

    /// Measures stand in a folder of their own.
    fn path(&self, file: &str) -> PathBuf {
        let is_measure =
            Path::new(file).extension().is_some_and(|it| it == "toml") && file != "portfolio.toml";
        let folder = self.folder.path().join(if is_measure { "measures" } else { "portfolio" });
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    fn change(&mut self, change: &str) {
        let words = |text: &str| text.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>();
        let texts = quoted(change);
        if change.starts_with("arguments ") {
            self.more = words(change);
        } else if change.starts_with("command ") {
            self.command = words(change);
        } else if let Some(file) = change.strip_suffix(" is missing") {
            fs::remove_file(self.path(file)).unwrap();
        } else if let Some(file) = change.strip_suffix(" is a folder") {
            let _ = fs::remove_file(self.path(file));
            fs::create_dir(self.path(file)).unwrap();
        } else if let Some((file, count)) = change.split_once(" repeats ") {
            let count: usize = count.split_whitespace().next().unwrap().parse().unwrap();
            let [repeated, before, after] = texts.as_slice() else { panic!("{change}") };
            let content = [bytes(before), bytes(repeated).repeat(count), bytes(after)].concat();
            fs::write(self.path(file), content).unwrap();
        } else if let Some((file, _)) = change.split_once(" = `") {
            fs::write(self.path(file), bytes(texts[0])).unwrap();
        } else if let Some((file, _)) = change.split_once(": `") {
            let content = fs::read(self.path(file)).unwrap();
            let [from, to] = [bytes(texts[0]), bytes(texts[1])];
            let at = content.windows(from.len()).position(|window| *window == from);
            let at = at.unwrap_or_else(|| panic!("{file} has no {}", texts[0]));
            let changed = [&content[..at], &to, &content[at + from.len()..]].concat();
            fs::write(self.path(file), changed).unwrap();
        } else {
            panic!("no change: {change}");
        }
    }

    fn run(&self) -> Output {
        let folder = self.folder.path().display().to_string();
        let mut words: Vec<String> = if self.command.is_empty() {
            let standard = ["optimize", "DIR/portfolio", "--measures", "DIR/measures", "--out", "DIR/out"];
            standard.map(str::to_owned).to_vec()
        } else {
            self.command.clone()
        };
        words.extend(self.more.clone());
        let words = words.iter().map(|word| word.replace("DIR", &folder));
        limited(env!("CARGO_BIN_EXE_grantfolio")).args(words).output().unwrap()
    }
}

/// The program, with a gigabyte of address space where the system can limit it: no input may ask for more.
fn limited(program: &str) -> Command {
    if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 1048576; exec \"$0\" \"$@\"", program]);
        command
    } else {
        Command::new(program)
    }
}

/// What `check --format json` says of the defect says what was found and what was expected in keys of their own, wherever a cell, column,
/// key or reference is meant, and gives a place wherever there is a file.
fn hold_fields(case: &Case, name: &str) {
    if !case.command.is_empty() {
        return;
    }
    let folder = case.folder.path().display().to_string();
    let (portfolio, measures) = (format!("{folder}/portfolio"), format!("{folder}/measures"));
    let mut words = vec!["check", &portfolio, "--measures", &measures, "--format", "json"];
    words.extend(case.more.iter().map(String::as_str));
    let output = limited(env!("CARGO_BIN_EXE_grantfolio")).args(words).output().unwrap();
    if output.stdout.is_empty() {
        // A mistake of the command line is no diagnostic.
        return;
    }
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for problem in said.as_array().unwrap() {
        let text = |key: &str| problem[key].as_str();
        let is_counted = text("message").is_some_and(|message| message.ends_with("problems of this kind"));
        assert!(is_counted || text("expected").is_some_and(|it| !it.is_empty()), "{name}: {problem}");
        assert!(is_counted || text("field").is_none() || text("found").is_some(), "{name}: {problem}");
        let path = Path::new(&portfolio).join(text("file").unwrap());
        if path.is_file() && problem["code"] != "P002" {
            assert!(problem["line"].is_number() && problem["column"].is_number(), "{name}: {problem}");
        }
    }
}

/// Runs every defect of one list, and holds what is said against it.
fn hold(list: &str) {
    let file = folder().join(list).with_extension("txt");
    let mut defects = defects(&fs::read_to_string(&file).unwrap());
    let mut wrong = Vec::new();
    for defect in &mut defects {
        let mut case = Case::new();
        for change in &defect.changes {
            case.change(change);
        }
        let output = case.run();
        let said = String::from_utf8(output.stderr).unwrap();
        let name = &defect.name;
        let answers = case.command.first().is_some_and(|command| command == "measures");
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(answers || output.stdout.is_empty(), "{name}: something on standard output");
        // What is met after the loading finds the folder made ready, and leaves it empty.
        let out = fs::read_dir(case.folder.path().join("out"));
        assert!(out.map_or(0, Iterator::count) == 0, "{name}: something was written");
        assert!(!said.contains("internal error"), "{name}: {said}");
        hold_fields(&case, name);
        let said = if answers { String::from_utf8(output.stdout).unwrap() } else { said };
        let said = said.replace(&case.folder.path().display().to_string(), "DIR");
        let said: Vec<&str> = said.lines().map(str::trim_end).collect();
        let said = said.join("\n").trim_end().to_owned();
        // Every problem says what to do.
        let problems = said.lines().filter(|line| line.contains("× ") || line.starts_with("error[")).count();
        let remedies = said.lines().filter(|line| line.contains("help: ")).count();
        if problems > remedies || said != defect.said {
            wrong.push(format!("{name}: {said}\n"));
        }
        defect.said = said;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, written(&defects)).unwrap();
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn the_base_without_defect_is_sound() {
    let case = Case::new();
    let output = case.run();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.lines().all(|line| line.starts_with("written: ")), "{said}");
    assert!(output.status.success());
    assert!(case.folder.path().join("out").exists());
}

#[test]
fn files_that_are_no_tables() {
    hold("files");
}

#[test]
fn headers_and_rows() {
    hold("tables");
}

#[test]
fn companies() {
    hold("companies");
}

#[test]
fn projects() {
    hold("projects");
}

#[test]
fn expenses() {
    hold("expenses");
}

#[test]
fn members() {
    hold("members");
}

#[test]
fn prior_aids() {
    hold("prior_aids");
}

#[test]
fn decisions() {
    hold("decisions");
}

#[test]
fn settings() {
    hold("portfolio");
}

#[test]
fn measures() {
    hold("measures");
}

/// A line of 200 MB is read and refused; it must neither be copied many times nor be drawn.
#[test]
fn a_line_of_two_hundred_megabytes() {
    let case = Case::new();
    let header = b"expense_id,project_id,category,net_amount\ne1,line,machinery,".to_vec();
    fs::write(case.path("expenses.csv"), [header, vec![b'1'; 200_000_000]].concat()).unwrap();
    let output = case.run();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("P019") && said.contains("expenses.csv:2") && said.len() < 1000, "{said}");
}

/// A file beyond the largest is refused after its first bytes; it is a hole on the disk.
#[test]
fn a_file_of_ten_gigabytes() {
    let case = Case::new();
    fs::File::create(case.path("expenses.csv")).unwrap().set_len(10_000_000_000).unwrap();
    let output = case.run();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("'expenses.csv' is larger than 256 MiB") && said.len() < 1000, "{said}");
}

/// A file that may not be read is told as such. Who may read everything, as root may, finds a folder in its place.
#[test]
fn a_file_that_may_not_be_read() {
    let case = Case::new();
    let path = case.path("expenses.csv");
    forbid(&path);
    if fs::read(&path).is_ok() {
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
    }
    let output = case.run();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("P001") && said.contains("expenses.csv"), "{said}");
    assert!(said.contains("check that it is there"), "{said}");
}

#[cfg(unix)]
fn forbid(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
}

#[cfg(not(unix))]
fn forbid(_path: &Path) {}

/// Of a hundred thousand bad cells a thousand are told.
#[test]
fn a_hundred_thousand_bad_cells() {
    let case = Case::new();
    let mut text = String::from("expense_id,project_id,category,net_amount\n");
    for row in 0..100_000 {
        writeln!(text, "e{row},line,machinery,much").unwrap();
    }
    fs::write(case.path("expenses.csv"), text).unwrap();
    let output = case.run();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("99000 more problems of this kind"), "{}", said.len());
}

/// Every code that can come of files has a defect, with the words its page shows.
#[test]
fn every_code_is_met() {
    let mut lists = String::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            lists.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    // Drawings break lines where the terminal ends.
    let one_line = lists.replace(['│', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    // `tests/certificate.rs` spoils certificates (C), `tests/workbook.rs` writes the workbook that P071 needs, `tests/cli.rs` holds quotations against their source, `tests/bench.rs` reads instances.
    let elsewhere = BTreeSet::from(["P002", "P019", "P071", "P080", "M033"]);
    let missing: Vec<String> = codes::every()
        .filter(|known| !elsewhere.contains(known.code) && !known.code.starts_with('C'))
        .filter(|known| !one_line.contains(known.code) || !one_line.contains(known.example))
        .map(|known| format!("{}: {}", known.code, known.example))
        .collect();
    assert!(missing.is_empty(), "no defect says\n{}", missing.join("\n"));
    assert!(lists.matches("\n--\n").count() >= 80);
}
