//! Pools: the grants of the applications that draw on a budget stay within it (S15).
//!
//! Sets: pools `b` (one for each company where they are), applications `a` of measures that name `b`. Variables: grant `g[a]`.
//!
//! ```text
//! sum over a: g[a] <= available[b]                for every b that the grants can exceed
//! ```
//!
//! A pool that cannot bind has no row, so that clients stay independent. Where measures state different amounts for one pool the
//! largest is the bound. Where a pool pays in part, `g` is what is paid.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::draft::{Draft, named};
use super::expression::Expression;
use crate::eligibility::PoolShare;
use crate::ids::{CompanyId, PoolId};

const FAMILY: &str = "pool";

/// A pool with the applications that draw on it.
#[derive(Default)]
struct Budget {
    available: Decimal,
    members: Vec<usize>,
}

type Key<'a> = (&'a PoolId, Option<&'a CompanyId>);

/// Pools whose members can exceed them.
fn binding<'a>(draft: &Draft<'a>) -> BTreeMap<Key<'a>, Budget> {
    let mut budgets: BTreeMap<Key<'a>, Budget> = BTreeMap::new();
    for (at, application) in draft.applications.iter().enumerate() {
        for share in &application.pools {
            let budget = budgets.entry((&share.pool, share.company.as_ref())).or_default();
            budget.available = budget.available.max(share.available.euro());
            if budget.members.last() != Some(&at) {
                budget.members.push(at);
            }
        }
    }
    budgets.retain(|_, budget| {
        let grant = |at: &usize| draft.program.columns[draft.columns[*at].grant].upper;
        budget.members.iter().map(grant).sum::<Decimal>() > budget.available
    });
    budgets
}

/// By application: whether a pool can refuse it whole.
pub(super) fn can_refuse(draft: &Draft<'_>) -> Vec<bool> {
    let binding = binding(draft);
    let refuses =
        |share: &PoolShare| !share.in_part && binding.contains_key(&(&share.pool, share.company.as_ref()));
    draft.applications.iter().map(|application| application.pools.iter().any(refuses)).collect()
}

pub(super) fn rows(draft: &mut Draft<'_>) {
    for ((pool, company), budget) in binding(draft) {
        let mut label = vec![pool.as_str()];
        label.extend(company.map(CompanyId::as_str));
        let grants = budget.members.iter().map(|at| Expression::column(draft.columns[*at].grant)).sum();
        draft.at_most(FAMILY, named(FAMILY, &label), grants, budget.available.into());
    }
}
