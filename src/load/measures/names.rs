//! The names a measure file gives: classes, tables, items, sets, components, rules; and which of them are used.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::facts::FactBook;
use super::node::{Node, Table};
use super::source::code;
use crate::measure::{self, Condition, Subject};

/// What kind of thing a name stands for; used to find what is never used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Class,
    Table,
    Set,
}

/// A named condition.
pub(super) struct Class {
    pub subject: Subject,
    pub condition: Condition,
}

/// Everything a rule may refer to.
pub(super) struct Names<'s> {
    pub facts: FactBook<'s>,
    pub classes: BTreeMap<&'s str, Class>,
    pub tables: BTreeMap<&'s str, measure::Table>,
    /// Ids of the items, cost items first: their positions are the indices of the measure.
    pub items: Vec<&'s str>,
    pub sets: BTreeMap<&'s str, Vec<usize>>,
    /// Ids of the aid components, in file order.
    pub components: Vec<&'s str>,
    /// Where each rule stands, for messages about rules that are already read.
    rules: RefCell<IndexMap<String, Node<'s>>>,
    used: RefCell<BTreeSet<(Kind, String)>>,
}

impl<'s> Names<'s> {
    pub fn new(facts: FactBook<'s>, items: Vec<&'s str>, components: Vec<&'s str>) -> Self {
        Names {
            facts,
            classes: BTreeMap::new(),
            tables: BTreeMap::new(),
            items,
            sets: BTreeMap::new(),
            components,
            rules: RefCell::default(),
            used: RefCell::default(),
        }
    }

    pub fn note_use(&self, kind: Kind, name: &str) {
        self.used.borrow_mut().insert((kind, name.to_owned()));
    }

    pub fn is_used(&self, kind: Kind, name: &str) -> bool {
        self.used.borrow().contains(&(kind, name.to_owned()))
    }

    /// Takes the id of a rule, or reports that it is taken.
    pub fn register(&self, id: &str, id_node: Node<'s>, rule: Node<'s>) -> bool {
        let mut rules = self.rules.borrow_mut();
        if rules.contains_key(id) {
            let first = rules.get(id).and_then(|node| node.line());
            let message = match first {
                Some(line) => format!("the rule id '{id}' is used twice, first at line {line}"),
                None => format!("the rule id '{id}' is used twice"),
            };
            id_node.error_with_help(
                code::TAKEN,
                message,
                "every rule of a measure has its own id; the ids of items count",
            );
            return false;
        }
        rules.insert(id.to_owned(), rule);
        true
    }

    /// Where a rule stands: the table it was read from.
    pub fn rule(&self, id: &str) -> Option<Node<'s>> {
        self.rules.borrow().get(id).copied()
    }

    /// Every rule id, in the order of reading.
    pub fn rule_ids(&self) -> Vec<String> {
        self.rules.borrow().keys().cloned().collect()
    }
}

/// The ids in an array of tables, in file order; those that are missing or no text are reported when the rule is read.
pub(super) fn ids<'s>(root: &Table<'s>, key: &str) -> Vec<&'s str> {
    let Some(nodes) = root.peek(key).filter(|node| node.is_array()).and_then(Node::list) else {
        return Vec::new();
    };
    let id = |node: Node<'s>| -> &'s str {
        let table = if node.is_table() { node.table() } else { None };
        table.and_then(|table| table.peek("id")).and_then(Node::as_text).map_or("", str::trim)
    };
    nodes.into_iter().map(id).collect()
}

/// Names in an order in which each comes after those it mentions; what lies on or behind a cycle is left out and one
/// cycle is given for the message.
pub(super) fn nesting<'s>(
    mentions: &IndexMap<&'s str, Vec<&'s str>>,
) -> (Vec<&'s str>, Option<Vec<&'s str>>) {
    let mut order: Vec<&str> = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let is_open = |name: &&str, done: &BTreeSet<&str>| mentions.contains_key(name) && !done.contains(name);
    loop {
        let before = order.len();
        for (name, mentioned) in mentions {
            if !done.contains(name) && !mentioned.iter().any(|other| is_open(other, &done)) {
                done.insert(name);
                order.push(name);
            }
        }
        if order.len() == before {
            break;
        }
    }
    let Some(start) = mentions.keys().find(|name| !done.contains(*name)) else {
        return (order, None);
    };
    // Whoever is left mentions one that is left: following them comes round to a name already seen.
    let mut path = vec![*start];
    loop {
        let last = path[path.len() - 1];
        let next = mentions[last].iter().find(|other| is_open(other, &done));
        let Some(next) = next else { return (order, Some(path)) };
        if let Some(at) = path.iter().position(|name| name == next) {
            let mut cycle = path.split_off(at);
            cycle.push(next);
            return (order, Some(cycle));
        }
        path.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_after_those_they_mention() {
        let mentions = IndexMap::from([("total", vec!["direct", "x"]), ("direct", vec!["a"])]);
        assert_eq!(nesting(&mentions), (vec!["direct", "total"], None));
    }

    #[test]
    fn a_cycle_is_named() {
        let mentions = IndexMap::from([("c", vec!["a"]), ("a", vec!["b"]), ("b", vec!["a"])]);
        assert_eq!(nesting(&mentions), (vec![], Some(vec!["a", "b", "a"])));
    }
}
