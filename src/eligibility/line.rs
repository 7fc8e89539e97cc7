//! The base of a line: what of an expense counts under a cost item, in whole cents (S3).

use rust_decimal::Decimal;

use crate::allocation::Reason;
use crate::measure::{Cost, Facts, Item, Measure, Number, Outcome, Valuation, Vat};
use crate::money::Money;
use crate::portfolio::Expense;
use crate::rate::Rate;
use crate::rounding::Rounding;

/// The most that can be claimed of an expense under a cost item.
///
/// # Errors
/// A reason where nothing counts, a quantity is missing, or a number of the valuation hangs on missing facts.
pub(super) fn base(
    measure: &Measure,
    item: &Item,
    cost: &Cost,
    facts: Facts<'_>,
    expense: &Expense,
) -> Result<Money, Reason> {
    let nothing = || Reason::no_base(&measure.id, &item.rule);
    let number = |number: &Number| match number.evaluate(&facts) {
        Outcome::Value(value) => Ok(value),
        Outcome::Unknown(missing) => Err(Reason::no_rate(&measure.id, &item.rule, &missing)),
        Outcome::NoRow(_) | Outcome::Overflow => Err(Reason::no_rate(&measure.id, &item.rule, &[])),
    };
    let mut value = expense.net_amount.euro();
    if measure.vat == Vat::NonDeductible {
        let recovered =
            facts.portfolio.company(&expense.company).map_or(Rate::ONE, |c| c.vat_deductible_share);
        value += value * expense.vat_rate.value() * (Decimal::ONE - recovered.value());
    }
    for valuation in &cost.valuation {
        value = match valuation {
            Valuation::Weight(weight) => value * number(weight)?,
            Valuation::Portion { of, at_most } => {
                let whole = facts.value(of).and_then(|v| v.number()).unwrap_or_default();
                let part = number(at_most)?;
                if whole > part && whole > Decimal::ZERO { value * part / whole } else { value }
            }
            Valuation::UnitCeiling(amount) => {
                value.min(number(amount)? * expense.quantity.ok_or_else(nothing)?)
            }
            Valuation::UnitValue(amount) => number(amount)? * expense.quantity.ok_or_else(nothing)?,
            Valuation::Fixed(amount) => number(amount)?,
            Valuation::Less(amount) => (value - number(amount)?).max(Decimal::ZERO),
        };
    }
    let base = Rounding::Down.cents(value);
    // Amounts are held within what a file may state, so that sums of them cannot overflow.
    if base.is_positive() && base <= Money::LARGEST { Ok(base) } else { Err(nothing()) }
}
