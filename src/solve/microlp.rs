//! microlp through good_lp: the embedded solver, pure Rust, so that a fresh machine needs only cargo.

use good_lp::{ResolutionError, SolverModel as _, WithTimeLimit as _};

use super::scaled::Scaled;
use super::{Backend, Limits, Outcome};
use crate::program::Program;

/// The embedded backend; it solves to a gap of zero unless the time is up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Microlp;

impl Backend for Microlp {
    fn name(&self) -> &'static str {
        "microlp"
    }

    fn solve(&self, program: &Program, limits: &Limits) -> Outcome {
        let scaled = Scaled::new(program);
        let (variables, handles, objective, constraints) = scaled.posed();
        // The relative gap is zero by default; microlp has no absolute one.
        let mut model = variables.maximise(objective).using(good_lp::microlp).with_all(constraints);
        if let Some(time) = limits.time {
            model = model.with_time_limit(time.as_secs_f64());
        }
        match model.solve() {
            Ok(solution) => scaled.outcome(&solution, &handles),
            Err(ResolutionError::Infeasible) => Outcome::Infeasible,
            Err(error) => Outcome::NoAnswer(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::super::scaled::float;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn its_values_are_in_euro_and_within_a_cent_of_the_rows(program in sample::programs()) {
            if let Outcome::Point { values, .. } = Microlp.solve(&program, &Limits::default()) {
                for (column, value) in program.columns.iter().zip(&values) {
                    let (lower, upper) = (float(column.lower), float(column.upper));
                    prop_assert!(lower - 0.01 <= *value && *value <= upper + 0.01, "{} = {value}", column.name);
                }
            } else {
                prop_assert_eq!(sample::optimum(&program), None);
            }
        }
    }
}
