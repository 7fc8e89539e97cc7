//! Beside: of the variants of one application one at most is made, and applications that exclude each other not both (S6, S13).
//!
//! Sets: groups of variants `v` of a project and a measure, pairs `a, b` that exclude each other. Variables: apply `y`.
//!
//! ```text
//! sum over v: y[v] <= 1
//! y[a] + y[b] <= 1
//! ```

use rust_decimal::Decimal;

use super::draft::{Draft, named};
use super::expression::Expression;
use crate::eligibility::Application;

const FAMILY: &str = "beside";

/// Whether an application has others it may not stand beside.
pub(super) fn is_tied(applications: &[Application], at: usize) -> bool {
    let application = &applications[at];
    !application.excludes.is_empty()
        || applications.iter().enumerate().any(|(other, o)| {
            other != at && o.project == application.project && o.measure == application.measure
        })
}

pub(super) fn rows(draft: &mut Draft<'_>) {
    let applications = draft.applications;
    let one = || Expression::from(Decimal::ONE);
    let mut at = 0;
    while at < applications.len() {
        let application = &applications[at];
        let same = |a: &&Application| a.project == application.project && a.measure == application.measure;
        let variants = applications[at..].iter().take_while(same).count();
        if variants > 1 {
            let made = (at..at + variants).map(|variant| draft.made(variant)).sum();
            let whose = [application.project.as_str(), application.measure.as_str()];
            draft.at_most(FAMILY, named(FAMILY, &whose), made, one());
        }
        at += variants;
    }
    for (a, application) in applications.iter().enumerate() {
        for (b, other) in applications.iter().enumerate().skip(a + 1) {
            if application.excludes(other) {
                let number = b.to_string();
                let name = draft.name(a, FAMILY, &["excludes", &number]);
                let made = draft.made(a) + draft.made(b);
                draft.at_most(FAMILY, name, made, one());
            }
        }
    }
}
