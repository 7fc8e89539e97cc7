//! Ids and references between files: an id stands for one thing, a reference for something that is there.

use std::cell::Cell;
use std::fmt::Display;
use std::hash::Hash;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::codes;
use super::place::{meant, shown};
use super::records::Records;
use crate::diagnostics::{Diagnostic, Place, Report};

/// The ids of one file, with the row of each.
#[derive(Clone, Debug)]
pub(super) struct Index<T> {
    /// What an id names: `company`.
    kind: &'static str,
    file: String,
    /// In the order of the file, with the number of the row.
    rows: IndexMap<T, usize>,
    /// Whether every row of the file was read.
    complete: bool,
    /// How many suggestions are still worth seeking: each is a walk over all ids.
    suggestions: Cell<usize>,
}

/// Most suggestions for references to one file; whoever has more has another problem than spelling.
const MOST_SUGGESTIONS: usize = 100;

impl<T: Hash + Eq + Clone + Display> Index<T> {
    /// An index without ids, of a file with these records.
    pub fn new(kind: &'static str, records: &Records) -> Self {
        Index {
            kind,
            file: records.file().to_owned(),
            rows: IndexMap::with_capacity(records.len()),
            complete: records.complete(),
            suggestions: Cell::new(MOST_SUGGESTIONS),
        }
    }

    /// Notes that a row has no id that can be read: what seems to be missing may be that row.
    pub fn has_gap(&mut self) {
        self.complete = false;
    }

    /// Whether every row of the file could be read.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Every id, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &T> {
        self.rows.keys()
    }

    /// Adds the id of a row, with the places of rows; says whether it is new, and complains where it is not.
    pub fn add(&mut self, id: &T, row: usize, place: impl Fn(usize) -> Place, report: &mut Report) -> bool {
        match self.rows.entry(id.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(row);
                true
            }
            Entry::Occupied(first) => {
                let first = Place { field: None, ..place(*first.get()) };
                let message =
                    format!("{} '{}' is there twice; first at {first}", self.kind, shown(&id.to_string()));
                report.push(
                    Diagnostic::error(codes::DUPLICATE_ID, place(row), message)
                        .found(shown(&id.to_string()))
                        .help("give one of the two another id, or delete it"),
                );
                false
            }
        }
    }

    /// Complains about a reference to nothing, unless what it means may stand in a row that could not be read.
    pub fn check(&self, id: &T, place: impl FnOnce() -> Place, report: &mut Report) {
        if self.rows.contains_key(id) || !self.complete {
            return;
        }
        let name = id.to_string();
        let message = format!("{} has no {} '{}'", self.file, self.kind, shown(&name));
        let problem = Diagnostic::error(codes::UNKNOWN_REFERENCE, place(), message)
            .found(shown(&name))
            .expected(format!("a {} of {}", self.kind, self.file));
        let seek = self.suggestions.get() > 0;
        self.suggestions.set(self.suggestions.get().saturating_sub(1));
        let known: Vec<String> = self.rows.keys().filter(|_| seek).map(ToString::to_string).collect();
        let like = meant(&name, known.iter().map(String::as_str));
        report.push(problem.help(like.unwrap_or_else(|| format!("add it to {}", self.file))));
    }
}
