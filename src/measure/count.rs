//! Limits on numbers of things, and costs that count only in company (design 5: counts, companions).

use super::condition::Condition;
use super::number::Number;
use super::rule::Rule;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Countable {
    /// Lots with a claim.
    Lots,
    /// Cost items with a claim.
    Items,
    /// Expenses with a claim.
    Expenses,
    /// Applications of one company to this measure.
    Applications,
}

impl Countable {
    /// Every countable with the word measure files use.
    pub const NAMES: [(&'static str, Countable); 4] = [
        ("lots", Countable::Lots),
        ("items", Countable::Items),
        ("expenses", Countable::Expenses),
        ("applications", Countable::Applications),
    ];

    /// The word measure files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, countable)| *countable == self).map_or("", |(name, _)| name)
    }
}

/// At least or at most so many; an application that does not keep it is rejected.
///
/// Applications are counted per company; all else within one application, or over all applications of a company to the measure
/// where `per_company` (then the plan keeps it: one application more would be refused).
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// What is counted.
    pub of: Countable,
    /// Only those for which this holds (of the lot, of the expense); a missing fact counts as not holding.
    pub which: Condition,
    /// Only under these items, as indices; under all where empty.
    pub within: Vec<usize>,
    /// At least so many.
    pub at_least: Option<u32>,
    /// At most so many.
    pub at_most: Option<u32>,
    /// Over all applications of the company to the measure.
    pub per_company: bool,
}

/// Items that count only together with others: without at least so much admitted under `with`, those of `items` are
/// dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Companion {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Items that need company, as indices.
    pub items: Vec<usize>,
    /// The company they need, as indices.
    pub with: Vec<usize>,
    /// How much must be admitted there, in euro; a cent by default.
    pub at_least: Number,
}
