//! Expenses in parts to several applications (S6), with figures computed by hand.
//!
//! Throughout: a machine of 100,000; `alpha` gives half of it, at most 30,000; `beta` gives 40 %, at most 50,000.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod decisions;
    pub mod documents;
    pub mod mutations;
}

use common::decisions::decision;
use common::documents::{
    amount, application, assert_valid, assignment, day, document, euro, expense, id, item, limit, measure,
    portfolio, rate, rule, rules_of,
};
use grantfolio::allocation::{Application, Assignment, Document, ExpenseOutcome, Proof, Reason, Status};
use grantfolio::eligibility::eligibility;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::ids::MeasureId;
use grantfolio::measure::{
    Bound, Ceiling, Claim, Condition, Cumulation, Effect, FactRef, Measure, Meeting, MeetingPlace, OtherAid,
    Quantity, Requirement, Scope, Subject, Test, Unknown, Vat,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{Portfolio, PriorAid, Value, Verb};
use grantfolio::rate::Rate;
use grantfolio::verify::verify;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

fn call(name: &str, share: Decimal, cap: Decimal) -> Measure {
    let mut call = measure(name);
    call.items = vec![item("goods", "machinery")];
    call.components = vec![rate(vec![0], share)];
    call.limits = vec![limit("cap", Quantity::Aid(vec![0]), Bound::AtMost, amount(cap), Effect::Trim)];
    call
}

fn calls() -> [Measure; 2] {
    [call("alpha", dec!(0.5), dec!(30000)), call("beta", dec!(0.4), dec!(50000))]
}

fn machine(splittable: bool) -> Portfolio {
    let mut machine = expense("E1", "P1", "C1", "machinery", "100000.00");
    machine.splittable = splittable;
    portfolio(vec![machine])
}

fn run(portfolio: &Portfolio, measures: &[Measure]) -> Document {
    optimize(portfolio, measures, &RunSettings::default()).unwrap_or_else(|error| panic!("{error}")).document
}

/// What is proven to be the best, and what is claimed under each measure for it.
fn best(portfolio: &Portfolio, measures: &[Measure]) -> (Money, Vec<(String, Money)>) {
    let document = run(portfolio, measures);
    assert_eq!((document.status, document.proof), (Status::Optimal, Proof::Certified));
    let assigned = document.expenses.iter().flat_map(|outcome| &outcome.assignments);
    (document.objective, assigned.map(|a| (a.measure.to_string(), a.claimed)).collect())
}

fn parts(alpha: &str, beta: &str) -> Vec<(String, Money)> {
    vec![("alpha".to_owned(), euro(alpha)), ("beta".to_owned(), euro(beta))]
}

/// 60,000 of it reach the cap of `alpha`: 30,000. The other 40,000 bring 0.4 x 40,000 = 16,000 under `beta`.
fn in_parts() -> Document {
    let alpha: MeasureId = id("alpha");
    let beta: MeasureId = id("beta");
    let capped = Application {
        limits_binding: vec![id("cap")],
        ..application("P1", "C1", "alpha", "60000.00", "30000.00")
    };
    let outcome = ExpenseOutcome {
        expense: id("E1"),
        assignments: vec![
            assignment("alpha", "goods", "60000.00", "60000.00", "30000.00"),
            assignment("beta", "goods", "40000.00", "40000.00", "16000.00"),
        ],
        reasons: vec![
            Reason::in_part(&alpha, euro("40000.00"), &[&beta]),
            Reason::in_part(&beta, euro("60000.00"), &[&alpha]),
        ],
    };
    document(vec![capped, application("P1", "C1", "beta", "40000.00", "16000.00")], vec![outcome])
}

#[test]
fn what_one_call_has_no_room_for_goes_to_another() {
    assert_eq!(best(&machine(true), &calls()), (euro("46000.00"), parts("60000.00", "40000.00")));
    assert_valid(&machine(true), &calls(), &in_parts());
    let published = run(&machine(true), &calls());
    assert_eq!(published.expenses, in_parts().expenses);
    assert_eq!(published.applications, in_parts().applications);
}

#[test]
fn an_expense_that_is_not_splittable_goes_to_one() {
    // 0.4 x 100,000, above the 30,000 of alpha
    let beta = vec![("beta".to_owned(), euro("100000.00"))];
    assert_eq!(best(&machine(false), &calls()), (euro("40000.00"), beta));
    assert_eq!(rules_of(&machine(false), &calls(), &in_parts())[..2], ["S13", "S13"]);
}

#[test]
fn parts_beyond_the_amount_are_no_parts() {
    let claimed = |alpha: &str, beta: &str| {
        let mut document = in_parts();
        let assignments: &mut Vec<Assignment> = &mut document.expenses[0].assignments;
        assignments[0].claimed = euro(alpha);
        assignments[1].claimed = euro(beta);
        let violations = verify(&machine(true), &calls(), &document);
        violations.into_iter().find(|violation| violation.rule == "S13").map(|violation| violation.expected)
    };
    assert_eq!(claimed("60000.00", "40000.00"), None);
    let told = Some("one of them, or parts of 100000.00 at most".to_owned());
    assert_eq!(claimed("60000.01", "40000.00"), told);
    assert_eq!(claimed("60000.00", "40000.01"), told);
}

#[test]
fn what_is_claimed_whole_leaves_no_part() {
    let [alpha, mut beta] = calls();
    beta.claim = Claim::Whole;
    let beta_alone = vec![("beta".to_owned(), euro("100000.00"))];
    assert_eq!(best(&machine(true), &[alpha.clone(), beta.clone()]), (euro("40000.00"), beta_alone));
    // With a cap of 20,000 it is worth less than the 30,000 of alpha, and nothing is left for it beside any part of that.
    beta.limits =
        vec![limit("cap", Quantity::Aid(vec![0]), Bound::AtMost, amount(dec!(20000)), Effect::Trim)];
    let (value, places) = best(&machine(true), &[alpha, beta]);
    assert_eq!((value, places.len()), (euro("30000.00"), 1));
}

/// A floor on what is admitted sees the part; one on the invoice sees the expense.
#[test]
fn rules_of_an_application_see_the_part_and_rules_of_the_invoice_the_expense() {
    let [mut alpha, mut beta] = calls();
    alpha.requirements.push(Requirement {
        rule: rule("invoice"),
        subject: Subject::Expense,
        applies: Condition::ALWAYS,
        must: Condition::Fact(
            FactRef::new(Subject::Expense, "invoice_total"),
            Test::AtLeast(Value::Number(dec!(90000))),
        ),
        unknown: Unknown::Block,
        fails: Scope::Line,
        question: None,
    });
    assert_eq!(best(&machine(true), &[alpha.clone(), beta.clone()]).0, euro("46000.00"));
    // At least 50,000 admitted under beta: 0.4 x 50,000 there, 0.5 x 50,000 under alpha.
    beta.limits.push(limit(
        "least",
        Quantity::Cost(vec![0]),
        Bound::AtLeast,
        amount(dec!(50000)),
        Effect::Reject,
    ));
    assert_eq!(best(&machine(true), &[alpha, beta]), (euro("45000.00"), parts("50000.00", "50000.00")));
}

#[test]
fn a_part_of_the_base_is_the_same_part_of_the_expense() {
    // Where the VAT is a cost the base under alpha is 122,000: 61,000 of it are half of the machine and bring 30,500, its cap here.
    // The other half brings 0.4 x 50,000 = 20,000.
    let mut alpha = call("alpha", dec!(0.5), dec!(30500));
    alpha.vat = Vat::NonDeductible;
    let mut portfolio = machine(true);
    portfolio.companies[0].vat_deductible_share = Rate::ZERO;
    portfolio.expenses[0].vat_rate = Rate::new(dec!(0.22)).unwrap();
    let [_, beta] = calls();
    let expected = (euro("50500.00"), parts("61000.00", "50000.00"));
    assert_eq!(best(&portfolio, &[alpha, beta]), expected);
}

fn allowing(mut measure: Measure, ceiling: Ceiling) -> Measure {
    measure.cumulation.push(Cumulation {
        rule: rule("beside"),
        with: OtherAid::default(),
        scope: MeetingPlace::Expense,
        effect: Meeting::Allow(ceiling),
        when: Condition::ALWAYS,
        from: None,
    });
    measure
}

#[test]
fn aids_that_may_meet_do_so_where_that_brings_more() {
    // On the same cost: 30,000 + 0.4 x 100,000, together below the cost.
    let [alpha, beta] = calls().map(|call| allowing(call, Ceiling::Cost));
    let expected = (euro("70000.00"), parts("100000.00", "100000.00"));
    assert_eq!(best(&machine(true), &[alpha, beta]), expected);
}

#[test]
fn aids_that_may_meet_lie_side_by_side_where_that_brings_more() {
    // Together at most what alpha's clause allows, the higher of 0.3 x 100,000 and the 0.4 x 100,000 of beta: 40,000.
    let ceiling = Ceiling::HighestIntensity(Some(dec!(0.3).into()));
    let measures = calls().map(|call| allowing(call, ceiling.clone()));
    let expected = (euro("46000.00"), parts("60000.00", "40000.00"));
    assert_eq!(best(&machine(true), &measures), expected);
    // Under `residual` beta leaves no more than its own 40,000 for both.
    let [alpha, beta] = calls();
    let (alpha, beta) = (allowing(alpha, Ceiling::Cost), allowing(beta, Ceiling::Residual));
    assert_eq!(best(&machine(true), &[alpha, beta]), expected);
}

#[test]
fn an_expense_that_has_had_aid_is_not_divided() {
    let mut portfolio = machine(true);
    let lines = |portfolio: &Portfolio| {
        let measures = calls().map(|call| allowing(call, Ceiling::Cost));
        let found = eligibility(portfolio, &measures).unwrap();
        found.applications.iter().map(|a| a.lines[0].divisible).collect::<Vec<_>>()
    };
    assert_eq!(lines(&portfolio), [Some(euro("100000.00")); 2]);
    portfolio.prior_aids.push(PriorAid {
        undertaking: id("C1"),
        granted_on: day("2025-06-01"),
        regulation: "gber:28".into(),
        aid: euro("1000.00"),
        measure: None,
        expense: Some(id("E1")),
    });
    assert_eq!(lines(&portfolio), [None; 2]);
}

#[test]
fn decisions_may_want_parts_of_an_expense_in_two_applications() {
    let wanted = |splittable: bool| {
        let mut portfolio = machine(splittable);
        for measure in ["alpha", "beta"] {
            let mut force = decision(Verb::Force, &application("P1", "C1", measure, "0.00", "0.00"));
            force.expense = Some(id("E1"));
            portfolio.decisions.push(force);
        }
        optimize(&portfolio, &calls(), &RunSettings::default())
    };
    assert_eq!(wanted(true).unwrap().document.objective, euro("46000.00"));
    assert!(wanted(false).unwrap_err().to_string().contains("goes to one of them"));
}
