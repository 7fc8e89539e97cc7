//! Instances for benches: from a file, and to a portfolio with its measures.
//!
//! | file | holds |
//! |---|---|
//! | `NAME.jsonl` | an instance a line: `{"seed", "de_minimis_room", "measures": [..], "expenses": [..]}`; any part of a cost may be claimed |
//! | any other | one: `n m pool`; m rows `cap minimum share`; n rows `amount is_consultancy rate_1 .. rate_m` (-1: does not fit); costs go whole |

use std::path::Path;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Deserialize;

use super::codes::{self, completed};
use super::encoding::{Encoding, decode};
use super::measures::measure;
use super::portfolio::{Overrides, portfolio};
use super::source::{Memory, bytes_of};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::generate::{Call, Client, Cost, Fund, Instance, MEASURES, files};
use crate::measure::{Claim, FactDeclaration, Measure};
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::rate::Rate;

/// Most expenses of an instance in a file.
const MOST: usize = 1_000_000;

/// The portfolio and the measures of an instance, read from the texts that it is written down in.
///
/// # Errors
/// What is wrong with the texts: an instance read from a file may have figures that no portfolio may have.
pub fn of_instance(instance: &Instance) -> Result<(Portfolio, Vec<Measure>), Report> {
    let mut tables = Memory::new();
    let mut measures = Vec::new();
    for (name, text) in files(instance) {
        if name.starts_with(MEASURES) {
            measures.push(measure(&name, &text)?.0);
        } else {
            tables = tables.with(name, text);
        }
    }
    let facts: Vec<FactDeclaration> = measures.iter().flat_map(|m| m.facts.clone()).collect();
    let (portfolio, _) = portfolio(&tables, &facts, &Overrides::default())?;
    Ok((portfolio, measures))
}

/// Reads the instances of a file, named after it.
///
/// # Errors
/// The file cannot be read, or a line is no part of an instance.
pub fn instances(path: &Path) -> Result<Vec<Instance>, Report> {
    let name = path.display().to_string();
    let missing =
        || Diagnostic::error(codes::UNREADABLE, Place::file(&name), format!("'{name}' is not there"));
    let bytes = bytes_of(&name, path).and_then(|bytes| bytes.ok_or_else(missing)).map_err(completed)?;
    let text = decode(&name, bytes, Some(Encoding::Utf8)).map_err(completed)?.content;
    let stem = path.file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
    let read = if path.extension().is_some_and(|extension| extension == "jsonl") {
        of_lines(&stem, &text)
    } else {
        Rows::new(&text).instance(&stem).map(|instance| vec![instance])
    };
    read.map_err(|Wrong { line, what }| {
        let place = Place { line: Some(line), ..Place::file(&name) };
        completed(Diagnostic::error(codes::INSTANCE, place, what)).into()
    })
}

