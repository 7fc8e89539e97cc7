//! Decomposition: a bound for a program that falls into blocks but for a few joint rows, and plans made of points of the blocks.
//!
//! For the program *maximise c x over own rows of each block b and joint rows a_i x <= r_i (or >=, or =)*, take any prices p_i with p_i >= 0 for
//! `<=`, p_i <= 0 for `>=` and any sign for `=`. Every feasible x has p_i (r_i - a_i x) >= 0 in every joint row, so
//!
//! ```text
//! c x  <=  sum_i p_i r_i + (c - sum_i p_i a_i) x
//!      <=  sum_i p_i r_i + sum over b: max { (c - sum_i p_i a_i) x : x in b } = L(p)
//! ```
//!
//! It is the line of [`super::bound`] with the rows of the blocks kept: what a linear relaxation gives away inside a block (a choice among variants, a loan
//! beside a grant) is not given away here. The maximum over each block is bounded by the tree ([`super::tree`]), in integers and rounded up to a
//! trillionth of a cent (plans are worth whole cents, points under prices are not); prices are whole billionths. So L(p) is exact for any prices,
//! and it is cut down to cents once, at the end.
//!
//! Prices come from the relaxation of the whole at first, then from that of the master (`master`) over the points found so far, halfway from the
//! best ones known (columns are generated until no prices are better). Each round also tries plans: the points that the blocks choose at these prices, and the
//! choices of a small tree over the master. What remains between plan and bound is published, or handed to the tree over the whole.
//!
//! Blocks are priced in parallel; each on its own and put together in their order, so that the result hangs on no thread.

mod block;
mod fill;
mod master;
mod prices;
mod pricing;
mod relaxed;

use std::time::Instant;

use rayon::prelude::*;

use self::block::{Block, Blocks};
use self::fill::fill;
use self::master::{Candidate, Master};
use self::prices::Prices;
use self::pricing::{Priced, price};
use super::exact::Exact;
use super::record::{Record, bounded, number};
use super::relaxation::{self, Relaxed};
use super::scaled::Scaled;
use super::tree::{Experience, Proof};
use super::worth::Worth;
use super::{CLOSE, Limits};
use crate::certificate::{self, Whole};
use crate::money::Money;
use crate::program::Program;

/// Most rounds of prices.
const ROUNDS: usize = 30;

/// Rounds without a better bound or plan, after which prices are as good as they get.
const STALLED: usize = 4;

/// The same over very many blocks, and the part of the worth of everything (one in so many) by which a round has to make bound or plan better.
const SOON_STALLED: usize = 1;
const PROGRESS: i64 = 50_000;

/// Nodes of the tree of one block in one round.
const BLOCK_NODES: usize = 300;

/// The same in the last round over very many blocks, at the best prices: the few that are hard leave most of the gap open.
const DEEP_NODES: usize = 2_000;

/// Nodes of the tree over the master.
const MASTER_NODES: usize = 20;

/// The same where there are very many blocks.
const FEW_MASTER_NODES: usize = 2;

/// How often room that is left is filled after one look at the master.
const FILLS: usize = 2;

/// Euro by which the best point of a block may fall short of what closes its tree, all blocks together: relaxations are no finer, and what
/// is left of it at the end is cut away with the last cent.
const SLACK: f64 = 0.003;

/// The share of the worth of everything that the trees of many blocks may leave open, all together.
const OPEN: f64 = 3e-6;

/// Rows beyond which a program is of very many clients: its relaxation has no quick method, and a node of a tree over it costs as much as the trees of all blocks.
pub const MANY_ROWS: usize = relaxation::MOST_ROWS;

/// The gap between bound and plan of a program of so many rows below which prices have done what they can: a euro, or of very many clients one in a hundred
/// thousand.
pub fn close(rows: usize, bound: Money) -> Money {
    let share = if rows > MANY_ROWS { bound.cents() / 100_000 } else { 0 };
    CLOSE.max(Money::from_cents(share))
}

