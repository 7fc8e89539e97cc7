//! From a measure and a project to an [`Application`]: facts filled in, sets as entries, limits per lot unrolled.

use rust_decimal::Decimal;

use super::application::{
    AidLimit, Application, Companion, CompanyCount, Component, CostLimit, Count, Derived, Line, Payout,
    PoolShare, Term,
};
use super::line::base;
use super::requirement;
use crate::allocation::{Assumption, Reason};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{ExpenseId, LotId};
use crate::load::codes;
use crate::measure::{
    self, Cost, Countable, Facts, Item, ItemKind, Measure, Number, Outcome, Per, PoolScope, Quantity, Rule,
    Shape, Truth,
};
use crate::portfolio::{Expense, Objective};
use crate::rate::Rate;

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
    let mut lines: Vec<(Line, Vec<Decimal>)> = Vec::new();
    let mut items: Vec<usize> = Vec::new();
    let mut of_lines: Vec<&Expense> = Vec::new();
    let mut lots: Vec<Option<LotId>> =
        expenses.iter().filter(|e| e.lot.is_some()).map(|e| e.lot.clone()).collect();
    lots.sort();
    lots.dedup();
    lots.push(None);
    for expense in expenses.iter().copied() {
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

/// A line with its rate of aid in every component (zero where the component does not pay it).
fn line(
    measure: &Measure,
    item: &Item,
    cost: &Cost,
    facts: Facts<'_>,
    expense: &Expense,
    lots: &[Option<LotId>],
) -> Result<(Line, Vec<Decimal>), Reason> {
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
    let mut rates = vec![Decimal::ZERO; measure.components.len()];
    for (component, rate) in measure.components.iter().zip(&mut rates) {
        if component.of.contains(&index) && component.when.evaluate(&facts).holds() {
            *rate = entry_rate(measure, component, facts)?;
        }
    }
    let line = Line {
        expense: expense.id.clone(),
        item: item.id.clone(),
        // Every lot of the project is listed, and `None` after them.
        lot: lots.iter().position(|lot| *lot == expense.lot).unwrap_or_default(),
        base: base(measure, item, cost, facts, expense)?,
        quantity: expense.quantity.unwrap_or_default(),
        assumptions: assumed,
    };
    Ok((line, rates))
}

/// What a component pays on an entry: the rate with premiums, or the amount per unit; zero for other shapes.
fn entry_rate(
    measure: &Measure,
    component: &measure::Component,
    facts: Facts<'_>,
) -> Result<Decimal, Reason> {
    let refusal = |outcome: Outcome| match outcome {
        Outcome::Value(value) => Ok(value),
        Outcome::Unknown(missing) => Err(Reason::no_rate(&measure.id, &component.rule, &missing)),
        Outcome::NoRow(_) | Outcome::OutOfBounds => Err(Reason::no_rate(&measure.id, &component.rule, &[])),
    };
    match &component.shape {
        Shape::Rate { rate, premiums } => {
            let mut sum = refusal(rate.rate(&facts))?;
            for premium in premiums.iter().filter(|p| p.when.evaluate(&facts).holds()) {
                sum += refusal(premium.points.rate(&facts))?;
            }
            Ok(sum)
        }
        Shape::PerUnit(amount) => {
            let amount = refusal(amount.amount(&facts))?;
            let quantity = facts.expense.and_then(|e| e.quantity).unwrap_or_default();
            let bounded = amount * quantity <= Number::LARGEST;
            if bounded { Ok(amount) } else { refusal(Outcome::OutOfBounds) }
        }
        _ => Ok(Decimal::ZERO),
    }
}

/// The rules of a measure being resolved for the lines of one application.
struct Compiler<'a> {
    measure: &'a Measure,
    facts: Facts<'a>,
    lines: Vec<Line>,
    /// What each component pays on each line.
    rates: Vec<Vec<Decimal>>,
    /// Item of each line, as an index into the measure's.
    items: Vec<usize>,
    /// Expense of each line.
    expenses: Vec<&'a Expense>,
    lots: Vec<Option<LotId>>,
    /// Derived items that apply, as indices into the measure's.
    derived: Vec<usize>,
}

