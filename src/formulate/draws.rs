//! Draws: what applications take from ledgers, pools and joint ceilings stays within what is left there (S11, S13, S15).
//!
//! Sets: accounts `b`, draws `s` of applications `a` on `b`, days `t` of grants that draw on `b`, parts `P[s]` (the entries a draw counts, of one
//! payer where it says so). Variables: grant `g[a]`, admitted `x[e]`; drawn `p[s]` where a draw counts a part. `r[e]` is what a euro of an entry
//! brings by rates, through the derived items it feeds too, `n` the cents by which the pieces counted may lie above their rates.
//!
//! ```text
//! sum over s on b granted in the window of t: q[s] <= room[b,t]        for every b and t that the draws can exceed
//! q[s] = g[a] (+ the aid in guarantees),  p[s],  or the claims         for draws on all, on parts, on claims
//! p[s] <= sum over e in P[s]: r[e] x[e] + 0.01 n
//! g[a] <= sum over s: p[s] + sum over e: rest[e] x[e] + 0.01 n          where the parts are apart; rest: r[e] less what they count of it
//! ```
//!
//! The grant is shared over pieces in a fixed way, the model shares it as it likes: a relaxation. A row stands only where later grants find no
//! less room than earlier ones, so that it holds whether or not something is granted on that very day. The aid in guarantees on parts is left out. An account
//! that cannot bind has no row, so that clients stay independent; a joint ceiling has more room as long as one of the two does not claim the expense, or their
//! claims lie side by side. Where a draw
//! pays in part, `g` is what is paid.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::draft::{CENT, Draft, named};
use super::expression::Expression;
use crate::eligibility::{Account, Application, Draw, Payout};
use crate::program::Kind;

const FAMILY: &str = "draw";

/// A draw by the numbers of its application and its place there.
type At = (usize, usize);

fn accounts(applications: &[Application]) -> BTreeMap<&Account, Vec<At>> {
    let mut accounts: BTreeMap<&Account, Vec<At>> = BTreeMap::new();
    for (a, application) in applications.iter().enumerate() {
        for (nth, draw) in application.draws.iter().enumerate() {
            accounts.entry(&draw.account).or_default().push((a, nth));
        }
    }
    accounts
}

/// By application: whether a draw can refuse it whole.
pub(super) fn can_refuse(draft: &Draft<'_>) -> Vec<bool> {
    let mut refusable = vec![false; draft.applications.len()];
    for draws in accounts(draft.applications).into_values() {
        let demand: Decimal = draws.iter().map(|at| most(draft, *at)).sum();
        for (a, nth) in draws {
            let draw = &draft.applications[a].draws[nth];
            refusable[a] |= !draw.in_part && demand > draw.room.euro();
        }
    }
    refusable
}

/// The most a draw can take.
fn most(draft: &Draft<'_>, (a, nth): At) -> Decimal {
    let application = &draft.applications[a];
    let counts = &application.draws[nth].counts;
    if counts.claims {
        return counts.entries.iter().map(|entry| application.lines[*entry].base.euro()).sum();
    }
    let grant = draft.program.columns[draft.columns[a].grant].upper;
    let guarantees = draft.highest(&draft.guarantees[a]);
    (if counts.grant { grant } else { Decimal::ZERO })
        + (if counts.guarantees { guarantees } else { Decimal::ZERO })
}

