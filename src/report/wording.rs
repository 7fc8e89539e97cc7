//! Rules of a measure as words: numbers, terms, valuations, shapes of aid. Conditions can say themselves.

mod shared;

pub(super) use shared::{choice, cumulation, early_order, ledger, pool};

use super::numbers::{euro, number, percentage};
use crate::measure::{
    Band, Bound, Cell, Component, Count, Cut, DateRule, Due, Effect, Item, ItemKind, Limit, Loan, LoanAmount,
    Measure, Number, Per, Quantity, Reads, Shape, Table, Term, Valuation,
};
use crate::rate::Rate;

/// A number; `constant` says how a plain one is shown.
fn stated(value: &Number, constant: &dyn Fn(rust_decimal::Decimal) -> String) -> String {
    let joined = |parts: &[Number], sign: &str| {
        parts.iter().map(|part| stated(part, constant)).collect::<Vec<_>>().join(sign)
    };
    match value {
        Number::Constant(value) => constant(*value),
        Number::Fact(fact) => fact.to_string(),
        Number::Table(table) => tabulated(table, constant),
        Number::Sum(parts) => format!("({})", joined(parts, " + ")),
        Number::Product(parts) => joined(parts, " x "),
        Number::Difference(from, less) => {
            format!("({} - {})", stated(from, constant), stated(less, constant))
        }
        Number::Quotient(of, by) => format!("{} / {}", stated(of, constant), stated(by, &plain)),
        Number::FirstKnown(parts) => format!("the first known of {}", joined(parts, ", ")),
        Number::DiscountedBalances { years, grace_months, rate, due } => format!(
            "balances of one euro over {} years with {} months of grace, at {} a year from the {} of each",
            stated(years, &plain),
            stated(grace_months, &plain),
            stated(rate, &percentage),
            if *due == Due::Start { "start" } else { "end" },
        ),
        Number::Min(parts) => format!("the smallest of {}", joined(parts, ", ")),
        Number::Max(parts) => format!("the largest of {}", joined(parts, ", ")),
    }
}

/// A number that is neither money nor a share.
fn plain(value: rust_decimal::Decimal) -> String {
    number(value)
}

fn tabulated(table: &Table, constant: &dyn Fn(rust_decimal::Decimal) -> String) -> String {
    let row = |row: &crate::measure::Row| {
        let tests = row.cells.iter().zip(&table.keys).filter_map(|(cell, key)| match cell {
            Cell::Any => None,
            Cell::Test(test) => Some(format!("{key} {test}")),
        });
        let tests: Vec<String> = tests.collect();
        let when = if tests.is_empty() { "otherwise".to_owned() } else { tests.join(" and ") };
        format!("{} where {when}", constant(row.value))
    };
    table.rows.iter().map(row).collect::<Vec<_>>().join("; ")
}

fn amount(value: &Number) -> String {
    stated(value, &|euro| format!("EUR {}", number(euro)))
}

fn rate(value: &Number) -> String {
    stated(value, &percentage)
}

/// Items by their ids.
fn items(measure: &Measure, indices: &[usize]) -> String {
    let ids: Vec<&str> = indices.iter().map(|at| measure.items[*at].id.as_str()).collect();
    if ids.len() > 1 && ids.len() == measure.items.len() { "all items".to_owned() } else { ids.join("+") }
}

fn components(measure: &Measure, indices: &[usize]) -> String {
    let ids: Vec<&str> = indices.iter().map(|at| measure.components[*at].rule.id.as_str()).collect();
    ids.join("+")
}

fn term(measure: &Measure, term: &Term) -> String {
    let fixed = (term.euro != Number::ZERO || term.shares.is_empty()).then(|| amount(&term.euro));
    let shares = term.shares.iter().map(|(share, of)| format!("{} of {}", rate(share), items(measure, of)));
    fixed.into_iter().chain(shares).collect::<Vec<_>>().join(" + ")
}

/// A limit as a sentence.
pub(super) fn limit(measure: &Measure, limit: &Limit) -> String {
    let of = match &limit.of {
        Quantity::Cost(of) => format!("cost of {}", items(measure, of)),
        Quantity::Aid(of) => {
            let when = if limit.reads == Reads::Computed { ", before caps," } else { "" };
            format!("aid {}{when}", components(measure, of))
        }
    };
    let bound = match limit.bound {
        Bound::AtMost => "at most",
        Bound::AtLeast => "at least",
    };
    let terms: Vec<String> = limit.terms.iter().map(|t| term(measure, t)).collect();
    let per = if limit.per == Per::Lot { " per lot" } else { "" };
    let effect = match (limit.effect, limit.cut) {
        (Effect::Trim, Cut::ProRata) => "otherwise cut pro rata",
        (Effect::Trim, Cut::LowestAidFirst) => "otherwise cut",
        (Effect::Reject, _) => "otherwise the application is rejected",
        (Effect::Drop, _) => "otherwise dropped",
        (Effect::Warn, _) => "otherwise the result says so",
    };
    let when = if limit.when.is_always() { String::new() } else { format!("when {}: ", limit.when) };
    format!("{when}{of} {bound} {}{per}; {effect}", terms.join(" and "))
}

