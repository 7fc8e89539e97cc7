//! Floor 1: the result document (`result.json`, format 1): what is published, and what `verify` judges.
//!
//! Plain data with a serde form; no arithmetic lives here. Every list is in canonical order: applications by (project, measure), expenses by
//! id, reasons and assignments by (measure, rule or item), so that equal results are equal bytes.

mod reason;

pub use reason::{Assumption, Reason, builtin};

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::ids::{CompanyId, ExpenseId, ItemId, MeasureId, ProjectId, RuleId};
use crate::money::Money;

/// The version of the document's form.
pub const FORMAT: u32 = 1;

/// How good the plan is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No plan gives a cent more; `proof` says how that is known.
    Optimal,
    /// A valid plan; `gap` bounds what could be missing.
    Feasible,
    /// No plan keeps the rules and the decisions in force.
    Infeasible,
    /// The solver found nothing in its time.
    NoAnswer,
}

/// What the status rests on (design guarantee 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The bound was recomputed exactly from dual multipliers over the leaves of a search tree.
    Certified,
    /// Two unlike methods gave the same cents.
    Agreed,
    /// A solver says so.
    Claimed,
    /// Two methods differ; the better plan is published.
    Disputed,
    /// Nothing.
    None,
}

/// The whole result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// [`FORMAT`].
    pub format: u32,
    /// How good the plan is.
    pub status: Status,
    /// What that rests on.
    pub proof: Proof,
    /// What was maximised: `grant`, `net` or `expected`.
    pub maximised: String,
    /// Its value for this plan, cut to cents.
    pub objective: Money,
    /// No plan is worth more than this: the smaller of the bounds in `evidence`.
    pub upper_bound: Option<Money>,
    /// `upper_bound - objective`.
    pub gap: Option<Money>,
    /// The day of planning.
    pub as_of: NaiveDate,
    /// Sums over the applications.
    pub totals: Totals,
    /// The applications made, by (project, measure).
    pub applications: Vec<Application>,
    /// Every expense, by id.
    pub expenses: Vec<ExpenseOutcome>,
    /// What was assumed, by (project, measure, expense, rule).
    pub assumptions: Vec<Assumption>,
    /// Doubts that touch the applications made, by (measure, rule).
    pub doubts: Vec<DoubtNote>,
    /// What the proof rests on.
    pub evidence: Evidence,
    /// Who computed it.
    pub solver: Solver,
}

/// Sums over the applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Grants.
    pub grant: Money,
    /// Loans.
    pub loan: Money,
    /// Gross grant equivalents of guarantees.
    pub esl: Money,
    /// Admitted cost with derived items.
    pub admitted: Money,
    /// Grants less withholding.
    pub net: Money,
}

/// One application of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The project.
    pub project: ProjectId,
    /// Its lead company.
    pub company: CompanyId,
    /// The measure.
    pub measure: MeasureId,
    /// Day it is filed.
    pub filed_on: NaiveDate,
    /// Day the grant is expected.
    pub granted_on: NaiveDate,
    /// Whether the measure was opened as a hypothesis (S5).
    pub hypothetical: bool,
    /// Choices taken: `regime`, or `regime:efficiency` where there is one for each group or lot.
    pub choices: IndexMap<String, String>,
    /// Admitted cost with derived items.
    pub admitted: Money,
    /// Derived items with an amount, in file order.
    pub derived: Vec<DerivedAmount>,
    /// The grant, after pools.
    pub grant: Money,
    /// The loan.
    pub loan: Money,
    /// Gross grant equivalent of the guarantee.
    pub esl: Money,
    /// Components that are grants, with an amount, in file order; they sum to the grant.
    pub aid: Vec<ComponentAmount>,
    /// The grant less withholding.
    pub net: Money,
    /// What falls on each member that pays, by company; empty where the lead pays everything.
    pub members: Vec<MemberShare>,
    /// What it draws on ledgers, pools and joint ceilings, in file order.
    pub draws: Vec<DrawNote>,
    /// Binding limits, ledgers and pools, in file order.
    pub limits_binding: Vec<RuleId>,
}

/// A cost without invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DerivedAmount {
    /// The item.
    pub item: ItemId,
    /// Its admitted amount.
    pub amount: Money,
    /// Its part of the grant.
    pub aid: Money,
}

/// A part of the aid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentAmount {
    /// The component.
    pub component: RuleId,
    /// Its amount.
    pub amount: Money,
}

/// What falls on one member of a partnership (S17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberShare {
    /// The member.
    pub company: CompanyId,
    /// What is admitted of its cost, its part of derived items included.
    pub admitted: Money,
    /// Its part of the grant.
    pub grant: Money,
    /// Its part of the aid in guarantees.
    pub esl: Money,
}

