//! `grantfolio measures new`: asks what a simple call says and writes the measure file.
//!
//! Each answer comes from an option or from standard input, one line a question; an empty line, or the end of the input, is the default.
//! Whoever sits at a terminal is asked again after a bad answer; a pipe cannot be asked again, so there it is an error.

mod answers;
mod written;

use std::path::PathBuf;

use super::{Console, Exit, Failure};
use crate::report::files::write_file;
use answers::{Answers, QUESTIONS, Question};

/// Options in the place of answers: whatever is given is not asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Arguments {
    /// The file to be written; the measure is called after it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Name of the call
    #[arg(long)]
    name: Option<String>,
    /// Who grants
    #[arg(long)]
    authority: Option<String>,
    /// State-aid regime, as `de_minimis:2023/2831` or `gber:28`
    #[arg(long)]
    regime: Option<String>,
    /// Sizes that may apply, separated by commas: micro, small, medium, midcap, large
    #[arg(long, value_name = "SIZES")]
    sizes: Option<String>,
    /// Region of the operating site, or `any`
    #[arg(long)]
    region: Option<String>,
    /// Categories of cost, separated by commas
    #[arg(long, value_name = "CATEGORIES")]
    costs: Option<String>,
    /// Share of the costs that is granted, in per cent
    #[arg(long, value_name = "PERCENT")]
    rate: Option<String>,
    /// Least admitted cost in euro, or `none`
    #[arg(long, value_name = "EUR")]
    minimum: Option<String>,
    /// Highest grant in euro, or `none`
    #[arg(long, value_name = "EUR")]
    cap: Option<String>,
    /// First day to apply, as 2026-01-31, or `none` while it is not known
    #[arg(long, value_name = "DATE")]
    opens: Option<String>,
    /// Last day to apply, or `none`
    #[arg(long, value_name = "DATE")]
    closes: Option<String>,
    /// Orders before filing: allowed, line (exclude the expense), application (exclude everything)
    #[arg(long, value_name = "EFFECT")]
    early_order: Option<String>,
    /// Last day to pay: a day, a span after the grant such as `18 months`, or `none`
    #[arg(long, value_name = "TERM")]
    pay_by: Option<String>,
    /// Take the default for whatever has no option, and ask nothing
    #[arg(long)]
    defaults: bool,
}

impl Arguments {
    fn given(&self, option: &str) -> Option<&str> {
        let given = match option {
            "name" => &self.name,
            "authority" => &self.authority,
            "regime" => &self.regime,
            "sizes" => &self.sizes,
            "region" => &self.region,
            "costs" => &self.costs,
            "rate" => &self.rate,
            "minimum" => &self.minimum,
            "cap" => &self.cap,
            "opens" => &self.opens,
            "closes" => &self.closes,
            "early-order" => &self.early_order,
            "pay-by" => &self.pay_by,
            _ => &None,
        };
        given.as_deref()
    }
}

/// Asks, writes, and checks what it wrote with the reader of measure files.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let file = &arguments.file;
    let shown = file.display();
    if file.exists() {
        return Err(Failure::Usage(format!(
            "'{shown}' is already there; name a new file, nothing was written"
        )));
    }
    let id = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let mut answers = Answers::of(id).map_err(|problem| Failure::Usage(format!("'{shown}': {problem}")))?;
    for question in QUESTIONS {
        answer(question, arguments, &mut answers, console)?;
    }
    let text = written::file(&answers);
    // Good answers make a good file; if not, the program is wrong, not the user.
    if let Err(report) = crate::load::measures::measure(&shown.to_string(), &text) {
        let problems = crate::report::diagnostics::plain(&report);
        return Err(Failure::Internal(format!("the measure written does not read:\n{problems}")));
    }
    write_file(file, text.as_bytes())?;
    console.message(&format!("written: {shown}"))?;
    let next = format!(
        "next: fill in every `ref` with the words of the call, then\n      grantfolio measures check {shown}\n"
    );
    console.data(&next)?;
    Ok(Exit::Verified)
}

fn answer(
    question: &Question,
    arguments: &Arguments,
    answers: &mut Answers,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let wrong = |problem: String| Failure::Usage(format!("--{}: {problem}", question.option));
    if let Some(text) = arguments.given(question.option) {
        return (question.take)(answers, text.trim()).map_err(wrong);
    }
    loop {
        let line = if arguments.defaults { None } else { line(question, console)? };
        let text = line.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let taken = match (text, question.default) {
            (Some(text), _) | (None, Some(text)) => (question.take)(answers, text),
            (None, None) => Err("needs an answer".to_owned()),
        };
        match taken {
            Ok(()) => return Ok(()),
            Err(problem) if console.asks && line.is_some() => console.message(&format!("  {problem}"))?,
            Err(problem) => {
                let remedy = format!("give --{} or mend that line of the input", question.option);
                return Err(Failure::Usage(format!("'{}': {problem}; {remedy}", question.words)));
            }
        }
    }
}

/// One line of the input; none at its end.
fn line(question: &Question, console: &mut Console<'_>) -> Result<Option<String>, Failure> {
    if console.asks {
        let default = question.default.map(|default| format!(" [{default}]")).unwrap_or_default();
        console.err.write_all(format!("{}{default}: ", question.words).as_bytes())?;
        console.err.flush()?;
    }
    let mut line = String::new();
    let read = std::io::BufRead::read_line(&mut *console.input, &mut line)
        .map_err(|error| Failure::Usage(format!("the answers cannot be read: {error}")))?;
    Ok((read > 0).then_some(line))
}
