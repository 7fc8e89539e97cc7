//! Floor 1: the measure language, as data.
//!
//! A [`Measure`] is one call (or one line of it) in one dated version, built from a small set of general primitives (design
//! section 5). Nothing here knows a particular call. Everything is resolved when a file is read: sets are lists of items,
//! classes are conditions, tables are in place; what remains open are the facts of a company, a project, a lot or an
//! expense, which [`Facts`] supplies.
//!
//! Floors above turn a measure and a portfolio into applications; `verify` evaluates measures from here on its own.

mod aid;
mod choice;
mod condition;
mod count;
mod cumulation;
mod example;
mod facts;
mod item;
mod ledger;
mod limit;
mod number;
mod requirement;
mod rule;
mod window;

pub use aid::{Band, Component, Form, Loan, LoanAmount, Pool, PoolScope, Premium, Shape};
pub use choice::{Choice, ChoiceOption, ChoicePer, Pick, PickedFor, Variant};
pub use condition::{Condition, Test, Truth};
pub use count::{Companion, Count, Countable};
pub use cumulation::{Ceiling, Cumulation, Meeting, MeetingPlace, OtherAid};
pub use example::{Example, ExampleExpense};
pub use facts::{FactDeclaration, FactRef, Facts, Subject};
pub use item::{Cost, Derived, Item, ItemKind, Valuation};
pub use ledger::{Holder, Ledger, Over, Period};
pub use limit::{Bound, Cut, Effect, Limit, Per, Quantity, Reads, Term};
pub use number::{Cell, Due, Number, Outcome, Row, Table};
pub use requirement::{DateField, DateRule, Requirement, Scope, Unknown};
pub use rule::{Doubt, Names, Rule};
pub use window::{Calendar, EarlyOrder, Status, Window};

use crate::ids::{ItemId, MeasureId, RuleId};
use crate::rate::Rate;
use crate::rounding::Rounding;

/// How much of an expense an applicant may put into an application (S6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Claim {
    /// Any amount up to the base.
    #[default]
    AnyPart,
    /// All or nothing.
    Whole,
}

/// What VAT does to the base of a line (S3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vat {
    /// Never a cost.
    #[default]
    Excluded,
    /// A cost as far as the company cannot recover it.
    NonDeductible,
}

/// One call, or one line of it, in one dated version.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its id, unique in the catalogue.
    pub id: MeasureId,
    /// The edition, such as `2026`.
    pub version: String,
    /// Its name.
    pub names: Names,
    /// Who grants.
    pub authority: String,
    /// Where the money comes from, such as `pr-fesr-lombardia`; fund sources may exclude each other (S13).
    pub fund_source: Option<String>,
    /// State-aid regime, such as `gber:28` or `de_minimis:1407/2013`.
    pub regime: String,
    /// The source text the references quote, as a file name.
    pub source: Option<String>,
    /// Whether and when one may apply, and what follows from the dates.
    pub window: Window,
    /// What may be claimed of an expense.
    pub claim: Claim,
    /// Whether VAT counts.
    pub vat: Vat,
    /// How a grant becomes whole cents.
    pub rounding: Rounding,
    /// Share of the grant withheld on payment: cash, not aid (S14).
    pub withholding: Rate,
    /// Facts this measure declares beyond those every portfolio has.
    pub facts: Vec<FactDeclaration>,
    /// What the applicant picks.
    pub choices: Vec<Choice>,
    /// Classes of members by name: `members.NAME` counts those for which the condition holds.
    pub member_classes: Vec<(String, Condition)>,
    /// Conditions that must hold.
    pub requirements: Vec<Requirement>,
    /// Terms that dates of expenses must keep.
    pub dates: Vec<DateRule>,
    /// Cost items first, in the order of the file, then derived items.
    pub items: Vec<Item>,
    /// Limits on costs and aid.
    pub limits: Vec<Limit>,
    /// Limits on numbers of things.
    pub counts: Vec<Count>,
    /// Items that count only together with others.
    pub companions: Vec<Companion>,
    /// The aid.
    pub components: Vec<Component>,
    /// Budgets shared by applications.
    pub pools: Vec<Pool>,
    /// Ceilings over applications and years.
    pub ledgers: Vec<Ledger>,
    /// What it says about other aid; the first clause that fits counts.
    pub cumulation: Vec<Cumulation>,
    /// Doubts that belong to no single rule.
    pub doubts: Vec<Doubt>,
    /// Worked cases.
    pub examples: Vec<Example>,
}

impl Measure {
    /// The index of the item with this id.
    pub fn item(&self, id: &ItemId) -> Option<usize> {
        self.items.iter().position(|item| item.id == *id)
    }

    /// The cost items, in file order.
    pub fn costs(&self) -> impl Iterator<Item = (&Item, &Cost)> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Cost(cost) => Some((item, cost)),
            ItemKind::Derived(_) => None,
        })
    }

    /// Every rule, in the order a person reads a call: who, when, what, how much.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let window = self.window.rules.iter();
        window
            .chain(self.choices.iter().map(|c| &c.rule))
            .chain(self.requirements.iter().map(|r| &r.rule))
            .chain(self.dates.iter().map(|d| &d.rule))
            .chain(self.items.iter().map(|i| &i.rule))
            .chain(self.limits.iter().map(|l| &l.rule))
            .chain(self.counts.iter().map(|c| &c.rule))
            .chain(self.companions.iter().map(|c| &c.rule))
            .chain(self.components.iter().flat_map(Component::rules))
            .chain(self.ledgers.iter().map(|l| &l.rule))
            .chain(self.pools.iter().map(|p| &p.rule))
            .chain(self.cumulation.iter().map(|c| &c.rule))
    }

    /// The rule with this id.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == *id)
    }
}