/// Searches for the best plan of a program in blocks, and bounds it. None where the program does not fall apart, where a block has no point,
/// and where 128 bits do not hold the figures.
///
/// `name` tells the block of each column; `incumbent`, `settle` and the proof are those of [`super::tree::certify`].
pub fn certify(
    program: &Program,
    name: &dyn Fn(usize) -> Option<usize>,
    incumbent: Option<Money>,
    limits: &Limits,
    settle: &mut dyn FnMut(&[f64]) -> Option<Money>,
) -> Option<Apart> {
    let blocks = Blocks::new(program, name)?;
    let found = vec![Vec::new(); blocks.parts.len()];
    let experience = vec![Experience::default(); blocks.parts.len()];
    let mut search = Search {
        blocks,
        found,
        experience,
        columns: program.columns.len(),
        rows: program.rows.len(),
        best: incumbent,
        bound: None,
        prices: None,
        nodes: 0,
        open: Money::ZERO,
        master_nodes: MASTER_NODES,
        block_nodes: BLOCK_NODES,
        settle,
        proven: None,
    };
    search.start(program, limits);
    search.run(limits)?;
    let Search { best, bound, nodes, proven, .. } = search;
    let bound = bound.and_then(Worth::cut);
    if best.is_some() && best > bound {
        // A plan worth more than the program allows: the model is wrong, and proves nothing.
        return Some(Apart { proof: Proof { bound: None, closed: false, nodes }, proven: None });
    }
    let closed = bound.is_some() && bound == best;
    Some(Apart { proof: Proof { bound, closed, nodes }, proven })
}

/// What is known of a program taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The bound.
    pub proof: Proof,
    /// The proof of it to be written down, where it was kept.
    pub proven: Option<certificate::Proof>,
}

struct Search<'a> {
    blocks: Blocks,
    /// Points found of each block.
    found: Vec<Vec<Candidate>>,
    /// What the trees of each block have learnt: other prices change little of it.
    experience: Vec<Experience>,
    /// Columns and rows of the whole program.
    columns: usize,
    rows: usize,
    /// What the best plan known is worth.
    best: Option<Money>,
    /// The lowest bound so far.
    bound: Option<Worth>,
    /// The prices it was found at.
    prices: Option<Prices>,
    nodes: usize,
    /// What the tree of one block may leave open.
    open: Money,
    /// Nodes of the tree over the master.
    master_nodes: usize,
    /// Nodes of the tree of one block.
    block_nodes: usize,
    settle: &'a mut dyn FnMut(&[f64]) -> Option<Money>,
    /// The proof of the lowest bound, where it is kept.
    proven: Option<certificate::Proof>,
}

