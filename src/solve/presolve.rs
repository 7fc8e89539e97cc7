//! Presolve: a program with fewer columns and rows, tighter ones, and the same best value.
//!
//! Two steps, each on its own exact, read a program (`draft`) in turn until neither finds anything more:
//!
//! - `bounds`: what rows leave of the ranges of columns; rows that no point within the ranges breaks go, and a decision that opens a row opens it no
//!   further than the others can go. No point is lost but those that are none.
//! - `dominated`: columns that nothing holds back go to their end, and one that only its decision holds back goes as far as that allows. Points are lost, but for each
//!   one a point stays that is worth at least as much.
//!
//! Columns with one value left and rows that say nothing are then left out, and the figures of a fixed column go to the right-hand sides. So the best value of what is left is that of the
//! program, bounds for it are bounds for the program, and a point of it is one of the program once what went is [put back](Presolved::back).
//!
//! What is worth money while fixed stays as a column of one value without rows: a program has no constant. What 128 bits or a decimal do not hold is left as it is.

mod bounds;
mod dominated;
mod draft;

use self::draft::{Draft, Fate};
use super::Steps;
use crate::program::Program;

/// How often both steps take their turn at most: what one finds helps the other, a few times over.
const TURNS: usize = 8;

/// A program made smaller.
#[derive(Clone, Debug)]
pub struct Presolved {
    /// What is left, in the order it was in.
    pub program: Program,
    /// By column of what is left: the column of the whole program that it is. No step changes its value in any point: what is lost are other values of columns that
    /// went.
    pub kept: Vec<usize>,
    /// By column of the whole program: where its value comes from.
    fates: Vec<Fate>,
}

impl Presolved {
    /// What these steps leave of a program in which these decisions are taken, up or not; none where they find nothing, where they find that there is no point, and where figures do not
    /// fit.
    pub fn new(program: &Program, taken: &[(usize, bool)], steps: Steps) -> Option<Presolved> {
        if !steps.bounds && !steps.dominated {
            return None;
        }
        let mut draft = Draft::new(program)?;
        for (column, up) in taken {
            draft.take(*column, *up);
        }
        let mut found = !taken.is_empty();
        for _ in 0..TURNS {
            let mut more = false;
            if steps.bounds {
                more |= draft.tighten()?;
            }
            if steps.dominated {
                more |= draft.dominate();
            }
            found |= more;
            if !more {
                break;
            }
        }
        if found { draft.finished(program) } else { None }
    }

    /// What these steps leave of a program in which columns of whole values have these ranges, from the least to the most; all of it where they find nothing, or that there is no point. None where a column
    /// is not there.
    pub fn within(program: &Program, left: &[(u32, i64, i64)], steps: Steps) -> Option<Presolved> {
        let mut narrower = program.clone();
        for &(column, least, most) in left {
            let column = narrower.columns.get_mut(usize::try_from(column).ok()?)?;
            column.lower = column.lower.max(least.into());
            column.upper = column.upper.min(most.into());
        }
        Some(Presolved::new(&narrower, &[], steps).unwrap_or_else(|| {
            let all = 0..narrower.columns.len();
            Presolved { kept: all.clone().collect(), fates: all.map(Fate::Kept).collect(), program: narrower }
        }))
    }

