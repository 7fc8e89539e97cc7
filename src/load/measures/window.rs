//! The window: when one may apply, and the rules `window` and `early-order` that rest on it (S5).

use super::doubts;
use super::node::{Node, Table};
use super::source::code;
use crate::allocation::builtin;
use crate::dates::Span;
use crate::measure::{Doubt, EarlyOrder, Names, Rule, Status, Window};

/// What an early order takes down, by its word.
pub(super) const EARLY_ORDERS: [(&str, EarlyOrder); 3] =
    [("allowed", EarlyOrder::Allowed), ("line", EarlyOrder::Line), ("application", EarlyOrder::Application)];

/// Time from filing to grant where nothing is said.
const GRANTED_AFTER: Span = Span { months: 3, days: 0 };

/// Reads `[window]`.
pub(super) fn window(root: &mut Table<'_>) -> Option<Window> {
    let mut table = root.required("window")?.table()?;
    let status = table.required("status").and_then(|node| node.word(&Status::NAMES));
    let opens = table.get("opens").and_then(Node::day);
    let closes = table.get("closes").and_then(Node::day);
    let hours = table.get("hours").and_then(Node::owned_text);
    let grants_by = table.get("grants_by").and_then(Node::day);
    let granted_after = table.get("granted_after").and_then(span).unwrap_or(GRANTED_AFTER);
    let early_order =
        table.get("early_order").and_then(|node| node.word(&EARLY_ORDERS)).unwrap_or(EarlyOrder::Allowed);
    let reference = table.get("ref").and_then(Node::owned_text);
    let doubt = table.get("doubt").and_then(doubts::doubt);
    let early_reference = table.get("early_order_ref").and_then(Node::owned_text);
    let early_doubt = table.get("early_order_doubt").and_then(doubts::doubt);
    table.finish_rule(doubt.as_ref());
    let rules = vec![
        rule(builtin::WINDOW, "finestra di presentazione", "application window", reference, doubt),
        rule(
            builtin::EARLY_ORDER,
            "avvio prima della domanda",
            "commitment before filing",
            early_reference,
            early_doubt,
        ),
    ];
    Some(Window { status: status?, opens, closes, hours, grants_by, granted_after, early_order, rules })
}

fn rule(id: &str, it: &str, en: &str, reference: Option<String>, doubt: Option<Doubt>) -> Rule {
    Rule {
        // Built-in ids are words of the program, and valid ids.
        id: id.parse().expect("built-in rule ids are valid ids"),
        names: Names { it: it.to_owned(), en: en.to_owned() },
        reference,
        doubt,
    }
}

/// A span such as `18 months`.
pub(super) fn span(node: Node<'_>) -> Option<Span> {
    let text = node.text()?;
    let span = Some(text).filter(|text| text.len() <= 100).and_then(Span::parse);
    if span.is_none() {
        let message = format!("'{}' is not a span such as '18 months'", super::node::excerpt(text));
        node.error_expecting(code::VALUE, message, "a span such as '18 months'");
    }
    span
}
