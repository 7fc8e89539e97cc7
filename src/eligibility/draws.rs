//! What an application draws on: ledgers with what aid received before has left of them, and pools (S11, S15).

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::application::{Account, Component, Counted, Draw, Line, Payout};
use super::known::known;
use crate::allocation::Reason;
use crate::ids::{CompanyId, UndertakingId};
use crate::measure::{Condition, Facts, Form, Holder, Ledger, Measure, Over, Pool, PoolScope, Truth};
use crate::money::Money;
use crate::portfolio::{Expense, PriorAid};
use crate::rounding::Rounding;

/// The lines and components that draws are about.
pub(super) struct Resolved<'a> {
    /// The measure.
    pub(super) measure: &'a Measure,
    /// The context of the application.
    pub(super) facts: Facts<'a>,
    /// Its lines.
    pub(super) lines: &'a [Line],
    /// The expense of each.
    pub(super) expenses: &'a [&'a Expense],
    /// The components, resolved.
    pub(super) components: &'a [Component],
    /// The items of the derived ones among its entries.
    pub(super) derived: Vec<&'a str>,
    /// Lines and derived items.
    pub(super) entries: usize,
}

impl Resolved<'_> {
    /// The draws on ledgers.
    ///
    /// # Errors
    /// A ceiling that cannot be computed.
    pub(super) fn ledgers(&self) -> Result<Vec<Draw>, Reason> {
        let mut draws = Vec::new();
        for ledger in &self.measure.ledgers {
            draws.extend(self.ledger(ledger)?);
        }
        Ok(draws)
    }

    fn ledger(&self, ledger: &Ledger) -> Result<Vec<Draw>, Reason> {
        let facts = &self.facts;
        // An open measure has a day for its grants.
        let day = facts.calendar.granted_on.unwrap_or(facts.calendar.as_of);
        let Some(period) = ledger.period(day) else { return Ok(Vec::new()) };
        let Some(entries) = self.counted(ledger) else { return Ok(Vec::new()) };
        let ceiling = known(&self.measure.id, &ledger.rule, period.at_most.amount(facts))?;
        let ceiling = Rounding::Down.cents(ceiling);
        let any = |form: Form| ledger.of.iter().any(|c| self.components[*c].form == form);
        let draw = |company: &CompanyId, undertaking: &UndertakingId, payer: Option<CompanyId>| {
            let year_end = facts.portfolio.company(company).and_then(|c| c.fiscal_year_end);
            let prior = Prior::of(
                facts.portfolio.prior_aids.iter(),
                ledger,
                undertaking,
                (day, period.over, year_end),
            );
            let holder = match ledger.per {
                Holder::Company => company.to_string(),
                Holder::Undertaking | Holder::Member => undertaking.to_string(),
            };
            Draw {
                rule: ledger.rule.clone(),
                account: Account::Ledger {
                    ledger: ledger.ledger.clone(),
                    holder,
                    alone: ledger.per == Holder::Company,
                },
                room: (ceiling - prior.total).max(Money::ZERO),
                by_claims: Vec::new(),
                closed: period.over.closed(day, year_end),
                freed_on: prior.freed_on,
                in_part: !ledger.refuses,
                counts: Counted {
                    entries: entries.clone(),
                    payer,
                    grant: any(Form::Grant),
                    guarantees: any(Form::Guarantee),
                    claims: false,
                },
            }
        };
        let lead = facts.company;
        Ok(match ledger.per {
            Holder::Undertaking | Holder::Company => vec![draw(&lead.id, &lead.undertaking, None)],
            Holder::Member => {
                let mut payers: Vec<&CompanyId> = self.lines.iter().map(|line| &line.payer).collect();
                payers.sort();
                payers.dedup();
                let known = payers.into_iter().filter_map(|payer| facts.portfolio.company(payer));
                known.map(|payer| draw(&payer.id, &payer.undertaking, Some(payer.id.clone()))).collect()
            }
        })
    }

    /// The entries a ledger counts; none where its condition says it does not apply at all.
    fn counted(&self, ledger: &Ledger) -> Option<Vec<usize>> {
        let lines = asks_about_lines(&ledger.when);
        if !lines && ledger.when.evaluate(&self.facts) == Truth::False {
            return None;
        }
        let grants: Vec<&Component> =
            ledger.of.iter().map(|c| &self.components[*c]).filter(|c| c.form == Form::Grant).collect();
        let paid = |entry: &usize| grants.is_empty() || grants.iter().any(|c| pays(c, *entry));
        let holds = |entry: &usize| match self.lines.get(*entry) {
            Some(line) if lines => {
                let facts = self.facts.about(self.expenses[*entry]).under(line.item.as_str());
                ledger.when.evaluate(&facts) != Truth::False
            }
            _ if !lines => true,
            _ => {
                let item = self.derived[*entry - self.lines.len()];
                ledger.when.evaluate(&self.facts.under(item)) != Truth::False
            }
        };
        Some((0..self.entries).filter(paid).filter(holds).collect())
    }

    /// The draws on pools; `under` gives the entries of a set of items.
    pub(super) fn pools(&self, under: &dyn Fn(&[usize]) -> Vec<usize>) -> Vec<Draw> {
        let drawn = self.measure.pools.iter().filter(|p| p.when.evaluate(&self.facts) != Truth::False);
        drawn.map(|pool| self.pool(pool, under)).collect()
    }

    fn pool(&self, pool: &Pool, under: &dyn Fn(&[usize]) -> Vec<usize>) -> Draw {
        let settings = &self.facts.portfolio.settings;
        let available = settings.pools.get(&pool.pool).copied().unwrap_or(pool.available);
        let waiting =
            settings.measures.get(&self.measure.id).is_some_and(|of_measure| of_measure.waiting_list);
        let more = if waiting { Rounding::Down.cents(pool.waiting_list.of(available)) } else { Money::ZERO };
        let company = (pool.scope == PoolScope::Company).then(|| self.facts.company.id.clone());
        Draw {
            rule: pool.rule.clone(),
            account: Account::Pool { pool: pool.pool.clone(), company },
            room: available + more,
            by_claims: Vec::new(),
            closed: None,
            freed_on: None,
            in_part: pool.in_part,
            counts: Counted {
                entries: if pool.of.is_empty() { (0..self.entries).collect() } else { under(&pool.of) },
                payer: None,
                grant: true,
                guarantees: false,
                claims: false,
            },
        }
    }
}

