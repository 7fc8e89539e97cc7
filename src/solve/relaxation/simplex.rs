//! The dual simplex method over columns that all have two bounds: the relaxations of one tree, each from the basis of the one before.
//!
//! Every row gets a slack, `a x + s = b`, with `s >= 0`, `s <= 0` or `s = 0` by the sense of the row, and as large as the bounds of its columns let it be. A basis is one column (or slack) for each row;
//! the others stand at one of their bounds, by the sign of their reduced cost `d = c - y A` (maximising: at the upper bound where it is positive), so
//! that **any** basis is dual feasible over any box, and a node of the tree may begin where another ended. A step takes the row
//! whose basic column is the most outside its bounds (in steepest-edge measure), and brings in the column whose reduced cost is the
//! first to vanish. Columns on the way whose whole range does not cure the row are flipped to their other bound and passed: the long-step ratio test.
//!
//! What comes out is a proposal like any other: a vertex, and multipliers that `bound` makes a proof of.

mod answer;
mod around;

use std::sync::Arc;

pub(super) use self::answer::Answer;
use super::super::scaled::Scaled;
use super::inverse::{Inverse, add};
use crate::program::Sense;

/// What is outside its bounds by less than this is inside, in solver units: a thousandth of a cent.
const PRIMAL: f64 = 1e-8;

/// A reduced cost smaller than this has no sign.
const DUAL: f64 = 1e-10;

/// Entries smaller than this are no pivots.
const PIVOT: f64 = 1e-8;

/// How far rows may be off at the end before the inverse is made anew.
const DRIFT: f64 = 1e-8;

/// Steps after which the inverse is made anew, and steps after which it gives up, by row.
const RENEW: usize = 150;
const STEPS_PER_ROW: usize = 20;

/// Where a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Lower,
    Upper,
    Basic,
}

/// What no box and no basis changes.
#[derive(Debug)]
struct Matrix {
    /// Entries of each column by row, of each row by column.
    columns: Vec<Vec<(usize, f64)>>,
    rows: Vec<Vec<(usize, f64)>>,
    rhs: Vec<f64>,
}

/// The state between two boxes.
#[derive(Clone, Debug)]
pub(super) struct Simplex {
    matrix: Arc<Matrix>,
    costs: Vec<f64>,
    /// Bounds of columns, then of slacks.
    lower: Vec<f64>,
    upper: Vec<f64>,
    places: Vec<Place>,
    /// The basic column of each row.
    basis: Vec<usize>,
    /// Its inverse.
    inverse: Inverse,
    /// Squared length of each row of the inverse.
    lengths: Vec<f64>,
    /// Reduced costs of columns and slacks.
    reduced: Vec<f64>,
    /// Values of the basic columns.
    basic: Vec<f64>,
    since_renewal: usize,
    /// A row of the inverse times all columns; zero between two steps.
    alpha: Vec<f64>,
    /// The columns that have an entry there, and whether each is one of them.
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    /// Columns that may enter, by how soon their reduced costs vanish.
    ways: Vec<(f64, usize)>,
}

impl Simplex {
    /// Begins with all slacks basic.
    pub fn new(scaled: &Scaled) -> Self {
        let (n, m) = (scaled.columns.len(), scaled.rows.len());
        let mut columns = vec![Vec::new(); n];
        let mut lower: Vec<f64> = vec![0.0; n];
        let mut upper: Vec<f64> = vec![0.0; n];
        for (i, row) in scaled.rows.iter().enumerate() {
            for &(column, entry) in &row.terms {
                columns[column].push((i, entry));
            }
            let ends = |(j, entry): &(usize, f64)| {
                (entry * scaled.columns[*j].lower, entry * scaled.columns[*j].upper)
            };
            let left = |end: fn(f64, f64) -> f64| {
                row.rhs - row.terms.iter().map(ends).map(|(a, b)| end(a, b)).sum::<f64>()
            };
            let (least, most) = match row.sense {
                Sense::AtMost => (0.0, left(f64::min).max(0.0)),
                Sense::AtLeast => (left(f64::max).min(0.0), 0.0),
                Sense::Equal => (0.0, 0.0),
            };
            lower.push(least);
            upper.push(most);
        }
        let rows = scaled.rows.iter().map(|row| row.terms.clone()).collect();
        let rhs = scaled.rows.iter().map(|row| row.rhs).collect();
        let mut simplex = Simplex {
            matrix: Arc::new(Matrix { columns, rows, rhs }),
            costs: costs(scaled),
            lower,
            upper,
            places: vec![Place::Lower; n + m],
            basis: vec![0; m],
            inverse: Inverse::new(m),
            lengths: vec![1.0; m],
            reduced: vec![0.0; n + m],
            basic: vec![0.0; m],
            since_renewal: 0,
            alpha: vec![0.0; n + m],
            touched: Vec::new(),
            is_touched: vec![false; n + m],
            ways: Vec::new(),
        };
        simplex.begin();
        simplex
    }

