//! Facts: what a measure declares, what every portfolio has, and which fact a name means at a given place.

mod built_in;
mod choices;

pub(super) use built_in::columns;
pub(super) use choices::{ChoiceOutline, PickedPer, outline};

use std::cell::RefCell;
use std::collections::BTreeSet;

use self::built_in::built_in;
use super::node::{Node, Table, suggestion};
use super::rules;
use super::shared::Shared;
use super::source::code;
use crate::measure::{FactDeclaration, FactRef, Ledger, Subject};
use crate::portfolio::{CATEGORIES, FactKind, Size, State};

/// The members of every class: `members.all`.
pub(super) const ALL_MEMBERS: &str = "all";
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
    /// Whether the item is known: of a line, that is the expense under one cost item, or of an entry of a set.
    pub item: bool,
    /// Subjects whose facts may not be asked for, since they would rest on what is read here.
    hidden: &'static [Subject],
}

impl Scope {
    const fn of(at_hand: &'static [Subject]) -> Scope {
        Scope { at_hand, item: false, hidden: &[] }
    }

    /// Rules about a whole application.
    pub const APPLICATION: Scope = Scope::of(&[Subject::Project, Subject::Company, Subject::Application]);
    /// Rules tested for each lot of an application.
    pub const LOT: Scope =
        Scope::of(&[Subject::Lot, Subject::Project, Subject::Company, Subject::Application]);
    /// Numbers computed for each line of an application.
    pub const LINE: Scope = Scope::of(&[
        Subject::Expense,
        Subject::Lot,
        Subject::Project,
        Subject::Company,
        Subject::Application,
    ])
    .by_item();
    /// The condition of a cost item: about the expense, before it has an item.
    pub const EXPENSE: Scope = Scope::of(&[Subject::Expense]);
    /// Whether an option is open: before any is chosen.
    pub const OPTION: Scope = Scope { hidden: &[Subject::Choice], ..Scope::APPLICATION };

    /// The same place where the item of each entry is known besides: rates of the shares of a limit.
    pub const fn by_item(self) -> Scope {
        Scope { item: true, ..self }
    }

    /// Rules about one subject.
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
        Scope { at_hand, item: matches!(subject, Subject::Expense), hidden: &[] }
    }

    /// Classes of one subject. A class of members counts them, whatever is chosen.
    pub const fn class(subject: Subject) -> Scope {
        match subject {
            Subject::Member => {
                Scope { hidden: &[Subject::Members, Subject::Choice], ..Scope::about(subject) }
            }
            _ => Scope::about(subject),
        }
    }

    /// Whether facts of a subject are known here: an expense has one lot, one project, one company; not the other way round.
    pub fn reaches(self, subject: Subject) -> bool {
        let known = match subject {
            Subject::Company
            | Subject::Project
            | Subject::Application
            | Subject::Members
            | Subject::Choice => true,
            Subject::Member => self.at_hand.contains(&Subject::Member) || self.reaches(Subject::Expense),
            Subject::Lot => self.at_hand.contains(&Subject::Lot) || self.reaches(Subject::Expense),
            Subject::Expense => self.at_hand.contains(&Subject::Expense),
        };
        known && !self.hidden.contains(&subject)
    }
}

/// What is known about a fact.
pub(super) struct Known<'n> {
    pub fact: FactRef,
    pub kind: FactKind,
    /// The words it may have; any where empty.
    pub words: Vec<&'n str>,
}

/// Every fact of a measure.
#[derive(Default)]
pub(super) struct FactBook<'s> {
    pub declared: Vec<FactDeclaration>,
    /// Ids of items, the words of `expense.item`.
    pub items: Vec<&'s str>,
    /// The choices: facts whose words are the ids of the options.
    pub choices: Vec<ChoiceOutline<'s>>,
    /// Classes of members: `members.NAME` counts them.
    pub member_classes: Vec<&'s str>,
    /// What some rule has asked for.
    pub(super) asked: RefCell<BTreeSet<FactRef>>,
}

