//! The typed rows of a file, one at a time: a row is cut into cells, each gets the type of its column, and whoever reads the file takes
//! what it needs. Nothing is kept of a row but its number, by which its places can be found again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use chrono::NaiveDate;
use rayon::prelude::*;
use rust_decimal::Decimal;

use super::cells::{Cell, typed};
use super::codes;
use super::columns::{Column, Columns};
use super::decimal::decimal_mark;
use super::place::shown;
use super::table::{GivenRow, Kept, Table};
use super::values::DecimalMark;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::IdError;
use crate::measure::Subject;
use crate::money::Money;
use crate::portfolio::Value;
use crate::rate::Rate;

/// So many rows are typed by one thread at a time; a file of no more is typed by one.
const CHUNK: usize = 4096;
/// So many chunks are typed before what was made of them is taken, lest the problems of a file in which everything is wrong take much room.
const WAVE: usize = 32;

/// The rows of a file.
#[derive(Debug)]
pub(super) struct Records<'c> {
    columns: &'c Columns,
    table: Table,
    mark: Option<DecimalMark>,
    /// The columns of the file that are facts measures declare.
    facts: Vec<usize>,
}

impl<'c> Records<'c> {
    /// The decimal mark is the setting's, else the one the numbers of the file show.
    pub fn new(
        table: Table,
        columns: &'c Columns,
        setting: Option<DecimalMark>,
        report: &mut Report,
    ) -> Records<'c> {
        let mark = match setting {
            Some(mark) => Ok(mark),
            None => decimal_mark(&table),
        };
        let mark = mark.map_err(|problem| report.push(problem)).ok();
        let is_fact = |at: &usize| columns.all()[*at].fact.is_some() && table.has(*at);
        let facts = (0..columns.all().len()).filter(is_fact).collect();
        Records { columns, table, mark, facts }
    }

    /// Gives every row, its cells typed, to `take`; what is wrong with cells is reported.
    pub fn each<'r>(&'r self, report: &mut Report, take: impl FnMut(&Record<'r>, &mut Report)) {
        self.each_of(0..self.len(), report, take);
    }

    /// Like [`Records::each`] for files of very many rows: `make` is called on several threads, and `take` gets what it made in the order
    /// of the rows, as it gets the problems.
    pub fn each_made<'r, T: Send>(
        &'r self,
        report: &mut Report,
        make: impl Fn(&Record<'r>, &mut Report) -> T + Sync,
        mut take: impl FnMut(T, &mut Report),
    ) {
        let made = |rows: Range<usize>| {
            let (mut made, mut problems) = (Vec::with_capacity(rows.len()), Report::new());
            self.each_of(rows, &mut problems, |record, report| made.push(make(record, report)));
            (made, problems)
        };
        let starts: Vec<usize> = (0..self.len()).step_by(CHUNK).collect();
        let rows = |start: usize| start..(start + CHUNK).min(self.len());
        for wave in starts.chunks(WAVE) {
            let chunks: Vec<_> = match wave {
                // Threads are not worth their start.
                [only] => vec![made(rows(*only))],
                _ => wave.par_iter().map(|start| made(rows(*start))).collect(),
            };
            for (made, problems) in chunks {
                report.extend(problems);
                for it in made {
                    take(it, report);
                }
            }
        }
    }

    fn each_of<'r>(
        &'r self,
        rows: Range<usize>,
        report: &mut Report,
        mut take: impl FnMut(&Record<'r>, &mut Report),
    ) {
        let all = self.columns.all();
        let present: Vec<(usize, &Column)> = self.table.present().map(|at| (at, &all[at])).collect();
        let (mut spans, mut texts) = (Vec::new(), Vec::with_capacity(present.len()));
        // Cells of columns that the file does not have stay blank.
        let mut record = Record { records: self, row: 0, cells: vec![Given::Blank; all.len()] };
        for (number, row) in rows.clone().zip(&self.table.rows[rows]) {
            record.row = number;
            self.table.cells(row, &mut spans, &mut texts);
            for (text, (index, column)) in texts.drain(..).zip(&present) {
                record.cells[*index] = if text.is_empty() {
                    if column.required {
                        report.push(empty(column, self.table.place(row, *index)));
                    }
                    Given::Blank
                } else {
                    self.given(text, column, self.table.kept(row, *index)).unwrap_or_else(|problem| {
                        report.push(problem.at(&self.table.cell(row, *index), self.table.place(row, *index)));
                        Given::Unread
                    })
                };
            }
            take(&record, report);
        }
    }

    fn given<'r>(
        &'r self,
        text: Cow<'r, str>,
        column: &'r Column,
        kept: Kept,
    ) -> Result<Given<'r>, super::cells::Problem> {
        let mark = match kept {
            Kept::Text => self.mark,
            Kept::Number => Some(DecimalMark::Point),
            Kept::Error => return Err(super::cells::formula_error(&text)),
        };
        typed(text, column, mark).map(|cell| cell.map_or(Given::Unread, Given::Cell))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.table.rows.len()
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        self.table.file()
    }

    /// Whether every row of the file is here.
    pub fn complete(&self) -> bool {
        self.table.complete
    }

    /// Where a column stands in the closed set, if the file has it.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.index(name).filter(|column| self.table.has(*column))
    }

    /// The place of a cell.
    pub fn place(&self, row: usize, column: usize) -> Place {
        self.table.place(&self.table.rows[row], column)
    }
}

