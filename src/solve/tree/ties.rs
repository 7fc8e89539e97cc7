//! Boxes that a bound closed which equals what the best plan is worth: every plan worth as much lies in one of them.

use super::super::bound::Certificate;
use super::super::worth::Worth;
use super::node::{Node, Waiting};
use super::{Domain, Search};
use crate::money::Money;

/// What is left of all of them together.
#[derive(Debug)]
pub(super) struct Ties {
    /// What the best plan was worth when they were closed.
    of: Worth,
    /// The least box that holds them.
    around: Domain,
}

impl Search<'_> {
    /// Whether a node is closed by its bound, which `certificate` tells if it is that of its box. One that equals what the best plan is worth is kept in mind.
    pub(super) fn closes(&mut self, node: &Node, certificate: Option<&Certificate>) -> bool {
        if self.is_tie(node.bound) {
            let mut domain = node.domain.clone();
            if let Some(certificate) = certificate {
                self.fix(&mut domain, certificate, self.below_best());
            }
            self.keep(node.bound, domain);
        }
        Some(node.bound) <= self.best
    }

    /// The same of one that waits.
    pub(super) fn closes_waiting(&mut self, node: &Waiting) -> bool {
        if self.is_tie(node.bound) {
            self.keep(node.bound, node.domain(&self.whole));
        }
        Some(node.bound) <= self.best
    }

    fn is_tie(&self, bound: Worth) -> bool {
        Some(bound) == self.best && !self.task.dives
    }

    /// Keeps in mind a box that may hold plans worth as much as the best.
    fn keep(&mut self, best: Worth, domain: Domain) {
        match &mut self.ties {
            Some(ties) if ties.of == best => ties.around.widen(&domain),
            ties => *ties = Some(Ties { of: best, around: domain }),
        }
    }

    /// What plans are worth that are no longer asked for: as much as the best one, or where plans as good as it are told (`ties`) a cent less.
    pub(super) fn below_best(&self) -> Option<Worth> {
        if self.task.dives { self.best } else { self.best.map(|best| best - Money::CENT.into()) }
    }

    /// What every plan worth so much lies in, where nothing better is left to be found.
    pub(super) fn around(&self, value: Money) -> Option<&Domain> {
        let is_closed = self.queue.is_empty() && self.likelier.is_none() && self.left_open.is_none();
        let ties = self.ties.as_ref().filter(|ties| is_closed && ties.of == value.into())?;
        (self.best == Some(ties.of)).then_some(&ties.around)
    }
}
