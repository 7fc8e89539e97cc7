//! Twelve invented measures, each with its invented text, against the language: nothing in the program was written for them.
//!
//! They read without a warning, quote their texts, their worked examples hold, and a portfolio over several of them is optimised, verified
//! and certified at a total worked by hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use grantfolio::allocation::Document;
use grantfolio::engine::examples;
use grantfolio::load::measures::measure_file;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/measures");

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().unwrap() == "toml").collect();
    files.sort();
    assert_eq!(files.len(), 12);
    files
}

fn grantfolio(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_grantfolio")).args(arguments).output().unwrap()
}

#[test]
fn every_measure_reads_without_a_warning_and_its_examples_hold() {
    for file in files() {
        let (measure, warnings) = measure_file(&file).unwrap_or_else(|report| panic!("{report}"));
        assert!(warnings.diagnostics().is_empty(), "{warnings}");
        let outcomes = examples(&measure).unwrap_or_else(|report| panic!("{report}"));
        assert!(outcomes.len() >= 3, "{} has {} worked examples", measure.id, outcomes.len());
        for outcome in outcomes {
            assert!(outcome.failures.is_empty(), "{} / {}: {:?}", measure.id, outcome.id, outcome.failures);
        }
    }
}

#[test]
fn every_rule_quotes_words_of_its_text() {
    for file in files() {
        let (measure, _) = measure_file(&file).unwrap_or_else(|report| panic!("{report}"));
        let text = std::fs::read_to_string(Path::new(FOLDER).join(measure.source.as_ref().unwrap())).unwrap();
        // Quotations may go over the end of a line.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for rule in measure.rules() {
            if let Some(quote) = &rule.reference {
                assert!(text.contains(quote.as_str()), "{} / {}: «{quote}»", measure.id, rule.id);
            }
        }
    }
}

#[test]
fn the_command_checks_and_tests_them() {
    let paths = files();
    let paths: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let checked = grantfolio(&[&["measures", "check"], paths.as_slice()].concat());
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let tested = grantfolio(&["measures", "test", "--measures", FOLDER]);
    assert!(tested.status.success(), "{}", String::from_utf8_lossy(&tested.stdout));
}

/// Two companies, three projects, six of the twelve measures.
///
/// The shop (a craft business): furniture 16,000, machinery 30,000, hardware 900, software 14,000, a course of 1,200, advice for 12,000.
/// - furniture to the workshops: 0.60 x 16,000 = 9,600 (to the shops 15,000 of it bring 7,500; beside the machinery less than 9,600);
/// - machinery, hardware and software to the digital projects: 0.50 x 44,900 = 22,450, below the cap of 25,000, software below 40 % of all;
///   machinery and software in the workshops would bring 21,600, and then the furniture 7,500 and the till 250 in the shops;
/// - course and advice to the vouchers: 0.50 x (1,500 + 12,000) + 500 = 7,250; in the digital projects the advice brings 2,550 at most.
///
/// The mill, 290,000 of de minimis received: heat pump of 30 kW for 40,000, panels 20,000, works 20,000 on 100 square metres.
/// - heat pump under exemption: 0.40 x 36,000 = 14,400; panels under de minimis, which has 10,000 left: 0.50 x 20,000 = 10,000;
/// - works to the reuse of water: 0.40 x 20,000 = 8,000; beside the heat pump they bring 0.40 x 15,000 = 6,000.
///
/// The mill at two fairs, after 22,000 for the edition of 2024: 8,000 for Hannover and 3,000 for Milan, of which 30,000 - 22,000 are left.
#[test]
fn a_portfolio_over_six_of_them_comes_to_the_total_worked_by_hand() {
    let home = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("portfolio.toml", "as_of = 2026-03-01\n"),
        (
            "companies.csv",
            "company_id,size,headcount,region,ateco,registered,founded,founder_age\n\
             shop,micro,10,Lombardia,16.23,2015-03-02,2014-05-05,40\n\
             mill,small,30,Lombardia,20.10,,,\n",
        ),
        (
            "projects.csv",
            "project_id,company_id,selling_area,energy_saving,fair_spend,fair_spend_last_year\n\
             renewal,shop,80,,,\n\
             roof,mill,,0.35,,\n\
             fairs,mill,,,40000.00,5000.00\n",
        ),
        (
            "expenses.csv",
            "expense_id,project_id,lot,category,net_amount,quantity,envelope_price,fair_country,fair_opens\n\
             furniture,renewal,,furniture,16000.00,,,,\n\
             machinery,renewal,,machinery,30000.00,,,,\n\
             hardware,renewal,,hardware,900.00,,,,\n\
             software,renewal,,software,14000.00,,,,\n\
             course,renewal,k1,training,1200.00,,,,\n\
             advice,renewal,k2,consultancy,12000.00,,,,\n\
             heat-pump,roof,,boilers_heat_pumps,40000.00,30,,,\n\
             panels,roof,,photovoltaic,20000.00,,,,\n\
             works,roof,,building_works,20000.00,100,150.00,,\n\
             hannover-stand,fairs,hannover,rent,30000.00,,,DE,2026-06-08\n\
             milano-stand,fairs,milano,rent,6000.00,,,IT,2026-05-19\n",
        ),
        (
            "prior_aids.csv",
            "undertaking,granted_on,regulation,aid\n\
             mill,2025-01-31,de_minimis:2023/2831,290000.00\n\
             mill,2024-07-01,trade-fairs:2024,22000.00\n",
        ),
    ] {
        std::fs::write(home.path().join(name), text).unwrap();
    }
    let folder = home.path().to_str().unwrap();
    let output =
        grantfolio(&["optimize", folder, "--measures", FOLDER, "--format", "json", "--require", "certified"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document: Document = serde_json::from_slice(&output.stdout).unwrap();
    let grants: Vec<(&str, &str, String)> = document
        .applications
        .iter()
        .map(|a| (a.project.as_str(), a.measure.as_str(), a.grant.to_string()))
        .collect();
    let expected = [
        ("fairs", "trade-fairs-2026", "8000.00"),
        ("renewal", "craft-workshops-2026", "9600.00"),
        ("renewal", "digital-shares-2026", "22450.00"),
        ("renewal", "innovation-vouchers-2026", "7250.00"),
        ("roof", "building-envelope-2026", "24400.00"),
        ("roof", "water-reuse-2026", "8000.00"),
    ];
    assert_eq!(grants, expected.map(|(project, measure, grant)| (project, measure, grant.to_owned())));
    // 8,000 + 9,600 + 22,450 + 7,250 + 24,400 + 8,000.
    assert_eq!(document.totals.grant.to_string(), "79700.00");
}
