//! Room that is left: blocks planned anew, one after the other, in what the others leave of the joint rows.
//!
//! The choices of the master leave room of which no point found so far makes anything. With the choice `p[b]` of every block, block `b` may take
//! `r[i] - sum over b' other than b: u[p[b'],i]` of the room of joint row `i`:
//!
//! ```text
//! maximise c x over x in b with a_i x <= that, for every i that meets b
//! ```
//!
//! is a small tree, whose first plan is the choice at hand. Blocks come in the order of what they lose at the prices against the best point known of them, for what the
//! master denies them is what room may give. Before that, where the choice overdraws a row by a little, one block is planned anew so that it does not.

use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::super::exact::Exact;
use super::super::scaled::{Scaled, float};
use super::super::tree::{Experience, Exploration, Task};
use super::super::worth::Worth;
use super::super::{CLOSE, Limits};
use super::block::{Block, Blocks};
use super::master::Candidate;
use crate::program::{Row, Sense};

/// Blocks planned anew at a time.
const BLOCKS: usize = 100;

/// Nodes of each.
const NODES: usize = 40;

/// Blocks that take the most of an overdrawn row, of which one is to take less.
const SHRUNK: usize = 24;

/// Room lacking by less than this many euro, or cents, is not lacking.
const NOISE: f64 = 1e-3;

/// Plans blocks anew around a choice of points, keeps what is found, and tells the better choice; none where nothing is better.
pub(super) fn fill(
    blocks: &Blocks,
    found: &mut [Vec<Candidate>],
    chosen: &[usize],
    prices: &[f64],
    limits: &Limits,
) -> Option<Vec<usize>> {
    let mut chosen = chosen.to_vec();
    let mut room: Vec<f64> = blocks.joints.iter().map(|row| float(row.rhs)).collect();
    for ((block, found), number) in blocks.parts.iter().zip(found.iter()).zip(&chosen) {
        for ((row, _), used) in block.joint.iter().zip(&found.get(*number)?.uses) {
            room[*row] -= used;
        }
    }
    let net = |block: &Block, candidate: &Candidate| {
        let paid = block.joint.iter().zip(&candidate.uses).map(|((row, _), used)| prices[*row] * used);
        candidate.worth - paid.sum::<f64>()
    };
    let loss = |b: usize| {
        let best = found[b].iter().map(|candidate| net(&blocks.parts[b], candidate)).fold(f64::MIN, f64::max);
        best - net(&blocks.parts[b], &found[b][chosen[b]])
    };
    let mut order: Vec<(f64, usize)> = (0..chosen.len()).map(|b| (loss(b), b)).collect();
    order.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut better = shrink(blocks, found, &mut chosen, &mut room, limits);
    for (_, b) in order.into_iter().take(BLOCKS) {
        let (block, now) = (&blocks.parts[b], &found[b][chosen[b]]);
        // What is taken now stays possible, be the room overdrawn.
        let left: Vec<f64> = block
            .joint
            .iter()
            .zip(&now.uses)
            .map(|((row, _), used)| (room[*row] + used).max(*used))
            .collect();
        let known = Worth::near(now.worth) + CLOSE.into();
        let Some(candidate) = planned(block, blocks, &left, Some(known), limits) else { continue };
        take(block, &mut room, &mut found[b], &mut chosen[b], candidate);
        better = true;
    }
    better.then_some(chosen)
}

/// Takes another point of a block in the place of the one chosen.
fn take(
    block: &Block,
    room: &mut [f64],
    found: &mut Vec<Candidate>,
    chosen: &mut usize,
    candidate: Candidate,
) {
    for (((row, _), before), after) in block.joint.iter().zip(&found[*chosen].uses).zip(&candidate.uses) {
        room[*row] += before - after;
    }
    *chosen = found.len();
    found.push(candidate);
}

