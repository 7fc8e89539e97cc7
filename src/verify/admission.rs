//! What a variant of a measure says to every expense of a project: the lines it may become, or the first rule that refuses it (S1, S2,
//! S5, S9, S17 and the table of reasons).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::base;
use super::cumulation;
use super::exact;
use super::in_force;
use super::numbers;
use crate::allocation::{Assumption, Reason};
use crate::dates::DateExpr;
use crate::measure::{
    Calendar, Component, Condition, Cost, DateField, DateRule, EarlyOrder, FactRef, Facts, ItemKind, Measure,
    Number, Outcome, Requirement, Rule, Scope, Shape, Subject, Truth, Unknown,
};
use crate::money::Money;
use crate::portfolio::Expense;

/// An expense under one cost item of a measure.
pub(super) struct Line<'a> {
    /// The expense.
    pub(super) expense: &'a Expense,
    /// The item, as an index.
    pub(super) item: usize,
    /// The most that can be claimed (S3).
    pub(super) base: Money,
    /// For each component: the rate with premiums, or for `per_unit` the amount for the whole base; nothing for others.
    pub(super) factors: Vec<Decimal>,
    /// Whether several items fit the expense although one of them leaves no choice (S2).
    pub(super) contested: bool,
    /// Whether who pays it may have aid on it (S17).
    pub(super) aided: bool,
}

/// The answer to one expense.
pub(super) enum Admission<'a> {
    /// Not admissible, and why.
    Refused(Reason),
    /// Admissible under these items.
    Open(Vec<Line<'a>>),
}

/// The answers to all expenses of a project; `shut` is why no option of some choice is open.
pub(super) fn of_project<'a>(
    measure: &'a Measure,
    facts: Facts<'a>,
    expenses: &[&'a Expense],
    shut: Option<&Reason>,
) -> BTreeMap<&'a str, Admission<'a>> {
    let closed = shut_out(facts, shut);
    let fitting: Vec<Vec<usize>> = if closed.is_none() {
        expenses.iter().map(|expense| fits(measure, facts.about(expense))).collect()
    } else {
        vec![Vec::new(); expenses.len()]
    };
    let refusal =
        closed.is_none().then(|| refusal_of_application(measure, facts, expenses, &fitting)).flatten();
    let answer = |(expense, items): (&&'a Expense, &Vec<usize>)| {
        let forbidden = || {
            let decision = in_force::against_expense(&facts, expense)?;
            Some(Reason::forbidden(&measure.id, decision))
        };
        let admission = match closed.clone().or_else(forbidden).or_else(|| refusal.clone()) {
            Some(reason) => Admission::Refused(reason),
            None => of_expense(measure, facts, expense, items),
        };
        (expense.id.as_str(), admission)
    };
    let mut answers: BTreeMap<&str, Admission<'a>> = expenses.iter().zip(&fitting).map(answer).collect();
    let open = |admission: &'_ Admission<'a>| match admission {
        Admission::Open(lines) => lines.iter().map(|line| (line.expense, line.item)).collect(),
        Admission::Refused(_) => Vec::new(),
    };
    let lines: Vec<(&Expense, usize)> = answers.values().flat_map(open).collect();
    if let Some(reason) = numbers::without_value(measure, facts, &lines) {
        for admission in answers.values_mut().filter(|admission| matches!(admission, Admission::Open(_))) {
            *admission = Admission::Refused(reason.clone());
        }
    }
    answers
}

/// Why nothing of the project can enter, before any requirement is asked.
fn shut_out(facts: Facts<'_>, shut: Option<&Reason>) -> Option<Reason> {
    let measure = &facts.measure.id;
    if facts.calendar.filed_on.is_none() {
        return Some(Reason::not_open(measure));
    }
    let forbidden = || Some(Reason::forbidden(measure, in_force::against_application(&facts)?));
    shut.cloned().or_else(forbidden)
}

