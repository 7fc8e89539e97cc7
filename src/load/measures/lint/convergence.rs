//! Trims of cost that hang on what they cut (S7).
//!
//! Where a trim's right-hand side holds what another trim cuts, a cut of one euro there cuts up to the rate here. Round a cycle
//! of such trims the rates multiply: below one the cuts die out, at one and above they do not, and the call cannot mean it.

use rust_decimal::Decimal;

use super::{Places, largest};
use crate::load::measures::source::code;
use crate::measure::{Effect, Limit, Measure, Quantity};
use crate::rate::Rate;

/// Reports trims that bound themselves and cycles whose rates multiply to one or more.
pub(super) fn trims(measure: &Measure, places: &Places<'_, '_>) {
    let trims: Vec<(&Limit, &[usize])> = measure
        .limits
        .iter()
        .filter(|limit| limit.effect == Effect::Trim)
        .filter_map(|limit| match &limit.of {
            Quantity::Cost(of) => Some((limit, of.as_slice())),
            Quantity::Aid(_) => None,
        })
        .collect();
    for (limit, of) in &trims {
        let mut shares = limit.terms.iter().flat_map(|term| &term.shares);
        let bounds_itself = shares.any(|(rate, set)| {
            largest(rate).is_some_and(|rate| rate >= Decimal::ONE) && of.iter().all(|item| set.contains(item))
        });
        if bounds_itself {
            let message = "the sum is limited to itself or more, which cuts nothing";
            places.error(
                &limit.rule,
                "at_most",
                code::DIVERGES,
                message,
                "write a rate below 1, or a set without these items",
            );
        }
    }
    if let Some((limit, other)) = cycle(&trims) {
        let message = format!(
            "'{}' and '{}' limit each other with rates that multiply to 1 or more",
            limit.rule.id, other.rule.id
        );
        places.error(
            &limit.rule,
            "at_most",
            code::DIVERGES,
            &message,
            "lower a rate, or state one of them as an amount",
        );
    }
}

/// The largest rate with which a cut of what `other` limits cuts the limit.
fn pull(limit: &Limit, other: &[usize]) -> Decimal {
    let shares = limit.terms.iter().flat_map(|term| &term.shares);
    let touching = shares.filter(|(_, set)| set.iter().any(|item| other.contains(item)));
    // A rate that hangs on facts is not judged.
    touching.filter_map(|(rate, _)| largest(rate)).max().unwrap_or_default()
}

/// Two trims on a cycle whose rates multiply to one or more, if there is one: the largest product of rates along paths, as in
/// Floyd and Warshall.
fn cycle<'m>(trims: &[(&'m Limit, &[usize])]) -> Option<(&'m Limit, &'m Limit)> {
    let count = trims.len();
    let pulls = |i: usize, j: usize| if i == j { Decimal::ZERO } else { pull(trims[i].0, trims[j].1) };
    let mut products: Vec<Vec<Decimal>> =
        (0..count).map(|i| (0..count).map(|j| pulls(i, j)).collect()).collect();
    for via in 0..count {
        for i in 0..count {
            for j in 0..count {
                let product = products[i][via].saturating_mul(products[via][j]).min(Rate::LARGEST);
                if product > products[i][j] {
                    products[i][j] = product;
                }
                if i == j && products[i][j] >= Decimal::ONE {
                    return Some((trims[i].0, trims[via].0));
                }
            }
        }
    }
    None
}