pub(super) fn rows(draft: &mut Draft<'_>) {
    let applications = draft.applications;
    let mut parts: BTreeMap<At, Expression> = BTreeMap::new();
    for (account, draws) in accounts(applications) {
        let mut days: Vec<NaiveDate> = draws.iter().map(|(a, _)| applications[*a].granted_on).collect();
        days.sort_unstable();
        days.dedup();
        let mut most_room = Decimal::MIN;
        for day in days {
            let on_day = |(a, _): &&At| applications[*a].granted_on == day;
            let of = |(a, nth): &At| &applications[*a].draws[*nth];
            let today = || draws.iter().filter(on_day).map(of);
            let room = today().map(|draw| draw.room.euro()).max().unwrap_or_default();
            let closed = today().filter_map(|draw| draw.closed).min();
            let rises = room >= most_room;
            most_room = most_room.max(room);
            let within = |(a, _): &&At| {
                let granted = applications[*a].granted_on;
                granted <= day && closed.is_none_or(|closed| granted > closed)
            };
            let window: Vec<At> = draws.iter().filter(within).copied().collect();
            let demand: Decimal = window.iter().map(|at| most(draft, *at)).sum();
            if !rises || demand <= room {
                continue;
            }
            let drawn: Expression = window.into_iter().map(|at| drawn(draft, at, &mut parts)).sum();
            let day = day.to_string();
            let mut label = vec![account.name()];
            label.extend(account.holder());
            label.push(&day);
            let mut slack = Expression::default();
            if let Account::Joint { expense, clause, other } = account {
                label.extend([clause.0.measure.as_str(), clause.1.as_str(), other.measure.as_str()]);
                if clause.0 != *other {
                    let side_by_side = draft.side_by_side.get(expense);
                    let apart = side_by_side.map(|column| Expression::column(*column)).unwrap_or_default();
                    slack = (together(draft, &draws) + apart) * (demand - room);
                }
            }
            let picks: Vec<String> = match account {
                Account::Joint { clause, other, .. } => {
                    let picks = clause.0.variant.picks.iter().chain(&other.variant.picks);
                    picks.map(|pick| format!("{}={}", pick.key(), pick.option)).collect()
                }
                _ => Vec::new(),
            };
            label.extend(picks.iter().map(String::as_str));
            draft.at_most(FAMILY, named(FAMILY, &label), drawn, slack + room.into());
        }
    }
    let used: Vec<usize> = parts.keys().map(|(a, _)| *a).collect();
    for at in 0..applications.len() {
        if used.contains(&at) {
            cover(draft, at, &parts);
        }
    }
}

/// Zero where both applications of a joint ceiling claim the expense, one or two where one of them or neither does: alone neither is held.
fn together(draft: &Draft<'_>, draws: &[At]) -> Expression {
    let mut apart = Expression::default();
    for (a, nth) in draws {
        let entries = &draft.applications[*a].draws[*nth].counts.entries;
        let claims = entries.iter().filter_map(|line| draft.columns[*a].lines.get(*line)?.claim);
        // An expense with several lines has a claim for each.
        let claimed: Expression = claims.map(Expression::column).sum();
        apart += Expression::from(Decimal::ONE) - claimed;
    }
    apart
}

/// What a draw takes.
fn drawn(draft: &mut Draft<'_>, (at, nth): At, parts: &mut BTreeMap<At, Expression>) -> Expression {
    let application = &draft.applications[at];
    let draw = &application.draws[nth];
    if draw.counts.claims {
        return draft.sum(at, &draw.counts.entries);
    }
    if application.draws_in_full(draw) {
        let mut sum = Expression::default();
        if draw.counts.grant {
            sum += Expression::column(draft.columns[at].grant);
        }
        if draw.counts.guarantees {
            sum += draft.guarantees[at].clone();
        }
        return sum;
    }
    if !draw.counts.grant {
        return Expression::default();
    }
    if let Some(part) = parts.get(&(at, nth)) {
        return part.clone();
    }
    let upper = draft.program.columns[draft.columns[at].grant].upper;
    let label = format!("{},{nth}", draw.rule.id);
    let part = Expression::column(draft.helper(at, Kind::Real, "drawn", &label, upper));
    if by_rates(application) {
        let rates = part_rates(application, draw);
        let aid = weighted(draft, at, &rates) + slack(application, draw).into();
        let name = draft.name(at, FAMILY, &[&label, "part"]);
        draft.at_most(FAMILY, name, part.clone(), aid);
    }
    parts.insert((at, nth), part.clone());
    part
}

