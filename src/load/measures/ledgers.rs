//! Ledgers: ceilings on aid over several applications and years (S11), with their ceilings in the measure or in the shared file.

use super::conditions;
use super::facts::Scope;
use super::limits::component;
use super::names::Names;
use super::node::{Node, Table};
use super::numbers::{Unit, number};
use super::rules::rule;
use super::shared::Shared;
use super::source::code;
use super::window::span;
use crate::dates::Span;
use crate::measure::{Holder, Ledger, Number, Over, Period};

const OVER_CEILING: [(&str, bool); 2] = [("reduce", false), ("refuse", true)];

/// Reads the `[[ledger]]` tables of a measure.
pub(super) fn ledgers<'s>(root: &mut Table<'s>, names: &Names<'s>, shared: &Shared) -> Vec<Ledger> {
    root.tables("ledger").into_iter().filter_map(|node| ledger(node, names, shared)).collect()
}

fn ledger<'s>(node: Node<'s>, names: &Names<'s>, shared: &Shared) -> Option<Ledger> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let name_node = table.required("ledger");
    let name = name_node.and_then(Node::text);
    let of = table.required("of").and_then(|node| components(node, names));
    let per = table.get("per").map_or(Some(Holder::default()), |node| node.word(&Holder::NAMES));
    let when = conditions::optional(&mut table, "when", Scope::LINE, names);
    let refuses = table.get("over_ceiling").map_or(Some(false), |node| node.word(&OVER_CEILING));
    let (at_most, over, counts) = (table.get("at_most"), table.get("over"), table.get("counts"));
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    let (name, name_node) = (name?, name_node?);
    let mut rule = rule?;
    let (periods, counts) = if let Some(at_most) = at_most {
        let at_most = ceiling(at_most, names);
        let over = over.map_or(Some(Over::Ever), self::over);
        let counts = counts.map_or(Some(Vec::new()), regulations);
        (vec![Period { from: None, until: None, at_most: at_most?, over: over? }], counts?)
    } else {
        for node in [over, counts].into_iter().flatten() {
            let message = format!("'{}' goes with 'at_most': the shared ledger has its own", node.key());
            node.error(code::COMBINATION, message);
        }
        let Some(known) = shared.ledger(name) else {
            name_node.unknown_name("shared ledger", name, shared.ledgers());
            return None;
        };
        for fact in &known.facts {
            let own = names.facts.declared.iter().find(|own| own.fact == fact.fact);
            if let Some(own) = own.filter(|own| own.kind != fact.kind) {
                let message = format!(
                    "the shared ledger asks for '{}' as '{}', which this measure declares as '{}'",
                    fact.fact,
                    fact.kind.name(),
                    own.kind.name()
                );
                name_node.error(code::CONTRADICTION, message);
            }
        }
        // What is doubtful about the ceiling is doubtful here, unless the measure has a doubt of its own.
        rule.doubt = rule.doubt.or_else(|| known.doubt.clone());
        (known.periods.clone(), known.counts.clone())
    };
    let ledger = name.to_owned();
    Some(Ledger { rule, ledger, per: per?, of: of?, when: when?, refuses: refuses?, periods, counts })
}

/// Components by their ids, as rising indices.
fn components(node: Node<'_>, names: &Names<'_>) -> Option<Vec<usize>> {
    let read = node.one_or_many()?.into_iter().map(|node| component(node, node.text()?, names));
    let mut of: Vec<usize> = read.collect::<Vec<_>>().into_iter().collect::<Option<_>>()?;
    of.sort_unstable();
    of.dedup();
    Some(of)
}

/// A ceiling, in euro.
pub(super) fn ceiling(node: Node<'_>, names: &Names<'_>) -> Option<Number> {
    number(node, Unit::Euro, Scope::APPLICATION, names)
}

/// How far a ledger looks back: `3 years`, `3 fiscal years`.
pub(super) fn over(node: Node<'_>) -> Option<Over> {
    let text = node.text()?;
    let fiscal = text.trim().strip_suffix("fiscal years").or(text.trim().strip_suffix("fiscal year"));
    let over = match fiscal {
        Some(years) => years.trim().parse().ok().map(Over::FiscalYears),
        None => Some(Over::Rolling(span(node)?)),
    };
    let nothing = [Over::FiscalYears(0), Over::Rolling(Span::default())];
    match over {
        Some(over) if !nothing.contains(&over) => Some(over),
        _ => {
            let message = format!("'{}' is no time to look back", super::node::excerpt(text));
            node.error_with_help(code::VALUE, message, "write \"3 years\" or \"3 fiscal years\"");
            None
        }
    }
}

/// Regulations, by prefix.
pub(super) fn regulations(node: Node<'_>) -> Option<Vec<String>> {
    node.one_or_many()?.into_iter().map(Node::owned_text).collect()
}
