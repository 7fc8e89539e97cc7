//! The computation sheet: an assessment written down line by line, with the rule and the words it rests on.

use rust_decimal::Decimal;

use super::aid::{cap, compute};
use super::loan::lent;
use super::{Assessment, binding, sum, warnings};
use crate::allocation::Assumption;
use crate::eligibility::{Application, Draw, LoanAmount, Payout, Term};
use crate::ids::RuleId;
use crate::measure::{Bound, Effect, Form, Rule};
use crate::money::Money;
use crate::rate::Rate;
use crate::rounding::Rounding;

/// An assessment for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// `project / measure`.
    pub title: String,
    /// From claims to cash.
    pub lines: Vec<SheetLine>,
}

/// A line of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLine {
    /// The step: `claim`, `derived`, `limit`, `aid`, `cap`, `grant`, `draw`, ...
    pub step: &'static str,
    /// The rule, where one is at work.
    pub rule: Option<RuleId>,
    /// What happens.
    pub text: String,
    /// The amount that results.
    pub amount: String,
    /// The words of the source.
    pub reference: Option<String>,
}

/// What ledgers and pools leave of an assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct Left<'a> {
    /// What is granted.
    pub grant: Money,
    /// The draws that cut it, with what was left when their turn came.
    pub cut_by: Vec<(&'a Draw, Money)>,
}

impl Left<'_> {
    /// All of it: nothing is drawn on, or not yet.
    pub fn whole(assessment: &Assessment) -> Self {
        Left { grant: assessment.grant, cut_by: Vec::new() }
    }
}

/// Writes an assessment down, and what is left of it. Deterministic: golden files hold it for every worked example.
pub fn sheet(application: &Application, assessment: &Assessment, left: &Left<'_>) -> Sheet {
    let mut lines = Vec::new();
    claims(application, assessment, &mut lines);
    derived(application, assessment, &mut lines);
    cost_limits(application, assessment, &mut lines);
    aid(application, assessment, &mut lines);
    result(application, assessment, left, &mut lines);
    let told = |warning: Assumption| SheetLine {
        step: "warning",
        rule: Some(warning.rule),
        text: warning.text,
        amount: String::new(),
        reference: None,
    };
    lines.extend(warnings(application, assessment).into_iter().map(told));
    Sheet { title: application.title(), lines }
}

fn push(
    lines: &mut Vec<SheetLine>,
    step: &'static str,
    rule: Option<&Rule>,
    text: String,
    amount: &dyn ToString,
) {
    let reference = rule.and_then(|rule| rule.reference.clone());
    let rule = rule.map(|rule| rule.id.clone());
    lines.push(SheetLine { step, rule, text, amount: amount.to_string(), reference });
}

/// Euro for people: cents where they suffice, every digit otherwise.
fn euro(exact: Decimal) -> String {
    let digits = exact.normalize();
    if digits.scale() <= 2 { format!("{digits:.2}") } else { digits.to_string() }
}

fn claims(application: &Application, assessment: &Assessment, lines: &mut Vec<SheetLine>) {
    for (at, line) in application.lines.iter().enumerate() {
        let (claim, admitted) = (assessment.claims[at], assessment.admitted[at]);
        if claim.is_zero() {
            continue;
        }
        let text = match &assessment.dropped[at] {
            Some(rule) => format!("{} under {}: {claim} claimed, dropped by {rule}", line.expense, line.item),
            None if admitted < claim => {
                format!("{} under {}: {claim} claimed, {} cut", line.expense, line.item, claim - admitted)
            }
            None => format!("{} under {}: {claim} claimed", line.expense, line.item),
        };
        push(lines, "claim", None, text, &admitted);
    }
}

fn derived(application: &Application, assessment: &Assessment, lines: &mut Vec<SheetLine>) {
    for (at, derived) in application.derived.iter().enumerate() {
        let base = sum(&assessment.admitted, &derived.of);
        let text = format!("{}: {} x {base}", derived.item, derived.rate.normalize());
        let amount = assessment.admitted[application.lines.len() + at];
        push(lines, "derived", Some(&derived.rule), text, &amount);
    }
    push(lines, "admitted", None, "admitted cost".into(), &assessment.admitted_total());
}

fn cost_limits(application: &Application, assessment: &Assessment, lines: &mut Vec<SheetLine>) {
    for limit in &application.cost_limits {
        let total = sum(&assessment.admitted, &limit.of);
        if total.is_zero() && limit.lot.is_some() {
            continue;
        }
        let tightest = Term::tightest(&limit.terms, limit.bound, &assessment.admitted);
        let sign = if limit.bound == Bound::AtMost { "at most" } else { "at least" };
        let effect = match limit.effect {
            Effect::Trim => "else cut",
            Effect::Reject => "else rejected",
            Effect::Drop => "else dropped",
            Effect::Warn => "else told",
        };
        let lot = limit.lot.and_then(|lot| application.lots[lot].as_ref());
        let of = lot.map_or(String::new(), |lot| format!(" of lot {lot}"));
        let text = format!("{}{of}: {total}, {sign} {}, {effect}", limit.rule.names.en, euro(tightest));
        push(lines, "limit", Some(&limit.rule), text, &total);
    }
}

