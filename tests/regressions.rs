//! One test for each bug that was found by hand, with figures worked by hand.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod applications;
}

use common::applications::{aid, application, component};
use grantfolio::allocation::{Document, Status};
use grantfolio::assess::assess;
use grantfolio::eligibility::{Application, Payout};
use grantfolio::engine::{RunError, RunSettings, assess_in_full, optimize};
use grantfolio::load::measures::measure;
use grantfolio::measure::{Band, Bound, Effect, Measure};
use grantfolio::money::Money;
use grantfolio::portfolio::{Company, Expense, Portfolio, Project};
use grantfolio::search::claims_in_full;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

fn read(rules: &str) -> Measure {
    let head = r#"
        format = 1
        id = "m"
        version = "1"
        name = { it = "m", en = "m" }
        authority = "test"
        regime = "none"
        withholding = "0.04"
        window = { status = "open", opens = 2026-01-01, granted_after = "2 months", early_order = "allowed" }
    "#;
    let (measure, _) =
        measure("m.toml", &format!("{head}\n{rules}")).unwrap_or_else(|report| panic!("{report}"));
    measure
}

/// One project with an expense for each (category, euro, months, quantity), all in one lot.
fn portfolio(expenses: &[(&str, &str, Option<i64>, Option<i64>)]) -> Portfolio {
    let mut portfolio = Portfolio::default();
    portfolio.settings.as_of = "2026-06-01".parse().unwrap();
    portfolio.companies.push(Company::new("c".parse().unwrap()));
    portfolio.projects.push(Project::new("p".parse().unwrap(), "c".parse().unwrap()));
    for (number, (category, euro, months, quantity)) in expenses.iter().enumerate() {
        let (id, amount) = (format!("e{number}").parse().unwrap(), euro.parse().unwrap());
        let (project, company) = ("p".parse().unwrap(), "c".parse().unwrap());
        let mut expense = Expense::new(id, project, company, category, amount);
        expense.lot = Some("lot".parse().unwrap());
        expense.service_months = months.map(Decimal::from);
        expense.quantity = quantity.map(Decimal::from);
        portfolio.expenses.push(expense);
    }
    portfolio.sorted()
}

fn run(portfolio: &Portfolio, measure: &Measure) -> Result<Document, RunError> {
    let measures = std::slice::from_ref(measure);
    optimize(portfolio, measures, &RunSettings::default()).map(|run| run.document)
}

fn objective(portfolio: &Portfolio, measure: &Measure) -> String {
    let document = run(portfolio, measure).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(document.status, Status::Optimal);
    document.objective.to_string()
}

/// A third has no decimal: taken as one, 2,500 x 12/36 x 0.3 came to 249.99, and the result failed its verification.
#[test]
fn a_portion_of_months_loses_no_cent_to_a_weight_after_it() {
    let measure = read(
        r#"
        [[cost_item]]
        id = "a"
        takes = ["software"]
        valuation = [{ portion_of = "service_months", at_most = 12 }, { weight = "0.3" }]
        [[aid]]
        id = "g"
        of = "a"
        rate = "1"
    "#,
    );
    assert_eq!(objective(&portfolio(&[("software", "2500.00", Some(36), None)]), &measure), "250.00");
}

/// 4 % of 100.01 is 4.0004. The sheet cut that to 4.00 and left 96.01; S14 cuts the cash, 96.0096, to 96.00.
#[test]
fn the_sheet_cuts_cash_not_what_is_withheld() {
    let measure = read(
        r#"
        [[cost_item]]
        id = "a"
        takes = ["software"]
        [[aid]]
        id = "g"
        of = "a"
        rate = "1"
    "#,
    );
    let portfolio = portfolio(&[("software", "100.01", None, None)]);
    let (assessed, _) = assess_in_full(&portfolio, &measure).unwrap();
    let last = assessed[0].sheet.lines.last().unwrap();
    assert_eq!((last.step, last.amount.as_str()), ("net", "96.00"));
    assert_eq!(run(&portfolio, &measure).unwrap().totals.net.to_string(), "96.00");
}

