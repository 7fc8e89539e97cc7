//! Every family of constraints as text: one small model each, in `tests/golden/lp/`. `UPDATE_GOLDEN=1` rewrites the files.

mod common {
    pub mod applications;
}

use std::path::PathBuf;

use common::applications::{aid, application, component, cost, euro, percent, pool, rule};
use grantfolio::eligibility::{
    Application, Companion, CompanyCount, Component, Count, Derived, Loan, LoanAmount, Payout, Term,
};
use grantfolio::formulate::{Counted, formulate, tie_break};
use grantfolio::measure::{Band, Bound, Claim, Countable, Effect, Form};
use grantfolio::money::Money;
use grantfolio::program::{Program, lp};
use grantfolio::rate::Rate;
use grantfolio::rounding::Rounding;
use rust_decimal::Decimal;

/// Compares the text of a model with its file; the model must have rows of the family.
fn check(family: &str, program: &Program) {
    check_as(family, family, program);
}

/// The same where a family has several files.
fn check_as(file: &str, family: &str, program: &Program) {
    assert!(program.rows.iter().any(|row| row.family == family), "no row of {family}");
    for row in &program.rows {
        assert!(
            row.name.starts_with(&format!("{}[", row.family)) || row.family == "tie_break",
            "{}",
            row.name
        );
    }
    unique(program.rows.iter().map(|row| &*row.name));
    unique(program.columns.iter().map(|column| &*column.name));

    let text = lp::text(program);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lp").join(format!("{file}.lp"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the golden file can be written");
        return;
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{file}: if the model is meant to change, run with UPDATE_GOLDEN=1");
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None, "names are unique");
}

fn of(applications: &[Application]) -> Program {
    formulate(applications).program
}

/// Two lines of 1000 and 600 euro.
fn two() -> Application {
    application("P1", "m", &[("x1", "a", 1000), ("x2", "b", 600)])
}

fn band(up_to: Option<i64>, percent: i64) -> Band {
    let rate = Rate::new(Decimal::new(percent, 2)).expect("a rate");
    Band { up_to: up_to.map(|euro| Money::from_cents(euro * 100)), rate }
}

#[test]
fn activation() {
    let mut a = two();
    a.cost_limits.push(cost("minimum", &[0, 1], Bound::AtLeast, &[euro(800)], Effect::Reject));
    check("activation", &of(&[a]));
}

#[test]
fn one_place() {
    check("one_place", &of(&[two(), application("P1", "n", &[("x1", "a", 900)])]));
}

#[test]
fn parts() {
    // One measure sees 1000 of an expense of 900, another 900, a third takes all of it or nothing.
    let mut all =
        [two(), application("P1", "n", &[("x1", "a", 900)]), application("P1", "o", &[("x1", "a", 900)])];
    all[2].claim = Claim::Whole;
    for application in &mut all {
        application.lines[0].divisible = Some(Money::from_cents(90_000));
    }
    check("parts", &of(&all));
    all[0].meets = vec![all[1].named()];
    all[1].meets = vec![all[0].named()];
    check_as("parts-or-meeting", "parts", &of(&all));
}

#[test]
fn whole() {
    let mut a = two();
    a.claim = Claim::Whole;
    a.cost_limits.push(cost("half", &[1], Bound::AtMost, &[percent(50, &[0])], Effect::Trim));
    check("whole", &of(&[a]));
}

#[test]
fn derived() {
    let mut a = two();
    let rate = Decimal::new(7, 2);
    a.derived.push(Derived { item: "flat".parse().expect("an id"), rule: rule("flat"), rate, of: vec![0] });
    a.components[0] = component("grant", &[0, 1, 2], Payout::Rate(vec![Decimal::new(5, 1); 3]));
    check("derived", &of(&[a]));
}

