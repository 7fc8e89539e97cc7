//! The program in integers: what bounds and deductions are computed in.
//!
//! One power of ten makes every coefficient whole, another every value: with `coefficient = A / 10^d` and `value = X / 10^s`, a row compares
//! `sum A X` with an integer right-hand side in units of `10^-(d+s)`. All arithmetic is checked; what overflows proves nothing.

use rust_decimal::Decimal;

use crate::program::{Kind, Program, Sense};

/// A program in integers, maximising.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    pub columns: Vec<ExactColumn>,
    pub rows: Vec<ExactRow>,
    /// Rows that each column stands in.
    pub rows_of: Vec<Vec<usize>>,
    /// The box given by the columns' bounds, cut down to the values their kind allows.
    pub domain: Domain,
    /// Units of a coefficient times a value in one cent of the objective.
    pub cent: i128,
    /// Units of a value in one cent, for money columns.
    pub value_cent: i128,
    /// Decimals of the coefficients.
    pub decimals: u32,
    /// Decimals that the objective has beyond those; none where a plan is worth whole cents.
    pub finer: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ExactColumn {
    pub objective: i128,
    /// The values of the column are multiples of this; none for any number.
    pub step: Option<i128>,
}

#[derive(Clone, Debug)]
pub(super) struct ExactRow {
    pub terms: Vec<(usize, i128)>,
    pub sense: Sense,
    pub rhs: i128,
    /// Whether its figures, its sums within the box it was made for, and differences of two such sums fit 64 bits: then it is read some times as fast.
    pub is_narrow: bool,
}

impl ExactRow {
    /// A row over columns within a box.
    pub fn new(terms: Vec<(usize, i128)>, sense: Sense, rhs: i128, domain: &Domain) -> Self {
        ExactRow { is_narrow: narrow_sum(&terms, rhs, domain).is_some(), terms, sense, rhs }
    }
}

/// The most that the figures of a row come to together within a box; none where that is not below [`NARROW`].
fn narrow_sum(terms: &[(usize, i128)], rhs: i128, domain: &Domain) -> Option<u128> {
    // Two figures of 64 bits have a product of 126 bits and a sign, and the sum before is a narrow one: nothing wraps round.
    let size = |value: i128| i64::try_from(value).ok().map(i64::unsigned_abs).map(u128::from);
    let mut sum = size(rhs).filter(|rhs| *rhs < NARROW)?;
    for &(column, coefficient) in terms {
        let farthest = size(domain.lower[column])?.max(size(domain.upper[column])?);
        sum = Some(sum + farthest.max(1) * size(coefficient)?.max(1)).filter(|sum| *sum < NARROW)?;
    }
    Some(sum)
}

/// Sums of a narrow row stay below this: two of them together fit 64 bits.
const NARROW: u128 = 1 << 61;

/// Bounds of each column, in units of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Domain {
    pub lower: Vec<i128>,
    pub upper: Vec<i128>,
}

impl Domain {
    /// Whether at most one value is left.
    pub fn is_fixed(&self, column: usize) -> bool {
        self.lower[column] >= self.upper[column]
    }

    /// Leaves a column one value.
    pub fn decide(&mut self, column: usize, value: i128) {
        (self.lower[column], self.upper[column]) = (value, value);
    }

    /// Leaves what another box of as many columns has, too.
    pub fn meet(&mut self, other: &Domain) {
        self.lower.iter_mut().zip(&other.lower).for_each(|(own, other)| *own = (*own).max(*other));
        self.upper.iter_mut().zip(&other.upper).for_each(|(own, other)| *own = (*own).min(*other));
    }

    /// Becomes the least box that holds another of as many columns, too.
    pub fn widen(&mut self, other: &Domain) {
        self.lower.iter_mut().zip(&other.lower).for_each(|(own, other)| *own = (*own).min(*other));
        self.upper.iter_mut().zip(&other.upper).for_each(|(own, other)| *own = (*own).max(*other));
    }
}

