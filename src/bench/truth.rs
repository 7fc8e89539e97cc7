//! The truth about a small instance, found by trying every plan.
//!
//! Every plan but those that a bound of a line or two shows to be no better than one already tried, in whole numbers as well: of fourteen costs under four calls there
//! are thousands of millions.
//!
//! It shares nothing with the program: neither its reader of measures nor its arithmetic, model, search or solver. What an [`Instance`] means is written down here
//! a second time, in whole numbers, for instances of one project whose costs are claimed whole, without de minimis aid and flat rates, and whose
//! funds refuse what does not fit.

use rust_decimal::Decimal;

use crate::generate::{Call, Cost, Instance};
use crate::measure::Claim;
use crate::money::Money;

/// The most that a plan is worth; none where the instance is of another kind or has more plans than `most`.
pub fn truth(instance: &Instance, most: u64) -> Option<Money> {
    let [client] = instance.clients.as_slice() else { return None };
    let [costs] = client.projects.as_slice() else { return None };
    let plain = |call: &Call| call.flat_rate.is_zero() && !call.de_minimis;
    let known = instance.claim == Claim::Whole
        && instance.calls.iter().all(plain)
        && instance.funds.iter().all(|fund| !fund.in_part);
    if !known || plans(costs)? > most {
        return None;
    }
    // Large ones first: then bounds are tight early.
    let mut costs: Vec<&Cost> = costs.iter().collect();
    costs.sort_by_key(|cost| std::cmp::Reverse(cost.amount));
    let rates: Vec<(i128, i128)> = instance.calls.iter().map(|call| fraction(call.rate)).collect();
    let mut search = Search {
        instance,
        left: left(&costs, instance.calls.len()),
        gains: gains(&costs, &rates),
        costs,
        shares: instance.calls.iter().map(|call| fraction(call.consultancy_share)).collect(),
        rates,
        spent: vec![Spent::default(); instance.calls.len()],
        best: 0,
    };
    search.visit(0);
    Some(Money::from_cents(i64::try_from(search.best).ok()?))
}

/// How many plans there are: each cost goes to one of its calls, or nowhere.
fn plans(costs: &[Cost]) -> Option<u64> {
    costs.iter().try_fold(1_u64, |plans, cost| plans.checked_mul(cost.calls.len() as u64 + 1))
}

/// Numerator and denominator.
fn fraction(decimal: Decimal) -> (i128, i128) {
    (decimal.mantissa(), 10_i128.pow(decimal.scale()))
}

/// By depth and call: what the costs from there on could put to it, in cents.
fn left(costs: &[&Cost], calls: usize) -> Vec<Vec<i128>> {
    let mut sums = vec![0; calls];
    let mut left = vec![sums.clone()];
    for cost in costs.iter().rev() {
        for call in &cost.calls {
            sums[*call] += i128::from(cost.amount.cents());
        }
        left.push(sums.clone());
    }
    left.reverse();
    left
}

/// By depth: what the costs from there on could bring at most, each at the best of its rates, in cents and none of them cut.
fn gains(costs: &[&Cost], rates: &[(i128, i128)]) -> Vec<i128> {
    let mut gains = vec![0; costs.len() + 1];
    for (depth, cost) in costs.iter().enumerate().rev() {
        let at = |call: &usize| {
            let (rate, of) = rates[*call];
            (i128::from(cost.amount.cents()) * rate + of - 1) / of
        };
        gains[depth] = gains[depth + 1] + cost.calls.iter().map(at).max().unwrap_or(0);
    }
    gains
}

/// What a plan puts to a call, in cents.
#[derive(Clone, Copy, Default)]
struct Spent {
    consultancy: i128,
    others: i128,
}

struct Search<'i> {
    instance: &'i Instance,
    costs: Vec<&'i Cost>,
    left: Vec<Vec<i128>>,
    gains: Vec<i128>,
    shares: Vec<(i128, i128)>,
    rates: Vec<(i128, i128)>,
    spent: Vec<Spent>,
    best: i128,
}

impl Search<'_> {
    fn visit(&mut self, depth: usize) {
        let Some(cost) = self.costs.get(depth).copied() else {
            self.best = self.best.max(self.value().unwrap_or(0));
            return;
        };
        if self.most(depth).is_none_or(|most| most <= self.best) {
            return;
        }
        self.visit(depth + 1);
        let cents = i128::from(cost.amount.cents());
        for call in &cost.calls {
            let before = self.spent[*call];
            let spent = &mut self.spent[*call];
            *(if cost.consultancy { &mut spent.consultancy } else { &mut spent.others }) += cents;
            self.visit(depth + 1);
            self.spent[*call] = before;
        }
    }

    /// A bound on every plan that goes on from here; none where there is no plan. No call grants more than on what it has and everything left that fits it, no fund more
    /// than it holds; and what is left adds at most its gains to what the calls grant as they stand.
    fn most(&self, depth: usize) -> Option<i128> {
        let (mut with_all, mut now) = (0, self.gains[depth]);
        let mut drawn = vec![0; self.instance.funds.len()];
        for (at, call) in self.instance.calls.iter().enumerate() {
            let spent = self.spent[at].consultancy + self.spent[at].others;
            let could = spent + self.left[depth][at];
            if could < i128::from(call.minimum.cents()) {
                if spent > 0 {
                    return None;
                }
                continue;
            }
            now += self.grant(at, spent);
            let grant = self.grant(at, could);
            *call.fund.map_or(&mut with_all, |fund| &mut drawn[fund]) += grant;
        }
        let funds = self.instance.funds.iter().zip(drawn);
        let paid: i128 = funds.map(|(fund, drawn)| drawn.min(i128::from(fund.available.cents()))).sum();
        Some(now.min(with_all + paid))
    }

    /// What a call grants on so much admitted, cut to whole cents.
    fn grant(&self, call: usize, admitted: i128) -> i128 {
        let (rate, of) = self.rates[call];
        (admitted * rate / of).min(i128::from(self.instance.calls[call].cap.cents()))
    }

    /// The grants in cents, each cut to whole ones; none where the plan is against a rule.
    fn value(&self) -> Option<i128> {
        let mut total = 0;
        let mut drawn = vec![0; self.instance.funds.len()];
        for (at, call) in self.instance.calls.iter().enumerate() {
            let Spent { consultancy, others } = self.spent[at];
            let admitted = consultancy + others;
            if admitted == 0 {
                continue;
            }
            let (share, of) = self.shares[at];
            if admitted < i128::from(call.minimum.cents()) || consultancy * of > share * others {
                return None;
            }
            let grant = self.grant(at, admitted);
            total += grant;
            if let Some(fund) = call.fund {
                drawn[fund] += grant;
            }
        }
        let fits = self.instance.funds.iter().zip(&drawn);
        let mut fits = fits.map(|(fund, drawn)| *drawn <= i128::from(fund.available.cents()));
        fits.all(|fits| fits).then_some(total)
    }
}
