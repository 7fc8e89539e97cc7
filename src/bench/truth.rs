//! The truth about a small instance, found by trying every plan.
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
    let mut search = Search {
        instance,
        costs,
        shares: instance.calls.iter().map(|call| fraction(call.consultancy_share)).collect(),
        rates: instance.calls.iter().map(|call| fraction(call.rate)).collect(),
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

/// What a plan puts to a call, in cents.
#[derive(Clone, Copy, Default)]
struct Spent {
    consultancy: i128,
    others: i128,
}

struct Search<'i> {
    instance: &'i Instance,
    costs: &'i [Cost],
    shares: Vec<(i128, i128)>,
    rates: Vec<(i128, i128)>,
    spent: Vec<Spent>,
    best: i128,
}

impl Search<'_> {
    fn visit(&mut self, depth: usize) {
        let Some(cost) = self.costs.get(depth) else {
            self.best = self.best.max(self.value().unwrap_or(0));
            return;
        };
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
            let (rate, of) = self.rates[at];
            let grant = (admitted * rate / of).min(i128::from(call.cap.cents()));
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
