//! Later grants: ledgers that hold the plan down, and the days on which aid received before leaves them (S11).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::{Alternative, Base, Outcome, compare};
use crate::assess::assess;
use crate::dates::Span;
use crate::eligibility::{Account, Application, Draw, Eligibility, eligibility};
use crate::engine::{RunError, RunSettings};
use crate::ids::MeasureId;
use crate::measure::Measure;
use crate::portfolio::{Portfolio, Settings};

/// How far ahead days are looked for, from the day of planning.
const AHEAD: Span = Span { months: 36, days: 0 };

/// A day on which a ledger has more room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Freed {
    /// The ledger.
    pub account: String,
    /// Whose it is.
    pub holder: String,
    /// The day.
    pub granted_on: NaiveDate,
    /// The measures whose grants move to that day; those that grant later anyway stay.
    pub measures: Vec<MeasureId>,
}

/// Grants moved to such a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LaterGrant {
    /// The ledger and the day.
    #[serde(flatten)]
    pub freed: Freed,
    /// What would become of the plan.
    pub outcome: Outcome,
}

/// Plans again with grants on every day, of the next 36 months, on which a ledger that binds in the plan, or leaves nothing to an application
/// that is not made, has more room.
///
/// # Errors
/// See [`compare`].
pub fn later(base: Base<'_>, settings: &RunSettings) -> Result<Vec<LaterGrant>, RunError> {
    let found = eligibility(base.portfolio, base.measures).map_err(RunError::Input)?;
    let mut alternatives = Vec::new();
    for account in accounts(&base, &found) {
        alternatives.extend(days(&account, base.portfolio, base.measures, &found)?);
    }
    let planned = compare(base, alternatives, settings)?;
    Ok(planned.into_iter().map(|(freed, outcome)| LaterGrant { freed, outcome }).collect())
}

/// The ledgers that stand in the way and will have more room.
fn accounts(base: &Base<'_>, found: &Eligibility) -> BTreeSet<Account> {
    let made = &base.document.applications;
    let noted = |application: &Application, draw: &Draw| {
        let of = made.iter().filter(|a| a.project == application.project && a.measure == application.measure);
        of.flat_map(|made| &made.draws).any(|note| {
            let named = note.rule == draw.rule.id && note.account == draw.account.name();
            named && note.holder.as_deref() == draw.account.holder() && note.freed_on.is_some()
        })
    };
    let binding = found
        .applications
        .iter()
        .flat_map(|application| application.draws.iter().filter(move |draw| noted(application, draw)));
    let left_out = found.applications.iter().filter(|application| {
        !made.iter().any(|other| other.project == application.project && other.measure == application.measure)
    });
    let blocked = left_out.flat_map(|application| {
        application.draws.iter().filter(move |draw| draw.freed_on.is_some() && blocks(draw, application))
    });
    binding.chain(blocked).map(|draw| draw.account.clone()).collect()
}

/// Whether what is left on an account grants the application nothing, even alone.
fn blocks(draw: &Draw, application: &Application) -> bool {
    let whole = || assess(application, &application.full_claims()).grant;
    !draw.room.is_positive() || (!draw.in_part && draw.room < whole())
}

/// One alternative for each day on which the account has more room.
fn days(
    account: &Account,
    portfolio: &Portfolio,
    measures: &[Measure],
    found: &Eligibility,
) -> Result<Vec<Alternative<Freed>>, RunError> {
    let Account::Ledger { ledger, holder, .. } = account else { return Ok(Vec::new()) };
    let mut alternatives = Vec::new();
    // The last day on which a measure that draws on the account grants, as it is.
    let mut granted: BTreeMap<&MeasureId, NaiveDate> = BTreeMap::new();
    for application in found.applications.iter().filter(|a| draws_on(a, account).is_some()) {
        let day = granted.entry(&application.measure).or_insert(application.granted_on);
        *day = application.granted_on.max(*day);
    }
    let end = AHEAD.after(portfolio.settings.as_of);
    let mut last = NaiveDate::MIN;
    let mut moved = portfolio.clone();
    let mut now = found.clone();
    loop {
        let next = now.applications.iter().filter_map(|a| draws_on(a, account)?.freed_on);
        let Some(day) = next.filter(|day| *day > last && *day <= end).min() else { break };
        last = day;
        moved.settings = granted_on(&portfolio.settings, &granted, day);
        alternatives.push(Alternative {
            label: Freed {
                account: ledger.clone(),
                holder: holder.clone(),
                granted_on: day,
                measures: granted
                    .iter()
                    .filter(|(_, now)| **now < day)
                    .map(|(id, _)| (*id).clone())
                    .collect(),
            },
            settings: Some(moved.settings.clone()),
            measures: Vec::new(),
        });
        now = eligibility(&moved, measures).map_err(RunError::Input)?;
    }
    Ok(alternatives)
}

fn draws_on<'a>(application: &'a Application, account: &Account) -> Option<&'a Draw> {
    application.draws.iter().find(|draw| draw.account == *account)
}

/// The settings with the grants of these measures on a day, never before their own.
fn granted_on(settings: &Settings, granted: &BTreeMap<&MeasureId, NaiveDate>, day: NaiveDate) -> Settings {
    let mut settings = settings.clone();
    for (measure, _) in granted.iter().filter(|(_, now)| **now < day) {
        settings.measures.entry((*measure).clone()).or_default().granted_on = Some(day);
    }
    settings
}
