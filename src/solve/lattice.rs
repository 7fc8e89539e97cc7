//! The cents that a relaxation does not see: which losses whole cents leave open, and that none of them adds up to a better plan.
//!
//! The line of the safe bound ([`super::bound`]) is an identity once everything that it leaves out is counted. With rational multipliers y, every point of a box is worth
//!
//! ```text
//! c x = V - sum_i |y_i| s_i - sum_j |d_j| t_j
//! ```
//!
//! where `s_i >= 0` is what a row leaves unused and `t_j >= 0` how far a column is off the end of its range that the bound assumes. Both come in *steps*: a column in cents or decisions, a row
//! in the greatest common divisor of its entries, so that `3/5 E - g` is so many fifths of a cent and nothing between. So a plan worth a given number of whole cents is a way to make the rest of `V` of
//! whole numbers of weights `w_k = |y_i| g_i, |d_j|`, as change is made of coins: a relaxation worth 176.14 cents whose coins are 0.05, 0.06 and 0.20 has no plan worth 176, however far a tree
//! moves the cents between two grants that trade them.
//!
//! One equation alone is often too weak. Any other combination `u` of the rows, of any sign, says of the same steps that `sum_k f_k n_k = r` up to a whole number; with the rows of the inverse
//! of the basis, each says that one basic column (a grant, a ceiling, a sum of costs) is in whole cents (R. E. Gomory, *Some polyhedra related to combinatorial problems*, 1969). It is of use where
//! it is whole on everything that weighs nothing. They are taken in one at a time, as long as ways are left that keep them all.
//!
//! Floats only suggest: multipliers are the rational numbers next to them, over one denominator, and everything else is integers. What is left of a relaxation that says nothing in such steps
//! (a column of any number, an objective in parts of cents) is left to the tree.

mod fractions;
mod ways;

use self::fractions::{Fractions, common};
use self::ways::{Combination, TooMany, Ways};
use super::WHOLE_CENT;
use super::exact::{Domain, Exact};
use super::relaxation::Relaxation;
use crate::money::Money;
use crate::program::{Column, ColumnKey, Kind};

/// A wider gap is none of whole cents alone.
pub(super) const MOST: Money = Money::from_cents(5);

/// The largest common denominator of multipliers.
const MOST_OVER: i128 = 100_000_000;

/// Rows of the inverse that are asked for, at most.
const MOST_ROWS: usize = 60;

/// Why nothing in a box is worth more than so many cents: rational multipliers of rows, over one denominator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lattice {
    /// The denominator.
    pub over: i128,
    /// The multipliers.
    pub of: Vec<(usize, i128)>,
    /// Other combinations of rows, each whole on everything that weighs nothing.
    pub modulo: Vec<Vec<(usize, i128)>>,
}

/// What a box holds in whole cents.
#[derive(Debug)]
pub(super) struct Answer {
    /// No point is worth more cents.
    pub cents: i64,
    /// Why.
    pub lattice: Lattice,
    /// A point that loses no more than the bound allows, nearly; it need not keep every row.
    pub point: Option<Vec<f64>>,
}

