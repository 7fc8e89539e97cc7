//! The portfolio as the program has understood it, so that a person can see whether that is what they meant.

use std::fmt::Write as _;

use super::Page;
use super::grid::{Grid, Kind, listed};
use super::numbers::{euro, money, number, share};
use crate::money::Money;
use crate::portfolio::{CATEGORIES, Company, Expense, Portfolio, Size, State};

/// Settings, companies, projects, and what the expenses add up to.
pub fn understood(portfolio: &Portfolio, page: Page) -> String {
    let mut text = settings(portfolio, page);
    let states = State::NAMES.map(|(name, state)| (page.say(name), state));
    let categories = CATEGORIES.iter().map(|category| (page.category(category.id), category.id));
    let parts = [
        companies(portfolio, page),
        projects(portfolio, page),
        totals("category", categories, |expense| expense.category.as_str(), portfolio, page),
        totals("state", states, |expense| expense.state, portfolio, page),
    ];
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let _ = write!(text, "\n{part}");
    }
    text
}

fn settings(portfolio: &Portfolio, page: Page) -> String {
    let settings = &portfolio.settings;
    let mut text = String::new();
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(text, "  {:<18}{value}", page.say(name));
    };
    let total: Money = portfolio.expenses.iter().map(|e| e.net_amount).sum();
    fact("planned on", &settings.as_of.to_string());
    fact("maximised", super::table::objective(settings.objective.name(), page));
    let sum = page.fill("{} net of VAT", &euro(total));
    fact("expenses", &format!("{}, {sum}", portfolio.expenses.len()));
    if settings.assume_open {
        fact("hypothesis", page.say("every measure that is not open opens on the day of planning"));
    }
    for (measure, of_measure) in &settings.measures {
        let facts = [
            of_measure.excluded.then(|| page.say("left out").to_owned()),
            of_measure.reissue.map(|day| page.fill("opens again on {} (a hypothesis)", &day)),
            of_measure.filed_on.map(|day| page.fill("filed on {}", &day)),
            of_measure.granted_on.map(|day| page.fill("granted on {}", &day)),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        fact("assumed", &format!("{measure}: {}", facts.join(", ")));
    }
    text
}

fn companies(portfolio: &Portfolio, page: Page) -> String {
    let columns = [
        ("company", Kind::Whole),
        ("name", Kind::Words),
        ("size", Kind::Whole),
        ("why this size", Kind::Words),
        ("region", Kind::Words),
        ("ateco", Kind::Whole),
    ];
    let mut grid = Grid::new(page, &columns);
    let or_unknown = |text: Option<&str>| text.unwrap_or(page.say("not known")).to_owned();
    for company in &portfolio.companies {
        grid.row([
            company.id.to_string(),
            company.name.clone(),
            or_unknown(company.size.map(|size| page.say(size.name()))),
            why_this_size(company, page),
            or_unknown(company.region.as_deref()),
            or_unknown(company.ateco.as_deref()),
        ]);
    }
    grid.to_string()
}

/// The figures that give the size; where they do not, that it is given, and what they would give.
fn why_this_size(company: &Company, page: Page) -> String {
    let derived =
        company.headcount.and_then(|people| Size::derive(people, company.turnover, company.balance_sheet));
    match (company.size, derived) {
        (None, _) => page.say("give the size, or headcount with turnover or balance sheet").to_owned(),
        (Some(_), None) => page.say("as given").to_owned(),
        (Some(size), Some(derived)) if size == derived => {
            let figures = [
                company.headcount.map(|people| page.fill("{} people", &number(people))),
                company.turnover.map(|amount| page.fill("turnover {}", &euro(amount))),
                company.balance_sheet.map(|amount| page.fill("balance sheet {}", &euro(amount))),
            ];
            figures.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        (Some(_), Some(derived)) => page.fill("as given; its own figures give {}", &page.say(derived.name())),
    }
}

fn projects(portfolio: &Portfolio, page: Page) -> String {
    let columns = [
        ("project", Kind::Whole),
        ("name", Kind::Words),
        ("company", Kind::Whole),
        ("lots", Kind::Words),
        ("expenses", Kind::Figure),
        ("net amount", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    for project in &portfolio.projects {
        let amounts: Vec<Money> = portfolio.expenses_of(&project.id).map(|e| e.net_amount).collect();
        grid.row([
            project.id.to_string(),
            project.name.clone(),
            project.company.to_string(),
            listed(&portfolio.lots_of(&project.id)),
            amounts.len().to_string(),
            money(amounts.iter().sum()),
        ]);
    }
    grid.to_string()
}

/// Number and amount of the expenses of each kind that occurs, in the order of the kinds.
fn totals<'a, K: PartialEq>(
    heading: &str,
    kinds: impl IntoIterator<Item = (&'a str, K)>,
    kind: impl Fn(&'a Expense) -> K,
    portfolio: &'a Portfolio,
    page: Page,
) -> String {
    let columns = [
        (heading, Kind::Words),
        ("expenses", Kind::Figure),
        ("net amount", Kind::Figure),
        ("part", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    let whole: Money = portfolio.expenses.iter().map(|e| e.net_amount).sum();
    for (name, wanted) in kinds {
        let amounts: Vec<Money> =
            portfolio.expenses.iter().filter(|e| kind(e) == wanted).map(|e| e.net_amount).collect();
        if !amounts.is_empty() {
            let sum = amounts.iter().sum();
            grid.row([
                name.to_owned(),
                amounts.len().to_string(),
                money(sum),
                share(sum, whole).unwrap_or_default(),
            ]);
        }
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}
