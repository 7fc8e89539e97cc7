//! Rules that join applications as words: choices between them, ceilings and budgets over them, other aid.

use super::{amount, components, items, rate};
use crate::measure::{
    Ceiling, Choice, ChoicePer, Cumulation, EarlyOrder, Holder, Ledger, Measure, Meeting, MeetingPlace, Over,
    Period, Pool, PoolScope,
};
use crate::report::numbers::{euro, percentage};

/// What may be chosen, and for what.
pub(in crate::report) fn choice(choice: &Choice) -> String {
    let options = choice.options.iter().map(|option| {
        let regime = option.regime.as_ref().map(|regime| format!("regime {regime}"));
        let early = option.early_order.map(|early| early_order(early).to_owned());
        let when = (!option.when.is_always()).then(|| format!("when {}", option.when));
        let more: Vec<String> = regime.into_iter().chain(early).chain(when).collect();
        if more.is_empty() { option.id.clone() } else { format!("{} ({})", option.id, more.join(", ")) }
    });
    let options: Vec<String> = options.collect();
    let per = match &choice.per {
        ChoicePer::Application => String::new(),
        ChoicePer::Group(groups) => {
            let names: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
            format!("for each of {}: ", names.join(", "))
        }
        ChoicePer::Lot => "for each lot: ".to_owned(),
    };
    format!("{per}one of {}", options.join("; "))
}

/// What an early order takes down.
pub(in crate::report) fn early_order(early: EarlyOrder) -> &'static str {
    match early {
        EarlyOrder::Allowed => "orders before filing do no harm",
        EarlyOrder::Line => "an expense committed before filing is excluded",
        EarlyOrder::Application => "an expense committed before filing excludes the application",
    }
}

/// A ceiling over applications and years.
pub(in crate::report) fn ledger(measure: &Measure, ledger: &Ledger) -> String {
    let whose = match ledger.per {
        Holder::Undertaking => "the undertaking",
        Holder::Company => "the lead company",
        Holder::Member => "the undertaking of each member, for its share",
    };
    let periods: Vec<String> = ledger.periods.iter().map(period).collect();
    let mut text = format!(
        "'{}' of {whose}: aid {} {}",
        ledger.ledger,
        components(measure, &ledger.of),
        periods.join("; ")
    );
    if !ledger.when.is_always() {
        text = format!("{text}; when {}", ledger.when);
    }
    let mut counts: Vec<&str> = vec![&ledger.ledger];
    counts.extend(ledger.counts.iter().map(String::as_str).filter(|other| *other != ledger.ledger));
    let above = if ledger.refuses { "what does not fit is refused" } else { "what is above is cut" };
    format!("{text}; with prior aids under {}; {above}", counts.join(", "))
}

fn period(period: &Period) -> String {
    let over = match period.over {
        Over::Ever => String::new(),
        Over::Rolling(span) => format!(" within {span}"),
        Over::FiscalYears(years) => format!(" within {years} fiscal years"),
    };
    let grants = match (period.from, period.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!(", for grants from {from}"),
        (None, Some(until)) => format!(", for grants until {until}"),
        (Some(from), Some(until)) => format!(", for grants from {from} until {until}"),
    };
    format!("at most {}{over}{grants}", amount(&period.at_most))
}

/// A budget.
pub(in crate::report) fn pool(measure: &Measure, pool: &Pool) -> String {
    let whose = match pool.scope {
        PoolScope::Portfolio => "all applications together",
        PoolScope::Company => "each company",
    };
    let rest = if pool.in_part { "the last one in part" } else { "what does not fit is refused" };
    let mut text = format!("'{}': {} for {whose}", pool.pool, euro(pool.available));
    if !pool.of.is_empty() {
        text = format!("{text}, aid on {}", items(measure, &pool.of));
    }
    if !pool.when.is_always() {
        text = format!("{text}, when {}", pool.when);
    }
    if !pool.waiting_list.is_zero() {
        text = format!(
            "{text}; {} more where the settings count on the waiting list",
            percentage(pool.waiting_list.value())
        );
    }
    format!("{text}; {rest}")
}

/// A clause on other aid.
pub(in crate::report) fn cumulation(clause: &Cumulation) -> String {
    let with = &clause.with;
    let named =
        |what: &str, words: &[String]| (!words.is_empty()).then(|| format!("{what} {}", words.join(" or ")));
    let marks = [
        named("under", &with.regimes),
        named("from", &with.fund_sources),
        named("of", &with.measures),
        with.same_authority.then(|| "of the same authority".to_owned()),
    ];
    let marks: Vec<String> = marks.into_iter().flatten().collect();
    let aid = if marks.is_empty() { "any other aid".to_owned() } else { format!("aid {}", marks.join(" ")) };
    let place = match clause.scope {
        MeetingPlace::Expense => "on one expense",
        MeetingPlace::Project => "in one project",
        MeetingPlace::Company => "in one company",
    };
    let says = match &clause.effect {
        Meeting::Forbid => "not allowed".to_owned(),
        Meeting::Allow(_) if clause.scope != MeetingPlace::Expense => "allowed".to_owned(),
        Meeting::Allow(Ceiling::Cost) => "allowed up to the cost".to_owned(),
        Meeting::Allow(Ceiling::HighestIntensity(None)) => "allowed up to the higher intensity".to_owned(),
        Meeting::Allow(Ceiling::HighestIntensity(Some(own))) => {
            format!("allowed up to the higher intensity, here {}", rate(own))
        }
        Meeting::Allow(Ceiling::Residual) => "allowed up to what this measure alone would give".to_owned(),
        Meeting::Allow(Ceiling::NetBase) => "allowed, the other aid taken off the cost".to_owned(),
    };
    let when = if clause.when.is_always() { String::new() } else { format!("; when {}", clause.when) };
    let from = clause.from.map_or_else(String::new, |from| format!("; for grants from {from}"));
    format!("{aid} {place}: {says}{when}{from}")
}
