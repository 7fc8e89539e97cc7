//! Full enumeration of the plans of a tiny portfolio, in exact arithmetic: the oracle.
//!
//! It shares `eligibility` and `assess` (the authority's arithmetic, S7) with the engine and nothing else: every claim of every line, cent by cent under
//! `any_part`, all or nothing under `whole`, is tried, and the rules that join applications (S6, S15, counts over a company) are
//! applied here once more.

#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use grantfolio::assess::{Assessment, Piece, assess, pieces, things_present};
use grantfolio::eligibility::{Account, Application, Draw};
use grantfolio::ids::ExpenseId;
use grantfolio::measure::Claim;
use grantfolio::money::Money;
use grantfolio::rounding::{Rounding, apportion};

/// The largest objective any plan reaches.
pub fn best(applications: &[Application]) -> Money {
    let mut expenses: Vec<&ExpenseId> =
        applications.iter().flat_map(|a| a.lines.iter().map(|l| &l.expense)).collect();
    expenses.sort();
    expenses.dedup();
    // What can become of each expense: nothing, an amount in one line, or amounts in two lines of applications that may meet.
    let options: Vec<Vec<Claimed>> = expenses
        .iter()
        .map(|expense| {
            let mut options = Vec::new();
            for (a, application) in applications.iter().enumerate() {
                for (l, line) in application.lines.iter().enumerate() {
                    if line.expense == **expense {
                        let least = if application.claim == Claim::Whole { line.base.cents() } else { 1 };
                        let amounts = (least..=line.base.cents()).map(Money::from_cents);
                        options.extend(amounts.map(|amount| vec![(a, l, amount)]));
                    }
                }
            }
            let single = options.clone();
            for (nth, one) in single.iter().enumerate() {
                for other in &single[nth + 1..] {
                    let (a, b) = (one[0].0, other[0].0);
                    if a != b && applications[a].may_meet(&applications[b]) {
                        options.push(vec![one[0], other[0]]);
                    }
                }
            }
            in_parts(applications, &single, &mut options);
            options.insert(0, Vec::new());
            options
        })
        .collect();
    let mut oracle = Oracle {
        applications,
        options,
        claims: applications.iter().map(|a| vec![Money::ZERO; a.lines.len()]).collect(),
        memory: vec![BTreeMap::new(); applications.len()],
        best: Money::ZERO,
    };
    oracle.visit(0);
    oracle.best
}

/// Adds every way to claim parts of an expense in two applications or more, given the claims in one.
fn in_parts(applications: &[Application], single: &[Claimed], options: &mut Vec<Claimed>) {
    let mut open: Vec<Claimed> = single.to_vec();
    while let Some(claims) = open.pop() {
        let last = claims[claims.len() - 1].0;
        for one in single.iter().filter(|one| one[0].0 > last) {
            let more = [&claims[..], one].concat();
            if side_by_side(applications, &more) {
                if !options.contains(&more) {
                    options.push(more.clone());
                }
                open.push(more);
            }
        }
    }
}

/// Whether these claims are parts of a splittable expense (S6): two or more, none of them in a measure that takes all or nothing, which come to at most its net amount.
fn side_by_side(applications: &[Application], claims: &[(usize, usize, Money)]) -> bool {
    let taken: Option<Vec<i64>> = claims
        .iter()
        .map(|(a, l, claim)| {
            let (application, line) = (&applications[*a], &applications[*a].lines[*l]);
            let net = line.divisible.filter(|_| application.claim == Claim::AnyPart)?.cents();
            // The least part that is as large a share of the net amount as the claim is of the base.
            (0..=net).find(|part| part * line.base.cents() >= claim.cents() * net)
        })
        .collect();
    let net = claims.first().and_then(|(a, l, _)| applications[*a].lines[*l].divisible);
    claims.len() > 1 && taken.is_some_and(|taken| taken.iter().sum::<i64>() <= net.unwrap().cents())
}

/// The largest objective of plans that claim every expense in full or not at all.
pub fn best_of_full_claims(applications: &[Application]) -> Money {
    let whole: Vec<Application> =
        applications.iter().map(|a| Application { claim: Claim::Whole, ..a.clone() }).collect();
    best(&whole)
}

