//! The independent check on plans with choices, members, loans, ledgers, pools, cumulation and decisions: figures computed by hand in
//! comments, and every small way to spoil them.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod documents;
    pub mod mutations;
}

use std::slice::from_ref;

use common::documents::{
    amount, application, assert_agreed, assert_valid, assignment, day, document, euro, expense, id, item,
    limit, measure, outcome, portfolio, rate, rule, rules_of,
};
use grantfolio::allocation::{
    Application, Assignment, ComponentAmount, DerivedAmount, Document, DrawNote, MemberShare, Reason,
};
use grantfolio::dates::Span;
use grantfolio::engine::{RunSettings, optimize};
use grantfolio::measure::{
    Bound, Ceiling, Cell, Choice, ChoiceOption, ChoicePer, Claim, Component, Condition, Cumulation, Derived,
    Due, EarlyOrder, Effect, FactRef, Form, Holder, Item, ItemKind, Ledger, Loan, LoanAmount, Measure,
    Meeting, MeetingPlace, Names, Number, OtherAid, Over, Period, Pool, PoolScope, Quantity, Requirement,
    Row, Scope, Shape, Subject, Table, Term, Test, Unknown,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{
    Company, Decision, Expense, MeasureSettings, Member, Portfolio, PriorAid, Project, Size, Value, Verb,
};
use grantfolio::rate::Rate;
use grantfolio::verify::verify;
use rust_decimal_macros::dec;

fn is(subject: Subject, name: &str, words: &[&str]) -> Condition {
    let words = words.iter().map(|word| Value::text(*word)).collect();
    Condition::Fact(FactRef::new(subject, name), Test::OneOf(words))
}

fn ledger(name: &str, ceiling: rust_decimal::Decimal, over: Over) -> Ledger {
    Ledger {
        rule: rule(name),
        ledger: name.into(),
        per: Holder::Undertaking,
        of: vec![0],
        when: Condition::ALWAYS,
        refuses: false,
        periods: vec![Period { from: None, until: None, at_most: ceiling.into(), over }],
        counts: vec![name.into()],
    }
}

const THREE_YEARS: Over = Over::Rolling(Span { months: 36, days: 0 });

fn prior(undertaking: &str, granted_on: &str, regulation: &str, aid: &str) -> PriorAid {
    PriorAid {
        undertaking: id(undertaking),
        granted_on: day(granted_on),
        regulation: regulation.into(),
        aid: euro(aid),
        measure: None,
        expense: None,
    }
}

fn draw(rule: &str, holder: Option<&str>, room: &str, amount: &str) -> DrawNote {
    DrawNote {
        rule: id(rule),
        account: rule.into(),
        holder: holder.map(str::to_owned),
        room: euro(room),
        amount: euro(amount),
        freed_on: None,
    }
}

/// 20 % under one regime, 50 % under the other, which has 3000 left and alone takes training.
fn two_regimes() -> (Portfolio, Measure) {
    let mut iota = measure("iota");
    let option = |name: &str, regime: &str, when: Condition| ChoiceOption {
        id: name.into(),
        names: Names::default(),
        regime: Some(regime.into()),
        early_order: None,
        when,
    };
    iota.choices = vec![Choice {
        rule: rule("regime"),
        per: ChoicePer::Application,
        options: vec![
            option("gber", "gber:17", is(Subject::Company, "size", &["micro", "small"])),
            option("agriculture", "de_minimis:1408/2013", is(Subject::Company, "ateco", &["01"])),
            option("de_minimis", "de_minimis", Condition::ALWAYS),
        ],
    }];
    let under = |option: &str| is(Subject::Choice, "regime", &[option]);
    let mut training = item("y", "training");
    if let ItemKind::Cost(cost) = &mut training.kind {
        cost.when = under("de_minimis");
    }
    iota.items = vec![item("x", "machinery"), training];
    iota.components = vec![
        Component { when: under("de_minimis"), ..rate(vec![0, 1], dec!(0.5)) },
        Component { rule: rule("small"), when: under("gber"), ..rate(vec![0, 1], dec!(0.2)) },
    ];
    iota.ledgers =
        vec![Ledger { when: under("de_minimis"), ..ledger("de_minimis", dec!(300000), THREE_YEARS) }];
    let mut portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "machinery", "10000.00"),
        expense("e2", "P1", "C1", "training", "1000.00"),
    ]);
    portfolio.prior_aids = vec![prior("C1", "2025-01-31", "de_minimis:2023/2831", "297000.00")];
    (portfolio, iota)
}

fn choosing(option: &str, made: Application) -> Application {
    Application { choices: [("regime".to_owned(), option.to_owned())].into_iter().collect(), ..made }
}

