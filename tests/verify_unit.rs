//! The independent check on small plans whose figures are computed by hand in comments, and on every small way to spoil them.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

mod common {
    pub mod documents;
    pub mod mutations;
}

use common::documents::{
    amount, application, assert_valid, assignment, day, document, euro, expense, id, item, limit, measure,
    outcome, portfolio, rate, rule, rules_of,
};
use grantfolio::allocation::{
    Application, Assumption, ComponentAmount, DerivedAmount, Document, DoubtNote, DrawNote, Evidence, Proof,
    Reason, Status as DocumentStatus,
};
use grantfolio::dates::{Anchor, DateExpr, Span};
use grantfolio::measure::{
    Band, Bound, Claim, Component, Condition, Count, Countable, Cut, DateField, DateRule, Derived, Doubt,
    EarlyOrder, Effect, FactRef, Item, ItemKind, Limit, Measure, Number, Per, Pool, PoolScope, Quantity,
    Requirement, Scope, Shape, Status, Subject, Term, Test, Unknown, Valuation,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{Company, Expense, MeasureSettings, Objective, Portfolio, Project, Value};
use grantfolio::rate::Rate;
use grantfolio::verify::verify;
use rust_decimal_macros::dec;

/// Consultancy at most a quarter of equipment, overheads of 7 %, half of it granted, 4 % withheld; and a second measure that is worth
/// nothing here, for its minimum cannot be reached.
fn consultancy() -> (Portfolio, Vec<Measure>, Document) {
    let mut alpha = measure("alpha");
    let overheads = Derived { rate: dec!(0.07).into(), of: vec![0, 1], when: Condition::ALWAYS };
    alpha.items = vec![
        item("a", "equipment"),
        item("b", "consultancy"),
        Item { id: id("o"), rule: rule("o"), kind: ItemKind::Derived(overheads) },
    ];
    let quarter = Term { euro: Number::ZERO, shares: vec![(dec!(0.25).into(), vec![0])] };
    alpha.limits = vec![
        limit("consultancy", Quantity::Cost(vec![1]), Bound::AtMost, quarter, Effect::Trim),
        limit("minimum", Quantity::Cost(vec![0, 1, 2]), Bound::AtLeast, amount(dec!(5000)), Effect::Reject),
        limit("cap", Quantity::Aid(vec![0]), Bound::AtMost, amount(dec!(10000)), Effect::Trim),
    ];
    let doubt = Doubt { key: None, alternatives: vec!["total".into()], why: "unclear".into(), source: None };
    alpha.limits[0].rule.doubt = Some(doubt.clone());
    alpha.doubts = vec![Doubt { why: "draft".into(), ..doubt }];
    alpha.components = vec![rate(vec![0, 1, 2], dec!(0.5))];
    alpha.withholding = "0.04".parse().unwrap();
    let declared = FactRef::new(Subject::Company, "in_good_standing");
    alpha.requirements = vec![Requirement {
        rule: rule("standing"),
        subject: Subject::Company,
        applies: Condition::ALWAYS,
        must: Condition::Fact(declared.clone(), Test::OneOf(vec![Value::Flag(true)])),
        unknown: Unknown::Assume,
        fails: Scope::Application,
        question: None,
    }];
    let spent = DateExpr::After(Anchor::GrantedOn, Span { months: 18, days: 0 });
    alpha.dates = vec![DateRule {
        rule: rule("spent"),
        field: DateField::Payment,
        from: None,
        until: Some(spent),
        extension: None,
    }];
    let mut beta = measure("beta");
    beta.items = vec![item("x", "equipment"), item("y", "training")];
    beta.components = vec![rate(vec![0, 1], dec!(0.5))];
    beta.limits = vec![limit(
        "minimum",
        Quantity::Cost(vec![0, 1]),
        Bound::AtLeast,
        amount(dec!(50000)),
        Effect::Reject,
    )];
    let paid = Expense {
        payment_date: Some(day("2027-02-01")),
        ..expense("e1", "P1", "C1", "equipment", "12000.00")
    };
    let portfolio = portfolio(vec![
        paid,
        expense("e2", "P1", "C1", "consultancy", "4000.00"),
        expense("e3", "P1", "C1", "training", "500.00"),
    ]);
    // Overheads start at 7 % of 16000 = 1120. Consultancy falls to a quarter of 12000 = 3000, then overheads to 7 % of 15000 = 1050.
    // Admitted 12000 + 3000 + 1050 = 16050; grant 0.5 x 16050 = 8025; withheld 0.04 x 8025 = 321.
    let made = Application {
        derived: vec![DerivedAmount { item: id("o"), amount: euro("1050.00"), aid: euro("525.00") }],
        net: euro("7704.00"),
        limits_binding: vec![id("consultancy")],
        ..application("P1", "C1", "alpha", "16050.00", "8025.00")
    };
    let (a, b) = (&alpha.id, &beta.id);
    let consultancy = &alpha.limits[0].rule;
    let mut document = document(
        vec![made],
        vec![
            outcome(
                "e1",
                assignment("alpha", "a", "12000.00", "12000.00", "6000.00"),
                vec![Reason::elsewhere(b, a)],
            ),
            outcome(
                "e2",
                assignment("alpha", "b", "4000.00", "3000.00", "1500.00"),
                vec![Reason::cut(a, consultancy, euro("1000.00")), Reason::no_item(b, "consultancy")],
            ),
            outcome("e3", None, vec![Reason::no_item(a, "training"), Reason::not_applied(b)]),
        ],
    );
    document.assumptions = vec![
        Assumption::met(&id("P1"), a, None, &alpha.requirements[0].rule, &[declared]),
        Assumption::in_time(&id("P1"), a, &id("e2"), &alpha.dates[0].rule, DateField::Payment),
    ];
    let note = |rule: Option<&str>, why: &str| DoubtNote {
        measure: a.clone(),
        rule: rule.map(id),
        why: why.into(),
        alternatives: vec!["total".into()],
    };
    document.doubts = vec![note(None, "draft"), note(Some("consultancy"), "unclear")];
    (portfolio, vec![beta, alpha], document)
}

/// Lots with a minimum of cost and a cap of aid, one lot at most.
fn lots() -> (Portfolio, Vec<Measure>, Document) {
    let mut delta = measure("delta");
    delta.items = vec![item("body", "certification_body")];
    let per_lot = |limit: Limit| Limit { per: Per::Lot, ..limit };
    delta.limits = vec![
        per_lot(limit(
            "lot-minimum",
            Quantity::Cost(vec![0]),
            Bound::AtLeast,
            amount(dec!(3000)),
            Effect::Drop,
        )),
        per_lot(limit("lot-cap", Quantity::Aid(vec![0]), Bound::AtMost, amount(dec!(4000)), Effect::Trim)),
    ];
    delta.counts = vec![Count {
        rule: rule("one-lot"),
        of: Countable::Lots,
        which: Condition::ALWAYS,
        within: Vec::new(),
        at_least: None,
        at_most: Some(1),
        per_company: false,
    }];
    delta.components = vec![rate(vec![0], dec!(0.7))];
    let in_lot = |name: &str, lot: &str, net: &str| Expense {
        lot: Some(id(lot)),
        ..expense(name, "P1", "C1", "certification_body", net)
    };
    let portfolio = portfolio(vec![
        in_lot("e1", "L1", "5000.00"),
        in_lot("e2", "L1", "3000.00"),
        in_lot("e3", "L2", "2000.00"),
        expense("e4", "P1", "C1", "certification_body", "800.00"),
    ]);
    // L2 has 2000 < 3000 and is dropped. L1: 0.7 x 8000 = 5600, capped at 4000, shared 5 : 3.
    let made = Application {
        limits_binding: vec![id("lot-cap")],
        ..application("P1", "C1", "delta", "8000.00", "4000.00")
    };
    let dropped = Reason::cut(&delta.id, &delta.limits[0].rule, euro("2000.00"));
    let no_gain = Reason::no_gain(&delta.id);
    let expenses = vec![
        outcome("e1", assignment("delta", "body", "5000.00", "5000.00", "2500.00"), vec![]),
        outcome("e2", assignment("delta", "body", "3000.00", "3000.00", "1500.00"), vec![]),
        outcome("e3", assignment("delta", "body", "2000.00", "0.00", "0.00"), vec![dropped]),
        outcome("e4", None, vec![no_gain]),
    ];
    (portfolio, vec![delta], document(vec![made], expenses))
}

/// A notch that makes claiming less worth while, a pool that gives the last application its rest, a reissued call, expected value.
fn notch_and_pool() -> (Portfolio, Vec<Measure>, Document) {
    let mut gamma = measure("gamma");
    gamma.window.status = Status::Closed;
    (gamma.window.opens, gamma.window.closes) = (Some(day("2019-04-10")), Some(day("2019-05-31")));
    gamma.items = vec![item("x", "machinery")];
    let band = |up_to: Option<&str>, rate: &str| Band { up_to: up_to.map(euro), rate: rate.parse().unwrap() };
    let tiers = Shape::Tiers(vec![band(Some("10000.00"), "0.5"), band(None, "0.3")]);
    gamma.components = vec![Component { shape: tiers, ..rate(vec![0], dec!(0)) }];
    gamma.pools = vec![Pool {
        rule: rule("budget"),
        pool: id("gamma.budget"),
        available: euro("8000.00"),
        scope: PoolScope::Portfolio,
        of: Vec::new(),
        when: Condition::ALWAYS,
        waiting_list: Rate::ZERO,
        in_part: true,
    }];
    let mut portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "machinery", "12000.00"),
        expense("e2", "P2", "C2", "machinery", "9000.00"),
    ]);
    portfolio.companies.push(Company::new(id("C2")));
    let probability = |p: &str| p.parse::<Rate>().unwrap();
    portfolio.projects[0].success_probability = probability("0.5");
    portfolio
        .projects
        .push(Project { success_probability: probability("0.3333"), ..Project::new(id("P2"), id("C2")) });
    portfolio.settings.objective = Objective::Expected;
    let reissued = MeasureSettings { reissue: Some(day("2026-06-10")), ..MeasureSettings::default() };
    portfolio.settings.measures.insert(id("gamma"), reissued);
    // P1 claims 10000 of 12000: 0.5 x 10000 = 5000 is more than 0.3 x 12000 = 3600. P2: 0.5 x 9000 = 4500, but 3000 are left.
    // Expected 0.5 x 5000 + 0.3333 x 3000 = 2500 + 999.90.
    let draw = |room: &str, amount: &str| DrawNote {
        rule: id("budget"),
        account: "gamma.budget".into(),
        holder: None,
        room: euro(room),
        amount: euro(amount),
        freed_on: None,
    };
    let made = |project: &str, company: &str, admitted: &str, grant: &str, room: &str| Application {
        filed_on: day("2026-06-10"),
        granted_on: day("2026-09-10"),
        hypothetical: true,
        draws: vec![draw(room, grant)],
        ..application(project, company, "gamma", admitted, grant)
    };
    let last = Application {
        limits_binding: vec![id("budget")],
        ..made("P2", "C2", "9000.00", "3000.00", "3000.00")
    };
    let under = Reason::under_claim(&gamma.id, euro("2000.00"));
    let mut document = document(
        vec![made("P1", "C1", "10000.00", "5000.00", "8000.00"), last],
        vec![
            outcome("e1", assignment("gamma", "x", "10000.00", "10000.00", "5000.00"), vec![under]),
            outcome("e2", assignment("gamma", "x", "9000.00", "9000.00", "3000.00"), vec![]),
        ],
    );
    document.maximised = "expected".into();
    document.objective = euro("3499.90");
    document.status = DocumentStatus::Feasible;
    document.proof = Proof::Claimed;
    document.upper_bound = Some(euro("3599.90"));
    document.gap = Some(euro("100.00"));
    document.evidence = Evidence {
        certified_bound: Some(euro("3599.90")),
        searched_optimum: None,
        solver_claims_optimal: true,
        solver_plan: Some(euro("3499.90")),
        tree_plan: None,
    };
    (portfolio, vec![gamma], document)
}

