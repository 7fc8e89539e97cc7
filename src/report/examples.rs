//! Worked examples and what came of them: a row each, the computation of the one that fails.

use std::fmt::Write as _;

use super::Page;
use super::grid::{Grid, Kind};
use super::numbers::money;
use super::sheet;
use crate::engine::ExampleOutcome;
use crate::ids::MeasureId;

/// The table of all examples, by the grant; of one that fails a row for each difference, and the computation below.
pub fn tested(outcomes: &[(&MeasureId, ExampleOutcome)], page: Page) -> String {
    let columns = [
        ("measure", Kind::Whole),
        ("example", Kind::Whole),
        ("expected", Kind::Figure),
        ("got", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    let mut end = String::new();
    for (measure, outcome) in outcomes {
        if outcome.failures.is_empty() {
            let expected = outcome.expected.map_or_else(|| "-".to_owned(), money);
            grid.row([measure.to_string(), outcome.id.clone(), expected, money(outcome.got)]);
            continue;
        }
        for difference in &outcome.failures {
            let expected = format!("{} {}", difference.what, difference.expected);
            grid.row([measure.to_string(), outcome.id.clone(), expected, difference.got.clone()]);
        }
        let _ = writeln!(end, "\nthe example '{}' of '{measure}' fails: {}", outcome.id, outcome.why);
        if let Some(computed) = &outcome.sheet {
            let _ = write!(end, "\n{}", sheet::table(computed, page));
        }
    }
    if end.is_empty() {
        end = format!("\n{} examples hold\n", outcomes.len());
    }
    if grid.is_empty() { end.trim_start().to_owned() } else { format!("{grid}{end}") }
}
