//! A program taken apart into blocks that share no row: clients without a common pool are solved apart.

use super::{Program, Row};

/// One connected component of a program.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Where each column of the block stands in the whole program: rising.
    pub columns: Vec<usize>,
    /// The block on its own; columns and rows keep their order.
    pub program: Program,
}

/// The connected components, in the order of their first columns.
///
/// A column in no row is a block of its own. Rows without terms say something about no column; they go into the first block, so
/// that one which cannot hold is not lost.
pub fn blocks(program: &Program) -> Vec<Block> {
    let mut leader: Vec<usize> = (0..program.columns.len()).collect();
    for row in &program.rows {
        for pair in row.terms.windows(2) {
            let (a, b) = (find(&mut leader, pair[0].0), find(&mut leader, pair[1].0));
            leader[a.max(b)] = a.min(b);
        }
    }

    // The leader is the smallest column of its component, so blocks appear in the order of their leaders.
    let mut blocks: Vec<Block> = Vec::new();
    let mut place: Vec<(usize, usize)> = Vec::with_capacity(leader.len());
    for (index, column) in program.columns.iter().enumerate() {
        let first = find(&mut leader, index);
        if first == index {
            blocks.push(Block { columns: Vec::new(), program: Program::default() });
        }
        let number = if first == index { blocks.len() - 1 } else { place[first].0 };
        place.push((number, blocks[number].columns.len()));
        blocks[number].columns.push(index);
        blocks[number].program.columns.push(column.clone());
    }
    for row in &program.rows {
        let number = row.terms.first().map_or(0, |&(column, _)| place[column].0);
        if let Some(block) = blocks.get_mut(number) {
            let terms =
                row.terms.iter().map(|&(column, coefficient)| (place[column].1, coefficient)).collect();
            block.program.rows.push(Row { terms, ..row.clone() });
        }
    }
    blocks
}

/// The leader of a column's component, with the path to it halved on the way.
fn find(leader: &mut [usize], mut column: usize) -> usize {
    while leader[column] != column {
        leader[column] = leader[leader[column]];
        column = leader[column];
    }
    column
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::program::Sense;
    use rust_decimal::Decimal;

    #[test]
    fn columns_that_share_a_row_share_a_block() {
        // apply, e1, e2 and grant hang together; the lot is in no row
        let whole = sample::program();
        let blocks = blocks(&whole);
        assert_eq!(blocks.iter().map(|b| b.columns.clone()).collect::<Vec<_>>(), [vec![0, 1, 2, 3], vec![4]]);
        assert_eq!(blocks[0].program.rows, whole.rows);
        assert_eq!(blocks[1].program.columns, whole.columns[4..]);
        assert_eq!(blocks[1].program.rows, []);
    }

    #[test]
    fn a_block_joined_late_keeps_the_order_of_the_program() {
        let mut program = sample::program();
        program.rows.clear();
        let mut tie = |a: usize, b: usize| {
            program.row(
                "tie",
                format!("{a},{b}"),
                [(a, Decimal::ONE), (b, Decimal::ONE)],
                Sense::AtMost,
                Decimal::TWO,
            );
        };
        tie(3, 4);
        tie(1, 2);
        tie(0, 4);
        let blocks = blocks(&program);
        assert_eq!(blocks.iter().map(|b| b.columns.clone()).collect::<Vec<_>>(), [vec![0, 3, 4], vec![1, 2]]);
        // in the first block 3 and 4 are the second and third column
        let columns = |block: &Block| -> Vec<Vec<usize>> {
            block.program.rows.iter().map(|row| row.terms.iter().map(|t| t.0).collect()).collect()
        };
        assert_eq!(columns(&blocks[0]), [[1, 2], [0, 2]]);
        assert_eq!(columns(&blocks[1]), [[0, 1]]);
    }
}
