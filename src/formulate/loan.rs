//! The loan: what is lent, so that caps that count it or a guarantee on it leave the grants what the authority leaves them (S12).
//!
//! Sets: the loan of an application with entries `of`, terms `t` of `at_most` and `u` of `covers`, each with its value `f[t]`. Variables: lent `L`,
//! admitted `x[e]`, grant `g`, binary `b` (something is lent); `R` the loan asked for, `n` the least that is lent.
//!
//! ```text
//! L <= f[t]                                       for every t; every u of a complement
//! L + g <= f[u] + h (1 - b)                       for every u
//! L <= m b,   sum over e in of: x[e] >= 0.01 b    where more lent could help
//! n b <= L                                        chosen
//! ```
//!
//! Where less lent could help (a cap counts it, or a test) one of these holds, with binaries as in `no_dodging`:
//!
//! ```text
//! sum over e in of: x[e] <= 0                     unless some t says so
//! L >= f[t] - 0.01                                for every t
//! L >= R                                          requested
//! L >= f[u] - 0.01 - p                            for every u: complement
//! L >= n   or   f[t] < n                          chosen
//! ```
//!
//! `p` is the grant with a cent more lent, which is too much for some `u`: at most what caps leave then. A chosen loan costs no cent of grant, so where
//! nothing else could gain from it `L` is `n b`.

use rust_decimal::Decimal;

use super::caps::Capped;
use super::draft::{CENT, Draft};
use super::expression::Expression;
use super::grant;
use super::no_dodging::hold;
use super::payout::Aid;
use super::trim::ceiling;
use crate::assess::caps_are_nested;
use crate::eligibility::{Application, Component, Loan, LoanAmount, Payout, Term};
use crate::measure::{Bound, Effect, Form};
use crate::program::Kind;
use crate::rounding::Rounding;

const FAMILY: &str = "loan";

/// The columns of a loan.
pub(super) struct Lent {
    /// What is lent.
    column: usize,
    /// One where something is, where a rule asks.
    gate: Option<Expression>,
}

/// The loan of an application, with its component.
fn of(application: &Application) -> Option<(&Component, &Loan)> {
    application.components.iter().find_map(|component| match &component.payout {
        Payout::Loan(loan) => Some((component, loan)),
        _ => None,
    })
}

/// By component: whether it hangs on the loan.
fn hanging(application: &Application) -> Vec<bool> {
    let mut hanging: Vec<bool> = Vec::with_capacity(application.components.len());
    for component in &application.components {
        hanging.push(match &component.payout {
            Payout::Loan(_) => true,
            Payout::Share { components, rate } => {
                !rate.is_zero() && components.iter().any(|earlier| hanging[*earlier])
            }
            _ => false,
        });
    }
    hanging
}

/// Whether less lent could bring more: a cap, a ceiling or an account counts what hangs on it.
fn is_resented(application: &Application, exact: bool) -> bool {
    let hanging = hanging(application);
    let components = application.components.iter().zip(&hanging);
    let eats =
        |component: &usize| hanging[*component] && application.components[*component].form != Form::Grant;
    let capped = application.aid_limits.iter().any(|l| l.effect == Effect::Trim && l.of.iter().any(eats));
    let mut guarantees = components.filter(|(c, hangs)| **hangs && c.form == Form::Guarantee);
    let drawn = application.draws.iter().any(|draw| draw.counts.guarantees) && guarantees.next().is_some();
    exact || capped || drawn
}

/// Whether more lent could bring more: a grant is a share of it, or a floor counts what hangs on it.
fn is_welcome(application: &Application, exact: bool) -> bool {
    let hanging = hanging(application);
    let grants =
        application.components.iter().zip(&hanging).any(|(c, hangs)| *hangs && c.form == Form::Grant);
    let floors = application
        .aid_limits
        .iter()
        .any(|limit| limit.bound == Bound::AtLeast && limit.of.iter().any(|component| hanging[*component]));
    exact || grants || floors || !caps_are_nested(application)
}

