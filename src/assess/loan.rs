//! The loan: how much is lent on what is admitted (S12).

use super::aid::{cap, compute, grants};
use super::{edge, sum};
use crate::eligibility::{Application, Loan, LoanAmount, Payout, Term};
use crate::measure::Bound;
use crate::money::Money;

/// What is lent: nothing without a loan, or where nothing is admitted under its items.
pub(super) fn lent(application: &Application, admitted: &[Money]) -> Money {
    let Some((of, loan)) = loan(application) else { return Money::ZERO };
    if !sum(admitted, of).is_positive() {
        return Money::ZERO;
    }
    let most = ceiling(&loan.at_most, admitted);
    let grant = |lent: Money| {
        let computed = compute(application, admitted, lent);
        grants(application, &cap(application, admitted, computed))
    };
    match &loan.amount {
        LoanAmount::Requested(amount) => most.min(*amount),
        LoanAmount::Complement(covers) => {
            let covers = ceiling(covers, admitted);
            let fits = |lent: Money| lent + grant(lent) <= covers;
            if fits(Money::ZERO) { Money::largest(Money::ZERO, most.min(covers), fits) } else { Money::ZERO }
        }
        LoanAmount::Chosen(least) if most < *least => Money::ZERO,
        LoanAmount::Chosen(least) => {
            let full = grant(*least);
            Money::largest(*least, most, |lent| grant(lent) >= full)
        }
    }
}

/// No more than this is lent on these admitted amounts, or smaller ones.
pub(super) fn most(application: &Application, admitted: &[Money]) -> Money {
    let Some((_, loan)) = loan(application) else { return Money::ZERO };
    let most = ceiling(&loan.at_most, admitted);
    match &loan.amount {
        LoanAmount::Requested(amount) => most.min(*amount),
        LoanAmount::Complement(covers) => most.min(ceiling(covers, admitted)),
        LoanAmount::Chosen(_) => most,
    }
}

/// The loan of an application and the entries it is lent on.
fn loan(application: &Application) -> Option<(&[usize], &Loan)> {
    application.components.iter().find_map(|component| match &component.payout {
        Payout::Loan(loan) => Some((component.of.as_slice(), loan)),
        _ => None,
    })
}

/// The tightest of these terms in whole cents; the largest amount there is where there are none.
fn ceiling(terms: &[Term], admitted: &[Money]) -> Money {
    if terms.is_empty() { Money::LARGEST } else { edge(terms, Bound::AtMost, admitted).min(Money::LARGEST) }
}
