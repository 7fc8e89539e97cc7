//! What a scenario costs: by how many clients it touches, and whether its amounts are new.
//!
//! The yardstick of new amounts is the share of the work that a scenario leaves alone: the time to plan all blocks of it, each by itself, over the time to plan
//! those that it touches. Everything is measured on the very same scenarios, one after the other, for amounts make blocks easy or hard:
//!
//! Blocks are what the engine plans anew; where a pool can run out they are fewer and larger than the blocks of the yardstick, which knows only clients.
//!
//! ```text
//! gain    = from scratch / by the engine          (sums over the scenarios)
//! reached = gain / (all blocks / blocks touched)
//! ```

use std::hint::black_box;
use std::time::Instant;

use grantfolio::engine::batch::{BatchSettings, Engine};
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::measure::Measure;
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;
use grantfolio::scenario::Override;

use crate::case::Case;

/// Rounds of a row: until so many seconds went to scenarios from scratch, but some in any case.
const SECONDS: f64 = 20.0;
const FEWEST: usize = 2;
const MOST: usize = 10;

/// Amounts that return, and how often they do in a round: a moment each, too short to be measured alone.
const RETURNING: usize = 3;
const RETURNS: usize = 30;

/// Seconds of one or more scenarios.
#[derive(Default)]
struct Times {
    scratch: f64,
    new: f64,
    again: f64,
    all: f64,
    touched: f64,
}

pub fn table(case: &Case) {
    let clients = case.clients.len();
    let engine = Engine::new(case.inputs.clone(), BatchSettings::default()).unwrap();
    let uncached = BatchSettings { no_cache: true, ..BatchSettings::default() };
    let scratch = Engine::new(case.inputs.clone(), uncached).unwrap();
    let measures = case.inputs.measures(&case.inputs.edit(&[]).unwrap()).unwrap();
    println!("\n{}: {clients} clients, one thread; milliseconds a scenario", case.name);
    println!(
        "{:>7} {:>6} | {:>6} | {:>12} | {:>11} {:>6} {:>8} | {:>11} {:>8} | {:>10} {:>14} {:>8}",
        "touched",
        "blocks",
        "rounds",
        "from scratch",
        "new amounts",
        "gain",
        "a second",
        "returning",
        "gain",
        "all blocks",
        "blocks touched",
        "reached",
    );
    let mut fresh = 0;
    for touched in [1, 10, clients] {
        let known: Vec<Vec<Override>> =
            (0..RETURNING).map(|n| case.scenario(touched, &format!("1.{n}1"))).collect();
        for scenario in &known {
            drop(engine.run(scenario).unwrap());
        }
        let (mut sum, mut rounds, mut planned) = (Times::default(), 0, 0);
        while rounds < FEWEST || (rounds < MOST && sum.scratch < SECONDS) {
            rounds += 1;
            fresh += 1;
            let scenario = case.scenario(touched, &format!("1.0{fresh:05}"));
            let (slow, expected) = timed(|| scratch.run(&scenario).unwrap());
            let (_, before) = engine.cache_use();
            let (quick, outcome) = timed(|| engine.run(&scenario).unwrap());
            planned += engine.cache_use().1 - before;
            assert_eq!(outcome, expected, "{scenario:?}");
            let returns = known.iter().cycle().take(RETURNS);
            let (again, ()) = timed(|| returns.for_each(|it| drop(black_box(engine.run(it).unwrap()))));
            let [own, others] = case.blocks(touched, &scenario).map(|blocks| alone(&blocks, &measures));
            assert_eq!(
                own.1 + others.1,
                outcome.objective,
                "clients are not cut into blocks as the engine does it"
            );
            sum.scratch += slow;
            sum.new += quick;
            sum.again += again / RETURNS as f64;
            sum.touched += own.0;
            sum.all += own.0 + others.0;
        }
        let Times { scratch, new, again, all, touched: own } = sum;
        let each = |seconds: f64| seconds * 1e3 / rounds as f64;
        println!(
            "{touched:7} {:6.1} | {rounds:6} | {:12.1} | {:11.2} {:6.1} {:8.1} | {:11.3} {:8.0} | {:10.1} {:14.2} {:8.2}",
            planned as f64 / rounds as f64,
            each(scratch),
            each(new),
            scratch / new,
            rounds as f64 / new,
            each(again),
            scratch / again,
            each(all),
            each(own),
            (scratch / new) / (all / own),
        );
    }
}

/// The seconds to plan these, each by itself, and what the plans are worth.
fn alone(blocks: &[Portfolio], measures: &[Measure]) -> (f64, Money) {
    timed(|| {
        let worth = |block| optimize(block, measures, &RunSettings::default()).unwrap().document.objective;
        blocks.iter().map(worth).sum()
    })
}

/// The seconds that some work takes: of the processor, where the system tells (Linux), so that other programs do not count.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let (clock, cpu) = (Instant::now(), cpu());
    let made = work();
    let seconds =
        self::cpu().zip(cpu).map_or(clock.elapsed().as_secs_f64(), |(after, before)| after - before);
    (seconds, made)
}

/// What this thread has had of the processor so far; everything runs on it.
fn cpu() -> Option<f64> {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(nanoseconds.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}
