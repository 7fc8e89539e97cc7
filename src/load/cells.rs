//! Cell text to a typed value, as the field table says: whatever the file, a bad cell is reported in one way.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::LazyLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::codes;
use super::columns::Column;
use super::fields::{Bounds, Kind, Word, folded};
use super::place::{meant, shown};
use super::values::{self, DecimalMark, Evidence};
use crate::diagnostics::{Diagnostic, Place};
use crate::ids::IdError;
use crate::money::{Money, MoneyError};
use crate::portfolio::{CATEGORIES, Value};
use crate::rate::Rate;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'t> {
    Text(Cow<'t, str>),
    Money(Money),
    Number(Decimal),
    Share(Rate),
    Date(NaiveDate),
    Flag(bool),
    List(Vec<String>),
    Word(&'static str),
}

impl Cell<'_> {
    /// The value of a fact.
    pub fn value(&self) -> Value {
        match self {
            Cell::Text(text) => Value::text(text.as_ref()),
            Cell::Money(money) => Value::Number(money.euro()),
            Cell::Number(number) => Value::Number(*number),
            Cell::Share(share) => Value::Number(share.value()),
            Cell::Date(day) => Value::Day(*day),
            Cell::Flag(flag) => Value::Flag(*flag),
            Cell::List(words) => Value::List(words.clone()),
            Cell::Word(word) => Value::text(*word),
        }
    }
}

impl Cell<'_> {
    /// The cell as every file may have it: a point before decimals, ISO days, English words.
    pub fn written(&self) -> String {
        match self {
            Cell::Text(text) => text.as_ref().to_owned(),
            Cell::Money(money) => money.to_string(),
            Cell::Number(number) => number.normalize().to_string(),
            Cell::Share(share) => share.value().to_string(),
            Cell::Date(day) => day.to_string(),
            Cell::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
            Cell::List(words) => words.join("|"),
            Cell::Word(word) => (*word).to_owned(),
        }
    }
}

/// What is wrong with a cell, before its place is known.
pub(super) struct Problem {
    code: &'static str,
    message: String,
    /// The part of the cell that is meant, where it is not all of it.
    found: Option<String>,
    expected: Option<String>,
    help: Option<String>,
}

impl Problem {
    fn new(code: &'static str, message: impl Display) -> Self {
        Problem { code, message: message.to_string(), found: None, expected: None, help: None }
    }

    fn found(self, found: &str) -> Self {
        Problem { found: Some(shown(found)), ..self }
    }

    fn expected(self, expected: impl Into<String>) -> Self {
        Problem { expected: Some(expected.into()), ..self }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Problem { help: Some(help.into()), ..self }
    }

    /// The problem of a cell that holds `text`.
    pub fn at(self, text: &str, place: Place) -> Diagnostic {
        let problem = Diagnostic::error(self.code, place, self.message);
        let found = self.found.or_else(|| Some(shown(text)));
        Diagnostic { found, expected: self.expected, help: self.help, ..problem }
    }
}

/// The typed value of a cell that is not empty. A number whose mark is not known is left out: the file's problem is
/// reported once for all of them.
pub(super) fn typed<'t>(
    text: Cow<'t, str>,
    column: &Column,
    mark: Option<DecimalMark>,
) -> Result<Option<Cell<'t>>, Problem> {
    let cell = match column.kind {
        Kind::Text => Cell::Text(text),
        Kind::Id => {
            id(&text)?;
            Cell::Text(text)
        }
        Kind::Money(_) | Kind::Number(_) | Kind::Share => match mark {
            Some(mark) => numeric(&text, column.kind, mark)?,
            None => return Ok(None),
        },
        Kind::Date => Cell::Date(date(&text)?),
        Kind::Flag => Cell::Flag(values::flag(&text).ok_or_else(|| {
            Problem::new(codes::NOT_A_FLAG, format!("'{}' is neither yes nor no", shown(&text)))
                .help("write 'yes' or 'no' ('si' or 'no')")
        })?),
        Kind::List => Cell::List(values::list(&text)),
        Kind::Choice(words) => Cell::Word(choice(&text, column, words)?),
        Kind::Category => Cell::Word(category(&text)?),
    };
    let declared = column.fact.as_ref().map_or(&[][..], |fact| &fact.values);
    if declared.is_empty() { Ok(Some(cell)) } else { among(cell, column, declared).map(Some) }
}

/// The problem of a cell of a sheet whose formula fails.
pub(super) fn formula_error(text: &str) -> Problem {
    Problem::new(codes::CELL_ERROR, format!("the formula of the cell ends in '{}'", shown(text)))
}

fn id(text: &str) -> Result<(), Problem> {
    let problem = |message: String| {
        Problem::new(codes::NOT_AN_ID, message).help("an id is a short name such as 'rossi' or 'linea-2'")
    };
    match crate::ids::check("", text) {
        Ok(_) => Ok(()),
        Err(IdError::TooLong(_)) => Err(problem(format!(
            "'{}' is longer than an id may be ({} characters)",
            shown(text),
            crate::ids::LONGEST
        ))
        .expected(format!("at most {} characters", crate::ids::LONGEST))),
        Err(IdError::Forbidden { what, .. }) => {
            Err(problem(format!("the id '{}' contains {what}", shown(text))))
        }
        Err(IdError::Empty(_)) => Err(problem("the id is empty".to_owned())),
    }
}

