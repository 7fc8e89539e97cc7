//! Writing results: everything is rendered first, written under temporary names and renamed last, so that a folder never holds
//! half a result.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file to be written: its name and its bytes.
pub type Rendered = (&'static str, Vec<u8>);

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The folder cannot be made or written to.
    #[error("cannot write to the folder '{}': {source}; choose another with --out", folder.display())]
    Folder {
        /// The folder as the user named it.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// One file cannot be written.
    #[error("cannot write '{}': {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A folder known to take files: asked for before a long run, used after it.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder if need be and tries whether it can be written to.
    ///
    /// # Errors
    /// It cannot.
    pub fn prepare(path: &Path) -> Result<Self, FilesError> {
        let failed = |source| FilesError::Folder { folder: path.to_owned(), source };
        fs::create_dir_all(path).map_err(failed)?;
        let trial = temporary(path, "trial");
        let tried = fs::File::create_new(&trial).map_err(failed);
        // The trial has served; a leftover of it harms nothing.
        let _ = fs::remove_file(&trial);
        tried.map(|_| OutputFolder { path: path.to_owned() })
    }

    /// Writes all files or none, and returns their paths.
    ///
    /// # Errors
    /// The first file that cannot be written; files of an earlier run stay as they were.
    pub fn write(&self, files: &[Rendered]) -> Result<Vec<PathBuf>, FilesError> {
        let written = self.write_temporaries(files);
        if written.is_err() {
            for (name, _) in files {
                let _ = fs::remove_file(temporary(&self.path, name));
            }
        }
        written?;
        let mut paths = Vec::new();
        for (name, _) in files {
            let file = self.path.join(name);
            fs::rename(temporary(&self.path, name), &file)
                .map_err(|source| FilesError::File { file: file.clone(), source })?;
            paths.push(file);
        }
        Ok(paths)
    }

    fn write_temporaries(&self, files: &[Rendered]) -> Result<(), FilesError> {
        for (name, bytes) in files {
            let write = || {
                let mut file = fs::File::create(temporary(&self.path, name))?;
                file.write_all(bytes)?;
                file.sync_all()
            };
            write().map_err(|source| FilesError::File { file: self.path.join(name), source })?;
        }
        Ok(())
    }
}

/// A name beside the final one, so that renaming stays within one file system; of this process, so that two runs never meet.
fn temporary(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!(".{name}.{}.tmp", std::process::id()))
}

/// A temporary name beside a file to be written.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("output");
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    temporary(folder, name)
}

/// Tries whether [`write_file`] can write a file, before a long run.
///
/// # Errors
/// It cannot.
pub fn try_file(path: &Path) -> Result<(), FilesError> {
    let failed = |source| FilesError::File { file: path.to_owned(), source };
    if path.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let trial = beside(path);
    fs::write(&trial, b"").map_err(failed)?;
    // The trial has served; a leftover of it harms nothing.
    let _ = fs::remove_file(&trial);
    Ok(())
}

/// Writes one file whole: under a temporary name first, then renamed.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), FilesError> {
    let failed = |source| FilesError::File { file: path.to_owned(), source };
    let beside = beside(path);
    let done = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_all_files_and_no_temporaries() {
        let home = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(&home.path().join("a/b")).unwrap();
        folder.write(&[("one.csv", b"1".to_vec()), ("two.csv", b"2".to_vec())]).unwrap();
        folder.write(&[("one.csv", b"3".to_vec())]).unwrap();
        let mut names: Vec<_> =
            fs::read_dir(home.path().join("a/b")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["one.csv", "two.csv"]);
        assert_eq!(fs::read(home.path().join("a/b/one.csv")).unwrap(), b"3");
    }

    #[test]
    fn a_file_in_the_way_is_an_error_that_names_it() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("taken");
        fs::write(&file, "").unwrap();
        let error = OutputFolder::prepare(&file).unwrap_err().to_string();
        assert!(error.contains("taken"), "{error}");
    }

    #[test]
    fn when_one_file_fails_none_is_left_behind() {
        let home = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(home.path()).unwrap();
        let result = folder.write(&[("good.csv", b"1".to_vec()), ("no/such/folder.csv", b"2".to_vec())]);
        assert!(result.is_err());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
