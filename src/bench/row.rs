//! The trials of a case in one row.

use std::time::Duration;

use super::Trial;
use crate::money::Money;

/// What the trials of a case come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The case.
    pub case: String,
    /// How many instances.
    pub instances: usize,
    /// From texts to data, median.
    pub read: Duration,
    /// From data to the model, median.
    pub build: Duration,
    /// To a plan with its bound, median.
    pub plan: Duration,
    /// The same, of the slowest instance.
    pub worst_plan: Duration,
    /// How many plans are proven the best.
    pub proven: usize,
    /// What could be missing, median; none where a bound is.
    pub gap: Option<Money>,
    /// The widest.
    pub worst_gap: Option<Money>,
}

impl Row {
    /// Sums up.
    pub fn of(case: &str, trials: &[Trial]) -> Row {
        let of = |figure: fn(&Trial) -> Duration| median(trials.iter().map(figure)).unwrap_or_default();
        let gaps: Option<Vec<Money>> = trials.iter().map(Trial::gap).collect();
        Row {
            case: case.to_owned(),
            instances: trials.len(),
            read: of(|trial| trial.read),
            build: of(|trial| trial.build),
            plan: of(|trial| trial.plan),
            worst_plan: trials.iter().map(|trial| trial.plan).max().unwrap_or_default(),
            proven: trials.iter().filter(|trial| trial.proven).count(),
            gap: gaps.clone().and_then(|gaps| median(gaps.into_iter())),
            worst_gap: gaps.and_then(|gaps| gaps.into_iter().max()),
        }
    }
}

/// The middle one; of an even number the upper of the two in the middle.
pub fn median<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let middle = values.len() / 2;
    values.into_iter().nth(middle)
}