/// A count as a sentence.
pub(super) fn count(measure: &Measure, count: &Count) -> String {
    let least = count.at_least.map(|least| format!("at least {least}"));
    let most = count.at_most.map(|most| format!("at most {most}"));
    let bounds: Vec<String> = least.into_iter().chain(most).collect();
    let which = if count.which.is_always() { String::new() } else { format!(" where {}", count.which) };
    let within = match count.within.as_slice() {
        [] => String::new(),
        within => format!(" under {}", items(measure, within)),
    };
    let per = if count.per_company { " per company" } else { "" };
    format!("{} {}{which}{within}{per}", bounds.join(" and "), count.of.name())
}

/// A companion rule as a sentence.
pub(super) fn companion(measure: &Measure, rule: &crate::measure::Companion) -> String {
    let (of, with) = (items(measure, &rule.items), items(measure, &rule.with));
    format!("{of} only with at least {} under {with}", amount(&rule.at_least))
}

/// What an item takes, and at which value.
pub(super) fn item(measure: &Measure, item: &Item) -> String {
    match &item.kind {
        ItemKind::Derived(derived) => {
            let when =
                if derived.when.is_always() { String::new() } else { format!(", when {}", derived.when) };
            format!("{} of {}, without invoice{when}", rate(&derived.rate), items(measure, &derived.of))
        }
        ItemKind::Cost(cost) => {
            let mut text = format!("takes {}", cost.takes.join(", "));
            if !cost.when.is_always() {
                text = format!("{text}; when {}", cost.when);
            }
            for valuation in &cost.valuation {
                text = format!("{text}; {}", valued(valuation));
            }
            if cost.applicant_may_choose {
                text.push_str("; the applicant may choose among items");
            }
            text
        }
    }
}

fn valued(valuation: &Valuation) -> String {
    match valuation {
        Valuation::Weight(weight) => format!("counts for {}", rate(weight)),
        Valuation::Portion { of, at_most } => {
            format!("at most {} of its {of} count", stated(at_most, &number))
        }
        Valuation::UnitCeiling(most) => format!("at most {} a unit", amount(most)),
        Valuation::UnitValue(value) => format!("counts as {} a unit", amount(value)),
        Valuation::Fixed(value) => format!("counts as {}", amount(value)),
        Valuation::Less(less) => format!("counts less {}", amount(less)),
    }
}

/// How a component is computed.
pub(super) fn component(measure: &Measure, component: &Component) -> String {
    let of = items(measure, &component.of);
    let shape = match &component.shape {
        Shape::Rate { rate: share, .. } => format!("{} of {of}", rate(share)),
        Shape::Brackets(bands) => format!("{} of {of}, band by band", banded(bands)),
        Shape::Tiers(bands) => format!("{} of {of}, one rate by the total", banded(bands)),
        Shape::Steps(steps) => {
            let step = |(from, aid): &(crate::money::Money, crate::money::Money)| {
                format!("{} from {}", euro(*aid), euro(*from))
            };
            format!("{}, by the total of {of}", steps.iter().map(step).collect::<Vec<_>>().join(", "))
        }
        Shape::PerUnit(per_unit) => format!("{} a unit of {of}", amount(per_unit)),
        Shape::Fixed(fixed) => format!("{} once anything of {of} is admitted", amount(fixed)),
        Shape::Loan(loan) => lent(measure, loan),
        Shape::Share { components: earlier, rate: share } => {
            format!("{} of the aid {}", rate(share), components(measure, earlier))
        }
    };
    if component.when.is_always() { shape } else { format!("{shape}; when {}", component.when) }
}

/// What decides a loan.
fn lent(measure: &Measure, loan: &Loan) -> String {
    let tightest = |terms: &[Term]| {
        let words: Vec<String> = terms.iter().map(|t| term(measure, t)).collect();
        words.join(" or ")
    };
    let amount = match &loan.amount {
        LoanAmount::Requested => "the loan asked for".to_owned(),
        LoanAmount::Complement(covers) => format!("a loan of what the grants leave of {}", tightest(covers)),
        LoanAmount::Chosen(least) => {
            format!("a loan of at least {}, no grant lost for it", self::amount(least))
        }
    };
    if loan.at_most.is_empty() { amount } else { format!("{amount}, at most {}", tightest(&loan.at_most)) }
}

/// A premium's points and condition.
pub(super) fn premium(premium: &crate::measure::Premium) -> String {
    format!("{} more, when {}", rate(&premium.points), premium.when)
}

fn banded(bands: &[Band]) -> String {
    let band = |band: &Band| {
        let share = share(band.rate);
        band.up_to.map_or_else(|| format!("{share} above"), |end| format!("{share} up to {}", euro(end)))
    };
    bands.iter().map(band).collect::<Vec<_>>().join(", ")
}

fn share(rate: Rate) -> String {
    percentage(rate.value())
}

/// A term for a date of an expense.
pub(super) fn date(rule: &DateRule) -> String {
    let from = rule.from.map(|from| format!("from {from}"));
    let until = rule.until.map(|until| format!("until {until}"));
    let ends: Vec<String> = from.into_iter().chain(until).collect();
    let extension =
        rule.extension.map_or_else(String::new, |more| format!(" (an extension of {more} is not counted)"));
    format!("{} {}{extension}", rule.field.name(), ends.join(" "))
}
