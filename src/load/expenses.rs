//! `expenses.csv`: rows to expenses, and what must agree between them.

mod groups;
mod states;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Place, Report};
use crate::ids::{CompanyId, ExpenseId, LotId, ProjectId};
use crate::portfolio::{Expense, Project};
use crate::rate::Rate;

/// What expenses refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'k> {
    /// The companies.
    pub companies: &'k Index<CompanyId>,
    /// The ids of projects.
    pub project_ids: &'k Index<ProjectId>,
    /// The projects: who leads pays by default.
    pub projects: &'k [Project],
}

/// An expense and its row, as long as lines are held against each other.
struct Line<'r> {
    expense: Expense,
    record: Record<'r>,
}

impl Line<'_> {
    fn place(&self, column: &str) -> Place {
        self.record.place(column)
    }
}

/// Every expense of which the essentials could be read. `lot_facts` are the facts that the lines of a lot share.
pub(super) fn expenses(
    records: &Records,
    lot_facts: &[&str],
    known: Known,
    as_of: Option<NaiveDate>,
    report: &mut Report,
) -> Vec<Expense> {
    let mut index: Index<ExpenseId> = Index::new(ExpenseId::KIND, "expenses.csv", records.complete());
    let leads: BTreeMap<&ProjectId, &CompanyId> =
        known.projects.iter().map(|p| (&p.id, &p.company)).collect();
    let mut lines = Vec::new();
    for record in records.iter() {
        let project = record.id::<ProjectId>("project_id");
        if let Some(project) = &project {
            known.project_ids.check(project, &record, "project_id", report);
        }
        let payer = record.id::<CompanyId>("company_id");
        if let Some(payer) = &payer {
            known.companies.check(payer, &record, "company_id", report);
        }
        states::check(&record, as_of, report);
        let Some(id) = record.id::<ExpenseId>("expense_id") else { continue };
        if !index.add(&id, record.place("expense_id"), report) {
            continue;
        }
        let lead = project.as_ref().and_then(|project| leads.get(project).copied().cloned());
        if let (Some(project), Some(company)) = (project, payer.or(lead))
            && let Some(expense) = expense(id, project, company, &record)
        {
            lines.push(Line { expense, record });
        }
    }
    groups::share_lot_facts(&mut lines, lot_facts, report);
    groups::check_invoices(&lines, report);
    lines.into_iter().map(|line| line.expense).collect()
}

fn expense(id: ExpenseId, project: ProjectId, company: CompanyId, record: &Record) -> Option<Expense> {
    let category = record.word("category")?;
    let net_amount = record.money("net_amount")?;
    let basics = Expense::new(id, project, company, category, net_amount);
    Some(Expense {
        lot: record.id::<LotId>("lot"),
        description: record.text("description").unwrap_or_default(),
        state: states::state(record),
        vat_rate: record.share("vat_rate").unwrap_or(Rate::ZERO),
        supplier: record.text("supplier"),
        supplier_kind: record.text("supplier_kind"),
        invoice: record.text("invoice"),
        invoice_total: record.money("invoice_total"),
        invoice_date: record.date("invoice_date"),
        order_date: record.date("order_date"),
        payment_date: record.date("payment_date"),
        payment_method: record.text("payment_method"),
        quantity: record.number("quantity"),
        unit: record.text("unit"),
        service_months: record.number("service_months"),
        tags: record.list("tags"),
        splittable: record.flag("splittable").unwrap_or(false),
        attributes: record.attributes(),
        ..basics
    })
}
