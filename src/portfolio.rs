//! Floor 1: what a client brings, as plain immutable data.
//!
//! A [`Portfolio`] holds companies, projects and expenses in the canonical order of their ids, so that the order of rows
//! in a file can change nothing (design guarantee 4). References are checked by the loader: every `ProjectId` and `CompanyId` found here resolves.

mod category;
mod company;
mod decision;
mod expense;
mod member;
mod prior_aid;
mod project;
mod settings;
mod value;

pub use category::{CATEGORIES, Category, category};
pub use company::{Company, Size};
pub use decision::{Decision, Verb};
pub use expense::{Expense, State};
pub use member::{Member, MemberFacts};
pub use prior_aid::PriorAid;
pub use project::Project;
pub use settings::{MeasureSettings, Objective, Settings};
pub use value::{FactKind, Value};

use std::collections::BTreeMap;

use crate::ids::{CompanyId, ExpenseId, LotId, ProjectId};
use crate::money::Money;

/// Companies, projects, expenses and settings of one office or client.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portfolio {
    /// By company id.
    pub companies: Vec<Company>,
    /// By project id.
    pub projects: Vec<Project>,
    /// By expense id.
    pub expenses: Vec<Expense>,
    /// Members of partnerships, by (project, company).
    pub members: Vec<Member>,
    /// Aid received before, by (undertaking, day).
    pub prior_aids: Vec<PriorAid>,
    /// What is already decided, in canonical order.
    pub decisions: Vec<Decision>,
    /// Dates, objective, assumptions.
    pub settings: Settings,
}

impl Portfolio {
    /// Puts companies, projects and expenses in canonical order.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.companies.sort_by(|a, b| a.id.cmp(&b.id));
        self.projects.sort_by(|a, b| a.id.cmp(&b.id));
        self.members.sort_by(|a, b| (&a.project, &a.company).cmp(&(&b.project, &b.company)));
        self.prior_aids.sort();
        self.decisions.sort();
        // Most files are in order already; an expense is large, so that otherwise ids are sorted and expenses moved once.
        if !self.expenses.is_sorted_by(|a, b| a.id <= b.id) {
            self.expenses.sort_by_cached_key(|expense| expense.id.clone());
        }
        self
    }

    /// The company with this id.
    pub fn company(&self, id: &CompanyId) -> Option<&Company> {
        self.companies.binary_search_by(|c| c.id.cmp(id)).ok().map(|i| &self.companies[i])
    }

    /// The project with this id.
    pub fn project(&self, id: &ProjectId) -> Option<&Project> {
        self.projects.binary_search_by(|p| p.id.cmp(id)).ok().map(|i| &self.projects[i])
    }

    /// The expense with this id.
    pub fn expense(&self, id: &ExpenseId) -> Option<&Expense> {
        self.expenses.binary_search_by(|e| e.id.cmp(id)).ok().map(|i| &self.expenses[i])
    }

    /// The expenses of a project, by id: a walk over all of them.
    pub fn expenses_of<'a>(&'a self, project: &'a ProjectId) -> impl Iterator<Item = &'a Expense> + 'a {
        self.expenses.iter().filter(move |e| e.project == *project)
    }

    /// The members of a project, the lead first, then by id; the lead alone where the project has no others.
    pub fn members_of<'a>(&'a self, project: &'a Project) -> Vec<MemberFacts<'a>> {
        let named = |company: &CompanyId| {
            self.members.iter().find(|member| member.project == project.id && member.company == *company)
        };
        let others = self.members.iter().filter(|m| m.project == project.id && m.company != project.company);
        let ids = std::iter::once(&project.company).chain(others.map(|member| &member.company));
        ids.filter_map(|id| Some(MemberFacts { company: self.company(id)?, member: named(id) })).collect()
    }

    /// A company as a member of a project.
    pub fn member<'a>(&'a self, project: &ProjectId, company: &CompanyId) -> Option<MemberFacts<'a>> {
        let member = self.members.iter().find(|m| m.project == *project && m.company == *company);
        Some(MemberFacts { company: self.company(company)?, member })
    }

    /// The expenses of every project that has some, by id: for whoever asks for those of each.
    pub fn expenses_by_project(&self) -> BTreeMap<&ProjectId, Vec<&Expense>> {
        let mut expenses: BTreeMap<&ProjectId, Vec<&Expense>> = BTreeMap::new();
        for expense in &self.expenses {
            expenses.entry(&expense.project).or_default().push(expense);
        }
        expenses
    }

    /// The lots of a project, by id.
    pub fn lots_of(&self, project: &ProjectId) -> Vec<LotId> {
        let mut lots: Vec<LotId> = self.expenses_of(project).filter_map(|e| e.lot.clone()).collect();
        lots.sort();
        lots.dedup();
        lots
    }

    /// The taxable total of the invoice an expense stands on (S4): the `invoice_total` of any of its lines, else their sum.
    /// An expense without invoice number is an invoice of its own.
    ///
    /// Lines belong to one invoice when supplier, number and year of the invoice date agree.
    pub fn invoice_total(&self, expense: &Expense) -> Money {
        let Some(key) = expense.invoice_key() else {
            return expense.invoice_total.unwrap_or(expense.net_amount);
        };
        let lines = || self.expenses.iter().filter(|e| e.invoice_key() == Some(key));
        lines().find_map(|e| e.invoice_total).unwrap_or_else(|| lines().map(|e| e.net_amount).sum())
    }
}
