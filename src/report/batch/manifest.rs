//! `manifest.json`: what a batch was asked for, and of which inputs, so that nothing is added to results of something else.

use std::fs;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::MeasureId;
use crate::money::Money;
use crate::report::files::{FilesError, write_file};
use crate::report::json::pretty;

/// The name of the file.
pub const FILE: &str = "manifest.json";

/// The version of its form.
pub const FORMAT: u32 = 1;

/// What a batch was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The program's version: another may find other plans.
    pub version: String,
    /// What the inputs hold: of equal inputs it is equal.
    pub inputs: String,
    /// What the scenarios hold.
    pub scenarios: String,
    /// What the command said.
    pub asked: Asked,
    /// How many scenarios there are.
    pub count: u64,
    /// The measures, by id: each has columns in `results.csv`.
    pub measures: Vec<MeasureId>,
    /// The grant of the base.
    pub base_grant: Money,
    /// The first scenario of this folder, from 0, and the one behind the last.
    pub range: (u64, u64),
    /// Whether everything has landed.
    pub complete: bool,
}

/// What the command said: where the inputs were, and what else decides the figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The portfolio.
    pub portfolio: PathBuf,
    /// The folder of measures, where one was given.
    pub measures: Option<PathBuf>,
    /// The scenarios.
    pub scenarios: Vec<PathBuf>,
    /// The settings that win over those of the portfolio.
    pub settings: Settings,
}

/// Settings of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The day of planning.
    pub as_of: Option<NaiveDate>,
    /// What is maximised.
    pub objective: Option<String>,
    /// Whether every measure is opened.
    pub assume_open: bool,
    /// Measures opened on a day.
    pub reissue: Vec<(MeasureId, NaiveDate)>,
    /// Days of grants.
    pub grant: Vec<(MeasureId, NaiveDate)>,
    /// The solver.
    pub solver: String,
    /// Seconds for each scenario.
    pub time_limit: Option<u64>,
    /// How many times the usual work is spent; once in batches that were begun before it could be said.
    #[serde(default = "once")]
    pub effort: NonZeroU16,
}

fn once() -> NonZeroU16 {
    NonZeroU16::MIN
}

/// A folder without a manifest that can be read.
#[derive(Debug, thiserror::Error)]
#[error("'{}' holds no batch: {why}", folder.display())]
pub struct NoBatch {
    /// The folder.
    pub folder: PathBuf,
    /// What the system says.
    pub why: String,
}

impl Manifest {
    /// That of a folder.
    ///
    /// # Errors
    /// There is none that this program can read.
    pub fn read(folder: &Path) -> Result<Manifest, NoBatch> {
        let none = |why: String| NoBatch { folder: folder.to_owned(), why };
        let text = fs::read_to_string(folder.join(FILE)).map_err(|error| none(format!("{FILE}: {error}")))?;
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| none(format!("{FILE}: {error}")))?;
        if manifest.format == FORMAT {
            Ok(manifest)
        } else {
            Err(none(format!("{FILE} has format {}, this program reads {FORMAT}", manifest.format)))
        }
    }

    /// Whether a folder has one.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Writes it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), FilesError> {
        write_file(&folder.join(FILE), pretty(self).as_bytes())
    }

    /// What of another batch differs, in words; nothing where both are of the same inputs, scenarios and settings.
    pub fn differs(&self, other: &Manifest) -> Option<&'static str> {
        [
            (self.version != other.version, "the version of the program"),
            (self.inputs != other.inputs, "the portfolio or a measure"),
            (self.scenarios != other.scenarios, "the scenarios"),
            (self.asked.settings != other.asked.settings, "the settings of the command"),
        ]
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
    }
}
