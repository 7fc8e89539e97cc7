//! The linear relaxation of a node: a point to round, and multipliers to prove a bound with. Both are proposals; see [`super::bound`].
//!
//! Small models are solved by a dual simplex method of our own (`simplex`), which begins where the node before it ended and gives vertices: a
//! node costs a few steps. Large ones, and those on which it loses its way, are solved by Clarabel (`interior`), from nothing.

mod interior;
mod inverse;
mod simplex;

use self::simplex::{Answer, Simplex};
use super::scaled::{Scaled, THOUSAND};

/// Rows up to which the simplex method keeps the inverse of its basis: beyond, a step costs more than it saves.
pub(super) const MOST_ROWS: usize = 1_000;

/// What the relaxation of a node says, in units of the program; multipliers in euro of the objective per unit of the row.
#[derive(Clone, Debug)]
pub(super) enum Relaxed {
    /// The best point, nearly.
    Point { values: Vec<f64>, multipliers: Vec<f64> },
    /// No point: multipliers that should refute the node.
    Infeasible { multipliers: Vec<f64> },
    /// No point that is worth so much as was asked for, as multipliers should show.
    Below { multipliers: Vec<f64> },
}

/// The relaxations of one program over one box after another.
pub(super) struct Relaxation<'a> {
    scaled: &'a Scaled,
    simplex: Option<Simplex>,
    /// Where it stood at a vertex that others are tried out from.
    marked: Option<Simplex>,
}

/// Where a relaxation ended, for another of the same rows to begin there.
#[derive(Clone, Debug)]
pub(super) struct Basis(Simplex);

impl<'a> Relaxation<'a> {
    /// Of a program in solver units.
    pub fn new(scaled: &'a Scaled) -> Self {
        let simplex = (scaled.rows.len() <= MOST_ROWS).then(|| Simplex::new(scaled));
        Relaxation { scaled, simplex, marked: None }
    }

    /// Of a program in solver units, from where another of the same rows and columns ended, under whatever objective.
    pub fn resume(scaled: &'a Scaled, basis: Option<Basis>) -> Self {
        let Some(Basis(mut simplex)) = basis else { return Relaxation::new(scaled) };
        simplex.reprice(scaled);
        Relaxation { scaled, simplex: Some(simplex), marked: None }
    }

    /// Where it stands.
    pub fn basis(&self) -> Option<Basis> {
        self.simplex.clone().map(Basis)
    }

    /// Where it stands, when no other box is to follow.
    pub fn into_basis(self) -> Option<Basis> {
        self.simplex.map(Basis)
    }

    /// Keeps in mind where it stands.
    pub fn mark(&mut self) {
        match (&mut self.marked, &self.simplex) {
            (Some(marked), Some(simplex)) => marked.go_to(simplex),
            (marked, simplex) => marked.clone_from(simplex),
        }
    }

    /// Goes back to where it stood when that was kept in mind.
    pub fn go_back(&mut self) {
        if let (Some(simplex), Some(marked)) = (&mut self.simplex, &self.marked) {
            simplex.go_to(marked);
        }
    }

    /// Whether a box costs a few steps from the one before, and not a solve from nothing.
    pub fn is_warm(&self) -> bool {
        self.simplex.is_some()
    }

    /// The combination of rows that leaves a column alone but for what stands at a bound, where it is basic at the vertex at hand: multipliers per unit of the row, in units of the column.
    pub fn row_of(&self, column: usize) -> Option<Vec<(usize, f64)>> {
        let unit = self.scaled.columns[column].unit / THOUSAND;
        let row = self.simplex.as_ref()?.row_of(column)?;
        Some(row.into_iter().map(|(i, y)| (i, y * unit * self.scaled.rows[i].multiplier_unit)).collect())
    }