/// What the application and its lines take for granted (S1, S2, S5).
pub(super) fn assumptions(measure: &Measure, facts: Facts<'_>, lines: &[&Line<'_>]) -> Vec<Assumption> {
    let project = &facts.project.id;
    let mut assumed = Vec::new();
    for requirement in measure.requirements.iter().filter(|r| r.unknown == Unknown::Assume) {
        let by_line = about_lines(requirement.subject) || requirement.subject == Subject::Member;
        let mut ask = |facts: &Facts<'_>| {
            let about = facts.expense.filter(|_| by_line).map(|e| &e.id);
            if let (true, Truth::Unknown(missing)) =
                (concerns(requirement, facts), requirement.must.evaluate(facts))
            {
                assumed.push(Assumption::met(project, &measure.id, about, &requirement.rule, &missing));
            }
        };
        if requirement.fails != Scope::Application || about_lines(requirement.subject) {
            for line in lines {
                ask(&line.facts(measure, facts));
            }
        } else {
            subjects(requirement, facts).iter().for_each(ask);
        }
    }
    for line in lines {
        let (item, expense) = (&measure.items[line.item], &line.expense.id);
        if let ItemKind::Cost(Cost { when, assume: true, .. }) = &item.kind
            && let Truth::Unknown(missing) = when.evaluate(&line.facts(measure, facts))
        {
            assumed.push(Assumption::met(project, &measure.id, Some(expense), &item.rule, &missing));
        }
        for rule in &measure.dates {
            if date_of(line.expense, rule.field).is_none() {
                assumed.push(Assumption::in_time(project, &measure.id, expense, &rule.rule, rule.field));
            }
        }
    }
    assumed
}

impl Line<'_> {
    /// The context of its rules.
    fn facts<'b>(&'b self, measure: &'b Measure, facts: Facts<'b>) -> Facts<'b> {
        facts.about(self.expense).under(measure.items[self.item].id.as_str())
    }
}

/// The items that fit an expense by category and condition.
fn fits(measure: &Measure, facts: Facts<'_>) -> Vec<usize> {
    taking(measure, facts.expense.map_or("", |e| &e.category))
        .filter(|(index, cost)| match cost.when.evaluate(&facts.under(measure.items[*index].id.as_str())) {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown(_) => cost.assume,
        })
        .map(|(index, _)| index)
        .collect()
}

/// The items that take a category.
fn taking<'a>(measure: &'a Measure, category: &'a str) -> impl Iterator<Item = (usize, &'a Cost)> {
    measure.items.iter().enumerate().filter_map(move |(index, item)| match &item.kind {
        ItemKind::Cost(cost) if cost.takes.iter().any(|taken| taken == category) => Some((index, cost)),
        _ => None,
    })
}

fn about_lines(subject: Subject) -> bool {
    matches!(subject, Subject::Expense | Subject::Lot)
}

/// Why no application of the project can be made.
fn refusal_of_application(
    measure: &Measure,
    facts: Facts<'_>,
    expenses: &[&Expense],
    fitting: &[Vec<usize>],
) -> Option<Reason> {
    for requirement in measure.requirements.iter().filter(|r| r.fails == Scope::Application) {
        let failure = if about_lines(requirement.subject) {
            // Asked of every expense that could become a line, claimed or not.
            let lines = expenses.iter().zip(fitting).flat_map(|(e, items)| items.iter().map(move |i| (e, i)));
            lines.into_iter().find_map(|(expense, item)| {
                let facts = facts.about(expense).under(measure.items[*item].id.as_str());
                failure(measure, requirement, &facts)
            })
        } else {
            subjects(requirement, facts).iter().find_map(|facts| failure(measure, requirement, facts))
        };
        if failure.is_some() {
            return failure;
        }
    }
    let filed_on = facts.calendar.filed_on?;
    let started = |expense: &Expense, items: &[usize]| {
        let mut items = items.iter().map(|item| facts.about(expense).under(measure.items[*item].id.as_str()));
        is_early(expense, filed_on) && items.any(|facts| early_order(&facts) == EarlyOrder::Application)
    };
    let mut candidates = expenses.iter().zip(fitting);
    let early = candidates.find(|(expense, items)| started(expense, items));
    early.map(|(expense, _)| Reason::early(&measure.id, &expense.id, true))
}

