//! `grantfolio assess`: what one measure would grant on everything that may enter it.

use super::inputs::{ObjectiveArguments, PortfolioArguments, measure};
use super::{Console, Exit, Failure};
use crate::engine::assess_in_full;
use crate::ids::MeasureId;
use crate::report::{eligibility as matrix, sheet};

/// Put every eligible expense of each project to one measure, and show the authority's computation
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    /// The measure
    #[arg(long, value_name = "ID")]
    measure: MeasureId,
    /// What is printed: sheets to read, or the same for programs
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

/// One sheet a project.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let inputs = arguments.portfolio.load(&ObjectiveArguments::default())?;
    inputs.warn(console)?;
    let measure = measure(&inputs.measures, &arguments.measure)?;
    let (assessed, found) =
        assess_in_full(&inputs.portfolio, measure).map_err(|report| inputs.failure(report))?;
    let answer = match arguments.format {
        Format::Json => sheet::json(assessed.iter().map(|a| &a.sheet)),
        Format::Table => {
            let page = console.page();
            let sheets: Vec<String> = assessed.iter().map(|a| sheet::table(&a.sheet, page)).collect();
            let refused = matrix::refused(std::slice::from_ref(measure), &found, page);
            let gap = if sheets.is_empty() || refused.is_empty() { "" } else { "\n" };
            format!("{}{gap}{refused}", sheets.join("\n"))
        }
    };
    console.data(&answer)?;
    Ok(Exit::Verified)
}
