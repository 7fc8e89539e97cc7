//! The portfolio as the program has understood it, so that a person can see whether that is what they meant.

use std::fmt::Write as _;

use super::grid::{Grid, Kind};
use super::numbers::{euro, money};
use crate::money::Money;
use crate::portfolio::Portfolio;

/// Settings, companies and projects.
pub fn understood(portfolio: &Portfolio, width: u16) -> String {
    let settings = &portfolio.settings;
    let mut text = String::new();
    let total: Money = portfolio.expenses.iter().map(|e| e.net_amount).sum();
    let _ = writeln!(text, "  planned on    {}", settings.as_of);
    let _ = writeln!(text, "  maximised     {}", settings.objective.name());
    let _ = writeln!(text, "  expenses      {}, {} net of VAT", portfolio.expenses.len(), euro(total));
    if settings.assume_open {
        let _ = writeln!(text, "  hypothesis    every measure that is not open opens on the day of planning");
    }
    for (measure, of_measure) in &settings.measures {
        let facts = [
            of_measure.excluded.then(|| "left out".to_owned()),
            of_measure.reissue.map(|day| format!("opens again on {day} (a hypothesis)")),
            of_measure.filed_on.map(|day| format!("filed on {day}")),
            of_measure.granted_on.map(|day| format!("granted on {day}")),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        let _ = writeln!(text, "  assumed       {measure}: {}", facts.join(", "));
    }
    let _ = write!(text, "\n{}\n{}", companies(portfolio, width), projects(portfolio, width));
    text
}

fn companies(portfolio: &Portfolio, width: u16) -> String {
    let columns = [
        ("company", Kind::Whole),
        ("name", Kind::Words),
        ("size", Kind::Whole),
        ("region", Kind::Words),
        ("ateco", Kind::Whole),
    ];
    let mut grid = Grid::new(width, &columns);
    let or_unknown = |text: Option<&str>| text.unwrap_or("not known").to_owned();
    for company in &portfolio.companies {
        grid.row([
            company.id.to_string(),
            company.name.clone(),
            or_unknown(company.size.map(crate::portfolio::Size::name)),
            or_unknown(company.region.as_deref()),
            or_unknown(company.ateco.as_deref()),
        ]);
    }
    grid.to_string()
}

fn projects(portfolio: &Portfolio, width: u16) -> String {
    let columns = [
        ("project", Kind::Whole),
        ("name", Kind::Words),
        ("company", Kind::Whole),
        ("lots", Kind::Words),
        ("expenses", Kind::Figure),
        ("net amount", Kind::Figure),
    ];
    let mut grid = Grid::new(width, &columns);
    for project in &portfolio.projects {
        let amounts: Vec<Money> = portfolio.expenses_of(&project.id).map(|e| e.net_amount).collect();
        grid.row([
            project.id.to_string(),
            project.name.clone(),
            project.company.to_string(),
            super::grid::listed(&portfolio.lots_of(&project.id)),
            amounts.len().to_string(),
            money(amounts.iter().sum()),
        ]);
    }
    grid.to_string()
}
