//! Decisions that a bound settles: what they cannot be in any plan worth more than one that is known.

use rust_decimal::Decimal;

use super::super::bound::Certificate;
use super::{Domain, Search, Tree, Worth};
use crate::money::Money;

impl Tree<'_> {
    /// What each decision can still be in plans worth so much, as far as the relaxation of the whole tells: the least and the most, in units of the program.
    pub fn ranges(&self, value: Money) -> Vec<(usize, [Decimal; 2])> {
        let search = &self.0;
        let Some((domain, certificate)) = &search.root else { return Vec::new() };
        let mut domain = domain.clone();
        let exact = search.task.exact;
        let decided = search.fix(&mut domain, certificate, Some((value - Money::CENT).into()));
        let range = |column: usize| {
            Some((column, [exact.decimal(domain.lower[column])?, exact.decimal(domain.upper[column])?]))
        };
        decided.into_iter().filter_map(range).collect()
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
