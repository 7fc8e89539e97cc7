//! An instance as the files of a portfolio's folder, with a measure file for each call.
//!
//! Calls take costs by tags that no real measure knows. Measures that come with the program might take them, too: `bench --write` excludes those.

use std::fmt::Write as _;

use super::{Call, Instance};
use crate::measure::Claim;

/// The folder of the measures, inside that of the portfolio.
pub const MEASURES: &str = "measures";

/// Names, with a slash before those inside a folder, and contents.
pub fn files(instance: &Instance) -> Vec<(String, String)> {
    let mut files = tables(instance);
    let measures = instance.calls.iter().enumerate();
    files.extend(
        measures.map(|(at, call)| (format!("{MEASURES}/{}.toml", id(at)), measure(instance, at, call))),
    );
    files
}

/// The id of a call, which is the tag of costs that it takes.
fn id(call: usize) -> String {
    format!("call{:02}", call + 1)
}

fn tables(instance: &Instance) -> Vec<(String, String)> {
    let mut companies = "company_id,size\n".to_owned();
    let mut projects = "project_id,company_id\n".to_owned();
    let (column, cell) = if instance.splittable { (",splittable", ",yes") } else { ("", "") };
    let mut expenses = format!("expense_id,project_id,category,net_amount,tags{column}\n");
    let mut received = "undertaking,granted_on,regulation,aid\n".to_owned();
    for (c, client) in instance.clients.iter().enumerate() {
        // Writing to a text cannot fail.
        let _ = writeln!(companies, "c{c:05},small");
        if client.received.is_positive() {
            let _ = writeln!(received, "c{c:05},2025-05-05,de_minimis:2023/2831,{}", client.received);
        }
        for (p, costs) in client.projects.iter().enumerate() {
            let _ = writeln!(projects, "c{c:05}-p{p},c{c:05}");
            for (e, cost) in costs.iter().enumerate() {
                let category = if cost.consultancy { "consultancy" } else { "machinery" };
                let tags: Vec<String> = cost.calls.iter().map(|call| id(*call)).collect();
                let (amount, tags) = (cost.amount, tags.join("|"));
                let _ =
                    writeln!(expenses, "c{c:05}-p{p}-e{e:05},c{c:05}-p{p},{category},{amount},{tags}{cell}");
            }
        }
    }
    let mut files = vec![
        ("portfolio.toml", "as_of = 2026-06-01\n".to_owned()),
        ("companies.csv", companies),
        ("projects.csv", projects),
        ("expenses.csv", expenses),
    ];
    if instance.clients.iter().any(|client| client.received.is_positive()) {
        files.push(("prior_aids.csv", received));
    }
    files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

fn measure(instance: &Instance, at: usize, call: &Call) -> String {
    let id = id(at);
    let (claim, effect) = match instance.claim {
        Claim::Whole => ("whole", "reject"),
        Claim::AnyPart => ("any_part", "trim"),
    };
    let Call { rate, cap, minimum, consultancy_share, flat_rate, .. } = call;
    let regime = if call.de_minimis { "de_minimis" } else { "none" };
    let mut text = format!(
        r#"# An invented call.

format = 1
id = "{id}"
version = "2026"
name = {{ it = "Bando inventato {id}", en = "Invented call {id}" }}
authority = "nobody"
regime = "{regime}"
claim = "{claim}"

[window]
status = "open"
opens = 2026-01-01
granted_after = "3 months"
early_order = "allowed"
ref = "{REFERENCE}"

[[cost_item]]
id = "goods"
takes = ["machinery"]
when = {{ expense.tags = ["{id}"] }}
ref = "{REFERENCE}"

[[cost_item]]
id = "consultancy"
takes = ["consultancy"]
when = {{ expense.tags = ["{id}"] }}
ref = "{REFERENCE}"
"#
    );
    let mut all = r#"["goods", "consultancy"]"#;
    if !flat_rate.is_zero() {
        let _ = write!(
            text,
            r#"
[[derived_item]]
id = "flat"
rate = "{flat_rate}"
of = {all}
ref = "{REFERENCE}"
"#
        );
        all = r#"["goods", "consultancy", "flat"]"#;
    }
    let _ = write!(
        text,
        r#"
[sets]
all = {all}

[[limit]]
id = "consultancy-share"
of = "cost:consultancy"
at_most = [{{ rate = "{consultancy_share}", of = "goods" }}]
effect = "{effect}"
ref = "{REFERENCE}"

[[limit]]
id = "minimum"
of = "cost:all"
at_least = [{{ euro = "{minimum}" }}]
effect = "reject"
ref = "{REFERENCE}"

[[limit]]
id = "cap"
of = "aid:grant"
at_most = [{{ euro = "{cap}" }}]
effect = "trim"
ref = "{REFERENCE}"

[[aid]]
id = "grant"
of = "all"
rate = "{rate}"
ref = "{REFERENCE}"
"#
    );
    if call.de_minimis {
        let _ = write!(
            text,
            r#"
[[ledger]]
id = "de-minimis"
ledger = "invented"
at_most = "{}"
counts = ["de_minimis:2023/2831"]
of = ["grant"]
ref = "{REFERENCE}"
"#,
            instance.de_minimis_room
        );
    }
    if let Some((number, fund)) = call.fund.and_then(|fund| Some((fund, instance.funds.get(fund)?))) {
        let (available, in_part) = (fund.available, fund.in_part);
        let _ = write!(
            text,
            r#"
[[pool]]
id = "fund"
pool = "invented-fund{number:02}"
available = "{available}"
scope = "portfolio"
in_part = {in_part}
ref = "{REFERENCE}"
"#
        );
    }
    text
}

/// What stands in the place of the words of a call.
const REFERENCE: &str = "invented";
