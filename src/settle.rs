//! Floor 5: from a point of the model to a plan in exact cents.
//!
//! A solver's point only suggests which line takes which expense and how much of it. [`Settler`] turns the suggestion into
//! claims; [`Plan::of`] lets the authority's arithmetic value them. What a plan is worth never comes from a float.

mod grants;
mod plan;
mod polish;
mod room;

pub use grants::{Drawn, Granted};
pub use plan::Plan;
pub use polish::polish;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::eligibility::Application;
use crate::ids::ExpenseId;
use crate::measure::Claim;
use crate::money::Money;
use crate::program::{ColumnKey, Program};

/// Reads points of one model: which columns speak of which line.
#[derive(Clone, Debug)]
struct Reader<'a> {
    applications: &'a [Application],
    /// By application and line: the claim column and the admitted column, where the model has them.
    columns: Vec<Vec<(Option<usize>, Option<usize>)>>,
    /// By application: the column of applying.
    apply: Vec<Option<usize>>,
}

impl<'a> Reader<'a> {
    /// A reader of points of `program`, which was formulated from `applications`.
    fn new(applications: &'a [Application], program: &Program) -> Self {
        let mut columns: Vec<Vec<(Option<usize>, Option<usize>)>> =
            applications.iter().map(|a| vec![(None, None); a.lines.len()]).collect();
        let mut apply = vec![None; applications.len()];
        for (index, column) in program.columns.iter().enumerate() {
            match column.key {
                ColumnKey::Apply { application } => apply[application] = Some(index),
                ColumnKey::Claim { application, line } => columns[application][line].0 = Some(index),
                ColumnKey::Admitted { application, line } => columns[application][line].1 = Some(index),
                _ => {}
            }
        }
        Reader { applications, columns, apply }
    }

    /// How strongly a point suggests a line (0 to 1) and how many euro of it.
    fn suggestion(&self, point: &[f64], application: usize, line: usize) -> (f64, f64) {
        let (claim, admitted) = self.columns[application][line];
        let base = cents_to_euro(self.applications[application].lines[line].base);
        let euro = admitted.map_or_else(|| claim.map_or(0.0, |c| point[c] * base), |column| point[column]);
        let weight = claim.map_or(euro / base, |column| point[column]);
        (weight, euro)
    }
}

/// Makes plans of points, and remembers what points have suggested: the points of one tree suggest the same things over and over.
#[derive(Clone, Debug)]
pub struct Settler<'a> {
    reader: Reader<'a>,
    /// Hashes of the claims suggested so far. Two suggestions of one hash would cost a plan, never a right figure.
    suggested: BTreeSet<u64>,
}

impl<'a> Settler<'a> {
    /// Of points of `program`, which was formulated from `applications`.
    pub fn new(applications: &'a [Application], program: &Program) -> Self {
        Settler { reader: Reader::new(applications, program), suggested: BTreeSet::new() }
    }

    /// The best plan a point suggests; none where it suggests nothing new.
    ///
    /// Every expense goes to the line that the point favours, if by more than `threshold`; to one that a decision in force wants in any case. Claims are tried in full, as large as the
    /// point has them (to the nearest cent and cut to cents), application by application, and the best valid combination counts.
    pub fn settle(&mut self, point: &[f64], threshold: f64) -> Option<Plan> {
        let mut ways = self.reader.suggested(point, threshold);
        let mut hasher = DefaultHasher::new();
        ways.hash(&mut hasher);
        if !self.suggested.insert(hasher.finish()) {
            return None;
        }
        // Most claims are whole, and then the ways are one.
        ways.dedup();
        let applications = self.reader.applications;
        let best_of_each: Vec<Vec<Money>> = (0..applications.len())
            .map(|a| {
                if ways.iter().all(|claims| claims[a] == ways[0][a]) {
                    return ways[0][a].clone();
                }
                let best = ways.iter().enumerate().max_by_key(|(order, claims)| {
                    let assessment = crate::assess::assess(&applications[a], &claims[a]);
                    (assessment.grant, std::cmp::Reverse(*order))
                });
                best.map_or_else(Vec::new, |(_, claims)| claims[a].clone())
            })
            .collect();
        let mut tried = vec![best_of_each];
        for claims in ways.into_iter().skip(1) {
            if !tried.contains(&claims) {
                tried.push(claims);
            }
        }
        let plans = tried.into_iter().filter_map(|claims| Plan::within_room(applications, claims));
        plans.reduce(|best, plan| if plan.rank() > best.rank() { plan } else { best })
    }
}

impl Reader<'_> {
    /// Claims that a point suggests, by application and line: in full, to the nearest cent, cut to cents.
    fn suggested(&self, point: &[f64], threshold: f64) -> Vec<Vec<Vec<Money>>> {
        let applications = self.applications;
        let mut favourites: Vec<(&ExpenseId, f64, usize, usize)> = Vec::new();
        for (a, application) in applications.iter().enumerate() {
            if self.apply[a].is_some_and(|column| point[column] < threshold) {
                continue;
            }
            for (l, line) in application.lines.iter().enumerate() {
                let (weight, _) = self.suggestion(point, a, l);
                if line.forced {
                    // A decision wants it, be it by a cent of which a point shows no more than a hair: stronger than any other.
                    favourites.push((&line.expense, 1.0 + weight, a, l));
                } else if weight > threshold {
                    favourites.push((&line.expense, weight, a, l));
                }
            }
        }
        // Each expense's strongest suggestion first; ties in canonical order.
        favourites.sort_by(|x, y| x.0.cmp(y.0).then(y.1.total_cmp(&x.1)).then((x.2, x.3).cmp(&(y.2, y.3))));
        // An expense stands in its strongest line, and in others that may meet all stronger ones.
        let mut kept: Vec<(&ExpenseId, f64, usize, usize)> = Vec::with_capacity(favourites.len());
        for favourite in favourites {
            let (expense, _, a, _) = favourite;
            let mut stronger = kept.iter().rev().take_while(|(other, ..)| *other == expense);
            if stronger.all(|(_, _, b, _)| a != *b && applications[a].may_meet(&applications[*b])) {
                kept.push(favourite);
            }
        }
        let nothing: Vec<Vec<Money>> =
            applications.iter().map(|a| vec![Money::ZERO; a.lines.len()]).collect();
        let (mut full, mut near, mut cut) = (nothing.clone(), nothing.clone(), nothing);
        for &(_, _, a, l) in &kept {
            let base = applications[a].lines[l].base;
            full[a][l] = base;
            let (_, euro) = self.suggestion(point, a, l);
            let whole = applications[a].claim == Claim::Whole;
            near[a][l] = if whole { base } else { cents(euro, 0.5).min(base) };
            // A hair below a whole cent is that cent: solvers end within a millionth of the truth.
            cut[a][l] = if whole { base } else { cents(euro, 1e-3).min(base) };
        }
        vec![full, near, cut]
    }
}

fn cents_to_euro(amount: Money) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a suggestion, not a figure: never published")]
    let cents = amount.cents() as f64;
    cents / 100.0
}

/// Whole cents of a suggested amount, `up` of a cent added before cutting.
fn cents(euro: f64, up: f64) -> Money {
    let cents = (euro * 100.0 + up).floor().clamp(0.0, 1e15);
    #[allow(clippy::cast_possible_truncation, reason = "clamped to what an i64 holds")]
    Money::from_cents(cents as i64)
}
