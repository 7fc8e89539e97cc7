//! Floor 6: the whole run, from a portfolio and its measures to a verified document. Opens no file and prints nothing.

pub mod alternatives;
mod bare;
pub mod batch;
pub mod certificate;
mod contradictions;
mod document;
mod examples;
mod group;
mod groups;
mod joined;
mod least_effort;
mod neighbourhoods;
mod parts;
mod reduced;

pub use bare::{Word, bare};
pub use contradictions::Contradiction;
pub use examples::{Difference, ExampleOutcome, examples};

use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use self::group::Solved;
use self::groups::{Grouped, without_idle_draws};
use crate::allocation::{Document, Evidence};
use crate::assess::{Assessment, Left, Sheet, assess, sheet};
use crate::diagnostics::Report;
use crate::eligibility::{Application, Eligibility, eligibility};
use crate::formulate::formulate;
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::Portfolio;
use crate::program::Program;
use crate::settle::Plan;
use crate::solve::{Backend, Limits, Steps, backends};
use crate::verify::verify;

/// Which backend solves the models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BackendChoice {
    /// Our own tree alone: it closes what the others close.
    #[default]
    Auto,
    /// A pure-Rust one, embedded.
    Microlp,
    /// HiGHS, where the feature is built in.
    Highs,
    /// lp_solve, where the feature is built in.
    LpSolve,
}

/// How a run is done; nothing here changes what is right, only how far the program goes to find and prove it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSettings {
    /// Which backend.
    pub backend: BackendChoice,
    /// Time for each block, after which the best plan so far is published with its gap.
    pub time_limit: Option<Duration>,
    /// What is done to models before they are searched.
    pub steps: Steps,
    /// How far a search goes that nothing closes.
    pub effort: Effort,
}

/// How many times the usual nodes a search may take that nothing closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort(pub NonZeroU16);

impl Default for Effort {
    /// The usual ones.
    fn default() -> Self {
        Effort(NonZeroU16::MIN)
    }
}

impl Effort {
    /// Rounds that come to it, the later the larger: 1, 1, 2, 4 and so on.
    fn rounds(self) -> impl Iterator<Item = Effort> {
        let mut left = self.0.get();
        let mut next = 1;
        std::iter::from_fn(move || {
            let round = NonZeroU16::new(next.min(left))?;
            left -= round.get();
            next = (self.0.get() - left).max(1);
            Some(Effort(round))
        })
    }

    /// So many nodes, as often.
    fn times(self, nodes: usize) -> usize {
        nodes.saturating_mul(self.0.get().into())
    }
}

impl RunSettings {
    /// What each group may take.
    fn limits(&self) -> Limits {
        Limits { time: self.time_limit, ..Limits::default() }
    }
}

/// What a run gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The verified result.
    pub document: Document,
    /// Wall time of each stage; for people, never part of a result.
    pub timings: Vec<(&'static str, Duration)>,
}

/// Why a run gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Portfolio and measures do not fit together.
    #[error("{0}")]
    Input(Report),
    /// The result did not pass the independent check: a bug of the program; nothing is published.
    #[error("the result fails its own verification:\n{0}")]
    Unverified(String),
    /// Decisions in force that no plan keeps.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Contradictions(Vec<Contradiction>),
    /// The backend asked for is not in this build.
    #[error("this build has no backend '{0}': build with `--features {0}`, or choose another")]
    NoBackend(&'static str),
}

/// Finds the best plan, proves it as far as it can, verifies it.
///
/// # Errors
/// See [`RunError`].
pub fn optimize(
    portfolio: &Portfolio,
    measures: &[Measure],
    settings: &RunSettings,
) -> Result<Run, RunError> {
    run(portfolio, measures, settings, false).map(|(run, ..)| run)
}

/// The same with what it was made of; `keep` keeps the proofs of bounds.
fn run(
    portfolio: &Portfolio,
    measures: &[Measure],
    settings: &RunSettings,
    keep: bool,
) -> Result<(Run, Eligibility, Vec<Arc<Solved>>), RunError> {
    let mut timings = Vec::new();
    let mut clock = Instant::now();
    let mut lap = |stage: &'static str| {
        timings.push((stage, clock.elapsed()));
        clock = Instant::now();
    };
    let backend = backend(settings.backend)?;
    let found = eligibility(portfolio, measures).map_err(RunError::Input)?;
    lap("eligibility");
    let of_group = |group: &[Application]| Arc::new(group::solve(group, backend.as_deref(), settings, keep));
    let name = name(backend.as_deref());
    let answer = answer(portfolio, measures, &found, name, settings.steps, &of_group, &mut lap)?;
    Ok((Run { document: answer.document, timings }, found, answer.solved))
}

/// A verified document with what it was made of.
struct Answer {
    plan: Plan,
    document: Document,
    /// Everything known, decisive or not.
    evidence: Evidence,
    /// Whether a time limit struck.
    cut: bool,
    /// By group.
    solved: Vec<Arc<Solved>>,
}

/// The plan of a group, made or known.
type OfGroup<'a> = &'a (dyn Fn(&[Application]) -> Arc<Solved> + Sync);

