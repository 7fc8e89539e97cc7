//! The same bytes out for the same portfolio: whatever the run, the threads, the order of rows and columns, and the dialect of the files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use grantfolio::load::fields::{FILES, FileFields, Kind, folded};
use grantfolio::portfolio::CATEGORIES;

fn office() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/office")
}

/// Every file of a run but the wall times, and what it prints.
fn files(portfolio: &Path, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_grantfolio"))
        .env("RAYON_NUM_THREADS", threads)
        .args(["optimize", "--out"])
        .arg(out.path())
        .arg(portfolio)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let entries = std::fs::read_dir(out.path()).unwrap().map(Result::unwrap);
    let mut files: BTreeMap<String, Vec<u8>> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.remove("timings.csv").unwrap();
    files.insert("standard output".to_owned(), output.stdout);
    files
}

fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(one.keys().eq(other.keys()), "{what}");
    for (name, bytes) in one {
        assert!(other[name] == *bytes, "{what}: {name} differs");
    }
}

#[test]
fn runs_and_threads_change_nothing() {
    let first = files(&office(), "1");
    assert_eq!(first.len(), 5);
    assert_same(&first, &files(&office(), "1"), "a second run");
    assert_same(&first, &files(&office(), "4"), "four threads");
}

/// A table: its header, then its rows.
type Rows = Vec<Vec<String>>;

/// A copy of the office with every table rewritten.
fn rewritten(delimiter: u8, change: impl Fn(FileFields, Rows) -> Rows) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(office().join("portfolio.toml"), home.path().join("portfolio.toml")).unwrap();
    for file in FILES.into_iter().filter(|file| office().join(file.name).exists()) {
        let text = std::fs::read_to_string(office().join(file.name)).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let mut writer =
            csv::WriterBuilder::new().delimiter(delimiter).from_path(home.path().join(file.name)).unwrap();
        for row in change(file, rows) {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
    }
    home
}

/// Rows dealt into seven heaps, the heaps from the last to the first.
fn shuffled(mut rows: Rows) -> Rows {
    let header = rows.remove(0);
    let heaps = (0..7).rev().flat_map(|heap| rows.iter().skip(heap).step_by(7).cloned());
    std::iter::once(header).chain(heaps.collect::<Vec<_>>()).collect()
}

/// Columns from the last to the first.
fn mirrored(rows: Rows) -> Rows {
    rows.into_iter().map(|row| row.into_iter().rev().collect()).collect()
}

#[test]
fn the_order_of_rows_and_columns_changes_nothing() {
    let other = rewritten(b';', |_, rows| mirrored(shuffled(rows)));
    assert_same(&files(&office(), "2"), &files(other.path(), "2"), "shuffled rows");
}

/// English headers and words, ISO days, decimal points, no thousands marks.
fn english(file: FileFields, mut rows: Rows) -> Rows {
    let fields: Vec<_> = rows[0]
        .iter()
        .map(|header| file.fields.iter().find(|field| field.italian == folded(header)))
        .collect();
    for (header, field) in rows[0].iter_mut().zip(&fields) {
        if let Some(field) = field {
            field.name.clone_into(header);
        }
    }
    for row in &mut rows[1..] {
        for (cell, field) in row.iter_mut().zip(&fields) {
            *cell = match field.map(|field| field.kind) {
                // A fact that measures declare; 'si' stands only in flags.
                None if cell == "si" => "yes".to_owned(),
                Some(Kind::Money(_) | Kind::Number(_) | Kind::Share) => {
                    cell.replace('.', "").replace(',', ".")
                }
                Some(Kind::Date) => cell.split('/').rev().collect::<Vec<_>>().join("-"),
                Some(Kind::Choice(words)) if !cell.is_empty() => words
                    .iter()
                    .find(|word| word.italian.contains(&cell.as_str()))
                    .unwrap()
                    .english
                    .to_owned(),
                Some(Kind::Category) => {
                    CATEGORIES.iter().find(|category| category.italian == cell).unwrap().id.to_owned()
                }
                _ => continue,
            };
        }
    }
    rows
}

#[test]
fn the_dialect_of_the_files_changes_nothing() {
    let italian = files(&office(), "2");
    let commas = rewritten(b',', english);
    let text = std::fs::read_to_string(commas.path().join("expenses.csv")).unwrap();
    assert!(text.contains("vs-iatf-02,vs-iatf,iatf,IATF 16949,consultancy,"), "{text}");
    assert!(text.contains(",paid,14380.00,22%,"), "{text}");
    assert_same(&italian, &files(commas.path(), "2"), "commas, points, ISO days, English");
    let tabs = rewritten(b'\t', |_, rows| rows);
    assert_same(&italian, &files(tabs.path(), "2"), "tabs, without a mark at the beginning");
}
