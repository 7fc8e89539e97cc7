//! Doubts: other readings of a text that is contradictory or silent (S16).

use toml::de::DeValue;

use super::node::{Node, Table};
use super::source::code;
use crate::ids::RuleId;
use crate::measure::Doubt;

/// The doubt of a rule.
pub(super) fn doubt(node: Node<'_>) -> Option<Doubt> {
    let mut table = node.table()?;
    let doubt = fields(&mut table);
    table.finish();
    doubt
}

/// The `[[doubt]]` tables: doubts about the measure as a whole.
pub(super) fn of_measure(root: &mut Table<'_>) -> Vec<Doubt> {
    let mut ids: Vec<RuleId> = Vec::new();
    let mut doubts = Vec::new();
    for node in root.tables("doubt") {
        let Some(mut table) = node.table() else { continue };
        let id_node = table.required("id");
        let id = id_node.and_then(Node::id::<RuleId>);
        doubts.extend(fields(&mut table));
        table.finish();
        if let (Some(id), Some(node)) = (id, id_node) {
            if ids.contains(&id) {
                node.error(code::TAKEN, format!("the doubt id '{id}' is used twice"));
            }
            ids.push(id);
        }
    }
    doubts
}

fn fields(table: &mut Table<'_>) -> Option<Doubt> {
    let key = table.get("key").and_then(Node::owned_text);
    // Without a key nothing can stand in place of anything: the alternatives are words.
    let is_value = key.is_some();
    let alternatives = table.get("alternatives").map_or(Some(Vec::new()), |node| {
        let nodes = if node.is_array() { node.list()? } else { vec![node] };
        nodes
            .into_iter()
            .map(|node| if is_value { alternative(node) } else { node.owned_text() })
            .collect::<Vec<Option<String>>>()
            .into_iter()
            .collect()
    });
    let why = table.required("why").and_then(Node::owned_text);
    let source = table.get("source").and_then(Node::owned_text);
    Some(Doubt { key, alternatives: alternatives?, why: why?, source })
}

fn alternative(node: Node<'_>) -> Option<String> {
    let text = node.text()?;
    if let Err(problem) = DeValue::parse(text) {
        let message = format!("the alternative is no TOML value: {}", problem.message());
        node.error_with_help(
            code::VALUE,
            message,
            "write it as it would stand after the key; words need their quotes: '\"trim\"'",
        );
        return None;
    }
    Some(text.to_owned())
}