/// What is wrong, and in which line.
struct Wrong {
    line: usize,
    what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seed: u64,
    de_minimis_room: String,
    measures: Vec<LineCall>,
    expenses: Vec<LineCost>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineCall {
    rate: String,
    cap: String,
    minimum: String,
    consultancy_share_of_others: String,
    flat_rate: String,
    de_minimis: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineCost {
    amount: String,
    consultancy: bool,
    measures: Vec<usize>,
}

fn of_lines(stem: &str, text: &str) -> Result<Vec<Instance>, Wrong> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = lines.map(|(at, line)| {
        let line: Result<Line, String> = serde_json::from_str(line).map_err(|error| error.to_string());
        line.and_then(|line| of_line(stem, line)).map_err(|what| Wrong { line: at + 1, what })
    });
    read.collect()
}

fn of_line(stem: &str, line: Line) -> Result<Instance, String> {
    let call = |call: LineCall| {
        Ok(Call {
            rate: share(&call.rate)?,
            cap: amount(&call.cap)?,
            minimum: amount(&call.minimum)?,
            consultancy_share: share(&call.consultancy_share_of_others)?,
            flat_rate: share(&call.flat_rate)?,
            de_minimis: call.de_minimis,
            fund: None,
        })
    };
    let calls = line.measures.into_iter().map(call).collect::<Result<Vec<Call>, String>>()?;
    let cost = |cost: LineCost| {
        let LineCost { consultancy, measures, .. } = cost;
        if let Some(at) = measures.iter().find(|at| **at >= calls.len()) {
            return Err(format!("there is no measure {at}: the line has {}, counted from 0", calls.len()));
        }
        Ok(Cost { amount: amount(&cost.amount)?, consultancy, calls: measures })
    };
    let costs = line.expenses.into_iter().map(cost).collect::<Result<Vec<Cost>, String>>()?;
    Ok(Instance {
        name: format!("{stem}/{}", line.seed),
        claim: Claim::AnyPart,
        splittable: false,
        clients: vec![Client { projects: vec![costs], ..Client::default() }],
        funds: Vec::new(),
        de_minimis_room: amount(&line.de_minimis_room)?,
        calls,
    })
}

fn amount(text: &str) -> Result<Money, String> {
    let amount: Money = text.parse().map_err(|error| format!("'{text}' is no amount: {error}"))?;
    if amount < Money::ZERO { Err(format!("'{text}' is below zero")) } else { Ok(amount) }
}

fn share(text: &str) -> Result<Decimal, String> {
    let share = Decimal::from_str(text).ok().and_then(|share| Rate::new(share).ok());
    share.map(|share| share.value().normalize()).ok_or_else(|| format!("'{text}' is no rate from 0 to 1000"))
}

/// The rows of an instance in words parted by spaces.
struct Rows<'t> {
    lines: std::iter::Enumerate<std::str::Lines<'t>>,
    /// The line last read, from 1.
    line: usize,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str) -> Self {
        Rows { lines: text.lines().enumerate(), line: 1 }
    }

    fn wrong<T>(&self, what: impl Into<String>) -> Result<T, Wrong> {
        Err(Wrong { line: self.line, what: what.into() })
    }

    fn told<T>(&self, read: Result<T, String>) -> Result<T, Wrong> {
        read.or_else(|what| self.wrong(what))
    }

    /// The words of the next row, which are so many.
    fn words(&mut self, count: usize, what: &str) -> Result<Vec<&'t str>, Wrong> {
        let Some((at, line)) = self.lines.next() else {
            return self.wrong(format!("the file ends where {what} should follow"));
        };
        self.line = at + 1;
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.len() == count {
            return Ok(words);
        }
        self.wrong(format!("{what} has {count} numbers, not {}", words.len()))
    }

    fn count(&self, text: &str) -> Result<usize, Wrong> {
        match text.parse() {
            Ok(count) if (1..=MOST).contains(&count) => Ok(count),
            _ => self.wrong(format!("'{text}' is no count from 1 to {MOST}")),
        }
    }

    fn instance(mut self, name: &str) -> Result<Instance, Wrong> {
        let head = self.words(3, "the first row, 'n m pool',")?;
        let (count, calls) = (self.count(head[0])?, self.count(head[1])?);
        let available = self.told(amount(head[2]))?;
        let mut limits = Vec::new();
        for _ in 0..calls {
            let row = self.words(3, "the row of a measure, 'cap minimum share',")?;
            limits.push((self.told(amount(row[0]))?, self.told(amount(row[1]))?, self.told(share(row[2]))?));
        }
        let mut rates: Vec<Option<Decimal>> = vec![None; calls];
        let mut costs = Vec::new();
        for _ in 0..count {
            let row = self.words(2 + calls, "the row of an expense, 'amount is_consultancy rate_1 ..',")?;
            let mut cost =
                Cost { amount: self.told(amount(row[0]))?, consultancy: row[1] == "1", calls: Vec::new() };
            for (call, text) in row[2..].iter().enumerate().filter(|(_, text)| **text != "-1") {
                let rate = self.told(share(text))?;
                if rates[call].is_some_and(|known| known != rate) {
                    return self.wrong(format!("measure {} has two rates; it may have one", call + 1));
                }
                rates[call] = Some(rate);
                cost.calls.push(call);
            }
            costs.push(cost);
        }
        let call =
            |((cap, minimum, consultancy_share), rate): ((Money, Money, Decimal), Option<Decimal>)| Call {
                // A rate that no expense has is that of a measure that takes none.
                rate: rate.unwrap_or_default(),
                cap,
                minimum,
                consultancy_share,
                flat_rate: Decimal::ZERO,
                de_minimis: false,
                fund: Some(0),
            };
        Ok(Instance {
            name: name.to_owned(),
            claim: Claim::Whole,
            splittable: false,
            calls: limits.into_iter().zip(rates).map(call).collect(),
            clients: vec![Client { projects: vec![costs], ..Client::default() }],
            funds: vec![Fund { available, in_part: false }],
            de_minimis_room: Money::ZERO,
        })
    }
}
