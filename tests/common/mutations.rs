//! Spoils a document in every small way there is, to test that its judge misses none.
//!
//! Every leaf of the document's JSON form is changed (an amount by a cent either way, a day, a flag, a word for each other word that
//! stands in such a place), every element of a list removed, doubled and swapped with its neighbour, every key removed, and something
//! put where nothing stood. A spoilt text that reads back as the very same document is no mutation.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use grantfolio::allocation::Document;
use grantfolio::money::Money;
use indexmap::{IndexMap, IndexSet};
use serde_json::{Value, json};

/// Places that anybody may change: they name the program, not the plan.
const FREE: [&str; 2] = ["/solver/version", "/solver/backend"];

/// Words that may stand in a field, besides those the document holds there.
const WORDS: [(&str, &[&str]); 3] = [
    ("status", &["optimal", "feasible", "infeasible", "no_answer"]),
    ("proof", &["certified", "agreed", "claimed", "disputed", "none"]),
    ("maximised", &["grant", "net", "expected"]),
];

/// Every mutation that still passes `is_valid`, described; and how many were tried.
pub fn survivors(document: &Document, is_valid: impl Fn(&Document) -> bool) -> (Vec<String>, usize) {
    let original = serde_json::to_value(document).unwrap();
    let mut vocabulary = Vocabulary::default();
    vocabulary.collect("", &original);
    let mut survivors = Vec::new();
    let mut tried = 0;
    for pointer in pointers(&original) {
        if FREE.contains(&pointer.as_str()) {
            continue;
        }
        for replacement in vocabulary.replacements(&pointer, original.pointer(&pointer).unwrap(), document) {
            let mut spoilt = original.clone();
            *spoilt.pointer_mut(&pointer).unwrap() = replacement.clone();
            tried += 1;
            match serde_json::from_value::<Document>(spoilt) {
                Ok(spoilt) if spoilt != *document && is_valid(&spoilt) => {
                    survivors.push(format!("{pointer} := {replacement}"));
                }
                _ => {}
            }
        }
    }
    (survivors, tried)
}

/// JSON pointers of every value, containers included.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Array(elements) => elements.iter().enumerate().map(|(i, e)| (i.to_string(), e)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        found.extend(pointers(child).into_iter().map(|below| format!("/{key}{below}")));
    }
    found
}

/// What the document holds, by the name of the field.
#[derive(Default)]
struct Vocabulary {
    words: IndexMap<String, IndexSet<String>>,
    elements: IndexMap<String, Value>,
}

impl Vocabulary {
    fn collect(&mut self, field: &str, value: &Value) {
        match value {
            Value::String(word) => {
                self.words.entry(field.to_owned()).or_default().insert(word.clone());
            }
            Value::Array(elements) => {
                if let Some(first) = elements.first() {
                    self.elements.entry(field.to_owned()).or_insert_with(|| first.clone());
                }
                for element in elements {
                    self.collect(field, element);
                }
            }
            Value::Object(fields) => fields.iter().for_each(|(key, value)| self.collect(key, value)),
            _ => {}
        }
    }

    fn replacements(&self, pointer: &str, value: &Value, document: &Document) -> Vec<Value> {
        let field = pointer.rsplit('/').find(|key| key.parse::<usize>().is_err()).unwrap_or_default();
        match value {
            Value::Null => {
                let objective = document.objective;
                let amounts = [Money::ZERO, objective, objective + Money::CENT, objective - Money::CENT];
                let mut instead: Vec<String> = amounts.iter().map(ToString::to_string).collect();
                instead.extend(self.others(field, ""));
                instead.push(document.as_of.to_string());
                instead.push("x".to_owned());
                instead.into_iter().map(Value::String).collect()
            }
            Value::Bool(flag) => vec![Value::Bool(!flag), Value::Null],
            Value::Number(number) => vec![(number.as_i64().unwrap() + 1).into(), 0.into()],
            Value::String(text) => {
                let mut instead = vec![format!("{text}x"), String::new()];
                if let Ok(amount) = text.parse::<Money>() {
                    instead.extend(near(amount).map(|amount| amount.to_string()));
                } else if let Ok(day) = text.parse::<chrono::NaiveDate>() {
                    instead
                        .extend([day.succ_opt(), day.pred_opt()].iter().flatten().map(ToString::to_string));
                } else {
                    instead.extend(self.others(field, text));
                }
                instead.into_iter().map(Value::String).chain([Value::Null]).collect()
            }
            Value::Array(elements) => self.lists(field, elements),
            Value::Object(fields) => {
                let without = |key: &String| {
                    let mut fields = fields.clone();
                    fields.shift_remove(key);
                    Value::Object(fields)
                };
                let mut with = fields.clone();
                with.insert("x".to_owned(), "x".into());
                fields.keys().map(without).chain([Value::Object(with)]).collect()
            }
        }
    }

    fn others(&self, field: &str, text: &str) -> Vec<String> {
        let fixed = WORDS.iter().filter(|(name, _)| *name == field).flat_map(|(_, words)| *words);
        let held = self.words.get(field).into_iter().flatten().map(String::as_str);
        let others = fixed.copied().chain(held).filter(|word| *word != text);
        others.map(str::to_owned).collect()
    }

    fn lists(&self, field: &str, elements: &[Value]) -> Vec<Value> {
        let mut lists = Vec::new();
        for index in 0..elements.len() {
            let mut without = elements.to_vec();
            without.remove(index);
            let mut doubled = elements.to_vec();
            doubled.insert(index, elements[index].clone());
            lists.extend([without, doubled]);
            if index > 0 {
                let mut swapped = elements.to_vec();
                swapped.swap(index - 1, index);
                lists.push(swapped);
            }
        }
        if elements.is_empty() {
            lists.extend(self.elements.get(field).cloned().or_else(|| stranger(field)).map(|e| vec![e]));
        }
        lists.into_iter().map(Value::Array).collect()
    }
}

/// What could stand in a list of which the document holds no element.
fn stranger(field: &str) -> Option<Value> {
    let nothing = Money::ZERO.to_string();
    match field {
        "members" => Some(json!({ "company": "C1", "admitted": nothing, "grant": nothing, "esl": nothing })),
        "draws" => Some(json!({
            "rule": "x", "account": "x", "holder": null, "room": nothing, "amount": nothing, "freed_on": null,
        })),
        "derived" => Some(json!({ "item": "x", "amount": nothing, "aid": nothing })),
        "limits_binding" => Some("x".into()),
        _ => None,
    }
}

/// A cent more, a cent less, and far off.
fn near(amount: Money) -> impl Iterator<Item = Money> {
    let far = Money::from_cents(100_000);
    [amount + Money::CENT, amount - Money::CENT, amount + far, amount - far, Money::ZERO].into_iter()
}