/// The cap of the lot takes the aid of b (last in its set) for the aid of a, which the cap of a then takes away: with everything
/// claimed 5,000 are left, with b alone 10,000. The smaller figure passed for the most, and the pool of 7,000 for one that cannot bind.
#[test]
fn caps_that_work_against_each_other_do_not_hide_a_pool() {
    let measure = read(
        r#"
        [[cost_item]]
        id = "a"
        takes = ["machinery"]
        [[cost_item]]
        id = "b"
        takes = ["software"]
        [[aid]]
        id = "aid-a"
        of = "a"
        rate = "1"
        [[aid]]
        id = "aid-b"
        of = "b"
        rate = "1"
        [[limit]]
        id = "cap-of-lot"
        of = ["aid:aid-a", "aid:aid-b"]
        per = "lot"
        at_most = [{ euro = "10000.00" }]
        effect = "trim"
        [[limit]]
        id = "cap-of-a"
        of = "aid:aid-a"
        at_most = [{ euro = "5000.00" }]
        effect = "trim"
        [[pool]]
        id = "budget"
        available = "7000.00"
    "#,
    );
    let portfolio = portfolio(&[("machinery", "10000.00", None, None), ("software", "10000.00", None, None)]);
    assert_eq!(objective(&portfolio, &measure), "7000.00");
}

/// What is out of bounds refuses the line or the application by its rule; each of these ended the run with an internal error.
#[test]
fn numbers_out_of_bounds_refuse() {
    let rates = [
        r#"rate = { difference = ["0.1", "0.5"] }"#,
        r#"rate = { product = [{ fact = "quantity" }, "0.5"] }"#,
        r#"per_unit = "9000000000""#,
        r#"fixed = { difference = ["1", "2"] }"#,
    ];
    for aid in rates {
        let measure = read(&format!(
            r#"
            [[cost_item]]
            id = "a"
            takes = ["software"]
            [[aid]]
            id = "g"
            of = "a"
            {aid}
        "#
        ));
        let portfolio = portfolio(&[("software", "9000000000.00", None, Some(900_000_000_000))]);
        assert_eq!(objective(&portfolio, &measure), "0.00", "{aid}");
    }
}

/// A fact that a valuation lacks is named by the engine as by its judge.
#[test]
fn a_fact_that_a_valuation_lacks_is_named() {
    let measure = read(
        r#"
        [[fact]]
        subject = "expense"
        name = "power"
        type = "number"
        [[cost_item]]
        id = "a"
        takes = ["equipment"]
        valuation = [{ unit_ceiling = { fact = "power" } }]
        [[aid]]
        id = "g"
        of = "a"
        rate = "0.5"
    "#,
    );
    let document = run(&portfolio(&[("equipment", "100.00", None, Some(2))]), &measure).unwrap();
    let reason = &document.expenses[0].reasons[0];
    assert!(reason.text.contains("expense.power"), "{reason:?}");
}

fn euro(euro: i64) -> Money {
    Money::from_cents(euro * 100)
}

fn grants(application: &Application, claims: [i64; 2]) -> Money {
    assess(application, &claims.map(euro)).grant
}

/// 100 of 150 claimed are granted 50; all of them lie beyond the last tier.
#[test]
fn a_last_tier_that_ends_makes_less_more() {
    let mut application = application("p", "m", &[("e1", "a", 100), ("e2", "a", 50)]);
    let last = Band { up_to: Some(euro(100)), rate: "0.5".parse().unwrap() };
    application.components = vec![component("tier", &[0, 1], Payout::Tiers(vec![last]))];
    assert_eq!((grants(&application, [100, 0]), grants(&application, [100, 50])), (euro(50), Money::ZERO));
    assert!(!claims_in_full(&application));
}

/// A cap of 60 on both takes from b for a: with 100 + 100 claimed b keeps 10, below its floor of 20; with 80 of a it keeps 20.
#[test]
fn a_floor_on_aid_that_a_cap_takes_away_makes_less_more() {
    let mut application = application("p", "m", &[("e1", "a", 100), ("e2", "b", 100)]);
    let half = |id: &str, entry| component(id, &[entry], Payout::Rate(vec![dec!(0.5)]));
    application.components = vec![half("a", 0), half("b", 1)];
    let (cap, floor) = ([common::applications::euro(60)], [common::applications::euro(20)]);
    application.aid_limits = vec![aid("cap", &[0, 1], Bound::AtMost, &cap, Effect::Trim)];
    assert!(claims_in_full(&application));
    application.aid_limits.push(aid("floor", &[1], Bound::AtLeast, &floor, Effect::Reject));
    assert_eq!((grants(&application, [100, 100]), grants(&application, [80, 100])), (Money::ZERO, euro(60)));
    assert!(!claims_in_full(&application));
}
