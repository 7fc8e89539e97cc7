//! Scenarios per second, against computing every scenario from its inputs on in the same run; and whether many scenarios take more than their
//! share of time or memory.
//!
//! `cargo bench --bench batch` prints two tables, then criterion's times. `GRANTFOLIO_SCENARIOS=100000` makes the second longer: it goes up to so
//! many scenarios. What the figures were is told in docs/benchmarks.md.

#![allow(clippy::unwrap_used, reason = "a bench that cannot start fails")]
#![allow(clippy::cast_precision_loss, reason = "counts of a bench are small")]

mod case;
mod length;
mod speed;

use std::hint::black_box;

use criterion::{Criterion, criterion_group};
use grantfolio::engine::batch::{BatchSettings, Engine};

use case::{Case, office, offices};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn scenarios(criterion: &mut Criterion) {
    let case = Case::new("office", office());
    let engine = Engine::new(case.inputs.clone(), BatchSettings::default()).unwrap();
    let mut group = criterion.benchmark_group("batch/office");
    let mut fresh = 0;
    for touched in [1, case.clients.len()] {
        group.bench_function(format!("{touched} touched, new amounts"), |b| {
            b.iter(|| {
                fresh += 1;
                engine.run(&case.scenario(touched, &format!("1.0{fresh:07}")))
            });
        });
        let again = case.scenario(touched, "1.25");
        group.bench_function(format!("{touched} touched, amounts that return"), |b| {
            b.iter(|| engine.run(black_box(&again)));
        });
    }
    group.finish();
}

criterion_group!(benches, scenarios);

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    // Tests and `--list` want no table.
    if std::env::args().any(|argument| argument == "--bench") {
        pool.install(|| {
            speed::table(&Case::new("office", office()));
            let folder = tempfile::tempdir().unwrap();
            speed::table(&Case::new("200 clients", offices(17, folder.path())));
        });
        length::table();
    }
    pool.install(benches);
}
