//! Cumulation: which aids may meet on an expense, in a project, in a company, and up to what (S13).

use chrono::NaiveDate;

use super::admission::value;
use super::application::Application;
use super::base;
use super::choices;
use super::draws::{Account, Accounts, Asking, Draw};
use super::exact;
use super::findings::{Findings, cited};
use super::parts;
use super::pieces::Piece;
use crate::allocation::Reason;
use crate::ids::ExpenseId;
use crate::measure::{Ceiling, Cumulation, Facts, Meeting, MeetingPlace, Number, Truth};
use crate::money::Money;
use crate::portfolio::{Expense, PriorAid};

/// Other aid, as a clause looks at it.
struct Other<'a> {
    regimes: Vec<&'a str>,
    fund_source: Option<&'a str>,
    measure: &'a str,
    authority: Option<&'a str>,
    granted_on: Option<NaiveDate>,
}

impl<'a> Other<'a> {
    fn application(facts: &Facts<'a>) -> Other<'a> {
        Other {
            regimes: choices::regimes(facts.measure, facts.variant),
            fund_source: facts.measure.fund_source.as_deref(),
            measure: facts.measure.id.as_str(),
            authority: Some(&facts.measure.authority),
            granted_on: facts.calendar.granted_on,
        }
    }

    fn prior(aid: &'a PriorAid) -> Other<'a> {
        Other {
            regimes: vec![&aid.regulation],
            fund_source: None,
            measure: aid.measure.as_deref().unwrap_or_default(),
            authority: None,
            granted_on: Some(aid.granted_on),
        }
    }
}

/// The first clause of a measure about other aid at a place.
fn clause<'a>(facts: &Facts<'a>, other: &Other<'_>, place: MeetingPlace) -> Option<&'a Cumulation> {
    let later = facts.calendar.granted_on.max(other.granted_on);
    let same_authority = other.authority == Some(&facts.measure.authority);
    facts.measure.cumulation.iter().find(|clause| {
        let truth = clause.when.evaluate(facts);
        let holds = match clause.effect {
            Meeting::Forbid => truth != Truth::False,
            Meeting::Allow(_) => truth.holds(),
        };
        clause.scope == place
            && clause.with.fits(&other.regimes, other.fund_source, other.measure, same_authority)
            && holds
            && clause.from.is_none_or(|from| later >= Some(from))
    })
}

/// The ceiling of a clause that allows.
fn allowed(clause: Option<&Cumulation>) -> Option<(&Cumulation, &Ceiling)> {
    match clause {
        Some(clause) => match &clause.effect {
            Meeting::Allow(ceiling) => Some((clause, ceiling)),
            Meeting::Forbid => None,
        },
        None => None,
    }
}

/// Aid received before on an expense, up to the day of the grant.
fn prior_aids<'a>(facts: &Facts<'a>, expense: &ExpenseId) -> impl Iterator<Item = &'a PriorAid> {
    let day = facts.calendar.granted_on;
    facts.portfolio.prior_aids.iter().filter(move |aid| {
        aid.expense.as_ref() == Some(expense) && aid.aid.is_positive() && Some(aid.granted_on) <= day
    })
}

/// What aid received before on the expense leaves of a base; an error where it may not be added to.
pub(super) fn base_beside_prior_aid(
    facts: &Facts<'_>,
    expense: &Expense,
    mut base: Money,
) -> Result<Money, Reason> {
    for aid in prior_aids(facts, &expense.id) {
        let clause = clause(facts, &Other::prior(aid), MeetingPlace::Expense);
        let refused =
            || Reason::aided_before(&facts.measure.id, clause.map(|clause| &clause.rule), &aid.regulation);
        let (_, ceiling) = allowed(clause).ok_or_else(refused)?;
        if *ceiling == Ceiling::NetBase {
            base -= aid.aid;
            if !base.is_positive() {
                return Err(refused());
            }
        }
    }
    Ok(base)
}

/// What the rates of an application give on the base of a line.
fn by_own_rates(application: &Application<'_>, line: usize) -> Money {
    let rate = application.places[line].aid_rate;
    exact::floor_cents(exact::product(rate, application.lines[line].base.euro()))
}

