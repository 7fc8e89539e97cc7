//! What measures share: ledgers with their ceilings by date, and fund sources that never meet on an expense. Two files in the folder `shared`
//! beside the measures; those of the program are built in, those of another folder extend them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::embedded;
use super::facts::{self, FactBook};
use super::ledgers::{ceiling, over, regulations};
use super::names::Names;
use super::node::{Node, Table};
use super::source::{Source, code};
use super::{doubts, rules};
use crate::diagnostics::Report;
use crate::measure::{
    self, Condition, Cumulation, Doubt, FactDeclaration, FactRef, Meeting, MeetingPlace, OtherAid, Over,
    Period, Rule,
};

/// The folder of shared files, beside measure files.
pub(in crate::load) const FOLDER: &str = "shared";
/// The file of ledgers.
pub(super) const LEDGERS: &str = "ledgers.toml";
/// The file of fund sources.
pub(super) const FUNDS: &str = "funds.toml";

/// The id of the clause that forbids what funds may not do.
pub(super) const FUND_CLASH: &str = "fund-clash";

/// A ledger of the shared file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SharedLedger {
    /// What its ceilings ask for, beyond the facts every portfolio has.
    pub facts: Vec<FactDeclaration>,
    /// Regulations of prior aids that count besides those of its own name.
    pub counts: Vec<String>,
    /// Ceilings by date.
    pub periods: Vec<Period>,
    /// What is not certain about them.
    pub doubt: Option<Doubt>,
    /// The text it stands in, as an index.
    text: usize,
}

/// The text of a shared file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SharedText {
    /// Which of the shared files it is.
    name: &'static str,
    /// Its name in messages.
    pub file: String,
    /// What stands in it.
    pub text: String,
}

/// What every measure may refer to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shared {
    /// Facts that ledgers ask for.
    facts: Vec<FactDeclaration>,
    ledgers: BTreeMap<String, SharedLedger>,
    /// The files in the order in which they were read: a later one replaces ledgers of an earlier.
    texts: Vec<SharedText>,
    exclusions: Vec<Exclusion>,
}

/// Fund sources of which no two meet on an expense.
#[derive(Clone, Debug, PartialEq)]
struct Exclusion {
    funds: Vec<String>,
    /// Of grants from this day on.
    from: Option<NaiveDate>,
}

/// The shared files of the program, with what is wrong with them: nothing, as tests see to.
static BUILT_IN: LazyLock<(Shared, Report)> = LazyLock::new(|| {
    let mut shared = Shared::default();
    let mut report = Report::new();
    for (name, text) in embedded::SHARED {
        let file = format!("measures/{FOLDER}/{name}");
        shared.read(SharedText { name, file, text: (*text).to_owned() }, &mut report);
    }
    (shared, report)
});

