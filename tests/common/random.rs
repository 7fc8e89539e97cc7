//! Seeded random portfolios and measures of every rule family, small enough to be enumerated.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

#[path = "splitmix.rs"]
mod splitmix;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use grantfolio::dates::Span;
use grantfolio::measure::{
    Band, Bound, Ceiling, Choice, ChoiceOption, ChoicePer, Claim, Companion, Component, Condition, Cost,
    Count, Countable, Cumulation, Cut, Derived, EarlyOrder, Effect, FactRef, Form, Holder, Item, ItemKind,
    Ledger, Limit, Loan, LoanAmount, Measure, Meeting, MeetingPlace, Names, Number, OtherAid, Over, Per,
    Period, Pool, PoolScope, Quantity, Reads, Requirement, Rule, Scope, Shape, Status, Subject, Term, Test,
    Unknown, Vat, Window,
};
use grantfolio::money::Money;
use grantfolio::portfolio::{
    Company, Decision, Expense, Member, Portfolio, PriorAid, Project, Settings, Value, Verb,
};
use grantfolio::rate::Rate;
use grantfolio::rounding::Rounding;
use rust_decimal::Decimal;
pub use splitmix::Random;

/// What kind of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub expenses: i64,
    pub measures: i64,
    pub claim: Claim,
    /// Largest amount of an expense, in cents.
    pub largest: i64,
    /// Projects (each with a company of its own, unless the seed joins two).
    pub projects: i64,
}

pub fn rule(id: &str) -> Rule {
    Rule {
        id: id.parse().unwrap(),
        names: Names { it: id.into(), en: id.into() },
        reference: None,
        doubt: None,
    }
}

pub fn constant(cents: i64) -> Number {
    Number::Constant(Decimal::new(cents, 2))
}

pub fn share(thousandths: i64) -> Number {
    Number::Constant(Decimal::new(thousandths, 3))
}

fn rate(thousandths: i64) -> Rate {
    Rate::new(Decimal::new(thousandths, 3)).unwrap()
}

const CATEGORIES: [&str; 4] = ["machinery", "consultancy", "software", "training"];

