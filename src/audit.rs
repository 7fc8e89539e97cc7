//! Floor 5: the check of a proof about a [`Program`], without any solver.
//!
//! It shares nothing with the tree that found the proof but the data it is written in ([`crate::certificate`]): the integers, the reading of rows
//! and the bound are written a second time, on their own terms. What is checked is that no point of the program, with whole decisions and whole
//! cents, is worth more than the bound, cut to cents:
//!
//! - *Rows.* In a row `sum a_j x_j <= b` the least that the others take leaves each column a most it can be, cut to the values it may take. A proof names the
//!   rows to read, in their order; any row may be read at any time, so a wrong name shrinks nothing that it should not (`boxes`).
//! - *Multipliers.* For y_i >= 0 in rows `<=`, y_i <= 0 in rows `>=`, any y_i in rows `=`, every point x of a box l <= x <= u has
//!   `c x <= y b + sum_j max((c_j - y A_j) l_j, (c_j - y A_j) u_j)`; with c = 0 a right-hand side below zero says that there is none (`bound`).
//! - *Fixed decisions.* Where that right-hand side less `|c_j - y A_j| d` is at most the bound, no point worth more has x_j as far as d off the end of its range that
//!   the right-hand side assumes.
//! - *Whole cents.* With fractions for multipliers, what rows leave unused and how far columns are off their ends are whole numbers of steps of known weights: no such numbers make a point that is worth
//!   a cent more (`lattice`).
//! - *Narrower programs.* What the line above leaves of decisions is the program that is left of those worth more than a plan (`narrowing`).
//! - *Splits.* A value of a column is at most v, or at least the next after v. So the points of a box are those of its two parts.
//! - *Prices.* For prices p_i with the signs of multipliers on the rows that join blocks, `c x <= p b + sum over blocks of max (c - p A) x` (`prices`).
//!
//! All of it is computed in integers of 128 bits with every step checked; what they do not hold is refused. A proof that passes holds whoever made it.

mod bound;
mod boxes;
mod fault;
mod lattice;
mod narrowing;
mod prices;
mod tree;
mod whole;

pub use self::bound::euro;
pub use self::fault::{Fault, Problem};

use crate::certificate::{Narrowing, Node, Prices};
use crate::money::Money;
use crate::program::Program;
use bound::Claim;
use whole::Integers;

/// Checks that a tree proves that no point of a program is worth more than `claimed`, cut to cents.
///
/// # Errors
/// The first step that does not hold.
pub fn tree(program: &Program, nodes: &[Node], claimed: Money) -> Result<(), Fault> {
    let integers = Integers::new(program).ok_or(Problem::TooLarge)?;
    tree::check(&integers, nodes, Claim::Cents(claimed))
}

/// Checks that no point of a program that a step leaves out is worth more than `claimed`, cut to cents.
///
/// # Errors
/// What does not hold.
pub fn narrowing(program: &Program, step: &Narrowing, claimed: Money) -> Result<(), Problem> {
    narrowing::check(&Integers::new(program).ok_or(Problem::TooLarge)?, step, claimed)
}

