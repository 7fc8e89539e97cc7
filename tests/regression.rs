//! Every folder of `scenarios/` through the program, its tables held against golden files to the byte.
//!
//! `UPDATE_GOLDEN=1 cargo test --test regression` rewrites them; the difference that git shows is the review.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::path::Path;
use std::process::Command;

const TABLES: [&str; 3] = ["applications.csv", "allocation.csv", "reasons.csv"];

/// Portfolios whose bound allows for cents of rounding: the shares of members, each rounded on its own. Their gap stays below a euro.
const PROVEN_TO_A_EURO: [&str; 1] = ["partnership"];

fn folders(of: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(of).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_scenario_gives_the_tables_it_gave() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = root.join("tests/golden/scenarios");
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    let scenarios = folders(&root.join("scenarios"));
    let mut changed = Vec::new();
    for scenario in &scenarios {
        let out = tempfile::tempdir().unwrap();
        let to_the_cent = !PROVEN_TO_A_EURO.contains(&scenario.as_str());
        let proof: &[&str] = if to_the_cent { &["--require", "certified"] } else { &["--gap", "1"] };
        let output = Command::new(env!("CARGO_BIN_EXE_grantfolio"))
            .arg("optimize")
            .args(proof)
            .arg("--out")
            .arg(out.path())
            .arg(root.join("scenarios").join(scenario))
            .output()
            .unwrap();
        assert!(output.status.success(), "{scenario}: {}", String::from_utf8_lossy(&output.stderr));
        for table in TABLES {
            let path = golden.join(scenario).join(table);
            let given = std::fs::read_to_string(out.path().join(table)).unwrap();
            if rewrite {
                std::fs::create_dir_all(golden.join(scenario)).unwrap();
                std::fs::write(&path, given).unwrap();
                continue;
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            if given != expected {
                changed.push(format!("{scenario}/{table}{}", first_difference(&expected, &given)));
            }
        }
    }
    assert!(changed.is_empty(), "changed:\n{}", changed.join("\n"));
    assert_eq!(folders(&golden), scenarios, "one folder of golden files for each scenario");
}

fn first_difference(expected: &str, given: &str) -> String {
    let (mut expected, mut given) = (expected.lines(), given.lines());
    for line in 1.. {
        match (expected.next(), given.next()) {
            (None, None) => return ": line ends".to_owned(),
            (one, other) if one != other => {
                return format!(":{line}\n  - {}\n  + {}", one.unwrap_or(""), other.unwrap_or(""));
            }
            _ => {}
        }
    }
    String::new()
}
