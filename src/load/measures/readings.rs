//! Doubts re-read (S16): the measure as each alternative of a doubt has it, read again from its text with one value replaced.
//!
//! Nothing here knows what a key means: the text is changed where the key's value stands and goes through the whole reader, so that a reading is
//! a measure as sound as any other. An alternative that does not read is a defect of the file. Where the doubt is a shared ledger's, the shared
//! file is read again, and with it every measure that draws on the ledger.

use toml::de::DeTable;

use super::node::{Node, Table};
use super::shared::Shared;
use super::source::{Source, code};
use super::with_shared;
use crate::allocation::builtin;
use crate::diagnostics::{Report, Severity};
use crate::ids::{MeasureId, RuleId};
use crate::measure::{Doubt, Measure};

/// A doubt of a measure with its readings.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubted {
    /// The measure.
    pub measure: MeasureId,
    /// The rule in doubt; none for a doubt about the measure as a whole.
    pub rule: Option<RuleId>,
    /// The doubt.
    pub doubt: Doubt,
    /// The measures that each alternative makes others, in the order of the alternatives; none for a doubt whose alternatives are words. It is the
    /// measure alone, or, where the doubt is a shared ledger's, every measure that draws on it.
    pub readings: Vec<Vec<Measure>>,
    /// The shared ledger whose doubt it is.
    pub ledger: Option<String>,
}

/// Every doubt of a measure that was read from this text, in the order of its rules. An alternative that does not read is reported and left out.
pub(super) fn doubted<'s>(
    source: &'s Source<'s>,
    document: &'s DeTable<'s>,
    measure: &Measure,
    shared: &Shared,
) -> Vec<Doubted> {
    let root = Table::root(source, document);
    let of_rules = measure.rules().filter_map(|rule| Some((&rule.id, rule.doubt.as_ref()?)));
    let of_rules = of_rules.map(|(rule, doubt)| (Some(rule.clone()), doubt, of_rule(&root, rule.as_str())));
    let nodes = root.peek("doubt").filter(|node| node.is_array()).and_then(Node::list).unwrap_or_default();
    let of_measure = measure.doubts.iter().enumerate();
    let of_measure = of_measure.map(|(at, doubt)| {
        let place = nodes.get(at).map(|node| Place { about: Text::File, doubt: *node });
        (None, doubt, place)
    });
    let read = |(rule, doubt, place): (Option<RuleId>, &Doubt, Option<Place<'s>>)| {
        let ledger =
            measure.ledgers.iter().find(|ledger| place.is_none() && Some(&ledger.rule.id) == rule.as_ref());
        let ledger = ledger.map(|ledger| ledger.ledger.clone());
        let readings = place.map(|place| readings(source, &root, &place, shared)).unwrap_or_default();
        let readings = readings.into_iter().map(|measure| vec![measure]).collect();
        Doubted { measure: measure.id.clone(), rule, doubt: doubt.clone(), readings, ledger }
    };
    of_rules.chain(of_measure).map(read).collect()
}

/// What a doubt is about.
pub(super) enum Text<'s> {
    /// Keys of the whole file.
    File,
    /// Keys of a table.
    Table(Node<'s>),
}

/// Where a doubt stands.
pub(super) struct Place<'s> {
    pub about: Text<'s>,
    pub doubt: Node<'s>,
}

impl<'s> Place<'s> {
    /// The key in doubt; none where the alternatives are words.
    pub fn key(&self) -> Option<&'s str> {
        self.doubt.table()?.peek("key").and_then(Node::as_text)
    }

    /// The alternatives, in their order.
    pub fn alternatives(&self) -> Vec<Node<'s>> {
        match self.doubt.table().and_then(|table| table.peek("alternatives")) {
            Some(node) if node.is_array() => node.list().unwrap_or_default(),
            Some(node) => vec![node],
            None => Vec::new(),
        }
    }

    /// Where what is in doubt stands; `root` is the whole file.
    pub fn change(&self, root: &Table<'_>) -> Option<Change> {
        let key = self.key()?;
        match &self.about {
            Text::File => change(root, false, key),
            Text::Table(node) => change(&node.table()?, node.is_inline(), key),
        }
    }
}

