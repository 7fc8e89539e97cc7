//! Scenarios per second, against computing every scenario from its inputs on in the same run.
//!
//! `cargo bench --bench batch` prints a table of ratios first, then criterion's times. A scenario changes an amount of every client that it touches;
//! amounts are new in every scenario, or come from ten that return. The yardstick of new amounts is the share of the work that a scenario leaves alone: the time
//! to plan all clients, each by itself, over the time to plan those touched.

#![allow(clippy::unwrap_used, reason = "a bench that cannot start fails")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use criterion::{Criterion, criterion_group};
use grantfolio::engine::batch::{BatchSettings, Engine};
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::load::{Inputs, Overrides, Rows};
use grantfolio::portfolio::Portfolio;
use grantfolio::scenario::{Op, Override, Places, Selector, Target};

fn opened(folder: &Path, measures: Option<&Path>) -> Inputs {
    let opened = Inputs::open(folder, measures, &Overrides::default());
    opened.unwrap_or_else(|report| panic!("{report}")).0
}

fn office() -> Inputs {
    opened(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/office"), None)
}

/// Columns that name clients and what is theirs.
const IDS: [&str; 6] = ["company_id", "undertaking", "project_id", "expense_id", "invoice", "lot"];

/// The office, so many times over, each with clients of its own; pools hold enough for all, so that clients stay apart.
fn offices(copies: usize, folder: &Path) -> Inputs {
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

/// A portfolio with an expense of each client, the first by id.
struct Case {
    name: &'static str,
    inputs: Inputs,
    clients: Vec<(String, String)>,
}

impl Case {
    fn new(name: &'static str, inputs: Inputs) -> Case {
        let portfolio = whole(&inputs);
        let clients = portfolio.companies.iter().filter_map(|company| {
            let mut expenses = portfolio.expenses.iter().filter(|expense| {
                portfolio.project(&expense.project).is_some_and(|project| project.company == company.id)
            });
            Some((company.id.to_string(), expenses.next()?.id.to_string()))
        });
        let clients: Vec<_> = clients.collect();
        Case { name, inputs, clients }
    }

    /// A scenario that touches so many clients, spread over all.
    fn scenario(&self, touched: usize, factor: &str) -> Vec<Override> {
        let each = self.touched(touched).map(|(_, expense)| {
            change(Target::Expense, Selector::Id(expense.clone()), "net_amount", Op::Mul, factor)
        });
        each.collect()
    }

    fn touched(&self, touched: usize) -> impl Iterator<Item = &(String, String)> {
        self.clients.iter().step_by((self.clients.len() / touched).max(1)).take(touched)
    }

    /// Seconds to plan the clients touched, each by itself, twice over.
    fn alone(&self, touched: usize) -> f64 {
        let portfolio = whole(&self.inputs);
        let measures = self.inputs.measures(&self.inputs.edit(&[]).unwrap()).unwrap();
        let parts: Vec<Portfolio> =
            self.touched(touched).map(|(company, _)| part(&portfolio, company)).collect();
        seconds(|| {
            for part in &parts {
                black_box(optimize(part, &measures, &RunSettings::default()).unwrap());
            }
        })
    }
}

fn whole(inputs: &Inputs) -> Portfolio {
    inputs.portfolio(&inputs.edit(&[]).unwrap(), &Rows::All).unwrap()
}

/// What a client brings. Members of its partnerships come along.
fn part(portfolio: &Portfolio, company: &str) -> Portfolio {
    let mut part = portfolio.clone();
    part.projects.retain(|project| project.company.as_str() == company);
    let projects: Vec<_> = part.projects.iter().map(|project| project.id.clone()).collect();
    part.expenses.retain(|expense| projects.contains(&expense.project));
    part.members.retain(|member| projects.contains(&member.project));
    part.decisions.retain(|decision| projects.contains(&decision.project));
    part
}

fn seconds(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// Rounds of a figure: medians of these.
const ROUNDS: usize = 5;

fn table(case: &Case) {
    let engine = Engine::new(case.inputs.clone(), BatchSettings::default()).unwrap();
    let uncached = BatchSettings { no_cache: true, ..BatchSettings::default() };
    let scratch = Engine::new(case.inputs.clone(), uncached).unwrap();
    let mut fresh = 0;
    let mut factor = || {
        fresh += 1;
        format!("1.0{fresh:05}")
    };
    let clients = case.clients.len();
    println!("\n{}: {clients} clients, one thread", case.name);
    println!(
        "touched | scratch, ms | new amounts, ms | times | all over touched | reached | amounts that return, ms | times"
    );
    for touched in [1, 10.min(clients), clients] {
        let (mut slow, mut new, mut again, mut share) = (vec![], vec![], vec![], vec![]);
        let known: Vec<Vec<Override>> = (0..10).map(|n| case.scenario(touched, &format!("1.{n}1"))).collect();
        for scenario in &known {
            drop(engine.run(scenario).unwrap());
        }
        for _ in 0..ROUNDS {
            let scenario = case.scenario(touched, &factor());
            slow.push(seconds(|| drop(black_box(scratch.run(&scenario).unwrap()))));
            new.push(seconds(|| drop(black_box(engine.run(&scenario).unwrap()))));
            let return_ = || known.iter().for_each(|scenario| drop(black_box(engine.run(scenario).unwrap())));
            again.push(seconds(return_) / 10.0);
            share.push(case.alone(clients) / case.alone(touched));
        }
        let (slow, new, again, share) = (median(slow), median(new), median(again), median(share));
        println!(
            "{touched:7} | {:11.2} | {:15.3} | {:5.1} | {share:16.1} | {:7.2} | {:23.3} | {:5.0}",
            slow * 1e3,
            new * 1e3,
            slow / new,
            slow / new / share,
            again * 1e3,
            slow / again,
        );
    }
}

fn scenarios(criterion: &mut Criterion) {
    let case = Case::new("office", office());
    let engine = Engine::new(case.inputs.clone(), BatchSettings::default()).unwrap();
    let mut group = criterion.benchmark_group("batch/office");
    let mut fresh = 0;
    for touched in [1, case.clients.len()] {
        group.bench_function(format!("{touched} touched, new amounts"), |b| {
            b.iter(|| {
                fresh += 1;
                engine.run(&case.scenario(touched, &format!("1.0{fresh:07}")))
            });
        });
        let again = case.scenario(touched, "1.25");
        group.bench_function(format!("{touched} touched, amounts that return"), |b| {
            b.iter(|| engine.run(black_box(&again)));
        });
    }
    group.finish();
}

criterion_group!(benches, scenarios);

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    // Tests and `--list` want no table.
    if std::env::args().any(|argument| argument == "--bench") {
        pool.install(|| {
            table(&Case::new("office", office()));
            let folder = tempfile::tempdir().unwrap();
            table(&Case::new("200 clients", offices(17, folder.path())));
        });
    }
    pool.install(benches);
}
