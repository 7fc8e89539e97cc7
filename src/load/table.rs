//! CSV text to rows that know their place.
//!
//! The set of columns is closed: a header is one of the file's [`Columns`] or an error. A row is no more than its place: its cells are
//! cut from the text again when they are asked for, so that a million rows take little room. Cells are trimmed text here; `cells` gives
//! them types.

mod delimiter;
mod scan;
mod sheet;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub(super) use delimiter::Delimiter;
use scan::{Misquoted, record, value};
pub(super) use sheet::{Kept, Sheet, SheetCell, SheetRow};

use super::codes;
use super::columns::Columns;
use super::decimal::Marks;
use super::place::{BOM, Text, like, lines_in, meant, shown};
use crate::diagnostics::{Diagnostic, Place, Report};

/// Most columns of a file. The closed set has a few dozen: a file with more is not what it should be.
const MOST_COLUMNS: usize = 1000;
/// Most bytes of a row: a longer one has lost its ends of line or the quotes of a cell.
const LONGEST_ROW: usize = 1024 * 1024;

/// The rows of one file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    text: Text,
    delimiter: Delimiter,
    /// For each column of the closed set: where it stands in the file, and its header.
    positions: Arc<[Option<(usize, String)>]>,
    /// The columns that the file has, with where they stand in it.
    present: Arc<[(usize, usize)]>,
    /// The rows that could be read.
    pub rows: Vec<Row>,
    /// What the numbers tell about the decimal mark.
    pub marks: Marks,
    /// Whether every row could be read: if not, what seems to be missing may stand in a row that could not.
    pub complete: bool,
}

/// Where a row comes from.
#[derive(Clone, Debug)]
pub(super) enum Row {
    /// A line of the file: its number, and its first and last byte.
    Line { line: usize, start: usize, end: usize },
    /// A row of a sheet.
    Sheet(Box<SheetRow>),
    /// Cells in the order of the closed set, shared by all tables that have the row.
    Given(Arc<GivenRow>),
}

/// A row whose cells are given, not cut from a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenRow {
    /// Where it comes from, for messages.
    pub place: Place,
    /// A cell for each column of the closed set, trimmed.
    pub cells: Vec<String>,
}

impl Table {
    /// Reads a file; nothing where its header does not say what the cells are.
    pub fn read(text: Text, columns: &Columns, report: &mut Report) -> Option<Table> {
        match Reading::open(text, columns, report) {
            Ok(reading) => Some(reading.rows(columns, report)),
            Err(problem) => {
                report.push(problem);
                None
            }
        }
    }

    /// A table of columns given by name, as worked examples have them; a row each, with a name to speak of it.
    pub fn from_columns(
        rows: &[(String, BTreeMap<String, String>)],
        columns: &Columns,
        report: &mut Report,
    ) -> Table {
        let mut table = Table::of_rows(Vec::new(), columns);
        for (name, given) in rows {
            let mut cells = vec![String::new(); columns.all().len()];
            for (header, value) in given {
                let place = Place { field: Some(header.clone()), ..Place::file(name) };
                match columns.find(header) {
                    Some(index) if cells[index].is_empty() => value.trim().clone_into(&mut cells[index]),
                    Some(index) => {
                        let column = &columns.all()[index];
                        let first = column.italian.unwrap_or_default();
                        report.push(duplicate_column(first, header, &column.name, place));
                    }
                    None => report.push(unknown_column(header, columns, place)),
                }
            }
            table.rows.push(Row::Given(Arc::new(GivenRow { place: Place::file(name), cells })));
        }
        table
    }

    /// A table of rows that are given, each with a cell for every column.
    pub fn of_rows(rows: Vec<Arc<GivenRow>>, columns: &Columns) -> Table {
        let header = columns.all().iter().enumerate().map(|(at, column)| Some((at, column.name.clone())));
        Table {
            text: Text { file: columns.file.clone(), content: String::new() },
            delimiter: Delimiter::Comma,
            positions: header.collect(),
            present: (0..columns.all().len()).map(|column| (column, column)).collect(),
            rows: rows.into_iter().map(Row::Given).collect(),
            marks: Marks::default(),
            complete: true,
        }
    }

    /// The same table with other rows: what the header says is shared.
    pub fn with_rows(&self, rows: impl Iterator<Item = Arc<GivenRow>>) -> Table {
        Table {
            text: Text { file: self.text.file.clone(), content: String::new() },
            delimiter: self.delimiter,
            positions: Arc::clone(&self.positions),
            present: Arc::clone(&self.present),
            rows: rows.map(Row::Given).collect(),
            marks: Marks::default(),
            complete: true,
        }
    }

