//! Patterns: what makes an instance of any class easier or harder than it was drawn.

use rust_decimal::Decimal;

use super::random::Random;
use super::{Cost, Fund, Instance, Model, Size};
use crate::measure::Claim;
use crate::money::Money;
use crate::rounding::Rounding;

/// A change to an instance.
#[derive(Debug)]
pub struct Pattern {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    change: fn(&mut Instance, &mut Random),
}

/// Every pattern, from the easiest on.
pub const PATTERNS: &[Pattern] = &[
    Pattern { name: "drawn", about: "nothing is changed", change: |_, _| {} },
    Pattern {
        name: "loose",
        about: "no limit binds: no minimum, caps and rooms without end, consultancy as it comes",
        change: loose,
    },
    Pattern { name: "tight", about: "caps, funds and rooms are a quarter of what they were", change: tight },
    Pattern {
        name: "degenerate",
        about: "limits at their ends, one for each call in turn: a cap of a cent, a minimum of all that fits, no consultancy, a cap of exactly what all that fits brings",
        change: degenerate,
    },
    Pattern {
        name: "ties",
        about: "all amounts, rates and limits are equal, so that very many plans are the best",
        change: ties,
    },
    Pattern {
        name: "wide",
        about: "one cost of ten million beside the others, at a call whose cap and minimum are a hundred times as high",
        change: wide,
    },
    Pattern {
        name: "pools",
        about: "one fund pays all calls and has a third of what they could grant",
        change: pools,
    },
    Pattern {
        name: "subset-sum",
        about: "caps and funds are a cent short of what some of the costs bring, minima a cent above what a few of them come to",
        change: subset_sum,
    },
];

/// The instance of a class, a pattern and a seed.
pub fn instance(model: &Model, size: Size, pattern: &Pattern, seed: u64) -> Instance {
    let (mut instance, mut random) = model.drawn(size, seed);
    (pattern.change)(&mut instance, &mut random);
    Instance { name: format!("{}/{seed}", case(model, size, pattern)), ..instance }
}

/// The name of a class under a pattern: the plain name of the class where nothing is changed.
pub fn case(model: &Model, size: Size, pattern: &Pattern) -> String {
    let class = model.class(size);
    if pattern.name == PATTERNS[0].name { class } else { format!("{class}-{}", pattern.name) }
}

/// A hundred million euro: more than anything here comes to.
const ENDLESS: Money = Money::from_cents(10_000_000_000);

/// A sum of money times a number, cut to cents.
fn times(money: Money, number: i64, of: i64) -> Money {
    Money::from_cents(money.cents().saturating_mul(number) / of)
}

fn loose(instance: &mut Instance, _: &mut Random) {
    for call in &mut instance.calls {
        (call.cap, call.minimum, call.consultancy_share) = (ENDLESS, Money::ZERO, Decimal::ONE_HUNDRED);
    }
    for fund in &mut instance.funds {
        fund.available = ENDLESS;
    }
    instance.de_minimis_room = ENDLESS;
}

fn tight(instance: &mut Instance, _: &mut Random) {
    for call in &mut instance.calls {
        call.cap = times(call.cap, 1, 4);
    }
    for fund in &mut instance.funds {
        fund.available = times(fund.available, 1, 4);
    }
    instance.de_minimis_room = times(instance.de_minimis_room, 1, 4);
}

fn degenerate(instance: &mut Instance, _: &mut Random) {
    for at in 0..instance.calls.len() {
        let most = instance.fits(0, at);
        let call = &mut instance.calls[at];
        match at % 4 {
            0 => call.cap = Money::CENT,
            1 => call.minimum = most,
            2 => call.consultancy_share = Decimal::ZERO,
            _ => call.cap = Rounding::Down.cents(call.rate * most.euro()),
        }
    }
}

fn ties(instance: &mut Instance, _: &mut Random) {
    const AMOUNT: Money = Money::from_cents(1_000_000);
    let Some(first) = instance.calls.first().cloned() else { return };
    for call in &mut instance.calls {
        let own = (call.de_minimis, call.fund);
        *call = first.clone();
        (call.de_minimis, call.fund) = own;
    }
    for cost in instance.costs_mut() {
        cost.amount = AMOUNT;
    }
}

fn wide(instance: &mut Instance, random: &mut Random) {
    const HUGE: Money = Money::from_cents(1_000_000_000);
    if let Some(cost) = instance.costs_mut().next() {
        cost.amount = HUGE;
    }
    let at = random.index(0, instance.calls.len() - 1);
    let call = &mut instance.calls[at];
    (call.cap, call.minimum) = (times(call.cap, 100, 1), times(call.minimum, 100, 1));
}

fn pools(instance: &mut Instance, _: &mut Random) {
    let in_part = instance.claim == Claim::AnyPart;
    instance.funds = vec![Fund { available: Money::ZERO, in_part }];
    for call in &mut instance.calls {
        call.fund = Some(0);
    }
    instance.funds[0].available = times(instance.demand(0), 1, 3);
}

fn subset_sum(instance: &mut Instance, random: &mut Random) {
    for at in 0..instance.calls.len() {
        let fits = |cost: &&Cost| cost.calls.contains(&at);
        let mut subset = |percent: u64| -> Money {
            let of = instance.costs().filter(fits).filter(|_| random.percent(percent));
            of.map(|cost| cost.amount).sum()
        };
        let (some, few) = (subset(40), subset(15));
        let call = &mut instance.calls[at];
        let brings = Rounding::Down.cents(call.rate * (Decimal::ONE + call.flat_rate) * some.euro());
        call.cap = (brings - Money::CENT).max(Money::CENT);
        call.minimum = few + Money::CENT;
    }
    for at in 0..instance.funds.len() {
        let caps = instance.calls.iter().filter(|call| call.fund == Some(at));
        let caps: Money = caps.filter(|_| random.percent(50)).map(|call| call.cap).sum();
        instance.funds[at].available = (caps - Money::CENT).max(Money::CENT);
    }
}
