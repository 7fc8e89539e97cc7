//! The result for the terminal: what is granted and how sure that is, who applies where, where each expense goes, why not more,
//! and what all this takes for granted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Page;
use super::ReportModel;
use super::grid::{Grid, Kind, listed, paragraph};
use super::joined;
use super::numbers::{euro, money, share};
use super::questions::checklist;
use crate::allocation::{Document, Proof, Reason, Status, builtin};
use crate::ids::ExpenseId;

/// What the star means.
const HYPOTHETICAL: &str = "* hypothetical: the measure is not open and was assumed to open";

/// The whole result as text, at most `width` columns wide.
pub fn result(model: &ReportModel<'_>, width: u16) -> String {
    let page = Page { width, language: model.language };
    let parts = [
        headline(model.document, page),
        page.section("Applications", &applications(model, page)),
        page.section("What is chosen and lent", &joined::choices(model, page)),
        page.section("What falls on each member", &joined::members(model, page)),
        page.section("What ceilings leave", &joined::ceilings(model, page)),
        page.section("Where each expense goes", &allocation(model, page)),
        page.section("Why not more", &reasons(model, page)),
        page.section("Taken for granted, to be checked", &assumptions(model, page)),
        page.section("Doubts: rules that can be read otherwise", &doubts(model, page)),
    ];
    parts.concat()
}

fn headline(document: &Document, page: Page) -> String {
    let (totals, objective) = (&document.totals, document.objective);
    let mut text = String::new();
    let answered = matches!(document.status, Status::Optimal | Status::Feasible);
    if answered {
        let _ = writeln!(text, "{} {}", page.say("Total grant"), euro(totals.grant));
    }
    let _ = writeln!(text, "{}\n", page.say(verdict(document)));
    let mut fact = |name: &str, value: String| {
        let _ = writeln!(text, "  {:<24}{value}", page.say(name));
    };
    fact("planned on", document.as_of.to_string());
    fact("maximised", maximised(document, page));
    if let Some(bound) = document.upper_bound {
        let gap = document.gap.unwrap_or(bound - objective);
        let part = share(gap, bound).filter(|_| !gap.is_zero()).map(|part| format!(" ({part})"));
        fact("no plan can exceed", euro(bound));
        fact("gap", format!("{}{}", euro(gap), part.unwrap_or_default()));
    } else if answered {
        fact("gap", page.say("not known: no bound was found").into());
    }
    if answered {
        fact("admitted cost", euro(totals.admitted));
        if totals.net != totals.grant {
            fact("cash after withholding", euro(totals.net));
        }
    }
    text
}

fn maximised(document: &Document, page: Page) -> String {
    let what = objective(&document.maximised, page);
    if document.objective == document.totals.grant {
        return what.to_owned();
    }
    format!("{what}: {}", euro(document.objective))
}

/// What an objective means.
pub(super) fn objective(name: &str, page: Page) -> &str {
    page.say(match name {
        "net" => "grants less what is withheld on payment",
        "expected" => "grants times the probability of success",
        _ => "grants",
    })
}

/// Status and proof in plain language.
fn verdict(document: &Document) -> &'static str {
    match (document.status, document.proof) {
        (Status::Infeasible, _) => "No plan keeps the rules and the decisions in force.",
        (Status::NoAnswer, _) => "No plan was found in the time given; nothing is proven either way.",
        (Status::Optimal, Proof::Certified) => {
            "Proven the best: the bound was recomputed exactly, no plan gives a cent more."
        }
        (Status::Optimal, _) => "The best: an exhaustive exact search and the solver agree to the cent.",
        (Status::Feasible, Proof::Certified) => {
            "A valid plan; the gap below is proven, no plan exceeds this bound."
        }
        (Status::Feasible, Proof::Claimed) => {
            "A valid plan; the solver calls it the best, but the gap below is not closed by a proof."
        }
        (Status::Feasible, Proof::Disputed) => {
            "A valid plan, better than one the solver called the best: its word is not to be trusted here."
        }
        (Status::Feasible, _) => {
            "A valid plan, not proven to be the best: the gap below says what could be missing."
        }
    }
}

