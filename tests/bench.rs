//! Invented instances are the same everywhere, read as portfolios, and are planned right.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use grantfolio::bench::{BenchSettings, Trial, truth};
use grantfolio::engine::RunSettings;
use grantfolio::generate::{
    Call, Client, Cost, Fund, Instance, MODELS, Model, PATTERNS, Pattern, Size, files, instance,
};
use grantfolio::load::instances::{instances, of_instance};
use grantfolio::measure::Claim;
use grantfolio::money::Money;
use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

fn model(name: &str) -> &'static Model {
    MODELS.iter().find(|model| model.name == name).unwrap()
}

fn pattern(name: &str) -> &'static Pattern {
    PATTERNS.iter().find(|pattern| pattern.name == name).unwrap()
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/instances").join(name)
}

fn euro(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn every_model_under_every_pattern_is_planned_and_nothing_is_wrong() {
    let all: Vec<(&Model, &Pattern)> =
        MODELS.iter().flat_map(|model| PATTERNS.iter().map(move |pattern| (model, pattern))).collect();
    // A backend alone may never end.
    let run = RunSettings { time_limit: Some(Duration::from_secs(2)), ..RunSettings::default() };
    let settings = BenchSettings { run, bare: true, most_plans: 100_000 };
    all.par_iter().for_each(|(model, pattern)| {
        let made = instance(model, model.sizes[0], pattern, 1);
        let trial = Trial::of(&made, &settings).unwrap_or_else(|error| panic!("{}: {error}", made.name));
        assert!(!trial.is_wrong(), "{}: {trial:?}", made.name);
        assert!(trial.bound.is_some(), "{}", made.name);
    });
}

#[test]
fn a_seed_is_the_same_instance_on_every_machine() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/instances.txt");
    let mut text = String::new();
    for (name, size, severity) in [
        ("tiny", "6x2", "drawn"),
        ("whole", "4x2", "subset-sum"),
        ("splittable", "3x2", "drawn"),
        ("clients", "2x3", "drawn"),
    ] {
        let made = || instance(model(name), Size::parse(size).unwrap(), pattern(severity), 7);
        assert_eq!(files(&made()), files(&made()));
        for (file, content) in files(&made()) {
            let _ = write!(text, "## {} {file}\n{content}", made().name);
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&golden).unwrap_or_default(), text);
    let other = instance(model("tiny"), model("tiny").sizes[0], pattern("drawn"), 8);
    assert_ne!(other, instance(model("tiny"), model("tiny").sizes[0], pattern("drawn"), 7));
}

#[test]
fn instances_are_of_the_size_that_is_asked_for() {
    for seed in 0..20 {
        let of = |name: &str, size: &str| {
            instance(model(name), Size::parse(size).unwrap(), pattern("drawn"), seed)
        };
        let tiny = of("tiny", "14x4");
        assert!((6..=14).contains(&tiny.costs().count()) && (2..=4).contains(&tiny.calls.len()));
        let whole = of("whole", "60x7");
        assert_eq!((whole.costs().count(), whole.calls.len(), whole.clients.len()), (60, 7, 1));
        let clients = of("clients", "40x9");
        assert_eq!((clients.clients.len(), clients.calls.len()), (40, 9));
        // 20 each on average, and never less than 8 or more than 30.
        assert!((600..1000).contains(&clients.costs().count()), "{}", clients.costs().count());
    }
}

#[test]
fn what_is_published_of_small_instances_is_the_truth() {
    let settings = BenchSettings { most_plans: u64::MAX, ..BenchSettings::default() };
    let size = Size::parse("9x3").unwrap();
    let hard: Vec<&Pattern> = PATTERNS.iter().filter(|pattern| pattern.name != "loose").collect();
    let proven: usize = (0..210_u64)
        .into_par_iter()
        .map(|seed| {
            let severity = hard[usize::try_from(seed).unwrap() % hard.len()];
            let trial = Trial::of(&instance(model("tiny"), size, severity, seed), &settings).unwrap();
            assert!(!trial.is_wrong(), "{trial:?}");
            assert_eq!(Some(trial.value), trial.truth, "{}", trial.instance);
            usize::from(trial.proven)
        })
        .sum();
    // Where only the exhaustive search finds the best plan, two methods do not agree, and nothing is called proven.
    assert!(proven >= 200, "{proven}");
}