impl FactBook<'_> {
    /// Whether some rule, class or table names the fact.
    pub fn is_asked(&self, subject: Subject, name: &str) -> bool {
        self.asked.borrow().contains(&FactRef::new(subject, name))
    }

    /// Reports a fact that is not known at a place.
    pub fn check(&self, node: Node<'_>, fact: &FactRef, scope: Scope) -> bool {
        let subject = fact.subject;
        let item = subject == Subject::Expense && fact.name == "item";
        let choice = self.choices.iter().find(|choice| subject == Subject::Choice && choice.id == fact.name);
        let why = if scope.hidden.contains(&subject) {
            "it would rest on itself".to_owned()
        } else if item && scope.item {
            return true;
        } else if !scope.reaches(subject) {
            format!("no {} is at hand", subject.name())
        } else if item {
            "the expense has no cost item yet".to_owned()
        } else {
            match choice.map(|choice| choice.per) {
                Some(PickedPer::Group) if !scope.item => {
                    "it is chosen for groups of items, and no item is at hand".to_owned()
                }
                Some(PickedPer::Lot) if !scope.reaches(Subject::Lot) => {
                    "it is chosen for each lot, and no lot is at hand".to_owned()
                }
                _ => return true,
            }
        };
        node.error(code::OUT_OF_REACH, format!("'{fact}' is not known here: {why}"));
        false
    }

    fn of(&self, subject: Subject, name: &str) -> Option<Known<'_>> {
        let fact = FactRef::new(subject, name);
        match subject {
            Subject::Choice => {
                let choice = self.choices.iter().find(|choice| choice.id == name)?;
                return Some(Known { fact, kind: FactKind::Text, words: choice.options.clone() });
            }
            Subject::Members => {
                let counted = name == ALL_MEMBERS || self.member_classes.contains(&name);
                return counted.then_some(Known { fact, kind: FactKind::Number, words: Vec::new() });
            }
            // What a company has, its companies as members have too.
            Subject::Member if built_in(subject).iter().all(|(known, _)| *known != name) => {
                return self.of(Subject::Company, name).map(|known| Known { fact, ..known });
            }
            _ => {}
        }
        if let Some((_, kind)) = built_in(subject).iter().find(|(known, _)| *known == name) {
            let words = match (subject, name) {
                (Subject::Company, "size") => Size::NAMES.iter().map(|(name, _)| *name).collect(),
                (Subject::Expense, "state") => State::NAMES.iter().map(|(name, _)| *name).collect(),
                (Subject::Expense, "category") => CATEGORIES.iter().map(|category| category.id).collect(),
                (Subject::Expense, "item") => self.items.clone(),
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
        self.asked.borrow_mut().insert(known.fact.clone());
        self.check(node, &known.fact, scope).then_some(known)
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
            let choices = self.choices.iter().filter(|_| subject == Subject::Choice).map(|choice| choice.id);
            let counted = std::iter::once(ALL_MEMBERS).chain(self.member_classes.iter().copied());
            let counted = counted.filter(|_| subject == Subject::Members);
            for name in built_in.chain(declared).chain(choices).chain(counted) {
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

/// The facts a measure declares, then those that its shared ledgers ask for.
pub(super) fn with_shared(
    declared: &[FactDeclaration],
    ledgers: &[Ledger],
    shared: &Shared,
) -> Vec<FactDeclaration> {
    let mut facts = declared.to_vec();
    let asked = ledgers.iter().filter_map(|ledger| Some((ledger, shared.ledger(&ledger.ledger)?)));
    // A measure with ceilings of its own asks for nothing.
    let asked = asked.filter(|(ledger, known)| ledger.periods == known.periods);
    for fact in asked.flat_map(|(_, known)| &known.facts) {
        if facts.iter().all(|known| known.fact != fact.fact) {
            facts.push(fact.clone());
        }
    }
    facts
}

fn declaration(mut table: Table<'_>, before: &[FactDeclaration]) -> Option<FactDeclaration> {
    let columns_of = [Subject::Company, Subject::Project, Subject::Lot, Subject::Expense];
    let subjects = columns_of.map(|subject| (subject.name(), subject));
    let subject = table.required("subject").and_then(|node| node.word(&subjects));
    let name_node = table.required("name");
    let name = name_node.and_then(Node::text);
    let kind = table.required("type").and_then(|node| node.word(&FactKind::NAMES));
    let values_node = table.get("values");
    let values = values_node.map_or(Some(Vec::new()), |node| {
        node.one_or_many()?.into_iter().map(Node::owned_text).collect::<Option<Vec<String>>>()
    });
    let question = table.get("question").and_then(rules::words);
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
