//! What every rule has: an id, names, the words of the source it rests on, and any doubt about them.

use crate::ids::RuleId;

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    /// Italian.
    pub it: String,
    /// English.
    pub en: String,
}

/// The common part of every rule.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Rule {
    /// Unique within the measure; scenarios address `<measure>.<rule>.<key>`.
    pub id: RuleId,
    /// Its name.
    pub names: Names,
    /// Words quoted from the measure's source, checked to be there; none where the rule stands on no text.
    pub reference: Option<String>,
    /// What is not certain about it.
    pub doubt: Option<Doubt>,
}

/// A rule whose text is contradictory or silent (S16): the value used stands in the rule, here are the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Doubt {
    /// The key of the rule that is in doubt, such as `at_most`; the whole rule where none is named.
    pub key: Option<String>,
    /// Other readings, as TOML text that could stand under the key.
    pub alternatives: Vec<String>,
    /// Why one may doubt.
    pub why: String,
    /// Where the other readings come from.
    pub source: Option<String>,
}
