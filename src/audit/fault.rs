//! Why a proof does not hold.

use std::fmt;

use crate::money::Money;

/// The first step of a proof that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Fault {
    /// The block it is in, from 0; none in a tree over the whole program, or in what is said of all blocks.
    pub block: Option<usize>,
    /// The node it is in, from 0; none where it is in none.
    pub node: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault { block: None, node: None, problem }
    }
}

/// What is wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A row that the program does not have.
    NoRow(u32),
    /// A column that the program does not have.
    NoColumn(u32),
    /// A multiplier or price of a row has the sign that its sense forbids.
    Sign(u32),
    /// A column whose values are no steps is split.
    NoSplit(u32),
    /// A column is fixed, and its other values are not bounded.
    NotFixed(u32),
    /// A box is said to be empty, and neither rows nor multipliers show it.
    NotEmpty,
    /// Whole cents say nothing here: amounts of any number, an objective in parts of cents, or prices.
    NoCents,
    /// A combination of rows that is not whole on a step that weighs nothing.
    NotWhole,
    /// The bound of a box is above the one to be proven.
    Above {
        /// The bound that follows, in euro.
        follows: String,
        /// The bound to be proven, in euro.
        claimed: String,
    },
    /// The tree ends before all parts of its boxes are there.
    Ends,
    /// The tree goes on after all parts of its boxes.
    GoesOn,
    /// A column is in no block, or in several.
    Blocks(u32),
    /// A price stands on a row that joins no blocks.
    NoJoint(u32),
    /// Prices and blocks come to more than the bound.
    Sum {
        /// What they come to, cut to cents, in euro.
        follows: String,
        /// The bound to be proven.
        claimed: Money,
    },
    /// 128 bits do not hold a figure.
    TooLarge,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::NoRow(row) => write!(f, "there is no row {row}"),
            Problem::NoColumn(column) => write!(f, "there is no column {column}"),
            Problem::Sign(row) => {
                write!(f, "the sign of what stands on row {row} is not one that its sense allows")
            }
            Problem::NoSplit(column) => write!(f, "column {column} may take any number: it cannot be split"),
            Problem::NotFixed(column) => {
                write!(f, "column {column} is fixed, and its other value is not bounded")
            }
            Problem::NotEmpty => write!(f, "the box is said to be empty, and is not shown to be"),
            Problem::NoCents => {
                write!(f, "whole cents bound nothing here: not everything comes in whole steps")
            }
            Problem::NotWhole => {
                write!(f, "a combination of rows is not whole on a step that weighs nothing")
            }
            Problem::Above { follows, claimed } => {
                write!(f, "the bound of the box is {follows}, above {claimed}")
            }
            Problem::Ends => write!(f, "the tree ends before all parts of its boxes are there"),
            Problem::GoesOn => write!(f, "the tree goes on after all parts of its boxes"),
            Problem::Blocks(column) => write!(f, "column {column} is in no block, or in several"),
            Problem::NoJoint(row) => write!(f, "row {row} joins no blocks: it has no price"),
            Problem::Sum { follows, claimed } => {
                write!(f, "prices and blocks come to {follows}, above {claimed}")
            }
            Problem::TooLarge => write!(f, "128 bits do not hold a figure"),
        }
    }
}
