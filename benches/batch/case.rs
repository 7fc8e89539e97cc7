//! Portfolios to be planned under scenarios, and what of them a scenario touches.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use grantfolio::ids::{CompanyId, ProjectId};
use grantfolio::load::{Inputs, Overrides, Rows};
use grantfolio::portfolio::Portfolio;
use grantfolio::scenario::{Op, Override, Places, Selector, Target};

/// A portfolio with an expense of each client, the first by id.
pub struct Case {
    pub name: &'static str,
    pub inputs: Inputs,
    pub clients: Vec<(CompanyId, String)>,
}

impl Case {
    pub fn new(name: &'static str, inputs: Inputs) -> Case {
        let portfolio = whole(&inputs);
        let clients = portfolio.companies.iter().filter_map(|company| {
            let mut expenses = portfolio.expenses.iter().filter(|expense| {
                portfolio.project(&expense.project).is_some_and(|project| project.company == company.id)
            });
            Some((company.id.clone(), expenses.next()?.id.to_string()))
        });
        let clients = clients.collect();
        Case { name, inputs, clients }
    }

    /// A scenario that touches so many clients, spread over all.
    pub fn scenario(&self, touched: usize, factor: &str) -> Vec<Override> {
        let each = self.touched(touched).map(|(_, expense)| {
            change(Target::Expense, Selector::Id(expense.clone()), "net_amount", Op::Mul, factor)
        });
        each.collect()
    }

    fn touched(&self, touched: usize) -> impl Iterator<Item = &(CompanyId, String)> {
        self.clients.iter().step_by((self.clients.len() / touched).max(1)).take(touched)
    }

    /// The blocks of a scenario, those touched and the others, each as a portfolio of its own.
    pub fn blocks(&self, touched: usize, scenario: &[Override]) -> [Vec<Portfolio>; 2] {
        let edits = self.inputs.edit(scenario).unwrap();
        let portfolio = self.inputs.portfolio(&edits, &Rows::All).unwrap();
        let touches = |block: &Portfolio| {
            self.touched(touched).any(|(client, _)| block.companies.iter().any(|it| it.id == *client))
        };
        let (touched, others) = blocks(&portfolio).into_iter().partition(touches);
        [touched, others]
    }
}

/// What companies of one undertaking, partnerships and payers join. Pools join more where they can run out: the bench holds the sum of the plans of blocks against the
/// plan of all, which then differs.
fn blocks(portfolio: &Portfolio) -> Vec<Portfolio> {
    let mut first_of = BTreeMap::new();
    let mut block_of: BTreeMap<&CompanyId, usize> = BTreeMap::new();
    for (at, company) in portfolio.companies.iter().enumerate() {
        block_of.insert(&company.id, *first_of.entry(&company.undertaking).or_insert(at));
    }
    let members = portfolio.members.iter().map(|member| (&member.project, &member.company));
    let payers = portfolio.expenses.iter().map(|expense| (&expense.project, &expense.company));
    for (project, company) in members.chain(payers) {
        let (a, b) = (block_of[&portfolio.project(project).unwrap().company], block_of[company]);
        block_of.values_mut().filter(|block| **block == a.max(b)).for_each(|block| *block = a.min(b));
    }
    let mut numbers: Vec<usize> = block_of.values().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let of_project = |project: &ProjectId| block_of[&portfolio.project(project).unwrap().company];
    let block = |number: usize| {
        let mut part = Portfolio { settings: portfolio.settings.clone(), ..Portfolio::default() };
        part.companies = kept(&portfolio.companies, |it| block_of[&it.id] == number);
        part.projects = kept(&portfolio.projects, |it| block_of[&it.company] == number);
        part.expenses = kept(&portfolio.expenses, |it| of_project(&it.project) == number);
        part.members = kept(&portfolio.members, |it| of_project(&it.project) == number);
        part.prior_aids = kept(&portfolio.prior_aids, |it| {
            part.companies.iter().any(|company| company.undertaking == it.undertaking)
        });
        part.decisions = kept(&portfolio.decisions, |it| of_project(&it.project) == number);
        part
    };
    numbers.into_iter().map(block).collect()
}

fn kept<T: Clone>(all: &[T], keep: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|it| keep(it)).cloned().collect()
}

fn whole(inputs: &Inputs) -> Portfolio {
    inputs.portfolio(&inputs.edit(&[]).unwrap(), &Rows::All).unwrap()
}

fn opened(folder: &Path, measures: Option<&Path>) -> Inputs {
    let opened = Inputs::open(folder, measures, &Overrides::default());
    opened.unwrap_or_else(|report| panic!("{report}")).0
}

pub fn office() -> Inputs {
    opened(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/office"), None)
}

/// Columns that name clients and what is theirs.
const IDS: [&str; 6] = ["company_id", "undertaking", "project_id", "expense_id", "invoice", "lot"];

/// The office, so many times over, each with clients of its own; pools hold enough for all, so that clients stay apart.
pub fn offices(copies: usize, folder: &Path) -> Inputs {
    let office = office();
    let enough = change(Target::Pool, Selector::All, "available", Op::Set, "900000000");
    office.edited(&office.edit(&[enough]).unwrap()).unwrap().write(folder).unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let headings = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let mut writer = csv::Writer::from_path(&path).unwrap();
        writer.write_record(&headings).unwrap();
        for copy in 0..copies {
            for row in &rows {
                let cells = headings.iter().zip(row).map(|(name, cell)| match cell {
                    "" => String::new(),
                    id if IDS.contains(&name) => format!("{copy:02}-{id}"),
                    other => other.to_owned(),
                });
                writer.write_record(cells).unwrap();
            }
        }
    }
    opened(folder, Some(&folder.join("measures")))
}

fn change(target: Target, selector: Selector, field: &str, op: Op, value: &str) -> Override {
    let places = Places::default().into();
    Override { target, selector, field: field.to_owned(), op, value: value.to_owned(), places }
}
