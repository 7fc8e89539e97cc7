//! The dual simplex method over columns that all have two bounds: the relaxations of one tree, each from the basis of the one before.
//!
//! Every row gets a slack, `a x + s = b`, with `s >= 0`, `s <= 0` or `s = 0` by the sense of the row. A basis is one column (or slack) for each row;
//! the others stand at one of their bounds, by the sign of their reduced cost `d = c - y A` (maximising: at the upper bound where it is positive), so
//! that **any** basis is dual feasible over any box, and a node of the tree may begin where another ended. A step takes the row
//! whose basic column is the most outside its bounds (in steepest-edge measure), and brings in the column whose reduced cost is the
//! first to vanish. Columns on the way whose whole range does not cure the row are flipped to their other bound and passed: the long-step ratio test.
//!
//! The inverse of the basis is kept row by row, as floats, and is updated only where the leaving row has entries; slacks keep it sparse. What comes
//! out is a proposal like any other: a vertex, and multipliers that `bound` makes a proof of.

use super::super::scaled::Scaled;
use crate::program::Sense;

/// What is outside its bounds by less than this is inside, in solver units: a thousandth of a cent.
const PRIMAL: f64 = 1e-8;

/// A reduced cost smaller than this has no sign.
const DUAL: f64 = 1e-10;

/// Entries smaller than this are no pivots.
const PIVOT: f64 = 1e-8;

/// Entries of the inverse smaller than this are noise.
const NOISE: f64 = 1e-13;

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

/// What came of a box.
pub(super) enum Answer {
    /// A best vertex, by column, and a multiplier for each row.
    Vertex { values: Vec<f64>, multipliers: Vec<f64> },
    /// Multipliers whose combination of rows nothing in the box keeps.
    Nothing { multipliers: Vec<f64> },
}

