//! The lines of an application: which expense fits which cost item, at which base and rates of aid; and from them the application.

use rust_decimal::Decimal;

use super::application::{Application, Draw, Line};
use super::base::base;
use super::cumulation::beside_prior_aid;
use super::decided;
use super::known::known;
use super::parts::divisible;
use super::requirement;
use super::rules::Compiler;
use crate::allocation::{Assumption, Reason};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{ExpenseId, LotId};
use crate::load::codes;
use crate::measure::{self, Cost, Facts, Form, Item, Measure, Number, Outcome, Shape, Truth};
use crate::portfolio::Expense;
use crate::rounding::Rounding;

/// The application of the project that `facts` are about, or none when no line may enter. Every expense that may not is
/// handed to `refuse`.
///
/// `expenses` are those of the project, in the order of their ids.
pub(super) fn application<'a>(
    measure: &'a Measure,
    facts: Facts<'a>,
    expenses: &[&'a Expense],
    assumptions: Vec<Assumption>,
    refuse: &mut dyn FnMut(&ExpenseId, Reason),
) -> Result<Option<Application>, Report> {
    let mut report = Report::new();
    let mut lines: Vec<Compiled> = Vec::new();
    let mut items: Vec<usize> = Vec::new();
    let mut of_lines: Vec<&Expense> = Vec::new();
    let mut lots: Vec<Option<LotId>> =
        expenses.iter().filter(|e| e.lot.is_some()).map(|e| e.lot.clone()).collect();
    lots.sort();
    lots.dedup();
    lots.push(None);
    for expense in expenses.iter().copied() {
        if let Some(decision) = decided::against(facts, expense, None) {
            refuse(&expense.id, Reason::forbidden(&measure.id, decision));
            continue;
        }
        match fitting_items(measure, facts, expense) {
            Err(reason) => refuse(&expense.id, reason),
            Ok(fitting) if fitting.len() > 1 && !fitting.iter().all(|(_, _, c)| c.applicant_may_choose) => {
                report.push(overlap(measure, expense, &fitting));
            }
            Ok(fitting) => {
                let mut first_reason = None;
                let before = lines.len();
                for (index, item, cost) in fitting {
                    let facts = facts.about(expense).under(item.id.as_str());
                    match line(measure, item, cost, facts, expense, &lots) {
                        Ok(line) => {
                            lines.push(line);
                            items.push(index);
                            of_lines.push(expense);
                        }
                        Err(reason) => first_reason = first_reason.or(Some(reason)),
                    }
                }
                if let (Some(reason), true) = (first_reason, lines.len() == before) {
                    refuse(&expense.id, reason);
                }
            }
        }
    }
    if report.has_errors() {
        return Err(report);
    }
    if lines.is_empty() {
        return Ok(None);
    }
    match Compiler::new(measure, facts, lines, items, of_lines, lots).finish(assumptions) {
        Ok(application) => Ok(Some(application)),
        Err((reason, lines)) => {
            let mut expenses: Vec<&ExpenseId> = lines.iter().map(|l| &l.expense).collect();
            expenses.dedup();
            for expense in expenses {
                refuse(expense, reason.clone());
            }
            Ok(None)
        }
    }
}

type Fitting<'m> = Vec<(usize, &'m Item, &'m Cost)>;

/// The cost items an expense fits by category and condition; otherwise why it fits none.
fn fitting_items<'m>(
    measure: &'m Measure,
    facts: Facts<'_>,
    expense: &Expense,
) -> Result<Fitting<'m>, Reason> {
    let takes = measure.costs().enumerate().filter(|(_, (_, cost))| cost.takes.contains(&expense.category));
    let takes: Fitting<'m> = takes.map(|(index, (item, cost))| (index, item, cost)).collect();
    let Some((_, first, first_cost)) = takes.first().copied() else {
        return Err(Reason::no_item(&measure.id, &expense.category));
    };
    let about = facts.about(expense);
    let fits: Fitting<'m> =
        takes.iter().copied().filter(|(_, item, cost)| cost.admits(&about.under(item.id.as_str()))).collect();
    if fits.is_empty() {
        let about = about.under(first.id.as_str());
        return Err(requirement::not_met(measure, &first.rule, &first_cost.when, about));
    }
    Ok(fits)
}

