//! Floor 5: exhaustive exact search for small groups of applications, the second opinion that shares nothing with the model.
//!
//! Depth first over the expenses, largest first: each goes to one of its lines in full, or nowhere. A leaf is valued by the
//! authority's own arithmetic. A branch is left when an exact bound says that nothing in it beats the best plan so far:
//!
//! `value <= sum over applications of weight x min(ceiling, sum over decided and open lines of most(line))`, and
//! `value <= sum over applications of weight x min(ceiling, decided) + sum over open expenses of the best most(line) x weight`,
//!
//! where `most(line)` is the most aid a cent of the line can bring, with every derived item it feeds, times its base, and `ceiling` is
//! [`upper_bound`]. The claims of a leaf are the full bases, so the search is exhaustive only where claiming less can bring nothing: always under
//! `whole`, and under `any_part` for applications that [`claims_in_full`] recognises. For others it only finds plans.

mod exchange;

pub use exchange::exchange;

use std::time::Instant;

use rust_decimal::Decimal;

use crate::assess::{caps_are_nested, is_whole_to_caps, upper_bound};
use crate::eligibility::{Application, CostLimit, Payout, lines_by_expense, shareable};
use crate::measure::{Bound, Claim, Cut, Effect, Form};
use crate::money::Money;
use crate::settle::{Plan, Valuer};

/// Nodes between two looks at the clock.
const NODES_A_LOOK: u64 = 256;

/// How far a search may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most expenses that have a choice; beyond it the search does not start.
    pub expenses: usize,
    /// Most nodes visited; then it gives up.
    pub nodes: u64,
    /// When it gives up; none means never.
    pub until: Option<Instant>,
}

