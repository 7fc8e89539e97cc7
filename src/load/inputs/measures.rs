//! Overrides of measures: a value in the text of one is replaced, and the text is read again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::edits::{EditedText, Editing};
use super::operations::{all_blank, computed, later, no_number, no_span, rounded};
use super::settings::{is_setting, no_conditions};
use super::{Edits, Inputs, problem};
use crate::diagnostics::{Diagnostic, Report, Severity};
use crate::ids::MeasureId;
use crate::load::codes::completed;
use crate::load::measures::{Catalogue, Found, Unfound, Written, doubtful, located};
use crate::load::place::{meant, shown};
use crate::load::scenarios::codes;
use crate::load::values;
use crate::measure::Measure;
use crate::scenario::{Op, Override, Part, Selector};

/// Texts of measures that were read, with what they say.
#[derive(Debug, Default)]
pub(super) struct Memo {
    measures: Remembered<Arc<str>, Measure>,
    all: Remembered<Vec<Arc<str>>, Vec<Measure>>,
    /// Where in the texts as they are overrides find what they name: a batch names the same places over and over.
    places: Remembered<(MeasureId, String), Found>,
}

type Remembered<K, V> = Mutex<BTreeMap<K, Arc<V>>>;

/// So many texts are remembered; then all are forgotten. A text takes some thirty kilobytes.
const MOST_TEXTS: usize = 500;
/// So many lists of all measures are remembered.
const MOST_LISTS: usize = 100;
/// So many places.
const MOST_PLACES: usize = 1000;

/// What is remembered under a key, or made and remembered. Two threads may make the same thing; both make it alike.
fn remembered<K: Ord + Clone, V, E>(
    memo: &Remembered<K, V>,
    most: usize,
    key: &K,
    make: impl FnOnce() -> Result<V, E>,
) -> Result<Arc<V>, E> {
    // Nothing panics while it holds the lock; and what is there is whole.
    let known = memo.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let made = Arc::new(make()?);
    let mut memo = memo.lock().unwrap_or_else(PoisonError::into_inner);
    if memo.len() >= most {
        memo.clear();
    }
    memo.insert(key.clone(), made.clone());
    Ok(made)
}

impl Inputs {
    /// The measures, edited; where none is edited, the same list every time.
    pub fn measures(&self, edits: &Edits) -> Result<Arc<Vec<Measure>>, Report> {
        if edits.texts.is_empty() {
            return Ok(Arc::clone(&self.measures));
        }
        let key: Vec<Arc<str>> = edits.texts.values().map(|edited| Arc::clone(&edited.text)).collect();
        remembered(&self.memo.all, MOST_LISTS, &key, || {
            let mut all = self.measures.to_vec();
            let mut report = Report::new();
            for (id, edited) in &edits.texts {
                let place = all.iter_mut().find(|measure| measure.id == *id);
                let Some((before, written)) = place.zip(self.catalogue.measures.get(id)) else { continue };
                let read = remembered(&self.memo.measures, MOST_TEXTS, &edited.text, || {
                    self.read_again(before, written, edited)
                });
                match read {
                    Ok(measure) => *before = Measure::clone(&measure),
                    Err(problems) => report.extend(problems),
                }
            }
            report.finish(all).map(|(all, _)| all)
        })
    }

    fn read_again(
        &self,
        before: &Measure,
        written: &Written,
        edited: &EditedText,
    ) -> Result<Measure, Report> {
        let refuse = |why: &str, help: Option<String>| -> Report {
            let message = format!("with this value the measure does not read: {why}");
            let found = Diagnostic::error(codes::READING, edited.by.of(Part::Value), message);
            completed(Diagnostic { help, ..found }).into()
        };
        let measure = self.catalogue.read_again(&written.file, &edited.text).map_err(|problems| {
            let first = problems.diagnostics().iter().find(|problem| problem.severity == Severity::Error);
            let why = first.map(|problem| problem.message.clone()).unwrap_or_default();
            refuse(&why, first.and_then(|problem| problem.help.clone()))
        })?;
        if (&measure.id, &measure.facts) != (&before.id, &before.facts) {
            let why = "it would have another id, or ask for other columns";
            return Err(refuse(
                why,
                Some("write another file of the measure, under `--measures`".to_owned()),
            ));
        }
        Ok(measure)
    }

