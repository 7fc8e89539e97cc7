//! A possible application: a measure's rules as numbers over the lines a project can put into it.
//!
//! Lines and derived items together are *entries*: indices `0..lines.len()` are the lines in canonical order (expense id, then
//! item), the following ones the derived items in file order. Every set of items has become a list of entries, every limit per lot one
//! limit a lot, every condition has been decided.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::allocation::{Assumption, Reason};
use crate::ids::{CompanyId, ExpenseId, ItemId, LotId, MeasureId, PoolId, ProjectId, RuleId};
use crate::measure::{Band, Bound, Claim, Countable, Cut, Effect, Form, Quantity, Reads, Rule, Variant};
use crate::money::Money;
use crate::rate::Rate;
use crate::rounding::Rounding;

/// A project that can apply to a measure, with everything resolved.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Application {
    /// The project.
    pub project: ProjectId,
    /// Its lead company.
    pub company: CompanyId,
    /// The measure.
    pub measure: MeasureId,
    /// What the applicant picks; of the variants of one project and measure one at most is made.
    pub variant: Variant,
    /// Day it is filed.
    pub filed_on: NaiveDate,
    /// Day the grant is expected.
    pub granted_on: NaiveDate,
    /// Whether the measure was opened as a hypothesis.
    pub hypothetical: bool,
    /// What may be claimed of an expense.
    pub claim: Claim,
    /// How the grant becomes cents.
    pub rounding: Rounding,
    /// Share of the grant withheld on payment.
    pub withholding: Rate,
    /// What one euro of its grant is worth to the objective.
    pub weight: Rate,
    /// The lines, by (expense, item).
    pub lines: Vec<Line>,
    /// Derived items that apply, in file order.
    pub derived: Vec<Derived>,
    /// The lots of the lines, by id; expenses without lot last.
    pub lots: Vec<Option<LotId>>,
    /// Limits on cost, in file order, those per lot once a lot.
    pub cost_limits: Vec<CostLimit>,
    /// Limits on aid, likewise.
    pub aid_limits: Vec<AidLimit>,
    /// Limits that only tell, in file order.
    pub warnings: Vec<Warning>,
    /// Every limit of the measure, in file order.
    pub limit_order: Vec<RuleId>,
    /// Numbers of things within the application.
    pub counts: Vec<Count>,
    /// Numbers of things over the company's applications to the measure.
    pub company_counts: Vec<CompanyCount>,
    /// Items that need company.
    pub companions: Vec<Companion>,
    /// The aid, in file order.
    pub components: Vec<Component>,
    /// What it draws on, in the order of the draws.
    pub draws: Vec<Draw>,
    /// Applications it may share an expense with (S13).
    pub meets: Vec<Other>,
    /// Applications that may not be made beside it.
    pub excludes: Vec<Other>,
    /// Regimes of its aid.
    pub regimes: Vec<String>,
    /// Expenses of the project that may not enter, by id.
    pub refused: Vec<(ExpenseId, Reason)>,
    /// Whether a decision in force wants it made.
    pub forced: bool,
    /// What is assumed of the application; what is assumed of a line stands there.
    pub assumptions: Vec<Assumption>,
}

/// An expense under a cost item.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Line {
    /// The expense.
    pub expense: ExpenseId,
    /// The cost item.
    pub item: ItemId,
    /// Who pays it.
    pub payer: CompanyId,
    /// Its lot, as an index into the application's.
    pub lot: usize,
    /// The most that can be claimed (S3).
    pub base: Money,
    /// Quantity of the expense, for aid per unit.
    pub quantity: Decimal,
    /// The net amount of its expense, where that may go in parts to several applications (S6).
    pub divisible: Option<Money>,
    /// Whether a decision in force wants its expense here; of several such lines of an expense one will do.
    pub forced: bool,
    /// What is assumed should it be claimed.
    pub assumptions: Vec<Assumption>,
}

/// A derived item that applies.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Derived {
    /// The item.
    pub item: ItemId,
    /// Id, names, reference.
    pub rule: Rule,
    /// Its rate.
    pub rate: Decimal,
    /// The entries it is taken on.
    pub of: Vec<usize>,
}

/// `euro + sum of rate x entries`.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Term {
    /// The fixed part.
    pub euro: Decimal,
    /// Rates on sums of entries.
    pub shares: Vec<(Decimal, Vec<usize>)>,
}

/// A limit on admitted cost.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct CostLimit {
    /// Id, names, reference.
    pub rule: Rule,
    /// The entries limited.
    pub of: Vec<usize>,
    /// Number of items of the limited set: trims act on narrow sets first (S7).
    pub width: usize,
    /// Which way.
    pub bound: Bound,
    /// The amounts; the tightest counts.
    pub terms: Vec<Term>,
    /// What happens when it does not hold.
    pub effect: Effect,
    /// How a cut is shared.
    pub cut: Cut,
    /// The lot it is tested for, where it is a limit per lot.
    pub lot: Option<usize>,
}

