//! Tables of `scenarios.toml` that know which keys were asked for, so that whatever else stands there is reported.

use std::cell::RefCell;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::place::{Text, meant, shown};
use super::codes;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::scenario::Spot;

/// The file, with what is wrong with it so far.
pub(super) struct File<'t> {
    pub text: &'t Text,
    problems: RefCell<Report>,
}

impl<'t> File<'t> {
    pub fn new(text: &'t Text) -> Self {
        File { text, problems: RefCell::new(Report::new()) }
    }

    pub fn report(&self, problem: Diagnostic) {
        self.problems.borrow_mut().push(problem);
    }

    pub fn into_report(self) -> Report {
        self.problems.into_inner()
    }

    /// The file as TOML.
    pub fn document(&self) -> Option<Spanned<DeTable<'t>>> {
        DeTable::parse(&self.text.content)
            .map_err(|error| {
                let place =
                    error.span().map_or_else(|| Place::file(&self.text.file), |span| self.text.place(span));
                let message = format!("not TOML: {}", error.message().trim().replace('\n', ", "));
                self.report(Diagnostic::error(codes::SYNTAX, place, message));
            })
            .ok()
    }
}

/// A table, with the keys asked for so far.
pub(super) struct Keys<'d> {
    file: &'d File<'d>,
    table: &'d DeTable<'d>,
    /// What stands before its keys in messages; empty for the whole file.
    name: String,
    place: Place,
    asked: Vec<&'static str>,
}

impl<'d> Keys<'d> {
    /// The whole file.
    pub fn root(file: &'d File<'d>, table: &'d DeTable<'d>) -> Self {
        let place = Place::file(&file.text.file);
        Keys { file, table, name: String::new(), place, asked: Vec::new() }
    }

    pub fn get(&mut self, key: &'static str) -> Option<Item<'d>> {
        self.asked.push(key);
        self.items().into_iter().find(|item| item.key == key)
    }

    pub fn required(&mut self, key: &'static str) -> Option<Item<'d>> {
        let item = self.get(key);
        if item.is_none() {
            let message = format!("{} is missing", self.path(key));
            let there: Vec<&str> = self.table.keys().map(|key| key.get_ref().as_ref()).collect();
            let problem = Diagnostic::error(codes::BAD_KEY, self.place.clone(), message);
            self.file.report(problem.found(shown(&there.join(", "))).help(format!("write `{key} = ...`")));
        }
        item
    }

    /// Every value, in the order of the file.
    pub fn items(&self) -> Vec<Item<'d>> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let item = |(key, value): (&'d Spanned<_>, &'d Spanned<DeValue<'d>>)| {
            let name: &'d toml::de::DeString<'d> = key.get_ref();
            let field = self.path(name);
            Item { file: self.file, key: name.as_ref(), field, value, key_at: key.span().start }
        };
        entries.into_iter().map(item).collect()
    }

    /// Reports every key that was not asked for.
    pub fn finish(&self) {
        for item in self.items().into_iter().filter(|item| !self.asked.contains(&item.key)) {
            let place = self.file.text.place(item.key_at..item.key_at + item.key.len());
            let place = Place { field: Some(item.field), ..place };
            let message = format!("there is no key '{}' here", shown(item.key));
            let problem = Diagnostic::error(codes::UNKNOWN_KEY, place, message)
                .found(shown(item.key))
                .expected(format!("one of {}", self.asked.join(", ")));
            let like = meant(item.key, self.asked.iter().copied());
            let otherwise = || format!("keys are {}", self.asked.join(", "));
            self.file.report(problem.help(like.unwrap_or_else(otherwise)));
        }
    }

    /// A problem of the table as a whole.
    pub fn problem(&self, code: &'static str, message: String) -> Diagnostic {
        Diagnostic::error(code, self.place.clone(), message)
    }

