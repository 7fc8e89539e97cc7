//! Which applications may meet on an expense, in a project, in a company, and up to what (S13).

mod met;

use std::collections::BTreeMap;

use self::met::{Met, OtherAid, clause, days};
pub use self::met::{forbidding, lets_meet};
use super::application::{Account, Application, Counted, Draw, Line, Other};
use super::base::cost;
use crate::allocation::Reason;
use crate::ids::CompanyId;
use crate::measure::{Ceiling, Cumulation, Facts, Measure, Meeting, MeetingPlace, Outcome, Rule};
use crate::money::Money;
use crate::portfolio::{Expense, Portfolio, PriorAid};
use crate::rounding::Rounding;

/// What aid received before on an expense leaves of a line: a smaller base, ceilings to draw on.
///
/// # Errors
/// The reason where the measure lets nothing be added.
pub(super) fn beside_prior_aid(
    facts: &Facts<'_>,
    expense: &Expense,
    line: &mut Line,
    own: Money,
) -> Result<Vec<Draw>, Reason> {
    let day = facts.calendar.granted_on.unwrap_or(facts.calendar.as_of);
    let on_expense = |aid: &&PriorAid| {
        aid.expense.as_ref() == Some(&expense.id) && aid.granted_on <= day && aid.aid.is_positive()
    };
    let mut ceilings: Vec<Draw> = Vec::new();
    for aid in facts.portfolio.prior_aids.iter().filter(on_expense) {
        let other = OtherAid {
            regimes: vec![&aid.regulation],
            fund_source: None,
            measure: aid.measure.as_deref().unwrap_or_default(),
            same_authority: false,
            granted_on: aid.granted_on,
        };
        let clause = clause(facts, &other, MeetingPlace::Expense);
        let refused = |clause: Option<&Cumulation>| {
            Reason::aided_before(&facts.measure.id, clause.map(|c| &c.rule), &aid.regulation)
        };
        let Some(Cumulation { rule, effect: Meeting::Allow(ceiling), .. }) = clause else {
            return Err(refused(clause));
        };
        let room = match ceiling {
            Ceiling::Cost => cost(facts, expense),
            Ceiling::HighestIntensity(intensity) => {
                highest(facts, intensity.as_ref(), line.base, own).max(aid.aid)
            }
            Ceiling::Residual => own,
            Ceiling::NetBase => {
                line.base -= aid.aid;
                if !line.base.is_positive() {
                    return Err(refused(clause));
                }
                continue;
            }
        };
        let account = joint(expense, own_name(facts), rule, own_name(facts));
        match ceilings.iter_mut().find(|draw| draw.account == account) {
            Some(draw) => draw.room = (draw.room.min(room) - aid.aid).max(Money::ZERO),
            None => ceilings.push(draw(rule, account, (room - aid.aid).max(Money::ZERO), Vec::new(), false)),
        }
    }
    Ok(ceilings)
}

/// What a measure may give on a base at its highest: the intensity it names, or its own rates.
fn highest(facts: &Facts<'_>, intensity: Option<&crate::measure::Number>, base: Money, own: Money) -> Money {
    match intensity.map(|number| number.rate(facts)) {
        Some(Outcome::Value(rate)) => Rounding::Down.cents(rate * base.euro()),
        // An intensity that is not known allows no more than the measure's own rates.
        _ => own,
    }
}

/// The application itself, by what others name it.
fn own_name(facts: &Facts<'_>) -> Other {
    Other {
        project: facts.project.id.clone(),
        measure: facts.measure.id.clone(),
        variant: facts.variant.clone(),
    }
}

fn joint(expense: &Expense, owner: Other, rule: &Rule, other: Other) -> Account {
    Account::Joint { expense: expense.id.clone(), clause: (owner, rule.id.clone()), other }
}

fn draw(rule: &Rule, account: Account, room: Money, entries: Vec<usize>, claims: bool) -> Draw {
    let counts = Counted { entries, payer: None, grant: !claims, guarantees: !claims, claims };
    let (by_claims, closed, freed_on) = (Vec::new(), None, None);
    Draw { rule: rule.clone(), account, room, by_claims, closed, freed_on, in_part: true, counts }
}

/// An application as it is before it is tied to others.
pub(super) fn untied(application: &Application) -> Application {
    // A ceiling beside aid received before is its own, and was there before.
    let is_tie = |draw: &Draw| match &draw.account {
        Account::Joint { clause: (owner, _), other, .. } => owner != other,
        Account::Ledger { .. } | Account::Pool { .. } => false,
    };
    let mut untied = application.clone();
    untied.draws.retain(|draw| !is_tie(draw));
    untied.meets.clear();
    untied.excludes.clear();
    untied
}

