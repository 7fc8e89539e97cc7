//! How far amounts of an application can reach: the bounds of columns and the exact big-M of every row.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::eligibility::{
    AidLimit, Application, Component, CostLimit, Count, Line, Loan, LoanAmount, Payout, Term,
};
use crate::ids::ExpenseId;
use crate::measure::{Band, Bound, Effect, Form};
use crate::money::Money;
use crate::rounding::Rounding;

/// Whether an application may be granted anything, or has to be made: not where a floor of cost or of aid that rejects, or a number of things, is out of the reach of
/// everything it could claim.
///
/// **What fails this is in no plan.** What is admitted of an entry is at most what `Reach` says, whatever is claimed (claims are at most the bases, trims only take away, and
/// of lines of one expense one is claimed). So the largest value of `sum of the set - shares of the floor` over all that can be admitted is at most the one
/// computed here; below the fixed part of the floor the rule rejects the application whatever it claims (S7). Aid likewise, each component by the most it
/// can pay before caps, which only take away. A rejected application admits nothing, is granted nothing, draws nothing and counts nowhere; without it every plan is what it was.
/// An application that a decision in force wants, or a line of it, stays: that it cannot be kept is to be told.
pub fn may_be_granted(application: &Application) -> bool {
    if application.forced || application.lines.iter().any(|line| line.forced) {
        return true;
    }
    let asks = |effect: Effect, bound: Bound, lot: Option<usize>| {
        effect == Effect::Reject && bound == Bound::AtLeast && lot.is_none()
    };
    let mut costs =
        application.cost_limits.iter().filter(|limit| asks(limit.effect, limit.bound, limit.lot)).peekable();
    let is_grant = |component: &usize| application.components[*component].form == Form::Grant;
    let mut aids = application
        .aid_limits
        .iter()
        .filter(|limit| asks(limit.effect, limit.bound, limit.lot) && limit.of.iter().all(is_grant))
        .peekable();
    let things = |count: &Count| count.at_least.is_none_or(|least| count.things.len() >= least as usize);
    if !application.counts.iter().all(things) {
        return false;
    }
    if costs.peek().is_none() && aids.peek().is_none() {
        return true;
    }
    let reach = Reach::new(application);
    if !costs.all(|limit| reach.can_reach(limit)) {
        return false;
    }
    let components = if aids.peek().is_some() { reach.components(application) } else { Vec::new() };
    aids.all(|limit| reach.can_be_aided(limit, &components))
}

/// The most that entries of an application can come to.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// By entry: what can be claimed, or derived from claims.
    claimed: Vec<Decimal>,
    /// By entry: what can be admitted.
    admitted: Vec<Decimal>,
    /// By entry: entries with the same number exclude each other (lines of one expense).
    rivals: Vec<usize>,
    /// The most that trims leave of their sets.
    caps: Vec<(Vec<usize>, Decimal)>,
}

