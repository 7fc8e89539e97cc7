//! Every worked example of every measure holds, and its computation sheet is the golden one.
//!
//! `UPDATE_GOLDEN=1` rewrites the sheets; the difference in version control is the review.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::fmt::Write as _;
use std::path::Path;

use grantfolio::engine::examples;
use grantfolio::load::measures::catalogue;

#[test]
fn every_worked_example_holds() {
    let (measures, _) = catalogue(None).unwrap_or_else(|report| panic!("{report}"));
    assert!(!measures.is_empty());
    let mut failures = String::new();
    for measure in &measures {
        let outcomes = examples(measure).unwrap_or_else(|report| panic!("{report}"));
        assert!(outcomes.len() >= 8, "{} has {} worked examples", measure.id, outcomes.len());
        for outcome in outcomes {
            for failure in outcome.failures {
                let _ = writeln!(failures, "{} / {}: {failure}", measure.id, outcome.id);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn computation_sheets_are_the_golden_ones() {
    let (measures, _) = catalogue(None).unwrap_or_else(|report| panic!("{report}"));
    for measure in &measures {
        for outcome in examples(measure).unwrap_or_else(|report| panic!("{report}")) {
            let mut text = format!("{}: {}\n", outcome.id, outcome.why);
            for line in outcome.sheet.iter().flat_map(|sheet| &sheet.lines) {
                let rule = line.rule.as_ref().map_or("", |rule| rule.as_str());
                let reference = line.reference.as_ref().map_or(String::new(), |r| format!("  «{r}»"));
                let _ = writeln!(
                    text,
                    "{:<10}{:<22}{:>16}  {}{reference}",
                    line.step, rule, line.amount, line.text
                );
            }
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/golden/sheets")
                .join(format!("{}.{}.txt", measure.id, outcome.id));
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &text).unwrap();
            }
            let golden = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(text, golden, "{}", path.display());
        }
    }
}