impl Search<'_> {
    /// The first prices: those of the relaxation of the whole, with a point and a bound, or where it is too large of the blocks.
    fn start(&mut self, program: &Program, limits: &Limits) {
        for (block, found) in self.blocks.parts.iter().zip(&mut self.found) {
            if block.may_be_empty() {
                let point = vec![0.0; block.columns.len()];
                found.push(Candidate { worth: 0.0, uses: block.uses(&point), point });
            }
        }
        if self.is_many()
            && let Some((prices, bound)) =
                relaxed::prices(&self.blocks, &mut self.experience, limits.deadline())
        {
            self.open = open(bound, self.blocks.parts.len());
            self.master_nodes = FEW_MASTER_NODES;
            self.prices = Some(Prices::near(&self.blocks.joints, &prices));
            return;
        }
        let relaxed = Exact::new(program).and_then(|exact| {
            let (lower, upper) = exact.floats(&exact.domain);
            let Relaxed::Point { values, multipliers } = Scaled::new(program).relax(&lower, &upper)? else {
                return None;
            };
            Some((exact.certificate(&exact.domain, &multipliers)?, exact, values, multipliers))
        });
        let multipliers = if let Some((certificate, exact, values, multipliers)) = relaxed {
            self.bound = certificate.bound(&exact);
            if limits.keep {
                self.proven = Some(certificate::Proof::Tree(vec![bounded(certificate.multipliers)]));
            }
            self.best = self.best.max((self.settle)(&values));
            self.blocks.numbers.iter().map(|number| multipliers[*number]).collect()
        } else {
            vec![0.0; self.blocks.joints.len()]
        };
        self.prices = Some(Prices::near(&self.blocks.joints, &multipliers));
    }

    /// Rounds of prices until the gap is closed or nothing gets better; none where a figure does not fit.
    fn run(&mut self, limits: &Limits) -> Option<()> {
        let deadline = limits.deadline();
        let mut prices = self.prices.clone()?;
        let mut stalled = 0;
        for _ in 0..ROUNDS {
            let before = (self.bound, self.best);
            self.round(&prices, limits)?;
            let late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if self.is_closed() || late {
                break;
            }
            let master = self.master(&prices);
            self.plans(&master, limits);
            stalled = if self.is_better_than(before) { 0 } else { stalled + 1 };
            if self.is_close() || stalled >= if self.is_many() { SOON_STALLED } else { STALLED } {
                break;
            }
            let Some((_, multipliers)) = master.relax() else { break };
            let best = self.prices.as_ref().unwrap_or(&prices).floats();
            let halfway: Vec<f64> =
                best.iter().zip(&multipliers).map(|(a, b)| f64::midpoint(*a, *b)).collect();
            let next =
                Prices::near(&self.blocks.joints, if stalled % 2 == 1 { &multipliers } else { &halfway });
            if next == prices {
                break;
            }
            prices = next;
        }
        let late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if self.is_many() && !self.is_close() && !late {
            let prices = self.prices.clone()?;
            self.block_nodes = DEEP_NODES;
            self.round(&prices, limits)?;
            let master = self.master(&prices);
            self.plans(&master, limits);
        }
        Some(())
    }

    /// Whether it is about very many clients.
    fn is_many(&self) -> bool {
        self.rows > MANY_ROWS
    }

    /// Whether bound or plan are better than these, of very many clients by what is worth another round.
    fn is_better_than(&self, (bound, best): (Option<Worth>, Option<Money>)) -> bool {
        if !self.is_many() {
            return (self.bound, self.best) != (bound, best);
        }
        let cents = |money: Option<Money>| money.map_or(0, Money::cents);
        let cut = |bound: Option<Worth>| cents(bound.and_then(Worth::cut));
        let gain = (cut(bound) - cut(self.bound)).abs() + cents(self.best) - cents(best);
        gain > cut(self.bound) / PROGRESS
    }

    fn is_closed(&self) -> bool {
        let bound = self.bound.and_then(Worth::cut);
        self.best.zip(bound).is_some_and(|(best, bound)| bound <= best)
    }

    /// Whether what is left is a matter of cents.
    fn is_close(&self) -> bool {
        let bound = self.bound.and_then(Worth::cut);
        self.best.zip(bound).is_some_and(|(best, bound)| bound - best < close(self.rows, bound))
    }

    /// Prices every block: a bound, points, and the plan of the blocks' best points.
    fn round(&mut self, prices: &Prices, limits: &Limits) -> Option<()> {
        #[allow(clippy::cast_precision_loss, reason = "a number of blocks")]
        let slack = (SLACK / self.blocks.parts.len() as f64).max(1e-5);
        let (open, most) = (self.open, self.block_nodes);
        let together = self.blocks.parts.par_iter().zip(&self.found).zip(&mut self.experience);
        let priced: Vec<Option<Priced>> = together
            .map(|((block, found), experience)| {
                price(block, found, experience, prices, (slack, open), most, limits)
            })
            .collect();
        let mut bound = prices.of_rooms(&self.blocks.joints)?;
        let mut chosen = Vec::with_capacity(priced.len());
        let mut records = Vec::new();
        for (b, priced) in priced.into_iter().enumerate() {
            let Priced { bound: own, points, nodes, record } = priced?;
            bound = bound + own;
            records.extend(record.map(|record| (own, record)));
            self.nodes += nodes;
            let found = &mut self.found[b];
            let mut best = None;
            for point in points {
                let place = found.iter().position(|known| known.is_like(&point)).unwrap_or(found.len());
                if place == found.len() {
                    found.push(point);
                }
                best = best.or(Some(place));
            }
            chosen.push(best.unwrap_or(0));
        }
        if self.bound.is_none_or(|known| bound < known) {
            self.bound = Some(bound);
            self.prices = Some(prices.clone());
            self.proven = limits.keep.then(|| self.written(prices, records));
        }
        let worth = (self.settle)(&point(&self.blocks, &self.found, self.columns, &chosen));
        self.best = self.best.max(worth);
        Some(())
    }

    /// The master of the points found so far, at the best prices known.
    fn master(&self, prices: &Prices) -> Master {
        let meets: Vec<Vec<usize>> = self.blocks.parts.iter().map(Block::meets).collect();
        let prices = self.prices.as_ref().unwrap_or(prices).floats();
        Master::new(&self.blocks.joints, &meets, &self.found, &prices)
    }

    /// The proof that these prices make with the trees of the blocks.
    fn written(&self, prices: &Prices, records: Vec<(Worth, Record)>) -> certificate::Proof {
        let numbers = self.blocks.numbers.iter().zip(&prices.billionths);
        let prices = numbers.filter(|(_, price)| **price != 0);
        let block = |(block, (bound, record)): (&Block, (Worth, Record))| certificate::Block {
            columns: block.columns.iter().map(|column| number(*column)).collect(),
            bound: Whole(bound.trillionths()),
            nodes: record.nodes(bound),
        };
        certificate::Proof::Prices(certificate::Prices {
            prices: prices.map(|(row, price)| (number(*row), Whole(*price))).collect(),
            blocks: self.blocks.parts.iter().zip(records).map(block).collect(),
        })
    }

    /// Tries the choices of the master; of many blocks what the best of them leaves of joint rows is filled.
    fn plans(&mut self, master: &Master, limits: &Limits) {
        let Search { blocks, found, columns, settle, best, master_nodes, .. } = self;
        let mut best_choice: Option<(Money, Vec<usize>)> = None;
        master.plans(*master_nodes, &mut |chosen| {
            let worth = settle(&point(blocks, found, *columns, chosen));
            *best = (*best).max(worth);
            if let Some(worth) = worth
                && best_choice.as_ref().is_none_or(|(known, _)| worth > *known)
            {
                best_choice = Some((worth, chosen.to_vec()));
            }
            worth
        });
        if self.is_many()
            && let (Some((_, mut chosen)), Some(prices)) = (best_choice, &self.prices)
        {
            let prices = prices.floats();
            for _ in 0..FILLS {
                let Some(filled) = fill(&self.blocks, &mut self.found, &chosen, &prices, limits) else {
                    break;
                };
                chosen = filled;
                let worth = (self.settle)(&point(&self.blocks, &self.found, self.columns, &chosen));
                self.best = self.best.max(worth);
            }
        }
    }
}

