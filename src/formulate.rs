//! Floor 4: the model. From applications to a [`Program`] that bounds every plan and leads to the best.
//!
//! The contract: the program is a *relaxation of the truth*. Every plan that keeps the rules (applications that
//! [`assess`](crate::assess) grants, counts, pools, one place for each expense) is a point of the program worth at least as much, where an
//! application counts as made, and a line as claimed, when something of it is admitted. So a bound on the program bounds every plan. In ordinary
//! cases it is exact up to the cutting to whole cents.
//!
//! One family of constraints is one file with its formula; the name of every row starts with its family:
//!
//! | family | keeps |
//! |---|---|
//! | `activation` | nothing admitted without claim, lot and application |
//! | `one_place` | an expense goes to one place (S6) |
//! | `parts` | a splittable one goes no further than its amount (S6) |
//! | `whole` | all or nothing (S6) |
//! | `derived`, `trim` | cost that the authority admits at most (S7) |
//! | `reject`, `drop`, `companion`, `count`, `company_count` | what it refuses (S7) |
//! | `brackets`, `bands`, `fixed` | components that are not linear (S9) |
//! | `loan` | what is lent (S12) |
//! | `caps`, `aid_reject`, `grant` | from components to the grant (S9, S14) |
//! | `beside` | variants and applications that exclude each other (S6, S13) |
//! | `decided` | decisions in force |
//! | `draw` | ledgers, pools, joint ceilings (S11, S13, S15) |
//! | `no_dodging` | what the authority admits at least, where less could help (S7) |
//! | `tie_break` | the second stage |
//!
//! Beyond a cent here and there the model is looser than the truth only where
//! - lines claimed whole are cut pro rata, by one of several trims of cost, or by a rate of aid that leaves out what other shapes pay: the
//!   model cuts where that costs the least;
//! - less could help and trims of cost cross, nest, or cut what a derived item is taken on (`no_dodging`);
//! - an account that pays in part serves applications in the order of their grants and their weights differ, or it counts a part of the grant;
//! - a chosen loan is refused, or eats a ledger, for being as large as it can be; or less is lent where caps cross;
//! - a rejecting limit per lot is tested on lots with nothing admitted.

mod activation;
mod aid_reject;
mod bands;
mod beside;
mod brackets;
mod caps;
mod companion;
mod company_count;
mod count;
mod decided;
mod derived;
mod draft;
mod draws;
mod drop;
mod expression;
mod fixed;
mod grant;
mod loan;
mod needs;
mod no_dodging;
mod one_place;
mod parts;
mod payout;
mod reach;
mod reject;
mod tie_break;
mod trim;
mod whole;

pub use reach::may_be_granted;
pub use tie_break::{Counted, tie_break};

use rust_decimal::Decimal;

use crate::eligibility::Application;
use crate::measure::Form;
use crate::program::Program;
use draft::Draft;

/// A program with the meaning of its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The program.
    pub program: Program,
    /// Columns of each application, in the order of the applications it was made from.
    pub applications: Vec<Columns>,
}

/// The columns of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Whether it is made; none where no rule asks: it is made when something is admitted.
    pub apply: Option<usize>,
    /// By lot: whether it takes part; none where no rule asks.
    pub lots: Vec<Option<usize>>,
    /// By line.
    pub lines: Vec<LineColumns>,
    /// By derived item: what is admitted of it.
    pub derived: Vec<usize>,
    /// The grant, or what a pool that pays in part leaves of it.
    pub grant: usize,
}

/// The columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumns {
    /// Whether it is claimed; none where no rule asks: it is claimed when something is admitted.
    pub claim: Option<usize>,
    /// What is admitted of it.
    pub admitted: usize,
}

/// The model of these applications.
pub fn formulate(applications: &[Application]) -> Model {
    let divided = parts::divided(applications);
    let mut draft = Draft::new(applications, &divided, &needs::needs(applications, &divided));
    let refusable = no_dodging::refusable(&draft);
    for at in 0..applications.len() {
        activation::rows(&mut draft, at);
        whole::rows(&mut draft, at);
        derived::rows(&mut draft, at);
        trim::rows(&mut draft, at);
        reject::rows(&mut draft, at);
        drop::rows(&mut draft, at);
        companion::rows(&mut draft, at);
        count::rows(&mut draft, at);
        let exact = no_dodging::exact_aid(&applications[at], refusable[at]);
        let aid = payout::aid(&mut draft, at, exact);
        draft.guarantees[at] = guarantees(&draft, at, &aid);
        let capped = caps::caps(&mut draft, at, &aid, exact);
        aid_reject::rows(&mut draft, at, &aid, &capped);
        loan::complement(&mut draft, at, &aid, &capped, exact);
        // An account that pays in part may leave any part of the grant.
        let whole = refusable[at] && applications[at].draws.iter().all(|draw| !draw.in_part);
        grant::rows(&mut draft, at, &capped, aid.above, whole);
        no_dodging::rows(&mut draft, at, refusable[at]);
    }
    one_place::rows(&mut draft);
    parts::rows(&mut draft);
    company_count::rows(&mut draft);
    beside::rows(&mut draft);
    decided::rows(&mut draft);
    draws::rows(&mut draft);
    parts::sums(&mut draft);
    Model { program: draft.program, applications: draft.columns }
}

/// The aid in guarantees of an application, which no cap cuts, at least: each is published to the nearest cent.
fn guarantees(draft: &Draft<'_>, at: usize, aid: &payout::Aid) -> expression::Expression {
    let components = draft.applications[at].components.iter().enumerate();
    let guaranteed = components.filter(|(_, component)| component.form == Form::Guarantee).map(|(at, _)| at);
    let part = |component: usize| {
        let exact = aid.component(component);
        let above = if exact.is_zero() { Decimal::ZERO } else { grant::HALF };
        exact - draft.made(at) * above - aid.above(std::iter::once(component)).into()
    };
    guaranteed.map(part).sum()
}
