//! Overrides of `portfolio.toml`: its keys, and what is available in pools.

use std::fmt::Write as _;
use std::sync::Arc;

use super::operations::{all_blank, changed};
use super::{Inputs, problem};
use crate::diagnostics::{Diagnostic, Report};
use crate::ids::{MeasureId, PoolId};
use crate::load::codes::completed;
use crate::load::columns::Column;
use crate::load::fields::{Bounds, Kind, Word};
use crate::load::place::{Text, meant, shown};
use crate::load::scenarios::codes;
use crate::load::settings as reader;
use crate::money::Money;
use crate::portfolio::{MeasureSettings, Objective, Settings};
use crate::scenario::{Op, Override, Part, Places, Selector};

/// Settings in the making.
pub(super) struct EditedSettings<'i> {
    inputs: &'i Inputs,
    /// Where something is changed, with the last override that did so.
    edited: Option<(Settings, Arc<Places>)>,
}

/// A key of the settings.
enum Key {
    AsOf,
    Objective,
    AssumeOpen,
    Measure(MeasureId, OfMeasure),
    Pool(PoolId),
}

/// What is assumed of a measure.
#[derive(Clone, Copy)]
enum OfMeasure {
    FiledOn,
    GrantedOn,
    Reissue,
    WaitingList,
    Excluded,
}

/// What is assumed of a measure, by the names of keys; the command line says `grant`.
const OF_MEASURE: [(&str, OfMeasure); 6] = [
    ("filed_on", OfMeasure::FiledOn),
    ("granted_on", OfMeasure::GrantedOn),
    ("grant", OfMeasure::GrantedOn),
    ("reissue", OfMeasure::Reissue),
    ("waiting_list", OfMeasure::WaitingList),
    ("excluded", OfMeasure::Excluded),
];

/// Words for [`Objective`].
const OBJECTIVES: &[Word] = &[
    Word { english: "grant", italian: &["contributo"] },
    Word { english: "net", italian: &["netto"] },
    Word { english: "expected", italian: &["atteso"] },
];

/// Whether a field of a measure is one of the settings.
pub(super) fn is_setting(field: &str) -> bool {
    OF_MEASURE.iter().any(|(name, _)| *name == field)
}

impl<'i> EditedSettings<'i> {
    pub fn new(inputs: &'i Inputs) -> Self {
        EditedSettings { inputs, edited: None }
    }

    /// Resolves an override of a key.
    pub fn setting(&mut self, it: &Override) -> Result<(), Diagnostic> {
        if !matches!(it.selector, Selector::All | Selector::Blank) {
            let message = format!("settings are one: '{}' selects nothing of them", it.selector);
            let found = it.selector.to_string();
            return Err(problem(codes::SELECTOR, it.place(Part::Selector), message, &found)
                .help("leave the selector empty"));
        }
        let key = self.key(it)?;
        self.change(&key, it)
    }

    /// Resolves an override of what is available in a pool.
    pub fn pool(&mut self, it: &Override) -> Result<(), Diagnostic> {
        if it.field != "available" {
            let message = format!("a pool has no field '{}'", shown(&it.field));
            return Err(problem(codes::UNKNOWN_FIELD, it.place(Part::Field), message, &it.field)
                .expected("available")
                .help("write 'available'"));
        }
        let pools: Vec<PoolId> = match &it.selector {
            Selector::All => self.known_pools().map(|(_, pool)| pool.pool.clone()).collect(),
            Selector::Id(name) => vec![self.known_pool(name, it, Part::Selector)?],
            Selector::Where(_) | Selector::Blank => return Err(no_conditions("pools", it)),
        };
        if pools.is_empty() {
            let message = "no measure has a pool";
            return Err(problem(codes::NOTHING, it.place(Part::Selector), message, "*"));
        }
        for (at, pool) in pools.iter().enumerate() {
            // Measures may share a pool: it is changed once.
            if !pools[..at].contains(pool) {
                self.change(&Key::Pool(pool.clone()), it)?;
            }
        }
        Ok(())
    }

    /// Resolves an override of what is assumed of a measure.
    pub fn of_measure(&mut self, measure: &MeasureId, it: &Override) -> Result<(), Diagnostic> {
        let key = OF_MEASURE.iter().find(|(name, _)| *name == it.field);
        key.map_or(Ok(()), |(_, key)| self.change(&Key::Measure(measure.clone(), *key), it))
    }

