//! What most commands start from: a portfolio, the measures, and settings that win over the portfolio's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rayon::prelude::*;

use super::Failure;
use crate::diagnostics::{Report, meant_or};
use crate::fingerprint::Fingerprint;
use crate::ids::{MeasureId, PoolId};
use crate::load::measures::{Catalogue, catalogue};
use crate::load::{Overrides, portfolio_for};
use crate::measure::{Calendar, Measure};
use crate::portfolio::{Objective, Portfolio, Settings};
use crate::scenario::{Joined, ScenarioSource as _};

/// Where measures come from.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CatalogueArguments {
    /// Folder of measure files that extend the catalogue, or replace measures with the same id
    #[arg(long, value_name = "DIR")]
    pub measures: Option<PathBuf>,
}

/// A portfolio and what is assumed of it.
#[derive(Clone, Debug, clap::Args)]
pub struct PortfolioArguments {
    /// Folder with companies.csv, projects.csv, expenses.csv and portfolio.toml; or an .xlsx workbook with sheets of these names
    #[arg(value_name = "PORTFOLIO")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub catalogue: CatalogueArguments,
    /// The day of planning, as 2026-01-31 [default: that of portfolio.toml]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    /// Open every measure that is not open on the day of planning: a hypothesis
    #[arg(long)]
    pub assume_open: bool,
    /// Open one measure on a day, all its dates moved along: a hypothesis; may be repeated
    #[arg(long, value_name = "MEASURE=DATE", value_parser = measure_day)]
    pub reissue: Vec<(MeasureId, NaiveDate)>,
    /// Assume that a measure grants on a day; may be repeated [default: that of portfolio.toml, else the estimate of the measure]
    #[arg(long, value_name = "MEASURE=DATE", value_parser = measure_day)]
    pub grant: Vec<(MeasureId, NaiveDate)>,
}

/// What is maximised.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ObjectiveArguments {
    /// What is maximised: grants, grants less what is withheld, or grants times the probability of success
    /// [default: that of portfolio.toml, else grant]
    #[arg(long, value_parser = PossibleValuesParser::new(Objective::NAMES.map(|(name, _)| name)).map(|name| objective(&name)))]
    pub objective: Option<Objective>,
}

pub fn objective(name: &str) -> Objective {
    let named = Objective::NAMES.iter().find(|(word, _)| *word == name);
    named.map_or_else(Objective::default, |(_, objective)| *objective)
}

fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "not a day such as 2026-01-31".to_owned())
}

fn measure_day(text: &str) -> Result<(MeasureId, NaiveDate), String> {
    let (measure, date) =
        text.split_once('=').ok_or("not a measure and a day such as certifications-2026=2026-01-31")?;
    Ok((measure.parse().map_err(|e: crate::ids::IdError| e.to_string())?, day(date)?))
}

/// Texts of input files, to draw problems in.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    folder: Option<PathBuf>,
}

impl Texts {
    /// Of the files of a folder, and of files named by their path.
    pub fn of(folder: Option<&Path>) -> Self {
        Texts { folder: folder.map(Path::to_owned) }
    }

    /// The text of a file as diagnostics name it.
    pub fn text(&self, file: &str) -> Option<String> {
        let inside = self.folder.as_ref().map(|folder| folder.join(file)).filter(|path| path.is_file());
        crate::load::text_for_drawing(&inside.unwrap_or_else(|| PathBuf::from(file)))
    }
}

impl Texts {
    /// Shows warnings as messages.
    pub fn warn(&self, warnings: &Report, console: &mut super::Console<'_>) -> Result<(), Failure> {
        let text = crate::report::diagnostics::drawn(
            warnings,
            &|file| self.text(file),
            console.width,
            console.colours,
        );
        Ok(console.message(&text)?)
    }
}

/// A portfolio with its measures.
pub struct Inputs {
    /// The portfolio, settings of the command line applied.
    pub portfolio: Portfolio,
    /// The measures, by id.
    pub measures: Vec<Measure>,
    /// Warnings of every file.
    pub warnings: Report,
    /// For drawing them.
    pub texts: Texts,
}

impl CatalogueArguments {
    /// The measures, by id, with warnings.
    pub fn load(&self) -> Result<(Vec<Measure>, Report), Failure> {
        catalogue(self.measures.as_deref()).map_err(|report| Failure::Input(report, Texts::of(None)))
    }
}

impl PortfolioArguments {
    /// Reads everything.
    pub fn load(&self, objective: &ObjectiveArguments) -> Result<Inputs, Failure> {
        let texts = Texts::of(Some(&self.folder));
        let (measures, mut warnings) = self.catalogue.load()?;
        let overrides = self.overrides(&measures, objective)?;
        let (portfolio, found) = portfolio_for(&self.folder, &measures, &overrides)
            .map_err(|report| Failure::Input(report, texts.clone()))?;
        warnings.extend(found);
        self.check(&portfolio.settings, &measures)?;
        Ok(Inputs { portfolio, measures, warnings, texts })
    }