#[test]
fn trims_derived_items_and_withholding_are_recomputed() {
    let (portfolio, measures, document) = consultancy();
    assert_valid(&portfolio, &measures, &document);
}

#[test]
fn lots_are_dropped_and_capped_each_on_its_own() {
    let (portfolio, measures, document) = lots();
    assert_valid(&portfolio, &measures, &document);
}

#[test]
fn advised_claims_pools_and_hypotheses_are_recomputed() {
    let (portfolio, measures, document) = notch_and_pool();
    assert_valid(&portfolio, &measures, &document);
}

#[test]
fn every_kind_of_evidence_is_pinned_down() {
    let (portfolio, measures, valid) = consultancy();
    let worth = Some(valid.objective);
    let above = Some(valid.objective + euro("5.00"));
    let plain = Evidence::default();
    let kinds = [
        (
            Evidence { searched_optimum: worth, solver_plan: worth, ..plain },
            DocumentStatus::Optimal,
            Proof::Agreed,
        ),
        (
            Evidence { searched_optimum: worth, tree_plan: worth, ..plain },
            DocumentStatus::Optimal,
            Proof::Agreed,
        ),
        (
            Evidence { searched_optimum: worth, solver_claims_optimal: true, ..plain },
            DocumentStatus::Feasible,
            Proof::Disputed,
        ),
        (
            Evidence { certified_bound: above, solver_claims_optimal: true, ..plain },
            DocumentStatus::Feasible,
            Proof::Disputed,
        ),
        (Evidence { certified_bound: above, ..plain }, DocumentStatus::Feasible, Proof::None),
        (plain, DocumentStatus::Feasible, Proof::None),
    ];
    for (evidence, status, proof) in kinds {
        let upper_bound = evidence.certified_bound.or(evidence.searched_optimum);
        let gap = upper_bound.map(|bound| bound - valid.objective);
        let document = Document { status, proof, upper_bound, gap, evidence, ..valid.clone() };
        assert_valid(&portfolio, &measures, &document);
    }
}