/// What an application draws on a ledger, a pool or a joint ceiling (S11, S13, S15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawNote {
    /// The rule.
    pub rule: RuleId,
    /// What is drawn on: `de_minimis`, the name of a pool, the expense of a joint ceiling.
    pub account: String,
    /// Whose it is: an undertaking or a company; none where it is one for all.
    pub holder: Option<String>,
    /// What was left when this application was granted.
    pub room: Money,
    /// What it draws.
    pub amount: Money,
    /// For a ledger that binds: the first day on which it would have more room, as aid received before falls out of its window.
    pub freed_on: Option<NaiveDate>,
}

/// What becomes of one expense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpenseOutcome {
    /// The expense.
    pub expense: ExpenseId,
    /// Where it goes; one place, unless cumulation or parts (S6) allow more.
    pub assignments: Vec<Assignment>,
    /// Why it is not funded in full, measure by measure.
    pub reasons: Vec<Reason>,
}

/// An expense in an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The measure; the application is that of the expense's project.
    pub measure: MeasureId,
    /// The cost item.
    pub cost_item: ItemId,
    /// What is claimed.
    pub claimed: Money,
    /// What is admitted.
    pub admitted: Money,
    /// Its part of the grant.
    pub aid: Money,
}

/// A doubt that touches the result (S16).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoubtNote {
    /// The measure.
    pub measure: MeasureId,
    /// The rule in doubt; none for a doubt about the measure as a whole.
    pub rule: Option<RuleId>,
    /// Why.
    pub why: String,
    /// Other readings.
    pub alternatives: Vec<String>,
}

/// What the proof rests on: each bound was found by a method of its own. A published document holds only what decides its status, proof
/// and upper bound ([`Evidence::decisive`]), so that no figure stands in it that nobody could check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Bound recomputed exactly from dual multipliers over the leaves of a search tree.
    pub certified_bound: Option<Money>,
    /// The optimum found by exhaustive exact search, where the portfolio was small enough.
    pub searched_optimum: Option<Money>,
    /// Whether the solver called its plan optimal.
    pub solver_claims_optimal: bool,
    /// Value of the solver's own plan, settled exactly; none where it had none.
    pub solver_plan: Option<Money>,
    /// Value of the best plan that the certifying tree, guided by relaxations of the model, has known.
    pub tree_plan: Option<Money>,
}

impl Evidence {
    /// The evidence that decides, given the objective; verdict and upper bound stay what they are.
    ///
    /// - Of two bounds the smaller is kept, of equal ones the certified.
    /// - The solver's word is kept where the proof is that word: `claimed` or `disputed`.
    /// - The solver's plan is kept where it is worth the objective and the proof rests on it: `agreed` or `claimed`; the tree's plan where
    ///   only that one agrees. A disputed plan is worth less than the one published, and by how much cannot be checked.
    #[must_use]
    pub fn decisive(&self, objective: Money) -> Evidence {
        let (_, proof) = Document::verdict(objective, self);
        let (certified, searched) = (self.certified_bound, self.searched_optimum);
        let by_solver = self.solver_plan.filter(|plan| *plan == objective);
        Evidence {
            certified_bound: certified.filter(|bound| searched.is_none_or(|other| *bound <= other)),
            searched_optimum: searched.filter(|bound| certified.is_none_or(|other| *bound < other)),
            solver_claims_optimal: matches!(proof, Proof::Claimed | Proof::Disputed),
            solver_plan: by_solver.filter(|_| matches!(proof, Proof::Agreed | Proof::Claimed)),
            tree_plan: self.tree_plan.filter(|_| proof == Proof::Agreed && by_solver.is_none()),
        }
    }
}

/// Who computed it; free of any figure of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solver {
    /// This program's version.
    pub version: String,
    /// The backend that solved the model.
    pub backend: String,
}

impl Document {
    /// What status and proof must be, given objective and evidence. Both the engine and `verify` hold the document to this.
    ///
    /// - optimal and certified: the certified bound equals the objective;
    /// - optimal and agreed: the exhaustive search and a plan the model led to (the solver's or the tree's) both equal the objective;
    /// - disputed: the solver called a plan optimal, and a better one is published without such a proof;
    /// - claimed: the solver calls the published plan optimal, nobody else does.
    pub fn verdict(objective: Money, evidence: &Evidence) -> (Status, Proof) {
        let meets = |bound: Option<Money>| bound == Some(objective);
        if meets(evidence.certified_bound) {
            (Status::Optimal, Proof::Certified)
        } else if meets(evidence.searched_optimum)
            && (meets(evidence.solver_plan) || meets(evidence.tree_plan))
        {
            (Status::Optimal, Proof::Agreed)
        } else if evidence.solver_claims_optimal && !meets(evidence.solver_plan) {
            (Status::Feasible, Proof::Disputed)
        } else if evidence.solver_claims_optimal {
            (Status::Feasible, Proof::Claimed)
        } else {
            (Status::Feasible, Proof::None)
        }
    }
}
