//! CSV text to rows of cells that know their place.
//!
//! The set of columns is closed: a header is one of the file's [`Columns`] or an error. Cells are trimmed text here; `cells`
//! gives them types.

mod delimiter;
mod spans;

use std::collections::BTreeMap;
use std::ops::Range;

pub(super) use delimiter::Delimiter;
use spans::{Misquoted, Spans, end_of_header};

use super::codes;
use super::columns::Columns;
use super::place::{BOM, Text, like, lines_in, shown};
use crate::diagnostics::{Diagnostic, Place, Report};

/// The rows of one file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    text: Text,
    delimiter: Delimiter,
    /// For each column of the closed set: where it stands in the file, and its header.
    positions: Vec<Option<(usize, String)>>,
    /// The rows that could be read.
    pub rows: Vec<Row>,
    /// Whether every row could be read: if not, what seems to be missing may stand in a row that could not.
    pub complete: bool,
}

/// One row: its cells in the order of the closed set of columns.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: Vec<String>,
    origin: Origin,
}

impl Row {
    /// What a cell holds, trimmed; empty where the file has no such column.
    pub fn cell(&self, column: usize) -> &str {
        &self.cells[column]
    }
}

/// Where a row comes from.
#[derive(Clone, Debug)]
enum Origin {
    /// A line of the file: its number, and its first and last byte.
    Line { line: usize, start: usize, end: usize },
    /// Columns of an example, by a name for it.
    Named(String),
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
        let mut table = Table {
            text: Text { file: columns.file.to_owned(), content: String::new() },
            delimiter: Delimiter::Comma,
            positions: columns.all().iter().enumerate().map(|(at, c)| Some((at, c.name.clone()))).collect(),
            rows: Vec::new(),
            complete: true,
        };
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
            table.rows.push(Row { cells, origin: Origin::Named(name.clone()) });
        }
        table
    }

    /// The table of a file that could not be read.
    pub fn unread(columns: &Columns) -> Table {
        Table { complete: false, ..Table::from_columns(&[], columns, &mut Report::new()) }
    }

    /// Whether the file has the column.
    pub fn has(&self, column: usize) -> bool {
        self.positions[column].is_some()
    }

    /// What parts the cells.
    pub fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    /// The place of a cell; of the row where the file has no such column.
    pub fn place(&self, row: &Row, column: usize) -> Place {
        let position = self.positions[column].as_ref();
        let field = position.map(|(_, header)| header.clone());
        match &row.origin {
            Origin::Named(name) => Place { field, ..Place::file(name) },
            Origin::Line { line, start, end } => {
                let record = *start..*end;
                let spans = || Spans::new(&self.text.content, record.clone(), self.delimiter.byte());
                let span = position.and_then(|(at, _)| spans().nth(*at)).unwrap_or(record.clone());
                let line = line + lines_in(&self.text.content, *start..span.start);
                Place { field, ..self.text.place_on(line, span) }
            }
        }
    }

    /// The place of a row.
    pub fn place_of_row(&self, row: &Row) -> Place {
        match &row.origin {
            Origin::Named(name) => Place::file(name),
            Origin::Line { line, start, end } => self.text.place_on(*line, *start..*end),
        }
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
        let body = content.trim_start_matches(BOM);
        if body.trim().is_empty() {
            return Err(Diagnostic::error(codes::EMPTY_FILE, Place::file(&text.file), "the file is empty")
                .help(format!("its first line must name its columns: at least {}", required(columns))));
        }
        let start = content.len() - body.trim_start_matches(['\n', '\r']).len();
        let end = end_of_header(content, start);
        let delimiter = Delimiter::find(&text, start..end)?;
        let spans = Spans::new(content, start..end, delimiter.byte());
        if let Some((span, what)) = spans.clone().misquoted() {
            return Err(misquoted(what, text.place(span)));
        }
        let mut header: Vec<(String, Option<usize>)> = Vec::new();
        // Columns that a misspelt header was surely meant to name are not missing besides.
        let mut meant: Vec<Option<usize>> = Vec::new();
        let mut problems = Report::new();
        for span in spans {
            let name = unquoted(&content[span.clone()]);
            let column = columns.find(&name);
            let place = Place { field: Some(name.clone()), ..text.place(span) };
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
                let place = Place { column: None, ..text.place(start..end) };
                let message = format!("column '{}' is missing", column.name);
                let remedy =
                    format!("add a column '{}' (or '{}')", column.name, column.italian.unwrap_or_default());
                problems.push(Diagnostic::error(codes::MISSING_COLUMN, place, message).help(remedy));
            }
        }
        report.extend(problems);
        Ok(Reading { text, delimiter, header, end })
    }

    /// Reads the rows.
    fn rows(self, columns: &Columns, report: &mut Report) -> Table {
        let Reading { text, delimiter, header, end: header_end } = self;
        let mut positions: Vec<Option<(usize, String)>> = vec![None; columns.all().len()];
        for (at, (name, column)) in header.iter().enumerate() {
            if let Some(column) = column {
                positions[*column].get_or_insert_with(|| (at, name.clone()));
            }
        }
        let complete =
            columns.all().iter().zip(&positions).all(|(column, at)| !column.required || at.is_some());
        let mut table = Table { text, delimiter, positions, rows: Vec::new(), complete };
        let mut problems = Report::new();
        let content = &table.text.content;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .has_headers(false)
            .flexible(true)
            .from_reader(&content.as_bytes()[header_end..]);
        let (mut line, mut counted) = (1, 0);
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    // The text is UTF-8 and rows may have any length: the crate has nothing left to refuse.
                    let place = Place::file(&table.text.file);
                    problems.push(Diagnostic::error(codes::UNREADABLE, place, shown(&error.to_string())));
                    table.complete = false;
                    break;
                }
            }
            let offset = |at: &csv::Position| header_end + usize::try_from(at.byte()).unwrap_or(usize::MAX);
            let record_span =
                trimmed(content, record.position().map_or(0, offset)..offset(reader.position()));
            line += lines_in(content, counted..record_span.start);
            counted = record_span.start;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let place = |span: Range<usize>| {
                let at = line + lines_in(content, record_span.start..span.start);
                table.text.place_on(at, span)
            };
            let spans = Spans::new(content, record_span.clone(), delimiter.byte());
            if let Some((span, what)) = spans.clone().misquoted() {
                problems.push(misquoted(what, place(span)));
                table.complete = false;
            } else if record.len() != header.len() {
                problems.push(cell_count(record.len(), header.len(), place(record_span.clone())));
                table.complete = false;
            } else {
                let mut cells = vec![String::new(); columns.all().len()];
                for ((cell, span), (name, column)) in record.iter().zip(spans).zip(&header) {
                    match column {
                        Some(column) if cells[*column].is_empty() => {
                            cell.trim().clone_into(&mut cells[*column]);
                        }
                        None if name.is_empty() && !cell.trim().is_empty() => {
                            let message = format!("'{}' stands in a column without name", shown(cell.trim()));
                            problems.push(
                                Diagnostic::error(codes::UNKNOWN_COLUMN, place(span), message)
                                    .help("name the column in the header, or delete its cells"),
                            );
                        }
                        _ => {}
                    }
                }
                let Range { start, end } = record_span;
                table.rows.push(Row { cells, origin: Origin::Line { line, start, end } });
            }
        }
        report.extend(problems);
        table
    }
}