#[test]
fn the_variant_named_is_the_one_that_is_assessed() {
    let (portfolio, iota) = two_regimes();
    // 0.5 x 11000 = 5500, but 3000 are left until 31 January 2028: 3000 x 5000/5500 = 2727.27 and 272.73.
    let freed_on = Some(day("2028-01-31"));
    let made = Application {
        draws: vec![DrawNote { freed_on, ..draw("de_minimis", Some("C1"), "3000.00", "3000.00") }],
        limits_binding: vec![id("de_minimis")],
        ..application("P1", "C1", "iota", "11000.00", "3000.00")
    };
    let reduced = document(
        vec![choosing("de_minimis", made)],
        vec![
            outcome("e1", assignment("iota", "x", "10000.00", "10000.00", "2727.27"), vec![]),
            outcome("e2", assignment("iota", "y", "1000.00", "1000.00", "272.73"), vec![]),
        ],
    );
    assert_agreed(&portfolio, from_ref(&iota));
    assert_valid(&portfolio, from_ref(&iota), &reduced);
    let ItemKind::Cost(training) = &iota.items[1].kind else { unreachable!() };
    let refused = Reason::not_met(&iota.id, &iota.items[1].rule, &training.when, &[]);
    let made = Application {
        aid: vec![ComponentAmount { component: id("small"), amount: euro("2000.00") }],
        ..application("P1", "C1", "iota", "10000.00", "2000.00")
    };
    let exempt = document(
        vec![choosing("gber", made)],
        vec![
            outcome("e1", assignment("iota", "x", "10000.00", "10000.00", "2000.00"), vec![]),
            outcome("e2", None, vec![refused]),
        ],
    );
    assert_agreed(&portfolio, from_ref(&iota));
    assert_valid(&portfolio, from_ref(&iota), &exempt);
    for option in ["gber", "agriculture"] {
        let mut spoilt = reduced.clone();
        spoilt.applications[0] = choosing(option, spoilt.applications[0].clone());
        assert!(!verify(&portfolio, from_ref(&iota), &spoilt).is_empty(), "{option}");
    }
}

#[test]
fn what_some_variant_would_take_is_not_refused() {
    let (mut portfolio, mut iota) = two_regimes();
    let both = |reason: &Reason| {
        let outcomes = ["e1", "e2"].map(|expense| outcome(expense, None, vec![reason.clone()]));
        document(Vec::new(), outcomes.to_vec())
    };
    let not_applied = Reason::not_applied(&iota.id);
    assert_agreed(&portfolio, from_ref(&iota));
    assert_valid(&portfolio, from_ref(&iota), &both(&not_applied));
    iota.choices[0].options.pop();
    portfolio.companies[0].size = Some(Size::Large);
    let closed = Reason::no_option(&iota.id, &iota.choices[0].rule);
    assert_agreed(&portfolio, from_ref(&iota));
    assert_valid(&portfolio, &[iota], &both(&closed));
}

/// A lead, a small member with little room left, a large member without aid.
fn partnership() -> (Portfolio, Measure, Document) {
    let mut kappa = measure("kappa");
    let flat = Derived { rate: dec!(0.07).into(), of: vec![0], when: Condition::ALWAYS };
    kappa.items =
        vec![item("x", "machinery"), Item { id: id("o"), rule: rule("o"), kind: ItemKind::Derived(flat) }];
    let small = Cell::Test(Test::OneOf(vec![Value::text("small")]));
    let by_size = Number::Table(Table {
        name: "by_size".into(),
        keys: vec![FactRef::new(Subject::Member, "size")],
        rows: vec![Row { cells: vec![small], value: dec!(0.5) }],
    });
    let shape = Shape::Rate { rate: by_size, premiums: Vec::new() };
    kappa.components = vec![Component { shape, ..rate(vec![0, 1], dec!(0)) }];
    kappa.requirements = vec![Requirement {
        rule: rule("beneficiaries"),
        subject: Subject::Member,
        applies: Condition::ALWAYS,
        must: is(Subject::Member, "size", &["micro", "small", "medium"]),
        unknown: Unknown::Block,
        fails: Scope::MemberAid,
        question: None,
    }];
    kappa.member_classes = vec![("sme".into(), is(Subject::Member, "size", &["small"]))];
    kappa.requirements.push(Requirement {
        rule: rule("two-smes"),
        subject: Subject::Project,
        must: Condition::Fact(FactRef::new(Subject::Members, "sme"), Test::AtLeast(Value::Number(dec!(2)))),
        fails: Scope::Application,
        ..kappa.requirements[0].clone()
    });
    kappa.ledgers = vec![Ledger { per: Holder::Member, ..ledger("de_minimis", dec!(200000), THREE_YEARS) }];
    let mut portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "machinery", "10000.00"),
        expense("e2", "P1", "C2", "machinery", "6000.00"),
        expense("e3", "P1", "C3", "machinery", "4000.00"),
    ]);
    let member = |company: &str, size: Size| Member {
        project: id("P1"),
        company: id(company),
        size: Some(size),
        role: None,
    };
    portfolio.companies.extend([Company::new(id("C2")), Company::new(id("C3"))]);
    portfolio.members = vec![member("C2", Size::Small), member("C3", Size::Large)];
    portfolio.prior_aids = vec![prior("C2", "2024-05-01", "de_minimis:2023/2831", "197790.00")];
    // Overheads 0.07 x 16000 = 1120, of C1 700 and C2 420. Grant 0.5 x (10000 + 6000 + 1120) = 8560: C1 5000 + 350, C2 3000 + 210.
    // C2 has 200000 - 197790 = 2210 left: 2210 x 3000/3210 = 2065.42 and 144.58 (the larger remainder).
    let share = |company: &str, admitted: &str, grant: &str| MemberShare {
        company: id(company),
        admitted: euro(admitted),
        grant: euro(grant),
        esl: Money::ZERO,
    };
    let freed_on = Some(day("2027-05-01"));
    let made = Application {
        derived: vec![DerivedAmount { item: id("o"), amount: euro("1120.00"), aid: euro("494.58") }],
        members: vec![
            share("C1", "10700.00", "5350.00"),
            share("C2", "6420.00", "2210.00"),
            share("C3", "4000.00", "0.00"),
        ],
        draws: vec![
            draw("de_minimis", Some("C1"), "200000.00", "5350.00"),
            DrawNote { freed_on, ..draw("de_minimis", Some("C2"), "2210.00", "2210.00") },
        ],
        limits_binding: vec![id("de_minimis")],
        ..application("P1", "C1", "kappa", "21120.00", "7560.00")
    };
    let document = document(
        vec![made],
        vec![
            outcome("e1", assignment("kappa", "x", "10000.00", "10000.00", "5000.00"), vec![]),
            outcome("e2", assignment("kappa", "x", "6000.00", "6000.00", "2065.42"), vec![]),
            outcome("e3", assignment("kappa", "x", "4000.00", "4000.00", "0.00"), vec![]),
        ],
    );
    (portfolio, kappa, document)
}

