//! Components of aid as expressions over what is admitted (S9).
//!
//! Rates, amounts per unit and shares are linear and need neither columns nor rows; brackets, tiers, steps, fixed amounts and loans have
//! files of their own. As in the authority's computation each component has a part for every lot, and a last one for derived items
//! and for what is not paid line by line.

use rust_decimal::{Decimal, RoundingStrategy};

use super::draft::Draft;
use super::expression::Expression;
use super::{bands, brackets, fixed, loan};
use crate::eligibility::{Component, Payout};
use crate::measure::Form;

/// Most decimals of a coefficient: exact bounds are computed in integers.
const DECIMALS: u32 = 9;

/// The components of an application before trims.
pub(super) struct Aid {
    /// By component, then lot, the rest last.
    pub(super) parts: Vec<Vec<Expression>>,
    /// The most by which each component lies above the truth: aid per unit is cut at six decimals.
    over: Vec<Decimal>,
    /// The same for all of them together.
    pub(super) above: Decimal,
}

impl Aid {
    /// A component altogether.
    pub(super) fn component(&self, component: usize) -> Expression {
        self.parts[component].iter().cloned().sum()
    }

    /// The most by which some components lie above the truth.
    pub(super) fn above(&self, components: impl Iterator<Item = usize>) -> Decimal {
        components.map(|component| self.over[component]).sum()
    }
}

/// Writes the components down; `exact` where they must not be understated either (no dodging).
pub(super) fn aid(draft: &mut Draft<'_>, at: usize, exact: bool) -> Aid {
    let application = &draft.applications[at];
    let lots = application.lots.len();
    let most = draft.reach[at].components(application);
    let mut aid = Aid { parts: Vec::with_capacity(most.len()), over: Vec::new(), above: Decimal::ZERO };
    for component in &application.components {
        let mut part = vec![Expression::default(); lots + 1];
        let mut over = Decimal::ZERO;
        // What is not a grant takes room from grants: understated it would help.
        let exactly = exact || component.form != Form::Grant;
        match &component.payout {
            Payout::Rate(rates) => {
                for (entry, rate) in component.of.iter().zip(rates) {
                    let lot = application.lines.get(*entry).map_or(lots, |line| line.lot);
                    part[lot] += Expression::column(draft.entry(at, *entry)) * *rate;
                }
            }
            Payout::PerUnit(full) => {
                over = per_unit(draft, at, component, full, &mut part);
            }
            Payout::Brackets(list) => part[lots] = brackets::payout(draft, at, component, list, exactly),
            Payout::Tiers(list) => part[lots] = bands::tiers(draft, at, component, list),
            Payout::Steps(list) => part[lots] = bands::steps(draft, at, component, list),
            Payout::Fixed(amount) => part[lots] = fixed::payout(draft, at, component, *amount, exactly),
            Payout::Loan(loan) => part[lots] = loan::payout(draft, at, component, loan, exact),
            Payout::Share { components, rate } => {
                over = aid.above(components.iter().copied()) * *rate;
                part[lots] = components.iter().map(|c| aid.component(*c)).sum::<Expression>() * *rate;
            }
        }
        aid.parts.push(part);
        aid.over.push(over);
        aid.above += over;
    }
    aid
}

/// Aid per unit: the amount for the whole base times the admitted share of it, the coefficient rounded up. Returns by how much
/// that lies above the truth at most.
fn per_unit(
    draft: &Draft<'_>,
    at: usize,
    component: &Component,
    full: &[Decimal],
    part: &mut [Expression],
) -> Decimal {
    let mut above = Decimal::ZERO;
    for (entry, amount) in component.of.iter().zip(full) {
        if let Some(line) = draft.applications[at].lines.get(*entry) {
            let exact = *amount / line.base.euro();
            let coefficient = exact.round_dp_with_strategy(DECIMALS, RoundingStrategy::ToPositiveInfinity);
            part[line.lot] += Expression::column(draft.entry(at, *entry)) * coefficient;
            above += Decimal::new(1, DECIMALS) * draft.reach[at].entry(*entry) + Decimal::new(1, 6);
        }
    }
    above
}
