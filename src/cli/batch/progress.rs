//! How far a batch is: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{Console, Failure};
use crate::engine::batch::{Engine, Progress};

/// How often the bar moves.
const MOVES: Duration = Duration::from_millis(100);
/// How often there is a line where there is no terminal.
const LINES: Duration = Duration::from_secs(10);

/// Does the work on a thread of its own and tells meanwhile how far it is.
pub(super) fn watched<T: Send>(
    work: impl FnOnce() -> T + Send,
    count: u64,
    progress: &Progress,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<T, Failure> {
    let bar = stderr().is_terminal().then(|| bar(count));
    let started = Instant::now();
    std::thread::scope(|scope| {
        let (tell, told) = channel();
        scope.spawn(move || {
            // Nobody listens any more only where messages could not be written.
            let _ = tell.send(work());
        });
        let every = if bar.is_some() { MOVES } else { LINES };
        loop {
            match told.recv_timeout(every) {
                Ok(done) => {
                    if let Some(bar) = &bar {
                        bar.finish_and_clear();
                    }
                    return Ok(done);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let words = words(progress, engine);
                    let done = progress.done.load(Ordering::Relaxed);
                    if let Some(bar) = &bar {
                        bar.set_position(done);
                        bar.set_message(words);
                    } else {
                        let line = plain(done, count, started.elapsed());
                        console.message(&format!("{line}, {words}"))?;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Failure::Internal("the batch broke off".to_owned()));
                }
            }
        }
    })
}

fn bar(count: u64) -> ProgressBar {
    let form = "{bar:30} {human_pos}/{human_len} {per_sec}, {eta} left, {msg}";
    // The form is a constant that is one.
    let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(count).with_style(style)
}

fn words(progress: &Progress, engine: &Engine) -> String {
    let (hits, misses) = engine.cache_use();
    let share = (100 * hits).checked_div(hits + misses).unwrap_or(0);
    format!("{share} % of blocks known, {} without plan", progress.failed.load(Ordering::Relaxed))
}

fn plain(done: u64, count: u64, took: Duration) -> String {
    let took = took.as_millis().max(1);
    let rate = u128::from(done) * 1000 / took;
    let left = u128::from(count.saturating_sub(done)) * took / 1000;
    let left = left.checked_div(u128::from(done)).map_or_else(|| "?".to_owned(), |left| left.to_string());
    format!("{done} of {count} scenarios, {rate} a second, {left} s left")
}
