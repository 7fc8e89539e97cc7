//! Numbers: constants, facts, tables, arithmetic; and the tables they look up.

use rust_decimal::Decimal;

use super::conditions;
use super::facts::{Known, Scope};
use super::lint::rows;
use super::names::{Kind, Names};
use super::node::{Node, Table};
use super::source::code;
use crate::measure::{self, Cell, Due, Number, Row};
use crate::money::Money;
use crate::portfolio::FactKind;
use crate::rate::Rate;

/// What a number is, as far as its bounds go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A share: not negative, at most nine decimals, at most 1000.
    Rate,
    /// Euro: not negative, whole cents.
    Euro,
    /// Any other quantity, and factors of a product.
    Plain,
}

impl Unit {
    fn check(self, value: Decimal) -> Result<(), String> {
        match self {
            Unit::Rate => Rate::new(value).map(drop).map_err(|problem| problem.to_string()),
            Unit::Euro if value.is_sign_negative() && !value.is_zero() => {
                Err(format!("'{value}' is below zero; an amount is not"))
            }
            Unit::Euro => Money::from_euro(value).map(drop).map_err(|problem| problem.to_string()),
            Unit::Plain => Ok(()),
        }
    }
}

const FORMS: &str = "a string, an integer, or a table with one of fact, table, sum, product, difference, min, max, quotient, first_known, discounted_balances, or keys and rows";

const FORM_KEYS: [&str; 10] = [
    "fact",
    "table",
    "sum",
    "product",
    "difference",
    "min",
    "max",
    "quotient",
    "first_known",
    "discounted_balances",
];

/// Reads a NUMBER.
pub(super) fn number(node: Node<'_>, unit: Unit, scope: Scope, names: &Names<'_>) -> Option<Number> {
    if !node.is_table() {
        if let Some(text) = node.as_text().filter(|text| names.tables.contains_key(text)) {
            let message = format!("'{text}' is not a number but a table");
            node.error_with_help(code::VALUE, message, format!("write {{ table = \"{text}\" }}"));
            return None;
        }
        let value = node.decimal()?;
        return match unit.check(value) {
            Ok(()) => Some(Number::Constant(value)),
            Err(problem) => {
                node.error(code::VALUE, problem);
                None
            }
        };
    }
    let mut table = node.table()?;
    if table.peek("keys").is_some() {
        return table_in_place(node, unit, scope, names);
    }
    let forms = FORM_KEYS.map(|form| table.get(form));
    table.finish();
    let mut given = forms.into_iter().flatten();
    let (Some(form), None) = (given.next(), given.next()) else {
        node.error(code::COMBINATION, format!("a number is {FORMS}"));
        return None;
    };
    let several = |unit: Unit| -> Option<Vec<Number>> {
        let nodes = form.list()?;
        if nodes.is_empty() {
            form.error(code::VALUE, "an empty list of numbers");
            return None;
        }
        let read: Vec<_> = nodes.into_iter().map(|part| number(part, unit, scope, names)).collect();
        read.into_iter().collect()
    };
    match form.key() {
        "fact" => fact(form, scope, names),
        "table" => look_up(form, unit, scope, names),
        "sum" => several(unit).map(Number::Sum),
        // Euro per piece times pieces: the unit of a product is not that of its factors.
        "product" => several(Unit::Plain).map(Number::Product),
        "min" => several(unit).map(Number::Min),
        "max" => several(unit).map(Number::Max),
        "first_known" => several(unit).map(Number::FirstKnown),
        "quotient" => {
            let (of, by) = pair(
                form,
                several(Unit::Plain)?,
                "a quotient has two numbers: the first is divided by the second",
            )?;
            if by == Number::ZERO {
                form.error(code::VALUE, "nothing can be divided by zero");
                return None;
            }
            Some(Number::Quotient(Box::new(of), Box::new(by)))
        }
        "discounted_balances" => discounted_balances(form, scope, names),
        _ => {
            let (from, less) = pair(
                form,
                several(unit)?,
                "a difference has two numbers: the second is taken from the first",
            )?;
            Some(Number::Difference(Box::new(from), Box::new(less)))
        }
    }
}

/// The two numbers of a form that has two.
fn pair(form: Node<'_>, parts: Vec<Number>, expected: &str) -> Option<(Number, Number)> {
    let read = <[Number; 2]>::try_from(parts);
    if read.is_err() {
        form.error(code::VALUE, expected);
    }
    read.ok().map(|[first, second]| (first, second))
}

