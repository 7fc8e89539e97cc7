//! The boxes of a tree, one after the other.

use super::bound::Claim;
use super::boxes::Box;
use super::fault::{Fault, Problem};
use super::lattice;
use super::whole::Integers;
use crate::certificate::{Multipliers, Node};

/// Checks that every point of the program is in a box that is empty, or bounded by the claim.
pub(super) fn check(integers: &Integers, nodes: &[Node], claim: Claim) -> Result<(), Fault> {
    let mut all = integers.all.clone();
    all.empty = all.lower.iter().zip(&all.upper).any(|(lower, upper)| lower > upper);
    // Boxes whose node is still to come.
    let mut open = vec![all];
    for (number, node) in nodes.iter().enumerate() {
        let failed = |problem| Fault { block: None, node: Some(number), problem };
        let next = open.pop().ok_or(failed(Problem::GoesOn))?;
        // The lower part comes first.
        open.extend(parts(integers, node, next, claim).map_err(failed)?.into_iter().flatten());
    }
    if open.is_empty() { Ok(()) } else { Err(Problem::Ends.into()) }
}

/// The parts that a box is split into, the upper one first; none where it is closed.
fn parts(integers: &Integers, node: &Node, mut left: Box, claim: Claim) -> Result<Option<[Box; 2]>, Problem> {
    left.read_all(integers, &node.rows)?;
    // Without multipliers every column is at the end that is worth more.
    let nothing = Multipliers { decimals: 0, of: Vec::new() };
    let multipliers = node.multipliers.as_ref().unwrap_or(&nothing);
    if let (Some(of), false, false, None) = (&node.lattice, left.empty, node.empty, node.split) {
        return lattice::check(integers, of, &left, claim).map(|()| None);
    }
    let Some(split) = node.split else {
        let bound = integers.bound(multipliers, &left, !node.empty)?;
        return match node.empty {
            _ if left.empty => Ok(None),
            true if bound.is_below_zero() => Ok(None),
            true => Err(Problem::NotEmpty),
            false if bound.meets(claim) => Ok(None),
            false => Err(Problem::Above { follows: bound.said(claim), claimed: claim.said() }),
        };
    };
    if !node.fixed.is_empty() {
        // What each is fixed by is the box before any is.
        let (bound, before) = (integers.bound(multipliers, &left, true)?, left.clone());
        for number in &node.fixed {
            let column = integers.column(*number)?;
            let (least, most) =
                bound.left(integers, &before, column, claim).ok_or(Problem::NotFixed(*number))?;
            left.at_least(column, least);
            left.at_most(column, most);
        }
    }
    let column = integers.column(split.column)?;
    let step = integers.steps[column].ok_or(Problem::NoSplit(split.column))?;
    let below = step.checked_mul(i128::from(split.below)).ok_or(Problem::TooLarge)?;
    let (mut lower, mut upper) = (left.clone(), left);
    lower.at_most(column, below);
    upper.at_least(column, below.checked_add(step).ok_or(Problem::TooLarge)?);
    Ok(Some([upper, lower]))
}
