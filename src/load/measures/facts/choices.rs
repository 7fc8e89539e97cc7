//! Choices as facts, before they are read in full: conditions anywhere in the file may ask what is chosen.

use crate::load::measures::node::{Node, Table};

/// What conditions need to know of a choice.
pub(in crate::load::measures) struct ChoiceOutline<'s> {
    /// Its id, the name of the fact.
    pub id: &'s str,
    /// For what it is taken: decides where it is known.
    pub per: PickedPer,
    /// Ids of its options, the words of the fact.
    pub options: Vec<&'s str>,
}

/// For what a choice is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load::measures) enum PickedPer {
    Application,
    Group,
    Lot,
}

impl PickedPer {
    /// Every one with the word measure files use.
    pub const NAMES: [(&'static str, PickedPer); 3] =
        [("application", PickedPer::Application), ("group", PickedPer::Group), ("lot", PickedPer::Lot)];
}

/// The choices of a file, as far as they can be made out; what is wrong with them is reported when they are read.
pub(in crate::load::measures) fn outline<'s>(root: &Table<'s>) -> Vec<ChoiceOutline<'s>> {
    let tables = |node: Node<'s>| if node.is_array() { node.list().unwrap_or_default() } else { Vec::new() };
    let id = |node: Node<'s>| -> Option<&'s str> {
        let table = node.is_table().then(|| node.table())??;
        table.peek("id")?.as_text().map(str::trim)
    };
    let choice = |node: Node<'s>| {
        let table = node.is_table().then(|| node.table())??;
        let per = table.peek("per").and_then(Node::as_text);
        let known = PickedPer::NAMES.iter().find(|(name, _)| Some(*name) == per);
        let options = table.peek("options").map(tables).unwrap_or_default();
        Some(ChoiceOutline {
            id: id(node)?,
            per: known.map_or(PickedPer::Application, |(_, per)| *per),
            options: options.into_iter().filter_map(id).collect(),
        })
    };
    root.peek("choice").map(tables).unwrap_or_default().into_iter().filter_map(choice).collect()
}