    /// The table of a file that could not be read.
    pub fn unread(columns: &Columns) -> Table {
        Table { complete: false, ..Table::from_columns(&[], columns, &mut Report::new()) }
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.text.file
    }

    /// Whether the file has the column.
    pub fn has(&self, column: usize) -> bool {
        self.positions[column].is_some()
    }

    /// What parts the cells.
    pub fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// The columns that the file has, in the order in which [`Table::cells`] gives their cells.
    pub fn present(&self) -> impl Iterator<Item = usize> {
        self.present.iter().map(|(column, _)| *column)
    }

    /// Puts what the cells of a row hold, trimmed, into `cells`. `spans` is room to work in.
    pub fn cells<'t>(&'t self, row: &'t Row, spans: &mut Vec<Range<usize>>, cells: &mut Vec<Cow<'t, str>>) {
        cells.clear();
        match row {
            Row::Given(given) => cells.extend(given.cells.iter().map(|cell| Cow::Borrowed(cell.as_str()))),
            Row::Sheet(row) => {
                cells.extend(self.present.iter().map(|(_, at)| Cow::Borrowed(row.text(*at))));
            }
            Row::Line { start, .. } => {
                let content = &self.text.content;
                record(content, *start, self.delimiter.byte(), spans);
                cells.extend(self.present.iter().map(|(_, at)| value(&content[spans[*at].clone()])));
            }
        }
    }

    /// The place of a cell; of the row where the file has no such column.
    pub fn place(&self, row: &Row, column: usize) -> Place {
        let position = self.positions[column].as_ref();
        let field = position.map(|(_, header)| header.clone());
        match row {
            Row::Given(given) => Place { field, ..given.place.clone() },
            Row::Sheet(row) => {
                Place { field, ..row.place(&self.text.file, position.map_or(0, |(at, _)| *at)) }
            }
            Row::Line { line, start, end } => {
                let mut spans = Vec::new();
                record(&self.text.content, *start, self.delimiter.byte(), &mut spans);
                let span = position.and_then(|(at, _)| spans.get(*at).cloned()).unwrap_or(*start..*end);
                let line = line + lines_in(&self.text.content, *start..span.start);
                Place { field, ..self.text.place_on(line, span) }
            }
        }
    }

    /// How a cell of a sheet is kept; a cell of any other row is text.
    pub fn kept(&self, row: &Row, column: usize) -> Kept {
        match (row, &self.positions[column]) {
            (Row::Sheet(row), Some((at, _))) => row.kept(*at),
            _ => Kept::Text,
        }
    }

    /// What a cell holds, for messages.
    pub fn cell(&self, row: &Row, column: usize) -> String {
        let mut cells = Vec::new();
        self.cells(row, &mut Vec::new(), &mut cells);
        self.present()
            .zip(cells)
            .find(|(at, _)| *at == column)
            .map(|(_, cell)| cell.into_owned())
            .unwrap_or_default()
    }
}

/// A file whose header is known, before its rows are read.
struct Reading {
    text: Text,
    delimiter: Delimiter,
    /// The name of each cell of the header, and the column it means; none where it means none.
    header: Vec<(String, Option<usize>)>,
    /// Where the header ends.
    end: usize,
}

impl Reading {
    /// Finds the delimiter and the columns.
    fn open(text: Text, columns: &Columns, report: &mut Report) -> Result<Reading, Diagnostic> {
        let content = &text.content;
        let empty = || {
            Diagnostic::error(codes::EMPTY_FILE, Place::file(&text.file), "the file is empty")
                .help(format!("its first line must name its columns: at least {}", required(columns)))
        };
        let ends = ['\n', '\r'];
        let after_ends = |at: usize| content.len() - content[at..].trim_start_matches(ends).len();
        let mut start = after_ends(content.len() - content.trim_start_matches(BOM).len());
        let said = Delimiter::said(&text, start)?;
        if let Some((_, end)) = said {
            start = after_ends(end);
        }
        if content[start..].trim().is_empty() {
            return Err(empty());
        }
        let delimiter = match said {
            Some((delimiter, _)) => delimiter,
            None => Delimiter::find(&text, start)?,
        };
        let mut spans = Vec::new();
        let found = record(content, start, delimiter.byte(), &mut spans);
        let end = found.end;
        if let Some((span, what)) = found.misquoted {
            return Err(misquoted(what, text.place(span)));
        }
        if found.cells > MOST_COLUMNS {
            return Err(too_many_columns(found.cells, text.place(start..start)));
        }
        if end - start > LONGEST_ROW {
            return Err(long_row("the header", text.place(start..start)));
        }
        let names = spans.into_iter().map(|span| {
            let name = value(&content[span.clone()]).into_owned();
            (name, text.place(span))
        });
        let line = Place { column: None, ..text.place(start..end) };
        let header = header(names, &line, columns, report);
        Ok(Reading { text, delimiter, header, end })
    }

