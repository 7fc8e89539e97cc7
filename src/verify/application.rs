//! One application as the authority sees it, and what it makes of the claims (S7 to S9).

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::admission::{self, Line};
use super::aid::Aid;
use super::counts;
use super::exact;
use super::ground::Case;
use super::limits::{self, Bounded};
use super::loan::Lending;
use crate::ids::{LotId, RuleId};
use crate::measure::{Companion, Effect, Facts, Form, ItemKind, Per, Shape, Truth};
use crate::money::Money;

/// Where cost is admitted: a line, or a derived item.
pub(super) struct Place {
    /// Its item, as an index.
    pub(super) item: usize,
    /// Its lot, as an index; derived items belong to none.
    pub(super) lot: Option<usize>,
    /// For each component, as in [`Line::factors`].
    pub(super) factors: Vec<Decimal>,
    /// The sum of its rates of grant with premiums: what a cut looks at, and what the grant is shared by.
    pub(super) aid_rate: Decimal,
}

/// A derived item in numbers.
pub(super) struct DerivedItem {
    /// Its place.
    pub(super) place: usize,
    /// Its rate.
    pub(super) rate: Decimal,
    /// The places it is taken on.
    pub(super) of: Vec<usize>,
}

/// A project's application to a measure, before anything is claimed.
pub(super) struct Application<'a> {
    /// Project and measure.
    pub(super) case: &'a Case<'a>,
    /// Its lines, by expense.
    pub(super) lines: Vec<&'a Line<'a>>,
    /// The places of its lines, then those of derived items in effect, in file order.
    pub(super) places: Vec<Place>,
    /// Lots of its lines; expenses without lot are one of their own, the first.
    pub(super) lots: Vec<Option<&'a LotId>>,
    /// Derived items, in file order.
    pub(super) derived: Vec<DerivedItem>,
    /// Limits that apply, in file order, each lot by lot.
    pub(super) bounded: Vec<Bounded<'a>>,
    /// Limits that only tell, in file order.
    pub(super) warnings: Vec<Bounded<'a>>,
    /// Companions, with the places that need company, those they need, and the amount.
    companions: Vec<(&'a Companion, Vec<usize>, Vec<usize>, Decimal)>,
    /// What is lent, if anything is.
    pub(super) lending: Option<Lending>,
}

/// What the authority makes of claims.
pub(super) struct Assessed<'a> {
    /// Admitted cost by place.
    pub(super) admitted: Vec<Money>,
    /// The rule that dropped a place, if one did.
    pub(super) dropped: Vec<Option<&'a RuleId>>,
    /// The aid.
    pub(super) aid: Aid,
    /// The grant before anything is drawn on.
    pub(super) grant: Money,
    /// The loan.
    pub(super) loan: Money,
    /// The aid in guarantees.
    pub(super) esl: Money,
    /// For each of [`Application::bounded`], whether it binds.
    pub(super) binding: Vec<bool>,
}

impl<'a> Application<'a> {
    /// The application with these lines, which are in the order of their expenses.
    pub(super) fn new(case: &'a Case<'a>, lines: Vec<&'a Line<'a>>) -> Self {
        let (measure, facts) = (case.measure, case.facts);
        let lots: BTreeSet<Option<&LotId>> = lines.iter().map(|line| line.expense.lot.as_ref()).collect();
        let lots: Vec<Option<&LotId>> = lots.into_iter().collect();
        let aid_rate = |factors: &[Decimal]| {
            let rates = measure.components.iter().zip(factors);
            let paid = rates.filter(|(c, _)| c.form == Form::Grant && matches!(c.shape, Shape::Rate { .. }));
            exact::total(paid.map(|(_, factor)| *factor))
        };
        let mut places: Vec<Place> = lines
            .iter()
            .map(|line| Place {
                item: line.item,
                lot: lots.binary_search(&line.expense.lot.as_ref()).ok(),
                factors: line.factors.clone(),
                aid_rate: aid_rate(&line.factors),
            })
            .collect();
        for (item, heading) in measure.items.iter().enumerate() {
            if let ItemKind::Derived(derived) = &heading.kind
                && derived.when.evaluate(&facts).holds()
            {
                let facts = facts.under(heading.id.as_str());
                let factor = |c| admission::factor(c, &facts, item).unwrap_or_default();
                let factors: Vec<Decimal> = measure.components.iter().map(factor).collect();
                places.push(Place { item, lot: None, aid_rate: aid_rate(&factors), factors });
            }
        }
        let mut application = Application {
            case,
            lines,
            places,
            lots,
            derived: Vec::new(),
            bounded: Vec::new(),
            warnings: Vec::new(),
            companions: Vec::new(),
            lending: None,
        };
        application.derived = application.derived_items();
        (application.warnings, application.bounded) =
            application.limits().into_iter().partition(|bounded| bounded.limit.effect == Effect::Warn);
        application.companions = application.companions();
        application.lending = Lending::of(&application);
        application
    }

