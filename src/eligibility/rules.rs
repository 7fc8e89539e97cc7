//! The rules of a measure for the lines of one application: facts filled in, sets as entries, limits per lot unrolled.

use rust_decimal::Decimal;

use super::application::{
    AidLimit, Application, Companion, CompanyCount, Component, CostLimit, Count, Derived, Draw, Line, Loan,
    LoanAmount, Payout, Term, Warning,
};
use super::draws::Resolved;
use super::known::known;
use super::lines::{Compiled, entry_rate};
use super::requirement;
use crate::allocation::{Assumption, Reason};
use crate::ids::LotId;
use crate::measure::{
    self, Countable, Effect, Facts, Item, ItemKind, Measure, Number, Outcome, Per, Quantity, Rule, Shape,
    Subject, Truth,
};
use crate::portfolio::{Expense, Objective};
use crate::rate::Rate;
use crate::rounding::Rounding;

/// The rules of a measure being resolved for the lines of one application.
pub(super) struct Compiler<'a> {
    measure: &'a Measure,
    facts: Facts<'a>,
    lines: Vec<Line>,
    /// What each component pays on each line.
    rates: Vec<Vec<Decimal>>,
    /// Ceilings that aid received before sets.
    ceilings: Vec<Draw>,
    /// Item of each line, as an index into the measure's.
    items: Vec<usize>,
    /// Expense of each line.
    expenses: Vec<&'a Expense>,
    lots: Vec<Option<LotId>>,
    /// Derived items that apply, as indices into the measure's.
    derived: Vec<usize>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        measure: &'a Measure,
        facts: Facts<'a>,
        compiled: Vec<Compiled>,
        items: Vec<usize>,
        expenses: Vec<&'a Expense>,
        lots: Vec<Option<LotId>>,
    ) -> Self {
        let applies = |(index, item): (usize, &Item)| match &item.kind {
            ItemKind::Derived(derived) => derived.when.evaluate(&facts).holds().then_some(index),
            ItemKind::Cost(_) => None,
        };
        let derived = measure.items.iter().enumerate().filter_map(applies).collect();
        let (mut lines, mut rates, mut ceilings): (Vec<_>, Vec<_>, Vec<Draw>) = Default::default();
        for (at, of_line) in compiled.into_iter().enumerate() {
            for mut ceiling in of_line.ceilings {
                ceiling.counts.entries = vec![at];
                // Two lines of one expense share what it may have.
                match ceilings.iter_mut().find(|known| known.account == ceiling.account) {
                    Some(known) => known.counts.entries.push(at),
                    None => ceilings.push(ceiling),
                }
            }
            lines.push(of_line.line);
            rates.push(of_line.rates);
        }
        Compiler { measure, facts, lines, rates, ceilings, items, expenses, lots, derived }
    }

    pub(super) fn finish(self, assumptions: Vec<Assumption>) -> Result<Application, (Reason, Vec<Line>)> {
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
        let Limits { cost: cost_limits, aid: aid_limits, warnings } = self.limits()?;
        // Numbers without a value are told in this order.
        let derived = self.derived_items()?;
        let companions = self.companions()?;
        let components = self.components()?;
        let resolved = Resolved {
            measure,
            facts,
            lines: &self.lines,
            expenses: &self.expenses,
            components: &components,
            derived: self.derived.iter().map(|item| measure.items[*item].id.as_str()).collect(),
            entries: self.lines.len() + derived.len(),
        };
        let mut draws = resolved.ledgers()?;
        draws.extend(resolved.pools(&|items| self.entries(items, None)));
        draws.extend(self.ceilings.iter().cloned());
        // A draw that counts no entry takes nothing and cuts nothing, and would tie the application to others.
        draws.retain(|draw| !draw.counts.entries.is_empty());
        Ok(Application {
            project: facts.project.id.clone(),
            company: facts.company.id.clone(),
            measure: measure.id.clone(),
            variant: facts.variant.clone(),
            filed_on: day(facts.calendar.filed_on),
            granted_on: day(facts.calendar.granted_on),
            hypothetical: facts.calendar.shift.is_some() || self.counts_on_waiting_list(),
            claim: measure.claim,
            rounding: measure.rounding,
            withholding: measure.withholding,
            weight: self.weight(),
            lines: Vec::new(),
            derived,
            lots: Vec::new(),
            cost_limits,
            aid_limits,
            warnings,
            limit_order: measure.limits.iter().map(|limit| limit.rule.id.clone()).collect(),
            counts: self.counts(),
            company_counts: self.company_counts(),
            companions,
            components,
            draws,
            meets: Vec::new(),
            excludes: Vec::new(),
            regimes: self.regimes(),
            refused: Vec::new(),
            forced: false,
            assumptions: Vec::new(),
        })
    }

    /// The regimes of what is picked; that of the measure where nothing picked names one.
    fn regimes(&self) -> Vec<String> {
        let named = self.facts.variant.picks.iter().filter_map(|pick| {
            let choice = self.measure.choices.iter().find(|c| c.rule.id.as_str() == pick.choice)?;
            choice.options.iter().find(|option| option.id == pick.option)?.regime.clone()
        });
        let mut regimes: Vec<String> = named.collect();
        if regimes.is_empty() {
            regimes.push(self.measure.regime.clone());
        }
        regimes.sort();
        regimes.dedup();
        regimes
    }

    /// Whether the settings count on more than a pool has.
    fn counts_on_waiting_list(&self) -> bool {
        let settings = self.facts.portfolio.settings.measures.get(&self.measure.id);
        settings.is_some_and(|of_measure| of_measure.waiting_list)
            && self.measure.pools.iter().any(|pool| !pool.waiting_list.is_zero())
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
        known(&self.measure.id, rule, outcome)
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
                of: self.entries(&derived.of, None).into_iter().filter(|e| self.is_aided(*e)).collect(),
            }))
        };
        self.derived.iter().filter_map(|index| resolve(index).transpose()).collect()
    }

    fn limits(&self) -> Result<Limits, Reason> {
        let Limits { mut cost, mut aid, mut warnings } = Limits::default();
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
                    of if effect == Effect::Warn => {
                        let of = match of {
                            Quantity::Cost(set) => Quantity::Cost(self.entries(set, None)),
                            Quantity::Aid(of) => Quantity::Aid(of.clone()),
                        };
                        warnings.push(Warning { rule, of, bound, terms });
                    }
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
        Ok(Limits { cost, aid, warnings })
    }

    fn terms(&self, rule: &Rule, terms: &[measure::Term], lot: Option<usize>) -> Result<Vec<Term>, Reason> {
        let facts = self.facts_of(lot);
        let resolve = |term: &measure::Term| {
            let mut shares = Vec::with_capacity(term.shares.len());
            for (rate, set) in &term.shares {
                shares.extend(self.share(rule, rate, set, lot)?);
            }
            Ok(Term { euro: self.known(rule, term.euro.signed(&facts))?, shares })
        };
        terms.iter().map(resolve).collect()
    }

    /// A rate on a set; where it hangs on the item, a rate on each part of the set that has it.
    fn share(
        &self,
        rule: &Rule,
        rate: &Number,
        set: &[usize],
        lot: Option<usize>,
    ) -> Result<Vec<(Decimal, Vec<usize>)>, Reason> {
        let facts = self.facts_of(lot);
        if !rate.facts().iter().any(|fact| matches!(fact.subject, Subject::Expense | Subject::Choice)) {
            return Ok(vec![(self.known(rule, rate.rate(&facts))?, self.entries(set, lot))]);
        }
        let mut shares: Vec<(Decimal, Vec<usize>)> = Vec::new();
        for item in set {
            let entries = self.entries(&[*item], lot);
            if entries.is_empty() {
                continue;
            }
            let facts = facts.under(self.measure.items[*item].id.as_str());
            let value = self.known(rule, rate.rate(&facts))?;
            match shares.iter_mut().find(|(known, _)| *known == value) {
                Some((_, of)) => of.extend(entries),
                None => shares.push((value, entries)),
            }
        }
        for (_, entries) in &mut shares {
            entries.sort_unstable();
        }
        Ok(shares)
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
        let by_line = hangs_on_lines(component) && pays_by_line(component);
        if !component.when.evaluate(&self.facts).holds() && !by_line {
            let payout = Payout::Fixed(Decimal::ZERO);
            return Ok(Component { rule, form: component.form, of: Vec::new(), payout });
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
            Shape::Loan(loan) => Payout::Loan(self.loan(&rule, loan)?),
            Shape::Share { components, rate } => Payout::Share {
                components: components.clone(),
                rate: self.known(&rule, rate.rate(&self.facts))?,
            },
        };
        Ok(Component { rule, form: component.form, of, payout })
    }

    fn loan(&self, rule: &Rule, loan: &measure::Loan) -> Result<Loan, Reason> {
        let cents = |number: &Number| {
            let exact = self.known(rule, number.amount(&self.facts))?;
            Ok(Rounding::Down.cents(exact))
        };
        let amount = match &loan.amount {
            measure::LoanAmount::Requested => {
                LoanAmount::Requested(self.facts.project.loan_amount.unwrap_or_default())
            }
            measure::LoanAmount::Complement(terms) => LoanAmount::Complement(self.terms(rule, terms, None)?),
            measure::LoanAmount::Chosen(least) => LoanAmount::Chosen(cents(least)?),
        };
        Ok(Loan { amount, at_most: self.terms(rule, &loan.at_most, None)? })
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

    /// Whether aid may be paid on an entry: not on a line of a member without aid.
    fn is_aided(&self, entry: usize) -> bool {
        self.expenses
            .get(entry)
            .is_none_or(|expense| !requirement::is_without_aid(self.measure, self.facts, expense))
    }
}

/// The limits that apply, in file order, those per lot once a lot.
#[derive(Default)]
struct Limits {
    cost: Vec<CostLimit>,
    aid: Vec<AidLimit>,
    warnings: Vec<Warning>,
}

/// Whether a component's condition asks about lines, so that it was decided line by line.
fn hangs_on_lines(component: &measure::Component) -> bool {
    let of_lines = [Subject::Expense, Subject::Lot, Subject::Member, Subject::Choice];
    component.when.facts().iter().any(|fact| of_lines.contains(&fact.subject))
}

/// Whether a component pays line by line.
fn pays_by_line(component: &measure::Component) -> bool {
    matches!(component.shape, Shape::Rate { .. } | Shape::PerUnit(_))
}
