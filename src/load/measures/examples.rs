//! Worked cases: columns as a portfolio would hold them, and expected figures as arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use super::arithmetic;
use super::facts::columns;
use super::names::Names;
use super::node::{Node, Table, suggestion};
use super::source::code;
use crate::allocation::builtin;
use crate::ids::RuleId;
use crate::measure::{Example, ExampleExpense, Subject};

/// Columns of aid received before.
const PRIOR_AID: [&str; 6] = ["undertaking", "granted_on", "regulation", "aid", "measure", "expense_id"];

/// Reads the `[[example]]` tables; every rule must be known.
pub(super) fn examples(root: &mut Table<'_>, names: &Names<'_>) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for node in root.tables("example") {
        let Some(example) = example(node, names) else { continue };
        if examples.iter().any(|other| other.id == example.id) {
            node.error(code::TAKEN, format!("the example id '{}' is used twice", example.id));
        }
        examples.push(example);
    }
    examples
}

fn example(node: Node<'_>, names: &Names<'_>) -> Option<Example> {
    let mut table = node.table()?;
    let id = table.required("id").and_then(Node::id::<RuleId>);
    let why = table.required("why").and_then(Node::owned_text);
    let filed_on = table.get("filed_on").and_then(Node::day);
    let columns =
        |node: Option<Node<'_>>, subject| node.map_or(Some(BTreeMap::new()), |n| cells(n, subject, names));
    let company = columns(table.get("company"), Subject::Company);
    let project = columns(table.get("project"), Subject::Project);
    let choices = table.get("choices").map_or(Some(BTreeMap::new()), |node| choices(node, names));
    let several = |node: Option<Node<'_>>, known: &[&str]| {
        let read = |node: Node<'_>| node.one_or_many()?.into_iter().map(|n| known_cells(n, known)).collect();
        node.map_or(Some(Vec::new()), read)
    };
    let of_companies = column_names(Subject::Company, names);
    let members = several(table.get("members"), &[of_companies.as_slice(), &["role"]].concat());
    let prior_aids = several(table.get("prior_aids"), &PRIOR_AID);
    let expenses = table.required("expenses").and_then(|node| expenses(node, names));
    // A figure need not be there, but must be sound where it is.
    let optional = |node: Option<Node<'_>>| node.map(|node| figure(node).ok_or(())).transpose().ok();
    let admitted = optional(table.get("admitted"));
    let grant_node = table.required("grant");
    let grant = grant_node.and_then(figure);
    let net = optional(table.get("net"));
    let loan = optional(table.get("loan"));
    let esl = optional(table.get("esl"));
    let rules = |node: Option<Node<'_>>| -> Option<Vec<String>> {
        let read = |node: Node<'_>| -> Option<Vec<String>> {
            let rules: Vec<Option<String>> = node.list()?.into_iter().map(|node| rule(node, names)).collect();
            rules.into_iter().collect()
        };
        node.map_or(Some(Vec::new()), read)
    };
    let binding = rules(table.get("binding"));
    let warned = rules(table.get("warned"));
    let rejected_by = table.get("rejected_by").and_then(|node| rule(node, names));
    let refused = table.get("refused").map_or(Some(BTreeMap::new()), |node| {
        let entries = node.table()?.entries();
        let read: Vec<_> =
            entries.into_iter().map(|node| Some((node.key().to_owned(), rule(node, names)?))).collect();
        read.into_iter().collect()
    });
    let refused_node = table.peek("refused");
    table.finish();
    let (expenses, refused) = (expenses?, refused?);
    let expense_ids: BTreeSet<&str> =
        expenses.iter().filter_map(|e| e.columns.get("expense_id").map(String::as_str)).collect();
    if let Some(node) = refused_node {
        for id in refused.keys().filter(|id| !expense_ids.contains(id.as_str())) {
            node.unknown_name("expense of this example", id, expense_ids.iter().copied());
        }
    }
    if let (Some(node), Some(grant), Some(_)) = (grant_node, &grant, &rejected_by)
        && arithmetic::evaluate(grant).is_ok_and(|grant| !grant.is_zero())
    {
        node.error(code::COMBINATION, "an application that is rejected has the grant \"0\"");
    }
    Some(Example {
        id: id?.to_string(),
        why: why?,
        filed_on,
        company: company?,
        project: project?,
        choices: choices?,
        members: members?,
        prior_aids: prior_aids?,
        expenses,
        admitted: admitted?,
        grant: grant?,
        loan: loan?,
        esl: esl?,
        net: net?,
        binding: binding?,
        warned: warned?,
        rejected_by,
        refused,
    })
}

