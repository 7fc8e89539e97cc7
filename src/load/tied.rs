//! Tables to domain data: the rows of all files, each made by the module of its file, tied together.

use chrono::NaiveDate;

use super::areas;
use super::columns::Columns;
use super::companies::companies;
use super::decisions::{self, decisions};
use super::expenses::{self, expenses};
use super::fields::{COMPANIES, EXPENSES, FILES, PROJECTS};
use super::members::members;
use super::prior_aids::{self, prior_aids};
use super::projects::projects;
use super::records::{Records, lot_facts};
use super::table::Table;
use super::values::DecimalMark;
use crate::diagnostics::Report;
use crate::measure::{FactDeclaration, Measure, Subject};
use crate::portfolio::{Portfolio, Settings};

/// The columns of every file, in the order of [`FILES`].
#[derive(Clone, Debug)]
pub(super) struct Schemas(pub [Columns; FILES.len()]);

impl Schemas {
    /// With the names the files have in this portfolio.
    pub fn new(facts: &[FactDeclaration], names: [&str; FILES.len()], report: &mut Report) -> Self {
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
pub(super) struct Dialect<'m> {
    pub as_of: Option<NaiveDate>,
    pub decimal: Option<DecimalMark>,
    /// The measures themselves, where they are known: what is decided must be of them.
    pub measures: Option<&'m [Measure]>,
}

/// Makes domain data of the rows, which are in the order of [`FILES`]; the settings are put in by the caller.
pub(super) fn tied(
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
