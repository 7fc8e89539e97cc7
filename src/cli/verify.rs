//! `grantfolio verify`: an independent check of a result, this program's or one edited by hand.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::inputs::{ObjectiveArguments, PortfolioArguments};
use super::{Console, Exit, Failure};
use crate::report::json;

/// Recompute every figure of a result on its own, and name each that the rules do not bear out
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    #[command(flatten)]
    objective: ObjectiveArguments,
    /// The result document
    #[arg(value_name = "RESULT.json")]
    result: PathBuf,
}

/// Valid or not, and why not.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let inputs = arguments.portfolio.load(&arguments.objective)?;
    inputs.warn(console)?;
    let name = arguments.result.display();
    let text = std::fs::read_to_string(&arguments.result)
        .map_err(|error| Failure::Usage(format!("cannot read '{name}': {error}")))?;
    let document = json::read(&text)
        .map_err(|error| Failure::Usage(format!("'{name}' is not a result of this format: {error}")))?;
    let violations = crate::verify::verify(&inputs.portfolio, &inputs.measures, &document);
    if violations.is_empty() {
        console.data(&format!("valid: every figure of {name} follows from its decisions and the rules\n"))?;
        return Ok(Exit::Verified);
    }
    let mut answer = String::new();
    for violation in &violations {
        let _ = writeln!(answer, "{violation}");
    }
    let _ = writeln!(answer, "not valid: {} violations", violations.len());
    console.data(&answer)?;
    Ok(Exit::Weaker)
}
