//! A value of a measure that is addressed from outside, as scenarios do: `RULE.KEY`, or a key of the whole file such as `window.closes`.

use toml::de::DeTable;

use super::node::{Node, Table};
use super::readings::{Change, Place, Text, change, of_rule};
use super::source::Source;

/// A value that was found in a text.
#[derive(Debug)]
pub(in crate::load) struct Found {
    change: Change,
}

/// Why a value was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::load) enum Unfound {
    /// The text has neither a rule nor a key of this name; what it has instead.
    Name(Vec<String>),
    /// Nothing can stand there.
    Place,
    /// The rule is not in doubt; the rules that are.
    NoDoubt(Vec<String>),
    /// The alternatives of the doubt are words.
    Words,
    /// The doubt has no such alternative; those that it has.
    Alternative(Vec<String>),
}

impl Found {
    /// What stands there, as TOML; nothing where the key is not there yet.
    pub fn literal<'t>(&self, text: &'t str) -> Option<&'t str> {
        self.change.replaces(text)
    }

    /// The text with another value there.
    pub fn replaced(&self, text: &str, literal: &str) -> String {
        self.change.applied(text, literal)
    }
}

/// Examples are no rules, whatever they are called.
const NO_RULES: [&str; 1] = ["example"];

/// The value at an address of a text that reads as a measure.
pub(in crate::load) fn located(file: &str, text: &str, address: &str) -> Result<Found, Unfound> {
    in_document(file, text, |root| {
        let (name, rest) = address.split_once('.').map_or((address, None), |(name, rest)| (name, Some(rest)));
        let rules = root.entries().into_iter().filter(|node| !NO_RULES.contains(&node.key()));
        let rule = rest.zip(rules.into_iter().find_map(|node| rule(node, name)));
        let change = match rule {
            Some((key, node)) => node.table().and_then(|table| change(&table, node.is_inline(), key)),
            None if root.peek(name).is_some() => change(root, false, address),
            None => return Err(Unfound::Name(names(root))),
        };
        change.map(|change| Found { change }).ok_or(Unfound::Place)
    })
}

/// The value that a doubt is about, with the alternative that is wanted: its number, from 1, or its text. The doubt is that of a rule, or one about
/// the measure as a whole by its id.
pub(in crate::load) fn doubtful(
    file: &str,
    text: &str,
    doubt: &str,
    alternative: &str,
) -> Result<(Found, String), Unfound> {
    in_document(file, text, |root| {
        let whole = || {
            let nodes = root.peek("doubt").filter(|node| node.is_array()).and_then(Node::list)?;
            let node = nodes.into_iter().find(|node| id(*node) == Some(doubt))?;
            Some(Place { about: Text::File, doubt: node })
        };
        let place = of_rule(root, doubt).or_else(whole).ok_or_else(|| Unfound::NoDoubt(doubts(root)))?;
        if place.key().is_none() {
            return Err(Unfound::Words);
        }
        let alternatives: Vec<&str> = place.alternatives().into_iter().filter_map(Node::as_text).collect();
        let bare = |text: &str| text.trim_matches(['"', '\'']).to_owned();
        let by_text = alternatives.iter().find(|known| **known == alternative || bare(known) == alternative);
        let by_number = || alternatives.get(alternative.parse::<usize>().ok()?.checked_sub(1)?);
        let Some(literal) = by_text.or_else(by_number) else {
            return Err(Unfound::Alternative(alternatives.into_iter().map(str::to_owned).collect()));
        };
        let change = place.change(root).ok_or(Unfound::Place)?;
        Ok((Found { change }, (*literal).to_owned()))
    })
}

fn in_document<T>(
    file: &str,
    text: &str,
    find: impl FnOnce(&Table<'_>) -> Result<T, Unfound>,
) -> Result<T, Unfound> {
    let source = Source::new(file, text);
    let document = source.document();
    let table: &DeTable<'_> = document.get_ref();
    find(&Table::root(&source, table))
}

fn id(node: Node<'_>) -> Option<&str> {
    if !node.is_table() {
        return None;
    }
    node.table()?.peek("id").and_then(Node::as_text)
}

/// The table of the rule with this id in a value, however deep.
fn rule<'s>(node: Node<'s>, name: &str) -> Option<Node<'s>> {
    if node.is_array() {
        return node.list()?.into_iter().find_map(|node| rule(node, name));
    }
    if !node.is_table() {
        return None;
    }
    if id(node) == Some(name) {
        return Some(node);
    }
    node.table()?.entries().into_iter().find_map(|node| rule(node, name))
}

