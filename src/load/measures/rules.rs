//! What every rule has: an id, names, words of the source, a doubt.

use super::doubts;
use super::names::Names;
use super::node::{Node, Table};
use super::shared::FUND_CLASH;
use super::source::code;
use crate::allocation::builtin;
use crate::ids::RuleId;
use crate::measure::{self, Rule};

/// Reads the common part of a rule from its table and takes its id.
pub(super) fn rule<'s>(node: Node<'s>, table: &mut Table<'s>, names: &Names<'s>) -> Option<Rule> {
    let id_node = table.required("id");
    let id = id_node.and_then(|id_node| id(id_node).map(|id| (id, id_node)));
    let given = table.get("name").and_then(self::names);
    let reference = table.get("ref").and_then(Node::owned_text);
    let doubt = table.get("doubt").and_then(doubts::doubt);
    let (id, id_node) = id?;
    if builtin::ALL.contains(&id.as_str()) || id.as_str().starts_with(FUND_CLASH) {
        let message = format!("the rule id '{id}' is built in");
        id_node.error_with_help(
            code::TAKEN,
            message,
            "results use it for a rule of their own: take another id",
        );
        return None;
    }
    if !names.register(id.as_str(), id_node, node) {
        return None;
    }
    let by_id = || measure::Names { it: id.to_string(), en: id.to_string() };
    Some(Rule { names: given.unwrap_or_else(by_id), id, reference, doubt })
}

/// An id that scenarios and tables can address: without the signs that separate names there.
pub(super) fn id(node: Node<'_>) -> Option<RuleId> {
    let id: RuleId = node.id()?;
    if let Some(sign) = id.as_str().chars().find(|sign| matches!(sign, '.' | '|' | ':')) {
        node.error(code::VALUE, format!("the id '{id}' contains '{sign}', which separates names"));
        return None;
    }
    Some(id)
}

/// Words for people: one text for both languages, or one for each.
pub(super) fn words(node: Node<'_>) -> Option<measure::Names> {
    if node.is_table() {
        return names(node);
    }
    let text = node.owned_text()?;
    Some(measure::Names { it: text.clone(), en: text })
}

/// A name in both languages.
pub(super) fn names(node: Node<'_>) -> Option<measure::Names> {
    let mut table = node.table()?;
    let it = table.required("it").and_then(Node::owned_text);
    let en = table.required("en").and_then(Node::owned_text);
    table.finish();
    Some(measure::Names { it: it?, en: en? })
}
