//! `grantfolio merge`: the shards of a batch put together, byte for byte what a single run writes.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Console, Exit, Failure};
use crate::report::batch::folder::TABLES;
use crate::report::batch::manifest::Manifest;
use crate::report::batch::summary::{self, Summary};
use crate::report::files::{FilesError, OutputFolder, write_file};

/// Put the shards of a batch together
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folders of the shards, in any order
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,
    /// Write the whole batch to this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Checks that the shards make a whole, then joins their tables.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut shards: Vec<(Manifest, &Path)> = Vec::new();
    for folder in &arguments.shards {
        shards.push((Manifest::read(folder)?, folder));
    }
    shards.sort_by_key(|(manifest, _)| manifest.range);
    whole(&shards).map_err(Failure::Usage)?;
    if Manifest::is_in(&arguments.out) {
        let message = format!("'{}' holds a batch already: choose another folder", arguments.out.display());
        return Err(Failure::Usage(message));
    }
    OutputFolder::prepare(&arguments.out)?;
    // Clap asks for one folder at least.
    let Some((first, _)) = shards.first() else { return Ok(Exit::Input) };
    let manifest = Manifest { range: (0, first.count), ..first.clone() };
    for table in TABLES {
        let target = arguments.out.join(table);
        let sources: Vec<PathBuf> = shards.iter().map(|(_, folder)| folder.join(table)).collect();
        joined(&sources, &target).map_err(|source| FilesError::File { file: target, source })?;
    }
    let summary = Summary::of(&arguments.out, "", &manifest)?;
    write_file(&arguments.out.join(summary::FILE), summary.json().as_bytes())?;
    #[cfg(feature = "parquet")]
    crate::report::batch::parquet::write(&arguments.out, "", &manifest)?;
    manifest.write(&arguments.out)?;
    console.message(&format!("{} shards, {} scenarios", shards.len(), manifest.count))?;
    Ok(Exit::Verified)
}

/// Whether the shards, in order, make a whole batch; else why not.
fn whole(shards: &[(Manifest, &Path)]) -> Result<(), String> {
    let mut next = 0;
    for (manifest, folder) in shards {
        let folder = folder.display();
        if !manifest.complete {
            return Err(format!("the shard in '{folder}' is not complete: go on with it by --resume"));
        }
        if let Some(what) = manifest.differs(&shards[0].0) {
            return Err(format!("the shard in '{folder}' is of another batch: {what} differs"));
        }
        if manifest.range.0 != next {
            let (from, to) = (next.min(manifest.range.0), next.max(manifest.range.0));
            let what = if next < manifest.range.0 { "are in no shard" } else { "are in two shards" };
            return Err(format!("scenarios {} to {to} {what}, before '{folder}'", from + 1));
        }
        next = manifest.range.1;
    }
    match shards.first() {
        Some((manifest, _)) if next < manifest.count => {
            Err(format!("scenarios {} to {} are in no shard", next + 1, manifest.count))
        }
        _ => Ok(()),
    }
}

/// Tables of one form, one after the other, with the headings of the first.
fn joined(sources: &[PathBuf], target: &Path) -> io::Result<()> {
    let beside = target.with_extension("csv.tmp");
    let mut out = BufWriter::new(File::create(&beside)?);
    for (nth, source) in sources.iter().enumerate() {
        let mut table = BufReader::new(File::open(source)?);
        let mut headings = Vec::new();
        // No heading holds a line break.
        table.read_until(b'\n', &mut headings)?;
        if nth == 0 {
            out.write_all(&headings)?;
        }
        io::copy(&mut table, &mut out)?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(beside, target)
}
