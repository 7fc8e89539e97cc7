//! Each stage of a run on its own: load, eligibility, formulate, solve, settle, verify, and the whole; of portfolios of `scenarios/` and of invented ones.
//!
//! `cargo bench` prints times for this machine; compare figures of one run only, machines are noisy.

#![allow(clippy::unwrap_used, reason = "a bench that cannot start fails")]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use grantfolio::eligibility::{Application, eligibility};
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::formulate::formulate;
use grantfolio::generate::{MODELS, PATTERNS, Size, instance};
use grantfolio::load::instances::of_instance;
use grantfolio::load::measures::catalogue;
use grantfolio::load::{Folder, Overrides, portfolio};
use grantfolio::measure::{FactDeclaration, Measure};
use grantfolio::money::Money;
use grantfolio::portfolio::Portfolio;
use grantfolio::settle::{Plan, Settler};
use grantfolio::solve::microlp::Microlp;
use grantfolio::solve::{Backend, Limits, Outcome, tree};
use grantfolio::verify::verify;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

fn load(name: &str, facts: &[FactDeclaration]) -> Portfolio {
    let loaded = portfolio(&Folder::new(folder(name)), facts, &Overrides::default());
    loaded.unwrap_or_else(|report| panic!("{report}")).0
}

fn stages(criterion: &mut Criterion) {
    let (measures, _): (Vec<Measure>, _) = catalogue(None).unwrap_or_else(|report| panic!("{report}"));
    let facts: Vec<FactDeclaration> = measures.iter().flat_map(|m| m.facts.clone()).collect();
    for name in ["smallest", "choice", "office"] {
        let portfolio = load(name, &facts);
        let found = eligibility(&portfolio, &measures).unwrap();
        let document = optimize(&portfolio, &measures, &RunSettings::default()).unwrap().document;
        let mut group = criterion.benchmark_group(name);
        group.bench_function("catalogue", |b| b.iter(|| catalogue(None)));
        group.bench_function("load", |b| b.iter(|| load(name, &facts)));
        group.bench_function("eligibility", |b| b.iter(|| eligibility(black_box(&portfolio), &measures)));
        group.bench_function("verify", |b| b.iter(|| verify(&portfolio, &measures, black_box(&document))));
        group.bench_function("optimize", |b| {
            b.iter(|| optimize(black_box(&portfolio), &measures, &RunSettings::default()));
        });
        // A run plans the office company by company; as one model it is no stage of it.
        if name != "office" {
            model_stages(&mut group, &found.applications);
        }
        group.finish();
    }
}

/// Classes of which one instance is taken stage by stage.
const CLASSES: [(&str, &str); 3] = [("tiny", "9x3"), ("whole", "20x4"), ("alike", "60x4")];

fn invented(criterion: &mut Criterion) {
    for (name, size) in CLASSES {
        let model = MODELS.iter().find(|model| model.name == name).unwrap();
        let made = instance(model, Size::parse(size).unwrap(), &PATTERNS[0], 1);
        let (portfolio, measures) = of_instance(&made).unwrap_or_else(|report| panic!("{report}"));
        let found = eligibility(&portfolio, &measures).unwrap();
        let mut group = criterion.benchmark_group(format!("{name}-{size}"));
        group.sample_size(10);
        group.bench_function("load", |b| b.iter(|| of_instance(black_box(&made))));
        group.bench_function("eligibility", |b| b.iter(|| eligibility(black_box(&portfolio), &measures)));
        group.bench_function("optimize", |b| {
            b.iter(|| optimize(black_box(&portfolio), &measures, &RunSettings::default()));
        });
        model_stages(&mut group, &found.applications);
        group.finish();
    }
}

/// The stages of one model.
fn model_stages(group: &mut BenchmarkGroup<'_, WallTime>, applications: &[Application]) {
    let model = formulate(applications);
    let Outcome::Point { values, .. } = Microlp.solve(&model.program, &Limits::default()) else {
        panic!("a model without a point");
    };
    let plan: Plan = Settler::new(applications, &model.program).settle(&values, 0.5).unwrap();
    group.bench_function("formulate", |b| b.iter(|| formulate(black_box(applications))));
    group.bench_function("solve/microlp", |b| {
        b.iter(|| Microlp.solve(black_box(&model.program), &Limits::default()));
    });
    group.bench_function("solve/certify", |b| {
        b.iter(|| {
            let mut known = |_: &[f64]| Some(plan.value);
            tree::certify(black_box(&model.program), Some(Money::ZERO), &Limits::default(), &mut known)
        });
    });
    // A settler values nothing twice: each round has its own.
    group.bench_function("settle", |b| {
        b.iter(|| Settler::new(applications, &model.program).settle(black_box(&values), 0.5));
    });
}

criterion_group!(benches, stages, invented);
criterion_main!(benches);
