//! What may be wrong with scenarios, each with the message it gets. `tests/bad_input/scenarios.txt` is a list of defects: the rows of a
//! `scenarios.csv` behind its header, or a `scenarios.toml`, held against the portfolio in `tests/bad_input/base/`, and what is said of
//! it. `UPDATE_GOLDEN=1` rewrites what is said; the diff is the review.
//!
//! ```text
//! == a column that is not there
//! scenarios.csv
//! dear,expense,e1,net_amout,mul,1.10
//! --
//! error ...
//! ```

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use grantfolio::diagnostics::Report;
use grantfolio::load::scenarios::scenarios;
use grantfolio::load::{Inputs, Overrides, Rows};
use grantfolio::scenario::ScenarioSource;

const HEADER: &str = "scenario,target,selector,field,op,value\n";

/// Everything that is wrong with a file of scenarios for these inputs: as `batch` meets it.
fn problems(inputs: &Inputs, path: &Path) -> Report {
    let (source, mut report) = match scenarios(&[path.to_owned()]) {
        Ok(read) => read,
        Err(report) => return report,
    };
    for index in 0..source.len() {
        let done = inputs.edit(&source.get(index).overrides).and_then(|edits| {
            inputs.measures(&edits)?;
            inputs.portfolio(&edits, &Rows::All)
        });
        if let Err(found) = done {
            report.extend(found);
        }
    }
    report
}

#[test]
fn every_defect_is_told_with_its_place_and_remedy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_input");
    let folder = tempfile::tempdir().unwrap();
    let measures = folder.path().join("measures");
    fs::create_dir(&measures).unwrap();
    fs::copy(root.join("base/grant.toml"), measures.join("grant.toml")).unwrap();
    let (inputs, _) = Inputs::open(&root.join("base"), Some(&measures), &Overrides::default()).unwrap();
    let file = root.join("scenarios.txt");
    let list = fs::read_to_string(&file).unwrap();
    let (mut made, mut count) = (String::new(), 0);
    for part in list.split("== ").skip(1) {
        let (head, _) = part.split_once("\n--\n").unwrap_or((part.trim_end(), ""));
        let mut lines = head.lines();
        let (name, kind) = (lines.next().unwrap(), lines.next().unwrap());
        let content = lines.collect::<Vec<_>>().join("\n");
        let path = folder.path().join(kind);
        let header = if kind == "scenarios.csv" { HEADER } else { "" };
        fs::write(&path, format!("{header}{content}\n")).unwrap();
        let report = problems(&inputs, &path);
        assert!(report.has_errors(), "{name}: nothing is said");
        for found in report.diagnostics() {
            assert!(found.help.is_some() && found.expected.is_some(), "{name}: {found:?}");
            assert!(found.place.line.is_some() || found.code == "S003", "{name}: {found:?}");
        }
        let said = report.to_string().replace(&format!("{}/", folder.path().display()), "");
        writeln!(made, "== {name}\n{head}\n--\n{said}\n", head = head.split_once('\n').unwrap().1).unwrap();
        count += 1;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), made);
    assert!(count >= 50);
}
