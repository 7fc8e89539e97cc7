//! Limits on numbers of things, on what is admitted (S6, S7).

use std::collections::BTreeSet;

use super::application::Application;
use crate::ids::RuleId;
use crate::measure::{Count, Countable};
use crate::money::Money;

/// The first count of one application that does not hold.
pub(super) fn within_application<'a>(
    application: &Application<'a>,
    admitted: &[Money],
) -> Result<(), &'a RuleId> {
    let within = |count: &&Count| !count.per_company && count.of != Countable::Applications;
    match application
        .case
        .measure
        .counts
        .iter()
        .filter(within)
        .find(|c| !holds(c, number(c, application, admitted)))
    {
        Some(count) => Err(&count.rule.id),
        None => Ok(()),
    }
}

/// Whether a count is taken over all applications of a company to the measure.
pub(super) fn over_company(count: &Count) -> bool {
    count.per_company || count.of == Countable::Applications
}

/// Whether so many are neither too few nor too many.
pub(super) fn holds(count: &Count, number: usize) -> bool {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    count.at_least.is_none_or(|least| number >= least) && count.at_most.is_none_or(|most| number <= most)
}

/// How many of them an application has.
pub(super) fn number(count: &Count, application: &Application<'_>, admitted: &[Money]) -> usize {
    let facts = &application.case.facts;
    if count.of == Countable::Applications {
        return usize::from(count.which.evaluate(facts).holds());
    }
    let counted = application.lines.iter().zip(&application.places).zip(admitted).filter(
        |((line, place), admitted)| {
            let item = application.case.measure.items[place.item].id.as_str();
            admitted.is_positive()
                && (count.within.is_empty() || count.within.contains(&place.item))
                && count.which.evaluate(&facts.about(line.expense).under(item)).holds()
        },
    );
    match count.of {
        Countable::Lots => counted.map(|((_, place), _)| place.lot).collect::<BTreeSet<_>>().len(),
        Countable::Items => counted.map(|((_, place), _)| place.item).collect::<BTreeSet<_>>().len(),
        Countable::Expenses | Countable::Applications => counted.count(),
    }
}
