//! What joins an application to others, for the terminal: what was chosen and lent, what falls on members, what ceilings leave.

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
    if grid.is_empty() { String::new() } else { grid.to_string() }
}
