//! Small portfolios, measures and documents to hold against the judge, and the test that no change of a valid document passes.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use chrono::NaiveDate;
use grantfolio::allocation::{
    Application, Assignment, ComponentAmount, Document, Evidence, ExpenseOutcome, FORMAT, Proof, Reason,
    Solver, Status as DocumentStatus, Totals,
};
use grantfolio::dates::Span;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::measure::{
    Bound, Claim, Component, Condition, Cost, Cut, EarlyOrder, Effect, Form, Item, ItemKind, Limit, Measure,
    Names, Per, Quantity, Reads, Rule, Shape, Status, Term, Vat, Window,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{Company, Expense, Portfolio, Project, Settings, Size};
use grantfolio::rate::Rate;
use grantfolio::rounding::Rounding;
use grantfolio::verify::verify;

use super::mutations::survivors;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn euro(text: &str) -> Money {
    text.parse().unwrap()
}

pub fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub fn rule(text: &str) -> Rule {
    Rule { id: id(text), names: Names::default(), reference: None, doubt: None }
}

/// A measure that is open all of 2026 and has no rules yet.
pub fn measure(name: &str) -> Measure {
    Measure {
        id: id(name),
        version: "2026".into(),
        names: Names::default(),
        authority: "Regione".into(),
        fund_source: None,
        regime: "gber:28".into(),
        source: None,
        window: Window {
            status: Status::Open,
            opens: Some(day("2026-01-01")),
            closes: Some(day("2026-12-31")),
            hours: None,
            grants_by: None,
            granted_after: Span { months: 3, days: 0 },
            early_order: EarlyOrder::Allowed,
            rules: Vec::new(),
        },
        claim: Claim::AnyPart,
        vat: Vat::Excluded,
        rounding: Rounding::Down,
        withholding: Rate::ZERO,
        facts: Vec::new(),
        choices: Vec::new(),
        member_classes: Vec::new(),
        ledgers: Vec::new(),
        cumulation: Vec::new(),
        requirements: Vec::new(),
        dates: Vec::new(),
        items: Vec::new(),
        limits: Vec::new(),
        counts: Vec::new(),
        companions: Vec::new(),
        components: Vec::new(),
        pools: Vec::new(),
        doubts: Vec::new(),
        examples: Vec::new(),
    }
}

pub fn item(name: &str, takes: &str) -> Item {
    let cost = Cost {
        takes: vec![takes.into()],
        when: Condition::ALWAYS,
        assume: false,
        valuation: Vec::new(),
        applicant_may_choose: false,
    };
    Item { id: id(name), rule: rule(name), kind: ItemKind::Cost(cost) }
}

pub fn limit(name: &str, of: Quantity, bound: Bound, term: Term, effect: Effect) -> Limit {
    Limit {
        rule: rule(name),
        of,
        bound,
        terms: vec![term],
        when: Condition::ALWAYS,
        per: Per::Application,
        effect,
        cut: Cut::LowestAidFirst,
        reads: Reads::AfterCaps,
    }
}

pub fn amount(euro: rust_decimal::Decimal) -> Term {
    Term { euro: euro.into(), shares: Vec::new() }
}

pub fn rate(of: Vec<usize>, rate: rust_decimal::Decimal) -> Component {
    let shape = Shape::Rate { rate: rate.into(), premiums: Vec::new() };
    Component { rule: rule("grant"), form: Form::Grant, of, shape, when: Condition::ALWAYS }
}

pub fn expense(name: &str, project: &str, company: &str, category: &str, net: &str) -> Expense {
    Expense::new(id(name), id(project), id(company), category, euro(net))
}

/// Company `C1` with project `P1`, planned on 1 June 2026.
pub fn portfolio(expenses: Vec<Expense>) -> Portfolio {
    Portfolio {
        companies: vec![Company { size: Some(Size::Small), ..Company::new(id("C1")) }],
        projects: vec![Project::new(id("P1"), id("C1"))],
        expenses,
        members: Vec::new(),
        prior_aids: Vec::new(),
        decisions: Vec::new(),
        settings: Settings { as_of: day("2026-06-01"), ..Settings::default() },
    }
}

pub fn application(project: &str, company: &str, measure: &str, admitted: &str, grant: &str) -> Application {
    Application {
        project: id(project),
        company: id(company),
        measure: id(measure),
        filed_on: day("2026-06-01"),
        granted_on: day("2026-09-01"),
        hypothetical: false,
        choices: indexmap::IndexMap::new(),
        admitted: euro(admitted),
        derived: Vec::new(),
        grant: euro(grant),
        loan: Money::ZERO,
        esl: Money::ZERO,
        aid: vec![ComponentAmount { component: id("grant"), amount: euro(grant) }],
        net: euro(grant),
        members: Vec::new(),
        draws: Vec::new(),
        limits_binding: Vec::new(),
    }
}

pub fn outcome(
    expense: &str,
    assignment: impl Into<Option<Assignment>>,
    reasons: Vec<Reason>,
) -> ExpenseOutcome {
    ExpenseOutcome { expense: id(expense), assignments: assignment.into().into_iter().collect(), reasons }
}

pub fn assignment(measure: &str, item: &str, claimed: &str, admitted: &str, aid: &str) -> Assignment {
    let (claimed, admitted, aid) = (euro(claimed), euro(admitted), euro(aid));
    Assignment { measure: id(measure), cost_item: id(item), claimed, admitted, aid }
}

/// A document about these applications whose certified bound is its objective.
pub fn document(applications: Vec<Application>, expenses: Vec<ExpenseOutcome>) -> Document {
    let sum = |figure: fn(&Application) -> Money| applications.iter().map(figure).sum::<Money>();
    let totals = Totals {
        grant: sum(|a| a.grant),
        loan: sum(|a| a.loan),
        esl: sum(|a| a.esl),
        admitted: sum(|a| a.admitted),
        net: sum(|a| a.net),
    };
    Document {
        format: FORMAT,
        status: DocumentStatus::Optimal,
        proof: Proof::Certified,
        maximised: "grant".into(),
        objective: totals.grant,
        upper_bound: Some(totals.grant),
        gap: Some(Money::ZERO),
        as_of: day("2026-06-01"),
        totals,
        applications,
        expenses,
        assumptions: Vec::new(),
        doubts: Vec::new(),
        evidence: Evidence { certified_bound: Some(totals.grant), ..Evidence::default() },
        solver: Solver { version: "0.1.0".into(), backend: "none".into() },
    }
}

pub fn assert_valid(portfolio: &Portfolio, measures: &[Measure], document: &Document) {
    let violations = verify(portfolio, measures, document);
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    let (survivors, tried) = survivors(document, |spoilt| verify(portfolio, measures, spoilt).is_empty());
    assert!(survivors.is_empty(), "{} of {tried} mutations pass:\n{}", survivors.len(), survivors.join("\n"));
    assert!(tried > 50, "only {tried} mutations");
}

/// Runs the engine, which publishes nothing that the judge does not pass.
pub fn assert_agreed(portfolio: &Portfolio, measures: &[Measure]) {
    let published = optimize(portfolio, measures, &RunSettings::default());
    published.unwrap_or_else(|error| panic!("{error}"));
}

pub fn rules_of(portfolio: &Portfolio, measures: &[Measure], document: &Document) -> Vec<String> {
    verify(portfolio, measures, document).into_iter().map(|violation| violation.rule).collect()
}