/// The point of the whole program made of a point for each block; nothing of a block of which no point is known.
fn point(blocks: &Blocks, found: &[Vec<Candidate>], columns: usize, chosen: &[usize]) -> Vec<f64> {
    let mut point = vec![0.0; columns];
    for ((block, found), number) in blocks.parts.iter().zip(found).zip(chosen) {
        let Some(candidate) = found.get(*number) else { continue };
        for (column, value) in block.columns.iter().zip(&candidate.point) {
            point[*column] = *value;
        }
    }
    point
}

/// What each of many blocks may leave open, if all of them together are worth so many euro.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "where to stop, not a figure"
)]
fn open(bound: f64, blocks: usize) -> Money {
    Money::from_cents((bound * 100.0 * OPEN / blocks as f64) as i64)
}

#[cfg(test)]
mod tests {
    use super::super::{sample, tree};
    use super::*;
    use crate::program::{Kind, Sense};
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    /// Two programs side by side, joined by rows over the columns of both; the numbers of the second begin where the first ends.
    fn side_by_side(one: &Program, other: &Program, joints: &[(Vec<Decimal>, Sense, Decimal)]) -> Program {
        let mut program = one.clone();
        let first = one.columns.len();
        program.columns.extend(other.columns.iter().cloned());
        for row in &other.rows {
            let terms = row.terms.iter().map(|(column, k)| (column + first, *k));
            program.row(row.family, row.name.clone(), terms, row.sense, row.rhs);
        }
        for (number, (terms, sense, rhs)) in joints.iter().enumerate() {
            let terms = terms.iter().copied().take(program.columns.len()).enumerate();
            program.row("joint", format!("j{number}").into(), terms, *sense, *rhs);
        }
        program
    }