impl Default for Limits {
    /// Fifteen expenses over four measures have 5^15 leaves; the bounds leave a vanishing part of them. A million nodes take seconds.
    fn default() -> Self {
        Limits { expenses: 16, nodes: 1_000_000, until: None }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best plan: the one it started from, or a better one.
    pub plan: Plan,
    /// Whether no plan at all is better; otherwise only plans with full claims were looked at, or not all of them.
    pub exhaustive: bool,
}

/// Looks for better plans than `start`, which is any valid plan. None where the group is too large to start.
pub fn search(applications: &[Application], start: Plan, limits: Limits) -> Option<Found> {
    let complete = applications.iter().all(claims_in_full) && shared_in_full(applications);
    let mut search = Search::new(applications, start, limits)?;
    let finished = search.visit(0);
    Some(Found { plan: search.best, exhaustive: complete && finished })
}

/// Whether no plan is worth more than `bound`; none where the search cannot tell: the group is too large, or plans with other claims may be better.
pub fn none_above(applications: &[Application], bound: Money, limits: Limits) -> Option<bool> {
    // A plan of that value to beat, whatever it is.
    let start = Plan { value: bound, unmet: 0, ..Plan::empty(applications) };
    let found = search(applications, start, limits)?;
    if found.plan.value > bound { Some(false) } else { found.exhaustive.then_some(true) }
}

/// Whether what applications share leaves full claims best: nobody makes room for another by claiming less.
///
/// Not where an expense may be claimed twice or go in parts to several, where a draw counts a part of a grant (claiming less of one part moves the grant to others), where one of several
/// applications draws on several accounts, or where a euro is not worth the same to all of them.
fn shared_in_full(applications: &[Application]) -> bool {
    let whole =
        |application: &Application| application.draws.iter().all(|draw| application.draws_in_full(draw));
    let drawing = || applications.iter().filter(|application| !application.draws.is_empty());
    let alone = applications.len() == 1 || drawing().all(|application| application.draws.len() == 1);
    let alike = drawing().zip(drawing().skip(1)).all(|(one, other)| one.weight == other.weight);
    let apart = applications.iter().all(|application| application.meets.is_empty());
    let undivided = shareable(applications).is_empty();
    let all_whole = applications.iter().all(|application| application.claim == Claim::Whole);
    // Under `whole` nobody can claim less.
    apart && undivided && (all_whole || (applications.iter().all(whole) && alone && alike))
}

/// Whether no claim below the base can raise the grant, so that full claims are best.
///
/// Under `whole` there is no other claim. Under `any_part` it holds when every rule only gains from more admitted cost: no ceiling or count
/// rejects or drops, no tier lets the rate fall, no refusing pool makes a smaller grant welcome, and no trim has to
/// choose between lines that other rules tell apart (its set is nested with or apart from every other set that is summed).
pub fn claims_in_full(application: &Application) -> bool {
    application.claim == Claim::Whole
        || (limits_grow(application) && payouts_grow(application) && trims_need_no_choice(application))
}

fn limits_grow(application: &Application) -> bool {
    let cost = application.cost_limits.iter();
    let aid = application.aid_limits.iter();
    let ceilings = cost.map(|l| (l.bound, l.effect)).chain(aid.map(|l| (l.bound, l.effect)));
    let mut judging_ceilings = ceilings.filter(|(b, e)| *b == Bound::AtMost && *e != Effect::Trim);
    // A floor that grows with other costs can be met by claiming less of them.
    let relative_floor = application
        .cost_limits
        .iter()
        .any(|limit| limit.bound == Bound::AtLeast && limit.terms.iter().any(|term| !term.shares.is_empty()));
    // So can a floor on aid that a cap takes away in favour of other aid.
    let aid_floor =
        application.aid_limits.iter().filter(|limit| limit.bound == Bound::AtLeast).any(|limit| {
            limit.terms.iter().any(|term| !term.shares.is_empty())
                || !is_whole_to_caps(application, &limit.of)
        });
    judging_ceilings.next().is_none()
        && !relative_floor
        && !aid_floor
        && application.counts.iter().all(|count| count.at_most.is_none())
        && application.draws.iter().all(|draw| draw.in_part && !draw.counts.claims)
        && caps_are_nested(application)
}

/// A loan or a guarantee leaves less room for grants the more is admitted, so where there is one this says no.
fn payouts_grow(application: &Application) -> bool {
    application.components.iter().all(|component| match &component.payout {
        Payout::Fixed(amount) if amount.is_zero() => true,
        _ if component.form != Form::Grant => false,
        // Beyond a last tier that ends there is no aid.
        Payout::Tiers(bands) => {
            bands.windows(2).all(|pair| pair[0].rate <= pair[1].rate)
                && bands.last().is_none_or(|last| last.up_to.is_none())
        }
        Payout::Steps(steps) => steps.windows(2).all(|pair| pair[0].1 <= pair[1].1),
        _ => true,
    })
}

/// Every trim stands whole inside, or apart from, every sum that another rule reads; then it makes no difference to that rule which lines
/// are cut, and lowest aid first is best. Trims may be nested in trims.
fn trims_need_no_choice(application: &Application) -> bool {
    let trims: Vec<&CostLimit> =
        application.cost_limits.iter().filter(|limit| limit.effect == Effect::Trim).collect();
    let readers = readers(application);
    let apart = |trim: &CostLimit, other: &[usize]| !trim.of.iter().any(|entry| other.contains(entry));
    let whole = |trim: &CostLimit, other: &[usize]| trim.of.iter().all(|entry| other.contains(entry));
    let equal_rates = |trim: &CostLimit| {
        trim.of.windows(2).all(|pair| application.aid_rate(pair[0]) == application.aid_rate(pair[1]))
    };
    trims.iter().all(|trim| {
        readers.iter().all(|set| apart(trim, set) || whole(trim, set))
            && trims
                .iter()
                .all(|other| apart(trim, &other.of) || whole(trim, &other.of) || whole(other, &trim.of))
            && (trim.cut == Cut::LowestAidFirst || equal_rates(trim))
    }) && (trims.is_empty() || application.counts.iter().all(|count| count.at_least.is_none()))
}

/// Every set of entries whose sum some rule reads, but for the trims themselves and plain rates.
fn readers(application: &Application) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let cost = application.cost_limits.iter();
    sets.extend(cost.clone().filter(|limit| limit.effect != Effect::Trim).map(|limit| limit.of.clone()));
    let terms = cost.flat_map(|l| &l.terms).chain(application.aid_limits.iter().flat_map(|l| &l.terms));
    sets.extend(terms.flat_map(|term| term.shares.iter().map(|(_, set)| set.clone())));
    sets.extend(application.derived.iter().map(|derived| derived.of.clone()));
    sets.extend(application.companions.iter().map(|companion| companion.with.clone()));
    let all_components = application.components.len();
    let shares = application.components.iter().any(|c| matches!(c.payout, Payout::Share { .. }));
    let partial_cap = application.aid_limits.iter().any(|limit| limit.of.len() < all_components);
    for component in &application.components {
        if matches!(component.payout, Payout::PerUnit(_)) {
            // Each line earns at a rate of its own, which the order of cuts does not see.
            sets.extend(component.of.iter().map(|entry| vec![*entry]));
        }
        if shares || partial_cap || !matches!(component.payout, Payout::Rate(_)) {
            sets.push(component.of.clone());
        }
    }
    for lot in application.aid_limits.iter().filter_map(|limit| limit.lot) {
        sets.push((0..application.lines.len()).filter(|l| application.lines[*l].lot == lot).collect());
    }
    sets
}

/// An expense with its lines, as (application, line), best first.
struct Choice {
    lines: Vec<(usize, usize)>,
    /// The most its best line can be worth.
    best: i128,
}

struct Search<'a> {
    applications: &'a [Application],
    valuer: Valuer<'a>,
    choices: Vec<Choice>,
    /// The most each line can bring, by application and line, in billionths of a cent of the objective.
    most: Vec<Vec<i128>>,
    /// The most each application can bring.
    ceilings: Vec<i128>,
    /// For each depth, what the open lines of each application could bring.
    open: Vec<Vec<i128>>,
    /// For each depth, the best lines of the open expenses together.
    open_best: Vec<i128>,
    decided: Vec<i128>,
    claims: Vec<Vec<Money>>,
    best: Plan,
    nodes: u64,
    limits: Limits,
}

/// Billionths of a cent: fine enough that rounding up costs less than a cent over any group.
const SCALE: i128 = 1_000_000_000;

