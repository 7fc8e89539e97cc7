//! The whole portfolio: every file read and tied together.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::codes;
use super::columns::Columns;
use super::encoding::{Encoding, decode};
use super::fields::{FILES, FileFields, folded};
use super::place::{Text, like, shown};
use super::settings::{self, SettingsFile};
use super::source::{Folder, Source};
use super::table::Table;
use super::tied::{Dialect, Schemas, tied};
use super::values::DecimalMark;
use super::workbook::{Workbook, is_workbook};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::MeasureId;
use crate::measure::{FactDeclaration, Measure};
use crate::portfolio::{Objective, Portfolio, Settings};

/// Settings of the command line, which win over `portfolio.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The day of planning.
    pub as_of: Option<NaiveDate>,
    /// What is maximised.
    pub objective: Option<Objective>,
    /// Opens every measure that is not open; does not close what the file opens.
    pub assume_open: bool,
    /// Opens measures on another day.
    pub reissue: BTreeMap<MeasureId, NaiveDate>,
    /// Days on which grants are decided.
    pub grants: BTreeMap<MeasureId, NaiveDate>,
}

/// Reads a portfolio, in canonical order, with the warnings; or every problem of every file.
///
/// `facts` are the declarations of all measures: each is a column that may be there.
///
/// ```
/// use grantfolio::load::{Memory, Overrides, portfolio};
/// let source = Memory::new()
///     .with("portfolio.toml", "as_of = 2026-01-15")
///     .with("companies.csv", "company_id,size\nrossi,small\n")
///     .with("projects.csv", "project_id,company_id\nline,rossi\n")
///     .with("expenses.csv", "expense_id,project_id,category,net_amount\ne1,line,machinery,40000.00\n");
/// let (portfolio, warnings) = portfolio(&source, &[], &Overrides::default())?;
/// assert_eq!(portfolio.expenses[0].net_amount.to_string(), "40000.00");
/// assert!(warnings.is_empty());
/// # Ok::<(), grantfolio::diagnostics::Report>(())
/// ```
pub fn portfolio(
    source: &dyn Source,
    facts: &[FactDeclaration],
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    let names = source.names().map_err(codes::completed)?;
    let mut report = Report::new();
    warn_of_files_not_read(&names, &mut report);
    let opened = opened(&mut Files { source, names }, facts, overrides, &mut report);
    made(opened, None, report)
}

/// Reads the portfolio in a folder or workbook for these measures: their facts are its columns, and what is decided must be of them.
pub fn portfolio_for(
    path: &Path,
    measures: &[Measure],
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    let facts: Vec<FactDeclaration> = measures.iter().flat_map(|m| m.facts.clone()).collect();
    let mut report = Report::new();
    let opened = opened_at(path, &facts, overrides, &mut report).map_err(codes::completed)?;
    made(opened, Some(measures), report)
}

/// Like [`portfolio()`], from the sheets of an `.xlsx` workbook.
pub fn portfolio_of_workbook(
    path: &Path,
    facts: &[FactDeclaration],
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    let mut workbook = Workbook::open(path).map_err(codes::completed)?;
    let mut report = Report::new();
    let opened = opened(&mut workbook, facts, overrides, &mut report);
    made(opened, None, report)
}

/// Where the tables of a portfolio and its settings come from.
pub(super) trait Origin {
    /// The settings; nothing where there are none.
    fn settings(&mut self, report: &mut Report) -> Option<SettingsFile>;
    /// What messages call the place of the settings.
    fn settings_name(&self) -> String;
    /// How to give the day of planning.
    fn day_remedy(&self) -> String;
    /// The name under which a table is there; complains where it is not, or is there twice.
    fn found(&mut self, fields: FileFields, report: &mut Report) -> Option<String>;
    /// The table of this name; complains where it cannot be read.
    fn table(
        &mut self,
        name: &str,
        columns: &Columns,
        encoding: Option<Encoding>,
        report: &mut Report,
    ) -> Option<Table>;
}

/// The portfolio of what was opened, or every problem of it.
fn made(
    opened: Opened,
    measures: Option<&[Measure]>,
    mut report: Report,
) -> Result<(Portfolio, Report), Report> {
    let Opened { tables, schemas, settings, as_of, decimal } = opened;
    let dialect = Dialect { as_of, decimal, measures };
    let portfolio = tied(tables, &schemas, dialect, &mut report);
    in_order(report).finish(Portfolio { settings, ..portfolio })
}

