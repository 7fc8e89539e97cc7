//! Aid: a sum of components, each of one form and one shape (S9), and the budgets that applications share (S15).

use super::condition::Condition;
use super::limit::Term;
use super::number::Number;
use super::rule::Rule;
use crate::ids::PoolId;
use crate::money::Money;
use crate::rate::Rate;

/// What the aid is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Money given: what is maximised.
    #[default]
    Grant,
    /// Money lent.
    Loan,
    /// The aid in a guarantee, as a gross grant equivalent (ESL).
    Guarantee,
}

/// A part of the aid.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Its form.
    pub form: Form,
    /// Items whose admitted cost it is computed on, as indices.
    pub of: Vec<usize>,
    /// How it is computed.
    pub shape: Shape,
    /// When it is given.
    pub when: Condition,
}

impl Component {
    /// Its rule and those of its premiums.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let premiums = match &self.shape {
            Shape::Rate { premiums, .. } => premiums.as_slice(),
            _ => &[],
        };
        std::iter::once(&self.rule).chain(premiums.iter().map(|premium| &premium.rule))
    }
}

/// How a component is computed from the admitted cost of its items.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A rate on every line, which may hang on facts of the line, plus premiums in points.
    Rate {
        /// The rate; a table without row for a line makes the line not admissible.
        rate: Number,
        /// Points added.
        premiums: Vec<Premium>,
    },
    /// Marginal rates: each band's rate on the part of the sum inside the band.
    Brackets(Vec<Band>),
    /// One rate for the whole sum, that of the band the sum lies in.
    Tiers(Vec<Band>),
    /// A fixed amount: that of the last step reached by the sum; `(from, amount)` in rising order.
    Steps(Vec<(Money, Money)>),
    /// So much for each unit of `quantity` admitted, in proportion to what is admitted of the line.
    PerUnit(Number),
    /// A fixed amount once anything is admitted under the items.
    Fixed(Number),
    /// A loan, once anything is admitted under the items (S12).
    Loan(Loan),
    /// A share of other components, as indices of earlier ones.
    Share {
        /// Of which.
        components: Vec<usize>,
        /// How much.
        rate: Number,
    },
}

/// How much is lent (S12).
#[derive(Clone, Debug, PartialEq)]
pub struct Loan {
    /// What decides the amount.
    pub amount: LoanAmount,
    /// It is at most the tightest of these; any amount where there are none.
    pub at_most: Vec<Term>,
}

/// What decides the amount of a loan.
#[derive(Clone, Debug, PartialEq)]
pub enum LoanAmount {
    /// The project's `loan_amount`; none where it asks for none.
    Requested,
    /// What the tightest of these leaves beside the grants.
    Complement(Vec<Term>),
    /// As much as can be had without a cent less of grants, at least this.
    Chosen(Number),
}

/// Points added to a rate when a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Premium {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Points, as a rate: five points are 0.05.
    pub points: Number,
    /// When; a missing fact counts as not holding.
    pub when: Condition,
}

/// A band of a sum, bounds inclusive above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Band {
    /// Its upper end; none for the last.
    pub up_to: Option<Money>,
    /// Its rate.
    pub rate: Rate,
}

/// For whom a pool is one budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PoolScope {
    /// For all applications of the portfolio, over every measure that names the pool.
    #[default]
    Portfolio,
    /// One for each company.
    Company,
}

/// A budget shared by applications: the sum of their grants stays within it. Measures that name the same pool share it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Its name across measures.
    pub pool: PoolId,
    /// What is available: an assumption, others draw too.
    pub available: Money,
    /// For whom.
    pub scope: PoolScope,
    /// Items whose aid it pays, as indices; of all where empty.
    pub of: Vec<usize>,
    /// Who draws on it, about company, project and application; a missing fact counts as holding.
    pub when: Condition,
    /// Share of it that a waiting list adds, where the settings count on that.
    pub waiting_list: Rate,
    /// Whether an application that does not fit gets what is left (true) or nothing (false).
    pub in_part: bool,
}
