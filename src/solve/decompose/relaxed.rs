//! Prices from the relaxations of blocks alone, where the relaxation of the whole is too large: cutting planes on `L(p)` with blocks relaxed.
//!
//! Each round solves the relaxation of every block at some prices. Its point, whatever the prices, is a point of the master: so `L(p)`, which is convex, lies
//! above the master's planes and below what was met. The next prices are those of the master, and every other time lie halfway between them and the best ones
//! met, which keeps rounds few (in-out separation). Blocks that meet the same joint rows are one block of the master: it stays small however many blocks
//! there are. All of it is floats: prices are a proposal, the bound at them is proven elsewhere.

use std::collections::BTreeMap;
use std::time::Instant;

use rayon::prelude::*;

use super::super::relaxation::{Basis, Relaxation, Relaxed};
use super::super::scaled::float;
use super::super::tree::Experience;
use super::block::{Block, Blocks};
use super::master::{Candidate, Master};

/// Most rounds.
const ROUNDS: usize = 40;

/// The share of the worth of everything between the best bound met and the planes below which prices are as good as any.
const CLOSE: f64 = 1e-5;

/// Prices of the joint rows, nearly as good as those of the relaxation of the whole, and what everything is worth at most at these prices, in euro;
/// none where a block has no relaxation. `experience` tells where the relaxation of each block begins, and keeps where it ended.
pub(super) fn prices(
    blocks: &Blocks,
    experience: &mut [Experience],
    deadline: Option<Instant>,
) -> Option<(Vec<f64>, f64)> {
    let mut clusters: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (number, block) in blocks.parts.iter().enumerate() {
        clusters.entry(block.meets()).or_default().push(number);
    }
    let (meets, clusters): (Vec<Vec<usize>>, Vec<Vec<usize>>) = clusters.into_iter().unzip();
    let mut met: Vec<Vec<Candidate>> = vec![Vec::new(); clusters.len()];
    let mut prices = vec![0.0; blocks.joints.len()];
    let mut best = (f64::INFINITY, prices.clone());
    for round in 0..ROUNDS {
        let together = blocks.parts.par_iter().zip(experience.par_iter_mut());
        let priced: Vec<Candidate> = together
            .map(|(block, experience)| candidate(block, &mut experience.basis, &prices))
            .collect::<Option<_>>()?;
        let mut bound: f64 =
            blocks.joints.iter().zip(&prices).map(|(row, price)| price * float(row.rhs)).sum();
        for ((met, cluster), meets) in met.iter_mut().zip(&clusters).zip(&meets) {
            let sum = sum(cluster.iter().map(|number| &priced[*number]), meets.len());
            let paid: f64 = meets.iter().zip(&sum.uses).map(|(row, used)| prices[*row] * used).sum();
            bound += sum.worth - paid;
            met.push(sum);
        }
        if bound < best.0 {
            best = (bound, prices.clone());
        }
        let (worth, multipliers) = Master::new(&blocks.joints, &meets, &met, &best.1).relax()?;
        if best.0 - worth <= CLOSE * best.0.abs() || deadline.is_some_and(|end| Instant::now() >= end) {
            break;
        }
        prices = if round % 2 == 0 {
            multipliers
        } else {
            best.1.iter().zip(&multipliers).map(|(a, b)| f64::midpoint(*a, *b)).collect()
        };
    }
    let (bound, prices) = best;
    Some((prices, bound))
}

/// What the relaxation of a block comes to at some prices.
fn candidate(block: &Block, basis: &mut Option<Basis>, prices: &[f64]) -> Option<Candidate> {
    let scaled = block.relaxation(prices);
    let (lower, upper) = block.bounds();
    let mut relaxation = Relaxation::resume(&scaled, basis.take());
    let Relaxed::Point { values, .. } = relaxation.relax(&lower, &upper)? else { return None };
    *basis = relaxation.into_basis();
    Some(Candidate { point: Vec::new(), worth: block.worth(&values), uses: block.uses(&values) })
}

/// All of them together.
fn sum<'a>(candidates: impl Iterator<Item = &'a Candidate>, rows: usize) -> Candidate {
    let mut sum = Candidate { point: Vec::new(), worth: 0.0, uses: vec![0.0; rows] };
    for candidate in candidates {
        sum.worth += candidate.worth;
        sum.uses.iter_mut().zip(&candidate.uses).for_each(|(sum, used)| *sum += used);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, ColumnKey, Kind, Program, Sense};
    use rust_decimal_macros::dec;

    #[test]
    fn the_price_of_a_room_is_what_its_last_euro_brings() {
        // Grants of 100, worth 1 and 0.5 a euro, in a room of 120.
        let mut program = Program::default();
        for (application, objective) in [dec!(1), dec!(0.5)].into_iter().enumerate() {
            let key = ColumnKey::Grant { application };
            let (name, kind, lower, upper) = (format!("g{application}"), Kind::Cents, dec!(0), dec!(100));
            program.column(Column { key, name: name.into(), kind, lower, upper, objective });
        }
        program.row("room", "room".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(120));
        let blocks = Blocks::new(&program, &Some).expect("two blocks");
        let (prices, bound) = prices(&blocks, &mut [Experience::default(), Experience::default()], None)
            .expect("both have a relaxation");
        // L(p) = 120 p + 100 (1 - p) + 100 max(0.5 - p, 0) for p up to 1: least at 0.5, where it is 60 + 50
        assert!((prices[0] - 0.5).abs() < 1e-3, "{prices:?}");
        assert!((bound - 110.0).abs() < 0.01, "{bound}");
    }
}