    /// Reads everything so that parts can be changed and read again.
    pub fn open(&self, objective: &ObjectiveArguments) -> Result<Opened, Failure> {
        let texts = Texts::of(Some(&self.folder));
        let (catalogue, mut warnings) = Catalogue::read(self.catalogue.measures.as_deref())
            .map_err(|report| Failure::Input(report, Texts::of(None)))?;
        let measures = catalogue.measures();
        let overrides = self.overrides(&measures, objective)?;
        let (inputs, found) = crate::load::Inputs::open_for(&self.folder, catalogue, &overrides)
            .map_err(|report| Failure::Input(report, texts.clone()))?;
        warnings.extend(found);
        self.check(inputs.settings(), &measures)?;
        Ok(Opened {
            inputs,
            measures: measures.into_iter().map(|measure| measure.id).collect(),
            warnings,
            texts,
        })
    }

    /// The settings of the command line.
    fn overrides(&self, measures: &[Measure], objective: &ObjectiveArguments) -> Result<Overrides, Failure> {
        let by_measure = |days: &[(MeasureId, NaiveDate)]| -> Result<BTreeMap<_, _>, Failure> {
            days.iter().map(|(id, day)| measure(measures, id).map(|_| (id.clone(), *day))).collect()
        };
        Ok(Overrides {
            as_of: self.as_of,
            objective: objective.objective,
            assume_open: self.assume_open,
            reissue: by_measure(&self.reissue)?,
            grants: by_measure(&self.grant)?,
        })
    }

    /// Holds the settings against the measures.
    fn check(&self, settings: &Settings, measures: &[Measure]) -> Result<(), Failure> {
        for id in settings.measures.keys() {
            measure(measures, id).map_err(|failure| match failure {
                Failure::Usage(message) => Failure::Usage(format!("portfolio.toml: {message}")),
                other => other,
            })?;
        }
        for id in settings.pools.keys() {
            pool(measures, id)?;
        }
        for (id, _) in &self.grant {
            not_before_filing(settings, measure(measures, id)?)?;
        }
        Ok(())
    }
}

/// A portfolio whose parts can be changed and read again.
pub struct Opened {
    /// It.
    pub inputs: crate::load::Inputs,
    /// Ids of the measures.
    pub measures: Vec<MeasureId>,
    /// Warnings of every file.
    pub warnings: Report,
    /// For drawing them.
    pub texts: Texts,
}

impl Opened {
    /// Scenarios for it; every one of them is held against it.
    pub fn scenarios(&self, files: &[PathBuf]) -> Result<(Joined, Report), Failure> {
        // Files of scenarios are named by their paths.
        let failed = |report| Failure::Input(report, Texts::of(None));
        let (scenarios, warnings) = crate::load::scenarios::scenarios(files).map_err(failed)?;
        let wrong = (0..scenarios.len()).into_par_iter().find_map_first(|number| {
            let edited = self.inputs.edit(&scenarios.get(number).overrides);
            edited.err()
        });
        wrong.map_or(Ok((scenarios, warnings)), |report| Err(failed(report)))
    }
}

impl Inputs {
    /// Shows warnings as messages.
    pub fn warn(&self, console: &mut super::Console<'_>) -> Result<(), Failure> {
        self.texts.warn(&self.warnings, console)
    }

    /// A failure of portfolio and measures together.
    pub fn failure(&self, report: Report) -> Failure {
        Failure::Input(report, self.texts.clone())
    }
}

/// A key of what files hold.
pub fn fingerprint(files: &[PathBuf]) -> Result<String, Failure> {
    let mut fingerprint = Fingerprint::new();
    for file in files {
        let bytes = std::fs::read(file)
            .map_err(|error| Failure::Usage(format!("cannot read '{}': {error}", file.display())))?;
        fingerprint.put(bytes);
    }
    Ok(fingerprint.hex())
}

/// A grant cannot be decided before the application is filed.
fn not_before_filing(settings: &Settings, measure: &Measure) -> Result<(), Failure> {
    let of_measure = settings.measures.get(&measure.id).cloned().unwrap_or_default();
    let calendar = Calendar::new(&measure.window, settings, &of_measure);
    match (calendar.filed_on, calendar.granted_on) {
        (Some(filed), Some(granted)) if granted < filed => Err(Failure::Usage(format!(
            "--grant {}={granted}: the grant cannot be decided before the application is filed, on {filed}",
            measure.id
        ))),
        _ => Ok(()),
    }
}

/// Holds the name of a pool in the settings against the measures.
fn pool(measures: &[Measure], id: &PoolId) -> Result<(), Failure> {
    let known = || measures.iter().flat_map(|measure| &measure.pools).map(|pool| pool.pool.as_str());
    if known().any(|known| known == id.as_str()) {
        return Ok(());
    }
    let help =
        meant_or(id.as_str(), known(), || "`grantfolio measures show` names those of a measure".to_owned());
    Err(Failure::Usage(format!("portfolio.toml: there is no pool '{id}'; {help}")))
}

/// The measure with this id.
pub fn measure<'a>(measures: &'a [Measure], id: &MeasureId) -> Result<&'a Measure, Failure> {
    measures.iter().find(|measure| measure.id == *id).ok_or_else(|| {
        let known = measures.iter().map(|measure| measure.id.as_str());
        let help =
            meant_or(id.as_str(), known, || "`grantfolio measures list` shows those there are".to_owned());
        Failure::Usage(format!("there is no measure '{id}'; {help}"))
    })
}
