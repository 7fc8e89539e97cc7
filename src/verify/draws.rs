//! What the applications of a plan draw on, in the order of their grants, and what that leaves of each (S11, S13, S15).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::application::{Application, Assessed};
use super::exact;
use super::pieces::{self, Piece};
use super::{cumulation, ledgers, pools};
use crate::allocation::DrawNote;
use crate::ids::{CompanyId, ExpenseId, MeasureId, PoolId, RuleId};
use crate::money::Money;

/// An application as it asks to be granted.
pub(super) struct Asking<'p, 'a> {
    /// The application.
    pub(super) application: &'p Application<'a>,
    /// What it claims of each line.
    pub(super) claims: &'p [Money],
    /// What was assessed; none where it is rejected.
    pub(super) assessed: Option<&'p Assessed<'a>>,
}

/// What is drawn on; equal accounts are one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Account<'a> {
    /// A ledger of an undertaking, or of a company alone.
    Ledger { ledger: &'a str, holder: &'a str, alone: bool },
    /// A pool, maybe one for each company.
    Pool { pool: &'a PoolId, company: Option<&'a CompanyId> },
    /// The aid of two measures on one expense under a clause of the first; without a second beside aid received before.
    Joint { expense: &'a ExpenseId, of: &'a MeasureId, clause: &'a RuleId, other: Option<&'a MeasureId> },
}

impl Account<'_> {
    fn name(&self) -> &str {
        match self {
            Account::Ledger { ledger, .. } => ledger,
            Account::Pool { pool, .. } => pool.as_str(),
            Account::Joint { expense, .. } => expense.as_str(),
        }
    }

    fn holder(&self) -> Option<String> {
        match self {
            Account::Ledger { holder, .. } => Some((*holder).to_owned()),
            Account::Pool { company, .. } => company.map(ToString::to_string),
            Account::Joint { .. } => None,
        }
    }
}

/// What was drawn on an account so far: the days of the grants and the amounts.
pub(super) type Accounts<'a> = BTreeMap<Account<'a>, Vec<(NaiveDate, Money)>>;

/// A draw that an application is to make.
pub(super) struct Draw<'a> {
    /// The rule behind it.
    pub(super) rule: &'a RuleId,
    /// On what.
    pub(super) account: Account<'a>,
    /// What is left there.
    pub(super) room: Money,
    /// The pieces that count, as indices.
    pub(super) counted: Vec<usize>,
    /// Whether the grant counts.
    pub(super) grants: bool,
    /// Whether the aid in guarantees counts.
    pub(super) guarantees: bool,
    /// A claim that counts in place of aid, of this line; the plan keeps it within the room.
    pub(super) claim: Option<(usize, Money)>,
    /// Whether an application that does not fit gets nothing.
    pub(super) refuses: bool,
    /// The first day on which aid received before leaves more room.
    pub(super) freed_on: Option<NaiveDate>,
}

impl Draw<'_> {
    fn of(&self, pieces: &[Piece<'_>]) -> (Money, Money) {
        let counted = || self.counted.iter().map(|index| &pieces[*index]);
        let grants = if self.grants { counted().map(|piece| piece.grant).sum() } else { Money::ZERO };
        let esl = if self.guarantees { counted().map(|piece| piece.esl).sum() } else { Money::ZERO };
        (grants, esl)
    }

    fn amount(&self, pieces: &[Piece<'_>]) -> Money {
        let (grants, esl) = self.of(pieces);
        self.claim.map_or(grants + esl, |(_, claim)| claim)
    }

    /// Cuts the pieces to the room; an error where the application gets nothing.
    fn cut(&self, room: Money, pieces: &mut [Piece<'_>]) -> Result<(), ()> {
        let (grants, esl) = self.of(pieces);
        if grants + esl <= room {
            return Ok(());
        }
        if self.refuses || esl > room {
            return Err(());
        }
        let weights: Vec<Decimal> = self.counted.iter().map(|index| pieces[*index].grant.euro()).collect();
        for (index, left) in self.counted.iter().zip(exact::share(room - esl, &weights)) {
            pieces[*index].grant = left;
        }
        Ok(())
    }
}

/// What an application is granted in the end.
#[derive(Default)]
pub(super) struct Granted<'a> {
    /// Its pieces.
    pub(super) pieces: Vec<Piece<'a>>,
    /// Its draws as a document states them: those of an amount above zero.
    pub(super) draws: Vec<DrawNote>,
    /// The rules of accounts that it uses up, in the order of its draws.
    pub(super) binding: Vec<RuleId>,
    /// Claims that count in place of aid: the line, what is claimed of it and what is left for it.
    pub(super) claims: Vec<(usize, Money, Money)>,
}

impl Granted<'_> {
    /// The grant.
    pub(super) fn grant(&self) -> Money {
        self.pieces.iter().map(|piece| piece.grant).sum()
    }

    /// Claims that are more than is left, with the line and what is left.
    pub(super) fn above(&self) -> impl Iterator<Item = (usize, Money)> {
        let above = self.claims.iter().filter(|(_, claim, left)| claim > left);
        above.map(|(line, _, left)| (*line, *left))
    }

    /// What other aid leaves of the base of a line.
    pub(super) fn left(&self, line: usize, base: Money) -> Money {
        let of_line = self.claims.iter().filter(|(of, ..)| *of == line);
        of_line.map(|(_, _, left)| *left).fold(base, Money::min)
    }

    /// The part of the grant on a place.
    pub(super) fn on(&self, place: usize) -> Money {
        self.pieces.iter().filter(|piece| piece.place == place).map(|piece| piece.grant).sum()
    }
}

