//! `grantfolio batch`: every scenario planned, proven and verified, in parallel; and what can be told without planning any.

mod list;
mod progress;
mod scripts;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use self::progress::watched;
use super::inputs::{ObjectiveArguments, Opened, PortfolioArguments, fingerprint};
use super::solver::{EffortArguments, LONGEST, Solver};
use super::{Console, Exit, Failure};
use crate::engine::RunSettings;
use crate::engine::batch::{BatchSettings, Ended, Engine, Progress, stream};
use crate::money::Money;
use crate::report::batch::comparison;
use crate::report::batch::folder::{BatchFolder, TABLES};
use crate::report::batch::manifest::{self, Asked, Manifest, Settings};
use crate::report::batch::summary::{self, Summary};
use crate::report::files::{OutputFolder, write_file};
use crate::scenario::ScenarioSource;

/// Plan a portfolio under thousands of scenarios, in parallel
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    #[command(flatten)]
    objective: ObjectiveArguments,
    /// Scenarios: a table such as scenarios.csv, or sweeps such as scenarios.toml; may be repeated
    #[arg(long, value_name = "FILE", required = true)]
    scenarios: Vec<PathBuf>,
    /// Write results.csv, changes.csv, errors.csv, timings.csv, summary.json and manifest.json to this folder
    #[arg(long, value_name = "DIR", required_unless_present_any = ["list", "scripts"])]
    out: Option<PathBuf>,
    /// Go on with a batch that was stopped or killed
    #[arg(long, requires = "out")]
    resume: bool,
    /// Print what each scenario changes, and plan nothing
    #[arg(long, conflicts_with_all = ["out", "resume", "shard"])]
    list: bool,
    /// How many scenarios `--list` prints in full
    #[arg(long, value_name = "N", default_value_t = 20, requires = "list")]
    first: u64,
    /// Only this part of the scenarios, as 3/8; `merge` puts the parts together
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Write scripts to this folder that run the batch in so many shards on a cluster (Slurm, Kubernetes), and plan nothing
    #[arg(long, value_name = "DIR", requires = "shards", conflicts_with_all = ["out", "resume", "list", "shard"])]
    scripts: Option<PathBuf>,
    /// How many shards the scripts have
    #[arg(long, value_name = "N", requires = "scripts", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    shards: Option<u64>,
    /// Threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Seconds for each scenario; the best plans by then are kept, and the scenario says that it was cut
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=LONGEST))]
    time_limit: Option<u64>,
    #[command(flatten)]
    effort: EffortArguments,
    /// Which solver
    #[arg(long, value_enum, default_value_t = Solver::Auto)]
    solver: Solver,
    /// Compute every scenario from its inputs on and remember nothing: the same figures, slowly
    #[arg(long)]
    no_cache: bool,
}

/// A part of the scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shard {
    /// Which, from 1.
    number: u64,
    /// Of how many.
    of: u64,
}

impl Shard {
    /// The scenarios of it: the parts differ by one scenario at most.
    fn range(self, count: u64) -> (u64, u64) {
        let edge = |number: u64| {
            let edge = u128::from(count) * u128::from(number) / u128::from(self.of);
            // At most the count.
            u64::try_from(edge).unwrap_or(count)
        };
        (edge(self.number - 1), edge(self.number))
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let wrong = || "not a part such as 3/8".to_owned();
    let (number, of) = text.split_once('/').ok_or_else(wrong)?;
    let (number, of) = (number.parse().map_err(|_| wrong())?, of.parse().map_err(|_| wrong())?);
    if (1..=of).contains(&number) { Ok(Shard { number, of }) } else { Err(wrong()) }
}

/// Runs the command; scripts repeat it as it was said.
pub fn run(arguments: &Arguments, said: &[OsString], console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let (Some(folder), Some(shards)) = (&arguments.scripts, arguments.shards) {
        return scripts::write(folder, said, shards, console);
    }
    let opened = arguments.portfolio.open(&arguments.objective)?;
    let (scenarios, warnings) = opened.scenarios(&arguments.scenarios)?;
    opened.texts.warn(&opened.warnings, console)?;
    opened.texts.warn(&warnings, console)?;
    if arguments.list {
        return list::list(&opened.inputs, &scenarios, arguments.first, console);
    }
    let Some(out) = &arguments.out else {
        return Err(Failure::Usage("a batch needs --out DIR".to_owned()));
    };
    let threads = arguments.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::Internal(format!("no threads: {error}")))?;
    planned(arguments, opened, &scenarios, out, &pool, console)
}

