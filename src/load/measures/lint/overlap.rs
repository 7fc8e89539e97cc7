//! Cost items that take the same expense although nobody may choose between them (S2).

use super::Places;
use crate::load::measures::source::code;
use crate::measure::{Condition, Cost, FactRef, Item, ItemKind, Measure, Test};
use crate::portfolio::FactKind;

/// Holds every two cost items against each other.
pub(super) fn items(measure: &Measure, places: &Places<'_, '_>) {
    let costs: Vec<(&Item, &Cost)> = measure
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Cost(cost) => Some((item, cost)),
            ItemKind::Derived(_) => None,
        })
        .collect();
    for (index, (item, cost)) in costs.iter().enumerate() {
        for (other, before) in &costs[..index] {
            if let Some(category) = cost.takes.iter().find(|category| before.takes.contains(category)) {
                let distinguished = (cost.applicant_may_choose && before.applicant_may_choose)
                    || apart(&cost.when, &before.when, measure);
                if !distinguished {
                    report(category, (item, cost), (other, before), places);
                }
            }
        }
    }
}

fn report(
    category: &str,
    (item, cost): (&Item, &Cost),
    (other, before): (&Item, &Cost),
    places: &Places<'_, '_>,
) {
    let unsure = !cost.when.is_always() && !before.when.is_always() && cost.when != before.when;
    let message = if unsure {
        format!("an expense of category '{category}' may fit both '{}' and '{}'", other.id, item.id)
    } else {
        format!("an expense of category '{category}' fits both '{}' and '{}'", other.id, item.id)
    };
    let help = "let conditions under 'when' tell them apart, or write applicant_may_choose = true in both";
    if unsure {
        places.warning(&item.rule, "takes", code::OVERLAP, &message, help);
    } else {
        places.error(&item.rule, "takes", code::OVERLAP, &message, help);
    }
}

/// Whether two conditions can be seen never to hold together: one asks for a value and the other for others, or one denies
/// what the other demands.
fn apart(a: &Condition, b: &Condition, measure: &Measure) -> bool {
    let (a, b) = (demands(a), demands(b));
    a.iter().any(|a| b.iter().any(|b| contradict(a, b, measure) || contradict(b, a, measure)))
}

/// The parts that must all hold.
fn demands(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(demands).collect(),
        Condition::Class(_, part) => [vec![condition], demands(part)].concat(),
        other => vec![other],
    }
}

fn contradict(a: &Condition, b: &Condition, measure: &Measure) -> bool {
    match (a, b) {
        (Condition::Not(part), other) => **part == *other,
        (Condition::Fact(fact, Test::OneOf(values)), Condition::Fact(other_fact, Test::OneOf(others))) => {
            fact == other_fact
                && !is_list(fact, measure)
                && !values.iter().any(|value| others.contains(value))
        }
        _ => false,
    }
}

/// Whether a fact may have several words at once.
fn is_list(fact: &FactRef, measure: &Measure) -> bool {
    let declared = measure.facts.iter().find(|declared| declared.fact == *fact);
    declared.map_or(fact.name == "tags", |declared| declared.kind == FactKind::List)
}