/// A limit on aid.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct AidLimit {
    /// Id, names, reference.
    pub rule: Rule,
    /// The components limited, as indices.
    pub of: Vec<usize>,
    /// Which way.
    pub bound: Bound,
    /// The amounts, over admitted cost; the tightest counts.
    pub terms: Vec<Term>,
    /// What happens when it does not hold.
    pub effect: Effect,
    /// Which aid it reads.
    pub reads: Reads,
    /// The lot it is tested for, where it is a limit per lot.
    pub lot: Option<usize>,
}

/// A limit that changes nothing: the result says where a plan does not keep it.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Warning {
    /// Id, names, reference.
    pub rule: Rule,
    /// The entries whose cost, or the components whose aid it looks at.
    pub of: Quantity,
    /// Which way.
    pub bound: Bound,
    /// The amounts, over admitted cost; the tightest counts.
    pub terms: Vec<Term>,
}

/// A number of things within the application.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Count {
    /// Id, names, reference.
    pub rule: Rule,
    /// What is counted, for messages.
    pub of: Countable,
    /// One list of lines for each thing that can be counted; it counts when something of it is admitted.
    pub things: Vec<Vec<usize>>,
    /// At least so many.
    pub at_least: Option<u32>,
    /// At most so many.
    pub at_most: Option<u32>,
}

/// A number of things over all applications of a company to the measure.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct CompanyCount {
    /// Id, names, reference.
    pub rule: Rule,
    /// What is counted.
    pub of: Countable,
    /// As in [`Count`]; for applications one thing with every line.
    pub things: Vec<Vec<usize>>,
    /// At least so many, once the company applies at all.
    pub at_least: Option<u32>,
    /// At most so many.
    pub at_most: Option<u32>,
}

/// Items that count only with others.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Companion {
    /// Id, names, reference.
    pub rule: Rule,
    /// Entries that need company.
    pub items: Vec<usize>,
    /// The company they need.
    pub with: Vec<usize>,
    /// How much must be admitted there.
    pub at_least: Decimal,
}

/// A part of the aid.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Component {
    /// Id, names, reference.
    pub rule: Rule,
    /// What it is: only grants make the grant.
    pub form: Form,
    /// The entries it is computed on.
    pub of: Vec<usize>,
    /// How.
    pub payout: Payout,
}

/// How a component is computed (S9), resolved.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Payout {
    /// A rate for each entry of `of`, premiums included.
    Rate(Vec<Decimal>),
    /// Marginal rates on the sum.
    Brackets(Vec<Band>),
    /// One rate by the sum.
    Tiers(Vec<Band>),
    /// A fixed amount by the sum.
    Steps(Vec<(Money, Money)>),
    /// For each entry of `of` the aid if its whole base is admitted.
    PerUnit(Vec<Decimal>),
    /// A fixed amount once anything is admitted.
    Fixed(Decimal),
    /// A loan once anything is admitted (S12); of the form `loan`, and the only one of its application.
    Loan(Loan),
    /// A share of earlier components.
    Share {
        /// Of which.
        components: Vec<usize>,
        /// How much.
        rate: Decimal,
    },
}

/// A loan, resolved.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Loan {
    /// What decides the amount.
    pub amount: LoanAmount,
    /// It is at most the tightest of these, over admitted cost; any amount where there are none.
    pub at_most: Vec<Term>,
}

/// What decides the amount of a loan.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum LoanAmount {
    /// What the project asks for.
    Requested(Money),
    /// What the tightest of these leaves beside the grants.
    Complement(Vec<Term>),
    /// As much as can be had without a cent less of grants, at least this.
    Chosen(Money),
}

/// What the application draws on: a ledger, a pool or a joint ceiling (S11, S13, S15).
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Draw {
    /// Id, names, reference.
    pub rule: Rule,
    /// On what.
    pub account: Account,
    /// What is left of it when nothing of the plan has been granted yet; the most there can be where it hangs on claims.
    pub room: Money,
    /// Where the ceiling hangs on the lines that are claimed: application, line and amount, of which the largest counts.
    pub by_claims: Vec<(Other, usize, Money)>,
    /// The last day whose grants no longer count; none where all do.
    pub closed: Option<NaiveDate>,
    /// The first day after the grant on which aid received before leaves more room.
    pub freed_on: Option<NaiveDate>,
    /// Whether what does not fit is granted in part.
    pub in_part: bool,
    /// What counts.
    pub counts: Counted,
}

/// What is drawn on; equal accounts are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A ledger of an undertaking or a company.
    Ledger {
        /// Its name.
        ledger: String,
        /// Whose it is.
        holder: String,
        /// Whether it is of a company alone, not of its undertaking, which may bear the same name.
        alone: bool,
    },
    /// A pool.
    Pool {
        /// Its name.
        pool: PoolId,
        /// The company it is a pool of, where it is one for each.
        company: Option<CompanyId>,
    },
    /// What two measures may give on one expense together.
    Joint {
        /// The expense.
        expense: ExpenseId,
        /// The application whose clause sets the ceiling, and the clause.
        clause: (Other, RuleId),
        /// The application that it is shared with; the own where aid received before is meant.
        other: Other,
    },
}