fn applications(model: &ReportModel<'_>, page: Page) -> String {
    let columns = [
        ("project", Kind::Whole),
        ("measure", Kind::Whole),
        ("filed", Kind::Whole),
        ("granted", Kind::Whole),
        ("admitted", Kind::Figure),
        ("grant", Kind::Figure),
        ("limits that bind", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    let mut notes = String::new();
    for application in &model.document.applications {
        let limits: Vec<String> =
            application.limits_binding.iter().map(|r| model.rule_name(&application.measure, r)).collect();
        let star = if application.hypothetical { "*" } else { "" };
        grid.row([
            application.project.to_string(),
            format!("{}{star}", application.measure),
            application.filed_on.to_string(),
            application.granted_on.to_string(),
            money(application.admitted),
            money(application.grant),
            limits.join("; "),
        ]);
    }
    if model.document.applications.iter().any(|a| a.hypothetical) {
        let _ = writeln!(notes, "\n{}", page.say(HYPOTHETICAL));
    }
    if grid.is_empty() { String::new() } else { format!("{grid}{notes}") }
}

fn allocation(model: &ReportModel<'_>, page: Page) -> String {
    let columns = [
        ("expense", Kind::Whole),
        ("description", Kind::Words),
        ("net amount", Kind::Figure),
        ("measure", Kind::Whole),
        ("item", Kind::Whole),
        ("claimed", Kind::Figure),
        ("admitted", Kind::Figure),
        ("grant", Kind::Figure),
    ];
    let mut grid = Grid::new(page, &columns);
    for outcome in &model.document.expenses {
        let expense = model.expense(&outcome.expense);
        let id = outcome.expense.to_string();
        let description = expense.map_or("", |e| e.description.as_str()).to_owned();
        let net_amount = expense.map_or_else(String::new, |e| money(e.net_amount));
        if outcome.assignments.is_empty() {
            grid.row([id, description, net_amount, "-".to_owned()]);
            continue;
        }
        for assignment in &outcome.assignments {
            grid.row([
                id.clone(),
                description.clone(),
                net_amount.clone(),
                assignment.measure.to_string(),
                assignment.cost_item.to_string(),
                money(assignment.claimed),
                money(assignment.admitted),
                money(assignment.aid),
            ]);
        }
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// Equal reasons once, with the expenses they hold for. That an expense is claimed elsewhere is plain from the table above.
fn reasons(model: &ReportModel<'_>, page: Page) -> String {
    let columns =
        [("measure", Kind::Whole), ("rule", Kind::Words), ("reason", Kind::Words), ("expenses", Kind::Words)];
    let mut groups: BTreeMap<Reason, Vec<&ExpenseId>> = BTreeMap::new();
    for outcome in &model.document.expenses {
        for reason in outcome.reasons.iter().filter(|r| r.rule.as_str() != builtin::ELSEWHERE) {
            let mut reason = reason.clone();
            // One row for all categories a measure does not take.
            if reason.rule.as_str() == builtin::COST_ITEMS {
                page.say("no cost item takes such a category").clone_into(&mut reason.text);
            }
            groups.entry(reason).or_default().push(&outcome.expense);
        }
    }
    let mut grid = Grid::new(page, &columns);
    for (reason, expenses) in &groups {
        let quote = model.reference(&reason.measure, &reason.rule);
        let text = match quote {
            Some(quote) => format!("{}\n\"{quote}\"", page.say(&reason.text)),
            None => page.say(&reason.text).to_owned(),
        };
        grid.row([
            reason.measure.to_string(),
            model.rule_name(&reason.measure, &reason.rule),
            text,
            listed(expenses),
        ]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

fn assumptions(model: &ReportModel<'_>, page: Page) -> String {
    checklist(&model.document.assumptions, model.measures, page)
}

fn doubts(model: &ReportModel<'_>, page: Page) -> String {
    let mut text = String::new();
    let mut under = None;
    for note in &model.document.doubts {
        if under != Some(&note.measure) {
            let _ = writeln!(text, "  {}", note.measure);
            under = Some(&note.measure);
        }
        let about = note.rule.as_ref().map_or_else(
            || page.say("the measure as a whole").to_owned(),
            |rule| model.rule_name(&note.measure, rule),
        );
        text.push_str(&doubt(&about, &note.why, &note.alternatives, page));
    }
    text
}

/// What is in doubt, why, and how else it can be read.
pub(super) fn doubt(about: &str, why: &str, alternatives: &[String], page: Page) -> String {
    let mut text = paragraph("  ? ", &format!("{about}: {why}"), page.width);
    for alternative in alternatives {
        text.push_str(&paragraph(&format!("      {}: ", page.say("or")), alternative, page.width));
    }
    text
}