/// Whether a component pays on an entry.
fn pays(component: &Component, entry: usize) -> bool {
    let at = component.of.iter().position(|of| *of == entry);
    match &component.payout {
        Payout::Rate(rates) => at.is_some_and(|at| rates[at] > Decimal::ZERO),
        // A share of other aid falls where that does.
        Payout::Share { .. } => true,
        _ => at.is_some(),
    }
}

fn asks_about_lines(condition: &Condition) -> bool {
    use crate::measure::Subject::{Choice, Expense, Lot, Member};
    condition.facts().iter().any(|fact| matches!(fact.subject, Expense | Lot | Member | Choice))
}

/// Aid received before that counts.
struct Prior {
    total: Money,
    freed_on: Option<NaiveDate>,
}

impl Prior {
    fn of<'a>(
        aids: impl Iterator<Item = &'a PriorAid>,
        ledger: &Ledger,
        undertaking: &UndertakingId,
        (day, over, year_end): (NaiveDate, Over, Option<NaiveDate>),
    ) -> Prior {
        let closed = over.closed(day, year_end);
        let counts = |aid: &&PriorAid| {
            aid.undertaking == *undertaking
                && ledger.counts(&aid.regulation)
                && aid.granted_on <= day
                && closed.is_none_or(|closed| aid.granted_on > closed)
        };
        let mut prior = Prior { total: Money::ZERO, freed_on: None };
        for aid in aids.filter(counts).filter(|aid| aid.aid.is_positive()) {
            prior.total += aid.aid;
            let leaves = over.leaves(aid.granted_on, year_end);
            prior.freed_on = prior.freed_on.into_iter().chain(leaves).min();
        }
        prior
    }
}