impl Exact {
    /// The program in integers; none where 128 bits do not hold it.
    pub fn new(program: &Program) -> Option<Self> {
        let objective = program.columns.iter().map(|column| column.objective);
        let terms = program.rows.iter().flat_map(|row| row.terms.iter().map(|(_, coefficient)| *coefficient));
        let coefficient_scale = finest(objective.chain(terms));
        let bounds = program.columns.iter().flat_map(|column| [column.lower, column.upper]);
        let rhs_scale = finest(program.rows.iter().map(|row| row.rhs));
        // At least cents, and so fine that each right-hand side is whole.
        let value_scale = finest(bounds).max(2);
        let value_scale = value_scale.max(rhs_scale.saturating_sub(coefficient_scale));

        let one = 10_i128.checked_pow(value_scale)?;
        let value_cent = one / 100;
        let mut domain = Domain { lower: Vec::new(), upper: Vec::new() };
        let mut columns = Vec::with_capacity(program.columns.len());
        for column in &program.columns {
            let step = match column.kind {
                Kind::Binary | Kind::Count => Some(one),
                Kind::Cents => Some(value_cent),
                Kind::Real => None,
            };
            let (lower, upper) = (whole(column.lower, value_scale)?, whole(column.upper, value_scale)?);
            let unit = step.unwrap_or(1);
            domain.lower.push(-((-lower).div_euclid(unit) * unit));
            domain.upper.push(upper.div_euclid(unit) * unit);
            columns.push(ExactColumn { objective: whole(column.objective, coefficient_scale)?, step });
        }
        let mut rows = Vec::with_capacity(program.rows.len());
        for row in &program.rows {
            let mut terms = Vec::with_capacity(row.terms.len());
            for &(column, coefficient) in &row.terms {
                // Deductions divide by coefficients: zeros are left out, whoever made the row.
                if !coefficient.is_zero() {
                    terms.push((column, whole(coefficient, coefficient_scale)?));
                }
            }
            let rhs = whole(row.rhs, coefficient_scale + value_scale)?;
            rows.push(ExactRow::new(terms, row.sense, rhs, &domain));
        }
        let mut counts = vec![0; columns.len()];
        rows.iter().flat_map(|row| &row.terms).for_each(|&(column, _)| counts[column] += 1);
        let mut rows_of: Vec<Vec<usize>> = counts.into_iter().map(Vec::with_capacity).collect();
        for (number, row) in rows.iter().enumerate() {
            row.terms.iter().for_each(|&(column, _)| rows_of[column].push(number));
        }
        let cent = 10_i128.checked_pow(coefficient_scale)?.checked_mul(value_cent)?;
        Some(Exact {
            columns,
            rows,
            rows_of,
            domain,
            cent,
            value_cent,
            decimals: coefficient_scale,
            finer: 0,
        })
    }

    /// The same rows under another objective, whose coefficients have so many decimals more; a point may be worth any amount.
    pub fn with_objective(&self, objective: &[i128], finer: u32) -> Self {
        let mut exact = self.clone();
        exact.finer = finer;
        for (column, objective) in exact.columns.iter_mut().zip(objective) {
            column.objective = *objective;
        }
        exact
    }

    /// A box in the units of the program, nearly.
    pub fn floats(&self, domain: &Domain) -> (Vec<f64>, Vec<f64>) {
        let euro = |values: &[i128]| values.iter().map(|&value| self.euro(value)).collect();
        (euro(&domain.lower), euro(&domain.upper))
    }

    /// The smallest step between the values of a column.
    pub fn step(&self, column: usize) -> i128 {
        self.columns[column].step.unwrap_or(1)
    }

    /// The largest value of a column in steps that is at most the one proposed (in units of the program) and leaves a step above it in the box.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a proposal within the bounds of a column, which fit; clamped"
    )]
    pub fn step_below(&self, domain: &Domain, column: usize, value: f64) -> i128 {
        let step = self.step(column);
        let steps = (value * (self.value_cent * 100 / step) as f64).floor();
        let below = (steps as i128).saturating_mul(step);
        below.clamp(domain.lower[column], (domain.upper[column] - step).max(domain.lower[column]))
    }

    /// A value in the units of the program; none where it has more digits than a decimal holds.
    pub fn decimal(&self, value: i128) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(value, self.value_cent.ilog10() + 2).ok()
    }

    /// A value in the units of the program, nearly.
    #[allow(clippy::cast_precision_loss, reason = "for the solvers, which round anyway")]
    pub fn euro(&self, value: i128) -> f64 {
        // Most values fit 64 bits, which a processor turns into a float by itself.
        let float = |whole: i128| i64::try_from(whole).map_or_else(|_| wide(whole), |whole| whole as f64);
        float(value) / float(self.value_cent) / 100.0
    }
}

/// Apart, or the compiler turns both of them for every value.
#[cold]
#[inline(never)]
#[allow(clippy::cast_precision_loss, reason = "for the solvers, which round anyway")]
fn wide(whole: i128) -> f64 {
    whole as f64
}

/// Values beyond this are refused, so that sums and differences of a few stay within 128 bits.
const LARGEST: i128 = 1 << 120;

/// Powers of ten.
const POWERS: [i128; 38] = {
    let mut powers = [1; 38];
    let mut at = 1;
    while at < powers.len() {
        powers[at] = 10 * powers[at - 1];
        at += 1;
    }
    powers
};

/// How many decimals the finest of them has.
fn finest(decimals: impl Iterator<Item = Decimal>) -> u32 {
    // Zeros at the end are looked for where they might count alone.
    decimals.fold(0, |most, d| if d.scale() > most { most.max(d.normalize().scale()) } else { most })
}

/// `decimal x 10^scale`, which the scale makes whole.
pub(super) fn whole(decimal: Decimal, scale: u32) -> Option<i128> {
    let decimal = if decimal.scale() > scale { decimal.normalize() } else { decimal };
    let power = scale.checked_sub(decimal.scale())?;
    let whole = decimal.mantissa().checked_mul(*POWERS.get(power as usize)?)?;
    (whole.abs() <= LARGEST).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal_macros::dec;

    #[test]
    fn decimals_become_whole_at_their_scale() {
        assert_eq!(whole(dec!(1.50), 1), Some(15));
        assert_eq!(whole(dec!(-0.333333333), 9), Some(-333_333_333));
        assert_eq!(whole(dec!(0.001), 2), None);
        // 2^120 is about 1.3 x 10^36
        assert_eq!(whole(dec!(100000000), 28), Some(10_i128.pow(36)));
        assert_eq!(whole(dec!(200000000), 28), None);
    }
}
