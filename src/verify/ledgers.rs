//! Ledgers: who holds them, what counts, what is left (S11).

use chrono::{Days, NaiveDate};

use super::admission;
use super::application::Application;
use super::draws::{Account, Accounts, Draw};
use super::exact;
use super::pieces::Piece;
use crate::ids::CompanyId;
use crate::measure::{Facts, Form, Holder, Ledger, Over, Period, Shape, Truth};
use crate::money::Money;
use crate::portfolio::{Company, PriorAid};

/// The draws on the ledgers of the measure, in file order; per member by company.
pub(super) fn draws<'a>(
    application: &Application<'a>,
    pieces: &[Piece<'a>],
    accounts: &Accounts<'a>,
) -> Vec<Draw<'a>> {
    let Facts { portfolio, company: lead, measure, calendar, .. } = application.case.facts;
    let mut draws = Vec::new();
    let Some(day) = calendar.granted_on else { return draws };
    for ledger in &measure.ledgers {
        let Some(period) = ledger.period(day) else { continue };
        let holders: Vec<&Company> = match ledger.per {
            Holder::Undertaking | Holder::Company => vec![lead],
            Holder::Member => {
                let mut payers: Vec<&CompanyId> = pieces.iter().map(|piece| piece.payer).collect();
                payers.sort();
                payers.dedup();
                payers.into_iter().filter_map(|payer| portfolio.company(payer)).collect()
            }
        };
        for holder in holders {
            let of_holder = |piece: &Piece<'_>| ledger.per != Holder::Member || *piece.payer == holder.id;
            let counts = |index: &usize| {
                let piece = &pieces[*index];
                of_holder(piece)
                    && paid(application, ledger, piece.place)
                    && meant(application, ledger, piece.place)
            };
            let room = Room { application, ledger, period, holder, day };
            let account = room.account();
            let form = |form: Form| ledger.of.iter().any(|index| measure.components[*index].form == form);
            draws.push(Draw {
                rule: &ledger.rule.id,
                room: room.left(accounts.get(&account).map_or(&[], Vec::as_slice)),
                account,
                counted: (0..pieces.len()).filter(counts).collect(),
                grants: form(Form::Grant),
                guarantees: form(Form::Guarantee),
                claim: None,
                refuses: ledger.refuses,
                freed_on: room.freed_on(),
            });
        }
    }
    draws
}

/// Whether a grant component of the ledger is computed on a place at a rate above zero; on every place where the ledger names none.
fn paid(application: &Application<'_>, ledger: &Ledger, place: usize) -> bool {
    let measure = application.case.measure;
    let place = &application.places[place];
    let mut grants =
        ledger.of.iter().filter(|index| measure.components[**index].form == Form::Grant).peekable();
    grants.peek().is_none()
        || grants.any(|index| {
            let component = &measure.components[*index];
            match &component.shape {
                Shape::Rate { .. } => place.factors[*index] > rust_decimal::Decimal::ZERO,
                // A share of other aid falls where that does.
                Shape::Share { .. } => true,
                _ => {
                    component.of.contains(&place.item)
                        && component.when.evaluate(&application.case.facts) != Truth::False
                }
            }
        })
}

/// Whether the condition of the ledger does not shut out a place; of a derived item nothing is known that is of lines.
fn meant(application: &Application<'_>, ledger: &Ledger, place: usize) -> bool {
    let item = &application.case.measure.items[application.places[place].item];
    let facts = application.case.facts.under(item.id.as_str());
    let facts = application.lines.get(place).map_or(facts, |line| facts.about(line.expense));
    ledger.when.evaluate(&facts) != Truth::False
}

/// What is left of a ledger for a holder.
struct Room<'r, 'a> {
    application: &'r Application<'a>,
    ledger: &'a Ledger,
    period: &'a Period,
    holder: &'a Company,
    day: NaiveDate,
}

impl<'a> Room<'_, 'a> {
    fn account(&self) -> Account<'a> {
        let alone = self.ledger.per == Holder::Company;
        let holder = if alone { self.holder.id.as_str() } else { self.holder.undertaking.as_str() };
        Account::Ledger { ledger: &self.ledger.ledger, holder, alone }
    }

    fn counts(&self, granted_on: NaiveDate) -> bool {
        let closed = self.period.over.closed(self.day, self.holder.fiscal_year_end);
        granted_on <= self.day && closed.is_none_or(|closed| granted_on > closed)
    }

    fn prior_aids(&self) -> impl Iterator<Item = &'a PriorAid> {
        self.application.case.facts.portfolio.prior_aids.iter().filter(|aid| {
            aid.undertaking == self.holder.undertaking
                && self.ledger.counts(&aid.regulation)
                && self.counts(aid.granted_on)
        })
    }

    /// The ceiling less aid received before and what earlier applications drew.
    fn left(&self, drawn: &[(NaiveDate, Money)]) -> Money {
        // A ceiling without value has made the application inadmissible.
        let ceiling = admission::value(self.period.at_most.amount(&self.application.case.facts));
        let prior: Money = self.prior_aids().map(|aid| aid.aid).sum();
        let earlier = drawn.iter().filter(|(day, _)| self.counts(*day)).map(|(_, amount)| *amount);
        (exact::floor_cents(ceiling.unwrap_or_default()) - prior - earlier.sum()).max(Money::ZERO)
    }

    fn freed_on(&self) -> Option<NaiveDate> {
        let aids = self.prior_aids().filter(|aid| aid.aid.is_positive());
        aids.filter_map(|aid| leaves(self.period.over, aid.granted_on, self.holder.fiscal_year_end)).min()
    }
}

/// Longest time that is looked ahead, in days: a window is a few years.
const HORIZON: u64 = 40_000;

/// The first day for which a grant no longer counts. As the window only ever moves on, the days for which it does come first.
fn leaves(over: Over, granted_on: NaiveDate, year_end: Option<NaiveDate>) -> Option<NaiveDate> {
    let after = |days: u64| granted_on.checked_add_days(Days::new(days));
    let gone = |days: u64| Some(over.closed(after(days)?, year_end)? >= granted_on);
    let (mut counts, mut left) = (0, HORIZON);
    if !gone(left)? {
        return None;
    }
    while left - counts > 1 {
        let middle = counts + (left - counts) / 2;
        if gone(middle)? { left = middle } else { counts = middle }
    }
    after(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::Span;

    #[test]
    fn aid_leaves_a_window_on_the_first_day_that_does_not_see_it() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let three_years = Over::Rolling(Span { months: 36, days: 0 });
        assert_eq!(leaves(three_years, day("2021-03-01"), None), Some(day("2024-03-01")));
        // Three years before 28 February 2027 is 28 February 2024, so the 29th still counts; on 1 March it does not.
        assert_eq!(leaves(three_years, day("2024-02-29"), None), Some(day("2027-03-01")));
        // Fiscal year 2022/23 counts for grants up to June 2025.
        let years = Over::FiscalYears(3);
        assert_eq!(leaves(years, day("2023-05-10"), Some(day("2020-06-30"))), Some(day("2025-07-01")));
        assert_eq!(leaves(Over::Ever, day("2023-05-10"), None), None);
    }
}
