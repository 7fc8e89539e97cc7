//! Tests of one fact, in conditions and in cells of tables, with values of the fact's type.

use crate::load::measures::facts::Known;
use crate::load::measures::node::{Node, exact_number, excerpt, suggestion};
use crate::load::measures::source::code;
use crate::measure::Test;
use crate::portfolio::{FactKind, Value};

/// Makes the test that compares with a value.
type Bound = fn(Value) -> Test;

/// The tests of one fact, all of which must hold.
pub(super) fn tests(node: Node<'_>, known: &Known<'_>) -> Option<Vec<Test>> {
    if !node.is_table() {
        return one_of(node, known).map(|test| vec![test]);
    }
    let mut table = node.table()?;
    let numbers = matches!(known.kind, FactKind::Number | FactKind::Money);
    let days = known.kind == FactKind::Date;
    let mut tests: Vec<Option<Test>> = Vec::new();
    let bounds: [(&'static str, bool, Bound); 6] = [
        ("at_least", numbers || days, Test::AtLeast),
        ("at_most", numbers || days, Test::AtMost),
        ("more_than", numbers, Test::MoreThan),
        ("less_than", numbers, Test::LessThan),
        ("after", days, Test::MoreThan),
        ("before", days, Test::LessThan),
    ];
    for (key, fits, test) in bounds {
        if let Some(bound) = table.get(key) {
            tests.push(if fits { value(bound, known).map(test) } else { unfit(bound, known) });
        }
    }
    let prefixes = table.get("starts_with");
    let except = table.get("except");
    match prefixes {
        Some(prefixes) if known.kind == FactKind::Text => tests.push(starts_with(prefixes, except)),
        Some(prefixes) => tests.push(unfit(prefixes, known)),
        None => {
            if let Some(except) = except {
                except.error(code::COMBINATION, "'except' goes with 'starts_with'");
                tests.push(None);
            }
        }
    }
    if let Some(node) = table.get("known") {
        tests.push(node.flag().map(Test::Known));
    }
    let nothing = table.entries().is_empty();
    table.finish();
    if nothing {
        node.error(code::VALUE, "an empty test");
    }
    tests.into_iter().collect::<Option<Vec<Test>>>().filter(|tests| !tests.is_empty())
}

fn unfit(node: Node<'_>, known: &Known<'_>) -> Option<Test> {
    let (test, fact, kind) = (node.key(), &known.fact, known.kind.name());
    let message = format!("'{test}' does not fit '{fact}', a fact of type '{kind}'");
    node.error_expecting(code::TYPE, message, format!("a test of a fact of type '{kind}'"));
    None
}

fn starts_with(prefixes: Node<'_>, except: Option<Node<'_>>) -> Option<Test> {
    let words =
        |node: Node<'_>| node.one_or_many()?.into_iter().map(Node::owned_text).collect::<Option<Vec<_>>>();
    let prefixes = words(prefixes)?;
    let Some(node) = except else {
        return Some(Test::StartsWith { prefixes, except: Vec::new() });
    };
    let except = words(node)?;
    for word in &except {
        if !prefixes.iter().any(|prefix| word.starts_with(prefix.as_str())) {
            node.error(code::VALUE, format!("the exception '{word}' begins with none of the prefixes"));
        }
    }
    Some(Test::StartsWith { prefixes, except })
}

fn one_of(node: Node<'_>, known: &Known<'_>) -> Option<Test> {
    let values: Vec<Option<Value>> = node.one_or_many()?.into_iter().map(|node| value(node, known)).collect();
    values.into_iter().collect::<Option<Vec<Value>>>().map(Test::OneOf)
}

/// A value to compare a fact with, of the fact's kind.
fn value(node: Node<'_>, known: &Known<'_>) -> Option<Value> {
    match known.kind {
        FactKind::Text | FactKind::List => {
            let text = node.text()?;
            word(node, text, known).then(|| Value::text(text))
        }
        FactKind::Number | FactKind::Money => node.decimal().map(Value::Number),
        FactKind::Flag => node.flag().map(Value::Flag),
        FactKind::Date => node.day().map(Value::Day),
    }
}

/// Whether a fact may have this word; reports it otherwise.
fn word(node: Node<'_>, text: &str, known: &Known<'_>) -> bool {
    let fits = known.words.is_empty() || known.words.contains(&text);
    if !fits {
        let message = format!("'{}' is no value of '{}'", excerpt(text), known.fact);
        node.error_with_help(code::UNKNOWN_NAME, message, suggestion(text, &known.words));
    }
    fits
}

/// The test in a cell of a table: words with `|`, or a comparison.
pub(in crate::load::measures) fn cell(node: Node<'_>, known: &Known<'_>) -> Option<Test> {
    match known.kind {
        FactKind::Flag => cell_flag(node).map(|flag| Test::OneOf(vec![Value::Flag(flag)])),
        FactKind::Text | FactKind::List => {
            let words: Vec<&str> = node.text()?.split('|').map(str::trim).collect();
            let fit = words.iter().filter(|text| word(node, text, known)).count();
            (fit == words.len()).then(|| Test::OneOf(words.into_iter().map(Value::text).collect()))
        }
        FactKind::Number | FactKind::Money | FactKind::Date => {
            let text = node.cell()?;
            let ordered = |text: &str| ordered(node, text.trim(), known.kind);
            let signs: [(&str, Bound); 4] =
                [("<=", Test::AtMost), (">=", Test::AtLeast), ("<", Test::LessThan), (">", Test::MoreThan)];
            for (sign, test) in signs {
                if let Some(bound) = text.trim().strip_prefix(sign) {
                    return ordered(bound).map(test);
                }
            }
            text.split('|').map(ordered).collect::<Option<Vec<Value>>>().map(Test::OneOf)
        }
    }
}

fn cell_flag(node: Node<'_>) -> Option<bool> {
    match node.as_text() {
        Some("true" | "yes") => Some(true),
        Some("false" | "no") => Some(false),
        _ => node.flag(),
    }
}

fn ordered(node: Node<'_>, text: &str, kind: FactKind) -> Option<Value> {
    let read = if kind == FactKind::Date {
        text.parse()
            .map(Value::Day)
            .map_err(|_| format!("'{}' is not a day such as 2026-01-31", excerpt(text)))
    } else {
        exact_number(text).map(Value::Number)
    };
    read.map_err(|problem| node.error(code::VALUE, problem)).ok()
}
