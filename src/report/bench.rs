//! What a bench measured, as a table.

use std::time::Duration;

use super::Page;
use super::grid::{Grid, Kind};
use crate::bench::Row;
use crate::money::Money;

/// The rows as a table.
pub fn table(rows: &[Row], page: Page) -> String {
    let figure = |heading: &'static str| (heading, Kind::Figure);
    let mut grid = Grid::new(
        page,
        &[
            ("case", Kind::Whole),
            figure("instances"),
            figure("read ms"),
            figure("build ms"),
            figure("plan ms"),
            figure("worst ms"),
            figure("proven"),
            figure("gap EUR"),
            figure("worst EUR"),
        ],
    );
    for row in rows {
        grid.row([
            row.case.clone(),
            row.instances.to_string(),
            milliseconds(row.read),
            milliseconds(row.build),
            milliseconds(row.plan),
            milliseconds(row.worst_plan),
            row.proven.to_string(),
            maybe(row.gap),
            maybe(row.worst_gap),
        ]);
    }
    grid.to_string()
}

fn milliseconds(took: Duration) -> String {
    let micros = took.as_micros();
    format!("{}.{:02}", micros / 1000, micros % 1000 / 10)
}

fn maybe(amount: Option<Money>) -> String {
    amount.map_or_else(|| "?".to_owned(), |amount| amount.to_string())
}
