//! The dry run: what each scenario changes, before anything is planned.

use crate::cli::{Console, Exit, Failure};
use crate::load::Inputs;
use crate::scenario::{Scenario, ScenarioSource};

/// So many differences are shown of a scenario.
const DIFFERENCES: usize = 3;
/// So many overrides.
const OVERRIDES: usize = 5;

/// Prints the first scenarios in full, and how many there are.
pub(super) fn list(
    inputs: &Inputs,
    scenarios: &dyn ScenarioSource,
    first: u64,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    for number in 0..scenarios.len().min(first) {
        let scenario = scenarios.get(number);
        console.data(&told(inputs, &scenario)?)?;
    }
    let more = scenarios.len().saturating_sub(first);
    if more > 0 {
        console.data(&format!("... {more} more; --first N shows more of them\n"))?;
    }
    console.data(&format!("{} scenarios\n", scenarios.len()))?;
    Ok(Exit::Verified)
}

fn told(inputs: &Inputs, scenario: &Scenario) -> Result<String, Failure> {
    let edits = inputs
        .edit(&scenario.overrides)
        .map_err(|report| Failure::Input(report, crate::cli::inputs::Texts::of(None)))?;
    let mut lines = vec![scenario.name.clone()];
    lines.extend(scenario.overrides.iter().take(OVERRIDES).map(|it| format!("  {it}")));
    lines.extend(more(scenario.overrides.len(), OVERRIDES, "overrides"));
    let differences = inputs.differences(&edits);
    let rows = edits.rows().count() + edits.removed().count();
    let mut changed = vec![format!("{} cells of {rows} rows", differences.len())];
    changed.extend(edits.settings().map(|_| "settings".to_owned()));
    changed.extend(edits.measure_ids().map(|id| format!("measure '{id}'")));
    if edits.is_empty() {
        changed = vec!["nothing: everything is so already".to_owned()];
    }
    lines.push(format!("    changes {}", changed.join(", ")));
    for it in differences.iter().take(DIFFERENCES) {
        let column = it.column.as_ref().map(|column| format!(" {column}")).unwrap_or_default();
        let arrow = if it.before.is_empty() { "" } else { " -> " };
        lines.push(format!("    {} {}{column}: {}{arrow}{}", it.file, it.row, it.before, it.after));
    }
    lines.extend(more(differences.len(), DIFFERENCES, "cells").map(|line| format!("  {line}")));
    Ok(lines.join("\n") + "\n")
}

fn more(all: usize, shown: usize, what: &str) -> Option<String> {
    all.checked_sub(shown).filter(|more| *more > 0).map(|more| format!("  ... {more} more {what}"))
}
