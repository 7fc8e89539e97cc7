//! What a plan is told where it leaves what a rule is made for (S8): limits with the effect `warn`, tested on what is admitted and on the aid
//! after every cap, before anything is drawn on.

use rust_decimal::Decimal;

use super::aid::{cap, compute};
use super::loan::lent;
use super::{Assessment, compare, edge, sum};
use crate::allocation::Assumption;
use crate::eligibility::{Application, Warning};
use crate::measure::Quantity;
use crate::rounding::Rounding;

/// What an application that is granted something is told, in file order.
pub fn warnings(application: &Application, assessment: &Assessment) -> Vec<Assumption> {
    if application.warnings.is_empty() || assessment.rejected_by.is_some() {
        return Vec::new();
    }
    let admitted = &assessment.admitted;
    let computed = compute(application, admitted, lent(application, admitted));
    let aid = cap(application, admitted, computed).values();
    let read = |warning: &Warning| -> Decimal {
        match &warning.of {
            Quantity::Cost(entries) => sum(admitted, entries).euro(),
            Quantity::Aid(components) => components.iter().map(|component| aid[*component]).sum(),
        }
    };
    let told = |warning: &Warning| {
        let (project, measure) = (&application.project, &application.measure);
        let sum = read(warning);
        let kept = compare(sum, warning.bound, &warning.terms, admitted);
        let edge = edge(&warning.terms, warning.bound, admitted);
        let sum = Rounding::HalfUp.cents(sum);
        (!kept).then(|| Assumption::beyond(project, measure, &warning.rule, sum, warning.bound, edge))
    };
    application.warnings.iter().filter_map(told).collect()
}