/// Outstanding balances of a loan, discounted (S12).
fn discounted_balances(node: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Number> {
    let mut table = node.table()?;
    let mut part =
        |key, unit| table.required(key).and_then(|node| number(node, unit, scope, names)).map(Box::new);
    let years = part("years", Unit::Plain);
    let grace_months = part("grace_months", Unit::Plain);
    let rate = part("rate", Unit::Rate);
    let due = table.get("due").map_or(Some(Due::default()), |node| node.word(&Due::NAMES));
    table.finish();
    Some(Number::DiscountedBalances { years: years?, grace_months: grace_months?, rate: rate?, due: due? })
}

/// A fact that is a number.
pub(super) fn number_fact<'n>(node: Node<'_>, scope: Scope, names: &'n Names<'_>) -> Option<Known<'n>> {
    let known = names.facts.resolve(node, node.text()?, scope)?;
    if !matches!(known.kind, FactKind::Number | FactKind::Money) {
        let message = format!("'{}' is a fact of type '{}', not a number", known.fact, known.kind.name());
        node.error_expecting(code::TYPE, message, "a fact that is a number");
        return None;
    }
    Some(known)
}

fn fact(node: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Number> {
    number_fact(node, scope, names).map(|known| Number::Fact(known.fact))
}

fn look_up(node: Node<'_>, unit: Unit, scope: Scope, names: &Names<'_>) -> Option<Number> {
    let name = node.text()?;
    let Some(table) = names.tables.get(name) else {
        node.unknown_name("table", name, names.tables.keys().copied());
        return None;
    };
    names.note_use(Kind::Table, name);
    fits(node, table, unit, scope, names).then(|| Number::Table(table.clone()))
}

/// A table where a number stands, without a name of its own.
fn table_in_place(node: Node<'_>, unit: Unit, scope: Scope, names: &Names<'_>) -> Option<Number> {
    let table = table(node.key(), node.table()?, names)?;
    rows::unreachable(node, &table);
    fits(node, &table, unit, scope, names).then_some(Number::Table(table))
}

/// Whether a table may be used at a place: its keys are known there and its values mean something.
fn fits(node: Node<'_>, table: &measure::Table, unit: Unit, scope: Scope, names: &Names<'_>) -> bool {
    let mut fits = table.keys.iter().all(|key| names.facts.check(node, key, scope));
    for row in &table.rows {
        if let Err(problem) = unit.check(row.value) {
            node.error(code::VALUE, format!("in the table '{}': {problem}", table.name));
            fits = false;
        }
    }
    fits
}

/// Reads the `[table.NAME]` tables into the names; facts must be known.
pub(super) fn tables<'s>(root: &mut Table<'s>, names: &mut Names<'s>) {
    let Some(tables) = root.get("table").and_then(Node::table) else { return };
    for node in tables.entries() {
        let read = node.table().and_then(|table| self::table(node.key(), table, names));
        // A table with a defect stays known by name, so that its uses are not reported too.
        let empty = || measure::Table { name: node.key().to_owned(), keys: Vec::new(), rows: Vec::new() };
        names.tables.insert(node.key(), read.unwrap_or_else(empty));
    }
}

/// Reads keys and rows; facts must be known, wherever the table may be used.
pub(super) fn table(name: &str, mut table: Table<'_>, names: &Names<'_>) -> Option<measure::Table> {
    let keys = table.required("keys").and_then(Node::one_or_many);
    let rows_node = table.required("rows");
    let rows = rows_node.and_then(Node::list);
    table.finish();
    let keys: Vec<Option<Known<'_>>> = keys?
        .into_iter()
        .map(|key| key.text().and_then(|text| names.facts.resolve(key, text, Scope::LINE)))
        .collect();
    let keys: Vec<Known<'_>> = keys.into_iter().collect::<Option<_>>()?;
    let rows = rows?;
    if let Some(node) = rows_node.filter(|_| rows.is_empty()) {
        node.error(code::VALUE, "a table without rows");
        return None;
    }
    let rows: Vec<Option<Row>> = rows.into_iter().map(|node| row(node, &keys)).collect();
    let rows: Vec<Row> = rows.into_iter().collect::<Option<_>>()?;
    Some(measure::Table {
        name: name.to_owned(),
        keys: keys.into_iter().map(|known| known.fact).collect(),
        rows,
    })
}

fn row(node: Node<'_>, keys: &[Known<'_>]) -> Option<Row> {
    let mut nodes = node.list()?;
    if nodes.len() != keys.len() + 1 {
        let (found, expected) = (nodes.len(), keys.len() + 1);
        let message =
            format!("a row of {found} cells, expected {expected}: one for each key, then the value");
        node.error_expecting(code::VALUE, message, format!("{expected} cells"));
        return None;
    }
    let value = nodes.pop().and_then(Node::decimal);
    let cells: Vec<Option<Cell>> = nodes
        .into_iter()
        .zip(keys)
        .map(|(node, key)| {
            let any = node.as_text().is_some_and(|text| text.trim() == "*");
            if any { Some(Cell::Any) } else { conditions::cell(node, key).map(Cell::Test) }
        })
        .collect();
    Some(Row { cells: cells.into_iter().collect::<Option<_>>()?, value: value? })
}