#[test]
fn members_draw_for_what_falls_on_their_cost() {
    let (portfolio, kappa, document) = partnership();
    assert_valid(&portfolio, &[kappa], &document);
}

#[test]
fn a_member_that_fails_takes_its_lines_or_the_application_along() {
    let (mut portfolio, mut kappa, document) = partnership();
    kappa.requirements[0].fails = Scope::Line;
    assert_eq!(rules_of(&portfolio, from_ref(&kappa), &document)[0], "measure kappa rule beneficiaries");
    kappa.requirements[0].fails = Scope::Application;
    let violations = verify(&portfolio, from_ref(&kappa), &document);
    assert_eq!(violations[0].path, "expenses[0].assignments[0]");
    kappa.requirements[0].fails = Scope::MemberAid;
    portfolio.members[0].size = Some(Size::Medium);
    assert_eq!(rules_of(&portfolio, &[kappa], &document)[0], "measure kappa rule two-smes");
}

#[test]
fn a_ledger_that_refuses_leaves_nothing() {
    let (portfolio, mut kappa, document) = partnership();
    kappa.ledgers[0].refuses = true;
    assert_eq!(rules_of(&portfolio, &[kappa], &document)[0], "measure kappa rule de_minimis");
}

/// A million of machinery: 20 % granted, loan and grant within the cost, grant and guarantee within 25 % of it.
fn guaranteed_loan(amount_of: LoanAmount) -> Measure {
    let mut lambda = measure("lambda");
    lambda.items = vec![item("x", "machinery")];
    let months = |months: rust_decimal::Decimal| Box::new(Number::Constant(months));
    let balances = Number::DiscountedBalances {
        years: months(dec!(6)),
        grace_months: months(dec!(24)),
        rate: months(dec!(0.0319)),
        due: Due::Start,
    };
    let product = Number::Product(vec![dec!(0.70).into(), dec!(0.0254).into(), balances]);
    let loan = Shape::Loan(Loan { amount: amount_of, at_most: vec![amount(dec!(1000000))] });
    let component = |name: &str, form: Form, of: Vec<usize>, shape: Shape| Component {
        rule: rule(name),
        form,
        of,
        shape,
        when: Condition::ALWAYS,
    };
    lambda.components = vec![
        component("loan", Form::Loan, vec![0], loan),
        component("esl", Form::Guarantee, vec![], Shape::Share { components: vec![0], rate: product }),
        rate(vec![0], dec!(0.2)),
    ];
    let share =
        |rate: rust_decimal::Decimal| Term { euro: Number::ZERO, shares: vec![(rate.into(), vec![0])] };
    lambda.limits = vec![
        limit("intensity", Quantity::Aid(vec![1, 2]), Bound::AtMost, share(dec!(0.25)), Effect::Trim),
        limit("investment", Quantity::Aid(vec![0, 2]), Bound::AtMost, share(dec!(1)), Effect::Trim),
    ];
    lambda
}

fn lent(loan: &str, esl: &str, grant: &str, binding: &[&str]) -> Document {
    let made = Application {
        loan: euro(loan),
        esl: euro(esl),
        limits_binding: binding.iter().map(|rule| id(rule)).collect(),
        ..application("P1", "C1", "lambda", "1000000.00", grant)
    };
    let whole = assignment("lambda", "x", "1000000.00", "1000000.00", grant);
    document(vec![made], vec![outcome("e1", whole, vec![])])
}

#[test]
fn a_loan_that_is_asked_for_moves_the_grant() {
    // Balances 1, 1, 1, 3/4, 1/2, 1/4 discounted at 3.19 % are 4.245440856; 0.70 x 0.0254 x that is, to nine decimals,
    // 0.075483938 of the loan.
    // 0.25 x 1000000 - 60387.1504 = 189612.84; 1000000 - 850000 = 150000 is less than 250000 - 64161.3473.
    let rows = [
        ("600000.00", "45290.36", "200000.00", &[][..]),
        ("662392.00", "49999.96", "200000.00", &[]),
        ("800000.00", "60387.15", "189612.84", &["intensity"]),
        ("850000.00", "64161.35", "150000.00", &["intensity", "investment"]),
    ];
    let lambda = guaranteed_loan(LoanAmount::Requested);
    for (loan, esl, grant, binding) in rows {
        let mut portfolio = portfolio(vec![expense("e1", "P1", "C1", "machinery", "1000000.00")]);
        portfolio.projects[0].loan_amount = Some(euro(loan));
        assert_agreed(&portfolio, from_ref(&lambda));
        assert_valid(&portfolio, from_ref(&lambda), &lent(loan, esl, grant, binding));
    }
    let portfolio = portfolio(vec![expense("e1", "P1", "C1", "machinery", "1000000.00")]);
    assert_agreed(&portfolio, from_ref(&lambda));
    assert_valid(&portfolio, from_ref(&lambda), &lent("0.00", "0.00", "200000.00", &[]));
    let minimum = limit("a-loan", Quantity::Aid(vec![0]), Bound::AtLeast, amount(dec!(0.01)), Effect::Reject);
    let refusing = Measure { limits: vec![minimum], ..lambda };
    let none = lent("0.00", "0.00", "200000.00", &[]);
    assert_eq!(rules_of(&portfolio, &[refusing], &none)[0], "measure lambda rule a-loan");
}

