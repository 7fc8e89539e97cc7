//! Caps: trims of aid, per lot first, then for the application, in each the narrowest set first (S9).
//!
//! A cap takes from the last component of its set first: it leaves of every beginning of the set, in order, what it was or the
//! cap, if that is less. So a set is cut into *blocks* of neighbours that no later cap or test tells apart.
//!
//! Sets: caps `i` in the order they act, blocks `1..n` of grants of `i`, terms `t` with fixed part `c[t]` and rates `r[t,e]`. Variables: admitted
//! `x[e]`; gate `y`, the lot or the application; `A[k]`, what block `k` was before the cap; for each block `q[k]`, what blocks `1..k` are after it;
//! `N`, the loan and the aid in guarantees of the set, which count and are not cut (S12).
//!
//! ```text
//! q[k] <= A[1] + .. + A[k]
//! q[k] <= c[t] y + sum over e: r[t,e] x[e] - N              for every t; zero where that is below
//! q[k] >= q[k-1]
//! q[k] >= A[1] + .. + A[k]   or   q[k] >= the tightest t - N   for k < n; for all k where less aid could help
//! ```
//!
//! Block `k` is then `q[k] - q[k-1]`. The last line needs binaries, but only where sets
//! cross or a test reads a part of a set that was cut, which calls seldom do.
//! Caps on all grants that nothing follows act on the grant itself, without columns of their own.

use rust_decimal::Decimal;

use super::draft::Draft;
use super::expression::Expression;
use super::grant;
use super::no_dodging::hold;
use super::payout::Aid;
use super::trim::ceiling;
use crate::eligibility::AidLimit;
use crate::measure::{Effect, Form, Reads};
use crate::program::Kind;

const FAMILY: &str = "caps";

/// Neighbouring components that count only together.
struct Block {
    components: Vec<usize>,
    /// Whether they are grants, which caps cut.
    grant: bool,
    aid: Expression,
}

/// Aid after caps.
pub(super) struct Capped<'a> {
    /// For the application.
    whole: Vec<Block>,
    /// By lot, before the caps for the application.
    lots: Vec<Vec<Block>>,
    /// The caps that act on the grant itself, with what counts there and is not cut.
    pub(super) on_grant: Vec<(&'a AidLimit, Expression)>,
}

impl Capped<'_> {
    /// What a limit reads.
    pub(super) fn read(&self, limit: &AidLimit) -> Expression {
        let blocks = limit.lot.map_or(&self.whole, |lot| &self.lots[lot]);
        let named = |block: &&Block| block.components.iter().any(|c| limit.of.contains(c));
        blocks.iter().filter(named).map(|block| block.aid.clone()).sum()
    }

    /// The grants altogether, before the caps on the grant itself.
    pub(super) fn total(&self) -> Expression {
        self.whole.iter().filter(|block| block.grant).map(|block| block.aid.clone()).sum()
    }
}

/// Writes the caps down; `exact` where the aid must not be understated either.
pub(super) fn caps<'a>(draft: &mut Draft<'a>, at: usize, aid: &Aid, exact: bool) -> Capped<'a> {
    let application = &draft.applications[at];
    let grant = |component: usize| application.components[component].form == Form::Grant;
    let most = draft.reach[at].components(application);
    let paying: Vec<usize> = (0..most.len()).filter(|c| !most[*c].is_zero()).collect();
    let overall = readers(&application.aid_limits, None);

    let mut lots: Vec<Vec<Block>> = Vec::with_capacity(application.lots.len());
    for lot in 0..application.lots.len() {
        let mut readers = readers(&application.aid_limits, Some(lot));
        let caps = readers.iter().filter(|limit| limit.effect == Effect::Trim).count();
        readers.extend(&overall);
        let mut blocks = blocks(&paying, grant, &readers, |component| aid.parts[component][lot].clone());
        for number in 0..caps {
            let later = &readers[number + 1..];
            blocks = cut(draft, at, blocks, readers[number], later, (exact, aid));
        }
        lots.push(blocks);
    }

    let rest = application.lots.len();
    let mut whole = blocks(&paying, grant, &overall, |component| aid.parts[component][rest].clone());
    for block in &mut whole {
        let within = |part: &&Block| block.components.contains(&part.components[0]);
        block.aid += lots.iter().flatten().filter(within).map(|part| part.aid.clone()).sum();
    }
    let mut on_grant = Vec::new();
    for (number, limit) in overall.iter().enumerate().filter(|(_, limit)| limit.effect == Effect::Trim) {
        let grants = || paying.iter().filter(|component| grant(**component));
        let everything = |l: &&AidLimit| l.effect == Effect::Trim && grants().all(|c| l.of.contains(c));
        if !exact && overall[number..].iter().all(everything) {
            let beside = beside(&whole, limit, aid);
            act_on_grant(draft, at, limit, &beside);
            on_grant.push((*limit, beside));
        } else {
            whole = cut(draft, at, whole, limit, &overall[number + 1..], (exact, aid));
        }
    }
    Capped { whole, lots, on_grant }
}

/// What counts under a cap and is not cut, at least.
fn beside(blocks: &[Block], limit: &AidLimit, aid: &Aid) -> Expression {
    let counts = |block: &&Block| !block.grant && limit.of.contains(&block.components[0]);
    let counting = || blocks.iter().filter(counts);
    let above = aid.above(counting().flat_map(|block| block.components.iter().copied()));
    counting().map(|block| block.aid.clone()).sum::<Expression>() - above.into()
}

