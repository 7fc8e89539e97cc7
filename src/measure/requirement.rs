//! Requirements on subjects, and terms that the dates of expenses must keep (S1, S5).

use super::condition::Condition;
use super::facts::Subject;
use super::rule::{Names, Rule};
use crate::dates::{DateExpr, Span};
use crate::portfolio::State;

/// What happens while a fact is missing (S1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// The requirement counts as failed until the fact is given; the question goes to the client.
    #[default]
    Block,
    /// It counts as met and becomes an item of the checklist (self-declarations).
    Assume,
}

/// What a failed requirement takes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole application.
    Application,
    /// The line it fails for.
    Line,
    /// The aid of the lines it fails for: their cost counts.
    MemberAid,
}

/// A condition that must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Whom it is about. About an expense or a lot it is tested for every line.
    pub subject: Subject,
    /// Which subjects it is asked of; of all by default.
    pub applies: Condition,
    /// What must hold.
    pub must: Condition,
    /// What a missing fact means.
    pub unknown: Unknown,
    /// What fails with it.
    pub fails: Scope,
    /// What to ask the client, in both languages.
    pub question: Option<Names>,
}

/// A date of an expense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateField {
    /// The order.
    Order,
    /// The invoice.
    Invoice,
    /// The payment.
    Payment,
}

impl DateField {
    /// Every field with the word measure files use, which is also its column.
    pub const NAMES: [(&'static str, DateField); 3] = [
        ("order_date", DateField::Order),
        ("invoice_date", DateField::Invoice),
        ("payment_date", DateField::Payment),
    ];

    /// Its column.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// Whether an expense in this state has already passed this date: then the date must be given to be tested, and a
    /// missing one is an assumption worth a question.
    pub fn is_due(self, state: State) -> bool {
        match self {
            DateField::Order => state >= State::Ordered,
            DateField::Invoice => state >= State::Invoiced,
            DateField::Payment => state >= State::Paid,
        }
    }
}

/// A window for one date of every expense; a line outside is not admissible. A date not known is assumed inside (S5).
#[derive(Clone, Debug, PartialEq)]
pub struct DateRule {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Which date.
    pub field: DateField,
    /// First day.
    pub from: Option<DateExpr>,
    /// Last day.
    pub until: Option<DateExpr>,
    /// What an extension would add to the last day; not granted unless a scenario says so.
    pub extension: Option<Span>,
}
