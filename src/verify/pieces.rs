//! Pieces: every cent of aid has an entry and a payer (S10).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::aid::Aid;
use super::application::{Application, Assessed};
use super::exact;
use crate::ids::CompanyId;
use crate::money::Money;

/// What falls on one entry and one payer.
#[derive(Clone)]
pub(super) struct Piece<'a> {
    /// The entry, a place of the application.
    pub(super) place: usize,
    /// Who pays its cost.
    pub(super) payer: &'a CompanyId,
    /// Of the admitted cost.
    pub(super) admitted: Money,
    /// Of the grant.
    pub(super) grant: Money,
    /// Of the aid in guarantees.
    pub(super) esl: Money,
}

/// The pieces of an application as it was assessed, by place and payer.
pub(super) fn of<'a>(application: &Application<'a>, assessed: &Assessed<'_>) -> Vec<Piece<'a>> {
    let admitted = &assessed.admitted;
    let grants = exact::share(assessed.grant, &Aid::weights(application, admitted));
    let by_cost: Vec<Decimal> = admitted.iter().map(|cost| cost.euro()).collect();
    let esls = exact::share(assessed.esl, &by_cost);
    let mut pieces = Vec::new();
    for place in 0..application.places.len() {
        let payers = payers(application, admitted, place);
        let weights: Vec<Decimal> = payers.values().map(|cost| cost.euro()).collect();
        let shared = |amount: Money| exact::share(amount, &weights);
        let parts = shared(admitted[place]).into_iter().zip(shared(grants[place])).zip(shared(esls[place]));
        pieces.extend(payers.keys().zip(parts).map(|(payer, ((admitted, grant), esl))| Piece {
            place,
            payer,
            admitted,
            grant,
            esl,
        }));
    }
    pieces
}

/// Who pays the cost of a place, by id, each with a weight above zero.
fn payers<'a>(
    application: &Application<'a>,
    admitted: &[Money],
    place: usize,
) -> BTreeMap<&'a CompanyId, Money> {
    let mut payers: BTreeMap<&CompanyId, Money> = BTreeMap::new();
    if let Some(line) = application.lines.get(place) {
        payers.insert(&line.expense.company, Money::CENT);
        return payers;
    }
    let mut lines = BTreeMap::new();
    gather(application, place, Decimal::ONE, &mut lines);
    for (line, times) in lines {
        let paid = exact::floor_cents(exact::product(times, admitted[line].euro()));
        if paid.is_positive() {
            *payers.entry(&application.lines[line].expense.company).or_default() += paid;
        }
    }
    if payers.is_empty() {
        payers.insert(&application.case.facts.project.company, Money::CENT);
    }
    payers
}

/// The lines that a derived item is taken on and how often: directly once, through other derived items by their rates.
fn gather(application: &Application<'_>, place: usize, times: Decimal, lines: &mut BTreeMap<usize, Decimal>) {
    let Some(derived) = application.derived.iter().find(|derived| derived.place == place) else { return };
    for of in &derived.of {
        if let Some(inner) = application.derived.iter().find(|inner| inner.place == *of) {
            gather(application, *of, exact::product(times, inner.rate), lines);
        } else {
            let sum = lines.entry(*of).or_default();
            *sum = exact::sum(*sum, times);
        }
    }
}