    /// The places under some items, of one lot or of all.
    pub(super) fn places_under(&self, items: &[usize], lot: Option<usize>) -> Vec<usize> {
        let here = |place: &Place| items.contains(&place.item) && (lot.is_none() || place.lot == lot);
        (0..self.places.len()).filter(|index| here(&self.places[*index])).collect()
    }

    fn derived_items(&self) -> Vec<DerivedItem> {
        let facts = &self.case.facts;
        let derived = self.places.iter().enumerate().filter_map(|(place, at)| {
            let ItemKind::Derived(derived) = &self.case.measure.items[at.item].kind else { return None };
            let rate = admission::value(derived.rate.rate(facts)).unwrap_or_default();
            let mut of = self.places_under(&derived.of, None);
            // Where aid is not paid on a cost, neither is it on what is derived from it.
            of.retain(|place| self.lines.get(*place).is_none_or(|line| line.aided));
            Some(DerivedItem { place, rate, of })
        });
        derived.collect()
    }

    fn limits(&self) -> Vec<Bounded<'a>> {
        let mut bounded = Vec::new();
        for (index, limit) in self.case.measure.limits.iter().enumerate() {
            let scopes: Vec<(Option<usize>, Facts<'_>)> = match limit.per {
                Per::Application => vec![(None, self.case.facts)],
                Per::Lot => (0..self.lots.len()).map(|lot| (Some(lot), self.facts_of_lot(lot))).collect(),
            };
            for (lot, facts) in scopes {
                if limit.when.evaluate(&facts) != Truth::False {
                    let places = |items: &[usize]| self.places_under(items, lot);
                    bounded.push(Bounded::new((index, limit), lot, &facts, places));
                }
            }
        }
        bounded
    }

    /// Lot facts are columns of its expenses, equal within the lot: any of them answers.
    fn facts_of_lot(&self, lot: usize) -> Facts<'a> {
        let line = self.lines.iter().zip(&self.places).find(|(_, place)| place.lot == Some(lot));
        line.map_or(self.case.facts, |(line, _)| self.case.facts.about(line.expense))
    }

    fn companions(&self) -> Vec<(&'a Companion, Vec<usize>, Vec<usize>, Decimal)> {
        let companions = self.case.measure.companions.iter().map(|companion| {
            // Without a figure nothing is enough: cautious.
            let needed =
                admission::value(companion.at_least.amount(&self.case.facts)).unwrap_or(Decimal::MAX);
            let items = self.places_under(&companion.items, None);
            (companion, items, self.places_under(&companion.with, None), needed)
        });
        companions.collect()
    }

    /// What the authority makes of these claims, one for each line; an error is the rule that rejects the application.
    pub(super) fn assess(&self, claims: &[Money]) -> Result<Assessed<'a>, &'a RuleId> {
        let mut dropped: Vec<Option<&RuleId>> = vec![None; self.places.len()];
        loop {
            let admitted = self.admitted(claims, &dropped);
            if self.drop_cost(&admitted, &mut dropped) {
                continue;
            }
            self.reject_cost(&admitted, &dropped)?;
            counts::within_application(self, &admitted)?;
            let loan = self.lending.as_ref().map_or(Money::ZERO, |lending| lending.lent(self, &admitted));
            let computed = Aid::computed(self, &admitted, loan);
            let mut binding = self.binding_costs(&admitted, &dropped);
            let aid = self.trimmed(&computed, &admitted, &mut binding);
            if self.test_aid(&computed, &aid, &admitted, &mut dropped, &mut binding)? {
                continue;
            }
            let (grant, loan, esl) = (self.in_cents(&aid), aid.lent(), aid.guaranteed());
            return Ok(Assessed { admitted, dropped, aid, grant, loan, esl, binding });
        }
    }

    /// The aid after every trim; notes which trims bind.
    fn trimmed(&self, computed: &Aid, admitted: &[Money], binding: &mut [bool]) -> Aid {
        let mut aid = computed.clone();
        for index in self.aid_trims_in_order() {
            binding[index] = aid.trim(&self.bounded[index], admitted);
        }
        aid
    }

    /// The grants as they would be published.
    fn in_cents(&self, aid: &Aid) -> Money {
        self.case.measure.rounding.cents(aid.granted()).min(Money::LARGEST)
    }

    /// The grants when so much is lent (S12).
    pub(super) fn grants_beside(&self, loan: Money, admitted: &[Money]) -> Money {
        let computed = Aid::computed(self, admitted, loan);
        self.in_cents(&self.trimmed(&computed, admitted, &mut vec![false; self.bounded.len()]))
    }

    /// Trims of aid, as indices: lots first, then the application, in each the narrowest set first, then file order (S9).
    fn aid_trims_in_order(&self) -> Vec<usize> {
        let trims = |index: &usize| {
            let bounded = &self.bounded[*index];
            bounded.on_aid() && bounded.limit.effect == Effect::Trim
        };
        let mut order: Vec<usize> = (0..self.bounded.len()).filter(trims).collect();
        order.sort_by_key(|&index| (self.bounded[index].lot.is_none(), self.bounded[index].members.len()));
        order
    }

    /// Whether a lot still has a line that is not dropped; the application always counts.
    fn stands(&self, bounded: &Bounded<'_>, dropped: &[Option<&RuleId>]) -> bool {
        bounded.lot.is_none()
            || self.places.iter().zip(dropped).any(|(p, dropped)| p.lot == bounded.lot && dropped.is_none())
    }

    /// The first failing drop of cost in file order, companions last (S7, 3); whether there was one.
    fn drop_cost(&self, admitted: &[Money], dropped: &mut [Option<&'a RuleId>]) -> bool {
        for bounded in self.bounded.iter().filter(|b| b.on_cost(Effect::Drop)) {
            if self.stands(bounded, dropped)
                && !bounded.keeps(limits::cost(&bounded.members, admitted), admitted)
            {
                let places = match bounded.lot {
                    Some(_) => self.places_of_lot(bounded.lot),
                    // Derived items are no one's claim: they fall with their set.
                    None => bounded.members.iter().copied().filter(|m| *m < self.lines.len()).collect(),
                };
                if drop_places(dropped, &places, &bounded.limit.rule.id) {
                    return true;
                }
            }
        }
        self.companions.iter().any(|(companion, items, with, needed)| {
            limits::cost(with, admitted) < *needed && drop_places(dropped, items, &companion.rule.id)
        })
    }

    fn places_of_lot(&self, lot: Option<usize>) -> Vec<usize> {
        (0..self.places.len()).filter(|index| self.places[*index].lot == lot).collect()
    }

    /// The first failing reject of cost (S7, 4).
    fn reject_cost(&self, admitted: &[Money], dropped: &[Option<&RuleId>]) -> Result<(), &'a RuleId> {
        let rejects = self.bounded.iter().filter(|b| b.on_cost(Effect::Reject) && self.stands(b, dropped));
        for bounded in rejects {
            if !bounded.keeps(limits::cost(&bounded.members, admitted), admitted) {
                return Err(&bounded.limit.rule.id);
            }
        }
        Ok(())
    }

    fn binding_costs(&self, admitted: &[Money], dropped: &[Option<&RuleId>]) -> Vec<bool> {
        let binds = |bounded: &Bounded<'_>| {
            !bounded.on_aid()
                && self.stands(bounded, dropped)
                && limits::cost(&bounded.members, admitted) == bounded.in_cents(admitted).euro()
        };
        self.bounded.iter().map(binds).collect()
    }

    /// Floors and ceilings of aid after the trims, in file order (S9); true where a drop makes S7 start again.
    fn test_aid(
        &self,
        computed: &Aid,
        capped: &Aid,
        admitted: &[Money],
        dropped: &mut [Option<&'a RuleId>],
        binding: &mut [bool],
    ) -> Result<bool, &'a RuleId> {
        for (index, bounded) in self.bounded.iter().enumerate() {
            if !bounded.on_aid() || bounded.limit.effect == Effect::Trim || !self.stands(bounded, dropped) {
                continue;
            }
            let sum = Aid::read(bounded, computed, capped);
            binding[index] = sum == bounded.in_cents(admitted).euro();
            if bounded.keeps(sum, admitted) {
                continue;
            }
            let rule = &bounded.limit.rule.id;
            let places = match bounded.lot {
                Some(_) => self.places_of_lot(bounded.lot),
                None => self.places_aided(&bounded.members),
            };
            if bounded.limit.effect == Effect::Reject {
                return Err(rule);
            }
            if drop_places(dropped, &places, rule) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn places_aided(&self, components: &[usize]) -> Vec<usize> {
        let of = |component: &usize| self.case.measure.components[*component].of.iter().copied();
        self.places_under(&components.iter().flat_map(of).collect::<Vec<usize>>(), None)
    }
}

/// Drops places that still stand; whether there were any.
fn drop_places<'a>(dropped: &mut [Option<&'a RuleId>], places: &[usize], rule: &'a RuleId) -> bool {
    let mut any = false;
    for place in places {
        if dropped[*place].is_none() {
            dropped[*place] = Some(rule);
            any = true;
        }
    }
    any
}
