//! Limits on numbers of things, and companions.

use rust_decimal::Decimal;

use super::conditions;
use super::facts::Scope;
use super::names::Names;
use super::node::{Node, Table};
use super::numbers::{Unit, number};
use super::rules::rule;
use super::sets;
use super::source::code;
use crate::measure::{Companion, Condition, Count, Countable, Number};

const PERS: [(&str, bool); 2] = [("application", false), ("company", true)];

/// Reads the `[[count]]` tables.
pub(super) fn counts<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Count> {
    root.tables("count").into_iter().filter_map(|node| count(node, names)).collect()
}

fn count<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Count> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let of = table.required("of").and_then(|node| node.word(&Countable::NAMES));
    let where_node = table.get("where");
    let which = which(where_node, of, names);
    let within_node = table.get("within");
    let within = within_node.map_or(Some(Vec::new()), |node| sets::items(node, names));
    if let Some(node) = within_node.filter(|_| of == Some(Countable::Applications)) {
        node.error(code::COMBINATION, "applications are counted as wholes, not within items");
    }
    let (at_least_node, at_most_node) = (table.get("at_least"), table.get("at_most"));
    let (at_least, at_most) = (at_least_node.and_then(Node::whole), at_most_node.and_then(Node::whole));
    let per_node = table.get("per");
    let per_company = per_node.map_or(Some(of == Some(Countable::Applications)), |node| node.word(&PERS));
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    if at_least_node.is_none() && at_most_node.is_none() {
        node.error(code::COMBINATION, "a count needs 'at_least', 'at_most' or both");
    }
    if let (Some(least), Some(most), Some(node)) = (at_least, at_most, at_least_node)
        && least > most
    {
        node.error(code::MEANINGLESS, format!("at least {least} and at most {most} cannot both hold"));
    }
    if let (Some(node), Some(Countable::Applications), Some(false)) = (per_node, of, per_company) {
        node.error(code::MEANINGLESS, "applications are counted per company: an application is one");
    }
    Some(Count {
        rule: rule?,
        of: of?,
        which: which?,
        within: within?,
        at_least,
        at_most,
        per_company: per_company?,
    })
}

fn which(node: Option<Node<'_>>, of: Option<Countable>, names: &Names<'_>) -> Option<Condition> {
    let Some(node) = node else { return Some(Condition::ALWAYS) };
    let scope = match of? {
        Countable::Lots => Scope::about(crate::measure::Subject::Lot),
        Countable::Expenses => Scope::about(crate::measure::Subject::Expense),
        Countable::Applications => Scope::APPLICATION,
        Countable::Items => {
            node.error_with_help(
                code::COMBINATION,
                "items have no facts to select by",
                "name them under 'within'",
            );
            return None;
        }
    };
    conditions::condition(node, scope, names)
}

/// Reads the `[[companion]]` tables.
pub(super) fn companions<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Companion> {
    root.tables("companion").into_iter().filter_map(|node| companion(node, names)).collect()
}

fn companion<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Companion> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let items = table.required("items").and_then(|node| sets::items(node, names));
    let with_node = table.required("with");
    let with = with_node.and_then(|node| sets::items(node, names));
    let cent = || Some(Number::Constant(Decimal::new(1, 2)));
    let at_least =
        table.get("at_least").map_or_else(cent, |node| number(node, Unit::Euro, Scope::APPLICATION, names));
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    let (items, with) = (items?, with?);
    if let Some(node) = with_node.filter(|_| items.iter().any(|item| with.contains(item))) {
        node.error(code::MEANINGLESS, "an item cannot be its own companion: 'items' and 'with' overlap");
    }
    Some(Companion { rule: rule?, items, with, at_least: at_least? })
}
