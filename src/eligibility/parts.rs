//! Parts: how claims on one expense stand beside each other (S6).
//!
//! A splittable expense may go in parts to several applications of which each takes any part. A claim takes the part `claim / base` of the
//! expense, so much of its net amount, raised to whole cents; side by side the parts come to at most the net amount.

use std::collections::{BTreeMap, BTreeSet};

use super::application::{Application, Line};
use crate::ids::ExpenseId;
use crate::measure::{Claim, Facts};
use crate::money::Money;
use crate::portfolio::Expense;

/// A claim above zero: application, line, amount.
pub type Claimed = (usize, usize, Money);

/// The net amount that parts of an expense share; none where it is not splittable, or has had aid before: nobody says on which part of it.
pub(super) fn divisible(facts: &Facts<'_>, expense: &Expense) -> Option<Money> {
    let aided = facts.portfolio.prior_aids.iter().any(|aid| aid.expense.as_ref() == Some(&expense.id));
    (expense.splittable && !aided).then_some(expense.net_amount)
}

impl Line {
    /// What a claim takes of the net amount of a divisible expense, raised to cents.
    pub fn part(&self, claim: Money) -> Money {
        self.divisible.map_or(claim, |net| scaled(claim, net, self.base, true))
    }

    /// The largest claim that takes no more than this of the net amount.
    pub fn claim_of(&self, part: Money) -> Money {
        self.divisible.map_or(part, |net| scaled(part, self.base, net, false)).min(self.base)
    }
}

/// `amount x by / over` in whole cents, raised or cut.
fn scaled(amount: Money, by: Money, over: Money, up: bool) -> Money {
    if by == over {
        return amount;
    }
    let (by, over) = (i128::from(by.cents()), i128::from(over.cents().max(1)));
    let product = i128::from(amount.cents()) * by;
    let cents = if up { (product + over - 1).div_euclid(over) } else { product.div_euclid(over) };
    i64::try_from(cents).map_or(Money::LARGEST, Money::from_cents)
}

/// Expenses that may go in parts to several of the applications: divisible, with lines in two that take any part.
pub fn shareable(applications: &[Application]) -> BTreeSet<&ExpenseId> {
    let mut first: BTreeMap<&ExpenseId, usize> = BTreeMap::new();
    let mut shareable = BTreeSet::new();
    for (a, application) in applications.iter().enumerate().filter(|(_, a)| a.claim == Claim::AnyPart) {
        for line in application.lines.iter().filter(|line| line.divisible.is_some()) {
            if *first.entry(&line.expense).or_insert(a) != a {
                shareable.insert(&line.expense);
            }
        }
    }
    shareable
}

/// Whether claims on one expense, in the order of their applications, are parts of it that lie side by side: of applications that take any part, and together at most
/// its net amount. A single claim is none.
pub fn are_parts(applications: &[Application], claims: &[Claimed]) -> bool {
    let Some(&(a, l, _)) = claims.first() else { return false };
    let Some(net) = applications[a].lines[l].divisible else { return false };
    let divides = |(a, l, _): &Claimed| {
        applications[*a].claim == Claim::AnyPart && applications[*a].lines[*l].divisible.is_some()
    };
    let part = |(a, l, claim): &Claimed| applications[*a].lines[*l].part(*claim);
    claims.len() > 1
        && claims.iter().all(divides)
        && claims.windows(2).all(|pair| pair[0].0 != pair[1].0)
        && claims.iter().map(part).sum::<Money>() <= net
}

/// Whether claims on one expense, in the order of their applications, may all be made: side by side, or of applications that may meet on it (S13).
pub fn may_stand(applications: &[Application], claims: &[Claimed]) -> bool {
    let may_meet =
        |(a, ..): &Claimed, (b, ..): &Claimed| a != b && applications[*a].may_meet(&applications[*b]);
    let met = || {
        let pairs = claims.iter().enumerate();
        pairs.into_iter().all(|(nth, one)| claims[nth + 1..].iter().all(|other| may_meet(one, other)))
    };
    claims.len() <= 1 || are_parts(applications, claims) || met()
}