/// What an address may begin with.
fn names(root: &Table<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for node in root.entries() {
        names.push(node.key().to_owned());
        if !NO_RULES.contains(&node.key()) {
            ids(node, &mut names);
        }
    }
    names
}

fn ids(node: Node<'_>, names: &mut Vec<String>) {
    if node.is_array() {
        for node in node.list().unwrap_or_default() {
            ids(node, names);
        }
    } else if node.is_table() {
        names.extend(id(node).map(str::to_owned));
        let entries = node.table().map(|table| table.entries()).unwrap_or_default();
        for node in entries {
            ids(node, names);
        }
    }
}

/// The rules in doubt, and the doubts about the whole.
fn doubts(root: &Table<'_>) -> Vec<String> {
    let builtin = [crate::allocation::builtin::WINDOW, crate::allocation::builtin::EARLY_ORDER];
    let mut found: Vec<String> = names(root);
    found.extend(builtin.map(str::to_owned));
    found.retain(|name| of_rule(root, name).is_some());
    let whole = root.peek("doubt").filter(|node| node.is_array()).and_then(Node::list).unwrap_or_default();
    found.extend(whole.into_iter().filter_map(id).map(str::to_owned));
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "id = \"m\"\nwithholding = \"0.04\"\n[window]\nstatus = \"open\"\n\
        [[limit]]\nid = \"cap\"\nat_most = [{ euro = \"100.00\" }]\n\
        [limit.doubt]\nkey = \"at_most.0.euro\"\nalternatives = ['\"200.00\"']\nwhy = \"w\"\n\
        [[doubt]]\nid = \"rate\"\nkey = \"withholding\"\nalternatives = ['\"0\"', '\"0.02\"']\nwhy = \"w\"\n\
        [[doubt]]\nid = \"words\"\nalternatives = [\"other\"]\nwhy = \"w\"\n\
        [[example]]\nid = \"works\"\n";

    fn literal(address: &str) -> Result<String, Unfound> {
        located("m.toml", TEXT, address).map(|found| found.literal(TEXT).unwrap_or_default().to_owned())
    }

    #[test]
    fn an_address_is_a_rule_and_a_key_or_a_key_of_the_file() {
        assert_eq!(literal("cap.at_most.0.euro").as_deref(), Ok("\"100.00\""));
        assert_eq!(literal("window.status").as_deref(), Ok("\"open\""));
        assert_eq!(literal("withholding").as_deref(), Ok("\"0.04\""));
        // A key that may stand there is written.
        assert_eq!(literal("window.closes").as_deref(), Ok(""));
        assert_eq!(literal("cap.at_most.7.euro"), Err(Unfound::Place));
        let names = ["id", "withholding", "window", "limit", "cap", "doubt", "rate", "words", "example"];
        assert_eq!(literal("works.day"), Err(Unfound::Name(names.map(str::to_owned).to_vec())));
    }

    #[test]
    fn a_doubt_is_resolved_by_number_or_text_of_the_alternative() {
        let read = |doubt, alternative| {
            doubtful("m.toml", TEXT, doubt, alternative)
                .map(|(found, literal)| found.replaced(TEXT, &literal))
        };
        let expected = TEXT.replacen("\"100.00\"", "\"200.00\"", 1);
        assert_eq!(read("cap", "1").as_ref(), Ok(&expected));
        assert_eq!(read("cap", "200.00").as_ref(), Ok(&expected));
        assert_eq!(read("rate", "0.02"), Ok(TEXT.replacen("\"0.04\"", "\"0.02\"", 1)));
        assert_eq!(read("words", "1"), Err(Unfound::Words));
        assert_eq!(read("cap", "2"), Err(Unfound::Alternative(vec!["\"200.00\"".to_owned()])));
        let known = ["cap", "rate", "words"].map(str::to_owned).to_vec();
        assert_eq!(read("capp", "1"), Err(Unfound::NoDoubt(known)));
    }
}
