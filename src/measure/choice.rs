//! Choices: what the applicant picks within a measure, and one way to pick it all (S6).

use super::condition::Condition;
use super::facts::Facts;
use super::rule::{Names, Rule};
use super::window::EarlyOrder;
use crate::ids::LotId;

/// A decision of the applicant between options.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// For what it is taken.
    pub per: ChoicePer,
    /// The options, in file order.
    pub options: Vec<ChoiceOption>,
}

/// For what a choice is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoicePer {
    /// Once for the application.
    Application,
    /// Once for each group of items: name of the set, ids of its items. Items of no group have no option.
    Group(Vec<(String, Vec<String>)>),
    /// Once for each lot; expenses without lot are one lot of their own.
    Lot,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceOption {
    /// Its word in files.
    pub id: String,
    /// Its name.
    pub names: Names,
    /// The regime of what it is chosen for; that of the measure where none is given.
    pub regime: Option<String>,
    /// What an early order takes down of what it is chosen for; as the window says where it is silent.
    pub early_order: Option<EarlyOrder>,
    /// Who may choose it; a missing fact counts as not holding.
    pub when: Condition,
}

/// One way to take every choice of a measure: a variant of the application. Empty for a measure without choices.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variant {
    /// What is picked, in the order of the choices, then of groups or lots.
    pub picks: Vec<Pick>,
}

/// One decision of a variant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pick {
    /// The choice.
    pub choice: String,
    /// For what.
    pub of: PickedFor,
    /// The option.
    pub option: String,
}

/// For what an option is picked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PickedFor {
    /// The application.
    Application,
    /// A group: its name and the ids of its items.
    Group(String, Vec<String>),
    /// A lot, or the expenses without one.
    Lot(Option<LotId>),
}

impl Variant {
    /// The variant of a measure without choices.
    pub const PLAIN: &'static Variant = &Variant { picks: Vec::new() };

    /// The option of a choice at a place: for what depends on items or lots, that of the line the facts are about.
    pub fn option(&self, choice: &str, facts: &Facts<'_>) -> Option<&str> {
        let holds = |pick: &&Pick| match &pick.of {
            PickedFor::Application => true,
            PickedFor::Group(_, items) => {
                facts.item.is_some_and(|item| items.iter().any(|known| known == item))
            }
            PickedFor::Lot(lot) => facts.expense.is_some_and(|expense| expense.lot == *lot),
        };
        let of_choice = self.picks.iter().filter(|pick| pick.choice == choice);
        of_choice.filter(holds).map(|pick| pick.option.as_str()).next()
    }
}

impl Pick {
    /// `regime`, `regime:efficiency`, `regime:lot-1`: what a result calls the decision.
    pub fn key(&self) -> String {
        match &self.of {
            PickedFor::Application => self.choice.clone(),
            PickedFor::Group(group, _) => format!("{}:{group}", self.choice),
            PickedFor::Lot(lot) => {
                format!("{}:{}", self.choice, lot.as_ref().map_or("-", |lot| lot.as_str()))
            }
        }
    }
}
