//! Sheets of a workbook: cells that are there, each with its row and column.

use super::super::columns::Columns;
use super::super::decimal::Marks;
use super::super::place::Text;
use super::{
    Delimiter, MOST_COLUMNS, Row, Table, has_required, header, nameless_column, positions, present, required,
    too_many_columns,
};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::load::codes;

/// A sheet with the rows in which something is written.
#[derive(Clone, Debug, Default)]
pub(in crate::load) struct Sheet {
    pub name: String,
    pub rows: Vec<SheetRow>,
}

/// A row: its number, from 1, and its cells by their columns, from 0.
#[derive(Clone, Debug)]
pub(in crate::load) struct SheetRow {
    pub line: usize,
    pub cells: Vec<(usize, SheetCell)>,
}

/// A cell as text, and as what the workbook keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::load) struct SheetCell {
    pub text: String,
    pub kept: Kept,
}

/// How a cell is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load) enum Kept {
    /// As text: it is read as a cell of a CSV file is.
    Text,
    /// As a number: its text has a point, whatever the texts of the sheet have.
    Number,
    /// As the error of a formula.
    Error,
}

impl SheetRow {
    fn cell(&self, at: usize) -> Option<&SheetCell> {
        let found = self.cells.binary_search_by_key(&at, |(column, _)| *column).ok()?;
        self.cells.get(found).map(|(_, cell)| cell)
    }

    pub fn text(&self, at: usize) -> &str {
        self.cell(at).map_or("", |cell| cell.text.trim())
    }

    pub fn kept(&self, at: usize) -> Kept {
        self.cell(at).map_or(Kept::Text, |cell| cell.kept)
    }

    /// The place of a cell, counted from 1, and as a sheet calls it.
    pub fn place(&self, sheet: &str, at: usize) -> Place {
        Place {
            line: Some(self.line),
            column: Some(at + 1),
            cell: Some(format!("{}{}", letters(at), self.line)),
            ..Place::file(sheet)
        }
    }
}

/// What a sheet calls a column counted from 0: A to Z, AA, AB, ...
fn letters(at: usize) -> String {
    let letter = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at % 26]);
    if at < 26 { letter.to_string() } else { format!("{}{letter}", letters(at / 26 - 1)) }
}

impl Table {
    /// Reads a sheet: its first row that is not empty is the header.
    pub fn from_sheet(sheet: Sheet, columns: &Columns, report: &mut Report) -> Option<Table> {
        let Sheet { name, rows } = sheet;
        let mut rows =
            rows.into_iter().filter(|row| row.cells.iter().any(|(_, cell)| !cell.text.trim().is_empty()));
        let Some(head) = rows.next() else {
            let problem = Diagnostic::error(codes::EMPTY_FILE, Place::file(&name), "the sheet is empty");
            report.push(
                problem.help(format!("its first row must name its columns: at least {}", required(columns))),
            );
            return None;
        };
        let width = head.cells.last().map_or(0, |(at, _)| at + 1);
        if width > MOST_COLUMNS {
            report.push(too_many_columns(width, head.place(&name, 0)));
            return None;
        }
        let names = (0..width).map(|at| (head.text(at).to_owned(), head.place(&name, at)));
        let line = Place { column: None, ..head.place(&name, 0) };
        let header = header(names, &line, columns, report);
        let positions = positions(&header, columns);
        let numeric: Vec<(usize, usize)> = present(&positions)
            .iter()
            .copied()
            .filter(|(column, _)| columns.all()[*column].kind.is_numeric())
            .collect();
        let mut marks = Marks::default();
        let mut kept: Vec<Row> = Vec::new();
        for row in rows {
            let is_nameless = |at: usize| header.get(at).is_none_or(|(name, _)| name.is_empty());
            for (at, cell) in
                row.cells.iter().filter(|(at, cell)| is_nameless(*at) && !cell.text.trim().is_empty())
            {
                report.push(nameless_column(&cell.text, row.place(&name, *at)));
            }
            for (column, at) in &numeric {
                if row.kept(*at) == Kept::Text {
                    marks.see(row.text(*at), kept.len(), *column);
                }
            }
            kept.push(Row::Sheet(Box::new(row)));
        }
        Some(Table {
            text: Text { file: name, content: String::new() },
            // Nothing parts cells here; as with semicolons, texts tell their decimal mark.
            delimiter: Delimiter::Semicolon,
            present: present(&positions),
            complete: has_required(&positions, columns),
            positions,
            rows: kept,
            marks,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_called_as_sheets_call_them() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
