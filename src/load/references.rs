//! Ids and references between files: an id stands for one thing, a reference for something that is there.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Display;

use super::cells::Record;
use super::codes;
use super::place::shown;
use crate::diagnostics::{Diagnostic, Place, Report, did_you_mean};

/// The ids of one file, with the place of each.
#[derive(Clone, Debug)]
pub(super) struct Index<T> {
    /// What an id names: `company`.
    kind: &'static str,
    file: &'static str,
    places: BTreeMap<T, Place>,
    /// Whether every row of the file was read.
    complete: bool,
}

impl<T: Ord + Clone + Display> Index<T> {
    /// An index without ids.
    pub fn new(kind: &'static str, file: &'static str, complete: bool) -> Self {
        Index { kind, file, places: BTreeMap::new(), complete }
    }

    /// Adds an id; says whether it is new, and complains where it is not.
    pub fn add(&mut self, id: &T, place: Place, report: &mut Report) -> bool {
        match self.places.entry(id.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(place);
                true
            }
            Entry::Occupied(first) => {
                let first = Place { field: None, ..first.get().clone() };
                let message =
                    format!("{} '{}' is there twice; first at {first}", self.kind, shown(&id.to_string()));
                report.push(
                    Diagnostic::error(codes::DUPLICATE_ID, place, message)
                        .help("give one of the two another id, or delete it"),
                );
                false
            }
        }
    }

    /// Complains about a reference to nothing, unless what it means may stand in a row that could not be read.
    pub fn check(&self, id: &T, record: &Record, column: &str, report: &mut Report) {
        if self.places.contains_key(id) || !self.complete {
            return;
        }
        let name = id.to_string();
        let message = format!("{} has no {} '{}'", self.file, self.kind, shown(&name));
        let problem = Diagnostic::error(codes::UNKNOWN_REFERENCE, record.place(column), message);
        let known: Vec<String> = self.places.keys().map(ToString::to_string).collect();
        report.push(match did_you_mean(&name, known.iter().map(String::as_str)) {
            Some(like) => problem.help(format!("did you mean '{like}'?")),
            None => problem.help(format!("add it to {}", self.file)),
        });
    }
}
