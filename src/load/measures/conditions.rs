//! Conditions and classes: tables of tests, typed by the facts they are about.

mod test;

pub(super) use test::cell;

use indexmap::IndexMap;

use super::facts::{ALL_MEMBERS, Scope, TEST_WORDS};
use super::names::{Class, Kind, Names, nesting};
use super::node::{Node, Table};
use super::source::code;
use crate::measure::{Condition, Subject};

/// The largest condition, in parts, with its classes written out: classes that mention classes could grow without bound.
const MOST_PARTS: usize = 1_000;

/// Whom a class or a requirement may be about.
pub(super) const SUBJECTS: [(&str, Subject); 6] = [
    ("company", Subject::Company),
    ("project", Subject::Project),
    ("lot", Subject::Lot),
    ("expense", Subject::Expense),
    ("application", Subject::Application),
    ("member", Subject::Member),
];

/// Names of the classes of members, before any class is read: conditions may count them.
pub(super) fn of_members<'s>(root: &Table<'s>) -> Vec<&'s str> {
    let classes = root.peek("classes").filter(|node| node.is_table()).and_then(Node::table);
    let of_members = |node: &Node<'s>| {
        let subject = node.is_table().then(|| node.table()).flatten().and_then(|class| class.peek("subject"));
        subject.and_then(Node::as_text) == Some(Subject::Member.name())
    };
    classes.iter().flat_map(Table::entries).filter(of_members).map(Node::key).collect()
}

/// Reads `[classes]` into the names; facts must be known.
pub(super) fn classes<'s>(root: &mut Table<'s>, names: &mut Names<'s>) {
    let Some(table) = root.get("classes").and_then(Node::table) else { return };
    let mut read: IndexMap<&'s str, (Subject, Option<Node<'s>>)> = IndexMap::new();
    let mut mentions: IndexMap<&'s str, Vec<&'s str>> = IndexMap::new();
    for node in table.entries() {
        let Some(mut class) = node.table() else { continue };
        let subject = class.get("subject").map_or(Some(Subject::Company), |s| s.word(&SUBJECTS));
        let when = class.required("when");
        class.finish();
        let mut mentioned = Vec::new();
        if let Some(when) = when {
            mentioned_classes(when, &mut mentioned);
        }
        if subject == Some(Subject::Member) && node.key() == ALL_MEMBERS {
            let message = format!("'members.{ALL_MEMBERS}' is the number of all members");
            node.error_with_help(code::TAKEN, message, "give the class another name");
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
        let condition = when.and_then(|when| condition(when, Scope::class(*subject), names));
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
    let tests = test::tests(entry, &known)?;
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
    let within_reach = class.condition.facts().into_iter().all(|fact| names.facts.check(entry, fact, scope));
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