/// What an intensity gives on the base of a line: that of the clause, where it has a value, else the rates of the application.
fn by_intensity(application: &Application<'_>, line: usize, intensity: Option<&Number>) -> Money {
    let facts = application.case.facts;
    let of_line = application.lines[line];
    let item = application.case.measure.items[of_line.item].id.as_str();
    let named =
        intensity.and_then(|number| value(number.rate(&facts.about(of_line.expense).under(item))).ok());
    named.map_or_else(
        || by_own_rates(application, line),
        |rate| exact::floor_cents(exact::product(rate, of_line.base.euro())),
    )
}

/// The draws on joint ceilings: beside aid received before by expense, then by the other measure, expense and measure of the clause.
pub(super) fn draws<'a>(
    asking: &[Asking<'_, 'a>],
    index: usize,
    pieces: &[Piece<'a>],
    accounts: &Accounts<'a>,
) -> Vec<Draw<'a>> {
    let application = asking[index].application;
    let draw = |clause: &'a Cumulation, account: Account<'a>, line: usize, ceiling: Money| {
        let drawn: Money = accounts.get(&account).into_iter().flatten().map(|(_, amount)| *amount).sum();
        Draw {
            rule: &clause.rule.id,
            account,
            room: (ceiling - drawn).max(Money::ZERO),
            counted: (0..pieces.len()).filter(|at| pieces[*at].place == line).collect(),
            grants: true,
            guarantees: true,
            claim: None,
            refuses: false,
            freed_on: None,
        }
    };
    let mut draws = Vec::new();
    for line in 0..application.lines.len() {
        for (clause, room) in beside_prior_aid(application, line) {
            let expense = &application.lines[line].expense.id;
            let of = &application.case.measure.id;
            let account = Account::Joint { expense, of, clause: &clause.rule.id, other: None };
            draws.push(draw(clause, account, line, room));
        }
    }
    for (at, other) in asking.iter().enumerate() {
        for (line, of_other) in shared(application, other.application) {
            if parts::lie_apart(asking, application.lines[line].expense) {
                continue;
            }
            let mut sides = [(index, line, at, of_other), (at, of_other, index, line)];
            sides.sort_by_key(|(owner, ..)| &asking[*owner].application.case.measure.id);
            for (owner, its_line, partner, partner_line) in sides {
                let (own, others) = (asking[owner].application, asking[partner].application);
                let seen = Other::application(&others.case.facts);
                let clause = clause(&own.case.facts, &seen, MeetingPlace::Expense);
                let Some((clause, ceiling)) = allowed(clause) else { continue };
                let expense = own.lines[its_line].expense;
                let most = match ceiling {
                    Ceiling::Cost => base::cost(&own.case.facts, expense),
                    Ceiling::HighestIntensity(intensity) => by_intensity(own, its_line, intensity.as_ref())
                        .max(by_own_rates(others, partner_line)),
                    Ceiling::Residual => by_own_rates(own, its_line),
                    Ceiling::NetBase => own.lines[its_line].base,
                };
                let account = Account::Joint {
                    expense: &expense.id,
                    of: &own.case.measure.id,
                    clause: &clause.rule.id,
                    other: Some(&others.case.measure.id),
                };
                // On its net base a measure draws what is claimed of it.
                let nets = owner == index && *ceiling == Ceiling::NetBase;
                let claim = nets.then(|| (line, asking[index].claims[line]));
                draws.push(Draw {
                    claim,
                    grants: !nets,
                    guarantees: !nets,
                    ..draw(clause, account, line, most)
                });
            }
        }
    }
    draws
}

/// The ceilings on a line that has had aid before, each with what that aid leaves: the aids under one clause count together.
fn beside_prior_aid<'a>(application: &Application<'a>, line: usize) -> Vec<(&'a Cumulation, Money)> {
    let facts = application.case.facts;
    let expense = application.lines[line].expense;
    let mut ceilings: Vec<(&Cumulation, Money, Money)> = Vec::new();
    for aid in prior_aids(&facts, &expense.id) {
        let Some((clause, ceiling)) = allowed(clause(&facts, &Other::prior(aid), MeetingPlace::Expense))
        else {
            continue;
        };
        let most = match ceiling {
            Ceiling::Cost => base::cost(&facts, expense),
            Ceiling::HighestIntensity(intensity) => {
                by_intensity(application, line, intensity.as_ref()).max(aid.aid)
            }
            Ceiling::Residual => by_own_rates(application, line),
            Ceiling::NetBase => continue,
        };
        match ceilings.iter_mut().find(|(known, ..)| std::ptr::eq(*known, clause)) {
            Some((_, least, sum)) => (*least, *sum) = ((*least).min(most), *sum + aid.aid),
            None => ceilings.push((clause, most, aid.aid)),
        }
    }
    ceilings.into_iter().map(|(clause, most, sum)| (clause, (most - sum).max(Money::ZERO))).collect()
}