    /// Where the vertex at hand comes to when rows are left unused by so much more, in their units, and columns outside the basis move.
    pub fn moved(&self, rows: &[(usize, f64)], columns: &[(usize, f64)]) -> Option<Vec<f64>> {
        let all = &self.scaled.columns;
        let slack =
            |&(i, by): &(usize, f64)| (all.len() + i, by * self.scaled.rows[i].multiplier_unit / THOUSAND);
        let column = |&(j, by): &(usize, f64)| (j, by / all[j].unit);
        let moves: Vec<(usize, f64)> = rows.iter().map(slack).chain(columns.iter().map(column)).collect();
        let values = self.simplex.as_ref()?.moved(&moves);
        Some(values.into_iter().zip(all).map(|(value, column)| value * column.unit).collect())
    }

    /// Solves the relaxation over a box, given in units of the program; none where nothing comes of it.
    pub fn relax(&mut self, lower: &[f64], upper: &[f64]) -> Option<Relaxed> {
        self.relax_above(lower, upper, None)
    }

    /// The same, which may stop on its way as soon as no point is worth `floor` (euro).
    pub fn relax_above(&mut self, lower: &[f64], upper: &[f64], floor: Option<f64>) -> Option<Relaxed> {
        let columns = &self.scaled.columns;
        let in_units = |values: &[f64]| -> Vec<f64> {
            values.iter().zip(columns).map(|(value, column)| value / column.unit).collect()
        };
        let answer = self.simplex.as_mut().and_then(|simplex| {
            simplex.solve(&in_units(lower), &in_units(upper), floor.map(|floor| floor / THOUSAND))
        });
        let priced = |multipliers: Vec<f64>| -> Vec<f64> {
            multipliers.iter().zip(&self.scaled.rows).map(|(y, row)| y * row.multiplier_unit).collect()
        };
        match answer {
            Some(Answer::Vertex { values, multipliers }) => {
                let value = |(j, value): (usize, &f64)| (value * columns[j].unit).clamp(lower[j], upper[j]);
                let values = values.iter().enumerate().map(value).collect();
                Some(Relaxed::Point { values, multipliers: priced(multipliers) })
            }
            Some(Answer::Nothing { multipliers }) => Some(Relaxed::refuting(&priced(multipliers))),
            Some(Answer::Below { multipliers }) => Some(Relaxed::Below { multipliers: priced(multipliers) }),
            None => self.scaled.relax(lower, upper),
        }
    }
}