    fn key(&self, it: &Override) -> Result<Key, Diagnostic> {
        let unknown = |name: &str, known: &[&str]| {
            let message = format!("portfolio.toml has no key '{}' that a scenario may change", shown(name));
            let found = problem(codes::UNKNOWN_FIELD, it.place(Part::Field), message, &it.field)
                .expected(format!("one of {}", known.join(", ")));
            let like = meant(name, known.iter().copied());
            found.help(like.unwrap_or_else(|| format!("keys are {}", known.join(", "))))
        };
        if let Some(rest) = it.field.strip_prefix("measures.") {
            let (id, name) = rest.rsplit_once('.').unwrap_or((rest, ""));
            let id = self.known_measure(id, it, Part::Field)?;
            let key = OF_MEASURE.iter().find(|(known, _)| *known == name && name != "grant");
            let known = ["filed_on", "granted_on", "reissue", "waiting_list", "excluded"];
            return key.map(|(_, key)| Key::Measure(id, *key)).ok_or_else(|| unknown(name, &known));
        }
        if let Some(pool) = it.field.strip_prefix("pools.") {
            return self.known_pool(pool, it, Part::Field).map(Key::Pool);
        }
        match it.field.as_str() {
            "as_of" => Ok(Key::AsOf),
            "objective" => Ok(Key::Objective),
            "assume_open" => Ok(Key::AssumeOpen),
            name => {
                let known = ["as_of", "objective", "assume_open", "measures.M.filed_on", "pools.P"];
                Err(unknown(name, &known))
            }
        }
    }

    /// The measure with this id.
    pub fn known_measure(&self, id: &str, it: &Override, part: Part) -> Result<MeasureId, Diagnostic> {
        let known = || self.inputs.measures.iter().map(|measure| &measure.id);
        known().find(|known| known.as_str() == id).cloned().ok_or_else(|| {
            let message = format!("there is no measure '{}'", shown(id));
            let found = problem(codes::NOTHING, it.place(part), message, id).expected("the id of a measure");
            let like = meant(id, known().map(MeasureId::as_str));
            found.help(like.unwrap_or_else(|| "`grantfolio measures list` shows those there are".to_owned()))
        })
    }

    fn known_pools(&self) -> impl Iterator<Item = (&'i MeasureId, &'i crate::measure::Pool)> + use<'i> {
        self.inputs.measures.iter().flat_map(|measure| measure.pools.iter().map(|pool| (&measure.id, pool)))
    }

    /// The pool with this name: its own, or that of the measure and of its rule there.
    fn known_pool(&self, name: &str, it: &Override, part: Part) -> Result<PoolId, Diagnostic> {
        let mut names: Vec<(String, &PoolId)> = Vec::new();
        for (measure, pool) in self.known_pools() {
            names.push((pool.pool.to_string(), &pool.pool));
            names.push((format!("{measure}.{}", pool.rule.id), &pool.pool));
        }
        let found = names.iter().find(|(known, _)| known == name);
        found.map(|(_, pool)| (*pool).clone()).ok_or_else(|| {
            let message = format!("there is no pool '{}'", shown(name));
            let found = problem(codes::NOTHING, it.place(part), message, name)
                .expected("a measure, a point and one of its pools");
            let like = meant(name, names.iter().map(|(name, _)| name.as_str()));
            let otherwise = || "`grantfolio measures show` names the pools of a measure".to_owned();
            found.help(like.unwrap_or_else(otherwise))
        })
    }

    fn change(&mut self, key: &Key, it: &Override) -> Result<(), Diagnostic> {
        let settings = self.edited.as_ref().map_or(&self.inputs.settings, |(settings, _)| settings);
        let (kind, required) = match key {
            Key::AsOf => (Kind::Date, true),
            Key::Objective => (Kind::Choice(OBJECTIVES), true),
            Key::AssumeOpen | Key::Measure(_, OfMeasure::WaitingList | OfMeasure::Excluded) => {
                (Kind::Flag, false)
            }
            Key::Measure(..) => (Kind::Date, false),
            Key::Pool(_) => (Kind::Money(Bounds::NotNegative), false),
        };
        let column = Column { name: it.field.clone(), italian: None, kind, required, fact: None };
        let before = self.read(settings, key);
        if before.is_empty() && matches!(it.op, Op::Add | Op::Mul) {
            return Err(all_blank(&column.name, it));
        }
        let after = changed(&column, &before, it)?;
        let mut settings = settings.clone();
        write(&mut settings, key, &after);
        self.edited = Some((settings, Arc::clone(&it.places)));
        Ok(())
    }

    /// What a key says now, as a cell would; of a pool, what the measure says where the settings do not.
    fn read(&self, settings: &Settings, key: &Key) -> String {
        let flag = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
        match key {
            Key::AsOf => settings.as_of.to_string(),
            Key::Objective => settings.objective.name().to_owned(),
            Key::AssumeOpen => flag(settings.assume_open),
            Key::Measure(id, key) => {
                let of = settings.measures.get(id).cloned().unwrap_or_default();
                let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
                match key {
                    OfMeasure::FiledOn => day(of.filed_on),
                    OfMeasure::GrantedOn => day(of.granted_on),
                    OfMeasure::Reissue => day(of.reissue),
                    OfMeasure::WaitingList => flag(of.waiting_list),
                    OfMeasure::Excluded => flag(of.excluded),
                }
            }
            Key::Pool(id) => {
                let said = || self.known_pools().find(|(_, pool)| pool.pool == *id);
                let available = settings.pools.get(id).copied();
                let available = available.or_else(|| said().map(|(_, pool)| pool.available));
                available.map(|available| available.to_string()).unwrap_or_default()
            }
        }
    }

    /// The settings, where they are changed; they are written and read again, so that what the file may not say no scenario says.
    pub fn finish(self) -> Result<Option<Settings>, Report> {
        let Some((settings, by)) = self.edited else { return Ok(None) };
        if settings == self.inputs.settings {
            return Ok(None);
        }
        let text = Text { file: reader::FILE.to_owned(), content: as_toml(&settings) };
        let mut report = Report::new();
        let read = reader::read(&text, &mut report);
        let mut settings = read.settings;
        settings.as_of = read.as_of.unwrap_or_default();
        let found = report.map(|found| completed(Diagnostic { place: by.of(Part::Value), ..found }));
        found.finish(settings).map(|(settings, _)| Some(settings))
    }
}

