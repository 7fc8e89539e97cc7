//! Facts that are missing where they decide, as questions to the client (S1).

use std::collections::BTreeMap;

use crate::ids::{CompanyId, LotId, MeasureId, ProjectId, RuleId};
use crate::measure::{
    Condition, FactRef, Facts, Measure, Names, Outcome, Requirement, Shape, Subject, Truth, Unknown, Variant,
};
use crate::portfolio::{Expense, Portfolio};

/// A fact to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The company whose project waits.
    pub company: CompanyId,
    /// The project; none for facts of the company.
    pub project: Option<ProjectId>,
    /// Whose fact: the id of a company, project, lot or expense.
    pub of: String,
    /// The fact.
    pub fact: FactRef,
    /// The question in the measure's words, where it has some.
    pub text: Option<Names>,
    /// Rules that wait for the answer, by (measure, rule).
    pub rules: Vec<(MeasureId, RuleId)>,
}

/// Every fact that would have to be known before a requirement, an item or a rate can be decided, by (subject, id, fact).
///
/// Measures that are not open, or that refuse the project or the expense anyway, ask nothing. Requirements that are taken as met
/// while not known ask nothing either: they become assumptions.
pub fn questions(portfolio: &Portfolio, measures: &[Measure]) -> Vec<Question> {
    let mut asked = Asked::default();
    let mut expenses = portfolio.expenses_by_project();
    for project in &portfolio.projects {
        let expenses = expenses.remove(&project.id).unwrap_or_default();
        for measure in measures {
            let excluded = portfolio.settings.measures.get(&measure.id).is_some_and(|of| of.excluded);
            let calendar = super::calendar(portfolio, project, measure);
            if excluded || calendar.filed_on.is_none() {
                continue;
            }
            let facts = Facts::of_application(portfolio, project, measure, Variant::PLAIN, &calendar);
            if let Some(facts) = facts {
                asked.extend(of_measure(measure, facts, &expenses));
            }
        }
    }
    asked.0.into_values().collect()
}

/// Questions by whose fact and which.
#[derive(Default)]
struct Asked(BTreeMap<(Subject, String, FactRef), Question>);

impl Asked {
    fn extend(&mut self, questions: Vec<Question>) {
        for question in questions {
            let key = (question.fact.subject, question.of.clone(), question.fact.clone());
            let known =
                self.0.entry(key).or_insert_with(|| Question { rules: Vec::new(), ..question.clone() });
            if known.text.is_none() {
                known.text = question.text;
            }
            known.rules.extend(question.rules);
            known.rules.sort();
            known.rules.dedup();
        }
    }
}

/// A rule with the facts it lacks and its own words for asking.
type Lack = (RuleId, Vec<FactRef>, Option<Names>);

fn of_measure<'a>(measure: &'a Measure, facts: Facts<'a>, expenses: &[&'a Expense]) -> Vec<Question> {
    let about_lines = |r: &&Requirement| matches!(r.subject, Subject::Expense | Subject::Lot);
    let Some(mut open) = lacking(measure.requirements.iter().filter(|r| !about_lines(r)), facts)
        .map(|lacks| asked(measure, facts, None, lacks))
    else {
        return Vec::new();
    };
    for expense in expenses.iter().copied() {
        let facts = facts.about(expense);
        let Some(mut lacks) = lacking(measure.requirements.iter().filter(about_lines), facts) else {
            continue;
        };
        let Some(of_items) = lacking_for_items(measure, facts, expense) else { continue };
        lacks.extend(of_items);
        open.extend(asked(measure, facts, Some(expense), lacks));
    }
    open
}

/// What requirements lack; none when one of them fails for sure.
fn lacking<'m>(requirements: impl Iterator<Item = &'m Requirement>, facts: Facts<'_>) -> Option<Vec<Lack>> {
    let mut lacks = Vec::new();
    for requirement in requirements {
        if requirement.applies.evaluate(&facts) == Truth::False {
            continue;
        }
        match requirement.must.evaluate(&facts) {
            Truth::False => return None,
            Truth::Unknown(missing) if requirement.unknown == Unknown::Block => {
                lacks.push((requirement.rule.id.clone(), missing, requirement.question.clone()));
            }
            Truth::True | Truth::Unknown(_) => {}
        }
    }
    Some(lacks)
}

/// What items and their rates lack; none when no item can take the expense whatever the answers.
fn lacking_for_items(measure: &Measure, facts: Facts<'_>, expense: &Expense) -> Option<Vec<Lack>> {
    let mut lacks = Vec::new();
    let mut possible = false;
    for (index, item) in measure.items.iter().enumerate() {
        let crate::measure::ItemKind::Cost(cost) = &item.kind else { continue };
        let facts = facts.under(item.id.as_str());
        let condition: &Condition = &cost.when;
        let truth = condition.evaluate(&facts);
        if !cost.takes.contains(&expense.category) || truth == Truth::False {
            continue;
        }
        possible = true;
        if let Truth::Unknown(missing) = truth
            && !cost.assume
        {
            lacks.push((item.rule.id.clone(), missing, None));
        }
        for component in measure.components.iter().filter(|c| c.of.contains(&index)) {
            if let Shape::Rate { rate, .. } = &component.shape
                && let Outcome::Unknown(missing) = rate.rate(&facts)
            {
                lacks.push((component.rule.id.clone(), missing, None));
            }
        }
    }
    possible.then_some(lacks)
}

fn asked(measure: &Measure, facts: Facts<'_>, expense: Option<&Expense>, lacks: Vec<Lack>) -> Vec<Question> {
    let mut questions = Vec::new();
    for (rule, missing, words) in lacks {
        let single = missing.len() == 1;
        for fact in missing {
            let declared = measure.facts.iter().find(|declared| declared.fact == fact);
            let text = declared.and_then(|declared| declared.question.clone());
            let of = match (fact.subject, expense) {
                (Subject::Company, _) => facts.company.id.to_string(),
                (Subject::Lot, Some(expense)) => {
                    let lot = expense.lot.as_ref().map_or("without lot", LotId::as_str);
                    format!("{} / {lot}", facts.project.id)
                }
                (Subject::Expense, Some(expense)) => expense.id.to_string(),
                _ => facts.project.id.to_string(),
            };
            // A requirement's own words ask for one fact, not for each of several.
            let text = text.or_else(|| words.clone().filter(|_| single));
            questions.push(Question {
                company: facts.company.id.clone(),
                project: (fact.subject != Subject::Company).then(|| facts.project.id.clone()),
                of,
                fact,
                text,
                rules: vec![(measure.id.clone(), rule.clone())],
            });
        }
    }
    questions
}
