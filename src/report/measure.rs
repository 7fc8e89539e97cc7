//! A measure for people: its header, then every rule in the order a person reads a call, with its words and doubts.

use std::fmt::Write as _;

use super::Page;
use super::grid::{Grid, Kind, printable};
use super::model::{measure_name, named};
use super::numbers::percentage;
use super::wording;
use crate::measure::{Claim, Doubt, Measure, Requirement, Rule, Scope, Shape, Subject, Unknown, Vat};

/// The catalogue as a list.
pub fn list(measures: &[Measure], page: Page) -> String {
    let columns = [
        ("measure", Kind::Whole),
        ("version", Kind::Whole),
        ("status", Kind::Whole),
        ("opens", Kind::Whole),
        ("closes", Kind::Whole),
        ("name", Kind::Words),
        ("authority", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    for measure in measures {
        grid.row([
            measure.id.to_string(),
            measure.version.clone(),
            measure.window.status.name().to_owned(),
            day(measure.window.opens),
            day(measure.window.closes),
            measure_name(measure, page.language).to_owned(),
            measure.authority.clone(),
        ]);
    }
    grid.to_string()
}

/// One measure in full.
pub fn full(measure: &Measure, page: Page) -> String {
    let mut text = header(measure, page);
    facts(measure, page, &mut text);
    member_classes(measure, page, &mut text);
    let columns =
        [("rule", Kind::Whole), ("what it says", Kind::Words), ("words of the source", Kind::Words)];
    for (title, rules) in sections(measure) {
        if rules.is_empty() {
            continue;
        }
        let mut grid = Grid::new(page, &columns);
        for (rule, says) in rules {
            let quote = rule.reference.as_ref().map_or_else(String::new, |words| format!("\"{words}\""));
            grid.row([rule.id.to_string(), said(rule, &says, page), quote]);
        }
        let _ = write!(text, "{}", page.section(title, &grid.to_string()));
    }
    doubts(measure, page, &mut text);
    text
}

/// The rule's name on a line of its own, then what it says.
fn said(rule: &Rule, says: &str, page: Page) -> String {
    let name = named(&rule.names, page.language).unwrap_or_default();
    let doubted = match rule.doubt {
        Some(_) => format!(" {}", page.say("(in doubt, see below)")),
        None => String::new(),
    };
    if name.is_empty() || name == rule.id.as_str() {
        format!("{says}{doubted}")
    } else {
        format!("{name}{doubted}\n{says}")
    }
}

fn header(measure: &Measure, page: Page) -> String {
    let name = measure_name(measure, page.language);
    let mut text = format!("{}\n", printable(name));
    for other in [&measure.names.it, &measure.names.en].into_iter().filter(|n| *n != name && !n.is_empty()) {
        let _ = writeln!(text, "{}", printable(other));
    }
    text.push('\n');
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(text, "  {:<12}{}", page.say(name), printable(value));
    };
    fact("measure", &format!("{}, version {}", measure.id, measure.version));
    fact("authority", &measure.authority);
    if let Some(source) = &measure.fund_source {
        fact("money from", source);
    }
    fact("regime", &measure.regime);
    fact("window", &window(measure));
    let claim = match measure.claim {
        Claim::AnyPart => "any part of an expense",
        Claim::Whole => "an expense whole or not at all",
    };
    fact("claim", page.say(claim));
    let vat = match measure.vat {
        Vat::Excluded => "no cost",
        Vat::NonDeductible => "a cost as far as it cannot be deducted",
    };
    fact("VAT", page.say(vat));
    if !measure.withholding.is_zero() {
        fact("withheld", &page.fill("{} of the grant on payment", &percentage(measure.withholding.value())));
    }
    if let Some(source) = &measure.source {
        fact("source", source);
    }
    text
}

fn window(measure: &Measure) -> String {
    let window = &measure.window;
    let mut text = window.status.name().to_owned();
    if let Some(opens) = window.opens {
        let _ = write!(text, ", from {opens}");
    }
    if let Some(closes) = window.closes {
        let _ = write!(text, " to {closes}");
    }
    if let Some(hours) = &window.hours {
        let _ = write!(text, ", {hours}");
    }
    match window.grants_by {
        Some(by) => drop(write!(text, "; grants by {by}")),
        None => drop(write!(text, "; grants about {} after filing", window.granted_after)),
    }
    text
}

fn facts(measure: &Measure, page: Page, text: &mut String) {
    if measure.facts.is_empty() {
        return;
    }
    let columns = [("fact", Kind::Whole), ("type", Kind::Whole), ("question", Kind::Words)];
    let mut grid = Grid::new(page, &columns);
    for declared in &measure.facts {
        let question =
            declared.question.as_ref().map_or("", |words| named(words, page.language).unwrap_or_default());
        let values = match declared.values.as_slice() {
            [] => String::new(),
            values => format!("\n{}", page.fill("One of: {}", &values.join(", "))),
        };
        grid.row([
            declared.fact.to_string(),
            declared.kind.name().to_owned(),
            format!("{question}{values}").trim_start().to_owned(),
        ]);
    }
    let _ = write!(text, "{}", page.section("Facts it asks for", &grid.to_string()));
}

/// The classes in which members are counted.
fn member_classes(measure: &Measure, page: Page, text: &mut String) {
    if measure.member_classes.is_empty() {
        return;
    }
    let mut grid = Grid::new(page, &[("class", Kind::Whole), ("who belongs to it", Kind::Words)]);
    for (class, condition) in &measure.member_classes {
        grid.row([format!("members.{class}"), condition.to_string()]);
    }
    let _ = write!(text, "{}", page.section("Members it counts", &grid.to_string()));
}

/// Titles with their rules, each with what it says.
fn sections(measure: &Measure) -> Vec<(&'static str, Vec<(&Rule, String)>)> {
    let early = wording::early_order(measure.window.early_order);
    let window = measure.window.rules.iter().map(|rule| match rule.id.as_str() {
        crate::allocation::builtin::EARLY_ORDER => (rule, early.to_owned()),
        _ => (rule, window(measure)),
    });
    let mut aid = Vec::new();
    for component in &measure.components {
        aid.push((&component.rule, wording::component(measure, component)));
        if let Shape::Rate { premiums, .. } = &component.shape {
            aid.extend(premiums.iter().map(|p| (&p.rule, wording::premium(p))));
        }
    }
    let counts = measure.counts.iter().map(|c| (&c.rule, wording::count(measure, c)));
    let companions = measure.companions.iter().map(|c| (&c.rule, wording::companion(measure, c)));
    vec![
        ("When to apply", window.collect()),
        (
            "What the applicant chooses",
            measure.choices.iter().map(|c| (&c.rule, wording::choice(c))).collect(),
        ),
        ("Who and what may apply", measure.requirements.iter().map(|r| (&r.rule, required(r))).collect()),
        ("Dates of expenses", measure.dates.iter().map(|d| (&d.rule, wording::date(d))).collect()),
        ("Costs", measure.items.iter().map(|i| (&i.rule, wording::item(measure, i))).collect()),
        ("Limits", measure.limits.iter().map(|l| (&l.rule, wording::limit(measure, l))).collect()),
        ("How many, and together with what", counts.chain(companions).collect()),
        ("Aid", aid),
        (
            "Ceilings over several applications",
            measure.ledgers.iter().map(|l| (&l.rule, wording::ledger(measure, l))).collect(),
        ),
        ("Budgets", measure.pools.iter().map(|p| (&p.rule, wording::pool(measure, p))).collect()),
        (
            "Together with other aid",
            measure.cumulation.iter().map(|c| (&c.rule, wording::cumulation(c))).collect(),
        ),
    ]
}

fn required(requirement: &Requirement) -> String {
    let mut text = requirement.must.to_string();
    if requirement.subject == Subject::Member {
        text = match requirement.fails {
            Scope::MemberAid => format!("each member: {text}; otherwise no aid on its cost, which counts"),
            Scope::Line => format!("each member: {text}; otherwise its cost is out"),
            Scope::Application => format!("every member: {text}"),
        };
    }
    if !requirement.applies.is_always() {
        text = format!("{text}; asked when {}", requirement.applies);
    }
    match requirement.unknown {
        Unknown::Assume => text.push_str("; taken as met while not known"),
        Unknown::Block => {}
    }
    text
}

fn doubts(measure: &Measure, page: Page, text: &mut String) {
    let of_rules = measure.rules().filter_map(|rule| rule.doubt.as_ref().map(|doubt| (Some(rule), doubt)));
    let doubts: Vec<(Option<&Rule>, &Doubt)> =
        of_rules.chain(measure.doubts.iter().map(|doubt| (None, doubt))).collect();
    if doubts.is_empty() {
        return;
    }
    let _ = write!(text, "\n{}\n\n", page.say("Doubts"));
    for (rule, doubt) in doubts {
        let about = match (rule, &doubt.key) {
            (Some(rule), Some(key)) => format!("{}.{key}", rule.id),
            (Some(rule), None) => rule.id.to_string(),
            (None, _) => page.say("the measure as a whole").to_owned(),
        };
        text.push_str(&super::table::doubt(&about, &doubt.why, &doubt.alternatives, page));
    }
}