    /// The same rows under another objective, from the basis at hand.
    pub fn reprice(&mut self, scaled: &Scaled) {
        self.costs = costs(scaled);
        self.reduce();
    }

    /// The best vertex of a box, from the basis at hand, or as much of the way there as shows that no point is worth `floor`; none where it loses its way.
    pub fn solve(&mut self, lower: &[f64], upper: &[f64], floor: Option<f64>) -> Option<Answer> {
        self.lower[..lower.len()].copy_from_slice(lower);
        self.upper[..upper.len()].copy_from_slice(upper);
        self.settle_down();
        let mut renewed = false;
        for _ in 0..STEPS_PER_ROW * (self.basis.len() + 10) {
            if self.since_renewal >= RENEW {
                self.renew()?;
            }
            let Some((row, below)) = self.most_outside() else {
                if self.drift() <= DRIFT || renewed {
                    return Some(self.vertex());
                }
                self.renew()?;
                renewed = true;
                continue;
            };
            if floor.is_some_and(|floor| self.worth() < floor) {
                return Some(Answer::Below { multipliers: self.multipliers() });
            }
            match self.step(row, below) {
                Step::Done => {}
                Step::Blocked if self.since_renewal > 0 && !renewed && self.drift() > DRIFT => {
                    self.renew()?;
                    renewed = true;
                }
                Step::Blocked => return Some(self.nothing(row, below)),
                Step::Unsure if self.since_renewal > 0 => self.renew()?,
                Step::Unsure => return None,
            }
        }
        None
    }

    /// Goes back to where a basis of the same rows stands.
    pub fn go_to(&mut self, other: &Simplex) {
        self.lower.clone_from(&other.lower);
        self.upper.clone_from(&other.upper);
        self.places.clone_from(&other.places);
        self.basis.clone_from(&other.basis);
        self.inverse.go_to(&other.inverse);
        self.lengths.clone_from(&other.lengths);
        self.reduced.clone_from(&other.reduced);
        self.basic.clone_from(&other.basic);
        self.since_renewal = other.since_renewal;
    }

    fn size(&self) -> usize {
        self.basis.len()
    }

    /// All slacks basic.
    fn begin(&mut self) {
        let (n, m) = (self.matrix.columns.len(), self.matrix.rows.len());
        self.places[..n].fill(Place::Lower);
        self.places[n..].fill(Place::Basic);
        for i in 0..m {
            self.basis[i] = n + i;
        }
        self.inverse.begin();
        self.lengths.fill(1.0);
        self.reduced[..n].copy_from_slice(&self.costs);
        self.reduced[n..].fill(0.0);
        self.since_renewal = 0;
    }

    /// Puts the columns outside the basis at the bounds their reduced costs want, and computes the others from them.
    fn settle_down(&mut self) {
        for j in 0..self.places.len() {
            if self.places[j] == Place::Basic {
                continue;
            }
            if self.reduced[j] > DUAL && self.upper[j].is_finite() {
                self.places[j] = Place::Upper;
            } else if self.reduced[j] < -DUAL && self.lower[j].is_finite()
                || (self.places[j] == Place::Upper && self.upper[j].is_infinite())
            {
                self.places[j] = Place::Lower;
            }
            if self.places[j] == Place::Lower && self.lower[j].is_infinite() {
                self.places[j] = Place::Upper;
            }
        }
        self.basic = self.inverse.through(&self.remaining());
    }

    /// Where a column outside the basis stands.
    fn value(&self, j: usize) -> f64 {
        if self.places[j] == Place::Upper { self.upper[j] } else { self.lower[j] }
    }