/// The tables of a portfolio and its settings, before rows are made data.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    /// In the order of [`FILES`].
    pub tables: [Table; FILES.len()],
    /// Their columns.
    pub schemas: Schemas,
    /// The settings, those of the command line applied.
    pub settings: Settings,
    /// The day of planning, where anything gives it.
    pub as_of: Option<NaiveDate>,
    /// The decimal mark of all files, where the settings give it.
    pub decimal: Option<DecimalMark>,
}

/// Opens the portfolio in a folder or workbook.
pub(super) fn opened_at(
    path: &Path,
    facts: &[FactDeclaration],
    overrides: &Overrides,
    report: &mut Report,
) -> Result<Opened, Diagnostic> {
    if is_workbook(path) {
        return Ok(opened(&mut Workbook::open(path)?, facts, overrides, report));
    }
    let source = Folder::new(path);
    let names = source.names()?;
    warn_of_files_not_read(&names, report);
    Ok(opened(&mut Files { source: &source, names }, facts, overrides, report))
}

fn opened(
    origin: &mut dyn Origin,
    facts: &[FactDeclaration],
    overrides: &Overrides,
    report: &mut Report,
) -> Opened {
    let file = origin.settings(report);
    let has_settings = file.is_some();
    let file = file.unwrap_or_default();
    let decimal = file.decimal;
    let as_of = overrides.as_of.or(file.as_of);
    if as_of.is_none() && !file.means_as_of {
        report.push(no_day_of_planning(origin, has_settings));
    }
    let encoding = file.encoding;
    let settings = overridden(file, as_of, overrides);
    let found = FILES.map(|fields| origin.found(fields, report));
    let called = |at: usize| found[at].as_deref().unwrap_or(FILES[at].name);
    let schemas = Schemas::new(facts, std::array::from_fn(called), report);
    let tables = std::array::from_fn(|at| {
        let columns = &schemas.0[at];
        match &found[at] {
            Some(name) => {
                let table = origin.table(name, columns, encoding, report);
                table.unwrap_or_else(|| Table::unread(columns))
            }
            // A file that need not be there has no rows where it is not.
            None if !FILES[at].required => Table::from_columns(&[], columns, report),
            None => Table::unread(columns),
        }
    });
    Opened { tables, schemas, settings, as_of, decimal }
}

/// The files of a source.
struct Files<'s> {
    source: &'s dyn Source,
    names: Vec<String>,
}

impl Origin for Files<'_> {
    fn settings(&mut self, report: &mut Report) -> Option<SettingsFile> {
        match text(self.source, settings::FILE, Some(Encoding::Utf8), report) {
            Some(text) => Some(settings::read(&text, report)),
            // A file that is there and cannot be read may well say the day.
            None if self.names.iter().any(|name| name == settings::FILE) => {
                Some(SettingsFile { means_as_of: true, ..SettingsFile::default() })
            }
            None => None,
        }
    }

    fn settings_name(&self) -> String {
        settings::FILE.to_owned()
    }

    fn day_remedy(&self) -> String {
        "write `as_of = 2026-01-15` into portfolio.toml, or give `--as-of 2026-01-15`".to_owned()
    }

    fn found(&mut self, fields: FileFields, report: &mut Report) -> Option<String> {
        found(fields, &self.names, report).map(str::to_owned)
    }

    fn table(
        &mut self,
        name: &str,
        columns: &Columns,
        encoding: Option<Encoding>,
        report: &mut Report,
    ) -> Option<Table> {
        Table::read(text(self.source, name, encoding, report)?, columns, report)
    }
}

fn text(source: &dyn Source, name: &str, encoding: Option<Encoding>, report: &mut Report) -> Option<Text> {
    let text =
        source.read(name).and_then(|bytes| bytes.map(|bytes| decode(name, bytes, encoding)).transpose());
    text.unwrap_or_else(|problem| {
        report.push(problem);
        None
    })
}

