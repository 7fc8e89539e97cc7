//! What else could be: plans under other readings, on later days, after a delay, each held against the plan at hand.

use std::fmt::Write as _;

use serde::Serialize;

use super::csv::{Column, column, written};
use super::grid::{Grid, Kind};
use super::json::pretty;
use super::numbers::money;
use super::{Page, ReportModel};
use crate::allocation::Document;
use crate::engine::alternatives::{
    Change, Comparison, Delay, DoubtReading, LaterGrant, MeasureDelay, Outcome,
};
use crate::ids::MeasureId;
use crate::money::Money;

/// What was asked for beside the plan.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WhatIf {
    /// Every reading of every doubt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubts: Option<Vec<DoubtReading>>,
    /// Days on which ledgers have more room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<Vec<LaterGrant>>,
    /// Everything later by a span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,
}

impl WhatIf {
    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.doubts.is_none() && self.later.is_none() && self.delay.is_none()
    }
}

/// The result document and what else could be, as one JSON object.
pub fn json(document: &Document, what_if: &WhatIf) -> String {
    #[derive(Serialize)]
    struct Both<'a> {
        result: &'a Document,
        #[serde(flatten)]
        what_if: &'a WhatIf,
    }
    pretty(&Both { result: document, what_if })
}

/// Tables to read, under the result.
pub fn table(model: &ReportModel<'_>, what_if: &WhatIf, width: u16) -> String {
    let page = Page { width, language: model.language };
    let mut text = String::new();
    if let Some(rows) = &what_if.doubts {
        let body = if rows.is_empty() { nothing(page) } else { doubts(model, rows, page) };
        text.push_str(&page.section("What other readings would change", &body));
    }
    if let Some(rows) = &what_if.later {
        let body = if rows.is_empty() { nothing(page) } else { later(rows, page) };
        text.push_str(&page.section("What later grants would bring", &body));
    }
    if let Some(delay) = &what_if.delay {
        let _ = write!(
            text,
            "\n{}\n\n{}",
            page.fill("What a delay of {} would cost", &delay.by),
            delayed(delay, page)
        );
    }
    text
}

fn nothing(page: Page) -> String {
    format!("  {}\n", page.say("nothing"))
}

