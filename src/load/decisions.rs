//! `decisions.csv`: rows to decisions in force, held against the measures and against each other.

mod contradictions;

use chrono::NaiveDate;

use super::codes;
use super::fields::{DECISIONS, positions};
use super::place::{meant, shown};
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Diagnostic, Report};
use crate::ids::{ExpenseId, ItemId, MeasureId, ProjectId};
use crate::measure::{ChoicePer, Measure};
use crate::portfolio::{Decision, Expense, Verb};

positions!(DECISIONS: DECISION = "decision", PROJECT_ID = "project_id", MEASURE = "measure", EXPENSE_ID = "expense_id", COST_ITEM = "cost_item", CHOICE = "choice", OPTION = "option", FILED_ON = "filed_on");

/// What decisions refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'k> {
    /// The projects.
    pub projects: &'k Index<ProjectId>,
    /// The ids of expenses.
    pub expense_ids: &'k Index<ExpenseId>,
    /// The expenses: each is of one project.
    pub expenses: &'k [Expense],
    /// The measures, where they are known.
    pub measures: Option<&'k [Measure]>,
}

/// Every decision that says something.
pub(super) fn decisions(
    records: &Records,
    known: Known,
    as_of: Option<NaiveDate>,
    report: &mut Report,
) -> Vec<Decision> {
    let mut decisions: Vec<(Decision, usize)> = Vec::new();
    records.each(report, |record, report| {
        let mut sound = references(record, known, report);
        let mut refuse = |column: usize, message: String, help: &str| {
            let problem = Diagnostic::error(codes::DECISION, record.place(column), message);
            report.push(problem.found(record.written(column)).help(help));
            sound = false;
        };
        let what = record.choice(DECISION, &Verb::NAMES);
        let expense = record.id::<ExpenseId>(EXPENSE_ID);
        let filed_on = record.date(FILED_ON);
        if record.is_blank(EXPENSE_ID) && !record.is_blank(COST_ITEM) {
            let message = "'cost_item' without 'expense_id'".to_owned();
            refuse(COST_ITEM, message, "name the expense that goes under it");
        }
        match (record.is_blank(CHOICE), record.is_blank(OPTION)) {
            (false, true) => {
                refuse(CHOICE, "'choice' without 'option'".to_owned(), "name the option that is decided on");
            }
            (true, false) => {
                refuse(OPTION, "'option' without 'choice'".to_owned(), "name the choice it is an option of");
            }
            _ => {}
        }
        if what == Some(Verb::Filed) {
            if record.is_blank(FILED_ON) {
                let message = "an application that is filed has a day".to_owned();
                refuse(FILED_ON, message, "give the day under 'filed_on'");
            }
            if !record.is_blank(EXPENSE_ID) {
                let message = "'filed' is about an application, not about an expense".to_owned();
                refuse(EXPENSE_ID, message, "write 'force' for the expense, in a row of its own");
            }
            if let (Some(day), Some(today)) = (filed_on, as_of)
                && day > today
            {
                let message = format!("the application is filed on '{day}', after the day of planning");
                refuse(
                    FILED_ON,
                    message,
                    "write 'force', and the day under `[measures.X] filed_on` in portfolio.toml",
                );
            }
        } else if what.is_some() && !record.is_blank(FILED_ON) {
            let message = "'filed_on' goes with 'filed'".to_owned();
            refuse(FILED_ON, message, "write 'filed', or leave the day empty");
        }
        let choice = record.text(CHOICE).zip(record.text(OPTION));
        let decision = || {
            Some(Decision {
                what: what?,
                project: record.id(PROJECT_ID)?,
                measure: record.id(MEASURE)?,
                expense,
                cost_item: record.id(COST_ITEM),
                choice,
                filed_on,
            })
        };
        if let Some(decision) = decision().filter(|_| sound) {
            decisions.push((decision, record.row));
        }
    });
    contradictions::check(&decisions, records, report);
    decisions.into_iter().map(|(decision, _)| decision).collect()
}

