//! Floor 5: why an expense is not funded in full by a measure (design guarantee 5; table in `docs/semantics.md`).

use std::collections::BTreeMap;

use crate::allocation::Reason;
use crate::assess::{Assessment, binds};
use crate::eligibility::{Application, Eligibility};
use crate::ids::{ExpenseId, MeasureId};
use crate::measure::{Effect, Rule};
use crate::settle::Plan;

/// Where each expense may go: every application and line, in order.
#[derive(Clone, Debug)]
pub struct Places<'a>(BTreeMap<&'a ExpenseId, Vec<(usize, usize)>>);

impl<'a> Places<'a> {
    /// Of these applications.
    pub fn of(applications: &'a [Application]) -> Self {
        let mut places: BTreeMap<&ExpenseId, Vec<(usize, usize)>> = BTreeMap::new();
        for (a, application) in applications.iter().enumerate() {
            for (l, line) in application.lines.iter().enumerate() {
                places.entry(&line.expense).or_default().push((a, l));
            }
        }
        Places(places)
    }

    /// The applications and lines of an expense.
    pub fn lines(&self, expense: &ExpenseId) -> &[(usize, usize)] {
        self.0.get(expense).map_or(&[], Vec::as_slice)
    }

    /// Those in which the plan claims something of it.
    pub fn claimed(&self, plan: &Plan, expense: &ExpenseId) -> Vec<(usize, usize)> {
        let claimed = |(a, l): &(usize, usize)| {
            plan.assessments[*a].as_ref().is_some_and(|assessment| assessment.claims[*l].is_positive())
        };
        self.lines(expense).iter().copied().filter(claimed).collect()
    }
}

/// The reasons of one expense, by measure: those for which it is refused and those the plan gives.
pub fn reasons(found: &Eligibility, places: &Places<'_>, plan: &Plan, expense: &ExpenseId) -> Vec<Reason> {
    let from = found.refusals.partition_point(|refusal| refusal.expense < *expense);
    let refusals = found.refusals[from..].iter().take_while(|refusal| refusal.expense == *expense);
    let mut reasons: Vec<Reason> = refusals.map(|refusal| refusal.reason.clone()).collect();
    let home = places.claimed(plan, expense).first().map(|(a, l)| (*a, *l, &found.applications[*a].measure));
    let mut applications: Vec<usize> = places.lines(expense).iter().map(|(a, _)| *a).collect();
    applications.dedup();
    for a in applications {
        reasons.extend(reason(&found.applications[a], plan.assessments[a].as_ref(), home, a, expense));
    }
    reasons.sort();
    reasons
}

/// Why an application in which the expense is admissible does not fund it in full; none where it does.
fn reason(
    application: &Application,
    assessment: Option<&Assessment>,
    home: Option<(usize, usize, &MeasureId)>,
    at: usize,
    expense: &ExpenseId,
) -> Option<Reason> {
    let measure = &application.measure;
    let Some(assessment) = assessment else {
        return Some(match home {
            Some((_, _, other)) => Reason::elsewhere(measure, other),
            None => Reason::not_applied(measure),
        });
    };
    match home {
        Some((a, line, _)) if a == at => {
            let (base, claim) = (application.lines[line].base, assessment.claims[line]);
            let admitted = assessment.admitted[line];
            debug_assert_eq!(application.lines[line].expense, *expense);
            if claim < base {
                Some(Reason::under_claim(measure, base - claim))
            } else if admitted < claim {
                let rule = cutting(application, assessment, line)?;
                Some(Reason::cut(measure, rule, claim - admitted))
            } else {
                None
            }
        }
        Some((_, _, other)) => Some(Reason::elsewhere(measure, other)),
        None => Some(Reason::no_gain(measure)),
    }
}

/// The rule that cuts a line: the one that dropped it, else the first binding trim in file order whose set has it, else the first such
/// trim.
fn cutting<'a>(application: &'a Application, assessment: &Assessment, line: usize) -> Option<&'a Rule> {
    if let Some(dropping) = &assessment.dropped[line] {
        let limits = application.cost_limits.iter().map(|limit| &limit.rule);
        let limits = limits.chain(application.aid_limits.iter().map(|limit| &limit.rule));
        return limits
            .chain(application.companions.iter().map(|c| &c.rule))
            .find(|rule| rule.id == *dropping);
    }
    let trims = application.cost_limits.iter().filter(|l| l.effect == Effect::Trim && l.of.contains(&line));
    let binding = trims.clone().find(|limit| binds(limit, &assessment.admitted));
    binding.or_else(|| trims.clone().next()).map(|limit| &limit.rule)
}
