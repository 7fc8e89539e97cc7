//! `grantfolio bench`: how fast the program plans invented portfolios, how sure of its plans it is, and whether they are right.

use std::path::PathBuf;
use std::time::Duration;

use super::inputs::Texts;
use super::solver::{LONGEST, Solver};
use super::{Console, Exit, Failure};
use crate::bench::{Row, Trial};
use crate::engine::RunSettings;
use crate::generate::{Instance, MODELS, Size};
use crate::load::instances::instances;
use crate::report::bench;

/// Measure how fast invented portfolios are planned, and how sure the plans are
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Classes such as whole-20x4, or models, each at all its sizes
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Instances of each class
    #[arg(long, value_name = "N", default_value_t = 10)]
    seeds: u64,
    /// Plan the instances in a file, too; may be repeated
    #[arg(long, value_name = "FILE")]
    instances: Vec<PathBuf>,
    /// Which solver
    #[arg(long, value_enum, default_value_t = Solver::Auto)]
    solver: Solver,
    /// Seconds for each independent part of an instance
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=LONGEST))]
    time_limit: Option<u64>,
}

/// Plans case by case and prints a table.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let settings = RunSettings {
        backend: arguments.solver.into(),
        time_limit: arguments.time_limit.map(Duration::from_secs),
    };
    let mut cases: Vec<(String, Vec<Instance>)> = Vec::new();
    for name in &arguments.names {
        cases.extend(named(name, arguments.seeds)?);
    }
    for path in &arguments.instances {
        let read = instances(path).map_err(|report| Failure::Input(report, Texts::of(None)))?;
        cases.push((path.display().to_string(), read));
    }
    let mut rows = Vec::new();
    for (case, instances) in &cases {
        let trials = instances.iter().map(|instance| Trial::of(instance, &settings));
        let trials = trials.collect::<Result<Vec<Trial>, _>>();
        let trials = trials.map_err(|error| Failure::of_run(error, &Texts::of(None)))?;
        rows.push(Row::of(case, &trials));
        console.message(&format!("done: {case}"))?;
    }
    console.data(&bench::table(&rows, console.page()))?;
    Ok(Exit::Verified)
}

/// The classes that a name means, with their instances.
fn named(name: &str, seeds: u64) -> Result<Vec<(String, Vec<Instance>)>, Failure> {
    let (word, size) = match name.split_once('-') {
        Some((word, size)) => (word, Some(size)),
        None => (name, None),
    };
    let model = MODELS.iter().find(|model| model.name == word);
    let sizes = match (model, size) {
        (Some(model), None) => Some((model, model.sizes.to_vec())),
        (Some(model), Some(size)) => Size::parse(size).map(|size| (model, vec![size])),
        (None, _) => None,
    };
    let Some((model, sizes)) = sizes else {
        let known: Vec<&str> = MODELS.iter().map(|model| model.name).collect();
        return Err(Failure::Usage(format!(
            "there is no class '{name}'; a class is one of {} with a size, such as whole-20x4",
            known.join(", ")
        )));
    };
    let class = |size: Size| (model.class(size), (0..seeds).map(|seed| model.instance(size, seed)).collect());
    Ok(sizes.into_iter().map(class).collect())
}
