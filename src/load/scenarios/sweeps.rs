//! `scenarios.toml`: axes and sweeps over them, and draws at random.
//!
//! ```toml
//! [axis.quotes]                          # values for the same change
//! target = "expense"
//! selector = "state=quote"
//! field = "net_amount"
//! op = "mul"
//! values = ["0.90", "1.00", "1.10"]
//!
//! [grid.all]                             # every combination
//! axes = ["quotes", "size"]
//! at_most = 100
//!
//! [sensitivity.each]                     # every value alone
//! axes = ["quotes", "size"]
//!
//! [montecarlo.prices]                    # values at random
//! seed = 1
//! draws = 1000
//!
//! [[montecarlo.prices.draw]]
//! name = "quotes"
//! change = [{ target = "expense", selector = "state=quote", field = "net_amount", op = "mul" }]
//! distribution = "triangular"
//! low = 0.9
//! mode = 1
//! high = 1.3
//! decimals = 4
//! ```

use std::sync::Arc;

use rust_decimal::Decimal;

use super::super::place::{Text, meant, shown};
use super::codes;
use super::keys::{File, Item, Keys};
use crate::diagnostics::{Place, Report};
use crate::scenario::{
    Axis, Change, Correlation, Distribution, Grid, MonteCarlo, Op, Part, Places, ScenarioSource, Selector,
    Sensitivity, Target, Unit, Variable,
};

/// The scenarios of one sweep.
pub(super) struct Sweep {
    /// Its name, with which the names of its scenarios begin.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Its scenarios.
    pub source: Box<dyn ScenarioSource>,
}

/// Every sweep of a file that could be read, in the order of the file.
pub(super) fn sweeps(text: &Text, report: &mut Report) -> Vec<Sweep> {
    let file = File::new(text);
    let mut sweeps = Vec::new();
    if let Some(document) = file.document() {
        let mut root = Keys::root(&file, document.get_ref());
        let axes: Vec<Arc<Axis>> = tables(&mut root, "axis").into_iter().filter_map(axis).collect();
        for (name, item, keys) in tables(&mut root, "grid") {
            sweeps.extend(made(name, &item, |name| grid(&name, keys, &axes)));
        }
        for (name, item, keys) in tables(&mut root, "sensitivity") {
            sweeps.extend(made(name, &item, |name| sensitivity(name, keys, &axes)));
        }
        for (name, item, keys) in tables(&mut root, "montecarlo") {
            sweeps.extend(made(name, &item, |name| montecarlo(name, keys)));
        }
        root.finish();
    }
    report.extend(file.into_report());
    sweeps.sort_by_key(|sweep| sweep.place.line);
    sweeps
}

fn made(
    name: String,
    item: &Item<'_>,
    make: impl FnOnce(String) -> Option<Box<dyn ScenarioSource>>,
) -> Option<Sweep> {
    Some(Sweep { place: item.place(), source: make(name.clone())?, name })
}

/// The tables of one kind, `[KIND.NAME]`, in the order of the file.
fn tables<'d>(root: &mut Keys<'d>, kind: &'static str) -> Vec<(String, Item<'d>, Keys<'d>)> {
    let Some(keys) = root.get(kind).and_then(|item| item.keys()) else { return Vec::new() };
    let named = |item: Item<'d>| Some((name(&item, item.key)?, item.clone(), item.keys()?));
    keys.items().into_iter().filter_map(named).collect()
}

/// A name that may stand in the names of scenarios.
fn name(item: &Item<'_>, name: &str) -> Option<String> {
    let sound = crate::ids::check("", name).is_ok() && !name.contains(['/', ',', '=']);
    if !sound {
        let message = format!("'{}' cannot be a name here", shown(name));
        item.report(codes::BAD_KEY, message, Some("take letters, digits and '-'".to_owned()));
    }
    sound.then(|| name.trim().to_owned())
}

