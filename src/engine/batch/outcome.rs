//! The outcome of a scenario: its blocks together, and what differs from the base.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::solved::Solved;
use crate::allocation::{Document, Proof, Status, Totals};
use crate::engine::{RunError, together};
use crate::fingerprint::Fingerprint;
use crate::ids::{ExpenseId, ItemId, MeasureId, ProjectId};
use crate::money::Money;

/// What a scenario comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// How good the plan is.
    pub status: Status,
    /// What that rests on.
    pub proof: Proof,
    /// What the plan is worth to the objective.
    pub objective: Money,
    /// No plan is worth more.
    pub upper_bound: Option<Money>,
    /// Sums.
    pub totals: Totals,
    /// Applications made.
    pub applications: usize,
    /// What the plan of the base is worth here: the applications filed as planned there, decided on the facts as they are here.
    pub base_plan: Money,
    /// Names the plan, whatever its amounts: plans that put the same expenses to the same items of the same applications have one name.
    pub plan: String,
    /// What each measure grants, by id; measures without application are left out.
    pub measures: BTreeMap<MeasureId, OfMeasure>,
    /// What differs from the plan of the base, in canonical order.
    pub changes: Vec<Change>,
    /// Whether a time limit struck.
    pub cut: bool,
}

/// What a measure grants in a scenario.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfMeasure {
    /// Grants.
    pub grant: Money,
    /// Applications.
    pub applications: usize,
}

/// A difference between two plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The project.
    pub project: ProjectId,
    /// The measure.
    pub measure: MeasureId,
    /// What is chosen, for a difference of a whole application.
    pub choices: Option<String>,
    /// The expense and the cost item; none for a difference of a whole application.
    pub expense: Option<(ExpenseId, ItemId)>,
    /// In the base; none where it is not there.
    pub before: Option<Amounts>,
    /// In the scenario; none where it is not there.
    pub after: Option<Amounts>,
}

/// Amounts of an expense in an application; of a whole application only its aid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What is claimed.
    pub claimed: Money,
    /// What is admitted.
    pub admitted: Money,
    /// Its part of the grant; of an application the grant.
    pub aid: Money,
}

/// Why a scenario has no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failed {
    /// Of what kind.
    pub trouble: Trouble,
    /// What happened, in one line or more.
    pub message: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The overrides make something of the inputs that cannot be read or does not fit together.
    Input,
    /// Decisions in force that no plan keeps.
    Contradiction,
    /// An error inside the program: nothing of it is published.
    Internal,
}

impl Trouble {
    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            Trouble::Input => "input",
            Trouble::Contradiction => "contradiction",
            Trouble::Internal => "internal",
        }
    }
}

impl From<RunError> for Failed {
    fn from(error: RunError) -> Failed {
        let trouble = match error {
            RunError::Input(_) => Trouble::Input,
            RunError::Contradictions(_) => Trouble::Contradiction,
            RunError::Unverified(_) | RunError::NoBackend(_) => Trouble::Internal,
        };
        Failed { trouble, message: error.to_string() }
    }
}

impl Outcome {
    /// The blocks of a scenario, held against those of the base. Blocks that are the same stand for no difference.
    pub(super) fn of(base: &[Arc<Solved>], blocks: &[Arc<Solved>]) -> Outcome {
        let objective = blocks.iter().map(|block| block.value).sum();
        let evidence = together(blocks.iter().map(|block| (block.value, &block.evidence)));
        let (status, proof) = Document::verdict(objective, &evidence);
        let sum = |part: fn(&Totals) -> Money| blocks.iter().map(|block| part(&block.totals)).sum();
        let totals = Totals {
            grant: sum(|totals| totals.grant),
            loan: sum(|totals| totals.loan),
            esl: sum(|totals| totals.esl),
            admitted: sum(|totals| totals.admitted),
            net: sum(|totals| totals.net),
        };
        let mut measures: BTreeMap<MeasureId, OfMeasure> = BTreeMap::new();
        for made in blocks.iter().flat_map(|block| &block.applications) {
            // Most are there already: an id is cloned only for the first.
            if let Some(of) = measures.get_mut(&made.measure) {
                of.grant += made.grant;
                of.applications += 1;
            } else {
                measures.insert(made.measure.clone(), OfMeasure { grant: made.grant, applications: 1 });
            }
        }
        let changes = changes(base, blocks);
        Outcome {
            status,
            proof,
            objective,
            upper_bound: evidence.certified_bound.into_iter().chain(evidence.searched_optimum).min(),
            totals,
            applications: blocks.iter().map(|block| block.applications.len()).sum(),
            base_plan: blocks.iter().map(|block| block.base_worth).sum(),
            plan: name(&changes),
            measures,
            changes,
            cut: blocks.iter().any(|block| block.cut),
        }
    }

    /// What could still be missing.
    pub fn gap(&self) -> Option<Money> {
        self.upper_bound.map(|bound| bound - self.objective)
    }
}

/// What a change is about.
type About<'a> = (&'a ProjectId, &'a MeasureId, Option<(&'a ExpenseId, &'a ItemId)>, Option<&'a str>);

fn changes(base: &[Arc<Solved>], blocks: &[Arc<Solved>]) -> Vec<Change> {
    let mut pairs: BTreeMap<About<'_>, [Option<Amounts>; 2]> = BTreeMap::new();
    for (side, own, other) in [(0, base, blocks), (1, blocks, base)] {
        let others: BTreeSet<*const Solved> = other.iter().map(Arc::as_ptr).collect();
        for block in own.iter().filter(|block| !others.contains(&Arc::as_ptr(block))) {
            for made in &block.applications {
                let about = (&made.project, &made.measure, None, Some(made.choices.as_str()));
                let amounts = Amounts { aid: made.grant, ..Amounts::default() };
                pairs.entry(about).or_default()[side] = Some(amounts);
            }
            for placed in &block.placed {
                let about = (&placed.project, &placed.measure, Some((&placed.expense, &placed.item)), None);
                let amounts = Amounts { claimed: placed.claimed, admitted: placed.admitted, aid: placed.aid };
                pairs.entry(about).or_default()[side] = Some(amounts);
            }
        }
    }
    let differing = pairs.into_iter().filter(|(_, [before, after])| before != after);
    differing
        .map(|((project, measure, expense, choices), [before, after])| Change {
            project: project.clone(),
            measure: measure.clone(),
            choices: choices.map(str::to_owned),
            expense: expense.map(|(expense, item)| (expense.clone(), item.clone())),
            before,
            after,
        })
        .collect()
}

/// The name of the plan that differs so from that of the base: `base` where only amounts do.
fn name(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes.iter().filter(|change| change.before.is_some() != change.after.is_some()) {
        let Change { project, measure, choices, expense, after, .. } = change;
        let sign = if after.is_some() { '+' } else { '-' };
        // Writing to memory does not fail.
        let _ = writeln!(text, "{sign}\t{project}\t{measure}\t{choices:?}\t{expense:?}");
    }
    if text.is_empty() {
        return "base".to_owned();
    }
    let mut fingerprint = Fingerprint::new();
    fingerprint.add(text);
    let mut name = fingerprint.hex();
    // Of a batch's plans no two are alike in so many digits.
    name.truncate(12);
    name
}
