//! Blocks of a program: columns that only a few joint rows tie to others, each a small program of its own.
//!
//! Of many blocks those that a row ties which few others meet (the de minimis room of one client, say) are one block: what joins blocks is then a few
//! rows that many meet, and prices of these are soon found.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::exact::{Exact, whole};
use super::super::scaled::{Scaled, float};
use super::prices::Prices;
use crate::program::{Column, Program, Row, Sense};

/// Blocks that a row may meet and meet few, and the share of all of them (one in so many) that is few, too.
const FEW: usize = 3;
const SHARE: usize = 10;

/// Blocks up to which each stays as it is: prices of some rows more are no matter.
const MOST_BLOCKS: usize = 20;

/// Columns up to which blocks are put together.
const MOST_COLUMNS: usize = 400;

/// A program in blocks.
pub(super) struct Blocks {
    /// In the order of their names.
    pub parts: Vec<Block>,
    /// The rows that join them.
    pub joints: Vec<Row>,
    /// Their numbers in the whole program.
    pub numbers: Vec<usize>,
}

/// A block.
pub(super) struct Block {
    /// Its columns in the whole program.
    pub columns: Vec<usize>,
    /// Its columns and the rows over these alone.
    pub program: Program,
    exact: Exact,
    scaled: Scaled,
    /// By joint row that meets it: the row's number and its terms, by column of the block.
    pub joint: Vec<(usize, Vec<(usize, Decimal)>)>,
    /// The same terms in integers, with as many decimals as the objective less those of prices.
    joint_exact: Vec<Vec<(usize, i128)>>,
    /// The objective in integers, without prices.
    objective: Vec<i128>,
    /// Decimals of the objective beyond those of coefficients.
    finer: u32,
}

impl Blocks {
    /// The program cut between the columns that `name` tells apart; none where that leaves one block or 128 bits do not hold it.
    pub fn new(program: &Program, name: &dyn Fn(usize) -> Option<usize>) -> Option<Blocks> {
        let names: Vec<usize> = (0..program.columns.len()).map(name).collect::<Option<_>>()?;
        let mut distinct = names.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 2 {
            return None;
        }
        let place: Vec<usize> =
            names.iter().map(|name| distinct.binary_search(name)).collect::<Result<_, _>>().ok()?;
        let (place, count) = put_together(program, &place, distinct.len());
        let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut local = Vec::with_capacity(names.len());
        for (column, place) in place.iter().enumerate() {
            local.push(columns[*place].len());
            columns[*place].push(column);
        }
        let mut drafts: Vec<Part> = columns.into_iter().map(|columns| Part::new(program, columns)).collect();
        let (mut joints, mut numbers) = (Vec::new(), Vec::new());
        for (number, row) in program.rows.iter().enumerate() {
            let Some((first, _)) = row.terms.first() else { continue };
            let block = place[*first];
            if row.terms.iter().all(|(column, _)| place[*column] == block) {
                let terms = row.terms.iter().map(|(column, k)| (local[*column], *k)).collect();
                drafts[block].program.rows.push(Row { terms, ..row.clone() });
                continue;
            }
            for (column, coefficient) in &row.terms {
                let joint = &mut drafts[place[*column]].joint;
                if joint.last().is_none_or(|(number, _)| *number != joints.len()) {
                    joint.push((joints.len(), Vec::new()));
                }
                if let Some((_, terms)) = joint.last_mut() {
                    terms.push((local[*column], *coefficient));
                }
            }
            joints.push(row.clone());
            numbers.push(number);
        }
        let parts: Vec<Block> = drafts.into_iter().map(Part::block).collect::<Option<_>>()?;
        Some(Blocks { parts, joints, numbers })
    }
}

/// The block of each column, and how many blocks there are, once those are one that rows tie which few blocks meet. Rows that meet the fewest
/// come first.
fn put_together(program: &Program, place: &[usize], count: usize) -> (Vec<usize>, usize) {
    let mut sizes = vec![0; count];
    for block in place {
        sizes[*block] += 1;
    }
    let met = |row: &Row| -> BTreeSet<usize> { row.terms.iter().map(|(column, _)| place[*column]).collect() };
    let few = if count > MOST_BLOCKS { FEW.max(count / SHARE) } else { 0 };
    let mut ties: Vec<BTreeSet<usize>> =
        program.rows.iter().map(met).filter(|met| met.len() > 1 && met.len() <= few).collect();
    ties.sort_by_key(BTreeSet::len);
    let mut head: Vec<usize> = (0..count).collect();
    let find = |head: &[usize], mut block: usize| {
        while head[block] != block {
            block = head[block];
        }
        block
    };
    for tie in ties {
        let heads: BTreeSet<usize> = tie.into_iter().map(|block| find(&head, block)).collect();
        let size: usize = heads.iter().map(|head| sizes[*head]).sum();
        let Some(first) = heads.first().copied().filter(|_| size <= MOST_COLUMNS) else { continue };
        for other in &heads {
            head[*other] = first;
        }
        sizes[first] = size;
    }
    let heads: BTreeSet<usize> = (0..count).map(|block| find(&head, block)).collect();
    let number: BTreeMap<usize, usize> = heads.iter().copied().zip(0..).collect();
    (place.iter().map(|block| number[&find(&head, *block)]).collect(), heads.len())
}

/// A block being put together.
struct Part {
    columns: Vec<usize>,
    program: Program,
    joint: Vec<(usize, Vec<(usize, Decimal)>)>,
}

impl Part {
    fn new(program: &Program, columns: Vec<usize>) -> Part {
        let own: Vec<Column> = columns.iter().map(|column| program.columns[*column].clone()).collect();
        Part { columns, program: Program { columns: own, rows: Vec::new() }, joint: Vec::new() }
    }

