//! Sweeps: grids, values alone, and draws that are the same on every machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]
#![allow(clippy::cast_precision_loss, reason = "counts of ten thousand")]

use std::fs;
use std::path::PathBuf;

use grantfolio::load::scenarios::scenarios;
use grantfolio::scenario::{Joined, Scenario, ScenarioSource};
use rand::distr::{Distribution, Uniform};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{LogNormal, Normal, Triangular};

/// The scenarios of files with these names and texts.
fn read(files: &[(&str, &str)]) -> Result<Joined, String> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        })
        .collect();
    scenarios(&paths).map(|(joined, _)| joined).map_err(|report| report.to_string())
}

fn sweep(text: &str) -> Joined {
    read(&[("scenarios.toml", text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// `name: override; override`.
fn told(scenario: &Scenario) -> String {
    let overrides: Vec<String> = scenario.overrides.iter().map(ToString::to_string).collect();
    format!("{}: {}", scenario.name, overrides.join("; "))
}

fn all(source: &Joined) -> Vec<String> {
    (0..source.len()).map(|index| told(&source.get(index))).collect()
}

const AXES: &str = r#"
[axis.quotes]
target = "expense"
selector = "state=quote"
field = "net_amount"
op = "mul"
values = ["0.90", 1.10]

[axis.size]
change = [
  { target = "company", selector = "rossi", field = "size" },
  { target = "member", selector = "line/rossi", field = "size", op = "set" },
]
values = ["micro", "large"]
"#;

#[test]
fn rows_grids_and_single_values_follow_each_other_in_the_order_of_files() {
    let rows = "scenario,target,selector,field,op,value\n\
        dear,expense,*,net_amount,mul,1.2\ndear,company,rossi,size,set,large\nlate,setting,,as_of,add,1 month\n";
    let sweeps = format!(
        "{AXES}[sensitivity.each]\naxes = [\"quotes\"]\n[grid.all]\naxes = [\"size\", \"quotes\"]\nat_most = 4\n"
    );
    let joined = read(&[("a.csv", rows), ("b.toml", &sweeps)]).unwrap();
    let of_size = |size| format!("company rossi size set {size}; member line/rossi size set {size}");
    let expected = [
        "dear: expense * net_amount mul 1.2; company rossi size set large".to_owned(),
        "late: setting as_of add 1 month".to_owned(),
        "each/quotes=0.90: expense state=quote net_amount mul 0.90".to_owned(),
        "each/quotes=1.10: expense state=quote net_amount mul 1.10".to_owned(),
        format!("all/size=micro,quotes=0.90: {}; expense state=quote net_amount mul 0.90", of_size("micro")),
        format!("all/size=micro,quotes=1.10: {}; expense state=quote net_amount mul 1.10", of_size("micro")),
        format!("all/size=large,quotes=0.90: {}; expense state=quote net_amount mul 0.90", of_size("large")),
        format!("all/size=large,quotes=1.10: {}; expense state=quote net_amount mul 1.10", of_size("large")),
    ];
    assert_eq!(all(&joined), expected);
}

#[test]
fn rows_may_have_italian_headers_and_words_and_semicolons() {
    let rows = "Nome scenario;Oggetto;Selettore;Campo;Operazione;Valore\ncari;spesa;\"stato=preventivo; importo_netto>=10\";importo_netto;moltiplica;1.10\n";
    let joined = read(&[("scenari.csv", rows)]).unwrap();
    assert_eq!(all(&joined), ["cari: expense stato=preventivo; importo_netto>=10 importo_netto mul 1.10"]);
}

#[test]
fn every_override_knows_where_its_parts_stand() {
    let rows = "scenario,target,selector,field,op,value\n\ndear,expense,e1,net_amount,mul,1.2\n";
    let scenario = read(&[("a.csv", rows)]).unwrap().get(0);
    let place = scenario.overrides[0].place(grantfolio::scenario::Part::Value);
    assert_eq!((place.line, place.column, place.field.as_deref()), (Some(3), Some(32), Some("value")));
    let scenario = sweep(&format!("{AXES}[sensitivity.each]\naxes = [\"quotes\"]\n")).get(0);
    let place = scenario.overrides[0].place(grantfolio::scenario::Part::Selector);
    assert_eq!((place.line, place.column), (Some(4), Some(12)));
}

/// One draw for each distribution; `DRAWS` puts seed and number before it.
fn drawing(more: &str, draws: &[&str]) -> Joined {
    let mut text = format!("[montecarlo.m]\nseed = 20260915\ndraws = 10000\n{more}\n");
    for (name, draw) in ('a'..).zip(draws) {
        let draw = format!(
            "[[montecarlo.m.draw]]\nname = \"{name}\"\ntarget = \"project\"\nselector = \"{name}\"\nfield = \"score\"\n{draw}\n"
        );
        text.push_str(&draw);
    }
    sweep(&text)
}

const UNIFORM: &str = "distribution = \"uniform\"\nlow = 2\nhigh = 6\ndecimals = 4";
const TRIANGULAR: &str = "distribution = \"triangular\"\nlow = 0.9\nmode = 1\nhigh = 1.25\ndecimals = 6";
const NORMAL: &str = "distribution = \"normal\"\nmean = 10\nsd = 2\nlow = \"-10\"\nhigh = 30\ndecimals = 5";
const LOGNORMAL: &str = "distribution = \"lognormal\"\nmedian = 3\nsigma = \"0.5\"\ndecimals = 5";

/// The values of one draw.
fn values(scenario: &Scenario) -> Vec<&str> {
    scenario.overrides.iter().map(|it| it.value.as_str()).collect()
}

/// Computed apart, with a ChaCha of eight rounds and Wichura's quantiles written in another language.
#[test]
fn a_seed_gives_these_values_on_every_machine() {
    let source = drawing("", &[UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL]);
    assert_eq!(source.len(), 10_000);
    let [first, second, last] = [0, 1, 9999].map(|index| source.get(index));
    assert_eq!([&first, &second, &last].map(|it| it.name.as_str()), ["m/000001", "m/000002", "m/010000"]);
    assert_eq!(values(&first), FIRST);
    assert_eq!(values(&second), SECOND);
    assert_eq!(values(&last), LAST);
    // The last is drawn together with the one before it: 0.6 of that one, and 0.8 of its own.
    let together = drawing(
        "correlation = [{ between = [\"c\", \"d\"], rho = \"0.6\" }]",
        &[UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL],
    );
    let correlated = together.get(0);
    assert_eq!(values(&correlated)[..3], FIRST[..3]);
    assert_eq!(values(&correlated)[3], CORRELATED);
}

const FIRST: [&str; 4] = ["4.4959", "1.076038", "7.09093", "1.54131"];
const SECOND: [&str; 4] = ["4.9821", "1.147642", "7.96892", "3.28272"];
const LAST: [&str; 4] = ["5.2953", "1.146768", "11.30365", "1.89903"];
const CORRELATED: &str = "1.13822";

#[test]
fn a_draw_alone_is_the_draw_in_its_place() {
    let source = drawing("touches = 2", &[UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL]);
    let forward: Vec<Scenario> = (0..200).map(|index| source.get(index)).collect();
    for index in (0..200).rev() {
        let again = drawing("touches = 2", &[UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL]).get(index);
        assert_eq!(told(&again), told(&forward[usize::try_from(index).unwrap()]));
    }
    let other = sweep(
        "[montecarlo.m]\nseed = 1\ndraws = 2\n[[montecarlo.m.draw]]\nname = \"a\"\ntarget = \"project\"\nselector = \"a\"\nfield = \"score\"\ndistribution = \"uniform\"\nlow = 2\nhigh = 6\ndecimals = 4\n",
    );
    assert_ne!(other.get(0).overrides, forward[0].overrides);
}

/// The numbers that ten thousand draws give a variable.
fn numbers(source: &Joined, variable: usize) -> Vec<f64> {
    (0..source.len()).map(|index| source.get(index).overrides[variable].value.parse().unwrap()).collect()
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

fn deviation(numbers: &[f64]) -> f64 {
    let mean = mean(numbers);
    (numbers.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / numbers.len() as f64).sqrt()
}

/// By the formulas: uniform (2 + 6) / 2 and 4 / sqrt(12); triangle (0.9 + 1 + 1.25) / 3 and the root of
/// (0.81 + 1 + 1.5625 - 0.9 - 1.125 - 1.25) / 18 = 0.0975 / 18; normal as given; lognormal 3 e^(1/8) = 3.39945 and
/// 3.39945 sqrt(e^(1/4) - 1) = 1.81171. Of 10,000 draws the mean is off by a hundredth of the deviation; four of them are allowed.
#[test]
fn means_and_deviations_are_those_of_the_distributions() {
    let source = drawing("", &[UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL]);
    let expected = [(4.0, 1.154_70), (1.05, 0.073_598), (10.0, 2.0), (3.399_45, 1.811_71)];
    for (variable, (at, sd)) in expected.into_iter().enumerate() {
        let numbers = numbers(&source, variable);
        assert!((mean(&numbers) - at).abs() < 4.0 * sd / 100.0, "{variable}: {}", mean(&numbers));
        assert!((deviation(&numbers) / sd - 1.0).abs() < 0.08, "{variable}: {}", deviation(&numbers));
    }
}

/// Ours and those of rand_distr, ten thousand each: their distribution functions are nowhere apart by more than
/// 1.95 sqrt(2 / 10,000) = 0.0276 (Smirnov, one in a thousand).
#[test]
fn values_are_distributed_as_those_of_rand_distr() {
    fn theirs(of: &impl Distribution<f64>) -> Vec<f64> {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        (0..10_000).map(|_| of.sample(&mut random)).collect()
    }
    let source = drawing("", &[UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL]);
    let theirs = [
        theirs(&Uniform::new(2.0, 6.0).unwrap()),
        theirs(&Triangular::new(0.9, 1.25, 1.0).unwrap()),
        theirs(&Normal::new(10.0, 2.0).unwrap()),
        theirs(&LogNormal::new(3.0_f64.ln(), 0.5).unwrap()),
    ];
    for (variable, mut theirs) in theirs.into_iter().enumerate() {
        let mut ours = numbers(&source, variable);
        ours.sort_by(f64::total_cmp);
        theirs.sort_by(f64::total_cmp);
        let furthest = ours
            .iter()
            .enumerate()
            .map(|(at, x)| (theirs.partition_point(|other| other <= x) as f64 - at as f64).abs() / 10_000.0);
        let furthest = furthest.fold(0.0, f64::max);
        assert!(furthest < 0.0276, "{variable}: {furthest}");
    }
}

/// Between uniform numbers the correlation of the copula is 6 / pi arcsin(rho / 2): of -0.6, -0.58187; of 10,000 draws it is off by
/// less than a hundredth, four of which are allowed.
#[test]
fn correlated_draws_hang_together_so() {
    let draws = [UNIFORM, UNIFORM, NORMAL];
    let source = drawing("correlation = [{ between = [\"a\", \"b\"], rho = \"-0.6\" }]", &draws);
    let [a, b, c] = [0, 1, 2].map(|variable| numbers(&source, variable));
    let correlation = |a: &[f64], b: &[f64]| {
        let (at, bt) = (mean(a), mean(b));
        let sum: f64 = a.iter().zip(b).map(|(a, b)| (a - at) * (b - bt)).sum();
        sum / a.len() as f64 / deviation(a) / deviation(b)
    };
    assert!((correlation(&a, &b) + 0.581_87).abs() < 0.04, "{}", correlation(&a, &b));
    assert!(correlation(&a, &c).abs() < 0.04);
    // Each by itself is as before.
    assert!((mean(&b) - 4.0).abs() < 0.05 && (deviation(&b) - 1.1547).abs() < 0.03);
}

#[test]
fn each_draw_touches_as_many_variables_as_it_is_told_and_all_alike() {
    let draws = [UNIFORM; 5];
    let source = drawing("touches = 2", &draws);
    let mut touched = [0_u32; 5];
    for index in 0..source.len() {
        let scenario = source.get(index);
        assert_eq!(scenario.overrides.len(), 2);
        for it in &scenario.overrides {
            touched["abcde".find(&it.selector.to_string()).unwrap()] += 1;
        }
    }
    // Two fifths of 10,000, off by sqrt(10,000 x 0.4 x 0.6) = 49; four times that is allowed.
    assert!(touched.iter().all(|count| count.abs_diff(4000) < 196), "{touched:?}");
}

#[test]
fn what_may_happen_happens_as_often_as_is_said() {
    let happens = "distribution = \"bernoulli\"\nprobability = 0.2\nthen = \"yes\"";
    let either = "distribution = \"bernoulli\"\nprobability = 0.5\nthen = 1\notherwise = 0";
    let one_of = "distribution = \"choice\"\nvalues = [\"x\", \"y\"]\nweights = [1, 3]";
    let delay = "distribution = \"triangular\"\nlow = -10\nmode = 0\nhigh = 60\ndecimals = 0\nunit = \"days\"\nop = \"add\"";
    let source = drawing("", &[happens, either, one_of, delay]);
    let scenarios: Vec<Scenario> = (0..10_000).map(|index| source.get(index)).collect();
    let count = |text: &str| {
        let overrides = scenarios.iter().flat_map(|scenario| &scenario.overrides);
        overrides.filter(|it| it.value == text).count()
    };
    // Off by sqrt(10,000 p (1 - p)), of which four are allowed.
    assert!(count("yes").abs_diff(2000) < 160);
    assert_eq!(count("1") + count("0"), 10_000);
    assert!(count("1").abs_diff(5000) < 200);
    assert!(count("y").abs_diff(7500) < 173);
    let last = scenarios[0].overrides.last().unwrap().to_string();
    assert!(last.starts_with("project d score add ") && last.ends_with(" days"), "{last}");
}

/// A million combinations are counted and made one at a time.
#[test]
fn a_large_grid_takes_no_room() {
    let values: Vec<String> = (0..100).map(|value| value.to_string()).collect();
    let axis = |name| {
        format!("[axis.{name}]\ntarget = \"setting\"\nfield = \"as_of\"\nvalues = [{}]\n", values.join(", "))
    };
    let text = format!(
        "{}{}{}[grid.g]\naxes = [\"a\", \"b\", \"c\"]\nat_most = 1000000\n",
        axis("a"),
        axis("b"),
        axis("c")
    );
    let grid = sweep(&text);
    assert_eq!(grid.len(), 1_000_000);
    assert_eq!(grid.get(123_456).name, "g/a=12,b=34,c=56");
    let capped = text.replace("1000000", "999999");
    assert!(read(&[("scenarios.toml", &capped)]).is_err());
}

#[test]
fn one_random_number_is_drawn_for_each_variable() {
    // Another variable behind the others leaves their values alone.
    let [three, four] = [3, 4].map(|count| drawing("", &vec![UNIFORM; count]).get(5));
    assert_eq!(values(&three), values(&four)[..3]);
    let mut stream = ChaCha8Rng::from_seed({
        let mut key = [0; 32];
        key[..8].copy_from_slice(&20_260_915_u64.to_le_bytes());
        key
    });
    stream.set_stream(5);
    // The upper 52 bits, in the middle of their interval.
    let u = ((stream.next_u64() >> 12) as f64 + 0.5) / 2.0_f64.powi(52);
    assert_eq!(values(&three)[0], format!("{:.4}", 2.0 + 4.0 * u));
}