impl<'a> Search<'a> {
    fn new(applications: &'a [Application], start: Plan, limits: Limits) -> Option<Self> {
        let expenses = lines_by_expense(applications);
        if expenses.len() > limits.expenses {
            return None;
        }
        let most: Vec<Vec<i128>> = applications
            .iter()
            .map(|a| {
                (0..a.lines.len()).map(|line| scaled(most_of_line(a, line) * a.weight.value())).collect()
            })
            .collect::<Vec<Vec<Option<i128>>>>()
            .into_iter()
            .map(|lines| lines.into_iter().collect::<Option<Vec<i128>>>())
            .collect::<Option<_>>()?;
        let ceilings: Vec<i128> = applications
            .iter()
            .map(|a| scaled(upper_bound(a).euro() * a.weight.value()))
            .collect::<Option<_>>()?;
        let mut choices: Vec<Choice> = expenses
            .into_iter()
            .map(|mut lines| {
                lines.sort_by_key(|(a, l)| std::cmp::Reverse(most[*a][*l]));
                let best = lines.first().map_or(0, |(a, l)| most[*a][*l]);
                Choice { lines, best }
            })
            .collect();
        choices.sort_by_key(|choice| std::cmp::Reverse(choice.best));
        let mut open = vec![vec![0; applications.len()]; choices.len() + 1];
        let mut open_best = vec![0; choices.len() + 1];
        for depth in (0..choices.len()).rev() {
            let below = open[depth + 1].clone();
            open[depth].clone_from(&below);
            open_best[depth] = open_best[depth + 1] + choices[depth].best;
            for (a, total) in open[depth].iter_mut().enumerate() {
                let own = choices[depth].lines.iter().filter(|(b, _)| *b == a);
                *total += own.map(|(a, l)| most[*a][*l]).max().unwrap_or(0);
            }
        }
        Some(Search {
            claims: applications.iter().map(|a| vec![Money::ZERO; a.lines.len()]).collect(),
            decided: vec![0; applications.len()],
            best: start,
            nodes: 0,
            applications,
            valuer: Valuer::new(applications),
            choices,
            most,
            ceilings,
            open,
            open_best,
            limits,
        })
    }

    /// Visits everything below the decisions taken so far; false when the node limit stopped it.
    fn visit(&mut self, depth: usize) -> bool {
        self.nodes += 1;
        let is_late = || self.limits.until.is_some_and(|until| Instant::now() >= until);
        if self.nodes > self.limits.nodes || (self.nodes.is_multiple_of(NODES_A_LOOK) && is_late()) {
            return false;
        }
        if self.best.unmet == 0 && self.bound(depth) <= i128::from(self.best.value.cents()) {
            return true;
        }
        if depth == self.choices.len() {
            if let Some(plan) = self.valuer.plan(self.claims.clone())
                && plan.rank() > self.best.rank()
            {
                self.best = plan;
            }
            return true;
        }
        for at in 0..self.choices[depth].lines.len() {
            let (a, l) = self.choices[depth].lines[at];
            self.claims[a][l] = self.applications[a].lines[l].base;
            self.decided[a] += self.most[a][l];
            let finished = self.visit(depth + 1);
            self.decided[a] -= self.most[a][l];
            self.claims[a][l] = Money::ZERO;
            if !finished {
                return false;
            }
        }
        self.visit(depth + 1)
    }

    /// The smaller of the two bounds, in whole cents.
    fn bound(&self, depth: usize) -> i128 {
        let (mut with_open, mut decided) = (0, self.open_best[depth]);
        for (a, ceiling) in self.ceilings.iter().enumerate() {
            with_open += (*ceiling).min(self.decided[a] + self.open[depth][a]);
            decided += (*ceiling).min(self.decided[a]);
        }
        with_open.min(decided) / SCALE
    }
}

/// Euro as billionths of a cent, rounded up; none when it does not fit.
fn scaled(euro: Decimal) -> Option<i128> {
    let billionths = euro.checked_mul(Decimal::from(100 * SCALE))?.ceil();
    i128::try_from(billionths).ok()
}

/// The most aid, in euro, that admitting the whole base of a line can add: through rates on it and on what it feeds; where a
/// component is not a rate, the whole ceiling of the application.
fn most_of_line(application: &Application, line: usize) -> Decimal {
    // Loans and guarantees bring no grant, but for a share of them.
    let linear = application
        .components
        .iter()
        .filter(|c| c.form == Form::Grant)
        .all(|c| matches!(c.payout, Payout::Rate(_)) || (c.of.is_empty() && !is_share(&c.payout)));
    if !linear {
        return upper_bound(application).euro();
    }
    let fed = application.fed_by(line).into_iter().enumerate();
    let through: Decimal =
        fed.map(|(at, fed)| fed * application.aid_rate(application.lines.len() + at)).sum();
    let per_euro = application.aid_rate(line) + through;
    // Rounding half up or up may add up to a cent to an application; give it to every line.
    per_euro * application.lines[line].base.euro() + Money::CENT.euro()
}

fn is_share(payout: &Payout) -> bool {
    matches!(payout, Payout::Share { .. })
}
