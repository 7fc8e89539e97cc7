//! `expenses.csv`: rows to expenses, and what must agree between them.

mod groups;
mod states;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::fields::{EXPENSES, positions};
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::Report;
use crate::ids::{CompanyId, ExpenseId, LotId, ProjectId};
use crate::portfolio::{Expense, Project};
use crate::rate::Rate;

positions!(EXPENSES: PROJECT_ID = "project_id", COMPANY_ID = "company_id", EXPENSE_ID = "expense_id", CATEGORY = "category", NET_AMOUNT = "net_amount", LOT = "lot", DESCRIPTION = "description", VAT_RATE = "vat_rate", SUPPLIER = "supplier", SUPPLIER_KIND = "supplier_kind", INVOICE = "invoice", INVOICE_TOTAL = "invoice_total", INVOICE_DATE = "invoice_date", ORDER_DATE = "order_date", PAYMENT_DATE = "payment_date", PAYMENT_METHOD = "payment_method", QUANTITY = "quantity", UNIT = "unit", SERVICE_MONTHS = "service_months", TAGS = "tags", SPLITTABLE = "splittable", STATE = "state");

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

/// Expenses with the numbers of their rows, as long as lines are held against each other.
#[derive(Debug)]
struct Lines<'r> {
    records: &'r Records<'r>,
    expenses: Vec<Expense>,
    rows: Vec<usize>,
}

impl Lines<'_> {
    /// Every line.
    fn iter(&self) -> impl Iterator<Item = (&Expense, usize)> {
        self.expenses.iter().zip(self.rows.iter().copied())
    }
}

/// Every expense of which the essentials could be read, and the index of their ids. `lot_facts` are the facts that the lines of a lot share.
pub(super) fn expenses(
    records: &Records,
    lot_facts: &[&str],
    known: Known,
    as_of: Option<NaiveDate>,
    report: &mut Report,
) -> (Vec<Expense>, Index<ExpenseId>) {
    let mut index: Index<ExpenseId> = Index::new(ExpenseId::KIND, records);
    let leads: IndexMap<&ProjectId, &CompanyId> =
        known.projects.iter().map(|p| (&p.id, &p.company)).collect();
    let mut lines = Lines {
        records,
        expenses: Vec::with_capacity(records.len()),
        rows: Vec::with_capacity(records.len()),
    };
    records.each(report, |record, report| {
        let project = record.id::<ProjectId>(PROJECT_ID);
        if let Some(project) = &project {
            known.project_ids.check(project, record, PROJECT_ID, report);
        }
        let payer = record.id::<CompanyId>(COMPANY_ID);
        if let Some(payer) = &payer {
            known.companies.check(payer, record, COMPANY_ID, report);
        }
        states::check(record, as_of, report);
        let Some(id) = record.id::<ExpenseId>(EXPENSE_ID) else {
            index.has_gap();
            return;
        };
        if !index.add(&id, record, EXPENSE_ID, report) {
            return;
        }
        let lead = project.as_ref().and_then(|project| leads.get(project).copied().cloned());
        if let (Some(project), Some(company)) = (project, payer.or(lead))
            && let Some(expense) = expense(id, project, company, record)
        {
            lines.expenses.push(expense);
            lines.rows.push(record.row);
        }
    });
    groups::share_lot_facts(&mut lines, lot_facts, report);
    groups::check_invoices(&lines, report);
    (lines.expenses, index)
}

fn expense(id: ExpenseId, project: ProjectId, company: CompanyId, record: &Record) -> Option<Expense> {
    let category = record.word(CATEGORY)?;
    let net_amount = record.money(NET_AMOUNT)?;
    let basics = Expense::new(id, project, company, category, net_amount);
    Some(Expense {
        lot: record.id::<LotId>(LOT),
        description: record.text(DESCRIPTION).unwrap_or_default(),
        state: states::state(record),
        vat_rate: record.share(VAT_RATE).unwrap_or(Rate::ZERO),
        supplier: record.text(SUPPLIER),
        supplier_kind: record.text(SUPPLIER_KIND),
        invoice: record.text(INVOICE),
        invoice_total: record.money(INVOICE_TOTAL),
        invoice_date: record.date(INVOICE_DATE),
        order_date: record.date(ORDER_DATE),
        payment_date: record.date(PAYMENT_DATE),
        payment_method: record.text(PAYMENT_METHOD),
        quantity: record.number(QUANTITY),
        unit: record.text(UNIT),
        service_months: record.number(SERVICE_MONTHS),
        tags: record.list(TAGS),
        splittable: record.flag(SPLITTABLE).unwrap_or(false),
        attributes: record.attributes(),
        ..basics
    })
}
