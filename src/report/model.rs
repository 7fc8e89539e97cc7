//! The document joined with the portfolio and the measures it was computed from: what every renderer reads.

use super::Language;
use crate::allocation::{Document, builtin};
use crate::ids::{ExpenseId, MeasureId, RuleId};
use crate::measure::{Measure, Names, Rule};
use crate::portfolio::{Expense, Portfolio};

/// A result with the inputs it speaks about. Names fall back on ids, so that a foreign document can be shown too.
#[derive(Clone, Copy, Debug)]
pub struct ReportModel<'a> {
    /// The result.
    pub document: &'a Document,
    /// The portfolio it is about.
    pub portfolio: &'a Portfolio,
    /// The measures it was computed with.
    pub measures: &'a [Measure],
    /// The language of names.
    pub language: Language,
}

impl<'a> ReportModel<'a> {
    /// The measure with this id.
    pub fn measure(&self, id: &MeasureId) -> Option<&'a Measure> {
        self.measures.iter().find(|measure| measure.id == *id)
    }

    /// The rule with this id; none for rules that every measure has.
    pub fn rule(&self, measure: &MeasureId, rule: &RuleId) -> Option<&'a Rule> {
        self.measure(measure)?.rule(rule)
    }

    /// What a rule is called.
    pub fn rule_name(&self, measure: &MeasureId, rule: &RuleId) -> String {
        rule_name(self.measure(measure), rule, self.language)
    }

    /// The words of the source a rule rests on.
    pub fn reference(&self, measure: &MeasureId, rule: &RuleId) -> Option<&'a str> {
        self.rule(measure, rule)?.reference.as_deref()
    }

    /// The expense with this id.
    pub fn expense(&self, id: &ExpenseId) -> Option<&'a Expense> {
        self.portfolio.expenses.binary_search_by(|e| e.id.cmp(id)).ok().map(|at| &self.portfolio.expenses[at])
    }
}

/// What a rule of a measure is called, built-in rules included; its id where it has no name.
pub(super) fn rule_name(measure: Option<&Measure>, rule: &RuleId, language: Language) -> String {
    let named = measure.and_then(|m| m.rule(rule)).and_then(|rule| named(&rule.names, language));
    let name = named.or_else(|| builtin_name(rule.as_str()).map(|name| language.say(name)));
    name.unwrap_or(rule.as_str()).to_owned()
}

/// The name in the language, else in the other; none where there is none.
pub(super) fn named(names: &Names, language: Language) -> Option<&str> {
    let both = match language {
        Language::It => [&names.it, &names.en],
        Language::En => [&names.en, &names.it],
    };
    both.into_iter().find(|name| !name.is_empty()).map(String::as_str)
}

/// What a measure is called.
pub(super) fn measure_name(measure: &Measure, language: Language) -> &str {
    named(&measure.names, language).unwrap_or(measure.id.as_str())
}

fn builtin_name(rule: &str) -> Option<&'static str> {
    Some(match rule {
        builtin::WINDOW => "application window",
        builtin::EARLY_ORDER => "no order before filing",
        builtin::COST_ITEMS => "kinds of cost taken",
        builtin::ELSEWHERE => "claimed elsewhere",
        builtin::NOT_APPLIED => "no application made",
        builtin::NO_GAIN => "adds nothing",
        builtin::CLAIM => "advised claim",
        _ => return None,
    })
}