/// The grant is covered by the parts, where these are apart, and by what stands in none of them.
fn cover(draft: &mut Draft<'_>, at: usize, parts: &BTreeMap<At, Expression>) {
    let application = &draft.applications[at];
    if !by_rates(application) {
        return;
    }
    // Draws of one part (a ledger and a pool on the same items, say) are alike: each set of disjoint parts covers.
    let mut open: Vec<At> = parts.keys().filter(|(a, _)| *a == at).copied().collect();
    while !open.is_empty() {
        let mut covered = vec![false; application.lines.len()];
        // What the parts leave of a line: it may feed a derived item that they do not count.
        let mut rest = line_rates(application, None);
        let mut grant = Expression::default();
        let mut left = Vec::new();
        let mut number = 0;
        for key in open {
            let draw = &application.draws[key.1];
            let lines = part_lines(application, draw);
            if lines.iter().any(|line| covered[*line]) {
                left.push(key);
                continue;
            }
            for line in lines {
                covered[line] = true;
            }
            for (rest, rate) in rest.iter_mut().zip(part_rates(application, draw)) {
                *rest -= rate;
            }
            grant += parts[&key].clone();
            number = key.1;
        }
        let cents = if rest.iter().all(Decimal::is_zero) { 0 } else { application.entries() };
        let rest = weighted(draft, at, &rest) + (CENT * Decimal::from(cents)).into();
        let name = draft.name(at, FAMILY, &["cover", &number.to_string()]);
        let paid = Expression::column(draft.columns[at].grant);
        draft.at_most(FAMILY, name, paid, grant + rest);
        open = left;
    }
}

/// Whether the whole grant comes by rates.
fn by_rates(application: &Application) -> bool {
    use crate::measure::Form;
    let grants = application.components.iter().filter(|component| component.form == Form::Grant);
    let nothing = |payout: &Payout| matches!(payout, Payout::Fixed(amount) if amount.is_zero());
    grants
        .into_iter()
        .all(|component| matches!(component.payout, Payout::Rate(_)) || nothing(&component.payout))
}

/// By how much what a draw counts may lie above its rates: a cent an entry, and one more where a derived item is shared over payers.
fn slack(application: &Application, draw: &Draw) -> Decimal {
    let lines = application.lines.len();
    let cents = draw.counts.entries.iter().map(|entry| match (*entry < lines, &draw.counts.payer) {
        (true, _) => usize::from(is_paid_by(application, draw, *entry)),
        (false, None) => 1,
        (false, Some(_)) => 2,
    });
    CENT * Decimal::from(cents.sum::<usize>())
}

/// The lines a draw counts, directly or through derived items it counts.
fn part_lines(application: &Application, draw: &Draw) -> Vec<usize> {
    let rates = part_rates(application, draw);
    let counted = |line: &usize| draw.counts.entries.contains(line) && is_paid_by(application, draw, *line);
    (0..rates.len()).filter(|line| !rates[*line].is_zero() || counted(line)).collect()
}

/// What a euro of each line brings to a draw.
fn part_rates(application: &Application, draw: &Draw) -> Vec<Decimal> {
    let mut rates = line_rates(application, Some(&draw.counts.entries));
    for (line, rate) in rates.iter_mut().enumerate() {
        if !is_paid_by(application, draw, line) {
            *rate = Decimal::ZERO;
        }
    }
    rates
}

/// Whether a line is paid by the member whose share a draw counts, if it counts that of one.
fn is_paid_by(application: &Application, draw: &Draw, line: usize) -> bool {
    draw.counts.payer.as_ref().is_none_or(|payer| *payer == application.lines[line].payer)
}

/// What a euro of each line brings by rates, through the derived items it feeds too; only on these entries.
fn line_rates(application: &Application, entries: Option<&[usize]>) -> Vec<Decimal> {
    let lines = application.lines.len();
    let counts = |entry: usize| entries.is_none_or(|entries| entries.binary_search(&entry).is_ok());
    let paid = |entry: usize| if counts(entry) { application.aid_rate(entry) } else { Decimal::ZERO };
    let with_fed = |line: usize| {
        let fed = application.fed_by(line).into_iter().enumerate();
        paid(line) + fed.map(|(at, fed)| fed * paid(lines + at)).sum::<Decimal>()
    };
    (0..lines).map(with_fed).collect()
}

fn weighted(draft: &Draft<'_>, at: usize, rates: &[Decimal]) -> Expression {
    let lines = rates.iter().enumerate().filter(|(_, rate)| !rate.is_zero());
    lines.map(|(line, rate)| Expression::column(draft.entry(at, line)) * *rate).sum()
}