    /// The texts of the measures, edited.
    pub(super) fn catalogue_of(&self, edits: &Edits, measures: &[Measure]) -> Arc<Catalogue> {
        if edits.texts.is_empty() {
            return Arc::clone(&self.catalogue);
        }
        let mut catalogue = Catalogue::clone(&self.catalogue);
        for (id, edited) in &edits.texts {
            let measure = measures.iter().find(|measure| measure.id == *id);
            if let Some((written, measure)) = catalogue.measures.get_mut(id).zip(measure) {
                edited.text.as_ref().clone_into(&mut written.text);
                written.measure = measure.clone();
            }
        }
        Arc::new(catalogue)
    }
}

impl Editing<'_> {
    /// Resolves an override of measures.
    pub(super) fn measure(&mut self, it: &Override) -> Result<(), Diagnostic> {
        let ids: Vec<MeasureId> = match &it.selector {
            Selector::Id(id) => vec![self.settings.known_measure(id, it, Part::Selector)?],
            Selector::All => self.inputs.measures.iter().map(|measure| measure.id.clone()).collect(),
            Selector::Where(_) | Selector::Blank => return Err(no_conditions("measures", it)),
        };
        // Of all measures those are meant that have the rule.
        let mut unfound = None;
        let mut any = false;
        for id in ids {
            if is_setting(&it.field) {
                self.settings.of_measure(&id, it)?;
                any = true;
                continue;
            }
            let text = self.text(&id);
            let found = match it.field.strip_prefix("doubt.") {
                Some(doubt) => doubtful(id.as_str(), &text, doubt, &it.value)
                    .map(|(found, literal)| (Arc::new(found), Some(literal))),
                None => self.place(&id, &text, &it.field).map(|found| (found, None)),
            };
            match found {
                Ok((found, alternative)) => {
                    let literal = match alternative {
                        Some(literal) if it.op == Op::Set => literal,
                        Some(_) => return Err(not_taken("a doubt is resolved by an alternative", it)),
                        None => literal(&found, &text, it)?,
                    };
                    let text = Arc::from(found.replaced(&text, &literal));
                    self.edits.texts.insert(id, EditedText { text, by: Arc::clone(&it.places) });
                    any = true;
                }
                Err(why @ (Unfound::Name(_) | Unfound::NoDoubt(_))) if it.selector == Selector::All => {
                    unfound = Some((id, why));
                }
                Err(why) => return Err(told(&id, why, it)),
            }
        }
        match unfound {
            Some((id, why)) if !any => Err(told(&id, why, it)),
            _ => Ok(()),
        }
    }

    /// Where the value of a field stands in the text of a measure as it is now.
    fn place(&self, id: &MeasureId, text: &str, field: &str) -> Result<Arc<Found>, Unfound> {
        let find = || located(id.as_str(), text, field);
        if self.edits.texts.contains_key(id) {
            return find().map(Arc::new);
        }
        remembered(&self.inputs.memo.places, MOST_PLACES, &(id.clone(), field.to_owned()), find)
    }

    fn text(&self, id: &MeasureId) -> Arc<str> {
        let edited = self.edits.texts.get(id).map(|edited| Arc::clone(&edited.text));
        let written =
            || self.inputs.catalogue.measures.get(id).map(|written| Arc::from(written.text.as_str()));
        edited.or_else(written).unwrap_or_default()
    }
}

