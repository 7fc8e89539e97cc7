//! A parcel as a scenario has it: what its clients bring, and what may enter where.
//!
//! Where a scenario changes measures and nothing else of a parcel, what its clients bring is that of the base, which is shared, and only the measures that
//! have changed are confronted with it ([`eligibility_again`]).

use std::sync::Arc;

use super::Key;
use crate::diagnostics::Report;
use crate::eligibility::{Account, Eligibility, eligibility, eligibility_again};
use crate::engine::groups::{Demand, demands};
use crate::ids::MeasureId;
use crate::measure::Measure;
use crate::portfolio::Portfolio;

/// A parcel with its applications.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// What its clients bring.
    pub(super) portfolio: Arc<Portfolio>,
    /// What may enter where.
    pub(super) found: Eligibility,
    /// What the plan of it hangs on; parcels of one key have the same plans.
    pub(super) key: Key,
    /// The demand on what other parcels draw on too.
    pub(super) demands: Vec<(Account, Demand)>,
}

impl State {
    /// Confronts a parcel with the measures.
    ///
    /// # Errors
    /// Portfolio and measures do not fit together.
    pub(super) fn of(portfolio: Portfolio, measures: &[Measure]) -> Result<State, Report> {
        let found = eligibility(&portfolio, measures)?;
        Ok(State::with(Arc::new(portfolio), found))
    }

    /// The same clients where some measures have changed, and nothing else.
    ///
    /// # Errors
    /// As [`State::of`].
    pub(super) fn under(
        &self,
        measures: &[Measure],
        changed: &dyn Fn(&MeasureId) -> bool,
    ) -> Result<State, Report> {
        let found = eligibility_again(&self.portfolio, measures, &self.found, changed)?;
        Ok(State::with(Arc::clone(&self.portfolio), found))
    }

    fn with(portfolio: Arc<Portfolio>, found: Eligibility) -> State {
        let key = if portfolio.decisions.is_empty() {
            Key::of(&found.applications)
        } else {
            // Whether decisions can be kept hangs on what may not enter, too.
            Key::of(&(&found.applications, &found.refusals, &portfolio.decisions))
        };
        let shared = demands(&found.applications)
            .into_iter()
            .filter(|(account, _)| matches!(account, Account::Pool { company: None, .. }))
            .map(|(account, demand)| (account.clone(), demand))
            .collect();
        State { portfolio, found, key, demands: shared }
    }

    /// Whether decisions are among what its clients bring: they are held against the measures when they are read.
    pub(super) fn hangs_on_decisions(&self) -> bool {
        !self.portfolio.decisions.is_empty()
    }

    /// Roughly how many bytes it takes, for the cache.
    pub(super) fn weight(&self) -> u64 {
        let lines: usize =
            self.found.applications.iter().map(|a| a.lines.len() + a.cost_limits.len() + 8).sum();
        let things = self.portfolio.expenses.len() + self.found.refusals.len() + 2 * lines;
        256 * (things as u64 + 8)
    }
}
