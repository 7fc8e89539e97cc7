//! Overrides: what is changed, where, and how.

use std::fmt;
use std::sync::Arc;

use super::Selector;
use crate::diagnostics::Place;

/// What an override is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Rows of `companies.csv`.
    Company,
    /// Rows of `projects.csv`.
    Project,
    /// Rows of `expenses.csv`.
    Expense,
    /// Rows of `members.csv`.
    Member,
    /// Rows of `prior_aids.csv`.
    PriorAid,
    /// Rows of `decisions.csv`.
    Decision,
    /// `portfolio.toml`.
    Setting,
    /// What is assumed to be available in a pool.
    Pool,
    /// A rule of a measure, a doubt about it, or what is assumed of the measure.
    Measure,
}

impl Target {
    /// Every target with its word.
    pub const NAMES: [(&'static str, Target); 9] = [
        ("company", Target::Company),
        ("project", Target::Project),
        ("expense", Target::Expense),
        ("member", Target::Member),
        ("prior_aid", Target::PriorAid),
        ("decision", Target::Decision),
        ("setting", Target::Setting),
        ("pool", Target::Pool),
        ("measure", Target::Measure),
    ];

    /// Its word.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, target)| *target == self).map_or("", |(name, _)| name)
    }
}

/// What an override does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// Puts the value in the place of what is there.
    Set,
    /// Adds the value: a number, a span of time, a word of a list; without a field, a row.
    Add,
    /// Multiplies by the value.
    Mul,
    /// Leaves a field empty, or takes words out of a list; without a field, takes rows out.
    Remove,
}

impl Op {
    /// Every operation with its word.
    pub const NAMES: [(&'static str, Op); 4] =
        [("set", Op::Set), ("add", Op::Add), ("mul", Op::Mul), ("remove", Op::Remove)];

    /// Its word.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, op)| *op == self).map_or("", |(name, _)| name)
    }
}

/// A part of an override, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What it is about.
    Target,
    /// Which of them.
    Selector,
    /// Which column or key.
    Field,
    /// What is done.
    Op,
    /// With which value.
    Value,
}

impl Part {
    /// Its name, which is that of the column and of the key.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Target => "target",
            Part::Selector => "selector",
            Part::Field => "field",
            Part::Op => "op",
            Part::Value => "value",
        }
    }
}

/// Where a part of an override is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Bytes of the text.
    pub span: Option<(usize, usize)>,
}

/// Where the parts of an override are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Places {
    /// The file; empty where an override comes from no file.
    pub file: String,
    /// In the order of [`Part`].
    pub spots: [Option<Spot>; 5],
}

impl Places {
    /// Where a part is written; where it is not, the place of the first part that is.
    pub fn of(&self, part: Part) -> Place {
        let own = self.spots[part as usize];
        let spot = own.or_else(|| self.spots.iter().flatten().copied().next());
        Place {
            line: spot.map(|spot| spot.line),
            column: spot.map(|spot| spot.column),
            span: spot.and_then(|spot| spot.span),
            field: Some(part.name().to_owned()),
            ..Place::file(&self.file)
        }
    }
}

/// An override without its value: what the values of an axis or of a variable go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub target: Target,
    /// Which of them.
    pub selector: Selector,
    /// The column, key or address; empty for whole rows.
    pub field: String,
    /// What is done.
    pub op: Op,
    /// Where it is written.
    pub places: Arc<Places>,
}

impl Change {
    /// The override with this value.
    pub fn with(&self, value: &str) -> Override {
        Override {
            target: self.target,
            selector: self.selector.clone(),
            field: self.field.clone(),
            op: self.op,
            value: value.to_owned(),
            places: Arc::clone(&self.places),
        }
    }
}

/// One change of the inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// What it is about.
    pub target: Target,
    /// Which of them.
    pub selector: Selector,
    /// The column, key or address; empty for whole rows.
    pub field: String,
    /// What is done.
    pub op: Op,
    /// With which value; empty where the operation takes none.
    pub value: String,
    /// Where it is written.
    pub places: Arc<Places>,
}

impl Override {
    /// The place of a part, for messages.
    pub fn place(&self, part: Part) -> Place {
        self.places.of(part)
    }
}

impl fmt::Display for Override {
    /// In the order of the columns: `expense state=quote net_amount mul 1.10`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target.name())?;
        let selector = self.selector.to_string();
        for part in [selector.as_str(), &self.field, self.op.name(), &self.value] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        Ok(())
    }
}

/// Changes that are made together, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its name, unique among all scenarios of a run.
    pub name: String,
    /// What it changes.
    pub overrides: Vec<Override>,
}
