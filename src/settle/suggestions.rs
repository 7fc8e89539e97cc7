//! What a point of a model suggests to claim: which line takes which expense, and how much of it.

use std::mem::take;

use crate::eligibility::{Application, Claimed, Line, may_stand, shareable};
use crate::ids::ExpenseId;
use crate::measure::Claim;
use crate::money::Money;
use crate::program::{ColumnKey, Program};

/// Reads points of one model: which columns speak of which line.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    pub(super) applications: &'a [Application],
    /// By application and line.
    places: Vec<Vec<Place>>,
    /// By application: the column of applying.
    apply: Vec<Option<usize>>,
    /// Whether a part of anything may be claimed: otherwise a point has one way to be read.
    has_parts: bool,
    /// Room for what the point at hand favours.
    favourites: Vec<Favourite>,
}

/// Where a point speaks of a line.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The claim column and the admitted column, where the model has them.
    claim: Option<usize>,
    admitted: Option<usize>,
    /// The expense, by its number in the order of ids.
    expense: usize,
    /// Whether it may go in parts to several applications.
    is_shareable: bool,
    /// All of it, in euro.
    base: f64,
}

/// A line that a point suggests.
#[derive(Clone, Copy, Debug)]
struct Favourite {
    expense: usize,
    is_shareable: bool,
    /// How strongly, 0 to 1; more where a decision wants it.
    weight: f64,
    application: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    /// A reader of points of `program`, which was formulated from `applications`.
    pub(super) fn new(applications: &'a [Application], program: &Program) -> Self {
        let shareable = shareable(applications);
        let lines = applications.iter().flat_map(|application| &application.lines);
        let mut expenses: Vec<&ExpenseId> = lines.map(|line| &line.expense).collect();
        expenses.sort_unstable();
        expenses.dedup();
        let place = |line: &Line| Place {
            claim: None,
            admitted: None,
            // Every expense of a line is among them.
            expense: expenses.binary_search(&&line.expense).unwrap_or_default(),
            is_shareable: shareable.contains(&line.expense),
            base: cents_to_euro(line.base),
        };
        let mut places: Vec<Vec<Place>> =
            applications.iter().map(|application| application.lines.iter().map(place).collect()).collect();
        let mut apply = vec![None; applications.len()];
        for (index, column) in program.columns.iter().enumerate() {
            match column.key {
                ColumnKey::Apply { application } => apply[application] = Some(index),
                ColumnKey::Claim { application, line } => places[application][line].claim = Some(index),
                ColumnKey::Admitted { application, line } => places[application][line].admitted = Some(index),
                _ => {}
            }
        }
        let has_parts = !shareable.is_empty()
            || applications.iter().any(|application| application.claim == Claim::AnyPart);
        Reader { applications, places, apply, has_parts, favourites: Vec::new() }
    }

    /// Claims that a point suggests: in full, to the nearest cent, cut to cents; once where these are the same. Each by expense, and the lines of one in
    /// canonical order.
    pub(super) fn suggested(&mut self, point: &[f64], threshold: f64) -> Vec<Vec<Claimed>> {
        let mut favourites = take(&mut self.favourites);
        self.favour(point, threshold, &mut favourites);
        let mut ways =
            vec![Vec::with_capacity(favourites.len()); if self.has_parts { WAYS.len() } else { 1 }];
        let mut kept = Vec::new();
        for of_expense in favourites.chunk_by(|one, other| one.expense == other.expense) {
            if of_expense[0].is_shareable {
                for (way, claims) in ways.iter_mut().zip(self.in_parts(of_expense, point)) {
                    put(way, claims);
                }
                continue;
            }
            self.keep_places(of_expense, &mut kept);
            for (way, up) in ways.iter_mut().zip(WAYS) {
                put(way, kept.iter().map(|of| (of.application, of.line, self.claim(of, point, up))));
            }
        }
        self.favourites = favourites;
        // Most claims are whole, and then the ways are one.
        ways.dedup();
        ways
    }

    /// Claims by application and line.
    pub(super) fn by_line(&self, claims: &[Claimed]) -> Vec<Vec<Money>> {
        let mut all: Vec<Vec<Money>> =
            self.applications.iter().map(|application| vec![Money::ZERO; application.lines.len()]).collect();
        for (application, line, claim) in claims {
            all[*application][*line] = *claim;
        }
        all
    }

    /// Lines that a point favours, by expense: the strongest first, ties in canonical order.
    fn favour(&self, point: &[f64], threshold: f64, favourites: &mut Vec<Favourite>) {
        favourites.clear();
        for (application, of) in self.applications.iter().enumerate() {
            if self.apply[application].is_some_and(|column| point[column] < threshold) {
                continue;
            }
            for (line, (data, place)) in of.lines.iter().zip(&self.places[application]).enumerate() {
                let (weight, euro) = place.suggestion(point);
                let Place { expense, is_shareable, .. } = *place;
                // A part may be as small as a cent, but for one that takes all.
                let is_part = of.claim == Claim::AnyPart && is_shareable;
                let is_favoured = if is_part { euro >= HALF_A_CENT } else { weight > threshold };
                // A decision wants it, be it by a cent of which a point shows no more than a hair: stronger than any other.
                let weight = if data.forced { 1.0 + weight } else { weight };
                if data.forced || is_favoured {
                    favourites.push(Favourite { expense, is_shareable, weight, application, line });
                }
            }
        }
        let place = |of: &Favourite| (of.application, of.line);
        favourites.sort_unstable_by(|x, y| {
            let strongest_first = x.expense.cmp(&y.expense).then(y.weight.total_cmp(&x.weight));
            strongest_first.then(place(x).cmp(&place(y)))
        });
    }

