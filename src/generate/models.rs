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
    /// Most calls: tags of a cost name each call that takes it.
    pub const MOST_CALLS: usize = 50;
    /// Largest count.
    pub const MOST: usize = 1_000_000;

    /// Reads a size such as `20x4`.
    pub fn parse(text: &str) -> Option<Size> {
        let (count, calls) = text.split_once('x')?;
        let (count, calls) = (count.parse().ok()?, calls.parse().ok()?);
        let known = (1..=Self::MOST).contains(&count) && (1..=Self::MOST_CALLS).contains(&calls);
        known.then_some(size(count, calls))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.count, self.calls)
    }
}

/// A kind of instances.
#[derive(Debug)]
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// What its instances are.
    pub about: &'static str,
    /// The sizes it is swept over, smallest first.
    pub sizes: &'static [Size],
    draw: fn(Size, &mut Random) -> Instance,
}

/// Every model.
pub const MODELS: &[Model] = &[
    Model {
        name: "tiny",
        about: "one project of 6 costs or up to as many as the size says, 2 calls or more; costs are claimed whole, a fund refuses what does not fit",
        sizes: &[size(9, 3), size(12, 3), size(14, 4)],
        draw: tiny,
    },
    Model {
        name: "whole",
        about: "one project; each cost goes to one call at most, and any part of it may be claimed there",
        sizes: &[size(10, 2), size(20, 4), size(40, 5), size(60, 7), size(100, 9)],
        draw: whole,
    },
    Model {
        name: "indivisible",
        about: "as `whole`, and costs are claimed whole or not at all",
        sizes: &[size(10, 2), size(20, 4), size(40, 5), size(60, 7)],
        draw: indivisible,
    },
    Model {
        name: "splittable",
        about: "as `whole`, and costs may go in parts to several calls",
        sizes: &[size(10, 2), size(20, 4), size(60, 7), size(400, 7)],
        draw: splittable,
    },
    Model {
        name: "alike",
        about: "as `whole`, with costs of six kinds: those of one kind are alike in every rule, amounts included",
        sizes: &[size(12, 2), size(60, 4), size(400, 4), size(4000, 4)],
        draw: alike,
    },
    Model {
        name: "clients",
        about: "so many clients with one to three projects and 20 costs each on average; de minimis aid received before, calls of territories, funds that run out",
        sizes: &[size(2, 3), size(10, 9), size(100, 9), size(500, 9), size(2000, 9)],
        draw: clients,
    },
];

impl Model {
    /// The name of a class.
    pub fn class(&self, size: Size) -> String {
        format!("{}-{size}", self.name)
    }

    /// The instance of a class and a seed; random numbers that are left are for patterns.
    pub(super) fn drawn(&self, size: Size, seed: u64) -> (Instance, Random) {
        let mut random = Random::new(&self.class(size), seed);
        ((self.draw)(size, &mut random), random)
    }
}

fn hundredths(number: i64) -> Decimal {
    Decimal::new(number, 2)
}

fn thousands(number: i64) -> Money {
    Money::from_cents(number * 100_000)
}

/// A call with the figures of real ones. Where costs are many for so few calls, limits grow with them: caps that bind whatever is claimed would make it easy.
fn call(size: Size, random: &mut Random) -> Call {
    let times = i64::try_from(size.count / (10 * size.calls)).unwrap_or(i64::MAX).clamp(1, 10_000);
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

fn calls(size: Size, random: &mut Random) -> Vec<Call> {
    (0..size.calls).map(|_| call(size, random)).collect()
}

/// A cost that fits each of these calls with a probability of 0.6; a sixth of all are consultancy.
fn cost(calls: impl Iterator<Item = usize>, random: &mut Random) -> Cost {
    let (amount, consultancy) = (random.amount(), random.below(6) == 0);
    Cost { amount, consultancy, calls: calls.filter(|_| random.percent(60)).collect() }
}

fn of_one_project(claim: Claim, calls: Vec<Call>, costs: Vec<Cost>) -> Instance {
    Instance {
        name: String::new(),
        claim,
        splittable: false,
        calls,
        clients: vec![Client { projects: vec![costs], ..Client::default() }],
        funds: Vec::new(),
        de_minimis_room: thousands(300),
    }
}

fn whole(size: Size, random: &mut Random) -> Instance {
    let calls = calls(size, random);
    let costs = (0..size.count).map(|_| cost(0..size.calls, random)).collect();
    of_one_project(Claim::AnyPart, calls, costs)
}

fn indivisible(size: Size, random: &mut Random) -> Instance {
    Instance { claim: Claim::Whole, ..whole(size, random) }
}

fn splittable(size: Size, random: &mut Random) -> Instance {
    Instance { splittable: true, ..whole(size, random) }
}

fn alike(size: Size, random: &mut Random) -> Instance {
    const KINDS: usize = 6;
    let calls = calls(size, random);
    let kinds: Vec<Cost> = (0..KINDS).map(|_| cost(0..size.calls, random)).collect();
    let costs = kinds.into_iter().cycle().take(size.count).collect();
    of_one_project(Claim::AnyPart, calls, costs)
}

/// The class of the small models on which trusted solvers are wrong (`tests/data/instances`): amounts, caps and minima of one magnitude, so that
/// a handful of plans come close to the best one.
fn tiny(size: Size, random: &mut Random) -> Instance {
    let count = random.index(6, size.count);
    let calls = random.index(2, size.calls);
    let euro = |random: &mut Random, low: i64, high: i64| Money::from_cents(100 * random.between(low, high));
    let costs: Vec<Cost> =
        (0..count).map(|_| Cost { amount: euro(random, 1_000, 60_000), ..cost(0..calls, random) }).collect();
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
    let fund = Fund { available: Money::from_cents(random.between(caps / 3, caps)), in_part: false };
    Instance { funds: vec![fund], ..of_one_project(Claim::Whole, calls, costs) }
}

/// Half of the calls are open to all clients, of which two are paid by one fund and the others have no end; each of the others is open in one territory
/// and has a fund of its own, which holds a part of what its clients could ask for, or more.
fn clients(size: Size, random: &mut Random) -> Instance {
    const COSTS: i64 = 20;
    let of_all = size.calls.div_ceil(2);
    let mut calls = calls(Size { count: 20, ..size }, random);
    for (at, call) in calls.iter_mut().enumerate() {
        call.fund = if at < of_all { (at < 2).then_some(0) } else { Some(at - of_all + 1) };
    }
    let mut clients = Vec::new();
    for _ in 0..size.count {
        let territory = if of_all < size.calls { random.index(of_all, size.calls - 1) } else { of_all };
        let open = || (0..of_all).chain((territory < size.calls).then_some(territory));
        let projects = random.between(1, 3);
        let project = |random: &mut Random| {
            let costs = random.between(COSTS / 2 / projects, 3 * COSTS / 2 / projects);
            (0..costs).map(|_| cost(open(), random)).collect()
        };
        let received = if random.percent(50) { thousands(random.between(1, 250)) } else { Money::ZERO };
        clients.push(Client { received, projects: (0..projects).map(|_| project(random)).collect() });
    }
    let mut instance = Instance {
        name: String::new(),
        claim: Claim::AnyPart,
        splittable: false,
        calls,
        clients,
        funds: vec![Fund { available: Money::ZERO, in_part: true }; 1 + size.calls - of_all],
        de_minimis_room: thousands(300),
    };
    for fund in 0..instance.funds.len() {
        let percent = random.pick([15, 30, 60, 120]);
        instance.funds[fund].available = Money::from_cents(instance.demand(fund).cents() / 100 * percent);
    }
    instance
}