/// The doubt of a rule; none where the text has none, for it came from a shared file.
pub(super) fn of_rule<'s>(root: &Table<'s>, rule: &str) -> Option<Place<'s>> {
    let key = match rule {
        builtin::WINDOW => "doubt",
        builtin::EARLY_ORDER => "early_order_doubt",
        id => return root.entries().into_iter().find_map(|node| within(node, id)),
    };
    let window = root.peek("window")?;
    Some(Place { doubt: window.table()?.peek(key)?, about: Text::Table(window) })
}

/// The doubt of the rule with this id in a value, however deep.
fn within<'s>(node: Node<'s>, id: &str) -> Option<Place<'s>> {
    if node.is_array() {
        return node.list()?.into_iter().find_map(|node| within(node, id));
    }
    if !node.is_table() {
        return None;
    }
    let table = node.table()?;
    let named = table.peek("id").and_then(Node::as_text) == Some(id);
    match table.peek("doubt").filter(|doubt| named && doubt.is_table()) {
        Some(doubt) => Some(Place { about: Text::Table(node), doubt }),
        None => table.entries().into_iter().find_map(|node| within(node, id)),
    }
}

fn readings<'s>(
    source: &'s Source<'s>,
    root: &Table<'s>,
    place: &Place<'s>,
    shared: &Shared,
) -> Vec<Measure> {
    alternatives(source, root, place, "the measure", |text| {
        with_shared(source.file(), &text, shared).map(|(measure, _)| measure)
    })
}

/// The shared files as each alternative of a ledger's doubt has them.
///
/// # Errors
/// An alternative that does not read.
pub(super) fn of_ledger(shared: &Shared, ledger: &str) -> Result<Vec<Shared>, Report> {
    let Some(text) = shared.text_of(ledger) else { return Ok(Vec::new()) };
    let source = Source::new(&text.file, &text.text);
    let document = source.document();
    let root = Table::root(&source, document.get_ref());
    let place = root.peek("ledger").and_then(|ledgers| within(ledgers, ledger));
    let read = |place| {
        alternatives(&source, &root, &place, "the shared file", |text| shared.with_text_of(ledger, &text))
    };
    let readings = place.map(read).unwrap_or_default();
    if source.has_errors() { Err(source.into_report()) } else { Ok(readings) }
}

/// What a text gives with each alternative in its place; those that do not read are reported and left out.
fn alternatives<'s, T>(
    source: &'s Source<'s>,
    root: &Table<'s>,
    place: &Place<'s>,
    what: &str,
    reader: impl Fn(String) -> Result<T, Report>,
) -> Vec<T> {
    let Some(key) = place.key() else { return Vec::new() };
    let (alternatives, change) = (place.alternatives(), place.change(root));
    let Some(change) = change else {
        let message = format!("nothing can stand in place of '{key}'");
        let help = "name a key of the rule, or a path into its value; write values inline, not under a header of their own";
        place.doubt.error_with_help(code::READING, message, help);
        return Vec::new();
    };
    let read = |alternative: Node<'s>| match reader(change.applied(source.text(), alternative.as_text()?)) {
        Ok(read) => Some(read),
        Err(problems) => {
            let first = problems.diagnostics().iter().find(|problem| problem.severity == Severity::Error);
            let why = first.map(|problem| problem.message.as_str()).unwrap_or_default();
            alternative.error_with_help(
                code::READING,
                format!("with this reading {what} does not read: {why}"),
                "write what could stand under the key, or leave 'key' out: then alternatives are words",
            );
            None
        }
    };
    alternatives.into_iter().filter_map(read).collect()
}

/// Bytes of the text that make way for an alternative, and what is written before it.
#[derive(Debug)]
pub(super) struct Change {
    span: (usize, usize),
    before: String,
}