#[test]
fn a_loan_fills_what_the_grants_leave() {
    let whole = Term { euro: Number::ZERO, shares: vec![(dec!(1).into(), vec![0])] };
    let mut lambda = guaranteed_loan(LoanAmount::Complement(vec![whole]));
    lambda.limits.pop();
    // L + 250000 - 0.075483938 L <= 1000000 with the grant cut to cents: 811235.24 + 188764.76 (250000 - 61235.2306 = 188764.7694) is the
    // cost; a cent more leaves 188764.7686, so the grant stays and the sum is a cent too much.
    let portfolio = portfolio(vec![expense("e1", "P1", "C1", "machinery", "1000000.00")]);
    assert_agreed(&portfolio, from_ref(&lambda));
    assert_valid(&portfolio, &[lambda], &lent("811235.24", "61235.23", "188764.76", &["intensity"]));
}

#[test]
fn a_loan_is_as_large_as_costs_no_grant() {
    let lambda = guaranteed_loan(LoanAmount::Chosen(dec!(50000).into()));
    // The guarantee may come to 50000: 50000 / 0.075483938 = 662392.574..., so 662392.57.
    let portfolio = portfolio(vec![expense("e1", "P1", "C1", "machinery", "1000000.00")]);
    assert_agreed(&portfolio, from_ref(&lambda));
    assert_valid(&portfolio, from_ref(&lambda), &lent("662392.57", "50000.00", "200000.00", &[]));
    // Where less than the least may be lent, nothing is.
    let lambda = guaranteed_loan(LoanAmount::Chosen(dec!(1000000.01).into()));
    assert_agreed(&portfolio, from_ref(&lambda));
    assert_valid(&portfolio, &[lambda], &lent("0.00", "0.00", "200000.00", &[]));
}

#[test]
fn a_ledger_looks_back_three_years_or_three_fiscal_years() {
    let mut rolling = measure("rolling");
    rolling.items = vec![item("x", "machinery")];
    rolling.components = vec![rate(vec![0], dec!(0.5))];
    rolling.ledgers = vec![ledger("de_minimis", dec!(300000), THREE_YEARS)];
    let mut fiscal = Measure { id: id("fiscal"), ..rolling.clone() };
    fiscal.items = vec![item("x", "training")];
    fiscal.ledgers = vec![Ledger {
        per: Holder::Company,
        counts: vec!["de_minimis:1407".into()],
        ..ledger("old", dec!(200000), Over::FiscalYears(3))
    }];
    let mut portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "machinery", "60000.00"),
        expense("e2", "P2", "C2", "machinery", "60000.00"),
        expense("e3", "P3", "C1", "training", "100000.00"),
    ]);
    // C1 and C2 are one undertaking.
    portfolio.companies[0].undertaking = id("U");
    portfolio.companies[0].fiscal_year_end = Some(day("2025-06-30"));
    portfolio.companies.push(Company { undertaking: id("U"), ..Company::new(id("C2")) });
    portfolio.projects.extend([Project::new(id("P2"), id("C2")), Project::new(id("P3"), id("C1"))]);
    portfolio.prior_aids = vec![
        // Three years before the grant of 1 September 2026 is 1 September 2023, which no longer counts.
        prior("U", "2023-09-01", "de_minimis:2023/2831", "100000.00"),
        prior("U", "2023-09-02", "de_minimis:2023/2831", "250000.00"),
        prior("U", "2025-01-01", "gber:28", "90000.00"),
        prior("C2", "2025-01-01", "de_minimis:2023/2831", "90000.00"),
        // Fiscal years end in June: that of the grant and the two before begin on 1 July 2024.
        prior("U", "2024-06-30", "de_minimis:1407/2013", "1.00"),
        prior("U", "2024-07-01", "de_minimis:1407/2013:road", "169999.00"),
    ];
    // The ledger `de_minimis` counts the old regulation too: 470000 - 250000 - 1 - 169999 = 50000.
    rolling.ledgers[0].periods[0].at_most = dec!(470000).into();
    // P1 draws 30000 of 50000; P2 has 20000 left, until 2 September 2026, when the 250000 fall out. P3: 30001 of the old ledger until
    // 1 July 2027, when the year that began on 1 July 2024 falls out.
    let made = |project: &str, company: &str, measure: &str, cost: &str, draw: DrawNote, binds: bool| {
        let binding = if binds { vec![draw.rule.clone()] } else { Vec::new() };
        let grant = draw.amount.to_string();
        Application {
            draws: vec![draw],
            limits_binding: binding,
            ..application(project, company, measure, cost, &grant)
        }
    };
    let freed = |on: &str, draw: DrawNote| DrawNote { freed_on: Some(day(on)), ..draw };
    let first = draw("de_minimis", Some("U"), "50000.00", "30000.00");
    let second = freed("2026-09-02", draw("de_minimis", Some("U"), "20000.00", "20000.00"));
    let third = freed("2027-07-01", draw("old", Some("C1"), "30001.00", "30001.00"));
    let elsewhere = |measure: &Measure, category: &str| vec![Reason::no_item(&measure.id, category)];
    let document = document(
        vec![
            made("P1", "C1", "rolling", "60000.00", first, false),
            made("P2", "C2", "rolling", "60000.00", second, true),
            made("P3", "C1", "fiscal", "100000.00", third, true),
        ],
        vec![
            outcome(
                "e1",
                assignment("rolling", "x", "60000.00", "60000.00", "30000.00"),
                elsewhere(&fiscal, "machinery"),
            ),
            outcome(
                "e2",
                assignment("rolling", "x", "60000.00", "60000.00", "20000.00"),
                elsewhere(&fiscal, "machinery"),
            ),
            outcome(
                "e3",
                assignment("fiscal", "x", "100000.00", "100000.00", "30001.00"),
                elsewhere(&rolling, "training"),
            ),
        ],
    );
    assert_agreed(&portfolio, &[fiscal.clone(), rolling.clone()]);
    assert_valid(&portfolio, &[fiscal, rolling], &document);
}