    /// Finds the rows.
    fn rows(self, columns: &Columns, report: &mut Report) -> Table {
        let Reading { text, delimiter, header, end: header_end } = self;
        let positions = positions(&header, columns);
        let nameless: Vec<usize> = (0..header.len()).filter(|at| header[*at].0.is_empty()).collect();
        // Where cells are parted by commas, numbers have points: they need not be asked.
        let numeric: Vec<(usize, usize)> = (0..columns.all().len())
            .filter(|column| delimiter != Delimiter::Comma && columns.all()[*column].kind.is_numeric())
            .filter_map(|column| positions[column].as_ref().map(|(at, _)| (column, *at)))
            .collect();
        let complete = has_required(&positions, columns);
        let content = &text.content;
        let (mut rows, mut marks, mut sound) = (Vec::new(), Marks::default(), true);
        let mut spans = Vec::new();
        let (mut line, mut at) = (1 + lines_in(content, 0..header_end), header_end);
        loop {
            // From the end of one record to the beginning of the next there are ends of line only.
            let gap = content[at..].bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            line += lines_in(content, at..at + gap);
            at += gap;
            if at >= content.len() {
                break;
            }
            let (start, first_line) = (at, line);
            let found = record(content, start, delimiter.byte(), &mut spans);
            at = found.end;
            if found.quoted {
                line += lines_in(content, start..at);
            }
            let place =
                |span: Range<usize>| text.place_on(first_line + lines_in(content, start..span.start), span);
            let cell = |at: usize| value(&content[spans[at].clone()]);
            if let Some((span, what)) = found.misquoted {
                report.push(misquoted(what, place(span)));
                sound = false;
            } else if at - start > LONGEST_ROW {
                report.push(long_row("the row", place(start..start)));
                sound = false;
            } else if found.cells == spans.len() && (0..spans.len()).all(|at| cell(at).is_empty()) {
                // A row of a sheet in which nothing is written.
            } else if found.cells != header.len() {
                report.push(cell_count(found.cells, header.len(), place(start..at)));
                sound = false;
            } else {
                for at in nameless.iter().filter(|at| !cell(**at).is_empty()) {
                    report.push(nameless_column(&cell(*at), place(spans[*at].clone())));
                }
                for (column, position) in &numeric {
                    marks.see(&cell(*position), rows.len(), *column);
                }
                rows.push(Row::Line { line: first_line, start, end: at });
            }
        }
        let present = present(&positions);
        Table { text, delimiter, positions, present, rows, marks, complete: complete && sound }
    }
}

/// The columns that the cells of a header mean, with what is wrong with it; `line` is the place of all of it.
fn header(
    names: impl Iterator<Item = (String, Place)>,
    line: &Place,
    columns: &Columns,
    report: &mut Report,
) -> Vec<(String, Option<usize>)> {
    let mut header: Vec<(String, Option<usize>)> = Vec::new();
    // Columns that a misspelt header was surely meant to name are not missing besides.
    let mut meant: Vec<Option<usize>> = Vec::new();
    let mut problems = Report::new();
    for (name, place) in names {
        let column = columns.find(&name);
        let place = Place { field: Some(name.clone()), ..place };
        let first = header.iter().find(|(_, known)| known.is_some() && *known == column);
        if let (Some((first, _)), Some(column)) = (first, column) {
            problems.push(duplicate_column(first, &name, &columns.all()[column].name, place));
        } else if column.is_none() && !name.is_empty() {
            meant.push(like(&name, columns.names()).and_then(|name| columns.find(name)));
            problems.push(unknown_column(&name, columns, place));
        }
        header.push((name, column));
    }
    for (index, column) in columns.all().iter().enumerate() {
        let there = header.iter().any(|(_, known)| *known == Some(index)) || meant.contains(&Some(index));
        if column.required && !there {
            let place = line.clone();
            let message = format!("column '{}' is missing", column.name);
            let remedy =
                format!("add a column '{}' (or '{}')", column.name, column.italian.unwrap_or_default());
            let found: Vec<String> = header.iter().map(|(name, _)| shown(name)).collect();
            problems.push(
                Diagnostic::error(codes::MISSING_COLUMN, place, message)
                    .found(found.join(", "))
                    .expected(format!("a column '{}'", column.name))
                    .help(remedy),
            );
        }
    }
    report.extend(problems);
    header
}

