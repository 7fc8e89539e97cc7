//! `expenses.csv`: rows to expenses, and what must agree between them.

mod groups;
pub(super) mod payers;
mod states;

use std::collections::BTreeSet;

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

/// Every expense of which the essentials could be read. `lot_facts` are the facts that the lines of a lot share.
pub(super) fn expenses(
    records: &Records,
    lot_facts: &[&str],
    known: Known,
    as_of: Option<NaiveDate>,
    report: &mut Report,
) -> Vec<Expense> {
    let leads: Leads = known.projects.iter().map(|p| (p.id.as_str(), (&p.id, &p.company))).collect();
    let payers: Payers = known.companies.ids().map(|id| (id.as_str(), id)).collect();
    let mut lines = Lines {
        records,
        expenses: Vec::with_capacity(records.len()),
        rows: Vec::with_capacity(records.len()),
    };
    // Ids of rows that give no expense for another reason.
    let mut others: Vec<(ExpenseId, usize)> = Vec::new();
    let make = |record: &Record<'_>, report: &mut Report| {
        states::check(record, as_of, report);
        line(record, &leads, &payers)
    };
    records.each_made(report, make, |line, report| {
        let row = line.row;
        if let Some(project) = line.unknown.project {
            known.project_ids.check(&project, || records.place(row, PROJECT_ID), report);
        }
        if let Some(payer) = line.unknown.payer {
            known.companies.check(&payer, || records.place(row, COMPANY_ID), report);
        }
        match line.read {
            Read::Expense(expense) => {
                lines.expenses.push(expense);
                lines.rows.push(row);
            }
            Read::Id(id) => others.push((id, row)),
            Read::Nothing => {}
        }
    });
    drop_repeated(&mut lines, &others, report);
    groups::share_lot_facts(&mut lines, lot_facts, report);
    groups::check_invoices(&lines, report);
    lines.expenses
}

/// The ids of expenses, for what refers to them.
pub(super) fn index(records: &Records, expenses: &[Expense]) -> Index<ExpenseId> {
    let mut index = Index::new(ExpenseId::KIND, records);
    if expenses.len() < records.len() {
        index.has_gap();
    }
    let nowhere = |_| crate::diagnostics::Place::default();
    for (row, expense) in expenses.iter().enumerate() {
        // Those that were there twice are left out already.
        index.add(&expense.id, row, nowhere, &mut Report::new());
    }
    index
}

/// Each project by its id, with its lead company.
type Leads<'k> = IndexMap<&'k str, (&'k ProjectId, &'k CompanyId)>;
/// Each company by its id.
type Payers<'k> = IndexMap<&'k str, &'k CompanyId>;

/// What one row gives, before rows are held against each other.
struct Line {
    row: usize,
    read: Read,
    /// What it refers to and was not found.
    unknown: Unknown,
}

/// How much of a row could be read. An expense is large and common, so it is not put in a box.
#[expect(clippy::large_enum_variant, reason = "nearly every row is the large one")]
enum Read {
    Expense(Expense),
    Id(ExpenseId),
    Nothing,
}

#[derive(Default)]
struct Unknown {
    project: Option<ProjectId>,
    payer: Option<CompanyId>,
}

fn line(record: &Record, leads: &Leads, payers: &Payers) -> Line {
    let mut unknown = Unknown::default();
    // Known ids are shared, not made again for each row.
    let found = record.as_text(PROJECT_ID).and_then(|id| leads.get(id));
    let (project, lead) = if let Some((project, lead)) = found {
        (Some((*project).clone()), Some(*lead))
    } else {
        unknown.project = record.id(PROJECT_ID);
        (unknown.project.clone(), None)
    };
    let payer = match record.as_text(COMPANY_ID).map(|id| payers.get(id)) {
        Some(Some(payer)) => Some((*payer).clone()),
        Some(None) => {
            unknown.payer = record.id(COMPANY_ID);
            unknown.payer.clone()
        }
        None => None,
    };
    let read = match (record.id::<ExpenseId>(EXPENSE_ID), project, payer.or_else(|| lead.cloned())) {
        (Some(id), Some(project), Some(company)) => expense(id, project, company, record),
        (Some(id), _, _) => Read::Id(id),
        (None, _, _) => Read::Nothing,
    };
    Line { row: record.row, read, unknown }
}

/// Complains about ids that are there twice, and keeps the first expense of each.
fn drop_repeated(lines: &mut Lines, others: &[(ExpenseId, usize)], report: &mut Report) {
    // Most files are in the order of their ids: then a look at the neighbours shows that none is there twice.
    if others.is_empty() && lines.expenses.is_sorted_by(|a, b| a.id < b.id) {
        return;
    }
    let mut index: Index<ExpenseId> = Index::new(ExpenseId::KIND, lines.records);
    let mut ids: Vec<(&ExpenseId, usize)> = lines.iter().map(|(expense, row)| (&expense.id, row)).collect();
    ids.extend(others.iter().map(|(id, row)| (id, *row)));
    ids.sort_by_key(|(_, row)| *row);
    let place = |row| lines.records.place(row, EXPENSE_ID);
    let repeated: BTreeSet<usize> =
        ids.into_iter().filter(|(id, row)| !index.add(id, *row, place, report)).map(|(_, row)| row).collect();
    if repeated.is_empty() {
        return;
    }
    let mut rows = lines.rows.iter();
    lines.expenses.retain(|_| rows.next().is_some_and(|row| !repeated.contains(row)));
    lines.rows.retain(|row| !repeated.contains(row));
}

fn expense(id: ExpenseId, project: ProjectId, company: CompanyId, record: &Record) -> Read {
    let (Some(category), Some(net_amount)) = (record.word(CATEGORY), record.money(NET_AMOUNT)) else {
        return Read::Id(id);
    };
    let basics = Expense::new(id, project, company, category, net_amount);
    Read::Expense(Expense {
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