/// A measure with four cost items, one a category, and no rule but a rate on everything.
pub fn plain_measure(id: &str, thousandths: i64) -> Measure {
    let items = CATEGORIES.iter().map(|category| Item {
        id: category.parse().unwrap(),
        rule: rule(category),
        kind: ItemKind::Cost(Cost {
            takes: vec![(*category).to_owned()],
            when: Condition::ALWAYS,
            assume: false,
            valuation: Vec::new(),
            applicant_may_choose: false,
        }),
    });
    Measure {
        id: id.parse().unwrap(),
        version: "1".into(),
        names: Names { it: id.into(), en: id.into() },
        authority: "test".into(),
        fund_source: None,
        regime: "none".into(),
        source: None,
        window: Window {
            status: Status::Open,
            opens: NaiveDate::from_ymd_opt(2026, 1, 1),
            closes: None,
            hours: None,
            grants_by: None,
            granted_after: Span { months: 3, days: 0 },
            early_order: EarlyOrder::Allowed,
            rules: vec![rule("window"), rule("early-order")],
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
        items: items.collect(),
        limits: Vec::new(),
        counts: Vec::new(),
        companions: Vec::new(),
        components: vec![Component {
            rule: rule("grant"),
            form: Form::Grant,
            of: vec![0, 1, 2, 3],
            shape: Shape::Rate { rate: share(thousandths), premiums: Vec::new() },
            when: Condition::ALWAYS,
        }],
        pools: Vec::new(),
        doubts: Vec::new(),
        examples: Vec::new(),
    }
}

pub fn limit(id: &str, of: Quantity, bound: Bound, terms: Vec<Term>, effect: Effect) -> Limit {
    Limit {
        rule: rule(id),
        of,
        bound,
        terms,
        when: Condition::ALWAYS,
        per: Per::Application,
        effect,
        cut: Cut::LowestAidFirst,
        reads: Reads::AfterCaps,
    }
}

pub fn euro(cents: i64) -> Term {
    Term { euro: constant(cents), shares: Vec::new() }
}

pub fn of(thousandths: i64, set: &[usize]) -> Term {
    Term { euro: Number::ZERO, shares: vec![(share(thousandths), set.to_vec())] }
}

/// A case: a portfolio and its measures. The seed decides everything.
pub fn case(seed: u64, size: Size) -> (Portfolio, Vec<Measure>) {
    let mut random = Random::new(seed);
    let r = &mut random;
    let portfolio = portfolio(r, size);
    let total: i64 = portfolio.expenses.iter().map(|e| e.net_amount.cents()).sum();
    let count = r.range(1, size.measures);
    let measures: Vec<Measure> = (0..count).map(|m| measure(r, m, size, total)).collect();
    (portfolio, measures)
}

/// The same case with what joins applications: variants, members who pay, ledgers with aid received before, pools of items, cumulation, expenses that
/// are decided.
pub fn joined(seed: u64, size: Size) -> (Portfolio, Vec<Measure>) {
    let (mut portfolio, mut measures) = case(seed, size);
    // A stream of its own, so that the rest of the case is as it was.
    let r = &mut Random::new(seed ^ 0x0107);
    let total: i64 = portfolio.expenses.iter().map(|e| e.net_amount.cents()).sum();
    members(r, &mut portfolio);
    for (m, measure) in measures.iter_mut().enumerate() {
        measure.window.granted_after =
            Span { months: 3 + 18 * u32::try_from(r.range(0, 2)).unwrap(), days: 0 };
        if r.once_in(2) {
            choose(r, measure);
        }
        if r.once_in(2) {
            keep_ledger(r, measure, total);
        }
        if r.once_in(4) {
            without_aid(measure);
        }
        if r.once_in(3) {
            let of = r.pick(&[&[0, 1][..], &[2], &[1, 3]]).to_vec();
            measure.pools.push(Pool {
                rule: rule("of-items"),
                pool: format!("items{}", r.range(0, 1)).parse().unwrap(),
                available: Money::from_cents(r.range(1, total / 3 + 1)),
                scope: PoolScope::Portfolio,
                of,
                when: Condition::ALWAYS,
                waiting_list: Rate::ZERO,
                in_part: true,
            });
        }
        if r.once_in(2) {
            allow(r, measure, m);
        }
    }
    let priors = r.range(0, 3);
    for _ in 0..priors {
        prior_aid(r, &mut portfolio, total);
    }
    if r.once_in(6) {
        let expense = portfolio.expenses[0].clone();
        portfolio.decisions.push(Decision {
            what: Verb::Forbid,
            project: expense.project,
            measure: measures[0].id.clone(),
            expense: Some(expense.id),
            cost_item: None,
            choice: None,
            filed_on: None,
        });
    }
    (portfolio.sorted(), measures)
}

/// Every project has a second company that pays some of its expenses; now and then of the same undertaking.
fn members(r: &mut Random, portfolio: &mut Portfolio) {
    for p in 0..portfolio.projects.len() {
        let project = portfolio.projects[p].id.clone();
        let mut member = Company::new(format!("member{p}").parse().unwrap());
        if r.once_in(4) {
            member.undertaking = portfolio.projects[p].company.as_str().parse().unwrap();
        }
        member.region = Some("Lombardia".into());
        for expense in portfolio.expenses.iter_mut().filter(|e| e.project == project) {
            if r.once_in(3) {
                expense.company = member.id.clone();
            }
        }
        portfolio.members.push(Member { project, company: member.id.clone(), size: None, role: None });
        portfolio.companies.push(member);
    }
}

/// A choice of two, of which the second gives more and caps it.
fn choose(r: &mut Random, m: &mut Measure) {
    let option = |id: &str| ChoiceOption {
        id: id.into(),
        names: Names { it: id.into(), en: id.into() },
        regime: Some(id.into()),
        early_order: (id == "de_minimis").then_some(EarlyOrder::Line),
        when: Condition::ALWAYS,
    };
    let groups = vec![
        ("left".to_owned(), vec![CATEGORIES[0].to_owned(), CATEGORIES[1].to_owned()]),
        ("right".to_owned(), vec![CATEGORIES[2].to_owned()]),
    ];
    let per = match r.range(0, 2) {
        0 => ChoicePer::Application,
        1 => ChoicePer::Group(groups),
        _ => ChoicePer::Lot,
    };
    let whole = per == ChoicePer::Application;
    m.choices.push(Choice { rule: rule("regime"), per, options: vec![option("gber"), option("de_minimis")] });
    let picked = |option: &str| {
        let fact = FactRef::new(Subject::Choice, "regime");
        Condition::Fact(fact, Test::OneOf(vec![Value::text(option)]))
    };
    let more = share(r.pick(&[50, 150]));
    m.components.push(Component {
        rule: rule("more"),
        form: Form::Grant,
        of: vec![0, 1, 2],
        shape: Shape::Rate { rate: more, premiums: Vec::new() },
        when: picked("de_minimis"),
    });
    if whole {
        let total = vec![euro(r.range(1, 3_000_000))];
        let components = (0..m.components.len()).collect();
        let cap = limit("cap-of-choice", Quantity::Aid(components), Bound::AtMost, total, Effect::Trim);
        m.limits.push(Limit { when: picked("de_minimis"), ..cap });
    }
}

fn keep_ledger(r: &mut Random, m: &mut Measure, total: i64) {
    let per = r.pick(&[Holder::Undertaking, Holder::Company, Holder::Member]);
    let over = r.pick(&[Over::Ever, Over::Rolling(Span { months: 24, days: 0 }), Over::FiscalYears(2)]);
    let at_most = constant(r.range(total / 8 + 1, total / 2 + 1));
    let chosen = Condition::Fact(
        FactRef::new(Subject::Choice, "regime"),
        Test::OneOf(vec![Value::text("de_minimis")]),
    );
    m.ledgers.push(Ledger {
        rule: rule("plafond"),
        ledger: "de_minimis".into(),
        per,
        of: (0..m.components.len()).collect(),
        when: if m.choices.is_empty() || r.once_in(2) { Condition::ALWAYS } else { chosen },
        refuses: r.once_in(4),
        periods: vec![Period { from: None, until: None, at_most, over }],
        counts: vec!["gber:28".into()],
    });
}

/// Members whose region is known have no aid: the leads have none given.
fn without_aid(m: &mut Measure) {
    m.requirements.push(Requirement {
        rule: rule("beneficiaries"),
        subject: Subject::Member,
        applies: Condition::ALWAYS,
        must: Condition::Fact(FactRef::new(Subject::Member, "region"), Test::Known(false)),
        unknown: Unknown::Block,
        fails: Scope::MemberAid,
        question: None,
    });
}

fn allow(r: &mut Random, m: &mut Measure, at: usize) {
    let ceiling = match r.range(0, 3) {
        0 => Ceiling::Cost,
        1 => Ceiling::HighestIntensity(r.once_in(2).then(|| share(600))),
        2 => Ceiling::Residual,
        _ => Ceiling::NetBase,
    };
    let clause = |id: &str, scope: MeetingPlace, effect: Meeting| Cumulation {
        rule: rule(id),
        with: OtherAid::default(),
        scope,
        effect,
        when: Condition::ALWAYS,
        from: None,
    };
    m.cumulation.push(clause("beside", MeetingPlace::Expense, Meeting::Allow(ceiling)));
    if at == 0 && r.once_in(8) {
        m.cumulation.push(clause("alone", MeetingPlace::Project, Meeting::Forbid));
    }
}

fn prior_aid(r: &mut Random, portfolio: &mut Portfolio, total: i64) {
    let company = r.range(0, i64::try_from(portfolio.companies.len()).unwrap() - 1);
    let undertaking = portfolio.companies[usize::try_from(company).unwrap()].undertaking.clone();
    let months = u32::try_from(r.range(1, 30)).unwrap();
    let granted_on = portfolio.settings.as_of.checked_sub_months(chrono::Months::new(months)).unwrap();
    let expense = r.once_in(4).then(|| portfolio.expenses[0].id.clone());
    portfolio.prior_aids.push(PriorAid {
        undertaking,
        granted_on,
        regulation: r.pick(&["de_minimis", "gber:28.4", "gber:17"]).to_owned(),
        aid: Money::from_cents(r.range(1, total / 6 + 1)),
        measure: None,
        expense,
    });
}

/// The same case with a loan in its first measure, a guarantee on it, and a cap that counts them beside the grants.
pub fn lending(seed: u64, size: Size) -> (Portfolio, Vec<Measure>) {
    let (mut portfolio, mut measures) = case(seed, size);
    // A stream of its own, so that the rest of the case is as it was.
    let r = &mut Random::new(seed ^ 0x10A7);
    let total: i64 = portfolio.expenses.iter().map(|e| e.net_amount.cents()).sum();
    for project in &mut portfolio.projects {
        project.loan_amount = (!r.once_in(4)).then(|| Money::from_cents(r.range(1, total)));
    }
    lend(r, &mut measures[0], total);
    if seed.is_multiple_of(2) {
        // Told and nothing else: what is lent above a fifth of the cost.
        let loan = measures[0].components.iter().position(|component| component.form == Form::Loan).unwrap();
        let fifth = vec![euro(total / 5)];
        let told = limit("method", Quantity::Aid(vec![loan]), Bound::AtMost, fifth, Effect::Warn);
        measures[0].limits.push(told);
    }
    (portfolio, measures)
}

fn lend(r: &mut Random, m: &mut Measure, total: i64) {
    let all: Vec<usize> = (0..m.items.len()).collect();
    let grants: Vec<usize> = (0..m.components.len()).collect();
    let amount = match r.range(0, 2) {
        0 => LoanAmount::Requested,
        1 => LoanAmount::Complement(vec![of(r.pick(&[1000, 800, 1200]), &all)]),
        _ => LoanAmount::Chosen(constant(r.range(0, total / 3))),
    };
    let mut at_most = vec![of(r.pick(&[1000, 700, 400]), r.pick(&[&all[..], &[0, 1][..]]))];
    if r.once_in(2) {
        at_most.push(euro(r.range(1, total)));
    }
    if r.once_in(4) {
        at_most.remove(0);
    }
    if at_most.is_empty() && matches!(amount, LoanAmount::Chosen(_)) {
        at_most.push(euro(total / 2));
    }
    let mut add = |id: &str, form: Form, of: Vec<usize>, shape: Shape| {
        m.components.push(Component { rule: rule(id), form, of, shape, when: Condition::ALWAYS });
        m.components.len() - 1
    };
    let of_loan = if r.once_in(3) { vec![0, 2] } else { all.clone() };
    let loan = add("loan", Form::Loan, of_loan, Shape::Loan(Loan { amount, at_most }));
    let rate = share(r.pick(&[75, 200, 450]));
    let esl = add("esl", Form::Guarantee, Vec::new(), Shape::Share { components: vec![loan], rate });
    let mut counted = [&[esl][..], &grants].concat();
    if r.once_in(6) {
        let rate = share(r.pick(&[50, 300]));
        let of_loan = Shape::Share { components: vec![loan], rate };
        counted.push(add("on-loan", Form::Grant, Vec::new(), of_loan));
    }
    if r.once_in(6) {
        let steps = vec![(Money::from_cents(total / 4), Money::from_cents(total / 10))];
        counted.insert(0, add("fee", Form::Guarantee, all.clone(), Shape::Steps(steps)));
    }
    if r.once_in(3) {
        // A ceiling on everything, the aid in the guarantee too.
        let at_most = constant(r.range(total / 8 + 1, total));
        let period = Period { from: None, until: None, at_most, over: Over::Ever };
        m.ledgers.push(Ledger {
            rule: rule("ledger"),
            ledger: "test".into(),
            per: Holder::Undertaking,
            of: counted.clone(),
            when: Condition::ALWAYS,
            refuses: r.once_in(3),
            periods: vec![period],
            counts: Vec::new(),
        });
    }
    let mut cap = |limit: Limit| m.limits.push(limit);
    let percent = r.pick(&[250, 500, 800]);
    cap(limit(
        "total-intensity",
        Quantity::Aid(counted),
        Bound::AtMost,
        vec![of(percent, &all)],
        Effect::Trim,
    ));
    let (floor, ceiling) = (vec![euro(r.range(1, total / 3 + 1))], vec![euro(r.range(total / 3, total))]);
    match r.range(0, 7) {
        0 => cap(limit("least-loan", Quantity::Aid(vec![loan]), Bound::AtLeast, floor, Effect::Reject)),
        1 => cap(limit("most-loan", Quantity::Aid(vec![loan]), Bound::AtMost, ceiling, Effect::Reject)),
        2 => {
            let both = Quantity::Aid([&[loan][..], &grants].concat());
            cap(limit("investment", both, Bound::AtMost, vec![of(900, &all)], Effect::Trim));
        }
        3 => cap(limit("grant-cap", Quantity::Aid(grants), Bound::AtMost, vec![of(400, &all)], Effect::Trim)),
        _ => {}
    }
}

fn portfolio(r: &mut Random, size: Size) -> Portfolio {
    let mut portfolio = Portfolio {
        settings: Settings { as_of: NaiveDate::from_ymd_opt(2026, 6, 1).unwrap(), ..Settings::default() },
        ..Portfolio::default()
    };
    let same_company = r.once_in(2);
    for p in 0..r.range(1, size.projects) {
        let company = if same_company { "c0".to_owned() } else { format!("c{p}") };
        if portfolio.companies.iter().all(|c| c.id.as_str() != company) {
            portfolio.companies.push(Company::new(company.parse().unwrap()));
        }
        portfolio.projects.push(Project::new(format!("p{p}").parse().unwrap(), company.parse().unwrap()));
    }
    let projects = i64::try_from(portfolio.projects.len()).unwrap();
    for e in 0..r.range(2, size.expenses) {
        let project = &portfolio.projects[usize::try_from(r.range(0, projects - 1)).unwrap()];
        let mut expense = Expense::new(
            format!("e{e}").parse().unwrap(),
            project.id.clone(),
            project.company.clone(),
            r.pick(&CATEGORIES),
            Money::from_cents(r.range(1, size.largest)),
        );
        expense.lot = (!r.once_in(4)).then(|| r.pick(&["lot1", "lot2"]).parse().unwrap());
        expense.quantity = Some(Decimal::from(r.range(1, 4)));
        portfolio.expenses.push(expense);
    }
    portfolio.sorted()
}

/// A measure with a handful of rules; over many seeds every family appears, alone and in company.
fn measure(r: &mut Random, number: i64, size: Size, total: i64) -> Measure {
    let mut m = plain_measure(&format!("m{number}"), r.range(200, 900));
    m.claim = size.claim;
    m.rounding = r.pick(&[
        Rounding::Down,
        Rounding::Down,
        Rounding::Down,
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::Up,
    ]);
    if r.once_in(4) {
        // Two items that take the same category: the applicant chooses.
        for (index, item) in m.items.iter_mut().enumerate() {
            if let ItemKind::Cost(cost) = &mut item.kind
                && index < 2
            {
                cost.takes = vec!["machinery".into(), "consultancy".into()];
                cost.applicant_may_choose = true;
            }
        }
    }
    if r.once_in(3) {
        m.items.push(Item {
            id: "flat".parse().unwrap(),
            rule: rule("flat"),
            kind: ItemKind::Derived(Derived {
                rate: share(r.pick(&[70, 150, 250])),
                of: r.pick(&[&[0_usize, 1, 2, 3][..], &[0, 2][..]]).to_vec(),
                when: Condition::ALWAYS,
            }),
        });
        m.components[0].of.push(4);
    }
    payout(r, &mut m, total);
    for n in 0..r.range(0, 3) {
        add_limit(r, &mut m, n, total);
    }
    if r.once_in(4) {
        m.counts.push(Count {
            rule: rule("count"),
            of: r.pick(&[Countable::Lots, Countable::Items, Countable::Expenses, Countable::Applications]),
            which: Condition::ALWAYS,
            within: Vec::new(),
            at_least: None,
            at_most: None,
            per_company: r.once_in(3),
        });
        let count = &mut m.counts[0];
        count.per_company |= count.of == Countable::Applications;
        if r.once_in(3) && count.of != Countable::Applications {
            count.at_least = Some(2);
        } else {
            count.at_most = Some(u32::try_from(r.range(1, 2)).unwrap());
        }
    }
    if r.once_in(5) {
        let (needs, with) = r.pick(&[(1, 0), (3, 2)]);
        m.companions.push(Companion {
            rule: rule("companion"),
            items: vec![needs],
            with: vec![with],
            at_least: constant(r.range(1, size.largest)),
        });
    }
    if r.once_in(3) {
        let id = if r.once_in(2) { "shared".to_owned() } else { format!("own{number}") };
        // Measures that name the same pool must agree on it, so its figures hang on its name alone.
        let available = if id == "shared" { total / 4 } else { r.range(1, total) };
        m.pools.push(Pool {
            rule: rule("pool"),
            in_part: id != "shared" && r.once_in(2),
            pool: id.parse().unwrap(),
            available: Money::from_cents(available),
            scope: PoolScope::Portfolio,
            of: Vec::new(),
            when: Condition::ALWAYS,
            waiting_list: Rate::ZERO,
        });
    }
    m
}

fn payout(r: &mut Random, m: &mut Measure, total: i64) {
    let bands = |rates: [i64; 3], ends: [i64; 2]| {
        vec![
            Band { up_to: Some(Money::from_cents(ends[0])), rate: rate(rates[0]) },
            Band { up_to: Some(Money::from_cents(ends[0] + ends[1])), rate: rate(rates[1]) },
            Band { up_to: None, rate: rate(rates[2]) },
        ]
    };
    let ends = [r.range(1, total / 3 + 1), r.range(1, total / 3 + 1)];
    let rates = [r.range(100, 900), r.range(100, 900), r.range(100, 900)];
    let shape = match r.range(0, 9) {
        0 => Shape::Brackets(bands(rates, ends)),
        1 => Shape::Tiers(bands(rates, ends)),
        2 => Shape::Steps(vec![
            (Money::from_cents(ends[0]), Money::from_cents(ends[0] / 2 + 1)),
            (Money::from_cents(ends[0] + ends[1]), Money::from_cents(ends[0] / 2 + ends[1] / 2 + 2)),
        ]),
        3 => Shape::PerUnit(constant(r.range(1, total / 4 + 1))),
        4 => Shape::Fixed(constant(r.range(1, total / 2 + 1))),
        5 => {
            // Different rates for different items: a cut has to choose.
            m.components[0].of.retain(|item| *item != 1);
            Shape::Rate { rate: share(rates[0]), premiums: Vec::new() }
        }
        _ => return,
    };
    if r.once_in(2) || matches!(shape, Shape::Rate { .. }) {
        let of = if matches!(shape, Shape::Rate { .. }) { vec![1] } else { m.components[0].of.clone() };
        let second =
            Component { rule: rule("second"), form: Form::Grant, of, shape, when: Condition::ALWAYS };
        m.components.push(second);
    } else {
        m.components[0].shape = shape;
    }
    if r.once_in(4) {
        m.components.push(Component {
            rule: rule("premium"),
            form: Form::Grant,
            of: Vec::new(),
            shape: Shape::Share { components: vec![0], rate: share(r.pick(&[50, 200])) },
            when: Condition::ALWAYS,
        });
    }
}

fn add_limit(r: &mut Random, m: &mut Measure, number: i64, total: i64) {
    let id = format!("limit{number}");
    let all: Vec<usize> = (0..m.items.len()).collect();
    let amount = r.range(1, total);
    let percent = r.pick(&[100, 250, 300, 500]);
    let per_lot = |mut limit: Limit| {
        limit.per = Per::Lot;
        limit
    };
    let components: Vec<usize> = (0..m.components.len()).collect();
    let only_rates = m.components.iter().all(|c| matches!(c.shape, Shape::Rate { .. }));
    let cost = Quantity::Cost;
    let limit = match r.range(0, 13) {
        0 => limit(&id, cost(vec![1]), Bound::AtMost, vec![of(percent, &[0, 2, 3])], Effect::Trim),
        1 => limit(&id, cost(vec![1]), Bound::AtMost, vec![of(percent, &all), euro(amount)], Effect::Trim),
        2 => limit(&id, cost(vec![0, 1]), Bound::AtMost, vec![euro(amount)], Effect::Trim),
        3 => limit(&id, cost(all), Bound::AtMost, vec![euro(amount)], Effect::Trim),
        4 => limit(&id, cost(all), Bound::AtLeast, vec![euro(amount / 2)], Effect::Reject),
        5 => limit(&id, cost(vec![0, 2]), Bound::AtLeast, vec![of(percent, &all)], Effect::Reject),
        6 => limit(&id, cost(vec![1, 3]), Bound::AtMost, vec![of(percent, &[0, 2])], Effect::Reject),
        7 => limit(&id, cost(all), Bound::AtMost, vec![euro(amount)], Effect::Reject),
        8 => per_lot(limit(&id, cost(all), Bound::AtLeast, vec![euro(amount / 3)], Effect::Drop)),
        9 => per_lot(limit(&id, cost(all), Bound::AtMost, vec![euro(amount / 2)], Effect::Trim)),
        10 => limit(&id, Quantity::Aid(components), Bound::AtMost, vec![euro(amount / 2)], Effect::Trim),
        11 => limit(&id, Quantity::Aid(components), Bound::AtLeast, vec![euro(amount / 4)], Effect::Reject),
        12 if only_rates => per_lot(limit(
            &id,
            Quantity::Aid(components),
            Bound::AtMost,
            vec![euro(amount / 4)],
            Effect::Trim,
        )),
        13 if only_rates => per_lot(limit(
            &id,
            Quantity::Aid(components),
            Bound::AtLeast,
            vec![euro(amount / 6)],
            Effect::Drop,
        )),
        _ => limit(&id, Quantity::Aid(vec![0]), Bound::AtMost, vec![euro(amount / 3)], Effect::Trim),
    };
    let mut limit = limit;
    if r.once_in(4) && limit.effect == Effect::Trim {
        limit.cut = Cut::ProRata;
    }
    if r.once_in(4) && matches!(limit.of, Quantity::Aid(_)) && limit.effect != Effect::Trim {
        limit.reads = Reads::Computed;
    }
    m.limits.push(limit);
}

/// Every rule family a case uses, for counting.
pub fn families(measures: &[Measure]) -> BTreeMap<&'static str, usize> {
    let mut found: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut note = |family: &'static str, yes: bool| *found.entry(family).or_default() += usize::from(yes);
    for m in measures {
        for limit in &m.limits {
            let cost = matches!(limit.of, Quantity::Cost(_));
            let name = match (cost, limit.effect, limit.bound, limit.per) {
                (true, Effect::Trim, _, Per::Application) => "trim of cost",
                (true, Effect::Trim, _, Per::Lot) => "trim of cost per lot",
                (true, Effect::Reject, Bound::AtLeast, _) => "floor on cost",
                (true, Effect::Reject, Bound::AtMost, _) => "rejecting ceiling on cost",
                (true, Effect::Drop, ..) => "drop by cost",
                (false, Effect::Trim, _, Per::Application) => "cap on aid",
                (false, Effect::Trim, _, Per::Lot) => "cap on aid per lot",
                (false, Effect::Reject, ..) => "floor on aid",
                (false, Effect::Drop, ..) => "drop by aid",
                (_, Effect::Warn, ..) => "warning",
            };
            note(name, true);
        }
        for component in &m.components {
            let name = match component.shape {
                Shape::Rate { .. } => "rate",
                Shape::Brackets(_) => "brackets",
                Shape::Tiers(_) => "tiers",
                Shape::Steps(_) => "steps",
                Shape::PerUnit(_) => "per unit",
                Shape::Fixed(_) => "fixed",
                Shape::Share { .. } => "share",
                Shape::Loan(_) => "loan",
            };
            note(name, true);
        }
        note("derived item", m.items.len() > 4);
        note("count", m.counts.iter().any(|c| !c.per_company));
        note("count over a company", m.counts.iter().any(|c| c.per_company));
        note("companion", !m.companions.is_empty());
        note("refusing pool", m.pools.iter().any(|p| !p.in_part));
        note("pool in part", m.pools.iter().any(|p| p.in_part));
        note(
            "choice of item",
            m.items.iter().any(|i| matches!(&i.kind, ItemKind::Cost(c) if c.applicant_may_choose)),
        );
    }
    found
}