#[test]
fn trim() {
    let mut a = two();
    // 25 % of the total, and a term that may fall below zero.
    a.cost_limits.push(cost("share", &[1], Bound::AtMost, &[percent(25, &[0, 1]), euro(300)], Effect::Trim));
    let mut term = percent(50, &[1]);
    term.euro = Decimal::from(-100);
    a.cost_limits.push(cost("below", &[0], Bound::AtMost, &[term], Effect::Trim));
    check("trim", &of(&[a]));
}

#[test]
fn reject() {
    let mut a = two();
    a.cost_limits.push(cost("minimum", &[0, 1], Bound::AtLeast, &[euro(800)], Effect::Reject));
    a.cost_limits.push(cost("balance", &[1], Bound::AtMost, &[percent(30, &[0])], Effect::Reject));
    check("reject", &of(&[a]));
}

#[test]
fn drop() {
    let mut a = two();
    let mut lot = cost("lot", &[0], Bound::AtLeast, &[euro(500)], Effect::Drop);
    lot.lot = Some(0);
    a.cost_limits.push(lot);
    // More than a fifth of the rest, or nothing of it.
    let mut term = percent(20, &[0]);
    term.euro = Decimal::from(50);
    a.cost_limits.push(cost("fifth", &[1], Bound::AtLeast, &[term], Effect::Drop));
    check("drop", &of(&[a]));
}

#[test]
fn companion() {
    let mut a = two();
    let at_least = Decimal::from(400);
    a.companions.push(Companion { rule: rule("with"), items: vec![1], with: vec![0], at_least });
    check("companion", &of(&[a]));
}

#[test]
fn count() {
    let mut a = application("P1", "m", &[("x1", "a", 1000), ("x2", "b", 600), ("x3", "b", 300)]);
    let count = |id: &str, of, things: &[&[usize]], at_least, at_most| Count {
        rule: rule(id),
        of,
        things: things.iter().map(|thing| thing.to_vec()).collect(),
        at_least,
        at_most,
    };
    a.counts.push(count("lots", Countable::Lots, &[&[0], &[1, 2]], None, Some(1)));
    a.counts.push(count("items", Countable::Items, &[&[0], &[1, 2]], Some(1), None));
    check("count", &of(&[a]));
}

#[test]
fn company_count() {
    let once = |project: &str, expense: &str| {
        let mut a = application(project, "m", &[(expense, "a", 1000)]);
        let things = vec![vec![0]];
        let (of, at_least, at_most) = (Countable::Applications, None, Some(1));
        a.company_counts.push(CompanyCount { rule: rule("once"), of, things, at_least, at_most });
        a
    };
    check("company_count", &of(&[once("P1", "x1"), once("P2", "x2")]));
}

#[test]
fn brackets() {
    let mut a = two();
    let falling = vec![band(Some(500), 60), band(Some(1200), 40), band(None, 20)];
    let rising = vec![band(Some(500), 10), band(None, 20)];
    a.components = vec![
        component("falling", &[0, 1], Payout::Brackets(falling)),
        component("rising", &[0, 1], Payout::Brackets(rising)),
    ];
    check("brackets", &of(&[a]));
}

#[test]
fn bands() {
    let mut a = two();
    let steps =
        [(20_000, 5_000), (90_000, 30_000)].map(|(f, t)| (Money::from_cents(f), Money::from_cents(t)));
    a.components = vec![
        component("tiers", &[0, 1], Payout::Tiers(vec![band(Some(1000), 50), band(None, 30)])),
        component("steps", &[1], Payout::Steps(steps.to_vec())),
    ];
    check("bands", &of(&[a]));
}

#[test]
fn fixed() {
    let mut a = two();
    a.components.push(component("start", &[0], Payout::Fixed(Decimal::from(150))));
    check("fixed", &of(&[a]));
}

