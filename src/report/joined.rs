//! What joins an application to others, for the terminal: what was chosen and lent, what falls on members, what ceilings leave.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::{Grid, Kind};
use super::numbers::money;
use super::{Page, ReportModel};
use crate::allocation::{Application, DrawNote};

/// Choices, loans and the aid in guarantees; nothing where no application has any.
pub(super) fn choices(model: &ReportModel<'_>, page: Page) -> String {
    let columns = [
        ("project", Kind::Whole),
        ("measure", Kind::Whole),
        ("chosen", Kind::Words),
        ("loan", Kind::Figure),
        ("aid in guarantees", Kind::Figure),
        ("grant", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    let worth_it = |a: &&Application| !a.choices.is_empty() || a.loan.is_positive() || a.esl.is_positive();
    for application in model.document.applications.iter().filter(worth_it) {
        let chosen: Vec<String> = application.choices.iter().map(|(k, v)| format!("{k} = {v}")).collect();
        grid.row([
            application.project.to_string(),
            application.measure.to_string(),
            chosen.join("; "),
            money(application.loan),
            money(application.esl),
            money(application.grant),
        ]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// What falls on each member of a partnership.
pub(super) fn members(model: &ReportModel<'_>, page: Page) -> String {
    let columns = [
        ("project", Kind::Whole),
        ("measure", Kind::Whole),
        ("company", Kind::Whole),
        ("admitted", Kind::Figure),
        ("grant", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    for application in &model.document.applications {
        for member in &application.members {
            grid.row([
                application.project.to_string(),
                application.measure.to_string(),
                member.company.to_string(),
                money(member.admitted),
                money(member.grant),
            ]);
        }
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// What was left on ceilings of a company or an undertaking, and on whatever else is used up.
pub(super) fn ceilings(model: &ReportModel<'_>, page: Page) -> String {
    let columns = [
        ("project", Kind::Whole),
        ("ceiling", Kind::Words),
        ("of", Kind::Whole),
        ("left before", Kind::Figure),
        ("drawn", Kind::Figure),
        ("more from", Kind::Whole),
    ];
    let mut grid = Grid::new(page, &columns);
    let told = |draw: &&DrawNote| draw.holder.is_some() || draw.amount >= draw.room;
    for application in &model.document.applications {
        for draw in application.draws.iter().filter(told) {
            grid.row([
                application.project.to_string(),
                model.rule_name(&application.measure, &draw.rule),
                draw.holder.clone().unwrap_or_else(|| "-".to_owned()),
                money(draw.room),
                money(draw.amount),
                draw.freed_on.map_or_else(String::new, |day| day.to_string()),
            ]);
        }
    }
    let notes = competitors(model, page);
    if grid.is_empty() { notes } else { format!("{grid}{notes}") }
}

/// A note for each pool that clients of several companies use up together: what one of them gets another loses.
fn competitors(model: &ReportModel<'_>, page: Page) -> String {
    let mut pools: BTreeMap<&str, (BTreeSet<&str>, bool)> = BTreeMap::new();
    for application in &model.document.applications {
        let is_expense = |account: &str| account.parse().is_ok_and(|id| model.expense(&id).is_some());
        for draw in application.draws.iter().filter(|d| d.holder.is_none() && !is_expense(&d.account)) {
            let (companies, used_up) = pools.entry(&draw.account).or_default();
            companies.insert(application.company.as_str());
            *used_up |= draw.amount >= draw.room;
        }
    }
    let contested = pools.into_iter().filter(|(_, (companies, used_up))| *used_up && companies.len() > 1);
    let note = |(pool, (companies, _)): (&str, (BTreeSet<&str>, bool))| {
        let companies: Vec<&str> = companies.into_iter().collect();
        let sentence = page.language.fill("One client's gain is another's loss: '{}' is used up by", &pool);
        format!("\n{sentence} {}\n", companies.join(", "))
    };
    contested.map(note).collect()
}