/// What becomes of an expense committed too early: as an option that is picked for it says, or else as the window does (S5).
fn early_order(facts: &Facts<'_>) -> EarlyOrder {
    for choice in &facts.measure.choices {
        let picked = facts.variant.option(choice.rule.id.as_str(), facts);
        let option = choice.options.iter().find(|option| picked == Some(option.id.as_str()));
        if let Some(early_order) = option.and_then(|option| option.early_order) {
            return early_order;
        }
    }
    facts.measure.window.early_order
}

/// The answer to one expense of an application that can be made.
fn of_expense<'a>(
    measure: &'a Measure,
    facts: Facts<'a>,
    expense: &'a Expense,
    items: &[usize],
) -> Admission<'a> {
    let facts = facts.about(expense);
    if items.is_empty() {
        let Some((index, cost)) = taking(measure, &expense.category).next() else {
            return Admission::Refused(Reason::no_item(&measure.id, &expense.category));
        };
        let item = &measure.items[index];
        let facts = facts.under(item.id.as_str());
        return Admission::Refused(not_met(measure, &item.rule, &cost.when, &facts));
    }
    let leaves_choice =
        |index: &usize| matches!(&measure.items[*index].kind, ItemKind::Cost(c) if c.applicant_may_choose);
    let contested = items.len() > 1 && !items.iter().all(leaves_choice);
    let mut lines = Vec::new();
    let mut first_refusal = None;
    for &item in items {
        match line(measure, facts.under(measure.items[item].id.as_str()), expense, item) {
            Ok(line) => lines.push(Line { contested, ..line }),
            Err(reason) => first_refusal = first_refusal.or(Some(reason)),
        }
    }
    match first_refusal {
        Some(reason) if lines.is_empty() => Admission::Refused(reason),
        _ => Admission::Open(lines),
    }
}

/// The contexts in which a requirement about the application is tested: once, or for each member in turn.
fn subjects<'a>(requirement: &Requirement, facts: Facts<'a>) -> Vec<Facts<'a>> {
    if requirement.subject != Subject::Member {
        return vec![facts];
    }
    facts.portfolio.members_of(facts.project).into_iter().map(|member| facts.with_member(member)).collect()
}

/// One expense under one item, tested in the order of the table of reasons.
fn line<'a>(
    measure: &'a Measure,
    facts: Facts<'a>,
    expense: &'a Expense,
    item: usize,
) -> Result<Line<'a>, Reason> {
    if let Some(decision) = in_force::against_line(&facts, expense, &measure.items[item].id) {
        return Err(Reason::forbidden(&measure.id, decision));
    }
    for requirement in measure.requirements.iter().filter(|r| r.fails == Scope::Line) {
        if let Some(reason) = failure(measure, requirement, &facts) {
            return Err(reason);
        }
    }
    let filed_on = facts.calendar.filed_on;
    if early_order(&facts) == EarlyOrder::Line && filed_on.is_some_and(|day| is_early(expense, day)) {
        return Err(Reason::early(&measure.id, &expense.id, false));
    }
    for rule in &measure.dates {
        if let Some(day) = date_of(expense, rule.field)
            && !inside(rule, facts.calendar, day)
        {
            return Err(Reason::outside(&measure.id, &rule.rule, rule.field, day));
        }
    }
    let mut of_aid = measure.requirements.iter().filter(|r| r.fails == Scope::MemberAid);
    let aided = of_aid.all(|requirement| failure(measure, requirement, &facts).is_none());
    let mut factors = vec![Decimal::ZERO; measure.components.len()];
    // Without aid no rate is looked up: that a table has none for the member is no reason against its cost.
    if aided {
        for (component, known) in measure.components.iter().zip(&mut factors) {
            *known = factor(component, &facts, item)
                .map_err(|missing| Reason::no_rate(&measure.id, &component.rule, &missing))?;
        }
    }
    let rule = &measure.items[item].rule;
    let base = base::of(measure, &facts, expense, item)
        .map_err(|missing| Reason::no_rate(&measure.id, rule, &missing))?
        .filter(|base| base.is_positive())
        .ok_or_else(|| Reason::no_base(&measure.id, rule))?;
    let base = cumulation::base_beside_prior_aid(&facts, expense, base)?;
    Ok(Line { expense, item, base, factors, contested: false, aided })
}

