//! What is not known yet: questions to the client, and what is taken for granted until somebody checks it.

use super::grid::{Grid, Kind, listed};
use super::model::rule_name;
use super::table::checklist;
use crate::eligibility::{Eligibility, Question};
use crate::ids::{MeasureId, RuleId};
use crate::measure::Measure;

/// Missing facts as questions.
pub fn open(questions: &[Question], width: u16) -> String {
    let columns = [
        ("about", Kind::Whole),
        ("fact", Kind::Whole),
        ("question", Kind::Words),
        ("what waits for it", Kind::Words),
    ];
    let mut grid = Grid::new(width, &columns);
    for question in questions {
        let rules = question.rules.iter().map(|(measure, rule)| format!("{measure}: {rule}"));
        let rules: Vec<String> = rules.collect();
        grid.row([
            question.of.clone(),
            question.fact.name.clone(),
            question.text.clone().unwrap_or_else(|| format!("{}?", question.fact)),
            listed(&rules),
        ]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// What every possible application would take for granted.
pub fn assumed(measures: &[Measure], eligibility: &Eligibility, width: u16) -> String {
    let name =
        |measure: &MeasureId, rule: &RuleId| rule_name(measures.iter().find(|m| m.id == *measure), rule);
    let mut text = String::new();
    for application in &eligibility.applications {
        text.push_str(&checklist(&application.assumptions, width, &name));
    }
    text
}
