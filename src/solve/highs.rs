//! HiGHS through good_lp, with the cargo feature `highs`: faster from some thirty expenses on.
//!
//! Its "optimal" has been wrong by thousands of euro on small grant models with every setting tried, so it only ever proposes.

use good_lp::{ResolutionError, SolverModel as _};

use super::scaled::Scaled;
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
        let (variables, handles, objective, constraints) = scaled.posed();
        let mut model = variables
            .maximise(objective)
            .using(good_lp::highs)
            .with_all(constraints)
            .set_threads(1)
            .set_option("mip_rel_gap", 0.0)
            .set_option("mip_abs_gap", 0.0);
        if let Some(time) = limits.time {
            model = model.set_time_limit(time.as_secs_f64());
        }
        match model.solve() {
            Ok(solution) => scaled.outcome(&solution, &handles),
            Err(ResolutionError::Infeasible) => Outcome::Infeasible,
            Err(error) => Outcome::NoAnswer(error.to_string()),
        }
    }
}
