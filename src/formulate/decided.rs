//! Decided: what decisions in force want is made, with something granted and something admitted.
//!
//! Sets: projects and measures `w` that a decision wants, their variants `v`; expenses `e` wanted in a measure, their lines `l` there. Variables: grant
//! `g[v]`, admitted `x[l]`.
//!
//! ```text
//! sum over v of w: g[v] >= 0.01
//! sum over l of e: x[l] >= 0.01
//! ```

use std::collections::BTreeMap;

use super::draft::{CENT, Draft, named};
use super::expression::Expression;
use crate::ids::ExpenseId;

const FAMILY: &str = "decided";

pub(super) fn rows(draft: &mut Draft<'_>) {
    let applications = draft.applications;
    let mut wanted: BTreeMap<(&str, &str, Option<&ExpenseId>), Expression> = BTreeMap::new();
    for (application, columns) in applications.iter().zip(&draft.columns) {
        let (project, measure) = (application.project.as_str(), application.measure.as_str());
        let is_wanted = application.forced || application.lines.iter().any(|line| line.forced);
        if is_wanted {
            *wanted.entry((project, measure, None)).or_default() += Expression::column(columns.grant);
        }
        for (line, data) in columns.lines.iter().zip(&application.lines).filter(|(_, data)| data.forced) {
            let key = (project, measure, Some(&data.expense));
            *wanted.entry(key).or_default() += Expression::column(line.admitted);
        }
    }
    for ((project, measure, expense), sum) in wanted {
        let mut label = vec![project, measure];
        label.extend(expense.map(ExpenseId::as_str));
        draft.at_least(FAMILY, named(FAMILY, &label), sum, CENT.into());
    }
}
