//! What whole cents leave of a box: that no way of losing whole steps is worth more than the claim.
//!
//! With multipliers y over one denominator every point of a box is worth `V - sum_i |y_i| s_i - sum_j |d_j| t_j`, where a row leaves `s_i` unused and a column is `t_j` off the end of its range
//! that the bound assumes. Both are whole numbers of steps: of a column a cent or a unit, of a row the greatest common divisor of its entries times the steps of their columns, from the least on
//! that it leaves unused in any case. So a point worth z whole cents is a choice of whole numbers n_k with `sum w_k n_k = V - z`. A combination of rows says `sum f_k n_k = r`, up to whole cents, where
//! it is whole on every step that weighs nothing. All choices are tried, for every z from the claim to V: none may keep all combinations.

use std::collections::{BTreeMap, BTreeSet};

use super::bound::{Claim, may_stand};
use super::boxes::Box;
use super::fault::Problem;
use super::whole::{Integers, Row, power};
use crate::certificate::{Lattice, Whole};
use crate::program::Sense;

/// Choices, and sums of them, looked at before a proof is refused as too long.
const MOST_CHOICES: i128 = 20_000_000;

/// Units that the sums of one amount are kept for.
const MOST_UNITS: i128 = 1 << 20;

/// What a row leaves unused, or how far a column is off its end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Row(usize),
    Column(usize),
}

/// Figures over a box, in units of a coefficient times a value over the denominator.
struct Identity<'a> {
    integers: &'a Integers,
    over: &'a Box,
    /// What coefficients are to be multiplied by.
    row_unit: i128,
    cent: i128,
    value: i128,
    weights: BTreeMap<Step, i128>,
    /// The end of each column that the bound assumes.
    ends: Vec<i128>,
}

/// Checks that nothing in a box is worth more than the claim.
///
/// # Errors
/// What does not hold.
pub(super) fn check(integers: &Integers, of: &Lattice, over: &Box, claim: Claim) -> Result<(), Problem> {
    let Claim::Cents(claimed) = claim else { return Err(Problem::NoCents) };
    let identity = Identity::new(integers, of, over)?;
    let mut combinations = Vec::new();
    for combination in &of.modulo {
        combinations.push(identity.combination(combination)?);
    }
    let least = i128::from(claimed.cents()) + 1;
    let most = identity.value.div_euclid(identity.cent);
    let mut choices: i128 = 0;
    for cents in (least..=most).rev() {
        if identity.leaves(cents, &combinations, &mut choices)? {
            let follows = super::euro(cents, 2);
            return Err(Problem::Above { follows, claimed: claim.said() });
        }
    }
    Ok(())
}

