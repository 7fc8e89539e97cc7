//! What is not known yet: questions to the client, and what is taken for granted until somebody checks it.
//!
//! The checklist is for the advisor; the [`letter`] is for the client, with the words in which measures ask.

mod letter;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

pub use letter::letter;

use super::csv::text;
use super::grid::{Grid, Kind, listed, paragraph};
use super::json::pretty;
use super::model::{named, rule_name};
use super::{Language, Page};
use crate::allocation::Assumption;
use crate::eligibility::{Application, Eligibility, Question};
use crate::ids::{CompanyId, ExpenseId, MeasureId, ProjectId, RuleId};
use crate::measure::{Measure, Names, Subject};
use crate::portfolio::Portfolio;

/// One thing to ask, of everything it is asked of alike.
#[derive(Debug, Serialize)]
pub struct Ask {
    company: CompanyId,
    project: Option<ProjectId>,
    /// Lots or expenses; none where the company or the project is meant.
    about: Vec<String>,
    fact: String,
    question: String,
    /// `blocks`: nothing can be applied for without the answer; `assumed`: taken as met until the answer comes.
    until_answered: &'static str,
    /// Rules that wait, as `measure: rule`.
    needed_for: Vec<String>,
}

const BLOCKS: &str = "blocks";
const ASSUMED: &str = "assumed";

/// Company facts come first, then those of each project; what blocks comes before what is assumed.
type Key = (CompanyId, Option<ProjectId>, bool, Subject, String);

/// Everything to ask, equal questions once: by company, project and fact.
pub fn asks(
    questions: &[Question],
    found: &Eligibility,
    portfolio: &Portfolio,
    measures: &[Measure],
    language: Language,
) -> Vec<Ask> {
    let mut asks: BTreeMap<Key, Ask> = BTreeMap::new();
    let mut add = |key: Key, text: String, about: Option<String>, rules: Vec<String>| {
        let ask = asks.entry(key.clone()).or_insert_with(|| Ask {
            company: key.0,
            project: key.1,
            about: Vec::new(),
            fact: key.4,
            question: text,
            until_answered: if key.2 { ASSUMED } else { BLOCKS },
            needed_for: Vec::new(),
        });
        ask.about.extend(about);
        ask.needed_for.extend(rules);
    };
    for question in questions {
        let (subject, fact) = (question.fact.subject, question.fact.to_string());
        let of_part = matches!(subject, Subject::Lot | Subject::Expense);
        let text = question.text.as_ref().map(|words| named(words, language).unwrap_or_default().to_owned());
        let text = text.unwrap_or_else(|| plain(&fact, language));
        let rules = question.rules.iter().map(|(measure, rule)| format!("{measure}: {rule}")).collect();
        let key = (question.company.clone(), question.project.clone(), false, subject, fact);
        add(key, text, of_part.then(|| question.of.clone()), rules);
    }
    for assumption in found.applications.iter().flat_map(Application::all_assumptions) {
        let Some(project) = portfolio.project(&assumption.project) else { continue };
        let missing: Vec<&str> = assumption.missing().collect();
        for fact in &missing {
            let subject = fact.split_once('.').and_then(|(word, _)| subject(word));
            let Some(subject) = subject else { continue };
            let of_part = matches!(subject, Subject::Lot | Subject::Expense);
            let about = assumption.expense.as_ref().filter(|_| of_part).map(ToString::to_string);
            let place = (subject != Subject::Company).then(|| project.id.clone());
            let words = declared(measures, &assumption.measure, &assumption.rule, fact, missing.len() == 1);
            let text = words.map_or_else(
                || plain(fact, language),
                |words| named(words, language).unwrap_or_default().to_owned(),
            );
            let key = (project.company.clone(), place, true, subject, (*fact).to_owned());
            add(key, text, about, vec![format!("{}: {}", assumption.measure, assumption.rule)]);
        }
    }
    let mut asks: Vec<Ask> = asks.into_values().collect();
    for ask in &mut asks {
        ask.about.sort();
        ask.about.dedup();
        ask.needed_for.sort();
        ask.needed_for.dedup();
    }
    asks
}

fn subject(word: &str) -> Option<Subject> {
    Subject::NAMES.iter().find(|(name, _)| *name == word).map(|(_, subject)| *subject)
}

