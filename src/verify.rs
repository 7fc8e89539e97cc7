//! Floor 5: the independent check of a result document.
//!
//! [`verify`] takes nothing from a [`Document`] but its decisions (which expense goes to which measure and item, with which claim)
//! and its evidence, computes everything else again from `docs/semantics.md`, and compares. It imports floors 0 and 1 only, so no
//! mistake of the engine can hide here: eligibility, arithmetic and reasons are written a second time, on their own terms.
//!
//! What follows from the inputs alone is found in `ground` (with `choices` and `in_force`), `admission`, `numbers` and `base`; `decisions`
//! reads the document's plan; `application` (with `limits`, `cost`, `counts`, `loan` and `aid`) computes what the authority makes of one
//! application; `parts` says which claims on an expense lie side by side; `draws` (with `pieces`, `ledgers`, `pools` and `cumulation`) grants one after the other; `plan`, `made`, `members` and
//! `claims` compare figures, `account` what is said about them, `evidence` what is said about optimality; `findings` collects the
//! differences.

mod account;
mod admission;
mod aid;
mod application;
mod base;
mod choices;
mod claims;
mod cost;
mod counts;
mod cumulation;
mod decisions;
mod draws;
mod evidence;
mod exact;
mod findings;
mod ground;
mod in_force;
mod ledgers;
mod limits;
mod loan;
mod made;
mod members;
mod numbers;
mod parts;
mod pieces;
mod plan;
mod pools;

use std::fmt;

use crate::allocation::{Document, FORMAT};
use crate::measure::Measure;
use crate::portfolio::Portfolio;

use findings::Findings;
use ground::Ground;
use plan::Plan;

/// One place where a document is not what the rules make of its decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The paragraph of the semantics (`S7`), the rule (`measure certifications-2026 rule minimum`) or the field's own law.
    pub rule: String,
    /// The place in the document, such as `applications[0].grant`.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { rule, path, found, expected } = self;
        write!(f, "{path}: found '{found}', expected '{expected}' ({rule})")
    }
}

/// Every violation of a document, in the order of the document's parts; none when it is valid.
///
/// It says nothing about optimality beyond the evidence: that a plan is valid is checked here, that no better one exists is what
/// `evidence` claims and `status` and `proof` repeat.
pub fn verify(portfolio: &Portfolio, measures: &[Measure], document: &Document) -> Vec<Violation> {
    let ground = Ground::new(portfolio, measures);
    let cases = ground.cases();
    let settings = &ground.portfolio.settings;
    let mut findings = Findings::default();
    findings.compare("format", "format", &document.format, &FORMAT);
    findings.compare("settings", "as_of", &document.as_of, &settings.as_of);
    findings.compare("settings", "maximised", &document.maximised.as_str(), &settings.objective.name());
    let decisions = decisions::read(&ground, &cases, document, &mut findings);
    let plan = Plan::new(settings, decisions, &mut findings);
    plan.check_applications(document, &mut findings);
    plan.check_totals(document, &mut findings);
    in_force::check(&ground.portfolio, &plan, &mut findings);
    claims::check_company_counts(&plan, &mut findings);
    claims::check_whole(&plan, &mut findings);
    claims::check_largest(&plan, &mut findings);
    account::check(&ground, &cases, &plan, document, &mut findings);
    evidence::check(document, &mut findings);
    findings.into_violations()
}
