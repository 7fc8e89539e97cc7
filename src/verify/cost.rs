//! Admitted cost: claims, derived items and trims until nothing changes (S7, 1 and 2).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::application::{Application, DerivedItem};
use super::exact;
use super::limits::{self, Bounded};
use crate::ids::RuleId;
use crate::measure::{Cut, Effect, Quantity};
use crate::money::Money;

impl Application<'_> {
    /// Admitted cost by place when some places are dropped.
    pub(super) fn admitted(&self, claims: &[Money], dropped: &[Option<&RuleId>]) -> Vec<Money> {
        let mut amounts = claims.to_vec();
        amounts.resize(self.places.len(), Money::ZERO);
        for (amount, dropped) in amounts.iter_mut().zip(dropped) {
            if dropped.is_some() {
                *amount = Money::ZERO;
            }
        }
        for derived in self.derived.iter().filter(|derived| dropped[derived.place].is_none()) {
            amounts[derived.place] = derived_amount(derived, &amounts);
        }
        let trims = self.trims_in_order();
        loop {
            let before = amounts.clone();
            for derived in &self.derived {
                amounts[derived.place] = amounts[derived.place].min(derived_amount(derived, &amounts));
            }
            for trim in &trims {
                self.trim(trim, &mut amounts);
            }
            // Amounts only ever fall and are never below zero, so this ends.
            if amounts == before {
                return amounts;
            }
        }
    }

    /// Narrowest set first: number of items, per lot before per application, file order.
    fn trims_in_order(&self) -> Vec<&Bounded<'_>> {
        let mut trims: Vec<&Bounded<'_>> = self.bounded.iter().filter(|b| b.on_cost(Effect::Trim)).collect();
        trims.sort_by_key(|bounded| {
            let items = match &bounded.limit.of {
                Quantity::Cost(items) | Quantity::Aid(items) => items.len(),
            };
            (items, bounded.lot.is_none(), bounded.index)
        });
        trims
    }

    fn trim(&self, trim: &Bounded<'_>, amounts: &mut [Money]) {
        let sum: Money = trim.members.iter().map(|place| amounts[*place]).sum();
        let mut excess = sum - trim.in_cents(amounts);
        let mut ranks: BTreeMap<Decimal, Vec<usize>> = BTreeMap::new();
        if excess.is_positive() {
            for &place in &trim.members {
                let rank = match trim.limit.cut {
                    Cut::LowestAidFirst => self.places[place].aid_rate,
                    Cut::ProRata => Decimal::ZERO,
                };
                ranks.entry(rank).or_default().push(place);
            }
        }
        for equals in ranks.values() {
            let weights: Vec<Decimal> = equals.iter().map(|place| amounts[*place].euro()).collect();
            let most: Money = equals.iter().map(|place| amounts[*place]).sum();
            let cut = excess.min(most);
            for (&place, left) in equals.iter().zip(exact::share(most - cut, &weights)) {
                amounts[place] = left;
            }
            excess -= cut;
        }
    }
}

/// What a derived item comes to at most.
fn derived_amount(derived: &DerivedItem, amounts: &[Money]) -> Money {
    exact::floor_cents(exact::product(derived.rate, limits::cost(&derived.of, amounts)))
}
