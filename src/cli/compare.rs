//! `grantfolio compare`: what the scenarios of a batch say together, and which plan is the safest.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;

use super::inputs::{
    CatalogueArguments, ObjectiveArguments, PortfolioArguments, Texts, fingerprint, objective,
};
use super::{Console, Exit, Failure};
use crate::engine::batch::{BatchSettings, Candidates, Engine, Failed};
use crate::load::scenarios::scenarios;
use crate::money::{Money, MoneyError};
use crate::report::batch::comparison::{self, Candidate, Comparison};
use crate::report::batch::manifest::{Asked, Manifest};
use crate::report::batch::reading::each;
use crate::report::batch::summary::{PlanUse, Summary, mean};
use crate::scenario::ScenarioSource;

/// Compare the scenarios of a batch: what matters, what stands, which plan is the safest
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder of a complete batch
    #[arg(value_name = "OUT")]
    folder: PathBuf,
    /// How many plans, the most frequent first, are held against all scenarios; 0 for none
    #[arg(long, value_name = "N", default_value_t = 5)]
    plans: usize,
    /// How many rows long tables have
    #[arg(long, value_name = "N", default_value_t = 15)]
    rows: usize,
    /// What is printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Reads the tables, plans what is needed again, compares.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    let manifest = Manifest::read(folder)?;
    if !manifest.complete {
        let message =
            format!("the batch in '{}' is not complete: go on with it by --resume", folder.display());
        return Err(Failure::Usage(message));
    }
    let summary = Summary::of(folder, "", &manifest)?;
    let candidates = if arguments.plans == 0 || summary.planned == 0 {
        None
    } else {
        match held(arguments, &manifest, &summary) {
            Ok(candidates) => Some(candidates),
            Err(Unheld::Failure(failure)) => return Err(failure),
            Err(Unheld::Changed(what)) => {
                console.message(&format!("no plan is held against the scenarios: {what}"))?;
                None
            }
        }
    };
    let comparison = Comparison {
        swings: comparison::swings(folder)?,
        shaken: comparison::shaken(folder, summary.planned)?,
        summary,
        candidates,
    };
    let text = match arguments.format {
        Format::Table => comparison::table(&comparison, arguments.rows, console.page()),
        Format::Json => comparison.json(),
    };
    console.data(&text)?;
    Ok(Exit::Verified)
}

/// Why no plan is held against the scenarios.
enum Unheld {
    Failure(Failure),
    /// What is other than when the batch ran.
    Changed(String),
}

impl From<Failure> for Unheld {
    fn from(failure: Failure) -> Unheld {
        Unheld::Failure(failure)
    }
}

/// The plan of the base and the most frequent others, each in every scenario that has a plan.
fn held(arguments: &Arguments, manifest: &Manifest, summary: &Summary) -> Result<Vec<Candidate>, Unheld> {
    let Asked { portfolio, measures, scenarios: files, settings } = &manifest.asked;
    let arguments_then = PortfolioArguments {
        folder: portfolio.clone(),
        catalogue: CatalogueArguments { measures: measures.clone() },
        as_of: settings.as_of,
        assume_open: settings.assume_open,
        reissue: settings.reissue.clone(),
        grant: settings.grant.clone(),
    };
    let changed = |what: &str| {
        Unheld::Changed(format!("{what} is not what it was when the batch ran, or not where it was"))
    };
    let maximised = ObjectiveArguments { objective: settings.objective.as_deref().map(objective) };
    // Files that are gone, or cannot be read any more, are other files.
    let opened = arguments_then.open(&maximised).map_err(|_| changed("the portfolio"))?;
    if opened.inputs.fingerprint() != manifest.inputs {
        return Err(changed("the portfolio or a measure"));
    }
    if fingerprint(files).map_err(|_| changed("a file of scenarios"))? != manifest.scenarios {
        return Err(changed("a file of scenarios"));
    }
    // They are those of the batch, which has held every one against the portfolio.
    let (scenarios, _) = scenarios(files).map_err(|report| Failure::Input(report, Texts::of(None)))?;
    let failed = |failed: Failed| Unheld::Failure(Failure::Internal(failed.to_string()));
    let engine = Engine::new(opened.inputs, BatchSettings::default())
        .map_err(|error| Unheld::Failure(Failure::Internal(error.to_string())))?;

    let others: Vec<&PlanUse> =
        summary.plans.iter().filter(|plan| plan.plan != "base").take(arguments.plans).collect();
    let numbers = numbers(&scenarios, &others);
    let overrides: Vec<_> = numbers.iter().map(|number| scenarios.get(*number).overrides).collect();
    let candidates = Candidates::new(&engine, &overrides).map_err(failed)?;
    let mut tallies = vec![Tally::default(); others.len() + 1];
    each_wave(&arguments.folder, &scenarios, &candidates, |objective, worths| {
        for (tally, worth) in tallies.iter_mut().zip(worths) {
            tally.add(objective, *worth);
        }
    })?;
    let base = PlanUse {
        plan: "base".to_owned(),
        scenarios: summary.plans.iter().find(|plan| plan.plan == "base").map_or(0, |plan| plan.scenarios),
        first: "base".to_owned(),
    };
    let plans = std::iter::once(&base).chain(others);
    Ok(plans.zip(tallies).map(|(plan, tally)| tally.candidate(plan)).collect())
}