fn axis((name, _, mut keys): (String, Item<'_>, Keys<'_>)) -> Option<Arc<Axis>> {
    let values_item = keys.required("values");
    let changes = changes(&mut keys, values_item.as_ref());
    let values: Option<Vec<String>> =
        values_item.as_ref().and_then(|item| item.list()?.iter().map(Item::cell).collect());
    keys.finish();
    let (changes, values) = (changes?, values?);
    for (at, value) in values.iter().enumerate() {
        if let (true, Some(item)) = (values[..at].contains(value), &values_item) {
            let message = format!("the value '{}' is there twice", shown(value));
            item.report(codes::BAD_KEY, message, Some("leave one of the two out".to_owned()));
            return None;
        }
    }
    Some(Arc::new(Axis { name, changes, values }))
}

/// What values go to: the keys of one change, or several tables under `change`.
fn changes(keys: &mut Keys<'_>, values: Option<&Item<'_>>) -> Option<Vec<Change>> {
    match keys.get("change") {
        Some(item) => item.list()?.into_iter().map(|item| change(&mut item.keys()?, values, true)).collect(),
        None => Some(vec![change(keys, values, false)?]),
    }
}

fn change(keys: &mut Keys<'_>, values: Option<&Item<'_>>, alone: bool) -> Option<Change> {
    let target_item = keys.required("target");
    let (selector_item, field_item) = (keys.get("selector"), keys.get("field"));
    let op_item = keys.get("op");
    if alone {
        keys.finish();
    }
    let spots =
        [&target_item, &selector_item, &field_item, &op_item].map(|item| item.as_ref().and_then(Item::spot));
    let mut places = Places::default();
    let parts = [Part::Target, Part::Selector, Part::Field, Part::Op];
    for (part, spot) in parts.into_iter().zip(spots) {
        places.spots[part as usize] = spot;
    }
    places.spots[Part::Value as usize] = values.and_then(Item::spot);
    places.file = target_item.as_ref().map(|item| item.place().file).unwrap_or_default();
    let target = target_item.and_then(|item| item.word(&Target::NAMES));
    let op = op_item.map_or(Some(Op::Set), |item| item.word(&Op::NAMES));
    let field = field_item.map_or(Some(""), |item| item.text().map(str::trim));
    let selector = match &selector_item {
        None => Some(Selector::Blank),
        Some(item) => item.text().and_then(|text| {
            Selector::parse(text).map_err(|error| item.report(codes::SELECTOR, error.to_string(), None)).ok()
        }),
    };
    Some(Change {
        target: target?,
        selector: selector?,
        field: field?.to_owned(),
        op: op?,
        places: Arc::new(places),
    })
}

/// The axes that a sweep names, each once.
fn chosen(keys: &mut Keys<'_>, axes: &[Arc<Axis>]) -> Option<Vec<Arc<Axis>>> {
    let mut chosen: Vec<Arc<Axis>> = Vec::new();
    for item in keys.required("axes")?.list()? {
        let axis = &axes[named(&item, "sound axis", axes, |axis| &axis.name)?];
        if chosen.contains(axis) {
            item.report(codes::BAD_KEY, format!("the axis '{}' is there twice", shown(&axis.name)), None);
            return None;
        }
        chosen.push(Arc::clone(axis));
    }
    Some(chosen)
}

/// Which of these an item names.
fn named<T>(item: &Item<'_>, what: &str, all: &[T], name: impl Fn(&T) -> &str) -> Option<usize> {
    let text = item.text()?;
    let found = all.iter().position(|it| name(it) == text);
    if found.is_none() {
        let help = meant(text, all.iter().map(name));
        item.report(codes::BAD_KEY, format!("there is no {what} '{}'", shown(text)), help);
    }
    found
}

