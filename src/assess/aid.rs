//! Aid: components from admitted cost, then caps, then what refuses (S9).

use rust_decimal::Decimal;

use super::{compare, edge, is_claimed, sum};
use crate::eligibility::{AidLimit, Application, Payout};
use crate::ids::RuleId;
use crate::measure::{Band, Bound, Effect, Form, Reads};
use crate::money::Money;
use crate::rounding::Rounding;

/// Exact amounts of the components, in euro: what each pays for each lot, and a ceiling on each that caps have set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amounts {
    /// By component, then lot; derived items and what is not paid line by line stand last.
    parts: Vec<Vec<Decimal>>,
    /// The most each component pays, where a cap for the application has set it.
    ceilings: Vec<Option<Decimal>>,
}

impl Amounts {
    /// The amount of each component.
    pub(super) fn values(&self) -> Vec<Decimal> {
        (0..self.parts.len()).map(|component| self.value(component)).collect()
    }

    fn value(&self, component: usize) -> Decimal {
        let computed: Decimal = self.parts[component].iter().sum();
        self.ceilings[component].map_or(computed, |ceiling| computed.min(ceiling))
    }

    /// The components of a form together.
    pub(super) fn of_form(&self, application: &Application, form: Form) -> Decimal {
        let components = application.components.iter().enumerate();
        components.filter(|(_, c)| c.form == form).map(|(at, _)| self.value(at)).sum()
    }

    /// The same without what is not a grant.
    pub(super) fn only_grants(mut self, application: &Application) -> Amounts {
        for (part, component) in self.parts.iter_mut().zip(&application.components) {
            if component.form != Form::Grant {
                part.fill(Decimal::ZERO);
            }
        }
        self
    }

    /// What a limit reads: its components, in its lot or altogether.
    fn read(&self, limit: &AidLimit) -> Decimal {
        limit
            .of
            .iter()
            .map(|component| match limit.lot {
                Some(lot) => self.parts[*component][lot],
                None => self.value(*component),
            })
            .sum()
    }
}

/// What becomes of the application after its aid is computed.
pub(super) enum Verdict {
    /// It is granted what was computed.
    Granted,
    /// A rule rejects it.
    Rejected(RuleId),
    /// A rule drops one of its lots.
    Dropped(usize, RuleId),
}

/// The components as computed from admitted cost, with so much lent.
pub(super) fn compute(application: &Application, admitted: &[Money], lent: Money) -> Amounts {
    let lots = application.lots.len();
    let mut parts: Vec<Vec<Decimal>> = Vec::with_capacity(application.components.len());
    for component in &application.components {
        let total = sum(admitted, &component.of);
        let mut part = vec![Decimal::ZERO; lots + 1];
        match &component.payout {
            Payout::Rate(rates) => {
                let lot = |entry: usize| application.lines.get(entry).map_or(lots, |line| line.lot);
                // Costs of one rate that stand together are added up before they are multiplied: it is exact either way.
                let mut rated = component.of.iter().zip(rates).peekable();
                while let Some((first, rate)) = rated.next() {
                    let mut cost = admitted[*first];
                    while let Some((next, _)) =
                        rated.next_if(|(next, other)| *other == rate && lot(**next) == lot(*first))
                    {
                        cost += admitted[*next];
                    }
                    part[lot(*first)] += *rate * cost.euro();
                }
            }
            Payout::PerUnit(full) => {
                for (entry, amount) in component.of.iter().zip(full) {
                    if let Some(line) = application.lines.get(*entry) {
                        let share = *amount * admitted[*entry].euro() / line.base.euro();
                        part[line.lot] += share.trunc_with_scale(6);
                    }
                }
            }
            Payout::Brackets(bands) => part[lots] = brackets(bands, total),
            Payout::Tiers(bands) => {
                let band = bands.iter().find(|band| band.up_to.is_none_or(|end| total <= end));
                part[lots] = band.map_or(Decimal::ZERO, |band| band.rate.of(total));
            }
            Payout::Steps(steps) => {
                let step = steps.iter().rev().find(|(from, _)| total >= *from);
                part[lots] = step.map_or(Decimal::ZERO, |(_, amount)| amount.euro());
            }
            Payout::Fixed(amount) => {
                if total.is_positive() {
                    part[lots] = *amount;
                }
            }
            Payout::Loan(_) => part[lots] = lent.euro(),
            Payout::Share { components, rate } => {
                let base: Decimal = components.iter().flat_map(|c| parts[*c].iter()).sum();
                part[lots] = *rate * base;
            }
        }
        parts.push(part);
    }
    let ceilings = vec![None; parts.len()];
    Amounts { parts, ceilings }
}

/// Each band's rate on the part of the total inside the band.
fn brackets(bands: &[Band], total: Money) -> Decimal {
    let mut from = Money::ZERO;
    let mut aid = Decimal::ZERO;
    for band in bands {
        let to = band.up_to.map_or(total, |end| end.min(total));
        if to > from {
            aid += band.rate.of(to - from);
            from = to;
        }
    }
    aid
}

/// The components after every trim: a trim takes from the last grant of its set first (S12: what is lent or guaranteed counts, and is not
/// cut).
pub(super) fn cap(application: &Application, admitted: &[Money], aid: Amounts) -> Amounts {
    let trims = trims(application);
    cap_by(application, &trims, admitted, aid)
}

/// The grant in whole cents, before pools.
pub(super) fn grants(application: &Application, capped: &Amounts) -> Money {
    application.rounding.cents(capped.of_form(application, Form::Grant))
}

