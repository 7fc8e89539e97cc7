//! Every line of the source texts is accounted for: by rules of the catalogue that say it, or as information.
//!
//! `docs/coverage/` has one table a text. Works on the files alone, as `tests/references.rs` does, and holds the tables against the texts and against
//! the measures, both ways.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// What stands in place of rules: said nowhere because nothing follows from it, or because another line says it.
const NO_RULE: [&str; 2] = ["information", "repetition"];

/// A line of a text and where it went.
struct Row {
    line: usize,
    text: String,
    /// `measure.rule`, or one word of [`NO_RULE`].
    places: Vec<String>,
    why: String,
}

/// What a measure has that a line may go to.
struct Measure {
    source: String,
    /// Rules, doubts, classes, keys of the header.
    names: BTreeSet<String>,
    /// Quotes by rule.
    quotes: BTreeMap<String, String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder with this extension, by name.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    assert!(!paths.is_empty(), "no .{extension} file in {folder}");
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

fn in_single_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of a text that are not blank, with their numbers.
fn lines_of(source: &str) -> Vec<(usize, String)> {
    let path = root().join("tests/data/seeds").join(source);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let numbered = text.split('\n').map(in_single_spaces).zip(1..);
    numbered.filter(|(line, _)| !line.is_empty()).map(|(line, number)| (number, line)).collect()
}

fn rows_of(table: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(table).unwrap_or_else(|e| panic!("{}: {e}", table.display()));
    let headers = reader.headers().expect("a header").iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(headers, ["line", "text", "where", "why"], "{}", table.display());
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.unwrap_or_else(|e| panic!("{}: {e}", table.display()));
        Row {
            line: record[0]
                .parse()
                .unwrap_or_else(|_| panic!("{}: no line number: {record:?}", table.display())),
            text: record[1].to_owned(),
            places: record[2].split_whitespace().map(str::to_owned).collect(),
            why: record[3].to_owned(),
        }
    };
    reader.records().map(row).collect()
}

fn measures() -> BTreeMap<String, Measure> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let content: Table = text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let id = content["id"].as_str().expect("an id").to_owned();
        (id, measure(&content))
    };
    files("measures", "toml").into_iter().map(read).collect()
}

fn measure(content: &Table) -> Measure {
    let mut names = BTreeSet::new();
    let mut quotes = BTreeMap::new();
    let text = |table: &Table, key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    for (key, value) in content {
        match value {
            Value::Array(tables) if key != "example" => {
                for table in tables.iter().filter_map(Value::as_table) {
                    let Some(id) = text(table, "id") else { continue };
                    quotes.extend(text(table, "ref").map(|quote| (id.clone(), quote)));
                    names.insert(id);
                }
            }
            Value::Table(classes) if key == "classes" => names.extend(classes.keys().cloned()),
            Value::Table(window) if key == "window" => {
                for (rule, key) in [("window", "ref"), ("early-order", "early_order_ref")] {
                    quotes.extend(text(window, key).map(|quote| (rule.to_owned(), quote)));
                    names.insert(rule.to_owned());
                }
            }
            _ => {
                names.insert(key.clone());
            }
        }
    }
    Measure { source: text(content, "source").unwrap_or_default(), names, quotes }
}

#[test]
fn every_line_of_a_source_stands_in_its_table() {
    let tables: Vec<String> = files("docs/coverage", "csv").iter().map(|path| stem(path)).collect();
    let sources: Vec<String> = files("tests/data/seeds", "txt").iter().map(|path| stem(path)).collect();
    assert_eq!(tables, sources);
    let mut faults = Vec::new();
    for table in files("docs/coverage", "csv") {
        let source = stem(&table);
        let listed: Vec<(usize, String)> =
            rows_of(&table).into_iter().map(|row| (row.line, row.text)).collect();
        let lines = lines_of(&format!("{source}.txt"));
        let not_listed = lines.iter().filter(|line| !listed.contains(line));
        faults.extend(
            not_listed.map(|(number, text)| format!("{source}: line {number} is not listed: {text}")),
        );
        let not_there = listed.iter().filter(|row| !lines.contains(row));
        faults.extend(not_there.map(|(number, text)| format!("{source}: line {number} is not this: {text}")));
        if !listed.is_sorted_by(|one, next| one.0 < next.0) {
            faults.push(format!("{source}: the lines are not in order, each once"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_line_goes_to_rules_that_exist_or_says_why_to_none() {
    let measures = measures();
    let mut faults = Vec::new();
    for table in files("docs/coverage", "csv") {
        for row in rows_of(&table) {
            let place = format!("{}, line {}", stem(&table), row.line);
            if row.places.is_empty() {
                faults.push(format!("{place}: goes nowhere"));
            }
            for name in &row.places {
                let known = name.split_once('.').is_some_and(|(measure, rule)| {
                    measures.get(measure).is_some_and(|measure| measure.names.contains(rule))
                });
                if NO_RULE.contains(&name.as_str()) {
                    if row.why.is_empty() || row.places.len() > 1 {
                        faults.push(format!("{place}: '{name}' stands alone, with a word why"));
                    }
                } else if !known {
                    faults.push(format!("{place}: no measure has '{name}'"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_quote_stands_on_a_line_that_goes_to_its_rule() {
    let mut faults = Vec::new();
    for (id, measure) in measures() {
        let table = root().join("docs/coverage").join(&measure.source).with_extension("csv");
        let rows = rows_of(&table);
        // The text in single spaces, and for each line where it begins in it.
        let mut text = String::new();
        let mut begins = Vec::new();
        for row in &rows {
            begins.push(text.len());
            text.push_str(&row.text);
            text.push(' ');
        }
        for (rule, quote) in &measure.quotes {
            let name = format!("{id}.{rule}");
            let quote = in_single_spaces(quote);
            let on_its_line = text.match_indices(&quote).any(|(start, quote)| {
                let end = start + quote.len();
                rows.iter().zip(&begins).any(|(row, begin)| {
                    let touches = *begin < end && start < begin + row.text.len();
                    touches && row.places.contains(&name)
                })
            });
            if !on_its_line {
                faults.push(format!("{name}: no line with its quote goes to it: {quote}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