/// What is lent, with the rows that keep it down, and those that hold it up but for a complement.
pub(super) fn payout(
    draft: &mut Draft<'_>,
    at: usize,
    component: &Component,
    loan: &Loan,
    exact: bool,
) -> Expression {
    let application = &draft.applications[at];
    let mut most = draft.reach[at].loan(&component.of, loan);
    let (resented, welcome) = (is_resented(application, exact), is_welcome(application, exact));
    let idle = !welcome && matches!(&loan.amount, LoanAmount::Chosen(least) if !resented || least.is_zero());
    if most.is_zero() || idle {
        return Expression::default();
    }
    let rule = component.rule.id.as_str();
    let chosen = match &loan.amount {
        LoanAmount::Chosen(least) => Some(least.euro()),
        _ => None,
    };
    let gate = (welcome || chosen.is_some()).then(|| {
        let lent = Expression::column(draft.helper(at, Kind::Binary, "lends", rule, Decimal::ONE));
        let name = draft.name(at, FAMILY, &[rule, "admitted"]);
        let admitted = draft.sum(at, &component.of);
        draft.at_least(FAMILY, name, admitted, lent.clone() * CENT);
        lent
    });
    if let (Some(least), false) = (chosen, welcome) {
        most = least;
    }
    let column = draft.helper(at, Kind::Cents, "lent", rule, most);
    draft.lent[at] = Some(Lent { column, gate: gate.clone() });
    let lent = Expression::column(column);
    let open = gate.unwrap_or_else(|| draft.made(at));
    let name = draft.name(at, FAMILY, &[rule, "open"]);
    draft.at_most(FAMILY, name, lent.clone(), open.clone() * most);
    if let Some(least) = chosen {
        let name = draft.name(at, FAMILY, &[rule, "least"]);
        draft.at_least(FAMILY, name, lent.clone(), open * least);
    }
    let made = draft.made(at);
    for (number, term) in terms(loan).enumerate() {
        let label = format!("{rule},{}", number + 1);
        ceiling(draft, at, FAMILY, &label, lent.clone(), term, &Expression::default(), &made);
    }
    let floor = match &loan.amount {
        LoanAmount::Requested(_) => most,
        LoanAmount::Chosen(least) => least.euro(),
        LoanAmount::Complement(_) => return lent,
    };
    if resented && !floor.is_zero() {
        let mut floors = vec![Expression::from(floor)];
        floors.extend(unless(draft, at, component, loan, &lent));
        hold(draft, FAMILY, at, rule, &lent, floors);
    }
    lent
}

/// The terms that what is lent never exceeds.
fn terms(loan: &Loan) -> impl Iterator<Item = &Term> {
    let covers = match &loan.amount {
        LoanAmount::Complement(covers) => covers.as_slice(),
        _ => &[],
    };
    loan.at_most.iter().chain(covers)
}

/// Why less may be lent than is asked for, or is least: as floors of what is lent.
fn unless(
    draft: &Draft<'_>,
    at: usize,
    component: &Component,
    loan: &Loan,
    lent: &Expression,
) -> Vec<Expression> {
    let inside =
        |term: &Term| term.shares.iter().all(|(_, set)| set.iter().all(|e| component.of.contains(e)));
    let mut floors = Vec::new();
    if !loan.at_most.iter().any(|term| term.euro <= Decimal::ZERO && inside(term)) {
        floors.push(lent.clone() + draft.sum(at, &component.of));
    }
    let constant = |term: &Term| term.shares.is_empty();
    for term in loan.at_most.iter().filter(|term| !constant(term) || is_complement(loan)) {
        let edge = draft.cut_term(at, term);
        floors.push(match &loan.amount {
            LoanAmount::Chosen(least) => lent.clone() + edge - (least.euro() - CENT).into(),
            _ => edge,
        });
    }
    floors
}

fn is_complement(loan: &Loan) -> bool {
    matches!(loan.amount, LoanAmount::Complement(_))
}

