//! Caps: trims of aid, for the application and per lot (S9).
//!
//! Sets: limits `i` on aid with `effect = "trim"`, components `of[i]`, terms `t` with fixed part `c[t]` and rates `r[t,e]`; *classes* of
//! components that the same limits name. Variables: admitted `x[e]`, apply `y`; for a class `k` its aid after caps `v[k]`, for a class `j` of
//! a lot with caps its part `q[j]`; `E` the aid before.
//!
//! ```text
//! q[j] <= E[j]                                              in lots with caps of their own
//! sum over j in of[i]: q[j] <= c[t] y + sum over e: r[t,e] x[e]     for every t of a cap per lot
//! v[k] <= sum over j in k: q[j] + E of the rest of k
//! sum over k in of[i]: v[k] <= c[t] y + sum over e: r[t,e] x[e]     for every t of a cap for the application
//! ```
//!
//! Where every cap for the application names all components and no test reads the aid after caps, the grant itself stands for the only
//! class. The authority takes from the last component first; between sets that overlap without one holding the other, the
//! model may share a cut better, and is then only a relaxation.

use rust_decimal::Decimal;

use super::draft::Draft;
use super::expression::Expression;
use super::grant::rounding_slack;
use super::payout::Aid;
use super::trim::ceiling;
use crate::eligibility::AidLimit;
use crate::measure::{Effect, Reads};
use crate::program::Kind;

const FAMILY: &str = "caps";

/// Components with one sum.
pub(super) struct Class {
    components: Vec<usize>,
    /// Its aid.
    pub(super) aid: Expression,
}

/// Aid after caps.
pub(super) struct Capped {
    /// For the application.
    pub(super) classes: Vec<Class>,
    /// By lot.
    lots: Vec<Vec<Class>>,
    /// Whether the caps for the application act on the grant column itself.
    pub(super) on_grant: bool,
}

impl Capped {
    /// What a limit reads.
    pub(super) fn read(&self, limit: &AidLimit) -> Expression {
        let classes = limit.lot.map_or(&self.classes, |lot| &self.lots[lot]);
        let named = |class: &&Class| class.components.iter().any(|c| limit.of.contains(c));
        classes.iter().filter(named).map(|class| class.aid.clone()).sum()
    }

    /// The aid altogether.
    pub(super) fn total(&self) -> Expression {
        self.classes.iter().map(|class| class.aid.clone()).sum()
    }
}

/// Writes the caps down.
pub(super) fn caps(draft: &mut Draft<'_>, at: usize, aid: &Aid) -> Capped {
    let application = &draft.applications[at];
    let most = draft.reach[at].components(application);
    let paying: Vec<usize> = (0..most.len()).filter(|c| !most[*c].is_zero()).collect();
    let limits: Vec<&AidLimit> = application.aid_limits.iter().filter(|l| reads_caps(l)).collect();
    let overall: Vec<&AidLimit> = limits.iter().copied().filter(|l| l.lot.is_none()).collect();
    let caps = overall.iter().any(|l| l.effect == Effect::Trim);
    let everything = |l: &&AidLimit| paying.iter().all(|c| l.of.contains(c));
    let on_grant = overall.iter().all(|l| l.effect == Effect::Trim && everything(l));

    let groups = classes(&paying, &overall);
    let mut lots: Vec<Vec<Class>> = Vec::with_capacity(application.lots.len());
    for lot in 0..application.lots.len() {
        lots.push(lot_classes(draft, at, aid, &groups, lot));
    }
    let mut found = Vec::with_capacity(groups.len());
    for (number, components) in groups.into_iter().enumerate() {
        let in_lots = lots.iter().flatten().filter(|class| components.contains(&class.components[0]));
        let mut sum: Expression = in_lots.map(|class| class.aid.clone()).sum();
        let rest = application.lots.len();
        sum += components.iter().map(|c| aid.parts[*c][rest].clone()).sum();
        if caps && !on_grant {
            sum = column(draft, at, &format!("class,{}", number + 1), &components, sum);
        }
        found.push(Class { components, aid: sum });
    }
    let capped = Capped { classes: found, lots, on_grant };
    for limit in application.aid_limits.iter().filter(|l| l.effect == Effect::Trim) {
        for (number, term) in limit.terms.iter().enumerate() {
            let label = draft.term_label(at, &limit.rule.id, limit.lot, limit.terms.len(), number);
            let left = if on_grant && limit.lot.is_none() {
                let slack = draft.made(at) * rounding_slack(application.rounding);
                Expression::column(draft.columns[at].grant) - slack
            } else {
                capped.read(limit)
            };
            let gate = draft.gate(at, limit.lot);
            ceiling(draft, at, FAMILY, &label, left, term, &gate);
        }
    }
    capped
}

/// Whether a limit sets the aid after caps or reads it.
fn reads_caps(limit: &AidLimit) -> bool {
    limit.effect == Effect::Trim || limit.reads == Reads::AfterCaps
}

/// Components by the limits that name them.
fn classes(components: &[usize], limits: &[&AidLimit]) -> Vec<Vec<usize>> {
    let mut classes: Vec<(Vec<bool>, Vec<usize>)> = Vec::new();
    for component in components {
        let named: Vec<bool> = limits.iter().map(|limit| limit.of.contains(component)).collect();
        match classes.iter_mut().find(|(other, _)| *other == named) {
            Some((_, class)) => class.push(*component),
            None => classes.push((named, vec![*component])),
        }
    }
    classes.into_iter().map(|(_, class)| class).collect()
}

/// The classes of a lot, each within one class of the application.
fn lot_classes(draft: &mut Draft<'_>, at: usize, aid: &Aid, groups: &[Vec<usize>], lot: usize) -> Vec<Class> {
    let limits = &draft.applications[at].aid_limits;
    let limits: Vec<&AidLimit> = limits.iter().filter(|l| l.lot == Some(lot) && reads_caps(l)).collect();
    let caps = limits.iter().any(|l| l.effect == Effect::Trim);
    let mut found = Vec::new();
    for components in groups.iter().flat_map(|group| classes(group, &limits)) {
        let mut sum: Expression = components.iter().map(|c| aid.parts[*c][lot].clone()).sum();
        let named = limits.iter().any(|l| l.of.contains(&components[0]));
        if caps && named && !sum.is_zero() {
            let label = format!("lot,{},{}", lot + 1, found.len() + 1);
            sum = column(draft, at, &label, &components, sum);
        }
        found.push(Class { components, aid: sum });
    }
    found
}

/// A column for aid after caps, at most the aid before.
fn column(
    draft: &mut Draft<'_>,
    at: usize,
    label: &str,
    components: &[usize],
    before: Expression,
) -> Expression {
    let most = draft.highest(&before).max(Decimal::ZERO);
    let first = draft.applications[at].components[components[0]].rule.id.as_str();
    let label = format!("{first},{label}");
    let after = Expression::column(draft.helper(at, Kind::Real, "capped", &label, most));
    let name = draft.name(at, FAMILY, &[&label]);
    draft.at_most(FAMILY, name, after.clone(), before);
    after
}