fn overlap(measure: &Measure, expense: &Expense, fitting: &Fitting<'_>) -> Diagnostic {
    let names: Vec<String> = fitting.iter().map(|(_, item, _)| format!("'{}'", item.id)).collect();
    let message = format!(
        "expense '{}' fits the cost items {} of measure '{}'",
        expense.id,
        names.join(" and "),
        measure.id
    );
    let place = Place::file(format!("measures/{}.toml", measure.id));
    codes::completed(Diagnostic::error(codes::together::FITS_SEVERAL, place, message).found(names.join(", ")))
}

/// A line with what hangs on it.
pub(super) struct Compiled {
    /// The line.
    pub(super) line: Line,
    /// Its rate of aid in every component, zero where the component does not pay it.
    pub(super) rates: Vec<Decimal>,
    /// Ceilings that aid received before sets on it; whose entry it is is not known yet.
    pub(super) ceilings: Vec<Draw>,
}

/// The line of an expense under an item.
fn line(
    measure: &Measure,
    item: &Item,
    cost: &Cost,
    facts: Facts<'_>,
    expense: &Expense,
    lots: &[Option<LotId>],
) -> Result<Compiled, Reason> {
    if let Some(decision) = decided::against(facts, expense, Some(&item.id)) {
        return Err(Reason::forbidden(&measure.id, decision));
    }
    let mut assumed = requirement::line(measure, facts, expense)?;
    if let Truth::Unknown(missing) = cost.when.evaluate(&facts) {
        assumed.push(Assumption::met(
            &facts.project.id,
            &measure.id,
            Some(&expense.id),
            &item.rule,
            &missing,
        ));
    }
    let index = measure.item(&item.id).unwrap_or_default();
    let aided = !requirement::is_without_aid(measure, facts, expense);
    let mut rates = vec![Decimal::ZERO; measure.components.len()];
    for (component, rate) in measure.components.iter().zip(&mut rates) {
        // A line without aid has no rate to look for.
        if aided && component.of.contains(&index) && component.when.evaluate(&facts).holds() {
            *rate = entry_rate(measure, component, facts)?;
        }
    }
    let mut line = Line {
        expense: expense.id.clone(),
        item: item.id.clone(),
        payer: expense.company.clone(),
        // Every lot of the project is listed, and `None` after them.
        lot: lots.iter().position(|lot| *lot == expense.lot).unwrap_or_default(),
        base: base(measure, item, cost, facts, expense)?,
        quantity: expense.quantity.unwrap_or_default(),
        divisible: divisible(&facts, expense),
        forced: decided::wants(facts, expense, &item.id),
        assumptions: assumed,
    };
    let of_grants = measure.components.iter().zip(&rates).filter(|(c, _)| c.form == Form::Grant);
    let rate: Decimal =
        of_grants.filter(|(c, _)| matches!(c.shape, Shape::Rate { .. })).map(|(_, rate)| *rate).sum();
    let own = Rounding::Down.cents(rate * line.base.euro());
    let ceilings = beside_prior_aid(&facts, expense, &mut line, own)?;
    Ok(Compiled { line, rates, ceilings })
}

/// What a component pays on an entry: the rate with premiums, or the amount per unit; zero for other shapes.
pub(super) fn entry_rate(
    measure: &Measure,
    component: &measure::Component,
    facts: Facts<'_>,
) -> Result<Decimal, Reason> {
    let known = |outcome: Outcome| known(&measure.id, &component.rule, outcome);
    match &component.shape {
        Shape::Rate { rate, premiums } => {
            let mut sum = known(rate.rate(&facts))?;
            for premium in premiums.iter().filter(|p| p.when.evaluate(&facts).holds()) {
                sum += known(premium.points.rate(&facts))?;
            }
            Ok(sum)
        }
        Shape::PerUnit(amount) => {
            let amount = known(amount.amount(&facts))?;
            let quantity = facts.expense.and_then(|e| e.quantity).unwrap_or_default();
            let bounded = amount * quantity <= Number::LARGEST;
            if bounded { Ok(amount) } else { known(Outcome::OutOfBounds) }
        }
        _ => Ok(Decimal::ZERO),
    }
}
