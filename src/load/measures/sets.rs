//! Sets: named, nestable sums of items, resolved to the indices of items.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::names::{Kind, Names, nesting};
use super::node::{Node, Table};
use super::source::code;

/// Reads `[sets]` into the names; items must be known.
pub(super) fn sets<'s>(root: &mut Table<'s>, names: &mut Names<'s>) {
    let Some(table) = root.get("sets").and_then(Node::table) else { return };
    let mut members: IndexMap<&'s str, Vec<Node<'s>>> = IndexMap::new();
    for node in table.entries() {
        if names.items.contains(&node.key()) {
            let message = format!("the set '{}' has the name of an item", node.key());
            node.error_with_help(
                code::TAKEN,
                message,
                "an item is a set of its own: give the set another name",
            );
        } else if let Some(nodes) = node.one_or_many() {
            members.insert(node.key(), nodes.into_iter().filter(|node| node.text().is_some()).collect());
        }
    }
    let mentions = members
        .iter()
        .map(|(name, nodes)| (*name, nodes.iter().filter_map(|node| node.as_text()).collect()))
        .collect();
    let (order, cycle) = nesting(&mentions);
    if let Some(cycle) = cycle
        && let Some(node) = table.peek(cycle[0])
    {
        node.error(code::CYCLE, format!("the set '{}' contains itself: {}", cycle[0], cycle.join(" -> ")));
    }
    // Sets on or behind the cycle stay known by name, so that their uses are not reported too.
    for name in members.keys() {
        names.sets.insert(name, Vec::new());
    }
    for name in order {
        let items = union(&members[name], names);
        names.sets.insert(name, items);
    }
}

/// An item, a set, or a list of them: the indices of the items, rising.
pub(super) fn items(node: Node<'_>, names: &Names<'_>) -> Option<Vec<usize>> {
    let nodes = node.one_or_many()?;
    let texts = nodes.iter().map(|node| node.text()).collect::<Vec<_>>();
    texts.iter().all(Option::is_some).then(|| union(&nodes, names))
}

fn union(nodes: &[Node<'_>], names: &Names<'_>) -> Vec<usize> {
    let mut items = BTreeSet::new();
    for node in nodes {
        if let Some(text) = node.as_text() {
            items.extend(named(*node, text, names));
        }
    }
    items.into_iter().collect()
}

/// The items that one word names: an item, or the items of a set.
pub(super) fn named(node: Node<'_>, text: &str, names: &Names<'_>) -> Vec<usize> {
    if let Some(index) = names.items.iter().position(|item| *item == text) {
        return vec![index];
    }
    if let Some(items) = names.sets.get(text) {
        names.note_use(Kind::Set, text);
        return items.clone();
    }
    let known = names.items.iter().chain(names.sets.keys()).copied();
    node.unknown_name("item or set", text, known);
    Vec::new()
}