    fn joints() -> impl Strategy<Value = Vec<(Vec<Decimal>, Sense, Decimal)>> {
        let coefficient = (-300_i64..=300).prop_map(|k| Decimal::new(k, 2));
        let sense = prop_oneof![Just(Sense::AtMost), Just(Sense::AtLeast), Just(Sense::Equal)];
        let row =
            (prop::collection::vec(coefficient, 12), sense, (0_i64..=300).prop_map(|k| Decimal::new(k, 2)));
        prop::collection::vec(row, 1..=2)
    }

    /// Two grants of 100 euro, of which a room of 120 leaves one in part.
    #[test]
    fn a_room_shared_by_two_blocks_has_a_price() {
        let mut program = Program::default();
        for (application, objective) in [dec!(1), dec!(0.5)].into_iter().enumerate() {
            let key = crate::program::ColumnKey::Grant { application };
            let (name, kind, lower, upper) = (format!("g{application}"), Kind::Cents, dec!(0), dec!(100));
            program.column(crate::program::Column { key, name: name.into(), kind, lower, upper, objective });
        }
        program.row("room", "room".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(120));
        // 100 x 1 + 20 x 0.5 = 110, at a price of 0.5
        let plan = Some(Money::from_cents(11_000));
        let proof = certify(&program, &Some, None, &Limits::default(), &mut |_| plan);
        assert_eq!(proof.map(|apart| (apart.proof.bound, apart.proof.closed)), Some((plan, true)));
        // one block is not taken apart
        assert_eq!(certify(&program, &|_| Some(0), None, &Limits::default(), &mut |_| plan), None);
    }

    proptest! {
        #[test]
        fn no_point_is_worth_more_than_the_bound(one in sample::programs(), other in sample::programs(), joints in joints()) {
            let first = one.columns.len();
            let program = side_by_side(&one, &other, &joints);
            // All points of the whole are tried: few enough of them.
            prop_assume!(program.columns.len() <= 7);
            let optimum = sample::optimum(&program);
            let name = |column: usize| Some(usize::from(column >= first));
            let apart = certify(&program, &name, None, &Limits::default(), &mut |_| None);
            let proof = apart.map(|apart| apart.proof);
            if let Some(bound) = proof.and_then(|proof| proof.bound) {
                prop_assert!(Some(bound) >= optimum, "{bound} is below {optimum:?}");
            }
            // Both ways bound the same optimum.
            if let (Some(optimum), Some(proof)) = (optimum, proof) {
                let whole = tree::certify(&program, Some(optimum), &Limits::default(), &mut |_| None);
                prop_assert_eq!(whole.bound, Some(optimum));
                let closed = certify(&program, &name, Some(optimum), &Limits::default(), &mut |_| None);
                let closed = closed.map(|apart| (apart.proof.closed, apart.proof.bound));
                prop_assert!(closed.is_none_or(|(closed, bound)| !closed || bound == Some(optimum)));
                prop_assert!(proof.bound >= Some(optimum));
            }
        }
    }
}
