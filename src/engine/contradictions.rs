//! Decisions in force that no plan keeps, with the rule that stands against each.

use std::fmt;

use crate::allocation::Reason;
use crate::eligibility::{Application, Eligibility};
use crate::ids::{MeasureId, RuleId};
use crate::money::Money;
use crate::portfolio::{Decision, Portfolio, Verb};
use crate::settle::Plan;

/// A decision and what stands against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The decision.
    pub decision: Decision,
    /// The rule; none where only other decisions stand against it.
    pub rule: Option<RuleId>,
    /// Why, for people.
    pub why: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the decision '{}' cannot be kept: ", self.decision)?;
        if let Some(rule) = &self.rule {
            write!(f, "rule '{rule}' of '{}': ", self.decision.measure)?;
        }
        write!(f, "{}", self.why)
    }
}

/// Every decision that the plan leaves unmet: a plan that keeps more of them would have been preferred.
pub(super) fn contradictions(portfolio: &Portfolio, found: &Eligibility, plan: &Plan) -> Vec<Contradiction> {
    let wanting = portfolio.decisions.iter().filter(|decision| decision.what != Verb::Forbid);
    wanting.filter(|decision| !is_met(decision, found, plan)).map(|d| against(d, portfolio, found)).collect()
}

fn of<'a>(decision: &'a Decision, found: &'a Eligibility) -> impl Iterator<Item = (usize, &'a Application)> {
    let all = found.applications.iter().enumerate();
    all.filter(|(_, a)| a.project == decision.project && a.measure == decision.measure)
}

/// Lines of an application that a decision is about; all where it names no expense.
fn lines(decision: &Decision, application: &Application) -> Vec<usize> {
    let wanted = |line: &usize| {
        let line = &application.lines[*line];
        decision.expense.as_ref().is_none_or(|expense| *expense == line.expense)
            && decision.cost_item.as_ref().is_none_or(|item| *item == line.item)
    };
    (0..application.lines.len()).filter(wanted).collect()
}

fn is_met(decision: &Decision, found: &Eligibility, plan: &Plan) -> bool {
    // A choice is decided by leaving its other options out; whether the application is made is another decision.
    if decision.what == Verb::Force && decision.choice.is_some() && decision.expense.is_none() {
        return true;
    }
    of(decision, found).any(|(at, application)| {
        let lines = lines(decision, application);
        plan.assessment(at).is_some_and(|a| lines.iter().any(|line| a.admitted[*line].is_positive()))
    })
}

fn against(decision: &Decision, portfolio: &Portfolio, found: &Eligibility) -> Contradiction {
    let contradiction =
        |rule: Option<RuleId>, why: String| Contradiction { decision: decision.clone(), rule, why };
    let possible: Vec<&Application> =
        of(decision, found).map(|(_, a)| a).filter(|a| !lines(decision, a).is_empty()).collect();
    if possible.is_empty() {
        return match refusal(decision, portfolio, found) {
            Some(reason) => contradiction(Some(reason.rule), reason.text),
            None => contradiction(None, unknown(decision, portfolio)),
        };
    }
    // Alone and claimed in full: a rule that is not kept even so stands against it.
    for application in &possible {
        let alone = std::slice::from_ref(*application);
        let assessment = crate::assess::assess(application, &application.full_claims());
        if let Some(rule) = assessment.rejected_by {
            return contradiction(
                Some(rule),
                "the application would be rejected even with everything claimed".into(),
            );
        }
        let dropped =
            lines(decision, application).into_iter().find_map(|line| assessment.dropped[line].clone());
        if let Some(rule) = dropped {
            return contradiction(Some(rule), "the expense would be left out".into());
        }
        let granted = Plan::of(alone, vec![application.full_claims()]);
        let refused = granted.is_none_or(|plan| plan.granted[0].grant == Money::ZERO);
        let spent = application.draws.iter().find(|draw| !draw.room.is_positive());
        if let (true, Some(draw)) = (refused, spent) {
            let name = draw.account.name();
            return contradiction(Some(draw.rule.id.clone()), format!("nothing is left of '{name}'"));
        }
    }
    let others: Vec<String> = portfolio
        .decisions
        .iter()
        .filter(|other| *other != decision)
        .map(|other| format!("'{other}'"))
        .collect();
    let why = if others.is_empty() {
        "no plan found has something granted for it".to_owned()
    } else {
        format!("no plan found keeps it beside {}", others.join(", "))
    };
    contradiction(None, why)
}

/// Why the measure takes no such line at all.
fn refusal(decision: &Decision, portfolio: &Portfolio, found: &Eligibility) -> Option<Reason> {
    let of_measure = |measure: &MeasureId| *measure == decision.measure;
    let about = |expense: &crate::ids::ExpenseId| match &decision.expense {
        Some(wanted) => wanted == expense,
        None => portfolio.expense(expense).is_some_and(|expense| expense.project == decision.project),
    };
    let refusals = found.refusals.iter().filter(|r| of_measure(&r.reason.measure) && about(&r.expense));
    let of_variants = found.applications.iter().filter(|a| of_measure(&a.measure)).flat_map(|a| &a.refused);
    let of_variants = of_variants.filter(|(expense, _)| about(expense)).map(|(_, reason)| reason);
    refusals.map(|refusal| &refusal.reason).chain(of_variants).next().cloned()
}

fn unknown(decision: &Decision, portfolio: &Portfolio) -> String {
    if portfolio.project(&decision.project).is_none() {
        format!("there is no project '{}'", decision.project)
    } else {
        format!("measure '{}' takes no part, or the project has no such expense", decision.measure)
    }
}
