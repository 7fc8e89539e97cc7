//! Decisions about what a plan does.

use grantfolio::allocation::Application;
use grantfolio::portfolio::{Decision, Verb};

/// Of an application as a whole.
pub fn decision(what: Verb, application: &Application) -> Decision {
    Decision {
        what,
        project: application.project.clone(),
        measure: application.measure.clone(),
        expense: None,
        cost_item: None,
        choice: None,
        filed_on: None,
    }
}
