//! Trees over one set of rows under one objective after another: each begins with what those before it have learnt.

use super::super::Limits;
use super::super::record::Record;
use super::super::relaxation::Basis;
use super::super::worth::Worth;
use super::gains::Gains;
use super::{Search, Task};
use crate::money::Money;

/// What trees over the same rows have learnt, for the next one under whatever objective.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Experience {
    /// Where the relaxation of the whole box ended.
    pub basis: Option<Basis>,
    /// What branching gained.
    pub(super) gains: Gains,
}

/// The tree itself, whatever the objective means. Its bound holds whatever the incumbent is and `settle` says: a box is closed by a bound at most what they said, and that is at
/// most the bound told.
pub(in super::super) struct Exploration<'a>(Search<'a>);

impl<'a> Exploration<'a> {
    /// Not yet grown; none where 128 bits do not hold the figures.
    pub fn begin(task: Task<'a>, experience: Experience, incumbent: Option<Worth>) -> Option<Self> {
        Search::new(task, experience, incumbent).map(Exploration)
    }

    /// Grows it to so many nodes in all; `settle` says what a point is worth.
    pub fn grow(&mut self, limits: &Limits, settle: &mut dyn FnMut(&[f64]) -> Option<Worth>) {
        self.0.run(limits, settle);
    }

    /// No point is worth more, nor is the best one known; none where there is none and none is known.
    pub fn bound(&self) -> Option<Worth> {
        self.0.bound()
    }

    /// Whether no point is worth more than the best one known and so much.
    pub fn is_within(&self, gap: Money) -> bool {
        self.bound().zip(self.0.best).is_some_and(|(bound, best)| bound - best <= gap.into())
    }

    /// Nodes looked at.
    pub fn nodes(&self) -> usize {
        self.0.nodes
    }

    /// What the bound rests on, where that was kept, and what was learnt.
    pub fn end(self) -> (Option<Record>, Experience) {
        let Search { record, basis, gains, .. } = self.0;
        (record, Experience { basis, gains })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::exact::Exact;
    use super::super::super::sample;
    use super::super::super::scaled::Scaled;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Points of a tree that dives are shown where dives find them, and where a relaxation is whole by itself: a leaf whose point nobody has seen would stay open for good.
        #[test]
        fn what_is_shown_closes_the_tree(program in sample::programs()) {
            let Some(exact) = Exact::new(&program) else { return Ok(()) };
            let scaled = Scaled::new(&program);
            let task = Task { columns: &program.columns, exact: &exact, scaled: &scaled, dives: true };
            let Some(mut tree) = Exploration::begin(task, Experience::default(), None) else { return Ok(()) };
            let limits = Limits { nodes: Some(2_000), gap: Money::CENT, ..Limits::default() };
            tree.grow(&limits, &mut |point| Some(Worth::near(task.worth(point))));
            if let Some(optimum) = sample::optimum(&program) {
                prop_assert!(tree.bound() >= Some(optimum.into()));
                // Money of the samples is cut to cents, each of a few amounts.
                prop_assert!(tree.is_within(Money::from_cents(10)), "{:?} {optimum}", tree.bound());
            }
        }
    }
}
