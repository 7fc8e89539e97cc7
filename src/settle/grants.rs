//! Applications as they are granted, one after the other, with what each finds left on ledgers, pools and joint ceilings (S11, S13, S15).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::assess::{Assessment, Piece, pieces};
use crate::eligibility::{Account, Application, Claimed, Draw, are_parts};
use crate::ids::ExpenseId;
use crate::money::Money;
use crate::rounding::apportion;

/// What becomes of one application.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Granted {
    /// The assessment; none where nothing is granted.
    pub assessment: Option<Arc<Assessment>>,
    /// The grant that its draws leave of it.
    pub grant: Money,
    /// For each of its draws, what was left when its turn came and what it takes; none for a ceiling that it shares with nobody.
    pub drawn: Vec<Option<Drawn>>,
    /// Its pieces, where a draw counts only some of them; elsewhere they follow from the grant.
    parts: Option<Vec<Piece>>,
}

/// One draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// What was left.
    pub room: Money,
    /// What was asked for before any cut.
    pub asked: Money,
    /// What is taken.
    pub amount: Money,
}

impl Granted {
    /// Every cent of its aid with its entry and payer; none where nothing is granted.
    pub fn pieces(&self, application: &Application) -> Vec<Piece> {
        match (&self.parts, &self.assessment) {
            (Some(parts), _) => parts.clone(),
            (None, Some(assessment)) => {
                let assessed = pieces(application, assessment, assessment.grant, assessment.esl);
                if self.grant == assessment.grant {
                    return assessed;
                }
                // What the draws left was cut from the pieces.
                let rooms: Vec<Option<Money>> =
                    self.drawn.iter().map(|drawn| drawn.map(|drawn| drawn.room)).collect();
                in_parts(application, assessment, &rooms).1.unwrap_or(assessed)
            }
            (None, None) => Vec::new(),
        }
    }
}

/// What the plan's applications have drawn so far, with the days of their grants.
type Book<'a> = BTreeMap<&'a Account, Vec<(NaiveDate, Money)>>;

/// Grants the applications in the order of (day, project, measure); one with nothing left to it is not made.
///
/// `assess` is the authority's arithmetic, by the number of an application.
pub(super) fn grant_all(
    applications: &[Application],
    claims: Vec<Vec<Money>>,
    assess: &mut dyn FnMut(usize, &[Money]) -> Arc<Assessment>,
) -> Vec<Granted> {
    let mut order: Vec<usize> = (0..applications.len()).collect();
    // Applications stand in the order of (project, measure) already.
    order.sort_by_key(|a| applications[*a].granted_on);
    let mut claims = claims;
    let anybody_meets = applications.iter().any(|application| !application.meets.is_empty());
    loop {
        let granted = in_turn(applications, &order, &claims, assess);
        if !anybody_meets {
            return granted;
        }
        // An application that comes to nothing meets no other: without it the others may have more.
        let is_idle =
            |a: &usize| granted[*a].assessment.is_none() && claims[*a].iter().any(|c| c.is_positive());
        let idle: Vec<usize> = (0..applications.len()).filter(is_idle).collect();
        let is_alone = |a: &usize| {
            let application = &applications[*a];
            application.meets.is_empty() && application.lines.iter().all(|line| line.divisible.is_none())
        };
        if !idle.iter().all(is_alone) {
            for a in idle {
                claims[a].fill(Money::ZERO);
            }
        } else if let Some(held) = apart_once_held(applications, &claims, &granted) {
            claims = held;
        } else {
            return granted;
        }
    }
}

/// The claims that other aid has left, where that makes parts that lie side by side of claims on one cost: then nothing holds them any more.
fn apart_once_held(
    applications: &[Application],
    claims: &[Vec<Money>],
    granted: &[Granted],
) -> Option<Vec<Vec<Money>>> {
    if !applications.iter().any(|application| application.draws.iter().any(|draw| draw.counts.claims)) {
        return None;
    }
    let mut held = claims.to_vec();
    let mut changed: Vec<&ExpenseId> = Vec::new();
    for (a, granted) in granted.iter().enumerate() {
        let Some(assessment) = &granted.assessment else { continue };
        for (l, claim) in assessment.claims.iter().enumerate().filter(|(l, claim)| **claim < claims[a][*l]) {
            held[a][l] = *claim;
            changed.push(&applications[a].lines[l].expense);
        }
    }
    let is_apart = |claims: &[Vec<Money>], expense: &ExpenseId| {
        are_parts(applications, &claims_on(applications, claims, expense))
    };
    changed.iter().any(|expense| is_apart(&held, expense) && !is_apart(claims, expense)).then_some(held)
}

