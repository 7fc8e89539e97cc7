//! The folder of a running batch: tables that grow, and a journal of how far they are safe.
//!
//! With every commit the tables are brought to the disk first, then a line with the next scenario and the length of each table goes to the
//! journal. A run that goes on after a killed one cuts the tables back to the last whole line: nothing is lost that was committed, nothing
//! stands there twice. When all has landed the tables get their final names; then the manifest says so, and the journal goes.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::manifest::Manifest;
use super::tables::{self, Broken, Changed, Result as Row, Timed};
use crate::engine::batch::{Failed, Landing, Outcome};
use crate::ids::MeasureId;
use crate::money::Money;
use crate::report::files::FilesError;

/// The tables of a batch.
pub const TABLES: [&str; 4] = ["results.csv", "changes.csv", "errors.csv", "timings.csv"];

/// How far the tables are safe.
const JOURNAL: &str = "journal";

/// The folder of a running batch.
pub struct BatchFolder {
    path: PathBuf,
    tables: [csv::Writer<BufWriter<File>>; TABLES.len()],
    journal: File,
    measures: Vec<MeasureId>,
    base_grant: Money,
    /// The scenario that comes next.
    next: u64,
}

impl BatchFolder {
    /// Begins a batch: the tables have their headings, the manifest stands there.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn begin(path: &Path, manifest: &Manifest) -> Result<BatchFolder, FilesError> {
        fs::create_dir_all(path).map_err(|source| FilesError::Folder { folder: path.to_owned(), source })?;
        // The tables of an earlier batch would be taken for those of this one.
        for name in TABLES.into_iter().chain([JOURNAL]) {
            for file in [path.join(name), part(path, name)] {
                remove(&file)?;
            }
        }
        manifest.write(path)?;
        let mut folder = BatchFolder::open(path, manifest, manifest.range.0)?;
        folder.headings().map_err(|source| FilesError::Folder { folder: path.to_owned(), source })?;
        Ok(folder)
    }

    /// Goes on with a batch where the last commit left it.
    ///
    /// # Errors
    /// The folder cannot be written to, or its journal does not fit its tables.
    pub fn resume(path: &Path, manifest: &Manifest) -> Result<BatchFolder, FilesError> {
        let failed = |source| FilesError::Folder { folder: path.to_owned(), source };
        let journal = fs::read_to_string(path.join(JOURNAL)).unwrap_or_default();
        let Some((next, lengths)) = last_commit(&journal) else {
            return BatchFolder::begin(path, manifest);
        };
        for (name, length) in TABLES.iter().zip(lengths) {
            let file = part(path, name);
            if !file.is_file() && path.join(name).is_file() {
                // It had its final name already.
                fs::rename(path.join(name), &file).map_err(failed)?;
            }
            let table = OpenOptions::new().write(true).open(&file).map_err(failed)?;
            let there = table.metadata().map_err(failed)?.len();
            if there < length {
                let message = format!("'{}' is shorter than its journal says", file.display());
                return Err(failed(io::Error::new(io::ErrorKind::InvalidData, message)));
            }
            table.set_len(length).map_err(failed)?;
        }
        BatchFolder::open(path, manifest, next)
    }

    fn open(path: &Path, manifest: &Manifest, next: u64) -> Result<BatchFolder, FilesError> {
        let open = |file: PathBuf| {
            let opened = OpenOptions::new().create(true).append(true).open(&file);
            opened.map_err(|source| FilesError::File { file, source })
        };
        let table = |name: &str| {
            let file = open(part(path, name))?;
            // Rows of one table have equal length: the writer checks it.
            Ok::<_, FilesError>(csv::Writer::from_writer(BufWriter::new(file)))
        };
        let [results, changes, errors, timings] = TABLES;
        Ok(BatchFolder {
            tables: [table(results)?, table(changes)?, table(errors)?, table(timings)?],
            journal: open(path.join(JOURNAL))?,
            path: path.to_owned(),
            measures: manifest.measures.clone(),
            base_grant: manifest.base_grant,
            next,
        })
    }

    /// The scenario that comes next.
    pub fn next(&self) -> u64 {
        self.next
    }

    fn headings(&mut self) -> io::Result<()> {
        let of_measures = self.measures.iter().flat_map(tables::of_measure);
        let results = tables::headings(&tables::results()).into_iter().chain(of_measures);
        self.tables[0].write_record(results)?;
        self.tables[1].write_record(tables::headings(&tables::changes()))?;
        self.tables[2].write_record(tables::headings(&tables::errors()))?;
        self.tables[3].write_record(tables::headings(&tables::timings()))?;
        self.commit(self.next)
    }

    /// Gives the tables their final names.
    ///
    /// # Errors
    /// They cannot be renamed; resuming tries again.
    pub fn finish(self, manifest: &Manifest) -> Result<(), FilesError> {
        drop(self.tables);
        for name in TABLES {
            let file = self.path.join(name);
            fs::rename(part(&self.path, name), &file).map_err(|source| FilesError::File { file, source })?;
        }
        Manifest { complete: true, ..manifest.clone() }.write(&self.path)?;
        remove(&self.path.join(JOURNAL))
    }
}

impl Landing for BatchFolder {
    fn land(&mut self, scenario: &str, result: &Result<Outcome, Failed>, took: Duration) -> io::Result<()> {
        match result {
            Ok(outcome) => {
                let row = Row { scenario, outcome, base: self.base_grant };
                let mut cells = tables::cells(&tables::results(), &row);
                for measure in &self.measures {
                    let of = outcome.measures.get(measure).copied().unwrap_or_default();
                    cells.extend([of.grant.to_string(), of.applications.to_string()]);
                }
                self.tables[0].write_record(cells)?;
                let columns = tables::changes();
                for change in &outcome.changes {
                    self.tables[1].write_record(tables::cells(&columns, &Changed { scenario, change }))?;
                }
            }
            Err(failed) => {
                let row = Broken { scenario, failed };
                self.tables[2].write_record(tables::cells(&tables::errors(), &row))?;
            }
        }
        self.tables[3].write_record(tables::cells(&tables::timings(), &Timed { scenario, took }))?;
        Ok(())
    }

    fn commit(&mut self, next: u64) -> io::Result<()> {
        let mut line = next.to_string();
        for table in &mut self.tables {
            table.flush()?;
            let file = table.get_ref().get_ref();
            file.sync_data()?;
            let mut file = file;
            let length = file.seek(SeekFrom::End(0))?;
            // Writing to memory does not fail.
            let _ = write!(line, " {length}");
        }
        line.push_str(" .\n");
        self.journal.write_all(line.as_bytes())?;
        self.journal.sync_data()?;
        self.next = next;
        Ok(())
    }
}

/// The next scenario and the lengths of the tables in the last whole line of a journal.
fn last_commit(journal: &str) -> Option<(u64, [u64; TABLES.len()])> {
    // A line that a killed process did not end has no full stop.
    let whole = |line: &str| {
        let mut numbers = line.strip_suffix(" .")?.split(' ').map(str::parse::<u64>);
        let mut number = || numbers.next()?.ok();
        Some((number()?, [number()?, number()?, number()?, number()?]))
    };
    journal.lines().rev().find_map(whole)
}

fn part(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.part"))
}

fn remove(file: &Path) -> Result<(), FilesError> {
    match fs::remove_file(file) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(FilesError::File { file: file.to_owned(), source })
        }
        _ => Ok(()),
    }
}