    /// The point of the whole program that a point of what is left stands for.
    pub fn back(&self, point: &[f64]) -> Vec<f64> {
        let value = |fate: &Fate| {
            let (mut fate, mut times) = (fate, 1.0);
            loop {
                match fate {
                    Fate::Kept(at) => return times * point[*at],
                    Fate::Fixed(value) => return times * value,
                    Fate::Tied { to, times: own } => (fate, times) = (&self.fates[*to], times * own),
                }
            }
        };
        self.fates.iter().map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::scaled::float;
    use super::super::{Limits, sample, tree};
    use super::*;
    use crate::program::{Column, ColumnKey, Kind, Sense};
    use proptest::prelude::*;
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    fn all() -> Steps {
        Steps::default()
    }

    /// Two costs of 1,000 and 400 euro in a call that pays half, up to 5,000 euro: decisions on both and on the application, amounts of both,
    /// the grant.
    fn a_call() -> Program {
        let mut program = Program::default();
        let (zero, one) = (Decimal::ZERO, Decimal::ONE);
        let mut column = |key, name: &str, kind, upper, objective| {
            program.column(Column { key, name: name.into(), kind, lower: zero, upper, objective })
        };
        let application = 0;
        column(ColumnKey::Apply { application }, "y", Kind::Binary, one, zero);
        for (line, base) in [dec!(1000), dec!(400)].into_iter().enumerate() {
            column(ColumnKey::Claim { application, line }, &format!("z{line}"), Kind::Binary, one, zero);
            column(ColumnKey::Admitted { application, line }, &format!("x{line}"), Kind::Cents, base, zero);
        }
        column(ColumnKey::Grant { application }, "g", Kind::Cents, dec!(100000), one);
        let mut row = |name: &str, terms: &[(usize, Decimal)]| {
            program.row("test", name.into(), terms.iter().copied(), Sense::AtMost, zero);
        };
        row("claimed0", &[(2, one), (1, dec!(-1000))]);
        row("claimed1", &[(4, one), (3, dec!(-400))]);
        row("made0", &[(1, one), (0, -one)]);
        row("made1", &[(3, one), (0, -one)]);
        row("cap", &[(5, one), (0, dec!(-5000))]);
        row("half", &[(5, one), (2, dec!(-0.5)), (4, dec!(-0.5))]);
        program
    }

    #[test]
    fn what_only_helps_is_claimed_in_full() {
        // Nothing speaks against the application, nor against any claim: 0.5 x 1,400 = 700 is what the grant can be, and it is.
        let program = a_call();
        let presolved = Presolved::new(&program, &[], all()).expect("much to do");
        assert_eq!((presolved.program.columns.len(), presolved.program.rows.len()), (1, 0));
        assert_eq!(presolved.program.columns[0].upper, dec!(700));
        assert_eq!(presolved.back(&[700.0]), [1.0, 1.0, 1000.0, 1.0, 400.0, 700.0]);
    }

    #[test]
    fn a_floor_leaves_the_application_open_and_what_it_opens_tight() {
        // 600 euro at least: the application is a decision, and its claims are it. An effort is asked of it, so that it is not free.
        let mut program = a_call();
        program.columns[0].objective = dec!(-10);
        let least = [(2, dec!(1)), (4, dec!(1)), (0, dec!(-600))];
        program.row("test", "floor".into(), least, Sense::AtLeast, Decimal::ZERO);
        let presolved = Presolved::new(&program, &[], all()).expect("much to do");
        let names: Vec<&str> = presolved.program.columns.iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["y", "g"]);
        // 1,400 y >= 600 y says nothing; g <= 700 y twice, of which the cap was 5,000 y
        assert!(presolved.program.rows.iter().all(|row| row.terms == [(0, dec!(-700)), (1, dec!(1))]));
        assert_eq!(presolved.back(&[1.0, 700.0]), [1.0, 1.0, 1000.0, 1.0, 400.0, 700.0]);
        assert_eq!(presolved.back(&[0.0, 0.0]), [0.0; 6]);
    }

    #[test]
    fn a_choice_that_costs_and_helps_nothing_is_not_taken() {
        let mut program = a_call();
        // A claim on 400 euro that nothing is paid for, and which costs a euro.
        program.columns[3].objective = dec!(-1);
        program.rows[5].terms.retain(|(column, _)| *column != 4);
        let presolved = Presolved::new(&program, &[], all()).expect("much to do");
        assert_eq!(presolved.back(&[500.0]), [1.0, 1.0, 1000.0, 0.0, 0.0, 500.0]);
    }