/// The factor of a component for what is under an item (see [`Line::factors`]); an error names the facts that are missing, none where
/// a table has no row.
pub(super) fn factor(component: &Component, facts: &Facts<'_>, item: usize) -> Result<Decimal, Vec<FactRef>> {
    if !component.of.contains(&item) || !component.when.evaluate(facts).holds() {
        return Ok(Decimal::ZERO);
    }
    match &component.shape {
        Shape::Rate { rate, premiums } => {
            let mut points = value(rate.rate(facts))?;
            for premium in premiums.iter().filter(|p| p.when.evaluate(facts).holds()) {
                points = exact::sum(points, value(premium.points.rate(facts))?);
            }
            Ok(points)
        }
        Shape::PerUnit(amount) => {
            let quantity = facts.expense.and_then(|e| e.quantity).unwrap_or_default();
            let full = exact::product(value(amount.amount(facts))?, quantity);
            if full <= Number::LARGEST { Ok(full) } else { Err(Vec::new()) }
        }
        Shape::Fixed(_)
        | Shape::Brackets(_)
        | Shape::Tiers(_)
        | Shape::Steps(_)
        | Shape::Loan(_)
        | Shape::Share { .. } => Ok(Decimal::ZERO),
    }
}

/// What a number is worth where it stands; an error names the facts that are missing, none where it has no value at all.
pub(super) fn value(outcome: Outcome) -> Result<Decimal, Vec<FactRef>> {
    match outcome {
        Outcome::Value(value) => Ok(value),
        Outcome::Unknown(missing) => Err(missing),
        Outcome::NoRow(_) | Outcome::OutOfBounds => Err(Vec::new()),
    }
}

/// Whether a requirement is asked of a subject at all.
fn concerns(requirement: &Requirement, facts: &Facts<'_>) -> bool {
    requirement.applies.evaluate(facts) != Truth::False
}

/// Why a requirement is not met, if it is not.
fn failure(measure: &Measure, requirement: &Requirement, facts: &Facts<'_>) -> Option<Reason> {
    if !concerns(requirement, facts) {
        return None;
    }
    match (requirement.must.evaluate(facts), requirement.unknown) {
        (Truth::True, _) | (Truth::Unknown(_), Unknown::Assume) => None,
        _ => Some(not_met(measure, &requirement.rule, &requirement.must, facts)),
    }
}

fn not_met(measure: &Measure, rule: &Rule, condition: &Condition, facts: &Facts<'_>) -> Reason {
    let culprit = condition.culprit(facts).unwrap_or(condition);
    let missing = match culprit.evaluate(facts) {
        Truth::Unknown(missing) => missing,
        Truth::True | Truth::False => Vec::new(),
    };
    Reason::not_met(&measure.id, rule, culprit, &missing)
}

fn date_of(expense: &Expense, field: DateField) -> Option<NaiveDate> {
    match field {
        DateField::Order => expense.order_date,
        DateField::Invoice => expense.invoice_date,
        DateField::Payment => expense.payment_date,
    }
}

/// Committed before the application is filed (S5).
fn is_early(expense: &Expense, filed_on: NaiveDate) -> bool {
    DateField::NAMES.iter().filter_map(|(_, field)| date_of(expense, *field)).any(|day| day < filed_on)
}

fn inside(rule: &DateRule, calendar: &Calendar, day: NaiveDate) -> bool {
    let resolved = |term: Option<DateExpr>| match term? {
        DateExpr::On(fixed) => Some(calendar.moved(fixed)),
        relative @ DateExpr::After(..) => relative.resolve(|anchor| calendar.date(anchor)),
    };
    resolved(rule.from).is_none_or(|from| from <= day)
        && resolved(rule.until).is_none_or(|until| day <= until)
}
