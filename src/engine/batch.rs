//! The scenario engine: one portfolio under thousands of sets of overrides, each planned, proven and verified as a run of its own would be, and
//! only what an override touches computed anew.
//!
//! ```text
//!  Inputs ─edit─▶ rows changed ─▶ parcels touched ─read, confront─▶ State ─┐      blocks ─key─▶ cache ─▶ Solved ─┐
//!                                 the others: as in the base ──────────────┴─▶   (pools join parcels)            ├─▶ Outcome
//!                                                                                the others: as in the base ─────┘
//! ```
//!
//! - `parcels`: clients that nothing but pools joins.
//! - `state`: a parcel with its applications, and the `key` of what they hold.
//! - `blocks`: parcels that a pool joins because it can run out.
//! - `solved`: what is kept of a block that was planned and verified; `standing`: what the base plan is worth there.
//! - `outcome`: the blocks of a scenario together, and what differs from the base.
//!
//! Where measures change, every client is touched. What is used of the base then is exact for reasons of its own, each told where it stands:
//!
//! | what | is that of the base, because |
//! |---|---|
//! | what clients bring | rows and settings are what it is read from; only decisions are held against measures, and where there are some everything is read again (`state`) |
//! | measures that are not edited, and where in a text an edit goes | a measure is read from its own text and the shared files (`load::inputs`) |
//! | applications to measures that are not edited | a project is confronted with one measure at a time; what ties applications to each other is made anew ([`eligibility_again`](crate::eligibility::eligibility_again)) |
//! | plans of blocks | applications of one key have one plan, whether a scenario or the base has them |
//!
//! A group that has changed at all is planned from nothing, as `optimize` does it: of several plans that are worth the same it takes the one that its search comes upon, and a
//! search that begins with the plan, the basis or the bound of another would come upon another.
//!
//! A cache holds states under the edits that made them, solved blocks under the key of their applications, and within blocks the plans of the groups that
//! nothing joins at all, so that of a large parcel only what an override touches is planned again. With and without it the figures are
//! the same, for a group is planned in the same way whoever asks. What a time limit cut is not kept.

mod blocks;
mod candidates;
mod cut;
mod key;
mod memory;
mod outcome;
mod parcels;
mod solved;
mod standing;
mod state;
mod stream;

pub use candidates::Candidates;
pub use outcome::{Amounts, Change, Failed, OfMeasure, Outcome, Trouble};
pub use standing::Claims;
pub use stream::{Ended, Landing, Progress, stream};

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use self::candidates::Facts;
use self::cut::Cut;
use self::key::Key;
use self::memory::Memory;
use self::parcels::Parcels;
use self::solved::Solved;
use self::state::State;
use super::{Proposer, RunError, RunSettings, answer, backend, group, name};
use crate::diagnostics::Report;
use crate::eligibility::{Application, Eligibility, eligibility};
use crate::load::{Edits, Inputs, Rows};
use crate::measure::Measure;
use crate::portfolio::Portfolio;
use crate::scenario::Override;

/// Bytes that parcels may take, roughly: those of two hundred clients, all of them changed, some times over.
const STATES: u64 = 96 << 20;

/// Bytes that the plans of blocks may take.
const SOLVED: u64 = 32 << 20;

/// Bytes that the plans of groups may take. All three and the portfolio stay well under 300 MB.
const GROUPS: u64 = 48 << 20;

/// How a batch is run; nothing here changes a figure but where a time limit strikes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchSettings {
    /// How each block is solved.
    pub run: RunSettings,
    /// Time for a scenario; the best plans by then are published, and the scenario says so.
    pub scenario_limit: Option<Duration>,
    /// Computes every scenario from its inputs on, and remembers nothing.
    pub no_cache: bool,
}