fn aid(application: &Application, assessment: &Assessment, lines: &mut Vec<SheetLine>) {
    if assessment.rejected_by.is_some() {
        return;
    }
    let computed = compute(application, &assessment.admitted, lent(application, &assessment.admitted));
    for (component, value) in application.components.iter().zip(computed.values()) {
        if value.is_zero() {
            continue;
        }
        let total = sum(&assessment.admitted, &component.of);
        let how = match &component.payout {
            Payout::Rate(rates) => match single(rates) {
                Some(rate) => format!("{} x {total}", rate.normalize()),
                None => format!("rates line by line on {total}"),
            },
            Payout::Brackets(_) => format!("by brackets of {total}"),
            Payout::Tiers(_) => format!("rate of the tier of {total}"),
            Payout::Steps(_) => format!("step reached by {total}"),
            Payout::PerUnit(_) => "by units admitted".to_owned(),
            Payout::Fixed(_) => "fixed".to_owned(),
            Payout::Loan(loan) => match &loan.amount {
                LoanAmount::Requested(amount) => format!("loan, {amount} asked for"),
                LoanAmount::Complement(_) => "loan, what the grants leave uncovered".to_owned(),
                LoanAmount::Chosen(least) => format!("loan, at least {least}"),
            },
            Payout::Share { rate, .. } => format!("{} of earlier components", rate.normalize()),
        };
        push(lines, "aid", Some(&component.rule), how, &euro(value));
    }
    let capped = cap(application, &assessment.admitted, computed.clone());
    if capped != computed {
        let cut: Decimal =
            computed.values().iter().sum::<Decimal>() - capped.values().iter().sum::<Decimal>();
        let by = application.aid_limits.iter().filter(|limit| limit.effect == Effect::Trim);
        let binding = binding(application, assessment);
        let by: Vec<&Rule> = by.map(|limit| &limit.rule).filter(|rule| binding.contains(&rule.id)).collect();
        let after = capped.of_form(application, Form::Grant);
        let names: Vec<&str> = by.iter().map(|rule| rule.names.en.as_str()).collect();
        let text = format!("{}: {} cut", names.join(", "), euro(cut));
        push(lines, "cap", by.first().copied(), text, &euro(after));
    }
}

/// The rate, if all are the same.
fn single(rates: &[Decimal]) -> Option<Decimal> {
    let first = *rates.first()?;
    rates.iter().all(|rate| *rate == first).then_some(first)
}

fn result(application: &Application, assessment: &Assessment, left: &Left<'_>, lines: &mut Vec<SheetLine>) {
    if let Some(rejected) = &assessment.rejected_by {
        let limits = application.cost_limits.iter().map(|limit| &limit.rule);
        let limits = limits.chain(application.aid_limits.iter().map(|limit| &limit.rule));
        let counts = application.counts.iter().map(|count| &count.rule);
        let counts = counts.chain(application.company_counts.iter().map(|count| &count.rule));
        let rule = limits.chain(counts).find(|rule| rule.id == *rejected);
        let name = rule.map_or(rejected.as_str(), |rule| rule.names.en.as_str());
        push(lines, "rejected", rule, format!("rejected: {name}"), &Money::ZERO);
        return;
    }
    push(lines, "grant", None, "grant, in whole cents".into(), &assessment.grant);
    for (draw, room) in &left.cut_by {
        let text = format!("{}: {room} left, so {} granted", draw.rule.names.en, left.grant);
        push(lines, "draw", Some(&draw.rule), text, &left.grant);
    }
    if application.components.iter().any(|component| component.form != Form::Grant) {
        push(lines, "loan", None, "lent".into(), &assessment.loan);
        push(lines, "esl", None, "aid in guarantees".into(), &assessment.esl);
        let aid = (left.grant + assessment.esl).euro();
        let share = aid.checked_div(assessment.admitted_total().euro()).unwrap_or_default();
        let percent = (share * Decimal::ONE_HUNDRED).round_dp(2);
        let text = "grant and aid in guarantees on admitted cost".into();
        push(lines, "intensity", None, text, &format!("{percent:.2} %"));
    }
    if !application.withholding.is_zero() {
        let kept = Rate::new(Decimal::ONE - application.withholding.value()).unwrap_or_default();
        let net = Rounding::Down.cents(kept.of(left.grant));
        let text = format!("withheld on payment: {}", application.withholding);
        push(lines, "withheld", None, text, &(net - left.grant));
        push(lines, "net", None, "cash".into(), &net);
    }
}
