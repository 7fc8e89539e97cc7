//! `grantfolio check`: everything that can be said without solving.

use super::inputs::{Inputs, ObjectiveArguments, PortfolioArguments};
use super::{Console, Exit, Failure};
use crate::eligibility::{Eligibility, eligibility, questions};
use crate::report::{Page, diagnostics, eligibility as matrix, portfolio, questions as open};

/// Read everything, show what is wrong or missing and which expense may enter which measure; solve nothing
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    portfolio: PortfolioArguments,
    /// Print only the questions to the client, ready to be sent
    #[arg(long)]
    questions: bool,
    /// What is printed: tables to read, or diagnostics for programs; with --questions a letter, or the questions for programs
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    /// Questions only
    Csv,
}

/// Here diagnostics are the data, unless the questions alone are asked for.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if arguments.questions {
        return ask(arguments, console);
    }
    if arguments.format == Format::Csv {
        return Err(Failure::Usage("only questions are printed as CSV; add --questions".to_owned()));
    }
    let page = console.page();
    let loaded = arguments.portfolio.load(&ObjectiveArguments::default());
    let (report, texts, inputs) = match loaded {
        Ok(inputs) => (inputs.warnings.clone(), inputs.texts.clone(), Some(inputs)),
        Err(Failure::Input(report, texts)) => (report, texts, None),
        Err(other) => return Err(other),
    };
    let found = match inputs {
        None => Err(report),
        Some(inputs) => match understood(&inputs, page) {
            Ok(text) => Ok((report, text)),
            Err(overlaps) => Err(overlaps),
        },
    };
    let (report, text, exit) = match found {
        Ok((warnings, text)) => (warnings, text, Exit::Verified),
        Err(report) => (report, String::new(), Exit::Input),
    };
    let answer = if arguments.format == Format::Json {
        diagnostics::json(&report, &|file| texts.text(file))
    } else {
        let drawn = diagnostics::drawn(&report, &|file| texts.text(file), console.width, console.colours);
        format!("{drawn}{text}")
    };
    console.data(&answer)?;
    Ok(exit)
}

/// Only what to ask the client.
fn ask(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let inputs = arguments.portfolio.load(&ObjectiveArguments::default())?;
    inputs.warn(console)?;
    let found = eligibility(&inputs.portfolio, &inputs.measures).map_err(|report| inputs.failure(report))?;
    let page = console.page();
    let asks = asked(&inputs, &found, page);
    let answer = match arguments.format {
        Format::Table => open::letter(&asks, &inputs.portfolio, &inputs.measures, page).into_bytes(),
        Format::Json => open::json(&asks).into_bytes(),
        Format::Csv => open::csv(&asks),
    };
    console.out.write_all(&answer)?;
    console.out.flush()?;
    Ok(Exit::Verified)
}

fn asked(inputs: &Inputs, found: &Eligibility, page: Page) -> Vec<open::Ask> {
    let Inputs { portfolio, measures, .. } = inputs;
    open::asks(&questions(portfolio, measures), found, portfolio, measures, page.language)
}

fn understood(inputs: &Inputs, page: Page) -> Result<String, crate::diagnostics::Report> {
    let Inputs { portfolio, measures, .. } = inputs;
    let found = eligibility(portfolio, measures)?;
    let sections = [
        ("Portfolio as understood", portfolio::understood(portfolio, measures, page)),
        ("Which expense may enter which measure", matrix::matrix(portfolio, measures, &found, page)),
        ("Questions to be answered", open::open(&asked(inputs, &found, page), page)),
        ("Taken for granted, to be checked", open::assumed(measures, &found, page)),
    ];
    let text: String = sections.iter().map(|(title, body)| page.section(title, body)).collect();
    Ok(text.trim_start_matches('\n').to_owned())
}
