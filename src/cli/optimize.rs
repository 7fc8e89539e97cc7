//! `grantfolio optimize`: the best plan, its proof, its reasons.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use super::inputs::{Inputs, ObjectiveArguments, PortfolioArguments};
use super::solver::{EffortArguments, LONGEST, Solver};
use super::{Console, Exit, Failure};
use crate::allocation::{Document, Proof, Status};
use crate::dates::Span;
use crate::engine::alternatives::{self, Base};
use crate::engine::{Run, RunSettings, certificate};
use crate::ids::MeasureId;
use crate::load::measures::doubted;
use crate::money::Money;
use crate::report::certificate::lines;
use crate::report::files::{OutputFolder, Rendered, try_file, write_file};
use crate::report::what_if::{self, WhatIf};
use crate::report::{ReportModel, csv, json, table};

/// Find the plan with the highest grant, prove it and explain it
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    #[command(flatten)]
    objective: ObjectiveArguments,
    /// Write result.json, applications.csv, allocation.csv, reasons.csv and timings.csv to this folder; doubts.csv, later.csv, delay.csv where asked for
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is printed: tables to read, the result document, or the allocation
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Which solver
    #[arg(long, value_enum, default_value_t = Solver::Auto)]
    solver: Solver,
    /// Seconds for each independent part of the portfolio; the best plan by then is published with its gap
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(1..=LONGEST))]
    time_limit: Option<u64>,
    #[command(flatten)]
    effort: EffortArguments,
    /// Widest gap, in euro, that still counts as success
    #[arg(long, value_name = "EUR", default_value = "1", value_parser = amount)]
    gap: Money,
    /// Weakest proof that still counts as success
    #[arg(long, value_enum)]
    require: Option<Require>,
    /// Write the proof of the bound to this file, for `verify --certificate`
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Plan again with every other reading of every doubtful rule, and show what each would change
    #[arg(long)]
    doubts: bool,
    /// Plan again with grants on each day on which a ledger that stands in the way has more room
    #[arg(long)]
    later: bool,
    /// Plan again with everything filed and granted later by a span such as "3 months" or 3-months, and show what that would cost
    #[arg(long, value_name = "SPAN", value_parser = span)]
    delay: Option<Span>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Require {
    /// The bound was recomputed exactly and met
    Certified,
    /// Proven the best by any means
    Optimal,
}

fn amount(text: &str) -> Result<Money, String> {
    let amount: Money = text.parse().map_err(|e: crate::money::MoneyError| e.to_string())?;
    if amount < Money::ZERO { Err("below zero".to_owned()) } else { Ok(amount) }
}

fn span(text: &str) -> Result<Span, String> {
    // With a hyphen it needs no quotes; one in front would be a minus.
    let words = if text.starts_with('-') { text.to_owned() } else { text.replace('-', " ") };
    let span = Span::parse(&words).filter(|span| *span != Span::default());
    span.ok_or_else(|| "not a span such as '3 months' or '30 days'".to_owned())
}

/// Loads, solves, writes, prints.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let asks = arguments.doubts || arguments.later || arguments.delay.is_some();
    if asks && matches!(arguments.format, Format::Csv) && arguments.out.is_none() {
        let message = "--format csv prints the allocation only; add --out, or take another format";
        return Err(Failure::Usage(message.to_owned()));
    }
    let inputs = arguments.portfolio.load(&arguments.objective)?;
    inputs.warn(console)?;
    // Before the long run, not after it.
    let folder = arguments.out.as_deref().map(OutputFolder::prepare).transpose()?;
    let settings = RunSettings {
        backend: arguments.solver.into(),
        time_limit: arguments.time_limit.map(Duration::from_secs),
        effort: arguments.effort.of_run(),
        ..RunSettings::default()
    };
    let failed = |error| Failure::of_run(error, &inputs.texts);
    let (run, proof) = if let Some(file) = &arguments.certificate {
        try_file(file)?;
        let (run, proof) =
            certificate::certified(&inputs.portfolio, &inputs.measures, &settings).map_err(failed)?;
        (run, Some((file, proof)))
    } else {
        (crate::engine::optimize(&inputs.portfolio, &inputs.measures, &settings).map_err(failed)?, None)
    };
    let what_if = what_if(arguments, &inputs, &run.document, &settings)?;
    let model = ReportModel {
        document: &run.document,
        portfolio: &inputs.portfolio,
        measures: &inputs.measures,
        language: console.language,
    };
    if let Some(folder) = &folder {
        let written = folder.write(&files(&model, &run, &what_if))?;
        for file in written {
            console.message(&format!("written: {}", file.display()))?;
        }
    }
    if let Some((file, proof)) = proof {
        write_file(file, lines(&proof).as_bytes())?;
        console.message(&format!("written: {}", file.display()))?;
    }
    let answer = match arguments.format {
        Format::Table => {
            let result = table::result(&model, console.width);
            format!("{result}{}", what_if::table(&model, &what_if, console.width)).into_bytes()
        }
        Format::Json if what_if.is_empty() => json::document(&run.document).into_bytes(),
        Format::Json => what_if::json(&run.document, &what_if).into_bytes(),
        Format::Csv => csv::allocation(&model),
    };
    console.out.write_all(&answer)?;
    console.out.flush()?;
    Ok(exit(&run.document, arguments.gap, arguments.require))
}

/// Everything that is asked for beside the plan.
fn what_if(
    arguments: &Arguments,
    inputs: &Inputs,
    document: &Document,
    settings: &RunSettings,
) -> Result<WhatIf, Failure> {
    let base = Base { portfolio: &inputs.portfolio, measures: &inputs.measures, document };
    let failed = |error| Failure::of_run(error, &inputs.texts);
    let mut what_if = WhatIf::default();
    if arguments.doubts {
        let excluded =
            |id: &MeasureId| inputs.portfolio.settings.measures.get(id).is_some_and(|own| own.excluded);
        let doubted = doubted(arguments.portfolio.catalogue.measures.as_deref(), &|id| !excluded(id))
            .map_err(|report| inputs.failure(report))?;
        what_if.doubts = Some(alternatives::doubts(base, &doubted, settings).map_err(failed)?);
    }
    if arguments.later {
        what_if.later = Some(alternatives::later(base, settings).map_err(failed)?);
    }
    if let Some(by) = arguments.delay {
        what_if.delay = Some(alternatives::delay(base, by, settings).map_err(failed)?);
    }
    Ok(what_if)
}

fn files(model: &ReportModel<'_>, run: &Run, what_if: &WhatIf) -> Vec<Rendered> {
    let plan = vec![
        ("result.json", json::document(model.document).into_bytes()),
        ("applications.csv", csv::applications(model)),
        ("allocation.csv", csv::allocation(model)),
        ("reasons.csv", csv::reasons(model)),
        ("timings.csv", csv::timings(&run.timings)),
    ];
    [plan, what_if::files(model, what_if)].concat()
}

/// Whether the plan is as good as asked for.
fn exit(document: &Document, most_gap: Money, require: Option<Require>) -> Exit {
    match document.status {
        Status::Infeasible => return Exit::Contradiction,
        Status::NoAnswer => return Exit::Weaker,
        Status::Optimal | Status::Feasible => {}
    }
    let near = document.gap.is_some_and(|gap| gap <= most_gap);
    let proven = match require {
        None => true,
        Some(Require::Optimal) => document.status == Status::Optimal,
        Some(Require::Certified) => document.status == Status::Optimal && document.proof == Proof::Certified,
    };
    if near && proven { Exit::Verified } else { Exit::Weaker }
}
