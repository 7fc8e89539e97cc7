//! The base of a line: what of an expense counts under a cost item, in whole cents (S3).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::known::known;
use crate::allocation::Reason;
use crate::measure::{Cost, Facts, Item, Measure, Number, Outcome, Valuation, Vat};
use crate::money::Money;
use crate::portfolio::Expense;
use crate::rate::Rate;

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
    let known = |outcome: Outcome| known(&measure.id, &item.rule, outcome);
    let number = |number: &Number| known(number.amount(&facts));
    let rate = |number: &Number| known(number.rate(&facts));
    let mut value = borne(measure, &facts, expense).ok_or_else(nothing)?;
    let quantity = || expense.quantity.ok_or_else(nothing);
    for valuation in &cost.valuation {
        let valued = match valuation {
            Valuation::Weight(weight) => value.times(rate(weight)?),
            Valuation::Portion { of, at_most } => {
                let whole = facts.value(of).and_then(|v| v.number()).unwrap_or_default();
                let part = number(at_most)?;
                if whole > part { value.times(part).and_then(|v| v.divided_by(whole)) } else { Some(value) }
            }
            Valuation::UnitCeiling(amount) => value.at_most(number(amount)? * quantity()?),
            Valuation::UnitValue(amount) => Some((number(amount)? * quantity()?).into()),
            Valuation::Fixed(amount) => Some(number(amount)?.into()),
            Valuation::Less(amount) => value.less(number(amount)?),
        };
        value = valued.ok_or_else(nothing)?;
    }
    let base = value.cents().ok_or_else(nothing)?;
    // Amounts are held within what a file may state, so that sums of them cannot overflow.
    if base.is_positive() && base <= Money::LARGEST { Ok(base) } else { Err(nothing()) }
}

/// The cost of an expense as the measure sees it, before any valuation, in whole cents: net of VAT, or with the VAT that is a cost.
pub(super) fn cost(facts: &Facts<'_>, expense: &Expense) -> Money {
    borne(facts.measure, facts, expense).and_then(Fraction::cents).unwrap_or(expense.net_amount)
}

fn borne(measure: &Measure, facts: &Facts<'_>, expense: &Expense) -> Option<Fraction> {
    let net = Fraction { over: Decimal::ONE, euro: expense.net_amount.euro() };
    if measure.vat == Vat::Excluded {
        return Some(net);
    }
    let recovered = facts.portfolio.company(&expense.company).map_or(Rate::ONE, |c| c.vat_deductible_share);
    net.times(Decimal::ONE + expense.vat_rate.value() * (Decimal::ONE - recovered.value()))
}

/// `euro / over`: twelve thirty-sixths have no decimal that a later weight would not betray. None is what 28 digits do not hold.
#[derive(Clone, Copy)]
struct Fraction {
    euro: Decimal,
    /// Above zero.
    over: Decimal,
}

impl Fraction {
    fn times(self, factor: Decimal) -> Option<Self> {
        Some(Fraction { euro: self.euro.checked_mul(factor)?, ..self })
    }

    fn divided_by(self, divisor: Decimal) -> Option<Self> {
        Some(Fraction { over: self.over.checked_mul(divisor)?, ..self })
    }

    fn at_most(self, ceiling: Decimal) -> Option<Self> {
        Some(if ceiling.checked_mul(self.over)? < self.euro { ceiling.into() } else { self })
    }

    fn less(self, amount: Decimal) -> Option<Self> {
        let euro = self.euro.checked_sub(amount.checked_mul(self.over)?)?;
        Some(Fraction { euro: euro.max(Decimal::ZERO), ..self })
    }

    /// Whole cents, cut down.
    fn cents(self) -> Option<Money> {
        let cents = self.euro.checked_mul(Decimal::ONE_HUNDRED)?;
        let mut whole = cents.checked_div(self.over)?.floor();
        // The quotient has been rounded: the cent above, or the one below, may be the true one.
        if (whole + Decimal::ONE).checked_mul(self.over)? <= cents {
            whole += Decimal::ONE;
        } else if whole.checked_mul(self.over)? > cents {
            whole -= Decimal::ONE;
        }
        whole.to_i64().map(Money::from_cents)
    }
}

impl From<Decimal> for Fraction {
    fn from(euro: Decimal) -> Self {
        Fraction { euro, over: Decimal::ONE }
    }
}
