//! Choices: what the applicant picks within a measure (S6).

use super::conditions;
use super::facts::{PickedPer, Scope};
use super::names::Names;
use super::node::{Node, Table};
use super::rules::{self, rule};
use super::sets;
use super::source::code;
use super::window::EARLY_ORDERS;
use crate::measure::{self, Choice, ChoiceOption, ChoicePer};

/// Reads the `[[choice]]` tables; sets must be known.
pub(super) fn choices<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Choice> {
    root.tables("choice").into_iter().filter_map(|node| choice(node, names)).collect()
}

fn choice<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Choice> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let per_node = table.get("per");
    let per = per_node.map_or(Some(PickedPer::Application), |node| node.word(&PickedPer::NAMES));
    let groups_node = table.get("groups");
    let options = table.required("options").and_then(|node| options(node, names));
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    let per = match (per?, groups_node) {
        (PickedPer::Group, Some(node)) => ChoicePer::Group(groups(node, names)?),
        (PickedPer::Group, None) => {
            table.error(code::MISSING_KEY, "the key 'groups' is missing");
            return None;
        }
        (PickedPer::Lot, Some(node)) => {
            node.error(code::COMBINATION, "'groups' does not go with per = \"lot\"");
            return None;
        }
        // Groups stand by for a doubt about `per`.
        (PickedPer::Application, Some(node)) => groups(node, names).map(|_| ChoicePer::Application)?,
        (PickedPer::Application, None) => ChoicePer::Application,
        (PickedPer::Lot, None) => ChoicePer::Lot,
    };
    Some(Choice { rule: rule?, per, options: options? })
}

/// Sets of items apart from each other, by their names.
fn groups(node: Node<'_>, names: &Names<'_>) -> Option<Vec<(String, Vec<String>)>> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for node in node.one_or_many()? {
        let name = node.text()?;
        let items: Vec<String> =
            sets::named(node, name, names).into_iter().map(|at| names.items[at].to_owned()).collect();
        let shared = groups
            .iter()
            .find_map(|(other, taken)| Some((other, items.iter().find(|item| taken.contains(item))?)));
        if let Some((other, item)) = shared {
            let message = format!("the groups '{other}' and '{name}' both have the item '{item}'");
            node.error_with_help(
                code::CHOICE,
                message,
                "an item has one option: let no two groups share one",
            );
        }
        groups.push((name.to_owned(), items));
    }
    // A group without items names something unknown, which has been reported.
    groups.iter().all(|(_, items)| !items.is_empty()).then_some(groups)
}

fn options(node: Node<'_>, names: &Names<'_>) -> Option<Vec<ChoiceOption>> {
    let nodes = node.list()?;
    if nodes.len() < 2 {
        node.error_with_help(
            code::CHOICE,
            "a choice is between two options at least",
            "state what all must meet as a [[requirement]]",
        );
        return None;
    }
    let mut options: Vec<ChoiceOption> = Vec::new();
    let mut sound = true;
    for node in nodes {
        let Some(option) = option(node, names) else {
            sound = false;
            continue;
        };
        if options.iter().any(|other| other.id == option.id) {
            node.error(code::TAKEN, format!("the option '{}' is there twice", option.id));
        }
        options.push(option);
    }
    sound.then_some(options)
}

fn option(node: Node<'_>, names: &Names<'_>) -> Option<ChoiceOption> {
    let mut table = node.table()?;
    let id = table.required("id").and_then(rules::id);
    let given = table.get("name").map(rules::names);
    let regime = table.get("regime").map(Node::owned_text);
    let early_order = table.get("early_order").map(|node| node.word(&EARLY_ORDERS));
    let when = conditions::optional(&mut table, "when", Scope::OPTION, names);
    table.finish();
    let id = id?.to_string();
    let by_id = || Some(measure::Names { it: id.clone(), en: id.clone() });
    let given = given.unwrap_or_else(by_id)?;
    let regime = regime.map_or(Some(None), |regime| regime.map(Some))?;
    let early_order = early_order.map_or(Some(None), |early_order| early_order.map(Some))?;
    Some(ChoiceOption { id, names: given, regime, early_order, when: when? })
}
