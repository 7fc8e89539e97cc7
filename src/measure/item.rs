//! Cost items, derived items and valuation: what a measure's headings take and at which value (S2, S3).

use super::condition::{Condition, Truth};
use super::facts::{FactRef, Facts};
use super::number::Number;
use super::rule::Rule;
use crate::ids::ItemId;

/// A heading of costs of a measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its letter or number in the call.
    pub id: ItemId,
    /// Id (that of the item), names, reference, doubt.
    pub rule: Rule,
    /// What it is made of.
    pub kind: ItemKind,
}

/// What an item is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// Expenses.
    Cost(Cost),
    /// Cost without invoice.
    Derived(Derived),
}

/// Which expenses a cost item takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Categories it takes.
    pub takes: Vec<String>,
    /// What must hold of the expense besides; a fact that is missing counts as not holding unless `assume`.
    pub when: Condition,
    /// Whether a missing fact counts as holding, and goes to the checklist.
    pub assume: bool,
    /// At which value, applied in order.
    pub valuation: Vec<Valuation>,
    /// An expense that fits another such item too may go to either: the applicant chooses (S2).
    pub applicant_may_choose: bool,
}

impl Cost {
    /// Whether the condition of the item holds, or is assumed to.
    pub fn admits(&self, facts: &Facts<'_>) -> bool {
        match self.when.evaluate(facts) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown(_) => self.assume,
        }
    }
}

/// How the base of a line becomes its value in the measure (S3).
#[derive(Clone, Debug, PartialEq)]
pub enum Valuation {
    /// A share of the base.
    Weight(Number),
    /// The part of a service that is eligible: base x min(1, `at_most` / fact), as in twelve of twenty-four months.
    Portion {
        /// The expense's fact that holds the whole, such as `service_months`.
        of: FactRef,
        /// How much of it is eligible.
        at_most: Number,
    },
    /// At most this much for each unit of the expense's `quantity`.
    UnitCeiling(Number),
    /// This much for each unit of the expense's `quantity`, whatever was paid; capped by nothing.
    UnitValue(Number),
    /// This much, whatever was paid.
    Fixed(Number),
    /// The base less a reference amount (extra cost over a counterfactual), at least nothing.
    Less(Number),
}

/// A cost without invoice: a rate on a set of items.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The rate.
    pub rate: Number,
    /// Items of the measure it is taken on, as indices.
    pub of: Vec<usize>,
    /// When it applies.
    pub when: Condition,
}
