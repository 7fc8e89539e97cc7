//! Tables to read of a batch: how the grants are distributed, which scenarios matter, how measures are used, which assignments stand, which plan
//! is the safest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::reading::{Unreadable, each};
use super::summary::{Distribution, Summary};
use crate::money::{Money, MoneyError};
use crate::report::Page;
use crate::report::grid::{Grid, Kind};
use crate::report::json::pretty;
use crate::report::numbers::money;

/// Scenarios of one kind: an axis of a sweep with its values, or a scenario by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Swing {
    /// The axis, or the scenario.
    pub of: String,
    /// What the grants differ from the base by, at the least; and where.
    pub least: (Money, String),
    /// At the most.
    pub most: (Money, String),
}

impl Swing {
    fn size(&self) -> Money {
        let size = |amount: Money| amount.max(-amount);
        size(self.least.0).max(size(self.most.0)).max(self.most.0 - self.least.0)
    }
}

/// An assignment of the base plan that some scenario has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shaken {
    /// The expense.
    pub expense: String,
    /// The measure it goes to in the base.
    pub measure: String,
    /// Under which item.
    pub cost_item: String,
    /// Scenarios that have it too.
    pub kept: usize,
    /// Scenarios that have it not.
    pub lost: usize,
}

/// A plan held against all scenarios.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Its name.
    pub plan: String,
    /// A scenario that it is the plan of.
    pub from: String,
    /// Scenarios that it is the plan of.
    pub scenarios: usize,
    /// What it is worth in the mean of all scenarios.
    pub mean: Money,
    /// What it is worth in the worst of them.
    pub worst: Money,
    /// The most that it falls short of a scenario's own plan.
    pub largest_regret: Money,
    /// How much it falls short in the mean.
    pub mean_regret: Money,
}

/// Everything there is to tell.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The figures of `summary.json`.
    pub summary: Summary,
    /// What matters, the most first.
    pub swings: Vec<Swing>,
    /// Assignments that do not stand everywhere, the shakiest first.
    pub shaken: Vec<Shaken>,
    /// Plans held against all scenarios, that of the base first; none where the inputs are not what they were.
    pub candidates: Option<Vec<Candidate>>,
}

impl Comparison {
    /// As JSON.
    pub fn json(&self) -> String {
        pretty(self)
    }
}

/// What matters: each axis, each scenario of no axis.
///
/// # Errors
/// `results.csv` cannot be read.
pub fn swings(folder: &Path) -> Result<Vec<Swing>, Unreadable> {
    let mut swings: BTreeMap<String, Swing> = BTreeMap::new();
    each(&folder.join("results.csv"), ["scenario", "difference"], |[scenario, difference]| {
        let difference: Money = difference.parse().map_err(|error: MoneyError| error.to_string())?;
        let of = axis(scenario).unwrap_or(scenario);
        let here = || (difference, scenario.to_owned());
        match swings.get_mut(of) {
            None => {
                swings.insert(of.to_owned(), Swing { of: of.to_owned(), least: here(), most: here() });
            }
            Some(swing) => {
                if difference < swing.least.0 {
                    swing.least = here();
                }
                if difference > swing.most.0 {
                    swing.most = here();
                }
            }
        }
        Ok(())
    })?;
    let mut swings: Vec<Swing> = swings.into_values().filter(|swing| !swing.size().is_zero()).collect();
    swings.sort_by_cached_key(|swing| (std::cmp::Reverse(swing.size()), swing.of.clone()));
    Ok(swings)
}

/// The axis of a scenario that a sweep of one axis made: its name up to the value.
fn axis(scenario: &str) -> Option<&str> {
    let (axis, value) = scenario.split_once('=')?;
    (!value.contains('=')).then_some(axis)
}

/// Assignments of the base plan that some scenario has not, of so many planned scenarios.
///
/// # Errors
/// `changes.csv` cannot be read.
pub fn shaken(folder: &Path, planned: usize) -> Result<Vec<Shaken>, Unreadable> {
    let mut lost: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let columns = ["expense", "measure", "cost_item", "claimed_before", "claimed_after"];
    each(&folder.join("changes.csv"), columns, |[expense, measure, item, before, after]| {
        if !before.is_empty() && after.is_empty() {
            *lost.entry((expense.to_owned(), measure.to_owned(), item.to_owned())).or_default() += 1;
        }
        Ok(())
    })?;
    let shaken = lost.into_iter().map(|((expense, measure, cost_item), lost)| Shaken {
        expense,
        measure,
        cost_item,
        kept: planned - lost.min(planned),
        lost,
    });
    let mut shaken: Vec<Shaken> = shaken.collect();
    shaken.sort_by_key(|assignment| std::cmp::Reverse(assignment.lost));
    Ok(shaken)
}

/// The figures of a batch as tables.
pub fn overview(summary: &Summary, page: Page) -> String {
    let mut text = String::new();
    let Summary { planned, failed, optimal, cut, .. } = summary;
    let _ = writeln!(
        text,
        "{planned} {}, {optimal} {}, {failed} {}, {cut} {}; {} {}",
        page.say("scenarios planned"),
        page.say("proven optimal"),
        page.say("without plan"),
        page.say("cut by a time limit"),
        summary.different_plans,
        page.say("different plans"),
    );
    if let (Some(grant), Some(regret)) = (&summary.grant, &summary.regret) {
        text.push_str(
            &page.section("How the grants are distributed", &distributions(summary, grant, regret, page)),
        );
    }
    text.push_str(&page.section("How measures are used", &measures(summary, page)));
    text
}

