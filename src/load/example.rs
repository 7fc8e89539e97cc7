//! The portfolio that a worked example of a measure describes.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fields::FILES;
use super::place::shown;
use super::table::Table;
use super::tied::{Dialect, Schemas, tied};
use super::values::DecimalMark;
use crate::diagnostics::Report;
use crate::measure::{Example, FactDeclaration};
use crate::portfolio::{Portfolio, Settings};

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
