//! Worked examples of a measure, run through eligibility and `assess` and compared with their own arithmetic.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::allocation::Reason;
use crate::assess::{Assessment, Left, Sheet, assess, binding, sheet, warnings};
use crate::diagnostics::Report;
use crate::eligibility::{Application, Draw, Eligibility, eligibility};
use crate::ids::{ExpenseId, ProjectId};
use crate::load::example_portfolio;
use crate::load::measures::arithmetic::evaluate;
use crate::measure::{Example, Measure};
use crate::money::Money;
use crate::portfolio::{Decision, MeasureSettings, Verb};
use crate::rate::Rate;
use crate::rounding::Rounding;
use crate::settle::{Granted, Plan};

/// What came of a worked example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleOutcome {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub why: String,
    /// The grant it expects, where its arithmetic has a value.
    pub expected: Option<Money>,
    /// The grant.
    pub got: Money,
    /// What differs from what it expects; empty when it holds.
    pub failures: Vec<Difference>,
    /// The computation, where the application could be made.
    pub sheet: Option<Sheet>,
}

/// Something that an example expects otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is: `grant`, `binding`, `refused`.
    pub what: &'static str,
    /// What is expected.
    pub expected: String,
    /// What came out.
    pub got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, expected {}", self.what, self.got, self.expected)
    }
}

/// Runs every worked example of a measure.
///
/// # Errors
/// An example whose columns cannot be read, or a measure whose items overlap on it.
pub fn examples(measure: &Measure) -> Result<Vec<ExampleOutcome>, Report> {
    measure.examples.iter().map(|example| run(measure, example)).collect()
}

/// The day an example is filed where it does not say: the opening day, else the first of January 2026.
fn filed_on(measure: &Measure, example: &Example) -> NaiveDate {
    let fallback = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
    example.filed_on.or(measure.window.opens).unwrap_or(fallback)
}

fn run(measure: &Measure, example: &Example) -> Result<ExampleOutcome, Report> {
    let filed = filed_on(measure, example);
    let mut portfolio = example_portfolio(example, &measure.facts, filed)?;
    portfolio.settings.assume_open = true;
    let dates = MeasureSettings { filed_on: Some(filed), ..MeasureSettings::default() };
    portfolio.settings.measures.insert(measure.id.clone(), dates);
    portfolio.decisions = as_chosen(measure, example, &portfolio.projects[0].id);
    let found = eligibility(&portfolio, std::slice::from_ref(measure))?;
    let mut failures = Vec::new();
    let mut outcome = None;
    let variants = found.applications.iter().map(granted);
    // The best variant, the first of several.
    let best = variants.reduce(|best, other| if other.left.grant > best.left.grant { other } else { best });
    let got = best.as_ref().map_or(Money::ZERO, |best| best.left.grant);
    if let Some(Made { application, assessment, left }) = best {
        compare(example, application, &assessment, left.grant, &mut failures);
        let out = application.refused.iter().map(|(expense, reason)| (expense, reason));
        refused(example, out, &mut failures);
        outcome = Some(sheet(application, &assessment, &left));
    } else {
        not_admissible(example, &found, &mut failures);
        let out = found.refusals.iter().map(|refusal| (&refusal.expense, &refusal.reason));
        refused(example, out, &mut failures);
    }
    Ok(ExampleOutcome {
        id: example.id.clone(),
        why: example.why.clone(),
        expected: evaluate(&example.grant).ok().and_then(|grant| Money::from_euro(grant).ok()),
        got,
        failures,
        sheet: outcome,
    })
}

/// An application with every line claimed in full.
struct Made<'a> {
    application: &'a Application,
    assessment: Assessment,
    /// What its draws on ledgers and pools leave.
    left: Left<'a>,
}

fn granted(application: &Application) -> Made<'_> {
    let claims = application.full_claims();
    let assessment = assess(application, &claims);
    let plan = Plan::of(std::slice::from_ref(application), vec![claims]);
    let left = plan
        .map_or_else(|| Left::whole(&assessment), |plan| left(application, &assessment, &plan.granted[0]));
    Made { application, assessment, left }
}

/// What the draws leave of an assessment, and which of them cut it: those that take all that was left.
fn left<'a>(application: &'a Application, assessment: &Assessment, granted: &Granted) -> Left<'a> {
    let grant = granted.grant;
    if grant == assessment.grant {
        return Left::whole(assessment);
    }
    let cut_by = |(at, draw): (usize, &'a Draw)| {
        let (room, used_up) = match granted.drawn.get(at) {
            Some(drawn) => drawn.map(|drawn| (drawn.room, drawn.amount >= drawn.room))?,
            // Nothing is granted: to the only application there is, all of the account was open.
            None => (draw.room, draw.room < assessment.grant + assessment.esl),
        };
        used_up.then_some((draw, room))
    };
    Left { grant, cut_by: application.draws.iter().enumerate().filter_map(cut_by).collect() }
}

