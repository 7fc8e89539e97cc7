//! Limits in numbers: one [`Bounded`] for the application or for each of its lots (S8).

use rust_decimal::Decimal;

use super::admission::value;
use super::exact;
use crate::measure::{Bound, Effect, FactRef, Facts, Limit, Number, Quantity, Subject, Term};
use crate::money::Money;

/// A limit that applies, for one lot or for the whole application.
pub(super) struct Bounded<'a> {
    /// The limit.
    pub(super) limit: &'a Limit,
    /// Its index in the file.
    pub(super) index: usize,
    /// The lot it is tested for.
    pub(super) lot: Option<usize>,
    /// Places whose admitted cost is limited, or components whose aid is.
    pub(super) members: Vec<usize>,
    terms: Terms,
}

/// Amounts of which the tightest counts; none for one whose numbers are not known.
pub(super) struct Terms(Vec<Option<Linear>>);

/// `euro + sum of rate x places`.
struct Linear {
    euro: Decimal,
    shares: Vec<(Decimal, Vec<usize>)>,
}

impl<'a> Bounded<'a> {
    /// The limit in numbers; `places` finds the places under some items (of the lot).
    pub(super) fn new(
        (index, limit): (usize, &'a Limit),
        lot: Option<usize>,
        facts: &Facts<'_>,
        places: impl Fn(&[usize]) -> Vec<usize>,
    ) -> Self {
        let members = match &limit.of {
            Quantity::Cost(items) => places(items),
            Quantity::Aid(components) => {
                let mut members = components.clone();
                members.sort_unstable();
                members.dedup();
                members
            }
        };
        Bounded { limit, index, lot, members, terms: Terms::new(&limit.terms, facts, places) }
    }

    /// Whether it limits cost with this effect.
    pub(super) fn on_cost(&self, effect: Effect) -> bool {
        matches!(self.limit.of, Quantity::Cost(_)) && self.limit.effect == effect
    }

    /// Whether it limits aid.
    pub(super) fn on_aid(&self) -> bool {
        matches!(self.limit.of, Quantity::Aid(_))
    }

    /// Whether a sum keeps it, exactly.
    pub(super) fn keeps(&self, sum: Decimal, admitted: &[Money]) -> bool {
        match self.limit.bound {
            Bound::AtMost => sum <= self.terms.tightest(self.limit.bound, admitted),
            Bound::AtLeast => sum >= self.terms.tightest(self.limit.bound, admitted),
        }
    }

    /// The tightest term in whole cents: cut for a ceiling, raised for a floor.
    pub(super) fn in_cents(&self, admitted: &[Money]) -> Money {
        match self.limit.bound {
            Bound::AtMost => exact::floor_cents(self.terms.tightest(self.limit.bound, admitted)),
            Bound::AtLeast => exact::ceil_cents(self.terms.tightest(self.limit.bound, admitted)),
        }
    }
}

impl Terms {
    /// The terms in numbers.
    pub(super) fn new(terms: &[Term], facts: &Facts<'_>, places: impl Fn(&[usize]) -> Vec<usize>) -> Terms {
        let linear = |term: &Term| {
            let mut shares = Vec::new();
            for (rate, items) in &term.shares {
                shares.extend(by_item(rate, items, facts, &places).ok()?);
            }
            Some(Linear { euro: value(term.euro.signed(facts)).ok()?, shares })
        };
        Terms(terms.iter().map(linear).collect())
    }

    /// The tightest. A term that is not known is as tight as can be: that is cautious.
    fn tightest(&self, bound: Bound, admitted: &[Money]) -> Decimal {
        let of_term = |term: &Linear| {
            let shares =
                term.shares.iter().map(|(rate, places)| exact::product(*rate, cost(places, admitted)));
            exact::sum(term.euro, exact::total(shares))
        };
        let terms = self.0.iter();
        match bound {
            Bound::AtMost => {
                terms.map(|t| t.as_ref().map_or(Decimal::ZERO, of_term)).min().unwrap_or(Decimal::MAX)
            }
            Bound::AtLeast => {
                terms.map(|t| t.as_ref().map_or(Decimal::MAX, of_term)).max().unwrap_or_default()
            }
        }
    }

    /// The tightest ceiling, cut to cents; the largest amount where there is none.
    pub(super) fn most(&self, admitted: &[Money]) -> Money {
        exact::floor_cents(self.tightest(Bound::AtMost, admitted))
    }
}

/// A rate on the places under some items; where it hangs on the item, a rate for each item that has any. An error names the facts that are
/// missing, none where a table has no row.
pub(super) fn by_item(
    rate: &Number,
    items: &[usize],
    facts: &Facts<'_>,
    places: impl Fn(&[usize]) -> Vec<usize>,
) -> Result<Vec<(Decimal, Vec<usize>)>, Vec<FactRef>> {
    let hangs_on_item = |fact: &&FactRef| matches!(fact.subject, Subject::Expense | Subject::Choice);
    if !rate.facts().iter().any(hangs_on_item) {
        return Ok(vec![(value(rate.rate(facts))?, places(items))]);
    }
    let here = items.iter().map(|item| (item, places(&[*item]))).filter(|(_, places)| !places.is_empty());
    here.map(|(item, places)| {
        let facts = facts.under(facts.measure.items[*item].id.as_str());
        Ok((value(rate.rate(&facts))?, places))
    })
    .collect()
}

/// The admitted cost of some places.
pub(super) fn cost(places: &[usize], admitted: &[Money]) -> Decimal {
    places.iter().map(|place| admitted[*place]).sum::<Money>().euro()
}
