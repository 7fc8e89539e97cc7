//! What the document says about its plan: the outcome of every expense with its reasons, the assumptions, the doubts (S1, S5, S16 and
//! the table of reasons).

use super::admission::{self, Admission};
use super::findings::Findings;
use super::ground::{Case, Cases, Ground};
use super::limits::{self, Bounded};
use super::made::Made;
use super::parts;
use super::plan::{Placed, Plan};
use crate::allocation::{Assumption, Document, DoubtNote, Reason};
use crate::ids::{ExpenseId, MeasureId, RuleId};
use crate::measure::{Effect, Measure};
use crate::money::Money;
use crate::portfolio::Expense;
use crate::rounding::Rounding;

/// Compares all of it.
pub(super) fn check<'a>(
    ground: &'a Ground<'a>,
    cases: &Cases<'a>,
    plan: &Plan<'a>,
    document: &Document,
    findings: &mut Findings,
) {
    let found: Vec<&ExpenseId> = document.expenses.iter().map(|outcome| &outcome.expense).collect();
    let expected: Vec<&ExpenseId> = ground.portfolio.expenses.iter().map(|expense| &expense.id).collect();
    findings.compare_lists("expenses", "expenses", &found, &expected);
    for (index, outcome) in document.expenses.iter().enumerate() {
        let path = format!("expenses[{index}]");
        let Some(expense) = ground.expense(&outcome.expense) else { continue };
        for (at, assignment) in outcome.assignments.iter().enumerate() {
            let mut places = plan.places(expense.id.as_str()).iter();
            let Some(placed) = places.find(|placed| *placed.measure == assignment.measure) else { continue };
            let made = &plan.made[placed.made];
            let admitted = made.assessed.as_ref().map_or(Money::ZERO, |a| a.admitted[placed.line]);
            let at = |field: &str| format!("{path}.assignments[{at}].{field}");
            findings.compare("S7", at("admitted"), &assignment.admitted, &admitted);
            findings.compare("S10", at("aid"), &assignment.aid, &made.granted.on(placed.line));
        }
        let reasons = reasons(ground, cases, plan, expense);
        findings.compare_lists("reasons", &format!("{path}.reasons"), &outcome.reasons, &reasons);
    }
    findings.compare_lists("assumptions", "assumptions", &document.assumptions, &assumptions(plan));
    findings.compare_lists("S16", "doubts", &document.doubts, &doubts(plan));
}

/// Why each measure does not fund an expense in full, by measure.
fn reasons(ground: &Ground<'_>, cases: &Cases<'_>, plan: &Plan<'_>, expense: &Expense) -> Vec<Reason> {
    let cases = ground.measures.iter().filter_map(|measure| cases.get(&(&expense.project, &measure.id)));
    cases.filter_map(|variants| reason(variants, plan, expense)).collect()
}

/// The reason of one measure, by the variant that is made; where none is, the best of them counts.
fn reason(variants: &[Case<'_>], plan: &Plan<'_>, expense: &Expense) -> Option<Reason> {
    let first = variants.first()?;
    let measure = &first.measure.id;
    let made = plan.find(&expense.project, measure).map(|at| &plan.made[at]);
    let answer = |case: &Case<'_>| match case.admissions.get(expense.id.as_str()) {
        Some(Admission::Refused(reason)) => Some(reason.clone()),
        Some(Admission::Open(_)) | None => None,
    };
    let refused = match made {
        Some(made) => answer(made.application.case),
        None => variants.iter().all(|case| answer(case).is_some()).then(|| answer(first)).flatten(),
    };
    if refused.is_some() {
        return refused;
    }
    let places = plan.places(expense.id.as_str());
    if let Some(placed) = places.iter().find(|placed| placed.measure == measure) {
        return in_part(plan, expense, placed).or_else(|| shortfall(&plan.made[placed.made], placed.line));
    }
    Some(match (places.first(), made) {
        (Some(placed), _) => Reason::elsewhere(measure, placed.measure),
        (None, Some(_)) => Reason::no_gain(measure),
        (None, None) => Reason::not_applied(measure),
    })
}

