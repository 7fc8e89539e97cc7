//! Claims cut to the room that pools and ledgers leave, where they would refuse more.

use super::plan::Plan;
use super::valuer::Valuer;
use crate::measure::Claim;
use crate::money::Money;

/// Applications up to which it is tried: each claim that is cut takes some tens of valuations of all of them.
const MOST_APPLICATIONS: usize = 400;

impl Valuer<'_> {
    /// The plan with these claims, or with less of one expense of each application that is refused only for want of room.
    ///
    /// A vertex of a relaxation fills a room to the brim, and a cent of rounding spills: what is refused would then be lost as a whole. The largest claims are
    /// cut first, each to the most that still finds room. None as in [`Plan::of`].
    pub fn within_room(&mut self, claims: Vec<Vec<Money>>) -> Option<Plan> {
        let applications = self.applications;
        let plan = self.plan(claims.clone())?;
        let mut refused = |a: &usize| {
            applications[*a].claim == Claim::AnyPart
                && plan.assessment(*a).is_none()
                && claims[*a].iter().any(|claim| claim.is_positive())
                && self.assess(*a, &claims[*a]).grant.is_positive()
        };
        if applications.len() > MOST_APPLICATIONS {
            return Some(plan);
        }
        let refused: Vec<usize> = (0..applications.len()).filter(|a| refused(a)).collect();
        if refused.is_empty() {
            return Some(plan);
        }
        let mut claims = claims;
        for a in refused {
            self.cut(&mut claims, a);
        }
        let within = self.plan(claims)?;
        Some(if within.rank() > plan.rank() { within } else { plan })
    }

    /// Cuts one claim of an application to the most with which it is made; leaves all as they are where none does it.
    fn cut(&mut self, claims: &mut [Vec<Money>], a: usize) {
        let mut lines: Vec<usize> =
            (0..claims[a].len()).filter(|line| claims[a][*line].is_positive()).collect();
        lines.sort_by_key(|line| std::cmp::Reverse(claims[a][*line]));
        for line in lines {
            let asked = claims[a][line];
            let mut is_made = |claim: Money| {
                claims[a][line] = claim;
                self.plan(claims.to_vec()).is_some_and(|plan| plan.assessment(a).is_some())
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
}
