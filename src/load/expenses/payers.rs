//! Who pays: the lead of the project, or a member of it (S17).

use std::collections::BTreeSet;

use super::super::codes;
use super::super::place::shown;
use super::super::records::Records;
use super::{COMPANY_ID, EXPENSE_ID};
use crate::diagnostics::{Diagnostic, Report};
use crate::ids::{CompanyId, ExpenseId, ProjectId};
use crate::portfolio::{Company, Expense, Member, Project};

/// Warns of every company that pays for a project it is neither the lead nor a member of, at the first expense.
pub(in super::super) fn check(
    records: &Records,
    expenses: &[Expense],
    companies: &[Company],
    (projects, members): (&[Project], &[Member]),
    report: &mut Report,
) {
    let leads = projects.iter().map(|project| (&project.id, &project.company));
    let members = members.iter().map(|member| (&member.project, &member.company));
    let known: BTreeSet<(&ProjectId, &CompanyId)> = leads.chain(members).collect();
    let mut told: BTreeSet<(&ProjectId, &CompanyId)> = BTreeSet::new();
    let strangers: Vec<&Expense> = expenses
        .iter()
        .filter(|expense| {
            let pair = (&expense.project, &expense.company);
            !known.contains(&pair) && told.insert(pair)
        })
        // A company that is not there is another problem, told at its place.
        .filter(|expense| companies.iter().any(|company| company.id == expense.company))
        .collect();
    if strangers.is_empty() {
        return;
    }
    // What is wrong with a row has been said.
    records.each(&mut Report::new(), |record, _| {
        let id = record.id::<ExpenseId>(EXPENSE_ID);
        let Some(expense) = strangers.iter().find(|expense| Some(&expense.id) == id.as_ref()) else { return };
        let (company, project) = (shown(expense.company.as_str()), shown(expense.project.as_str()));
        let message = format!("'{company}' pays for '{project}' and is neither its lead nor a member of it");
        report.push(Diagnostic::warning(codes::STRANGER, record.place(COMPANY_ID), message).found(company));
    });
}
