//! Choices that decide nothing, or too much.

use super::{Places, in_an_alternative};
use crate::load::measures::source::code;
use crate::measure::{Choice, ChoiceOption, ChoicePer, EarlyOrder, Measure, Subject};

/// Most combinations of options: each is a variant that is planned for.
const MOST_VARIANTS: usize = 64;

/// Reports choices nobody asks for, and more combinations than can be planned for.
pub(super) fn choices(measure: &Measure, places: &Places<'_, '_>) {
    for choice in &measure.choices {
        let id = choice.rule.id.as_str();
        let asked = places.names.facts.is_asked(Subject::Choice, id)
            || in_an_alternative(places.root, &format!("choice.{id}"));
        let say = |option: &ChoiceOption| (option.regime.clone(), option.early_order);
        let options_differ = choice.options.windows(2).any(|pair| say(&pair[0]) != say(&pair[1]));
        if !asked && !options_differ {
            let message = format!("nothing depends on the choice '{id}'");
            let help = format!("ask for choice.{id} where it matters, or remove the choice");
            places.warning(&choice.rule, "id", code::UNUSED, &message, &help);
        }
        let exempt = |option: &&ChoiceOption| {
            let regime = option.regime.as_ref().unwrap_or(&measure.regime);
            regime.starts_with("gber")
                && option.early_order.is_some_and(|early| early != EarlyOrder::Application)
        };
        if let Some(option) = choice.options.iter().find(exempt) {
            let message = format!(
                "under GBER an order before the application ends the incentive effect of the whole project (art. 6): option '{}'",
                option.id
            );
            places.warning(
                &choice.rule,
                "options",
                code::UNUSUAL,
                &message,
                "write early_order = \"application\"",
            );
        }
    }
    let combinations = measure.choices.iter().map(combinations).fold(1, usize::saturating_mul);
    if let Some(last) = measure.choices.last()
        && combinations > MOST_VARIANTS
    {
        let message = format!("the choices have {combinations} combinations, more than {MOST_VARIANTS}");
        let help = "divide the measure into several files, or choose for fewer groups";
        places.error(&last.rule, "options", code::CHOICE, &message, help);
    }
}

/// In how many ways a choice can be taken; for choices per lot, with one lot.
fn combinations(choice: &Choice) -> usize {
    let times = match &choice.per {
        ChoicePer::Group(groups) => groups.len(),
        ChoicePer::Application | ChoicePer::Lot => 1,
    };
    (0..times).fold(1, |ways, _| ways.saturating_mul(choice.options.len()))
}
