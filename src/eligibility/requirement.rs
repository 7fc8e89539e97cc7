//! Requirements, in the order a reason is looked for: window, application, line (S1, S5).

use chrono::NaiveDate;

use crate::allocation::{Assumption, Reason};
use crate::dates::DateExpr;
use crate::measure::{
    Condition, DateField, DateRule, EarlyOrder, Facts, Item, Measure, Requirement, Rule, Scope, Subject,
    Truth, Unknown,
};
use crate::portfolio::Expense;

/// Whether the project may apply at all, with what is assumed for that; otherwise the first rule that fails.
///
/// `expenses` are those of the project, in the order of their ids.
pub(super) fn application(
    measure: &Measure,
    facts: Facts<'_>,
    expenses: &[&Expense],
) -> Result<Vec<Assumption>, Reason> {
    let mut assumptions = Vec::new();
    if facts.calendar.filed_on.is_none() {
        return Err(Reason::not_open(&measure.id));
    }
    for requirement in &measure.requirements {
        if requirement.fails != Scope::Application {
            continue;
        }
        if asks_about_lines(requirement) {
            // What is assumed of a line is listed when the line is used.
            for (expense, item) in fitting(measure, facts, expenses) {
                let facts = facts.about(expense).under(item.id.as_str());
                test(measure, requirement, facts, Some(expense), &mut Vec::new())?;
            }
        } else {
            for facts in subjects(requirement, facts) {
                test(measure, requirement, facts, None, &mut assumptions)?;
            }
        }
    }
    let early = |(expense, item): &(&Expense, &Item)| {
        is_early(expense, facts)
            && early_order(measure, facts.about(expense).under(item.id.as_str())) == EarlyOrder::Application
    };
    if let Some((expense, _)) = fitting(measure, facts, expenses).into_iter().find(early) {
        return Err(Reason::early(&measure.id, &expense.id, true));
    }
    assumptions.sort();
    assumptions.dedup();
    Ok(assumptions)
}

/// Whether a line may enter, with what is assumed for that; otherwise the first rule that fails.
pub(super) fn line(
    measure: &Measure,
    facts: Facts<'_>,
    expense: &Expense,
) -> Result<Vec<Assumption>, Reason> {
    let mut assumptions = Vec::new();
    for requirement in &measure.requirements {
        if requirement.fails == Scope::MemberAid {
            // What it fails for is paid nothing; what is assumed for it to hold is an assumption like any other.
            let _ = test(measure, requirement, facts, Some(expense), &mut assumptions);
        } else if requirement.fails == Scope::Line || asks_about_lines(requirement) {
            let of_line = asks_about_lines(requirement) || requirement.subject == Subject::Member;
            let about = of_line.then_some(expense);
            test(measure, requirement, facts, about, &mut assumptions)?;
        }
    }
    if early_order(measure, facts) == EarlyOrder::Line && is_early(expense, facts) {
        return Err(Reason::early(&measure.id, &expense.id, false));
    }
    for rule in &measure.dates {
        match date(expense, rule.field) {
            Some(day) if !within(rule, day, facts) => {
                return Err(Reason::outside(&measure.id, &rule.rule, rule.field, day));
            }
            Some(_) => {}
            None => assumptions.push(Assumption::in_time(
                &facts.project.id,
                &measure.id,
                &expense.id,
                &rule.rule,
                rule.field,
            )),
        }
    }
    Ok(assumptions)
}

fn test(
    measure: &Measure,
    requirement: &Requirement,
    facts: Facts<'_>,
    expense: Option<&Expense>,
    assumptions: &mut Vec<Assumption>,
) -> Result<(), Reason> {
    if requirement.applies.evaluate(&facts) == Truth::False {
        return Ok(());
    }
    let missing = match requirement.must.evaluate(&facts) {
        Truth::True => return Ok(()),
        Truth::False => Vec::new(),
        Truth::Unknown(missing) => missing,
    };
    if !missing.is_empty() && requirement.unknown == Unknown::Assume {
        let expense = expense.map(|e| &e.id);
        assumptions.push(Assumption::met(
            &facts.project.id,
            &measure.id,
            expense,
            &requirement.rule,
            &missing,
        ));
        return Ok(());
    }
    Err(not_met(measure, &requirement.rule, &requirement.must, facts))
}

