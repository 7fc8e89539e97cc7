//! The scenario engine against the slow path: every scenario written to disk as files, loaded, and planned by itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod common {
    pub mod random;
}

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::random::{Size, case, joined, lending};
use grantfolio::allocation::Document;
use grantfolio::eligibility::{eligibility, eligibility_again};
use grantfolio::engine::batch::{BatchSettings, Engine, Outcome, Trouble};
use grantfolio::engine::{RunError, RunSettings, optimize};
use grantfolio::ids::MeasureId;
use grantfolio::load::measures::catalogue;
use grantfolio::load::scenarios::scenarios;
use grantfolio::load::{Inputs, Overrides, portfolio_for};
use grantfolio::measure::{Claim, Measure};
use grantfolio::money::Money;
use grantfolio::scenario::{Override, ScenarioSource};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

fn portfolio(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

fn opened(name: &str) -> Inputs {
    let opened = Inputs::open(&portfolio(name), None, &Overrides::default());
    opened.unwrap_or_else(|report| panic!("{report}")).0
}

/// The result of the edited files.
fn from_files(inputs: &Inputs, overrides: &[Override]) -> Result<Document, RunError> {
    let edits = inputs.edit(overrides).map_err(RunError::Input)?;
    let folder = tempfile::tempdir().unwrap();
    inputs.edited(&edits).map_err(RunError::Input)?.write(folder.path()).unwrap();
    let (measures, _) = catalogue(Some(&folder.path().join("measures"))).map_err(RunError::Input)?;
    let (portfolio, _) =
        portfolio_for(folder.path(), &measures, &Overrides::default()).map_err(RunError::Input)?;
    optimize(&portfolio, &measures, &RunSettings::default()).map(|run| run.document)
}

/// (expense, measure, item) with claim, admitted, aid.
type Places = BTreeMap<(String, String, String), [Money; 3]>;

fn places(document: &Document) -> Places {
    let assignments = document.expenses.iter().flat_map(|outcome| {
        outcome.assignments.iter().map(|a| {
            let about = (outcome.expense.to_string(), a.measure.to_string(), a.cost_item.to_string());
            (about, [a.claimed, a.admitted, a.aid])
        })
    });
    assignments.collect()
}

/// The places of the base, changed as an outcome says.
fn changed(base: &Places, outcome: &Outcome) -> Places {
    let mut places = base.clone();
    for change in &outcome.changes {
        let Some((expense, item)) = &change.expense else { continue };
        let about = (expense.to_string(), change.measure.to_string(), item.to_string());
        let before = change.before.map(|a| [a.claimed, a.admitted, a.aid]);
        assert_eq!(places.remove(&about), before, "{about:?}");
        if let Some(after) = change.after {
            places.insert(about, [after.claimed, after.admitted, after.aid]);
        }
    }
    places
}

fn by_measure(document: &Document) -> BTreeMap<&MeasureId, (Money, usize)> {
    let mut measures: BTreeMap<&MeasureId, (Money, usize)> = BTreeMap::new();
    for application in &document.applications {
        let of = measures.entry(&application.measure).or_default();
        of.0 += application.grant;
        of.1 += 1;
    }
    measures
}

/// Changes of rules, of every kind that the measures have.
const RULES: [&str; 25] = [
    "certifications-2026,grant.rate,set,0.6123",
    "certifications-2026,cap.at_most.0.euro,mul,0.4",
    "certifications-2026,cap.at_most.0.euro,add,-0.01",
    "certifications-2026,minimum.at_least.0.euro,set,100000",
    "certifications-2026,one-certificate.at_most,set,2",
    "certifications-2026,article-28.at_most,mul,0.6",
    "certifications-2026,budget.waiting_list,set,0",
    "certifications-2026,invoice-floor.must.invoice_total.at_least,set,15000",
    "certifications-2026,window.early_order,set,line",
    "certifications-2026,doubt.minimum,set,1",
    "certifications-2026,doubt.vat,set,1",
    "si40-2019,grant.rate,mul,0.9",
    "si40-2019,cap.at_most.0.euro,set,31234.56",
    "si40-2019,claim,set,whole",
    "si40-2019,staff.at_most.0.rate,set,0.1",
    "si40-2019,composition.at_least.0.rate,set,0.4",
    "si40-2019,composition.effect,set,warn",
    "si40-2019,e.name.en,set,something else",
    "si40-2019,doubt.de-minimis,set,1",
    "si40-2019,doubt.withholding,set,1",
    "efficient-enterprise-2025,grant-cap.at_most.0.euro,mul,0.5",
    "efficient-enterprise-2025,doubt.grant,set,1",
    "efficient-enterprise-2025,doubt.fund-source,set,1",
    "energy-2023,doubt.window,set,1",
    "*,cap.at_most.0.euro,mul,0.7",
];

/// One line of a file of scenarios.
fn row(inputs: &Inputs, random: &mut ChaCha8Rng) -> String {
    let id = |random: &mut ChaCha8Rng, file: usize, column: &str| {
        inputs.cell((file, random.random_range(0..inputs.rows(file))), column).to_owned()
    };
    let company = id(random, 0, "company_id");
    let project = id(random, 1, "project_id");
    let expense = id(random, 2, "expense_id");
    let one = |random: &mut ChaCha8Rng, of: &[&str]| of[random.random_range(0..of.len())].to_owned();
    let factor = one(random, &["0.6", "0.95", "1.1", "2.5"]);
    let size = one(random, &["small", "medium", "large"]);
    let measure = one(random, &["certifications-2026", "si40-2019", "efficient-enterprise-2025"]);
    let pool = one(random, &["si40-2019.region", "certifications-2026.budget"]);
    // A pool that runs out joins the clients of the office to a model that takes long.
    let kinds = if inputs.rows(0) < 6 { 19 } else { 18 };
    match random.random_range(0..kinds) {
        0..=3 => format!("expense,{expense},net_amount,mul,{factor}"),
        4 => format!("expense,project.company_id={company},net_amount,mul,{factor}"),
        5 => format!("company,{company},size,set,{size}"),
        6 => format!("setting,,measures.{measure}.excluded,set,true"),
        7 => format!("expense,{expense},,remove,"),
        8 => {
            format!("expense,expense_id=new; project_id={project}; category=software; net_amount=8250,,add,")
        }
        9 => format!(
            "prior_aid,undertaking={company}; granted_on=2025-05-05; regulation=de_minimis:2023/2831; aid=150000,,add,"
        ),
        10 => format!("decision,decision=forbid; project_id={project}; measure={measure},,add,"),
        11 => format!("decision,decision=force; project_id={project}; measure={measure},,add,"),
        12 => format!("company,{company},undertaking,set,{}", id(random, 0, "company_id")),
        13..=17 => format!("measure,{}", one(random, &RULES)),
        _ => format!("pool,{pool},available,set,60000"),
    }
}

fn hold_against_files(name: &str, lists: usize, seed: u64) {
    let inputs = opened(name);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut text = "scenario,target,selector,field,op,value\n".to_owned();
    for list in 0..lists {
        for _ in 0..random.random_range(1..=3) {
            let _ = writeln!(text, "s{list:03},{}", row(&inputs, &mut random));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenarios.csv");
    std::fs::write(&file, text).unwrap();
    let (all, _) = scenarios(&[file]).unwrap_or_else(|report| panic!("{report}"));

    let base = from_files(&inputs, &[]).unwrap();
    let places_of_base = places(&base);
    let engine = Engine::new(inputs.clone(), BatchSettings::default()).unwrap();
    let uncached = BatchSettings { no_cache: true, ..BatchSettings::default() };
    let uncached = Engine::new(inputs.clone(), uncached).unwrap();
    let held = (0..usize::try_from(all.len()).unwrap()).into_par_iter().map(|number| {
        let scenario = all.get(number as u64);
        let told = || format!("{name} {}: {:?}", scenario.name, scenario.overrides);
        let ours = engine.run(&scenario.overrides);
        if number % 4 == 0 {
            assert_eq!(ours, uncached.run(&scenario.overrides), "{}", told());
        }
        match (ours, from_files(&inputs, &scenario.overrides)) {
            (Ok(ours), Ok(theirs)) => {
                let sums = |o: &Outcome| (o.status, o.proof, o.objective, o.upper_bound, o.totals);
                let expected =
                    (theirs.status, theirs.proof, theirs.objective, theirs.upper_bound, theirs.totals);
                assert_eq!(sums(&ours), expected, "{}", told());
                assert_eq!(changed(&places_of_base, &ours), places(&theirs), "{}", told());
                let measures: BTreeMap<_, _> =
                    ours.measures.iter().map(|(id, of)| (id, (of.grant, of.applications))).collect();
                assert_eq!(measures, by_measure(&theirs), "{}", told());
                1
            }
            (Err(ours), Err(theirs)) => {
                let trouble = match theirs {
                    RunError::Input(_) => Trouble::Input,
                    RunError::Contradictions(_) => Trouble::Contradiction,
                    RunError::Unverified(_) | RunError::NoBackend(_) => Trouble::Internal,
                };
                assert_eq!(ours.trouble, trouble, "{}", told());
                assert_ne!(trouble, Trouble::Internal, "{}", told());
                0
            }
            (ours, theirs) => panic!("{}\n{ours:?}\n{theirs:?}", told()),
        }
    });
    let planned: usize = held.sum();
    assert!(2 * planned >= lists, "only {planned} of {lists} lists gave a plan");
}

#[test]
fn scenarios_of_the_office_are_what_the_edited_files_give() {
    hold_against_files("office", 30, 1);
}

#[test]
fn scenarios_of_small_portfolios_are_what_the_edited_files_give() {
    hold_against_files("choice", 258, 2);
    hold_against_files("energy", 8, 3);
    hold_against_files("partnership", 4, 4);
}

/// Asked again of the measures alone that have changed, a portfolio is confronted as if asked of all of them.
#[test]
fn measures_that_have_not_changed_are_not_asked_again() {
    let size = Size { expenses: 5, measures: 3, claim: Claim::AnyPart, largest: 10_000_000, projects: 3 };
    let mut tied = 0;
    for seed in 0..300 {
        let make = [case, joined, lending][usize::try_from(seed % 3).unwrap()];
        let (portfolio, measures) = make(seed, size);
        // The measures of another case bear the same names: all of one are other than before, in every kind of rule.
        let (_, others) = make(seed + 1_000, size);
        let known = eligibility(&portfolio, &measures).unwrap();
        for which in 1..(1_usize << measures.len().min(others.len())) {
            let changed = |nth: usize| (which >> nth) & 1 == 1;
            let edited = |nth: usize| if changed(nth) { &others[nth] } else { &measures[nth] };
            let edited: Vec<Measure> = (0..measures.len()).map(|nth| edited(nth).clone()).collect();
            let is_changed = |id: &MeasureId| {
                let nth = measures.iter().position(|measure| measure.id == *id).unwrap();
                changed(nth)
            };
            let Ok(anew) = eligibility(&portfolio, &edited) else {
                assert!(eligibility_again(&portfolio, &edited, &known, &is_changed).is_err());
                continue;
            };
            tied += anew.applications.iter().filter(|a| a.meets.len() + a.excludes.len() > 0).count();
            let again = eligibility_again(&portfolio, &edited, &known, &is_changed).unwrap();
            assert_eq!(again, anew, "seed {seed}, changed {which:b}");
        }
    }
    assert!(tied > 100, "{tied}");
}

/// What is kept in the caches is what is computed anew: scenarios once more, in another order.
#[test]
fn what_is_remembered_is_what_is_computed() {
    let inputs = opened("choice");
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let mut text = "scenario,target,selector,field,op,value\n".to_owned();
    for list in 0..40 {
        let _ = writeln!(text, "s{list},{}", row(&inputs, &mut random));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenarios.csv");
    std::fs::write(&file, text).unwrap();
    let (all, _) = scenarios(&[file]).unwrap_or_else(|report| panic!("{report}"));
    let engine = Engine::new(inputs, BatchSettings::default()).unwrap();
    let outcomes = |numbers: &mut dyn Iterator<Item = u64>| -> Vec<_> {
        numbers.map(|number| engine.run(&all.get(number).overrides)).collect()
    };
    let first = outcomes(&mut (0..all.len()));
    let (_, misses) = engine.cache_use();
    let mut again = outcomes(&mut (0..all.len()).rev());
    again.reverse();
    assert_eq!(first, again);
    // Nothing was solved twice.
    assert_eq!(engine.cache_use().1, misses);
}

/// The best plan by then is no answer to whoever has more time.
#[test]
fn what_a_limit_cuts_is_told_and_not_remembered() {
    let inputs = opened("office");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenarios.csv");
    // A pool that runs out over many clients takes a second.
    let short = "scenario,target,selector,field,op,value\nshort,pool,si40-2019.region,available,mul,0.5\n";
    std::fs::write(&file, short).unwrap();
    let (all, _) = scenarios(&[file]).unwrap_or_else(|report| panic!("{report}"));
    let overrides = all.get(0).overrides;
    // That is more than the least time that a backend may be given.
    let limited = BatchSettings { scenario_limit: Some(Duration::ZERO), ..BatchSettings::default() };
    let engine = Engine::new(inputs.clone(), limited).unwrap();
    let misses = || engine.cache_use().1;
    let of_base = misses();
    let first = engine.run(&overrides).unwrap();
    assert!(first.cut);
    let planned = misses() - of_base;
    assert!(engine.run(&overrides).unwrap().cut);
    // What was too quick to be cut may be remembered, the rest is planned again.
    assert!(misses() > of_base + planned);
    // With time enough, the same scenario is planned once.
    let engine = Engine::new(inputs, BatchSettings::default()).unwrap();
    assert!(!engine.run(&overrides).unwrap().cut);
    let (hits, misses) = engine.cache_use();
    engine.run(&overrides).unwrap();
    assert_eq!(engine.cache_use(), (hits + planned, misses));
}
