//! The linear relaxation of a node, solved by Clarabel: a point to round, and multipliers to prove a bound with.
//!
//! Clarabel is an interior-point method: its point lies in the middle of the best ones and its dual values are near the best
//! ones, neither exactly. Both are proposals; see [`super::bound`]. Fixed columns are taken out before it is asked.

use clarabel::algebra::CscMatrix;
use clarabel::solver::SupportedConeT::{NonnegativeConeT, ZeroConeT};
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver as _, SolverStatus};

use super::scaled::Scaled;
use crate::program::Sense;

/// What the relaxation of a node says, in units of the program; multipliers in euro of the objective per unit of the row.
#[derive(Clone, Debug)]
pub(super) enum Relaxed {
    /// The best point, nearly.
    Point { values: Vec<f64>, multipliers: Vec<f64> },
    /// No point: multipliers that should refute the node.
    Infeasible { multipliers: Vec<f64> },
}

impl Scaled {
    /// Solves the relaxation over a box, given in units of the program.
    pub fn relax(&self, lower: &[f64], upper: &[f64]) -> Option<Relaxed> {
        let free: Vec<usize> = (0..self.columns.len()).filter(|&j| lower[j] < upper[j]).collect();
        if free.is_empty() {
            // Nothing to solve, which Clarabel would not take: the bound of a single point needs no multipliers.
            return Some(Relaxed::Point { values: lower.to_vec(), multipliers: vec![0.0; self.rows.len()] });
        }
        let mut place: Vec<Option<usize>> = vec![None; self.columns.len()];
        for (position, &column) in free.iter().enumerate() {
            place[column] = Some(position);
        }
        // Equations first: Clarabel takes rows by cone. A row that the box keeps says nothing more.
        let is_active = |&i: &usize| {
            let row = &self.rows[i];
            let sign = sign(row.sense);
            let most = row.terms.iter().map(|&(j, coefficient)| {
                let end = if coefficient * sign > 0.0 { upper[j] } else { lower[j] };
                coefficient * sign * end / self.columns[j].unit
            });
            row.terms.iter().any(|&(j, _)| place[j].is_some())
                && (row.sense == Sense::Equal || most.sum::<f64>() > row.rhs * sign)
        };
        let (mut order, inequalities): (Vec<usize>, Vec<usize>) =
            (0..self.rows.len()).filter(is_active).partition(|&i| self.rows[i].sense == Sense::Equal);
        let equations = order.len();
        order.extend(inequalities);

        let mut entries: Vec<Vec<(usize, f64)>> = vec![Vec::with_capacity(8); free.len()];
        let mut rhs = Vec::with_capacity(order.len() + 2 * free.len());
        for (position, &i) in order.iter().enumerate() {
            let row = &self.rows[i];
            let sign = sign(row.sense);
            let mut right = row.rhs;
            for &(column, coefficient) in &row.terms {
                match place[column] {
                    Some(at) => entries[at].push((position, coefficient * sign)),
                    None => right -= coefficient * lower[column] / self.columns[column].unit,
                }
            }
            rhs.push(right * sign);
        }
        for (at, &column) in free.iter().enumerate() {
            let unit = self.columns[column].unit;
            entries[at].push((rhs.len(), 1.0));
            rhs.push(upper[column] / unit);
            entries[at].push((rhs.len(), -1.0));
            rhs.push(-lower[column] / unit);
        }

        let mut starts = vec![0];
        starts.extend(entries.iter().scan(0, |sum, column| {
            *sum += column.len();
            Some(*sum)
        }));
        let (indices, values): (Vec<usize>, Vec<f64>) = entries.iter().flatten().copied().unzip();
        let matrix = CscMatrix::new(rhs.len(), free.len(), starts, indices, values);
        let costs: Vec<f64> = free.iter().map(|&j| -self.columns[j].objective).collect();
        let cones = [ZeroConeT(equations), NonnegativeConeT(rhs.len() - equations)];
        let quadratic = CscMatrix::zeros((free.len(), free.len()));
        let settings =
            DefaultSettings { verbose: false, presolve_enable: false, max_threads: 1, ..Default::default() };
        let mut solver = DefaultSolver::new(&quadratic, &costs, &matrix, &rhs, &cones, settings).ok()?;
        solver.solve();

        let mut multipliers = vec![0.0; self.rows.len()];
        for (&i, &dual) in order.iter().zip(&solver.solution.z) {
            multipliers[i] = dual * sign(self.rows[i].sense) * self.rows[i].multiplier_unit;
        }
        if matches!(
            solver.solution.status,
            SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible
        ) {
            // A direction has no length of its own; this one keeps its digits when it is rounded.
            let largest =
                multipliers.iter().fold(0.0, |largest: f64, multiplier| largest.max(multiplier.abs()));
            for multiplier in &mut multipliers {
                *multiplier *= 1000.0 / largest;
            }
            return Some(Relaxed::Infeasible { multipliers });
        }
        if solver.solution.x.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut point = lower.to_vec();
        for (&column, &value) in free.iter().zip(&solver.solution.x) {
            point[column] = (value * self.columns[column].unit).clamp(lower[column], upper[column]);
        }
        Some(Relaxed::Point { values: point, multipliers })
    }
}

/// Clarabel takes every inequality as `<=`.
fn sign(sense: Sense) -> f64 {
    if sense == Sense::AtLeast { -1.0 } else { 1.0 }
}
