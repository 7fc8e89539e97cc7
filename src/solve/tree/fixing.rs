//! Decisions that a bound settles: what they cannot be in any plan worth more than one that is known.

use rust_decimal::Decimal;

use super::super::bound::Certificate;
use super::super::record::{Record, number, written};
use super::super::relaxation::Relaxed;
use super::{Domain, Search, Tree, Worth};
use crate::certificate::Narrowing;
use crate::money::Money;

impl Tree<'_> {
    /// What each decision can still be in plans worth so much, as far as the relaxation of the whole tells and boxes that hold no plan as good: the least and the most, in units of the program.
    pub fn ranges(&self, value: Money) -> Vec<(usize, [Decimal; 2])> {
        let Some((mut domain, mut decided)) = self.settled(value - Money::CENT) else { return Vec::new() };
        let exact = self.0.task.exact;
        if let Some(around) = self.0.around(value) {
            domain.meet(around);
            decided = self.0.decisions(&exact.domain).map(|(column, _)| column).collect();
        }
        let range = |column: usize| {
            Some((column, [exact.decimal(domain.lower[column])?, exact.decimal(domain.upper[column])?]))
        };
        decided.into_iter().filter_map(range).collect()
    }

    /// What decisions can be in plans worth more than `value`, as far as the relaxation of the whole tells; none before that was looked at.
    pub fn narrowing(&self, value: Money) -> Option<Narrowing> {
        let search = &self.0;
        let (_, certificate) = search.root.as_ref()?;
        let (domain, settled) = self.settled(value)?;
        let exact = search.task.exact;
        let mut left = Vec::new();
        for column in settled {
            let whole = |value: i128| i64::try_from(value / exact.step(column)).ok();
            left.push((number(column), whole(domain.lower[column])?, whole(domain.upper[column])?));
        }
        Some(Narrowing {
            above: value,
            rows: search.record.as_ref().map(Record::of_whole).unwrap_or_default(),
            multipliers: written(certificate.multipliers.clone()),
            left,
        })
    }

    /// The whole without what the relaxation of it bounds by `above`, and the decisions that are smaller by it.
    fn settled(&self, above: Money) -> Option<(Domain, Vec<usize>)> {
        let (domain, certificate) = self.0.root.as_ref()?;
        let mut domain = domain.clone();
        let settled = self.0.fix(&mut domain, certificate, Some(above.into()));
        Some((domain, settled))
    }

    /// Whether a column that is nowhere negative is more than nothing in every plan worth so much, as far as one relaxation tells.
    pub fn is_needed(&mut self, column: usize, value: Money) -> bool {
        let search = &mut self.0;
        let Some((domain, certificate)) = &search.root else { return false };
        let exact = search.task.exact;
        if domain.lower[column] != 0 {
            return domain.lower[column] > 0;
        }
        let is_less = |bound: Option<Worth>| bound.and_then(Worth::cut).is_some_and(|bound| bound < value);
        let is_at_its_end = certificate.reduced[column] > 0;
        if is_at_its_end && is_less(certificate.bound_off_its_end(exact, column, domain.upper[column])) {
            return true;
        }
        let mut domain = domain.clone();
        domain.decide(column, 0);
        if !exact.propagate(&mut domain, Some(&[column]), &mut |_| ()) {
            return true;
        }
        let (lower, upper) = exact.floats(&domain);
        match search.relaxation.relax_above(&lower, &upper, Some(Worth::from(value).euro())) {
            Some(Relaxed::Point { multipliers, .. } | Relaxed::Below { multipliers }) => {
                is_less(exact.certificate(&domain, &multipliers).and_then(|c| c.bound(exact)))
            }
            Some(Relaxed::Infeasible { multipliers }) => exact.refutation(&domain, &multipliers).is_some(),
            None => false,
        }
    }
}

