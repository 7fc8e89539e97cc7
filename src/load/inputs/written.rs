//! Inputs as the folder of a portfolio that reads to the same.

use std::fs;
use std::io::Error;
use std::path::Path;

use super::settings::as_toml;
use super::{FILES, Inputs, TableRows};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::load::codes::{self, completed};
use crate::load::settings as reader;

impl Inputs {
    /// Writes everything into a folder, which is made where it is not there: the tables as CSV, the settings as `portfolio.toml`, and every measure into
    /// the folder `measures` in it, to be read with `--measures`.
    pub fn write(&self, folder: &Path) -> Result<(), Report> {
        made(folder)?;
        for (file, table) in self.tables.iter().enumerate() {
            let TableRows { rows, .. } = &**table;
            if rows.is_empty() && !FILES[file].required {
                continue;
            }
            let columns = self.schemas.0[file].all();
            let used = |column: &usize| {
                columns[*column].required || rows.iter().any(|row| !row.cells[*column].is_empty())
            };
            let used: Vec<usize> = (0..columns.len()).filter(used).collect();
            let path = folder.join(FILES[file].name);
            let mut table = csv::Writer::from_writer(Vec::new());
            let failed = |error: csv::Error| unwritten(&path, &Error::other(error));
            table.write_record(used.iter().map(|column| &columns[*column].name)).map_err(failed)?;
            for row in rows {
                table.write_record(used.iter().map(|column| &row.cells[*column])).map_err(failed)?;
            }
            let bytes =
                table.into_inner().map_err(|error| unwritten(&path, &Error::other(error.to_string())))?;
            written(&path, &bytes)?;
        }
        written(&folder.join(reader::FILE), as_toml(&self.settings).as_bytes())?;
        self.write_measures(&folder.join("measures"))
    }

    fn write_measures(&self, folder: &Path) -> Result<(), Report> {
        made(folder)?;
        let mut names: Vec<String> = Vec::new();
        for (id, measure) in &self.catalogue.measures {
            let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
            let mut name: String = id.as_str().chars().map(plain).collect();
            while names.contains(&name) {
                name.push('_');
            }
            written(&folder.join(&name).with_extension("toml"), measure.text.as_bytes())?;
            names.push(name);
        }
        let shared = folder.join(crate::load::measures::SHARED_FOLDER);
        for (name, text) in &self.catalogue.shared_texts {
            made(&shared)?;
            written(&shared.join(name), text.as_bytes())?;
        }
        Ok(())
    }
}

fn made(folder: &Path) -> Result<(), Report> {
    fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))
}

fn written(path: &Path, bytes: &[u8]) -> Result<(), Report> {
    fs::write(path, bytes).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &Error) -> Report {
    let name = path.display().to_string();
    let message = format!("'{name}' cannot be written: {}", error.kind());
    completed(Diagnostic::error(codes::UNREADABLE, Place::file(&name), message)).into()
}
