//! Tables that know which keys were asked for, so that whatever else stands there is reported.

use toml::de::DeTable;

use super::{Node, excerpt, suggestion};
use crate::diagnostics::{Diagnostic, Place};
use crate::load::measures::source::{Source, code};
use crate::measure::Doubt;

/// A table of the file, with the keys asked for so far.
pub(in crate::load::measures) struct Table<'s> {
    source: &'s Source<'s>,
    entries: &'s DeTable<'s>,
    span: (usize, usize),
    key: &'s str,
    asked: Vec<&'static str>,
}

impl<'s> Table<'s> {
    /// The whole file.
    pub fn root(source: &'s Source<'s>, entries: &'s DeTable<'s>) -> Self {
        Table::new(source, entries, (0, 0), "")
    }

    pub(super) fn new(
        source: &'s Source<'s>,
        entries: &'s DeTable<'s>,
        span: (usize, usize),
        key: &'s str,
    ) -> Self {
        Table { source, entries, span, key, asked: Vec::new() }
    }

    /// The value under a key, which is known from now on.
    pub fn get(&mut self, key: &'static str) -> Option<Node<'s>> {
        self.asked.push(key);
        self.peek(key)
    }

    /// The value under a key that must be there.
    pub fn required(&mut self, key: &'static str) -> Option<Node<'s>> {
        let node = self.get(key);
        if node.is_none() {
            let problem = self.problem(code::MISSING_KEY, format!("the key '{key}' is missing"));
            self.source.report(problem.expected(format!("the key '{key}'")));
        }
        node
    }

    /// Elements of an array of tables; none where the key is missing.
    pub fn tables(&mut self, key: &'static str) -> Vec<Node<'s>> {
        self.get(key).and_then(Node::list).unwrap_or_default()
    }

    /// The value under a key, without taking the key as known.
    pub fn peek(&self, key: &str) -> Option<Node<'s>> {
        let (key, value) = self.entries.get_key_value(key)?;
        Some(Node::new(self.source, value, key.get_ref()))
    }

    /// Every value with its key, in the order of the file: for tables whose keys are names.
    pub fn entries(&self) -> Vec<Node<'s>> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().map(|(key, value)| Node::new(self.source, value, key.get_ref())).collect()
    }

    /// The table itself as a place: its header, or its braces.
    pub fn error(&self, code: &'static str, message: impl Into<String>) {
        self.source.report(self.problem(code, message));
    }

    /// What is found in a table are its keys.
    fn problem(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        let there: Vec<&str> = self.entries.iter().map(|(key, _)| key.get_ref().as_ref()).collect();
        Diagnostic::error(code, self.place(), message).found(excerpt(&there.join(", ")))
    }

    fn place(&self) -> Place {
        self.source.place(self.span, Some(self.key).filter(|key| !key.is_empty()))
    }

    /// Reports every key that was never asked for.
    pub fn finish(&self) {
        for (key, _) in self.entries {
            let name: &str = key.get_ref();
            if !self.asked.contains(&name) {
                let place = self.source.place((key.span().start, key.span().end), Some(name));
                let problem =
                    Diagnostic::error(code::UNKNOWN_KEY, place, format!("unknown key '{}'", excerpt(name)));
                let expected = format!("one of {}", self.asked.join(", "));
                let problem = problem.found(excerpt(name)).expected(expected);
                self.source.report(problem.help(suggestion(name, &self.asked)));
            }
        }
    }

    /// Like [`Table::finish`], for a rule: its doubt must be about one of the keys.
    pub fn finish_rule(&self, doubt: Option<&Doubt>) {
        let key = doubt.and_then(|doubt| doubt.key.as_deref());
        if let (Some(key), Some(node)) = (key, self.peek("doubt").and_then(|d| d.table()?.peek("key"))) {
            // A doubt may be about a part of a value, as in `at_most.0.rate`.
            let first = key.split('.').next().unwrap_or(key);
            if !self.asked.contains(&first) {
                node.unknown_name("key of this rule", key, self.asked.iter().copied());
            }
        }
        self.finish();
    }
}
