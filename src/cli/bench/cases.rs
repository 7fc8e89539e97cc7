//! What is asked for: classes under patterns, files of instances, portfolios.

use std::path::PathBuf;

use super::Arguments;
use crate::bench::{BenchSettings, Trial};
use crate::cli::Failure;
use crate::cli::inputs::{CatalogueArguments, Texts};
use crate::diagnostics::meant_or;
use crate::generate::{Instance, MODELS, Model, PATTERNS, Pattern, Size, case, instance};
use crate::load::instances::instances;
use crate::load::{Overrides, portfolio_for};

/// Instances under one name.
pub(super) struct Case {
    /// The name.
    pub(super) name: String,
    of: Of,
}

enum Of {
    /// Drawn when they are asked for: a large case is never in memory as a whole.
    Drawn { model: &'static Model, size: Size, pattern: &'static Pattern, first: u64, count: u64 },
    /// Read from a file.
    Read(Vec<Instance>),
    /// A portfolio, with its measures.
    Portfolio(PathBuf, CatalogueArguments),
}

impl Case {
    /// How many instances.
    pub(super) fn len(&self) -> u64 {
        match &self.of {
            Of::Drawn { count, .. } => *count,
            Of::Read(instances) => instances.len() as u64,
            Of::Portfolio(..) => 1,
        }
    }

    /// The instance at a place below [`len`](Case::len); none of a portfolio.
    pub(super) fn instance(&self, at: u64) -> Option<Instance> {
        match &self.of {
            Of::Drawn { model, size, pattern, first, .. } => {
                Some(instance(model, *size, pattern, first.wrapping_add(at)))
            }
            Of::Read(instances) => instances.get(usize::try_from(at).ok()?).cloned(),
            Of::Portfolio(..) => None,
        }
    }

    /// Plans what stands at a place below [`len`](Case::len).
    pub(super) fn trial(&self, at: u64, settings: &BenchSettings) -> Result<Trial, Failure> {
        let failed = |error, folder| Failure::of_run(error, &Texts::of(folder));
        if let Of::Portfolio(path, catalogue) = &self.of {
            let read = || {
                let (measures, _) = crate::load::measures::catalogue(catalogue.measures.as_deref())?;
                let (portfolio, _) = portfolio_for(path, &measures, &Overrides::default())?;
                Ok((portfolio, measures))
            };
            return Trial::of_portfolio(&self.name, read, settings)
                .map_err(|error| failed(error, Some(path.as_path())));
        }
        // Every place below the length has one.
        let instance = self.instance(at).ok_or_else(|| Failure::Internal(format!("no instance {at}")))?;
        Trial::of(&instance, settings).map_err(|error| failed(error, None))
    }
}

/// Every class under every pattern, then every file, then every portfolio.
pub(super) fn cases(arguments: &Arguments) -> Result<Vec<Case>, Failure> {
    let mut cases = Vec::new();
    let patterns = patterns(&arguments.pattern)?;
    for name in &arguments.names {
        let (model, sizes) = class(name)?;
        for size in sizes {
            cases.extend(patterns.iter().map(|pattern| Case {
                name: case(model, size, pattern),
                of: Of::Drawn { model, size, pattern, first: arguments.first_seed, count: arguments.seeds },
            }));
        }
    }
    for path in &arguments.instances {
        let read = instances(path).map_err(|report| Failure::Input(report, Texts::of(None)))?;
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        cases.push(Case { name, of: Of::Read(read) });
    }
    for path in &arguments.portfolio {
        let of = Of::Portfolio(path.clone(), arguments.catalogue.clone());
        cases.push(Case { name: path.display().to_string(), of });
    }
    Ok(cases)
}

/// A model with the sizes that a name means.
fn class(name: &str) -> Result<(&'static Model, Vec<Size>), Failure> {
    let (word, size) = name.split_once('-').map_or((name, None), |(word, size)| (word, Some(size)));
    let Some(model) = MODELS.iter().find(|model| model.name == word) else {
        return Err(unknown("model", word, &MODELS.iter().map(|model| model.name).collect::<Vec<_>>()));
    };
    let Some(text) = size else { return Ok((model, model.sizes.to_vec())) };
    let size = Size::parse(text).ok_or_else(|| {
        let (most, most_calls) = (Size::MOST, Size::MOST_CALLS);
        Failure::Usage(format!(
            "'{text}' in '{name}' is no size such as 20x4: from 1 to {most}, then from 1 to {most_calls} calls"
        ))
    })?;
    Ok((model, vec![size]))
}

fn patterns(names: &[String]) -> Result<Vec<&'static Pattern>, Failure> {
    let mut patterns = Vec::new();
    for name in names {
        if name == "all" {
            patterns.extend(PATTERNS);
        } else if let Some(pattern) = PATTERNS.iter().find(|pattern| pattern.name == name) {
            patterns.push(pattern);
        } else {
            return Err(unknown("pattern", name, &PATTERNS.iter().map(|p| p.name).collect::<Vec<_>>()));
        }
    }
    Ok(patterns)
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Failure {
    let remedy = meant_or(name, known.iter().copied(), || format!("there are {}", known.join(", ")));
    Failure::Usage(format!("there is no {what} '{name}': {remedy}; `bench --list` tells what they are"))
}
