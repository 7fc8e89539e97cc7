//! Prices on what joins blocks, and the blocks at these prices.

use rust_decimal::Decimal;

use super::bound::{Claim, TRILLIONTHS, euro, may_stand};
use super::fault::{Fault, Problem};
use super::tree;
use super::whole::{Integers, decimals, power, whole};
use crate::certificate::{Block, Prices};
use crate::money::Money;
use crate::program::{Program, Row};

/// Decimals of a price.
const BILLIONTHS: u32 = 9;

/// Checks that the rooms at their prices and the blocks at these come to no more than the claim.
pub(super) fn check(program: &Program, prices: &Prices, claimed: Money) -> Result<(), Fault> {
    let place = places(program, &prices.blocks)?;
    let mut price: Vec<Option<i128>> = vec![None; program.rows.len()];
    for (number, billionths) in &prices.prices {
        let at = usize::try_from(*number).ok().filter(|at| *at < price.len());
        let at = at.ok_or(Problem::NoRow(*number))?;
        if block_of(&program.rows[at], &place).is_some() || price[at].is_some() {
            return Err(Problem::NoJoint(*number).into());
        }
        may_stand(billionths.0, program.rows[at].sense, *number)?;
        price[at] = Some(billionths.0);
    }
    let priced: Vec<(&Row, i128)> =
        program.rows.iter().zip(&price).filter_map(|(row, price)| Some((row, (*price)?))).collect();
    for (number, block) in prices.blocks.iter().enumerate() {
        let integers = at_prices(program, &place, number, block, &priced).ok_or(Problem::TooLarge)?;
        tree::check(&integers, &block.nodes, Claim::Trillionths(block.bound.0))
            .map_err(|fault| Fault { block: Some(number), ..fault })?;
    }
    let sum = sum(&priced, &prices.blocks).ok_or(Problem::TooLarge)?;
    if sum > i128::from(claimed.cents()) {
        return Err(Problem::Sum { follows: euro(sum, 2), claimed }.into());
    }
    Ok(())
}

/// By column: its block, and its place in it.
fn places(program: &Program, blocks: &[Block]) -> Result<Vec<(usize, usize)>, Problem> {
    let mut place: Vec<Option<(usize, usize)>> = vec![None; program.columns.len()];
    for (number, block) in blocks.iter().enumerate() {
        for (at, column) in block.columns.iter().enumerate() {
            let own = usize::try_from(*column).ok().and_then(|column| place.get_mut(column));
            let own = own.ok_or(Problem::NoColumn(*column))?;
            if own.replace((number, at)).is_some() {
                return Err(Problem::Blocks(*column));
            }
        }
    }
    let missing = |column: usize| Problem::Blocks(u32::try_from(column).unwrap_or(u32::MAX));
    place.into_iter().enumerate().map(|(column, place)| place.ok_or_else(|| missing(column))).collect()
}

/// The one block that all columns of a row are in; none of a row that joins several, or has no columns.
fn block_of(row: &Row, place: &[(usize, usize)]) -> Option<usize> {
    let mut blocks = row.terms.iter().map(|(column, _)| place[*column].0);
    let first = blocks.next()?;
    blocks.all(|block| block == first).then_some(first)
}

/// The program of a block, with `c - sum of prices x rows` for its objective; none where 128 bits do not hold it.
fn at_prices(
    program: &Program,
    place: &[(usize, usize)],
    number: usize,
    block: &Block,
    priced: &[(&Row, i128)],
) -> Option<Integers> {
    // The columns were found to be there, each once.
    let columns = block.columns.iter().filter_map(|column| program.columns.get(*column as usize));
    let mut part = Program { columns: columns.cloned().collect(), rows: Vec::new() };
    for row in program.rows.iter().filter(|row| block_of(row, place) == Some(number)) {
        let terms = row.terms.iter().map(|(column, k)| (place[*column].1, *k)).collect();
        part.rows.push(Row { terms, ..row.clone() });
    }
    let mut integers = Integers::new(&part)?;
    let own = |row: &Row| -> Vec<(usize, Decimal)> {
        let own = row.terms.iter().filter(|(column, _)| place[*column].0 == number);
        own.map(|(column, k)| (place[*column].1, *k)).collect()
    };
    let terms: Vec<(usize, Decimal, i128)> = priced
        .iter()
        .flat_map(|(row, price)| own(row).into_iter().map(|(column, k)| (column, k, *price)))
        .collect();
    let fine = decimals(terms.iter().map(|(_, k, _)| *k));
    let finer = (fine + BILLIONTHS).max(integers.objective_decimals);
    let unit = power(finer - integers.objective_decimals)?;
    for objective in &mut integers.objective {
        *objective = objective.checked_mul(unit)?;
    }
    integers.objective_decimals = finer;
    for (column, coefficient, price) in terms {
        let product = whole(coefficient, finer - BILLIONTHS)?.checked_mul(price)?;
        integers.objective[column] = integers.objective[column].checked_sub(product)?;
    }
    Some(integers)
}

/// Rooms at their prices and the bounds of the blocks, cut to cents; none where 128 bits do not hold it.
fn sum(priced: &[(&Row, i128)], blocks: &[Block]) -> Option<i128> {
    let fine = decimals(priced.iter().map(|(row, _)| row.rhs)).max(TRILLIONTHS - BILLIONTHS);
    let unit = power(fine + BILLIONTHS - TRILLIONTHS)?;
    let mut sum: i128 = 0;
    for (row, price) in priced {
        sum = sum.checked_add(whole(row.rhs, fine)?.checked_mul(*price)?)?;
    }
    for block in blocks {
        sum = sum.checked_add(block.bound.0.checked_mul(unit)?)?;
    }
    Some(sum.div_euclid(power(fine + BILLIONTHS - 2)?))
}
