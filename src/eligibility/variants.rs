//! The variants of an application: every combination of the options that are open to the project (S6).

use crate::ids::LotId;
use crate::measure::{Choice, ChoiceOption, ChoicePer, Facts, Measure, Pick, PickedFor, Rule, Variant};
use crate::portfolio::{Decision, Expense, Verb};

/// Most variants of one application: each is an application of its own.
pub(super) const MOST: usize = 64;

/// Why there are no variants to try.
pub(super) enum NoVariant<'m> {
    /// No option of this choice is open.
    Closed(&'m Rule),
    /// More than [`MOST`].
    TooMany(usize),
}

/// The variants, in the order of the file, the last choice varying fastest. `expenses` are those of the project.
pub(super) fn variants<'m>(
    measure: &'m Measure,
    facts: &Facts<'_>,
    expenses: &[&Expense],
) -> Result<Vec<Variant>, NoVariant<'m>> {
    let mut picks: Vec<Vec<Pick>> = Vec::new();
    for choice in &measure.choices {
        let open = || choice.options.iter().filter(|option| option.when.evaluate(facts).holds());
        for of in places(choice, expenses) {
            let pick = |option: &ChoiceOption| Pick {
                choice: choice.rule.id.to_string(),
                of: of.clone(),
                option: option.id.clone(),
            };
            let decided = |pick: &Pick| decided(facts, pick);
            let options: Vec<Pick> = open().map(pick).filter(decided).collect();
            if options.is_empty() {
                return Err(NoVariant::Closed(&choice.rule));
            }
            picks.push(options);
        }
    }
    let count = picks.iter().map(Vec::len).try_fold(1_usize, usize::checked_mul).unwrap_or(usize::MAX);
    if count > MOST {
        return Err(NoVariant::TooMany(count));
    }
    let mut variants = vec![Variant::default()];
    for options in picks {
        let with = |variant: &Variant, pick: &Pick| Variant {
            picks: variant.picks.iter().chain([pick]).cloned().collect(),
        };
        variants = variants.iter().flat_map(|v| options.iter().map(move |pick| with(v, pick))).collect();
    }
    Ok(variants)
}

/// For what a choice is taken in this project.
fn places(choice: &Choice, expenses: &[&Expense]) -> Vec<PickedFor> {
    match &choice.per {
        ChoicePer::Application => vec![PickedFor::Application],
        ChoicePer::Group(groups) => {
            groups.iter().map(|(name, items)| PickedFor::Group(name.clone(), items.clone())).collect()
        }
        ChoicePer::Lot => {
            let mut lots: Vec<Option<LotId>> = expenses.iter().map(|expense| expense.lot.clone()).collect();
            lots.sort();
            lots.dedup();
            lots.into_iter().map(PickedFor::Lot).collect()
        }
    }
}

/// Whether the decisions in force leave an option.
fn decided(facts: &Facts<'_>, pick: &Pick) -> bool {
    let about = |decision: &&Decision| {
        decision.project == facts.project.id
            && decision.measure == facts.measure.id
            && decision.expense.is_none()
    };
    let decisions = facts.portfolio.decisions.iter().filter(about);
    decisions.filter_map(|decision| Some((decision.what, decision.choice.as_ref()?))).all(
        |(verb, (key, option))| {
            let same = *key == pick.choice || *key == pick.key();
            match verb {
                Verb::Forbid => !(same && *option == pick.option),
                Verb::Force | Verb::Filed => !same || *option == pick.option,
            }
        },
    )
}