/// Lets the applications know which others they may meet or stand beside, and what they draw on together.
pub(super) fn tie(portfolio: &Portfolio, measures: &[Measure], applications: &mut [Application]) {
    if measures.iter().all(|measure| measure.cumulation.is_empty()) {
        return;
    }
    let mut of_company: BTreeMap<CompanyId, Vec<usize>> = BTreeMap::new();
    for (at, application) in applications.iter().enumerate() {
        of_company.entry(application.company.clone()).or_default().push(at);
    }
    for indices in of_company.into_values() {
        for (nth, a) in indices.iter().enumerate() {
            for b in &indices[nth + 1..] {
                if applications[*a].measure != applications[*b].measure {
                    pair(portfolio, measures, applications, (*a, *b));
                }
            }
        }
    }
}

fn pair(
    portfolio: &Portfolio,
    measures: &[Measure],
    applications: &mut [Application],
    (a, b): (usize, usize),
) {
    let (one, other) = (&applications[a], &applications[b]);
    let Some(days) = days(portfolio, measures, one, other) else { return };
    let Some(met) = Met::of(portfolio, measures, [one, other], &days) else { return };
    let [(facts_one, _), (facts_other, _)] = &met.sides;
    let excluded = met.apart().any(|place| met.at(place).iter().flatten().any(|clause| clause.forbids()));
    let on_expense = met.at(MeetingPlace::Expense);
    let ceilings: Vec<Option<(&Rule, &Ceiling)>> = on_expense
        .iter()
        .map(|clause| match clause {
            Some(Cumulation { rule, effect: Meeting::Allow(ceiling), .. }) => Some((rule, ceiling)),
            _ => None,
        })
        .collect();
    let (named_one, named_other) = (one.named(), other.named());
    if excluded {
        applications[a].excludes.push(named_other);
        applications[b].excludes.push(named_one);
        return;
    }
    let [Some(by_one), Some(by_other)] = ceilings[..] else { return };
    if !met.same_project {
        return;
    }
    let mut draws: Vec<(Draw, Draw)> = Vec::new();
    let mut expenses: Vec<&Expense> =
        one.lines.iter().filter_map(|line| portfolio.expense(&line.expense)).collect();
    expenses.dedup_by(|a, b| a.id == b.id);
    for expense in expenses {
        let (lines, others) = (lines_of(one, expense), lines_of(other, expense));
        if lines.is_empty() || others.is_empty() {
            continue;
        }
        for ((rule, ceiling), facts, mine, theirs) in
            [(by_one, facts_one, &lines, &others), (by_other, facts_other, &others, &lines)]
        {
            let owner = &facts.measure.id;
            // Both sides draw on one account: it is named after the two of them.
            let ((here, of), (there, partner)) = if owner == &named_one.measure {
                ((one, &named_one), (other, &named_other))
            } else {
                ((other, &named_other), (one, &named_one))
            };
            let account = joint(expense, of.clone(), rule, partner.clone());
            let base = |line: &usize| here.lines[*line].base;
            let by_lines = |amount: &dyn Fn(&usize) -> Money| -> Vec<(Other, usize, Money)> {
                mine.iter().map(|line| (of.clone(), *line, amount(line))).collect()
            };
            let by_claims = match ceiling {
                Ceiling::Cost => Vec::new(),
                Ceiling::HighestIntensity(intensity) => {
                    let own = by_lines(&|line| {
                        highest(facts, intensity.as_ref(), base(line), by_rates(here, *line))
                    });
                    let its = theirs.iter().map(|line| (partner.clone(), *line, by_rates(there, *line)));
                    own.into_iter().chain(its).collect()
                }
                Ceiling::Residual => by_lines(&|line| by_rates(here, *line)),
                Ceiling::NetBase => by_lines(&base),
            };
            let room = by_claims.iter().map(|(_, _, amount)| *amount).max();
            let room = room.unwrap_or_else(|| cost(facts, expense));
            let net = *ceiling == Ceiling::NetBase;
            let of_claims = |draw: Draw| Draw { by_claims: by_claims.clone(), ..draw };
            let own_draw = of_claims(draw(rule, account.clone(), room, mine.clone(), net));
            let its_draw = of_claims(draw(rule, account, room, theirs.clone(), false));
            draws.push(if owner == &named_one.measure { (own_draw, its_draw) } else { (its_draw, own_draw) });
        }
    }
    applications[a].meets.push(named_other);
    applications[b].meets.push(named_one);
    for (of_a, of_b) in draws {
        applications[a].draws.push(of_a);
        applications[b].draws.push(of_b);
    }
}

fn lines_of(application: &Application, expense: &Expense) -> Vec<usize> {
    (0..application.lines.len()).filter(|line| application.lines[*line].expense == expense.id).collect()
}

/// What an application gives on a line by its rates.
fn by_rates(application: &Application, line: usize) -> Money {
    Rounding::Down.cents(application.aid_rate(line) * application.lines[line].base.euro())
}