impl Change {
    /// What is replaced; nothing where a value is only added.
    pub fn replaces<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.get(self.span.0..self.span.1).filter(|replaced| !replaced.is_empty())
    }

    pub fn applied(&self, text: &str, alternative: &str) -> String {
        // Spans of values are within the text.
        let (head, tail) = (&text[..self.span.0], &text[self.span.1..]);
        format!("{head}{}{alternative}{tail}", self.before)
    }
}

/// Where the value under a path of keys stands; a last key that is not there is written after the `id` (of a table without one: after its
/// first value).
pub(super) fn change(table: &Table<'_>, inline: bool, path: &str) -> Option<Change> {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    match (table.peek(key), rest) {
        (Some(node), None) => {
            node.is_in_one_piece().then(|| Change { span: node.span(), before: String::new() })
        }
        (Some(node), Some(rest)) => inside(node, rest),
        (None, None) => {
            let values = || table.entries().into_iter().filter(|node| node.is_in_one_piece());
            let after = values().find(|node| node.key() == "id").or_else(|| values().next())?.span().1;
            let separator = if inline { ", " } else { "\n" };
            Some(Change { span: (after, after), before: format!("{separator}{key} = ") })
        }
        (None, Some(_)) => None,
    }
}

fn inside(node: Node<'_>, path: &str) -> Option<Change> {
    if node.is_table() {
        return change(&node.table()?, node.is_inline(), path);
    }
    if !node.is_array() {
        return None;
    }
    let (at, rest) = path.split_once('.').map_or((path, None), |(at, rest)| (at, Some(rest)));
    let node = node.list()?.into_iter().nth(at.parse().ok()?)?;
    match rest {
        Some(rest) => inside(node, rest),
        None => node.is_in_one_piece().then(|| Change { span: node.span(), before: String::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, path: &str, alternative: &str) -> Option<String> {
        let source = Source::new("m.toml", text);
        let document = source.document();
        let root = Table::root(&source, document.get_ref());
        let rule = root.peek("limit").and_then(Node::list)?.into_iter().next()?;
        let change = change(&rule.table()?, rule.is_inline(), path)?;
        Some(change.applied(text, alternative))
    }

    const LIMIT: &str =
        "[[limit]]\nid = \"cap\" # the cap\nat_most = [{ euro = \"1\" }, { rate = \"0.5\" }]\n";
    const INLINE: &str = "limit = [{ id = \"cap\", at_most = 3 }]\n";

    #[test]
    fn a_value_makes_way_for_the_alternative() {
        let all = changed(LIMIT, "at_most", "[]").unwrap();
        assert_eq!(all, "[[limit]]\nid = \"cap\" # the cap\nat_most = []\n");
        let part = changed(LIMIT, "at_most.1.rate", "\"0.25\"").unwrap();
        assert_eq!(part, LIMIT.replace("\"0.5\"", "\"0.25\""));
        assert_eq!(changed(INLINE, "at_most", "4").unwrap(), "limit = [{ id = \"cap\", at_most = 4 }]\n");
    }

    #[test]
    fn a_key_that_is_not_there_is_written_after_the_id() {
        let inserted = changed(LIMIT, "per", "\"lot\"").unwrap();
        assert!(inserted.starts_with("[[limit]]\nid = \"cap\"\nper = \"lot\" # the cap\n"), "{inserted}");
        let inline = changed(INLINE, "per", "\"lot\"").unwrap();
        assert_eq!(inline, "limit = [{ id = \"cap\", per = \"lot\", at_most = 3 }]\n");
    }

    #[test]
    fn what_has_a_header_of_its_own_cannot_be_replaced() {
        let text = "[[limit]]\nid = \"cap\"\n[limit.at_most]\neuro = 1\n[[limit.more]]\nid = \"x\"\n";
        assert_eq!(changed(text, "at_most", "2"), None);
        assert_eq!(changed(text, "more", "[]"), None);
        assert_eq!(changed(text, "at_most.euro", "2").unwrap(), text.replace("euro = 1", "euro = 2"));
        assert_eq!(changed(text, "missing.0", "2"), None);
    }
}
