//! Decisions in force that no plan keeps, with the rule that stands against each.

mod between;

use std::fmt;

use self::between::{Possible, between};
use crate::allocation::Reason;
use crate::assess::assess;
use crate::eligibility::{Application, Eligibility};
use crate::ids::{MeasureId, RuleId};
use crate::measure::Measure;
use crate::money::Money;
use crate::portfolio::{Decision, Portfolio, Verb};
use crate::settle::Plan;

/// A decision and what stands against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The decision.
    pub decision: Decision,
    /// The rule, and the measure that has it; none where no single rule was found.
    pub rule: Option<(MeasureId, RuleId)>,
    /// Why, for people.
    pub why: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the decision '{}' cannot be kept: ", self.decision)?;
        if let Some((measure, rule)) = &self.rule {
            write!(f, "rule '{rule}' of '{measure}': ")?;
        }
        write!(f, "{}", self.why)
    }
}

/// Every decision that the plan leaves unmet: a plan that keeps more of them would have been preferred.
pub(super) fn contradictions(
    portfolio: &Portfolio,
    measures: &[Measure],
    found: &Eligibility,
    plan: &Plan,
) -> Vec<Contradiction> {
    let unmet = wanting(portfolio).filter(|decision| !is_met(decision, found, plan));
    unmet.map(|decision| against(decision, portfolio, measures, found)).collect()
}

/// The decisions that want something.
fn wanting(portfolio: &Portfolio) -> impl Iterator<Item = &Decision> {
    portfolio.decisions.iter().filter(|decision| decision.what != Verb::Forbid)
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

/// The applications that could keep a decision, each with the lines of which it wants one.
fn possible<'a>(decision: &'a Decision, found: &'a Eligibility) -> Vec<Possible<'a>> {
    let with_lines = of(decision, found).map(|(_, application)| (application, lines(decision, application)));
    with_lines.filter(|(_, lines)| !lines.is_empty()).collect()
}

fn against(
    decision: &Decision,
    portfolio: &Portfolio,
    measures: &[Measure],
    found: &Eligibility,
) -> Contradiction {
    let contradiction = |rule: Option<(MeasureId, RuleId)>, why: String| Contradiction {
        decision: decision.clone(),
        rule,
        why,
    };
    let own = |rule: RuleId| Some((decision.measure.clone(), rule));
    let possible_here = possible(decision, found);
    if possible_here.is_empty() {
        return match refusal(decision, portfolio, found) {
            Some(reason) => contradiction(own(reason.rule), reason.text),
            None => contradiction(None, unknown(decision, portfolio)),
        };
    }
    for (application, lines) in &possible_here {
        if let Some((rule, why)) = alone(application, lines) {
            return contradiction(own(rule), why);
        }
    }
    let others: Vec<&Decision> = wanting(portfolio).filter(|other| *other != decision).collect();
    for other in &others {
        if let Some(rule) = between(portfolio, measures, &possible_here, &possible(other, found)) {
            return contradiction(Some((rule.measure, rule.rule)), format!("beside '{other}': {}", rule.why));
        }
    }
    let others: Vec<String> = others.iter().map(|other| format!("'{other}'")).collect();
    let why = if others.is_empty() {
        "no plan found has something granted for it".to_owned()
    } else {
        format!("no plan found keeps it beside {}", others.join(", "))
    };
    contradiction(None, why)
}

/// The rule that is not kept even by the application alone, be everything claimed in full or nothing but what is wanted.
fn alone(application: &Application, lines: &[usize]) -> Option<(RuleId, String)> {
    let everything = application.full_claims();
    let mut wanted = vec![Money::ZERO; everything.len()];
    for line in lines {
        wanted[*line] = everything[*line];
    }
    let assessment = assess(application, &everything);
    if let Some(rule) = assessment.rejected_by
        && assess(application, &wanted).rejected_by.is_some()
    {
        return Some((rule, "the application would be rejected even with everything claimed".into()));
    }
    if let Some(rule) = lines.iter().find_map(|line| assessment.dropped[*line].clone()) {
        return Some((rule, "the expense would be left out".into()));
    }
    let granted = Plan::of(std::slice::from_ref(application), vec![everything]);
    let refused = granted.is_none_or(|plan| plan.granted[0].grant == Money::ZERO);
    let spent = application.draws.iter().find(|draw| !draw.room.is_positive());
    let spent = spent.filter(|_| refused)?;
    Some((spent.rule.id.clone(), format!("nothing is left of '{}'", spent.account.name())))
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
