//! Cells to typed values, as the field table says: whatever the file, a bad cell is reported in one way.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::codes;
use super::columns::{Column, Columns};
use super::fields::{Kind, Word, folded};
use super::place::shown;
use super::table::{Delimiter, Row, Table};
use super::values::{self, DecimalMark, Evidence};
use crate::diagnostics::{Diagnostic, Place, Report, did_you_mean};
use crate::ids::IdError;
use crate::measure::Subject;
use crate::money::{Money, MoneyError};
use crate::portfolio::{CATEGORIES, Value};
use crate::rate::Rate;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Text(String),
    Money(Money),
    Number(Decimal),
    Share(Rate),
    Date(NaiveDate),
    Flag(bool),
    List(Vec<String>),
    Word(&'static str),
}

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
        self.records.columns.find(name).and_then(|index| self.cells[index].as_ref())
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
        declared.filter_map(|(column, cell)| Some((column.name.clone(), value(cell.as_ref()?)))).collect()
    }

    /// The place of a cell.
    pub fn place(&self, name: &str) -> Place {
        match self.records.columns.find(name) {
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

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Money(money) => Value::Number(money.euro()),
        Cell::Number(number) => Value::Number(*number),
        Cell::Share(share) => Value::Number(share.value()),
        Cell::Date(day) => Value::Day(*day),
        Cell::Flag(flag) => Value::Flag(*flag),
        Cell::List(words) => Value::List(words.clone()),
        Cell::Word(word) => Value::text(*word),
    }
}

/// What is wrong with a cell, before its place is known.
struct Problem {
    code: &'static str,
    message: String,
    help: Option<String>,
}