fn grid(name: &str, mut keys: Keys<'_>, axes: &[Arc<Axis>]) -> Option<Box<dyn ScenarioSource>> {
    let axes = chosen(&mut keys, axes);
    let at_most_item = keys.required("at_most");
    keys.finish();
    let (at_most_item, axes) = (at_most_item?, axes?);
    let at_most = at_most_item.whole(1)?;
    let grid = Grid::new(name.to_owned(), axes);
    match grid {
        Some(grid) if grid.len() <= at_most => Some(Box::new(grid)),
        grid => {
            let count = grid.map_or("more than can be counted".to_owned(), |grid| grid.len().to_string());
            let message =
                format!("the grid '{}' has {count} scenarios, more than its cap of {at_most}", shown(name));
            at_most_item.report(codes::TOO_MANY, message, None);
            None
        }
    }
}

fn sensitivity(name: String, mut keys: Keys<'_>, axes: &[Arc<Axis>]) -> Option<Box<dyn ScenarioSource>> {
    let axes = chosen(&mut keys, axes);
    keys.finish();
    Some(Box::new(Sensitivity { name, axes: axes? }))
}

fn montecarlo(name: String, mut keys: Keys<'_>) -> Option<Box<dyn ScenarioSource>> {
    let seed = keys.required("seed").and_then(|item| item.whole(0));
    let draws = keys.required("draws").and_then(|item| item.whole(1));
    let touches_item = keys.get("touches");
    let touches = touches_item.as_ref().map_or(Some(None), |item| item.whole(1).map(Some));
    let variables = keys.required("draw").and_then(|item| {
        // Of every draw what is wrong is told.
        let read: Vec<Option<Variable>> = item.list()?.iter().map(variable).collect();
        read.into_iter().collect::<Option<Vec<Variable>>>()
    });
    let correlation_item = keys.get("correlation");
    keys.finish();
    let variables = variables?;
    for (at, variable) in variables.iter().enumerate() {
        if variables[..at].iter().any(|other| other.name == variable.name) {
            let message = format!("two draws of '{}' are called '{}'", shown(&name), shown(&variable.name));
            keys.report(keys.problem(codes::BAD_KEY, message).help("give one of the two another name"));
            return None;
        }
    }
    let correlation = match correlation_item {
        Some(item) => correlation(&name, &item, &variables)?,
        None => Correlation::default(),
    };
    let touches = touches?;
    if let (Some(touches), Some(item)) = (touches, touches_item)
        && touches > variables.len() as u64
    {
        item.bad(&format!("at most {}, the number of draws", variables.len()));
        return None;
    }
    Some(Box::new(MonteCarlo { name, seed: seed?, draws: draws?, touches, variables, correlation }))
}

fn correlation(name: &str, item: &Item<'_>, variables: &[Variable]) -> Option<Correlation> {
    let mut pairs: Vec<((usize, usize), Decimal)> = Vec::new();
    for item in item.list()? {
        let mut keys = item.keys()?;
        let (between, rho) = (keys.required("between"), keys.required("rho"));
        keys.finish();
        let (between, rho) = (between?, rho?.number()?);
        let mut pair = Vec::new();
        for item in between.list()? {
            pair.push(named(&item, "draw", variables, |variable| &variable.name)?);
        }
        let [one, other] = pair[..] else {
            between.bad("the names of two draws");
            return None;
        };
        pairs.push(((one.min(other), one.max(other)), rho));
    }
    let once = pairs.iter().enumerate().all(|(at, (pair, _))| pairs[..at].iter().all(|(it, _)| it != pair));
    let correlation = Correlation::new(&pairs).filter(|_| once);
    if correlation.is_none() {
        let message = format!("the correlations of '{}' cannot all be true at once", shown(name));
        item.report(codes::CORRELATION, message, None);
    }
    correlation
}

