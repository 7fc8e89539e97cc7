//! `grantfolio bench`: how fast invented portfolios are planned, how sure the plans are, and whether they are right.

mod cases;
mod writing;

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use rayon::prelude::*;

use self::cases::{Case, cases};
use super::inputs::CatalogueArguments;
use super::memory;
use super::solver::{EffortArguments, LONGEST, Solver};
use super::{Console, Exit, Failure};
use crate::bench::{BenchSettings, Row, Trial};
use crate::engine::RunSettings;
use crate::report::bench;
use crate::solve::Steps;

/// Measure how fast portfolios, most of them invented, are planned, how sure the plans are, and whether they are right
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Models, each at all its sizes, or classes such as whole-20x4: a model at a size
    #[arg(value_name = "NAME", required_unless_present_any = ["list", "instances", "portfolio"])]
    names: Vec<String>,
    /// Print what models and patterns there are, and plan nothing
    #[arg(long)]
    list: bool,
    /// What is done to the instances as they are drawn; may be repeated, or `all`
    #[arg(long, value_name = "NAME", default_value = "drawn")]
    pattern: Vec<String>,
    /// Instances of each class
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first seed
    #[arg(long, value_name = "N", default_value_t = 0)]
    first_seed: u64,
    /// Plan the instances in a file, too; may be repeated
    #[arg(long, value_name = "FILE")]
    instances: Vec<PathBuf>,
    /// Plan the portfolio in this folder, too; may be repeated
    #[arg(long, value_name = "PORTFOLIO")]
    portfolio: Vec<PathBuf>,
    #[command(flatten)]
    catalogue: CatalogueArguments,
    /// Which solver
    #[arg(long, value_enum, default_value_t = Solver::Auto)]
    solver: Solver,
    /// Leave out a step between the model and its search; may be repeated
    #[arg(long, value_enum, value_name = "STEP")]
    without: Vec<Step>,
    /// Ask the solver alone, too, or all that are built in: its own plan and its own word, in a row beside
    #[arg(long)]
    bare: bool,
    /// Seconds for each independent part of an instance
    #[arg(long, value_name = "S", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=LONGEST))]
    time_limit: u64,
    #[command(flatten)]
    effort: EffortArguments,
    /// Try every plan of an instance, where costs are claimed whole, however many there are; otherwise where there are a million or fewer
    #[arg(long)]
    check: bool,
    /// Instances planned at a time, each on the threads that it shares with the others
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    threads: u16,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write each instance as the folder of a portfolio into this folder, and plan nothing
    #[arg(long, value_name = "DIR", conflicts_with_all = ["list", "portfolio", "bare", "check"])]
    write: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// What is done to a model before it is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Expenses that are alike in every rule are planned as one
    Aggregate,
    /// Applications that cannot reach what their measure asks for are not planned
    Reach,
    /// What rows say of columns is written into the model, and what says nothing left out
    Bounds,
    /// Choices that can never gain are taken out, those taken that can never lose
    Dominated,
}

/// Plans that are tried at most unless all are to be: some seconds for the slowest instance.
const MOST_PLANS: u64 = 1_000_000;

/// Plans case by case and prints a row for each.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if arguments.list {
        console.data(&bench::registry(console.page()))?;
        return Ok(Exit::Verified);
    }
    let cases = cases(arguments)?;
    if let Some(folder) = &arguments.write {
        return writing::write(&cases, folder, console);
    }
    let settings = BenchSettings {
        run: RunSettings {
            backend: arguments.solver.into(),
            time_limit: Some(Duration::from_secs(arguments.time_limit)),
            steps: steps(&arguments.without),
            effort: arguments.effort.of_run(),
        },
        bare: arguments.bare,
        most_plans: if arguments.check { u64::MAX } else { MOST_PLANS },
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads.into()).build();
    let pool = pool.map_err(|error| Failure::Internal(format!("no threads: {error}")))?;
    let mut rows = Vec::new();
    for case in &cases {
        let measured = pool.install(|| measured(case, &settings))?;
        console.message(&told(case, &measured))?;
        rows.extend(measured);
    }
    match arguments.format {
        Format::Table => console.data(&bench::table(&rows, console.page()))?,
        Format::Json => console.data(&bench::json(&rows))?,
        Format::Csv => console.out.write_all(&bench::csv(&rows))?,
    }
    let wrong = rows.iter().any(|row| row.method == Row::PROGRAM && row.wrong > 0);
    Ok(if wrong { Exit::Internal } else { Exit::Verified })
}

/// All steps but these.
fn steps(without: &[Step]) -> Steps {
    let with = |step: Step| !without.contains(&step);
    Steps {
        aggregate: with(Step::Aggregate),
        reach: with(Step::Reach),
        bounds: with(Step::Bounds),
        dominated: with(Step::Dominated),
    }
}

/// The rows of a case.
fn measured(case: &Case, settings: &BenchSettings) -> Result<Vec<Row>, Failure> {
    memory::forget();
    let trials = (0..case.len()).into_par_iter().map(|at| case.trial(at, settings));
    let trials: Vec<Trial> = trials.collect::<Result<_, _>>()?;
    Ok(Row::of(&case.name, &trials, memory::most()))
}

/// A line for those who wait.
fn told(case: &Case, rows: &[Row]) -> String {
    let wrong: usize = rows.iter().filter(|row| row.method == Row::PROGRAM).map(|row| row.wrong).sum();
    let wrong = if wrong > 0 { format!(", {wrong} of them wrong") } else { String::new() };
    format!("{}: {} planned{wrong}", case.name, case.len())
}
