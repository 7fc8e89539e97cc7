//! Whole claims: where a measure takes all or nothing, what no trim can cut is admitted in full (S6).
//!
//! Sets: lines `l` of an application with `claim = "whole"` that stand under no trim which some claims exceed. Variables: admitted `x[l]`,
//! claim `z[l]`; base `b[l]`.
//!
//! ```text
//! x[l] = b[l] z[l]
//! ```
//!
//! A plan in which a rule drops lines is worth as much as the plan without them (S7 starts again without their claims), so drops
//! do not loosen this.

use super::draft::Draft;
use super::expression::Expression;
use crate::eligibility::CostLimit;
use crate::measure::{Claim, Effect};

const FAMILY: &str = "whole";

pub(super) fn rows(draft: &mut Draft<'_>, at: usize) {
    let application = &draft.applications[at];
    if application.claim != Claim::Whole {
        return;
    }
    let trims: Vec<&CostLimit> = live_trims(draft, at);
    for (line, data) in application.lines.iter().enumerate() {
        let columns = draft.columns[at].lines[line];
        let (false, Some(claim)) = (trims.iter().any(|limit| limit.of.contains(&line)), columns.claim) else {
            continue;
        };
        let name = draft.name(at, FAMILY, &[data.expense.as_str(), data.item.as_str()]);
        let (admitted, claim) = (Expression::column(columns.admitted), Expression::column(claim));
        draft.equal(FAMILY, name, admitted, claim * data.base.euro());
    }
}

/// The trims of cost that can cut something.
pub(super) fn live_trims<'a>(draft: &Draft<'a>, at: usize) -> Vec<&'a CostLimit> {
    let trims = draft.applications[at].cost_limits.iter().filter(|limit| limit.effect == Effect::Trim);
    trims.filter(|limit| draft.reach[at].can_exceed(limit)).collect()
}
