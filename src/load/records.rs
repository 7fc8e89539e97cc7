//! The typed rows of a file: cells by the name of their column.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::cells::{Cell, typed};
use super::codes;
use super::columns::{Column, Columns};
use super::decimal::decimal_mark;
use super::table::{Row, Table};
use super::values::DecimalMark;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::IdError;
use crate::measure::Subject;
use crate::money::Money;
use crate::portfolio::Value;
use crate::rate::Rate;

/// The typed rows of a file.
#[derive(Debug)]
pub(super) struct Records<'c> {
    columns: &'c Columns,
    table: Table,
    cells: Vec<Vec<Option<Cell>>>,
}

impl<'c> Records<'c> {
    /// Gives every cell its type. The decimal mark is the setting's, else the one the numbers of the file show.
    pub fn read(
        table: Table,
        columns: &'c Columns,
        setting: Option<DecimalMark>,
        report: &mut Report,
    ) -> Records<'c> {
        let mark = match setting {
            Some(mark) => Ok(mark),
            None => decimal_mark(&table, columns),
        };
        let mark = mark.map_err(|problem| report.push(problem)).ok();
        let mut cells = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let typed = columns.all().iter().enumerate().map(|(index, column)| {
                let text = row.cell(index);
                if text.is_empty() {
                    if column.required && table.has(index) {
                        report.push(empty(column, table.place(row, index)));
                    }
                    return None;
                }
                typed(text, column, mark).unwrap_or_else(|problem| {
                    report.push(problem.at(table.place(row, index)));
                    None
                })
            });
            cells.push(typed.collect());
        }
        Records { columns, table, cells }
    }

    /// Every row.
    pub fn iter(&self) -> impl Iterator<Item = Record<'_>> {
        self.table.rows.iter().zip(&self.cells).map(|(row, cells)| Record { records: self, row, cells })
    }

    /// Whether every row of the file is here.
    pub fn complete(&self) -> bool {
        self.table.complete
    }
}

/// One typed row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'r> {
    records: &'r Records<'r>,
    row: &'r Row,
    cells: &'r [Option<Cell>],
}

impl Record<'_> {
    fn cell(&self, name: &str) -> Option<&Cell> {
        self.records.columns.index(name).and_then(|index| self.cells[index].as_ref())
    }

    /// The text of a column.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.cell(name) {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }

    /// The id in a column.
    pub fn id<T: FromStr<Err = IdError>>(&self, name: &str) -> Option<T> {
        // Checked when the cell was given its type: every id keeps the same rules.
        self.text(name).and_then(|text| text.parse().ok())
    }

    /// The amount in a column.
    pub fn money(&self, name: &str) -> Option<Money> {
        match self.cell(name) {
            Some(Cell::Money(money)) => Some(*money),
            _ => None,
        }
    }

    /// The number in a column.
    pub fn number(&self, name: &str) -> Option<Decimal> {
        match self.cell(name) {
            Some(Cell::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The share in a column.
    pub fn share(&self, name: &str) -> Option<Rate> {
        match self.cell(name) {
            Some(Cell::Share(share)) => Some(*share),
            _ => None,
        }
    }

    /// The day in a column.
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.cell(name) {
            Some(Cell::Date(day)) => Some(*day),
            _ => None,
        }
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.cell(name) {
            Some(Cell::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// The words in a column; none where there is nothing.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.cell(name) {
            Some(Cell::List(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    /// The English word of a choice or category.
    pub fn word(&self, name: &str) -> Option<&'static str> {
        match self.cell(name) {
            Some(Cell::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The member of a choice that a domain type names so.
    pub fn choice<T: Copy>(&self, name: &str, names: &[(&'static str, T)]) -> Option<T> {
        let word = self.word(name)?;
        names.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
    }

    /// The facts that measures declare.
    pub fn attributes(&self) -> BTreeMap<String, Value> {
        let columns = self.records.columns.all().iter().zip(self.cells);
        let declared = columns.filter(|(column, _)| column.fact.is_some());
        declared.filter_map(|(column, cell)| Some((column.name.clone(), cell.as_ref()?.value()))).collect()
    }

    /// Whether the cell holds nothing. A cell that cannot be read has no value and is not blank.
    pub fn is_blank(&self, name: &str) -> bool {
        self.records.columns.index(name).is_none_or(|column| self.row.cell(column).is_empty())
    }

    /// The place of a cell.
    pub fn place(&self, name: &str) -> Place {
        match self.records.columns.index(name) {
            Some(column) => self.records.table.place(self.row, column),
            None => self.records.table.place_of_row(self.row),
        }
    }
}

/// The facts of a file that are about lots.
pub(super) fn lot_facts(columns: &Columns) -> impl Iterator<Item = &str> {
    let of_lot = |c: &&Column| c.fact.as_ref().is_some_and(|fact| fact.subject == Subject::Lot);
    columns.all().iter().filter(of_lot).map(|column| column.name.as_str())
}

fn empty(column: &Column, place: Place) -> Diagnostic {
    let header = place.field.clone().unwrap_or_else(|| column.name.clone());
    Diagnostic::error(codes::EMPTY_CELL, place, format!("'{header}' is empty"))
        .help("every row needs a value there")
}