fn doubts(model: &ReportModel<'_>, rows: &[DoubtReading], page: Page) -> String {
    let columns = [
        ("measure", Kind::Whole),
        ("rule", Kind::Words),
        ("reading", Kind::Words),
        ("grant then", Kind::Figure),
        ("difference", Kind::Figure),
        ("what changes", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    for row in rows {
        let rule = row.rule.as_ref().map_or_else(
            || page.say("the measure as a whole").to_owned(),
            |rule| model.rule_name(&row.measure, rule),
        );
        let [grant, difference, changes] = told(row.outcome.as_ref(), page);
        grid.row([row.measure.to_string(), rule, reading(row), grant, difference, changes]);
    }
    grid.to_string()
}

fn reading(row: &DoubtReading) -> String {
    match &row.key {
        _ if row.readings.is_empty() => row.why.clone(),
        Some(key) => format!("{key} = {}", row.readings.join("; ")),
        None => row.readings.join("; "),
    }
}

fn later(rows: &[LaterGrant], page: Page) -> String {
    let columns = [
        ("ledger", Kind::Whole),
        ("whose", Kind::Whole),
        ("granted", Kind::Whole),
        ("measures", Kind::Words),
        ("grant then", Kind::Figure),
        ("difference", Kind::Figure),
        ("what changes", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    for LaterGrant { freed, outcome } in rows {
        let measures: Vec<&str> = freed.measures.iter().map(MeasureId::as_str).collect();
        let [grant, difference, changes] = told(Some(outcome), page);
        grid.row([
            freed.account.clone(),
            freed.holder.clone(),
            freed.granted_on.to_string(),
            measures.join(", "),
            grant,
            difference,
            changes,
        ]);
    }
    grid.to_string()
}

fn delayed(delay: &Delay, page: Page) -> String {
    let plan = match &delay.outcome {
        Outcome::Planned(plan) => plan,
        Outcome::Impossible(why) => return format!("  {why}\n"),
    };
    let columns = [
        ("measure", Kind::Whole),
        ("grant", Kind::Figure),
        ("grant then", Kind::Figure),
        ("difference", Kind::Figure),
        ("what changes", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    for row in &delay.measures {
        let of_measure = plan.changes.iter().filter(|change| change.measure == row.measure);
        let mut words: Vec<String> = of_measure.map(|change| changed(change, false, page)).collect();
        if row.closed {
            words.insert(0, page.say("no longer open").to_owned());
        }
        grid.row([
            row.measure.to_string(),
            money(row.before),
            money(row.after),
            signed(row.difference),
            words.join("\n"),
        ]);
    }
    let before = plan.grant - plan.difference;
    let total = [page.say("total").to_owned(), money(before), money(plan.grant), signed(plan.difference)];
    grid.row(total.into_iter().chain([unproven(plan.gap, page).unwrap_or_default()]));
    grid.to_string()
}

/// The grant, the difference and what changes, in words.
fn told(outcome: Option<&Outcome>, page: Page) -> [String; 3] {
    match outcome {
        None => ["-".to_owned(), "-".to_owned(), page.say("not computed").to_owned()],
        Some(Outcome::Impossible(why)) => ["-".to_owned(), "-".to_owned(), why.clone()],
        Some(Outcome::Planned(plan)) => {
            let mut words: Vec<String> = plan.changes.iter().map(|c| changed(c, true, page)).collect();
            words.extend(unproven(plan.gap, page));
            [money(plan.grant), signed(plan.difference), words.join("\n")]
        }
    }
}

fn changed(change: &Change, with_measure: bool, page: Page) -> String {
    let what = match (change.before, change.after) {
        (Some(before), Some(after)) => format!("{} -> {}", whole(&money(before)), whole(&money(after))),
        (_, Some(after)) => page.fill("new, {}", &whole(&money(after))),
        (Some(before), None) => page.fill("no more, {}", &whole(&signed(-before))),
        (None, None) => String::new(),
    };
    let measure = if with_measure { format!(" / {}", change.measure) } else { String::new() };
    format!("{}{measure}: {what}", change.project)
}

/// An amount among words, not to be broken where its digits stand in groups.
fn whole(amount: &str) -> String {
    amount.replace(' ', "\u{a0}")
}

/// A plan that is not proven may be short of the best.
fn unproven(gap: Option<Money>, page: Page) -> Option<String> {
    match gap {
        Some(gap) if gap.is_zero() => None,
        Some(gap) => Some(page.fill("not proven: up to {} more", &money(gap))),
        None => Some(page.say("not proven").to_owned()),
    }
}

fn signed(amount: Money) -> String {
    if amount.is_positive() { format!("+{}", money(amount)) } else { money(amount) }
}

/// Columns of `doubts.csv`: one row a reading; of a doubt that cannot be computed one row, without figures.
pub const DOUBTS: &[Column<DoubtReading>] = &[
    column("measure", "measure id", |_, row| row.measure.to_string()),
    column("rule", "rule id; empty for a doubt about the measure as a whole", |_, row| {
        row.rule.as_ref().map(ToString::to_string).unwrap_or_default()
    }),
    column("key", "key of the rule that is read otherwise", |_, row| row.key.clone().unwrap_or_default()),
    column("reading", "how it is read", |_, row| row.readings.join("|")),
    column("why", "why one may doubt", |_, row| row.why.clone()),
    column("grant", "total grant then", |_, row| figure(row.outcome.as_ref(), |plan| plan.grant)),
    column("difference", "what it is more than in the plan", |_, row| {
        figure(row.outcome.as_ref(), |plan| plan.difference)
    }),
    column("changes", "applications that differ, as `project / measure: grant -> grant`", |_, row| {
        changes(row.outcome.as_ref())
    }),
];

/// Columns of `later.csv`: one row a ledger and a day on which it has more room.
pub const LATER: &[Column<LaterGrant>] = &[
    column("ledger", "ledger", |_, row| row.freed.account.clone()),
    column("holder", "undertaking or company id", |_, row| row.freed.holder.clone()),
    column("granted_on", "day to which grants are moved", |_, row| row.freed.granted_on.to_string()),
    column("measures", "measures whose grants are moved", |_, row| {
        row.freed.measures.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
    }),
    column("grant", "total grant then", |_, row| figure(Some(&row.outcome), |plan| plan.grant)),
    column("difference", "what it is more than in the plan", |_, row| {
        figure(Some(&row.outcome), |plan| plan.difference)
    }),
    column("changes", "applications that differ, as `project / measure: grant -> grant`", |_, row| {
        changes(Some(&row.outcome))
    }),
];

/// Columns of `delay.csv`: one row a measure that is applied to, with or without the delay.
pub const DELAY: &[Column<MeasureDelay>] = &[
    column("measure", "measure id", |_, row| row.measure.to_string()),
    column("before", "what it grants in the plan", |_, row| row.before.to_string()),
    column("after", "what it would grant", |_, row| row.after.to_string()),
    column("difference", "what it would grant more", |_, row| row.difference.to_string()),
    column("closed", "`yes` if it would be open no longer", |_, row| {
        if row.closed { "yes" } else { "no" }.to_owned()
    }),
];

fn figure(outcome: Option<&Outcome>, of: fn(&Comparison) -> Money) -> String {
    match outcome {
        Some(Outcome::Planned(plan)) => of(plan).to_string(),
        _ => String::new(),
    }
}

/// Applications that differ; why there is no plan where there is none.
fn changes(outcome: Option<&Outcome>) -> String {
    let amount = |grant: Option<Money>| grant.map_or_else(|| "-".to_owned(), |grant| grant.to_string());
    match outcome {
        None => "not computed".to_owned(),
        Some(Outcome::Impossible(why)) => why.clone(),
        Some(Outcome::Planned(plan)) => {
            let told = plan.changes.iter().map(|change| {
                let (before, after) = (amount(change.before), amount(change.after));
                format!("{} / {}: {before} -> {after}", change.project, change.measure)
            });
            told.collect::<Vec<_>>().join("|")
        }
    }
}

/// The files of what was asked for.
pub fn files(model: &ReportModel<'_>, what_if: &WhatIf) -> Vec<super::files::Rendered> {
    let mut files = Vec::new();
    files.extend(what_if.doubts.as_ref().map(|rows| ("doubts.csv", written(model, DOUBTS, rows))));
    files.extend(what_if.later.as_ref().map(|rows| ("later.csv", written(model, LATER, rows))));
    files.extend(what_if.delay.as_ref().map(|delay| ("delay.csv", written(model, DELAY, &delay.measures))));
    files
}