/// How many plans [`best`] would try.
pub fn plans(applications: &[Application]) -> f64 {
    let mut lines: BTreeMap<&ExpenseId, Vec<(usize, f64)>> = BTreeMap::new();
    for (a, application) in applications.iter().enumerate() {
        for line in &application.lines {
            #[allow(clippy::cast_precision_loss, reason = "a count for choosing cases")]
            let amounts = if application.claim == Claim::Whole { 1.0 } else { line.base.cents() as f64 };
            lines.entry(&line.expense).or_default().push((a, amounts));
        }
    }
    let divides = |a: usize| {
        let mut lines = applications[a].lines.iter();
        applications[a].claim == Claim::AnyPart && lines.any(|line| line.divisible.is_some())
    };
    let options = |lines: &Vec<(usize, f64)>| {
        let single: f64 = lines.iter().map(|(_, amounts)| amounts).sum();
        let pairs =
            lines.iter().enumerate().flat_map(|(nth, one)| lines[nth + 1..].iter().map(move |o| (one, o)));
        let together =
            |a: usize, b: usize| applications[a].may_meet(&applications[b]) || divides(a) && divides(b);
        let meeting = pairs.filter(|((a, _), (b, _))| a != b && together(*a, *b));
        let pairs: f64 = meeting.map(|((_, one), (_, other))| one * other).sum();
        // Three parts of so few cents are about as many again.
        1.0 + single + pairs * if lines.len() > 2 { 2.0 } else { 1.0 }
    };
    lines.values().map(options).product()
}

/// Claims of one expense: application, line, amount.
type Claimed = Vec<(usize, usize, Money)>;

struct Oracle<'a> {
    applications: &'a [Application],
    options: Vec<Vec<Claimed>>,
    claims: Vec<Vec<Money>>,
    memory: Vec<BTreeMap<Vec<Money>, Assessment>>,
    best: Money,
}