/// What is known of a cell.
#[derive(Clone, Debug, PartialEq)]
enum Given<'r> {
    Blank,
    /// Something that cannot be read: it is reported.
    Unread,
    Cell(Cell<'r>),
}

/// One typed row. Columns are asked for by their place in the field table.
#[derive(Clone, Debug)]
pub(super) struct Record<'r> {
    records: &'r Records<'r>,
    /// Its number in the file, by which [`Records::place`] knows it.
    pub row: usize,
    cells: Vec<Given<'r>>,
}

impl Record<'_> {
    fn cell(&self, column: usize) -> Option<&Cell<'_>> {
        match &self.cells[column] {
            Given::Cell(cell) => Some(cell),
            _ => None,
        }
    }

    /// The text of a column.
    pub fn text(&self, column: usize) -> Option<String> {
        self.as_text(column).map(str::to_owned)
    }

    /// The same, as the file has it.
    pub fn as_text(&self, column: usize) -> Option<&str> {
        match self.cell(column) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The id in a column.
    pub fn id<T: FromStr<Err = IdError>>(&self, column: usize) -> Option<T> {
        // Checked when the cell was given its type: every id keeps the same rules.
        self.as_text(column).and_then(|text| text.parse().ok())
    }

    /// The amount in a column.
    pub fn money(&self, column: usize) -> Option<Money> {
        match self.cell(column) {
            Some(Cell::Money(money)) => Some(*money),
            _ => None,
        }
    }

    /// The number in a column.
    pub fn number(&self, column: usize) -> Option<Decimal> {
        match self.cell(column) {
            Some(Cell::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The share in a column.
    pub fn share(&self, column: usize) -> Option<Rate> {
        match self.cell(column) {
            Some(Cell::Share(share)) => Some(*share),
            _ => None,
        }
    }

    /// The day in a column.
    pub fn date(&self, column: usize) -> Option<NaiveDate> {
        match self.cell(column) {
            Some(Cell::Date(day)) => Some(*day),
            _ => None,
        }
    }

    /// Yes or no.
    pub fn flag(&self, column: usize) -> Option<bool> {
        match self.cell(column) {
            Some(Cell::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// The words in a column; none where there is nothing.
    pub fn list(&self, column: usize) -> Vec<String> {
        match self.cell(column) {
            Some(Cell::List(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    /// The English word of a choice or category.
    pub fn word(&self, column: usize) -> Option<&'static str> {
        match self.cell(column) {
            Some(Cell::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The member of a choice that a domain type names so.
    pub fn choice<T: Copy>(&self, column: usize, names: &[(&'static str, T)]) -> Option<T> {
        let word = self.word(column)?;
        names.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
    }

    /// The facts that measures declare.
    pub fn attributes(&self) -> BTreeMap<String, Value> {
        let facts = self.records.facts.iter();
        let value =
            |at: &usize| Some((self.records.columns.all()[*at].name.clone(), self.cell(*at)?.value()));
        facts.filter_map(value).collect()
    }

    /// Whether the cell holds nothing. A cell that cannot be read has no value and is not blank.
    pub fn is_blank(&self, column: usize) -> bool {
        self.cells[column] == Given::Blank
    }

    /// The row with every cell as any file may have it; a cell that cannot be read is blank.
    pub fn canonical(&self) -> GivenRow {
        let cells = self.cells.iter().map(|given| match given {
            Given::Cell(cell) => cell.written(),
            Given::Blank | Given::Unread => String::new(),
        });
        let place = Place { column: None, cell: None, span: None, field: None, ..self.place(0) };
        GivenRow { place, cells: cells.collect() }
    }

    /// What is written in a cell, for messages.
    pub fn written(&self, column: usize) -> String {
        let table = &self.records.table;
        shown(&table.cell(&table.rows[self.row], column))
    }

    /// The place of a cell.
    pub fn place(&self, column: usize) -> Place {
        self.records.place(self.row, column)
    }
}

/// The facts of a file that are about lots.
pub(super) fn lot_facts(columns: &Columns) -> impl Iterator<Item = &str> {
    let of_lot = |c: &&Column| c.fact.as_ref().is_some_and(|fact| fact.subject == Subject::Lot);
    columns.all().iter().filter(of_lot).map(|column| column.name.as_str())
}

pub(super) fn empty(column: &Column, place: Place) -> Diagnostic {
    let header = place.field.clone().unwrap_or_else(|| column.name.clone());
    Diagnostic::error(codes::EMPTY_CELL, place, format!("'{header}' is empty"))
        .found("")
        .help("every row needs a value there")
}
