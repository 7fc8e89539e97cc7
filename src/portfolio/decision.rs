//! What is already decided: planning keeps it, or says which rule stands against it.

use std::fmt;

use chrono::NaiveDate;

use crate::ids::{ExpenseId, ItemId, MeasureId, ProjectId};

/// A decision in force.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decision {
    /// What is decided.
    pub what: Verb,
    /// The project.
    pub project: ProjectId,
    /// The measure.
    pub measure: MeasureId,
    /// The expense, where it is about one.
    pub expense: Option<ExpenseId>,
    /// The cost item it goes under, where that is decided too.
    pub cost_item: Option<ItemId>,
    /// A choice and its option, as results write them (`regime`, `gber`).
    pub choice: Option<(String, String)>,
    /// The day an application was filed.
    pub filed_on: Option<NaiveDate>,
}

/// What a decision says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// It must be.
    Force,
    /// It must not be.
    Forbid,
    /// The application is filed: it must be, on that day.
    Filed,
}

impl Verb {
    /// Every verb with the word files use.
    pub const NAMES: [(&'static str, Verb); 3] =
        [("force", Verb::Force), ("forbid", Verb::Forbid), ("filed", Verb::Filed)];

    /// The word files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, verb)| *verb == self).map_or("", |(name, _)| name)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} / {}", self.what.name(), self.project, self.measure)?;
        if let Some(expense) = &self.expense {
            write!(f, ", expense {expense}")?;
        }
        if let Some(item) = &self.cost_item {
            write!(f, " under {item}")?;
        }
        if let Some((choice, option)) = &self.choice {
            write!(f, ", {choice} = {option}")?;
        }
        Ok(())
    }
}
