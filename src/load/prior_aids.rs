//! `prior_aids.csv`: rows to aid received before (S11, S13).

use chrono::NaiveDate;

use super::codes;
use super::fields::{PRIOR_AIDS, positions};
use super::place::{meant, shown};
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Diagnostic, Report};
use crate::ids::{ExpenseId, UndertakingId};
use crate::portfolio::{Company, PriorAid};

positions!(PRIOR_AIDS: UNDERTAKING = "undertaking", GRANTED_ON = "granted_on", REGULATION = "regulation", AID = "aid", MEASURE = "measure", EXPENSE_ID = "expense_id");

/// What prior aids refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'k> {
    /// The companies, with their undertakings.
    pub companies: &'k [Company],
    /// Whether every company could be read: if not, an undertaking that seems to be missing may be that of another.
    pub complete: bool,
    /// The expenses.
    pub expenses: &'k Index<ExpenseId>,
}

/// Every aid that could be read.
pub(super) fn prior_aids(
    records: &Records,
    known: Known,
    as_of: Option<NaiveDate>,
    report: &mut Report,
) -> Vec<PriorAid> {
    let mut aids = Vec::new();
    records.each(report, |record, report| {
        let undertaking = record.id::<UndertakingId>(UNDERTAKING);
        if let Some(undertaking) = &undertaking {
            check_undertaking(undertaking, known, record, report);
        }
        let expense = record.id::<ExpenseId>(EXPENSE_ID);
        if let Some(expense) = &expense {
            known.expenses.check(expense, || record.place(EXPENSE_ID), report);
        }
        let granted_on = record.date(GRANTED_ON);
        if let (Some(day), Some(today)) = (granted_on, as_of)
            && day > today
        {
            let message = format!("the aid is granted on '{day}', after the day of planning");
            let warning = Diagnostic::warning(codes::LATER_AID, record.place(GRANTED_ON), message)
                .found(day.to_string());
            report.push(warning.help("it counts from that day on; correct the day if it is past"));
        }
        let aid = || {
            Some(PriorAid {
                undertaking: undertaking?,
                granted_on: granted_on?,
                regulation: record.text(REGULATION)?,
                aid: record.money(AID)?,
                measure: record.text(MEASURE),
                expense,
            })
        };
        aids.extend(aid());
    });
    aids
}

fn check_undertaking(undertaking: &UndertakingId, known: Known, record: &Record, report: &mut Report) {
    if !known.complete || known.companies.iter().any(|company| company.undertaking == *undertaking) {
        return;
    }
    let name = undertaking.as_str();
    let message = format!("no company is of the undertaking '{}'", shown(name));
    let problem = Diagnostic::error(codes::UNKNOWN_REFERENCE, record.place(UNDERTAKING), message)
        .found(shown(name))
        .expected("an undertaking of the companies");
    let of_group = known.companies.iter().find(|company| company.id.as_str() == name);
    let names = known.companies.iter().map(|company| company.undertaking.as_str());
    let help = match of_group {
        Some(company) => {
            format!("'{name}' belongs to the undertaking '{}': write that", company.undertaking)
        }
        None => meant(name, names)
            .unwrap_or_else(|| "write an undertaking, or a company that has none".to_owned()),
    };
    report.push(problem.help(help));
}
