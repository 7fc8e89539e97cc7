//! Facts: what a measure declares, what every portfolio has, and which fact a name means at a given place.

mod built_in;

pub(super) use built_in::columns;

use self::built_in::built_in;
use super::node::{Node, Table, suggestion};
use super::source::code;
use crate::measure::{FactDeclaration, FactRef, Subject};
use crate::portfolio::{CATEGORIES, FactKind, Size, State};

/// Keys of conditions that are no facts.
const CONDITION_WORDS: [&str; 4] = ["all", "any", "not", "class"];
/// Keys of tests.
pub(super) const TEST_WORDS: [&str; 9] =
    ["at_least", "at_most", "more_than", "less_than", "after", "before", "starts_with", "except", "known"];

/// What is known at some place of a measure.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    /// The subjects a bare name may mean, the first that has the fact.
    pub at_hand: &'static [Subject],
    /// Whether the line, that is the expense under one cost item, is known.
    pub item: bool,
}

impl Scope {
    /// Rules about a whole application.
    pub const APPLICATION: Scope =
        Scope { at_hand: &[Subject::Project, Subject::Company, Subject::Application], item: false };
    /// Rules tested for each lot of an application.
    pub const LOT: Scope = Scope {
        at_hand: &[Subject::Lot, Subject::Project, Subject::Company, Subject::Application],
        item: false,
    };
    /// Numbers computed for each line of an application.
    pub const LINE: Scope = Scope {
        at_hand: &[Subject::Expense, Subject::Lot, Subject::Project, Subject::Company, Subject::Application],
        item: true,
    };
    /// The condition of a cost item: about the expense, before it has an item.
    pub const EXPENSE: Scope = Scope { at_hand: &[Subject::Expense], item: false };

    /// Rules and classes about one subject.
    pub const fn about(subject: Subject) -> Scope {
        let at_hand: &'static [Subject] = match subject {
            Subject::Company => &[Subject::Company],
            Subject::Project => &[Subject::Project],
            Subject::Lot => &[Subject::Lot],
            Subject::Expense => &[Subject::Expense],
            Subject::Application => &[Subject::Application],
            Subject::Member => &[Subject::Member],
            Subject::Members => &[Subject::Members],
            Subject::Choice => &[Subject::Choice],
        };
        Scope { at_hand, item: matches!(subject, Subject::Expense) }
    }

    /// Whether facts of a subject are known here: an expense has one lot, one project, one company; not the other way round.
    pub fn reaches(self, subject: Subject) -> bool {
        match subject {
            Subject::Company
            | Subject::Project
            | Subject::Application
            | Subject::Members
            | Subject::Choice => true,
            Subject::Member => self.at_hand.contains(&Subject::Member) || self.reaches(Subject::Expense),
            Subject::Lot => self.at_hand.contains(&Subject::Lot) || self.reaches(Subject::Expense),
            Subject::Expense => self.at_hand.contains(&Subject::Expense),
        }
    }

    /// Reports a fact, met in a class or a table, that is not known here.
    pub fn check(self, node: Node<'_>, fact: &FactRef) -> bool {
        let problem = if !self.reaches(fact.subject) {
            format!("'{fact}' is not known here: no {} is at hand", fact.subject.name())
        } else if is_item(fact) && !self.item {
            format!("'{fact}' is not known here: the expense has no cost item yet")
        } else {
            return true;
        };
        node.error(code::OUT_OF_REACH, problem);
        false
    }
}

fn is_item(fact: &FactRef) -> bool {
    fact.subject == Subject::Expense && fact.name == "item"
}

/// What is known about a fact.
pub(super) struct Known<'n> {
    pub fact: FactRef,
    pub kind: FactKind,
    /// The words it may have; any where empty.
    pub words: Vec<&'n str>,
}

/// Every fact of a measure.
pub(super) struct FactBook<'s> {
    pub declared: Vec<FactDeclaration>,
    /// Ids of cost items, the words of `expense.item`.
    cost_items: Vec<&'s str>,
}

impl<'s> FactBook<'s> {
    pub fn new(declared: Vec<FactDeclaration>, cost_items: Vec<&'s str>) -> Self {
        FactBook { declared, cost_items }
    }