fn date(text: &str) -> Result<NaiveDate, Problem> {
    let day = values::day(text).ok_or_else(|| {
        Problem::new(codes::NOT_A_DATE, format!("'{}' is not a day", shown(text)))
            .help(values::day_remedy(text))
    })?;
    if values::plausible(day) {
        Ok(day)
    } else {
        let message = format!("'{}' lies outside 1990 to 2100", shown(text));
        Err(Problem::new(codes::OUT_OF_BOUNDS, message).expected("a day from 1990 to 2100"))
    }
}

fn numeric(text: &str, kind: Kind, mark: DecimalMark) -> Result<Cell<'static>, Problem> {
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
        let expected = format!("{what} such as {}", mark.example(kind == Kind::Share));
        let problem = Problem::new(code, format!("'{}' is not {expected}", shown(text))).expected(expected);
        match values::evidence(written) {
            Evidence::Only(other) if other != mark => problem.help(format!(
                "this file has the decimal {}; `[files] decimal` in portfolio.toml sets it for all files",
                mark.name()
            )),
            _ => problem,
        }
    };
    let plain = plain.ok_or_else(misread)?;
    let beyond = || {
        let most = values::LARGEST_NUMBER;
        let message =
            format!("'{}' is beyond {most} or has more than {} decimals", shown(text), values::MOST_DECIMALS);
        let expected = format!("at most {most}, with at most {} decimals", values::MOST_DECIMALS);
        Problem::new(codes::OUT_OF_BOUNDS, message).expected(expected)
    };
    let outside = |bounds| {
        let expected = values::bounds_in_words(bounds);
        let message = format!("'{}' must be {expected}", shown(text));
        Err(Problem::new(codes::OUT_OF_BOUNDS, message).expected(expected))
    };
    match kind {
        Kind::Money(bounds) => {
            let money: Money = plain.parse().map_err(|error| match error {
                MoneyError::NotANumber(_) => misread(),
                error => Problem::new(code, error),
            })?;
            let inside = match bounds {
                Bounds::Positive => money.is_positive(),
                Bounds::NotNegative => money >= Money::ZERO,
                Bounds::Any | Bounds::Within(..) => values::within(money.euro(), bounds),
            };
            if inside { Ok(Cell::Money(money)) } else { outside(bounds) }
        }
        Kind::Share => {
            let number = values::number(&plain).ok_or_else(beyond)?;
            let share = if written.len() < text.len() { number / Decimal::ONE_HUNDRED } else { number };
            if share > Decimal::ONE {
                let message = format!("'{}' is above 1; a share goes from 0 to 1", shown(text));
                return Err(Problem::new(code, message).help("write 22 % as 0.22 or as 22%"));
            }
            Rate::new(share).map(Cell::Share).map_err(|error| Problem::new(code, error))
        }
        Kind::Number(bounds) => {
            let number = values::number(&plain).ok_or_else(beyond)?;
            if values::within(number, bounds) { Ok(Cell::Number(number)) } else { outside(bounds) }
        }
        _ => Err(misread()),
    }
}

fn choice(text: &str, column: &Column, words: &'static [Word]) -> Result<&'static str, Problem> {
    values::word(text, words).ok_or_else(|| {
        let english: Vec<&str> = words.iter().map(|w| w.english).collect();
        let all = words.iter().flat_map(|w| std::iter::once(w.english).chain(w.italian.iter().copied()));
        let problem = Problem::new(codes::UNKNOWN_WORD, format!("'{}' is no {}", shown(text), column.name))
            .expected(english.join(", "));
        suggest(problem, text, all, &format!("write one of {}", english.join(", ")))
    })
}

/// Every name of a category as it is compared, with its word. Made once: a portfolio has one in every line.
static CATEGORY_NAMES: LazyLock<Vec<(String, &str)>> = LazyLock::new(|| {
    let names = CATEGORIES.iter().flat_map(|c| [(folded(c.id), c.id), (folded(c.italian), c.id)]);
    let mut names: Vec<(String, &str)> = names.collect();
    names.sort();
    names
});

/// The category with a folded name.
fn named_category(name: &str) -> Option<&'static str> {
    let names = &*CATEGORY_NAMES;
    names.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok().map(|at| names[at].1)
}

fn category(text: &str) -> Result<&'static str, Problem> {
    named_category(text).or_else(|| named_category(&folded(text))).ok_or_else(|| {
        let all = CATEGORIES.iter().flat_map(|c| [c.id, c.italian]);
        let problem = Problem::new(codes::UNKNOWN_CATEGORY, format!("'{}' is no category", shown(text)));
        suggest(problem, text, all, "take a category of the list, or 'other'")
    })
}

/// Holds a declared fact against the values its measures know; a word in another case is taken as the measure writes it.
fn among<'t>(cell: Cell<'t>, column: &Column, declared: &[String]) -> Result<Cell<'t>, Problem> {
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
        let words = format!("{}{more}", first.join(", "));
        let all = declared.iter().map(String::as_str);
        Err(suggest(problem.found(word).expected(&words), word, all, &format!("write one of {words}")))
    };
    Ok(match cell {
        Cell::Text(word) => Cell::Text(Cow::Owned(known(&word)?)),
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
    problem.help(meant(text, all).unwrap_or_else(|| otherwise.to_owned()))
}

#[cfg(test)]
mod tests {
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
