//! Decisions that cannot all be kept, whatever the plan.

use super::super::codes;
use super::super::records::Records;
use super::DECISION;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::portfolio::{Decision, Verb};

/// Complains about every decision that contradicts, or repeats, one before it. Each comes with its row.
pub(super) fn check(decisions: &[(Decision, usize)], records: &Records, report: &mut Report) {
    for (at, (decision, row)) in decisions.iter().enumerate() {
        let against = decisions[..at].iter().find_map(|(other, row)| Some((between(other, decision)?, *row)));
        if let Some((what, first)) = against {
            let first = Place { field: None, ..records.place(first, DECISION) };
            let message = format!("'{decision}' {what} {first}");
            report.push(
                Diagnostic::error(codes::CONTRADICTION, records.place(*row, DECISION), message)
                    .found(decision.what.name())
                    .help("delete one of the two rows"),
            );
        }
    }
}

/// How one decision stands against another of the same application, where they cannot both be kept.
fn between(one: &Decision, other: &Decision) -> Option<&'static str> {
    if (&one.project, &one.measure) != (&other.project, &other.measure) {
        return None;
    }
    if one == other {
        return Some("is decided already at");
    }
    let contradict = match (one.what, other.what) {
        (Verb::Forbid, Verb::Forbid) => false,
        (Verb::Forbid, _) => covers(one, other),
        (_, Verb::Forbid) => covers(other, one),
        _ => unlike_days(one, other) || unlike_options(one, other) || unlike_items(one, other),
    };
    contradict.then_some("contradicts the decision at")
}

/// Whether what the first forbids holds all that the second demands.
fn covers(forbidden: &Decision, demanded: &Decision) -> bool {
    (forbidden.expense.is_none() || forbidden.expense == demanded.expense)
        && (forbidden.cost_item.is_none() || forbidden.cost_item == demanded.cost_item)
        && (forbidden.choice.is_none() || forbidden.choice == demanded.choice)
}

fn unlike_days(one: &Decision, other: &Decision) -> bool {
    matches!((one.filed_on, other.filed_on), (Some(one), Some(other)) if one != other)
}

fn unlike_options(one: &Decision, other: &Decision) -> bool {
    matches!((&one.choice, &other.choice), (Some(one), Some(other)) if one.0 == other.0 && one.1 != other.1)
}

fn unlike_items(one: &Decision, other: &Decision) -> bool {
    one.expense == other.expense
        && matches!((&one.cost_item, &other.cost_item), (Some(one), Some(other)) if one != other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(what: Verb, expense: Option<&str>, option: Option<&str>) -> Decision {
        Decision {
            what,
            project: "p".parse().unwrap(),
            measure: "m".parse().unwrap(),
            expense: expense.map(|id| id.parse().unwrap()),
            cost_item: None,
            choice: option.map(|option| ("regime".to_owned(), option.to_owned())),
            filed_on: None,
        }
    }

    #[test]
    fn a_ban_of_more_contradicts_a_demand_of_less_and_not_the_other_way_round() {
        let ban = decision(Verb::Forbid, None, None);
        assert!(between(&ban, &decision(Verb::Force, Some("e"), None)).is_some());
        assert!(
            between(&decision(Verb::Forbid, Some("e"), None), &decision(Verb::Force, None, None)).is_none()
        );
        assert!(
            between(&decision(Verb::Forbid, None, Some("a")), &decision(Verb::Filed, None, Some("b")))
                .is_none()
        );
    }

    #[test]
    fn two_options_of_one_choice_cannot_both_be() {
        let a = decision(Verb::Force, None, Some("a"));
        assert!(between(&a, &decision(Verb::Force, None, Some("b"))).is_some());
        assert_eq!(between(&a, &a.clone()), Some("is decided already at"));
    }
}
