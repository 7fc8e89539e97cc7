//! Instances as folders, to be planned as any portfolio.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::Case;
use crate::cli::inputs::CatalogueArguments;
use crate::cli::{Console, Exit, Failure};
use crate::generate::{Instance, MEASURES, files};
use crate::report::files::{FilesError, write_file};

/// Writes every instance into a folder of its own, named after it; nothing that is already there is touched.
pub(super) fn write(cases: &[Case], folder: &Path, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::Usage(format!(
            "the folder '{}' is not empty; name a new one, nothing was written",
            folder.display()
        )));
    }
    let settings = without_real_measures()?;
    for case in cases {
        for at in 0..case.len() {
            let Some(instance) = case.instance(at) else { continue };
            let own = folder.join(&instance.name);
            written(&instance, &own, &settings)?;
            let (shown, measures) = (own.display(), own.join(MEASURES));
            let next = format!("grantfolio optimize {shown} --measures {}\n", measures.display());
            console.data(&next)?;
        }
    }
    Ok(Exit::Verified)
}

fn written(instance: &Instance, folder: &Path, settings: &str) -> Result<(), Failure> {
    let measures = folder.join(MEASURES);
    fs::create_dir_all(&measures).map_err(|source| FilesError::Folder { folder: measures, source })?;
    for (name, text) in files(instance) {
        let text = if name == "portfolio.toml" { format!("{text}{settings}") } else { text };
        write_file(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}

/// Settings under which the measures that come with the program take nothing: an instance has calls of its own.
fn without_real_measures() -> Result<String, Failure> {
    let (measures, _) = CatalogueArguments::default().load()?;
    let mut settings = String::new();
    for measure in measures {
        // Writing to a text cannot fail.
        let _ = write!(settings, "\n[measures.{}]\nexcluded = true\n", measure.id);
    }
    Ok(settings)
}