/// What a box holds in whole cents, from the vertex that its relaxation stands at and its multipliers; none where the argument says nothing. Only more than `least` cents are looked at.
pub(super) fn in_cents(
    exact: &Exact,
    columns: &[Column],
    domain: &Domain,
    (relaxation, multipliers, vertex): (&Relaxation<'_>, &[f64], &[f64]),
    least: i64,
) -> Option<Answer> {
    // What stands on a row that nothing moves is of no effect, and where it comes from an application that is not made, of no meaning.
    let moves = |row: &usize| exact.rows[*row].terms.iter().any(|(column, _)| !domain.is_fixed(*column));
    let prices: Vec<(usize, f64)> =
        multipliers.iter().copied().enumerate().filter(|(row, y)| *y != 0.0 && moves(row)).collect();
    let prices = Fractions::near(&prices)?;
    let mut over = prices.over;
    let whole = Ways::new(exact, domain, &prices)?;
    if whole.most()? <= least {
        return Some(Answer { cents: whole.most()?, lattice: prices.lattice(), point: None });
    }
    if whole.most()? > least + MOST.cents() {
        return None;
    }
    let mut combinations = Vec::new();
    for column in open_cents(columns, domain, vertex) {
        let Some(row) = relaxation.row_of(column) else { continue };
        // A decision is a hundred times a cent.
        let times = if columns[column].kind == Kind::Cents { 1.0 } else { 0.01 };
        let row = row.into_iter().filter(|(row, _)| moves(row)).map(|(row, y)| (row, y * times));
        let row: Vec<(usize, f64)> = row.collect();
        let Some(fractions) = Fractions::near(&row) else { continue };
        let both = over / common(over, fractions.over) * fractions.over;
        if both <= MOST_OVER {
            over = both;
            combinations.push(fractions);
        }
    }
    let prices = prices.over(over)?;
    let mut ways = Ways::new(exact, domain, &prices)?;
    let all: Vec<Combination> =
        combinations.iter().filter_map(|of| ways.combination(&of.over(over)?)).collect();
    let mut combinations = ways.whole_on_nothing(all.clone());
    let mut lattice = prices.lattice();
    let mut cents = ways.most()?;
    let mut point = None;
    while cents > least {
        match ways.to(cents) {
            Ok(None) => cents -= 1,
            Ok(Some(way)) => {
                let breaks = |combination: &Combination| !combination.allows(&way, ways.cent);
                let Some(breaks) = combinations.iter().position(breaks) else {
                    point = ways.point(relaxation, &ways.balanced(way, &all));
                    break;
                };
                let combination = combinations.swap_remove(breaks);
                lattice.modulo.push(combination.of.iter().map(|(row, times)| (*row, *times)).collect());
                ways.take(&combination);
            }
            Err(TooMany) => break,
        }
    }
    // Combinations tell steps apart: with those taken in last the sums above have more ways to be tried, and whoever checks the proof tries them with all.
    let is_shown = |sum: &i64| matches!(ways.to(*sum), Ok(None));
    let top = ways.most()?;
    if let Some(open) = (cents + 1..=top).rev().find(|sum| !lattice.modulo.is_empty() && !is_shown(sum)) {
        (cents, point) = (open, None);
    }
    Some(Answer { cents, lattice, point })
}

/// Columns whose cents the vertex leaves open or that follow from others cut to cents: grants, sums and what is derived first.
fn open_cents(columns: &[Column], domain: &Domain, vertex: &[f64]) -> Vec<usize> {
    let is_open = |column: usize| {
        let steps = vertex[column] * if columns[column].kind == Kind::Cents { 100.0 } else { 1.0 };
        (steps - steps.round()).abs() > WHOLE_CENT
    };
    let mut open: Vec<(bool, bool, usize)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let is_amount = matches!(column.key, ColumnKey::Admitted { .. } | ColumnKey::Claim { .. });
        if column.kind != Kind::Real && !domain.is_fixed(at) && (is_open(at) || !is_amount) {
            open.push((!is_open(at), is_amount, at));
        }
    }
    open.sort_unstable();
    open.truncate(MOST_ROWS);
    open.into_iter().map(|(.., column)| column).collect()
}

#[cfg(test)]
mod tests {
    use super::super::bound::Certificate;
    use super::super::relaxation::Relaxed;
    use super::super::sample;
    use super::super::scaled::Scaled;
    use super::*;
    use crate::program::Program;
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    /// What whole cents leave of a program above `least`, and what its multipliers alone do, in cents.
    fn answer(program: &Program, least: impl Fn(i64) -> i64) -> Option<(Answer, i64)> {
        let exact = Exact::new(program)?;
        let scaled = Scaled::new(program);
        let mut relaxation = Relaxation::new(&scaled);
        let (lower, upper) = exact.floats(&exact.domain);
        let Relaxed::Point { values, multipliers } = relaxation.relax(&lower, &upper)? else { return None };
        let bound = exact.certificate(&exact.domain, &multipliers)?;
        let bound = Certificate::bound(&bound, &exact)?.cut()?.cents();
        let at = (&relaxation, multipliers.as_slice(), values.as_slice());
        Some((in_cents(&exact, &program.columns, &exact.domain, at, least(bound))?, bound))
    }

    #[test]
    fn a_rest_that_no_steps_make_is_not_in_the_bound() {
        // 600.6 + 500.5 = 1101.1 cents. Steps cost a fifth and a half (what the rows leave unused), three fifths and a half (a cent of either cost): none make a tenth, 0.6 + 0.5 make 1.1.
        let (answer, bound) = answer(&sample::two_rates(), |bound| bound - 5).expect("fractions");
        assert_eq!((bound, answer.cents), (1101, 1100));
    }

    #[test]
    fn an_objective_in_parts_of_cents_is_left_to_the_tree() {
        let mut program = sample::two_rates();
        program.columns[0].objective = dec!(0.5);
        assert!(answer(&program, |bound| bound - 5).is_none());
    }

    proptest! {
        /// Rows with short fractions, an objective in whole cents.
        #[test]
        fn no_point_is_worth_more(program in sample::programs().prop_map(sample::in_cents)) {
            if let Some(((answer, _), optimum)) =
                answer(&program, |bound| bound - 5).zip(sample::optimum(&program))
            {
                prop_assert!(answer.cents >= optimum.cents(), "{answer:?} {optimum}");
            }
        }
    }
}
