//! A portfolio in one Excel workbook: a sheet in place of each file, and the settings in a sheet or in a file beside.
//!
//! Cells become text that the readers of CSV files take: texts as they are, numbers in the shortest form that stands for them, days as
//! `2026-03-31`. So a workbook and the files of the same portfolio give the same results.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};

use super::codes;
use super::columns::Columns;
use super::encoding::{Encoding, decode};
use super::fields::{FILES, FileFields, folded};
use super::place::{Text, like, shown};
use super::portfolio::{Origin, missing, two_of_one};
use super::settings::{self, SettingsFile};
use super::source::{LARGEST_FILE, bytes_of};
use super::table::{Kept, Sheet, SheetCell, SheetRow, Table};
use crate::diagnostics::{Diagnostic, Place, Report};

/// The name of the sheet of settings.
const SETTINGS: &str = "portfolio";

/// Whether a path names a workbook.
pub fn is_workbook(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

/// A workbook that is opened.
pub(super) struct Workbook<'p> {
    path: &'p Path,
    book: Xlsx<Cursor<Vec<u8>>>,
    sheets: Vec<String>,
}

impl<'p> Workbook<'p> {
    /// Opens the file, which must be there.
    pub fn open(path: &'p Path) -> Result<Self, Diagnostic> {
        let name = path.display().to_string();
        let unreadable = |code, message: String| Diagnostic::error(code, Place::file(&name), message);
        let Some(bytes) = bytes_of(&name, path)? else {
            return Err(unreadable(codes::UNREADABLE, format!("'{name}' is not there")));
        };
        // A password puts the whole workbook into a container of the old format.
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            let message = "the workbook is protected by a password, or is in the old format .xls";
            return Err(unreadable(codes::WORKBOOK, message.to_owned()));
        }
        let book = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&name, &error))?;
        let sheets = book.sheet_names();
        Ok(Workbook { path, book, sheets })
    }

    /// The sheet that may have one of these names, in any case.
    fn find(&self, names: &[&str]) -> Vec<String> {
        let means = |sheet: &&String| names.iter().any(|name| folded(sheet) == *name);
        self.sheets.iter().filter(means).cloned().collect()
    }

    /// The cells of a sheet that hold something.
    fn sheet(&mut self, name: &str) -> Result<Sheet, Diagnostic> {
        let fails = |error: &XlsxError| broken(name, error);
        let mut rows: BTreeMap<usize, BTreeMap<usize, SheetCell>> = BTreeMap::new();
        let mut reader = self.book.worksheet_cells_reader(name).map_err(|error| fails(&error))?;
        let mut size = 0;
        while let Some(cell) = reader.next_cell().map_err(|error| fails(&error))? {
            let (row, column) = cell.get_position();
            let Some(kept) = kept(cell.get_value()) else { continue };
            size += kept.text.len() + size_of::<SheetCell>();
            if size > LARGEST_FILE {
                let message = format!("the sheet holds more than {} MiB", LARGEST_FILE / (1024 * 1024));
                return Err(Diagnostic::error(codes::TOO_LARGE, Place::file(name), message));
            }
            rows.entry(row as usize + 1).or_default().insert(column as usize, kept);
        }
        let row =
            |(line, cells): (usize, BTreeMap<_, _>)| SheetRow { line, cells: cells.into_iter().collect() };
        Ok(Sheet { name: name.to_owned(), rows: rows.into_iter().map(row).collect() })
    }
}

fn broken(file: &str, error: &XlsxError) -> Diagnostic {
    let why = match error {
        XlsxError::Password => "it is protected by a password".to_owned(),
        XlsxError::Zip(_) | XlsxError::Io(_) => "it is damaged, or no workbook".to_owned(),
        other => shown(&other.to_string()),
    };
    Diagnostic::error(codes::WORKBOOK, Place::file(file), format!("the workbook cannot be read: {why}"))
}

/// A cell as text; nothing where it holds nothing.
fn kept(value: &DataRef<'_>) -> Option<SheetCell> {
    let (text, kept) = match value {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => ((*text).to_owned(), Kept::Text),
        DataRef::Bool(flag) => (flag.to_string(), Kept::Text),
        // Displayed, a number is the shortest text that stands for it alone.
        DataRef::Int(number) => (number.to_string(), Kept::Number),
        DataRef::Float(number) => (number.to_string(), Kept::Number),
        DataRef::DateTime(moment) => (day(*moment), Kept::Text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            (text.clone(), Kept::Text)
        }
        DataRef::Error(error) => (error.to_string(), Kept::Error),
    };
    Some(SheetCell { text, kept })
}

/// A day; with its hour where it has one, which no column takes.
fn day(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}

