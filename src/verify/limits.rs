//! Limits in numbers: one [`Bounded`] for the application or for each of its lots (S8).

use rust_decimal::Decimal;

use super::admission::value;
use super::exact;
use crate::measure::{Bound, Effect, Facts, Limit, Quantity, Term};
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
    /// Its terms; none for a term whose numbers are not known.
    terms: Vec<Option<Linear>>,
}

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
        let linear = |term: &Term| {
            let shares =
                term.shares.iter().map(|(rate, items)| Some((value(rate.rate(facts)).ok()?, places(items))));
            Some(Linear {
                euro: value(term.euro.signed(facts)).ok()?,
                shares: shares.collect::<Option<_>>()?,
            })
        };
        let members = match &limit.of {
            Quantity::Cost(items) => places(items),
            Quantity::Aid(components) => {
                let mut members = components.clone();
                members.sort_unstable();
                members.dedup();
                members
            }
        };
        Bounded { limit, index, lot, members, terms: limit.terms.iter().map(linear).collect() }
    }

    /// Whether it limits cost with this effect.
    pub(super) fn on_cost(&self, effect: Effect) -> bool {
        matches!(self.limit.of, Quantity::Cost(_)) && self.limit.effect == effect
    }

    /// Whether it limits aid.
    pub(super) fn on_aid(&self) -> bool {
        matches!(self.limit.of, Quantity::Aid(_))
    }

    /// The tightest term. A term that is not known is as tight as can be: that is cautious.
    fn tightest(&self, admitted: &[Money]) -> Decimal {
        let of_term = |term: &Linear| {
            let shares =
                term.shares.iter().map(|(rate, places)| exact::product(*rate, cost(places, admitted)));
            exact::sum(term.euro, exact::total(shares))
        };
        let terms = self.terms.iter();
        match self.limit.bound {
            Bound::AtMost => {
                terms.map(|t| t.as_ref().map_or(Decimal::ZERO, of_term)).min().unwrap_or(Decimal::MAX)
            }
            Bound::AtLeast => {
                terms.map(|t| t.as_ref().map_or(Decimal::MAX, of_term)).max().unwrap_or_default()
            }
        }
    }

    /// Whether a sum keeps it, exactly.
    pub(super) fn keeps(&self, sum: Decimal, admitted: &[Money]) -> bool {
        match self.limit.bound {
            Bound::AtMost => sum <= self.tightest(admitted),
            Bound::AtLeast => sum >= self.tightest(admitted),
        }
    }

    /// The tightest term in whole cents: cut for a ceiling, raised for a floor.
    pub(super) fn in_cents(&self, admitted: &[Money]) -> Money {
        match self.limit.bound {
            Bound::AtMost => exact::floor_cents(self.tightest(admitted)),
            Bound::AtLeast => exact::ceil_cents(self.tightest(admitted)),
        }
    }
}

/// The admitted cost of some places.
pub(super) fn cost(places: &[usize], admitted: &[Money]) -> Decimal {
    places.iter().map(|place| admitted[*place]).sum::<Money>().euro()
}