/// The words in which the measure asks for a fact: those of its declaration, else those of the requirement, which asks for one fact only.
fn declared<'m>(
    measures: &'m [Measure],
    measure: &MeasureId,
    rule: &RuleId,
    fact: &str,
    single: bool,
) -> Option<&'m Names> {
    let measure = measures.iter().find(|m| m.id == *measure)?;
    let of_fact = measure.facts.iter().find(|known| known.fact.to_string() == fact);
    let of_rule = measure.requirements.iter().find(|r| r.rule.id == *rule && single);
    let words = of_fact.and_then(|known| known.question.as_ref());
    words.or_else(|| of_rule.and_then(|requirement| requirement.question.as_ref()))
}

/// A question for a fact that no measure words.
fn plain(fact: &str, language: Language) -> String {
    let name = fact.split_once('.').map_or(fact, |(_, name)| name);
    let words = built_in(fact, language).map(str::to_owned);
    words.unwrap_or_else(|| language.fill("Please give: {}.", &name.replace('_', " ")))
}

fn built_in(fact: &str, language: Language) -> Option<&'static str> {
    let (_, en, it) = QUESTIONS.iter().find(|(known, _, _)| *known == fact)?;
    Some(match language {
        Language::En => en,
        Language::It => it,
    })
}

/// Questions for the facts every portfolio has: fact, English, Italian.
const QUESTIONS: &[(&str, &str, &str)] = &[
    (
        "company.size",
        "Size class of the company (micro, small, medium, midcap, large), or headcount with turnover or balance sheet?",
        "Dimensione dell'impresa (micro, piccola, media, mid-cap, grande), oppure addetti con fatturato o attivo di bilancio?",
    ),
    (
        "company.headcount",
        "How many annual work units does the company have?",
        "Quante unità lavorative annue ha l'impresa?",
    ),
    ("company.turnover", "Annual turnover of the company?", "Fatturato annuo dell'impresa?"),
    (
        "company.balance_sheet",
        "Balance sheet total of the company?",
        "Totale dell'attivo di bilancio dell'impresa?",
    ),
    ("company.region", "In which region is the operating site?", "In quale regione è la sede operativa?"),
    (
        "company.province",
        "In which province is the operating site?",
        "In quale provincia è la sede operativa?",
    ),
    (
        "company.municipality",
        "In which municipality is the operating site?",
        "In quale comune è la sede operativa?",
    ),
    ("company.ateco", "Primary ATECO code of the company?", "Codice ATECO primario dell'impresa?"),
    (
        "company.filed_balance_sheets",
        "How many balance sheets has the company filed?",
        "Quanti bilanci ha depositato l'impresa?",
    ),
    (
        "company.credit_class",
        "Class of the guarantee fund's credit scoring?",
        "Classe di merito del Fondo di garanzia?",
    ),
    (
        "project.region",
        "In which region is the project carried out?",
        "In quale regione si realizza il progetto?",
    ),
    (
        "project.province",
        "In which province is the project carried out?",
        "In quale provincia si realizza il progetto?",
    ),
    (
        "project.municipality",
        "In which municipality is the project carried out?",
        "In quale comune si realizza il progetto?",
    ),
    (
        "project.score",
        "Which score is expected for the project?",
        "Quale punteggio si prevede per il progetto?",
    ),
    ("project.loan_amount", "Amount of the loan?", "Importo del finanziamento?"),
    ("expense.supplier", "Who is the supplier?", "Chi è il fornitore?"),
    ("expense.supplier_kind", "What kind of body is the supplier?", "Che tipo di soggetto è il fornitore?"),
    ("expense.order_date", "Date of the order?", "Data dell'ordine?"),
    ("expense.invoice_date", "Date of the invoice?", "Data della fattura?"),
    ("expense.payment_date", "Date of the payment?", "Data del pagamento?"),
    (
        "expense.payment_method",
        "How is it paid (bank transfer, card, ...)?",
        "Come si paga (bonifico, carta, ...)?",
    ),
    ("expense.quantity", "Which quantity?", "Quale quantità?"),
    (
        "expense.service_months",
        "How many months of service does the amount pay for?",
        "Quanti mesi di servizio paga l'importo?",
    ),
    ("lot.lot", "To which lot does it belong?", "A quale lotto appartiene?"),
];