impl Shared {
    /// What the program brings.
    pub fn built_in(report: &mut Report) -> &'static Shared {
        report.extend(BUILT_IN.1.clone());
        &BUILT_IN.0
    }

    /// What the program brings, extended by the files in the folder `shared` of a folder of measures, where there are any. A ledger of the same
    /// id is replaced.
    pub fn beside(measures: &Path, report: &mut Report) -> Shared {
        let mut shared = Shared::built_in(report).clone();
        for name in [LEDGERS, FUNDS] {
            let path = measures.join(FOLDER).join(name);
            match super::text_of(&path) {
                Ok(Some(text)) => {
                    let file = path.display().to_string();
                    shared.read(SharedText { name, file, text }, report);
                }
                Ok(None) => {}
                Err(problems) => report.extend(problems),
            }
        }
        shared
    }

    /// The ledger with this name.
    pub fn ledger(&self, name: &str) -> Option<&SharedLedger> {
        self.ledgers.get(name)
    }

    /// The text in which a ledger stands.
    pub fn text_of(&self, ledger: &str) -> Option<&SharedText> {
        self.texts.get(self.ledgers.get(ledger)?.text)
    }

    /// The same files, with another text in the place of the one in which a ledger stands.
    ///
    /// # Errors
    /// A text that does not read.
    pub fn with_text_of(&self, ledger: &str, text: &str) -> Result<Shared, Report> {
        let at = self.ledgers.get(ledger).map(|ledger| ledger.text);
        let mut report = Report::new();
        let mut shared = Shared::default();
        for (nth, known) in self.texts.iter().enumerate() {
            let text = if Some(nth) == at { text } else { &known.text };
            shared.read(SharedText { text: text.to_owned(), ..known.clone() }, &mut report);
        }
        report.finish(shared).map(|(shared, _)| shared)
    }

    /// The names of all ledgers.
    pub fn ledgers(&self) -> impl Iterator<Item = &str> {
        self.ledgers.keys().map(String::as_str)
    }

    /// The clauses that keep a fund source from those it may not meet.
    pub fn clashes(&self, fund_source: &str) -> Vec<Cumulation> {
        let own = self.exclusions.iter().filter(|it| it.funds.iter().any(|fund| fund == fund_source));
        own.enumerate().map(|(at, exclusion)| clash(at, exclusion, fund_source)).collect()
    }

    fn read(&mut self, text: SharedText, report: &mut Report) {
        let source = Source::new(&text.file, &text.text);
        let document = source.document();
        if !source.has_errors() {
            let mut root = Table::root(&source, document.get_ref());
            if text.name == LEDGERS {
                self.read_ledgers(&mut root);
            } else {
                self.read_exclusions(&mut root);
            }
            root.finish();
        }
        report.extend(source.into_report());
        self.texts.push(text);
    }

    fn read_ledgers(&mut self, root: &mut Table<'_>) {
        self.facts.extend(facts::declarations(root));
        let book = FactBook { declared: self.facts.clone(), ..FactBook::default() };
        let names = Names::new(book, Vec::new(), Vec::new());
        let mut met: BTreeSet<String> = BTreeSet::new();
        for node in root.tables("ledger") {
            let Some((id, mut ledger)) = node.table().and_then(|table| ledger(table, &names)) else {
                continue;
            };
            ledger.text = self.texts.len();
            if !met.insert(id.clone()) {
                node.error(code::TAKEN, format!("the ledger '{id}' is there twice"));
            }
            self.ledgers.insert(id, ledger);
        }
    }

    fn read_exclusions(&mut self, root: &mut Table<'_>) {
        let mut met: BTreeSet<String> = BTreeSet::new();
        for node in root.tables("exclusion") {
            let Some(mut table) = node.table() else { continue };
            let id = table.required("id").and_then(Node::owned_text);
            words(&mut table);
            let funds_node = table.required("funds");
            let funds = funds_node.and_then(|node| {
                node.one_or_many()?.into_iter().map(Node::owned_text).collect::<Option<Vec<String>>>()
            });
            let from = table.get("from").map_or(Some(None), |node| node.day().map(Some));
            table.finish();
            let (Some(id), Some(node), Some(mut funds), Some(from)) = (id, funds_node, funds, from) else {
                continue;
            };
            if !met.insert(id.clone()) {
                node.error(code::TAKEN, format!("the exclusion '{id}' is there twice"));
            }
            funds.sort();
            funds.dedup();
            if funds.len() < 2 {
                node.error(code::VALUE, "an exclusion is between two fund sources at least");
            }
            self.exclusions.push(Exclusion { funds, from });
        }
    }
}

/// An exclusion as a clause of a measure; those beyond the first have a number.
fn clash(at: usize, exclusion: &Exclusion, fund_source: &str) -> Cumulation {
    let id = if at == 0 { FUND_CLASH.to_owned() } else { format!("{FUND_CLASH}-{}", at + 1) };
    let names = measure::Names {
        it: "fondi che non si cumulano sulla stessa spesa".to_owned(),
        en: "funds that never meet on an expense".to_owned(),
    };
    // A word of the program, with a number at most, is a valid id.
    let id = id.parse().expect("the id of a clash is a valid id");
    let rule = Rule { id, names, reference: None, doubt: None };
    let others = exclusion.funds.iter().filter(|fund| *fund != fund_source).cloned().collect();
    Cumulation {
        rule,
        with: OtherAid { fund_sources: others, ..OtherAid::default() },
        scope: MeetingPlace::Expense,
        effect: Meeting::Forbid,
        when: Condition::ALWAYS,
        from: exclusion.from,
    }
}