/// Rows that the choice overdraws: of the blocks that take the most of each, the one that loses the least by keeping it is planned anew so. The authority would refuse a
/// whole application for want of a cent.
fn shrink(
    blocks: &Blocks,
    found: &mut [Vec<Candidate>],
    chosen: &mut [usize],
    room: &mut [f64],
    limits: &Limits,
) -> bool {
    let mut better = false;
    for (number, row) in blocks.joints.iter().enumerate() {
        if row.sense != Sense::AtMost || room[number] > -NOISE {
            continue;
        }
        let use_of = |b: usize| {
            let at = blocks.parts[b].joint.iter().position(|(row, _)| *row == number)?;
            Some(found[b][chosen[b]].uses[at])
        };
        let mut takers: Vec<(f64, usize)> = (0..chosen.len())
            .filter_map(|b| Some((use_of(b)?, b)))
            .filter(|(used, _)| *used > -room[number])
            .collect();
        takers.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        takers.truncate(SHRUNK);
        let kept = |&(_, b): &(f64, usize)| {
            let (block, now) = (&blocks.parts[b], &found[b][chosen[b]]);
            let left: Vec<f64> =
                block.joint.iter().zip(&now.uses).map(|((row, _), used)| room[*row] + used).collect();
            let candidate = planned(block, blocks, &left, None, limits)?;
            Some((now.worth - candidate.worth, b, candidate))
        };
        let shrunk: Vec<(f64, usize, Candidate)> = takers.par_iter().filter_map(kept).collect();
        let least =
            shrunk.into_iter().min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        if let Some((_, b, candidate)) = least {
            take(&blocks.parts[b], room, &mut found[b], &mut chosen[b], candidate);
            better = true;
        }
    }
    better
}

/// A point of a block within this room of each joint row that meets it, worth more than what is known, if anything is.
fn planned(
    block: &Block,
    blocks: &Blocks,
    left: &[f64],
    known: Option<Worth>,
    limits: &Limits,
) -> Option<Candidate> {
    let mut program = block.program.clone();
    for ((number, terms), left) in block.joint.iter().zip(left) {
        let row = &blocks.joints[*number];
        let rhs = Decimal::from_f64((left * 100.0 + NOISE).floor() / 100.0)?;
        program.rows.push(Row { terms: terms.clone(), rhs, ..row.clone() });
    }
    let (exact, scaled) = (Exact::new(&program)?, Scaled::new(&program));
    let task = Task { columns: &program.columns, exact: &exact, scaled: &scaled, dives: true };
    let (mut best, mut found) = (known, None);
    let limits = Limits { nodes: Some(NODES), gap: CLOSE, keep: false, ..*limits };
    Exploration::begin(task, Experience::default(), known)?.grow(&limits, &mut |point| {
        let worth = Some(Worth::near(task.worth(point)));
        if worth > best {
            (best, found) = (worth, Some(point.to_vec()));
        }
        worth
    });
    found.map(|point| Candidate { worth: block.worth(&point), uses: block.uses(&point), point })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, ColumnKey, Kind, Program};
    use rust_decimal_macros::dec;

    /// Two grants of up to 100 euro in a room of 150.
    fn two_grants() -> Blocks {
        let mut program = Program::default();
        for application in 0..2 {
            let (key, name, kind) =
                (ColumnKey::Grant { application }, format!("g{application}"), Kind::Cents);
            let (lower, upper, objective) = (Decimal::ZERO, dec!(100), Decimal::ONE);
            program.column(Column { key, name: name.into(), kind, lower, upper, objective });
        }
        program.row("room", "room".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(150));
        Blocks::new(&program, &Some).expect("two blocks")
    }

    fn point(euro: f64) -> Vec<Candidate> {
        vec![Candidate { point: vec![euro], worth: euro, uses: vec![euro] }]
    }

    /// What the blocks of a choice are worth.
    fn worths(found: &[Vec<Candidate>], chosen: &[usize]) -> Vec<f64> {
        found.iter().zip(chosen).map(|(of, number)| of[*number].worth).collect()
    }

    #[test]
    fn room_that_is_left_goes_to_a_block_that_can_use_it() {
        let blocks = two_grants();
        // The first takes 60 and the second nothing: 90 are left.
        let mut found = [point(60.0), point(0.0)];
        let chosen = fill(&blocks, &mut found, &[0, 0], &[0.5], &Limits::default()).expect("90 are left");
        // The first comes first, for both lose nothing: it takes 100, the second the 50 that are left.
        assert_eq!(worths(&found, &chosen), [100.0, 50.0]);
        assert!(fill(&blocks, &mut found, &chosen, &[0.5], &Limits::default()).is_none());
    }

    #[test]
    fn what_overdraws_a_room_shrinks() {
        let blocks = two_grants();
        let mut found = [point(100.0), point(80.0)];
        // 180 of 150 are taken: the first, which takes the most, or the second gives 30 back, for the same loss; the first of them does.
        let chosen = fill(&blocks, &mut found, &[0, 0], &[0.5], &Limits::default()).expect("30 too much");
        assert_eq!(worths(&found, &chosen), [70.0, 80.0]);
    }
}
