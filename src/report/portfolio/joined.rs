//! What joins projects and years: members, aid received before, decisions in force.

use chrono::{Days, NaiveDate};

use crate::measure::{Ledger, Measure, Over};
use crate::portfolio::{Portfolio, PriorAid};
use crate::report::Page;
use crate::report::grid::{Grid, Kind};
use crate::report::numbers::money;

/// Who takes part in which project, besides leads without a role.
pub(super) fn members(portfolio: &Portfolio, page: Page) -> String {
    let columns =
        [("project", Kind::Whole), ("member", Kind::Whole), ("size", Kind::Whole), ("role", Kind::Words)];
    let mut grid = Grid::new(page, &columns);
    for member in &portfolio.members {
        let of_company = portfolio.company(&member.company).and_then(|company| company.size);
        let size = member.size.or(of_company).map(|size| page.say(size.name()));
        grid.row([
            member.project.to_string(),
            member.company.to_string(),
            size.unwrap_or(page.say("not known")).to_owned(),
            member.role.clone().unwrap_or_default(),
        ]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// Aid received before, with the day from which a grant no longer counts it.
pub(super) fn prior_aids(portfolio: &Portfolio, measures: &[Measure], page: Page) -> String {
    let columns = [
        ("undertaking", Kind::Whole),
        ("granted", Kind::Whole),
        ("regulation", Kind::Whole),
        ("aid", Kind::Figure),
        ("counts for", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    for aid in &portfolio.prior_aids {
        grid.row([
            aid.undertaking.to_string(),
            aid.granted_on.to_string(),
            aid.regulation.clone(),
            money(aid.aid),
            counted(aid, portfolio, measures, page),
        ]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// The ledgers that count an aid, a line each, with the day from which they do not.
fn counted(aid: &PriorAid, portfolio: &Portfolio, measures: &[Measure], page: Page) -> String {
    let mut ledgers: Vec<&Ledger> = measures.iter().flat_map(|measure| &measure.ledgers).collect();
    ledgers.retain(|ledger| ledger.counts(&aid.regulation));
    ledgers.sort_by(|a, b| a.ledger.cmp(&b.ledger));
    ledgers.dedup_by(|a, b| a.ledger == b.ledger);
    let year_end = portfolio
        .companies
        .iter()
        .filter(|company| company.undertaking == aid.undertaking)
        .find_map(|company| company.fiscal_year_end);
    let today = portfolio.settings.as_of;
    let lines = ledgers.into_iter().map(|ledger| {
        let over = ledger.period(today).map_or(Over::Ever, |period| period.over);
        let until = match falls_out(over, aid.granted_on, year_end) {
            None => page.say("always").to_owned(),
            Some(day) if day <= today => page.fill("no longer since {}", &day),
            Some(day) => page.fill("until {}", &day),
        };
        format!("{}: {until}", ledger.ledger)
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { page.say("no measure here").to_owned() } else { lines.join("\n") }
}

/// The first day whose grants no longer count an aid granted on `granted`; none where that never comes.
fn falls_out(over: Over, granted: NaiveDate, year_end: Option<NaiveDate>) -> Option<NaiveDate> {
    // Windows move forward with the day, so the first day out can be found by halving.
    const LONGEST: u64 = 100 * 366;
    let out = |days: u64| {
        let day = granted.checked_add_days(Days::new(days));
        day.and_then(|day| over.closed(day, year_end)).is_some_and(|closed| closed >= granted)
    };
    if !out(LONGEST) {
        return None;
    }
    let (mut inside, mut outside) = (0, LONGEST);
    while outside - inside > 1 {
        let middle = u64::midpoint(inside, outside);
        if out(middle) { outside = middle } else { inside = middle }
    }
    granted.checked_add_days(Days::new(outside))
}

/// What is decided already.
pub(super) fn decisions(portfolio: &Portfolio, page: Page) -> String {
    let columns = [
        ("decision", Kind::Whole),
        ("project", Kind::Whole),
        ("measure", Kind::Whole),
        ("expense", Kind::Whole),
        ("item", Kind::Whole),
        ("choice", Kind::Words),
        ("filed", Kind::Whole),
    ];
    let mut grid = Grid::new(page, &columns);
    for decision in &portfolio.decisions {
        let choice = decision.choice.as_ref().map(|(choice, option)| format!("{choice} = {option}"));
        grid.row([
            page.say(decision.what.name()).to_owned(),
            decision.project.to_string(),
            decision.measure.to_string(),
            decision.expense.as_ref().map(ToString::to_string).unwrap_or_default(),
            decision.cost_item.as_ref().map(ToString::to_string).unwrap_or_default(),
            choice.unwrap_or_default(),
            decision.filed_on.map(|day| day.to_string()).unwrap_or_default(),
        ]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::Span;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn aid_falls_out_of_three_years_on_the_same_day_three_years_later() {
        let over = Over::Rolling(Span { months: 36, days: 0 });
        // A grant on 2 May 2027 looks at (2 May 2024, 2 May 2027].
        assert_eq!(falls_out(over, day("2024-05-02"), None), Some(day("2027-05-02")));
        assert_eq!(falls_out(Over::Ever, day("2024-05-02"), None), None);
    }

    #[test]
    fn aid_falls_out_with_the_third_fiscal_year_after_its_own() {
        // Granted in 2021: counted in 2021, 2022 and 2023.
        assert_eq!(falls_out(Over::FiscalYears(3), day("2021-05-02"), None), Some(day("2024-01-01")));
        // Years that end in June: granted in 2020/21, counted to 30 June 2023.
        let june = Some(day("2025-06-30"));
        assert_eq!(falls_out(Over::FiscalYears(3), day("2021-05-02"), june), Some(day("2023-07-01")));
    }
}