#[test]
fn evidence_that_decides_nothing_is_left_out() {
    let worth = Some(euro("100.00"));
    let all = Evidence {
        certified_bound: worth,
        searched_optimum: worth,
        solver_claims_optimal: true,
        solver_plan: worth,
        tree_plan: worth,
    };
    let decisive = all.decisive(euro("100.00"));
    assert_eq!(decisive, Evidence { certified_bound: worth, ..Evidence::default() });
    let disputed =
        Evidence { certified_bound: Some(euro("120.00")), solver_plan: Some(euro("90.00")), ..all };
    let disputed = Evidence { searched_optimum: None, tree_plan: None, ..disputed };
    let decisive = disputed.decisive(euro("100.00"));
    assert_eq!(decisive, Evidence { solver_plan: None, ..disputed.clone() });
    let verdict = |evidence: &Evidence| Document::verdict(euro("100.00"), evidence);
    assert_eq!(verdict(&decisive), verdict(&disputed));
}

#[test]
fn an_empty_plan_is_valid_and_one_without_grant_is_not() {
    let (portfolio, measures, _) = consultancy();
    let a: &Measure = &measures[1];
    let b: &Measure = &measures[0];
    let (not_a, not_b) = (Reason::not_applied(&a.id), Reason::not_applied(&b.id));
    let empty = document(
        Vec::new(),
        vec![
            outcome("e1", None, vec![not_a.clone(), not_b.clone()]),
            outcome("e2", None, vec![not_a, Reason::no_item(&b.id, "consultancy")]),
            outcome("e3", None, vec![Reason::no_item(&a.id, "training"), not_b]),
        ],
    );
    assert_valid(&portfolio, &measures, &empty);
    let (portfolio, mut measures, mut document) = lots();
    measures[0].components[0] = rate(vec![0], dec!(0));
    document.applications[0].grant = Money::ZERO;
    assert!(
        verify(&portfolio, &measures, &document)
            .iter()
            .any(|v| v.path == "applications[0].grant" && v.expected == "no application without a grant")
    );
}

