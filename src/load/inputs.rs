//! Everything a portfolio is read from, kept so that parts of it can be changed and read again.
//!
//! [`Inputs`] holds the rows of all files with their cells as any file may have them (`1234.56`, `2026-03-31`, English words), the settings, and the
//! texts of the measures. [`Inputs::edit`] resolves the overrides of a scenario to [`Edits`]: rows, settings and texts in the place of others.
//! [`Inputs::portfolio`] and [`Inputs::measures`] read what is so edited with the readers of the files themselves, so that a scenario is
//! the portfolio whose files say so; [`Inputs::edited`] makes the edits for good, and [`Inputs::write`] writes those files.
//!
//! To read some of the rows costs what those rows cost: rows are shared, not copied, and columns are known once.

mod conditions;
mod content;
mod edits;
mod measures;
mod operations;
mod rows;
mod settings;
mod written;

pub use content::Difference;
pub use edits::Edits;

use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;

use super::codes::completed;
use super::columns::Columns;
use super::fields::{COMPANIES, DECISIONS, EXPENSES, FILES, MEMBERS, PRIOR_AIDS, PROJECTS};
use super::measures::Catalogue;
use super::portfolio::{Opened, Overrides, in_order, opened_at};
use super::records::Records;
use super::table::{GivenRow, Table};
use super::tied::{Dialect, Schemas, tied};
use super::values::DecimalMark;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::measure::{FactDeclaration, Measure};
use crate::portfolio::{Portfolio, Settings};
use edits::Editing;
use measures::Memo;

use crate::scenario::Override;

/// A row: its file in the order of [`FILES`], and its number in the file, from 0.
pub type RowId = (usize, usize);

/// Which rows of each file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Every one.
    All,
    /// Those with these numbers, by file; whatever a row refers to must be among them.
    Some([Vec<usize>; FILES.len()]),
}

/// The columns that together name a row of each file, joined by `/`.
const KEYS: [&[usize]; FILES.len()] = [
    &[COMPANIES.position("company_id")],
    &[PROJECTS.position("project_id")],
    &[EXPENSES.position("expense_id")],
    &[MEMBERS.position("project_id"), MEMBERS.position("company_id")],
    &[PRIOR_AIDS.position("undertaking")],
    &[DECISIONS.position("project_id"), DECISIONS.position("measure")],
];

/// What names a row.
fn key(file: usize, row: &GivenRow) -> String {
    let cells: Vec<&str> = KEYS[file].iter().map(|column| row.cells[*column].as_str()).collect();
    cells.join("/")
}

/// Everything a portfolio is read from.
#[derive(Clone, Debug)]
pub struct Inputs {
    tables: [Arc<TableRows>; FILES.len()],
    schemas: Arc<Schemas>,
    settings: Settings,
    catalogue: Arc<Catalogue>,
    measures: Arc<Vec<Measure>>,
    memo: Arc<Memo>,
}

/// The rows of a file.
#[derive(Clone, Debug)]
struct TableRows {
    rows: Vec<Arc<GivenRow>>,
    /// A table without rows: what is shared by all tables of the file.
    empty: Table,
    /// The numbers of the rows that a key names.
    index: IndexMap<String, Vec<usize>>,
}

impl TableRows {
    fn new(file: usize, rows: Vec<Arc<GivenRow>>, empty: Table) -> TableRows {
        let mut index: IndexMap<String, Vec<usize>> = IndexMap::with_capacity(rows.len());
        for (number, row) in rows.iter().enumerate() {
            index.entry(key(file, row)).or_default().push(number);
        }
        TableRows { rows, empty, index }
    }
}

impl Inputs {
    /// Opens the portfolio in a folder or workbook, for the measures of the program and those of a folder; with the warnings, or every problem.
    pub fn open(
        path: &Path,
        measures: Option<&Path>,
        overrides: &Overrides,
    ) -> Result<(Inputs, Report), Report> {
        let (catalogue, mut warnings) = Catalogue::read(measures)?;
        let (inputs, found) = Inputs::open_for(path, catalogue, overrides)?;
        warnings.extend(found);
        Ok((inputs, warnings))
    }