impl Reach {
    /// Bounds of an application.
    pub(super) fn new<'a>(application: &'a Application) -> Self {
        let lines = &application.lines;
        let mut first: BTreeMap<&ExpenseId, usize> = BTreeMap::new();
        let rival = |(at, line): (usize, &'a Line)| *first.entry(&line.expense).or_insert(at);
        let mut rivals: Vec<usize> = lines.iter().enumerate().map(rival).collect();
        rivals.extend(lines.len()..application.entries());
        let mut reach = Reach {
            claimed: vec![Decimal::ZERO; application.entries()],
            admitted: Vec::new(),
            rivals,
            caps: Vec::new(),
        };
        for (entry, line) in lines.iter().enumerate() {
            reach.claimed[entry] = line.base.euro();
        }
        reach.admitted.clone_from(&reach.claimed);
        for (at, derived) in application.derived.iter().enumerate() {
            let most = Rounding::Down.cents(derived.rate * reach.set(&derived.of)).euro();
            reach.claimed[lines.len() + at] = most;
            reach.admitted[lines.len() + at] = most;
        }
        for limit in application.cost_limits.iter().filter(|limit| limit.effect == Effect::Trim) {
            let tightest = limit.terms.iter().map(|term| reach.term(term)).min();
            let Some(tightest) = tightest else { continue };
            let most = Rounding::Down.cents(tightest.max(Decimal::ZERO)).euro();
            for entry in &limit.of {
                reach.admitted[*entry] = reach.admitted[*entry].min(most);
            }
            reach.caps.push((limit.of.clone(), most));
        }
        for (at, derived) in application.derived.iter().enumerate() {
            let most = Rounding::Down.cents(derived.rate * reach.set(&derived.of)).euro();
            let entry = lines.len() + at;
            reach.admitted[entry] = reach.admitted[entry].min(most);
        }
        reach
    }

    /// The most that can be admitted of an entry.
    pub(super) fn entry(&self, entry: usize) -> Decimal {
        self.admitted[entry]
    }

    /// The most that can be admitted of a set.
    pub(super) fn set(&self, entries: &[usize]) -> Decimal {
        let sum = self.highest(&self.admitted, entries.iter().map(|entry| (*entry, Decimal::ONE)));
        let caps = self.caps.iter().filter(|(of, _)| entries.iter().all(|entry| of.contains(entry)));
        caps.map(|(_, most)| *most).fold(sum, Decimal::min)
    }

    /// The most a term can come to.
    pub(super) fn term(&self, term: &Term) -> Decimal {
        let share = |(rate, set): &(Decimal, Vec<usize>)| (*rate * self.set(set)).max(Decimal::ZERO);
        term.euro + term.shares.iter().map(share).sum::<Decimal>()
    }

    /// Whether some claims may keep a floor of cost.
    fn can_reach(&self, limit: &CostLimit) -> bool {
        limit.terms.iter().all(|term| self.most_beyond(&self.admitted, limit, term) >= term.euro)
    }

    /// Whether some claims may keep a floor of aid, which components can come to so much each.
    fn can_be_aided(&self, limit: &AidLimit, components: &[Decimal]) -> bool {
        let most: Decimal = limit.of.iter().map(|component| components[*component]).sum();
        // What a share takes off the floor at most.
        let less = |(rate, set): &(Decimal, Vec<usize>)| (-*rate * self.set(set)).max(Decimal::ZERO);
        let floor = |term: &Term| term.euro - term.shares.iter().map(less).sum::<Decimal>();
        limit.terms.iter().all(|term| most >= floor(term))
    }

    /// Whether some claims exceed a ceiling.
    pub(super) fn can_exceed(&self, limit: &CostLimit) -> bool {
        limit.terms.iter().any(|term| self.most_beyond(&self.claimed, limit, term) > term.euro)
    }

    /// The most that the set of a limit can be beyond the shares of a term.
    fn most_beyond(&self, bounds: &[Decimal], limit: &CostLimit, term: &Term) -> Decimal {
        let left = limit.of.iter().map(|entry| (*entry, Decimal::ONE));
        let right = term.shares.iter().flat_map(|(rate, set)| set.iter().map(|entry| (*entry, -*rate)));
        self.highest(bounds, left.chain(right))
    }

    /// The largest value of a sum, at most one of rivals being above zero.
    fn highest(&self, bounds: &[Decimal], terms: impl Iterator<Item = (usize, Decimal)>) -> Decimal {
        let mut coefficients = vec![Decimal::ZERO; bounds.len()];
        for (entry, coefficient) in terms {
            coefficients[entry] += coefficient;
        }
        let mut by_rival = vec![Decimal::ZERO; bounds.len()];
        for (entry, coefficient) in coefficients.into_iter().enumerate().filter(|(_, c)| !c.is_zero()) {
            let best = &mut by_rival[self.rivals[entry]];
            *best = (*best).max(coefficient * bounds[entry]);
        }
        by_rival.iter().filter(|most| !most.is_zero()).sum()
    }

    /// The most a component can pay, given the most that earlier ones can.
    fn component(&self, component: &Component, earlier: &[Decimal]) -> Decimal {
        let most = self.set(&component.of);
        match &component.payout {
            Payout::Rate(rates) => {
                let terms = component.of.iter().copied().zip(rates.iter().copied());
                self.highest(&self.admitted, terms)
            }
            Payout::PerUnit(full) => {
                let mut by_rival: BTreeMap<usize, Decimal> = BTreeMap::new();
                for (entry, amount) in component.of.iter().zip(full) {
                    let best = by_rival.entry(self.rivals[*entry]).or_default();
                    *best = (*best).max(*amount);
                }
                by_rival.values().sum()
            }
            Payout::Brackets(bands) => brackets(bands, most),
            Payout::Tiers(bands) => {
                let beyond = |band: &&Band| band.up_to.is_some_and(|end| end.euro() < most);
                let reached = bands.iter().take(bands.iter().take_while(beyond).count() + 1);
                let aid = |band: &Band| band.rate.value() * band.up_to.map_or(most, |e| e.euro().min(most));
                reached.map(aid).max().unwrap_or_default()
            }
            Payout::Steps(steps) => {
                let reached = steps.iter().filter(|(from, _)| from.euro() <= most);
                reached.map(|(_, amount)| amount.euro()).max().unwrap_or_default()
            }
            Payout::Fixed(amount) => {
                if most > Decimal::ZERO {
                    (*amount).max(Decimal::ZERO)
                } else {
                    Decimal::ZERO
                }
            }
            Payout::Loan(loan) => self.loan(&component.of, loan),
            Payout::Share { components, rate } => {
                *rate * components.iter().map(|c| earlier[*c]).sum::<Decimal>()
            }
        }
    }

    /// The most that can be lent on these entries.
    pub(super) fn loan(&self, of: &[usize], loan: &Loan) -> Decimal {
        if self.set(of).is_zero() {
            return Decimal::ZERO;
        }
        let (start, covers) = match &loan.amount {
            LoanAmount::Requested(amount) => (*amount, &[][..]),
            LoanAmount::Complement(covers) => (Money::LARGEST, &covers[..]),
            LoanAmount::Chosen(_) => (Money::LARGEST, &[][..]),
        };
        let terms = loan.at_most.iter().chain(covers).map(|term| self.term(term).max(Decimal::ZERO));
        let most = terms.fold(start.euro(), |most, term| most.min(Rounding::Down.cents(term).euro()));
        match &loan.amount {
            LoanAmount::Chosen(least) if most < least.euro() => Decimal::ZERO,
            _ => most,
        }
    }

    /// The most each component can pay, before trims of aid.
    pub(super) fn components(&self, application: &Application) -> Vec<Decimal> {
        let mut most: Vec<Decimal> = Vec::with_capacity(application.components.len());
        for component in &application.components {
            most.push(self.component(component, &most));
        }
        most
    }

    /// The most an application can be granted.
    pub(super) fn grant(&self, application: &Application) -> Decimal {
        let components = self.components(application);
        let grants = || (0..components.len()).filter(|c| application.components[*c].form == Form::Grant);
        let mut most: Decimal = grants().map(|c| components[c]).sum();
        for limit in application.aid_limits.iter().filter(|l| l.effect == Effect::Trim && l.lot.is_none()) {
            let all = |c: &usize| limit.of.contains(c) || components[*c].is_zero();
            if grants().all(|c| all(&c)) {
                most = limit.terms.iter().map(|term| self.term(term)).fold(most, Decimal::min);
            }
        }
        application.rounding.cents(most.max(Decimal::ZERO)).euro()
    }
}

/// Each band's rate on the part of the total inside the band.
pub(super) fn brackets(bands: &[Band], total: Decimal) -> Decimal {
    let (mut from, mut aid) = (Decimal::ZERO, Decimal::ZERO);
    for band in bands {
        let to = band.up_to.map_or(total, |end| end.euro().min(total));
        if to > from {
            aid += band.rate.value() * (to - from);
            from = to;
        }
    }
    aid
}
