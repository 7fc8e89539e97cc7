//! Reasons and assumptions: one fixed wording for each kind, so that whoever finds one states it alike.

use serde::{Deserialize, Serialize};

use crate::ids::{ExpenseId, MeasureId, ProjectId, RuleId};
use crate::measure::{Bound, Condition, DateField, FactRef, Rule};
use crate::money::Money;
use crate::portfolio::Decision;

/// Ids of rules that every measure has; measure files may not use them.
pub mod builtin {
    /// The measure is open on the filing day.
    pub const WINDOW: &str = "window";
    /// No commitment before filing.
    pub const EARLY_ORDER: &str = "early-order";
    /// Some cost item takes the category.
    pub const COST_ITEMS: &str = "cost-items";
    /// An expense goes to one application.
    pub const ELSEWHERE: &str = "elsewhere";
    /// The plan makes the application.
    pub const NOT_APPLIED: &str = "not-applied";
    /// The expense adds to the total.
    pub const NO_GAIN: &str = "no-gain";
    /// The plan claims less than the base.
    pub const CLAIM: &str = "claim";
    /// A decision in force.
    pub const DECISION: &str = "decision";
    /// Other aid on the same expense, where no clause of the measure speaks of it.
    pub const CUMULATION: &str = "cumulation";
    /// All of them.
    pub const ALL: [&str; 9] =
        [WINDOW, EARLY_ORDER, COST_ITEMS, ELSEWHERE, NOT_APPLIED, NO_GAIN, CLAIM, DECISION, CUMULATION];
}

/// Why a measure does not fund an expense in full.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The measure.
    pub measure: MeasureId,
    /// The rule, of the measure or built in.
    pub rule: RuleId,
    /// A sentence for people.
    pub text: String,
}

/// What a rule takes for granted about an application of the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The project.
    pub project: ProjectId,
    /// The measure.
    pub measure: MeasureId,
    /// The expense, where it is about one.
    pub expense: Option<ExpenseId>,
    /// The rule.
    pub rule: RuleId,
    /// What is assumed.
    pub text: String,
}

fn builtin_rule(id: &str) -> RuleId {
    id.parse().expect("built-in rule ids are valid ids")
}

