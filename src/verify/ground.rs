//! What the inputs alone say: measures that take part, their calendars, and one [`Case`] for every project and measure.

use std::collections::BTreeMap;

use super::admission::{self, Admission};
use crate::ids::{ExpenseId, MeasureId, ProjectId};
use crate::measure::{Calendar, Facts, Measure, Variant};
use crate::money::Money;
use crate::portfolio::{Expense, MeasureSettings, Portfolio};

/// The inputs, prepared.
pub(super) struct Ground<'a> {
    /// A copy in canonical order in which every expense states the total of its invoice itself (S4): the fact `invoice_total` then
    /// costs no search through the portfolio.
    pub(super) portfolio: Portfolio,
    /// Measures that are not excluded, by id, with their calendars (S5).
    pub(super) measures: Vec<(&'a Measure, Calendar)>,
}

/// One project under one measure.
pub(super) struct Case<'a> {
    /// The measure.
    pub(super) measure: &'a Measure,
    /// Company, project and dates of the application.
    pub(super) facts: Facts<'a>,
    /// What the measure says to each expense of the project.
    pub(super) admissions: BTreeMap<&'a str, Admission<'a>>,
}

/// Every case, by (project, measure).
pub(super) type Cases<'a> = BTreeMap<(&'a ProjectId, &'a MeasureId), Case<'a>>;

impl<'a> Ground<'a> {
    /// Prepares the inputs.
    pub(super) fn new(portfolio: &Portfolio, measures: &'a [Measure]) -> Self {
        let settings = &portfolio.settings;
        let mut taking_part: Vec<(&Measure, Calendar)> = measures
            .iter()
            .map(|measure| (measure, settings.measures.get(&measure.id).cloned().unwrap_or_default()))
            .filter(|(_, of_measure)| !of_measure.excluded)
            .map(|(measure, of_measure): (_, MeasureSettings)| {
                (measure, Calendar::new(&measure.window, settings, &of_measure))
            })
            .collect();
        taking_part.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        Ground { portfolio: with_invoice_totals(portfolio.clone().sorted()), measures: taking_part }
    }

    /// The expense with this id.
    pub(super) fn expense(&self, id: &ExpenseId) -> Option<&Expense> {
        let expenses = &self.portfolio.expenses;
        expenses.binary_search_by(|expense| expense.id.cmp(id)).ok().map(|index| &expenses[index])
    }

    /// Every case.
    pub(super) fn cases(&'a self) -> Cases<'a> {
        let mut of_project: BTreeMap<&ProjectId, Vec<&Expense>> = BTreeMap::new();
        for expense in &self.portfolio.expenses {
            of_project.entry(&expense.project).or_default().push(expense);
        }
        let mut cases = Cases::new();
        for project in &self.portfolio.projects {
            let Some(company) = self.portfolio.company(&project.company) else { continue };
            let expenses = of_project.get(&project.id).map_or(&[][..], Vec::as_slice);
            for (measure, calendar) in &self.measures {
                let facts = Facts {
                    portfolio: &self.portfolio,
                    company,
                    project,
                    expense: None,
                    item: None,
                    member: None,
                    measure,
                    variant: Variant::PLAIN,
                    calendar,
                };
                let admissions = admission::of_project(measure, facts, expenses);
                cases.insert((&project.id, &measure.id), Case { measure, facts, admissions });
            }
        }
        cases
    }
}

/// States on every expense the total of its invoice: what any of its lines states, else the sum of its lines (S4).
fn with_invoice_totals(mut portfolio: Portfolio) -> Portfolio {
    #[derive(Default)]
    struct Invoice {
        stated: Option<Money>,
        lines: Money,
    }
    let mut totals: Vec<Option<Money>> = Vec::with_capacity(portfolio.expenses.len());
    let mut invoices: BTreeMap<_, Invoice> = BTreeMap::new();
    for expense in &portfolio.expenses {
        if let Some(key) = expense.invoice_key() {
            let invoice = invoices.entry(key).or_default();
            invoice.stated = invoice.stated.or(expense.invoice_total);
            invoice.lines += expense.net_amount;
        }
    }
    for expense in &portfolio.expenses {
        let invoice = expense.invoice_key().and_then(|key| invoices.get(&key));
        totals.push(invoice.map_or(expense.invoice_total, |i| i.stated.or(Some(i.lines))));
    }
    for (expense, total) in portfolio.expenses.iter_mut().zip(totals) {
        expense.invoice_total = total;
        expense.invoice = None;
    }
    portfolio
}
