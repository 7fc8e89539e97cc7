//! The catalogue: the measures that come with the program, extended or overridden by those of a folder; likewise what measures share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::codes::completed;
use super::readings::Doubted;
use super::shared::{FOLDER, FUNDS, LEDGERS, Shared};
use super::source::code;
use super::{embedded, readings, readings_of, text_in, with_shared};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::MeasureId;
use crate::measure::{FactDeclaration, Measure, Subject};

/// Every measure, by id. A file of the folder `extra` replaces the embedded measure with the same id.
pub fn catalogue(extra: Option<&Path>) -> Result<(Vec<Measure>, Report), Report> {
    let (catalogue, report) = Catalogue::read(extra)?;
    Ok((catalogue.measures.into_values().map(|written| written.measure).collect(), report))
}

/// The doubts of every measure of the [`catalogue()`] that is wanted, by measure, with their readings.
///
/// # Errors
/// A file that does not read, or an alternative that does not.
pub fn doubted(extra: Option<&Path>, wanted: &dyn Fn(&MeasureId) -> bool) -> Result<Vec<Doubted>, Report> {
    let (catalogue, mut report) = Catalogue::read(extra)?;
    let mut all = Vec::new();
    for (_, Written { file, text, measure }) in catalogue.measures.iter().filter(|(id, _)| wanted(id)) {
        match readings_of(file, text, measure, &catalogue.shared) {
            Ok(doubted) => all.extend(doubted),
            Err(problems) => report.extend(problems),
        }
    }
    of_shared_ledgers(&mut all, &catalogue, wanted, &mut report);
    report.finish(all).map(|(all, _)| all)
}

/// Gives the doubts of shared ledgers their readings. Each stands once, with the first measure that draws on the ledger: a reading is one for all
/// of them.
fn of_shared_ledgers(
    all: &mut Vec<Doubted>,
    catalogue: &Catalogue,
    wanted: &dyn Fn(&MeasureId) -> bool,
    report: &mut Report,
) {
    let mut told: BTreeSet<String> = BTreeSet::new();
    all.retain(|doubted| doubted.ledger.as_ref().is_none_or(|ledger| told.insert(ledger.clone())));
    for doubted in all {
        let Some(ledger) = &doubted.ledger else { continue };
        let draws = |measure: &Measure| measure.ledgers.iter().any(|own| own.ledger == *ledger);
        let read = |shared: Shared| -> Result<Vec<Measure>, Report> {
            let drawing =
                catalogue.measures.values().filter(|it| wanted(&it.measure.id) && draws(&it.measure));
            drawing.map(|it| with_shared(&it.file, &it.text, &shared).map(|(measure, _)| measure)).collect()
        };
        match readings::of_ledger(&catalogue.shared, ledger)
            .and_then(|read_so| read_so.into_iter().map(read).collect())
        {
            Ok(readings) => doubted.readings = readings,
            Err(problems) => report.extend(problems),
        }
    }
}

/// A measure with the text it was read from.
#[derive(Clone, Debug)]
pub(in crate::load) struct Written {
    /// The file, as messages name it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub measure: Measure,
}

/// All measures with their texts.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// By id.
    pub(in crate::load) measures: BTreeMap<MeasureId, Written>,
    /// What they may refer to.
    shared: Shared,
    /// The texts of shared files that are not the program's, by name.
    pub(in crate::load) shared_texts: Vec<(&'static str, String)>,
}