#[test]
fn caps() {
    let mut a = two();
    a.components.push(component("extra", &[1], Payout::PerUnit(vec![Decimal::from(200)])));
    a.components.push(component(
        "share",
        &[],
        Payout::Share { components: vec![0], rate: Decimal::new(1, 1) },
    ));
    let mut lot = aid("lot", &[0], Bound::AtMost, &[euro(400)], Effect::Trim);
    lot.lot = Some(0);
    a.aid_limits.push(lot);
    a.aid_limits.push(aid("most", &[0, 1, 2], Bound::AtMost, &[percent(45, &[0, 1])], Effect::Trim));
    a.aid_limits.push(aid("extras", &[1, 2], Bound::AtMost, &[euro(150)], Effect::Trim));
    check("caps", &of(&[a]));
}

/// The machinery of a measure with a loan (component 0), a guarantee on it and a grant, the latter two at most half of cost together.
fn lending(amount: LoanAmount, at_most: &[Term]) -> Application {
    let mut a = two();
    let loan = Payout::Loan(Loan { amount, at_most: at_most.to_vec() });
    let esl = Payout::Share { components: vec![0], rate: Decimal::new(75, 3) };
    a.components = vec![
        Component { form: Form::Loan, ..component("loan", &[0, 1], loan) },
        Component { form: Form::Guarantee, ..component("esl", &[], esl) },
        a.components.remove(0),
    ];
    a.aid_limits.push(aid("most", &[1, 2], Bound::AtMost, &[percent(50, &[0, 1])], Effect::Trim));
    a
}

#[test]
fn loan_requested() {
    let amount = LoanAmount::Requested(Money::from_cents(90_000));
    let mut a = lending(amount, &[percent(80, &[0, 1])]);
    a.aid_limits.push(aid("least", &[0], Bound::AtLeast, &[euro(100)], Effect::Reject));
    check_as("loan_requested", "loan", &of(&[a]));
}

#[test]
fn loan_complement() {
    let a = lending(LoanAmount::Complement(vec![percent(100, &[0, 1])]), &[euro(1200)]);
    check_as("loan_complement", "loan", &of(&[a]));
}

#[test]
fn loan_chosen() {
    let a = lending(LoanAmount::Chosen(Money::from_cents(30_000)), &[percent(80, &[0, 1])]);
    check_as("loan_chosen", "loan", &of(&[a]));
}

#[test]
fn aid_reject() {
    let mut a = two();
    a.aid_limits.push(aid("least", &[0], Bound::AtLeast, &[euro(250)], Effect::Reject));
    check("aid_reject", &of(&[a]));
}

#[test]
fn grant() {
    let rounded = |measure: &str, expense: &str, rounding| {
        let mut a = application("P1", measure, &[(expense, "a", 1000)]);
        a.rounding = rounding;
        a
    };
    check("grant", &of(&[rounded("m", "x1", Rounding::HalfUp), rounded("n", "x2", Rounding::Up)]));
}

#[test]
fn pools() {
    let drawing = |project: &str, expense: &str| {
        let mut a = application(project, "m", &[(expense, "a", 1000)]);
        a.draws.push(pool("budget", 700, &a));
        a
    };
    check("draw", &of(&[drawing("P1", "x1"), drawing("P2", "x2")]));
}

#[test]
fn no_dodging() {
    let mut a = two();
    a.claim = Claim::Whole;
    // What is cut to 400 euro would be rejected above 35 % of the other.
    a.cost_limits.push(cost("cut", &[1], Bound::AtMost, &[euro(400)], Effect::Trim));
    a.cost_limits.push(cost("balance", &[1], Bound::AtMost, &[percent(35, &[0])], Effect::Reject));
    check("no_dodging", &of(&[a]));
}

#[test]
fn second_stage() {
    let model = formulate(&[two(), application("P1", "n", &[("x1", "a", 900)])]);
    check("tie_break", &tie_break(&model, Money::from_cents(80_000), Counted::Claims));
    let of_applications = tie_break(&model, Money::from_cents(80_000), Counted::Applications);
    check_as("tie_break-applications", "tie_break", &of_applications);
}