/// What of an application counts for a draw.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Counted {
    /// Entries whose aid counts, in rising order.
    pub entries: Vec<usize>,
    /// Only what falls on the cost of this company.
    pub payer: Option<CompanyId>,
    /// The grant.
    pub grant: bool,
    /// The aid in guarantees.
    pub guarantees: bool,
    /// In place of aid: the claims of the entries.
    pub claims: bool,
}

impl Account {
    /// What is drawn on, for people: the ledger, the pool, the expense.
    pub fn name(&self) -> &str {
        match self {
            Account::Ledger { ledger, .. } => ledger,
            Account::Pool { pool, .. } => pool.as_str(),
            Account::Joint { expense, .. } => expense.as_str(),
        }
    }

    /// Whose it is; none where it is one for all.
    pub fn holder(&self) -> Option<&str> {
        match self {
            Account::Ledger { holder, .. } => Some(holder),
            Account::Pool { company, .. } => company.as_ref().map(CompanyId::as_str),
            Account::Joint { .. } => None,
        }
    }
}

/// Another application, by what names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Other {
    /// Its project.
    pub project: ProjectId,
    /// Its measure.
    pub measure: MeasureId,
    /// Its variant.
    pub variant: Variant,
}

impl Application {
    /// Lines and derived items.
    pub fn entries(&self) -> usize {
        self.lines.len() + self.derived.len()
    }

    /// The rate of aid of an entry: the sum of its rate components (S7), grants only.
    pub fn aid_rate(&self, entry: usize) -> Decimal {
        let mut sum = Decimal::ZERO;
        for component in self.components.iter().filter(|component| component.form == Form::Grant) {
            if let Payout::Rate(rates) = &component.payout {
                let rate = component.of.iter().position(|e| *e == entry).map(|at| rates[at]);
                sum += rate.unwrap_or_default();
            }
        }
        sum
    }

    /// Whether a draw counts everything the application is granted.
    pub fn draws_in_full(&self, draw: &Draw) -> bool {
        let counts = &draw.counts;
        counts.payer.is_none() && !counts.claims && counts.entries.len() == self.entries()
    }

    /// Euro of each derived item that a euro of a line brings, before any limit; derived items may feed later ones.
    pub fn fed_by(&self, line: usize) -> Vec<Decimal> {
        let mut fed: Vec<Decimal> = Vec::with_capacity(self.derived.len());
        for derived in &self.derived {
            let inner = derived.of.iter().filter_map(|entry| entry.checked_sub(self.lines.len()));
            let through: Decimal = inner.filter_map(|at| fed.get(at)).sum();
            let direct = if derived.of.contains(&line) { Decimal::ONE } else { Decimal::ZERO };
            fed.push(derived.rate * (direct + through));
        }
        fed
    }

    /// Whether it is the one another application names.
    pub fn is(&self, other: &Other) -> bool {
        self.measure == other.measure && self.variant == other.variant && self.project == other.project
    }

    /// By what other applications name it.
    pub fn named(&self) -> Other {
        Other { project: self.project.clone(), measure: self.measure.clone(), variant: self.variant.clone() }
    }

    /// Whether it may share an expense with another application.
    pub fn may_meet(&self, other: &Application) -> bool {
        self.meets.iter().any(|name| other.is(name))
    }

    /// Whether a clause stands against making both.
    pub fn excludes(&self, other: &Application) -> bool {
        self.excludes.iter().any(|name| other.is(name))
    }

    /// Whether both may be made: not two variants of one, and no clause against it.
    pub fn may_stand_beside(&self, other: &Application) -> bool {
        let variants = self.project == other.project && self.measure == other.measure;
        !variants && !self.excludes(other)
    }

    /// The claims that put everything in: the base of every line.
    pub fn full_claims(&self) -> Vec<Money> {
        self.lines.iter().map(|line| line.base).collect()
    }

    /// What is assumed of the application and of all its lines, used or not; each once.
    pub fn all_assumptions(&self) -> Vec<Assumption> {
        let of_lines = self.lines.iter().flat_map(|line| &line.assumptions);
        let mut all: Vec<Assumption> = self.assumptions.iter().chain(of_lines).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    /// `project / measure`, for people.
    pub fn title(&self) -> String {
        let picks = self.variant.picks.iter().map(|pick| format!(", {} = {}", pick.key(), pick.option));
        format!("{} / {}{}", self.project, self.measure, picks.collect::<String>())
    }
}

impl Term {
    /// The exact value for these amounts.
    pub fn value(&self, amounts: &[Money]) -> Decimal {
        let share = |(rate, set): &(Decimal, Vec<usize>)| {
            *rate * set.iter().map(|entry| amounts[*entry]).sum::<Money>().euro()
        };
        self.euro + self.shares.iter().map(share).sum::<Decimal>()
    }

    /// The tightest of several terms: the smallest for a ceiling, the largest for a floor.
    pub fn tightest(terms: &[Term], bound: Bound, amounts: &[Money]) -> Decimal {
        let values = terms.iter().map(|term| term.value(amounts));
        let tightest = match bound {
            Bound::AtMost => values.min(),
            Bound::AtLeast => values.max(),
        };
        // Readers refuse a limit without terms.
        tightest.unwrap_or_default()
    }
}
