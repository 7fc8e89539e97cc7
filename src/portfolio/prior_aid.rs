//! Aid received before, in the form of the national register of aid (S11, S13).

use chrono::NaiveDate;

use crate::ids::{ExpenseId, UndertakingId};
use crate::money::Money;

/// One aid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PriorAid {
    /// Who received it.
    pub undertaking: UndertakingId,
    /// The day the right to it was conferred.
    pub granted_on: NaiveDate,
    /// Its regulation, such as `de_minimis:2023/2831` or `gber:28`.
    pub regulation: String,
    /// Its amount: of a guarantee or a loan the gross grant equivalent.
    pub aid: Money,
    /// The measure, in free words or a measure's id.
    pub measure: Option<String>,
    /// The expense it was for, where it is one of the portfolio (cumulation).
    pub expense: Option<ExpenseId>,
}
