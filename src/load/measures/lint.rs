//! What a file may say and cannot mean: rules that contradict, never act, or stand on nothing.
//!
//! The readers see one rule at a time; here the measure is whole, so rules are held against each other. Errors are
//! what would give a wrong or no answer, warnings what is probably not meant.

mod choices;
mod convergence;
mod cumulation;
mod loans;
mod overlap;
pub(super) mod rows;

use rust_decimal::Decimal;

use super::names::{Kind, Names};
use super::node::{Node, Table};
use super::source::code;
use crate::measure::{
    Bound, Component, EarlyOrder, Effect, Item, ItemKind, Limit, Measure, Number, Per, Quantity, Rule, Shape,
    Status, Subject, Term,
};

/// Where the rules of a measure stand.
pub(super) struct Places<'p, 's> {
    pub root: &'p Table<'s>,
    pub names: &'p Names<'s>,
}

impl<'s> Places<'_, 's> {
    /// The value under a key of a rule, else the rule.
    fn at(&self, rule: &Rule, key: &str) -> Option<Node<'s>> {
        let node = self.names.rule(rule.id.as_str())?;
        node.table().and_then(|table| table.peek(key)).or(Some(node))
    }

    /// The value under a key of the window, else the window.
    fn of_window(&self, key: &str) -> Option<Node<'s>> {
        let node = self.root.peek("window")?;
        node.table().and_then(|table| table.peek(key)).or(Some(node))
    }

    fn error(&self, rule: &Rule, key: &str, code: &'static str, message: &str, help: &str) {
        if let Some(node) = self.at(rule, key) {
            node.error_with_help(code, message, help);
        }
    }

    fn warning(&self, rule: &Rule, key: &str, code: &'static str, message: &str, help: &str) {
        if let Some(node) = self.at(rule, key) {
            node.warning(code, message, help);
        }
    }
}

/// Every check of a whole measure.
pub(super) fn lint(measure: &Measure, places: &Places<'_, '_>) {
    unused(places.root, places.names);
    window(measure, places);
    references(measure, places);
    overlap::items(measure, places);
    derived(measure, places);
    for limit in &measure.limits {
        effect(limit, places);
        per_lot(limit, &measure.components, places);
    }
    convergence::trims(measure, places);
    choices::choices(measure, places);
    loans::loans(measure, places);
    cumulation::unreachable(measure, places);
    rates_above_one(measure, places);
    never_funded(measure, places);
}

/// Classes, tables and sets that nothing names, and rows of tables that nothing reaches.
fn unused<'s>(root: &Table<'s>, names: &Names<'s>) {
    for (key, kind, what) in
        [("classes", Kind::Class, "class"), ("table", Kind::Table, "table"), ("sets", Kind::Set, "set")]
    {
        let Some(table) = root.peek(key).filter(|node| node.is_table()).and_then(Node::table) else {
            continue;
        };
        for entry in table.entries() {
            let name = entry.key();
            let counted = kind == Kind::Class && names.facts.is_asked(Subject::Members, name);
            if !names.is_used(kind, name) && !counted && !in_an_alternative(root, &format!("\"{name}\"")) {
                let message = format!("the {what} '{name}' is never used");
                entry.warning(code::UNUSED, message, "remove it, or name it where it is meant");
            }
            if let Some(table) = names.tables.get(name).filter(|_| kind == Kind::Table) {
                rows::unreachable(entry, table);
            }
        }
    }
}

/// Whether another reading of some rule has these words.
fn in_an_alternative(root: &Table<'_>, words: &str) -> bool {
    let rules = root.entries().into_iter().filter(|entry| entry.is_array()).filter_map(Node::list).flatten();
    let doubts = rules.filter(|rule| rule.is_table()).filter_map(|rule| rule.table()?.peek("doubt"));
    let mut alternatives = doubts
        .filter(|doubt| doubt.is_table())
        .filter_map(|doubt| doubt.table()?.peek("alternatives").filter(|node| node.is_array())?.list())
        .flatten();
    alternatives.any(|alternative| alternative.as_text().is_some_and(|text| text.contains(words)))
}

