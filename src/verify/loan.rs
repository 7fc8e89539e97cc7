//! What is lent (S12).

use super::admission;
use super::application::Application;
use super::exact;
use super::limits::{self, Terms};
use crate::measure::{LoanAmount, Shape};
use crate::money::Money;

/// The loan of an application in numbers, before anything is admitted.
pub(super) struct Lending {
    /// Under which something must be admitted.
    places: Vec<usize>,
    most: Terms,
    amount: Amount,
}

/// What decides the amount.
enum Amount {
    Requested(Money),
    Complement(Terms),
    Chosen(Money),
}

impl Lending {
    /// The loan of the measure, where it is given to this application.
    pub(super) fn of(application: &Application<'_>) -> Option<Lending> {
        let facts = &application.case.facts;
        let components = application.case.measure.components.iter();
        let given = components.filter(|component| component.when.evaluate(facts).holds());
        let (component, loan) = given.into_iter().find_map(|component| match &component.shape {
            Shape::Loan(loan) => Some((component, loan)),
            _ => None,
        })?;
        let places = |items: &[usize]| application.places_under(items, None);
        let amount = match &loan.amount {
            LoanAmount::Requested => Amount::Requested(facts.project.loan_amount?),
            LoanAmount::Complement(covers) => Amount::Complement(Terms::new(covers, facts, places)),
            LoanAmount::Chosen(least) => {
                Amount::Chosen(exact::ceil_cents(admission::value(least.amount(facts)).ok()?))
            }
        };
        let most = Terms::new(&loan.at_most, facts, places);
        Some(Lending { places: places(&component.of), most, amount })
    }

    /// What is lent on what is admitted.
    pub(super) fn lent(&self, application: &Application<'_>, admitted: &[Money]) -> Money {
        if limits::cost(&self.places, admitted).is_zero() {
            return Money::ZERO;
        }
        let most = self.most.most(admitted);
        let grants = |loan: Money| application.grants_beside(loan, admitted);
        match &self.amount {
            Amount::Requested(amount) => most.min(*amount),
            Amount::Complement(covers) => {
                let together = covers.most(admitted);
                largest(Money::ZERO, most.min(together), |loan| loan + grants(loan) <= together)
            }
            Amount::Chosen(least) => {
                let whole = grants(*least);
                largest(*least, most, |loan| grants(loan) >= whole)
            }
        }
    }
}

/// The last amount from `least` to `most` for which a test holds that holds up to some amount and then no more; nothing where it holds
/// for none.
fn largest(least: Money, most: Money, holds: impl Fn(Money) -> bool) -> Money {
    if most < least || !holds(least) {
        return Money::ZERO;
    }
    if holds(most) {
        return most;
    }
    let (mut held, mut failed) = (least.cents(), most.cents());
    while failed - held > 1 {
        let middle = held + (failed - held) / 2;
        if holds(Money::from_cents(middle)) { held = middle } else { failed = middle }
    }
    Money::from_cents(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_is_the_last_that_holds() {
        let cents = Money::from_cents;
        let up_to = |end: i64| move |amount: Money| amount <= cents(end);
        assert_eq!(largest(Money::ZERO, cents(100), up_to(37)), cents(37));
        assert_eq!(largest(cents(40), cents(100), up_to(37)), Money::ZERO);
        assert_eq!(largest(Money::ZERO, cents(30), up_to(37)), cents(30));
        assert_eq!(largest(cents(5), cents(4), |_| true), Money::ZERO);
    }
}