    pub fn report(&self, problem: Diagnostic) {
        self.file.report(problem);
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

/// A value, with its key.
#[derive(Clone)]
pub(super) struct Item<'d> {
    file: &'d File<'d>,
    pub key: &'d str,
    /// The key with those before it.
    pub field: String,
    value: &'d Spanned<DeValue<'d>>,
    key_at: usize,
}

impl<'d> Item<'d> {
    pub fn place(&self) -> Place {
        Place { field: Some(self.field.clone()), ..self.file.text.place(self.value.span()) }
    }

    pub fn spot(&self) -> Option<Spot> {
        let place = self.place();
        Some(Spot { line: place.line?, column: place.column?, span: place.span })
    }

    /// What stands there, as it is written.
    fn written(&self) -> &'d str {
        self.file.text.content.get(self.value.span()).unwrap_or_default()
    }

    /// Complains that the value is not what is expected.
    pub fn bad(&self, expected: &str) {
        let message = format!("{} must be {expected}, not '{}'", self.field, shown(self.written()));
        let problem = Diagnostic::error(codes::BAD_KEY, self.place(), message);
        self.file.report(problem.found(shown(self.written())).expected(expected));
    }

    pub fn report(&self, code: &'static str, message: String, help: Option<String>) {
        let problem = Diagnostic::error(code, self.place(), message).found(shown(self.written()));
        self.file.report(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }

    /// What stands there, taken as `read` takes it; complains where that is nothing.
    fn taken<T>(&self, expected: &str, read: impl FnOnce(&'d DeValue<'d>) -> Option<T>) -> Option<T> {
        let taken = read(self.value.get_ref());
        if taken.is_none() {
            self.bad(expected);
        }
        taken
    }

    pub fn text(&self) -> Option<&'d str> {
        self.taken("a text in quotes", DeValue::as_str)
    }

    /// A text, number, day or flag as a cell of a table would have it.
    pub fn cell(&self) -> Option<String> {
        self.taken("a text, a number, a day, or true or false", |value| match value {
            DeValue::String(text) => Some(text.trim().to_owned()),
            DeValue::Boolean(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => Some(self.written().to_owned()),
            DeValue::Array(_) | DeValue::Table(_) => None,
        })
    }

    /// An exact number.
    pub fn number(&self) -> Option<Decimal> {
        let text = match self.value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(_) | DeValue::Float(_) => self.written(),
            _ => "",
        };
        self.taken("a number such as 1.25", |_| {
            Decimal::from_str_exact(text).ok().filter(|number| number.abs() <= Decimal::from(u64::MAX))
        })
    }

    /// A whole number from `least`.
    pub fn whole(&self, least: u64) -> Option<u64> {
        let expected =
            if least == 0 { "a whole number".to_owned() } else { format!("a whole number from {least}") };
        self.taken(&expected, |value| {
            value.as_integer()?;
            self.written().parse().ok().filter(|number| *number >= least)
        })
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, names: &[(&'static str, T)]) -> Option<T> {
        let words: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let text = self.text()?;
        let found = names.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let message =
                format!("{} must be one of {}, not '{}'", self.field, words.join(", "), shown(text));
            self.report(codes::BAD_KEY, message, meant(text, words.iter().copied()));
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// The values of a list that is not empty.
    pub fn list(&self) -> Option<Vec<Item<'d>>> {
        let values =
            self.taken("a list that is not empty", |value| value.as_array().filter(|it| !it.is_empty()))?;
        let item = |(at, value): (usize, &'d Spanned<DeValue<'d>>)| Item {
            field: format!("{}.{}", self.field, at + 1),
            value,
            ..self.clone()
        };
        Some(values.iter().enumerate().map(item).collect())
    }

    pub fn keys(&self) -> Option<Keys<'d>> {
        let table = self.taken("a table", DeValue::as_table)?;
        let (file, name, place) = (self.file, self.field.clone(), self.place());
        Some(Keys { file, table, name, place, asked: Vec::new() })
    }
}
