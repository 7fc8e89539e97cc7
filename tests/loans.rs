//! Loans and guarantees (S12) against figures computed by hand: what is lent, the aid in the guarantee, what is left for grants.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod applications;
}

use common::applications::{aid, application, component, euro, percent};
use grantfolio::assess::{Assessment, Left, assess, binding, sheet, upper_bound};
use grantfolio::eligibility::{Application, Component, Loan, LoanAmount, Payout, Term};
use grantfolio::ids::RuleId;
use grantfolio::measure::{Bound, Effect, Form};
use grantfolio::money::Money;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn loan(amount: LoanAmount, at_most: &[Term]) -> Component {
    let payout = Payout::Loan(Loan { amount, at_most: at_most.to_vec() });
    Component { form: Form::Loan, ..component("loan", &[0], payout) }
}

fn share(id: &str, form: Form, of: usize, rate: Decimal) -> Component {
    Component { form, ..component(id, &[], Payout::Share { components: vec![of], rate }) }
}

/// One million of machinery: a loan, a guarantee at this rate of it (components 0 and 1), a grant of 60 % (component 2), which may come
/// to 20 % of cost, with the guarantee to 25 %.
fn guaranteed(loan: Component, esl: Decimal) -> Application {
    let mut a = application("P1", "m", &[("x1", "machinery", 1_000_000)]);
    let grant = component("grant", &[0], Payout::Rate(vec![dec!(0.6)]));
    a.components = vec![loan, share("esl", Form::Guarantee, 0, esl), grant];
    a.aid_limits = vec![
        aid("grant-cap", &[2], Bound::AtMost, &[percent(20, &[0])], Effect::Trim),
        aid("total-intensity", &[1, 2], Bound::AtMost, &[percent(25, &[0])], Effect::Trim),
    ];
    a.limit_order = a.aid_limits.iter().map(|limit| limit.rule.id.clone()).collect();
    a
}

fn in_full(a: &Application) -> Assessment {
    let assessment = assess(a, &a.full_claims());
    assert!(assessment.grant <= upper_bound(a), "{} above {}", assessment.grant, upper_bound(a));
    assessment
}

/// Loan, ESL and grant with everything claimed.
fn figures(a: &Application) -> [Money; 3] {
    let assessment = in_full(a);
    [assessment.loan, assessment.esl, assessment.grant]
}

fn requested(text: &str) -> Component {
    loan(LoanAmount::Requested(money(text)), &[percent(100, &[0])])
}

#[test]
fn the_grant_falls_with_the_loan_once_the_total_binds() {
    let of = |amount: &str| figures(&guaranteed(requested(amount), dec!(0.07548)));
    // 600,000 x 0.07548 = 45,288.00; 250,000 - 45,288 = 204,712 leaves the grant its cap of 200,000.
    assert_eq!(of("600000"), [money("600000"), money("45288.00"), money("200000.00")]);
    // 50,000 / 0.07548 = 662,427.1 is where both caps meet: at 662,427 the guarantee takes 49,999.99 (49,999.98996), above it more.
    assert_eq!(of("662427"), [money("662427"), money("49999.99"), money("200000.00")]);
    // 800,000 x 0.07548 = 60,384; 250,000 - 60,384 = 189,616.
    assert_eq!(of("800000"), [money("800000"), money("60384.00"), money("189616.00")]);
    assert_eq!(of("1000000"), [money("1000000"), money("75480.00"), money("174520.00")]);
}

#[test]
fn the_exact_rate_of_the_guarantee_gives_the_figures_of_the_worked_example() {
    // 0.70 x 0.0254 x 4.245441... (balances of 1, 1, 1, 3/4, 1/2, 1/4 discounted at 3.19 %) = 0.075483946 to nine decimals:
    // 600,000: 45,290.37; 662,392: 49,999.96; 800,000: 60,387.16 and 189,612.84 of grant.
    let esl = dec!(0.075483946);
    let of = |amount: &str| figures(&guaranteed(requested(amount), esl));
    assert_eq!(of("600000"), [money("600000"), money("45290.37"), money("200000.00")]);
    assert_eq!(of("662392"), [money("662392"), money("49999.96"), money("200000.00")]);
    // The ESL is published to the nearest cent (60,387.1568), the grant cut: 250,000 - 60,387.1568 = 189,612.8432.
    assert_eq!(of("800000"), [money("800000"), money("60387.16"), money("189612.84")]);
}

#[test]
fn loan_and_grant_together_stay_within_the_cost() {
    // The fourth row: 850,000 asked for, loan and grant at most the investment: a ceiling on the grant that counts the loan.
    let mut a = guaranteed(requested("850000"), dec!(0.07548));
    a.aid_limits.push(aid("investment", &[0, 2], Bound::AtMost, &[percent(100, &[0])], Effect::Trim));
    a.limit_order.push("investment".parse().unwrap());
    let assessment = in_full(&a);
    // 850,000 x 0.07548 = 64,158; the total would leave 185,842, the investment leaves 150,000.
    let found = [assessment.loan, assessment.esl, assessment.grant];
    assert_eq!(found, [money("850000"), money("64158.00"), money("150000.00")]);
    assert_eq!(assessment.components, [Money::ZERO, Money::ZERO, money("150000.00")]);
    // The grant before each: 600,000, 200,000 and 185,842; every one is cut.
    let limits = binding(&a, &assessment);
    let limits: Vec<&str> = limits.iter().map(RuleId::as_str).collect();
    assert_eq!(limits, ["grant-cap", "total-intensity", "investment"]);
}

