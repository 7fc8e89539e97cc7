//! What branching on decisions gains: by how much the relaxation falls in the parts of a box.
//!
//! The wider the two falls, the smaller the tree: of an invoice that five calls divide among them, each part says little, and the one decision that takes it from all of them closes the gap
//! that a thousand others leave. A fall is kept per unit of the way that a decision had to go to a whole number, its mean by decision and direction (*pseudo-costs*); a decision
//! of which too little is known is tried out, both parts relaxed (*reliability branching*: T. Achterberg, T. Koch, A. Martin, Operations Research Letters 33, 2005). The score of a
//! decision is the product of both falls.

use std::collections::BTreeMap;

use super::super::INTEGRALITY;

/// Falls known of a direction from which their mean is taken for sure.
const SURE: u32 = 2;

/// A fall is no smaller than this, in euro: a product is to tell something of the larger one where the other is nothing.
const LEAST: f64 = 1e-3;

/// The mean fall for each unit of the way, by decision and direction.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Gains {
    of: BTreeMap<usize, [Mean; 2]>,
    all: [Mean; 2],
}

/// A mean that grows.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// Where a decision lies in the point of a relaxation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Undecided {
    pub column: usize,
    /// How far it is to the whole number below, and to the one above.
    pub way: [f64; 2],
}

impl Gains {
    /// A fall of so many euro where a decision went so far down (0) or up (1).
    pub(super) fn saw(&mut self, column: usize, direction: usize, way: f64, fall: f64) {
        let each = fall.max(0.0) / way.max(INTEGRALITY);
        self.of.entry(column).or_default()[direction].add(each);
        self.all[direction].add(each);
    }

    /// Whether enough is known of a column.
    pub(super) fn is_sure(&self, column: usize) -> bool {
        self.of.get(&column).is_some_and(|of| of.iter().all(|mean| mean.count >= SURE))
    }

    /// The score to be expected of a decision; what is not known of it is as of all others.
    pub(super) fn expected(&self, of: Undecided) -> f64 {
        let own = self.of.get(&of.column).copied().unwrap_or_default();
        let fall = |direction: usize| {
            let each = own[direction].mean().or(self.all[direction].mean());
            each.unwrap_or(1.0) * of.way[direction]
        };
        score([fall(0), fall(1)])
    }
}

/// The score of two falls.
pub(super) fn score([down, up]: [f64; 2]) -> f64 {
    down.max(LEAST) * up.max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fell_before_is_expected_again() {
        let mut gains = Gains::default();
        // 30 euro for 0.3 down and 70 for 0.7 up: a hundred a unit each way.
        gains.saw(4, 0, 0.3, 30.0);
        gains.saw(4, 1, 0.7, 70.0);
        let half = Undecided { column: 4, way: [0.5, 0.5] };
        assert!((gains.expected(half) - 50.0 * 50.0).abs() < 1e-6);
        // Of another nothing is known but the mean of all.
        let other = Undecided { column: 5, way: [0.1, 0.9] };
        assert!((gains.expected(other) - 10.0 * 90.0).abs() < 1e-6);
        assert!(!gains.is_sure(4));
        gains.saw(4, 0, 0.5, 50.0);
        gains.saw(4, 1, 0.5, 50.0);
        assert!(gains.is_sure(4) && !gains.is_sure(5));
    }

    #[test]
    fn a_fall_in_one_part_alone_still_counts() {
        assert!(score([0.0, 2_000.0]) > score([0.01, 0.01]));
        assert!(score([10.0, 10.0]) > score([0.0, 2_000.0]));
    }
}
