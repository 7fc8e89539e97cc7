//! Parcels: the clients of a portfolio cut apart where nothing but pools joins them, so that what changes for one leaves the others alone.
//!
//! Companies of one undertaking, a project with its lead and its members, an expense with its payer, the expenses of one invoice, and aid received
//! before with its undertaking and its expense lie in one parcel. Rules ask about nothing beyond it, but for pools: see
//! [`super::blocks`].

use std::collections::BTreeMap;

use crate::engine::joined::Joined;
use crate::ids::{CompanyId, ExpenseId, ProjectId, UndertakingId};
use crate::portfolio::Portfolio;

/// Where everything of a portfolio lies.
#[derive(Clone, Debug, Default)]
pub(super) struct Parcels {
    companies: BTreeMap<CompanyId, usize>,
    undertakings: BTreeMap<UndertakingId, usize>,
    projects: BTreeMap<ProjectId, usize>,
    /// How many parcels there are.
    pub(super) count: usize,
}

impl Parcels {
    /// Cuts a portfolio; parcels stand in the order of their first company.
    pub(super) fn of(portfolio: &Portfolio) -> Parcels {
        let company = |id: &CompanyId| portfolio.companies.binary_search_by(|c| c.id.cmp(id)).ok();
        let lead = |id: &ProjectId| portfolio.project(id).and_then(|project| company(&project.company));
        let mut joined = Joined::apart(portfolio.companies.len());
        let mut join = |a: Option<usize>, b: Option<usize>| {
            if let (Some(a), Some(b)) = (a, b) {
                joined.join(a, b);
            }
        };
        let mut first_of: BTreeMap<&UndertakingId, usize> = BTreeMap::new();
        for (at, of) in portfolio.companies.iter().enumerate() {
            join(Some(at), Some(*first_of.entry(&of.undertaking).or_insert(at)));
        }
        for member in &portfolio.members {
            join(lead(&member.project), company(&member.company));
        }
        let mut of_expense: BTreeMap<&ExpenseId, usize> = BTreeMap::new();
        let mut invoices = BTreeMap::new();
        for expense in &portfolio.expenses {
            let Some(at) = lead(&expense.project) else { continue };
            of_expense.insert(&expense.id, at);
            join(Some(at), company(&expense.company));
            if let Some(invoice) = expense.invoice_key() {
                join(Some(at), Some(*invoices.entry(invoice).or_insert(at)));
            }
        }
        for aid in &portfolio.prior_aids {
            let of = aid.expense.as_ref().and_then(|expense| of_expense.get(expense).copied());
            join(first_of.get(&aid.undertaking).copied(), of);
        }
        let parts = joined.parts();
        let mut number = vec![0; portfolio.companies.len()];
        for (nth, part) in parts.iter().enumerate() {
            for at in part {
                number[*at] = nth;
            }
        }
        let companies = portfolio.companies.iter().zip(&number);
        let projects = portfolio.projects.iter();
        Parcels {
            undertakings: companies.clone().map(|(c, number)| (c.undertaking.clone(), *number)).collect(),
            projects: projects.filter_map(|p| Some((p.id.clone(), number[company(&p.company)?]))).collect(),
            companies: companies.map(|(c, number)| (c.id.clone(), *number)).collect(),
            count: parts.len(),
        }
    }

    /// Where a company lies.
    pub(super) fn company(&self, id: &str) -> Option<usize> {
        self.companies.get(id).copied()
    }

    /// Where an undertaking lies.
    pub(super) fn undertaking(&self, id: &str) -> Option<usize> {
        self.undertakings.get(id).copied()
    }

    /// Where a project lies.
    pub(super) fn project(&self, id: &str) -> Option<usize> {
        self.projects.get(id).copied()
    }

    /// The parcels of a portfolio, each a portfolio with the settings of the whole.
    pub(super) fn split(&self, portfolio: &Portfolio) -> Vec<Portfolio> {
        let empty = Portfolio { settings: portfolio.settings.clone(), ..Portfolio::default() };
        let mut parts = vec![empty; self.count];
        for company in &portfolio.companies {
            put(&mut parts, self.company(company.id.as_str()), |part| &mut part.companies, company);
        }
        for project in &portfolio.projects {
            put(&mut parts, self.project(project.id.as_str()), |part| &mut part.projects, project);
        }
        for expense in &portfolio.expenses {
            put(&mut parts, self.project(expense.project.as_str()), |part| &mut part.expenses, expense);
        }
        for member in &portfolio.members {
            put(&mut parts, self.project(member.project.as_str()), |part| &mut part.members, member);
        }
        for aid in &portfolio.prior_aids {
            let at = self.undertaking(aid.undertaking.as_str());
            put(&mut parts, at, |part| &mut part.prior_aids, aid);
        }
        for decision in &portfolio.decisions {
            let at = self.project(decision.project.as_str());
            put(&mut parts, at, |part| &mut part.decisions, decision);
        }
        parts
    }
}

fn put<T: Clone>(
    parts: &mut [Portfolio],
    at: Option<usize>,
    list: fn(&mut Portfolio) -> &mut Vec<T>,
    one: &T,
) {
    // What refers to nothing here, such as aid of an undertaking that no company belongs to, counts for nobody.
    if let Some(part) = at.and_then(|at| parts.get_mut(at)) {
        list(part).push(one.clone());
    }
}

/// The portfolio of several parcels.
pub(super) fn joined<'p>(parts: impl Iterator<Item = &'p Portfolio>) -> Portfolio {
    let mut all = Portfolio::default();
    for part in parts {
        all.settings.clone_from(&part.settings);
        all.companies.extend_from_slice(&part.companies);
        all.projects.extend_from_slice(&part.projects);
        all.expenses.extend_from_slice(&part.expenses);
        all.members.extend_from_slice(&part.members);
        all.prior_aids.extend_from_slice(&part.prior_aids);
        all.decisions.extend_from_slice(&part.decisions);
    }
    all.sorted()
}