/// From what may enter where to a verified document.
fn answer(
    portfolio: &Portfolio,
    measures: &[Measure],
    found: &Eligibility,
    backend: &str,
    steps: Steps,
    of_group: OfGroup<'_>,
    lap: &mut dyn FnMut(&'static str),
) -> Result<Answer, RunError> {
    let Planned { plan, evidence, cut, solved } = plan(&found.applications, steps, of_group);
    lap("plan");
    if plan.unmet > 0 || !portfolio.decisions.is_empty() {
        let broken = contradictions::contradictions(portfolio, measures, found, &plan);
        if !broken.is_empty() {
            return Err(RunError::Contradictions(broken));
        }
    }
    let document = document::document(portfolio, measures, found, &plan, &evidence, backend);
    lap("publish");
    let violations = verify(portfolio, measures, &document);
    lap("verify");
    if violations.is_empty() {
        return Ok(Answer { plan, document, evidence, cut, solved });
    }
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    Err(RunError::Unverified(lines.join("\n")))
}

/// A solver whose proposals the tree starts from.
type Proposer = dyn Backend + Send + Sync;

/// What a document names as its backend: the tree, where no other solver was asked.
fn name(backend: Option<&Proposer>) -> &'static str {
    backend.map_or("tree", Backend::name)
}

/// The backend that is asked for; none where it is the tree alone.
fn backend(choice: BackendChoice) -> Result<Option<Box<Proposer>>, RunError> {
    let name = match choice {
        BackendChoice::Auto => return Ok(None),
        BackendChoice::Microlp => "microlp",
        BackendChoice::Highs => "highs",
        BackendChoice::LpSolve => "lpsolve",
    };
    let found = backends().into_iter().find(|backend| backend.name() == name);
    found.map(Some).ok_or(RunError::NoBackend(name))
}

/// A plan with what is known of it.
struct Planned {
    plan: Plan,
    evidence: Evidence,
    cut: bool,
    solved: Vec<Arc<Solved>>,
}

/// Plans every group on its own, in parallel, and puts the plans together in the order of the applications.
fn plan(applications: &[Application], steps: Steps, of_group: OfGroup<'_>) -> Planned {
    let Grouped { groups, numbers } = Grouped::of(applications, steps);
    let solved: Vec<Arc<Solved>> = groups.par_iter().map(|group| of_group(group)).collect();
    // Those that are in no group claim nothing.
    let mut claims: Vec<Vec<Money>> = applications.iter().map(|a| vec![Money::ZERO; a.lines.len()]).collect();
    for ((group, numbers), solved) in groups.iter().zip(&numbers).zip(&solved) {
        for (nth, (application, number)) in group.iter().zip(numbers).enumerate() {
            claims[*number] = solved.plan.claims(application, nth);
        }
    }
    let evidence = together(solved.iter().map(|solved| (solved.plan.value, &solved.evidence)));
    // The plans of groups are apart in every rule, so that together they are a plan; granted once more with the draws that could be left out.
    let whole = Plan::of(applications, claims).unwrap_or_else(|| Plan::empty(applications));
    Planned { plan: whole, evidence, cut: solved.iter().any(|solved| solved.cut), solved }
}

/// What is known of plans that are apart in every rule, taken together: each is given by its value and what is known of it.
fn together<'e>(parts: impl Iterator<Item = (Money, &'e Evidence)>) -> Evidence {
    let mut evidence = Evidence {
        certified_bound: Some(Money::ZERO),
        searched_optimum: None,
        solver_claims_optimal: true,
        solver_plan: Some(Money::ZERO),
        tree_plan: Some(Money::ZERO),
    };
    let (mut optimum, mut searched) = (Some(Money::ZERO), false);
    let add = |sum: Option<Money>, part: Option<Money>| Some(sum? + part?);
    for (value, own) in parts {
        evidence.certified_bound = add(evidence.certified_bound, own.certified_bound);
        evidence.solver_plan = add(evidence.solver_plan, own.solver_plan);
        evidence.tree_plan = add(evidence.tree_plan, own.tree_plan);
        evidence.solver_claims_optimal &= own.solver_claims_optimal;
        // A part that is certified needs no search: its optimum is known.
        let certified = own.certified_bound.filter(|bound| *bound == value);
        searched |= own.searched_optimum.is_some();
        optimum = add(optimum, own.searched_optimum.or(certified));
    }
    evidence.searched_optimum = optimum.filter(|_| searched);
    evidence
}

/// The exact model of a portfolio, for other solvers.
///
/// # Errors
/// Portfolio and measures do not fit together.
pub fn model(portfolio: &Portfolio, measures: &[Measure]) -> Result<Program, Report> {
    let found = eligibility(portfolio, measures)?;
    Ok(formulate(&without_idle_draws(found.applications)).program)
}

/// What one measure would grant if every eligible expense of a project were claimed in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    /// The application with every line.
    pub application: Application,
    /// What the authority would make of it.
    pub assessment: Assessment,
    /// The same, line by line.
    pub sheet: Sheet,
}

/// Puts every eligible expense of each project to one measure.
///
/// # Errors
/// Portfolio and measure do not fit together.
pub fn assess_in_full(
    portfolio: &Portfolio,
    measure: &Measure,
) -> Result<(Vec<Assessed>, Eligibility), Report> {
    let found = eligibility(portfolio, std::slice::from_ref(measure))?;
    let assessed = found.applications.iter().map(|application| {
        let assessment = assess(application, &application.full_claims());
        let sheet = sheet(application, &assessment, &Left::whole(&assessment));
        Assessed { application: application.clone(), assessment, sheet }
    });
    Ok((assessed.collect(), found))
}