/// A portfolio ready to be planned under any overrides.
pub struct Engine {
    inputs: Inputs,
    settings: BatchSettings,
    backend: Option<Box<Proposer>>,
    base: Base,
    /// What the base plan claims.
    claims: Claims,
    states: Memory<State>,
    solved: Memory<Solved>,
    groups: Memory<group::Solved>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// The portfolio as it is, planned.
#[derive(Default)]
struct Base {
    measures: Arc<Vec<Measure>>,
    states: Vec<Arc<State>>,
    blocks: Vec<Vec<usize>>,
    /// By block.
    solved: Vec<Arc<Solved>>,
    /// Which rows of the inputs make which parcel.
    cut: Cut,
}

/// The parcels of inputs, each read and confronted.
fn facts(inputs: &Inputs) -> Result<(Facts, Parcels), RunError> {
    let edits = Edits::default();
    let portfolio = inputs.portfolio(&edits, &Rows::All).map_err(RunError::Input)?;
    let measures = inputs.measures(&edits).map_err(RunError::Input)?;
    let parcels = Parcels::of(&portfolio);
    let states = parcels.split(&portfolio).into_par_iter();
    let states = states.map(|part| State::of(part, &measures).map(Arc::new)).collect::<Result<Vec<_>, _>>();
    let states = states.map_err(RunError::Input)?;
    Ok((Facts { blocks: blocks::blocks(&states), states, measures }, parcels))
}

impl Engine {
    /// Reads, plans, proves and verifies the base.
    ///
    /// # Errors
    /// What [`optimize`](super::optimize) fails of.
    pub fn new(inputs: Inputs, settings: BatchSettings) -> Result<Engine, RunError> {
        let backend = backend(settings.run.backend)?;
        let mut engine = Engine {
            inputs,
            backend,
            base: Base::default(),
            claims: Claims::default(),
            states: Memory::new(!settings.no_cache, STATES, State::weight),
            // What is solved for the base does not know yet what its plan claims: nothing of it is remembered.
            solved: Memory::new(false, SOLVED, Solved::weight),
            groups: Memory::new(!settings.no_cache, GROUPS, weight_of_group),
            settings,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        };
        let (Facts { states, blocks, measures }, parcels) = facts(&engine.inputs)?;
        let solved = engine.solve(&blocks, &states, &measures, None)?;
        engine.base = Base { cut: Cut::of(&engine.inputs, &parcels), measures, states, blocks, solved };
        engine.claims = engine.base.solved.iter().map(|solved| &solved.claims).collect();
        // Now that it is known what the base plan claims: where nothing differs it is worth what it was planned for.
        for solved in &mut engine.base.solved {
            *solved = Arc::new(Solved { base_worth: solved.value, ..Solved::clone(solved) });
        }
        engine.solved = Memory::new(!engine.settings.no_cache, SOLVED, Solved::weight);
        Ok(engine)
    }

    /// The base as an outcome: nothing differs from it.
    pub fn base(&self) -> Outcome {
        Outcome::of(&self.base.solved, &self.base.solved)
    }

    /// How often a block was found in the cache, and how often not.
    pub fn cache_use(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }

    /// Plans a scenario.
    ///
    /// # Errors
    /// Overrides that lead nowhere, decisions that no plan keeps, an error inside the program.
    pub fn run(&self, overrides: &[Override]) -> Result<Outcome, Failed> {
        Ok(Outcome::of(&self.base.solved, &self.planned(overrides)?))
    }

    /// What the plan of a scenario claims.
    fn plan_of(&self, overrides: &[Override]) -> Result<Claims, RunError> {
        Ok(self.planned(overrides)?.iter().map(|solved| &solved.claims).collect())
    }

    /// The blocks of a scenario, planned.
    fn planned(&self, overrides: &[Override]) -> Result<Vec<Arc<Solved>>, RunError> {
        let limit = self.settings.scenario_limit;
        // A limit too far to be told is none.
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let Facts { states, blocks, measures } = self.facts(overrides)?;
        self.solve(&blocks, &states, &measures, deadline)
    }

    /// The parcels of a scenario.
    fn facts(&self, overrides: &[Override]) -> Result<Facts, RunError> {
        let edits = self.inputs.edit(overrides).map_err(RunError::Input)?;
        if self.settings.no_cache || edits.is_structural() {
            let inputs = self.inputs.edited(&edits).map_err(RunError::Input)?;
            return facts(&inputs).map(|(facts, _)| facts);
        }
        let measures = self.inputs.measures(&edits).map_err(RunError::Input)?;
        let states = self.states(&edits, &measures)?;
        Ok(Facts { blocks: blocks::blocks(&states), states, measures })
    }

