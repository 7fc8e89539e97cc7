//! What a basis says of its box.

use super::{Place, Simplex};

/// What came of a box.
pub(in super::super) enum Answer {
    /// A best vertex, by column, and a multiplier for each row.
    Vertex { values: Vec<f64>, multipliers: Vec<f64> },
    /// Multipliers whose combination of rows nothing in the box keeps.
    Nothing { multipliers: Vec<f64> },
    /// Multipliers that show that no point is worth so much as was asked for.
    Below { multipliers: Vec<f64> },
}

impl Simplex {
    /// What the basic solution at hand is worth, be it within its bounds or not: no point is worth more, as the columns outside the basis stand where their reduced costs want them.
    pub(super) fn worth(&self) -> f64 {
        let stands = |(j, cost): &(usize, &f64)| **cost != 0.0 && self.places[*j] != Place::Basic;
        let outside = self.costs.iter().enumerate().filter(stands).map(|(j, cost)| cost * self.value(j));
        let basic = |(j, value): (&usize, &f64)| self.costs.get(*j).map_or(0.0, |cost| cost * value);
        outside.sum::<f64>() + self.basis.iter().zip(&self.basic).map(basic).sum::<f64>()
    }

    /// By how much the worst row is off at the vertex at hand.
    pub(super) fn drift(&self) -> f64 {
        let n = self.matrix.columns.len();
        let mut rest = self.remaining();
        for (&j, value) in self.basis.iter().zip(&self.basic) {
            if j >= n {
                rest[j - n] -= value;
            } else {
                self.matrix.columns[j].iter().for_each(|&(i, entry)| rest[i] -= entry * value);
            }
        }
        rest.iter().fold(0.0, |worst: f64, rest| worst.max(rest.abs()))
    }

    /// What a unit of each row is worth; nothing where it is not tight.
    pub(super) fn multipliers(&self) -> Vec<f64> {
        let priced =
            |(i, &j): (usize, &usize)| self.costs.get(j).filter(|cost| **cost != 0.0).map(|cost| (i, *cost));
        let costs: Vec<(usize, f64)> = self.basis.iter().enumerate().filter_map(priced).collect();
        self.inverse.priced(&costs)
    }

    pub(super) fn vertex(&self) -> Answer {
        let values = self.with_basic(self.values(), &self.basic);
        Answer::Vertex { values, multipliers: self.multipliers() }
    }

    /// Where each column stands, were it outside the basis.
    pub(super) fn values(&self) -> Vec<f64> {
        (0..self.matrix.columns.len()).map(|j| self.value(j)).collect()
    }

    /// The values of all columns, of which the basic ones have these.
    pub(super) fn with_basic(&self, mut values: Vec<f64>, basic: &[f64]) -> Vec<f64> {
        for (&j, value) in self.basis.iter().zip(basic) {
            if let Some(own) = values.get_mut(j) {
                *own = *value;
            }
        }
        values
    }

    /// The row that cannot be cured, as a combination of the rows of the program.
    pub(super) fn nothing(&self, row: usize, below: bool) -> Answer {
        let sign = if below { 1.0 } else { -1.0 };
        let mut multipliers = vec![0.0; self.size()];
        self.inverse.row(row).iter().for_each(|&(k, entry)| multipliers[k] = entry * sign);
        Answer::Nothing { multipliers }
    }
}