impl Relaxed {
    /// A direction has no length of its own; this one keeps its digits when it is rounded.
    fn refuting(multipliers: &[f64]) -> Self {
        let largest = multipliers.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
        Relaxed::Infeasible { multipliers: multipliers.iter().map(|y| y * 1000.0 / largest).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::exact::Exact;
    use super::super::sample;
    use super::*;
    use crate::program::Sense;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    proptest! {
        // A box within a hair of empty is one thing to one method and another to the other: the same boxes every time.
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn both_methods_agree(program in sample::programs(), fixed in prop::collection::vec(0_u8..3, 6)) {
            let scaled = Scaled::new(&program);
            let mut relaxation = Relaxation::new(&scaled);
            let unit = |j: usize| scaled.columns[j].unit;
            let lower: Vec<f64> = scaled.columns.iter().map(|c| c.lower * c.unit).collect();
            let upper: Vec<f64> = scaled.columns.iter().map(|c| c.upper * c.unit).collect();
            let worth = |values: &[f64]| -> f64 {
                let own = |(j, value): (usize, &f64)| value / unit(j) * scaled.columns[j].objective;
                values.iter().enumerate().map(own).sum()
            };
            let keeps = |values: &[f64]| {
                scaled.rows.iter().all(|row| {
                    let left: f64 = row.terms.iter().map(|&(j, entry)| entry * values[j] / unit(j)).sum();
                    (row.sense == Sense::AtLeast || left <= row.rhs + 1e-5)
                        && (row.sense == Sense::AtMost || left >= row.rhs - 1e-5)
                })
            };
            // The second box is solved from the basis of the first, the third from that of the second.
            let boxed = |ends: &[u8]| -> (Vec<f64>, Vec<f64>) {
                let end = |j: usize| ends.get(j).copied().unwrap_or(2);
                let own = |j: usize| match end(j) {
                    0 => (lower[j], lower[j]),
                    1 => (upper[j], upper[j]),
                    _ => (lower[j], upper[j]),
                };
                (0..lower.len()).map(own).unzip()
            };
            for (low, high) in [boxed(&[]), boxed(&fixed), boxed(&[])] {
                match (relaxation.relax(&low, &high), scaled.relax(&low, &high)) {
                    (Some(Relaxed::Point { values, .. }), Some(Relaxed::Point { values: other, .. })) => {
                        prop_assert!(keeps(&values));
                        let near = (worth(&values) - worth(&other)).abs() < 1e-5;
                        prop_assert!(near || !keeps(&other), "{} is not {}", worth(&values), worth(&other));
                    }
                    (Some(Relaxed::Infeasible { .. }), Some(Relaxed::Infeasible { .. })) => {}
                    (one, other) => {
                        // Within a hair of empty, either may be said.
                        let no_point = |r: &Option<Relaxed>| !matches!(r, Some(Relaxed::Point { .. }));
                        prop_assert!(no_point(&one) || no_point(&other), "{one:?} {other:?}");
                    }
                }
            }
        }

        /// What is left on the way is below what was asked for, by the multipliers at hand as by the vertex at the end.
        #[test]
        fn what_stops_on_its_way_is_below(program in sample::programs(), off in -500_i32..500) {
            let Some(exact) = Exact::new(&program) else { return Ok(()) };
            let scaled = Scaled::new(&program);
            let (lower, upper) = exact.floats(&exact.domain);
            let Some(Relaxed::Point { values, .. }) = Relaxation::new(&scaled).relax(&lower, &upper) else {
                return Ok(());
            };
            let worth = scaled.worth(&values);
            let floor = worth + f64::from(off) / 100.0;
            match Relaxation::new(&scaled).relax_above(&lower, &upper, Some(floor)) {
                Some(Relaxed::Below { multipliers }) => {
                    prop_assert!(worth < floor + 1e-6);
                    let bound = exact.certificate(&exact.domain, &multipliers).and_then(|of| of.bound(&exact));
                    prop_assert!(bound.is_none_or(|bound| bound.euro() < floor + 1e-4), "{bound:?} {floor}");
                }
                Some(Relaxed::Point { values, .. }) => {
                    prop_assert!((scaled.worth(&values) - worth).abs() < 1e-5);
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }

        /// Under another objective the slack of a tight row may want to rise: then it stands at its other end.
        #[test]
        fn a_basis_serves_another_objective(
            program in sample::programs(), objective in prop::collection::vec(-300_i32..=300, 6)
        ) {
            let scaled = Scaled::new(&program);
            let lower: Vec<f64> = scaled.columns.iter().map(|c| c.lower * c.unit).collect();
            let upper: Vec<f64> = scaled.columns.iter().map(|c| c.upper * c.unit).collect();
            let mut first = Relaxation::new(&scaled);
            first.relax(&lower, &upper);
            let mut priced = scaled.clone();
            let objective: Vec<f64> = objective.into_iter().map(|cents| f64::from(cents) / 100.0).collect();
            priced.set_objective(&objective);
            let worth = |relaxed: Option<Relaxed>| match relaxed {
                Some(Relaxed::Point { values, .. }) => {
                    Some(values.iter().zip(&objective).map(|(value, worth)| value * worth).sum::<f64>())
                }
                _ => None,
            };
            let fresh = worth(Relaxation::new(&priced).relax(&lower, &upper));
            let resumed = worth(Relaxation::resume(&priced, first.into_basis()).relax(&lower, &upper));
            let near = fresh.zip(resumed).is_none_or(|(one, other)| (one - other).abs() < 1e-5);
            prop_assert!(near && fresh.is_some() == resumed.is_some(), "{fresh:?} is not {resumed:?}");
        }
    }
}