fn window(measure: &Measure, places: &Places<'_, '_>) {
    let window = &measure.window;
    if let (Some(opens), Some(closes)) = (window.opens, window.closes)
        && closes < opens
        && let Some(node) = places.of_window("closes")
    {
        node.error(code::MEANINGLESS, format!("the window closes on {closes}, before it opens on {opens}"));
    }
    if window.status == Status::Open
        && window.opens.is_none()
        && let Some(node) = places.of_window("status")
    {
        let help = "give the day under 'opens', or write status = \"announced\"";
        node.error_with_help(code::MEANINGLESS, "an open window without an opening day never opens", help);
    }
    if measure.regime.starts_with("gber")
        && window.early_order != EarlyOrder::Application
        && let Some(node) = places.of_window("early_order")
    {
        let message = "under GBER an order before the application ends the incentive effect of the whole project (art. 6)";
        node.warning(code::UNUSUAL, message, "write early_order = \"application\"");
    }
}

/// Rules that quote nothing although the measure has a source, and whose doubt names no other text that they rest on.
fn references(measure: &Measure, places: &Places<'_, '_>) {
    if measure.source.is_none() {
        return;
    }
    let help = "quote the words it rests on under 'ref'";
    let [window, early_order] = measure.window.rules.as_slice() else { return };
    let elsewhere = |rule: &Rule| rule.doubt.as_ref().is_some_and(|doubt| doubt.source.is_some());
    // What a shared ledger rests on stands in the shared file.
    let shared = |rule: &Rule| {
        let ledger = measure.ledgers.iter().find(|ledger| ledger.rule.id == rule.id);
        ledger.is_some() && places.at(rule, "at_most").is_some_and(|node| node.key() != "at_most")
    };
    let unquoted = |rule: &&Rule| rule.reference.is_none() && !elsewhere(rule) && !shared(rule);
    for rule in measure.rules().filter(unquoted) {
        let message = format!("the rule '{}' quotes nothing from the source", rule.id);
        if rule.id == window.id {
            if let Some(node) = places.root.peek("window") {
                node.warning(code::NO_REFERENCE, message, help);
            }
        } else if rule.id == early_order.id {
            if let Some(node) =
                places.of_window("early_order").filter(|_| measure.window.early_order != EarlyOrder::Allowed)
            {
                node.warning(
                    code::NO_REFERENCE,
                    message,
                    "quote the words it rests on under 'early_order_ref'",
                );
            }
        } else {
            places.warning(rule, "id", code::NO_REFERENCE, &message, help);
        }
    }
}

/// Derived items that are taken on themselves, be it by way of others.
fn derived(measure: &Measure, places: &Places<'_, '_>) {
    let base = |index: &usize| match measure.items.get(*index).map(|item| &item.kind) {
        Some(ItemKind::Derived(derived)) => derived.of.as_slice(),
        _ => &[],
    };
    for (index, item) in measure.items.iter().enumerate() {
        let mut reached: Vec<usize> = base(&index).to_vec();
        let mut next = 0;
        while let Some(other) = reached.get(next) {
            let further: Vec<usize> = base(other).iter().copied().filter(|i| !reached.contains(i)).collect();
            reached.extend(further);
            next += 1;
        }
        if reached.contains(&index) {
            let message = format!("the derived item '{}' is taken on itself", item.id);
            places.error(&item.rule, "of", code::CYCLE, &message, "leave it out of the items it is taken on");
        }
    }
}