impl<'a> Compiler<'a> {
    fn new(
        measure: &'a Measure,
        facts: Facts<'a>,
        lines: Vec<(Line, Vec<Decimal>)>,
        items: Vec<usize>,
        expenses: Vec<&'a Expense>,
        lots: Vec<Option<LotId>>,
    ) -> Self {
        let applies = |(index, item): (usize, &Item)| match &item.kind {
            ItemKind::Derived(derived) => derived.when.evaluate(&facts).holds().then_some(index),
            ItemKind::Cost(_) => None,
        };
        let derived = measure.items.iter().enumerate().filter_map(applies).collect();
        let (lines, rates) = lines.into_iter().unzip();
        Compiler { measure, facts, lines, rates, items, expenses, lots, derived }
    }

    fn finish(self, assumptions: Vec<Assumption>) -> Result<Application, (Reason, Vec<Line>)> {
        match self.rules() {
            Ok(mut application) => {
                application.assumptions = assumptions;
                application.lines = self.lines;
                application.lots = self.lots;
                Ok(application)
            }
            Err(reason) => Err((reason, self.lines)),
        }
    }

    /// Everything but the lines, the lots and the assumptions.
    fn rules(&self) -> Result<Application, Reason> {
        let (measure, facts) = (self.measure, self.facts);
        // The caller has tested that the measure is open, which sets both days.
        let day = |day: Option<chrono::NaiveDate>| day.unwrap_or(facts.calendar.as_of);
        let (cost_limits, aid_limits) = self.limits()?;
        Ok(Application {
            project: facts.project.id.clone(),
            company: facts.company.id.clone(),
            measure: measure.id.clone(),
            filed_on: day(facts.calendar.filed_on),
            granted_on: day(facts.calendar.granted_on),
            hypothetical: facts.calendar.shift.is_some(),
            claim: measure.claim,
            rounding: measure.rounding,
            withholding: measure.withholding,
            weight: self.weight(),
            lines: Vec::new(),
            derived: self.derived_items()?,
            lots: Vec::new(),
            cost_limits,
            aid_limits,
            limit_order: measure.limits.iter().map(|limit| limit.rule.id.clone()).collect(),
            counts: self.counts(),
            company_counts: self.company_counts(),
            companions: self.companions()?,
            components: self.components()?,
            pools: self.pools(),
            assumptions: Vec::new(),
        })
    }

    fn weight(&self) -> Rate {
        match self.facts.portfolio.settings.objective {
            Objective::Grant => Rate::ONE,
            // A withholding above the whole grant is refused by the reader.
            Objective::Net => Rate::new(Decimal::ONE - self.measure.withholding.value()).unwrap_or_default(),
            Objective::Expected => self.facts.project.success_probability,
        }
    }

    /// A number of a rule of the whole application: what has no value makes it inadmissible.
    fn known(&self, rule: &Rule, outcome: Outcome) -> Result<Decimal, Reason> {
        match outcome {
            Outcome::Value(value) => Ok(value),
            Outcome::Unknown(missing) => Err(Reason::no_rate(&self.measure.id, rule, &missing)),
            Outcome::NoRow(_) | Outcome::OutOfBounds => Err(Reason::no_rate(&self.measure.id, rule, &[])),
        }
    }