#[test]
fn pools_pay_for_their_items_in_their_territory() {
    let mut pi = measure("pi");
    pi.items = vec![item("a", "consultancy"), item("c", "machinery")];
    pi.components = vec![rate(vec![0, 1], dec!(0.5))];
    let pool = |name: &str, of: Vec<usize>, province: &str, available: &str| Pool {
        rule: rule(name),
        pool: id(name),
        available: euro(available),
        scope: PoolScope::Portfolio,
        of,
        when: is(Subject::Project, "province", &[province]),
        waiting_list: Rate::ZERO,
        in_part: true,
    };
    pi.pools = vec![
        Pool {
            waiting_list: "0.1".parse().unwrap(),
            when: Condition::ALWAYS,
            ..pool("region", vec![1], "", "100.00")
        },
        pool("bergamo", vec![0], "BG", "4000.00"),
        Pool { scope: PoolScope::Company, ..pool("company", vec![], "BG", "50000.00") },
        pool("milano", vec![0], "MI", "1.00"),
    ];
    let mut portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "consultancy", "10000.00"),
        expense("e2", "P1", "C1", "machinery", "20000.00"),
    ]);
    portfolio.companies[0].province = Some("BG".into());
    portfolio.settings.pools.insert(id("region"), euro("6000.00"));
    let waiting = MeasureSettings { waiting_list: true, ..MeasureSettings::default() };
    portfolio.settings.measures.insert(id("pi"), waiting);
    // The region has 6000 and a tenth more for machinery, where 10000 are granted; Bergamo 4000 for consultancy, where 5000 are.
    let made = Application {
        hypothetical: true,
        draws: vec![
            draw("region", None, "6600.00", "6600.00"),
            draw("bergamo", None, "4000.00", "4000.00"),
            draw("company", Some("C1"), "50000.00", "10600.00"),
        ],
        limits_binding: vec![id("region"), id("bergamo")],
        ..application("P1", "C1", "pi", "30000.00", "10600.00")
    };
    let document = document(
        vec![made],
        vec![
            outcome("e1", assignment("pi", "a", "10000.00", "10000.00", "4000.00"), vec![]),
            outcome("e2", assignment("pi", "c", "20000.00", "20000.00", "6600.00"), vec![]),
        ],
    );
    assert_agreed(&portfolio, from_ref(&pi));
    assert_valid(&portfolio, &[pi], &document);
}

fn clause(name: &str, effect: Meeting) -> Cumulation {
    Cumulation {
        rule: rule(name),
        with: OtherAid::default(),
        scope: MeetingPlace::Expense,
        effect,
        when: Condition::ALWAYS,
        from: None,
    }
}

/// `alpha` gives 40 %, `beta` 70 % of the same 10000; each lets the other be added up to a ceiling.
fn meeting(of_alpha: Ceiling, of_beta: Ceiling) -> (Portfolio, Vec<Measure>) {
    let give = |name: &str, intensity: rust_decimal::Decimal, ceiling: Ceiling| {
        let mut giving = measure(name);
        giving.items = vec![item("x", "machinery")];
        giving.components = vec![rate(vec![0], intensity)];
        giving.cumulation = vec![clause(&format!("beside-{name}"), Meeting::Allow(ceiling))];
        giving
    };
    let portfolio = portfolio(vec![expense("e1", "P1", "C1", "machinery", "10000.00")]);
    (portfolio, vec![give("alpha", dec!(0.4), of_alpha), give("beta", dec!(0.7), of_beta)])
}

/// What each measure claims and grants, with its draws on the expense: rule, room (of a net base its own claim is drawn); a claim below the
/// base has its reason.
fn met(of_alpha: (&str, &str, &[(&str, &str)]), of_beta: (&str, &str, &[(&str, &str)])) -> Document {
    let made = |measure: &str, (claim, grant, rooms): (&str, &str, &[(&str, &str)])| {
        let on_e1 = |rule: &str, room: &str, amount: &str| DrawNote {
            account: "e1".into(),
            ..draw(rule, None, room, amount)
        };
        let draws: Vec<DrawNote> = rooms
            .iter()
            .map(|(rule, room)| match rule.strip_prefix("net ") {
                Some(rule) => on_e1(rule, room, claim),
                None => on_e1(rule, room, grant),
            })
            .collect();
        let used_up = draws.iter().filter(|draw| draw.amount == draw.room);
        Application {
            limits_binding: used_up.map(|draw| draw.rule.clone()).collect(),
            draws,
            ..application("P1", "C1", measure, claim, grant)
        }
    };
    let assigned = |measure: &str, (claim, grant, _): (&str, &str, &[(&str, &str)])| {
        assignment(measure, "x", claim, claim, grant)
    };
    let assignments: Vec<Assignment> = vec![assigned("alpha", of_alpha), assigned("beta", of_beta)];
    let whole = euro("10000.00");
    let short = assignments.iter().filter(|assignment| assignment.claimed < whole);
    let reasons = short.map(|a| Reason::under_claim(&a.measure, whole - a.claimed)).collect();
    let mut both = outcome("e1", None, reasons);
    both.assignments = assignments;
    document(vec![made("alpha", of_alpha), made("beta", of_beta)], vec![both])
}

