//! Groups of applications that nothing joins, so that each can be planned alone (S15).

use std::collections::BTreeMap;

use crate::assess::upper_bound;
use crate::eligibility::{Account, Application, Draw, Other};
use crate::ids::{CompanyId, ExpenseId, MeasureId, ProjectId};
use crate::measure::Form;
use crate::money::Money;

/// Takes out of every application the draws that cannot bind: on accounts with room for the most that all their applications could
/// draw together.
pub(super) fn without_idle_draws(mut applications: Vec<Application>) -> Vec<Application> {
    let mut demand: BTreeMap<Account, Money> = BTreeMap::new();
    for application in applications.iter().filter(|a| !a.draws.is_empty()) {
        let most = upper_bound(application);
        for draw in &application.draws {
            *demand.entry(draw.account.clone()).or_default() += most_of(application, draw, most);
        }
    }
    for application in &mut applications {
        application.draws.retain(|draw| demand.get(&draw.account).is_some_and(|demand| *demand >= draw.room));
    }
    applications
}

/// The most a draw can take, where the application is granted at most so much.
fn most_of(application: &Application, draw: &Draw, grant: Money) -> Money {
    let counts = &draw.counts;
    if counts.claims {
        return counts.entries.iter().map(|entry| application.lines[*entry].base).sum();
    }
    let guaranteed = application.components.iter().any(|component| component.form == Form::Guarantee);
    if counts.guarantees && guaranteed {
        // The aid in a guarantee has no bound of its own here: such a draw is never idle.
        return Money::LARGEST;
    }
    if counts.grant { grant } else { Money::ZERO }
}

/// What joins applications.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Tie<'a> {
    Expense(&'a ExpenseId),
    Variants(&'a ProjectId, &'a MeasureId),
    Company(&'a CompanyId, &'a MeasureId),
    Account(&'a Account),
    Exclusion(Other),
}

/// The groups, each a rising list of indices, in the order of their first application.
pub(super) fn groups(applications: &[Application]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..applications.len()).collect();
    let mut first: BTreeMap<Tie<'_>, usize> = BTreeMap::new();
    for (a, application) in applications.iter().enumerate() {
        let expenses = application.lines.iter().map(|line| Tie::Expense(&line.expense));
        let variants = [Tie::Variants(&application.project, &application.measure)];
        let company = (!application.company_counts.is_empty())
            .then_some(Tie::Company(&application.company, &application.measure));
        let accounts = application.draws.iter().map(|draw| Tie::Account(&draw.account));
        let exclusions = application.excludes.iter().map(|other| Tie::Exclusion(other.clone()));
        let own = (!application.excludes.is_empty()).then(|| Tie::Exclusion(application.named()));
        for tie in expenses.chain(variants).chain(company).chain(accounts).chain(exclusions).chain(own) {
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
