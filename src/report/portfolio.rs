//! The portfolio as the program has understood it, so that a person can see whether that is what they meant.

mod joined;

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::Page;
use super::grid::{Grid, Kind, listed};
use super::numbers::{euro, money, number, share};
use crate::ids::LotId;
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::{CATEGORIES, Company, Expense, Portfolio, Size, State};

/// Settings, companies, projects, what the expenses add up to, members, aid received before and what is decided. The measures tell until when
/// earlier aid counts.
pub fn understood(portfolio: &Portfolio, measures: &[Measure], page: Page) -> String {
    let mut text = settings(portfolio, page);
    let states = State::NAMES.map(|(name, state)| (page.say(name), state));
    let categories = CATEGORIES.iter().map(|category| (page.category(category.id), category.id));
    let parts = [
        companies(portfolio, page),
        projects(portfolio, page),
        totals("category", categories, |expense| expense.category.as_str(), portfolio, page),
        totals("state", states, |expense| expense.state, portfolio, page),
        joined::members(portfolio, page),
        joined::prior_aids(portfolio, measures, page),
        joined::decisions(portfolio, page),
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
            of_measure.waiting_list.then(|| page.say("counts on the waiting list (a hypothesis)").to_owned()),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        fact("assumed", &format!("{measure}: {}", facts.join(", ")));
    }
    for (pool, available) in &settings.pools {
        fact("assumed", &format!("{pool}: {}", page.fill("{} available", &euro(*available))));
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
            why_this_size(company, portfolio, page),
            or_unknown(company.region.as_deref()),
            or_unknown(company.ateco.as_deref()),
        ]);
    }
    grid.to_string()
}

/// The figures that give the size, of all linked companies together; where they do not, that it is given, and what they would give.
fn why_this_size(company: &Company, portfolio: &Portfolio, page: Page) -> String {
    let together: Vec<&Company> =
        portfolio.companies.iter().filter(|other| other.undertaking == company.undertaking).collect();
    let headcount: Option<Decimal> = together.iter().map(|c| c.headcount).sum();
    let turnover: Option<Money> = sum(together.iter().map(|c| c.turnover));
    let balance_sheet: Option<Money> = sum(together.iter().map(|c| c.balance_sheet));
    let derived = headcount.and_then(|people| Size::derive(people, turnover, balance_sheet));
    match (company.size, derived) {
        (None, _) => page.say("give the size, or headcount with turnover or balance sheet").to_owned(),
        (Some(_), None) => page.say("as given").to_owned(),
        (Some(size), Some(derived)) if size == derived => {
            let linked: Vec<&str> =
                together.iter().map(|c| c.id.as_str()).filter(|id| *id != company.id.as_str()).collect();
            let figures = [
                headcount.map(|people| page.fill("{} people", &number(people))),
                turnover.map(|amount| page.fill("turnover {}", &euro(amount))),
                balance_sheet.map(|amount| page.fill("balance sheet {}", &euro(amount))),
                (!linked.is_empty()).then(|| page.fill("together with {}", &listed(&linked))),
            ];
            // A line each: a figure that is cut in two cannot be read.
            figures.into_iter().flatten().collect::<Vec<_>>().join("\n")
        }
        (Some(_), Some(derived)) => page.fill("as given; the figures give {}", &page.say(derived.name())),
    }
}

/// The sum, where every part is known.
fn sum(parts: impl Iterator<Item = Option<Money>>) -> Option<Money> {
    parts.collect::<Option<Vec<Money>>>().map(|parts| parts.iter().sum())
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
    let mut expenses = portfolio.expenses_by_project();
    for project in &portfolio.projects {
        let expenses = expenses.remove(&project.id).unwrap_or_default();
        let amounts: Vec<Money> = expenses.iter().map(|e| e.net_amount).collect();
        let mut lots: Vec<&LotId> = expenses.iter().filter_map(|e| e.lot.as_ref()).collect();
        lots.sort();
        lots.dedup();
        grid.row([
            project.id.to_string(),
            project.name.clone(),
            project.company.to_string(),
            listed(&lots),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn company(id: &str, people: i64, millions: i64, size: Option<Size>) -> Company {
        Company {
            undertaking: "group".parse().unwrap(),
            headcount: Some(Decimal::from(people)),
            turnover: Some(Money::from_cents(millions * 100_000_000)),
            size,
            ..Company::new(id.parse().unwrap())
        }
    }

    #[test]
    fn a_size_is_explained_by_the_figures_of_all_linked_companies() {
        // 40 + 30 people and 8 + 5 M: not under 50, so medium.
        let companies = vec![company("a", 40, 8, Some(Size::Medium)), company("b", 30, 5, Some(Size::Small))];
        let portfolio = Portfolio { companies, ..Portfolio::default() };
        let why = |at: usize| why_this_size(&portfolio.companies[at], &portfolio, Page::default());
        assert_eq!(why(0), "70 people\nturnover EUR 13 000 000.00\ntogether with b");
        assert_eq!(why(1), "as given; the figures give medium");
    }

    #[test]
    fn a_size_without_figures_is_as_given_and_a_missing_one_says_what_to_give() {
        let plain = Company { size: Some(Size::Small), ..Company::new("a".parse().unwrap()) };
        let portfolio = Portfolio { companies: vec![plain.clone()], ..Portfolio::default() };
        assert_eq!(why_this_size(&plain, &portfolio, Page::default()), "as given");
        let unknown = Company { size: None, ..plain };
        assert!(why_this_size(&unknown, &portfolio, Page::default()).starts_with("give the size"));
    }
}
