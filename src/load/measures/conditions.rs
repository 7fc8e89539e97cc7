//! Conditions and classes: tables of tests, typed by the facts they are about.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::facts::{Known, Scope, TEST_WORDS};
use super::names::{Class, Kind, Names, nesting};
use super::node::{Node, Table, exact_number, excerpt};
use super::source::code;
use crate::measure::{Condition, Subject, Test};
use crate::portfolio::{FactKind, Value};

/// The largest condition, in parts, with its classes written out: classes that mention classes could grow without bound.
const MOST_PARTS: usize = 1_000;

/// Makes the test that compares with a value.
type Bound = fn(Value) -> Test;

/// Reads `[classes]` into the names; facts must be known.
pub(super) fn classes<'s>(root: &mut Table<'s>, names: &mut Names<'s>) {
    let Some(table) = root.get("classes").and_then(Node::table) else { return };
    let mut read: IndexMap<&'s str, (Subject, Option<Node<'s>>)> = IndexMap::new();
    let mut mentions: IndexMap<&'s str, Vec<&'s str>> = IndexMap::new();
    for node in table.entries() {
        let Some(mut class) = node.table() else { continue };
        let subject = class.get("subject").map_or(Some(Subject::Company), |s| s.word(&Subject::NAMES));
        let when = class.required("when");
        class.finish();
        let mut mentioned = Vec::new();
        if let Some(when) = when {
            mentioned_classes(when, &mut mentioned);
        }
        read.insert(node.key(), (subject.unwrap_or(Subject::Company), when));
        mentions.insert(node.key(), mentioned);
    }
    let (order, cycle) = nesting(&mentions);
    if let Some(cycle) = cycle
        && let Some(node) = table.peek(cycle[0])
    {
        node.error(code::CYCLE, format!("the class '{}' rests on itself: {}", cycle[0], cycle.join(" -> ")));
    }
    for name in order {
        let (subject, when) = &read[name];
        let condition = when.and_then(|when| condition(when, Scope::about(*subject), names));
        names
            .classes
            .insert(name, Class { subject: *subject, condition: condition.unwrap_or(Condition::ALWAYS) });
    }
    // Classes on or behind the cycle stay known by name, so that their uses are not reported too.
    for (name, (subject, _)) in read {
        names.classes.entry(name).or_insert(Class { subject, condition: Condition::ALWAYS });
    }
}

/// The classes a condition mentions, without judging it.
fn mentioned_classes<'s>(node: Node<'s>, into: &mut Vec<&'s str>) {
    if node.is_array() {
        node.list().into_iter().flatten().for_each(|part| mentioned_classes(part, into));
    } else if node.is_table() {
        for entry in node.table().iter().flat_map(Table::entries) {
            match (entry.key(), entry.as_text()) {
                ("class", Some(name)) => into.push(name),
                ("all" | "any" | "not", _) => mentioned_classes(entry, into),
                _ => {}
            }
        }
    }
}

/// The condition under a key, which always holds where the key is missing.
pub(super) fn optional(
    table: &mut Table<'_>,
    key: &'static str,
    scope: Scope,
    names: &Names<'_>,
) -> Option<Condition> {
    table.get(key).map_or(Some(Condition::ALWAYS), |node| condition(node, scope, names))
}

/// Reads a condition.
pub(super) fn condition(node: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Condition> {
    let condition = parts(node, scope, names)?;
    if size(&condition) > MOST_PARTS {
        node.error(code::VALUE, format!("a condition of more than {MOST_PARTS} parts, classes written out"));
        return None;
    }
    Some(condition)
}

fn size(condition: &Condition) -> usize {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => 1 + parts.iter().map(size).sum::<usize>(),
        Condition::Not(part) | Condition::Class(_, part) => 1 + size(part),
        Condition::Fact(..) => 1,
    }
}

fn parts(node: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Condition> {
    let entries = node.table()?.entries();
    if entries.is_empty() {
        node.error_with_help(
            code::VALUE,
            "an empty condition",
            "name at least one fact, class, all, any or not",
        );
        return None;
    }
    let parts: Vec<Option<Condition>> = entries.into_iter().map(|entry| part(entry, scope, names)).collect();
    parts.into_iter().collect::<Option<Vec<Condition>>>().map(all)
}

fn part(entry: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Condition> {
    let several = || -> Option<Vec<Condition>> {
        let nodes = entry.list()?;
        if nodes.is_empty() {
            entry.error(code::VALUE, "an empty list of conditions");
            return None;
        }
        let read: Vec<_> = nodes.into_iter().map(|part| parts(part, scope, names)).collect();
        read.into_iter().collect()
    };
    match entry.key() {
        "all" => several().map(Condition::All),
        "any" => several().map(Condition::Any),
        "not" => parts(entry, scope, names).map(|part| Condition::Not(Box::new(part))),
        "class" => class(entry, scope, names),
        name if is_subject(entry) => {
            // `company.size = "small"` is TOML for `company = { size = "small" }`.
            let entries = entry.table()?.entries();
            let facts: Vec<_> =
                entries.into_iter().map(|e| fact(e, &format!("{name}.{}", e.key()), scope, names)).collect();
            facts.into_iter().collect::<Option<Vec<Condition>>>().map(all)
        }
        name => fact(entry, name, scope, names),
    }
}

/// Whether the key of a condition is a subject with its facts; `lot` is also the name of a fact, with its tests.
fn is_subject(entry: Node<'_>) -> bool {
    Subject::NAMES.iter().any(|(subject, _)| *subject == entry.key())
        && entry.is_table()
        && !entry.table().iter().flat_map(Table::entries).any(|entry| TEST_WORDS.contains(&entry.key()))
}

fn fact(entry: Node<'_>, name: &str, scope: Scope, names: &Names<'_>) -> Option<Condition> {
    let known = names.facts.resolve(entry, name, scope)?;
    let tests = tests(entry, &known)?;
    Some(all(tests.into_iter().map(|test| Condition::Fact(known.fact.clone(), test)).collect()))
}

/// All of several conditions; a single one stands for itself.
fn all(mut parts: Vec<Condition>) -> Condition {
    if parts.len() == 1 { parts.swap_remove(0) } else { Condition::All(parts) }
}

fn class(entry: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Condition> {
    let name = entry.text()?;
    let Some(class) = names.classes.get(name) else {
        entry.unknown_name("class", name, names.classes.keys().copied());
        return None;
    };
    names.note_use(Kind::Class, name);
    let within_reach = class.condition.facts().into_iter().all(|fact| scope.check(entry, fact));
    if within_reach && !scope.reaches(class.subject) {
        let subject = class.subject.name();
        entry.error(
            code::OUT_OF_REACH,
            format!("the class '{name}' is of the {subject}, and none is at hand here"),
        );
        return None;
    }
    within_reach.then(|| Condition::Class(name.to_owned(), Box::new(class.condition.clone())))
}

/// The tests of one fact, all of which must hold.
fn tests(node: Node<'_>, known: &Known<'_>) -> Option<Vec<Test>> {
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
    node.error(code::TYPE, format!("'{test}' does not fit '{fact}', a fact of type '{kind}'"));
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
        node.unknown_name(&format!("value of '{}'", known.fact), text, known.words.iter().copied());
    }
    fits
}

/// The test in a cell of a table: words with `|`, or a comparison.
pub(super) fn cell(node: Node<'_>, known: &Known<'_>) -> Option<Test> {
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
        exact_number(text).map(|number: Decimal| Value::Number(number))
    };
    read.map_err(|problem| node.error(code::VALUE, problem)).ok()
}