/// What all applications are granted.
pub(super) struct Settled<'a> {
    /// By application.
    pub(super) granted: Vec<Granted<'a>>,
    /// Applications that get nothing because they do not fit, with the rule.
    pub(super) refused: Vec<(usize, &'a RuleId)>,
}

/// Grants one application after the other, in the order of day, project and measure.
pub(super) fn settle<'a>(asking: &[Asking<'_, 'a>]) -> Settled<'a> {
    let mut order: Vec<usize> = (0..asking.len()).collect();
    order.sort_by_key(|index| {
        let facts = &asking[*index].application.case.facts;
        (facts.calendar.granted_on, &facts.project.id, &facts.measure.id)
    });
    let mut accounts = Accounts::new();
    let mut settled =
        Settled { granted: asking.iter().map(|_| Granted::default()).collect(), refused: Vec::new() };
    for index in order {
        let Asking { application, assessed: Some(assessed), .. } = asking[index] else { continue };
        let pieces = pieces::of(application, assessed);
        let mut draws = ledgers::draws(application, &pieces, &accounts);
        draws.extend(pools::draws(application, &pieces, &accounts));
        draws.extend(cumulation::draws(asking, index, &pieces, &accounts));
        let day = application.case.facts.calendar.granted_on.unwrap_or_default();
        let (granted, refused) = grant(&draws, pieces);
        match refused {
            Some(rule) => settled.refused.push((index, rule)),
            None => {
                for draw in draws {
                    let amount = draw.amount(&granted.pieces);
                    accounts.entry(draw.account).or_default().push((day, amount));
                }
            }
        }
        settled.granted[index] = granted;
    }
    settled
}

/// What an application is granted after its draws; the rule of the draw for which it gets nothing.
fn grant<'a>(draws: &[Draw<'a>], mut pieces: Vec<Piece<'a>>) -> (Granted<'a>, Option<&'a RuleId>) {
    let mut granted = Granted::default();
    let asked: Vec<Money> = draws.iter().map(|draw| draw.amount(&pieces)).collect();
    // Draws of one application on one account, as of members of one undertaking, share what is left.
    let taken = |before: &[Draw<'_>], draw: &Draw<'_>, pieces: &[Piece<'_>]| -> Money {
        before.iter().filter(|other| other.account == draw.account).map(|other| other.amount(pieces)).sum()
    };
    let mut refused = None;
    for (at, draw) in draws.iter().enumerate() {
        if let Some((line, claim)) = draw.claim {
            granted.claims.push((line, claim, draw.room));
            continue;
        }
        let left = (draw.room - taken(&draws[..at], draw, &pieces)).max(Money::ZERO);
        if draw.cut(left, &mut pieces).is_err() {
            refused = Some(draw.rule);
            pieces.clear();
            break;
        }
    }
    if refused.is_none() {
        for (draw, asked) in draws.iter().zip(asked) {
            let amount = draw.amount(&pieces);
            let used_up = taken(draws, draw, &pieces) == draw.room;
            if used_up && asked.is_positive() {
                granted.binding.push(draw.rule.clone());
            }
            if amount.is_positive() {
                granted.draws.push(DrawNote {
                    rule: draw.rule.clone(),
                    account: draw.account.name().to_owned(),
                    holder: draw.account.holder(),
                    room: draw.room,
                    amount,
                    freed_on: draw.freed_on.filter(|_| used_up),
                });
            }
        }
        granted.binding.dedup();
    }
    granted.pieces = pieces;
    (granted, refused)
}
