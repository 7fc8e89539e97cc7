//! Whether status, proof, bound and gap are what the evidence carries (design guarantee 3).

use super::findings::Findings;
use crate::allocation::{Document, Evidence};
use crate::money::Money;

/// Compares them. The evidence itself cannot be found again, but it can contradict itself or the plan.
pub(super) fn check(document: &Document, findings: &mut Findings) {
    let Document { objective, evidence, .. } = document;
    let Evidence { certified_bound, searched_optimum, solver_plan, .. } = evidence;
    let (status, proof) = Document::verdict(*objective, evidence);
    findings.compare("evidence", "status", &document.status, &status);
    findings.compare("evidence", "proof", &document.proof, &proof);
    let bounds = [*certified_bound, *searched_optimum];
    let upper_bound: Option<Money> = bounds.into_iter().flatten().min();
    findings.compare("evidence", "upper_bound", &document.upper_bound, &upper_bound);
    let distance = |bound: Money| Money::from_cents(bound.cents().saturating_sub(objective.cents()));
    findings.compare("evidence", "gap", &document.gap, &upper_bound.map(distance));
    let mut require = |holds: bool, field: &str, found: Option<Money>, expected: &str| {
        if let (false, Some(found)) = (holds, found) {
            let expected = format!("{expected} the objective {objective}");
            findings.note("evidence", format!("evidence.{field}"), found.to_string(), expected);
        }
    };
    // A valid plan is worth no more than any bound, the published plan is the best one known, and a search has seen them all.
    let certified = certified_bound.is_none_or(|bound| bound >= *objective);
    require(certified, "certified_bound", *certified_bound, "at least");
    let searched = searched_optimum.is_none_or(|optimum| optimum == *objective);
    require(searched, "searched_optimum", *searched_optimum, "exactly");
    let solver = solver_plan.is_none_or(|plan| plan <= *objective);
    require(solver, "solver_plan", *solver_plan, "at most");
    findings.compare("evidence", "evidence", evidence, &evidence.decisive(*objective));
}