impl Oracle<'_> {
    fn visit(&mut self, depth: usize) {
        if depth == self.options.len() {
            if let Some(value) = self.value() {
                self.best = self.best.max(value);
            }
            return;
        }
        for at in 0..self.options[depth].len() {
            let option = self.options[depth][at].clone();
            for (a, l, amount) in &option {
                self.claims[*a][*l] = *amount;
            }
            self.visit(depth + 1);
            for (a, l, _) in &option {
                self.claims[*a][*l] = Money::ZERO;
            }
        }
    }

    /// What is claimed of an expense.
    fn claimed(&self, expense: &ExpenseId) -> Claimed {
        let mut found = Vec::new();
        for (a, (application, claims)) in self.applications.iter().zip(&self.claims).enumerate() {
            let lines = application.lines.iter().zip(claims).enumerate();
            let lines = lines.filter(|(_, (line, claim))| line.expense == *expense && claim.is_positive());
            found.extend(lines.map(|(l, (_, claim))| (a, l, *claim)));
        }
        found
    }

    /// Whether a draw counts: a joint ceiling where the other application claims the same cost too, or for aid received before.
    fn counts(&self, a: usize, draw: &Draw) -> bool {
        let Account::Joint { expense, clause: (owner, _), other } = &draw.account else { return true };
        let own = self.applications[a].named();
        let partner = if *owner == own { other } else { owner };
        owner == other
            || self.applications.iter().zip(&self.claims).any(|(candidate, claims)| {
                let mut lines = candidate.lines.iter().zip(claims);
                candidate.named() == *partner && lines.any(|(l, c)| l.expense == *expense && c.is_positive())
            }) && !side_by_side(self.applications, &self.claimed(expense))
    }

    /// What a draw finds before anything is drawn: the largest amount that goes with a line that is claimed, where it hangs on that.
    fn ceiling(&self, draw: &Draw) -> Money {
        let claimed = draw.by_claims.iter().filter(|(of, line, _)| {
            let candidates = self.applications.iter().zip(&self.claims);
            candidates.into_iter().any(|(a, claims)| a.named() == *of && claims[*line].is_positive())
        });
        claimed.map(|(_, _, amount)| *amount).max().unwrap_or(draw.room)
    }

    /// The objective of the claims at hand; none when an application of it would be refused, or may not stand beside another.
    fn value(&mut self) -> Option<Money> {
        let mut value = Money::ZERO;
        let mut drawn: BTreeMap<Account, Vec<(NaiveDate, Money)>> = BTreeMap::new();
        let mut counts: BTreeMap<String, (usize, Option<u32>, Option<u32>)> = BTreeMap::new();
        let mut made: Vec<usize> = (0..self.applications.len())
            .filter(|a| self.claims[*a].iter().any(|c| c.is_positive()))
            .collect();
        let beside =
            |a: &usize, b: &usize| a == b || self.applications[*a].may_stand_beside(&self.applications[*b]);
        if made.iter().any(|a| made.iter().any(|b| !beside(a, b))) {
            return None;
        }
        made.sort_by_key(|a| self.applications[*a].granted_on);
        for a in made {
            let application = &self.applications[a];
            let mut claims = self.claims[a].clone();
            let rooms: Vec<Option<Money>> = application
                .draws
                .iter()
                .map(|draw| {
                    if !self.counts(a, draw) {
                        return None;
                    }
                    let earlier = drawn.get(&draw.account).into_iter().flatten();
                    let counts = earlier.filter(|(day, _)| draw.closed.is_none_or(|closed| *day > closed));
                    Some((self.ceiling(draw) - counts.map(|(_, amount)| *amount).sum()).max(Money::ZERO))
                })
                .collect();
            for (draw, room) in application.draws.iter().zip(&rooms).filter(|(draw, _)| draw.counts.claims) {
                let Some(mut left) = *room else { continue };
                for entry in &draw.counts.entries {
                    claims[*entry] = claims[*entry].min(left);
                    left -= claims[*entry];
                }
            }
            if !self.memory[a].contains_key(&claims) {
                self.memory[a].insert(claims.clone(), assess(application, &claims));
            }
            let assessment = &self.memory[a][&claims];
            if assessment.grant.is_zero() {
                return None;
            }
            let mut pieces = pieces(application, assessment, assessment.grant, assessment.esl);
            let counted = |draw: &Draw, pieces: &[Piece]| -> Vec<usize> {
                let holds = |piece: &Piece| {
                    draw.counts.entries.contains(&piece.entry)
                        && draw.counts.payer.as_ref().is_none_or(|payer| *payer == piece.payer)
                };
                (0..pieces.len()).filter(|at| holds(&pieces[*at])).collect()
            };
            for (nth, (draw, room)) in application.draws.iter().zip(&rooms).enumerate() {
                let Some(room) = room else { continue };
                if draw.counts.claims {
                    continue;
                }
                let same = application.draws[..nth].iter().filter(|other| other.account == draw.account);
                let taken: Money = same
                    .map(|other| {
                        let of = counted(other, &pieces);
                        of.iter().map(|at| amount(other, &pieces[*at])).sum::<Money>()
                    })
                    .sum();
                let room = (*room - taken).max(Money::ZERO);
                let of = counted(draw, &pieces);
                let fixed: Money = if draw.counts.guarantees {
                    of.iter().map(|at| pieces[*at].esl).sum()
                } else {
                    Money::ZERO
                };
                let grant: Money =
                    if draw.counts.grant { of.iter().map(|at| pieces[*at].grant).sum() } else { Money::ZERO };
                if grant + fixed > room {
                    if !draw.in_part || fixed > room {
                        return None;
                    }
                    let held: Vec<Money> = of.iter().map(|at| pieces[*at].grant).collect();
                    for (at, left) in of.into_iter().zip(apportion(room - fixed, &held)) {
                        pieces[at].grant = left;
                    }
                }
            }
            let grant: Money = pieces.iter().map(|piece| piece.grant).sum();
            if grant.is_zero() {
                return None;
            }
            for (draw, _) in application.draws.iter().zip(&rooms).filter(|(_, room)| room.is_some()) {
                let taken = if draw.counts.claims {
                    draw.counts.entries.iter().map(|entry| claims[*entry]).sum()
                } else {
                    counted(draw, &pieces).iter().map(|at| amount(draw, &pieces[*at])).sum()
                };
                drawn.entry(draw.account.clone()).or_default().push((application.granted_on, taken));
            }
            for count in &application.company_counts {
                let key = format!("{} {} {}", application.company, application.measure, count.rule.id);
                let entry = counts.entry(key).or_insert((0, count.at_least, count.at_most));
                entry.0 += things_present(&count.things, &assessment.admitted);
            }
            value += Rounding::Down.cents(application.weight.of(grant));
        }
        let kept = |(present, least, most): &(usize, Option<u32>, Option<u32>)| {
            least.is_none_or(|n| *present >= n as usize) && most.is_none_or(|n| *present <= n as usize)
        };
        counts.values().all(kept).then_some(value)
    }
}

/// What a draw counts of a piece.
fn amount(draw: &Draw, piece: &Piece) -> Money {
    let grant = if draw.counts.grant { piece.grant } else { Money::ZERO };
    grant + if draw.counts.guarantees { piece.esl } else { Money::ZERO }
}
