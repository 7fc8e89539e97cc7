//! Pools: budgets that applications share (S15).

use super::application::Application;
use super::draws::{Account, Accounts, Draw};
use super::exact;
use super::pieces::Piece;
use crate::measure::{Measure, Pool, PoolScope, Truth};
use crate::money::Money;
use crate::portfolio::Settings;

/// The draws on the pools of the measure, in file order.
pub(super) fn draws<'a>(
    application: &Application<'a>,
    pieces: &[Piece<'a>],
    accounts: &Accounts<'a>,
) -> Vec<Draw<'a>> {
    let facts = application.case.facts;
    let pools = facts.measure.pools.iter().filter(|pool| pool.when.evaluate(&facts) != Truth::False);
    let draw = |pool: &'a Pool| {
        let company = (pool.scope == PoolScope::Company).then_some(&facts.company.id);
        let account = Account::Pool { pool: &pool.pool, company };
        let drawn: Money = accounts.get(&account).into_iter().flatten().map(|(_, amount)| *amount).sum();
        let counts = |index: &usize| {
            pool.of.is_empty() || pool.of.contains(&application.places[pieces[*index].place].item)
        };
        Draw {
            rule: &pool.rule.id,
            account,
            room: (available(&facts.portfolio.settings, facts.measure, pool) - drawn).max(Money::ZERO),
            counted: (0..pieces.len()).filter(counts).collect(),
            grants: true,
            guarantees: false,
            claim: None,
            refuses: !pool.in_part,
            freed_on: None,
        }
    };
    pools.map(draw).collect()
}

/// What a pool holds: what the settings say, else the measure; more where they count on its waiting list.
fn available(settings: &Settings, measure: &Measure, pool: &Pool) -> Money {
    let whole = settings.pools.get(&pool.pool).copied().unwrap_or(pool.available);
    let more =
        if waits(settings, measure) { exact::floor_cents(pool.waiting_list.of(whole)) } else { Money::ZERO };
    whole + more
}

fn waits(settings: &Settings, measure: &Measure) -> bool {
    settings.measures.get(&measure.id).is_some_and(|of_measure| of_measure.waiting_list)
}

/// Whether the plan counts on a waiting list of the measure.
pub(super) fn counts_on_waiting_list(settings: &Settings, measure: &Measure) -> bool {
    waits(settings, measure) && measure.pools.iter().any(|pool| !pool.waiting_list.is_zero())
}