    /// The states of all parcels: those that the edits touch, and the others as they are in the base.
    fn states(&self, edits: &Edits, measures: &Arc<Vec<Measure>>) -> Result<Vec<Arc<State>>, RunError> {
        let mut states = self.base.states.clone();
        let everywhere = edits.settings().is_some() || !Arc::ptr_eq(measures, &self.base.measures);
        let touched: BTreeSet<usize> = if everywhere {
            (0..states.len()).collect()
        } else {
            edits.rows().filter_map(|row| self.base.cut.parcel_of(row)).collect()
        };
        let beyond = Key::of(&edits.beyond_rows());
        let fresh = touched.into_par_iter().map(|at| {
            let rows = &self.base.cut.rows[at];
            let within = edits.within(rows);
            let key = Key::of(&(at, beyond, &within));
            let state = self.states.get_or(key, || {
                let base = &self.base.states[at];
                let state = if edits.settings().is_none() && within.is_empty() && !base.hangs_on_decisions() {
                    base.under(measures, &|id| edits.measure_ids().any(|changed| changed == id))?
                } else {
                    State::of(self.inputs.portfolio(edits, rows)?, measures)?
                };
                Ok::<_, Report>((state, true))
            });
            state.map(|(state, _)| (at, state)).map_err(RunError::Input)
        });
        for (at, state) in fresh.collect::<Result<Vec<_>, _>>()? {
            states[at] = state;
        }
        Ok(states)
    }

    /// Which block of the base this one is, if it has these parcels and all of them hold what they hold there.
    fn place_in_base(&self, block: &[usize], states: &[Arc<State>]) -> Option<usize> {
        let Base { blocks, states: base, .. } = &self.base;
        let at = blocks.binary_search_by(|other| other.as_slice().cmp(block)).ok()?;
        let same = |parcel: &usize| {
            let (own, other) = (&states[*parcel], &base[*parcel]);
            Arc::ptr_eq(own, other) || (!self.settings.no_cache && own.key == other.key)
        };
        block.iter().all(same).then_some(at)
    }

    /// The plans of all blocks.
    fn solve(
        &self,
        blocks: &[Vec<usize>],
        states: &[Arc<State>],
        measures: &[Measure],
        deadline: Option<Instant>,
    ) -> Result<Vec<Arc<Solved>>, RunError> {
        blocks
            .par_iter()
            .map(|block| {
                if let Some(at) = self.place_in_base(block, states) {
                    return Ok(self.base.solved[at].clone());
                }
                let (solved, hit) = self.solved.get_or(blocks::key(block, states), || {
                    let solved = self.solved(block, states, measures, deadline)?;
                    let keep = !solved.cut;
                    Ok((solved, keep))
                })?;
                let counter = if hit { &self.hits } else { &self.misses };
                counter.fetch_add(1, Ordering::Relaxed);
                Ok(solved)
            })
            .collect()
    }

    /// Plans and verifies one block.
    fn solved(
        &self,
        block: &[usize],
        states: &[Arc<State>],
        measures: &[Measure],
        deadline: Option<Instant>,
    ) -> Result<Solved, RunError> {
        let mut settings = self.settings.run.clone();
        if let Some(deadline) = deadline {
            // A backend takes no limit of nothing.
            let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            settings.time_limit = Some(settings.time_limit.map_or(left, |limit| limit.min(left)));
        }
        let of_group = |group: &[Application]| self.of_group(group, &settings);
        let planned = |portfolio: &Portfolio, found: &Eligibility| {
            let (name, steps) = (name(self.backend.as_deref()), settings.steps);
            let answer = answer(portfolio, measures, found, name, steps, &of_group, &mut |_| ())?;
            Ok(Solved::of(portfolio, &found.applications, answer, &self.claims))
        };
        if let [only] = block {
            return planned(&states[*only].portfolio, &states[*only].found);
        }
        let portfolio = parcels::joined(block.iter().map(|at| &*states[*at].portfolio));
        let found = eligibility(&portfolio, measures).map_err(RunError::Input)?;
        planned(&portfolio, &found)
    }

    /// Plans a group, or remembers its plan.
    fn of_group(&self, group: &[Application], settings: &RunSettings) -> Arc<group::Solved> {
        let made = self.groups.get_or(Key::of(&group), || {
            let solved = group::solve(group, self.backend.as_deref(), settings, false);
            let keep = !solved.cut;
            Ok::<_, Infallible>((solved, keep))
        });
        let Ok((solved, _)) = made;
        solved
    }
}

/// Roughly how many bytes the plan of a group takes, for the cache.
fn weight_of_group(solved: &group::Solved) -> u64 {
    let assessed = solved.plan.granted.iter().filter_map(|granted| granted.assessment.as_ref());
    let entries: usize = assessed.map(|assessment| assessment.admitted.len()).sum();
    1024 + 256 * (solved.plan.granted.len() + entries) as u64
}