/// The trims of aid in the order they act: per lot first, narrow sets first, then file order.
fn trims(application: &Application) -> Vec<&AidLimit> {
    let mut trims: Vec<&AidLimit> =
        application.aid_limits.iter().filter(|limit| limit.effect == Effect::Trim).collect();
    trims.sort_by_key(|limit| (limit.lot.is_none(), limit.of.len()));
    trims
}

/// Whether caps keep clear of each other: of two that overlap, the one that acts first cuts nothing that the other does not hold. Then
/// they leave the most grants there can be, and more grants before them are never less after them.
pub fn caps_are_nested(application: &Application) -> bool {
    let trims = trims(application);
    let grants = |limit: &AidLimit| -> Vec<usize> {
        let of = limit.of.iter().copied();
        of.filter(|component| application.components[*component].form == Form::Grant).collect()
    };
    trims.iter().enumerate().all(|(acting, first)| {
        trims[acting + 1..].iter().all(|later| {
            let elsewhere = first.lot.is_some() && later.lot.is_some() && first.lot != later.lot;
            let (inner, outer) = (grants(first), grants(later));
            elsewhere || apart(&inner, &outer) || within(&inner, &outer)
        })
    })
}

/// Whether what a cap takes from one component for another never lowers a sum: no cap overlaps the set without standing inside it.
pub fn is_whole_to_caps(application: &Application, of: &[usize]) -> bool {
    trims(application).iter().all(|cap| apart(&cap.of, of) || within(&cap.of, of))
}

fn apart(one: &[usize], other: &[usize]) -> bool {
    !one.iter().any(|component| other.contains(component))
}

fn within(inner: &[usize], outer: &[usize]) -> bool {
    inner.iter().all(|component| outer.contains(component))
}

fn cap_by(application: &Application, trims: &[&AidLimit], admitted: &[Money], mut aid: Amounts) -> Amounts {
    for limit in trims {
        let most = edge(&limit.terms, Bound::AtMost, admitted).euro();
        let mut excess = aid.read(limit) - most;
        let grants = limit.of.iter().filter(|c| application.components[**c].form == Form::Grant);
        for component in grants.rev() {
            if excess <= Decimal::ZERO {
                break;
            }
            if let Some(lot) = limit.lot {
                let taken = excess.min(aid.parts[*component][lot]);
                aid.parts[*component][lot] -= taken;
                excess -= taken;
            } else {
                let value = aid.value(*component);
                let taken = excess.min(value);
                aid.ceilings[*component] = Some(value - taken);
                excess -= taken;
            }
        }
    }
    aid
}

/// The first limit on aid that rejects the application or drops a lot.
pub(super) fn judge(
    application: &Application,
    claims: &[Money],
    admitted: &[Money],
    computed: &Amounts,
    capped: &Amounts,
) -> Verdict {
    let judging = application.aid_limits.iter().filter(|limit| limit.effect != Effect::Trim);
    for limit in judging.filter(|limit| is_claimed(application, claims, limit.lot)) {
        let read = match limit.reads {
            Reads::AfterCaps => capped.read(limit),
            Reads::Computed => computed.read(limit),
        };
        if compare(read, limit.bound, &limit.terms, admitted) {
            continue;
        }
        return match (limit.effect, limit.lot) {
            (Effect::Drop, Some(lot)) => Verdict::Dropped(lot, limit.rule.id.clone()),
            _ => Verdict::Rejected(limit.rule.id.clone()),
        };
    }
    Verdict::Granted
}

/// Limits on aid that bind: a trim when the aid before it is at least its term, another when both are equal.
pub(super) fn binding(
    application: &Application,
    claims: &[Money],
    admitted: &[Money],
    computed: &Amounts,
) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = Vec::new();
    let trims = trims(application);
    for limit in &application.aid_limits {
        let before = match (limit.effect, limit.reads) {
            // A trim reads what the trims before it have left.
            (Effect::Trim, _) => {
                let earlier = trims.iter().position(|trim| std::ptr::eq(*trim, limit)).unwrap_or_default();
                cap_by(application, &trims[..earlier], admitted, computed.clone())
            }
            (_, Reads::AfterCaps) => cap(application, admitted, computed.clone()),
            (_, Reads::Computed) => computed.clone(),
        };
        let aid = before.read(limit);
        let edge = edge(&limit.terms, limit.bound, admitted).euro();
        let binds = match limit.effect {
            Effect::Trim => aid >= edge,
            Effect::Reject | Effect::Drop | Effect::Warn => aid == edge,
        };
        if binds && is_claimed(application, claims, limit.lot) && rules.last() != Some(&limit.rule.id) {
            rules.push(limit.rule.id.clone());
        }
    }
    rules
}

/// What the grant is shared over entries by (S10): rate x admitted of the rate components; where these pay nothing, what is
/// admitted under any grant component; else what is admitted.
pub fn weights(application: &Application, admitted: &[Money]) -> Vec<Money> {
    let paid: Vec<Money> = (0..admitted.len())
        .map(|entry| Rounding::Down.cents(application.aid_rate(entry) * admitted[entry].euro()))
        .collect();
    if paid.iter().any(|weight| weight.is_positive()) {
        return paid;
    }
    let under: Vec<Money> = (0..admitted.len())
        .map(|entry| {
            let mut grants = application.components.iter().filter(|c| c.form == Form::Grant);
            let covered = grants.any(|c| c.of.contains(&entry));
            if covered { admitted[entry] } else { Money::ZERO }
        })
        .collect();
    if under.iter().any(|weight| weight.is_positive()) { under } else { admitted.to_vec() }
}