/// Conditions where there are no columns, or nothing.
pub(super) fn no_conditions(what: &str, it: &Override) -> Diagnostic {
    let found = it.selector.to_string();
    let message = match it.selector {
        Selector::Blank => format!("nothing says which of the {what}"),
        _ => format!("{what} have no columns: '{}' selects nothing of them", shown(&found)),
    };
    problem(codes::SELECTOR, it.place(Part::Selector), message, &found).help("write an id, or * for all")
}

/// Writes what a cell says, which is sound or blank.
fn write(settings: &mut Settings, key: &Key, cell: &str) {
    let (day, flag) = (cell.parse().ok(), cell == "yes");
    match key {
        Key::AsOf => settings.as_of = day.unwrap_or(settings.as_of),
        Key::Objective => {
            let named = Objective::NAMES.iter().find(|(name, _)| *name == cell);
            settings.objective = named.map_or(settings.objective, |(_, objective)| *objective);
        }
        Key::AssumeOpen => settings.assume_open = flag,
        Key::Measure(id, key) => {
            let of = settings.measures.entry(id.clone()).or_default();
            match key {
                OfMeasure::FiledOn => of.filed_on = day,
                OfMeasure::GrantedOn => of.granted_on = day,
                OfMeasure::Reissue => of.reissue = day,
                OfMeasure::WaitingList => of.waiting_list = flag,
                OfMeasure::Excluded => of.excluded = flag,
            }
        }
        Key::Pool(id) => match cell.parse::<Money>() {
            Ok(available) => drop(settings.pools.insert(id.clone(), available)),
            Err(_) => drop(settings.pools.remove(id)),
        },
    }
}

/// The settings as `portfolio.toml` has them.
pub(super) fn as_toml(settings: &Settings) -> String {
    let mut text = format!("as_of = {}\nobjective = \"{}\"\n", settings.as_of, settings.objective.name());
    // Writing to memory does not fail.
    let _ = writeln!(text, "assume_open = {}", settings.assume_open);
    for (id, of) in &settings.measures {
        let MeasureSettings { filed_on, granted_on, reissue, waiting_list, excluded } = of;
        let _ = writeln!(text, "\n[measures.{}]", quoted(id.as_str()));
        for (key, day) in [("filed_on", filed_on), ("granted_on", granted_on), ("reissue", reissue)] {
            let _ = day.map_or(Ok(()), |day| writeln!(text, "{key} = {day}"));
        }
        for (key, flag) in [("waiting_list", waiting_list), ("excluded", excluded)] {
            let _ = if *flag { writeln!(text, "{key} = true") } else { Ok(()) };
        }
    }
    if !settings.pools.is_empty() {
        text.push_str("\n[pools]\n");
    }
    for (id, available) in &settings.pools {
        let _ = writeln!(text, "{} = \"{available}\"", quoted(id.as_str()));
    }
    text
}

/// A text as TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