    /// The context of a rule that is tested for one lot: any expense of the lot knows the lot's facts.
    fn facts_of(&self, lot: Option<usize>) -> Facts<'a> {
        let line = lot.and_then(|lot| self.lines.iter().position(|line| line.lot == lot));
        line.map_or(self.facts, |line| self.facts.about(self.expenses[line]))
    }

    /// The entries of a set of items, all of them or those of one lot.
    fn entries(&self, set: &[usize], lot: Option<usize>) -> Vec<usize> {
        let in_lot = |line: &usize| lot.is_none_or(|lot| self.lines[*line].lot == lot);
        let lines = (0..self.lines.len()).filter(|line| set.contains(&self.items[*line])).filter(in_lot);
        let derived = self.derived.iter().enumerate().filter(|(_, item)| set.contains(item) && lot.is_none());
        lines.chain(derived.map(|(at, _)| self.lines.len() + at)).collect()
    }

    fn derived_items(&self) -> Result<Vec<Derived>, Reason> {
        let resolve = |index: &usize| {
            let item = &self.measure.items[*index];
            let ItemKind::Derived(derived) = &item.kind else { return Ok(None) };
            Ok(Some(Derived {
                item: item.id.clone(),
                rule: item.rule.clone(),
                rate: self.known(&item.rule, derived.rate.rate(&self.facts))?,
                of: self.entries(&derived.of, None),
            }))
        };
        self.derived.iter().filter_map(|index| resolve(index).transpose()).collect()
    }

    fn limits(&self) -> Result<(Vec<CostLimit>, Vec<AidLimit>), Reason> {
        let (mut cost, mut aid) = (Vec::new(), Vec::new());
        for limit in &self.measure.limits {
            let lots: Vec<Option<usize>> = match limit.per {
                Per::Application => vec![None],
                Per::Lot => (0..self.lots.len())
                    .filter(|lot| self.lines.iter().any(|line| line.lot == *lot))
                    .map(Some)
                    .collect(),
            };
            for lot in lots {
                // Unknown counts as holding: cautious.
                if limit.when.evaluate(&self.facts_of(lot)) == Truth::False {
                    continue;
                }
                let terms = self.terms(&limit.rule, &limit.terms, lot)?;
                let (rule, bound, effect) = (limit.rule.clone(), limit.bound, limit.effect);
                match &limit.of {
                    Quantity::Cost(set) => cost.push(CostLimit {
                        rule,
                        of: self.entries(set, lot),
                        width: set.len(),
                        bound,
                        terms,
                        effect,
                        cut: limit.cut,
                        lot,
                    }),
                    Quantity::Aid(of) => {
                        let (of, reads) = (of.clone(), limit.reads);
                        aid.push(AidLimit { rule, of, bound, terms, effect, reads, lot });
                    }
                }
            }
        }
        Ok((cost, aid))
    }

    fn terms(&self, rule: &Rule, terms: &[measure::Term], lot: Option<usize>) -> Result<Vec<Term>, Reason> {
        let facts = self.facts_of(lot);
        let resolve = |term: &measure::Term| {
            let share = |(rate, set): &(Number, Vec<usize>)| {
                Ok((self.known(rule, rate.rate(&facts))?, self.entries(set, lot)))
            };
            let shares = term.shares.iter().map(share).collect::<Result<_, Reason>>()?;
            Ok(Term { euro: self.known(rule, term.euro.signed(&facts))?, shares })
        };
        terms.iter().map(resolve).collect()
    }

    /// One list of lines for each thing a count counts.
    fn things(&self, count: &measure::Count) -> Vec<Vec<usize>> {
        let counted = |line: &usize| {
            let fits = count.within.is_empty() || count.within.contains(&self.items[*line]);
            let facts = self.facts.about(self.expenses[*line]).under(self.lines[*line].item.as_str());
            fits && (count.which.is_always() || count.which.evaluate(&facts).holds())
        };
        let lines: Vec<usize> = (0..self.lines.len()).filter(counted).collect();
        let key = |line: usize| match count.of {
            // Expenses without lot are one lot of their own.
            Countable::Lots => self.lines[line].lot,
            Countable::Items => self.items[line],
            // Lines are in the order of expenses: the first line of an expense stands for it.
            Countable::Expenses => {
                self.lines.iter().position(|l| l.expense == self.lines[line].expense).unwrap_or(line)
            }
            Countable::Applications => 0,
        };
        let mut things: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for line in lines {
            things.entry(key(line)).or_default().push(line);
        }
        things.into_values().collect()
    }

    fn counts(&self) -> Vec<Count> {
        let here = self.measure.counts.iter();
        here.filter(|c| !c.per_company && c.of != Countable::Applications)
            .map(|count| Count {
                rule: count.rule.clone(),
                of: count.of,
                things: self.things(count),
                at_least: count.at_least,
                at_most: count.at_most,
            })
            .collect()
    }

    fn company_counts(&self) -> Vec<CompanyCount> {
        let company = self.measure.counts.iter();
        company
            .filter(|c| c.per_company || c.of == Countable::Applications)
            .map(|count| CompanyCount {
                rule: count.rule.clone(),
                of: count.of,
                things: self.things(count),
                at_least: count.at_least,
                at_most: count.at_most,
            })
            .collect()
    }

    fn companions(&self) -> Result<Vec<Companion>, Reason> {
        let resolve = |companion: &measure::Companion| {
            Ok(Companion {
                rule: companion.rule.clone(),
                items: self.entries(&companion.items, None),
                with: self.entries(&companion.with, None),
                at_least: self.known(&companion.rule, companion.at_least.amount(&self.facts))?,
            })
        };
        self.measure.companions.iter().map(resolve).collect()
    }

    fn components(&self) -> Result<Vec<Component>, Reason> {
        let components = self.measure.components.iter().enumerate();
        components.map(|(index, component)| self.component(index, component)).collect()
    }

    fn component(&self, index: usize, component: &measure::Component) -> Result<Component, Reason> {
        let rule = component.rule.clone();
        if !component.when.evaluate(&self.facts).holds() && !hangs_on_lines(component) {
            return Ok(Component { rule, of: Vec::new(), payout: Payout::Fixed(Decimal::ZERO) });
        }
        let of = self.entries(&component.of, None);
        let payout = match &component.shape {
            Shape::Rate { .. } => {
                let mut rates = Vec::with_capacity(of.len());
                for entry in &of {
                    rates.push(match self.rates.get(*entry) {
                        Some(rates) => rates[index],
                        None => self.derived_rate(component, *entry)?,
                    });
                }
                Payout::Rate(rates)
            }
            Shape::PerUnit(_) => {
                let amount = |entry: &usize| match self.rates.get(*entry) {
                    Some(rates) => rates[index] * self.lines[*entry].quantity,
                    None => Decimal::ZERO,
                };
                Payout::PerUnit(of.iter().map(amount).collect())
            }
            Shape::Brackets(bands) => Payout::Brackets(bands.clone()),
            Shape::Tiers(bands) => Payout::Tiers(bands.clone()),
            Shape::Steps(steps) => Payout::Steps(steps.clone()),
            Shape::Fixed(amount) => Payout::Fixed(self.known(&rule, amount.amount(&self.facts))?),
            Shape::Share { components, rate } => Payout::Share {
                components: components.clone(),
                rate: self.known(&rule, rate.rate(&self.facts))?,
            },
        };
        Ok(Component { rule, of, payout })
    }

    /// The rate of a component on a derived item: nothing where its condition asks about lines.
    fn derived_rate(&self, component: &measure::Component, entry: usize) -> Result<Decimal, Reason> {
        let item = self.derived[entry - self.lines.len()];
        let facts = self.facts.under(self.measure.items[item].id.as_str());
        if component.when.evaluate(&facts).holds() {
            entry_rate(self.measure, component, facts)
        } else {
            Ok(Decimal::ZERO)
        }
    }

    fn pools(&self) -> Vec<PoolShare> {
        let share = |pool: &measure::Pool| PoolShare {
            rule: pool.rule.clone(),
            pool: pool.pool.clone(),
            company: (pool.scope == PoolScope::Company).then(|| self.facts.company.id.clone()),
            available: pool.available,
            in_part: pool.in_part,
        };
        self.measure.pools.iter().map(share).collect()
    }
}

/// Whether a component's condition asks about lines, so that it was decided line by line.
fn hangs_on_lines(component: &measure::Component) -> bool {
    use crate::measure::Subject;
    component.when.facts().iter().any(|f| matches!(f.subject, Subject::Expense | Subject::Lot))
}
