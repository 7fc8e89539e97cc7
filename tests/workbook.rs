//! A workbook gives what the files of the same portfolio give; what is wrong in it is named by sheet and cell.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use grantfolio::diagnostics::Report;
use grantfolio::load::measures::catalogue;
use grantfolio::load::{Folder, Overrides, portfolio, portfolio_of_workbook};
use grantfolio::measure::FactDeclaration;
use grantfolio::portfolio::Portfolio;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

const DAYS: [&str; 4] = ["order_date", "invoice_date", "payment_date", "fiscal_year_end"];
const NUMBERS: [&str; 7] =
    ["net_amount", "vat_rate", "headcount", "turnover", "balance_sheet", "score", "invoice_total"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A workbook with the tables of a folder: days as days, numbers as numbers, everything else as text.
fn workbook_of(folder: &Path) -> Workbook {
    let mut workbook = Workbook::new();
    let as_day = Format::new().set_num_format("yyyy-mm-dd");
    for name in ["companies", "projects", "expenses", "members", "prior_aids", "decisions"] {
        if !folder.join(name).with_extension("csv").exists() {
            continue;
        }
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        let mut reader = csv::Reader::from_path(folder.join(name).with_extension("csv")).unwrap();
        let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        for (column, header) in (0..).zip(&headers) {
            sheet.write_string(0, column, header).unwrap();
        }
        for (row, record) in (1..).zip(reader.records()) {
            for ((column, header), text) in (0..).zip(&headers).zip(record.unwrap().iter()) {
                if text.is_empty() {
                } else if DAYS.contains(&header.as_str()) {
                    let day = ExcelDateTime::parse_from_str(text).unwrap();
                    sheet.write_datetime_with_format(row, column, day, &as_day).unwrap();
                } else if NUMBERS.contains(&header.as_str()) {
                    sheet.write_number(row, column, text.parse::<f64>().unwrap()).unwrap();
                } else {
                    sheet.write_string(row, column, text).unwrap();
                }
            }
        }
    }
    workbook
}

fn facts() -> Vec<FactDeclaration> {
    let (measures, _) = catalogue(None).unwrap();
    measures.iter().flat_map(|measure| measure.facts.clone()).collect()
}

fn read(path: &Path) -> Result<(Portfolio, Report), Report> {
    portfolio_of_workbook(path, &facts(), &Overrides::default())
}

/// `code place message` of everything wrong.
fn problems(path: &Path) -> Vec<String> {
    let report = match read(path) {
        Ok((_, warnings)) => warnings,
        Err(report) => report,
    };
    report.diagnostics().iter().map(|d| format!("{} {} {}", d.code, d.place, d.message)).collect()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_grantfolio")).args(arguments).output().unwrap()
}

/// The folders of scenarios whose files have English names, commas and points.
fn scenarios() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root().join("scenarios")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| {
        let head = fs::read_to_string(folder.join("expenses.csv")).unwrap_or_default();
        head.starts_with("expense_id,") && folder.join("portfolio.toml").is_file()
    });
    folders.sort();
    folders
}

#[test]
fn a_workbook_is_the_portfolio_of_its_files() {
    let folders = scenarios();
    assert!(!folders.is_empty());
    for folder in folders {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("book.xlsx");
        workbook_of(&folder).save(&path).unwrap();
        fs::copy(folder.join("portfolio.toml"), path.with_extension("toml")).unwrap();
        let (expected, _) = portfolio(&Folder::new(&folder), &facts(), &Overrides::default()).unwrap();
        let (found, _) = read(&path).unwrap();
        assert_eq!(found, expected, "{}", folder.display());
    }
}

