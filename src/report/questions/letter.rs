//! The questions to one client as a letter: each stands once, however many measures and projects wait for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::Page;
use super::super::grid::{paragraph, printable};
use super::super::model::measure_name;
use super::super::numbers::euro;
use super::{ASSUMED, Ask, BLOCKS, subject};
use crate::ids::ProjectId;
use crate::measure::{Measure, Subject};
use crate::portfolio::{Company, Portfolio};

/// One question to a client.
#[derive(Default)]
struct Entry<'a> {
    question: &'a str,
    /// Projects, lots or expenses it is asked of, in words.
    about: BTreeSet<String>,
    /// Measures that need the answer, by name, and for which projects.
    needed: BTreeMap<&'a str, BTreeSet<String>>,
}

/// What blocks comes first; then facts of the company, of projects, of lots, of expenses.
type Entries<'a> = BTreeMap<(bool, Option<Subject>, &'a str), Entry<'a>>;

/// The questions, ready to be sent: one part a company, numbered, in the words of the measures.
pub fn letter(asks: &[Ask], portfolio: &Portfolio, measures: &[Measure], page: Page) -> String {
    if asks.is_empty() {
        return format!("{}\n", page.say("Nothing is to be asked."));
    }
    let mut text = String::new();
    for company in &portfolio.companies {
        let entries = entries(company, asks, portfolio, measures, page);
        if entries.is_empty() {
            continue;
        }
        let gap = if text.is_empty() { "" } else { "\n\n" };
        let _ = writeln!(text, "{gap}{}", printable(&company.name));
        let mut part = None;
        for (number, ((assumed, _, _), entry)) in (1..).zip(&entries) {
            if part != Some(*assumed) {
                let title = if *assumed {
                    "Please confirm; until then we take it as in order:"
                } else {
                    "To prepare the applications we need to know:"
                };
                let _ = writeln!(text, "\n{}\n", page.say(title));
                part = Some(*assumed);
            }
            text.push_str(&paragraph(&format!("{number:>3}. "), entry.question, page.width));
            for about in &entry.about {
                text.push_str(&paragraph("     - ", about, page.width));
            }
            text.push_str(&paragraph("     ", &page.fill("Needed for: {}", &needed(entry)), page.width));
        }
    }
    text
}

/// The questions of one company by fact. What blocks anything is asked as blocking, though elsewhere it is taken as met.
fn entries<'a>(
    company: &Company,
    asks: &'a [Ask],
    portfolio: &Portfolio,
    measures: &'a [Measure],
    page: Page,
) -> Entries<'a> {
    let of_company = || asks.iter().filter(|ask| ask.company == company.id);
    let blocking: BTreeSet<&str> =
        of_company().filter(|ask| ask.until_answered == BLOCKS).map(|ask| ask.fact.as_str()).collect();
    let mut entries = Entries::new();
    for ask in of_company() {
        let subject = ask.fact.split_once('.').and_then(|(word, _)| subject(word));
        let assumed = ask.until_answered == ASSUMED && !blocking.contains(ask.fact.as_str());
        let entry = entries.entry((assumed, subject, ask.fact.as_str())).or_default();
        if entry.question.is_empty() {
            entry.question = &ask.question;
        }
        let project = ask.project.as_ref().map(|id| project_name(id, portfolio));
        entry.about.extend(ask.about.iter().map(|about| described(about, portfolio)));
        if ask.about.is_empty() {
            entry.about.extend(project.iter().map(|name| page.fill("Project {}", name)));
        }
        for rule in &ask.needed_for {
            let id = rule.split_once(": ").map_or(rule.as_str(), |(measure, _)| measure);
            let measure = measures.iter().find(|measure| measure.id.as_str() == id);
            let name = measure.map_or(id, |measure| measure_name(measure, page.language));
            entry.needed.entry(name).or_default().extend(project.clone());
        }
    }
    entries
}

fn needed(entry: &Entry<'_>) -> String {
    let one = |(measure, projects): (&&str, &BTreeSet<String>)| {
        let projects: Vec<&str> = projects.iter().map(String::as_str).collect();
        if projects.is_empty() {
            (*measure).to_owned()
        } else {
            format!("{measure} ({})", projects.join(", "))
        }
    };
    entry.needed.iter().map(one).collect::<Vec<String>>().join("; ")
}

fn project_name(id: &ProjectId, portfolio: &Portfolio) -> String {
    portfolio.project(id).map_or_else(|| id.to_string(), |project| printable(&project.name))
}

/// An expense by its words and amount, a lot as it is.
fn described(about: &str, portfolio: &Portfolio) -> String {
    let expenses = &portfolio.expenses;
    let Ok(at) = expenses.binary_search_by(|expense| expense.id.as_str().cmp(about)) else {
        return about.to_owned();
    };
    let (expense, category) = (&expenses[at], expenses[at].category.replace('_', " "));
    let what = if expense.description.is_empty() { &category } else { &expense.description };
    format!("{about}: {what}, {}", euro(expense.net_amount))
}
