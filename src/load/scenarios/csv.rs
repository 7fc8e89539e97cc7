//! `scenarios.csv`: rows to scenarios.
//!
//! The text is kept, with the place of each row; a scenario is cut from it when it is asked for.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::cells::{Cell, typed};
use super::super::columns::Columns;
use super::super::fields::{SCENARIOS, positions};
use super::super::place::{Text, shown};
use super::super::table::{Row, Table};
use super::super::values::DecimalMark;
use super::codes;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::scenario::{Op, Override, Part, Places, Scenario, ScenarioSource, Selector, Spot, Target};

positions!(SCENARIOS: SCENARIO = "scenario", TARGET = "target", SELECTOR = "selector", FIELD = "field", OP = "op", VALUE = "value");

/// Every part of an override with its column.
const PARTS: [(Part, usize); 5] = [
    (Part::Target, TARGET),
    (Part::Selector, SELECTOR),
    (Part::Field, FIELD),
    (Part::Op, OP),
    (Part::Value, VALUE),
];

/// The scenarios of one file.
#[derive(Debug)]
pub(super) struct Sheet {
    columns: Columns,
    table: Table,
    /// The name of each scenario, with its first row.
    scenarios: Vec<(Box<str>, usize)>,
}

impl Sheet {
    /// Reads a file; every row is read once, so that none can fail later.
    pub fn read(text: Text, report: &mut Report) -> Option<Sheet> {
        let columns = Columns::new(SCENARIOS, &text.file, &[], &[], report);
        let table = Table::read(text, &columns, report)?;
        let mut sheet = Sheet { columns, table, scenarios: Vec::new() };
        let mut scenarios: Vec<(Box<str>, usize)> = Vec::new();
        for (at, row) in sheet.table.rows.iter().enumerate() {
            match sheet.cut(row) {
                Ok((name, _)) => {
                    if scenarios.last().is_none_or(|(last, _)| **last != *name) {
                        scenarios.push((name.into(), at));
                    }
                }
                Err(problems) => report.extend(problems),
            }
        }
        sheet.scenarios = scenarios;
        Some(sheet)
    }

    /// The names of all scenarios, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.scenarios.iter().map(|(name, _)| &**name)
    }

    /// Where the name of a scenario stands first.
    pub fn place(&self, scenario: usize) -> Place {
        self.table.place(&self.table.rows[self.scenarios[scenario].1], SCENARIO)
    }

    /// The name of the scenario of a row, and what the row changes; where its parts stand is left to whoever needs it.
    fn cut(&self, row: &Row) -> Result<(String, Override), Report> {
        let mut report = Report::new();
        let mut cells: [Option<Cell<'_>>; SCENARIOS.fields.len()] = Default::default();
        let mut texts = Vec::new();
        self.table.cells(row, &mut Vec::new(), &mut texts);
        for (index, text) in self.table.present().zip(texts) {
            let column = &self.columns.all()[index];
            if text.is_empty() {
                if column.required {
                    let place = self.table.place(row, index);
                    report.push(super::super::records::empty(column, place));
                }
                continue;
            }
            match typed(text.clone(), column, Some(DecimalMark::Point)) {
                Ok(cell) => cells[index] = cell,
                Err(problem) => report.push(problem.at(&text, self.table.place(row, index))),
            }
        }
        let text = |index: usize| match &cells[index] {
            Some(Cell::Text(text)) => Cow::Borrowed(text.as_ref()),
            _ => Cow::Borrowed(""),
        };
        let selector = Selector::parse(&text(SELECTOR));
        if let Err(error) = &selector {
            let place = self.table.place(row, SELECTOR);
            let problem = Diagnostic::error(codes::SELECTOR, place, error.to_string());
            report.push(problem.found(shown(&text(SELECTOR))));
        }
        let word = |index: usize| match &cells[index] {
            Some(Cell::Word(word)) => *word,
            _ => "",
        };
        let target = Target::NAMES.iter().find(|(name, _)| *name == word(TARGET));
        let op = Op::NAMES.iter().find(|(name, _)| *name == word(OP));
        let (Some((_, target)), Some((_, op)), Ok(selector), false) =
            (target, op, selector, report.has_errors())
        else {
            return Err(report);
        };
        let cut = Override {
            target: *target,
            selector,
            field: text(FIELD).into_owned(),
            op: *op,
            value: text(VALUE).into_owned(),
            places: Arc::default(),
        };
        Ok((text(SCENARIO).into_owned(), cut))
    }

    fn places(&self, row: &Row) -> Places {
        let mut places = Places { file: self.table.file().to_owned(), ..Places::default() };
        for (part, column) in PARTS.iter().filter(|(_, column)| self.table.has(*column)) {
            let place = self.table.place(row, *column);
            let spot = place.line.zip(place.column);
            places.spots[*part as usize] = spot.map(|(line, column)| Spot { line, column, span: place.span });
        }
        places
    }
}

impl ScenarioSource for Sheet {
    fn len(&self) -> u64 {
        self.scenarios.len() as u64
    }

    fn get(&self, index: u64) -> Scenario {
        let at = usize::try_from(index).unwrap_or(usize::MAX);
        let (name, first) = &self.scenarios[at];
        let end = self.scenarios.get(at + 1).map_or(self.table.rows.len(), |(_, next)| *next);
        // Every row was cut once already.
        let placed = |row: &Row| {
            let (_, cut) = self.cut(row).ok()?;
            Some(Override { places: Arc::new(self.places(row)), ..cut })
        };
        let overrides = self.table.rows[*first..end].iter().filter_map(placed).collect();
        Scenario { name: name.to_string(), overrides }
    }
}