/// The names of a sheet that stands for a file: those of the file without their ending.
fn sheet_names(fields: FileFields) -> Vec<&'static str> {
    fields.names().map(|name| name.trim_end_matches(".csv")).collect()
}

impl Origin for Workbook<'_> {
    fn settings(&mut self, report: &mut Report) -> Option<SettingsFile> {
        let beside = self.path.with_extension("toml");
        let name = beside.display().to_string();
        let sheet = self.find(&[SETTINGS]).into_iter().next();
        let file = match bytes_of(&name, &beside)
            .and_then(|bytes| bytes.map(|bytes| decode(&name, bytes, Some(Encoding::Utf8))).transpose())
        {
            Ok(file) => file,
            Err(problem) => {
                report.push(problem);
                return Some(SettingsFile { means_as_of: true, ..SettingsFile::default() });
            }
        };
        match (file, sheet) {
            (None, None) => None,
            (Some(file), None) => Some(settings::read(&file, report)),
            (Some(file), Some(sheet)) => {
                report.push(two_of_one(&format!("the sheet '{sheet}'"), &file.file, "one of the two"));
                Some(settings::read(&file, report))
            }
            (None, Some(sheet)) => match self.sheet(&sheet) {
                Ok(sheet) => Some(settings_of(&sheet, report)),
                Err(problem) => {
                    report.push(problem);
                    Some(SettingsFile { means_as_of: true, ..SettingsFile::default() })
                }
            },
        }
    }

    fn settings_name(&self) -> String {
        format!("the sheet '{SETTINGS}'")
    }

    fn day_remedy(&self) -> String {
        "add a sheet 'portfolio' with the row as_of, 2026-01-15, or give `--as-of 2026-01-15`".to_owned()
    }

    fn found(&mut self, fields: FileFields, report: &mut Report) -> Option<String> {
        let names = sheet_names(fields);
        match self.find(&names).as_slice() {
            [] if !fields.required => None,
            [] => {
                let problem = missing(names[0], &format!("the sheet '{}' is not there", names[0]), &names);
                let others: Vec<&str> = self.sheets.iter().map(String::as_str).collect();
                let known = |sheet: &&str| {
                    FILES.iter().any(|file| sheet_names(*file).contains(&folded(sheet).as_str()))
                };
                let others = others.into_iter().filter(|sheet| !known(sheet));
                let alike = names.iter().find_map(|name| Some((like(name, others.clone())?, name)));
                report.push(match alike {
                    Some((like, name)) => problem.help(format!("rename '{}' to '{name}'", shown(like))),
                    None => problem.help(format!(
                        "each of its rows is {}; it may also be called '{}'",
                        fields.row,
                        names[1..].join("' or '")
                    )),
                });
                None
            }
            [name] => Some(name.clone()),
            [first, second, ..] => {
                report.push(two_of_one(first, second, &names.join(", ")));
                None
            }
        }
    }

    fn table(
        &mut self,
        name: &str,
        columns: &Columns,
        _encoding: Option<Encoding>,
        report: &mut Report,
    ) -> Option<Table> {
        match self.sheet(name) {
            Ok(sheet) => Table::from_sheet(sheet, columns, report),
            Err(problem) => {
                report.push(problem);
                None
            }
        }
    }
}

/// The settings of a sheet: a key and a value a row, keys as `portfolio.toml` would have them with their tables before them:
/// `measures.certifications-2026.filed_on`. They are written as TOML, a line a row, and read as the file is.
fn settings_of(sheet: &Sheet, report: &mut Report) -> SettingsFile {
    let mut content = String::new();
    let mut line = 1;
    for row in &sheet.rows {
        let (key, value) = (row.text(0), row.text(1));
        if key.is_empty() && value.is_empty() {
            continue;
        }
        while line < row.line {
            content.push('\n');
            line += 1;
        }
        // Writing to memory does not fail.
        let _ = write!(content, "{} = {}", toml_key(key), toml_value(value, row.kept(1)));
    }
    let text = Text { file: sheet.name.clone(), content };
    let mut problems = Report::new();
    let file = settings::read(&text, &mut problems);
    report.extend(problems.map(|mut problem| {
        if let Some(line) = problem.place.line {
            let at = usize::from(problem.place.column != Some(1));
            let row = SheetRow { line, cells: Vec::new() };
            problem.place = Place { field: problem.place.field, ..row.place(&sheet.name, at) };
        }
        problem
    }));
    file
}

fn toml_key(key: &str) -> String {
    let is_bare = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if key.split('.').all(is_bare) { key.to_owned() } else { quoted(key) }
}

fn toml_value(value: &str, kept: Kept) -> String {
    let is_flag = matches!(value, "true" | "false");
    if is_flag || kept == Kept::Number { value.to_owned() } else { quoted(value) }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.replace(['\n', '\r'], " ")).to_string()
}
