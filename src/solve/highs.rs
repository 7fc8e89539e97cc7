//! HiGHS through good_lp, with the cargo feature `highs`: faster from some thirty expenses on.
//!
//! Its "optimal" has been wrong by thousands of euro on small grant models with every setting tried, so it only ever proposes. The bound it ends with is
//! read beside its point, to be held against ours; no bound of ours rests on it.

use good_lp::SolverModel as _;
use highs::{HighsModelStatus, Model, SolvedModel};

use super::scaled::{Scaled, THOUSAND};
use super::{Backend, Limits, Outcome};
use crate::program::Program;

/// The HiGHS backend: one thread (parallelism belongs to the caller), both gaps zero (the default of 1e-4 calls itself optimal).
#[derive(Clone, Copy, Debug, Default)]
pub struct Highs;

impl Backend for Highs {
    fn name(&self) -> &'static str {
        "highs"
    }

    fn solve(&self, program: &Program, limits: &Limits) -> Outcome {
        let scaled = Scaled::new(program);
        let (variables, _, objective, constraints) = scaled.posed();
        // good_lp makes the model; it would keep the bound to itself, so HiGHS is asked directly.
        let posed = variables.maximise(objective).using(good_lp::highs).with_all(constraints);
        let model = match posed.try_into_inner() {
            Ok(model) => model,
            Err(error) => return Outcome::NoAnswer(error.to_string()),
        };
        solved(model, limits).map_or_else(Outcome::NoAnswer, |solved| outcome(&solved, &scaled))
    }
}

fn solved(mut model: Model, limits: &Limits) -> Result<SolvedModel, String> {
    let time = limits.time.map(|time| ("time_limit", time.as_secs_f64()));
    for (option, value) in [("mip_rel_gap", 0.0), ("mip_abs_gap", 0.0)].into_iter().chain(time) {
        model.try_set_option(option, value).map_err(|_| format!("HiGHS takes no {value} as {option}"))?;
    }
    model.try_set_option("threads", 1).map_err(|_| "HiGHS takes no single thread".to_owned())?;
    model.try_solve().map_err(|status| format!("HiGHS ends with {status:?}"))
}

/// What HiGHS calls a point that keeps all rows (`kSolutionStatusFeasible`); where it knows of none the figure may be one that the bindings do not know.
const FEASIBLE: i64 = 2;

fn outcome(solved: &SolvedModel, scaled: &Scaled) -> Outcome {
    let status = solved.status();
    if matches!(status, HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible) {
        return Outcome::Infeasible;
    }
    // Of a model without columns and rows HiGHS says nothing, and the bindings would panic on that.
    if status == HighsModelStatus::ModelEmpty {
        return Outcome::Point {
            values: scaled.point(std::iter::empty()),
            claims_optimal: true,
            claimed_bound: Some(0.0),
        };
    }
    if solved.int_info_value(c"primal_solution_status").ok() != Some(FEASIBLE) {
        return Outcome::NoAnswer(format!("HiGHS has no point and ends with {status:?}"));
    }
    let claims_optimal = status == HighsModelStatus::Optimal;
    let bound = if scaled.columns.iter().any(|column| column.integer) {
        solved.double_info_value(c"mip_dual_bound").ok()
    } else {
        // Without whole values there is no search, and what the best point is worth is its own bound.
        claims_optimal.then(|| solved.objective_value())
    };
    Outcome::Point {
        values: scaled.point(solved.get_solution().columns().iter().copied()),
        claims_optimal,
        claimed_bound: bound.filter(|bound| bound.is_finite()).map(|bound| bound * THOUSAND),
    }
}
