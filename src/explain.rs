//! Floor 5: why an expense is not funded in full by a measure (design guarantee 5; table in `docs/semantics.md`).

use crate::allocation::Reason;
use crate::assess::{Assessment, binds};
use crate::eligibility::{Application, Eligibility};
use crate::ids::{ExpenseId, MeasureId};
use crate::measure::{Effect, Rule};
use crate::settle::Plan;

/// The reasons of one expense, by measure: those for which it is refused and those the plan gives.
pub fn reasons(found: &Eligibility, plan: &Plan, expense: &ExpenseId) -> Vec<Reason> {
    let from = found.refusals.partition_point(|refusal| refusal.expense < *expense);
    let refusals = found.refusals[from..].iter().take_while(|refusal| refusal.expense == *expense);
    let mut reasons: Vec<Reason> = refusals.map(|refusal| refusal.reason.clone()).collect();
    let home = home(&found.applications, plan, expense);
    for (a, application) in found.applications.iter().enumerate() {
        if application.lines.iter().any(|line| line.expense == *expense) {
            reasons.extend(reason(application, plan.assessments[a].as_ref(), home, a, expense));
        }
    }
    reasons.sort();
    reasons
}

/// The application and line an expense is claimed in, and its measure.
fn home<'a>(
    applications: &'a [Application],
    plan: &Plan,
    expense: &ExpenseId,
) -> Option<(usize, usize, &'a MeasureId)> {
    applications.iter().enumerate().find_map(|(a, application)| {
        let assessment = plan.assessments[a].as_ref()?;
        let claimed = |(l, line): (usize, &crate::eligibility::Line)| {
            (line.expense == *expense && assessment.claims[l].is_positive()).then_some(l)
        };
        let line = application.lines.iter().enumerate().find_map(claimed)?;
        Some((a, line, &application.measure))
    })
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