fn told(id: &MeasureId, why: Unfound, it: &Override) -> Diagnostic {
    let (name, rest) = it.field.split_once('.').unwrap_or((&it.field, ""));
    let field = |message: String| problem(codes::UNKNOWN_FIELD, it.place(Part::Field), message, &it.field);
    let suggested = |problem: Diagnostic, name: &str, known: &[String], remedy: &str| {
        problem.help(meant(name, known.iter().map(String::as_str)).unwrap_or_else(|| remedy.to_owned()))
    };
    match why {
        Unfound::Name(known) => {
            let problem = field(format!("measure '{id}' has no rule or key '{}'", shown(name)));
            suggested(problem, name, &known, "write RULE.KEY as the file of the measure has them")
        }
        Unfound::Place => {
            field(format!("nothing can stand in place of '{}' in measure '{id}'", shown(&it.field)))
                .help("name a key of the rule, or a path into its value such as `cap.at_most.0.rate`")
        }
        Unfound::NoDoubt(known) => {
            let problem = field(format!("measure '{id}' has no doubt '{}'", shown(rest)));
            let remedy = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("its doubts are {}", known.join(", "))
            };
            suggested(problem, rest, &known, &remedy)
        }
        Unfound::Words => {
            field(format!("the alternatives of '{}' are words: nothing can be computed of them", shown(rest)))
                .help("set the value of a rule instead")
        }
        Unfound::Alternative(known) => {
            let message = format!("the doubt has no alternative '{}'", shown(&it.value));
            let numbered: Vec<String> = (1..).zip(&known).map(|(at, text)| format!("{at}: {text}")).collect();
            problem(codes::OPERAND, it.place(Part::Value), message, &it.value)
                .expected("the number or the text of an alternative")
                .help(format!("write one of {}", shown(&numbered.join(", "))))
        }
    }
}

fn not_taken(why: &str, it: &Override) -> Diagnostic {
    let message = format!("{why}: '{}' is for others", it.op.name());
    problem(codes::OPERATION, it.place(Part::Op), message, it.op.name()).help("write 'set'")
}

/// What stands for the value in the text. A value keeps its kind: a text stays a text, a day a day.
fn literal(found: &Found, text: &str, it: &Override) -> Result<String, Diagnostic> {
    let before = found.literal(text);
    match it.op {
        Op::Remove => Err(not_taken("a value of a measure cannot be removed", it)),
        Op::Set if it.value.is_empty() => {
            let message = format!("there is no value for '{}'", shown(&it.field));
            Err(problem(codes::OPERAND, it.place(Part::Value), message, ""))
        }
        Op::Set => Ok(alike(before, &it.value)),
        Op::Add | Op::Mul => {
            let Some(before) = before else { return Err(all_blank(&it.field, it)) };
            let bare = before.trim_matches(['"', '\'']);
            if let (Ok(day), Op::Add) = (bare.parse::<NaiveDate>(), it.op) {
                let day = later(day, &it.value).ok_or_else(|| no_span(it))?;
                return Ok(alike(Some(before), &day.to_string()));
            }
            let (digits, unit) = bare.strip_suffix('%').map_or((bare, ""), |digits| (digits.trim(), "%"));
            if Decimal::from_str_exact(digits).is_err() {
                return Err(no_number(&it.field, it));
            }
            let number = rounded(computed(digits, it)?);
            // An amount keeps its two decimals, as far as it has no more.
            let cents = digits.rsplit_once('.').is_some_and(|(_, fraction)| fraction.len() == 2);
            let number =
                if cents && number.scale() < 2 { format!("{number:.2}") } else { number.to_string() };
            Ok(alike(Some(before), &format!("{number}{unit}")))
        }
    }
}

/// A value as TOML, of the kind of the one before it.
fn alike(before: Option<&str>, value: &str) -> String {
    let parsed = DeValue::parse(value).ok();
    let quoted = || toml::Value::String(value.to_owned()).to_string();
    // Whoever writes quotes, brackets or braces writes TOML.
    if parsed.is_some() && value.starts_with(['"', '\'', '[', '{']) {
        return value.to_owned();
    }
    let kept = match before
        .and_then(|before| DeValue::parse(before).ok())
        .as_ref()
        .map(toml::Spanned::get_ref)
    {
        Some(DeValue::Datetime(_)) => values::day(value).map(|day| day.to_string()),
        Some(DeValue::Boolean(_)) => values::flag(value).map(|flag| flag.to_string()),
        Some(DeValue::String(_)) => None,
        _ => {
            let plain = |parsed: &toml::Spanned<DeValue<'_>>| {
                matches!(parsed.get_ref(), DeValue::Integer(_) | DeValue::Datetime(_) | DeValue::Boolean(_))
            };
            parsed.as_ref().filter(|parsed| plain(parsed)).map(|_| value.to_owned())
        }
    };
    kept.unwrap_or_else(quoted)
}
