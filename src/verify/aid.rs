//! Aid: components, trims of aid, and the part of every place (S9, S10).

use rust_decimal::Decimal;

use super::application::Application;
use super::exact;
use super::limits::{self, Bounded};
use crate::measure::{Band, Form, Outcome, Reads, Shape};
use crate::money::Money;
use crate::rounding::Rounding;

/// Decimals of a `per_unit` amount of a line (S9).
const UNIT_DECIMALS: u32 = 6;

/// The aid of an application: one part for each component, in file order.
#[derive(Clone)]
pub(super) struct Aid {
    parts: Vec<Part>,
}

/// One component.
#[derive(Clone)]
struct Part {
    form: Form,
    total: Decimal,
    groups: Vec<Group>,
}

/// The part of a component that falls on one lot; a component that is not a `rate` is one group without lot.
#[derive(Clone)]
struct Group {
    lot: Option<usize>,
    amount: Decimal,
}

impl Aid {
    /// The aid as computed from admitted cost and loan, before any trim.
    pub(super) fn computed(application: &Application<'_>, admitted: &[Money], loan: Money) -> Aid {
        let measure = application.case.measure;
        let mut parts: Vec<Part> = Vec::with_capacity(measure.components.len());
        for (index, component) in measure.components.iter().enumerate() {
            let places = application.places_under(&component.of, None);
            let given = component.when.evaluate(&application.case.facts).holds();
            let facts = &application.case.facts;
            let fixed = |outcome: Outcome| {
                super::admission::value(outcome).ok().filter(|_| given).unwrap_or_default()
            };
            let cost = limits::cost(&places, admitted);
            let total = match &component.shape {
                Shape::Rate { .. } => {
                    parts.push(by_rate(application, index, &places, admitted));
                    continue;
                }
                Shape::PerUnit(_) => {
                    let of_place = |place: &usize| {
                        let line = application.lines.get(*place)?;
                        let full = exact::product(line.factors[index], admitted[*place].euro());
                        exact::cut_quotient(full, line.base.euro(), UNIT_DECIMALS)
                    };
                    exact::total(places.iter().filter_map(of_place))
                }
                _ if !given => Decimal::ZERO,
                Shape::Brackets(bands) => marginal(bands, cost),
                Shape::Tiers(bands) => bands
                    .iter()
                    .find(|band| band.up_to.is_none_or(|end| cost <= end.euro()))
                    .map_or(Decimal::ZERO, |band| exact::product(band.rate.value(), cost)),
                Shape::Steps(steps) => steps
                    .iter()
                    .rfind(|(from, _)| from.euro() <= cost)
                    .map_or(Decimal::ZERO, |(_, a)| a.euro()),
                Shape::Fixed(amount) if cost > Decimal::ZERO => fixed(amount.amount(facts)),
                Shape::Loan(_) => loan.euro(),
                Shape::Fixed(_) => Decimal::ZERO,
                Shape::Share { components, rate } => {
                    let of = components.iter().filter_map(|c| parts.get(*c)).map(|part| part.total);
                    exact::product(fixed(rate.rate(facts)), exact::total(of))
                }
            };
            parts.push(Part {
                form: component.form,
                total,
                groups: vec![Group { lot: None, amount: total }],
            });
        }
        Aid { parts }
    }

    /// The amount of each grant, nothing for what is none.
    pub(super) fn grants(&self) -> Vec<Decimal> {
        let grant = |part: &Part| if part.form == Form::Grant { part.total } else { Decimal::ZERO };
        self.parts.iter().map(grant).collect()
    }

    /// All grants.
    pub(super) fn granted(&self) -> Decimal {
        exact::total(self.grants())
    }

    /// The loans, each cut to cents (S12).
    pub(super) fn lent(&self) -> Money {
        self.in_cents(Form::Loan, Rounding::Down)
    }

    /// The aid in guarantees, each in cents, half up (S12).
    pub(super) fn guaranteed(&self) -> Money {
        self.in_cents(Form::Guarantee, Rounding::HalfUp)
    }

    fn in_cents(&self, form: Form, rounding: Rounding) -> Money {
        let parts = self.parts.iter().filter(|part| part.form == form);
        parts.map(|part| rounding.cents(part.total)).sum()
    }

