//! Plans of the same applications valued one after the other. From one to the next most applications claim what they claimed shortly before, and
//! are not assessed again: [`assess`] hangs on nothing but the application and its claims.

use std::sync::Arc;

use super::plan::Plan;
use crate::assess::{Assessment, assess};
use crate::eligibility::Application;
use crate::money::Money;

/// Assessments of one application that are remembered: a search goes back to what it came from, and seldom further.
const REMEMBERED: usize = 8;

/// Values plans of some applications.
#[derive(Clone, Debug)]
pub struct Valuer<'a> {
    /// The applications.
    pub(super) applications: &'a [Application],
    recent: Vec<Recent>,
}

/// What was assessed last, of one application.
#[derive(Clone, Debug, Default)]
struct Recent {
    assessments: Vec<Arc<Assessment>>,
    /// Which one is the oldest, once there are as many as are remembered.
    oldest: usize,
}

impl<'a> Valuer<'a> {
    /// Of plans of these applications.
    pub fn new(applications: &'a [Application]) -> Self {
        Valuer { applications, recent: vec![Recent::default(); applications.len()] }
    }

    /// As [`Plan::of`].
    pub fn plan(&mut self, claims: Vec<Vec<Money>>) -> Option<Plan> {
        let Valuer { applications, recent } = self;
        Plan::valued(applications, claims, &mut |a, claims| recent[a].assess(&applications[a], claims))
    }

    /// What the authority would make of one of them.
    pub(super) fn assess(&mut self, application: usize, claims: &[Money]) -> Arc<Assessment> {
        self.recent[application].assess(&self.applications[application], claims)
    }
}

impl Recent {
    fn assess(&mut self, application: &Application, claims: &[Money]) -> Arc<Assessment> {
        // An assessment says what was claimed, as far as lines go: claims beyond that are assessed each time.
        if let Some(known) = self.assessments.iter().find(|known| known.claims == claims) {
            return known.clone();
        }
        let assessment = Arc::new(assess(application, claims));
        if self.assessments.len() < REMEMBERED {
            self.assessments.push(assessment.clone());
        } else {
            self.assessments[self.oldest] = assessment.clone();
            self.oldest = (self.oldest + 1) % REMEMBERED;
        }
        assessment
    }
}