/// What the best plan is worth, of every plan there is, in decimals: nothing is left out, and nothing ordered.
fn by_every_plan(instance: &Instance) -> Money {
    let costs = &instance.clients[0].projects[0];
    let mut places = vec![0; costs.len()];
    let mut best = Money::ZERO;
    loop {
        best = best.max(by_places(instance, &places).unwrap_or(Money::ZERO));
        // Counts on, each place from nowhere (0) to the last call of its cost.
        let Some(next) = (0..costs.len()).find(|at| places[*at] < costs[*at].calls.len()) else {
            return best;
        };
        places[next] += 1;
        places[..next].fill(0);
    }
}

fn by_places(instance: &Instance, places: &[usize]) -> Option<Money> {
    let costs = &instance.clients[0].projects[0];
    let mut drawn = vec![Money::ZERO; instance.funds.len()];
    let mut total = Money::ZERO;
    for (at, call) in instance.calls.iter().enumerate() {
        let put =
            || costs.iter().zip(places).filter(|(cost, place)| **place > 0 && cost.calls[**place - 1] == at);
        let sum = |consultancy: bool| -> Decimal {
            put()
                .filter(|(cost, _)| cost.consultancy == consultancy)
                .map(|(cost, _)| cost.amount.euro())
                .sum()
        };
        let (consultancy, others) = (sum(true), sum(false));
        if put().next().is_none() {
            continue;
        }
        if consultancy + others < call.minimum.euro() || consultancy > call.consultancy_share * others {
            return None;
        }
        let grant = (call.rate * (consultancy + others)).trunc_with_scale(2).min(call.cap.euro());
        let grant = Money::from_euro(grant).unwrap();
        total += grant;
        if let Some(fund) = call.fund {
            drawn[fund] += grant;
        }
    }
    let fits = instance.funds.iter().zip(&drawn).all(|(fund, drawn)| *drawn <= fund.available);
    fits.then_some(total)
}

#[test]
fn the_truth_leaves_no_plan_out_that_is_better() {
    let size = Size::parse("8x3").unwrap();
    (0..160_u64).into_par_iter().for_each(|seed| {
        let severity = &PATTERNS[usize::try_from(seed).unwrap() % PATTERNS.len()];
        let made = instance(model("tiny"), size, severity, seed);
        assert_eq!(truth(&made, u64::MAX), Some(by_every_plan(&made)), "{}", made.name);
    });
}

/// Two calls of 50 % with a cap of 60, a minimum of 50 and consultancy of a quarter of the others at most; a fund of 100.
fn by_hand(amounts: &[(&str, bool)]) -> Instance {
    let call = Call {
        rate: dec!(0.5),
        cap: euro("60.00"),
        minimum: euro("50.00"),
        consultancy_share: dec!(0.25),
        flat_rate: Decimal::ZERO,
        de_minimis: false,
        fund: Some(0),
    };
    let cost = |(amount, consultancy): &(&str, bool)| Cost {
        amount: euro(amount),
        consultancy: *consultancy,
        calls: vec![0, 1],
    };
    Instance {
        name: "by-hand".to_owned(),
        claim: Claim::Whole,
        splittable: false,
        calls: vec![call.clone(), call],
        clients: vec![Client { projects: vec![amounts.iter().map(cost).collect()], ..Client::default() }],
        funds: vec![Fund { available: euro("100.00"), in_part: false }],
        de_minimis_room: Money::ZERO,
    }
}

#[test]
fn the_truth_is_what_a_hand_computes() {
    let most = |amounts: &[(&str, bool)]| truth(&by_hand(amounts), 1_000);
    // Together 130 bring 65, capped at 60; apart 80 and 50 bring 40 and 25.
    assert_eq!(most(&[("80.00", false), ("50.00", false)]), Some(euro("65.00")));
    // Apart 49.99 is below the minimum: together 129.99 bring 64.99, capped at 60.
    assert_eq!(most(&[("80.00", false), ("49.99", false)]), Some(euro("60.00")));
    // 25 of consultancy is more than a quarter of 80, which bring 40; 20 is not: 50.
    assert_eq!(most(&[("80.00", false), ("25.00", true)]), Some(euro("40.00")));
    assert_eq!(most(&[("80.00", false), ("20.00", true)]), Some(euro("50.00")));
    // Two grants of 60 do not fit the fund: 60 and, of 79.99, 39.99 cut to cents.
    let three = [("200.00", false), ("200.00", false), ("79.99", false)];
    assert_eq!(most(&three), Some(euro("99.99")));
    // 3 plans for each of the three costs.
    assert_eq!(truth(&by_hand(&three), 26), None);
    assert_eq!(truth(&by_hand(&three), 27), Some(euro("99.99")));
}

