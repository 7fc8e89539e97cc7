//! The bytes as each file of a portfolio in turn.

#![no_main]

use grantfolio::load::{Memory, Overrides, portfolio};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let files = Memory::new()
        .with("portfolio.toml", "as_of = 2026-01-15")
        .with("companies.csv", "company_id,size\nrossi,small\n")
        .with("projects.csv", "project_id,company_id\nline,rossi\n")
        .with("expenses.csv", "expense_id,project_id,category,net_amount\ne1,line,machinery,40000.00\n");
    for name in ["portfolio.toml", "companies.csv", "projects.csv", "expenses.csv"] {
        let _ = portfolio(&files.clone().with(name, bytes), &[], &Overrides::default());
    }
});
