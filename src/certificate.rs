//! Floor 2: the proof of a published bound as plain data, to be written down and checked by whoever does not believe it.
//!
//! A portfolio falls into groups of applications that nothing joins; the program of each bounds every plan of it. A certificate says of each group what its
//! bound is and why: by a tree over the program ([`Node`]), by prices on what joins its projects with a tree for each of them ([`Prices`]), or by
//! a search over every plan. Everything in it is a whole number, a name or an amount of money. The bound of the portfolio is the sum.
//!
//! Nothing in it is believed: the program is not in it but made again from the inputs (its [`fingerprint`] tells a proof about another one), and a hint
//! that is wrong makes a proof that does not hold, never a bound that is too low. `audit` checks it, `docs/certificates.md` has the file.

pub mod lines;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fingerprint::Fingerprint;
use crate::money::Money;
use crate::program::{Kind, Program, lp};

/// The version of the file format.
pub const FORMAT: u32 = 1;

/// The proof of a bound, group by group in the order of the applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The version of the program that wrote it.
    pub version: String,
    /// No plan is worth more; none where a group has no bound.
    pub bound: Option<Money>,
    /// The groups.
    pub groups: Vec<Group>,
}

/// The proof of the bound of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its applications by project, measure and what is chosen, for people and for a first comparison.
    pub applications: Vec<String>,
    /// The fingerprint of its program.
    pub program: String,
    /// No plan of the group is worth more.
    pub bound: Option<Money>,
    /// Why.
    pub proof: Proof,
}

/// Why a bound holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A tree over the whole program: every split node is followed by its lower part, then by its upper part.
    Tree(Vec<Node>),
    /// What can be worth more than a plan that is known, made smaller step by step, and a tree over what is left.
    Narrowed(Narrowed),
    /// Prices on rows, and trees over the blocks that these rows join.
    Prices(Prices),
    /// Every plan of the group was tried; whoever checks it does so again.
    Searched,
    /// There is none, and no bound either.
    None,
}

/// Steps from the program to what of it can be worth more than a plan that is known, and a proof for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowed {
    /// The steps, each about the program that the one before has left.
    pub steps: Vec<Narrowing>,
    /// A tree as in [`Proof::Tree`] over the program that the last one leaves.
    pub nodes: Vec<Node>,
}

/// What decisions can be in points worth more than so much. The program that is left has these ranges, and is then made smaller as every program is before it is searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrowing {
    /// What the points left out are worth at most.
    pub above: Money,
    /// Rows that shrink the box when they are read one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<u32>,
    /// What bounds the points left out.
    pub multipliers: Multipliers,
    /// Columns of whole values with the least and the most that they can be.
    pub left: Vec<(u32, i64, i64)>,
}

/// Prices on the rows that join blocks, and a proof for each block at these prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prices {
    /// Rows with their prices, in billionths of a euro per unit of the row; a row that joins blocks and is not here has the price zero.
    pub prices: Vec<(u32, Whole)>,
    /// The blocks.
    pub blocks: Vec<Block>,
}

/// The proof for a block: columns of the program, and the rows over these alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its columns in the program. Within its tree columns are counted by their place in this list, rows in the order of the program.
    pub columns: Vec<u32>,
    /// No point of the block is worth more at the prices, in trillionths of a cent.
    pub bound: Whole,
    /// A tree as in [`Proof::Tree`].
    pub nodes: Vec<Node>,
}

/// A box of a tree: what shrinks it, what bounds it, and what becomes of it.
///
/// - with `split`: two boxes follow;
/// - with `empty`: no point is in it, as its rows show one by one, or all together with the multipliers;
/// - otherwise the bound of its multipliers is at most the one to be proven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Rows that shrink the box when they are read one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<u32>,
    /// What bounds the box, or empties it; all zero where not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multipliers: Option<Multipliers>,
    /// What bounds the box in whole cents, where multipliers alone do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lattice: Option<Lattice>,
    /// Decisions that cannot be taken otherwise by a point worth more than the bound to be proven, as the multipliers show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<u32>,
    /// Where the box is split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// Whether nothing is in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty: bool,
}

/// A split into the values at most `below`, and the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// A column of decisions, of whole numbers or of whole cents.
    pub column: u32,
    /// 0 for a decision, a whole number or an amount in cents otherwise.
    pub below: i64,
}

/// Multipliers of rows, in euro of the objective per unit of the row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multipliers {
    /// The unit of the multipliers is ten to minus this.
    pub decimals: u32,
    /// Rows with their multipliers; the others have zero.
    pub of: Vec<(u32, Whole)>,
}

/// Multipliers of rows that are fractions over one denominator, and combinations of rows that leave no way to be worth more in whole cents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lattice {
    /// The denominator.
    pub over: Whole,
    /// Rows with their multipliers; the others have zero.
    pub of: Vec<(u32, Whole)>,
    /// Combinations: rows with their multipliers, of any sign, over the same denominator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modulo: Vec<Vec<(u32, Whole)>>,
}

/// A whole number of any size, in files a text: many readers of JSON keep numbers to 53 bits only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole(pub i128);

impl Serialize for Whole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let whole = text.parse().map_err(|_| {
            serde::de::Error::custom(format!("'{text}' is no whole number in a text, such as \"-25\""))
        });
        whole.map(Whole)
    }
}

/// What tells two programs apart: the SHA-256 of what each column takes (`b` a decision, `n` a whole number, `c` whole cents, `r` any number), a line end, and the program as LP text.
pub fn fingerprint(program: &Program) -> String {
    let kinds = program.columns.iter().map(|column| match column.kind {
        Kind::Binary => 'b',
        Kind::Count => 'n',
        Kind::Cents => 'c',
        Kind::Real => 'r',
    });
    let mut fingerprint = Fingerprint::new();
    fingerprint.add(kinds.chain(['\n']).collect::<String>());
    fingerprint.add(lp::text(program));
    fingerprint.hex()
}
