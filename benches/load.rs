//! Reading a portfolio of a million expenses from memory, in the dialects that matter: the point with commas, as programs write it,
//! and the comma with semicolons, as Excel does in Italy.
//!
//! `cargo bench --bench load` prints bytes per second; `GRANTFOLIO_EXPENSES=100000` makes it shorter.

#![allow(clippy::unwrap_used, reason = "a bench that cannot start fails")]

use std::fmt::Write as _;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use grantfolio::load::measures::catalogue;
use grantfolio::load::{Memory, Overrides, portfolio};
use grantfolio::measure::FactDeclaration;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A thousand projects of two hundred companies, and their expenses in the order of their ids, as a program would export them.
fn files(expenses: usize, italian: bool) -> (Memory, usize) {
    let (mut companies, mut projects) =
        ("company_id,size\n".to_owned(), "project_id,company_id\n".to_owned());
    for company in 0..200 {
        writeln!(companies, "company-{company:03},small").unwrap();
    }
    for project in 0..1000 {
        writeln!(projects, "project-{project:04},company-{:03}", project % 200).unwrap();
    }
    let mut lines = if italian {
        "id_spesa;id_progetto;tipologia;descrizione;stato;importo_netto;aliquota_iva;fornitore;fattura;data_fattura;data_ordine\n"
    } else {
        "expense_id,project_id,category,description,state,net_amount,vat_rate,supplier,invoice,invoice_date,order_date\n"
    }
    .to_owned();
    for expense in 0..expenses {
        let (euro, cents, day) = (1 + expense * 7919 % 90_000, expense % 100, 1 + expense % 28);
        let project = expense % 1000;
        if italian {
            writeln!(
                lines,
                "e{expense:07};project-{project:04};Macchinari e impianti;Tornio a controllo numerico;fatturata;{euro},{cents:02};22%;Utensili spa;{expense}/A;{day:02}/03/2025;{day:02}/02/2025"
            )
        } else {
            writeln!(
                lines,
                "e{expense:07},project-{project:04},machinery,Tornio a controllo numerico,invoiced,{euro}.{cents:02},0.22,Utensili spa,{expense}/A,2025-03-{day:02},2025-02-{day:02}"
            )
        }
        .unwrap();
    }
    let size = companies.len() + projects.len() + lines.len();
    let memory = Memory::new()
        .with("portfolio.toml", "as_of = 2026-01-15")
        .with("companies.csv", companies)
        .with("projects.csv", projects)
        .with("expenses.csv", lines);
    (memory, size)
}

fn load(criterion: &mut Criterion) {
    let expenses = std::env::var("GRANTFOLIO_EXPENSES").map_or(1_000_000, |text| text.parse().unwrap());
    let (measures, _) = catalogue(None).unwrap();
    let facts: Vec<FactDeclaration> = measures.iter().flat_map(|m| m.facts.clone()).collect();
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_secs(20));
    for (dialect, italian) in [("english", false), ("italian", true)] {
        let (files, size) = files(expenses, italian);
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_with_input(BenchmarkId::new(dialect, expenses), &files, |bencher, files| {
            // What is read is dropped outside the measurement.
            bencher.iter_with_large_drop(|| portfolio(files, &facts, &Overrides::default()).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
