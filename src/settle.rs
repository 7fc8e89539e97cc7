//! Floor 5: from a point of the model to a plan in exact cents.
//!
//! A solver's point only suggests which line takes which expense and how much of it. [`Settler`] turns the suggestion into
//! claims; [`Plan::of`] lets the authority's arithmetic value them. What a plan is worth never comes from a float.

mod grants;
mod plan;
mod polish;
mod room;
mod suggestions;
mod valuer;

pub use grants::{Drawn, Granted};
pub use plan::Plan;
pub use polish::polish;
pub use valuer::Valuer;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rayon::prelude::*;

use self::suggestions::Reader;
use crate::eligibility::Application;
use crate::money::Money;
use crate::program::Program;

/// Applications beyond which they are valued in parallel: fewer are done before threads have begun.
const LARGE: usize = 500;

/// Makes plans of points, and remembers what points have suggested: the points of one tree suggest the same things over and over.
#[derive(Clone, Debug)]
pub struct Settler<'a> {
    reader: Reader<'a>,
    valuer: Valuer<'a>,
    /// Hashes of the claims suggested so far. Two suggestions of one hash would cost a plan, never a right figure.
    suggested: BTreeSet<u64>,
}

impl<'a> Settler<'a> {
    /// Of points of `program`, which was formulated from `applications`.
    pub fn new(applications: &'a [Application], program: &Program) -> Self {
        let (reader, valuer) = (Reader::new(applications, program), Valuer::new(applications));
        Settler { reader, valuer, suggested: BTreeSet::new() }
    }

    /// The best plan a point suggests; none where it suggests nothing new.
    ///
    /// Every expense goes to the line that the point favours, if by more than `threshold`; to one that a decision in force wants in any case. Claims are tried in full, as large as the
    /// point has them (to the nearest cent and cut to cents), application by application, and the best valid combination counts.
    pub fn settle(&mut self, point: &[f64], threshold: f64) -> Option<Plan> {
        let ways = self.reader.suggested(point, threshold);
        let mut hasher = DefaultHasher::new();
        ways.hash(&mut hasher);
        if !self.suggested.insert(hasher.finish()) {
            return None;
        }
        let ways: Vec<Vec<Vec<Money>>> = ways.iter().map(|claims| self.reader.by_line(claims)).collect();
        let applications = self.reader.applications;
        let best_way = |a: usize, valuer: &mut Valuer<'_>| {
            if ways.iter().all(|claims| claims[a] == ways[0][a]) {
                return ways[0][a].clone();
            }
            let best = ways.iter().enumerate().max_by_key(|(order, claims)| {
                (valuer.assess(a, &claims[a]).grant, std::cmp::Reverse(*order))
            });
            best.map_or_else(Vec::new, |(_, claims)| claims[a].clone())
        };
        let is_large = applications.len() > LARGE;
        let new = || Valuer::new(applications);
        let best_of_each: Vec<Vec<Money>> = if is_large {
            (0..applications.len()).into_par_iter().map_init(new, |valuer, a| best_way(a, valuer)).collect()
        } else {
            (0..applications.len()).map(|a| best_way(a, &mut self.valuer)).collect()
        };
        let mut tried = vec![best_of_each];
        for claims in ways.into_iter().skip(1) {
            if !tried.contains(&claims) {
                tried.push(claims);
            }
        }
        let plans: Vec<Option<Plan>> = if is_large {
            tried.into_par_iter().map_init(new, Valuer::within_room).collect()
        } else {
            tried.into_iter().map(|claims| self.valuer.within_room(claims)).collect()
        };
        plans.into_iter().flatten().reduce(|best, plan| if plan.rank() > best.rank() { plan } else { best })
    }
}