    #[test]
    fn a_decision_that_is_taken_leaves_what_it_leaves() {
        let program = a_call();
        let steps = Steps { dominated: false, ..all() };
        let presolved = Presolved::new(&program, &[(1, false)], steps).expect("much to do");
        // Without the cost of 1,000: 0.5 x 400 = 200
        let grant = presolved.program.columns.iter().find(|column| &*column.name == "g");
        assert_eq!(grant.map(|grant| grant.upper), Some(dec!(200)));
    }

    #[test]
    fn nothing_is_done_where_no_step_is() {
        let steps = Steps { bounds: false, dominated: false, ..all() };
        assert!(Presolved::new(&a_call(), &[], steps).is_none());
    }

    /// Programs in which some columns are held by others: rows such as `x - 0.02 z <= 0`.
    fn linked() -> impl Strategy<Value = Program> {
        let times =
            prop_oneof![Just(dec!(1)), Just(dec!(0.02)), Just(dec!(0.01)), Just(dec!(0.5)), Just(dec!(-1))];
        let sense = prop_oneof![3 => Just(Sense::AtMost), 1 => Just(Sense::AtLeast), 1 => Just(Sense::Equal)];
        let link = (0_usize..6, 0_usize..6, times, sense);
        (sample::programs(), prop::collection::vec(link, 0..=4)).prop_map(|(mut program, links)| {
            let columns = program.columns.len();
            for (number, (one, other, times, sense)) in links.into_iter().enumerate() {
                let (one, other) = (one % columns, other % columns);
                if one != other {
                    let terms = [(one, Decimal::ONE), (other, -times)];
                    program.row("link", format!("link{number}").into(), terms, sense, Decimal::ZERO);
                }
            }
            program
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn the_best_value_stays(program in linked(), bounds in any::<bool>(), dominated in any::<bool>()) {
            let steps = Steps { bounds, dominated, ..all() };
            let Some(presolved) = Presolved::new(&program, &[], steps) else { return Ok(()) };
            let optimum = sample::optimum(&program);
            prop_assert_eq!(sample::optimum(&presolved.program), optimum);
            if let Some(optimum) = optimum {
                let proof = tree::certify(&presolved.program, Some(optimum), &Limits::default(), &mut |_| None);
                prop_assert_eq!(proof.bound, Some(optimum));
            }
        }

        #[test]
        fn points_are_points_of_the_program(
            program in linked(), bounds in any::<bool>(), dominated in any::<bool>(), taken in prop::option::of(any::<bool>())
        ) {
            let steps = Steps { bounds, dominated, ..all() };
            let taken: Vec<(usize, bool)> = taken.map(|up| (0, up)).into_iter().collect();
            let Some(presolved) = Presolved::new(&program, &taken, steps) else { return Ok(()) };
            for point in sample::points(&presolved.program) {
                let floats: Vec<f64> = point.iter().map(|value| float(*value)).collect();
                let whole = presolved.back(&floats);
                prop_assert!(taken.iter().all(|(column, up)| (whole[*column] - f64::from(*up)).abs() < 1e-9));
                for (column, value) in program.columns.iter().zip(&whole) {
                    prop_assert!(float(column.lower) - 1e-9 <= *value && *value <= float(column.upper) + 1e-9);
                }
                for row in &program.rows {
                    let left: f64 = row.terms.iter().map(|(column, k)| float(*k) * whole[*column]).sum();
                    let off = left - float(row.rhs);
                    prop_assert!(row.sense == Sense::AtLeast || off <= 1e-9);
                    prop_assert!(row.sense == Sense::AtMost || off >= -1e-9);
                }
                let worth = |program: &Program, point: &[f64]| -> f64 {
                    program.columns.iter().zip(point).map(|(column, value)| float(column.objective) * value).sum()
                };
                prop_assert!((worth(&presolved.program, &floats) - worth(&program, &whole)).abs() < 1e-9);
            }
        }
    }
}
