//! Every rule of a measure file quotes words that stand in the text it comes from, and has a name in both languages.
//!
//! Works on the files alone: it reads TOML without the program's own reader, so that neither can hide the other's mistakes.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// Tables that are rules: each must have `id`, `name` and `ref`, or a doubt that names the other text it rests on.
const RULES: [&str; 12] = [
    "choice",
    "ledger",
    "cumulation",
    "requirement",
    "expense_date",
    "cost_item",
    "derived_item",
    "limit",
    "count",
    "companion",
    "aid",
    "pool",
];

/// Fewest words of a quotation: less stands in any text.
const FEWEST_WORDS: usize = 5;

/// Fewest worked cases a measure comes with.
const FEWEST_EXAMPLES: usize = 8;

struct MeasureFile {
    name: String,
    content: Table,
}

impl MeasureFile {
    /// The tables under a key that holds an array of tables; none where the key is missing.
    fn tables(&self, key: &str) -> Vec<&Table> {
        let entries = self.content.get(key).and_then(Value::as_array);
        entries.into_iter().flatten().filter_map(Value::as_table).collect()
    }

    /// The text the references quote, in single spaces; none where the file names no source.
    fn source(&self) -> Option<String> {
        let name = self.content.get("source")?.as_str().expect("`source` is a file name");
        let path = root().join("tests/data/seeds").join(name);
        let text =
            fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {}: {e}", self.name, path.display()));
        Some(in_single_spaces(&text))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn in_single_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn measure_files() -> Vec<MeasureFile> {
    let entries = fs::read_dir(root().join("measures")).expect("the catalogue is a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let content = text.parse().unwrap_or_else(|e| panic!("{name}: {e}"));
        MeasureFile { name, content }
    };
    let files: Vec<MeasureFile> = paths.into_iter().map(read).collect();
    assert!(!files.is_empty(), "no measure file found");
    files
}

/// Every `ref` and `..._ref` below a value, with the keys that lead to it.
fn references(value: &Value, place: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                let place = format!("{place}.{key}");
                match value {
                    Value::String(quote) if key == "ref" || key.ends_with("_ref") => {
                        found.push((place, quote.clone()));
                    }
                    value => references(value, &place, found),
                }
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                references(value, &format!("{place}[{index}]"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_reference_stands_in_the_source() {
    let mut missing = Vec::new();
    for file in measure_files() {
        let Some(source) = file.source() else { continue };
        let mut found = Vec::new();
        references(&Value::Table(file.content), &file.name, &mut found);
        assert!(!found.is_empty(), "{}: a source but no reference", file.name);
        for (place, quote) in found {
            let quote = in_single_spaces(&quote);
            if quote.split(' ').count() < FEWEST_WORDS || !source.contains(&quote) {
                missing.push(format!("{place} = '{quote}'"));
            }
        }
    }
    assert!(missing.is_empty(), "not in the source:\n{}", missing.join("\n"));
}

#[test]
fn every_rule_has_an_id_a_reference_and_two_names() {
    let mut faults = Vec::new();
    for file in measure_files() {
        let needs_reference = file.content.contains_key("source");
        let mut headed: Vec<(String, &Table)> = vec![("the header".to_owned(), &file.content)];
        for kind in RULES {
            for (index, rule) in file.tables(kind).into_iter().enumerate() {
                let id = rule.get("id").and_then(Value::as_str);
                let place = id.map_or_else(|| format!("{kind}[{index}]"), |id| format!("{kind} '{id}'"));
                if id.is_none() {
                    faults.push(format!("{}: {place} has no id", file.name));
                }
                let elsewhere =
                    rule.get("doubt").and_then(|doubt| doubt.get("source")).is_some_and(Value::is_str);
                if needs_reference && !elsewhere && !rule.get("ref").is_some_and(Value::is_str) {
                    faults.push(format!("{}: {place} has no ref", file.name));
                }
                headed.push((place, rule));
            }
        }
        for (place, table) in headed {
            for language in ["it", "en"] {
                let name = table.get("name").and_then(|names| names.get(language)).and_then(Value::as_str);
                if name.is_none_or(|name| name.trim().is_empty()) {
                    faults.push(format!("{}: {place} has no name in '{language}'", file.name));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_measure_comes_with_worked_cases_that_reach_each_limit() {
    let mut faults = Vec::new();
    for file in measure_files() {
        let examples = file.tables("example");
        if examples.len() < FEWEST_EXAMPLES {
            faults.push(format!("{}: {} examples, at least {FEWEST_EXAMPLES}", file.name, examples.len()));
        }
        let named_by = |example: &Table, id: &str| {
            let rejected = example.get("rejected_by").and_then(Value::as_str) == Some(id);
            let lists = ["binding", "warned"].into_iter().filter_map(|key| example.get(key)?.as_array());
            rejected || lists.flatten().any(|named| named.as_str() == Some(id))
        };
        for limit in file.tables("limit") {
            let id = limit.get("id").and_then(Value::as_str).unwrap_or_default();
            if !examples.iter().any(|example| named_by(example, id)) {
                faults.push(format!(
                    "{}: no example is bound, rejected or warned by the limit '{id}'",
                    file.name
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
