//! The lines of a certificate's file: one JSON object each, the whole before its parts, each with the number of parts that follow.

use serde::{Deserialize, Serialize};

use super::Whole;
use crate::money::Money;

/// What [`Head::certificate`] says.
pub const NAME: &str = "grantfolio";

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Whose certificate it is: [`NAME`].
    pub certificate: String,
    /// The version of the file format.
    pub format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    /// The bound of the portfolio.
    pub bound: Option<Money>,
    /// Groups that follow.
    pub groups: usize,
}

/// The first line of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupLine {
    /// Its number, from 1.
    pub group: usize,
    /// Its applications.
    pub applications: Vec<String>,
    /// The fingerprint of its program.
    pub program: String,
    /// Its bound.
    pub bound: Option<Money>,
    /// Why it holds.
    pub proof: ProofLine,
}

/// The kind of a proof, and how many lines it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum ProofLine {
    /// Lines of nodes follow.
    Tree {
        /// How many.
        nodes: usize,
    },
    /// Lines of steps follow, then lines of nodes.
    Narrowed {
        /// How many steps.
        steps: usize,
        /// How many nodes.
        nodes: usize,
    },
    /// Blocks follow.
    Prices {
        /// Rows with their prices.
        prices: Vec<(u32, Whole)>,
        /// How many.
        blocks: usize,
    },
    /// Nothing follows: every plan was tried.
    Searched,
    /// Nothing follows: there is no proof.
    None,
}

/// The first line of a block; lines of nodes follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockLine {
    /// Its number in the group, from 1.
    pub block: usize,
    /// Its columns.
    pub columns: Vec<u32>,
    /// Its bound, in trillionths of a cent.
    pub bound: Whole,
    /// How many nodes.
    pub nodes: usize,
}
