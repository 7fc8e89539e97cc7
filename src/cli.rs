//! Floor 7: the command line, a thin shell: arguments as typed, then a validated plan, then the library's work. One command a file.
//!
//! Data goes to standard output, messages to standard error. A reader who stops listening (a broken pipe) is no failure.

mod assess;
mod batch;
mod bench;
mod check;
mod compare;
mod console;
mod export;
mod failure;
mod init;
mod inputs;
mod measures;
pub mod memory;
mod merge;
mod optimize;
mod solver;
mod verify;

pub use console::Console;
pub use failure::{Exit, Failure};

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::report::Language;

/// Decides which expense goes under which funding measure, so that the total grant is the highest the rules allow.
#[derive(Debug, Parser)]
#[command(name = "grantfolio", version, about, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 verified, and as good as asked for; 1 answered, but not that good; 2 wrong input or usage; \
3 the decisions in force contradict the rules; 4 an error inside the program."
)]
struct Arguments {
    /// Language of tables and of the names of rules
    #[arg(long, global = true, value_enum, default_value_t = Language::En)]
    lang: Language,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Optimize(optimize::Arguments),
    Batch(batch::Arguments),
    Compare(compare::Arguments),
    Merge(merge::Arguments),
    Check(check::Arguments),
    Assess(assess::Arguments),
    Verify(verify::Arguments),
    Export(export::Arguments),
    Bench(bench::Arguments),
    Measures(measures::Arguments),
    Init(init::Arguments),
}

/// Runs the program with these arguments, its own name first, and says how to exit.
pub fn run<I, T>(arguments: I, console: &mut Console<'_>) -> Exit
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let said: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let done = match Arguments::try_parse_from(&said) {
        Ok(arguments) => {
            console.language = arguments.lang;
            dispatch(arguments.command, &said, console)
        }
        Err(error) => usage(&error, console),
    };
    done.unwrap_or_else(|failure| failure.told(console))
}

/// `said` is the command as it was typed.
fn dispatch(command: Command, said: &[OsString], console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Optimize(arguments) => optimize::run(&arguments, console),
        Command::Batch(arguments) => batch::run(&arguments, said, console),
        Command::Compare(arguments) => compare::run(&arguments, console),
        Command::Merge(arguments) => merge::run(&arguments, console),
        Command::Check(arguments) => check::run(&arguments, console),
        Command::Assess(arguments) => assess::run(&arguments, console),
        Command::Verify(arguments) => verify::run(&arguments, console),
        Command::Export(arguments) => export::run(&arguments, console),
        Command::Bench(arguments) => bench::run(&arguments, console),
        Command::Measures(arguments) => measures::run(&arguments, console),
        Command::Init(arguments) => init::run(&arguments, console),
    }
}

/// Help and version are answers; everything else that stops the parser is a mistake of usage.
fn usage(error: &clap::Error, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let text = error.render();
    if error.use_stderr() {
        console.message(&text.to_string())?;
        Ok(Exit::Input)
    } else {
        console.data(&text.to_string())?;
        Ok(Exit::Verified)
    }
}