#[test]
fn a_rejected_application_is_named_with_its_rule() {
    let (portfolio, mut measures, document) = consultancy();
    measures[1].limits[1].terms = vec![amount(dec!(16050.01))];
    assert!(
        rules_of(&portfolio, &measures, &document).contains(&"measure alpha rule minimum".to_owned()),
        "one cent short of the minimum"
    );
    let (portfolio, mut measures, document) = lots();
    measures[0].counts[0].at_most = Some(0);
    assert_eq!(rules_of(&portfolio, &measures, &document)[0], "measure delta rule one-lot");
}

#[test]
fn an_inadmissible_expense_is_named_with_its_rule() {
    let (mut portfolio, measures, document) = consultancy();
    // Granted on 1 September 2026, payments until 1 March 2028.
    portfolio.expenses[0].payment_date = Some(day("2028-03-02"));
    assert_eq!(rules_of(&portfolio, &measures, &document)[0], "measure alpha rule spent");
    let (mut portfolio, mut measures, document) = consultancy();
    measures[1].window.early_order = EarlyOrder::Application;
    portfolio.expenses[1].order_date = Some(day("2026-05-31"));
    let violations = verify(&portfolio, &measures, &document);
    assert_eq!(violations[0].rule, "measure alpha rule early-order");
    assert_eq!(
        violations[0].expected,
        "none: expense e2 was committed before the application is filed: the application is excluded"
    );
}

#[test]
fn a_claim_that_could_be_larger_is_found() {
    let (portfolio, mut measures, mut document) = notch_and_pool();
    measures[0].pools.clear();
    // 9999.99 gives 4999.99 (0.5 x 9999.99 = 4999.995, cut), and a cent more gives 5000.00.
    document.expenses[0].assignments[0].claimed = euro("9999.99");
    let violations = verify(&portfolio, &measures, &document);
    assert!(violations.iter().any(|v| {
        v.path == "expenses[0].assignments[0].claimed"
            && v.expected == "a larger claim, for it costs no grant"
    }));
}

