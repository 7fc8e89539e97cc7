//! What the inputs alone say: measures that take part, their calendars and variants, and one [`Case`] for every project, measure and
//! variant.

use std::collections::BTreeMap;

use super::admission::{self, Admission};
use super::choices;
use super::in_force;
use crate::allocation::Reason;
use crate::ids::{ExpenseId, MeasureId, ProjectId};
use crate::measure::{Calendar, Facts, Measure, Variant};
use crate::money::Money;
use crate::portfolio::{Expense, Portfolio, Project};

/// The inputs, prepared.
pub(super) struct Ground<'a> {
    /// A copy in canonical order in which every expense states the total of its invoice itself (S4): the fact `invoice_total` then
    /// costs no search through the portfolio.
    pub(super) portfolio: Portfolio,
    /// Measures that are not excluded, by id.
    pub(super) measures: Vec<&'a Measure>,
    offers: BTreeMap<(ProjectId, MeasureId), Offer>,
}

/// What a measure offers to a project.
struct Offer {
    /// The dates of the application (S5).
    calendar: Calendar,
    /// The variants that are open to the project, in order (S6); the plain one where there are none.
    variants: Vec<Variant>,
    /// Why there are none.
    shut: Option<Reason>,
}

/// One project under one variant of one measure.
pub(super) struct Case<'a> {
    /// The measure.
    pub(super) measure: &'a Measure,
    /// Company, project, variant and dates of the application.
    pub(super) facts: Facts<'a>,
    /// What the measure says to each expense of the project.
    pub(super) admissions: BTreeMap<&'a str, Admission<'a>>,
}

/// Every case, by (project, measure); of each at least one.
pub(super) type Cases<'a> = BTreeMap<(&'a ProjectId, &'a MeasureId), Vec<Case<'a>>>;

impl<'a> Ground<'a> {
    /// Prepares the inputs.
    pub(super) fn new(portfolio: &Portfolio, measures: &'a [Measure]) -> Self {
        let of_measure = &portfolio.settings.measures;
        let excluded = |id: &MeasureId| of_measure.get(id).is_some_and(|settings| settings.excluded);
        let mut measures: Vec<&Measure> = measures.iter().filter(|measure| !excluded(&measure.id)).collect();
        measures.sort_by(|a, b| a.id.cmp(&b.id));
        let portfolio = with_invoice_totals(portfolio.clone().sorted());
        let mut offers = BTreeMap::new();
        for (project, expenses) in by_project(&portfolio) {
            for measure in &measures {
                if let Some(offer) = Offer::new(&portfolio, measure, project, &expenses) {
                    offers.insert((project.id.clone(), measure.id.clone()), offer);
                }
            }
        }
        Ground { portfolio, measures, offers }
    }

    /// The expense with this id.
    pub(super) fn expense(&self, id: &ExpenseId) -> Option<&Expense> {
        self.portfolio.expense(id)
    }

    /// Every case.
    pub(super) fn cases(&'a self) -> Cases<'a> {
        let mut cases = Cases::new();
        for (project, expenses) in by_project(&self.portfolio) {
            for measure in &self.measures {
                let Some(offer) = self.offers.get(&(project.id.clone(), measure.id.clone())) else {
                    continue;
                };
                let variants = offer.variants.iter().filter_map(|variant| {
                    let facts =
                        Facts::of_application(&self.portfolio, project, measure, variant, &offer.calendar)?;
                    let admissions = admission::of_project(measure, facts, &expenses, offer.shut.as_ref());
                    Some(Case { measure, facts, admissions })
                });
                cases.insert((&project.id, &measure.id), variants.collect());
            }
        }
        cases
    }
}

impl Offer {
    fn new(
        portfolio: &Portfolio,
        measure: &Measure,
        project: &Project,
        expenses: &[&Expense],
    ) -> Option<Self> {
        let mut settings = portfolio.settings.measures.get(&measure.id).cloned().unwrap_or_default();
        settings.filed_on = in_force::filed_on(portfolio, &project.id, &measure.id).or(settings.filed_on);
        let calendar = Calendar::new(&measure.window, &portfolio.settings, &settings);
        let facts = Facts::of_application(portfolio, project, measure, Variant::PLAIN, &calendar)?;
        let (variants, shut) = match choices::variants(&facts, expenses) {
            Ok(variants) => (variants, None),
            Err(choice) => (vec![Variant::default()], Some(Reason::no_option(&measure.id, &choice.rule))),
        };
        Some(Offer { calendar, variants, shut })
    }
}

/// Every project with its expenses, by id.
fn by_project(portfolio: &Portfolio) -> Vec<(&Project, Vec<&Expense>)> {
    let mut expenses = portfolio.expenses_by_project();
    let projects = portfolio.projects.iter();
    projects.map(|project| (project, expenses.remove(&project.id).unwrap_or_default())).collect()
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
