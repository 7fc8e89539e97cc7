//! lp_solve, with the cargo feature `lpsolve`: a small C library that goes by simplex and depth-first search.
//!
//! It is asked directly, by the crate that good_lp asks it by: good_lp leaves it chatting on standard output, where results go, and calls whatever it
//! ends with optimal, a search that was stopped too.

use std::thread::{Builder, ScopedJoinHandle, scope};
use std::time::Instant;

use lpsolve::{ConstraintType, LpSolveError, Problem, SolveStatus, Verbosity};

use super::scaled::Scaled;
use super::{Backend, Limits, Outcome};
use crate::program::{Program, Sense};

/// Name of the threads it runs on. The crate panics on an end that it does not know, such as an accuracy that lp_solve itself is not content with: on such a
/// thread a panic is an answer that is missing, and no news for a user.
pub const THREAD: &str = "lp_solve";

/// The lp_solve backend; both its gaps are zero.
#[derive(Clone, Copy, Debug, Default)]
pub struct LpSolve;

impl Backend for LpSolve {
    fn name(&self) -> &'static str {
        "lpsolve"
    }

    fn solve(&self, program: &Program, limits: &Limits) -> Outcome {
        let scaled = Scaled::new(program);
        let asked = scope(|scope| {
            let thread = Builder::new().name(THREAD.to_owned());
            thread.spawn_scoped(scope, || ask(&scaled, limits)).map(ScopedJoinHandle::join)
        });
        match asked {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::NoAnswer("lp_solve ends in a way that nobody knows".to_owned()),
            Err(error) => Outcome::NoAnswer(format!("no thread for lp_solve: {error}")),
        }
    }
}

fn ask(scaled: &Scaled, limits: &Limits) -> Outcome {
    let mut problem = match posed(scaled) {
        Ok(Some(problem)) => problem,
        Ok(None) => return Outcome::NoAnswer("lp_solve takes no model of this size".to_owned()),
        Err(error) => return Outcome::NoAnswer(format!("lp_solve does not take the model: {error}")),
    };
    if let Some(time) = limits.time {
        // It counts whole seconds, and none of them as no limit; no limit is that long.
        let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
        problem.set_timeout(seconds.max(1).try_into().unwrap_or(0));
    }
    let started = Instant::now();
    let status = problem.solve();
    let stopped = limits.time.is_some_and(|time| started.elapsed() >= time);
    match status {
        SolveStatus::Optimal | SolveStatus::Suboptimal | SolveStatus::FeasibleFound => {
            let mut values = vec![0.0; scaled.columns.len()];
            if problem.get_solution_variables(&mut values).is_none() {
                return Outcome::NoAnswer("lp_solve keeps its point to itself".to_owned());
            }
            let claims_optimal = status == SolveStatus::Optimal && !stopped;
            Outcome::Point { values: scaled.point(values.into_iter()), claims_optimal, claimed_bound: None }
        }
        SolveStatus::Infeasible if !stopped => Outcome::Infeasible,
        status => Outcome::NoAnswer(format!("lp_solve ends with {status:?}")),
    }
}

/// The program as lp_solve takes it; none where it has no columns, or too many for it.
fn posed(scaled: &Scaled) -> Result<Option<Problem>, LpSolveError> {
    let columns = scaled.columns.len();
    let Some(mut problem) = i32::try_from(columns).ok().filter(|&n| n > 0).and_then(|n| Problem::new(0, n))
    else {
        return Ok(None);
    };
    problem.set_verbose(Verbosity::Critical);
    problem.set_mip_gap(true, 0.0);
    problem.set_mip_gap(false, 0.0);
    problem.set_maximize();
    // Coefficients stand at the number of their column, from one.
    let mut coefficients = vec![0.0; columns + 1];
    for (place, column) in coefficients[1..].iter_mut().zip(&scaled.columns) {
        *place = column.objective;
    }
    problem.set_objective_function(&mut coefficients)?;
    for (number, column) in (1..).zip(&scaled.columns) {
        problem.set_integer(number, column.integer)?;
        problem.set_bounds(number, column.lower, column.upper)?;
    }
    problem.set_add_rowmode(true)?;
    for row in &scaled.rows {
        coefficients.fill(0.0);
        for &(column, coefficient) in &row.terms {
            coefficients[column + 1] = coefficient;
        }
        let kind = match row.sense {
            Sense::AtMost => ConstraintType::Le,
            Sense::AtLeast => ConstraintType::Ge,
            Sense::Equal => ConstraintType::Eq,
        };
        problem.add_constraint(&mut coefficients, row.rhs, kind)?;
    }
    problem.set_add_rowmode(false)?;
    Ok(Some(problem))
}