fn distributions(summary: &Summary, grant: &Distribution, regret: &Distribution, page: Page) -> String {
    let columns = [
        ("", Kind::Words),
        ("base", Kind::Figure),
        ("mean", Kind::Figure),
        ("standard error", Kind::Figure),
        ("least", Kind::Figure),
        ("P5", Kind::Figure),
        ("P50", Kind::Figure),
        ("P95", Kind::Figure),
        ("most", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    for (what, base, of) in
        [("grants", summary.base_grant, grant), ("lost by keeping the plan of the base", Money::ZERO, regret)]
    {
        grid.row([
            page.say(what).to_owned(),
            money(base),
            money(of.mean),
            format!("{:.2}", of.standard_error),
            money(of.least.amount),
            money(of.p5),
            money(of.p50),
            money(of.p95),
            money(of.most.amount),
        ]);
    }
    let worst = page.fill("The least is granted in '{}'", &grant.least.scenario);
    let best = page.fill("the most in '{}'.", &grant.most.scenario);
    let regret = page.say("Regret is what keeping the plan of the base costs in a scenario.");
    format!("{grid}\n{worst}, {best}\n{regret}\n")
}

fn measures(summary: &Summary, page: Page) -> String {
    let columns = [("measure", Kind::Whole), ("used in", Kind::Figure), ("mean grant", Kind::Figure)];
    let mut grid = Grid::new(page, &columns);
    for of in &summary.measures {
        grid.row([of.measure.to_string(), share(of.scenarios, summary.planned), money(of.mean_grant)]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// So many of all, in per cent.
fn share(part: usize, all: usize) -> String {
    let per_mille = (1000 * part).checked_div(all).unwrap_or(0);
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

/// Everything as tables, of long lists the first rows.
pub fn table(comparison: &Comparison, rows: usize, page: Page) -> String {
    let mut text = overview(&comparison.summary, page);
    text.push_str(&page.section("What matters", &tornado(&comparison.swings, rows, page)));
    text.push_str(&page.section("Which assignments stand", &standing(&comparison.shaken, rows, page)));
    if let Some(candidates) = &comparison.candidates {
        text.push_str(&page.section("Which plan is the safest", &safest(candidates, page)));
    }
    text
}

/// Characters of the longest bar to one side.
const BAR: usize = 12;

fn tornado(swings: &[Swing], rows: usize, page: Page) -> String {
    if swings.is_empty() {
        return format!("{}\n", page.say("No scenario changes the grants."));
    }
    let columns = [("what", Kind::Whole), ("least", Kind::Figure), ("most", Kind::Figure), ("", Kind::Whole)];
    let mut grid = Grid::new(page, &columns);
    let largest = swings.iter().flat_map(|s| [-s.least.0, s.most.0]).max().unwrap_or_default();
    for swing in swings.iter().take(rows) {
        let left = length((-swing.least.0).max(Money::ZERO), largest);
        let right = length(swing.most.0.max(Money::ZERO), largest);
        let bar = format!("{}{}|{}", " ".repeat(BAR - left), "█".repeat(left), "█".repeat(right));
        grid.row([swing.of.clone(), money(swing.least.0), money(swing.most.0), bar]);
    }
    format!("{grid}{}", and_more(swings.len(), rows, page))
}

/// How long a bar is; what is not nothing is seen.
fn length(amount: Money, largest: Money) -> usize {
    if !amount.is_positive() || !largest.is_positive() {
        return 0;
    }
    let share = i128::from(amount.cents()) * BAR as i128 / i128::from(largest.cents());
    usize::try_from(share).unwrap_or(BAR).clamp(1, BAR)
}

fn standing(shaken: &[Shaken], rows: usize, page: Page) -> String {
    if shaken.is_empty() {
        return format!("{}\n", page.say("All of them, in every scenario."));
    }
    let columns = [
        ("expense", Kind::Whole),
        ("measure", Kind::Whole),
        ("cost item", Kind::Whole),
        ("stands in", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    for assignment in shaken.iter().take(rows) {
        let Shaken { expense, measure, cost_item, kept, lost } = assignment;
        grid.row([expense.clone(), measure.clone(), cost_item.clone(), share(*kept, kept + lost)]);
    }
    let others = page.say("All others of the base stand in every scenario.");
    format!("{grid}{}{others}\n", and_more(shaken.len(), rows, page))
}

fn safest(candidates: &[Candidate], page: Page) -> String {
    let columns = [
        ("plan", Kind::Whole),
        ("of the scenario", Kind::Words),
        ("best in", Kind::Figure),
        ("mean", Kind::Figure),
        ("worst", Kind::Figure),
        ("largest regret", Kind::Figure),
        ("mean regret", Kind::Figure),
        ("", Kind::Words),
    ];
    let least_regret = candidates.iter().map(|candidate| candidate.largest_regret).min();
    let best_mean = candidates.iter().map(|candidate| candidate.mean).max();
    let mut grid = Grid::new(page, &columns);
    for candidate in candidates {
        let least = Some(candidate.largest_regret) == least_regret;
        let best = Some(candidate.mean) == best_mean;
        let marks = [(least, "least regret"), (best, "best mean")];
        let marks: Vec<&str> =
            marks.iter().filter(|(holds, _)| *holds).map(|(_, mark)| page.say(mark)).collect();
        grid.row([
            candidate.plan.clone(),
            candidate.from.clone(),
            candidate.scenarios.to_string(),
            money(candidate.mean),
            money(candidate.worst),
            money(candidate.largest_regret),
            money(candidate.mean_regret),
            marks.join(", "),
        ]);
    }
    grid.to_string()
}

fn and_more(all: usize, shown: usize, page: Page) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("{}\n", page.fill("and {} more", &more)),
    }
}