/// Checks that prices and the trees of the blocks prove that no point of a program is worth more than `claimed`, cut to cents.
///
/// # Errors
/// The first step that does not hold.
pub fn prices(program: &Program, prices: &Prices, claimed: Money) -> Result<(), Fault> {
    prices::check(program, prices, claimed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::{Block, Lattice, Multipliers, Proof, Split, Whole};
    use crate::program::{Column, ColumnKey, Kind, Sense};
    use crate::solve::Limits;
    use crate::solve::decompose;
    use crate::solve::sample::{in_cents, optimum, programs, two_rates};
    use crate::solve::tree::{Ground, Tree};
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    /// Two grants of at most 9 euro, together at most 10.01, each at most half of 10.01.
    fn two_grants() -> Program {
        let mut program = Program::default();
        for application in 0..2 {
            let key = ColumnKey::Grant { application };
            let (name, kind, lower, upper) = (format!("g{application}"), Kind::Cents, dec!(0), dec!(9));
            program.column(Column { key, name: name.into(), kind, lower, upper, objective: dec!(1) });
        }
        program.row("sum", "sum".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(10.01));
        for grant in 0..2 {
            let name = format!("aid{grant}");
            program.row("aid", name.into(), [(grant, dec!(2))], Sense::AtMost, dec!(10.01));
        }
        program
    }

    fn by(of: &[(u32, i128)]) -> Multipliers {
        let of = of.iter().map(|(row, multiplier)| (*row, Whole(*multiplier))).collect();
        Multipliers { decimals: 1, of }
    }

    fn problem(checked: Result<(), Fault>) -> Option<Problem> {
        checked.err().map(|fault| fault.problem)
    }

    #[test]
    fn rows_bound_to_the_cent_what_multipliers_bound_to_the_half() {
        let program = two_grants();
        let check = |node: Node, cents: i64| problem(tree(&program, &[node], Money::from_cents(cents)));
        let above = |follows: &str, claimed: &str| {
            Some(Problem::Above { follows: follows.into(), claimed: claimed.into() })
        };
        // Nothing said: 9 + 9
        assert_eq!(check(Node::default(), 1800), None);
        assert_eq!(check(Node::default(), 1799), above("18.00", "17.99"));
        // 1.0 x 10.01 by the first row, or 0.5 x 10.01 twice by the others
        assert_eq!(check(Node { multipliers: Some(by(&[(0, 10)])), ..Node::default() }, 1001), None);
        let halves = Node { multipliers: Some(by(&[(1, 5), (2, 5)])), ..Node::default() };
        assert_eq!(check(halves.clone(), 1001), None);
        assert_eq!(check(halves.clone(), 1000), above("10.01", "10.00"));
        // 2 g <= 10.01 leaves a grant 5.00: read as rows they come to 10.00
        let read = Node { rows: vec![1, 2], ..Node::default() };
        assert_eq!(check(read.clone(), 1000), None);
        assert_eq!(check(read, 999), above("10.00", "9.99"));
        // One of 0.7 instead: 0.7 x 10.01 + 0.5 x 10.01 - 0.4 x 0 = 12.012
        let wrong = Node { multipliers: Some(by(&[(1, 7), (2, 5)])), ..Node::default() };
        assert_eq!(check(wrong, 1001), above("12.01", "10.01"));
        let backwards = Node { multipliers: Some(by(&[(0, -10)])), ..Node::default() };
        assert_eq!(check(backwards, 1001), Some(Problem::Sign(0)));
        assert_eq!(check(Node { rows: vec![3], ..Node::default() }, 1001), Some(Problem::NoRow(3)));
        let large = Node { multipliers: Some(by(&[(0, i128::MAX)])), ..Node::default() };
        assert_eq!(check(large, 1001), Some(Problem::TooLarge));
    }

    #[test]
    fn both_parts_of_a_box_are_asked_for() {
        let program = two_grants();
        let split = |below| Node { split: Some(Split { column: 0, below }), ..Node::default() };
        let sum = Node { multipliers: Some(by(&[(0, 10)])), ..Node::default() };
        let (empty, read) =
            (Node { empty: true, ..Node::default() }, Node { rows: vec![2], ..Node::default() });
        let check = |nodes: &[Node]| tree(&program, nodes, Money::from_cents(1000));
        // g0 <= 5.00 and g1 <= 5.00 by its row; g0 >= 5.01 is more than the row of g0 allows
        let upper = Node { rows: vec![1], empty: true, ..Node::default() };
        assert_eq!(check(&[split(500), read.clone(), upper.clone()]), Ok(()));
        // Farkas: 1 x 10.01 - 2 x 5.01 < 0
        let farkas = Node { multipliers: Some(by(&[(1, 10)])), ..empty.clone() };
        assert_eq!(check(&[split(500), read.clone(), farkas]), Ok(()));
        // Split a cent lower, the upper part holds 5.01 - 0.01: not empty
        assert_eq!(problem(check(&[split(499), read.clone(), upper.clone()])), Some(Problem::NotEmpty));
        // a cent higher, the lower part is worth 5.01 + 5.00
        assert!(matches!(
            problem(check(&[split(501), read.clone(), upper.clone()])),
            Some(Problem::Above { .. })
        ));
        assert_eq!(problem(check(&[split(500), read.clone()])), Some(Problem::Ends));
        assert_eq!(problem(check(&[split(500), read.clone(), upper.clone(), sum])), Some(Problem::GoesOn));
        assert_eq!(problem(check(&[])), Some(Problem::Ends));
        assert_eq!(problem(check(&[empty])), Some(Problem::NotEmpty));
        // Of 9 + 9, plans with g0 at most 1.00 are worth 10.00 at most: they may be taken away. Under 8.99, even 0 + 9 may not.
        let fixed = Node { fixed: vec![0], ..split(500) };
        assert_eq!(check(&[fixed.clone(), read.clone(), upper.clone()]), Ok(()));
        let lower = tree(&program, &[fixed, read, upper], Money::from_cents(899));
        assert_eq!(problem(lower), Some(Problem::NotFixed(0)));
    }

    #[test]
    fn prices_are_on_rows_that_join_blocks() {
        let program = two_grants();
        let block = |column, cents: i128, rows: &[u32]| Block {
            columns: vec![column],
            bound: Whole(cents * 1_000_000_000_000),
            nodes: vec![Node { rows: rows.to_vec(), ..Node::default() }],
        };
        let check = |prices: &[(u32, i128)], blocks: Vec<Block>, cents: i64| {
            let prices = prices.iter().map(|(row, price)| (*row, Whole(*price))).collect();
            problem(super::prices(&program, &Prices { prices, blocks }, Money::from_cents(cents)))
        };
        // No price: 5.00 each by the row of each, which is the first of its block
        let blocks = vec![block(0, 500, &[0]), block(1, 500, &[0])];
        assert_eq!(check(&[], blocks.clone(), 1000), None);
        let sum = |cents| Problem::Sum { follows: "10.00".into(), claimed: Money::from_cents(cents) };
        assert_eq!(check(&[], blocks.clone(), 999), Some(sum(999)));
        // At 0.4 each is worth 0.6 x 5.00 = 3.00, and the room 0.4 x 10.01 = 4.004: 10.004
        let priced = |cents| vec![block(0, cents, &[0]), block(1, cents, &[0])];
        assert_eq!(check(&[(0, 400_000_000)], priced(300), 1000), None);
        let above = Problem::Above { follows: "3.00".into(), claimed: "2.99".into() };
        assert_eq!(check(&[(0, 400_000_000)], priced(299), 1000), Some(above));
        assert_eq!(check(&[(0, -1)], priced(500), 1000), Some(Problem::Sign(0)));
        assert_eq!(check(&[(1, 1)], blocks.clone(), 1000), Some(Problem::NoJoint(1)));
        assert_eq!(check(&[], blocks[..1].to_vec(), 1000), Some(Problem::Blocks(1)));
        assert_eq!(check(&[], [blocks.clone(), blocks].concat(), 1000), Some(Problem::Blocks(0)));
    }

    /// A change of a proof: what is changed, where, to what.
    type Change = (u8, usize, u32, i64);

    fn change(nodes: &mut Vec<Node>, (kind, at, number, value): Change) {
        if nodes.is_empty() {
            return;
        }
        let at = at % nodes.len();
        let node = &mut nodes[at];
        match kind {
            0 => node.rows.push(number % 5),
            1 => node.rows.clear(),
            2 => node.fixed.push(number),
            3 => node.empty = !node.empty,
            4 => node.split = node.split.map(|_| Split { column: number, below: value }),
            5 => node.multipliers = Some(by(&[(number % 5, i128::from(value))])),
            6 => {
                let of = node.multipliers.iter_mut().flat_map(|of| &mut of.of);
                of.for_each(|(_, multiplier)| multiplier.0 += i128::from(value));
            }
            7 => drop(nodes.remove(at)),
            8 => nodes.insert(at, Node::default()),
            9 => {
                let of = |value| (number % 5, Whole(i128::from(value)));
                let modulo = vec![vec![of(value)]; usize::from(value % 2 == 0)];
                node.lattice = Some(Lattice { over: Whole(10), of: vec![of(value)], modulo });
            }
            _ => {
                if let Some(lattice) = &mut node.lattice {
                    let changed = lattice.modulo.iter_mut().flatten().chain(&mut lattice.of);
                    changed.for_each(|(_, multiplier)| multiplier.0 += i128::from(value));
                }
            }
        }
    }

    #[test]
    fn whole_cents_leave_no_way_to_what_no_steps_make() {
        let program = two_rates();
        let lattice = |over, of: &[(u32, i128)], modulo: &[(u32, i128)]| {
            let whole = |of: &[(u32, i128)]| of.iter().map(|(row, times)| (*row, Whole(*times))).collect();
            let modulo = if modulo.is_empty() { Vec::new() } else { vec![whole(modulo)] };
            Lattice { over: Whole(over), of: whole(of), modulo }
        };
        let check = |program: &Program, lattice: Lattice, cents: i64| {
            let node = Node { lattice: Some(lattice), ..Node::default() };
            problem(tree(program, &[node], Money::from_cents(cents)))
        };
        // A fifth and a half: 600.6 + 500.5 = 1101.1 cents. What rows leave unused costs fifths and halves, a cent of cost less 0.6 or 0.5: nothing makes a tenth, 0.6 + 0.5 make 1.1.
        let halves = || lattice(10, &[(0, 2), (1, 5)], &[]);
        assert_eq!(check(&program, halves(), 1100), None);
        let above = |follows: &str, claimed: &str| {
            Some(Problem::Above { follows: follows.into(), claimed: claimed.into() })
        };
        assert_eq!(check(&program, halves(), 1099), above("11.00", "10.99"));
        // 3/10 of the first row: its grant is worth 1 - 1.5, its cost 0.9: 900.9 + 500.5 = 1401.4, of which steps of 0.3, 0.5 and 0.9 leave 1400 at most (0.5 + 0.9).
        assert_eq!(check(&program, lattice(10, &[(0, 3), (1, 5)], &[]), 1100), above("14.00", "11.00"));
        assert_eq!(check(&program, lattice(10, &[(0, -2)], &[]), 1100), Some(Problem::Sign(0)));
        assert_eq!(check(&program, lattice(0, &[], &[]), 1100), Some(Problem::NoCents));
        assert_eq!(check(&program, lattice(10, &[(2, 1)], &[]), 1100), Some(Problem::NoRow(2)));
        assert_eq!(check(&program, lattice(10, &[(0, i128::MAX)], &[]), 1100), Some(Problem::TooLarge));
        // Half a row moves the grant, which weighs nothing, by five halves of a cent.
        let unsound = lattice(10, &[(0, 2), (1, 5)], &[(0, 5)]);
        assert_eq!(check(&program, unsound, 1099), Some(Problem::NotWhole));
        // A whole row is whole on everything, and says nothing.
        let whole = lattice(10, &[(0, 2), (1, 5)], &[(0, 10)]);
        assert_eq!(check(&program, whole, 1099), above("11.00", "10.99"));
        // Parts of cents
        let mut real = program.clone();
        real.columns[0].kind = Kind::Real;
        assert_eq!(check(&real, halves(), 1100), Some(Problem::NoCents));
        let mut tenths = program;
        tenths.columns[0].objective = dec!(0.1);
        assert_eq!(check(&tenths, halves(), 1100), Some(Problem::NoCents));
    }

    proptest! {
        #[test]
        fn what_the_tree_proves_passes_and_nothing_below_the_best_point_does(
            program in prop_oneof![programs(), programs().prop_map(in_cents)], nodes in prop::option::of(0_usize..6),
            changes in prop::collection::vec((0_u8..11, 0_usize..40, 0_u32..7, -400_i64..400), 0..4)
        ) {
            let Some(optimum) = optimum(&program) else { return Ok(()) };
            let ground = Ground::new(&program).expect("small figures");
            let mut grown = Tree::new(&program, &ground).expect("small figures");
            let limits = Limits { nodes: nodes.or(Some(5000)), keep: true, ..Limits::default() };
            grown.grow(Some(optimum), &limits, &mut |_| None);
            let (bound, mut proof) = grown.proven().expect("it was kept");
            prop_assert_eq!(tree(&program, &proof, bound), Ok(()));
            prop_assert!(nodes.is_some() || bound == optimum);
            for changed in changes {
                change(&mut proof, changed);
            }
            prop_assert!(tree(&program, &proof, optimum - Money::CENT).is_err());
        }

        #[test]
        fn so_do_prices(
            one in programs(), other in programs(), joint in prop::collection::vec(-300_i64..=300, 12),
            rhs in 0_i64..=300, block in 0_usize..2, price in -10_i128..10,
            changes in prop::collection::vec((0_u8..9, 0_usize..40, 0_u32..7, -400_i64..400), 0..3)
        ) {
            let first = one.columns.len();
            let mut program = one;
            program.columns.extend(other.columns);
            for row in other.rows {
                let terms = row.terms.iter().map(|(column, k)| (column + first, *k));
                program.row(row.family, row.name.clone(), terms, row.sense, row.rhs);
            }
            let terms = joint.into_iter().map(|k| Decimal::new(k, 2)).take(program.columns.len()).enumerate();
            program.row("joint", "joint".into(), terms, Sense::AtMost, Decimal::new(rhs, 2));
            prop_assume!(program.columns.len() <= 7);
            let Some(optimum) = optimum(&program) else { return Ok(()) };
            let limits = Limits { keep: true, ..Limits::default() };
            let name = |column: usize| Some(usize::from(column >= first));
            let apart = decompose::certify(&program, &name, None, &limits, &mut |_| Some(optimum));
            let Some((Some(bound), Some(proof))) = apart.map(|apart| (apart.proof.bound, apart.proven)) else {
                return Ok(());
            };
            match proof {
                Proof::Tree(nodes) => prop_assert_eq!(tree(&program, &nodes, bound), Ok(())),
                Proof::Prices(mut of) => {
                    prop_assert_eq!(prices(&program, &of, bound), Ok(()));
                    for changed in changes {
                        change(&mut of.blocks[block].nodes, changed);
                    }
                    of.prices.iter_mut().for_each(|(_, own)| own.0 += price);
                    prop_assert!(prices(&program, &of, optimum - Money::CENT).is_err());
                }
                _ => prop_assert!(false, "a tree proves nothing else"),
            }
        }
    }
}