/// Caps in the order they act, then what reads the aid after them.
fn readers(limits: &[AidLimit], lot: Option<usize>) -> Vec<&AidLimit> {
    let of_lot = || limits.iter().filter(|limit| limit.lot == lot);
    let mut caps: Vec<&AidLimit> = of_lot().filter(|limit| limit.effect == Effect::Trim).collect();
    // Narrow sets first; the sort is stable, so file order decides the rest.
    caps.sort_by_key(|limit| limit.of.len());
    let tests = of_lot().filter(|limit| limit.effect != Effect::Trim && limit.reads == Reads::AfterCaps);
    caps.extend(tests);
    caps
}

/// Whether some reader names one of two components only.
fn told_apart(readers: &[&AidLimit], a: usize, b: usize) -> bool {
    readers.iter().any(|limit| limit.of.contains(&a) != limit.of.contains(&b))
}

/// Components as blocks of neighbours that no reader tells apart, and that are all grants, or none.
fn blocks(
    components: &[usize],
    grant: impl Fn(usize) -> bool,
    readers: &[&AidLimit],
    aid: impl Fn(usize) -> Expression,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for component in components {
        match blocks.last_mut() {
            Some(block)
                if block.grant == grant(*component)
                    && !told_apart(readers, block.components[0], *component) =>
            {
                block.components.push(*component);
                block.aid += aid(*component);
            }
            _ => {
                let (components, grant) = (vec![*component], grant(*component));
                blocks.push(Block { components, grant, aid: aid(*component) });
            }
        }
    }
    blocks
}

/// The blocks after a cap.
fn cut(
    draft: &mut Draft<'_>,
    at: usize,
    blocks: Vec<Block>,
    limit: &AidLimit,
    later: &[&AidLimit],
    (exact, aid): (bool, &Aid),
) -> Vec<Block> {
    let beside = beside(&blocks, limit, aid);
    // Blocks of grants of the set in its order; neighbours that nothing later tells apart are cut as one.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for component in &limit.of {
        let Some(place) = blocks.iter().position(|block| block.components.contains(component)) else {
            continue;
        };
        if !blocks[place].grant || groups.iter().flatten().any(|other| *other == place) {
            continue;
        }
        let first = blocks[place].components[0];
        let joins = |before: usize| {
            later.is_empty() || before + 1 == place && !told_apart(later, blocks[before].components[0], first)
        };
        match groups.last_mut() {
            Some(group) if group.last().is_some_and(|before| joins(*before)) => group.push(place),
            _ => groups.push(vec![place]),
        }
    }
    let mut result: Vec<(usize, Block)> = Vec::new();
    let (mut before, mut after) = (Expression::default(), Expression::default());
    let last = groups.len();
    for (number, group) in groups.iter().enumerate() {
        before += group.iter().map(|place| blocks[*place].aid.clone()).sum();
        let label = draft.term_label(at, &limit.rule.id, limit.lot, last, number);
        let held = exact || number + 1 < last;
        let left = capped(draft, at, &label, limit, (&before, &beside), held.then_some(aid.above));
        if number > 0 {
            let name = draft.name(at, FAMILY, &[&label, "order"]);
            draft.at_least(FAMILY, name, left.clone(), after.clone());
        }
        let components = group.iter().flat_map(|place| blocks[*place].components.iter().copied()).collect();
        result.push((group[0], Block { components, grant: true, aid: left.clone() - after }));
        after = left;
    }
    let cut: Vec<usize> = groups.into_iter().flatten().collect();
    result.extend(blocks.into_iter().enumerate().filter(|(place, _)| !cut.contains(place)));
    result.sort_by_key(|(place, _)| *place);
    result.into_iter().map(|(_, block)| block).collect()
}

/// What a cap leaves of a sum: a column at most the sum and every term; with `held`, at least one of them too, up to as much as
/// the sum may be overstated.
fn capped(
    draft: &mut Draft<'_>,
    at: usize,
    label: &str,
    limit: &AidLimit,
    (before, beside): (&Expression, &Expression),
    held: Option<Decimal>,
) -> Expression {
    let terms = limit.terms.iter().map(|term| draft.reach[at].term(term));
    let most = terms.fold(draft.highest(before), Decimal::min).max(Decimal::ZERO);
    if most.is_zero() {
        return Expression::default();
    }
    let after = Expression::column(draft.helper(at, Kind::Real, "capped", label, most));
    let name = draft.name(at, FAMILY, &[label, "before"]);
    draft.at_most(FAMILY, name, after.clone(), before.clone());
    let gate = draft.gate(at, limit.lot);
    let mut floors = Vec::new();
    for (number, term) in limit.terms.iter().enumerate() {
        let label = format!("{label},term,{}", number + 1);
        ceiling(draft, at, FAMILY, &label, after.clone(), term, beside, &gate);
        floors.push(draft.cut_term(at, term) - beside.clone());
    }
    if let Some(above) = held {
        if !beside.is_zero() {
            // What is beside may be that much more.
            floors = floors.into_iter().map(|floor| floor - above.into()).collect();
        }
        floors.push(before.clone() - above.into());
        hold(draft, FAMILY, at, label, &after, floors);
    }
    after
}

/// A cap on all grants that nothing follows: on the grant itself. The authority cuts the cap to cents, so where it is only grants rounding adds
/// nothing to it.
fn act_on_grant(draft: &mut Draft<'_>, at: usize, limit: &AidLimit, beside: &Expression) {
    let added = if beside.is_zero() { Decimal::ZERO } else { grant::added(draft, at, beside) };
    for (number, term) in limit.terms.iter().enumerate() {
        let label = draft.term_label(at, &limit.rule.id, limit.lot, limit.terms.len(), number);
        let gate = draft.gate(at, limit.lot);
        let grant = Expression::column(draft.columns[at].grant) - draft.made(at) * added;
        ceiling(draft, at, FAMILY, &label, grant, term, beside, &gate);
    }
}
