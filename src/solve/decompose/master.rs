//! The master: which point each block takes, so that together they keep the joint rows, nearly; and the prices at which they would.
//!
//! Sets: blocks `b`, points `p` found of `b`, joint rows `i`. Parameters: worth `w[p]` without prices, use `u[p,i]`, room `r[i]`, penalty `f[i]`.
//! Variables: taken `t[p]`, excess `e[i]`.
//!
//! ```text
//! maximise sum over p: w[p] t[p] - sum over i: f[i] e[i]
//! sum over p of b: t[p] = 1                       for every b
//! sum over p: u[p,i] t[p] <= r[i] + e[i]          for every i
//! ```
//!
//! Its relaxation gives prices, which the penalties keep in bounds; its whole points give plans to try. All of it is a proposal: figures
//! are floats, and what a plan is worth the caller says.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::super::relaxation::Relaxed;
use super::super::scaled::{Scaled, float};
use super::super::{Limits, tree};
use crate::money::Money;
use crate::program::{Column, ColumnKey, Kind, Program, Row, Sense};

/// A point of a block.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// By column of the block; empty where only prices are asked for.
    pub point: Vec<f64>,
    /// What it is worth without prices, in euro.
    pub worth: f64,
    /// What it takes of each joint row that meets the block.
    pub uses: Vec<f64>,
}

impl Candidate {
    /// Whether two points are worth and use the same, to a cent.
    pub fn is_like(&self, other: &Candidate) -> bool {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.01;
        near((&self.worth, &other.worth)) && self.uses.iter().zip(&other.uses).all(near)
    }
}

/// A master program, with where its columns come from.
pub(super) struct Master {
    program: Program,
    /// By column that is a point: its block, and its number there.
    taken: Vec<(usize, usize)>,
    blocks: usize,
}

impl Master {
    /// The master of the points found so far of each block. `meets` are the joint rows that each meets, prices those known.
    pub fn new(joints: &[Row], meets: &[Vec<usize>], found: &[Vec<Candidate>], prices: &[f64]) -> Master {
        let mut program = Program::default();
        let mut taken = Vec::new();
        let mut uses: Vec<Vec<(usize, f64)>> = vec![Vec::new(); joints.len()];
        for (b, (meets, candidates)) in meets.iter().zip(found).enumerate() {
            let first = program.columns.len();
            for (number, candidate) in candidates.iter().enumerate() {
                let column = add(&mut program, Kind::Binary, Decimal::ONE, decimal(candidate.worth, 2));
                taken.push((b, number));
                for (row, used) in meets.iter().zip(&candidate.uses) {
                    uses[*row].push((column, *used));
                }
            }
            let one = (first..program.columns.len()).map(|column| (column, Decimal::ONE));
            program.row("block", format!("block[{b}]").into(), one, Sense::Equal, Decimal::ONE);
        }
        let penalties = penalties(meets, found, prices);
        for ((row, uses), penalty) in joints.iter().zip(uses).zip(penalties) {
            let penalty = -decimal(penalty, 4);
            let upper = Decimal::from(1_000_000_000);
            let mut terms: Vec<(usize, Decimal)> =
                uses.into_iter().map(|(column, used)| (column, towards(used, row.sense))).collect();
            if row.sense != Sense::AtLeast {
                terms.push((add(&mut program, Kind::Real, upper, penalty), Decimal::NEGATIVE_ONE));
            }
            if row.sense != Sense::AtMost {
                terms.push((add(&mut program, Kind::Real, upper, penalty), Decimal::ONE));
            }
            program.row("joint", row.name.clone(), terms, row.sense, row.rhs);
        }
        Master { program, taken, blocks: meets.len() }
    }

    /// What the relaxation is worth, and its prices of the joint rows.
    pub fn relax(&self) -> Option<(f64, Vec<f64>)> {
        let bounds = |end: fn(&Column) -> Decimal| -> Vec<f64> {
            self.program.columns.iter().map(|column| float(end(column))).collect()
        };
        let relaxed = Scaled::new(&self.program).relax(&bounds(|c| c.lower), &bounds(|c| c.upper))?;
        let Relaxed::Point { values, multipliers } = relaxed else { return None };
        let worth = |(column, value): (&Column, &f64)| float(column.objective) * value;
        Some((self.program.columns.iter().zip(&values).map(worth).sum(), multipliers[self.blocks..].to_vec()))
    }

    /// Shows `settle` the choices of points that a small tree over the master comes by, each as the number of a point for every block.
    pub fn plans(&self, nodes: usize, settle: &mut dyn FnMut(&[usize]) -> Option<Money>) {
        let limits = Limits { nodes: Some(nodes), ..Limits::default() };
        tree::certify(&self.program, None, &limits, &mut |point| {
            let mut chosen = vec![(0, 0.0); self.blocks];
            for ((block, number), value) in self.taken.iter().zip(point) {
                if *value > chosen[*block].1 {
                    chosen[*block] = (*number, *value);
                }
            }
            let chosen: Vec<usize> = chosen.into_iter().map(|(number, _)| number).collect();
            settle(&chosen)
        });
    }
}

/// What a unit beyond each room costs: more than it is worth to anybody, as far as is known.
fn penalties(meets: &[Vec<usize>], found: &[Vec<Candidate>], prices: &[f64]) -> Vec<f64> {
    let mut most = vec![(0.0_f64, 0.0_f64); prices.len()];
    for (meets, candidates) in meets.iter().zip(found) {
        for candidate in candidates {
            for (row, used) in meets.iter().zip(&candidate.uses) {
                let (worth, uses) = most[*row];
                most[*row] = (worth.max(candidate.worth.abs()), uses.max(used.abs()));
            }
        }
    }
    let dear = |((worth, uses), price): ((f64, f64), &f64)| {
        (2.0 * price.abs()).max(if uses > 0.0 { worth / uses } else { 0.0 }).max(1e-3)
    };
    most.into_iter().zip(prices).map(dear).collect()
}

fn add(program: &mut Program, kind: Kind, upper: Decimal, objective: Decimal) -> usize {
    let number = program.columns.len();
    let key = ColumnKey::Helper { application: None, number };
    let name = format!("t{number}");
    program.column(Column { key, name: name.into(), kind, lower: Decimal::ZERO, upper, objective })
}

/// A proposal as a decimal.
fn decimal(value: f64, decimals: u32) -> Decimal {
    Decimal::from_f64(value).unwrap_or_default().round_dp(decimals)
}

/// What is used, in ten-thousandths, noise in favour of the row.
fn towards(used: f64, sense: Sense) -> Decimal {
    let used = match sense {
        Sense::AtMost => (used * 1e4).floor(),
        Sense::AtLeast => (used * 1e4).ceil(),
        Sense::Equal => (used * 1e4).round(),
    };
    decimal(used / 1e4, 4)
}
