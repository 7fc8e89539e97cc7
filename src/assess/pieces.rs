//! Pieces: every cent of aid has an entry it is for and a company that pays (S10).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Assessment, aid_weights};
use crate::eligibility::Application;
use crate::ids::CompanyId;
use crate::money::Money;
use crate::rounding::apportion;

/// A part of the aid of one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The entry it is for.
    pub entry: usize,
    /// Who pays that cost.
    pub payer: CompanyId,
    /// What is admitted of it.
    pub admitted: Money,
    /// The grant on it.
    pub grant: Money,
    /// The aid in guarantees on it.
    pub esl: Money,
}

/// The pieces of an application that is granted `grant`: the lines in their order, then the parts of derived items by payer.
pub fn pieces(application: &Application, assessment: &Assessment, grant: Money, esl: Money) -> Vec<Piece> {
    let admitted = &assessment.admitted;
    let grants = apportion(grant, &aid_weights(application, admitted));
    let guarantees = apportion(esl, admitted);
    let mut pieces = Vec::with_capacity(application.entries());
    for (entry, line) in application.lines.iter().enumerate() {
        pieces.push(Piece {
            entry,
            payer: line.payer.clone(),
            admitted: admitted[entry],
            grant: grants[entry],
            esl: guarantees[entry],
        });
    }
    for at in 0..application.derived.len() {
        let entry = application.lines.len() + at;
        let payers = payers(application, at, admitted);
        let shares: Vec<Money> = payers.values().copied().collect();
        let parts =
            [admitted[entry], grants[entry], guarantees[entry]].map(|whole| apportion(whole, &shares));
        for (nth, payer) in payers.into_keys().enumerate() {
            let [admitted, grant, esl] = [parts[0][nth], parts[1][nth], parts[2][nth]];
            pieces.push(Piece { entry, payer, admitted, grant, esl });
        }
    }
    pieces
}

/// Who pays the cost a derived item is taken on, and how much of it: through other derived items too; the lead where nothing is paid.
fn payers(application: &Application, derived: usize, admitted: &[Money]) -> BTreeMap<CompanyId, Money> {
    let mut by_payer: BTreeMap<CompanyId, Money> = BTreeMap::new();
    for (line, times) in reached(application, derived) {
        let paid = crate::rounding::Rounding::Down.cents(times * admitted[line].euro());
        if paid.is_positive() {
            *by_payer.entry(application.lines[line].payer.clone()).or_default() += paid;
        }
    }
    if by_payer.is_empty() {
        by_payer.insert(application.company.clone(), Money::CENT);
    }
    by_payer
}

/// The lines a derived item is taken on, directly (once) or through derived items (by their rates).
fn reached(application: &Application, derived: usize) -> BTreeMap<usize, Decimal> {
    let lines = application.lines.len();
    let mut reached: BTreeMap<usize, Decimal> = BTreeMap::new();
    for entry in &application.derived[derived].of {
        match entry.checked_sub(lines) {
            None => *reached.entry(*entry).or_default() += Decimal::ONE,
            // Readers refuse a derived item that rests on itself.
            Some(inner) => {
                let rate = application.derived[inner].rate;
                for (line, times) in self::reached(application, inner) {
                    *reached.entry(line).or_default() += rate * times;
                }
            }
        }
    }
    reached
}
