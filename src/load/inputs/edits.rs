//! What a scenario changes, resolved: rows in the place of others, settings, texts of measures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::settings::EditedSettings;
use super::{FILES, Inputs, RowId};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::MeasureId;
use crate::load::codes::completed;
use crate::load::fields::{COMPANIES, DECISIONS, EXPENSES, MEMBERS, PRIOR_AIDS, PROJECTS};
use crate::load::table::GivenRow;
use crate::portfolio::Settings;
use crate::scenario::{Override, Part, Places, Target};

/// The columns by which rows hang together: where one of them changes, other rows belong together than before.
const TIES: [&[usize]; FILES.len()] = [
    &[COMPANIES.position("company_id"), COMPANIES.position("undertaking")],
    &[PROJECTS.position("project_id"), PROJECTS.position("company_id")],
    &[
        EXPENSES.position("expense_id"),
        EXPENSES.position("project_id"),
        EXPENSES.position("company_id"),
        INVOICE,
    ],
    &[MEMBERS.position("project_id"), MEMBERS.position("company_id")],
    &[PRIOR_AIDS.position("undertaking"), PRIOR_AIDS.position("expense_id")],
    &[DECISIONS.position("project_id"), DECISIONS.position("measure"), DECISIONS.position("expense_id")],
];

const INVOICE: usize = EXPENSES.position("invoice");
const SUPPLIER: usize = EXPENSES.position("supplier");
const INVOICE_DATE: usize = EXPENSES.position("invoice_date");

/// What a scenario changes.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// Rows in the place of others; those with numbers beyond the rows of the file are added.
    rows: BTreeMap<RowId, Edited>,
    removed: BTreeSet<RowId>,
    settings: Option<Settings>,
    /// Texts in the place of others.
    pub(super) texts: BTreeMap<MeasureId, EditedText>,
    is_structural: bool,
    /// For each file, how many rows it has without those that are added.
    lengths: [usize; FILES.len()],
}

#[derive(Clone, Debug)]
struct Edited {
    row: Arc<GivenRow>,
    /// The last override that changed it.
    by: Arc<Places>,
}

/// The text of a measure that was changed.
#[derive(Clone, Debug)]
pub(super) struct EditedText {
    pub text: Arc<str>,
    /// The last override that changed it.
    pub by: Arc<Places>,
}

impl Edits {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.removed.is_empty() && self.settings.is_none() && self.texts.is_empty()
    }

    /// Whether rows may belong together that did not before: some are added or removed, or an id, a reference, an undertaking or what tells an
    /// invoice from others has changed.
    pub fn is_structural(&self) -> bool {
        self.is_structural
    }

    /// The rows that are changed; those that are added have numbers beyond those of the inputs.
    pub fn rows(&self) -> impl Iterator<Item = RowId> {
        self.rows.keys().copied()
    }

    /// The rows that are changed or added, with their cells.
    pub(super) fn changed_cells(&self) -> impl Iterator<Item = (RowId, &[String])> {
        self.rows.iter().map(|(id, edited)| (*id, edited.row.cells.as_slice()))
    }

    /// Everything that is changed beside rows: settings, and texts of measures.
    pub fn beyond_rows(&self) -> (Option<String>, Vec<(&MeasureId, &str)>) {
        let texts = self.texts.iter().map(|(id, edited)| (id, &*edited.text));
        (self.settings.as_ref().map(super::settings::as_toml), texts.collect())
    }

    /// The rows that are removed.
    pub fn removed(&self) -> impl Iterator<Item = RowId> {
        self.removed.iter().copied()
    }

    /// The settings, where they are changed.
    pub fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// The measures whose texts are changed.
    pub fn measure_ids(&self) -> impl Iterator<Item = &MeasureId> {
        self.texts.keys()
    }

    /// The row as it is edited; nothing where it is removed, or not there.
    pub(super) fn row(&self, id: RowId, base: Option<&Arc<GivenRow>>) -> Option<Arc<GivenRow>> {
        match self.rows.get(&id) {
            Some(edited) => Some(Arc::clone(&edited.row)),
            None if self.removed.contains(&id) => None,
            None => base.cloned(),
        }
    }

    /// The rows that are added to a file.
    pub(super) fn added(&self, file: usize) -> impl Iterator<Item = RowId> {
        self.rows.range((file, self.lengths[file])..(file + 1, 0)).map(|(id, _)| *id)
    }

    /// Whether rows of a file are changed, added or removed.
    pub(super) fn touches(&self, file: usize) -> bool {
        let rows = (file, 0)..(file + 1, 0);
        self.rows.range(rows.clone()).next().is_some() || self.removed.range(rows).next().is_some()
    }

    /// A problem of a row that was changed, at the override that did so.
    pub(super) fn blamed(&self, found: Diagnostic) -> Diagnostic {
        let is_there =
            |row: &GivenRow| row.place.file == found.place.file && row.place.line == found.place.line;
        let Some(edited) = self.rows.values().find(|edited| is_there(&edited.row)) else { return found };
        let place = edited.by.of(Part::Value);
        if place.file == found.place.file {
            return Diagnostic { place, ..found };
        }
        let message = format!("{}, at {}", found.message, Place { column: None, ..found.place });
        Diagnostic { message, place, ..found }
    }
}