#[test]
fn the_truth_is_silent_of_what_it_does_not_compute() {
    let plain = by_hand(&[("80.00", false)]);
    assert!(truth(&plain, 10).is_some());
    let mut any_part = plain.clone();
    any_part.claim = Claim::AnyPart;
    let mut flat = plain.clone();
    flat.calls[0].flat_rate = dec!(0.07);
    let mut de_minimis = plain.clone();
    de_minimis.calls[1].de_minimis = true;
    let mut in_part = plain.clone();
    in_part.funds[0].in_part = true;
    let mut two_clients = plain.clone();
    two_clients.clients.push(Client::default());
    for other in [any_part, flat, de_minimis, in_part, two_clients] {
        assert_eq!(truth(&other, 10), None);
    }
}

/// Optima of the models on which a trusted solver is wrong, by two other solvers (`tests/data/instances/README.md`).
#[test]
fn the_models_on_which_a_trusted_solver_is_wrong_are_planned_right() {
    let cases = [
        ("inst_12_3_713", "76990.66"),
        ("inst_9_3_5051", "112274.90"),
        ("inst_9_3_753", "44179.50"),
        ("inst_9_3_6129", "65985.68"),
        ("inst_12_3_47", "162158.32"),
    ];
    let settings = BenchSettings { most_plans: u64::MAX, ..BenchSettings::default() };
    for (name, optimum) in cases {
        let read = instances(&data(&format!("{name}.txt"))).unwrap();
        let trial = Trial::of(&read[0], &settings).unwrap();
        assert_eq!((trial.instance.as_str(), trial.truth), (name, Some(euro(optimum))));
        assert_eq!((trial.value, trial.proven), (euro(optimum), true), "{name}");
    }
}

#[test]
fn files_of_instances_are_read_line_by_line() {
    for (name, count, costs, calls) in [("whole-20x4", 50, 20, 4), ("whole-60x7", 20, 60, 7)] {
        let read = instances(&data(&format!("{name}.jsonl"))).unwrap();
        assert_eq!(read.len(), count);
        for made in &read {
            assert_eq!((made.costs().count(), made.calls.len()), (costs, calls));
            let (portfolio, measures) = of_instance(made).unwrap();
            assert_eq!((portfolio.expenses.len(), measures.len()), (costs, calls));
        }
        assert_eq!(read[1].name, format!("{name}/1"));
    }
    // The first line of the file begins: "rate":"0.5","cap":"220000.00","minimum":"70000.00", .. "de_minimis":true.
    let first = &instances(&data("whole-20x4.jsonl")).unwrap()[0].calls[0];
    assert_eq!((first.rate, first.cap, first.minimum), (dec!(0.5), euro("220000.00"), euro("70000.00")));
    assert!(first.de_minimis);
}

#[test]
fn what_is_wrong_in_a_file_of_instances_is_told_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    let told = |name: &str, text: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        instances(&path).unwrap_err().to_string()
    };
    let cases = [
        ("a.txt", "", "the file ends where the first row, 'n m pool', should follow", ":1"),
        ("b.txt", "1 1\n", "the first row, 'n m pool', has 3 numbers, not 2", ":1"),
        ("c.txt", "1 0 9\n", "'0' is no count from 1 to 1000000", ":1"),
        ("d.txt", "1 1 9\n1 2\n", "the row of a measure, 'cap minimum share', has 3 numbers, not 2", ":2"),
        ("e.txt", "1 1 9\n1 2 0.5\n8 0 x\n", "'x' is no rate from 0 to 1000", ":3"),
        ("f.txt", "1 1 9\n1 -2 0.5\n", "'-2' is below zero", ":2"),
        ("g.txt", "2 1 9\n1 2 0.5\n8 0 0.1\n8 0 0.2\n", "measure 1 has two rates; it may have one", ":4"),
        ("h.jsonl", "\n{}\n", "missing field `seed`", ":2"),
        (
            "i.jsonl",
            r#"{"seed":1,"de_minimis_room":"1","measures":[],"expenses":[{"amount":"1","consultancy":true,"measures":[0]}]}"#,
            "there is no measure 0: the line has 0, counted from 0",
            ":1",
        ),
    ];
    for (name, text, message, line) in cases {
        let error = told(name, text);
        assert!(error.contains(message) && error.contains(&format!("{name}{line}")), "{error}");
    }
    assert!(instances(&home.path().join("none.txt")).unwrap_err().to_string().contains("is not there"));
}