/// For each column of the closed set, where it stands in the header, and its name there.
fn positions(header: &[(String, Option<usize>)], columns: &Columns) -> Arc<[Option<(usize, String)>]> {
    let mut positions: Vec<Option<(usize, String)>> = vec![None; columns.all().len()];
    for (at, (name, column)) in header.iter().enumerate() {
        if let Some(column) = column {
            positions[*column].get_or_insert_with(|| (at, name.clone()));
        }
    }
    positions.into()
}

/// Whether every required column has a position.
fn has_required(positions: &[Option<(usize, String)>], columns: &Columns) -> bool {
    columns.all().iter().zip(positions).all(|(column, at)| !column.required || at.is_some())
}

/// Columns that are there, with their positions.
fn present(positions: &[Option<(usize, String)>]) -> Arc<[(usize, usize)]> {
    let place = |(column, position): (usize, &Option<(usize, String)>)| Some((column, position.as_ref()?.0));
    positions.iter().enumerate().filter_map(place).collect()
}

fn too_many_columns(found: usize, place: Place) -> Diagnostic {
    let message = format!("the header has {found} columns, more than {MOST_COLUMNS}");
    Diagnostic::error(codes::TOO_MANY_COLUMNS, Place { span: None, ..place }, message)
        .found(found.to_string())
        .help("keep the columns that the program reads; every row must be a line of its own")
}

fn nameless_column(text: &str, place: Place) -> Diagnostic {
    let message = format!("'{}' stands in a column without name", shown(text));
    Diagnostic::error(codes::UNKNOWN_COLUMN, place, message)
        .found(shown(text))
        .expected("nothing, or a name in the header")
        .help("name the column in the header, or delete its cells")
}

fn long_row(what: &str, place: Place) -> Diagnostic {
    let message = format!("{what} is longer than {} KiB", LONGEST_ROW / 1024);
    // Nobody would like to see it drawn.
    Diagnostic::error(codes::LONG_ROW, Place { span: None, ..place }, message)
        .help("every row of the sheet must be a line of its own")
}

/// The required columns, for a remedy.
fn required(columns: &Columns) -> String {
    let names = columns.all().iter().filter(|c| c.required).map(|c| format!("'{}'", c.name));
    names.collect::<Vec<_>>().join(", ")
}

fn unknown_column(name: &str, columns: &Columns, place: Place) -> Diagnostic {
    let problem = Diagnostic::error(
        codes::UNKNOWN_COLUMN,
        place,
        format!("{} has no column '{}'", columns.file, shown(name)),
    )
    .found(shown(name))
    .expected(format!("a column of {}, or a fact that a measure declares", columns.file));
    let otherwise = || "delete the column, or declare it as a `[[fact]]` of a measure".to_owned();
    problem.help(meant(name, columns.names()).unwrap_or_else(otherwise))
}

fn duplicate_column(first: &str, second: &str, column: &str, place: Place) -> Diagnostic {
    let (first, second) = (shown(first), shown(second));
    let message = if first == second {
        format!("column '{second}' is there twice")
    } else {
        format!("columns '{first}' and '{second}' both mean '{column}'")
    };
    Diagnostic::error(codes::DUPLICATE_COLUMN, place, message)
        .found(second)
        .expected(format!("one column '{column}'"))
        .help("delete or rename one of the two")
}

fn cell_count(found: usize, expected: usize, place: Place) -> Diagnostic {
    let plural = if found == 1 { "" } else { "s" };
    let message = format!("the row has {found} cell{plural}, the header {expected}");
    Diagnostic::error(codes::CELL_COUNT, place, message)
        .found(format!("{found} cell{plural}"))
        .expected(format!("{expected} cell{}", if expected == 1 { "" } else { "s" }))
        .help("a cell that contains the delimiter must stand in double quotes")
}

fn misquoted(what: Misquoted, place: Place) -> Diagnostic {
    let message = match what {
        Misquoted::NeverClosed => "a quoted cell never ends",
        Misquoted::GoesOn => "a quoted cell goes on behind its quotes",
    };
    Diagnostic::error(codes::QUOTES, place, message)
        .help("a quoted cell ends with its quotes; a quote inside it is written twice")
}