impl Catalogue {
    /// The measures of the program, extended by those of a folder.
    pub fn read(extra: Option<&Path>) -> Result<(Catalogue, Report), Report> {
        let mut report = Report::new();
        let mut measures: BTreeMap<MeasureId, Written> = BTreeMap::new();
        let shared = match extra {
            Some(folder) => Shared::beside(folder, &mut report),
            None => Shared::built_in(&mut report).clone(),
        };
        for (name, text) in embedded::FILES {
            add(format!("measures/{name}"), (*text).to_owned(), &shared, &mut measures, &mut report);
        }
        let mut shared_texts = Vec::new();
        if let Some(folder) = extra {
            let mut own: BTreeMap<MeasureId, Written> = BTreeMap::new();
            for path in files(folder, &mut report) {
                match text_in(&path) {
                    Ok(text) => add(path.display().to_string(), text, &shared, &mut own, &mut report),
                    Err(problems) => report.extend(problems),
                }
            }
            measures.append(&mut own);
            // Read once already: what is wrong with them is told.
            let text = |name| super::text_of(&folder.join(FOLDER).join(name)).ok().flatten();
            shared_texts =
                [LEDGERS, FUNDS].into_iter().filter_map(|name| Some((name, text(name)?))).collect();
        }
        contradictions(&measures, &mut report);
        report.finish(Catalogue { measures, shared, shared_texts })
    }

    /// The measures, by id.
    pub fn measures(&self) -> Vec<Measure> {
        self.measures.values().map(|written| written.measure.clone()).collect()
    }

    /// Reads a measure again from a text that was changed.
    pub(in crate::load) fn read_again(&self, file: &str, text: &str) -> Result<Measure, Report> {
        with_shared(file, text, &self.shared).map(|(measure, _)| measure)
    }
}

/// The measure files of a folder, by name.
fn files(folder: &Path, report: &mut Report) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match entries {
        Ok(entries) => {
            let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
            paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
            paths.sort();
            paths
        }
        Err(problem) => {
            unreadable(folder, &problem, report);
            Vec::new()
        }
    }
}

fn unreadable(path: &Path, problem: &std::io::Error, report: &mut Report) {
    let place = Place::file(path.display().to_string());
    let problem = Diagnostic::error(code::UNREADABLE, place, format!("cannot be read: {problem}"));
    report.push(completed(problem));
}

fn add(
    file: String,
    text: String,
    shared: &Shared,
    measures: &mut BTreeMap<MeasureId, Written>,
    report: &mut Report,
) {
    match with_shared(&file, &text, shared) {
        Ok((measure, warnings)) => {
            report.extend(warnings);
            if let Some(other) = measures.get(&measure.id) {
                let message = format!("the measure id '{}' is also that of {}", measure.id, other.file);
                report.push(completed(Diagnostic::error(code::TAKEN, Place::file(file), message)));
            } else {
                measures.insert(measure.id.clone(), Written { file, text, measure });
            }
        }
        Err(problems) => report.extend(problems),
    }
}

/// One column serves every measure, so all that declare it must agree on whose it is and on its type. Each may name values of its own: the
/// column takes them all.
fn contradictions(measures: &BTreeMap<MeasureId, Written>, report: &mut Report) {
    // Facts of lots and of expenses are columns of one file.
    let column = |declared: &FactDeclaration| {
        let subject = declared.fact.subject;
        let file = if subject == Subject::Lot { Subject::Expense } else { subject };
        (file, declared.fact.name.clone())
    };
    let mut first: BTreeMap<(Subject, String), (&str, &FactDeclaration)> = BTreeMap::new();
    for Written { file, measure, .. } in measures.values() {
        for declared in &measure.facts {
            let Some((other_file, other)) = first.get(&column(declared)) else {
                first.insert(column(declared), (file, declared));
                continue;
            };
            let name = &declared.fact.name;
            let (found, expected, message) = if declared.fact.subject != other.fact.subject {
                let (found, other) = (declared.fact.subject.name(), other.fact.subject.name());
                let message =
                    format!("the fact '{name}' is of the {found} here and of the {other} in {other_file}");
                (found, other, message)
            } else if declared.kind != other.kind {
                let (found, other) = (declared.kind.name(), other.kind.name());
                let message =
                    format!("the fact '{name}' has the type '{found}' here and '{other}' in {other_file}");
                (found, other, message)
            } else {
                continue;
            };
            let place = Place { field: Some(name.clone()), ..Place::file(file) };
            let help = "a portfolio has one column for it: give one of the facts another name, or declare them alike";
            let problem = Diagnostic::error(code::CONTRADICTION, place, message);
            report.push(problem.found(found).expected(expected).help(help));
        }
    }
}
