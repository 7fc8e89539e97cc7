//! `grantfolio check`: everything that can be said without solving.

use super::inputs::{Inputs, ObjectiveArguments, PortfolioArguments};
use super::{Console, Exit, Failure};
use crate::eligibility::{eligibility, questions};
use crate::report::{diagnostics, eligibility as matrix, portfolio, questions as open};

/// Read everything, show what is wrong or missing and which expense may enter which measure; solve nothing
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    /// What is printed: tables to read, or diagnostics for programs
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Here diagnostics are the data.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let loaded = arguments.portfolio.load(&ObjectiveArguments::default());
    let (report, texts, inputs) = match loaded {
        Ok(inputs) => (inputs.warnings.clone(), inputs.texts.clone(), Some(inputs)),
        Err(Failure::Input(report, texts)) => (report, texts, None),
        Err(other) => return Err(other),
    };
    let found = match inputs {
        None => Err(report),
        Some(inputs) => match understood(&inputs, console.width) {
            Ok(text) => Ok((report, text)),
            Err(overlaps) => Err(overlaps),
        },
    };
    let (report, text, exit) = match found {
        Ok((warnings, text)) => (warnings, text, Exit::Verified),
        Err(report) => (report, String::new(), Exit::Input),
    };
    let answer = match arguments.format {
        Format::Json => diagnostics::json(&report),
        Format::Table => {
            let drawn = diagnostics::drawn(&report, &|file| texts.text(file), console.width, console.colours);
            format!("{drawn}{text}")
        }
    };
    console.data(&answer)?;
    Ok(exit)
}

fn understood(inputs: &Inputs, width: u16) -> Result<String, crate::diagnostics::Report> {
    let Inputs { portfolio, measures, .. } = inputs;
    let found = eligibility(portfolio, measures)?;
    let sections = [
        ("Portfolio as understood", portfolio::understood(portfolio, width)),
        ("Which expense may enter which measure", matrix::matrix(portfolio, measures, &found, width)),
        ("Questions to be answered", open::open(&questions(portfolio, measures), width)),
        ("Taken for granted, to be checked", open::assumed(measures, &found, width)),
    ];
    let mut text = String::new();
    for (title, body) in sections.iter().filter(|(_, body)| !body.is_empty()) {
        let gap = if text.is_empty() { "" } else { "\n" };
        text = format!("{text}{gap}{title}\n\n{body}");
    }
    Ok(text)
}