#[test]
fn two_measures_meet_within_the_cost() {
    let (portfolio, measures) = meeting(Ceiling::Cost, Ceiling::Cost);
    // 4000, then 10000 - 4000 of 7000.
    let alpha = ("10000.00", "4000.00", &[("beside-alpha", "10000.00"), ("beside-beta", "10000.00")][..]);
    let beta = ("10000.00", "6000.00", &[("beside-alpha", "6000.00"), ("beside-beta", "6000.00")][..]);
    assert_valid(&portfolio, &measures, &met(alpha, beta));
    assert_agreed(&portfolio, &measures);
}

#[test]
fn two_measures_meet_within_the_highest_intensity() {
    let (portfolio, measures) =
        meeting(Ceiling::HighestIntensity(Some(dec!(0.75).into())), Ceiling::HighestIntensity(None));
    // Of alpha: the higher of 0.75 and 0.7. Of beta: the higher of 0.7 and 0.4, which leaves 3000 beside 4000.
    let alpha = ("10000.00", "4000.00", &[("beside-alpha", "7500.00"), ("beside-beta", "7000.00")][..]);
    let beta = ("10000.00", "3000.00", &[("beside-alpha", "3500.00"), ("beside-beta", "3000.00")][..]);
    assert_valid(&portfolio, &measures, &met(alpha, beta));
    assert_agreed(&portfolio, &measures);
}

#[test]
fn a_measure_fills_up_to_its_own_aid() {
    let (portfolio, measures) = meeting(Ceiling::Cost, Ceiling::Residual);
    let alpha = ("10000.00", "4000.00", &[("beside-alpha", "10000.00"), ("beside-beta", "7000.00")][..]);
    let beta = ("10000.00", "3000.00", &[("beside-alpha", "6000.00"), ("beside-beta", "3000.00")][..]);
    assert_valid(&portfolio, &measures, &met(alpha, beta));
    assert_agreed(&portfolio, &measures);
}

#[test]
fn earlier_aid_is_taken_off_the_cost_of_a_net_base() {
    let (portfolio, measures) = meeting(Ceiling::Cost, Ceiling::NetBase);
    // Beta claims 10000 - 4000 and gives 0.7 of it.
    let alpha = ("10000.00", "4000.00", &[("beside-alpha", "10000.00"), ("beside-beta", "10000.00")][..]);
    let beta = ("6000.00", "4200.00", &[("beside-alpha", "6000.00"), ("net beside-beta", "6000.00")][..]);
    let valid = met(alpha, beta);
    assert_valid(&portfolio, &measures, &valid);
    assert_agreed(&portfolio, &measures);
    let mut more = valid;
    more.expenses[0].assignments[1].claimed = euro("6000.01");
    assert_eq!(rules_of(&portfolio, &measures, &more)[0], "S13");
}

#[test]
fn a_net_base_that_is_claimed_whole_is_what_earlier_aid_leaves_of_it() {
    let (portfolio, mut measures) = meeting(Ceiling::Cost, Ceiling::NetBase);
    for measure in &mut measures {
        measure.claim = Claim::Whole;
    }
    // As above: 6000 of 10000 are left for beta, and it claims all of them.
    let alpha = ("10000.00", "4000.00", &[("beside-alpha", "10000.00"), ("beside-beta", "10000.00")][..]);
    let beta = ("6000.00", "4200.00", &[("beside-alpha", "6000.00"), ("net beside-beta", "6000.00")][..]);
    let valid = met(alpha, beta);
    assert_valid(&portfolio, &measures, &valid);
    assert_agreed(&portfolio, &measures);
    let mut less = valid;
    less.expenses[0].assignments[1].claimed = euro("5999.99");
    assert!(rules_of(&portfolio, &measures, &less).contains(&"S6".to_owned()));
}

#[test]
fn later_aid_finds_what_a_net_base_has_left() {
    let (portfolio, measures) = meeting(Ceiling::NetBase, Ceiling::Cost);
    // Alpha claims 5000 and gives 2000: 5000 are left for beta by alpha, 8000 by beta.
    let alpha = ("5000.00", "2000.00", &[("net beside-alpha", "10000.00"), ("beside-beta", "10000.00")][..]);
    let beta = ("10000.00", "5000.00", &[("beside-alpha", "5000.00"), ("beside-beta", "8000.00")][..]);
    assert_valid(&portfolio, &measures, &met(alpha, beta));
    assert_agreed(&portfolio, &measures);
}

#[test]
fn measures_that_do_not_both_allow_share_no_expense() {
    let (portfolio, measures) = meeting(Ceiling::Cost, Ceiling::Cost);
    let alpha = ("10000.00", "4000.00", &[("beside-alpha", "10000.00")][..]);
    let beta = ("10000.00", "6000.00", &[("beside-alpha", "6000.00")][..]);
    let valid = met(alpha, beta);
    let with_clauses = |of_beta: Vec<Cumulation>| {
        let mut measures = measures.clone();
        measures[1].cumulation = of_beta;
        rules_of(&portfolio, &measures, &valid)
    };
    assert_eq!(with_clauses(Vec::new()), ["S13"]);
    assert_eq!(with_clauses(vec![clause("never", Meeting::Forbid)]), ["measure beta rule never"]);
    let later = Cumulation { from: Some(day("2026-09-02")), ..clause("never", Meeting::Forbid) };
    let beside = measures[1].cumulation[0].clone();
    assert!(!with_clauses(vec![later, beside.clone()]).contains(&"measure beta rule never".to_owned()));
    for scope in [MeetingPlace::Project, MeetingPlace::Company] {
        let with = OtherAid { regimes: vec!["gber".into()], same_authority: true, ..OtherAid::default() };
        let ban = Cumulation { scope, with, ..clause("alone", Meeting::Forbid) };
        assert_eq!(with_clauses(vec![beside.clone(), ban])[0], "measure beta rule alone");
    }
}

