//! Floor 4: the authority's arithmetic as one exact, deterministic function (S7 to S10, S12, S14).
//!
//! [`assess`] takes an application and what is claimed of each of its lines and gives what the authority would admit and
//! grant. It is the only place where a plan gets its value: the model bounds it, `settle` searches with it, the worked examples and the
//! oracle test it. [`sheet()`] writes the same computation down line by line.
//!
//! Pools and counts over a company join several applications and are kept by `settle` (S6, S15).

mod aid;
mod bound;
mod cost;
mod loan;
mod pieces;
mod sheet;
mod warnings;

pub use aid::{caps_are_nested, is_whole_to_caps, weights as aid_weights};
pub use bound::upper_bound;
pub use cost::{binds, things_present};
pub use pieces::{Piece, pieces};
pub use sheet::{Left, Sheet, SheetLine, sheet};
pub use warnings::warnings;

use rust_decimal::Decimal;

use crate::eligibility::{Application, CostLimit, Term};
use crate::ids::RuleId;
use crate::measure::{Bound, Effect, Form};
use crate::money::Money;
use crate::rounding::Rounding;

/// What the authority would make of an application.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// What was claimed of each line.
    pub claims: Vec<Money>,
    /// What is admitted of each entry: lines, then derived items.
    pub admitted: Vec<Money>,
    /// The rule that dropped a line, where one did.
    pub dropped: Vec<Option<RuleId>>,
    /// The rule that rejects the application; then nothing is granted.
    pub rejected_by: Option<RuleId>,
    /// Amount of each component after caps, cut to cents: what the grant is shared over components by; zero for what is not a grant.
    pub components: Vec<Money>,
    /// The grant, before what it draws on.
    pub grant: Money,
    /// What is lent.
    pub loan: Money,
    /// The aid in guarantees: each to the nearest cent, half up.
    pub esl: Money,
}

impl Assessment {
    /// Admitted cost with derived items.
    pub fn admitted_total(&self) -> Money {
        self.admitted.iter().sum()
    }
}

/// Assesses an application with these claims, one for each line.
///
/// A claim above its line's base counts as the base. With nothing claimed nothing is granted and nothing rejects.
///
/// # Panics
/// When there are fewer claims than lines: a bug of the caller.
pub fn assess(application: &Application, claims: &[Money]) -> Assessment {
    let mut remaining: Vec<Money> =
        application.lines.iter().zip(claims).map(|(line, claim)| (*claim).min(line.base)).collect();
    assert_eq!(remaining.len(), application.lines.len(), "one claim for each line");
    let mut dropped = vec![None; remaining.len()];
    let claimed = remaining.clone();
    loop {
        let admitted = cost::admit(application, &mut remaining, &mut dropped);
        let rejected_by = cost::rejection(application, &remaining, &admitted);
        let computed = aid::compute(application, &admitted, loan::lent(application, &admitted));
        let capped = aid::cap(application, &admitted, computed.clone());
        let verdict = match rejected_by {
            Some(rule) => aid::Verdict::Rejected(rule),
            None => aid::judge(application, &remaining, &admitted, &computed, &capped),
        };
        match verdict {
            aid::Verdict::Dropped(lot, rule) => {
                for (line, claim) in remaining.iter_mut().enumerate() {
                    if application.lines[line].lot == lot && claim.is_positive() {
                        *claim = Money::ZERO;
                        dropped[line] = Some(rule.clone());
                    }
                }
            }
            aid::Verdict::Rejected(rule) => {
                return Assessment {
                    components: vec![Money::ZERO; application.components.len()],
                    grant: Money::ZERO,
                    loan: Money::ZERO,
                    esl: Money::ZERO,
                    claims: claimed,
                    admitted,
                    dropped,
                    rejected_by: Some(rule),
                };
            }
            aid::Verdict::Granted => {
                let values = capped.values();
                let of_form = |form: Form, rounding: Rounding| {
                    let components = application.components.iter().zip(&values);
                    components
                        .map(move |(c, v)| if c.form == form { rounding.cents(*v) } else { Money::ZERO })
                };
                return Assessment {
                    components: of_form(Form::Grant, Rounding::Down).collect(),
                    grant: aid::grants(application, &capped),
                    loan: of_form(Form::Loan, Rounding::Down).sum(),
                    esl: of_form(Form::Guarantee, Rounding::HalfUp).sum(),
                    claims: claimed,
                    admitted,
                    dropped,
                    rejected_by: None,
                };
            }
        }
    }
}

/// The limits that bind in an assessment, in file order; none in one that is rejected.
pub fn binding(application: &Application, assessment: &Assessment) -> Vec<RuleId> {
    if assessment.rejected_by.is_some() {
        return Vec::new();
    }
    let claims = assessment.claims.iter().zip(&assessment.dropped);
    let kept =
        |(claim, dropped): (&Money, &Option<RuleId>)| if dropped.is_some() { Money::ZERO } else { *claim };
    let remaining: Vec<Money> = claims.map(kept).collect();
    let admitted = &assessment.admitted;
    let computed = aid::compute(application, admitted, loan::lent(application, admitted));
    let mut binding = cost::binding(application, &remaining, admitted);
    binding.extend(aid::binding(application, &remaining, admitted, &computed));
    binding.sort_by_key(|rule| application.limit_order.iter().position(|limit| limit == rule));
    binding
}

/// Sum of some entries.
fn sum(amounts: &[Money], entries: &[usize]) -> Money {
    entries.iter().map(|entry| amounts[*entry]).sum()
}

/// Whether anything is claimed: of a lot, or at all. A limit per lot says nothing about a lot without claims.
fn is_claimed(application: &Application, claims: &[Money], lot: Option<usize>) -> bool {
    let mut lines = application.lines.iter().zip(claims);
    lines.any(|(line, claim)| claim.is_positive() && lot.is_none_or(|lot| line.lot == lot))
}

/// Whether a limit on cost holds exactly.
fn holds(limit: &CostLimit, admitted: &[Money]) -> bool {
    let total = sum(admitted, &limit.of).euro();
    compare(total, limit.bound, &limit.terms, admitted)
}

fn compare(total: Decimal, bound: Bound, terms: &[Term], admitted: &[Money]) -> bool {
    let tightest = Term::tightest(terms, bound, admitted);
    match bound {
        Bound::AtMost => total <= tightest,
        Bound::AtLeast => total >= tightest,
    }
}

/// The tightest term in whole cents, never negative: cut for a ceiling, raised for a floor.
fn edge(terms: &[Term], bound: Bound, admitted: &[Money]) -> Money {
    let tightest = Term::tightest(terms, bound, admitted).max(Decimal::ZERO);
    match bound {
        Bound::AtMost => Rounding::Down.cents(tightest),
        Bound::AtLeast => Rounding::Up.cents(tightest),
    }
}

/// Whether a limit with this effect takes part in a step of S7.
fn with_effect(effect: Effect) -> impl Fn(&&CostLimit) -> bool {
    move |limit| limit.effect == effect
}