/// The reason of a part of an expense to which the other parts leave no cent more (S6).
fn in_part(plan: &Plan<'_>, expense: &Expense, placed: &Placed<'_>) -> Option<Reason> {
    let others = plan.places(expense.id.as_str()).iter().filter(|other| other.made != placed.made);
    let others: Vec<&MeasureId> = others.map(|other| other.measure).collect();
    let made = &plan.made[placed.made];
    let (base, claim) = (made.application.lines[placed.line].base, made.claims[placed.line]);
    if others.is_empty() || claim >= base {
        return None;
    }
    let asking = plan.asking();
    let is_all = parts::lie_apart(&asking, expense)
        && !parts::lie_apart_with_a_cent_more(&asking, expense, placed.made);
    is_all.then(|| Reason::in_part(placed.measure, base - claim, &others))
}

/// Why an assigned expense is not funded in full, if it is not.
fn shortfall(made: &Made<'_>, line: usize) -> Option<Reason> {
    let measure = made.application.case.measure;
    let (base, claim) = (made.application.lines[line].base, made.claims[line]);
    if claim < base {
        return Some(Reason::under_claim(&measure.id, base - claim));
    }
    let admitted = made.assessed.as_ref().ok()?.admitted[line];
    if admitted == claim {
        return None;
    }
    let rule = measure.rule(culprit(made, line)?)?;
    Some(Reason::cut(&measure.id, rule, claim - admitted))
}

/// The rule that dropped a line, else the first binding trim in file order whose set has it, else the first such trim.
fn culprit<'a>(made: &Made<'a>, line: usize) -> Option<&'a RuleId> {
    let assessed = made.assessed.as_ref().ok()?;
    let trims = || {
        let bounded = made.application.bounded.iter().zip(&assessed.binding);
        bounded.filter(|(bounded, _)| bounded.on_cost(Effect::Trim) && bounded.members.contains(&line))
    };
    let binding = || trims().find(|(_, binds)| **binds).or_else(|| trims().next());
    assessed.dropped[line].or_else(|| binding().map(|(bounded, _)| &bounded.limit.rule.id))
}

fn assumptions(plan: &Plan<'_>) -> Vec<Assumption> {
    let of = |made: &Made<'_>| {
        let case = made.application.case;
        let assumed = admission::assumptions(case.measure, case.facts, &made.application.lines);
        assumed.into_iter().chain(warnings(made)).collect::<Vec<_>>()
    };
    let mut assumptions: Vec<Assumption> = plan.made.iter().flat_map(of).collect();
    assumptions.sort();
    assumptions.dedup();
    assumptions
}

/// Where an application leaves what a rule is made for (S8).
fn warnings(made: &Made<'_>) -> Vec<Assumption> {
    let Ok(assessed) = &made.assessed else { return Vec::new() };
    let (project, measure) = made.key();
    let told = |warning: &Bounded<'_>| {
        let sum = if warning.on_aid() {
            assessed.aid.sum(warning)
        } else {
            limits::cost(&warning.members, &assessed.admitted)
        };
        let edge = warning.in_cents(&assessed.admitted).max(Money::ZERO);
        let beyond = !warning.keeps(sum, &assessed.admitted);
        let (rule, bound) = (&warning.limit.rule, warning.limit.bound);
        beyond.then(|| Assumption::beyond(project, measure, rule, Rounding::HalfUp.cents(sum), bound, edge))
    };
    made.application.warnings.iter().filter_map(told).collect()
}

fn doubts(plan: &Plan<'_>) -> Vec<DoubtNote> {
    let mut measures: Vec<&Measure> = plan.made.iter().map(|made| made.application.case.measure).collect();
    measures.sort_by(|a, b| a.id.cmp(&b.id));
    measures.dedup_by(|a, b| a.id == b.id);
    let mut notes = Vec::new();
    for measure in measures {
        let whole = measure.doubts.iter().map(|doubt| (None, doubt));
        let rules = measure.rules().filter_map(|rule| Some((Some(rule.id.clone()), rule.doubt.as_ref()?)));
        notes.extend(whole.chain(rules).map(|(rule, doubt)| DoubtNote {
            measure: measure.id.clone(),
            rule,
            why: doubt.why.clone(),
            alternatives: doubt.alternatives.clone(),
        }));
    }
    notes.sort();
    notes
}
