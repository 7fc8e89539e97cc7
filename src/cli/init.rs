//! `grantfolio init`: a portfolio to begin with, one that runs.

use std::path::PathBuf;

use super::{Console, Exit, Failure};
use crate::report::files::{OutputFolder, Rendered};

/// The files of a new portfolio.
const FILES: [(&str, &str); 5] = [
    ("README.md", include_str!("init/README.md")),
    ("companies.csv", include_str!("init/companies.csv")),
    ("expenses.csv", include_str!("init/expenses.csv")),
    ("portfolio.toml", include_str!("init/portfolio.toml")),
    ("projects.csv", include_str!("init/projects.csv")),
];

/// Write a small portfolio to begin with, into a folder that is new or empty
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// All files or none; what is already there is never touched.
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let shown = arguments.folder.display();
    if let Ok(mut entries) = std::fs::read_dir(&arguments.folder)
        && entries.next().is_some()
    {
        return Err(Failure::Usage(format!(
            "the folder '{shown}' is not empty; name a new one, nothing was written"
        )));
    }
    let files: Vec<Rendered> = FILES.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect();
    for file in OutputFolder::prepare(&arguments.folder)?.write(&files)? {
        console.message(&format!("written: {}", file.display()))?;
    }
    console.data(&format!("next: grantfolio check {shown}\n      grantfolio optimize {shown}\n"))?;
    Ok(Exit::Verified)
}
