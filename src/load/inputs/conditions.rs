//! Conditions of selectors: a column compared with a value, as what the column holds.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::problem;
use crate::diagnostics::Diagnostic;
use crate::load::cells::typed;
use crate::load::columns::Column;
use crate::load::fields::{DECISIONS, EXPENSES, FILES, Kind, MEMBERS, PROJECTS};
use crate::load::place::shown;
use crate::load::scenarios::codes;
use crate::load::values::{self, DecimalMark};
use crate::scenario::{Comparison, Condition, Override, Part};

/// Whose column a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tested {
    /// The row's own.
    Row,
    /// That of its project.
    Project,
    /// That of its company.
    Company,
}

/// The columns that refer to a project and to a company, by file in the order of [`FILES`].
const REFERENCES: [(Option<usize>, Option<usize>); FILES.len()] = [
    (None, None),
    (None, Some(PROJECTS.position("company_id"))),
    (Some(EXPENSES.position("project_id")), Some(EXPENSES.position("company_id"))),
    (Some(MEMBERS.position("project_id")), Some(MEMBERS.position("company_id"))),
    (None, None),
    (Some(DECISIONS.position("project_id")), None),
];

impl Tested {
    /// `project.score` is of the project, where rows of the file have one.
    pub fn of(file: usize, field: &str) -> Tested {
        let whose = match field.split_once('.') {
            Some(("project" | "progetto", _)) => Tested::Project,
            Some(("company" | "impresa", _)) => Tested::Company,
            _ => Tested::Row,
        };
        if whose.reference(file).is_some() { whose } else { Tested::Row }
    }

    /// The column of a file that refers to it.
    pub const fn reference(self, file: usize) -> Option<usize> {
        match self {
            Tested::Row => None,
            Tested::Project => REFERENCES[file].0,
            Tested::Company => REFERENCES[file].1,
        }
    }

    /// The file in which it stands, for a row of `file`.
    pub const fn file(self, file: usize) -> usize {
        match self {
            Tested::Row => file,
            Tested::Project => 1,
            Tested::Company => 0,
        }
    }
}

/// A condition that is understood.
pub(super) struct Test {
    pub of: Tested,
    pub column: usize,
    comparison: Comparison,
    wanted: Wanted,
}

enum Wanted {
    Blank,
    Number(Decimal),
    /// Days as they are written order as days do.
    Text(String),
    Word(String),
}

impl Test {
    pub fn new(
        of: Tested,
        index: usize,
        column: &Column,
        condition: &Condition,
        it: &Override,
    ) -> Result<Test, Diagnostic> {
        let text = condition.value.as_str();
        let place = || it.place(Part::Selector);
        let equality = matches!(condition.comparison, Comparison::Equal | Comparison::Unequal);
        let ordered = matches!(column.kind, Kind::Text | Kind::Id | Kind::Date) || column.kind.is_numeric();
        if !equality && (!ordered || text.is_empty()) {
            let sign = condition.comparison.sign();
            let message = format!("'{condition}': '{sign}' compares numbers, days and texts");
            return Err(
                problem(codes::SELECTOR, place(), message, text).help("write '=' or '!=', or a value")
            );
        }
        let wanted = match column.kind {
            _ if text.is_empty() => Wanted::Blank,
            Kind::Money(_) | Kind::Number(_) | Kind::Share => {
                Wanted::Number(number(text).ok_or_else(|| {
                    let message = format!("'{}' is no number such as 1234.56", shown(text));
                    problem(codes::SELECTOR, place(), message, text)
                        .help("numbers of scenarios have a point before decimals")
                })?)
            }
            // A list is asked for one of its words.
            Kind::List => Wanted::Word(written(text, column, it)?),
            Kind::Id | Kind::Text if column.fact.is_none() => Wanted::Text(text.to_owned()),
            _ => Wanted::Text(written(text, column, it)?),
        };
        Ok(Test { of, column: index, comparison: condition.comparison, wanted })
    }

    /// Whether a cell meets the condition. A blank cell is unlike every value, and neither above nor below any.
    pub fn meets(&self, cell: &str) -> bool {
        let order = match &self.wanted {
            Wanted::Blank => {
                return (self.comparison == Comparison::Equal) == cell.is_empty();
            }
            Wanted::Word(word) => {
                let has = cell.split('|').any(|known| known == word);
                return (self.comparison == Comparison::Equal) == has;
            }
            _ if cell.is_empty() => return self.comparison == Comparison::Unequal,
            Wanted::Number(wanted) => {
                Decimal::from_str_exact(cell).map_or(Ordering::Less, |number| number.cmp(wanted))
            }
            Wanted::Text(wanted) => cell.cmp(wanted.as_str()),
        };
        self.comparison.holds(order)
    }
}

/// A number with a point; a percentage is a hundredth of it.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let (digits, unit) = match text.strip_suffix('%') {
        Some(digits) => (digits, Decimal::ONE_HUNDRED),
        None => (text, Decimal::ONE),
    };
    let plain = values::plain(digits, DecimalMark::Point)?;
    values::number(&plain).map(|number| number / unit)
}

fn written(text: &str, column: &Column, it: &Override) -> Result<String, Diagnostic> {
    let cell = typed(text.into(), column, Some(DecimalMark::Point));
    let cell = cell.map_err(|problem| problem.at(text, it.place(Part::Selector)))?;
    Ok(cell.map(|cell| cell.written()).unwrap_or_default())
}
