//! Counts within an application: at least, at most so many things of which something is admitted (S6, S7).
//!
//! Sets: counts `c`, things `t` of `c`, lines `l` of `t`. Variables: admitted `x[l]`, apply `y`; presence `p[t]`: the sum of the claims
//! where all lines of `t` are of one expense, the binary of the lot where they are those of a lot, else a binary of its own.
//!
//! ```text
//! z[l] <= p[t],  else  x[l] <= m[l] p[t]          for every l of t with a binary of its own
//! sum over t: p[t] <= n                           at most n
//! sum over t: p[t] >= n y                         at least n
//! sum over l of t: x[l] >= 0.01 p[t]              for every t, at least n
//! ```

use rust_decimal::Decimal;

use super::draft::{CENT, Draft};
use super::expression::Expression;
use super::needs::{Presence, presence};
use crate::program::{Family, Kind};

const FAMILY: &str = "count";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    for count in &draft.applications[at].counts {
        let least = count.at_least.filter(|least| *least > 0);
        let most = count.at_most.filter(|most| count.things.len() > *most as usize);
        if least.is_none() && most.is_none() {
            continue;
        }
        let rule = count.rule.id.as_str();
        let present = things(draft, FAMILY, at, rule, &count.things, least.is_some());
        if let Some(most) = most {
            let name = draft.name(at, FAMILY, &[rule, "at_most"]);
            draft.at_most(FAMILY, name, present.clone(), Decimal::from(most).into());
        }
        if let Some(least) = least {
            let name = draft.name(at, FAMILY, &[rule, "at_least"]);
            let needed = draft.made(at) * Decimal::from(least);
            draft.at_least(FAMILY, name, present, needed);
        }
    }
}

/// How many of the things are present; where `really`, none is without a cent admitted.
pub(super) fn things(
    draft: &mut Draft<'_>,
    family: Family,
    at: usize,
    rule: &str,
    things: &[Vec<usize>],
    really: bool,
) -> Expression {
    let mut sum = Expression::default();
    for (number, thing) in things.iter().enumerate() {
        let number = (number + 1).to_string();
        let present = match presence(&draft.applications[at], thing) {
            Presence::Claims => {
                let claims = thing.iter().filter_map(|line| draft.columns[at].lines[*line].claim);
                claims.map(Expression::column).sum()
            }
            Presence::Lot(lot) => draft.gate(at, Some(lot)),
            Presence::Helper => {
                let label = format!("{rule},{number}");
                let present = draft.helper(at, Kind::Binary, "present", &label, Decimal::ONE);
                let present = Expression::column(present);
                draft.link(family, at, thing, &present, &label);
                present
            }
        };
        if really {
            let name = draft.name(at, family, &[rule, "present", &number]);
            let admitted = draft.sum(at, thing);
            draft.at_least(family, name, admitted, present.clone() * CENT);
        }
        sum += present;
    }
    sum
}