/// The reason for a condition that does not hold: the part that decides, and what it lacks.
pub(super) fn not_met(measure: &Measure, rule: &Rule, condition: &Condition, facts: Facts<'_>) -> Reason {
    let culprit = condition.culprit(&facts).unwrap_or(condition);
    let missing = match culprit.evaluate(&facts) {
        Truth::Unknown(missing) => missing,
        Truth::True | Truth::False => Vec::new(),
    };
    Reason::not_met(&measure.id, rule, culprit, &missing)
}

/// Whether who pays the expense fails a requirement that takes its aid, not its cost.
pub(super) fn is_without_aid(measure: &Measure, facts: Facts<'_>, expense: &Expense) -> bool {
    let of_aid = measure.requirements.iter().filter(|r| r.fails == Scope::MemberAid);
    let facts = facts.about(expense);
    let mut fails =
        of_aid.map(|requirement| test(measure, requirement, facts, None, &mut Vec::new()).is_err());
    fails.any(|fails| fails)
}

/// The contexts a requirement of an application is tested in: for each member, or once.
fn subjects<'a>(requirement: &Requirement, facts: Facts<'a>) -> Vec<Facts<'a>> {
    if requirement.subject != Subject::Member {
        return vec![facts];
    }
    let members = facts.portfolio.members_of(facts.project).into_iter();
    members.map(|member| facts.with_member(member)).collect()
}

/// Whether a requirement asks about expenses or lots.
fn asks_about_lines(requirement: &Requirement) -> bool {
    matches!(requirement.subject, Subject::Expense | Subject::Lot)
}

/// Expenses of the project with the cost items they fit by category and condition, admissible or not.
fn fitting<'a>(
    measure: &'a Measure,
    facts: Facts<'a>,
    expenses: &[&'a Expense],
) -> Vec<(&'a Expense, &'a Item)> {
    let fits = |expense: &'a Expense| {
        let items = measure.costs().filter(move |(item, cost)| {
            let facts = facts.about(expense).under(item.id.as_str());
            cost.takes.contains(&expense.category) && cost.admits(&facts)
        });
        items.map(move |(item, _)| (expense, item))
    };
    expenses.iter().copied().flat_map(fits).collect()
}

/// What an early order of a line takes down: the first option picked for it that says so, else the window (S5).
fn early_order(measure: &Measure, facts: Facts<'_>) -> EarlyOrder {
    let mut chosen = measure.choices.iter().filter_map(|choice| {
        let picked = facts.variant.option(choice.rule.id.as_str(), &facts)?;
        choice.options.iter().find(|option| option.id == picked)?.early_order
    });
    chosen.next().unwrap_or(measure.window.early_order)
}

/// Committed before the application is filed: by order, invoice or payment.
fn is_early(expense: &Expense, facts: Facts<'_>) -> bool {
    let committed = [expense.order_date, expense.invoice_date, expense.payment_date];
    let first = committed.into_iter().flatten().min();
    first.zip(facts.calendar.filed_on).is_some_and(|(committed, filed)| committed < filed)
}

fn date(expense: &Expense, field: DateField) -> Option<NaiveDate> {
    match field {
        DateField::Order => expense.order_date,
        DateField::Invoice => expense.invoice_date,
        DateField::Payment => expense.payment_date,
    }
}

fn within(rule: &DateRule, day: NaiveDate, facts: Facts<'_>) -> bool {
    let end = |expr: Option<DateExpr>| match expr? {
        DateExpr::On(day) => Some(facts.calendar.moved(day)),
        counted @ DateExpr::After(..) => counted.resolve(|anchor| facts.calendar.date(anchor)),
    };
    end(rule.from).is_none_or(|from| day >= from) && end(rule.until).is_none_or(|until| day <= until)
}
