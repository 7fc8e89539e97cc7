//! Requirements, and the terms that dates of expenses must keep (S1, S5).

use super::conditions;
use super::facts::Scope;
use super::names::Names;
use super::node::{Node, Table};
use super::rules::{self, rule};
use super::source::code;
use super::window::span;
use crate::dates::DateExpr;
use crate::measure::{DateField, DateRule, Requirement, Scope as Fails, Subject, Unknown};

pub(super) const UNKNOWNS: [(&str, Unknown); 2] = [("block", Unknown::Block), ("assume", Unknown::Assume)];
const FAILS: [(&str, Fails); 3] =
    [("application", Fails::Application), ("line", Fails::Line), ("member_aid", Fails::MemberAid)];

/// Reads the `[[requirement]]` tables.
pub(super) fn requirements<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<Requirement> {
    root.tables("requirement").into_iter().filter_map(|node| requirement(node, names)).collect()
}

fn requirement<'s>(node: Node<'s>, names: &Names<'s>) -> Option<Requirement> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let subject =
        table.get("subject").map_or(Some(Subject::Company), |node| node.word(&conditions::SUBJECTS));
    // With an unknown subject the conditions are read as if about the expense, which knows most.
    let scope = Scope::about(subject.unwrap_or(Subject::Expense));
    let must = table.required("must").and_then(|node| conditions::condition(node, scope, names));
    let applies = conditions::optional(&mut table, "applies", scope, names);
    let unknown = table.get("unknown").and_then(|node| node.word(&UNKNOWNS)).unwrap_or_default();
    let fails_node = table.get("fails");
    let fails = fails_node.and_then(|node| node.word(&FAILS));
    let question = table.get("question").and_then(rules::words);
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    let subject = subject?;
    let of_line = matches!(subject, Subject::Lot | Subject::Expense | Subject::Member);
    if let (Some(node), Some(Fails::Line), false) = (fails_node, fails, of_line) {
        let message = format!("a requirement about the {} cannot fail for a line", subject.name());
        node.error_with_help(
            code::COMBINATION,
            message,
            "it fails alike for every line: write \"application\"",
        );
    }
    if let (Some(node), Some(Fails::MemberAid), false) = (fails_node, fails, subject == Subject::Member) {
        let message =
            format!("a requirement about the {} has no member whose aid it could end", subject.name());
        node.error_with_help(code::COMBINATION, message, "write subject = \"member\", or another word here");
    }
    let fails = fails.unwrap_or(if of_line { Fails::Line } else { Fails::Application });
    Some(Requirement { rule: rule?, subject, applies: applies?, must: must?, unknown, fails, question })
}

/// Reads the `[[expense_date]]` tables.
pub(super) fn dates<'s>(root: &mut Table<'s>, names: &Names<'s>) -> Vec<DateRule> {
    root.tables("expense_date").into_iter().filter_map(|node| date(node, names)).collect()
}

fn date<'s>(node: Node<'s>, names: &Names<'s>) -> Option<DateRule> {
    let mut table = node.table()?;
    let rule = rule(node, &mut table, names);
    let field = table.required("field").and_then(|node| node.word(&DateField::NAMES));
    let from_node = table.get("from");
    let until_node = table.get("until");
    let from = from_node.and_then(expression);
    let until = until_node.and_then(expression);
    let extension_node = table.get("extension");
    let extension = extension_node.and_then(span);
    if from_node.is_none() && until_node.is_none() {
        table.error(code::COMBINATION, "a date rule needs 'from', 'until' or both");
    }
    if let Some(node) = extension_node.filter(|_| until_node.is_none()) {
        node.error(code::COMBINATION, "'extension' goes with 'until'");
    }
    if let (Some(DateExpr::On(first)), Some(DateExpr::On(last)), Some(node)) = (from, until, until_node)
        && last < first
    {
        node.error(code::MEANINGLESS, format!("the term ends on {last}, before it begins on {first}"));
    }
    table.finish_rule(rule.as_ref().and_then(|rule| rule.doubt.as_ref()));
    Some(DateRule { rule: rule?, field: field?, from, until, extension })
}

fn expression(node: Node<'_>) -> Option<DateExpr> {
    if let Some(day) = node.as_day() {
        return Some(DateExpr::On(day));
    }
    let text = node.text()?;
    let read = Some(text).filter(|text| text.len() <= 100).and_then(DateExpr::parse);
    if read.is_none() {
        let message = format!("'{}' is not a day or a term", super::node::excerpt(text));
        let help = "write a day, or opens, closes, filed_on or granted_on, with a span where needed: \"granted_on + 18 months\"";
        node.error_with_help(code::VALUE, message, help);
    }
    read
}
