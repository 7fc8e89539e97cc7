//! Which expense may enter which measure: items where it may, the first rule that fails where it may not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Page;
use super::grid::{Grid, Kind};
use super::model::{measure_name, rule_name};
use super::numbers::money;
use crate::allocation::builtin;
use crate::eligibility::Eligibility;
use crate::ids::{ExpenseId, MeasureId};
use crate::measure::Measure;
use crate::portfolio::Portfolio;

/// What the marks mean.
const LEGEND: &str = "+ the cost items an expense may enter; - the first rule that keeps it out (cost-items: the measure takes no such category)";

/// Measures side by side in one table.
const ABREAST: usize = 5;

/// What stands in a cell.
struct Cells<'a> {
    /// Items an expense may enter.
    items: BTreeMap<(&'a ExpenseId, &'a MeasureId), Vec<&'a str>>,
    /// The rule that refuses it.
    refused: BTreeMap<(&'a ExpenseId, &'a MeasureId), &'a str>,
}

impl<'a> Cells<'a> {
    fn new(eligibility: &'a Eligibility) -> Self {
        let mut items: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for application in &eligibility.applications {
            for line in &application.lines {
                items.entry((&line.expense, &application.measure)).or_default().push(line.item.as_str());
            }
        }
        let refused = eligibility
            .refusals
            .iter()
            .map(|refusal| ((&refusal.expense, &refusal.reason.measure), refusal.reason.rule.as_str()))
            .collect();
        Cells { items, refused }
    }

    fn text(&self, expense: &ExpenseId, measure: &MeasureId) -> String {
        match (self.items.get(&(expense, measure)), self.refused.get(&(expense, measure))) {
            (Some(items), _) => format!("+ {}", items.join(", ")),
            (None, Some(rule)) => format!("- {rule}"),
            (None, None) => String::new(),
        }
    }
}

/// The matrix, then for each refusing rule what it says. Measures that take no expense at all are named in one line each.
pub fn matrix(portfolio: &Portfolio, measures: &[Measure], eligibility: &Eligibility, page: Page) -> String {
    let cells = Cells::new(eligibility);
    let (useful, useless) = parted(measures, eligibility);
    let mut text = String::new();
    for group in useful.chunks(ABREAST) {
        let mut columns =
            vec![("expense", Kind::Whole), ("net amount", Kind::Figure), ("category", Kind::Words)];
        columns.extend(group.iter().map(|measure| (measure.id.as_str(), Kind::Words)));
        let mut grid = Grid::new(page, &columns);
        for expense in &portfolio.expenses {
            let mut row = vec![
                expense.id.to_string(),
                money(expense.net_amount),
                page.category(&expense.category).to_owned(),
            ];
            row.extend(group.iter().map(|measure| cells.text(&expense.id, &measure.id)));
            grid.row(row);
        }
        let _ = writeln!(text, "{grid}");
    }
    if !useful.is_empty() {
        let _ = writeln!(text, "{}", page.say(LEGEND));
    }
    let parts = [text, refusals(eligibility, &useful, page), closed(eligibility, &useless, page)];
    spaced(&parts)
}

/// Why expenses may not enter these measures: what the refusing rules say, and measures that take nothing at all.
pub fn refused(measures: &[Measure], eligibility: &Eligibility, page: Page) -> String {
    let (useful, useless) = parted(measures, eligibility);
    spaced(&[refusals(eligibility, &useful, page), closed(eligibility, &useless, page)])
}

/// Parts with an empty line between; empty parts are left out.
fn spaced(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// Measures that take something, and those that do not.
fn parted<'a>(measures: &'a [Measure], eligibility: &Eligibility) -> (Vec<&'a Measure>, Vec<&'a Measure>) {
    measures.iter().partition(|measure| eligibility.applications.iter().any(|a| a.measure == measure.id))
}

/// What the refusing rules say, each once.
fn refusals(eligibility: &Eligibility, useful: &[&Measure], page: Page) -> String {
    let columns = [
        ("measure", Kind::Whole),
        ("rule", Kind::Whole),
        ("what it asks", Kind::Words),
        ("source", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    let mut reasons: Vec<_> = eligibility.refusals.iter().map(|refusal| &refusal.reason).collect();
    // A category that is not taken explains itself.
    reasons.retain(|reason| reason.rule.as_str() != builtin::COST_ITEMS);
    reasons.sort();
    reasons.dedup();
    for reason in reasons {
        let Some(measure) = useful.iter().find(|measure| measure.id == reason.measure) else { continue };
        let rule = measure.rule(&reason.rule);
        let quote = rule.and_then(|rule| rule.reference.as_ref()).map(|words| format!("\"{words}\""));
        grid.row([
            reason.measure.to_string(),
            reason.rule.to_string(),
            page.say(&reason.text).to_owned(),
            quote.unwrap_or_default(),
        ]);
    }
    if grid.is_empty() { String::new() } else { format!("{}\n\n{grid}", page.say("What keeps expenses out")) }
}

fn closed(eligibility: &Eligibility, useless: &[&Measure], page: Page) -> String {
    let mut text = String::new();
    for measure in useless {
        let mut reasons: Vec<_> = eligibility
            .refusals
            .iter()
            .map(|refusal| &refusal.reason)
            .filter(|reason| reason.measure == measure.id)
            .map(|reason| {
                format!(
                    "{} ({})",
                    rule_name(Some(measure), &reason.rule, page.language),
                    page.say(&reason.text)
                )
            })
            .collect();
        reasons.sort();
        reasons.dedup();
        let why = if reasons.is_empty() {
            page.say("left out by the settings").to_owned()
        } else {
            reasons.join("; ")
        };
        let _ = writeln!(text, "  {}, {}: {why}", measure.id, measure_name(measure, page.language));
    }
    if text.is_empty() {
        text
    } else {
        format!("{}\n\n{text}", page.say("Measures that take nothing of this portfolio"))
    }
}
