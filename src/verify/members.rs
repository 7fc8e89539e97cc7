//! What falls on each member of a partnership that pays (S17).

use std::collections::BTreeMap;

use super::pieces::Piece;
use crate::allocation::MemberShare;
use crate::ids::CompanyId;
use crate::money::Money;

/// The shares of companies on which anything falls, by id; none where the lead pays everything.
pub(super) fn shares(pieces: &[Piece<'_>], lead: &CompanyId) -> Vec<MemberShare> {
    let mut shares: BTreeMap<&CompanyId, MemberShare> = BTreeMap::new();
    let falls = |piece: &&Piece<'_>| (piece.admitted + piece.grant + piece.esl).is_positive();
    for piece in pieces.iter().filter(falls) {
        let share = shares.entry(piece.payer).or_insert_with(|| MemberShare {
            company: piece.payer.clone(),
            admitted: Money::ZERO,
            grant: Money::ZERO,
            esl: Money::ZERO,
        });
        share.admitted += piece.admitted;
        share.grant += piece.grant;
        share.esl += piece.esl;
    }
    if shares.keys().all(|company| *company == lead) { Vec::new() } else { shares.into_values().collect() }
}
