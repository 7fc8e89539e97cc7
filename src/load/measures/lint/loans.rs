//! Loans and guarantees beside the rest: one loan at most, and nothing that would have to cut one (S12).

use super::Places;
use crate::load::measures::source::code;
use crate::measure::{Effect, Form, Measure, Quantity};

/// Holds the forms of the components against limits and ledgers.
pub(super) fn loans(measure: &Measure, places: &Places<'_, '_>) {
    let form = |index: &usize| measure.components.get(*index).map(|component| component.form);
    let loans = measure.components.iter().filter(|component| component.form == Form::Loan);
    for component in loans.skip(1) {
        let help = "make each loan a measure of its own";
        places.error(&component.rule, "form", code::LOAN, "a measure has at most one loan", help);
    }
    for limit in &measure.limits {
        let Quantity::Aid(of) = &limit.of else { continue };
        if limit.effect == Effect::Trim && !of.iter().any(|index| form(index) == Some(Form::Grant)) {
            let message = "the trim has no grant among its components: loans and guarantees are never cut";
            let help = "name a grant too, bound the loan by its 'at_most', or write effect = \"reject\"";
            places.error(&limit.rule, "of", code::LOAN, message, help);
        }
    }
    for ledger in &measure.ledgers {
        if ledger.of.iter().any(|index| form(index) == Some(Form::Loan)) {
            let message = "a loan is no aid: what counts is the aid in its guarantee";
            places.error(&ledger.rule, "of", code::LEDGER, message, "name grants and guarantees only");
        }
    }
}
