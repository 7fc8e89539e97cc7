//! Settings of a portfolio (`portfolio.toml`): the day of planning, the objective, what is assumed of each measure.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::ids::{MeasureId, PoolId};
use crate::money::Money;

/// What is maximised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Objective {
    /// The grants.
    #[default]
    Grant,
    /// The grants less what is withheld on payment.
    Net,
    /// The grants times the project's probability of success.
    Expected,
}

impl Objective {
    /// Every objective with its word.
    pub const NAMES: [(&'static str, Objective); 3] =
        [("grant", Objective::Grant), ("net", Objective::Net), ("expected", Objective::Expected)];

    /// Its word in files and on the command line.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, objective)| *objective == self).map_or("", |(name, _)| name)
    }
}

/// What is assumed of one measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureSettings {
    /// When applications are filed; the first day possible from `as_of` where not given.
    pub filed_on: Option<NaiveDate>,
    /// When grants are decided; the measure's own estimate where not given.
    pub granted_on: Option<NaiveDate>,
    /// Opens the measure on this day instead, every absolute date moved along (S5): a hypothesis.
    pub reissue: Option<NaiveDate>,
    /// Counts on the waiting list of its pools.
    pub waiting_list: bool,
    /// Left out of the planning.
    pub excluded: bool,
}

/// Settings of a portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// The day of planning: what is open, what has happened.
    pub as_of: NaiveDate,
    /// What is maximised.
    pub objective: Objective,
    /// Opens every measure that is not open at `as_of` (S5): a hypothesis.
    pub assume_open: bool,
    /// What is assumed to be available in a pool, in place of what the measure says (S15).
    pub pools: BTreeMap<PoolId, Money>,
    /// By measure.
    pub measures: BTreeMap<MeasureId, MeasureSettings>,
}