impl Search<'_> {
    /// Cuts the decisions to what they can be in a plan worth more than `best`, and tells which are smaller by it.
    pub(super) fn fix(
        &self,
        domain: &mut Domain,
        certificate: &Certificate,
        best: Option<Worth>,
    ) -> Vec<usize> {
        let exact = self.task.exact;
        let mut fixed = Vec::new();
        for (column, _) in self.decisions(domain).collect::<Vec<_>>() {
            let step = exact.step(column);
            let is_closed = |steps: i128| {
                let bound = certificate.bound_off_its_end(exact, column, steps * step);
                bound.is_some() && bound <= best
            };
            // So many steps off the end of the range that the bound assumes are open, and so many closed.
            let (mut open, mut closed) = (0, (domain.upper[column] - domain.lower[column]) / step);
            if !is_closed(closed) {
                continue;
            }
            while closed - open > 1 {
                let middle = i128::midpoint(open, closed);
                *if is_closed(middle) { &mut closed } else { &mut open } = middle;
            }
            if certificate.reduced[column] > 0 {
                domain.lower[column] = domain.upper[column] - open * step;
            } else {
                domain.upper[column] = domain.lower[column] + open * step;
            }
            fixed.push(column);
        }
        fixed
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::presolve::Presolved;
    use super::super::super::{Limits, Steps, sample};
    use super::super::Ground;
    use super::*;
    use crate::audit;
    use proptest::prelude::*;

    proptest! {
        /// Step by step, each with the proof that `verify` asks for: the best point stays where it is worth more, and a tree over what is left proves what one over all proves.
        #[test]
        fn what_is_left_holds_every_point_worth_more(program in sample::programs(), below in 0_i64..300) {
            let Some(optimum) = sample::optimum(&program) else { return Ok(()) };
            let value = optimum - Money::from_cents(below);
            let mut left = program;
            for _ in 0..3 {
                let Some(ground) = Ground::new(&left) else { return Ok(()) };
                let Some(mut tree) = Tree::of_better(&left, &ground) else { return Ok(()) };
                tree.grow(Some(value), &Limits { nodes: Some(1), keep: true, ..Limits::default() }, &mut |_| None);
                let Some(step) = tree.narrowing(value) else { break };
                prop_assert_eq!(audit::narrowing(&left, &step, value), Ok(()));
                left = Presolved::within(&left, &step.left, Steps::default()).expect("its own columns").program;
                if below > 0 {
                    prop_assert_eq!(sample::optimum(&left), Some(optimum));
                }
            }
            let Some(ground) = Ground::new(&left) else { return Ok(()) };
            let mut tree = Tree::of_better(&left, &ground).expect("small figures");
            let limits = Limits { nodes: Some(5_000), keep: true, ..Limits::default() };
            let proof = tree.grow(Some(optimum), &limits, &mut |_| None);
            prop_assert_eq!((proof.bound, proof.closed), (Some(optimum), true));
            let (bound, nodes) = tree.proven().expect("it was kept");
            prop_assert_eq!(audit::tree(&left, &nodes, bound), Ok(()));
        }

        /// Once nothing is open, boxes that hold no point as good say it, too.
        #[test]
        fn ranges_hold_every_point_worth_as_much(program in sample::programs(), nodes in 1_usize..40, known in any::<bool>()) {
            let Some(optimum) = sample::optimum(&program) else { return Ok(()) };
            let Some(ground) = Ground::new(&program) else { return Ok(()) };
            let Some(mut tree) = Tree::new(&program, &ground) else { return Ok(()) };
            let limits = Limits { nodes: Some(nodes), ..Limits::default() };
            // What is known from the beginning, and what is found on the way.
            let value = Some(optimum);
            tree.grow(value.filter(|_| known), &limits, &mut |_| value);
            let ranges = tree.ranges(optimum);
            for point in sample::points(&program) {
                let worth: Decimal = program.columns.iter().zip(&point).map(|(c, value)| c.objective * value).sum();
                if worth >= optimum.euro() {
                    for (column, [least, most]) in &ranges {
                        prop_assert!((*least..=*most).contains(&point[*column]), "{column}: {least} to {most}, not {}", point[*column]);
                    }
                }
            }
        }

        #[test]
        fn what_is_needed_is_in_every_plan_of_that_value(program in sample::programs()) {
            let Some(optimum) = sample::optimum(&program) else { return Ok(()) };
            let Some(ground) = Ground::new(&program) else { return Ok(()) };
            let Some(mut tree) = Tree::new(&program, &ground) else { return Ok(()) };
            tree.grow(Some(optimum), &Limits { nodes: Some(1), ..Limits::default() }, &mut |_| None);
            for column in 0..program.columns.len() {
                if program.columns[column].lower.is_zero() && tree.is_needed(column, optimum) {
                    let mut without = program.clone();
                    without.columns[column].upper = Decimal::ZERO;
                    let left = sample::optimum(&without);
                    prop_assert!(left < Some(optimum), "{column}: {left:?} without, {optimum} with");
                }
            }
        }
    }
}