/// Options by the decision they are taken for.
fn choices(node: Node<'_>, names: &Names<'_>) -> Option<BTreeMap<String, String>> {
    let mut chosen = BTreeMap::new();
    let entries = node.table()?.entries();
    let expected = entries.len();
    for entry in entries {
        let id = entry.key().split(':').next().unwrap_or_default();
        let Some(choice) = names.facts.choices.iter().find(|choice| choice.id == id) else {
            entry.unknown_name("choice", id, names.facts.choices.iter().map(|choice| choice.id));
            continue;
        };
        let Some(option) = entry.text() else { continue };
        if choice.options.contains(&option) {
            chosen.insert(entry.key().to_owned(), option.to_owned());
        } else {
            entry.unknown_name("option", option, choice.options.iter().copied());
        }
    }
    (chosen.len() == expected).then_some(chosen)
}

/// Arithmetic that has a value.
fn figure(node: Node<'_>) -> Option<String> {
    let text = node.text()?;
    match arithmetic::evaluate(text) {
        Ok(_) => Some(text.to_owned()),
        Err(problem) => {
            node.error(code::VALUE, problem);
            None
        }
    }
}

/// The id of a rule of the measure, or of one that every measure has.
fn rule(node: Node<'_>, names: &Names<'_>) -> Option<String> {
    let id = node.text()?;
    let of_measure = names.rule_ids();
    let known: Vec<&str> = of_measure.iter().map(String::as_str).chain(builtin::ALL).collect();
    if !known.contains(&id) {
        node.unknown_name("rule", id, known);
        return None;
    }
    Some(id.to_owned())
}

fn expenses(node: Node<'_>, names: &Names<'_>) -> Option<Vec<ExampleExpense>> {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut expenses: Vec<Option<ExampleExpense>> = Vec::new();
    for node in node.list()? {
        let columns = cells(node, Subject::Expense, names);
        if let Some(id) = columns.as_ref().and_then(|columns| columns.get("expense_id"))
            && !ids.insert(id.clone())
        {
            node.error(code::TAKEN, format!("the expense id '{id}' is used twice in this example"));
        }
        expenses.push(columns.map(|columns| ExampleExpense { columns }));
    }
    expenses.into_iter().collect()
}

/// The columns a portfolio file may have for a subject.
fn column_names<'n>(subject: Subject, names: &'n Names<'_>) -> Vec<&'n str> {
    let mut known = columns(subject);
    let declared = names.facts.declared.iter().filter(|declared| {
        let of = declared.fact.subject;
        of == subject || (of == Subject::Lot && subject == Subject::Expense)
    });
    known.extend(declared.map(|declared| declared.fact.name.as_str()));
    known
}

/// Columns of a portfolio file with their cells.
fn cells(node: Node<'_>, subject: Subject, names: &Names<'_>) -> Option<BTreeMap<String, String>> {
    known_cells(node, &column_names(subject, names))
}

/// What a table under this key is a row of.
fn row_of(node: Node<'_>) -> &'static str {
    match node.key() {
        "company" => "company",
        "project" => "project",
        "members" => "member",
        "prior_aids" => "prior aid",
        _ => "expense",
    }
}

fn known_cells(node: Node<'_>, known: &[&str]) -> Option<BTreeMap<String, String>> {
    let mut cells = BTreeMap::new();
    let entries = node.table()?.entries();
    let expected = entries.len();
    for entry in entries {
        let name = entry.key();
        if !known.contains(&name) {
            let message = format!("unknown column '{}' of the {}", super::node::excerpt(name), row_of(node));
            entry.error_with_help(code::UNKNOWN_KEY, message, suggestion(name, known));
        } else if let Some(cell) = entry.cell() {
            cells.insert(name.to_owned(), cell);
        }
    }
    (cells.len() == expected).then_some(cells)
}