    /// Opens a portfolio for a catalogue that is read already; with the warnings of the portfolio, or every problem of it.
    pub fn open_for(
        path: &Path,
        catalogue: Catalogue,
        overrides: &Overrides,
    ) -> Result<(Inputs, Report), Report> {
        let measures = catalogue.measures();
        let facts: Vec<FactDeclaration> = measures.iter().flat_map(|m| m.facts.clone()).collect();
        let mut report = Report::new();
        let opened = opened_at(path, &facts, overrides, &mut report).map_err(completed)?;
        let Opened { tables, schemas, settings, as_of, decimal } = opened;
        let dialect = Dialect { as_of, decimal, measures: Some(&measures) };
        // What is wrong is told of the files as they are, before their rows are kept.
        tied(tables.clone(), &schemas, dialect, &mut report);
        let ((), warnings) = in_order(report).finish(())?;
        let mut file = 0;
        let tables = tables.map(|table| {
            let rows = canonical(table, &schemas.0[file], decimal);
            let rows = TableRows::new(file, rows, Table::of_rows(Vec::new(), &schemas.0[file]));
            file += 1;
            Arc::new(rows)
        });
        let inputs = Inputs {
            tables,
            schemas: Arc::new(schemas),
            settings,
            catalogue: Arc::new(catalogue),
            measures: Arc::new(measures),
            memo: Arc::new(Memo::default()),
        };
        Ok((inputs, warnings))
    }

    /// How many rows a file has.
    pub fn rows(&self, file: usize) -> usize {
        self.tables[file].rows.len()
    }

    /// What stands in the column with this English name: a point before decimals, ISO days, English words; nothing where the cell is blank, or there is
    /// no such column.
    pub fn cell(&self, (file, row): RowId, column: &str) -> &str {
        let column = self.schemas.0[file].index(column);
        column.map_or("", |column| self.tables[file].rows[row].cells[column].as_str())
    }

    /// The settings, those of the command line applied.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Resolves the overrides of a scenario, in order; or tells every one that cannot be.
    pub fn edit(&self, overrides: &[Override]) -> Result<Edits, Report> {
        let mut editing = Editing::new(self);
        for it in overrides {
            editing.apply(it);
        }
        editing.finish()
    }

    /// The portfolio of these rows, edited. Rows that are added are part of it where all rows are asked for.
    pub fn portfolio(&self, edits: &Edits, rows: &Rows) -> Result<Portfolio, Report> {
        let mut report = Report::new();
        let settings = edits.settings().unwrap_or(&self.settings);
        let tables: [Table; FILES.len()] = std::array::from_fn(|file| self.table(file, edits, rows));
        // Only decisions are held against the measures.
        let decides = tables.last().is_some_and(|decisions| !decisions.rows.is_empty());
        let measures = if decides { self.measures(edits)? } else { Arc::clone(&self.measures) };
        let (as_of, decimal) = (Some(settings.as_of), Some(DecimalMark::Point));
        let dialect = Dialect { as_of, decimal, measures: Some(&measures) };
        let portfolio = tied(tables, &self.schemas, dialect, &mut report);
        if report.has_errors() {
            return Err(in_order(report.map(|problem| edits.blamed(problem))));
        }
        Ok(Portfolio { settings: settings.clone(), ..portfolio })
    }

    fn table(&self, file: usize, edits: &Edits, rows: &Rows) -> Table {
        let TableRows { rows: all, empty, .. } = &*self.tables[file];
        let row = |number: usize| edits.row((file, number), all.get(number));
        match rows {
            Rows::All => {
                let added = edits.added(file).map(|(_, number)| number);
                empty.with_rows((0..all.len()).chain(added).filter_map(row))
            }
            Rows::Some(numbers) => empty.with_rows(numbers[file].iter().copied().filter_map(row)),
        }
    }

    /// The inputs with the edits made for good.
    pub fn edited(&self, edits: &Edits) -> Result<Inputs, Report> {
        let measures = self.measures(edits)?;
        let tables = std::array::from_fn(|file| {
            if !edits.touches(file) {
                return Arc::clone(&self.tables[file]);
            }
            let all = &self.tables[file];
            let numbers = (0..all.rows.len()).chain(edits.added(file).map(|(_, number)| number));
            let rows = numbers.filter_map(|number| edits.row((file, number), all.rows.get(number)));
            Arc::new(TableRows::new(file, rows.collect(), all.empty.clone()))
        });
        let catalogue = self.catalogue_of(edits, &measures);
        Ok(Inputs {
            tables,
            schemas: Arc::clone(&self.schemas),
            settings: edits.settings().unwrap_or(&self.settings).clone(),
            catalogue,
            measures,
            memo: Arc::new(Memo::default()),
        })
    }
}

/// The rows of a table, with cells as any file may have them.
fn canonical(table: Table, columns: &Columns, decimal: Option<DecimalMark>) -> Vec<Arc<GivenRow>> {
    // Whatever is wrong is told already.
    let mut report = Report::new();
    let records = Records::new(table, columns, decimal, &mut report);
    let mut rows = Vec::with_capacity(records.len());
    records.each(&mut report, |record, _| rows.push(Arc::new(record.canonical())));
    rows
}

/// A problem of an override, at one of its parts.
fn problem(code: &'static str, place: Place, message: impl Into<String>, found: &str) -> Diagnostic {
    Diagnostic::error(code, place, message).found(super::place::shown(found))
}