/// Whether everything a row refers to is there; complains where it is not.
fn references(record: &Record, known: Known, report: &mut Report) -> bool {
    let before = report.diagnostics().len();
    let project = record.id::<ProjectId>(PROJECT_ID);
    if let Some(project) = &project {
        known.projects.check(project, || record.place(PROJECT_ID), report);
    }
    if let Some(id) = record.id::<ExpenseId>(EXPENSE_ID) {
        known.expense_ids.check(&id, || record.place(EXPENSE_ID), report);
        let expense = known.expenses.iter().find(|expense| expense.id == id);
        if let (Some(expense), Some(project)) = (expense, project)
            && expense.project != project
            && report.diagnostics().len() == before
        {
            let of = shown(expense.project.as_str());
            let message = format!("expense '{}' is of the project '{of}'", shown(id.as_str()));
            report.push(
                Diagnostic::error(codes::DECISION, record.place(EXPENSE_ID), message)
                    .found(shown(id.as_str()))
                    .help("name its project, or another expense"),
            );
        }
    }
    if let (Some(id), Some(measures)) = (record.id::<MeasureId>(MEASURE), known.measures) {
        if let Some(measure) = measures.iter().find(|measure| measure.id == id) {
            of_measure(record, measure, report);
        } else {
            let names: Vec<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
            report.push(unknown("measure", id.as_str(), &names, record, MEASURE));
        }
    }
    report.diagnostics().len() == before
}

/// Holds item, choice and option against the measure.
fn of_measure(record: &Record, measure: &Measure, report: &mut Report) {
    if let Some(item) = record.id::<ItemId>(COST_ITEM)
        && measure.costs().all(|(known, _)| known.id != item)
    {
        let items: Vec<&str> = measure.costs().map(|(item, _)| item.id.as_str()).collect();
        let what = format!("cost item of {}", measure.id);
        report.push(unknown(&what, item.as_str(), &items, record, COST_ITEM));
    }
    let Some(key) = record.text(CHOICE) else { return };
    let (id, of) = key.split_once(':').map_or((key.as_str(), None), |(id, of)| (id, Some(of)));
    let Some(choice) = measure.choices.iter().find(|choice| choice.rule.id.as_str() == id) else {
        let choices: Vec<&str> = measure.choices.iter().map(|choice| choice.rule.id.as_str()).collect();
        report.push(unknown(&format!("choice of {}", measure.id), id, &choices, record, CHOICE));
        return;
    };
    let about = match (&choice.per, of) {
        (ChoicePer::Application, Some(_)) => Some("taken once for the application: write its name alone"),
        (ChoicePer::Group(groups), of) if groups.iter().all(|(name, _)| Some(name.as_str()) != of) => {
            Some("taken for each group: write the choice, a colon and the group")
        }
        (ChoicePer::Lot, None) => Some("taken for each lot: write the choice, a colon and the lot"),
        _ => None,
    };
    if let Some(about) = about {
        let message = format!("'{}' names no decision of {}", shown(&key), measure.id);
        let problem = Diagnostic::error(codes::DECISION, record.place(CHOICE), message).found(shown(&key));
        report.push(problem.help(format!("the choice '{id}' is {about}")));
    }
    if let Some(option) = record.text(OPTION)
        && choice.options.iter().all(|known| known.id != option)
    {
        let options: Vec<&str> = choice.options.iter().map(|option| option.id.as_str()).collect();
        report.push(unknown(&format!("option of '{id}'"), &option, &options, record, OPTION));
    }
}

fn unknown(what: &str, name: &str, known: &[&str], record: &Record, column: usize) -> Diagnostic {
    let message = format!("'{}' is no {what}", shown(name));
    let problem = Diagnostic::error(codes::UNKNOWN_REFERENCE, record.place(column), message)
        .found(shown(name))
        .expected(format!("a {what}"));
    let otherwise = || {
        if known.is_empty() {
            "there are none".to_owned()
        } else {
            format!("write one of {}", known.join(", "))
        }
    };
    problem.help(meant(name, known.iter().copied()).unwrap_or_else(otherwise))
}