    /// An expense stands in its strongest line, and in others that may meet all stronger ones.
    fn keep_places(&self, favourites: &[Favourite], kept: &mut Vec<Favourite>) {
        kept.clear();
        for favourite in favourites {
            let a = favourite.application;
            let may_meet = |other: &Favourite| {
                let b = other.application;
                a != b && self.applications[a].may_meet(&self.applications[b])
            };
            if kept.iter().all(may_meet) {
                kept.push(*favourite);
            }
        }
    }

    /// An expense goes to several lines, one in each application: what the point has of it there, as far as its amount goes, and all that is left
    /// of it; where some of them may meet, in full in these.
    fn in_parts(&self, favourites: &[Favourite], point: &[f64]) -> [Vec<Claimed>; 3] {
        let mut kept: Vec<Favourite> = Vec::with_capacity(favourites.len());
        for favourite in favourites {
            if kept.iter().all(|other| other.application != favourite.application) {
                kept.push(*favourite);
            }
        }
        kept.sort_by_key(|favourite| favourite.application);
        let claims = |of: &[Favourite], up: Option<f64>| -> Vec<Claimed> {
            of.iter().map(|of| (of.application, of.line, self.claim(of, point, up))).collect()
        };
        let within = |up: Option<f64>| {
            let mut asked = claims(&kept, up);
            asked.retain(|(.., claim)| claim.is_positive());
            if may_stand(self.applications, &asked) { asked } else { self.within_amount(favourites, &asked) }
        };
        let (near, cut) = (within(NEAREST), within(CUT));
        let mut in_places = Vec::new();
        self.keep_places(favourites, &mut in_places);
        let full = if in_places.len() > 1 || kept.len() == 1 {
            claims(&in_places, None)
        } else {
            self.with_what_is_left(favourites, near.clone())
        };
        [full, near, cut]
    }

    /// Claims held to what stronger ones leave of the amount.
    fn within_amount(&self, favourites: &[Favourite], asked: &[Claimed]) -> Vec<Claimed> {
        let mut claims: Vec<Claimed> = Vec::with_capacity(asked.len());
        let mut left = None;
        for favourite in favourites {
            let (a, l) = (favourite.application, favourite.line);
            let Some((.., claim)) = asked.iter().find(|(b, m, _)| (*b, *m) == (a, l)) else { continue };
            let line = &self.applications[a].lines[l];
            let room = *left.get_or_insert(line.divisible.unwrap_or_default());
            let claim = (*claim).min(line.claim_of(room));
            let whole = self.applications[a].claim == Claim::Whole;
            if claim.is_positive() && (!whole || claim == line.base) {
                left = Some(room - line.part(claim));
                claims.push((a, l, claim));
            }
        }
        claims.sort_unstable();
        claims
    }

    /// Claims raised, the strongest first, by what they leave of the amount.
    fn with_what_is_left(&self, favourites: &[Favourite], mut claims: Vec<Claimed>) -> Vec<Claimed> {
        for favourite in favourites {
            let (a, l) = (favourite.application, favourite.line);
            let line = &self.applications[a].lines[l];
            let Some(at) = claims.iter().position(|(b, m, _)| (*b, *m) == (a, l)) else { continue };
            let others = claims.iter().filter(|(b, ..)| *b != a);
            let taken: Money = others.map(|(b, m, claim)| self.applications[*b].lines[*m].part(*claim)).sum();
            let room = line.divisible.unwrap_or_default() - taken;
            claims[at].2 = claims[at].2.max(line.claim_of(room));
        }
        claims
    }

    /// What a favourite is to claim: all of it, or what a point has of it, with so much of a cent added before it is cut to cents.
    fn claim(&self, of: &Favourite, point: &[f64], up: Option<f64>) -> Money {
        let application = &self.applications[of.application];
        let base = application.lines[of.line].base;
        match up {
            Some(up) if application.claim == Claim::AnyPart => {
                let (_, euro) = self.places[of.application][of.line].suggestion(point);
                cents(euro, up).min(base)
            }
            _ => base,
        }
    }
}

/// Puts the claims of an expense into a way, in canonical order.
fn put(way: &mut Vec<Claimed>, claims: impl IntoIterator<Item = Claimed>) {
    let from = way.len();
    way.extend(claims.into_iter().filter(|(.., claim)| claim.is_positive()));
    way[from..].sort_unstable();
}

impl Place {
    /// How strongly a point suggests the line (0 to 1) and how many euro of it.
    fn suggestion(&self, point: &[f64]) -> (f64, f64) {
        let Place { claim, admitted, base, .. } = *self;
        let euro = admitted.map_or_else(|| claim.map_or(0.0, |c| point[c] * base), |column| point[column]);
        let weight = claim.map_or(euro / base, |column| point[column]);
        (weight, euro)
    }
}

/// Less of an expense than this is nothing.
const HALF_A_CENT: f64 = 0.005;

/// The ways to read how much of a line a point has.
const WAYS: [Option<f64>; 3] = [None, NEAREST, CUT];

/// To the nearest cent.
const NEAREST: Option<f64> = Some(0.5);

/// A hair below a whole cent is that cent: solvers end within a millionth of the truth.
const CUT: Option<f64> = Some(1e-3);

fn cents_to_euro(amount: Money) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a suggestion, not a figure: never published")]
    let cents = amount.cents() as f64;
    cents / 100.0
}

/// Whole cents of a suggested amount, `up` of a cent added before cutting.
fn cents(euro: f64, up: f64) -> Money {
    let cents = (euro * 100.0 + up).clamp(0.0, 1e15);
    #[allow(clippy::cast_possible_truncation, reason = "clamped to what an i64 holds, and cut")]
    Money::from_cents(cents as i64)
}