#[test]
fn a_workbook_gives_the_results_of_its_files_to_the_byte() {
    let folder = scenarios().remove(0);
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("book.xlsx");
    workbook_of(&folder).save(&path).unwrap();
    fs::copy(folder.join("portfolio.toml"), path.with_extension("toml")).unwrap();
    let of = |portfolio: &Path| run(&["optimize", portfolio.to_str().unwrap(), "--format", "json"]);
    let (expected, found) = (of(&folder), of(&path));
    assert!(!expected.stdout.is_empty(), "{}", String::from_utf8_lossy(&expected.stderr));
    assert_eq!(
        String::from_utf8(found.stdout).unwrap(),
        String::from_utf8(expected.stdout).unwrap(),
        "{}",
        String::from_utf8_lossy(&found.stderr)
    );
}

/// A small workbook: Italian names of sheets and columns, and texts with decimal commas beside numbers.
fn small() -> Workbook {
    let mut workbook = Workbook::new();
    let settings = workbook.add_worksheet().set_name("Portfolio").unwrap();
    settings.write_string(0, 0, "as_of").unwrap();
    settings.write_string(0, 1, "2026-01-15").unwrap();
    settings.write_string(2, 0, "measures.certifications-2026.excluded").unwrap();
    settings.write_boolean(2, 1, true).unwrap();
    let tables: [(&str, &[&[&str]]); 3] = [
        ("Imprese", &[&["id_impresa", "dimensione"], &["rossi", "piccola"]]),
        ("Progetti", &[&["id_progetto", "id_impresa"], &["linea", "rossi"]]),
        (
            "Spese",
            &[
                &["id_spesa", "id_progetto", "tipologia", "importo_netto", "data ordine"],
                &["1", "linea", "Macchinari e impianti", "1.234,50", "03/04/2026"],
                &["2", "linea", "software", "", ""],
            ],
        ),
    ];
    for (name, rows) in tables {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*cells) {
                sheet.write_string(row, column, *text).unwrap();
            }
        }
    }
    let spese = workbook.worksheet_from_name("Spese").unwrap();
    spese.write_number(2, 3, 0.1).unwrap();
    workbook
}

fn saved(workbook: &mut Workbook) -> (tempfile::TempDir, PathBuf) {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("small.XLSX");
    workbook.save(&path).unwrap();
    (here, path)
}

#[test]
fn sheets_and_cells_may_be_italian_and_numbers_are_exact() {
    let (_here, path) = saved(&mut small());
    let (portfolio, warnings) = read(&path).unwrap();
    assert!(warnings.is_empty(), "{warnings}");
    let amounts: Vec<String> = portfolio.expenses.iter().map(|e| e.net_amount.to_string()).collect();
    assert_eq!(amounts, ["1234.50", "0.10"]);
    assert_eq!(portfolio.expenses[0].order_date.unwrap().to_string(), "2026-04-03");
    assert_eq!(portfolio.settings.as_of.to_string(), "2026-01-15");
    assert!(portfolio.settings.measures.values().all(|measure| measure.excluded));
}