    fn block(self) -> Option<Block> {
        let Part { columns, program, joint } = self;
        let (exact, scaled) = (Exact::new(&program)?, Scaled::new(&program));
        let terms = joint.iter().flat_map(|(_, terms)| terms);
        let decimals = terms.map(|(_, coefficient)| coefficient.normalize().scale()).max().unwrap_or(0);
        let finer = Prices::DECIMALS + decimals.saturating_sub(exact.decimals);
        let scale = exact.decimals + finer - Prices::DECIMALS;
        let joint_exact = joint
            .iter()
            .map(|(_, terms)| terms.iter().map(|(column, k)| Some((*column, whole(*k, scale)?))).collect())
            .collect::<Option<_>>()?;
        let unit = 10_i128.checked_pow(finer)?;
        let objective = exact.columns.iter().map(|c| c.objective.checked_mul(unit)).collect::<Option<_>>()?;
        Some(Block { columns, program, exact, scaled, joint, joint_exact, objective, finer })
    }
}

impl Block {
    /// The block with `c - sum of prices x joint rows` for its objective, in integers and for the relaxation; none where it does not fit.
    pub fn priced(&self, prices: &Prices) -> Option<(Exact, Scaled)> {
        let mut objective = self.objective.clone();
        for ((row, _), terms) in self.joint.iter().zip(&self.joint_exact) {
            for (column, coefficient) in terms {
                let price = prices.billionths[*row].checked_mul(*coefficient)?;
                objective[*column] = objective[*column].checked_sub(price)?;
            }
        }
        let exact = self.exact.with_objective(&objective, self.finer);
        let mut scaled = self.scaled.clone();
        scaled.set_objective(&self.in_euro(&objective));
        Some((exact, scaled))
    }

    /// The block's relaxation with `c - sum of prices x joint rows` for its objective, prices as floats.
    pub fn relaxation(&self, prices: &[f64]) -> Scaled {
        let mut objective: Vec<f64> =
            self.program.columns.iter().map(|column| float(column.objective)).collect();
        for (row, terms) in &self.joint {
            for (column, coefficient) in terms {
                objective[*column] -= prices[*row] * float(*coefficient);
            }
        }
        let mut scaled = self.scaled.clone();
        scaled.set_objective(&objective);
        scaled
    }

    /// The ends of its columns' ranges.
    pub fn bounds(&self) -> (Vec<f64>, Vec<f64>) {
        self.exact.floats(&self.exact.domain)
    }

    /// The joint rows that meet it.
    pub fn meets(&self) -> Vec<usize> {
        self.joint.iter().map(|(row, _)| *row).collect()
    }

    /// An objective of the block in euro.
    #[allow(clippy::cast_precision_loss, reason = "for the relaxation, which rounds anyway")]
    fn in_euro(&self, objective: &[i128]) -> Vec<f64> {
        let one = 10_f64.powi((self.exact.decimals + self.finer).cast_signed());
        objective.iter().map(|objective| *objective as f64 / one).collect()
    }

    /// What a point is worth without prices, in euro.
    pub fn worth(&self, point: &[f64]) -> f64 {
        self.program.columns.iter().zip(point).map(|(column, value)| float(column.objective) * value).sum()
    }

    /// What a point takes of each joint row that meets the block, in the order of [`Block::joint`].
    pub fn uses(&self, point: &[f64]) -> Vec<f64> {
        let use_of = |terms: &[(usize, Decimal)]| {
            terms.iter().map(|(column, coefficient)| float(*coefficient) * point[*column]).sum()
        };
        self.joint.iter().map(|(_, terms)| use_of(terms)).collect()
    }

    /// Whether nothing at all is a point of the block.
    pub fn may_be_empty(&self) -> bool {
        let within = |column: &Column| column.lower <= Decimal::ZERO && column.upper >= Decimal::ZERO;
        self.program.columns.iter().all(within)
            && self.program.rows.iter().all(|row| match row.sense {
                Sense::AtMost => row.rhs >= Decimal::ZERO,
                Sense::AtLeast => row.rhs <= Decimal::ZERO,
                Sense::Equal => row.rhs.is_zero(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{ColumnKey, Kind};

    /// So many grants, each two of them with a room of their own, all of them with one.
    fn in_pairs(grants: usize) -> Program {
        let (zero, one) = (Decimal::ZERO, Decimal::ONE);
        let mut program = Program::default();
        for application in 0..grants {
            let key = ColumnKey::Grant { application };
            let (name, kind) = (format!("g{application}"), Kind::Cents);
            program.column(Column { key, name: name.into(), kind, lower: zero, upper: one, objective: one });
        }
        for pair in 0..grants / 2 {
            let terms = [(2 * pair, one), (2 * pair + 1, one)];
            program.row("pair", format!("pair{pair}").into(), terms, Sense::AtMost, one);
        }
        let all = (0..grants).map(|grant| (grant, one));
        program.row("all", "all".into(), all, Sense::AtMost, one);
        program
    }

    #[test]
    fn of_many_blocks_those_are_one_that_a_row_ties_which_few_meet() {
        let cut = |grants: usize| Blocks::new(&in_pairs(grants), &Some).expect("several blocks");
        // 12 grants stay apart: 6 rooms of pairs and the one of all join them.
        assert_eq!((cut(12).parts.len(), cut(12).joints.len()), (12, 7));
        // Of 40, each pair is a block, and the room of all is what joins them.
        let many = cut(40);
        assert_eq!((many.parts.len(), many.joints.len()), (20, 1));
        assert_eq!(many.parts[3].columns, [6, 7]);
    }
}
