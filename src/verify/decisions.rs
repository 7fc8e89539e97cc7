//! The decisions of a document, read and tested one by one: which expense goes where, with which claim, under
//! which variant (S2, S6).

use std::collections::{BTreeMap, BTreeSet};

use super::admission::{Admission, Line};
use super::choices;
use super::findings::{Findings, cited};
use super::ground::{Case, Cases, Ground};
use crate::allocation::{Assignment, Document};
use crate::ids::{MeasureId, ProjectId};
use crate::money::Money;
use crate::portfolio::Expense;

/// A claim of the document on a line.
pub(super) struct Claimed<'a> {
    /// The line.
    pub(super) line: &'a Line<'a>,
    /// The claim, held between a cent and the base.
    pub(super) claim: Money,
    /// Where the claim stands in the document.
    pub(super) path: String,
}

/// The claims of every application, by (project, measure) and expense.
pub(super) type Decisions<'a> = BTreeMap<(&'a ProjectId, &'a MeasureId), (&'a Case<'a>, Vec<Claimed<'a>>)>;

/// Reads the decisions; those that cannot stand are noted and left out.
pub(super) fn read<'a>(
    ground: &'a Ground<'a>,
    cases: &'a Cases<'a>,
    document: &'a Document,
    findings: &mut Findings,
) -> Decisions<'a> {
    let mut decisions = Decisions::new();
    let variants = variants(cases, document, findings);
    let mut seen = BTreeSet::new();
    for (index, outcome) in document.expenses.iter().enumerate() {
        // Unknown and repeated expenses are noted when the list is compared with the portfolio's.
        let Some(expense) = ground.expense(&outcome.expense).filter(|e| seen.insert(&e.id)) else { continue };
        let path = format!("expenses[{index}].assignments");
        let mut last: Option<&MeasureId> = None;
        for (at, assignment) in outcome.assignments.iter().enumerate() {
            let path = format!("{path}[{at}]");
            if last.is_some_and(|last| *last >= assignment.measure) {
                findings.note(
                    "S6",
                    path + ".measure",
                    assignment.measure.as_str(),
                    "each measure once, by id",
                );
                continue;
            }
            last = Some(&assignment.measure);
            let Some((key, of_measure)) = cases.get_key_value(&(&expense.project, &assignment.measure))
            else {
                let expected = "a measure that takes part";
                findings.note("S6", path + ".measure", assignment.measure.as_str(), expected);
                continue;
            };
            let case = variants.get(key).copied().unwrap_or(&of_measure[0]);
            if let Some(line) = line(case, expense, assignment, &path, findings) {
                let path = path + ".claimed";
                let claim = claim(line, assignment.claimed, &path, findings);
                let (_, claimed) = decisions.entry(*key).or_insert((case, Vec::new()));
                claimed.push(Claimed { line, claim, path });
            }
        }
    }
    for (_, claimed) in decisions.values_mut() {
        claimed.sort_by(|a, b| a.line.expense.id.cmp(&b.line.expense.id));
    }
    decisions
}

/// The variant that each application of the document takes.
fn variants<'a>(
    cases: &'a Cases<'a>,
    document: &'a Document,
    findings: &mut Findings,
) -> BTreeMap<(&'a ProjectId, &'a MeasureId), &'a Case<'a>> {
    let mut taken = BTreeMap::new();
    for (index, application) in document.applications.iter().enumerate() {
        // An application that no measure makes is noted when the list is compared with the plan's.
        let key = (&application.project, &application.measure);
        let Some((key, of_measure)) = cases.get_key_value(&key) else { continue };
        let named = of_measure.iter().find(|case| choices::names(application, case.facts.variant));
        if named.is_none() {
            let open: Vec<String> =
                of_measure.iter().map(|case| choices::written(case.facts.variant)).collect();
            let path = format!("applications[{index}].choices");
            findings.note("S6", path, format!("{:?}", application.choices), open.join("; or "));
        }
        taken.entry(*key).or_insert(named.unwrap_or(&of_measure[0]));
    }
    taken
}

/// The line that an assignment means, if there is such a line.
fn line<'a>(
    case: &'a Case<'a>,
    expense: &Expense,
    assignment: &Assignment,
    path: &str,
    findings: &mut Findings,
) -> Option<&'a Line<'a>> {
    let lines = match case.admissions.get(expense.id.as_str())? {
        Admission::Open(lines) => lines,
        Admission::Refused(reason) => {
            let expected = format!("none: {}", reason.text);
            findings.note(cited(&reason.measure, &reason.rule), path, "an assignment", expected);
            return None;
        }
    };
    let item = case.measure.item(&assignment.cost_item);
    let line = lines.iter().find(|line| Some(line.item) == item);
    let expected = match line {
        None => "an item that takes the expense",
        Some(line) if line.contested => "an expense that one item fits, or several that leave the choice",
        Some(_) => return line,
    };
    findings.note("S2", format!("{path}.cost_item"), assignment.cost_item.as_str(), expected);
    line
}

/// The claim, held between a cent and the base. That a base is claimed whole is tested once it is known what other aid leaves of it.
fn claim(line: &Line<'_>, claimed: Money, path: &str, findings: &mut Findings) -> Money {
    let least = Money::CENT;
    if claimed < least || claimed > line.base {
        findings.note("S6", path, claimed.to_string(), format!("{least} to {}", line.base));
    }
    claimed.clamp(least, line.base)
}
