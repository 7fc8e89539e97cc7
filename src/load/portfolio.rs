//! The whole portfolio: every file read and tied together.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::areas;
use super::codes;
use super::columns::Columns;
use super::companies::companies;
use super::decisions::{self, decisions};
use super::encoding::{Encoding, decode};
use super::expenses::{self, expenses};
use super::fields::{COMPANIES, EXPENSES, FILES, FileFields, PROJECTS, folded};
use super::members::members;
use super::place::{Text, like, shown};
use super::prior_aids::{self, prior_aids};
use super::projects::projects;
use super::records::{Records, lot_facts};
use super::settings::{self, SettingsFile};
use super::source::{Folder, Source};
use super::table::Table;
use super::values::DecimalMark;
use super::workbook::{Workbook, is_workbook};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::MeasureId;
use crate::measure::{Example, FactDeclaration, Measure, Subject};
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
    let plain = Planned { facts, measures: None };
    of_source(source, plain, overrides)
}

/// Reads the portfolio in a folder or workbook for these measures: their facts are its columns, and what is decided must be of them.
pub fn portfolio_for(
    path: &Path,
    measures: &[Measure],
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    let facts: Vec<FactDeclaration> = measures.iter().flat_map(|m| m.facts.clone()).collect();
    let planned = Planned { facts: &facts, measures: Some(measures) };
    if is_workbook(path) {
        of_workbook(path, planned, overrides)
    } else {
        of_source(&Folder::new(path), planned, overrides)
    }
}

/// What a portfolio is planned for.
#[derive(Clone, Copy)]
struct Planned<'m> {
    facts: &'m [FactDeclaration],
    /// The measures themselves, where they are known.
    measures: Option<&'m [Measure]>,
}

fn of_source(
    source: &dyn Source,
    planned: Planned<'_>,
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    let names = source.names().map_err(codes::completed)?;
    let mut report = Report::new();
    warn_of_files_not_read(&names, &mut report);
    loaded(&mut Files { source, names }, planned, overrides, report)
}

/// Like [`portfolio()`], from the sheets of an `.xlsx` workbook.
pub fn portfolio_of_workbook(
    path: &Path,
    facts: &[FactDeclaration],
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    of_workbook(path, Planned { facts, measures: None }, overrides)
}

