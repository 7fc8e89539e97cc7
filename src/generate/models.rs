//! Models: kinds of instances, drawn at random at any size.
//!
//! Figures are those of real calls: rates, caps, minima and shares of consultancy as the calls of the catalogue have them, and invoices as offices have
//! them. A model at a size is a class; a class and a seed name an instance, the same on every machine.

use std::fmt;

use rust_decimal::Decimal;

use super::random::Random;
use super::{Call, Client, Cost, Fund, Instance};
use crate::measure::Claim;
use crate::money::Money;

/// How large an instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Costs; of the model `clients`: clients.
    pub count: usize,
    /// Calls.
    pub calls: usize,
}

const fn size(count: usize, calls: usize) -> Size {
    Size { count, calls }
}

impl Size {
    /// Most calls: a cost that fits each of them names them all.
    pub const MOST_CALLS: usize = 50;
    /// Largest count.
    pub const MOST: usize = 1_000_000;

    /// Reads a size such as `20x4`.
    pub fn parse(text: &str) -> Option<Size> {
        let (count, calls) = text.split_once('x')?;
        let (count, calls) = (count.parse().ok()?, calls.parse().ok()?);
        ((1..=Self::MOST).contains(&count) && (1..=Self::MOST_CALLS).contains(&calls))
            .then_some(size(count, calls))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.count, self.calls)
    }
}

/// A kind of instances.
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// What its instances are.
    pub about: &'static str,
    /// The sizes it is swept over, smallest first.
    pub sizes: &'static [Size],
    draw: fn(Size, &mut Random) -> Instance,
}

impl Model {
    /// The name of a class.
    pub fn class(&self, size: Size) -> String {
        format!("{}-{size}", self.name)
    }

    /// The instance of a class and a seed.
    pub fn instance(&self, size: Size, seed: u64) -> Instance {
        let class = self.class(size);
        let drawn = (self.draw)(size, &mut Random::new(&class, seed));
        Instance { name: format!("{class}/{seed}"), ..drawn }
    }
}

/// Every model.
pub const MODELS: &[Model] = &[
    Model {
        name: "whole",
        about: "one project; each cost goes whole to one call at most, and any part of it may be claimed there",
        sizes: &[size(10, 2), size(20, 4), size(40, 5), size(60, 7), size(100, 9)],
        draw: whole,
    },
    Model {
        name: "tiny",
        about: "one project of 6 costs or up to as many as the size says, 2 calls or more; costs are claimed whole, and the fund refuses what does not fit",
        sizes: &[size(9, 3), size(12, 3), size(14, 4)],
        draw: tiny,
    },
];

fn hundredths(number: i64) -> Decimal {
    Decimal::new(number, 2)
}

fn thousands(number: i64) -> Money {
    Money::from_cents(number * 100_000)
}

/// A call with the figures of real ones. Where costs are many for so few calls, limits grow with them: caps that bind whatever is claimed make it easy.
fn call(size: Size, random: &mut Random) -> Call {
    let times = i64::try_from(size.count / (10 * size.calls)).unwrap_or(i64::MAX).clamp(1, 100);
    Call {
        rate: hundredths(random.pick([20, 35, 45, 50, 60, 70])),
        cap: thousands(times * random.pick([50, 75, 150, 220, 300])),
        minimum: thousands(times * random.pick([0, 40, 50, 70, 100])),
        consultancy_share: hundredths(random.pick([10, 20, 25, 50])),
        flat_rate: if random.percent(30) { hundredths(7) } else { Decimal::ZERO },
        de_minimis: random.percent(40),
        fund: None,
    }
}

/// A cost that fits each call with a probability of 0.6; a sixth of them are consultancy.
fn cost(calls: usize, random: &mut Random) -> Cost {
    Cost {
        amount: random.amount(),
        consultancy: random.below(6) == 0,
        calls: (0..calls).filter(|_| random.percent(60)).collect(),
    }
}

fn of_one_project(claim: Claim, calls: Vec<Call>, costs: Vec<Cost>) -> Instance {
    Instance {
        name: String::new(),
        claim,
        calls,
        clients: vec![Client { projects: vec![costs], ..Client::default() }],
        funds: Vec::new(),
        de_minimis_room: thousands(300),
    }
}

fn whole(size: Size, random: &mut Random) -> Instance {
    let calls = (0..size.calls).map(|_| call(size, random)).collect();
    let costs = (0..size.count).map(|_| cost(size.calls, random)).collect();
    of_one_project(Claim::AnyPart, calls, costs)
}

fn tiny(size: Size, random: &mut Random) -> Instance {
    let up_to = |random: &mut Random, least: usize, most: usize| {
        let most = most.max(least);
        // No more than the size.
        least + usize::try_from(random.below((most - least + 1) as u64)).unwrap_or_default()
    };
    let count = up_to(random, 6, size.count);
    let calls = up_to(random, 2, size.calls);
    let euro = |random: &mut Random, low: i64, high: i64| Money::from_cents(100 * random.between(low, high));
    let costs: Vec<Cost> =
        (0..count).map(|_| Cost { amount: euro(random, 1000, 60_000), ..cost(calls, random) }).collect();
    let calls: Vec<Call> = (0..calls)
        .map(|_| Call {
            rate: hundredths(random.between(20, 70)),
            cap: euro(random, 20_000, 120_000),
            minimum: euro(random, 20_000, 80_000),
            consultancy_share: hundredths(25),
            flat_rate: Decimal::ZERO,
            de_minimis: false,
            fund: Some(0),
        })
        .collect();
    let caps: i64 = calls.iter().map(|call| call.cap.cents()).sum();
    let available = Money::from_cents(random.between(caps / 3, caps));
    let fund = Fund { available, in_part: false };
    Instance { funds: vec![fund], ..of_one_project(Claim::Whole, calls, costs) }
}