    /// What a limit that is not a trim reads.
    pub(super) fn read(bounded: &Bounded<'_>, computed: &Aid, capped: &Aid) -> Decimal {
        match bounded.limit.reads {
            Reads::AfterCaps => capped.sum(bounded),
            Reads::Computed => computed.sum(bounded),
        }
    }

    /// The components of a limit, of its lot.
    pub(super) fn sum(&self, bounded: &Bounded<'_>) -> Decimal {
        let of = |component: &usize| {
            let part = &self.parts[*component];
            match bounded.lot {
                None => part.total,
                lot => exact::total(part.groups.iter().filter(|g| g.lot == lot).map(|g| g.amount)),
            }
        };
        exact::total(bounded.members.iter().map(of))
    }

    /// Trims the grants of a set, the last first; whether the limit binds.
    pub(super) fn trim(&mut self, bounded: &Bounded<'_>, admitted: &[Money]) -> bool {
        let sum = self.sum(bounded);
        let most = bounded.in_cents(admitted).euro();
        let mut excess = sum - most;
        for component in bounded.members.iter().rev() {
            if excess <= Decimal::ZERO {
                break;
            }
            excess -= self.parts[*component].take(bounded.lot, excess);
        }
        sum >= most
    }

    /// The weight of every place in the grant (S10): rate x admitted of the `rate` components before any trim, cut to cents; where these
    /// are nothing, what is admitted under any component; else what is admitted.
    pub(super) fn weights(application: &Application<'_>, admitted: &[Money]) -> Vec<Decimal> {
        let places = application.places.iter().zip(admitted);
        let by_rate: Vec<Decimal> = places
            .map(|(place, cost)| exact::floor_cents(exact::product(place.aid_rate, cost.euro())).euro())
            .collect();
        if by_rate.iter().any(|weight| !weight.is_zero()) {
            return by_rate;
        }
        let components = || application.case.measure.components.iter().filter(|c| c.form == Form::Grant);
        let under = |item: usize| components().any(|component| component.of.contains(&item));
        let places = application.places.iter().zip(admitted);
        let covered: Vec<Decimal> =
            places.map(|(place, cost)| if under(place.item) { cost.euro() } else { Decimal::ZERO }).collect();
        if covered.iter().any(|weight| !weight.is_zero()) {
            return covered;
        }
        admitted.iter().map(|cost| cost.euro()).collect()
    }
}

impl Part {
    /// Takes up to so much from the part, of a lot or as a whole; what was taken.
    fn take(&mut self, lot: Option<usize>, excess: Decimal) -> Decimal {
        if self.form != Form::Grant {
            return Decimal::ZERO;
        }
        if lot.is_none() {
            let taken = excess.min(self.total);
            self.total -= taken;
            return taken;
        }
        let Some(group) = self.groups.iter_mut().find(|group| group.lot == lot) else {
            return Decimal::ZERO;
        };
        let taken = excess.min(group.amount);
        group.amount -= taken;
        self.total -= taken;
        taken
    }
}

/// A `rate` component, lot by lot; derived items are the group without lot.
fn by_rate(application: &Application<'_>, component: usize, places: &[usize], admitted: &[Money]) -> Part {
    let lots = (0..application.lots.len()).map(Some).chain([None]);
    let groups: Vec<Group> = lots
        .map(|lot| {
            let here = places.iter().copied().filter(|place| application.places[*place].lot == lot);
            let key = |place: usize| {
                exact::product(application.places[place].factors[component], admitted[place].euro())
            };
            Group { lot, amount: exact::total(here.map(key)) }
        })
        .collect();
    let form = application.case.measure.components[component].form;
    Part { form, total: exact::total(groups.iter().map(|group| group.amount)), groups }
}

/// Each band's rate on the part of the sum inside the band.
fn marginal(bands: &[Band], cost: Decimal) -> Decimal {
    let mut from = Decimal::ZERO;
    let mut aid = Decimal::ZERO;
    for band in bands {
        let until = band.up_to.map_or(cost, |end| end.euro().min(cost));
        aid = exact::sum(aid, exact::product(band.rate.value(), (until - from).max(Decimal::ZERO)));
        from = from.max(until);
    }
    aid
}
