//! Choices: the variants that are open to a project, and the one that a document names (S6).

use super::in_force;
use crate::allocation::Application;
use crate::ids::LotId;
use crate::measure::{Choice, ChoicePer, Facts, Measure, Pick, PickedFor, Variant};
use crate::portfolio::Expense;

/// Most variants of one application; readers refuse more.
const MOST: usize = 64;

/// Every combination of open options, in the order of the file, the last choice varying fastest; an error is the choice without one.
pub(super) fn variants<'m>(facts: &Facts<'m>, expenses: &[&Expense]) -> Result<Vec<Variant>, &'m Choice> {
    let mut variants = vec![Variant::default()];
    for choice in &facts.measure.choices {
        for of in places(choice, expenses) {
            let picks = picks(facts, choice, &of);
            if picks.is_empty() {
                return Err(choice);
            }
            let longer = |variant: &Variant, pick: &Pick| {
                let mut longer = variant.clone();
                longer.picks.push(pick.clone());
                longer
            };
            let all = variants.iter().flat_map(|variant| picks.iter().map(move |pick| longer(variant, pick)));
            variants = all.take(MOST).collect();
        }
    }
    Ok(variants)
}

/// The options of a choice that are open at one place.
fn picks(facts: &Facts<'_>, choice: &Choice, of: &PickedFor) -> Vec<Pick> {
    let open = choice.options.iter().filter(|option| option.when.evaluate(facts).holds());
    open.map(|option| Pick {
        choice: choice.rule.id.as_str().to_owned(),
        of: of.clone(),
        option: option.id.clone(),
    })
    .filter(|pick| in_force::leaves(facts, pick))
    .collect()
}

/// For what a choice is taken in a project: lots by id, expenses without lot before them.
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

/// Whether an application of a document takes every choice as a variant does.
pub(super) fn names(application: &Application, variant: &Variant) -> bool {
    let picks = variant.picks.iter().map(|pick| (pick.key(), &pick.option));
    picks.eq(application.choices.iter().map(|(key, option)| (key.clone(), option)))
}

/// A variant as a document writes it.
pub(super) fn written(variant: &Variant) -> String {
    let picks = variant.picks.iter().map(|pick| format!("{} = {}", pick.key(), pick.option));
    let picks: Vec<String> = picks.collect();
    if picks.is_empty() { "none".to_owned() } else { picks.join(", ") }
}

/// The regimes of an application: those that its picks name, else that of the measure (S6).
pub(super) fn regimes<'m>(measure: &'m Measure, variant: &Variant) -> Vec<&'m str> {
    let named = variant.picks.iter().filter_map(|pick| {
        let choice = measure.choices.iter().find(|choice| choice.rule.id.as_str() == pick.choice)?;
        choice.options.iter().find(|option| option.id == pick.option)?.regime.as_deref()
    });
    let named: Vec<&str> = named.collect();
    if named.is_empty() { vec![&measure.regime] } else { named }
}