/// Plans the scenarios into a folder.
fn planned(
    arguments: &Arguments,
    opened: Opened,
    scenarios: &dyn ScenarioSource,
    out: &Path,
    pool: &rayon::ThreadPool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let known = known(arguments, out)?;
    // To plan the base may take long: whether there is room for results is asked first.
    OutputFolder::prepare(out)?;
    let settings = BatchSettings {
        run: RunSettings {
            backend: arguments.solver.into(),
            effort: arguments.effort.of_run(),
            ..RunSettings::default()
        },
        scenario_limit: arguments.time_limit.map(Duration::from_secs),
        no_cache: arguments.no_cache,
    };
    let inputs_key = opened.inputs.fingerprint();
    let Opened { inputs, measures, texts, .. } = opened;
    let engine = pool.install(|| Engine::new(inputs, settings));
    let engine = engine.map_err(|error| Failure::of_run(error, &texts))?;
    let base = engine.base();
    let count = scenarios.len();
    let manifest = Manifest {
        format: manifest::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: inputs_key,
        scenarios: fingerprint(&arguments.scenarios)?,
        asked: asked(arguments),
        count,
        measures,
        base_grant: base.totals.grant,
        range: arguments.shard.map_or((0, count), |shard| shard.range(count)),
        complete: false,
    };
    let mut folder = match &known {
        None => BatchFolder::begin(out, &manifest)?,
        Some(known) => {
            if let Some(what) = known.differs(&manifest) {
                return Err(Failure::Usage(format!(
                    "the batch in '{}' cannot go on: {what} changed since it began; choose another folder with --out",
                    out.display()
                )));
            }
            if known.range != manifest.range {
                return Err(Failure::Usage(format!(
                    "the batch in '{}' is of other scenarios: it goes on with the --shard it began with",
                    out.display()
                )));
            }
            if known.complete {
                console.message("nothing is left to do: the batch is complete")?;
                return told(out, &Summary::of(out, "", known)?, console);
            }
            BatchFolder::resume(out, &manifest)?
        }
    };

    let range = folder.next()..manifest.range.1;
    let progress = Progress::default();
    let stop = interrupted();
    let work = || pool.install(|| stream(&engine, scenarios, range.clone(), &mut folder, &stop, &progress));
    let ended = watched(work, range.end - range.start, &progress, &engine, console)?;
    if let Ended::Stopped(next) = ended.map_err(Failure::Unfinished)? {
        console.message(&format!(
            "stopped: {} of {} scenarios are done; go on with the same command and --resume",
            next - manifest.range.0,
            manifest.range.1 - manifest.range.0
        ))?;
        return Ok(Exit::Weaker);
    }
    let summary =
        Summary::of(out, ".part", &manifest).map_err(|error| Failure::Internal(error.to_string()))?;
    write_file(&out.join(summary::FILE), summary.json().as_bytes())?;
    #[cfg(feature = "parquet")]
    crate::report::batch::parquet::write(out, ".part", &manifest)?;
    folder.finish(&manifest)?;
    told(out, &summary, console)
}

/// The batch that the folder holds already, where it goes on.
fn known(arguments: &Arguments, out: &Path) -> Result<Option<Manifest>, Failure> {
    if !Manifest::is_in(out) {
        return Ok(None);
    }
    if !arguments.resume {
        return Err(Failure::Usage(format!(
            "'{}' holds a batch already: go on with it by --resume, or choose another folder",
            out.display()
        )));
    }
    Ok(Some(Manifest::read(out)?))
}

/// What the command says.
fn asked(arguments: &Arguments) -> Asked {
    let PortfolioArguments { folder, catalogue, as_of, assume_open, reissue, grant } = &arguments.portfolio;
    Asked {
        portfolio: folder.clone(),
        measures: catalogue.measures.clone(),
        scenarios: arguments.scenarios.clone(),
        settings: Settings {
            as_of: *as_of,
            objective: arguments.objective.objective.map(|objective| objective.name().to_owned()),
            assume_open: *assume_open,
            reissue: reissue.clone(),
            grant: grant.clone(),
            solver: arguments.solver.name().to_owned(),
            time_limit: arguments.time_limit,
            effort: arguments.effort.effort,
        },
    }
}

/// Set when somebody asks the program to stop; a second time stops it at once.
fn interrupted() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let handler = move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    // Where no handler can be set (another one is), the batch ends as any program does: what was committed is safe.
    let _ = ctrlc::set_handler(handler);
    stop
}

/// The summary, for people.
fn told(out: &Path, summary: &Summary, console: &mut Console<'_>) -> Result<Exit, Failure> {
    for file in TABLES.into_iter().chain([summary::FILE, manifest::FILE]) {
        console.message(&format!("written: {}", out.join(file).display()))?;
    }
    console.data(&comparison::overview(summary, console.page()))?;
    let near = summary.planned == 0 || summary.widest_gap.is_some_and(|gap| gap <= Money::from_cents(100));
    Ok(if near && summary.failed == 0 { Exit::Verified } else { Exit::Weaker })
}
