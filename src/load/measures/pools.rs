//! Pools: budgets shared by applications (S15).

use super::conditions;
use super::facts::Scope;
use super::header::share;
use super::names::Names;
use super::node::{Node, Table};
use super::rules::rule;
use super::sets;
use super::source::code;
use crate::ids::{MeasureId, PoolId};
use crate::measure::{Pool, PoolScope};
use crate::money::Money;
use crate::rate::Rate;

const SCOPES: [(&str, PoolScope); 2] = [("portfolio", PoolScope::Portfolio), ("company", PoolScope::Company)];

/// Reads the `[[pool]]` tables.
pub(super) fn pools<'s>(root: &mut Table<'s>, measure: Option<&MeasureId>, names: &Names<'s>) -> Vec<Pool> {
    root.tables("pool").into_iter().filter_map(|node| pool(node, measure, names)).collect()
}

fn pool<'s>(node: Node<'s>, measure: Option<&MeasureId>, names: &Names<'s>) -> Option<Pool> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let pool_node = table.get("pool");
    let available_node = table.required("available");
    let available = available_node.and_then(Node::parsed::<Money>);
    let scope = table.get("scope").and_then(|node| node.word(&SCOPES)).unwrap_or_default();
    let in_part = table.get("in_part").and_then(Node::flag).unwrap_or_default();
    let of = table.get("of").map_or(Some(Vec::new()), |node| sets::items(node, names));
    let when = conditions::optional(&mut table, "when", Scope::APPLICATION, names);
    let waiting_list = table.get("waiting_list").map_or(Some(Rate::ZERO), share);
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    if let (Some(node), Some(available)) = (available_node, available)
        && available < Money::ZERO
    {
        node.error(code::VALUE, format!("'{available}' is below zero; a budget is not"));
    }
    let rule = rule?;
    let pool: PoolId = match pool_node {
        Some(node) => node.id()?,
        None => match format!("{}.{}", measure?, rule.id).parse() {
            Ok(pool) => pool,
            Err(problem) => {
                let problem: crate::ids::IdError = problem;
                node.error_with_help(code::VALUE, problem.to_string(), "name it with 'pool'");
                return None;
            }
        },
    };
    let (available, of, when, waiting_list) = (available?, of?, when?, waiting_list?);
    Some(Pool { rule, pool, available, scope, of, when, waiting_list, in_part })
}