/// The options that the example names, as a ban of all others.
fn as_chosen(measure: &Measure, example: &Example, project: &ProjectId) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for (key, chosen) in &example.choices {
        let id = key.split(':').next().unwrap_or_default();
        let choices = measure.choices.iter().filter(|choice| choice.rule.id.as_str() == id);
        for option in choices.flat_map(|choice| &choice.options).filter(|option| option.id != *chosen) {
            decisions.push(Decision {
                what: Verb::Forbid,
                project: project.clone(),
                measure: measure.id.clone(),
                expense: None,
                cost_item: None,
                choice: Some((key.clone(), option.id.clone())),
                filed_on: None,
            });
        }
    }
    decisions
}

fn compare(
    example: &Example,
    application: &Application,
    got: &Assessment,
    grant: Money,
    failures: &mut Vec<Difference>,
) {
    let kept = Rate::new(Decimal::ONE - application.withholding.value()).unwrap_or_default();
    let net = Rounding::Down.cents(kept.of(grant));
    let expected = [
        ("admitted", example.admitted.as_deref(), got.admitted_total()),
        ("grant", Some(example.grant.as_str()), grant),
        ("loan", example.loan.as_deref(), got.loan),
        ("esl", example.esl.as_deref(), got.esl),
        ("net", example.net.as_deref(), net),
    ];
    for (what, text, amount) in expected {
        if let Some(text) = text {
            figure(what, text, amount, failures);
        }
    }
    let rejected = got.rejected_by.as_ref().map(crate::ids::RuleId::as_str);
    if rejected != example.rejected_by.as_deref() {
        let rule = |rule: Option<&str>| rule.unwrap_or("no rule").to_owned();
        failures.push(Difference {
            what: "rejected by",
            expected: rule(example.rejected_by.as_deref()),
            got: rule(rejected),
        });
    }
    let binding = binding(application, got);
    let warned = warnings(application, got);
    let warned = warned.iter().map(|warning| &warning.rule);
    for (what, named, rules) in [
        ("binding", &example.binding, binding.iter().collect::<Vec<_>>()),
        ("warned", &example.warned, warned.collect()),
    ] {
        let got: Vec<&str> = rules.into_iter().map(crate::ids::RuleId::as_str).collect();
        if !named.is_empty() && got != *named {
            failures.push(Difference { what, expected: named.join(", "), got: got.join(", ") });
        }
    }
}

fn figure(what: &'static str, text: &str, amount: Money, failures: &mut Vec<Difference>) {
    match evaluate(text) {
        Ok(expected) if expected == amount.euro() => {}
        Ok(expected) => failures.push(Difference {
            what,
            expected: format!("{expected} = {text}"),
            got: amount.to_string(),
        }),
        Err(error) => failures.push(Difference {
            what,
            expected: format!("'{text}', which is no arithmetic: {error}"),
            got: amount.to_string(),
        }),
    }
}

/// No line may enter: right only if the example says which rule is to blame and expects nothing.
fn not_admissible(example: &Example, found: &Eligibility, failures: &mut Vec<Difference>) {
    let rules: Vec<&str> = found.refusals.iter().map(|refusal| refusal.reason.rule.as_str()).collect();
    let named = example.rejected_by.as_deref();
    let by_lines = !example.refused.is_empty() && named.is_none();
    if !by_lines && named.is_none_or(|rule| !rules.contains(&rule)) {
        failures.push(Difference {
            what: "not admissible by",
            expected: named.unwrap_or("an application").to_owned(),
            got: (*rules.first().unwrap_or(&"no rule")).to_owned(),
        });
    }
    figure("grant", &example.grant, Money::ZERO, failures);
}

/// The expenses refused as lines in the variant that is made, exactly those the example names where it names any.
fn refused<'a>(
    example: &Example,
    out: impl Iterator<Item = (&'a ExpenseId, &'a Reason)>,
    failures: &mut Vec<Difference>,
) {
    if example.refused.is_empty() {
        return;
    }
    let got: Vec<String> = out.map(|(expense, reason)| format!("{expense} by {}", reason.rule)).collect();
    let expected: Vec<String> =
        example.refused.iter().map(|(expense, rule)| format!("{expense} by {rule}")).collect();
    if got != expected {
        let (expected, got) = (expected.join(", "), got.join(", "));
        failures.push(Difference { what: "refused", expected, got });
    }
}
