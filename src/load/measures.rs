//! Measure files: TOML text to [`Measure`], exactly the language of `docs/measure-language.md`.
//!
//! Everything is resolved here: sets to indices of items, classes to conditions, tables in place, names of facts to their subjects.
//! One file a primitive; all problems of a file come in one report. [`measure`] reads a text, [`catalogue()`] the measures that
//! come with the program and those of a folder.

mod aid;
pub mod arithmetic;
mod catalogue;
mod changes;
mod choices;
pub mod codes;
mod conditions;
mod counts;
mod cumulation;
mod doubts;
mod embedded;
mod examples;
mod facts;
mod header;
mod items;
mod ledgers;
mod limits;
mod lint;
mod names;
mod node;
mod numbers;
mod pools;
mod quotes;
mod readings;
mod requirements;
mod rules;
mod schema;
mod sets;
mod shared;
mod source;
mod window;

pub(super) use catalogue::Written;
pub use catalogue::{Catalogue, catalogue, doubted};
pub(super) use changes::{Found, Unfound, doubtful, located};
pub use codes::NO_REFERENCE;
pub use quotes::{Quotes, quotes};
pub use readings::Doubted;
pub use schema::SCHEMA;
pub(super) use shared::FOLDER as SHARED_FOLDER;

use std::path::Path;

use toml::de::DeTable;

use super::codes::completed;
use super::encoding::{Encoding, decode};
use super::source::bytes_of;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::measure::Measure;
use facts::FactBook;
use names::Names;
use node::Table;
use shared::Shared;
use source::{Source, code};

/// Reads the measure in a file, with the shared files beside it; every reading of its doubts must be a measure too.
pub fn measure_file(path: &Path) -> Result<(Measure, Report), Report> {
    let mut report = Report::new();
    let folder = path.parent().unwrap_or(Path::new(""));
    let shared = Shared::beside(folder, &mut report);
    let read = in_file(path, &shared).and_then(|(measure, warnings)| {
        let (file, text) = (path.display().to_string(), text_in(path)?);
        readings_of(&file, &text, &measure, &shared).map(|_| (measure, warnings))
    });
    match read {
        Ok((measure, warnings)) => {
            report.extend(warnings);
            report.finish(measure)
        }
        Err(problems) => {
            report.extend(problems);
            Err(report)
        }
    }
}

fn in_file(path: &Path, shared: &Shared) -> Result<(Measure, Report), Report> {
    with_shared(&path.display().to_string(), &text_in(path)?, shared)
}

/// The text of a file of measures that must be there.
fn text_in(path: &Path) -> Result<String, Report> {
    let name = path.display().to_string();
    let missing =
        || Diagnostic::error(code::UNREADABLE, Place::file(&name), format!("'{name}' is not there"));
    Ok(text_of(path)?.ok_or_else(|| completed(missing()))?)
}

/// The doubts of a measure read from this text, with their readings.
fn readings_of(file: &str, text: &str, measure: &Measure, shared: &Shared) -> Result<Vec<Doubted>, Report> {
    let source = Source::new(file, text);
    let document = source.document();
    let doubted = readings::doubted(&source, document.get_ref(), measure, shared);
    if source.has_errors() { Err(source.into_report()) } else { Ok(doubted) }
}

/// The text of a file of measures; nothing where there is no such file.
fn text_of(path: &Path) -> Result<Option<String>, Report> {
    let name = path.display().to_string();
    let unreadable = |problem: Diagnostic| -> Report {
        completed(Diagnostic { code: code::UNREADABLE, ..problem }).into()
    };
    let Some(bytes) = bytes_of(&name, path).map_err(unreadable)? else { return Ok(None) };
    let text = decode(&name, bytes, Some(Encoding::Utf8)).map_err(|problem| {
        unreadable(problem.expected("text in UTF-8").help("save the file as UTF-8 text"))
    })?;
    Ok(Some(text.content))
}

/// Reads one measure, with the shared files of the program; `file` is its name in messages. The report that comes with a measure holds
/// warnings only.
pub fn measure(file: &str, text: &str) -> Result<(Measure, Report), Report> {
    with_shared(file, text, Shared::built_in(&mut Report::new()))
}

fn with_shared(file: &str, text: &str, shared: &Shared) -> Result<(Measure, Report), Report> {
    let source = Source::new(file, text);
    let document = source.document();
    let measure = if source.has_errors() { None } else { read(&source, document.get_ref(), shared) };
    let report = source.into_report();
    match measure {
        Some(measure) => report.finish(measure),
        None => Err(report),
    }
}

/// Reads the parts in the order in which they rest on each other; nothing where a defect leaves a hole.
fn read<'s>(source: &'s Source<'s>, document: &'s DeTable<'s>, shared: &Shared) -> Option<Measure> {
    let mut root = Table::root(source, document);
    let header = header::header(&mut root);
    let window = window::window(&mut root);
    let items = [names::ids(&root, "cost_item"), names::ids(&root, "derived_item")].concat();
    let components = names::ids(&root, "aid");
    let facts = FactBook {
        declared: facts::declarations(&mut root),
        items: items.clone(),
        choices: facts::outline(&root),
        member_classes: conditions::of_members(&root),
        ..FactBook::default()
    };
    let mut names = Names::new(facts, items, components);
    conditions::classes(&mut root, &mut names);
    numbers::tables(&mut root, &mut names);
    sets::sets(&mut root, &mut names);
    let choices = choices::choices(&mut root, &names);
    let requirements = requirements::requirements(&mut root, &names);
    let dates = requirements::dates(&mut root, &names);
    let items = items::items(&mut root, &names);
    let limits = limits::limits(&mut root, &names);
    let counts = counts::counts(&mut root, &names);
    let companions = counts::companions(&mut root, &names);
    let components = aid::components(&mut root, &names);
    let id = header.as_ref().map(|header| &header.id);
    let ledgers = ledgers::ledgers(&mut root, &names, shared);
    let pools = pools::pools(&mut root, id, &names);
    let own_clauses = cumulation::clauses(&mut root, &names);
    let doubts = doubts::of_measure(&mut root);
    let examples = examples::examples(&mut root, &names);
    root.finish();
    let (header, window) = (header?, window?);
    let clashes = header.fund_source.as_deref().map(|fund| shared.clashes(fund)).unwrap_or_default();
    let of_classes = names.facts.member_classes.iter();
    let member_classes =
        of_classes.map(|name| ((*name).to_owned(), names.classes[name].condition.clone())).collect();
    let measure = Measure {
        id: header.id,
        version: header.version,
        names: header.names,
        authority: header.authority,
        fund_source: header.fund_source,
        regime: header.regime,
        source: header.source,
        window,
        claim: header.claim,
        vat: header.vat,
        rounding: header.rounding,
        withholding: header.withholding,
        facts: facts::with_shared(&names.facts.declared, &ledgers, shared),
        choices,
        member_classes,
        requirements,
        dates,
        items,
        limits,
        counts,
        companions,
        components,
        pools,
        ledgers,
        cumulation: [clashes, own_clauses].concat(),
        doubts,
        examples,
    };
    // Indices of items and components hold only if every one of them was read.
    if source.has_errors() {
        return None;
    }
    lint::lint(&measure, &lint::Places { root: &root, names: &names });
    Some(measure)
}
