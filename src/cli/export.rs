//! `grantfolio export`: the exact model as text, for any other solver.

use std::path::{Path, PathBuf};

use super::inputs::{ObjectiveArguments, PortfolioArguments};
use super::{Console, Exit, Failure};
use crate::program::{lp, mps};
use crate::report::files::write_file;

/// Write the exact model with readable names, for another solver
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("form").required(true).multiple(true).args(["lp", "mps"]))]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    #[command(flatten)]
    objective: ObjectiveArguments,
    /// Write it in LP form; `-` is standard output
    #[arg(long, value_name = "FILE")]
    lp: Option<PathBuf>,
    /// Write it in free MPS form; `-` is standard output
    #[arg(long, value_name = "FILE")]
    mps: Option<PathBuf>,
}

/// Builds the model once and writes it in each form asked for.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let inputs = arguments.portfolio.load(&arguments.objective)?;
    inputs.warn(console)?;
    let program =
        crate::engine::model(&inputs.portfolio, &inputs.measures).map_err(|report| inputs.failure(report))?;
    let forms = [(&arguments.lp, lp::text as fn(_) -> _), (&arguments.mps, mps::text)];
    for (path, text) in forms {
        match path.as_deref() {
            Some(path) if path == Path::new("-") => console.data(&text(&program))?,
            Some(path) => write_file(path, text(&program).as_bytes())?,
            None => {}
        }
    }
    console.message(&format!("{} columns, {} rows", program.columns.len(), program.rows.len()))?;
    Ok(Exit::Verified)
}