/// So many scenarios are in memory at a time.
const WAVE: usize = 1024;

/// The numbers of the scenarios that plans were first found in.
fn numbers(scenarios: &dyn ScenarioSource, plans: &[&PlanUse]) -> Vec<u64> {
    let mut found: Vec<Option<u64>> = vec![None; plans.len()];
    for number in 0..scenarios.len() {
        let name = scenarios.get(number).name;
        if let Some(at) = plans.iter().position(|plan| plan.first == name) {
            found[at] = Some(number);
            if found.iter().all(Option::is_some) {
                break;
            }
        }
    }
    // The scenarios are those of the batch: each plan has one.
    found.into_iter().flatten().collect()
}

/// Gives what each candidate is worth in every planned scenario, with the scenario's own optimum, to `take`.
fn each_wave(
    folder: &Path,
    scenarios: &dyn ScenarioSource,
    candidates: &Candidates<'_>,
    mut take: impl FnMut(Money, &[Money]),
) -> Result<(), Unheld> {
    let mut rows: Vec<(String, Money)> = Vec::new();
    let mut next = 0;
    let mut wave = |rows: &mut Vec<(String, Money)>| -> Result<(), Failed> {
        let mut known = Vec::with_capacity(rows.len());
        for (name, objective) in rows.drain(..) {
            // Rows stand in the order of the scenarios; those between have no plan.
            while next < scenarios.len() {
                let scenario = scenarios.get(next);
                next += 1;
                if scenario.name == name {
                    known.push((objective, scenario.overrides));
                    break;
                }
            }
        }
        let worths =
            known.par_iter().map(|(objective, overrides)| Ok((*objective, candidates.worths(overrides)?)));
        for (objective, worths) in worths.collect::<Result<Vec<_>, Failed>>()? {
            take(objective, &worths);
        }
        Ok(())
    };
    let mut trouble = None;
    let read = each(&folder.join("results.csv"), ["scenario", "objective"], |[scenario, objective]| {
        rows.push((scenario.to_owned(), objective.parse().map_err(|error: MoneyError| error.to_string())?));
        if rows.len() == WAVE
            && let Err(failed) = wave(&mut rows)
        {
            trouble.get_or_insert(failed);
        }
        Ok(())
    });
    read.map_err(Failure::from)?;
    let last = wave(&mut rows);
    match trouble.or(last.err()) {
        Some(failed) => Err(Unheld::Failure(Failure::Internal(failed.to_string()))),
        None => Ok(()),
    }
}

/// What a plan comes to over the scenarios.
#[derive(Clone, Debug, Default)]
struct Tally {
    scenarios: usize,
    sum: i128,
    regrets: i128,
    worst: Option<Money>,
    largest_regret: Option<Money>,
}

impl Tally {
    fn add(&mut self, objective: Money, worth: Money) {
        let regret = objective - worth;
        self.scenarios += 1;
        self.sum += i128::from(worth.cents());
        self.regrets += i128::from(regret.cents());
        self.worst = Some(self.worst.map_or(worth, |worst| worst.min(worth)));
        self.largest_regret = self.largest_regret.max(Some(regret));
    }

    fn candidate(self, plan: &PlanUse) -> Candidate {
        Candidate {
            plan: plan.plan.clone(),
            from: plan.first.clone(),
            scenarios: plan.scenarios,
            mean: mean(self.sum, self.scenarios),
            mean_regret: mean(self.regrets, self.scenarios),
            worst: self.worst.unwrap_or_default(),
            largest_regret: self.largest_regret.unwrap_or_default(),
        }
    }
}
