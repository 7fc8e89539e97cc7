//! `grantfolio verify`: an independent check of a result, this program's or one edited by hand.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::inputs::{ObjectiveArguments, PortfolioArguments, Texts};
use super::{Console, Exit, Failure};
use crate::certificate::Certificate;
use crate::engine::certificate::{By, Checked, Follows, check};
use crate::load::certificate::certificate;
use crate::report::diagnostics::{plain, so_many};
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
    /// Check that the bound of the result follows from this certificate, without any solver
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
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
    let certificate = arguments.certificate.as_deref().map(certificate).transpose();
    let certificate = certificate.map_err(|report| Failure::Input(report, Texts::of(None)))?;
    let violations = crate::verify::verify(&inputs.portfolio, &inputs.measures, &document);
    let mut answer = String::new();
    for violation in &violations {
        let _ = writeln!(answer, "{violation}");
    }
    let mut valid = violations.is_empty();
    if valid {
        let _ = writeln!(answer, "valid: every figure of {name} follows from its decisions and the rules");
    } else {
        let _ = writeln!(answer, "not valid: {} violations", violations.len());
    }
    if let (Some(certificate), Some(path)) = (&certificate, &arguments.certificate) {
        let file = path.display().to_string();
        let checked = check(&inputs.portfolio, &inputs.measures, &document, certificate, &file)
            .map_err(|report| inputs.failure(report))?;
        answer.push_str(&checks(&checked, certificate, &file));
        valid &= checked.report.is_empty();
    }
    console.data(&answer)?;
    Ok(if valid { Exit::Verified } else { Exit::Weaker })
}

/// What was found of a certificate: a line for each group whose bound follows, what does not hold, and what comes of it.
fn checks(checked: &Checked, certificate: &Certificate, file: &str) -> String {
    let mut text = String::new();
    for (number, Follows { applications, bound, by }) in &checked.groups {
        let said = bound.map_or_else(|| "no bound".to_owned(), |bound| format!("at most {bound}"));
        let by = match by {
            By::Tree { nodes } => format!("a tree of {}", so_many(*nodes, "node")),
            By::Narrowed { steps, nodes } => {
                let (nodes, steps) = (so_many(*nodes, "node"), so_many(*steps, "step"));
                format!("a tree of {nodes} over what is left of points worth more after {steps}")
            }
            By::Prices { blocks, nodes } => {
                format!("prices, and trees of {} over {}", so_many(*nodes, "node"), so_many(*blocks, "block"))
            }
            By::Search => "a search over every plan, done again".to_owned(),
            By::Nothing => "nothing: the certificate claims none, and none was checked".to_owned(),
        };
        let _ = writeln!(text, "group {}, {}: {said}, by {by}", number + 1, applications.join(", "));
    }
    text.push_str(&plain(&checked.report));
    let problems = checked.report.diagnostics().len();
    let _ = match (problems, certificate.bound) {
        (0, Some(bound)) => writeln!(text, "proven: no plan is worth more than {bound}, as {file} shows"),
        (0, None) => writeln!(text, "not proven: {file} claims no bound, nor does the result"),
        _ => writeln!(text, "not proven: {problems} of what {file} says does not hold"),
    };
    text
}
