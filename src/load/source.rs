//! Where the files of a portfolio come from: a folder, or memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::codes;
use super::encoding::{Encoding, decode};
use crate::diagnostics::{Diagnostic, Place};

/// Most bytes a file may have. A line of cost takes some 120 to 200 bytes: this is more than a million of them.
pub const LARGEST_FILE: usize = 256 * 1024 * 1024;

/// The text of a file, decoded as a load decodes it, to draw problems in; nothing where it cannot be read.
pub fn text_for_drawing(path: &Path) -> Option<String> {
    let bytes = bytes_of("", path).ok()??;
    decode("", bytes, Some(Encoding::Windows1252)).ok().map(|text| text.content)
}

/// What a file holds, at most [`LARGEST_FILE`]; nothing where there is no such file. `name` is what messages call it.
pub(super) fn bytes_of(name: &str, path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    let fails = |error: &std::io::Error| unreadable(name, name, error);
    // Asked before opening: to open a pipe would wait for its writer.
    let size = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => {
            let message = format!("'{name}' is not a file");
            return Err(Diagnostic::error(codes::UNREADABLE, Place::file(name), message));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fails(&error)),
    };
    let file = File::open(path).map_err(|e| fails(&e))?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(LARGEST_FILE).min(LARGEST_FILE) + 1);
    file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(|e| fails(&e))?;
    checked(name, bytes).map(Some)
}

/// Gives the files of a portfolio by name.
pub trait Source {
    /// The content of a file; `None` where there is no such file.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Diagnostic>;

    /// The names of all files there are, in order.
    fn names(&self) -> Result<Vec<String>, Diagnostic>;
}

/// The files of a folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder; whether it can be read shows when it is.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Folder { path: path.into() }
    }
}

impl Source for Folder {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        bytes_of(name, &self.path.join(name))
    }

    fn names(&self) -> Result<Vec<String>, Diagnostic> {
        let folder = self.path.display().to_string();
        let fails = |error: std::io::Error| {
            unreadable(&folder, &folder, &error)
                .help("give the folder that holds companies.csv, projects.csv and expenses.csv")
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(fails)? {
            names.push(entry.map_err(fails)?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}

fn unreadable(file: &str, name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        codes::UNREADABLE,
        Place::file(file),
        format!("'{name}' cannot be read: {}", error.kind()),
    )
}

fn checked(name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Diagnostic> {
    if bytes.len() <= LARGEST_FILE {
        return Ok(bytes);
    }
    let message = format!("'{name}' is larger than {} MiB", LARGEST_FILE / (1024 * 1024));
    Err(Diagnostic::error(codes::TOO_LARGE, Place::file(name), message)
        .help("divide the portfolio into several folders"))
}

/// Files held in memory, for programs that have no folder.
///
/// ```
/// use grantfolio::load::{Memory, Source};
/// let files = Memory::new().with("companies.csv", "company_id\nC1\n");
/// assert_eq!(files.names().unwrap(), ["companies.csv"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Memory::default()
    }

    /// Adds a file, or puts it in the place of one with that name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.into(), content.into());
        self
    }
}

impl Source for Memory {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        self.files.get(name).cloned().map(|bytes| checked(name, bytes)).transpose()
    }

    fn names(&self) -> Result<Vec<String>, Diagnostic> {
        Ok(self.files.keys().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_files_and_nothing_for_others() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), "x").unwrap();
        std::fs::create_dir(folder.path().join("b.csv")).unwrap();
        let source = Folder::new(folder.path());
        assert_eq!(source.read("a.csv"), Ok(Some(b"x".to_vec())));
        assert_eq!(source.read("c.csv"), Ok(None));
        assert_eq!(source.read("b.csv").unwrap_err().message, "'b.csv' is not a file");
        assert_eq!(source.names().unwrap(), ["a.csv", "b.csv"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_problem() {
        assert_eq!(Folder::new("no such folder").names().unwrap_err().code, codes::UNREADABLE);
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let source = Memory::new().with("a.csv", vec![b'x'; LARGEST_FILE + 1]);
        assert_eq!(source.read("a.csv").unwrap_err().code, codes::TOO_LARGE);
    }
}