/// Edits in the making.
pub(super) struct Editing<'i> {
    pub inputs: &'i Inputs,
    pub edits: Edits,
    pub settings: EditedSettings<'i>,
    report: Report,
}

impl<'i> Editing<'i> {
    pub fn new(inputs: &'i Inputs) -> Self {
        let lengths = std::array::from_fn(|file| inputs.rows(file));
        let edits = Edits { lengths, ..Edits::default() };
        Editing { inputs, edits, settings: EditedSettings::new(inputs), report: Report::new() }
    }

    /// Resolves one override; what it cannot do is reported.
    pub fn apply(&mut self, it: &Override) {
        let done = match it.target {
            Target::Company => self.rows(0, it),
            Target::Project => self.rows(1, it),
            Target::Expense => self.rows(2, it),
            Target::Member => self.rows(3, it),
            Target::PriorAid => self.rows(4, it),
            Target::Decision => self.rows(5, it),
            Target::Setting => self.settings.setting(it),
            Target::Pool => self.settings.pool(it),
            Target::Measure => self.measure(it),
        };
        if let Err(problem) = done {
            self.report.push(completed(problem));
        }
    }

    /// The row as it is now.
    pub fn row(&self, id: RowId) -> Option<&Arc<GivenRow>> {
        match self.edits.rows.get(&id) {
            Some(edited) => Some(&edited.row),
            None if self.edits.removed.contains(&id) => None,
            None => self.inputs.tables[id.0].rows.get(id.1),
        }
    }

    /// The numbers of the rows that a file has now.
    pub fn numbers(&self, file: usize) -> Vec<usize> {
        let numbers = (0..self.inputs.rows(file)).chain(self.edits.added(file).map(|(_, number)| number));
        numbers.filter(|number| !self.edits.removed.contains(&(file, *number))).collect()
    }

    /// The numbers of the rows of a file that were changed or added.
    pub fn changed(&self, file: usize) -> impl Iterator<Item = usize> {
        self.edits.rows.range((file, 0)..(file + 1, 0)).map(|((_, number), _)| *number)
    }

    /// Puts a row in the place of one, or behind all.
    pub fn put(&mut self, id: RowId, row: GivenRow, by: &Override) {
        let edited = Edited { row: Arc::new(row), by: Arc::clone(&by.places) };
        self.edits.rows.insert(id, edited);
    }

    /// Takes a row out.
    pub fn take_out(&mut self, id: RowId) {
        self.edits.rows.remove(&id);
        if id.1 < self.inputs.rows(id.0) {
            self.edits.removed.insert(id);
        }
    }

    /// The number of a row that is added to a file: behind all that ever were.
    pub fn next(&self, file: usize) -> usize {
        self.edits.added(file).last().map_or(self.inputs.rows(file), |(_, number)| number + 1)
    }

    pub fn finish(mut self) -> Result<Edits, Report> {
        match self.settings.finish() {
            Ok(settings) => self.edits.settings = settings,
            Err(problems) => self.report.extend(problems),
        }
        // What is as before is no change.
        let base = |(file, number): &RowId| self.inputs.tables[*file].rows.get(*number);
        self.edits.rows.retain(|id, edited| base(id).is_none_or(|base| base.cells != edited.row.cells));
        self.edits.is_structural = !self.edits.removed.is_empty()
            || self.edits.rows.iter().any(|(id, edited)| {
                base(id).is_none_or(|base| is_tied_otherwise(id.0, &base.cells, &edited.row.cells))
            });
        self.report.finish(self.edits).map(|(edits, _)| edits)
    }
}

fn is_tied_otherwise(file: usize, before: &[String], after: &[String]) -> bool {
    let has_invoice = FILES[file].name == EXPENSES.name && !after[INVOICE].is_empty();
    // Lines stand on one invoice where supplier, number and year agree.
    let year = |cells: &'_ [String]| cells[INVOICE_DATE].get(..4).map(str::to_owned);
    TIES[file].iter().any(|column| before[*column] != after[*column])
        || (has_invoice && (before[SUPPLIER] != after[SUPPLIER] || year(before) != year(after)))
}