#[test]
fn aid_received_before_on_an_expense_is_counted() {
    let (mut portfolio, mut measures) = meeting(Ceiling::Residual, Ceiling::NetBase);
    measures.pop();
    let before = PriorAid { expense: Some(id("e1")), ..prior("C1", "2026-01-01", "gber:17", "3000.00") };
    portfolio.prior_aids = vec![before];
    // 4000 - 3000.
    let made = |claim: &str, grant: &str, draws: Vec<DrawNote>| {
        let limits_binding = draws.iter().map(|draw| draw.rule.clone()).collect();
        let made = Application { draws, limits_binding, ..application("P1", "C1", "alpha", claim, grant) };
        document(vec![made], vec![outcome("e1", assignment("alpha", "x", claim, claim, grant), vec![])])
    };
    let on_e1 = DrawNote { account: "e1".into(), ..draw("beside-alpha", None, "1000.00", "1000.00") };
    assert_agreed(&portfolio, &measures);
    assert_valid(&portfolio, &measures, &made("10000.00", "1000.00", vec![on_e1]));
    // 0.4 x (10000 - 3000).
    measures[0].cumulation = vec![clause("beside-alpha", Meeting::Allow(Ceiling::NetBase))];
    assert_agreed(&portfolio, &measures);
    assert_valid(&portfolio, &measures, &made("7000.00", "2800.00", Vec::new()));
    measures[0].cumulation.clear();
    let refused = Reason::aided_before(&measures[0].id, None, "gber:17");
    assert_agreed(&portfolio, &measures);
    assert_valid(&portfolio, &measures, &document(Vec::new(), vec![outcome("e1", None, vec![refused])]));
}

fn decision(what: Verb) -> Decision {
    Decision {
        what,
        project: id("P1"),
        measure: id("iota"),
        expense: None,
        cost_item: None,
        choice: None,
        filed_on: None,
    }
}

#[test]
fn decisions_in_force_are_kept() {
    let (mut portfolio, mut iota) = two_regimes();
    iota.items[1] = item("y", "training");
    let gber = Some(("regime".to_owned(), "gber".to_owned()));
    portfolio.decisions = vec![
        Decision { choice: gber, filed_on: Some(day("2026-05-04")), ..decision(Verb::Filed) },
        Decision { expense: Some(id("e1")), cost_item: Some(id("x")), ..decision(Verb::Force) },
        Decision { expense: Some(id("e2")), ..decision(Verb::Forbid) },
    ];
    portfolio.decisions.sort();
    let forbidden = Reason::forbidden(&iota.id, &portfolio.decisions[1]);
    assert_eq!(portfolio.decisions[1].what, Verb::Forbid);
    let made = Application {
        filed_on: day("2026-05-04"),
        granted_on: day("2026-08-04"),
        aid: vec![ComponentAmount { component: id("small"), amount: euro("2000.00") }],
        ..application("P1", "C1", "iota", "10000.00", "2000.00")
    };
    let kept = document(
        vec![choosing("gber", made)],
        vec![
            outcome("e1", assignment("iota", "x", "10000.00", "10000.00", "2000.00"), vec![]),
            outcome("e2", None, vec![forbidden.clone()]),
        ],
    );
    assert_agreed(&portfolio, from_ref(&iota));
    assert_valid(&portfolio, from_ref(&iota), &kept);
    let without = document(
        Vec::new(),
        vec![outcome("e1", None, vec![Reason::not_applied(&iota.id)]), outcome("e2", None, vec![forbidden])],
    );
    let found: Vec<String> = verify(&portfolio, from_ref(&iota), &without)
        .into_iter()
        .map(|violation| violation.expected)
        .collect();
    assert_eq!(
        found,
        ["force P1 / iota, expense e1 under x", "filed P1 / iota, regime = gber"],
        "both want an application"
    );
    portfolio.decisions = vec![decision(Verb::Forbid)];
    let forbidden = || vec![Reason::forbidden(&iota.id, &decision(Verb::Forbid))];
    let nothing = vec![outcome("e1", None, forbidden()), outcome("e2", None, forbidden())];
    assert_agreed(&portfolio, from_ref(&iota));
    assert_valid(&portfolio, from_ref(&iota), &document(Vec::new(), nothing));
}

#[test]
fn a_ceiling_binds_only_where_two_meet() {
    // Alpha alone could fill up to 40 % of e1 beside beta, but beta stands alone: it gives its 70 %.
    let (portfolio, measures) = meeting(Ceiling::Residual, Ceiling::Cost);
    let made = application("P1", "C1", "beta", "10000.00", "7000.00");
    let alone = outcome(
        "e1",
        assignment("beta", "x", "10000.00", "10000.00", "7000.00"),
        vec![Reason::elsewhere(&measures[0].id, &measures[1].id)],
    );
    assert_valid(&portfolio, &measures, &document(vec![made], vec![alone]));
}

#[test]
fn members_of_one_undertaking_share_its_room() {
    let (mut portfolio, kappa, mut document) = partnership();
    portfolio.companies[0].undertaking = id("U");
    portfolio.companies[1].undertaking = id("U");
    portfolio.prior_aids = vec![prior("U", "2024-05-01", "de_minimis:2023/2831", "192440.00")];
    // 7560 are left: C1 draws its 5350 of them, and C2 finds the 2210 it found before.
    let freed_on = Some(day("2027-05-01"));
    document.applications[0].draws = vec![
        DrawNote { freed_on, ..draw("de_minimis", Some("U"), "7560.00", "5350.00") },
        DrawNote { freed_on, ..draw("de_minimis", Some("U"), "7560.00", "2210.00") },
    ];
    assert_valid(&portfolio, &[kappa], &document);
}