#[test]
fn a_whole_claim_is_the_base_or_nothing() {
    let (portfolio, mut measures, document) = notch_and_pool();
    measures[0].claim = Claim::Whole;
    let violations = verify(&portfolio, &measures, &document);
    assert_eq!(violations[0].path, "expenses[0].assignments[0].claimed");
    assert_eq!(violations[0].expected, "12000.00");
}

#[test]
fn a_pool_that_gives_no_part_refuses_the_plan() {
    let (portfolio, mut measures, document) = notch_and_pool();
    measures[0].pools[0].in_part = false;
    assert_eq!(rules_of(&portfolio, &measures, &document)[0], "measure gamma rule budget");
}

#[test]
fn twelve_of_thirty_six_months_lose_nothing() {
    let (mut portfolio, mut measures, mut document) = lots();
    if let ItemKind::Cost(cost) = &mut measures[0].items[0].kind {
        let of = FactRef::new(Subject::Expense, "service_months");
        cost.valuation = vec![Valuation::Portion { of, at_most: dec!(12).into() }];
    }
    // 15000 x 12 / 36 is 5000 exactly, although 12 / 36 has no end; the other lines have no months and stay whole.
    portfolio.expenses[0].net_amount = euro("15000.00");
    portfolio.expenses[0].service_months = Some(dec!(36));
    assert_valid(&portfolio, &measures, &document);
    document.expenses[0].assignments[0].claimed = euro("5000.01");
    assert_eq!(verify(&portfolio, &measures, &document)[0].expected, "0.01 to 5000.00");
}

#[test]
fn an_excluded_measure_is_not_spoken_of() {
    let (mut portfolio, measures, mut document) = consultancy();
    portfolio
        .settings
        .measures
        .insert(id("beta"), MeasureSettings { excluded: true, ..MeasureSettings::default() });
    for outcome in &mut document.expenses {
        outcome.reasons.retain(|reason| reason.measure.as_str() != "beta");
    }
    assert_valid(&portfolio, &measures, &document);
}
#[test]
fn a_cut_takes_the_lowest_rate_first_or_all_pro_rata() {
    let mut epsilon = measure("epsilon");
    epsilon.items = vec![item("a", "equipment"), item("b", "consultancy")];
    epsilon.components =
        vec![rate(vec![0], dec!(0.5)), Component { rule: rule("extra"), ..rate(vec![1], dec!(0.3)) }];
    epsilon.limits =
        vec![limit("total", Quantity::Cost(vec![0, 1]), Bound::AtMost, amount(dec!(10000)), Effect::Trim)];
    let portfolio = portfolio(vec![
        expense("e1", "P1", "C1", "equipment", "8000.00"),
        expense("e2", "P1", "C1", "consultancy", "4000.00"),
    ]);
    let component = |name: &str, amount: &str| ComponentAmount { component: id(name), amount: euro(amount) };
    let total = epsilon.limits[0].rule.clone();
    let cut = |by: &str| vec![Reason::cut(&id("epsilon"), &total, euro(by))];
    // 2000 too much, all of it from consultancy: grant 0.5 x 8000 + 0.3 x 2000 = 4600.
    let made = Application {
        aid: vec![component("grant", "4000.00"), component("extra", "600.00")],
        limits_binding: vec![id("total")],
        ..application("P1", "C1", "epsilon", "10000.00", "4600.00")
    };
    let expenses = vec![
        outcome("e1", assignment("epsilon", "a", "8000.00", "8000.00", "4000.00"), vec![]),
        outcome("e2", assignment("epsilon", "b", "4000.00", "2000.00", "600.00"), cut("2000.00")),
    ];
    assert_valid(&portfolio, &[epsilon.clone()], &document(vec![made.clone()], expenses));
    // Pro rata 1333.33 and 666.67 (the larger remainder). Grant 0.5 x 6666.67 + 0.3 x 3333.33 = 3333.335 + 999.999 = 4333.334, cut;
    // its weights are cut to cents, 3333.33 and 999.99: the quotas 3333.3377 and 999.9923 leave a cent to the first.
    epsilon.limits[0].cut = Cut::ProRata;
    let made = Application {
        grant: euro("4333.33"),
        net: euro("4333.33"),
        aid: vec![component("grant", "3333.34"), component("extra", "999.99")],
        ..made
    };
    let expenses = vec![
        outcome("e1", assignment("epsilon", "a", "8000.00", "6666.67", "3333.34"), cut("1333.33")),
        outcome("e2", assignment("epsilon", "b", "4000.00", "3333.33", "999.99"), cut("666.67")),
    ];
    assert_valid(&portfolio, &[epsilon], &document(vec![made], expenses));
}
