//! The relaxation by Clarabel, an interior-point method: its point lies in the middle of the best ones and its dual values are near the best ones,
//! neither exactly. Fixed columns are taken out before it is asked.

use clarabel::algebra::CscMatrix;
use clarabel::solver::SupportedConeT::{NonnegativeConeT, ZeroConeT};
use clarabel::solver::{DefaultSettings, DefaultSolution, DefaultSolver, IPSolver as _, SolverStatus};

use super::super::scaled::{Scaled, ScaledRow};
use super::super::{FEASIBILITY, GAP};
use super::Relaxed;
use crate::program::Sense;

impl Scaled {
    /// Solves the relaxation over a box, given in units of the program; none where Clarabel fails.
    pub fn relax(&self, lower: &[f64], upper: &[f64]) -> Option<Relaxed> {
        let reduced = Reduced::new(self, lower, upper);
        if reduced.free.is_empty() {
            // Nothing to solve, which Clarabel would not take: the bound of a single point needs no multipliers.
            return Some(Relaxed::Point { values: lower.to_vec(), multipliers: vec![0.0; self.rows.len()] });
        }
        let DefaultSolution { x, z, status, .. } = reduced.solve()?;

        let mut multipliers = vec![0.0; self.rows.len()];
        for (&i, dual) in reduced.rows.iter().zip(z) {
            multipliers[i] = dual * sign(self.rows[i].sense) * self.rows[i].multiplier_unit;
        }
        if matches!(status, SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible) {
            return Some(Relaxed::refuting(&multipliers));
        }
        if x.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut values = lower.to_vec();
        for (&j, value) in reduced.free.iter().zip(x) {
            values[j] = (value * self.columns[j].unit).clamp(lower[j], upper[j]);
        }
        Some(Relaxed::Point { values, multipliers })
    }
}

/// What of a program is left in a box, as Clarabel takes it: minimise, every row `<=` but the first, which are `=`.
struct Reduced {
    /// Columns with more than one value.
    free: Vec<usize>,
    /// Rows that the box does not keep by itself, equations first.
    rows: Vec<usize>,
    equations: usize,
    costs: Vec<f64>,
    /// Coefficients by free column: rows, then bounds.
    entries: Vec<Vec<(usize, f64)>>,
    rhs: Vec<f64>,
}

impl Reduced {
    fn new(scaled: &Scaled, lower: &[f64], upper: &[f64]) -> Self {
        let free: Vec<usize> = (0..scaled.columns.len()).filter(|&j| lower[j] < upper[j]).collect();
        let mut place: Vec<Option<usize>> = vec![None; scaled.columns.len()];
        for (position, &column) in free.iter().enumerate() {
            place[column] = Some(position);
        }
        let range = |j: usize| (lower[j] / scaled.columns[j].unit, upper[j] / scaled.columns[j].unit);
        let is_active = |&i: &usize| {
            let row = &scaled.rows[i];
            let is_free = row.terms.iter().any(|&(j, _)| place[j].is_some());
            is_free && (row.sense == Sense::Equal || extremes(row, &range).1 > row.rhs * sign(row.sense))
        };
        let (mut rows, inequalities): (Vec<usize>, Vec<usize>) =
            (0..scaled.rows.len()).filter(is_active).partition(|&i| scaled.rows[i].sense == Sense::Equal);
        let equations = rows.len();
        rows.extend(inequalities);

        let mut entries: Vec<Vec<(usize, f64)>> = vec![Vec::with_capacity(8); free.len()];
        let mut rhs = Vec::with_capacity(rows.len() + 2 * free.len());
        for (position, &i) in rows.iter().enumerate() {
            let row = &scaled.rows[i];
            let mut right = row.rhs;
            for &(column, coefficient) in &row.terms {
                match place[column] {
                    Some(at) => entries[at].push((position, coefficient * sign(row.sense))),
                    None => right -= coefficient * range(column).0,
                }
            }
            rhs.push(right * sign(row.sense));
        }
        let implied = implied_uppers(scaled, &rows[equations..], &range);
        for (entries, &column) in entries.iter_mut().zip(&free) {
            let (lower, upper) = range(column);
            entries.push((rhs.len(), -1.0));
            rhs.push(-lower);
            if !implied[column] {
                entries.push((rhs.len(), 1.0));
                rhs.push(upper);
            }
        }
        let costs = free.iter().map(|&j| -scaled.columns[j].objective).collect();
        Reduced { free, rows, equations, costs, entries, rhs }
    }