/// The window lets an early order take the application down; under de minimis, chosen for a group, it takes the line only.
#[test]
fn an_early_order_takes_down_what_the_option_picked_for_it_says() {
    let mut tau = measure("tau");
    tau.window.early_order = EarlyOrder::Application;
    let option = |name: &str, early_order: Option<EarlyOrder>| ChoiceOption {
        id: name.into(),
        names: Names::default(),
        regime: Some(name.into()),
        early_order,
        when: Condition::ALWAYS,
    };
    let groups =
        vec![("works".to_owned(), vec!["x".to_owned()]), ("skills".to_owned(), vec!["y".to_owned()])];
    tau.choices = vec![Choice {
        rule: rule("regime"),
        per: ChoicePer::Group(groups),
        options: vec![option("gber", None), option("de_minimis", Some(EarlyOrder::Line))],
    }];
    tau.items = vec![item("x", "machinery"), item("y", "training")];
    tau.components = vec![rate(vec![0, 1], dec!(0.5))];
    let with_early = |category: &str| {
        let early =
            Expense { order_date: Some(day("2020-01-01")), ..expense("e3", "P1", "C1", category, "1000.00") };
        portfolio(vec![
            expense("e1", "P1", "C1", "machinery", "10000.00"),
            expense("e2", "P1", "C1", "training", "5000.00"),
            early,
        ])
    };
    let settings = RunSettings::default();
    for (category, group) in [("training", "regime:skills"), ("machinery", "regime:works")] {
        let portfolio = with_early(category);
        let mut document = optimize(&portfolio, from_ref(&tau), &settings).unwrap().document;
        // Half of 10,000 and of 5,000, without what was ordered early.
        assert_eq!(document.totals.grant, euro("7500.00"));
        assert_eq!(document.applications[0].choices[group], "de_minimis");
        let of_early = document.expenses.iter().find(|outcome| outcome.expense.as_str() == "e3").unwrap();
        assert_eq!(of_early.reasons[0].rule.as_str(), "early-order");
        // Under the other option there is no such application.
        document.applications[0].choices.insert(group.to_owned(), "gber".to_owned());
        assert!(!rules_of(&portfolio, from_ref(&tau), &document).is_empty());
    }
    // Where no option is milder than the window, nothing is left.
    tau.choices[0].options[1].early_order = None;
    let document = optimize(&with_early("training"), from_ref(&tau), &settings).unwrap().document;
    assert_eq!(document.totals.grant, Money::ZERO);
}

/// A choice for each of two groups, with overheads on everything.
#[test]
fn each_group_has_its_regime_and_overheads_have_none() {
    let mut sigma = measure("sigma");
    let option = |name: &str| ChoiceOption {
        id: name.into(),
        names: Names::default(),
        regime: Some(name.into()),
        early_order: None,
        when: Condition::ALWAYS,
    };
    let groups =
        vec![("works".to_owned(), vec!["x".to_owned()]), ("skills".to_owned(), vec!["y".to_owned()])];
    sigma.choices = vec![Choice {
        rule: rule("regime"),
        per: ChoicePer::Group(groups),
        options: vec![option("gber"), option("de_minimis")],
    }];
    let flat = Derived { rate: dec!(0.1).into(), of: vec![0, 1], when: Condition::ALWAYS };
    sigma.items = vec![
        item("x", "machinery"),
        item("y", "training"),
        Item { id: id("o"), rule: rule("o"), kind: ItemKind::Derived(flat) },
    ];
    sigma.components = vec![rate(vec![0, 1, 2], dec!(0.5))];
    let row = |option: &str, value: rust_decimal::Decimal| Row {
        cells: vec![Cell::Test(Test::OneOf(vec![Value::text(option)]))],
        value,
    };
    let most = Number::Table(Table {
        name: "most".into(),
        keys: vec![FactRef::new(Subject::Choice, "regime")],
        rows: vec![row("gber", dec!(0.3)), row("de_minimis", dec!(0.6))],
    });
    let by_regime = Term { euro: Number::ZERO, shares: vec![(most, vec![0, 1])] };
    sigma.limits = vec![limit("intensity", Quantity::Aid(vec![0]), Bound::AtMost, by_regime, Effect::Trim)];
    let aided = is(Subject::Choice, "regime", &["de_minimis"]);
    sigma.ledgers = vec![Ledger { when: aided, ..ledger("de_minimis", dec!(300000), THREE_YEARS) }];
    let portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "machinery", "10000.00"),
        expense("e2", "P1", "C1", "training", "5000.00"),
    ]);
    // Overheads 1500; 0.5 x 16500 = 8250, at most 0.3 x 10000 + 0.6 x 5000 = 6000, shared 5000 : 2500 : 750: 3636.36,
    // 1818.18 and 545.46 (the larger remainder). De minimis is what falls on training and, their regime unknown, on overheads.
    let choices = [("regime:works", "gber"), ("regime:skills", "de_minimis")];
    let made = Application {
        choices: choices.map(|(key, option)| (key.to_owned(), option.to_owned())).into_iter().collect(),
        derived: vec![DerivedAmount { item: id("o"), amount: euro("1500.00"), aid: euro("545.46") }],
        draws: vec![draw("de_minimis", Some("C1"), "300000.00", "2363.64")],
        limits_binding: vec![id("intensity")],
        ..application("P1", "C1", "sigma", "16500.00", "6000.00")
    };
    let document = document(
        vec![made],
        vec![
            outcome("e1", assignment("sigma", "x", "10000.00", "10000.00", "3636.36"), vec![]),
            outcome("e2", assignment("sigma", "y", "5000.00", "5000.00", "1818.18"), vec![]),
        ],
    );
    assert_agreed(&portfolio, from_ref(&sigma));
    assert_valid(&portfolio, &[sigma], &document);
}