impl<'a> Identity<'a> {
    fn new(integers: &'a Integers, of: &Lattice, over: &'a Box) -> Result<Self, Problem> {
        let large = || Problem::TooLarge;
        if of.over.0 <= 0 {
            return Err(Problem::NoCents);
        }
        // Coefficients and objective are counted in the finer units of both.
        let finest = integers.coefficients.max(integers.objective_decimals);
        let row_unit = power(finest - integers.coefficients).ok_or_else(large)?;
        let unit = power(finest - integers.objective_decimals);
        let unit = unit.and_then(|unit| unit.checked_mul(of.over.0)).ok_or_else(large)?;
        let cent = power(finest + integers.values - 2).and_then(|cent| cent.checked_mul(of.over.0));
        let cent = cent.ok_or_else(large)?;
        let mut reduced = Vec::with_capacity(integers.objective.len());
        for (own, step) in integers.objective.iter().zip(&integers.steps) {
            let own = own.checked_mul(unit).ok_or_else(large)?;
            let step = if own == 0 { 0 } else { step.ok_or(Problem::NoCents)? };
            if own.checked_mul(step).ok_or_else(large)? % cent != 0 {
                return Err(Problem::NoCents);
            }
            reduced.push(own);
        }
        let ends = Vec::with_capacity(reduced.len());
        let mut identity =
            Identity { integers, over, row_unit, cent, value: 0, weights: BTreeMap::new(), ends };
        for (number, Whole(multiplier)) in &of.of {
            let row = integers.row(*number)?;
            may_stand(*multiplier, row.sense, *number)?;
            let multiplier = times(*multiplier, row_unit)?;
            identity.value = plus(identity.value, times(multiplier, row.rhs)?)?;
            for &(column, coefficient) in &row.terms {
                reduced[column] = minus(reduced[column], times(multiplier, coefficient)?)?;
            }
            if row.sense != Sense::Equal {
                let (step, rest) = identity.unused(row)?;
                let each = multiplier.checked_abs().ok_or_else(large)?;
                identity.value = minus(identity.value, times(each, rest)?)?;
                // A row that stands here twice weighs as much as both.
                let weight = identity.weights.entry(Step::Row(*number as usize)).or_default();
                *weight = plus(*weight, times(each, step)?)?;
            }
        }
        for (column, reduced) in reduced.into_iter().enumerate() {
            let end = if reduced > 0 { over.upper[column] } else { over.lower[column] };
            identity.value = plus(identity.value, times(reduced, end)?)?;
            identity.ends.push(end);
            if reduced != 0 && !identity.is_fixed(column) {
                let step = integers.steps[column].ok_or(Problem::NoCents)?;
                identity.weights.insert(
                    Step::Column(column),
                    times(reduced.checked_abs().ok_or(Problem::TooLarge)?, step)?,
                );
            }
        }
        identity.weights.retain(|_, weight| *weight > 0);
        Ok(identity)
    }

    fn is_fixed(&self, column: usize) -> bool {
        self.over.lower[column] >= self.over.upper[column]
    }

    /// The step of what a row leaves unused, and the least that it leaves.
    fn unused(&self, row: &Row) -> Result<(i128, i128), Problem> {
        let (mut step, mut rest): (i128, i128) = (0, row.rhs);
        for &(column, coefficient) in &row.terms {
            if self.is_fixed(column) {
                rest = minus(rest, times(coefficient, self.over.lower[column])?)?;
            } else {
                let own = times(coefficient, self.integers.steps[column].ok_or(Problem::NoCents)?)?;
                step = divisor(step, own);
            }
        }
        let rest = if row.sense == Sense::AtLeast { -rest } else { rest };
        Ok((step, if step == 0 { rest } else { rest.rem_euclid(step) }))
    }

    /// By step that weighs something, what a combination makes of it; and what all come to.
    fn combination(&self, of: &[(u32, Whole)]) -> Result<(BTreeMap<Step, i128>, i128), Problem> {
        let mut left = vec![0_i128; self.ends.len()];
        let mut steps: BTreeMap<Step, i128> = BTreeMap::new();
        let mut target = 0;
        for (number, Whole(multiplier)) in of {
            let row = self.integers.row(*number)?;
            let multiplier = times(*multiplier, self.row_unit)?;
            target = plus(target, times(multiplier, row.rhs)?)?;
            for &(column, coefficient) in &row.terms {
                left[column] = plus(left[column], times(multiplier, coefficient)?)?;
            }
            if row.sense != Sense::Equal {
                let (step, rest) = self.unused(row)?;
                let each = if row.sense == Sense::AtLeast { times(multiplier, -1)? } else { multiplier };
                target = minus(target, times(each, rest)?)?;
                let own = steps.entry(Step::Row(*number as usize)).or_default();
                *own = plus(*own, times(each, step)?)?;
            }
        }
        for (column, left) in left.into_iter().enumerate().filter(|(_, left)| *left != 0) {
            target = minus(target, times(left, self.ends[column])?)?;
            if self.is_fixed(column) {
                continue;
            }
            let each = times(left, self.integers.steps[column].ok_or(Problem::NoCents)?)?;
            let is_at_upper = self.ends[column] == self.over.upper[column];
            steps.insert(Step::Column(column), if is_at_upper { minus(0, each)? } else { each });
        }
        for each in steps.values_mut() {
            *each = each.rem_euclid(self.cent);
        }
        steps.retain(|_, each| *each != 0);
        if steps.keys().any(|step| !self.weights.contains_key(step)) {
            return Err(Problem::NotWhole);
        }
        Ok((steps, target.rem_euclid(self.cent)))
    }

