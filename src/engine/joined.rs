//! Things joined pair by pair, and the parts they fall into.

use std::collections::BTreeMap;

/// Things by number, joined to parts; the first of each part stands for it.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    leader: Vec<usize>,
}

impl Joined {
    /// So many things, each a part of its own.
    pub(super) fn apart(count: usize) -> Joined {
        Joined { leader: (0..count).collect() }
    }

    /// Makes one part of two.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.leader[a.max(b)] = a.min(b);
    }

    /// The first thing of the part that a thing lies in.
    fn first(&mut self, mut a: usize) -> usize {
        while self.leader[a] != a {
            self.leader[a] = self.leader[self.leader[a]];
            a = self.leader[a];
        }
        a
    }

    /// The parts, each a rising list, in the order of their first things.
    pub(super) fn parts(mut self) -> Vec<Vec<usize>> {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for a in 0..self.leader.len() {
            parts.entry(self.first(a)).or_default().push(a);
        }
        parts.into_values().collect()
    }
}