/// The claims on an expense that are above zero.
fn claims_on(applications: &[Application], claims: &[Vec<Money>], expense: &ExpenseId) -> Vec<Claimed> {
    let mut found = Vec::new();
    for (a, (application, claims)) in applications.iter().zip(claims).enumerate() {
        let lines = application.lines.iter().zip(claims).enumerate();
        let lines = lines.filter(|(_, (line, claim))| line.expense == *expense && claim.is_positive());
        found.extend(lines.map(|(l, (_, claim))| (a, l, *claim)));
    }
    found
}

fn in_turn(
    applications: &[Application],
    order: &[usize],
    claims: &[Vec<Money>],
    assess: &mut dyn FnMut(usize, &[Money]) -> Arc<Assessment>,
) -> Vec<Granted> {
    let mut granted = vec![Granted::default(); applications.len()];
    let mut book = Book::new();
    for a in order.iter().copied() {
        let application = &applications[a];
        let room = |draw: &Draw| {
            meets(draw, application, applications, claims).then(|| {
                let ceiling = ceiling(draw, applications, claims);
                left(&book, application, draw, ceiling)
            })
        };
        let rooms: Vec<Option<Money>> = application.draws.iter().map(room).collect();
        let mut claims = claims[a].clone();
        hold_claims(application, &rooms, &mut claims);
        let made = grant(application, assess(a, &claims), &rooms);
        for (draw, drawn) in application.draws.iter().zip(&made.drawn) {
            if let Some(drawn) = drawn.filter(|drawn| drawn.amount.is_positive()) {
                book.entry(&draw.account).or_default().push((application.granted_on, drawn.amount));
            }
        }
        granted[a] = made;
    }
    granted
}

/// Whether a draw counts: a joint ceiling only where the other application claims the expense too, and not another part of it.
fn meets(
    draw: &Draw,
    application: &Application,
    applications: &[Application],
    claims: &[Vec<Money>],
) -> bool {
    let Account::Joint { expense, clause: (owner, _), other } = &draw.account else { return true };
    // Aid received before is there whatever the plan is.
    owner == other || {
        let partner = if application.is(owner) { other } else { owner };
        let at = applications.iter().position(|candidate| candidate.is(partner));
        at.is_some_and(|at| {
            let mut lines = applications[at].lines.iter().zip(&claims[at]);
            lines.any(|(line, claim)| line.expense == *expense && claim.is_positive())
        }) && !are_parts(applications, &claims_on(applications, claims, expense))
    }
}

/// What there is before anything is drawn: where that hangs on the lines that are claimed, the largest amount of one of them.
fn ceiling(draw: &Draw, applications: &[Application], claims: &[Vec<Money>]) -> Money {
    let claimed = draw.by_claims.iter().filter(|(of, line, _)| {
        let at = applications.iter().position(|application| application.is(of));
        at.is_some_and(|at| claims[at][*line].is_positive())
    });
    claimed.map(|(_, _, amount)| *amount).max().unwrap_or(draw.room)
}

/// What is left of an account for an application.
fn left(book: &Book<'_>, application: &Application, draw: &Draw, ceiling: Money) -> Money {
    let earlier = book.get(&draw.account).into_iter().flatten();
    let counts = earlier
        .filter(|(day, _)| draw.closed.is_none_or(|closed| *day > closed) && *day <= application.granted_on);
    (ceiling - counts.map(|(_, amount)| *amount).sum()).max(Money::ZERO)
}

/// Claims that count themselves are cut to what is left before anything is assessed.
fn hold_claims(application: &Application, rooms: &[Option<Money>], claims: &mut [Money]) {
    for (draw, room) in application.draws.iter().zip(rooms).filter(|(draw, _)| draw.counts.claims) {
        let Some(mut left) = *room else { continue };
        for entry in &draw.counts.entries {
            claims[*entry] = claims[*entry].min(left);
            left -= claims[*entry];
        }
    }
}

