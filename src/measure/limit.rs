//! Limits: a sum at most, or at least, the tightest of several amounts, with a stated effect (S7, S8).
//!
//! `sum(of) <= min_k (number_k + sum_j rate_kj x sum(set_kj))`, and for a floor `sum(of) >= max_k (...)`. "25 % of the others" and
//! "25 % of the total" differ only in the set they name.

use super::condition::Condition;
use super::number::Number;
use super::rule::Rule;

/// A limit on cost or aid.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// What is limited.
    pub of: Quantity,
    /// Which way.
    pub bound: Bound,
    /// The amounts; the tightest counts.
    pub terms: Vec<Term>,
    /// When the limit applies.
    pub when: Condition,
    /// For what it is tested: once, or for each lot.
    pub per: Per,
    /// What happens when it does not hold.
    pub effect: Effect,
    /// How a trim shares the cut among lines.
    pub cut: Cut,
    /// Which aid a limit on aid reads.
    pub reads: Reads,
}

/// Which aid a limit on aid reads (S9). Trims of aid always act in file order on what earlier trims left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reads {
    /// The aid after every cap of this measure.
    #[default]
    AfterCaps,
    /// The aid as computed from the admitted cost, before any cap.
    Computed,
}

/// A sum of costs or of aid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Admitted cost of items, as indices into the measure's items.
    Cost(Vec<usize>),
    /// Aid of components, as indices into the measure's components.
    Aid(Vec<usize>),
}

/// Which way a limit bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// A ceiling.
    AtMost,
    /// A floor.
    AtLeast,
}

/// `number + sum of rate x set`.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The fixed part in euro.
    pub euro: Number,
    /// Rates on sums of admitted cost, each with its items as indices.
    pub shares: Vec<(Number, Vec<usize>)>,
}

/// For what a limit is tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// Once for the application.
    #[default]
    Application,
    /// For each lot; expenses without a lot are one lot of their own.
    Lot,
}

/// What happens when a limit does not hold (S7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Cost or aid is cut until it holds.
    Trim,
    /// The application gets nothing.
    Reject,
    /// What it is tested for (the lot) gets nothing.
    Drop,
    /// Nothing changes: the result says that the plan leaves what a rule is made for (S8).
    Warn,
}

/// How a trim of cost shares the cut among the lines of its set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// Lines with the lowest rate of aid first, pro rata among equals (S7).
    #[default]
    LowestAidFirst,
    /// Pro rata over all lines.
    ProRata,
}
