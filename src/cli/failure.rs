//! How a command ends.

use std::io;

use super::Console;
use super::inputs::Texts;
use crate::diagnostics::Report;
use crate::engine::RunError;
use crate::report::batch::manifest::NoBatch;
use crate::report::batch::reading::Unreadable;
use crate::report::diagnostics::drawn;
use crate::report::files::FilesError;

/// The exit codes: fixed, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done: for a plan, verified and as good as asked for.
    Verified = 0,
    /// Answered, but not that good: a wider gap, a weaker proof, a violation, a worked example that fails.
    Weaker = 1,
    /// Wrong input or usage.
    Input = 2,
    /// The decisions in force contradict the rules.
    Contradiction = 3,
    /// An error inside the program.
    Internal = 4,
}

impl Exit {
    /// The code.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Why a command did not come to an answer.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for makes no sense.
    Usage(String),
    /// Problems of input files, with what is needed to draw them.
    Input(Report, Texts),
    /// The decisions in force contradict the rules.
    Contradiction(String),
    /// Results cannot be written.
    Files(FilesError),
    /// Standard output or standard error cannot be written to.
    Stream(io::Error),
    /// Results of a long run cannot be written any further.
    Unfinished(io::Error),
    /// The program is wrong.
    Internal(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Stream(error)
    }
}

impl From<FilesError> for Failure {
    fn from(error: FilesError) -> Self {
        Failure::Files(error)
    }
}

impl From<NoBatch> for Failure {
    fn from(error: NoBatch) -> Self {
        Failure::Usage(error.to_string())
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Failure::Usage(error.to_string())
    }
}

#[cfg(feature = "parquet")]
impl From<crate::report::batch::parquet::Unwritten> for Failure {
    fn from(error: crate::report::batch::parquet::Unwritten) -> Self {
        Failure::Usage(error.to_string())
    }
}

impl Failure {
    /// That of a run; texts to draw its problems in.
    pub fn of_run(error: RunError, texts: &Texts) -> Failure {
        match error {
            RunError::Input(report) => Failure::Input(report, texts.clone()),
            RunError::NoBackend(_) => Failure::Usage(error.to_string()),
            RunError::Contradictions(_) => Failure::Contradiction(error.to_string()),
            RunError::Unverified(_) => Failure::Internal(error.to_string()),
        }
    }

    /// Tells the user and gives the exit code.
    pub fn told(self, console: &mut Console<'_>) -> Exit {
        let (message, exit) = match self {
            // Whoever closed the pipe has read what they wanted.
            Failure::Stream(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Verified,
            Failure::Stream(error) => (format!("error: cannot write the answer: {error}"), Exit::Input),
            Failure::Usage(message) => (format!("error: {message}"), Exit::Input),
            Failure::Contradiction(message) => (format!("error: {message}"), Exit::Contradiction),
            Failure::Files(error) => (format!("error: {error}"), Exit::Input),
            Failure::Unfinished(error) => (
                format!(
                    "error: results cannot be written: {error}\nwhat had landed is safe: make room and go on with --resume"
                ),
                Exit::Input,
            ),
            Failure::Input(report, texts) => {
                let text = drawn(&report, &|file| texts.text(file), console.width, console.colours);
                (text, Exit::Input)
            }
            Failure::Internal(message) => (
                format!(
                    "internal error: {message}\nnothing was published; please report this with the input"
                ),
                Exit::Internal,
            ),
        };
        // Where messages cannot be written there is nobody left to tell.
        let _ = console.message(&message);
        exit
    }
}