    /// What the columns and slacks outside the basis leave of the right-hand sides.
    fn remaining(&self) -> Vec<f64> {
        let mut rest = self.matrix.rhs.clone();
        let n = self.matrix.columns.len();
        for (i, rest) in rest.iter_mut().enumerate() {
            if self.places[n + i] != Place::Basic {
                *rest -= self.value(n + i);
            }
        }
        for (j, column) in self.matrix.columns.iter().enumerate() {
            let value = if self.places[j] == Place::Basic { 0.0 } else { self.value(j) };
            if value != 0.0 {
                for &(i, entry) in column {
                    rest[i] -= entry * value;
                }
            }
        }
        rest
    }

    /// The row whose basic column is the most outside its bounds, and whether it is below.
    fn most_outside(&self) -> Option<(usize, bool)> {
        let mut worst = None;
        let mut most = 0.0;
        for (i, &j) in self.basis.iter().enumerate() {
            let (below, above) = (self.lower[j] - self.basic[i], self.basic[i] - self.upper[j]);
            let outside = below.max(above);
            if outside > PRIMAL {
                let measure = outside * outside / self.lengths[i];
                if measure > most {
                    most = measure;
                    worst = Some((i, below > above));
                }
            }
        }
        worst
    }

    /// One change of basis.
    fn step(&mut self, row: usize, below: bool) -> Step {
        let rho = self.inverse.row(row);
        self.price(&rho);
        let step = self.change(row, below, &rho);
        for j in self.touched.drain(..) {
            self.alpha[j] = 0.0;
            self.is_touched[j] = false;
        }
        step
    }

    /// A row of the inverse, times each column and slack.
    fn price(&mut self, rho: &[(usize, f64)]) {
        let n = self.matrix.columns.len();
        for &(i, entry) in rho {
            for &(j, coefficient) in &self.matrix.rows[i] {
                if !std::mem::replace(&mut self.is_touched[j], true) {
                    self.touched.push(j);
                }
                self.alpha[j] += entry * coefficient;
            }
            self.alpha[n + i] = entry;
            self.touched.push(n + i);
        }
    }

    /// Takes the basic column of a row out and another in, the row being priced.
    fn change(&mut self, row: usize, below: bool, rho: &[(usize, f64)]) -> Step {
        let leaving = self.basis[row];
        // Read as if the basic column were below: then it rises with columns that can rise at a negative entry, or fall at a positive one.
        let sign = if below { 1.0 } else { -1.0 };
        let target = if below { self.lower[leaving] } else { self.upper[leaving] };
        let mut ways = std::mem::take(&mut self.ways);
        ways.clear();
        for &j in &self.touched {
            let entry = self.alpha[j] * sign;
            let can = match self.places[j] {
                Place::Basic => false,
                Place::Lower => entry < -PIVOT,
                Place::Upper => entry > PIVOT,
            };
            if can && self.lower[j] < self.upper[j] {
                ways.push((self.reduced[j].abs() / entry.abs(), j));
            }
        }
        ways.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let step = self.enter(row, target, &ways, rho);
        self.ways = ways;
        if matches!(step, Step::Done) {
            self.places[leaving] = if below { Place::Lower } else { Place::Upper };
        }
        step
    }

    /// Brings in the first of the ways that cures a row, so that its basic column leaves at `target`.
    fn enter(&mut self, row: usize, target: f64, ways: &[(f64, usize)], rho: &[(usize, f64)]) -> Step {
        let mut lacking = (target - self.basic[row]).abs();
        let mut flipped = 0;
        let mut entering = None;
        while flipped < ways.len() {
            let j = ways[flipped].1;
            let cured = self.alpha[j].abs() * (self.upper[j] - self.lower[j]);
            if cured >= lacking - PRIMAL {
                entering = Some(flipped);
                break;
            }
            lacking -= cured;
            flipped += 1;
        }
        let Some(mut place) = entering else {
            return Step::Blocked;
        };
        // Among those that vanish together the largest entry is the safest.
        for (other, way) in ways.iter().enumerate().skip(place + 1) {
            if way.0 > ways[place].0.max(ways[flipped].0) + DUAL {
                break;
            }
            if self.alpha[way.1].abs() > 10.0 * self.alpha[ways[place].1].abs() {
                place = other;
            }
        }
        let entering = ways[place].1;
        let column = self.column(entering);
        let pivot = column[row];
        if pivot.abs() < PIVOT || (pivot - self.alpha[entering]).abs() > 1e-6 * (1.0 + pivot.abs()) {
            return Step::Unsure;
        }
        self.flip(&ways[..flipped]);
        let step = (self.basic[row] - target) / pivot;
        add(&mut self.basic, &column, -step);
        let value = self.value(entering) + step;
        let ratio = self.reduced[entering] / self.alpha[entering];
        for &j in &self.touched {
            self.reduced[j] -= ratio * self.alpha[j];
        }
        self.reduced[entering] = 0.0;
        self.places[entering] = Place::Basic;
        self.update(row, entering, &column, rho);
        self.basic[row] = value;
        self.since_renewal += 1;
        Step::Done
    }