/// The state between two boxes.
pub(super) struct Simplex {
    /// Entries of each column by row, of each row by column.
    columns: Vec<Vec<(usize, f64)>>,
    rows: Vec<Vec<(usize, f64)>>,
    costs: Vec<f64>,
    rhs: Vec<f64>,
    /// Bounds of columns, then of slacks.
    lower: Vec<f64>,
    upper: Vec<f64>,
    places: Vec<Place>,
    /// The basic column of each row.
    basis: Vec<usize>,
    /// Row by row.
    inverse: Vec<f64>,
    /// Squared length of each row of the inverse.
    lengths: Vec<f64>,
    /// Reduced costs of columns and slacks.
    reduced: Vec<f64>,
    /// Values of the basic columns.
    basic: Vec<f64>,
    since_renewal: usize,
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
            let (least, most) = match row.sense {
                Sense::AtMost => (0.0, f64::INFINITY),
                Sense::AtLeast => (f64::NEG_INFINITY, 0.0),
                Sense::Equal => (0.0, 0.0),
            };
            lower.push(least);
            upper.push(most);
        }
        let mut simplex = Simplex {
            columns,
            rows: scaled.rows.iter().map(|row| row.terms.clone()).collect(),
            costs: scaled.columns.iter().map(|column| column.objective).collect(),
            rhs: scaled.rows.iter().map(|row| row.rhs).collect(),
            lower,
            upper,
            places: vec![Place::Lower; n + m],
            basis: Vec::new(),
            inverse: Vec::new(),
            lengths: Vec::new(),
            reduced: vec![0.0; n + m],
            basic: vec![0.0; m],
            since_renewal: 0,
        };
        simplex.begin();
        simplex
    }

    /// The best vertex of a box, from the basis at hand; none where it loses its way.
    pub fn solve(&mut self, lower: &[f64], upper: &[f64]) -> Option<Answer> {
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
            match self.step(row, below) {
                Step::Done => {}
                Step::Blocked if self.since_renewal > 0 && !renewed => {
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

    fn size(&self) -> usize {
        self.basis.len()
    }

    /// All slacks basic.
    fn begin(&mut self) {
        let (n, m) = (self.columns.len(), self.rows.len());
        self.places[..n].fill(Place::Lower);
        self.places[n..].fill(Place::Basic);
        self.basis = (n..n + m).collect();
        self.inverse = vec![0.0; m * m];
        for i in 0..m {
            self.inverse[i * m + i] = 1.0;
        }
        self.lengths = vec![1.0; m];
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
        self.compute_basic();
    }

    /// Where a column outside the basis stands.
    fn value(&self, j: usize) -> f64 {
        if self.places[j] == Place::Upper { self.upper[j] } else { self.lower[j] }
    }

    /// What the columns outside the basis leave of the right-hand sides. Slacks outside the basis are zero.
    fn remaining(&self) -> Vec<f64> {
        let mut rest = self.rhs.clone();
        for (j, column) in self.columns.iter().enumerate() {
            let value = if self.places[j] == Place::Basic { 0.0 } else { self.value(j) };
            if value != 0.0 {
                for &(i, entry) in column {
                    rest[i] -= entry * value;
                }
            }
        }
        rest
    }

    fn compute_basic(&mut self) {
        let (rest, m) = (self.remaining(), self.size());
        for i in 0..m {
            self.basic[i] = dot(&self.inverse[i * m..(i + 1) * m], &rest);
        }
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
        let m = self.size();
        let n = self.columns.len();
        let leaving = self.basis[row];
        let rho: Vec<(usize, f64)> = nonzeros(&self.inverse[row * m..(row + 1) * m]);
        let mut alpha = vec![0.0; n + m];
        for &(i, entry) in &rho {
            self.rows[i].iter().for_each(|&(j, coefficient)| alpha[j] += entry * coefficient);
            alpha[n + i] = entry;
        }
        // Read as if the basic column were below: then it rises with columns that can rise at a negative entry, or fall at a positive one.
        let sign = if below { 1.0 } else { -1.0 };
        let target = if below { self.lower[leaving] } else { self.upper[leaving] };
        let mut ways: Vec<(f64, usize)> = Vec::new();
        for (j, &entry) in alpha.iter().enumerate() {
            let entry = entry * sign;
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
        let mut lacking = (target - self.basic[row]).abs();
        let mut flipped = 0;
        let mut entering = None;
        while flipped < ways.len() {
            let j = ways[flipped].1;
            let cured = alpha[j].abs() * (self.upper[j] - self.lower[j]);
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
            if alpha[way.1].abs() > 10.0 * alpha[ways[place].1].abs() {
                place = other;
            }
        }
        let entering = ways[place].1;
        let column = self.through(entering);
        let pivot = column[row];
        if pivot.abs() < PIVOT || (pivot - alpha[entering]).abs() > 1e-6 * (1.0 + pivot.abs()) {
            return Step::Unsure;
        }
        self.flip(&ways[..flipped]);
        let step = (self.basic[row] - target) / pivot;
        for (basic, entry) in self.basic.iter_mut().zip(&column) {
            *basic -= step * entry;
        }
        let value = self.value(entering) + step;
        let ratio = self.reduced[entering] / alpha[entering];
        for (reduced, entry) in self.reduced.iter_mut().zip(&alpha) {
            *reduced -= ratio * entry;
        }
        self.reduced[entering] = 0.0;
        self.places[leaving] = if below { Place::Lower } else { Place::Upper };
        self.places[entering] = Place::Basic;
        self.basis[row] = entering;
        self.basic[row] = value;
        self.update(row, &column, &rho);
        self.since_renewal += 1;
        Step::Done
    }

    /// Sends columns to their other bounds.
    fn flip(&mut self, ways: &[(f64, usize)]) {
        if ways.is_empty() {
            return;
        }
        let m = self.size();
        let mut moved = vec![0.0; m];
        for &(_, j) in ways {
            let range = self.upper[j] - self.lower[j];
            let (place, by) = match self.places[j] {
                Place::Lower => (Place::Upper, range),
                _ => (Place::Lower, -range),
            };
            self.places[j] = place;
            self.columns[j].iter().for_each(|&(i, entry)| moved[i] += entry * by);
        }
        let moved = nonzeros(&moved);
        for (i, basic) in self.basic.iter_mut().enumerate() {
            let row = &self.inverse[i * m..(i + 1) * m];
            *basic -= moved.iter().map(|&(k, by)| row[k] * by).sum::<f64>();
        }
    }

    /// A column in terms of the basis.
    fn through(&self, j: usize) -> Vec<f64> {
        let (n, m) = (self.columns.len(), self.size());
        if j >= n {
            return (0..m).map(|i| self.inverse[i * m + j - n]).collect();
        }
        let entries = &self.columns[j];
        let rows = self.inverse.chunks_exact(m);
        rows.map(|row| entries.iter().map(|&(k, entry)| row[k] * entry).sum()).collect()
    }

    /// The inverse after a column has entered in a row; `rho` holds the entries of that row before.
    fn update(&mut self, row: usize, column: &[f64], rho: &[(usize, f64)]) {
        let m = self.size();
        let pivot = column[row];
        let mut length = 0.0;
        for &(k, entry) in rho {
            self.inverse[row * m + k] = entry / pivot;
            length += (entry / pivot) * (entry / pivot);
        }
        self.lengths[row] = length.max(1e-8);
        for (i, &entry) in column.iter().enumerate() {
            if i == row || entry.abs() < NOISE {
                continue;
            }
            let factor = entry / pivot;
            let own = &mut self.inverse[i * m..(i + 1) * m];
            let mut change = 0.0;
            for &(k, entry) in rho {
                let before = own[k];
                let after = before - factor * entry;
                let after = if after.abs() < NOISE { 0.0 } else { after };
                own[k] = after;
                change += after * after - before * before;
            }
            self.lengths[i] = (self.lengths[i] + change).max(1e-8);
        }
    }

    /// The inverse of the same basis made from nothing; none where its columns are not independent.
    fn renew(&mut self) -> Option<()> {
        let (n, m) = (self.columns.len(), self.size());
        let (basis, places) = (self.basis.clone(), self.places.clone());
        self.begin();
        self.places = places;
        let mut open: Vec<usize> = basis.iter().copied().filter(|j| *j < n).collect();
        let mut is_free = vec![true; m];
        basis.iter().filter(|j| **j >= n).for_each(|j| is_free[j - n] = false);
        // Short columns first: they fill the inverse least.
        open.sort_by_key(|j| (self.columns[*j].len(), *j));
        for j in open {
            let column = self.through(j);
            let free = (0..m).filter(|i| is_free[*i]);
            let row = free.max_by(|a, b| column[*a].abs().total_cmp(&column[*b].abs()))?;
            if column[row].abs() < PIVOT {
                self.begin();
                self.settle_down();
                return None;
            }
            let rho = nonzeros(&self.inverse[row * m..(row + 1) * m]);
            self.update(row, &column, &rho);
            self.basis[row] = j;
            is_free[row] = false;
        }
        for i in 0..m {
            let own = &self.inverse[i * m..(i + 1) * m];
            self.lengths[i] = dot(own, own).max(1e-8);
        }
        let multipliers = self.multipliers();
        for (j, column) in self.columns.iter().enumerate() {
            let priced: f64 = column.iter().map(|&(i, entry)| multipliers[i] * entry).sum();
            self.reduced[j] = if self.places[j] == Place::Basic { 0.0 } else { self.costs[j] - priced };
        }
        for (i, multiplier) in multipliers.iter().enumerate() {
            self.reduced[n + i] = if self.places[n + i] == Place::Basic { 0.0 } else { -multiplier };
        }
        self.settle_down();
        Some(())
    }

    /// By how much the worst row is off at the vertex at hand.
    fn drift(&self) -> f64 {
        let n = self.columns.len();
        let mut rest = self.remaining();
        for (&j, value) in self.basis.iter().zip(&self.basic) {
            if j >= n {
                rest[j - n] -= value;
            } else {
                self.columns[j].iter().for_each(|&(i, entry)| rest[i] -= entry * value);
            }
        }
        rest.iter().fold(0.0, |worst: f64, rest| worst.max(rest.abs()))
    }

    fn multipliers(&self) -> Vec<f64> {
        let m = self.size();
        let mut multipliers = vec![0.0; m];
        for (i, &j) in self.basis.iter().enumerate() {
            let cost = self.costs.get(j).copied().unwrap_or(0.0);
            if cost != 0.0 {
                let row = &self.inverse[i * m..(i + 1) * m];
                multipliers.iter_mut().zip(row).for_each(|(y, entry)| *y += cost * entry);
            }
        }
        multipliers
    }

    fn vertex(&self) -> Answer {
        let n = self.columns.len();
        let mut values: Vec<f64> = (0..n).map(|j| self.value(j)).collect();
        for (&j, value) in self.basis.iter().zip(&self.basic) {
            if j < n {
                values[j] = *value;
            }
        }
        Answer::Vertex { values, multipliers: self.multipliers() }
    }

    /// The row that cannot be cured, as a combination of the rows of the program.
    fn nothing(&self, row: usize, below: bool) -> Answer {
        let m = self.size();
        let sign = if below { 1.0 } else { -1.0 };
        let multipliers = self.inverse[row * m..(row + 1) * m].iter().map(|entry| entry * sign).collect();
        Answer::Nothing { multipliers }
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

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn nonzeros(values: &[f64]) -> Vec<(usize, f64)> {
    values.iter().copied().enumerate().filter(|(_, value)| value.abs() > NOISE).collect()
}