fn grant(application: &Application, assessment: Arc<Assessment>, rooms: &[Option<Money>]) -> Granted {
    if !assessment.grant.is_positive() {
        return Granted::default();
    }
    let (grant, parts) = if application.draws.iter().all(|draw| application.draws_in_full(draw)) {
        (whole(application, &assessment, rooms), None)
    } else {
        in_parts(application, &assessment, rooms)
    };
    if !grant.is_positive() {
        return Granted::default();
    }
    let amount = |draw: &Draw| match &parts {
        Some(parts) => counted(draw, parts, &assessment.claims).0,
        None => of_grant(draw, grant) + of_guarantee(draw, assessment.esl),
    };
    let assessed = parts.as_ref().map(|_| pieces(application, &assessment, assessment.grant, assessment.esl));
    let asked = |draw: &Draw| match &assessed {
        Some(pieces) => counted(draw, pieces, &assessment.claims).0,
        None => of_grant(draw, assessment.grant) + of_guarantee(draw, assessment.esl),
    };
    let drawn = application.draws.iter().zip(rooms);
    let drawn = drawn
        .map(|(draw, room)| room.map(|room| Drawn { room, asked: asked(draw), amount: amount(draw) }))
        .collect();
    Granted { grant, drawn, parts, assessment: Some(assessment) }
}

fn of_grant(draw: &Draw, grant: Money) -> Money {
    if draw.counts.grant { grant } else { Money::ZERO }
}

fn of_guarantee(draw: &Draw, esl: Money) -> Money {
    if draw.counts.guarantees { esl } else { Money::ZERO }
}

/// The grant where every draw counts all of it.
fn whole(application: &Application, assessment: &Assessment, rooms: &[Option<Money>]) -> Money {
    let mut grant = assessment.grant;
    for (draw, room) in application.draws.iter().zip(rooms) {
        let Some(room) = room else { continue };
        let fixed = of_guarantee(draw, assessment.esl);
        if of_grant(draw, grant) + fixed > *room {
            grant = if draw.in_part && fixed <= *room { *room - fixed } else { Money::ZERO };
        }
    }
    grant
}

/// What a draw counts of the pieces: altogether, and of it what cannot be cut.
fn counted(draw: &Draw, pieces: &[Piece], claims: &[Money]) -> (Money, Money) {
    let counts = &draw.counts;
    if counts.claims {
        let claimed = counts.entries.iter().map(|entry| claims[*entry]).sum();
        return (claimed, claimed);
    }
    let of = || pieces.iter().filter(|piece| counts_piece(draw, piece));
    let fixed = of_guarantee(draw, of().map(|piece| piece.esl).sum());
    (fixed + of_grant(draw, of().map(|piece| piece.grant).sum()), fixed)
}

fn counts_piece(draw: &Draw, piece: &Piece) -> bool {
    draw.counts.entries.binary_search(&piece.entry).is_ok()
        && draw.counts.payer.as_ref().is_none_or(|payer| *payer == piece.payer)
}

/// The grant and its pieces where draws count parts of it.
fn in_parts(
    application: &Application,
    assessment: &Assessment,
    rooms: &[Option<Money>],
) -> (Money, Option<Vec<Piece>>) {
    let mut pieces = pieces(application, assessment, assessment.grant, assessment.esl);
    // Two draws of one application on one account (members of one undertaking) share what is left.
    let mut taken: BTreeMap<&Account, Money> = BTreeMap::new();
    for (draw, room) in application.draws.iter().zip(rooms) {
        let Some(room) = room else { continue };
        let before = taken.entry(&draw.account).or_default();
        let room = (*room - *before).max(Money::ZERO);
        let (amount, fixed) = counted(draw, &pieces, &assessment.claims);
        if amount > room && !draw.counts.claims {
            if !draw.in_part || fixed > room {
                return (Money::ZERO, None);
            }
            let cut: Vec<usize> = (0..pieces.len()).filter(|at| counts_piece(draw, &pieces[*at])).collect();
            let held: Vec<Money> = cut.iter().map(|at| pieces[*at].grant).collect();
            for (at, left) in cut.into_iter().zip(apportion(room - fixed, &held)) {
                pieces[at].grant = left;
            }
        }
        *before += amount.min(room);
    }
    (pieces.iter().map(|piece| piece.grant).sum(), Some(pieces))
}