#[test]
fn cells_that_are_wrong_are_named_by_sheet_and_cell() {
    let mut workbook = small();
    let spese = workbook.worksheet_from_name("Spese").unwrap();
    // 0.1 + 0.2 is 0.30000000000000004: more than cents.
    spese.write_number(2, 3, 0.1 + 0.2).unwrap();
    spese.write_string(0, 5, "colore").unwrap();
    spese.write_string(1, 7, "note").unwrap();
    spese.write_formula(1, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let day = ExcelDateTime::parse_from_str("2026-03-10").unwrap();
    spese.write_string(3, 0, "3").unwrap();
    spese.write_string(3, 1, "linee").unwrap();
    spese.write_string(3, 2, "software").unwrap();
    spese.write_datetime_with_format(3, 3, day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    spese.write_number(3, 4, 46_000).unwrap();
    let portfolio = workbook.worksheet_from_name("Portfolio").unwrap();
    portfolio.write_string(4, 0, "as_off").unwrap();
    portfolio.write_string(5, 0, "objective").unwrap();
    portfolio.write_string(5, 1, "grants").unwrap();
    let (_here, path) = saved(&mut workbook);
    assert_eq!(
        problems(&path),
        [
            "P051 Portfolio!A5 (as_off) Portfolio has no key 'as_off' here",
            "P052 Portfolio!B6 (objective) objective must be \"grant\" or \"net\" or \"expected\", not '\"grants\"'",
            "P011 Spese!F1 (colore) Spese has no column 'colore'",
            "P071 Spese!D2 (importo_netto) the formula of the cell ends in '#DIV/0!'",
            "P011 Spese!H2 'note' stands in a column without name",
            "P022 Spese!D3 (importo_netto) '0.30000000000000004' has a fraction of a cent; amounts have at most two decimals",
            "P031 Spese!B4 (id_progetto) Progetti has no project 'linee'",
            "P022 Spese!D4 (importo_netto) '2026-03-10' is not an amount such as 1234.56",
            "P025 Spese!E4 (data ordine) '46000' is not a day",
        ]
    );
    let output = run(&["check", path.to_str().unwrap(), "--format", "json"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let cell = &said[3];
    assert_eq!((&cell["file"], &cell["cell"]), (&"Spese".into(), &"D2".into()), "{cell}");
    assert_eq!((&cell["line"], &cell["column"]), (&2.into(), &4.into()), "{cell}");
    assert_eq!((&cell["found"], &cell["expected"]), (&"#DIV/0!".into(), &"a value".into()), "{cell}");
}

#[test]
fn sheets_that_are_missing_or_there_twice_are_named() {
    let mut workbook = small();
    workbook.worksheet_from_name("Progetti").unwrap().set_name("Projetti").unwrap();
    workbook.add_worksheet().set_name("expenses").unwrap();
    let (_here, path) = saved(&mut workbook);
    assert_eq!(
        problems(&path),
        [
            "P004 projects the sheet 'projects' is not there",
            "P008 expenses Spese and expenses are both there, and mean the same",
        ]
    );
    let mut empty = small();
    empty.worksheet_from_name("Imprese").unwrap().set_name("altro").unwrap();
    empty.add_worksheet().set_name("companies").unwrap();
    let (_here, path) = saved(&mut empty);
    assert_eq!(problems(&path), ["P006 companies the sheet is empty"]);
}

#[test]
fn a_workbook_without_day_of_planning_is_told_how_to_give_it() {
    let mut workbook = small();
    workbook.worksheet_from_name("Portfolio").unwrap().set_name("Note").unwrap();
    let (_here, path) = saved(&mut workbook);
    let output = run(&["check", path.to_str().unwrap()]);
    let said = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("P053") && said.contains("add a sheet 'portfolio'"), "{said}");
    fs::write(path.with_extension("toml"), "as_of = 2026-01-15\n").unwrap();
    assert_eq!(problems(&path), Vec::<String>::new());
}

#[test]
fn what_is_no_workbook_is_refused() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("book.xlsx");
    let first = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let report = read(&path).unwrap_err();
        report.diagnostics()[0].clone()
    };
    assert_eq!(first(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").code, "P070");
    assert_eq!(first(b"id,name").code, "P070");
    assert_eq!(first(b"PK\x03\x04 cut short").code, "P070");
    assert_eq!(first(b"").code, "P070");
    let missing = read(Path::new("no such book.xlsx")).unwrap_err();
    assert_eq!(missing.diagnostics()[0].code, "P001");
}

/// Bytes that are cut off or changed anywhere give problems, never a panic.
#[test]
fn a_damaged_workbook_is_no_panic() {
    let sound = small().save_to_buffer().unwrap();
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("book.xlsx");
    for step in 0..400 {
        let at = step * 7919 % sound.len();
        let mut bytes = sound.clone();
        if step % 4 == 0 {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 1 << (step % 8);
        }
        fs::write(&path, bytes).unwrap();
        let _ = read(&path);
    }
}