    /// Sends columns to their other bounds.
    fn flip(&mut self, ways: &[(f64, usize)]) {
        if ways.is_empty() {
            return;
        }
        let mut moved = vec![0.0; self.size()];
        for &(_, j) in ways {
            let range = self.upper[j] - self.lower[j];
            let (place, by) = match self.places[j] {
                Place::Lower => (Place::Upper, range),
                _ => (Place::Lower, -range),
            };
            self.places[j] = place;
            match j.checked_sub(self.matrix.columns.len()) {
                Some(slack) => moved[slack] -= by,
                None => self.matrix.columns[j].iter().for_each(|&(i, entry)| moved[i] -= entry * by),
            }
        }
        let moved = self.inverse.through(&moved);
        add(&mut self.basic, &moved, 1.0);
    }

    /// A column or slack in terms of the basis.
    fn column(&self, j: usize) -> Vec<f64> {
        let n = self.matrix.columns.len();
        let mut result = vec![0.0; self.size()];
        if j >= n {
            self.inverse.add_times(&mut result, j - n, 1.0);
        } else {
            let entries = self.matrix.columns[j].iter();
            entries.for_each(|&(k, entry)| self.inverse.add_times(&mut result, k, entry));
        }
        result
    }

    /// The basis and its inverse after a column has entered in a row; `rho` holds the entries of that row before.
    fn update(&mut self, row: usize, entering: usize, column: &[f64], rho: &[(usize, f64)]) {
        let n = self.matrix.columns.len();
        let slacks = [self.basis[row].checked_sub(n), entering.checked_sub(n)];
        self.inverse.update(row, slacks, column, rho, &mut self.lengths);
        self.basis[row] = entering;
    }

    /// The inverse of the same basis made from nothing; none where its columns are not independent.
    fn renew(&mut self) -> Option<()> {
        let (n, m) = (self.matrix.columns.len(), self.size());
        let (basis, places) = (self.basis.clone(), self.places.clone());
        self.begin();
        self.places = places;
        let mut open: Vec<usize> = basis.iter().copied().filter(|j| *j < n).collect();
        let mut is_free = vec![true; m];
        basis.iter().filter(|j| **j >= n).for_each(|j| is_free[j - n] = false);
        // Short columns first: they fill the inverse least.
        open.sort_by_key(|j| (self.matrix.columns[*j].len(), *j));
        for j in open {
            let column = self.column(j);
            let free = (0..m).filter(|i| is_free[*i]);
            let row = free.max_by(|a, b| column[*a].abs().total_cmp(&column[*b].abs()))?;
            if column[row].abs() < PIVOT {
                self.begin();
                self.settle_down();
                return None;
            }
            let rho = self.inverse.row(row);
            self.update(row, j, &column, &rho);
            is_free[row] = false;
        }
        self.lengths = self.inverse.lengths();
        self.reduce();
        self.settle_down();
        Some(())
    }

    /// The reduced costs, from nothing.
    fn reduce(&mut self) {
        let n = self.matrix.columns.len();
        let multipliers = self.multipliers();
        for (j, column) in self.matrix.columns.iter().enumerate() {
            let priced: f64 = column.iter().map(|&(i, entry)| multipliers[i] * entry).sum();
            self.reduced[j] = if self.places[j] == Place::Basic { 0.0 } else { self.costs[j] - priced };
        }
        for (i, multiplier) in multipliers.iter().enumerate() {
            self.reduced[n + i] = if self.places[n + i] == Place::Basic { 0.0 } else { -multiplier };
        }
    }
}

/// What came of a step.
enum Step {
    Done,
    /// No column can bring the basic one back: the box holds nothing.
    Blocked,
    /// The inverse is too far off to be trusted.
    Unsure,
}

fn costs(scaled: &Scaled) -> Vec<f64> {
    scaled.columns.iter().map(|column| column.objective).collect()
}