/// Effects and options that mean nothing together.
fn effect(limit: &Limit, places: &Places<'_, '_>) {
    let on_aid = matches!(limit.of, Quantity::Aid(_));
    let error = |key: &str, message: &str, help: &str| {
        places.error(&limit.rule, key, code::MEANINGLESS, message, help);
    };
    let gives = |key: &str| places.at(&limit.rule, key).is_some_and(|node| node.key() == key);
    if limit.bound == Bound::AtLeast && limit.effect == Effect::Trim {
        error("effect", "cutting cannot raise a sum to a minimum", "write effect = \"reject\" or \"drop\"");
    }
    if on_aid && limit.effect == Effect::Drop && limit.per == Per::Application {
        let help = "write per = \"lot\", or effect = \"reject\"";
        error("effect", "a limit on the aid of an application has nothing to drop but the application", help);
    }
    if limit.effect == Effect::Warn && limit.per == Per::Lot {
        error("per", "a warning is about the application", "remove 'per'");
    }
    if gives("cut") && (on_aid || limit.effect != Effect::Trim) {
        error("cut", "'cut' is for trims of cost only", "remove it");
    }
    if gives("reads") && !on_aid {
        error("reads", "'reads' is for limits on aid only", "remove it");
    }
    if gives("reads") && on_aid && limit.effect == Effect::Trim {
        error("reads", "a trim of aid acts on what earlier trims left", "remove 'reads'");
    }
    if gives("reads") && limit.effect == Effect::Warn {
        error("reads", "a warning is about what is left after every cap", "remove 'reads'");
    }
}

/// The aid of a lot is known only for components that have a rate line by line.
fn per_lot(limit: &Limit, components: &[Component], places: &Places<'_, '_>) {
    let Quantity::Aid(of) = &limit.of else { return };
    let other = of
        .iter()
        .filter_map(|index| components.get(*index))
        .find(|component| !matches!(component.shape, Shape::Rate { .. }));
    if let Some(component) = other.filter(|_| limit.per == Per::Lot) {
        let message =
            format!("the component '{}' has no part for each lot: it is no rate", component.rule.id);
        places.error(
            &limit.rule,
            "of",
            code::MEANINGLESS,
            &message,
            "limit it per application, or limit its cost",
        );
    }
}

/// The largest value a number is sure to have at some place: constants and rows of tables; none where it hangs on facts.
fn largest(number: &Number) -> Option<Decimal> {
    match number {
        Number::Constant(value) => Some(*value),
        Number::Table(table) => table.rows.iter().map(|row| row.value).max(),
        _ => None,
    }
}

fn rates_above_one(measure: &Measure, places: &Places<'_, '_>) {
    let above_one = |rate: &Number| largest(rate).filter(|rate| *rate > Decimal::ONE);
    let warn = |rule: &Rule, key: &str, rate: Decimal| {
        let message = format!("the rate '{rate}' is more than the whole");
        places.warning(rule, key, code::UNUSUAL, &message, "a quarter is \"0.25\"");
    };
    for limit in &measure.limits {
        let key = if limit.bound == Bound::AtMost { "at_most" } else { "at_least" };
        let shares = limit.terms.iter().flat_map(|Term { shares, .. }| shares);
        for rate in shares.filter_map(|(rate, _)| above_one(rate)) {
            warn(&limit.rule, key, rate);
        }
    }
    for item in &measure.items {
        if let ItemKind::Derived(derived) = &item.kind
            && let Some(rate) = above_one(&derived.rate)
        {
            warn(&item.rule, "rate", rate);
        }
    }
    for component in &measure.components {
        if let Shape::Rate { rate, .. } = &component.shape
            && let Some(rate) = above_one(rate)
        {
            warn(&component.rule, "rate", rate);
        }
    }
}

fn never_funded(measure: &Measure, places: &Places<'_, '_>) {
    let funded = |index: usize| measure.components.iter().any(|component| component.of.contains(&index));
    let never: Vec<&Item> =
        measure.items.iter().enumerate().filter(|(index, _)| !funded(*index)).map(|(_, item)| item).collect();
    for item in never {
        let message = format!("the item '{}' is in no component: it is never funded", item.id);
        places.warning(
            &item.rule,
            "id",
            code::UNUSED,
            &message,
            "name it, or a set with it, under 'of' of an [[aid]]",
        );
    }
}
