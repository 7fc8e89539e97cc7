//! Numbers of rules of the whole application: one without a value makes the application inadmissible (after the table of reasons).

use std::collections::BTreeMap;

use super::admission::{factor, value};
use super::limits;
use crate::allocation::Reason;
use crate::measure::{
    Component, FactRef, Facts, ItemKind, Ledger, LoanAmount, Measure, Outcome, Per, Rule, Shape, Term, Truth,
};
use crate::portfolio::Expense;

/// The first such number: terms of limits, then rates of derived items, then companions, components, ledgers. `lines` are all that could be
/// claimed, each an expense under an item.
pub(super) fn without_value(
    measure: &Measure,
    facts: Facts<'_>,
    lines: &[(&Expense, usize)],
) -> Option<Reason> {
    if lines.is_empty() {
        return None;
    }
    let search = Search { measure, facts, lines };
    search
        .limits()
        .or_else(|| search.derived())
        .or_else(|| {
            measure.companions.iter().find_map(|c| search.refused(&c.rule, c.at_least.amount(&facts)))
        })
        .or_else(|| measure.components.iter().find_map(|component| search.component(component)))
        .or_else(|| measure.ledgers.iter().find_map(|ledger| search.ledger(ledger)))
}

struct Search<'s, 'a> {
    measure: &'a Measure,
    facts: Facts<'a>,
    lines: &'s [(&'a Expense, usize)],
}

impl Search<'_, '_> {
    fn refused(&self, rule: &Rule, outcome: Outcome) -> Option<Reason> {
        value(outcome).err().map(|missing| Reason::no_rate(&self.measure.id, rule, &missing))
    }

    fn limits(&self) -> Option<Reason> {
        for limit in &self.measure.limits {
            let mut lots: BTreeMap<_, Vec<(&Expense, usize)>> = BTreeMap::new();
            for line in self.lines {
                // Expenses without lot come last.
                let lot = (line.0.lot.is_none(), &line.0.lot);
                lots.entry(lot).or_default().push(*line);
            }
            let contexts: Vec<(Facts<'_>, Vec<usize>)> = match limit.per {
                Per::Application => {
                    let of_lines = self.lines.iter().map(|(_, item)| *item);
                    vec![(self.facts, of_lines.chain(self.derived_in_effect()).collect())]
                }
                Per::Lot => lots
                    .values()
                    .map(|lines| {
                        (self.facts.about(lines[0].0), lines.iter().map(|(_, item)| *item).collect())
                    })
                    .collect(),
            };
            for (facts, items) in
                contexts.iter().filter(|(facts, _)| limit.when.evaluate(facts) != Truth::False)
            {
                if let Some(missing) = lacking(&limit.terms, facts, items) {
                    return Some(Reason::no_rate(&self.measure.id, &limit.rule, &missing));
                }
            }
        }
        None
    }

    fn derived_in_effect(&self) -> impl Iterator<Item = usize> {
        let items = self.measure.items.iter().enumerate();
        items.filter_map(|(index, item)| match &item.kind {
            ItemKind::Derived(derived) if derived.when.evaluate(&self.facts).holds() => Some(index),
            _ => None,
        })
    }

    fn derived(&self) -> Option<Reason> {
        self.derived_in_effect().find_map(|index| match &self.measure.items[index].kind {
            ItemKind::Derived(derived) => {
                self.refused(&self.measure.items[index].rule, derived.rate.rate(&self.facts))
            }
            ItemKind::Cost(_) => None,
        })
    }

    /// A component that is not paid line by line, or its rate on a derived item.
    fn component(&self, component: &Component) -> Option<Reason> {
        let (measure, facts) = (self.measure, &self.facts);
        let refused = |missing: Vec<FactRef>| Reason::no_rate(&measure.id, &component.rule, &missing);
        if !component.when.evaluate(facts).holds() {
            return None;
        }
        let outcome = match &component.shape {
            Shape::Fixed(amount) => amount.amount(facts),
            Shape::Share { rate, .. } => rate.rate(facts),
            Shape::Loan(loan) => {
                let of_lines = self.lines.iter().map(|(_, item)| *item);
                let here: Vec<usize> = of_lines.chain(self.derived_in_effect()).collect();
                let amount = || match &loan.amount {
                    LoanAmount::Requested => None,
                    LoanAmount::Complement(covers) => lacking(covers, facts, &here),
                    LoanAmount::Chosen(least) => value(least.amount(facts)).err(),
                };
                return lacking(&loan.at_most, facts, &here).or_else(amount).map(refused);
            }
            Shape::Rate { .. } => {
                let mut derived = self.derived_in_effect().filter(|item| component.of.contains(item));
                return derived.find_map(|item| {
                    let facts = facts.under(measure.items[item].id.as_str());
                    factor(component, &facts, item).err().map(refused)
                });
            }
            _ => return None,
        };
        value(outcome).err().map(refused)
    }

    /// The ceiling in force on the day of the grant.
    fn ledger(&self, ledger: &Ledger) -> Option<Reason> {
        let period = ledger.period(self.facts.calendar.granted_on?)?;
        if ledger.when.evaluate(&self.facts) == Truth::False {
            return None;
        }
        self.refused(&ledger.rule, period.at_most.amount(&self.facts))
    }
}

/// What the first number of some terms without a value lacks; `here` are the items that have something to count.
fn lacking(terms: &[Term], facts: &Facts<'_>, here: &[usize]) -> Option<Vec<FactRef>> {
    terms.iter().find_map(|term| {
        let shares = term.shares.iter().map(|(rate, items)| {
            let places = |items: &[usize]| {
                items.iter().copied().filter(|item| here.contains(item)).collect::<Vec<usize>>()
            };
            limits::by_item(rate, items, facts, places).map(|_| ())
        });
        let mut numbers = shares.chain([value(term.euro.signed(facts)).map(|_| ())]);
        numbers.find_map(Result::err)
    })
}
