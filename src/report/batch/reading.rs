//! Tables of a batch read back, row by row.

use std::fs::File;
use std::path::{Path, PathBuf};

use csv::StringRecord;

/// A table of a batch that does not hold what it should.
#[derive(Debug, thiserror::Error)]
#[error("'{}' cannot be read: {why}", file.display())]
pub struct Unreadable {
    /// The file.
    pub file: PathBuf,
    /// What is wrong.
    pub why: String,
}

/// A table to be read.
pub struct Reading {
    file: PathBuf,
    reader: csv::Reader<File>,
    headings: StringRecord,
}

impl Reading {
    /// Opens a table and reads its headings.
    ///
    /// # Errors
    /// It is not there, or is no table.
    pub fn open(file: &Path) -> Result<Reading, Unreadable> {
        let failed = |error: csv::Error| Unreadable { file: file.to_owned(), why: error.to_string() };
        let mut reader = csv::Reader::from_path(file).map_err(failed)?;
        let headings = reader.headers().map_err(failed)?.clone();
        Ok(Reading { file: file.to_owned(), reader, headings })
    }

    /// Where a column stands.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn column(&self, name: &str) -> Result<usize, Unreadable> {
        let place = self.headings.iter().position(|heading| heading == name);
        place.ok_or_else(|| self.failed(format!("it has no column '{name}'")))
    }

    /// Gives every row to `take`, which may say what is wrong with it.
    ///
    /// # Errors
    /// A row that cannot be read.
    pub fn each(
        mut self,
        mut take: impl FnMut(&StringRecord) -> Result<(), String>,
    ) -> Result<(), Unreadable> {
        let mut record = StringRecord::new();
        loop {
            match self.reader.read_record(&mut record) {
                Ok(true) => take(&record).map_err(|why| self.failed(why))?,
                Ok(false) => return Ok(()),
                Err(error) => return Err(self.failed(error.to_string())),
            }
        }
    }

    fn failed(&self, why: String) -> Unreadable {
        Unreadable { file: self.file.clone(), why }
    }
}

/// Gives these columns of every row of a table to `take`.
///
/// # Errors
/// The table or a row cannot be read.
pub fn each<const N: usize>(
    file: &Path,
    columns: [&str; N],
    mut take: impl FnMut([&str; N]) -> Result<(), String>,
) -> Result<(), Unreadable> {
    let reading = Reading::open(file)?;
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        *place = reading.column(column)?;
    }
    reading.each(|record| take(places.map(|at| &record[at])))
}
