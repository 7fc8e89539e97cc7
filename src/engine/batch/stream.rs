//! Scenarios in parallel, results in order: nothing of a batch is held in memory longer than a wave of scenarios takes.
//!
//! A wave is planned on all threads and then landed, in the order of the scenarios, and committed: what has been committed is never computed again,
//! what has not is lost with a killed process and computed once more. Waves grow as long as they are quick, so that neither the wait of
//! the threads for each other nor a commit weighs anything. What lands is the same for any size of wave and number of threads.

use std::any::Any;
use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::{Engine, Failed, Outcome, Trouble};
use crate::scenario::ScenarioSource;

/// Scenarios of the longest wave: as many outcomes are in memory at a time.
const LONGEST_WAVE: u64 = 1024;

/// A wave shorter than this is followed by one twice as long.
const QUICK: Duration = Duration::from_millis(250);

/// A wave longer than this is followed by one half as long.
const SLOW: Duration = Duration::from_secs(2);

/// Where results go, in the order of the scenarios.
pub trait Landing {
    /// Takes the result of a scenario and how long it took.
    ///
    /// # Errors
    /// It cannot be written.
    fn land(&mut self, scenario: &str, result: &Result<Outcome, Failed>, took: Duration) -> io::Result<()>;

    /// Makes safe what has landed; the next scenario is this one.
    ///
    /// # Errors
    /// It cannot be written.
    fn commit(&mut self, next: u64) -> io::Result<()>;
}

/// How far a batch is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Scenarios done.
    pub done: AtomicU64,
    /// Scenarios without outcome among them.
    pub failed: AtomicU64,
}

/// How a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All scenarios have landed.
    Complete,
    /// It was asked to stop; this scenario is the next.
    Stopped(u64),
}

/// Plans these scenarios.
///
/// `stop` ends it before the next scenario; what runs is finished, and lands if everything before it does.
///
/// # Errors
/// Results that cannot be written; what was committed is safe.
pub fn stream(
    engine: &Engine,
    scenarios: &dyn ScenarioSource,
    range: Range<u64>,
    landing: &mut dyn Landing,
    stop: &AtomicBool,
    progress: &Progress,
) -> io::Result<Ended> {
    let mut wave = u64::try_from(rayon::current_num_threads()).unwrap_or(1).clamp(1, LONGEST_WAVE);
    let mut next = range.start;
    while next < range.end {
        let end = range.end.min(next + wave);
        let started = Instant::now();
        // A wave is short: its length is no number beyond `usize`.
        let length = usize::try_from(end - next).unwrap_or(usize::MAX);
        let results: Vec<Option<Landed>> = (0..length)
            .into_par_iter()
            .with_max_len(1)
            .map(|nth| {
                let run = || landed(engine, scenarios, next + nth as u64, progress);
                (!stop.load(Ordering::Relaxed)).then(run)
            })
            .collect();
        let took = started.elapsed();
        for Landed { scenario, result, took } in results.into_iter().map_while(|result| result) {
            landing.land(&scenario, &result, took)?;
            next += 1;
        }
        landing.commit(next)?;
        if next < end {
            return Ok(Ended::Stopped(next));
        }
        wave = match took {
            quick if quick < QUICK => (2 * wave).min(LONGEST_WAVE),
            slow if slow > SLOW => (wave / 2).max(1),
            _ => wave,
        };
    }
    Ok(Ended::Complete)
}

struct Landed {
    scenario: String,
    result: Result<Outcome, Failed>,
    took: Duration,
}

fn landed(engine: &Engine, scenarios: &dyn ScenarioSource, number: u64, progress: &Progress) -> Landed {
    let started = Instant::now();
    let scenario = scenarios.get(number);
    // What a scenario breaks is its own: everything is read-only but the caches, which hold only what is whole.
    let result = catch_unwind(AssertUnwindSafe(|| engine.run(&scenario.overrides)))
        .unwrap_or_else(|panic| Err(Failed { trouble: Trouble::Internal, message: told(panic.as_ref()) }));
    progress.done.fetch_add(1, Ordering::Relaxed);
    if result.is_err() {
        progress.failed.fetch_add(1, Ordering::Relaxed);
    }
    Landed { scenario: scenario.name, result, took: started.elapsed() }
}

fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("the program broke off: {}", text.unwrap_or("it did not say why"))
}
