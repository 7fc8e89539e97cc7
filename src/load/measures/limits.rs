//! Limits on cost and aid (S7, S8).

use super::conditions;
use super::facts::Scope;
use super::names::Names;
use super::node::{Node, Table};
use super::numbers::{Unit, number};
use super::rules::rule;
use super::sets;
use super::source::code;
use crate::measure::{Bound, Cut, Effect, Limit, Number, Per, Quantity, Reads, Term};

const PERS: [(&str, Per); 2] = [("application", Per::Application), ("lot", Per::Lot)];
const EFFECTS: [(&str, Effect); 4] =
    [("trim", Effect::Trim), ("reject", Effect::Reject), ("drop", Effect::Drop), ("warn", Effect::Warn)];
const CUTS: [(&str, Cut); 2] = [("lowest_aid_first", Cut::LowestAidFirst), ("pro_rata", Cut::ProRata)];
const READS: [(&str, Reads); 2] = [("after_caps", Reads::AfterCaps), ("computed", Reads::Computed)];

/// Reads the `[[limit]]` tables.
pub(super) fn limits<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Limit> {
    root.tables("limit").into_iter().filter_map(|node| limit(node, names)).collect()
}

fn limit<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Limit> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let of = table.required("of").and_then(|node| quantity(node, names));
    let per = table.get("per").map_or(Some(Per::Application), |node| node.word(&PERS));
    let scope = if per == Some(Per::Lot) { Scope::LOT } else { Scope::APPLICATION };
    let (at_most, at_least) = (table.get("at_most"), table.get("at_least"));
    let bound = match (at_most, at_least) {
        (Some(node), None) => Some((Bound::AtMost, node)),
        (None, Some(node)) => Some((Bound::AtLeast, node)),
        _ => {
            table.error(code::COMBINATION, "a limit has either 'at_most' or 'at_least'");
            None
        }
    };
    let terms = bound.and_then(|(_, node)| terms(node, scope, names));
    let when = conditions::optional(&mut table, "when", scope, names);
    let effect = table.required("effect").and_then(|node| node.word(&EFFECTS));
    let cut = table.get("cut").and_then(|node| node.word(&CUTS)).unwrap_or_default();
    let reads = table.get("reads").and_then(|node| node.word(&READS)).unwrap_or_default();
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    Some(Limit {
        rule: rule?,
        of: of?,
        bound: bound?.0,
        terms: terms?,
        when: when?,
        per: per?,
        effect: effect?,
        cut,
        reads,
    })
}

/// `cost:SET`, `aid:COMPONENT`, or a list of one kind.
fn quantity(node: Node<'_>, names: &Names<'_>) -> Option<Quantity> {
    let nodes = node.one_or_many()?;
    let mut costs: Vec<usize> = Vec::new();
    let mut aids: Vec<usize> = Vec::new();
    for node in nodes {
        let text = node.text()?;
        match text.split_once(':') {
            Some(("cost", set)) => costs.extend(sets::named(node, set, names)),
            Some(("aid", component)) => aids.extend(self::component(node, component, names)),
            _ => {
                let message = format!("'{}' is no sum of costs or aid", super::node::excerpt(text));
                node.error_with_help(
                    code::VALUE,
                    message,
                    "write \"cost:\" and an item or set, or \"aid:\" and a component",
                );
                return None;
            }
        }
    }
    for indices in [&mut costs, &mut aids] {
        indices.sort_unstable();
        indices.dedup();
    }
    match (costs.is_empty(), aids.is_empty()) {
        (false, true) => Some(Quantity::Cost(costs)),
        (true, false) => Some(Quantity::Aid(aids)),
        (false, false) => {
            node.error(code::COMBINATION, "a limit is on costs or on aid, not on both");
            None
        }
        // What names nothing has been reported; a set may be empty only by such a defect.
        (true, true) => None,
    }
}

/// A list of terms.
pub(super) fn terms(node: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Vec<Term>> {
    let read: Vec<_> = node.one_or_many()?.into_iter().map(|node| term(node, scope, names)).collect();
    read.into_iter().collect()
}

/// The index of a component.
pub(super) fn component(node: Node<'_>, id: &str, names: &Names<'_>) -> Option<usize> {
    let found = names.components.iter().position(|component| *component == id);
    if found.is_none() {
        node.unknown_name("aid component", id, names.components.iter().copied());
    }
    found
}

/// A term; the rate of a share may hang on the item of each entry.
fn term(node: Node<'_>, scope: Scope, names: &Names<'_>) -> Option<Term> {
    if let Some(text) = node.as_text() {
        let message = format!("'{}' is no term of a limit", super::node::excerpt(text));
        node.error_with_help(
            code::TYPE,
            message,
            format!("an amount is {{ euro = \"{}\" }}", super::node::excerpt(text)),
        );
        return None;
    }
    let mut table = node.table()?;
    let euro_node = table.get("euro");
    let (rate, of) = (table.get("rate"), table.get("of"));
    let shares_node = table.get("shares");
    table.finish();
    if euro_node.is_none() && rate.is_none() && of.is_none() && shares_node.is_none() {
        node.error(code::COMBINATION, "a term needs 'euro', 'rate' with 'of', or 'shares'");
        return None;
    }
    let euro = euro_node.map_or(Some(Number::ZERO), |node| number(node, Unit::Euro, scope, names));
    let mut shares = Vec::new();
    if rate.is_some() || of.is_some() {
        shares.push(share(node, rate, of, scope, names));
    }
    for node in shares_node.and_then(Node::one_or_many).unwrap_or_default() {
        shares.push(node.table().and_then(|mut table| {
            let (rate, of) = (table.get("rate"), table.get("of"));
            table.finish();
            share(node, rate, of, scope, names)
        }));
    }
    Some(Term { euro: euro?, shares: shares.into_iter().collect::<Option<_>>()? })
}

fn share(
    node: Node<'_>,
    rate: Option<Node<'_>>,
    of: Option<Node<'_>>,
    scope: Scope,
    names: &Names<'_>,
) -> Option<(Number, Vec<usize>)> {
    let (Some(rate), Some(of)) = (rate, of) else {
        node.error(code::COMBINATION, "'rate' and 'of' go together");
        return None;
    };
    let rate = number(rate, Unit::Rate, scope.by_item(), names);
    let of = sets::items(of, names);
    Some((rate?, of?))
}
