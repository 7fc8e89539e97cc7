//! Exchanges: better plans next to a plan, where relaxations are as good as closed and only whole expenses keep them apart.
//!
//! Millions of assignments of many expenses lie within a few euro of the best one, and rounding the point of a relaxation meets few of them. From a
//! plan, one expense is put under another line, or under none, or two trade their places; the authority's arithmetic values each
//! neighbour, and the first better one is taken. Neighbours are tried in a fixed order that goes on where the last better one was
//! found, so that the result hangs on nothing but the plan. It ends where no neighbour is better, or when its evaluations are used up.

use crate::eligibility::{Application, lines_by_expense};
use crate::money::Money;
use crate::settle::{Plan, Valuer};

/// The lines that an expense may stand in, as (application, line).
type Piece = [(usize, usize)];

/// The best plan met from `start`, of which at most so many neighbours are valued; `enough` is what no plan exceeds.
pub fn exchange(
    applications: &[Application],
    start: Plan,
    enough: Option<Money>,
    evaluations: usize,
) -> Plan {
    let pieces = lines_by_expense(applications);
    let mut search = Search {
        applications,
        valuer: Valuer::new(applications),
        claims: start.all_claims(applications),
        best: start,
        left: evaluations,
    };
    // Moves are few and found at once; trades are many, and each may make moves possible again.
    let trades: Vec<(usize, usize)> =
        (0..pieces.len()).flat_map(|one| (one + 1..pieces.len()).map(move |other| (one, other))).collect();
    let mut next = 0;
    loop {
        if enough.is_some_and(|enough| search.best.value >= enough) {
            break;
        }
        if pieces.iter().any(|piece| search.moves(piece)) {
            continue;
        }
        let better = (0..trades.len()).find(|at| {
            let (one, other) = trades[(next + at) % trades.len()];
            search.trades(&pieces[one], &pieces[other])
        });
        match better {
            Some(at) => next = (next + at + 1) % trades.len(),
            None => break,
        }
    }
    search.best
}

struct Search<'a> {
    applications: &'a [Application],
    valuer: Valuer<'a>,
    /// What the best plan claims.
    claims: Vec<Vec<Money>>,
    best: Plan,
    left: usize,
}

impl Search<'_> {
    /// Puts an expense elsewhere, if that is better.
    fn moves(&mut self, piece: &Piece) -> bool {
        let from = self.place(piece);
        let elsewhere = piece.iter().map(|line| Some(*line)).chain([None]).filter(|to| *to != from);
        elsewhere.into_iter().any(|to| self.try_out(&[(piece, to)]))
    }

    /// Lets two expenses trade the applications they stand in, if that is better.
    fn trades(&mut self, one: &Piece, other: &Piece) -> bool {
        let (from, to) = (self.place(one), self.place(other));
        if from.map(|(a, _)| a) == to.map(|(a, _)| a) {
            return false;
        }
        let line_in = |piece: &Piece, place: Option<(usize, usize)>| match place {
            Some((a, _)) => piece.iter().find(|(b, _)| *b == a).map(|line| Some(*line)),
            None => Some(None),
        };
        match (line_in(one, to), line_in(other, from)) {
            (Some(for_one), Some(for_other)) => self.try_out(&[(one, for_one), (other, for_other)]),
            _ => false,
        }
    }

    /// The first line that claims something of an expense.
    fn place(&self, piece: &Piece) -> Option<(usize, usize)> {
        piece.iter().copied().find(|(a, l)| self.claims[*a][*l].is_positive())
    }

    /// Keeps the plan with these expenses where they are put, in full, if it is better.
    fn try_out(&mut self, put: &[(&Piece, Option<(usize, usize)>)]) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let mut claims = self.claims.clone();
        for (piece, place) in put {
            piece.iter().for_each(|(a, l)| claims[*a][*l] = Money::ZERO);
            if let Some((a, l)) = place {
                claims[*a][*l] = self.applications[*a].lines[*l].base;
            }
        }
        let Some(plan) = self.valuer.within_room(claims) else { return false };
        if plan.rank() <= self.best.rank() {
            return false;
        }
        self.claims = plan.all_claims(self.applications);
        self.best = plan;
        true
    }
}