    /// Whether some choice is worth so many cents and keeps the combinations.
    fn leaves(
        &self,
        cents: i128,
        combinations: &[(BTreeMap<Step, i128>, i128)],
        choices: &mut i128,
    ) -> Result<bool, Problem> {
        *choices += 1;
        if *choices > MOST_CHOICES {
            return Err(Problem::TooLarge);
        }
        let lost = minus(self.value, times(cents, self.cent)?)?;
        // Steps of which one more changes nothing else are one; what is too heavy is not taken.
        let coins: BTreeSet<(i128, Vec<i128>)> = self
            .weights
            .iter()
            .filter(|(_, weight)| **weight <= lost)
            .map(|(step, weight)| {
                let said = combinations.iter().map(|(steps, _)| steps.get(step).copied().unwrap_or(0));
                (*weight, said.collect())
            })
            .collect();
        let targets: Vec<i128> = combinations.iter().map(|(_, target)| *target).collect();
        let unit = coins.iter().fold(0, |unit, (weight, _)| divisor(unit, *weight));
        if lost == 0 || unit == 0 {
            return Ok(lost == 0 && targets.iter().all(|target| *target == 0));
        }
        if lost % unit != 0 {
            return Ok(false);
        }
        let sum = lost / unit;
        *choices += sum;
        if sum > MOST_UNITS || *choices > MOST_CHOICES {
            return Err(Problem::TooLarge);
        }
        // The heaviest first; which sums the coins after each come to.
        let mut by_coin = Vec::new();
        let mut reached: Vec<bool> = (0..=sum).map(|sum| sum == 0).collect();
        for (weight, said) in &coins {
            let before = reached.clone();
            let weight = usize::try_from(weight / unit).map_err(|_| Problem::TooLarge)?;
            for sum in weight..reached.len() {
                reached[sum] = reached[sum] || reached[sum - weight];
            }
            by_coin.push((weight, said, before));
        }
        by_coin.reverse();
        let mut open = vec![(0, reached.len() - 1, targets)];
        if !reached[reached.len() - 1] {
            return Ok(false);
        }
        while let Some((coin, mut sum, mut targets)) = open.pop() {
            *choices += 1;
            if *choices > MOST_CHOICES {
                return Err(Problem::TooLarge);
            }
            let Some((weight, said, after)) = by_coin.get(coin) else {
                if targets.iter().all(|target| *target == 0) {
                    return Ok(true);
                }
                continue;
            };
            loop {
                if after[sum] {
                    open.push((coin + 1, sum, targets.clone()));
                }
                let Some(rest) = sum.checked_sub(*weight) else { break };
                sum = rest;
                for (target, said) in targets.iter_mut().zip(*said) {
                    *target = (*target - said).rem_euclid(self.cent);
                }
            }
        }
        Ok(false)
    }
}

fn plus(one: i128, other: i128) -> Result<i128, Problem> {
    one.checked_add(other).ok_or(Problem::TooLarge)
}

fn minus(one: i128, other: i128) -> Result<i128, Problem> {
    one.checked_sub(other).ok_or(Problem::TooLarge)
}

fn times(one: i128, other: i128) -> Result<i128, Problem> {
    one.checked_mul(other).ok_or(Problem::TooLarge)
}

/// The greatest common divisor, not below zero.
fn divisor(one: i128, other: i128) -> i128 {
    if other == 0 { one.abs() } else { divisor(other, one % other) }
}