/// The rows of a complement that hang on the grant.
pub(super) fn complement(draft: &mut Draft<'_>, at: usize, aid: &Aid, capped: &Capped<'_>, exact: bool) {
    let application = &draft.applications[at];
    let Some((component, loan)) = of(application) else { return };
    let LoanAmount::Complement(covers) = &loan.amount else { return };
    let Some(Lent { column, gate }) = draft.lent[at].as_ref() else { return };
    let (column, gate) = (*column, gate.clone());
    let lent = Expression::column(column);
    let rule = component.rule.id.as_str();
    let grants = (0..application.components.len()).filter(|c| application.components[*c].form == Form::Grant);
    let grants: Expression = grants.map(|c| aid.component(c)).sum();

    // Where something is lent, the grants stay within what is covered beside it; grants alone may exceed it.
    let alone = Expression { constant: grants.constant, ..grants.over(|c| c != column) };
    let (grant, made) = (draft.columns[at].grant, draft.made(at));
    let both = lent.clone() + Expression::column(grant);
    for (number, term) in covers.iter().enumerate() {
        let above = alone.clone() - draft.shares(at, term) - term.euro.into();
        let within = application.rounding == Rounding::Down && draft.highest(&above) <= Decimal::ZERO;
        let slack = match &gate {
            _ if within => Expression::default(),
            Some(gate) => (made.clone() - gate.clone()) * draft.program.columns[grant].upper,
            None => continue,
        };
        let label = format!("{rule},covers,{}", number + 1);
        ceiling(draft, at, FAMILY, &label, both.clone() - slack, term, &Expression::default(), &made);
    }
    // Where caps cross, more lent may bring any amount more of grant.
    if !is_resented(application, exact) || !caps_are_nested(application) {
        return;
    }
    let rise = grants.times(column) * CENT;
    let most = draft.reach[at].grant(application);
    let more = Expression::column(draft.helper(at, Kind::Cents, "more", rule, most));
    let aid = capped.total() + rise.into();
    let added = grant::added(draft, at, &aid);
    let name = draft.name(at, FAMILY, &[rule, "more"]);
    draft.at_most(FAMILY, name, more.clone(), aid + added.into());
    for (number, (limit, beside)) in capped.on_grant.iter().enumerate() {
        let eaten = Some(beside.times(column)).filter(|rate| *rate <= Decimal::ONE).unwrap_or_default();
        // Only where it is made: elsewhere the cent would forbid not making it.
        let beside = beside.clone() + made.clone() * (eaten * CENT);
        for (place, term) in limit.terms.iter().enumerate() {
            let label = format!("{rule},more,{},{}", number + 1, place + 1);
            let added = if beside.is_zero() { Decimal::ZERO } else { grant::added(draft, at, &beside) };
            let left = more.clone() - added.into();
            ceiling(draft, at, FAMILY, &label, left, term, &beside, &made);
        }
    }
    let mut floors = unless(draft, at, component, loan, &lent);
    floors.extend(covers.iter().map(|term| draft.cut_term(at, term) - more.clone()));
    hold(draft, FAMILY, at, rule, &lent, floors);
}

/// The smallest value of an expression: as [`Draft::lowest`], with what is lent within its terms.
pub(super) fn lowest(draft: &Draft<'_>, at: usize, expression: &Expression) -> Decimal {
    let plain = draft.lowest(expression);
    let (Some((_, loan)), Some(lent)) = (of(&draft.applications[at]), &draft.lent[at]) else { return plain };
    let column = lent.column;
    let taken = expression.times(column);
    if taken >= Decimal::ZERO {
        return plain;
    }
    let others = Expression { constant: expression.constant, ..expression.over(|c| c != column) };
    let within = terms(loan).filter_map(|term| {
        let most = draft.shares(at, term) + term.euro.into();
        (draft.lowest(&most) >= Decimal::ZERO).then(|| draft.lowest(&(others.clone() + most * taken)))
    });
    within.fold(plain, Decimal::max)
}
