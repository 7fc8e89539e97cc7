//! The scenarios that come with the program, and those that the documentation shows: each can be resolved and read.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use grantfolio::load::scenarios::scenarios;
use grantfolio::load::{Inputs, Overrides, Rows};
use grantfolio::measure::Measure;
use grantfolio::portfolio::Portfolio;
use grantfolio::scenario::{Scenario, ScenarioSource};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn opened(name: &str) -> Inputs {
    Inputs::open(&root().join("scenarios").join(name), None, &Overrides::default()).unwrap().0
}

/// Portfolio and measures of a scenario.
fn read(inputs: &Inputs, scenario: &Scenario) -> (Portfolio, Vec<Measure>) {
    let sound = |report: grantfolio::diagnostics::Report| -> ! { panic!("{}: {report}", scenario.name) };
    let edits = inputs.edit(&scenario.overrides).unwrap_or_else(|report| sound(report));
    let measures = inputs.measures(&edits).unwrap_or_else(|report| sound(report));
    let portfolio = inputs.portfolio(&edits, &Rows::All).unwrap_or_else(|report| sound(report));
    (portfolio, measures.to_vec())
}

/// The blocks of a page in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn what_the_documentation_shows_can_be_run() {
    let page = fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inputs = opened("choice");
    let mut paths = Vec::new();
    for language in ["csv", "toml"] {
        let path = folder.path().join("scenarios").with_extension(language);
        fs::write(&path, &blocks(&page, language)[0]).unwrap();
        paths.push(path);
    }
    let source = scenarios(&paths).unwrap_or_else(|report| panic!("{report}")).0;
    // Eight in rows, 9 of the grid, 6 alone, 1000 draws.
    assert_eq!(source.len(), 8 + 9 + 6 + 1000);
    for index in 0..60 {
        read(&inputs, &source.get(index));
    }
    let names: BTreeSet<String> = (0..source.len()).map(|index| source.get(index).name).collect();
    for shown in ["prices-and-sizes/software=0.9,size=small", "each/size=large", "prices/000123"] {
        assert!(names.contains(shown), "{shown}");
    }
    let named = |name: &str| {
        let found = (0..8).map(|index| source.get(index)).find(|scenario| scenario.name == name);
        read(&inputs, &found.unwrap())
    };
    // 250,000 of aid received, and a cap of 220,000 less 20,000.
    assert_eq!(named("had-aid").0.prior_aids[0].aid.to_string(), "250000.00");
    let measures = named("less").1;
    let text = format!("{:?}", measures.iter().find(|measure| measure.id.as_str() == "certifications-2026"));
    assert!(text.contains("200000"), "the cap of the measure");
    assert!(named("late").0.projects[0].success_probability.value().to_string() == "0.4");
}

#[test]
fn the_set_of_the_office_can_be_run() {
    let office = root().join("scenarios/office");
    let inputs = opened("office");
    let source = scenarios(&[office.join("scenarios.csv")]).unwrap().0;
    assert!(source.len() >= 45, "{}", source.len());
    for index in 0..source.len() {
        let scenario = source.get(index);
        read(&inputs, &scenario);
        let changes = inputs.edit(&scenario.overrides).is_ok_and(|edits| !edits.is_empty());
        assert!(changes, "{} changes nothing", scenario.name);
        assert!(scenario.overrides.iter().all(|it| it.places.spots[0].is_some()));
    }
    // Quotes a tenth dearer: 18,740.00 x 1.1.
    let dearer = (0..source.len()).map(|index| source.get(index)).find(|it| it.name == "quotes-dearer");
    let (portfolio, _) = read(&inputs, &dearer.unwrap());
    let line = portfolio.expense(&"vs-iatf-01".parse().unwrap()).unwrap();
    assert_eq!(line.net_amount.to_string(), "20614.00");
}

#[test]
fn every_doubt_of_the_calls_of_the_office_that_can_be_computed_is_in_its_set() {
    let source = scenarios(&[root().join("scenarios/office/scenarios.csv")]).unwrap().0;
    let all = (0..source.len()).flat_map(|index| source.get(index).overrides);
    let met: BTreeSet<(String, String, String)> = all
        .filter(|it| it.field.starts_with("doubt."))
        .map(|it| (it.selector.to_string(), it.field.trim_start_matches("doubt.").to_owned(), it.value))
        .collect();
    let calls = ["certifications-2026", "si40-2019", "efficient-enterprise-2025"];
    let wanted = |id: &grantfolio::ids::MeasureId| calls.contains(&id.as_str());
    let mut of_rules = 0;
    for doubted in grantfolio::load::measures::doubted(None, &wanted).unwrap() {
        // A doubt of a shared ledger stands in no text of a measure, where scenarios could change it.
        let Some(rule) = doubted.rule.as_ref().filter(|_| doubted.ledger.is_none()) else { continue };
        for alternative in 1..=doubted.readings.len() {
            let key = (doubted.measure.to_string(), rule.to_string(), alternative.to_string());
            assert!(met.contains(&key), "{key:?}");
            of_rules += 1;
        }
    }
    // Those about a measure as a whole have ids that only its file knows.
    assert_eq!(met.len(), of_rules + 5, "{met:?}");
}

#[test]
fn the_draws_of_the_office_touch_two_clients_each() {
    let inputs = opened("office");
    let source = scenarios(&[root().join("scenarios/office/montecarlo.toml")]).unwrap().0;
    assert_eq!(source.len(), 10_000);
    let base = inputs.portfolio(&inputs.edit(&[]).unwrap(), &Rows::All).unwrap();
    let mut clients = BTreeSet::new();
    for index in (0..10_000).step_by(100) {
        let (portfolio, _) = read(&inputs, &source.get(index));
        let changed = base.expenses.iter().zip(&portfolio.expenses).filter(|(a, b)| a != b);
        let of = changed.map(|(line, _)| base.project(&line.project).unwrap().company.to_string());
        let of: BTreeSet<String> = of.collect();
        // A factor may be one to four decimals.
        assert!((1..=2).contains(&of.len()), "{index}: {of:?}");
        clients.extend(of);
    }
    assert_eq!(clients.len(), 12);
}
