//! Claims cut to the room that pools and ledgers leave, where they would refuse more.

use super::plan::Plan;
use crate::assess::assess;
use crate::eligibility::Application;
use crate::measure::Claim;
use crate::money::Money;

/// Applications up to which it is tried: each claim that is cut takes some tens of valuations of all of them.
const MOST_APPLICATIONS: usize = 400;

impl Plan {
    /// The plan with these claims, or with less of one expense of each application that is refused only for want of room.
    ///
    /// A vertex of a relaxation fills a room to the brim, and a cent of rounding spills: what is refused would then be lost as a whole. The largest claims are
    /// cut first, each to the most that still finds room. None as in [`Plan::of`].
    pub fn within_room(applications: &[Application], claims: Vec<Vec<Money>>) -> Option<Plan> {
        let plan = Plan::of(applications, claims.clone())?;
        let refused = |a: &usize| {
            applications[*a].claim == Claim::AnyPart
                && plan.assessment(*a).is_none()
                && claims[*a].iter().any(|claim| claim.is_positive())
                && assess(&applications[*a], &claims[*a]).grant.is_positive()
        };
        if applications.len() > MOST_APPLICATIONS {
            return Some(plan);
        }
        let refused: Vec<usize> = (0..applications.len()).filter(refused).collect();
        if refused.is_empty() {
            return Some(plan);
        }
        let mut claims = claims;
        for a in refused {
            cut(applications, &mut claims, a);
        }
        let within = Plan::of(applications, claims)?;
        Some(if within.rank() > plan.rank() { within } else { plan })
    }
}

/// Cuts one claim of an application to the most with which it is made; leaves all as they are where none does it.
fn cut(applications: &[Application], claims: &mut [Vec<Money>], a: usize) {
    let mut lines: Vec<usize> = (0..claims[a].len()).filter(|line| claims[a][*line].is_positive()).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(claims[a][*line]));
    for line in lines {
        let asked = claims[a][line];
        let mut is_made = |claim: Money| {
            claims[a][line] = claim;
            Plan::of(applications, claims.to_vec()).is_some_and(|plan| plan.assessment(a).is_some())
        };
        // A cent may bring a cent of aid that others carry, and keep a decision that nothing would break.
        if let Some(least) = [Money::ZERO, Money::CENT].into_iter().find(|least| is_made(*least)) {
            let most = Money::largest(least, asked, &mut is_made);
            claims[a][line] = most;
            return;
        }
        claims[a][line] = asked;
    }
}