#[test]
fn what_is_asked_for_is_cut_to_what_may_be_lent() {
    let most = [euro(700_000), percent(100, &[0])];
    let a = guaranteed(loan(LoanAmount::Requested(money("900000")), &most), dec!(0.07548));
    // 700,000 x 0.07548 = 52,836; 250,000 - 52,836 = 197,164.
    assert_eq!(figures(&a), [money("700000"), money("52836.00"), money("197164.00")]);
    // Half the cost: 100 % of 500,000; 0.07548 x 500,000 = 37,740; the grant cap is 100,000, the total 125,000 - 37,740 = 87,260.
    let half = assess(&a, &[money("500000")]);
    assert_eq!([half.loan, half.esl, half.grant], [money("500000"), money("37740.00"), money("87260.00")]);
    // Nothing admitted, nothing lent; nothing asked for, nothing lent.
    assert_eq!(assess(&a, &[Money::ZERO]).loan, Money::ZERO);
    assert_eq!(figures(&guaranteed(requested("0"), dec!(0.07548)))[0], Money::ZERO);
}

#[test]
fn the_loan_covers_what_the_grant_leaves() {
    let covers = LoanAmount::Complement(vec![percent(100, &[0])]);
    let a = guaranteed(loan(covers.clone(), &[]), dec!(0.07548));
    // L + g = 1,000,000 and g = 250,000 - 0.07548 L: 0.92452 L = 750,000, L = 811,231.77...; ESL 61,231.77, g = 188,768.22.
    // L = 811,231.78 with ESL 61,231.7747... leaves 188,768.2252, cut to 188,768.22: together 1,000,000.00; a cent more lent is a cent too much.
    assert_eq!(figures(&a), [money("811231.78"), money("61231.77"), money("188768.22")]);
    // At most 600,000 may be lent: then the grant cap binds.
    let a = guaranteed(loan(covers, &[euro(600_000)]), dec!(0.07548));
    assert_eq!(figures(&a), [money("600000"), money("45288.00"), money("200000.00")]);
    // Loan and grant cover 15 % only: the grants alone exceed it.
    let a = guaranteed(loan(LoanAmount::Complement(vec![percent(15, &[0])]), &[]), dec!(0.07548));
    assert_eq!(figures(&a), [Money::ZERO, Money::ZERO, money("200000.00")]);
}

#[test]
fn a_chosen_loan_takes_no_cent_of_the_grant() {
    let chosen = |least: &str, most: i64| {
        guaranteed(loan(LoanAmount::Chosen(money(least)), &[euro(most)]), dec!(0.07548))
    };
    // 50,000 / 0.07548 = 662,427.13 (49,999.9998 of ESL); 0.01 more would be 50,000.0005 and cost a cent.
    assert_eq!(
        figures(&chosen("50000", 900_000)),
        [money("662427.13"), money("50000.00"), money("200000.00")]
    );
    assert_eq!(figures(&chosen("50000", 400_000))[0], money("400000"));
    // No less than 50,000 is lent, and no more than 40,000 may be: nothing.
    assert_eq!(figures(&chosen("50000", 40_000)), [Money::ZERO, Money::ZERO, money("200000.00")]);
    // At least 800,000: the grant is what it is there, 189,616.00, and a cent more lent (0.0007548 of ESL) would cut it to 189,615.99.
    assert_eq!(figures(&chosen("800000", 900_000)), [money("800000"), money("60384.00"), money("189616.00")]);
}

#[test]
fn a_minimum_loan_refuses_who_asks_for_less() {
    let with_minimum = |amount: &str| {
        let mut a = guaranteed(requested(amount), dec!(0.07548));
        a.aid_limits.push(aid("least-loan", &[0], Bound::AtLeast, &[euro(100_000)], Effect::Reject));
        a.limit_order.push("least-loan".parse().unwrap());
        in_full(&a)
    };
    let refused = with_minimum("99999.99");
    assert_eq!(refused.rejected_by.unwrap().as_str(), "least-loan");
    assert_eq!([refused.loan, refused.esl, refused.grant], [Money::ZERO; 3]);
    assert_eq!(with_minimum("0").grant, Money::ZERO);
    assert_eq!(with_minimum("100000").grant, money("200000.00"));
}

#[test]
fn a_grant_may_be_a_share_of_the_loan() {
    let mut a = application("P1", "m", &[("x1", "machinery", 1_000_000)]);
    a.components = vec![
        loan(LoanAmount::Complement(vec![percent(100, &[0])]), &[]),
        share("non-repayable", Form::Grant, 0, dec!(0.1)),
    ];
    // L + 0.1 L = 1,000,000: L = 909,090.91 brings 90,909.091, cut to 90,909.09, together 1,000,000.00; a cent more lent is a cent too much.
    assert_eq!(figures(&a), [money("909090.91"), Money::ZERO, money("90909.09")]);
    // As much as can be had when the grant rises with it.
    a.components[0] = loan(LoanAmount::Chosen(money("1000")), &[percent(80, &[0])]);
    assert_eq!(figures(&a), [money("800000"), Money::ZERO, money("80000")]);
}

#[test]
fn the_sheet_shows_loan_guarantee_and_intensity() {
    let a = guaranteed(requested("800000"), dec!(0.07548));
    let assessment = in_full(&a);
    let sheet = sheet(&a, &assessment, &Left::whole(&assessment));
    let amount = |step: &str| {
        let line = sheet.lines.iter().find(|line| line.step == step);
        line.unwrap_or_else(|| panic!("no line '{step}'")).amount.clone()
    };
    assert_eq!(amount("loan"), "800000.00");
    assert_eq!(amount("esl"), "60384.00");
    // 189,616 + 60,384 = 250,000 on 1,000,000.
    assert_eq!(amount("intensity"), "25.00 %");
}