impl Problem {
    fn new(code: &'static str, message: impl Display) -> Self {
        Problem { code, message: message.to_string(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Problem { help: Some(help.into()), ..self }
    }

    fn at(self, place: Place) -> Diagnostic {
        Diagnostic { help: self.help, ..Diagnostic::error(self.code, place, self.message) }
    }
}

fn empty(column: &Column, place: Place) -> Diagnostic {
    Diagnostic::error(codes::EMPTY_CELL, place, format!("'{}' is empty", column.name))
        .help("every row needs a value there")
}

/// The typed value of a cell that is not empty. A number whose mark is not known is left out: the file's problem is
/// reported once for all of them.
fn typed(text: &str, column: &Column, mark: Option<DecimalMark>) -> Result<Option<Cell>, Problem> {
    let cell = match column.kind {
        Kind::Text => Cell::Text(text.to_owned()),
        Kind::Id => Cell::Text(id(text)?),
        Kind::Money(_) | Kind::Number(_) | Kind::Share => match mark {
            Some(mark) => numeric(text, column.kind, mark)?,
            None => return Ok(None),
        },
        Kind::Date => Cell::Date(date(text)?),
        Kind::Flag => Cell::Flag(values::flag(text).ok_or_else(|| {
            Problem::new(codes::NOT_A_FLAG, format!("'{}' is neither yes nor no", shown(text)))
                .help("write 'yes' or 'no' ('si' or 'no')")
        })?),
        Kind::List => Cell::List(values::list(text)),
        Kind::Choice(words) => Cell::Word(choice(text, column, words)?),
        Kind::Category => Cell::Word(category(text)?),
    };
    let declared = column.fact.as_ref().map_or(&[][..], |fact| &fact.values);
    if declared.is_empty() { Ok(Some(cell)) } else { among(cell, column, declared).map(Some) }
}

fn id(text: &str) -> Result<String, Problem> {
    // Every id keeps the same rules; only the word for what it names differs.
    let checked: Result<crate::ids::RuleId, IdError> = text.parse();
    match checked {
        Ok(id) => Ok(id.as_str().to_owned()),
        Err(IdError::TooLong(_)) => Err(Problem::new(
            codes::NOT_AN_ID,
            format!("'{}' is longer than an id may be ({} characters)", shown(text), crate::ids::LONGEST),
        )),
        Err(IdError::Forbidden { what, .. }) => {
            Err(Problem::new(codes::NOT_AN_ID, format!("the id '{}' contains {what}", shown(text))))
        }
        Err(IdError::Empty(_)) => Err(Problem::new(codes::NOT_AN_ID, "the id is empty")),
    }
}

fn date(text: &str) -> Result<NaiveDate, Problem> {
    let day = values::day(text).ok_or_else(|| {
        Problem::new(codes::NOT_A_DATE, format!("'{}' is not a day", shown(text)))
            .help("write it as 2026-03-31, or as 31/03/2026 with the day first")
    })?;
    if values::plausible(day) {
        Ok(day)
    } else {
        Err(Problem::new(codes::OUT_OF_BOUNDS, format!("'{}' lies outside 1990 to 2100", shown(text))))
    }
}

fn numeric(text: &str, kind: Kind, mark: DecimalMark) -> Result<Cell, Problem> {
    let written = match kind {
        Kind::Share => text.strip_suffix('%').unwrap_or(text),
        _ => text,
    };
    let plain = values::plain(written, mark);
    let (code, what) = match kind {
        Kind::Money(_) => (codes::NOT_MONEY, "an amount"),
        Kind::Share => (codes::NOT_A_SHARE, "a share"),
        _ => (codes::NOT_A_NUMBER, "a number"),
    };
    let misread = || {
        let problem =
            Problem::new(code, format!("'{}' is not {what} such as {}", shown(text), mark.example()));
        match values::evidence(written) {
            Evidence::Only(other) if other != mark => problem.help(
                "write it without thousands marks; `[files] decimal` in portfolio.toml sets the decimal mark",
            ),
            _ => problem,
        }
    };
    let plain = plain.ok_or_else(misread)?;
    let outside = |bounds| {
        let message = format!("'{}' must be {}", shown(text), values::bounds_in_words(bounds));
        Err(Problem::new(codes::OUT_OF_BOUNDS, message))
    };
    match kind {
        Kind::Money(bounds) => {
            let money: Money = plain.parse().map_err(|error| match error {
                MoneyError::NotANumber(_) => misread(),
                error => Problem::new(code, error),
            })?;
            if values::within(money.euro(), bounds) { Ok(Cell::Money(money)) } else { outside(bounds) }
        }
        Kind::Share => {
            let number = values::number(written, mark).ok_or_else(misread)?;
            let share = if written.len() < text.len() { number / Decimal::ONE_HUNDRED } else { number };
            if share > Decimal::ONE {
                let message = format!("'{}' is above 1; a share goes from 0 to 1", shown(text));
                return Err(Problem::new(code, message).help("write 22 % as 0.22 or as 22%"));
            }
            Rate::new(share).map(Cell::Share).map_err(|error| Problem::new(code, error))
        }
        Kind::Number(bounds) => {
            let number = Decimal::from_str_exact(&plain)
                .map_err(|_| Problem::new(code, format!("'{}' has too many digits", shown(text))))?;
            if values::within(number, bounds) {
                Ok(Cell::Number(number.normalize()))
            } else {
                outside(bounds)
            }
        }
        _ => Err(misread()),
    }
}

fn choice(text: &str, column: &Column, words: &'static [Word]) -> Result<&'static str, Problem> {
    values::word(text, words).ok_or_else(|| {
        let english: Vec<&str> = words.iter().map(|w| w.english).collect();
        let all = words.iter().flat_map(|w| std::iter::once(w.english).chain(w.italian.iter().copied()));
        let problem = Problem::new(codes::UNKNOWN_WORD, format!("'{}' is no {}", shown(text), column.name));
        suggest(problem, text, all, &format!("write one of {}", english.join(", ")))
    })
}

fn category(text: &str) -> Result<&'static str, Problem> {
    let meant = folded(text);
    let found = CATEGORIES.iter().find(|c| folded(c.id) == meant || folded(c.italian) == meant);
    found.map(|category| category.id).ok_or_else(|| {
        let all = CATEGORIES.iter().flat_map(|c| [c.id, c.italian]);
        let problem = Problem::new(codes::UNKNOWN_CATEGORY, format!("'{}' is no category", shown(text)));
        suggest(problem, text, all, "take a category of the list, or 'other'")
    })
}

/// Holds a declared fact against the values its measures know; a word in another case is taken as the measure writes it.
fn among(cell: Cell, column: &Column, declared: &[String]) -> Result<Cell, Problem> {
    let known = |word: &str| -> Result<String, Problem> {
        if declared.iter().any(|value| value == word) {
            return Ok(word.to_owned());
        }
        let alike: Vec<&String> = declared.iter().filter(|value| folded(value) == folded(word)).collect();
        if let [value] = alike.as_slice() {
            return Ok((*value).clone());
        }
        let problem =
            Problem::new(codes::UNKNOWN_WORD, format!("'{}' is no value of {}", shown(word), column.name));
        let first: Vec<&str> = declared.iter().take(10).map(String::as_str).collect();
        let more = if declared.len() > first.len() { ", ..." } else { "" };
        let all = declared.iter().map(String::as_str);
        Err(suggest(problem, word, all, &format!("write one of {}{more}", first.join(", "))))
    };
    Ok(match cell {
        Cell::Text(word) => Cell::Text(known(&word)?),
        Cell::List(words) => Cell::List(values::list(
            &words.iter().map(|w| known(w)).collect::<Result<Vec<_>, _>>()?.join("|"),
        )),
        Cell::Number(number) => {
            if declared.iter().all(|value| value.parse() != Ok(number)) {
                known(&number.to_string())?;
            }
            Cell::Number(number)
        }
        other => other,
    })
}

fn suggest<'a>(problem: Problem, text: &str, all: impl Iterator<Item = &'a str>, otherwise: &str) -> Problem {
    match did_you_mean(text, all) {
        Some(like) => problem.help(format!("did you mean '{like}'?")),
        None => problem.help(otherwise),
    }
}

/// The decimal mark of a file, from all its numbers. Where cells are parted by commas, it is the point.
fn decimal_mark(table: &Table, columns: &Columns) -> Result<DecimalMark, Diagnostic> {
    if table.delimiter() == Delimiter::Comma {
        return Ok(DecimalMark::Point);
    }
    let numeric = |column: &Column| matches!(column.kind, Kind::Money(_) | Kind::Number(_) | Kind::Share);
    let mut certain: Option<(DecimalMark, &str, Place)> = None;
    let mut ambiguous: Option<(&str, Place)> = None;
    for row in &table.rows {
        for (index, _) in columns.all().iter().enumerate().filter(|(_, column)| numeric(column)) {
            let text = row.cell(index);
            match (values::evidence(text.trim_end_matches(['%', ' '])), &certain) {
                (Evidence::Only(mark), None) => certain = Some((mark, text, table.place(row, index))),
                (Evidence::Only(mark), Some((first, other, at))) if mark != *first => {
                    let line = at.line.map(|line| format!(" (line {line})")).unwrap_or_default();
                    let message = format!(
                        "'{}' and '{}'{line} cannot have the same decimal mark",
                        shown(text),
                        shown(other)
                    );
                    let place = table.place(row, index);
                    return Err(Diagnostic::error(codes::MIXED_DECIMAL, place, message)
                        .help("write all numbers of the file alike, with the point or with the comma"));
                }
                (Evidence::Ambiguous, _) if ambiguous.is_none() => {
                    ambiguous = Some((text, table.place(row, index)));
                }
                _ => {}
            }
        }
    }
    match (certain, ambiguous) {
        (Some((mark, ..)), _) => Ok(mark),
        (None, None) => Ok(DecimalMark::Point),
        (None, Some((text, place))) => {
            let message = format!("'{}' may be a fraction or thousands", shown(text));
            Err(Diagnostic::error(codes::AMBIGUOUS_DECIMAL, place, message)
                .help("say `decimal = \",\"` or `decimal = \".\"` under `[files]` in portfolio.toml"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::Bounds;
    use super::*;

    #[test]
    fn shares_are_fractions_or_percentages() {
        let share = |text| numeric(text, Kind::Share, DecimalMark::Point).map_err(|p| p.message);
        let twenty_two: Rate = "0.22".parse().unwrap();
        assert_eq!(share("0.22"), Ok(Cell::Share(twenty_two)));
        assert_eq!(share("22%"), Ok(Cell::Share(twenty_two)));
        assert_eq!(share("22 %"), Ok(Cell::Share(twenty_two)));
        assert_eq!(share("22"), Err("'22' is above 1; a share goes from 0 to 1".to_owned()));
        assert_eq!(share("-0.1"), Err("'-0.1' is below zero; a rate is not".to_owned()));
    }

    #[test]
    fn amounts_stay_within_their_bounds() {
        let amount =
            |text| numeric(text, Kind::Money(Bounds::Positive), DecimalMark::Comma).map_err(|p| p.message);
        assert_eq!(amount("€ 1.234,50"), Ok(Cell::Money(Money::from_cents(123_450))));
        assert_eq!(amount("0,00"), Err("'0,00' must be above zero".to_owned()));
        assert_eq!(amount("1.5"), Err("'1.5' is not an amount such as 1.234,56".to_owned()));
    }
}
