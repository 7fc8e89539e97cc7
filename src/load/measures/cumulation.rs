//! Cumulation: what a measure says about other aid (S13).

use super::conditions;
use super::facts::Scope;
use super::names::Names;
use super::node::{Node, Table};
use super::numbers::{Unit, number};
use super::rules::rule;
use super::source::code;
use crate::measure::{Ceiling, Cumulation, Meeting, MeetingPlace, OtherAid};

const EFFECTS: [(&str, bool); 2] = [("allow", true), ("forbid", false)];
const AUTHORITIES: [(&str, bool); 1] = [("same", true)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    Cost,
    HighestIntensity,
    Residual,
    NetBase,
}

const CEILINGS: [(&str, Named); 4] = [
    ("cost", Named::Cost),
    ("highest_intensity", Named::HighestIntensity),
    ("residual", Named::Residual),
    ("net_base", Named::NetBase),
];

/// Reads the `[[cumulation]]` tables.
pub(super) fn clauses<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Cumulation> {
    root.tables("cumulation").into_iter().filter_map(|node| clause(node, names)).collect()
}

fn clause<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Cumulation> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let with = table.get("with").map_or(Some(OtherAid::default()), other);
    let scope =
        table.get("scope").map_or(Some(MeetingPlace::Expense), |node| node.word(&MeetingPlace::NAMES));
    let allows = table.required("effect").and_then(|node| node.word(&EFFECTS));
    let ceiling_node = table.get("ceiling");
    let intensity_node = table.get("intensity");
    let when = conditions::optional(&mut table, "when", Scope::APPLICATION, names);
    let from = table.get("from").map(Node::day);
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    let (scope, allows) = (scope?, allows?);
    let ceiling = ceiling_node.map_or(Some(Named::Cost), |node| node.word(&CEILINGS))?;
    if let Some(node) = ceiling_node.filter(|_| !allows || scope != MeetingPlace::Expense) {
        let message = "'ceiling' is of aid that is allowed on one expense";
        node.error_with_help(
            code::COMBINATION,
            message,
            "remove it, or write effect = \"allow\" without a scope",
        );
    }
    let intensity = intensity_node.map(|node| number(node, Unit::Rate, Scope::LINE, names));
    if let Some(node) = intensity_node.filter(|_| ceiling != Named::HighestIntensity) {
        node.error(code::COMBINATION, "'intensity' goes with ceiling = \"highest_intensity\"");
    }
    let effect = if allows {
        Meeting::Allow(match ceiling {
            Named::Cost => Ceiling::Cost,
            Named::HighestIntensity => {
                Ceiling::HighestIntensity(intensity.map_or(Some(None), |intensity| intensity.map(Some))?)
            }
            Named::Residual => Ceiling::Residual,
            Named::NetBase => Ceiling::NetBase,
        })
    } else {
        Meeting::Forbid
    };
    let from = from.map_or(Some(None), |from| from.map(Some))?;
    Some(Cumulation { rule: rule?, with: with?, scope, effect, when: when?, from })
}

/// The marks of other aid.
fn other(node: Node<'_>) -> Option<OtherAid> {
    let mut table = node.table()?;
    let mut words = |key| {
        let words = |node: Node<'_>| node.one_or_many()?.into_iter().map(Node::owned_text).collect();
        table.get(key).map_or(Some(Vec::new()), words)
    };
    let (regimes, fund_sources, measures) = (words("regime"), words("fund_source"), words("measure"));
    let same_authority = table.get("authority").map_or(Some(false), |node| node.word(&AUTHORITIES));
    table.finish();
    Some(OtherAid {
        regimes: regimes?,
        fund_sources: fund_sources?,
        measures: measures?,
        same_authority: same_authority?,
    })
}