    fn solve(&self) -> Option<DefaultSolution<f64>> {
        let mut starts = vec![0];
        starts.extend(self.entries.iter().scan(0, |sum, column| {
            *sum += column.len();
            Some(*sum)
        }));
        let (indices, values): (Vec<usize>, Vec<f64>) = self.entries.iter().flatten().copied().unzip();
        let (rows, columns) = (self.rhs.len(), self.free.len());
        let matrix = CscMatrix::new(rows, columns, starts, indices, values);
        let cones = [ZeroConeT(self.equations), NonnegativeConeT(rows - self.equations)];
        let quadratic = CscMatrix::zeros((columns, columns));
        let settings = DefaultSettings {
            verbose: false,
            presolve_enable: false,
            max_threads: 1,
            tol_gap_abs: GAP.0,
            tol_gap_rel: GAP.1,
            tol_feas: FEASIBILITY,
            ..Default::default()
        };
        let mut solver =
            DefaultSolver::new(&quadratic, &self.costs, &matrix, &self.rhs, &cones, settings).ok()?;
        solver.solve();
        Some(solver.solution)
    }
}

/// Least and greatest value of a row's left-hand side over the box, read as `<=`.
fn extremes(row: &ScaledRow, range: &impl Fn(usize) -> (f64, f64)) -> (f64, f64) {
    row.terms.iter().fold((0.0, 0.0), |(least, most), &(column, coefficient)| {
        let coefficient = coefficient * sign(row.sense);
        let (a, b) = (coefficient * range(column).0, coefficient * range(column).1);
        (least + a.min(b), most + a.max(b))
    })
}

/// Columns whose upper bound follows from a row: a third less work where claims are switched by decisions.
///
/// An upper bound that such a row leans on is kept.
fn implied_uppers(scaled: &Scaled, rows: &[usize], range: &impl Fn(usize) -> (f64, f64)) -> Vec<bool> {
    let mut implied = vec![false; scaled.columns.len()];
    let mut leaned_on = vec![false; scaled.columns.len()];
    for row in rows.iter().map(|&i| &scaled.rows[i]) {
        let falls = |&&(_, coefficient): &&(usize, f64)| coefficient * sign(row.sense) < 0.0;
        if row.terms.iter().filter(falls).any(|&(j, _)| implied[j]) {
            continue;
        }
        let slack = row.rhs * sign(row.sense) - extremes(row, range).0;
        let mut leans = false;
        for &(column, coefficient) in row.terms.iter().filter(|term| !falls(term)) {
            let (lower, upper) = range(column);
            let follows = slack <= coefficient.abs() * (upper - lower) * (1.0 + f64::EPSILON);
            if follows && !leaned_on[column] {
                implied[column] = true;
                leans = true;
            }
        }
        if leans {
            row.terms.iter().filter(falls).for_each(|&(j, _)| leaned_on[j] = true);
        }
    }
    implied
}

/// Clarabel takes every inequality as `<=`.
fn sign(sense: Sense) -> f64 {
    if sense == Sense::AtLeast { -1.0 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Column, ColumnKey, Kind, Program};
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    /// Two amounts up to 100 euro, worth 0.50 and 0.30 a euro, together at most 120 and at least `least`.
    fn two_amounts(least: Decimal) -> Scaled {
        let mut program = Program::default();
        for (application, objective) in [dec!(0.5), dec!(0.3)].into_iter().enumerate() {
            let key = ColumnKey::Grant { application };
            let name = format!("g{application}");
            let (lower, upper) = (Decimal::ZERO, dec!(100));
            program.column(Column { key, name: name.into(), kind: Kind::Cents, lower, upper, objective });
        }
        let sum = [(0, dec!(1)), (1, dec!(1))];
        program.row("sum", "most".into(), sum, Sense::AtMost, dec!(120));
        program.row("sum", "least".into(), sum, Sense::AtLeast, least);
        Scaled::new(&program)
    }

    fn assert_near(found: &[f64], expected: [f64; 2]) {
        let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
        assert!(near && found.len() == 2, "{found:?} is not {expected:?}");
    }

    #[test]
    fn point_and_multipliers_are_in_units_of_the_program() {
        let Some(Relaxed::Point { values, multipliers }) =
            two_amounts(dec!(10)).relax(&[0.0; 2], &[100.0; 2])
        else {
            panic!("it has a point")
        };
        // the better one in full; another euro of the sum would be worth 0.30
        assert_near(&values, [100.0, 20.0]);
        assert_near(&multipliers, [0.3, 0.0]);
    }

    #[test]
    fn fixed_columns_are_taken_into_the_right_hand_sides() {
        let relaxed = two_amounts(dec!(10)).relax(&[50.0, 0.0], &[50.0, 100.0]);
        let Some(Relaxed::Point { values, .. }) = relaxed else { panic!("it has a point") };
        assert_near(&values, [50.0, 70.0]);
    }

    #[test]
    fn a_box_without_point_gives_multipliers_of_opposite_rows() {
        let relaxed = two_amounts(dec!(130)).relax(&[0.0; 2], &[100.0; 2]);
        let Some(Relaxed::Infeasible { multipliers }) = relaxed else { panic!("it has no point") };
        // 1000 x (sum <= 120) and -1000 x (sum >= 130): 0 <= -10,000
        assert!(multipliers[0] > 900.0 && multipliers[1] < -900.0, "{multipliers:?}");
    }
}