fn of_workbook(
    path: &Path,
    planned: Planned<'_>,
    overrides: &Overrides,
) -> Result<(Portfolio, Report), Report> {
    let mut workbook = Workbook::open(path).map_err(codes::completed)?;
    loaded(&mut workbook, planned, overrides, Report::new())
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

fn loaded(
    origin: &mut dyn Origin,
    planned: Planned<'_>,
    overrides: &Overrides,
    mut report: Report,
) -> Result<(Portfolio, Report), Report> {
    let file = origin.settings(&mut report);
    let has_settings = file.is_some();
    let file = file.unwrap_or_default();
    let decimal = file.decimal;
    let as_of = overrides.as_of.or(file.as_of);
    if as_of.is_none() && !file.means_as_of {
        report.push(no_day_of_planning(origin, has_settings));
    }
    let encoding = file.encoding;
    let settings = overridden(file, as_of, overrides);
    let found = FILES.map(|fields| origin.found(fields, &mut report));
    let called = |at: usize| found[at].as_deref().unwrap_or(FILES[at].name);
    let schemas = Schemas::new(planned.facts, std::array::from_fn(called), &mut report);
    let tables = std::array::from_fn(|at| {
        let columns = &schemas.0[at];
        match &found[at] {
            Some(name) => {
                let table = origin.table(name, columns, encoding, &mut report);
                table.unwrap_or_else(|| Table::unread(columns))
            }
            // A file that need not be there has no rows where it is not.
            None if !FILES[at].required => Table::from_columns(&[], columns, &mut report),
            None => Table::unread(columns),
        }
    });
    let dialect = Dialect { as_of, decimal, measures: planned.measures };
    let portfolio = tied(tables, &schemas, dialect, &mut report);
    in_order(report).finish(Portfolio { settings, ..portfolio })
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

/// The portfolio of one project that a worked example describes: its columns are read as those of the files are.
///
/// Ids that the example does not give are `company`, `project`, and `e1`, `e2`, ... by position. The day the example is filed is
/// left to whoever runs it: it belongs to the settings of the measure.
pub fn example_portfolio(
    example: &Example,
    facts: &[FactDeclaration],
    as_of: NaiveDate,
) -> Result<Portfolio, Report> {
    let mut report = Report::new();
    let schemas = Schemas::new(facts, FILES.map(|file| file.name), &mut report);
    let named = |what: String, columns: &BTreeMap<String, String>, defaults: &[(&str, &str)]| {
        let mut columns = columns.clone();
        for (name, value) in defaults {
            columns.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
        }
        (format!("example '{}', {what}", shown(&example.id)), columns)
    };
    let company = named("company".to_owned(), &example.company, &[("company_id", "company")]);
    let lead = company.1["company_id"].clone();
    let project =
        named("project".to_owned(), &example.project, &[("project_id", "project"), ("company_id", &lead)]);
    let of = project.1["project_id"].clone();
    let expenses: Vec<_> = example
        .expenses
        .iter()
        .zip(1..)
        .map(|(expense, position)| {
            let id = format!("e{position}");
            named(
                format!("expense {position}"),
                &expense.columns,
                &[("expense_id", &id), ("project_id", &of)],
            )
        })
        .collect();
    let undertaking = company.1.get("undertaking").cloned().unwrap_or_else(|| lead.clone());
    let (mut companies, mut members) = (vec![company], Vec::new());
    for (columns, position) in example.members.iter().zip(1..) {
        let id = columns.get("company_id").cloned().unwrap_or_else(|| format!("m{position}"));
        let of_company = columns.iter().filter(|(name, _)| *name != "role");
        let of_company: BTreeMap<String, String> =
            of_company.map(|(name, cell)| (name.clone(), cell.clone())).collect();
        let role = columns.get("role").map(|role| ("role".to_owned(), role.clone())).into_iter().collect();
        let what = format!("member {position}");
        companies.push(named(what.clone(), &of_company, &[("company_id", &id)]));
        members.push(named(what, &role, &[("company_id", &id), ("project_id", &of)]));
    }
    let prior_aids =
        example.prior_aids.iter().zip(1..).map(|(aid, position)| {
            named(format!("prior aid {position}"), aid, &[("undertaking", &undertaking)])
        });
    let rows = [companies, vec![project], expenses, members, prior_aids.collect(), Vec::new()];
    let tables = std::array::from_fn(|at| Table::from_columns(&rows[at], &schemas.0[at], &mut report));
    let dialect = Dialect { as_of: Some(as_of), decimal: Some(DecimalMark::Point), measures: None };
    let portfolio = tied(tables, &schemas, dialect, &mut report);
    let settings = Settings { as_of, ..Settings::default() };
    report.finish(Portfolio { settings, ..portfolio }).map(|(portfolio, _)| portfolio)
}

/// The columns of every file, in the order of [`FILES`].
struct Schemas([Columns; FILES.len()]);

impl Schemas {
    /// With the names the files have in this portfolio.
    fn new(facts: &[FactDeclaration], names: [&str; FILES.len()], report: &mut Report) -> Self {
        Schemas(std::array::from_fn(|at| {
            let subjects: &[Subject] = match FILES[at] {
                COMPANIES => &[Subject::Company],
                PROJECTS => &[Subject::Project],
                EXPENSES => &[Subject::Lot, Subject::Expense],
                _ => &[],
            };
            Columns::new(FILES[at], names[at], subjects, facts, report)
        }))
    }
}

/// How the rows of all files are read.
#[derive(Clone, Copy)]
struct Dialect<'m> {
    as_of: Option<NaiveDate>,
    decimal: Option<DecimalMark>,
    measures: Option<&'m [Measure]>,
}

/// Makes domain data of the rows, which are in the order of [`FILES`]; the settings are put in by the caller.
fn tied(
    tables: [Table; FILES.len()],
    Schemas(schemas): &Schemas,
    Dialect { as_of, decimal, measures }: Dialect<'_>,
    report: &mut Report,
) -> Portfolio {
    let [of_companies, of_projects, of_expenses, of_members, of_aids, of_decisions] = tables;
    let records = Records::new(of_companies, &schemas[0], decimal, report);
    let (companies, company_ids) = companies(&records, report);
    let records = Records::new(of_projects, &schemas[1], decimal, report);
    let (mut projects, project_ids) = projects(&records, &company_ids, report);
    areas::derive(&mut projects, &companies);
    let records_of_expenses = Records::new(of_expenses, &schemas[2], decimal, report);
    let lot_facts: Vec<&str> = lot_facts(&schemas[2]).collect();
    let known = expenses::Known { companies: &company_ids, project_ids: &project_ids, projects: &projects };
    let expenses = expenses(&records_of_expenses, &lot_facts, known, as_of, report);
    let records = Records::new(of_members, &schemas[3], decimal, report);
    let members = members(&records, &company_ids, &project_ids, report);
    // A member that could not be read is none that is not there.
    if records.complete() && members.len() == records.len() {
        expenses::payers::check(&records_of_expenses, &expenses, &companies, (&projects, &members), report);
    }
    // Expenses are many, and few portfolios refer to them.
    let asked = !of_aids.rows.is_empty() || !of_decisions.rows.is_empty();
    let expense_ids = expenses::index(&records_of_expenses, if asked { &expenses } else { &[] });
    let records = Records::new(of_aids, &schemas[4], decimal, report);
    let complete = company_ids.is_complete();
    let known = prior_aids::Known { companies: &companies, complete, expenses: &expense_ids };
    let prior_aids = prior_aids(&records, known, as_of, report);
    let records = Records::new(of_decisions, &schemas[5], decimal, report);
    let known =
        decisions::Known { projects: &project_ids, expense_ids: &expense_ids, expenses: &expenses, measures };
    let decisions = decisions(&records, known, as_of, report);
    let settings = Settings::default();
    Portfolio { companies, projects, expenses, members, prior_aids, decisions, settings }.sorted()
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
fn in_order(report: Report) -> Report {
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