fn variable(item: &Item<'_>) -> Option<Variable> {
    let mut keys = item.keys()?;
    let named = keys.required("name").and_then(|item| name(&item, item.text()?));
    let kind_item = keys.required("distribution");
    let changes = changes(&mut keys, kind_item.as_ref());
    let distribution = kind_item.as_ref().and_then(|item| distribution(item, &mut keys));
    // Which keys go with it only a distribution tells.
    let distribution = distribution?;
    let (mut decimals, mut unit) = (Some(0), Some(None));
    if distribution.is_number() {
        let item = keys.required("decimals");
        decimals = item.as_ref().and_then(|item| item.whole(0));
        if let (Some(10..), Some(item)) = (decimals, &item) {
            item.bad("at most 9");
            decimals = None;
        }
        let unit_item = keys.get("unit");
        unit = unit_item.as_ref().map_or(Some(None), |item| item.word(&Unit::NAMES).map(Some));
        if let (Some(Some(_)), Some(1..), Some(item)) = (unit, decimals, &item) {
            item.bad("0 with a unit");
            decimals = None;
        }
    }
    keys.finish();
    let decimals = usize::try_from(decimals?).ok()?;
    Some(Variable { name: named?, changes: changes?, distribution, decimals, unit: unit? })
}

#[derive(Clone, Copy)]
enum Kind {
    Uniform,
    Triangular,
    Normal,
    Lognormal,
    Bernoulli,
    Choice,
}

const KINDS: [(&str, Kind); 6] = [
    ("uniform", Kind::Uniform),
    ("triangular", Kind::Triangular),
    ("normal", Kind::Normal),
    ("lognormal", Kind::Lognormal),
    ("bernoulli", Kind::Bernoulli),
    ("choice", Kind::Choice),
];

fn distribution(item: &Item<'_>, keys: &mut Keys<'_>) -> Option<Distribution> {
    let kind = item.word(&KINDS)?;
    let mut number = |key| keys.required(key).and_then(|item| item.number());
    let (made, expected) = match kind {
        Kind::Uniform => {
            let (low, high) = (number("low"), number("high"));
            (Distribution::uniform(low?, high?), "'low' must be below 'high'")
        }
        Kind::Triangular => {
            let (low, mode, high) = (number("low"), number("mode"), number("high"));
            (Distribution::triangular(low?, mode?, high?), "'low', 'mode' and 'high' must rise")
        }
        Kind::Normal => {
            let (mean, sd, low, high) = (number("mean"), number("sd"), number("low"), number("high"));
            let made = Distribution::normal(mean?, sd?, low?, high?);
            (
                made,
                "'sd' must be above zero, and a thousandth of the values between 'low' and 'high' at least",
            )
        }
        Kind::Lognormal => {
            let (median, sigma) = (number("median"), number("sigma"));
            let made = Distribution::lognormal(median?, sigma?);
            (made, "'median' and 'sigma' must be above zero, and 'sigma' at most 10")
        }
        Kind::Bernoulli => {
            let probability = number("probability");
            let then = keys.required("then").and_then(|item| item.cell());
            let otherwise = keys.get("otherwise").map_or(Some(None), |item| item.cell().map(Some));
            let made = Distribution::bernoulli(probability?, then?, otherwise?);
            (made, "'probability' must be from 0 to 1")
        }
        Kind::Choice => {
            let cells = |item: Item<'_>| item.list()?.iter().map(Item::cell).collect::<Option<Vec<_>>>();
            let values = keys.required("values").and_then(cells);
            let numbers = |item: Item<'_>| item.list()?.iter().map(Item::number).collect::<Option<Vec<_>>>();
            let weights = keys.get("weights").map_or(Some(None), |item| numbers(item).map(Some));
            let values = values?;
            let weights = weights?.unwrap_or_else(|| vec![Decimal::ONE; values.len()]);
            let made = (weights.len() == values.len())
                .then(|| Distribution::choice(values.into_iter().zip(weights).collect()))
                .flatten();
            (made, "every value needs a weight, none below zero and one above it")
        }
    };
    if made.is_none() {
        item.report(codes::BAD_KEY, format!("there is no such distribution: {expected}"), None);
    }
    made
}
