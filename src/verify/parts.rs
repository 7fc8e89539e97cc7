//! Parts of a splittable expense in several applications (S6): which claims lie side by side, and whether one could be larger.

use super::draws::Asking;
use crate::measure::Claim;
use crate::money::Money;
use crate::portfolio::Expense;

/// Whether an expense may go in parts to several applications: nobody says on which part of it aid received before lies.
pub(super) fn is_divisible(asking: &Asking<'_, '_>, expense: &Expense) -> bool {
    let facts = &asking.application.case.facts;
    let has_aid = facts.portfolio.prior_aids.iter().any(|aid| aid.expense.as_ref() == Some(&expense.id));
    expense.splittable && !has_aid && asking.application.case.measure.claim == Claim::AnyPart
}

/// Whether the claims on an expense, of two applications or more, are parts of it that lie side by side.
pub(super) fn lie_apart(asking: &[Asking<'_, '_>], expense: &Expense) -> bool {
    fit(asking, expense, None)
}

/// Whether they would with a cent more in one of the applications.
pub(super) fn lie_apart_with_a_cent_more(asking: &[Asking<'_, '_>], expense: &Expense, index: usize) -> bool {
    fit(asking, expense, Some(index))
}

fn fit(asking: &[Asking<'_, '_>], expense: &Expense, raised: Option<usize>) -> bool {
    let net = i128::from(expense.net_amount.cents());
    let (mut places, mut taken) = (0, 0);
    for (index, of) in asking.iter().enumerate() {
        let lines = of.application.lines.iter().zip(of.claims);
        for (line, claim) in lines.filter(|(line, _)| line.expense.id == expense.id) {
            if !is_divisible(of, expense) {
                return false;
            }
            let claim = if raised == Some(index) { *claim + Money::CENT } else { *claim };
            places += 1;
            taken += part(i128::from(claim.cents()), net, i128::from(line.base.cents()));
        }
    }
    places > 1 && taken <= net
}

/// The fewest cents of the net amount that are at least as much of it as the claim is of the base.
fn part(claim: i128, net: i128, base: i128) -> i128 {
    let cut = claim * net / base.max(1);
    if cut * base < claim * net { cut + 1 } else { cut }
}