/// The open questions, for the advisor: with the rules that wait.
pub fn open(asks: &[Ask], page: Page) -> String {
    let columns = [
        ("about", Kind::Words),
        ("fact", Kind::Whole),
        ("question", Kind::Words),
        ("what waits for it", Kind::Words),
    ];
    let mut grid = Grid::new(page, &columns);
    for ask in asks.iter().filter(|ask| ask.until_answered == BLOCKS) {
        let whose = ask.project.as_ref().map_or_else(|| ask.company.to_string(), ToString::to_string);
        let of = if ask.about.is_empty() { whose } else { listed(&ask.about) };
        grid.row([of, ask.fact.clone(), ask.question.clone(), listed(&ask.needed_for)]);
    }
    if grid.is_empty() { String::new() } else { grid.to_string() }
}

/// The questions as a table for spreadsheets, lists separated by `|`.
pub fn csv(asks: &[Ask]) -> Vec<u8> {
    let cells = |ask: &Ask| {
        let project = ask.project.as_ref().map_or("", ProjectId::as_str);
        let (about, rules) = (ask.about.join("|"), ask.needed_for.join("|"));
        [ask.company.as_str(), project, &about, &ask.fact, &ask.question, ask.until_answered, &rules]
            .map(str::to_owned)
    };
    text(COLUMNS.map(|(name, _)| name), asks.iter().map(cells))
}

/// Columns of the questions as CSV, and keys as JSON, with their meaning for the documentation.
pub const COLUMNS: [(&str, &str); 7] = [
    ("company", "company id"),
    ("project", "project id; empty for a fact of the company"),
    ("about", "lots or expenses it is asked of"),
    ("fact", "the fact that is missing"),
    ("question", "the question in the measure's words, where it has some"),
    ("until_answered", "`blocks`: nothing can be applied for; `assumed`: taken as met"),
    ("needed_for", "rules that wait for it, as `measure: rule`"),
];

/// The questions as JSON.
pub fn json(asks: &[Ask]) -> String {
    pretty(&asks)
}

/// What every possible application would take for granted.
pub fn assumed(measures: &[Measure], eligibility: &Eligibility, page: Page) -> String {
    let all = eligibility.applications.iter();
    all.map(|application| checklist(&application.all_assumptions(), measures, page)).collect()
}

/// Equal assumptions once, each with a box to tick and the expenses it is about; as the question to ask where a measure words one.
pub(super) fn checklist(assumptions: &[Assumption], measures: &[Measure], page: Page) -> String {
    let mut groups: BTreeMap<Assumption, Vec<&ExpenseId>> = BTreeMap::new();
    for assumption in assumptions {
        let general = Assumption { expense: None, ..assumption.clone() };
        groups.entry(general).or_default().extend(&assumption.expense);
    }
    let mut text = String::new();
    let mut under = None;
    for (assumption, expenses) in &groups {
        let application = (&assumption.project, &assumption.measure);
        if under != Some(application) {
            let _ = writeln!(text, "  {} / {}", application.0, application.1);
            under = Some(application);
        }
        let whose = if expenses.is_empty() { String::new() } else { format!(" ({})", listed(expenses)) };
        let measure = measures.iter().find(|m| m.id == assumption.measure);
        let name = rule_name(measure, &assumption.rule, page.language);
        let what = format!("{name}: {}{whose}", asked(assumption, measures, page));
        text.push_str(&paragraph("  [ ] ", &what, page.width));
    }
    text
}

/// The questions behind an assumption, as far as the measure words all of them; else the assumption as the document has it.
fn asked(assumption: &Assumption, measures: &[Measure], page: Page) -> String {
    let missing: Vec<&str> = assumption.missing().collect();
    let single = missing.len() == 1;
    let words = missing.iter().map(|fact| {
        let words = declared(measures, &assumption.measure, &assumption.rule, fact, single);
        words.and_then(|words| named(words, page.language)).or_else(|| built_in(fact, page.language))
    });
    match words.collect::<Option<Vec<&str>>>() {
        Some(words) if !words.is_empty() => format!("{} {}", words.join(" "), page.say("(taken as met)")),
        _ => page.say(&assumption.text).to_owned(),
    }
}
