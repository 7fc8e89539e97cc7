//! Cost items with their valuation, and derived items (S2, S3).

use super::conditions;
use super::facts::Scope;
use super::names::Names;
use super::node::{Node, Table};
use super::numbers::{Unit, number, number_fact};
use super::requirements::UNKNOWNS;
use super::rules::rule;
use super::sets;
use super::source::code;
use crate::ids::ItemId;
use crate::measure::{Cost, Derived, Item, ItemKind, Rule, Unknown, Valuation};
use crate::portfolio::CATEGORIES;

/// Reads `[[cost_item]]`, then `[[derived_item]]`.
pub(super) fn items<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Item> {
    let costs = root.tables("cost_item");
    if costs.is_empty() {
        root.error(code::MISSING_KEY, "a measure needs at least one [[cost_item]]");
    }
    let mut items: Vec<Item> = costs.into_iter().filter_map(|node| cost_item(node, names)).collect();
    items.extend(root.tables("derived_item").into_iter().filter_map(|node| derived_item(node, names)));
    items
}

fn item(rule: Option<Rule>, kind: ItemKind) -> Option<Item> {
    let rule = rule?;
    // An id fit for a rule is fit for an item: the rules of ids are the same for all kinds.
    let id: ItemId = rule.id.as_str().parse().expect("a rule id is a valid item id");
    Some(Item { id, rule, kind })
}

fn cost_item<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Item> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let takes = table.required("takes").and_then(categories);
    let when = conditions::optional(&mut table, "when", Scope::EXPENSE, names);
    let unknown_node = table.get("unknown");
    let unknown = unknown_node.and_then(|node| node.word(&UNKNOWNS)).unwrap_or_default();
    if let Some(node) = unknown_node.filter(|_| table.peek("when").is_none()) {
        node.error(code::COMBINATION, "'unknown' goes with 'when'");
    }
    let applicant_may_choose = table.get("applicant_may_choose").and_then(Node::flag).unwrap_or_default();
    let valuation = table.get("valuation").map_or(Some(Vec::new()), |node| {
        let read: Vec<_> = node.one_or_many()?.into_iter().map(|node| valuation(node, names)).collect();
        read.into_iter().collect::<Option<Vec<Valuation>>>()
    });
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    let assume = unknown == Unknown::Assume;
    let cost = Cost { takes: takes?, when: when?, assume, valuation: valuation?, applicant_may_choose };
    item(rule, ItemKind::Cost(cost))
}

fn categories(node: Node<'_>) -> Option<Vec<String>> {
    let mut takes: Vec<String> = Vec::new();
    let nodes = node.one_or_many()?;
    for node in &nodes {
        let Some(word) = node.text() else { continue };
        if !CATEGORIES.iter().any(|category| category.id == word) {
            node.unknown_name("category", word, CATEGORIES.iter().map(|category| category.id));
        } else if takes.iter().any(|taken| taken == word) {
            node.error(code::TAKEN, format!("the category '{word}' is taken twice"));
        } else {
            takes.push(word.to_owned());
        }
    }
    (takes.len() == nodes.len()).then_some(takes)
}

fn valuation(node: Node<'_>, names: &Names<'_>) -> Option<Valuation> {
    let mut table = node.table()?;
    let kinds =
        ["weight", "portion_of", "unit_ceiling", "unit_value", "fixed", "less"].map(|kind| table.get(kind));
    let at_most = table.get("at_most");
    table.finish();
    let mut given = kinds.into_iter().flatten();
    let (Some(kind), None) = (given.next(), given.next()) else {
        let message =
            "a valuation is one of weight, portion_of with at_most, unit_ceiling, unit_value, fixed, less";
        node.error(code::COMBINATION, message);
        return None;
    };
    let portion = kind.key() == "portion_of";
    if at_most.is_some() != portion {
        node.error(code::COMBINATION, "'portion_of' and 'at_most' go together");
        return None;
    }
    let read = |node: Node<'_>, unit| number(node, unit, Scope::LINE, names);
    match kind.key() {
        "weight" => read(kind, Unit::Rate).map(Valuation::Weight),
        "unit_ceiling" => read(kind, Unit::Plain).map(Valuation::UnitCeiling),
        "unit_value" => read(kind, Unit::Plain).map(Valuation::UnitValue),
        "fixed" => read(kind, Unit::Euro).map(Valuation::Fixed),
        "less" => read(kind, Unit::Euro).map(Valuation::Less),
        _ => {
            let of = number_fact(kind, Scope::EXPENSE, names).map(|known| known.fact);
            let at_most = at_most.and_then(|node| read(node, Unit::Plain));
            Some(Valuation::Portion { of: of?, at_most: at_most? })
        }
    }
}

fn derived_item<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Item> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let rate = table.required("rate").and_then(|node| number(node, Unit::Rate, Scope::APPLICATION, names));
    let of = table.required("of").and_then(|node| sets::items(node, names));
    let when = conditions::optional(&mut table, "when", Scope::APPLICATION, names);
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    item(rule, ItemKind::Derived(Derived { rate: rate?, of: of?, when: when? }))
}
