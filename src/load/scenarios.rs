//! Files of scenarios: `scenarios.csv`, a change a row, and `scenarios.toml`, sweeps over axes and at random.

pub mod codes;
mod csv;
mod keys;
mod sweeps;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::codes::completed;
use super::encoding::{Encoding, decode};
use super::place::shown;
use super::source::bytes_of;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::scenario::Joined;
use csv::Sheet;
use sweeps::Sweep;

/// Reads the scenarios of all files, one file after the other; those whose names end in `.toml` hold sweeps, the others rows.
///
/// What they change is not looked at here: [`Inputs::edit`](super::Inputs::edit) holds each scenario against a portfolio.
pub fn scenarios(paths: &[PathBuf]) -> Result<(Joined, Report), Report> {
    let mut report = Report::new();
    let mut parts: Vec<Part> = Vec::new();
    for path in paths {
        read(path, &mut parts, &mut report);
    }
    names_are_unique(&parts, &mut report);
    let key = |d: &Diagnostic| {
        let at = paths.iter().position(|path| d.place.file == path.display().to_string());
        (at, d.place.line, d.place.column)
    };
    let report = report.in_order(key).map(completed);
    let mut joined = Joined::default();
    for part in parts {
        match part {
            Part::Sheet(sheet) => joined.push(Box::new(sheet)),
            Part::Sweep(sweep) => joined.push(sweep.source),
        }
    }
    report.finish(joined)
}

/// A part of all scenarios.
enum Part {
    Sheet(Sheet),
    Sweep(Sweep),
}

fn read(path: &Path, parts: &mut Vec<Part>, report: &mut Report) {
    let name = path.display().to_string();
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let encoding = is_toml.then_some(Encoding::Utf8);
    let bytes = bytes_of(&name, path).and_then(|bytes| {
        bytes.ok_or_else(|| {
            let message = format!("'{}' is not there", shown(&name));
            Diagnostic::error(super::codes::UNREADABLE, Place::file(&name), message)
        })
    });
    match bytes.and_then(|bytes| decode(&name, bytes, encoding)) {
        Ok(text) if is_toml => parts.extend(sweeps::sweeps(&text, report).into_iter().map(Part::Sweep)),
        Ok(text) => parts.extend(Sheet::read(text, report).map(Part::Sheet)),
        Err(problem) => report.push(problem),
    }
}

/// Scenarios of a sweep are called `SWEEP/...`, so that a sweep needs a name of its own, and no other scenario may be called so.
fn names_are_unique(parts: &[Part], report: &mut Report) {
    let mut sweeps: BTreeMap<&str, &Place> = BTreeMap::new();
    let mut names: Vec<(&str, usize, usize)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Sweep(sweep) => {
                if let Some(first) = sweeps.get(sweep.name.as_str()) {
                    report.push(twice("sweep", &sweep.name, sweep.place.clone(), first));
                } else {
                    sweeps.insert(&sweep.name, &sweep.place);
                }
            }
            Part::Sheet(sheet) => {
                names.extend(sheet.names().enumerate().map(|(scenario, name)| (name, at, scenario)));
            }
        }
    }
    let place = |at: usize, scenario: usize| match &parts[at] {
        Part::Sheet(sheet) => sheet.place(scenario),
        Part::Sweep(sweep) => sweep.place.clone(),
    };
    for (name, at, scenario) in &names {
        if let Some(first) = name.split_once('/').and_then(|(sweep, _)| sweeps.get(sweep)) {
            report.push(twice("scenario", name, place(*at, *scenario), first));
        }
    }
    names.sort_unstable();
    for pair in names.windows(2) {
        let ((name, at, scenario), (other, other_at, other_scenario)) = (pair[0], pair[1]);
        if name == other {
            report.push(twice("scenario", name, place(other_at, other_scenario), &place(at, scenario)));
        }
    }
}

fn twice(what: &str, name: &str, place: Place, first: &Place) -> Diagnostic {
    let first = Place { field: None, ..first.clone() };
    let message = format!("{what} '{}' is there twice; first at {first}", shown(name));
    Diagnostic::error(codes::TWICE, place, message).found(shown(name))
}
