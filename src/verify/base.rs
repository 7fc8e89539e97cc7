//! The base of a line (S3), as an exact fraction until it is cut to cents.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::admission::value;
use super::exact;
use crate::measure::{FactRef, Facts, ItemKind, Measure, Number, Valuation, Vat};
use crate::money::Money;
use crate::portfolio::Expense;

/// A number of euro as `numerator / denominator`, so that twelve thirty-sixths lose nothing.
#[derive(Clone, Copy)]
struct Fraction {
    numerator: Decimal,
    denominator: Decimal,
}

/// The base in whole cents, maybe zero; nothing where a quantity is missing or 28 digits do not hold it. An error names the facts
/// that a number of the valuation lacks, none where it has no value at all.
pub(super) fn of(
    measure: &Measure,
    facts: &Facts<'_>,
    expense: &Expense,
    item: usize,
) -> Result<Option<Money>, Vec<FactRef>> {
    let ItemKind::Cost(cost) = &measure.items[item].kind else { return Ok(None) };
    let mut base = with_vat(measure, facts, expense);
    for valuation in &cost.valuation {
        let Some(before) = base else { break };
        base = valued(before, valuation, facts, expense)?;
    }
    Ok(base.and_then(in_cents))
}

/// The net amount of an expense, with the VAT that is a cost, cut to cents.
pub(super) fn cost(facts: &Facts<'_>, expense: &Expense) -> Money {
    with_vat(facts.measure, facts, expense).and_then(in_cents).unwrap_or_default()
}

fn with_vat(measure: &Measure, facts: &Facts<'_>, expense: &Expense) -> Option<Fraction> {
    let not_recovered = match measure.vat {
        Vat::Excluded => Decimal::ZERO,
        // Who pays the invoice bears its VAT.
        Vat::NonDeductible => {
            Decimal::ONE - facts.portfolio.company(&expense.company)?.vat_deductible_share.value()
        }
    };
    let vat = expense.vat_rate.value().checked_mul(not_recovered)?;
    expense.net_amount.euro().checked_mul(Decimal::ONE + vat).map(whole)
}

fn in_cents(base: Fraction) -> Option<Money> {
    let euro = exact::cut_quotient(base.numerator, base.denominator, 2)?;
    let cents = (euro * Decimal::ONE_HUNDRED).to_i64()?;
    Some(Money::from_cents(cents.max(0))).filter(|base| *base <= Money::LARGEST)
}

fn valued(
    base: Fraction,
    valuation: &Valuation,
    facts: &Facts<'_>,
    expense: &Expense,
) -> Result<Option<Fraction>, Vec<FactRef>> {
    let amount = |number: &Number| value(number.amount(facts));
    let times_quantity = |each: Decimal| each.checked_mul(expense.quantity?);
    Ok(match valuation {
        Valuation::Weight(rate) => scaled(base, value(rate.rate(facts))?, Decimal::ONE),
        Valuation::Portion { of, at_most } => {
            let at_most = amount(at_most)?;
            match facts.value(of).and_then(|value| value.number()) {
                // Also keeps a fact of zero from dividing: then all of it is eligible.
                Some(fact) if fact > at_most => scaled(base, at_most, fact),
                _ => Some(base),
            }
        }
        Valuation::UnitCeiling(each) => {
            let each = amount(each)?;
            times_quantity(each).and_then(|ceiling| {
                let lower = ceiling.checked_mul(base.denominator)? < base.numerator;
                Some(if lower { whole(ceiling) } else { base })
            })
        }
        Valuation::UnitValue(each) => times_quantity(amount(each)?).map(whole),
        Valuation::Fixed(fixed) => Some(whole(amount(fixed)?)),
        Valuation::Less(less) => {
            let less = amount(less)?.checked_mul(base.denominator);
            let left = less.and_then(|less| base.numerator.checked_sub(less));
            left.map(|left| Fraction { numerator: left.max(Decimal::ZERO), ..base })
        }
    })
}

fn whole(numerator: Decimal) -> Fraction {
    Fraction { numerator, denominator: Decimal::ONE }
}

fn scaled(base: Fraction, by: Decimal, over: Decimal) -> Option<Fraction> {
    let numerator = base.numerator.checked_mul(by)?;
    Some(Fraction { numerator, denominator: base.denominator.checked_mul(over)? })
}
