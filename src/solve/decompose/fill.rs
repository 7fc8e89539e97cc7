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
//! master denies them is what room may give. Rows other than `<=` are kept as they are taken now.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::super::exact::Exact;
use super::super::scaled::{Scaled, float};
use super::super::tree::{Task, explore};
use super::super::worth::Worth;
use super::super::{CLOSE, Limits};
use super::block::{Block, Blocks};
use super::master::Candidate;
use crate::program::{Kind, Row, Sense};

/// Blocks planned anew at a time.
const BLOCKS: usize = 100;

/// Nodes of each.
const NODES: usize = 40;

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
    let mut better = false;
    for (_, b) in order.into_iter().take(BLOCKS) {
        let (block, now) = (&blocks.parts[b], &found[b][chosen[b]]);
        let left: Vec<f64> =
            block.joint.iter().zip(&now.uses).map(|((row, _), used)| room[*row] + used).collect();
        let Some(point) = planned(block, blocks, &left, now, limits) else { continue };
        let candidate = Candidate { worth: block.worth(&point), uses: block.uses(&point), point };
        for (((row, _), before), after) in block.joint.iter().zip(&now.uses).zip(&candidate.uses) {
            room[*row] += before - after;
        }
        chosen[b] = found[b].len();
        found[b].push(candidate);
        better = true;
    }
    better.then_some(chosen)
}

/// A point of a block within this room of each joint row that meets it, worth more than the one at hand by a euro at least.
fn planned(
    block: &Block,
    blocks: &Blocks,
    left: &[f64],
    now: &Candidate,
    limits: &Limits,
) -> Option<Vec<f64>> {
    let mut program = block.program.clone();
    for (((number, terms), left), used) in block.joint.iter().zip(left).zip(&now.uses) {
        let row = &blocks.joints[*number];
        // What is taken now stays possible, be the room overdrawn by noise.
        let (most, least) = (left.max(*used), *used);
        let (sense, room) = match row.sense {
            Sense::AtMost => (Sense::AtMost, most),
            sense => (sense, least),
        };
        let rhs = Decimal::from_f64((room * 100.0).round() / 100.0)?;
        program.rows.push(Row { terms: terms.clone(), sense, rhs, ..row.clone() });
    }
    let (exact, scaled) = (Exact::new(&program)?, Scaled::new(&program));
    let in_cents = |column: usize| program.columns[column].kind == Kind::Cents;
    let task = Task { columns: &program.columns, exact: &exact, scaled: &scaled, dives: true };
    let known = Worth::near(now.worth) + CLOSE.into();
    let mut best = (known, None);
    let limits = Limits { nodes: Some(NODES), gap: CLOSE, keep: false, ..*limits };
    explore(&task, None, Some(known), &limits, &mut |point| {
        let worth = Worth::near(scaled.worth_in_cents(point, in_cents));
        if worth > best.0 {
            best = (worth, Some(point.to_vec()));
        }
        Some(worth)
    });
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, ColumnKey, Program};
    use rust_decimal_macros::dec;

    #[test]
    fn room_that_is_left_goes_to_a_block_that_can_use_it() {
        // Two grants of up to 100 euro in a room of 150, of which the first takes 60 and the second nothing.
        let mut program = Program::default();
        for application in 0..2 {
            let (key, name, kind) =
                (ColumnKey::Grant { application }, format!("g{application}"), Kind::Cents);
            let (lower, upper, objective) = (Decimal::ZERO, dec!(100), Decimal::ONE);
            program.column(Column { key, name, kind, lower, upper, objective });
        }
        program.row("room", "room".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(150));
        let blocks = Blocks::new(&program, &Some).expect("two blocks");
        let point = |euro: f64| vec![Candidate { point: vec![euro], worth: euro, uses: vec![euro] }];
        let mut found = [point(60.0), point(0.0)];
        let chosen = fill(&blocks, &mut found, &[0, 0], &[0.5], &Limits::default()).expect("90 are left");
        let taken: Vec<f64> = chosen.iter().zip(&found).map(|(number, of)| of[*number].worth).collect();
        // The first comes first, for both lose nothing: it takes 100, the second the 50 that are left.
        assert_eq!(taken, [100.0, 50.0]);
        assert!(fill(&blocks, &mut found, &chosen, &[0.5], &Limits::default()).is_none());
    }
}