fn no_day_of_planning(origin: &dyn Origin, there: bool) -> Diagnostic {
    let what = if there { "has no as_of" } else { "is not there to give an as_of" };
    let name = origin.settings_name();
    let message = format!("{name} {what}, the day of planning");
    Diagnostic::error(codes::NO_DAY_OF_PLANNING, Place::file(name), message).help(origin.day_remedy())
}

fn overridden(file: SettingsFile, as_of: Option<NaiveDate>, overrides: &Overrides) -> Settings {
    let mut settings = file.settings;
    settings.as_of = as_of.unwrap_or_default();
    settings.objective = overrides.objective.unwrap_or(settings.objective);
    settings.assume_open |= overrides.assume_open;
    for (measure, day) in &overrides.reissue {
        settings.measures.entry(measure.clone()).or_default().reissue = Some(*day);
    }
    for (measure, day) in &overrides.grants {
        settings.measures.entry(measure.clone()).or_default().granted_on = Some(*day);
    }
    settings
}

/// The name under which a file is there; complains where it is not, or is there twice.
fn found<'n>(fields: FileFields, names: &'n [String], report: &mut Report) -> Option<&'n str> {
    let is_there = |name: &&String| fields.names().any(|known| known == name.as_str());
    let there: Vec<&String> = names.iter().filter(is_there).collect();
    match there.as_slice() {
        [] => {
            if fields.required {
                report.push(missing_file(fields, names));
            }
            None
        }
        [name] => Some(name),
        [first, second, ..] => {
            report.push(two_of_one(first, second, &fields.names().collect::<Vec<_>>().join(", ")));
            None
        }
    }
}

/// Two files or sheets that mean the same.
pub(super) fn two_of_one(first: &str, second: &str, expected: &str) -> Diagnostic {
    let message = format!("{first} and {second} are both there, and mean the same");
    Diagnostic::error(codes::TWO_FILES, Place::file(second), message)
        .found(format!("{first}, {second}"))
        .expected(format!("one of {expected}"))
        .help("delete or rename one of the two")
}

/// A file or sheet that is not there under any of its names.
pub(super) fn missing(file: &str, message: &str, names: &[&str]) -> Diagnostic {
    Diagnostic::error(codes::MISSING_FILE, Place::file(file), message).expected(names.join(" or "))
}

fn missing_file(fields: FileFields, names: &[String]) -> Diagnostic {
    let known: Vec<&str> = fields.names().collect();
    let problem = missing(fields.name, &format!("{} is not there", fields.name), &known);
    let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_input(name)).collect();
    let alike = fields.names().find_map(|name| Some((like(name, others.iter().copied())?, name)));
    if let Some((like, name)) = alike {
        return problem.help(format!("rename '{}' to '{name}'", shown(like)));
    }
    let italian = fields.italian.join("' or '");
    problem.help(format!("each of its rows is {}; it may also be called '{italian}'", fields.row))
}

fn is_input(name: &str) -> bool {
    name == settings::FILE || FILES.iter().any(|file| file.names().any(|known| known == name))
}

/// A file that is not read must not pass for one that is.
fn warn_of_files_not_read(names: &[String], report: &mut Report) {
    for name in names.iter().filter(|name| !is_input(name)) {
        let inputs = FILES.iter().flat_map(FileFields::names).chain([settings::FILE]);
        if let Some(like) = like(name, inputs).filter(|like| names.iter().any(|n| n == like)) {
            let message = format!("'{}' is not read; {like} is", shown(name));
            let warning = Diagnostic::warning(codes::NOT_READ, Place::file(name), message).found(shown(name));
            report.push(warning.help("delete or rename it if it is an old copy"));
        }
    }
}

/// Problems in the order of files and lines.
pub(super) fn in_order(report: Report) -> Report {
    let rank = |file: &str| {
        let is_table = |name: &str| name == file || name.trim_end_matches(".csv") == folded(file);
        let known = FILES.iter().position(|fields| fields.names().any(is_table));
        if file == settings::FILE || folded(file) == "portfolio" {
            0
        } else {
            known.map_or(usize::MAX, |at| at + 1)
        }
    };
    let key = |d: &Diagnostic| (rank(&d.place.file), d.place.file.clone(), d.place.line, d.place.column);
    report.in_order(key).map(codes::completed)
}
