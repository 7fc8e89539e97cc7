//! `grantfolio measures`: the catalogue: list, show, check, test; a new measure, the schema for editors.

mod new;

use std::path::{Path, PathBuf};

use super::inputs::{CatalogueArguments, Texts, measure as named};
use super::{Console, Exit, Failure};
use crate::diagnostics::Report;
use crate::engine::examples;
use crate::ids::MeasureId;
use crate::load::measures::{NO_REFERENCE, Quotes, quotes};
use crate::measure::Measure;
use crate::report::examples::tested;
use crate::report::{diagnostics, measure as rendered};

/// The catalogue of measures: list, show, check, test; write a new one
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List every measure
    List {
        #[command(flatten)]
        catalogue: CatalogueArguments,
    },
    /// Show every rule of a measure, with the words it rests on
    Show {
        /// The measure
        id: MeasureId,
        #[command(flatten)]
        catalogue: CatalogueArguments,
    },
    /// Read measure files, hold their quotations against the source, and show every problem
    Check {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Folder of the texts that measures name as their sources: every quotation must stand there
        /// [default: that of the measure]
        #[arg(long, value_name = "DIR")]
        sources: Option<PathBuf>,
    },
    /// Ask what a simple call says, and write a measure file to begin with
    New(Box<new::Arguments>),
    /// Print the JSON Schema of measure files, for editors
    Schema,
    /// Run the worked examples of one measure or of all
    Test {
        /// The measure; all where none is named
        id: Option<MeasureId>,
        #[command(flatten)]
        catalogue: CatalogueArguments,
    },
}

/// One of them.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::List { catalogue } => {
            let measures = load(catalogue, console)?;
            console.data(&rendered::list(&measures, console.page()))?;
            Ok(Exit::Verified)
        }
        Command::Show { id, catalogue } => {
            let measures = load(catalogue, console)?;
            console.data(&rendered::full(named(&measures, id)?, console.page()))?;
            Ok(Exit::Verified)
        }
        Command::Check { files, sources } => check(files, sources.as_deref(), console),
        Command::New(arguments) => new::run(arguments, console),
        Command::Schema => {
            console.data(crate::load::measures::SCHEMA)?;
            Ok(Exit::Verified)
        }
        Command::Test { id, catalogue } => {
            let measures = load(catalogue, console)?;
            match id {
                Some(id) => test(std::slice::from_ref(named(&measures, id)?), console),
                None => test(&measures, console),
            }
        }
    }
}

fn load(catalogue: &CatalogueArguments, console: &mut Console<'_>) -> Result<Vec<Measure>, Failure> {
    let (measures, warnings) = catalogue.load()?;
    let texts = Texts::of(None);
    let drawn = diagnostics::drawn(&warnings, &|file| texts.text(file), console.width, console.colours);
    console.message(&drawn)?;
    Ok(measures)
}

fn check(files: &[PathBuf], sources: Option<&Path>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let texts = Texts::of(None);
    let mut exit = Exit::Verified;
    for file in files {
        let name = file.display().to_string();
        let (report, verdict) = match checked(file, sources) {
            Ok((report, verdict)) => (report, format!("good: {name} ({verdict})\n")),
            Err(report) => {
                exit = Exit::Input;
                (report, format!("bad: {name}\n"))
            }
        };
        let drawn = diagnostics::drawn(&report, &|file| texts.text(file), console.width, console.colours);
        console.data(&format!("{drawn}{verdict}"))?;
    }
    Ok(exit)
}

/// The warnings of a file, and what is good about it.
///
/// # Errors
/// A file that does not read, a rule without words of the source, words that do not stand there.
fn checked(file: &Path, sources: Option<&Path>) -> Result<(Report, String), Report> {
    let (measure, mut report) = crate::load::measures::measure_file(file)?;
    let beside = file.parent().unwrap_or(Path::new(""));
    let quoted = match quotes(file, sources.unwrap_or(beside)) {
        Ok(Quotes::Compared(count)) => format!("{count} quotations stand in the source"),
        Ok(Quotes::NoSource) => "no source to quote".to_owned(),
        Ok(Quotes::NoText(text)) => {
            format!("quotations not compared: '{}' is not there, see --sources", text.display())
        }
        Err(problems) => {
            report.extend(problems);
            String::new()
        }
    };
    let unquoted = report.diagnostics().iter().any(|problem| problem.code == NO_REFERENCE);
    if report.has_errors() || unquoted {
        Err(report)
    } else {
        Ok((report, format!("{}: {quoted}", measure.id)))
    }
}

/// A row an example, up to the first that fails: its differences and its computation are the end.
fn test(measures: &[Measure], console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut outcomes = Vec::new();
    for measure in measures {
        let run = examples(measure).map_err(|report| Failure::Input(report, Texts::of(None)))?;
        for outcome in run {
            let failed = !outcome.failures.is_empty();
            outcomes.push((&measure.id, outcome));
            if failed {
                console.data(&tested(&outcomes, console.page()))?;
                return Ok(Exit::Weaker);
            }
        }
    }
    console.data(&tested(&outcomes, console.page()))?;
    Ok(Exit::Verified)
}