/// The lines of two applications on one expense, by expense; none where they are one. An expense is of one project: of two others, none of thousands of clients is looked at.
fn shared(one: &Application<'_>, other: &Application<'_>) -> Vec<(usize, usize)> {
    let same_project = one.case.facts.project.id == other.case.facts.project.id;
    if !same_project || one.case.measure.id == other.case.measure.id {
        return Vec::new();
    }
    let same = |line: usize| {
        let expense = &one.lines[line].expense.id;
        Some((line, other.lines.iter().position(|of_other| of_other.expense.id == *expense)?))
    };
    (0..one.lines.len()).filter_map(same).collect()
}

/// Whether the claims on an expense lie side by side, or every two of them may meet on it.
pub(super) fn may_stand(asking: &[Asking<'_, '_>], expense: &Expense) -> bool {
    let takes = |of: &&Asking<'_, '_>| of.application.lines.iter().any(|line| line.expense.id == expense.id);
    let claiming: Vec<&Application<'_>> = asking.iter().filter(takes).map(|of| of.application).collect();
    let meets = |(at, one): (usize, &&Application<'_>)| {
        claiming[at + 1..].iter().all(|other| {
            let facts = [&one.case.facts, &other.case.facts];
            let seen = [Other::application(facts[1]), Other::application(facts[0])];
            let mut sides = facts.iter().zip(&seen);
            sides.all(|(facts, other)| allowed(clause(facts, other, MeetingPlace::Expense)).is_some())
        })
    };
    claiming.len() < 2 || parts::lie_apart(asking, expense) || claiming.iter().enumerate().all(meets)
}

/// Applications of one company meet only where both measures let them, or their claims lie side by side.
pub(super) fn check(asking: &[Asking<'_, '_>], findings: &mut Findings) {
    for at in 0..asking.len() {
        for other in at + 1..asking.len() {
            check_pair(asking, (at, other), findings);
        }
    }
}

fn check_pair(asking: &[Asking<'_, '_>], (at, of_at): (usize, usize), findings: &mut Findings) {
    let (one, other) = (asking[at].application, asking[of_at].application);
    let (facts, of_other) = (&one.case.facts, &other.case.facts);
    let same_project = facts.project.id == of_other.project.id;
    if facts.company.id != of_other.company.id || facts.measure.id == of_other.measure.id {
        return;
    }
    let sides = [(facts, Other::application(of_other)), (of_other, Other::application(facts))];
    let places = [(MeetingPlace::Company, true), (MeetingPlace::Project, same_project)];
    for (place, _) in places.into_iter().filter(|(_, meet)| *meet) {
        for (facts, other) in &sides {
            let clause = clause(facts, other, place).filter(|clause| clause.effect == Meeting::Forbid);
            if let Some(clause) = clause {
                let found = format!("'{}' beside '{}'", facts.measure.id, other.measure);
                findings.note(
                    cited(&facts.measure.id, &clause.rule.id),
                    "applications",
                    found,
                    "one of them",
                );
            }
        }
    }
    for (line, _) in shared(one, other) {
        let expense = one.lines[line].expense;
        if parts::lie_apart(asking, expense) {
            continue;
        }
        for (facts, other) in &sides {
            let clause = clause(facts, other, MeetingPlace::Expense);
            if allowed(clause).is_none() {
                let rule = clause.map_or_else(|| "S13".into(), |c| cited(&facts.measure.id, &c.rule.id));
                let found = format!("{} under '{}' and '{}'", expense.id, facts.measure.id, other.measure);
                let divisible = [at, of_at].iter().all(|index| parts::is_divisible(&asking[*index], expense));
                let expected = if divisible {
                    format!("one of them, or parts of {} at most", expense.net_amount)
                } else {
                    "one of them".into()
                };
                findings.note(rule, "expenses", found, expected);
            }
        }
    }
}
