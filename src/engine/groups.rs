//! Groups of applications that nothing joins, so that each can be planned alone (S15).

use std::collections::{BTreeMap, BTreeSet};

use super::joined::Joined;
use crate::assess::upper_bound;
use crate::eligibility::{Account, Application, Draw, Other};
use crate::formulate::may_be_granted;
use crate::ids::{CompanyId, ExpenseId, MeasureId, ProjectId};
use crate::measure::Form;
use crate::money::Money;
use crate::solve::Steps;

/// What applications could draw on an account together, and what is left there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand {
    /// The most they could draw together.
    pub(super) most: Money,
    /// The least room that one of them finds.
    pub(super) room: Money,
}

impl Demand {
    /// Whether the account cannot bind.
    pub(super) fn is_idle(self) -> bool {
        self.most < self.room
    }

    /// The demand of both, one beside the other.
    pub(super) fn and(self, other: Demand) -> Demand {
        Demand { most: self.most + other.most, room: self.room.min(other.room) }
    }

    /// The demand of one or the other.
    fn or(self, other: Demand) -> Demand {
        Demand { most: self.most.max(other.most), room: self.room.min(other.room) }
    }
}

/// The demand on every account. Of the variants of one application one at most is made: the most that one of them could draw counts.
pub(super) fn demands(applications: &[Application]) -> BTreeMap<&Account, Demand> {
    let mut demands: BTreeMap<&Account, Demand> = BTreeMap::new();
    for variants in applications.chunk_by(|a, b| a.project == b.project && a.measure == b.measure) {
        let mut of_one: BTreeMap<&Account, Demand> = BTreeMap::new();
        for application in variants.iter().filter(|a| !a.draws.is_empty()) {
            let most = upper_bound(application);
            let own = application.draws.iter().map(|draw| {
                (&draw.account, Demand { most: most_of(application, draw, most), room: draw.room })
            });
            merge(&mut of_one, sums(own), Demand::or);
        }
        merge(&mut demands, of_one, Demand::and);
    }
    demands
}

fn sums<'a>(demands: impl Iterator<Item = (&'a Account, Demand)>) -> BTreeMap<&'a Account, Demand> {
    let mut sums = BTreeMap::new();
    merge(&mut sums, demands, Demand::and);
    sums
}

fn merge<'a>(
    into: &mut BTreeMap<&'a Account, Demand>,
    more: impl IntoIterator<Item = (&'a Account, Demand)>,
    join: fn(Demand, Demand) -> Demand,
) {
    for (account, demand) in more {
        into.entry(account).and_modify(|sum| *sum = join(*sum, demand)).or_insert(demand);
    }
}

/// Takes out of every application the draws that cannot bind: on accounts with room for the most that all their applications could
/// draw together.
pub(super) fn without_idle_draws(mut applications: Vec<Application>) -> Vec<Application> {
    let idle: BTreeSet<Account> = demands(&applications)
        .into_iter()
        .filter(|(_, demand)| demand.is_idle())
        .map(|(account, _)| account.clone())
        .collect();
    for application in &mut applications {
        application.draws.retain(|draw| !idle.contains(&draw.account));
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

/// The applications that are planned, in the groups that they fall into.
pub(super) struct Grouped {
    /// The groups, each without draws that cannot bind, in the order of their first application.
    pub(super) groups: Vec<Vec<Application>>,
    /// By group: the numbers of its applications among all.
    pub(super) numbers: Vec<Vec<usize>>,
}

impl Grouped {
    /// What these steps leave of applications. Those that can be granted nothing neither draw on accounts nor join others.
    pub(super) fn of(applications: &[Application], steps: Steps) -> Grouped {
        let stays = |at: &usize| !steps.reach || may_be_granted(&applications[*at]);
        let staying: Vec<usize> = (0..applications.len()).filter(stays).collect();
        let joined = without_idle_draws(members(applications, &staying));
        let groups = groups(&joined);
        let number = |group: &Vec<usize>| group.iter().map(|at| staying[*at]).collect();
        Grouped {
            numbers: groups.iter().map(number).collect(),
            groups: groups.iter().map(|group| members(&joined, group)).collect(),
        }
    }
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
    joined(applications, |_| true)
}

/// What is left of the groups where only ceilings on a cost join, and no ledger or pool.
pub(super) fn parts(applications: &[Application]) -> Vec<Vec<usize>> {
    joined(applications, |account| matches!(account, Account::Joint { .. }))
}

fn joined(applications: &[Application], joins: impl Fn(&Account) -> bool) -> Vec<Vec<usize>> {
    let mut joined = Joined::apart(applications.len());
    let mut first: BTreeMap<Tie<'_>, usize> = BTreeMap::new();
    for (a, application) in applications.iter().enumerate() {
        let expenses = application.lines.iter().map(|line| Tie::Expense(&line.expense));
        let variants = [Tie::Variants(&application.project, &application.measure)];
        let company = (!application.company_counts.is_empty())
            .then_some(Tie::Company(&application.company, &application.measure));
        let accounts = application.draws.iter().map(|draw| &draw.account);
        let accounts = accounts.filter(|account| joins(account)).map(Tie::Account);
        let exclusions = application.excludes.iter().map(|other| Tie::Exclusion(other.clone()));
        let own = (!application.excludes.is_empty()).then(|| Tie::Exclusion(application.named()));
        for tie in expenses.chain(variants).chain(company).chain(accounts).chain(exclusions).chain(own) {
            joined.join(a, *first.entry(tie).or_insert(a));
        }
    }
    joined.parts()
}

/// The applications of a group, to be planned alone.
pub(super) fn members(applications: &[Application], group: &[usize]) -> Vec<Application> {
    group.iter().map(|at| applications[*at].clone()).collect()
}
