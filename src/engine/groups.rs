//! Groups of applications that nothing joins, so that each can be planned alone (S15).

use std::collections::BTreeMap;

use crate::assess::upper_bound;
use crate::eligibility::Application;
use crate::ids::{CompanyId, ExpenseId, MeasureId, PoolId};
use crate::money::Money;

/// Takes out of every application the pools that cannot bind: those with room for the most that all their applications could
/// be granted together.
pub(super) fn without_idle_pools(mut applications: Vec<Application>) -> Vec<Application> {
    let mut demand: BTreeMap<(PoolId, Option<CompanyId>), Money> = BTreeMap::new();
    for application in applications.iter().filter(|a| !a.pools.is_empty()) {
        let most = upper_bound(application);
        for share in &application.pools {
            *demand.entry((share.pool.clone(), share.company.clone())).or_default() += most;
        }
    }
    for application in &mut applications {
        application.pools.retain(|share| {
            let key = (share.pool.clone(), share.company.clone());
            demand.get(&key).is_some_and(|demand| *demand >= share.available)
        });
    }
    applications
}

/// What joins applications.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Tie<'a> {
    Expense(&'a ExpenseId),
    Company(&'a CompanyId, &'a MeasureId),
    Pool(&'a PoolId, Option<&'a CompanyId>),
}

/// The groups, each a rising list of indices, in the order of their first application.
pub(super) fn groups(applications: &[Application]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..applications.len()).collect();
    let mut first: BTreeMap<Tie<'_>, usize> = BTreeMap::new();
    for (a, application) in applications.iter().enumerate() {
        let expenses = application.lines.iter().map(|line| Tie::Expense(&line.expense));
        let company = (!application.company_counts.is_empty())
            .then_some(Tie::Company(&application.company, &application.measure));
        let pools = application.pools.iter().map(|s| Tie::Pool(&s.pool, s.company.as_ref()));
        for tie in expenses.chain(company).chain(pools) {
            let other = *first.entry(tie).or_insert(a);
            let (x, y) = (find(&mut leader, a), find(&mut leader, other));
            leader[x.max(y)] = x.min(y);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for a in 0..applications.len() {
        groups.entry(find(&mut leader, a)).or_default().push(a);
    }
    groups.into_values().collect()
}

fn find(leader: &mut [usize], mut a: usize) -> usize {
    while leader[a] != a {
        leader[a] = leader[leader[a]];
        a = leader[a];
    }
    a
}