fn listed(facts: &[FactRef]) -> String {
    facts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Reason {
    fn of(measure: &MeasureId, rule: RuleId, text: String) -> Self {
        Reason { measure: measure.clone(), rule, text }
    }

    /// The measure is not open on the filing day.
    pub fn not_open(measure: &MeasureId) -> Self {
        Self::of(measure, builtin_rule(builtin::WINDOW), "the measure is not open on the filing day".into())
    }

    /// No option of a choice is open to the project.
    pub fn no_option(measure: &MeasureId, rule: &Rule) -> Self {
        Self::of(measure, rule.id.clone(), "no option is open to this project".into())
    }

    /// A decision in force forbids it.
    pub fn forbidden(measure: &MeasureId, decision: &Decision) -> Self {
        Self::of(measure, builtin_rule(builtin::DECISION), format!("decided: {decision}"))
    }

    /// The expense has aid under this regulation that the measure does not let meet its own; `rule` is the clause that says so.
    pub fn aided_before(measure: &MeasureId, rule: Option<&Rule>, regulation: &str) -> Self {
        let rule = rule.map_or_else(|| builtin_rule(builtin::CUMULATION), |rule| rule.id.clone());
        Self::of(
            measure,
            rule,
            format!("the expense has had aid under '{regulation}', which may not be added to"),
        )
    }

    /// A condition of a rule (requirement or cost item) does not hold. `culprit` is the part of the condition that decides
    /// ([`Condition::culprit`]), `missing` the facts it lacks.
    pub fn not_met(measure: &MeasureId, rule: &Rule, culprit: &Condition, missing: &[FactRef]) -> Self {
        let text = if missing.is_empty() {
            format!("required: {culprit}")
        } else {
            format!("required: {culprit}; not known: {}", listed(missing))
        };
        Self::of(measure, rule.id.clone(), text)
    }

    /// Ordered, invoiced or paid before filing; the application or the line is excluded.
    pub fn early(measure: &MeasureId, expense: &ExpenseId, whole_application: bool) -> Self {
        let what = if whole_application { "the application is" } else { "it is" };
        let text =
            format!("expense {expense} was committed before the application is filed: {what} excluded");
        Self::of(measure, builtin_rule(builtin::EARLY_ORDER), text)
    }

    /// No item takes the category.
    pub fn no_item(measure: &MeasureId, category: &str) -> Self {
        let text = format!("no cost item takes the category '{category}'");
        Self::of(measure, builtin_rule(builtin::COST_ITEMS), text)
    }

    /// A date lies outside its term.
    pub fn outside(measure: &MeasureId, rule: &Rule, field: DateField, day: chrono::NaiveDate) -> Self {
        Self::of(measure, rule.id.clone(), format!("{} {day} lies outside the term", field.name()))
    }

    /// A table has no row for these facts, or the facts are missing.
    pub fn no_rate(measure: &MeasureId, rule: &Rule, missing: &[FactRef]) -> Self {
        let text = if missing.is_empty() {
            "no rate is foreseen for this case".to_owned()
        } else {
            format!("the rate hangs on facts that are not known: {}", listed(missing))
        };
        Self::of(measure, rule.id.clone(), text)
    }

    /// The base of the line is nothing.
    pub fn no_base(measure: &MeasureId, rule: &Rule) -> Self {
        Self::of(measure, rule.id.clone(), "nothing of the amount counts under this item".into())
    }

    /// The plan puts the expense into another application.
    pub fn elsewhere(measure: &MeasureId, other: &MeasureId) -> Self {
        let text = format!("the plan claims it under '{other}'");
        Self::of(measure, builtin_rule(builtin::ELSEWHERE), text)
    }

    /// The plan puts other parts of the expense into other applications, and less than the base into this one.
    pub fn in_part(measure: &MeasureId, less: Money, others: &[&MeasureId]) -> Self {
        let others: Vec<String> = others.iter().map(|other| format!("'{other}'")).collect();
        let text = format!(
            "the plan claims {less} less than the base: parts of it stand under {}",
            others.join(", ")
        );
        Self::of(measure, builtin_rule(builtin::ELSEWHERE), text)
    }

    /// The plan makes no application of this project to the measure.
    pub fn not_applied(measure: &MeasureId) -> Self {
        let text = "admissible, but the plan makes no application to this measure".into();
        Self::of(measure, builtin_rule(builtin::NOT_APPLIED), text)
    }

    /// The application is made, but the expense would add nothing to the total.
    pub fn no_gain(measure: &MeasureId) -> Self {
        let text = "admissible, but claiming it would not raise the total".into();
        Self::of(measure, builtin_rule(builtin::NO_GAIN), text)
    }

    /// The plan advises to claim less than the base.
    pub fn under_claim(measure: &MeasureId, less: Money) -> Self {
        let text = format!("the plan advises to claim {less} less than the base");
        Self::of(measure, builtin_rule(builtin::CLAIM), text)
    }

    /// A limit cuts the line, or a drop takes it.
    pub fn cut(measure: &MeasureId, rule: &Rule, by: Money) -> Self {
        Self::of(measure, rule.id.clone(), format!("{by} of the claim is not admitted"))
    }
}

/// How an assumption about facts begins; the facts follow.
const MET: &str = "taken as met, not known: ";

impl Assumption {
    /// The facts that are missing, as `company.size`; none where a date is taken as inside its term.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.text.strip_prefix(MET).into_iter().flat_map(|facts| facts.split(", "))
    }

    /// A requirement, or an item's condition, is taken as met although facts are missing.
    pub fn met(
        project: &ProjectId,
        measure: &MeasureId,
        expense: Option<&ExpenseId>,
        rule: &Rule,
        missing: &[FactRef],
    ) -> Self {
        Assumption {
            project: project.clone(),
            measure: measure.clone(),
            expense: expense.cloned(),
            rule: rule.id.clone(),
            text: format!("{MET}{}", listed(missing)),
        }
    }

    /// The plan goes beyond what a rule is made for, and is made all the same: `sum` is what it has, `edge` where the rule ends or begins.
    pub fn beyond(
        project: &ProjectId,
        measure: &MeasureId,
        rule: &Rule,
        sum: Money,
        bound: Bound,
        edge: Money,
    ) -> Self {
        let beyond = match bound {
            Bound::AtMost => "above",
            Bound::AtLeast => "below",
        };
        Assumption {
            project: project.clone(),
            measure: measure.clone(),
            expense: None,
            rule: rule.id.clone(),
            text: format!("the plan has {sum}, {beyond} {edge}: outside of what the rule is made for"),
        }
    }

    /// A date is not given and taken as inside its term.
    pub fn in_time(
        project: &ProjectId,
        measure: &MeasureId,
        expense: &ExpenseId,
        rule: &Rule,
        field: DateField,
    ) -> Self {
        Assumption {
            project: project.clone(),
            measure: measure.clone(),
            expense: Some(expense.clone()),
            rule: rule.id.clone(),
            text: format!("{} is not known and taken as inside the term", field.name()),
        }
    }
}
