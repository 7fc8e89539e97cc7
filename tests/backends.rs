//! Other solvers, as many as are built in: what they propose is a point, whatever they are asked; and what they say is held against what is proven.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::time::{Duration, Instant};

use grantfolio::engine::model;
use grantfolio::generate::{Instance, MODELS, PATTERNS, Size, instance};
use grantfolio::load::instances::of_instance;
use grantfolio::program::{Column, ColumnKey, Kind, Program, Sense};
use grantfolio::solve::{Limits, Outcome, backends};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

fn drawn(name: &str, size: &str, seed: u64) -> Instance {
    let model = MODELS.iter().find(|model| model.name == name).unwrap();
    instance(model, Size::parse(size).unwrap(), &PATTERNS[0], seed)
}

fn program_of(made: &Instance) -> Program {
    let (portfolio, measures) = of_instance(made).unwrap();
    model(&portfolio, &measures).unwrap()
}

fn binary(program: &mut Program, objective: Decimal) -> usize {
    let number = program.columns.len();
    let key = ColumnKey::Helper { application: None, number };
    let (kind, lower, upper) = (Kind::Binary, Decimal::ZERO, Decimal::ONE);
    program.column(Column { key, name: format!("x{number}").into(), kind, lower, upper, objective })
}

fn cents(program: &mut Program, upper: Decimal, objective: Decimal) -> usize {
    let number = program.columns.len();
    let key = ColumnKey::Grant { application: number };
    let (kind, lower) = (Kind::Cents, Decimal::ZERO);
    program.column(Column { key, name: format!("g{number}").into(), kind, lower, upper, objective })
}

fn hostile() -> Vec<(&'static str, Program)> {
    let mut all = vec![("empty", Program::default())];

    let mut program = Program::default();
    program.row("hostile", "never".into(), [], Sense::AtLeast, Decimal::ONE);
    all.push(("no column, a row that nothing keeps", program));

    let mut program = Program::default();
    let x = binary(&mut program, dec!(1));
    program.row("hostile", "half".into(), [(x, dec!(2))], Sense::Equal, dec!(1));
    all.push(("a decision of a half", program));

    let mut program = Program::default();
    let (x, g) = (binary(&mut program, dec!(0)), cents(&mut program, dec!(1e12), dec!(1)));
    cents(&mut program, dec!(0.01), dec!(1));
    program.row("hostile", "wide".into(), [(g, dec!(1)), (x, dec!(-1e12))], Sense::AtMost, dec!(0));
    all.push(("figures far apart", program));

    // In rows from a millionth to a hundred thousand times as large.
    let mut program = Program::default();
    let (g, h) = (cents(&mut program, dec!(1000), dec!(1)), cents(&mut program, dec!(1000), dec!(1)));
    for number in 0..100_u32 {
        let times = Decimal::new(1, 6) * Decimal::from(10_u64.pow(number % 12));
        let sense = if number % 3 == 0 { Sense::Equal } else { Sense::AtMost };
        program.row(
            "hostile",
            format!("same{number}").into(),
            [(g, times), (h, times)],
            sense,
            dec!(700) * times,
        );
    }
    all.push(("one limit a hundred times", program));

    // Sums of thirds that meet in no float.
    let mut program = Program::default();
    let third = Decimal::ONE / dec!(3);
    let taken: Vec<usize> = (0..30).map(|_| binary(&mut program, third)).collect();
    for (number, pair) in taken.windows(3).enumerate() {
        let terms = pair.iter().map(|x| (*x, third));
        program.row("hostile", format!("thirds{number}").into(), terms, Sense::Equal, third + third);
    }
    all.push(("thirds", program));
    all
}

#[test]
fn nothing_that_a_backend_is_asked_ends_the_process() {
    let limits = Limits { time: Some(Duration::from_secs(2)), ..Limits::default() };
    for (name, program) in hostile() {
        for backend in backends() {
            let outcome = backend.solve(&program, &limits);
            println!("{name}: {} says {outcome:?}", backend.name());
            if let Outcome::Point { values, .. } = outcome {
                assert_eq!(values.len(), program.columns.len(), "{name}, {}", backend.name());
            }
        }
    }
}

#[test]
fn a_backend_stops_when_its_time_is_over() {
    let program = program_of(&drawn("indivisible", "60x7", 1));
    for backend in backends() {
        let started = Instant::now();
        let limits = Limits { time: Some(Duration::from_secs(1)), ..Limits::default() };
        let outcome = backend.solve(&program, &limits);
        let took = started.elapsed();
        // Far more than a second on a busy machine, and far less than the solve would take.
        assert!(took < Duration::from_secs(20), "{}: {took:?}", backend.name());
        if took > Duration::from_secs(1) {
            let claims = matches!(outcome, Outcome::Point { claims_optimal: true, .. } | Outcome::Infeasible);
            assert!(!claims, "{} was stopped, and says {outcome:?}", backend.name());
        }
    }
}

/// A solver that calls its point the best says a bound as well, and both are held against every plan there is.
#[cfg(feature = "highs")]
#[test]
fn the_bound_that_a_solver_says_is_held_against_ours() {
    use grantfolio::bench::{BenchSettings, Row, Trial};
    use grantfolio::engine::{BackendChoice, RunSettings};
    use grantfolio::load::instances::instances;
    use grantfolio::money::Money;

    let run = RunSettings { backend: BackendChoice::Highs, ..RunSettings::default() };
    let settings = BenchSettings { run, bare: true, most_plans: u64::MAX };
    let known = ["inst_12_3_713", "inst_9_3_5051", "inst_9_3_753", "inst_9_3_6129", "inst_12_3_47"];
    let known = known.map(|name| {
        let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/instances");
        instances(&data.join(format!("{name}.txt"))).unwrap().remove(0)
    });
    let mut sound = 0;
    for made in (0..40).map(|seed| drawn("tiny", "9x3", seed)).chain(known) {
        let trial = Trial::of(&made, &settings).unwrap();
        assert!(!trial.is_wrong(), "{}", made.name);
        let [word] = trial.bare.as_slice() else { panic!("{trial:?}") };
        let (said, best) = (word.bound.expect("it says a bound of every model"), trial.truth.unwrap());
        // A cent for its tolerances.
        let low = said + Money::CENT < best;
        let short = word.claims_optimal && word.plan + Money::CENT < best;
        let row = &Row::of("case", std::slice::from_ref(&trial), None)[1];
        assert_eq!((row.low, row.wrong), (usize::from(low), usize::from(low || short)), "{}", made.name);
        sound += usize::from(!low);
    }
    assert!(sound >= 40, "{sound} of 45 bounds hold");
}
