//! Nodes that a relaxation closes on its way, and those that hold nothing.

use std::ops::ControlFlow;

use super::super::bound::Rounded;
use super::super::relaxation::Relaxed;
use super::super::worth::Worth;
use super::{Came, Node, Search};

impl Search<'_> {
    /// What the relaxation of a node says; broken off where that closes the node.
    pub(super) fn relaxed(
        &mut self,
        node: &mut Node,
        lower: &[f64],
        upper: &[f64],
    ) -> ControlFlow<(), Option<Relaxed>> {
        // Of the whole the vertex is asked for.
        let floor = self.best.filter(|_| node.made > 0).map(Worth::euro);
        let relaxed = self.relaxation.relax_above(lower, upper, floor);
        let Some(Relaxed::Below { multipliers }) = relaxed else { return ControlFlow::Continue(relaxed) };
        if let Some(certificate) = self.task.exact.certificate(&node.domain, &multipliers)
            && let Some(bound) = certificate.bound(self.task.exact)
            && Some(bound) <= self.best
        {
            node.bound = node.bound.min(bound);
            self.closes(node, Some(&certificate));
            if let Some(record) = &mut self.record {
                record.bounded(node.made, certificate.multipliers, bound);
            }
            if let Some(Came { column, part, way, worth }) = node.came {
                // At least.
                self.gains.saw(column, part, way, worth - floor.unwrap_or(worth));
            }
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(self.relaxation.relax(lower, upper))
    }

    /// Closes a node that holds no plan; if it is the whole program, any plan known contradicts the model.
    pub(super) fn refuted(&mut self, node: &Node, multipliers: Option<Rounded>) {
        if let Some(record) = &mut self.record {
            record.emptied(node.made, multipliers);
        }
        if node.made == 0 {
            self.root_bound = Worth::LEAST;
        }
    }
}
