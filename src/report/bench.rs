//! What a bench measured: a table to read, CSV and JSON for programs; and what it can measure.

use std::time::Duration;

use rust_decimal::Decimal;

use super::Page;
use super::csv::text;
use super::grid::{Grid, Kind};
use crate::bench::Row;
use crate::generate::{MODELS, PATTERNS};
use crate::money::Money;

/// A column: its name, its heading in the table to read if it stands there, what it holds, and how it is filled.
pub struct Column {
    /// The name.
    pub name: &'static str,
    /// What it holds, for the documentation.
    pub meaning: &'static str,
    heading: Option<&'static str>,
    value: fn(&Row) -> String,
}

const fn column(
    name: &'static str,
    heading: Option<&'static str>,
    meaning: &'static str,
    value: fn(&Row) -> String,
) -> Column {
    Column { name, meaning, heading, value }
}

/// Columns of the table: one row a case and method.
pub const COLUMNS: &[Column] = &[
    column("case", Some("case"), "class and pattern, or the file of instances", |r| r.case.clone()),
    column(
        "method",
        Some("method"),
        "`grantfolio`, or a backend alone: its own point, settled, and its own claim",
        |r| r.method.clone(),
    ),
    column("instances", Some("n"), "how many", |r| r.instances.to_string()),
    column("read_ms", None, "texts to data, median", |r| milliseconds(r.read)),
    column("build_ms", Some("build ms"), "data to the model, median", |r| milliseconds(r.build)),
    column("plan_ms", Some("plan ms"), "to a plan with its bound, median; of a backend: to its word", |r| {
        milliseconds(r.plan)
    }),
    column("worst_plan_ms", Some("worst ms"), "the same, of the slowest instance", |r| {
        milliseconds(r.worst_plan)
    }),
    column("proven", Some("proven"), "plans proven to be the best; of a backend: said to be", |r| {
        r.proven.to_string()
    }),
    column("certified", Some("cert."), "of these by a bound recomputed exactly", |r| r.certified.to_string()),
    column("gap", Some("gap EUR"), "bound less plan, median; empty where a bound is missing", |r| {
        money(r.gap)
    }),
    column("worst_gap", Some("worst EUR"), "the widest gap", |r| money(r.worst_gap)),
    column("worst_gap_percent", Some("worst %"), "the widest gap in percent of the bound", |r| {
        r.worst_percent.as_ref().map_or_else(String::new, Decimal::to_string)
    }),
    column("tried", None, "instances of which every plan was tried", |r| r.tried.to_string()),
    column("right", Some("right"), "of these with the best plan", |r| r.right.to_string()),
    column(
        "wrong",
        Some("wrong"),
        "plans worth more than the best, bounds below a plan, proofs of what is not the best; of a backend: plans said to be the best, or bounds said, that are below the best plan by more than a cent",
        |r| r.wrong.to_string(),
    ),
    column(
        "off",
        Some("off"),
        "of a backend: plans said to be the best, and to be worth what they are not, by more than a cent",
        |r| r.off.to_string(),
    ),
    column(
        "low",
        Some("low"),
        "of a backend: bounds it says that are below a plan that is known, by more than a cent; each is counted as wrong, too",
        |r| r.low.to_string(),
    ),
    column(
        "said_gap",
        Some("said EUR"),
        "of a backend: the bound it says less what its plan is worth, median; empty where it says none",
        |r| money(r.said_gap),
    ),
    column(
        "memory_mib",
        Some("MiB"),
        "most memory of the process during the case, where the system says",
        |r| r.memory.map_or_else(String::new, |memory| memory.to_string()),
    ),
];

/// The rows as a table to read.
pub fn table(rows: &[Row], page: Page) -> String {
    let shown = || COLUMNS.iter().filter_map(|column| Some((column.heading?, column)));
    let headings: Vec<(&str, Kind)> = shown()
        .map(|(heading, column)| {
            (heading, if matches!(column.name, "case" | "method") { Kind::Whole } else { Kind::Figure })
        })
        .collect();
    let mut grid = Grid::new(page, &headings);
    for row in rows {
        grid.row(shown().map(|(_, column)| (column.value)(row)));
    }
    grid.to_string()
}

/// The rows as CSV.
pub fn csv(rows: &[Row]) -> Vec<u8> {
    let cells = |row| COLUMNS.iter().map(move |column| (column.value)(row));
    text(COLUMNS.iter().map(|column| column.name), rows.iter().map(cells))
}

/// The rows as JSON: a list of objects; every value is a text.
pub fn json(rows: &[Row]) -> String {
    let object = |row: &Row| -> serde_json::Value {
        COLUMNS
            .iter()
            .map(|column| (column.name.to_owned(), serde_json::Value::from((column.value)(row))))
            .collect()
    };
    let rows: serde_json::Value = rows.iter().map(object).collect();
    format!("{rows:#}\n")
}

/// Every model with its sizes, and every pattern.
pub fn registry(page: Page) -> String {
    let mut models = Grid::new(
        page,
        &[("model", Kind::Whole), ("sizes", Kind::Words), ("what its instances are", Kind::Words)],
    );
    for model in MODELS {
        let sizes: Vec<String> = model.sizes.iter().map(ToString::to_string).collect();
        models.row([model.name, &sizes.join(" "), model.about]);
    }
    let mut patterns = Grid::new(page, &[("pattern", Kind::Whole), ("what it does to them", Kind::Words)]);
    for pattern in PATTERNS {
        patterns.row([pattern.name, pattern.about]);
    }
    format!("{models}\n{patterns}")
}

fn milliseconds(took: Duration) -> String {
    let micros = took.as_micros();
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

fn money(amount: Option<Money>) -> String {
    amount.map_or_else(String::new, |amount| amount.to_string())
}