    fn of(&self, subject: Subject, name: &str) -> Option<Known<'_>> {
        let fact = FactRef::new(subject, name);
        if let Some((_, kind)) = built_in(subject).iter().find(|(known, _)| *known == name) {
            let words = match (subject, name) {
                (Subject::Company, "size") => Size::NAMES.iter().map(|(name, _)| *name).collect(),
                (Subject::Expense, "state") => State::NAMES.iter().map(|(name, _)| *name).collect(),
                (Subject::Expense, "category") => CATEGORIES.iter().map(|category| category.id).collect(),
                (Subject::Expense, "item") => self.cost_items.clone(),
                _ => Vec::new(),
            };
            return Some(Known { fact, kind: *kind, words });
        }
        let declared = self.declared.iter().find(|declared| declared.fact == fact)?;
        Some(Known { fact, kind: declared.kind, words: declared.values.iter().map(String::as_str).collect() })
    }

    /// The fact a name means at a place; reports a name that means none, several or one that is not known there.
    pub fn resolve(&self, node: Node<'_>, name: &str, scope: Scope) -> Option<Known<'_>> {
        let dotted = name.split_once('.').and_then(|(subject, rest)| {
            let (_, subject) = Subject::NAMES.iter().find(|(known, _)| *known == subject)?;
            Some((*subject, rest))
        });
        let mut found = match dotted {
            Some((subject, name)) => self.of(subject, name).into_iter().collect(),
            None => scope.at_hand.iter().filter_map(|subject| self.of(*subject, name)).collect::<Vec<_>>(),
        };
        if found.is_empty() {
            self.unknown(node, name, scope);
            return None;
        }
        let known = found.swap_remove(0);
        // The place of a project falls back on that of its company, so the project's is meant.
        let falls_back = matches!(name, "region" | "province" | "municipality");
        if let Some(other) = found.first().filter(|_| !falls_back) {
            let message = format!("'{name}' is a fact of more than one subject");
            node.error_with_help(
                code::UNKNOWN_NAME,
                message,
                format!("write '{}' or '{}'", known.fact, other.fact),
            );
            return None;
        }
        scope.check(node, &known.fact).then_some(known)
    }

    fn unknown(&self, node: Node<'_>, name: &str, scope: Scope) {
        let message = format!("unknown fact '{}'", super::node::excerpt(name));
        let elsewhere = Subject::NAMES.iter().find_map(|(_, subject)| self.of(*subject, name));
        let help = match elsewhere {
            Some(known) if scope.reaches(known.fact.subject) => format!("write '{}'", known.fact),
            Some(known) => {
                let subject = known.fact.subject.name();
                format!("'{name}' is a fact of the {subject}, and no {subject} is at hand here")
            }
            None => {
                let names = self.names(scope);
                suggestion(name, &names.iter().map(String::as_str).collect::<Vec<_>>())
            }
        };
        node.error_with_help(code::UNKNOWN_NAME, message, help);
    }

    /// Names that can be written at a place: bare for subjects at hand, with their subject for all that are known.
    fn names(&self, scope: Scope) -> Vec<String> {
        let mut bare = Vec::new();
        let mut dotted = Vec::new();
        for (_, subject) in Subject::NAMES {
            let built_in = built_in(subject).iter().map(|(name, _)| *name);
            let declared =
                self.declared.iter().filter(|d| d.fact.subject == subject).map(|d| d.fact.name.as_str());
            for name in built_in.chain(declared) {
                if scope.at_hand.contains(&subject) {
                    bare.push(name.to_owned());
                }
                if scope.reaches(subject) {
                    dotted.push(FactRef::new(subject, name).to_string());
                }
            }
        }
        bare.append(&mut dotted);
        bare
    }
}

/// Reads the `[[fact]]` tables.
pub(super) fn declarations(root: &mut Table<'_>) -> Vec<FactDeclaration> {
    let mut declared: Vec<FactDeclaration> = Vec::new();
    for node in root.tables("fact") {
        if let Some(fact) = node.table().and_then(|table| declaration(table, &declared)) {
            declared.push(fact);
        }
    }
    declared
}

fn declaration(mut table: Table<'_>, before: &[FactDeclaration]) -> Option<FactDeclaration> {
    let subjects: Vec<_> =
        Subject::NAMES.iter().copied().filter(|(_, s)| *s != Subject::Application).collect();
    let subject = table.required("subject").and_then(|node| node.word(&subjects));
    let name_node = table.required("name");
    let name = name_node.and_then(Node::text);
    let kind = table.required("type").and_then(|node| node.word(&FactKind::NAMES));
    let values_node = table.get("values");
    let values = values_node.map_or(Some(Vec::new()), |node| {
        node.one_or_many()?.into_iter().map(Node::owned_text).collect::<Option<Vec<String>>>()
    });
    let question = table.get("question").and_then(Node::owned_text);
    table.finish();
    let (subject, kind, values) = (subject?, kind?, values?);
    let (name, name_node) = (name?, name_node?);
    if let Some(node) = values_node.filter(|_| !matches!(kind, FactKind::Text | FactKind::List)) {
        node.error(code::COMBINATION, format!("a fact of type '{}' has no list of values", kind.name()));
    }
    let means = |word: &str| {
        CONDITION_WORDS.contains(&word)
            || TEST_WORDS.contains(&word)
            || Subject::NAMES.iter().any(|(subject, _)| *subject == word)
    };
    if name.contains('.') || name.trim() != name || means(name) {
        node_taken(name_node, name, "cannot name a fact: it has a meaning in conditions");
        return None;
    }
    if columns(subject).contains(&name) || built_in(subject).iter().any(|(known, _)| *known == name) {
        node_taken(name_node, name, "is a fact or a column that every portfolio has");
        return None;
    }
    // Facts of lots and of expenses are columns of one file.
    let file = |subject| if subject == Subject::Lot { Subject::Expense } else { subject };
    if before.iter().any(|other| file(other.fact.subject) == file(subject) && other.fact.name == name) {
        node_taken(name_node, name, "is declared twice");
        return None;
    }
    Some(FactDeclaration { fact: FactRef::new(subject, name), kind, values, question })
}

fn node_taken(node: Node<'_>, name: &str, why: &str) {
    node.error(code::TAKEN, format!("'{}' {why}", super::node::excerpt(name)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_knows_its_lot_and_an_application_knows_neither() {
        assert!(Scope::EXPENSE.reaches(Subject::Lot));
        assert!(!Scope::LOT.reaches(Subject::Expense));
        assert!(!Scope::APPLICATION.reaches(Subject::Lot));
        assert!(Scope::about(Subject::Lot).reaches(Subject::Company));
    }
}