/// What stands there for people: where a figure comes from.
fn words(table: &mut Table<'_>) {
    table.get("name").and_then(rules::names);
    for key in ["ref", "source"] {
        table.get(key).and_then(Node::text);
    }
}

fn ledger(mut table: Table<'_>, names: &Names<'_>) -> Option<(String, SharedLedger)> {
    let id = table.required("id").and_then(Node::owned_text);
    words(&mut table);
    let counts = table.get("counts").map_or(Some(Vec::new()), regulations);
    let doubt = table.get("doubt").and_then(doubts::doubt);
    let periods_node = table.get("period");
    let periods = periods_node.map_or(Some(Vec::new()), |node| {
        let read: Vec<_> = node.list()?.into_iter().map(|node| period(node, names)).collect();
        read.into_iter().collect::<Option<Vec<Period>>>()
    });
    table.finish_rule(doubt.as_ref());
    let (id, periods) = (id?, periods?);
    if periods.is_empty() {
        table.error(code::LEDGER, format!("the ledger '{id}' has no ceiling: no [[ledger.period]]"));
    }
    let asked: Vec<&FactRef> = periods.iter().flat_map(|period| period.at_most.facts()).collect();
    let declared = names.facts.declared.iter().filter(|fact| asked.contains(&&fact.fact));
    let facts = declared.cloned().collect();
    Some((id, SharedLedger { facts, counts: counts?, periods, doubt, text: 0 }))
}

fn period(node: Node<'_>, names: &Names<'_>) -> Option<Period> {
    let mut table = node.table()?;
    let day = |node: Option<Node<'_>>| node.map_or(Some(None), |node| node.day().map(Some));
    let (from, until_node) = (day(table.get("from")), table.get("until"));
    let until = day(until_node);
    let at_most = table.required("at_most").and_then(|node| ceiling(node, names));
    let over = table.get("over").map_or(Some(Over::Ever), over);
    words(&mut table);
    table.finish();
    let (from, until) = (from?, until?);
    if let (Some(from), Some(until), Some(node)) = (from, until, until_node)
        && until < from
    {
        node.error(code::MEANINGLESS, format!("the period ends on {until}, before it begins on {from}"));
    }
    Some(Period { from, until, at_most: at_most?, over: over? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_files_of_the_program_are_sound() {
        let mut report = Report::new();
        let shared = Shared::built_in(&mut report);
        assert!(report.is_empty(), "{report}");
        assert!(shared.ledger("de_minimis").is_some());
    }

    #[test]
    fn a_fund_clashes_with_the_others_of_its_exclusions() {
        let exclusion = |funds: &[&str], from: Option<&str>| Exclusion {
            funds: funds.iter().map(|fund| (*fund).to_owned()).collect(),
            from: from.map(|day| day.parse().unwrap()),
        };
        let exclusions = vec![
            exclusion(&["a", "b"], None),
            exclusion(&["c", "d"], None),
            exclusion(&["a", "e"], Some("2025-02-24")),
        ];
        let shared = Shared { exclusions, ..Shared::default() };
        let of_a = shared.clashes("a");
        let ids: Vec<&str> = of_a.iter().map(|clause| clause.rule.id.as_str()).collect();
        assert_eq!(ids, ["fund-clash", "fund-clash-2"]);
        assert_eq!(of_a[1].with.fund_sources, ["e"]);
        assert_eq!(of_a[1].from, "2025-02-24".parse().ok());
        assert_eq!(shared.clashes("f"), []);
    }
}
