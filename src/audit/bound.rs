//! The bound of multipliers over a box, and what it is held against.

use super::boxes::Box;
use super::fault::Problem;
use super::whole::{Integers, power};
use crate::certificate::Multipliers;
use crate::money::Money;
use crate::program::Sense;

/// The bound to be proven.
#[derive(Clone, Copy)]
pub(super) enum Claim {
    /// Of plans, worth whole cents: bounds are cut to cents.
    Cents(Money),
    /// Of points at prices, worth anything: in trillionths of a cent.
    Trillionths(i128),
}

/// Decimals of a trillionth of a cent, in euro.
pub(super) const TRILLIONTHS: u32 = 14;

/// A bound with what it is made of.
pub(super) struct Bound {
    /// `y b + sum_j max(..)`, in units of `10^-decimals` euro.
    value: i128,
    decimals: u32,
    /// `c_j - y A_j`, in such units per unit of a value.
    reduced: Vec<i128>,
}

impl Integers {
    /// The bound of multipliers over a box, without the objective where a box is to be emptied.
    ///
    /// # Errors
    /// A row that is not there, a sign that its sense forbids, a figure that 128 bits do not hold.
    pub fn bound(&self, of: &Multipliers, over: &Box, objective: bool) -> Result<Bound, Problem> {
        let large = Problem::TooLarge;
        let decimals = of.decimals.checked_add(self.coefficients).ok_or(large.clone())?;
        let decimals = decimals.max(self.objective_decimals);
        let unit = power(decimals - of.decimals - self.coefficients).ok_or(large.clone())?;
        let objective_unit = power(decimals - self.objective_decimals).ok_or(large.clone())?;
        let mut value: i128 = 0;
        let mut reduced: Vec<i128> = vec![0; self.steps.len()];
        if objective {
            for (reduced, own) in reduced.iter_mut().zip(&self.objective) {
                *reduced = own.checked_mul(objective_unit).ok_or(large.clone())?;
            }
        }
        for (number, multiplier) in &of.of {
            let row = self.row(*number)?;
            may_stand(multiplier.0, row.sense, *number)?;
            let multiplier = multiplier.0.checked_mul(unit).ok_or(large.clone())?;
            let product = multiplier.checked_mul(row.rhs).and_then(|product| value.checked_add(product));
            value = product.ok_or(large.clone())?;
            for &(column, coefficient) in &row.terms {
                let product = multiplier.checked_mul(coefficient);
                let rest = product.and_then(|product| reduced[column].checked_sub(product));
                reduced[column] = rest.ok_or(large.clone())?;
            }
        }
        for (column, reduced) in reduced.iter().enumerate() {
            let end = if *reduced > 0 { over.upper[column] } else { over.lower[column] };
            let sum = reduced.checked_mul(end).and_then(|product| value.checked_add(product));
            value = sum.ok_or(large.clone())?;
        }
        Ok(Bound { value, decimals: decimals + self.values, reduced })
    }

    /// The row with this number.
    pub fn row(&self, number: u32) -> Result<&super::whole::Row, Problem> {
        usize::try_from(number).ok().and_then(|at| self.rows.get(at)).ok_or(Problem::NoRow(number))
    }

    /// The place of the column with this number.
    pub fn column(&self, number: u32) -> Result<usize, Problem> {
        let at = usize::try_from(number).ok().filter(|at| *at < self.steps.len());
        at.ok_or(Problem::NoColumn(number))
    }
}

/// Whether a row of this sense takes such a multiplier or price: one that rewards keeping it.
pub(super) fn may_stand(multiplier: i128, sense: Sense, row: u32) -> Result<(), Problem> {
    let may = match sense {
        Sense::AtMost => multiplier >= 0,
        Sense::AtLeast => multiplier <= 0,
        Sense::Equal => true,
    };
    if may { Ok(()) } else { Err(Problem::Sign(row)) }
}

impl Bound {
    /// Whether no point of the box can be.
    pub fn is_below_zero(&self) -> bool {
        self.value < 0
    }

    /// Whether it is at most the one to be proven.
    pub fn meets(&self, claim: Claim) -> bool {
        meets(self.value, self.decimals, claim)
    }

    /// The values that a column of whole numbers may still take in a point worth more than the bound to be proven: with each step off the end of its range that
    /// the bound assumes, points are worth less. None where all its values in the program may be taken.
    pub fn left(&self, integers: &Integers, over: &Box, column: usize, claim: Claim) -> Option<(i128, i128)> {
        let (lower, upper) = (over.lower[column], over.upper[column]);
        let step = integers.steps[column]?;
        let is_closed = |steps: i128| {
            let off = self.reduced[column]
                .checked_abs()
                .and_then(|loss| loss.checked_mul(steps.checked_mul(step)?));
            off.and_then(|off| self.value.checked_sub(off))
                .is_some_and(|value| meets(value, self.decimals, claim))
        };
        let (mut open, mut closed) = (0, upper.checked_sub(lower)? / step);
        if closed == 0 {
            return Some((lower, upper));
        }
        if !is_closed(closed) {
            // A box that is smaller than the one the tree had may have nothing left for it to take away.
            let is_smaller = lower > integers.all.lower[column] || upper < integers.all.upper[column];
            return is_smaller.then_some((lower, upper));
        }
        while closed - open > 1 {
            let middle = i128::midpoint(open, closed);
            *if is_closed(middle) { &mut closed } else { &mut open } = middle;
        }
        Some(if self.reduced[column] > 0 {
            (upper - open * step, upper)
        } else {
            (lower, lower + open * step)
        })
    }

    /// The bound in euro, as people read it: cut to what the claim is counted in.
    pub fn said(&self, claim: Claim) -> String {
        match (claim, power(self.decimals - 2)) {
            (Claim::Cents(_), Some(cent)) => euro(self.value.div_euclid(cent), 2),
            _ => euro(self.value, self.decimals),
        }
    }
}

impl Claim {
    /// The bound to be proven in euro.
    pub fn said(self) -> String {
        match self {
            Claim::Cents(money) => euro(i128::from(money.cents()), 2),
            Claim::Trillionths(trillionths) => euro(trillionths, TRILLIONTHS),
        }
    }
}

/// Whether `value`, in units of `10^-decimals` euro, is at most the claim; `decimals` are two at least. What does not fit is not.
fn meets(value: i128, decimals: u32, claim: Claim) -> bool {
    match claim {
        Claim::Cents(money) => {
            power(decimals - 2).is_some_and(|cent| value.div_euclid(cent) <= i128::from(money.cents()))
        }
        Claim::Trillionths(claim) if decimals >= TRILLIONTHS => {
            let claim = power(decimals - TRILLIONTHS).and_then(|unit| claim.checked_mul(unit));
            claim.is_some_and(|claim| value <= claim)
        }
        Claim::Trillionths(claim) => {
            let value = power(TRILLIONTHS - decimals).and_then(|unit| value.checked_mul(unit));
            value.is_some_and(|value| value <= claim)
        }
    }
}

/// An amount of units of `10^-decimals` euro as text: cents, and finer decimals where it has some. `decimals` are two at least.
pub fn euro(units: i128, decimals: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let places = usize::try_from(decimals).unwrap_or(2);
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let (cents, finer) = part.split_at(2);
    format!("{sign}{whole}.{cents}{}", finer.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::euro;

    #[test]
    fn amounts_have_cents_and_what_is_finer() {
        assert_eq!([euro(5, 2), euro(-12345, 3), euro(1_200_000, 6)], ["0.05", "-12.345", "1.20"]);
    }
}
