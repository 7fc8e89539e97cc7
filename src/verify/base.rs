//! The base of a line (S3), as an exact fraction until it is cut to cents.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::admission::value;
use super::exact;
use crate::measure::{Facts, ItemKind, Measure, Valuation, Vat};
use crate::money::Money;
use crate::portfolio::Expense;

/// A number of euro as `numerator / denominator`, so that twelve thirty-sixths lose nothing.
#[derive(Clone, Copy)]
struct Fraction {
    numerator: Decimal,
    denominator: Decimal,
}

/// The base in whole cents, maybe zero; none where a number or a quantity is missing.
pub(super) fn of(measure: &Measure, facts: &Facts<'_>, expense: &Expense, item: usize) -> Option<Money> {
    let ItemKind::Cost(cost) = &measure.items[item].kind else { return None };
    let net = expense.net_amount.euro();
    let not_recovered = match measure.vat {
        Vat::Excluded => Decimal::ZERO,
        // Who pays the invoice bears its VAT.
        Vat::NonDeductible => {
            Decimal::ONE - facts.portfolio.company(&expense.company)?.vat_deductible_share.value()
        }
    };
    let vat = expense.vat_rate.value().checked_mul(not_recovered)?;
    let mut base = Fraction { numerator: net.checked_mul(Decimal::ONE + vat)?, denominator: Decimal::ONE };
    for valuation in &cost.valuation {
        base = valued(base, valuation, facts, expense)?;
    }
    let euro = exact::cut_quotient(base.numerator, base.denominator, 2)?;
    let cents = (euro * Decimal::ONE_HUNDRED).to_i64()?;
    Some(Money::from_cents(cents.max(0))).filter(|base| *base <= Money::LARGEST)
}

fn valued(base: Fraction, valuation: &Valuation, facts: &Facts<'_>, expense: &Expense) -> Option<Fraction> {
    let number = |number| value(number, facts).ok();
    let whole = |numerator| Fraction { numerator, denominator: Decimal::ONE };
    let Fraction { numerator, denominator } = base;
    Some(match valuation {
        Valuation::Weight(rate) => Fraction { numerator: numerator.checked_mul(number(rate)?)?, denominator },
        Valuation::Portion { of, at_most } => {
            let at_most = number(at_most)?;
            match facts.value(of).and_then(|value| value.number()) {
                // Also keeps a fact of zero from dividing: then all of it is eligible.
                Some(fact) if fact > at_most => Fraction {
                    numerator: numerator.checked_mul(at_most)?,
                    denominator: denominator.checked_mul(fact)?,
                },
                _ => Fraction { numerator, denominator },
            }
        }
        Valuation::UnitCeiling(amount) => {
            let ceiling = number(amount)?.checked_mul(expense.quantity?)?;
            if ceiling.checked_mul(denominator)? < numerator {
                whole(ceiling)
            } else {
                Fraction { numerator, denominator }
            }
        }
        Valuation::UnitValue(amount) => whole(number(amount)?.checked_mul(expense.quantity?)?),
        Valuation::Fixed(amount) => whole(number(amount)?),
        Valuation::Less(amount) => {
            let less = number(amount)?.checked_mul(denominator)?;
            Fraction { numerator: numerator.checked_sub(less)?.max(Decimal::ZERO), denominator }
        }
    })
}
