//! Facts: what rules ask about, and the context that answers.

use std::fmt;

use chrono::NaiveDate;

use super::choice::Variant;
use super::condition::Truth;
use super::rule::Names;
use super::window::Calendar;
use crate::dates::Anchor;
use crate::measure::Measure;
use crate::portfolio::{Company, Expense, FactKind, MemberFacts, Portfolio, Project, Value};

/// Whom a fact or a requirement is about (S1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The lead company.
    Company,
    /// The project.
    Project,
    /// The lot an expense belongs to; its facts are columns of the expenses, equal within the lot.
    Lot,
    /// The expense.
    Expense,
    /// The application: its dates.
    Application,
    /// A member of the project: the one a requirement is tested for, else who pays the line.
    Member,
    /// The members of the project: how many are of a class.
    Members,
    /// The choices of the application.
    Choice,
}

impl Subject {
    /// Every subject with the word measure files use.
    pub const NAMES: [(&'static str, Subject); 8] = [
        ("company", Subject::Company),
        ("project", Subject::Project),
        ("lot", Subject::Lot),
        ("expense", Subject::Expense),
        ("application", Subject::Application),
        ("member", Subject::Member),
        ("members", Subject::Members),
        ("choice", Subject::Choice),
    ];

    /// The word measure files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, subject)| *subject == self).map_or("", |(name, _)| name)
    }
}

/// A fact of a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactRef {
    /// Whose.
    pub subject: Subject,
    /// Which: a built-in name, a declared attribute, `item` (the cost item a line is claimed under, of an expense), an anchor's name (of an
    /// application), a class or `all` (of members), a choice.
    pub name: String,
}

impl FactRef {
    /// A fact of a subject.
    pub fn new(subject: Subject, name: impl Into<String>) -> Self {
        FactRef { subject, name: name.into() }
    }
}

impl fmt::Display for FactRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.subject.name(), self.name)
    }
}

/// An attribute a measure declares: a column of a portfolio file and a question to the client.
#[derive(Clone, Debug, PartialEq)]
pub struct FactDeclaration {
    /// Whose fact, and its column name.
    pub fact: FactRef,
    /// How the column is read.
    pub kind: FactKind,
    /// The values allowed; any where empty.
    pub values: Vec<String>,
    /// What to ask the client, in both languages.
    pub question: Option<Names>,
}

/// The context rules are evaluated in: as many subjects as are known at that point.
///
/// A project's place falls back on the lead company's; an expense's `invoice_total` is the total of S4.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The whole portfolio, for what needs other lines.
    pub portfolio: &'a Portfolio,
    /// The lead company.
    pub company: &'a Company,
    /// The project.
    pub project: &'a Project,
    /// The expense, for rules about lines and lots.
    pub expense: Option<&'a Expense>,
    /// The cost item a line is claimed under.
    pub item: Option<&'a str>,
    /// The member a rule is tested for; the payer of the expense where none is named.
    pub member: Option<MemberFacts<'a>>,
    /// The measure, for its classes of members.
    pub measure: &'a Measure,
    /// What the applicant picks.
    pub variant: &'a Variant,
    /// Dates of the application.
    pub calendar: &'a Calendar,
}

impl<'a> Facts<'a> {
    /// The context of a project's application to a measure, so chosen and on these days: about no line and no member. None where the portfolio has no
    /// lead company of the project.
    pub fn of_application(
        portfolio: &'a Portfolio,
        project: &'a Project,
        measure: &'a Measure,
        variant: &'a Variant,
        calendar: &'a Calendar,
    ) -> Option<Self> {
        let company = portfolio.company(&project.company)?;
        let (expense, item, member) = (None, None, None);
        Some(Facts { portfolio, company, project, expense, item, member, measure, variant, calendar })
    }

    /// The same context about one expense.
    #[must_use]
    pub fn about(self, expense: &'a Expense) -> Self {
        Facts { expense: Some(expense), ..self }
    }

    /// The same context about one expense under one cost item.
    #[must_use]
    pub fn under(self, item: &'a str) -> Self {
        Facts { item: Some(item), ..self }
    }

    /// The value of a fact, if known.
    pub fn value(&self, fact: &FactRef) -> Option<Value> {
        match fact.subject {
            Subject::Company => self.company.fact(&fact.name),
            Subject::Project => self.project.fact(&fact.name).or_else(|| self.place(&fact.name)),
            Subject::Lot => match fact.name.as_str() {
                "lot" => self.expense?.lot.as_ref().map(|lot| Value::text(lot.as_str())),
                name => self.expense?.attributes.get(name).cloned(),
            },
            Subject::Expense => match fact.name.as_str() {
                "item" => self.item.map(Value::text),
                "invoice_total" => Some(Value::Number(self.portfolio.invoice_total(self.expense?).euro())),
                name => self.expense?.fact(name),
            },
            Subject::Application => self.date(&fact.name).map(Value::Day),
            Subject::Member => self.payer()?.fact(&fact.name),
            Subject::Members => self.members(&fact.name).map(|count| Value::Number(count.into())),
            Subject::Choice => self.variant.option(&fact.name, self).map(Value::text),
        }
    }

    /// The member at hand, else the one that pays the expense at hand, else the lead.
    fn payer(&self) -> Option<MemberFacts<'a>> {
        let pays = self.expense.map_or(&self.project.company, |expense| &expense.company);
        self.member.or_else(|| self.portfolio.member(&self.project.id, pays))
    }

    /// How many members are of a class; unknown where a fact that decides is missing of any.
    fn members(&self, class: &str) -> Option<u64> {
        let members = self.portfolio.members_of(self.project);
        if class == "all" {
            return Some(members.len() as u64);
        }
        let (_, condition) = self.measure.member_classes.iter().find(|(name, _)| name == class)?;
        let mut count = 0;
        for member in members {
            match condition.evaluate(&Facts { member: Some(member), expense: None, item: None, ..*self }) {
                Truth::True => count += 1,
                Truth::False => {}
                Truth::Unknown(_) => return None,
            }
        }
        Some(count)
    }

    /// The same context about one member.
    #[must_use]
    pub fn with_member(self, member: MemberFacts<'a>) -> Self {
        Facts { member: Some(member), ..self }
    }

    fn place(&self, name: &str) -> Option<Value> {
        matches!(name, "region" | "province" | "municipality").then(|| self.company.fact(name))?
    }

    fn date(&self, name: &str) -> Option<NaiveDate> {
        let (_, anchor) = Anchor::NAMES.iter().find(|(anchor, _)| *anchor == name)?;
        self.calendar.date(*anchor)
    }
}