/// The span without the ends of line around it: a record's position may stand before the end of the line above it, and
/// before empty lines.
fn trimmed(content: &str, span: Range<usize>) -> Range<usize> {
    let ends = ['\n', '\r'];
    let text = content.get(span.start..span.end.min(content.len())).unwrap_or_default();
    let start = span.start + text.len() - text.trim_start_matches(ends).len();
    start..start + text.trim_matches(ends).len()
}

/// What a header cell says.
fn unquoted(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\"").trim().to_owned(),
        None => cell.to_owned(),
    }
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
    );
    match like(name, columns.names()) {
        Some(like) => problem.help(format!("did you mean '{like}'?")),
        None => problem.help("delete the column, or declare it as a `[[fact]]` of a measure"),
    }
}

fn duplicate_column(first: &str, second: &str, column: &str, place: Place) -> Diagnostic {
    let (first, second) = (shown(first), shown(second));
    let message = if first == second {
        format!("column '{second}' is there twice")
    } else {
        format!("columns '{first}' and '{second}' both mean '{column}'")
    };
    Diagnostic::error(codes::DUPLICATE_COLUMN, place, message).help("delete or rename one of the two")
}

fn cell_count(found: usize, expected: usize, place: Place) -> Diagnostic {
    let plural = if found == 1 { "" } else { "s" };
    let message = format!("the row has {found} cell{plural}, the header {expected}");
    Diagnostic::error(codes::CELL_COUNT, place, message)
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
