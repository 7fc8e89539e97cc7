//! The command `batch` on a portfolio and a file of scenarios, in a folder of its own.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_grantfolio");

pub fn scenarios(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

pub fn grantfolio(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The tables of a batch but its wall times.
pub fn tables(folder: &Path) -> Vec<(&'static str, String)> {
    let names = ["results.csv", "changes.csv", "errors.csv", "summary.json"];
    names.map(|name| (name, fs::read_to_string(folder.join(name)).unwrap())).to_vec()
}

/// A batch of a portfolio of `scenarios/` with scenarios of some rows.
pub struct Batch {
    portfolio: PathBuf,
    home: tempfile::TempDir,
}

pub const HEADER: &str = "scenario,target,selector,field,op,value\n";

impl Batch {
    /// Of the portfolio `choice`.
    pub fn of(rows: &str) -> Batch {
        Batch::of_portfolio("choice", rows)
    }

    pub fn of_portfolio(name: &str, rows: &str) -> Batch {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("scenarios.csv"), HEADER.to_owned() + rows).unwrap();
        Batch { portfolio: scenarios(name), home }
    }

    /// So many scenarios, each with amounts of its own.
    pub fn many(count: usize) -> Batch {
        let row = |n: usize| {
            let factor = 80 + n % 41;
            format!("s{n:05},expense,*,net_amount,mul,{}.{:02}\n", factor / 100, factor % 100)
        };
        Batch::of(&(0..count).map(row).collect::<String>())
    }

    pub fn out(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The arguments that plan the scenarios into a folder of this name.
    pub fn arguments(&self, name: &str, more: &[&str]) -> Vec<String> {
        let (out, file) = (self.out(name), self.out("scenarios.csv"));
        let own = ["batch", path(&self.portfolio), "--scenarios", path(&file), "--out", path(&out)];
        [&own, more].concat().into_iter().map(str::to_owned).collect()
    }

    pub fn run(&self, name: &str, more: &[&str]) -> Output {
        let arguments = self.arguments(name, more);
        grantfolio(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub fn planned(&self, name: &str, more: &[&str]) -> Vec<(&'static str, String)> {
        let output = self.run(name, more);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
        tables(&self.out(name))
    }
}

/// A cell of a table by the name of its scenario and column.
pub fn cell(table: &str, scenario: &str, column: &str) -> String {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    let row = reader.records().map(Result::unwrap).find(|row| &row[0] == scenario).unwrap();
    row[at].to_owned()
}
