//! Aggregation: parts of a program that are alike in every row are planned as one, which is their sum.
//!
//! A *part* is what the caller says belongs together: the columns of one expense, wherever it may stand. Columns of no part are *shared*. A row over the
//! columns of one part (and shared ones) is its *own*, one over several parts is *joint*. Two parts are *twins* where their columns agree one by one
//! in kind, bounds, objective and the coefficient in every joint row, and their own rows are the same but for the names of the columns.
//!
//! Of `k` twins with columns `x[p,j]`, own rows `a x[p] + s y <= b` (shared columns `y`) and joint rows `sum over p, j: c[j] x[p,j] + ... <= r`, the
//! aggregate has the columns `X[j]` alone:
//!
//! ```text
//! a X + k s y <= k b,      sum over j: c[j] X[j] + ... <= r,      k l[j] <= X[j] <= k u[j]
//! ```
//!
//! **A bound for the aggregate is one for the program.** Let `X[j]` be the sum over `p` of `x[p,j]`, for any point of the program. The sum of the own rows of all
//! twins is the own row of the aggregate; in a joint row they stand with one coefficient, and so does their sum; bounds add up; a sum of whole
//! numbers is whole, and one of whole cents is whole cents. So it is a point of the aggregate, and with one objective coefficient worth the same.
//!
//! The other way is a proposal: a point of the aggregate is [spread](Aggregate::spread) over the twins again, and what comes of it is valued as any other
//! point is. What is gained is symmetry: which of a hundred like invoices go to a call is a number, not a choice of one among 2^100.

mod twins;

use rust_decimal::Decimal;

use self::twins::Parts;
use super::INTEGRALITY;
use super::scaled::float;
use crate::program::{Column, ColumnKey, Kind, Program, Row};

/// A program whose twins are summed up.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// The program over the sums; a sum has the key and the name of its column of the first twin.
    pub program: Program,
    /// By column of the whole program: the column of the aggregate that it is, or is summed up in.
    pub sums: Vec<usize>,
    /// By column of the aggregate: the column of the whole program that it is, or that of the first twin.
    first: Vec<usize>,
    classes: Vec<Class>,
}

impl Aggregate {
    /// The program with its twins summed up; none where there are none, or where a figure would lose a digit. `part` tells the part of each
    /// column.
    pub fn new(program: &Program, part: &dyn Fn(usize) -> Option<usize>) -> Option<Aggregate> {
        let parts = Parts::new(program, part)?;
        let twins = parts.twins(program);
        if twins.is_empty() {
            return None;
        }
        // By part: how many it stands for; none where another stands for it.
        let mut stands_for = vec![1; parts.columns.len()];
        for twins in &twins {
            for part in twins {
                stands_for[*part] = 0;
            }
            stands_for[twins[0]] = twins.len();
        }
        let count = |part: Option<usize>| part.map_or(1, |part| stands_for[part]);
        let mut aggregate = Program::default();
        let mut first = Vec::new();
        // By column of the whole program: its sum, or itself; none where another twin is the first.
        let mut sums: Vec<Option<usize>> = vec![None; program.columns.len()];
        for (at, column) in program.columns.iter().enumerate() {
            let of = count(parts.of[at]);
            if of > 0 {
                sums[at] = Some(aggregate.column(together(column, of)?));
                first.push(at);
            }
        }
        for (row, part) in program.rows.iter().zip(&parts.of_row) {
            let of = count(*part);
            if of > 0 {
                let is_shared = |column: usize| part.is_some() && parts.of[column].is_none();
                aggregate.rows.push(summed(row, of, is_shared, &sums)?);
            }
        }
        let class = |twins: &Vec<usize>| {
            let of: Vec<&[usize]> = twins.iter().map(|part| parts.columns[*part].as_slice()).collect();
            Class::new(program, &of, &sums)
        };
        let classes: Vec<Class> = twins.iter().map(class).collect::<Option<_>>()?;
        let mut sum_of: Vec<usize> = sums.into_iter().map(Option::unwrap_or_default).collect();
        for column in classes.iter().flat_map(|class| &class.columns) {
            for twin in &column.of {
                sum_of[*twin] = column.sum;
            }
        }
        Some(Aggregate { program: aggregate, sums: sum_of, first, classes })
    }

    /// By column of the aggregate: the column of the whole program that it is; none where it is a sum.
    pub fn singles(&self) -> Vec<Option<usize>> {
        let mut singles: Vec<Option<usize>> = self.first.iter().copied().map(Some).collect();
        for column in self.classes.iter().flat_map(|class| &class.columns) {
            singles[column.sum] = None;
        }
        singles
    }

    /// A point of the whole program whose sums are a point of the aggregate, as nearly as may be.
    ///
    /// Counts go first: one after the other takes the next of the twins, whole as far as the count is. Then each amount fills the twins that its count
    /// took, one after the other, so that one at most is filled in part.
    pub fn spread(&self, point: &[f64]) -> Vec<f64> {
        let mut whole = vec![0.0; self.sums.len()];
        for (column, value) in self.first.iter().zip(point) {
            whole[*column] = *value;
        }
        for class in &self.classes {
            class.spread(point, &mut whole);
        }
        whole
    }
}

/// The sum of so many columns like this one; none where a digit would be lost.
fn together(column: &Column, of: usize) -> Option<Column> {
    let kind = if of > 1 && column.kind == Kind::Binary { Kind::Count } else { column.kind };
    let (lower, upper) = (times(column.lower, of)?, times(column.upper, of)?);
    Some(Column { kind, lower, upper, ..column.clone() })
}

/// The sum of so many rows like this one, or a row as it is over sums.
fn summed(row: &Row, of: usize, is_shared: impl Fn(usize) -> bool, sums: &[Option<usize>]) -> Option<Row> {
    let mut terms = Vec::with_capacity(row.terms.len());
    for &(column, coefficient) in &row.terms {
        let coefficient = if is_shared(column) { times(coefficient, of)? } else { coefficient };
        terms.extend(sums[column].map(|sum| (sum, coefficient)));
    }
    Some(Row { terms, rhs: times(row.rhs, of)?, ..row.clone() })
}

/// So many times a decimal; none where it would be rounded.
fn times(decimal: Decimal, of: usize) -> Option<Decimal> {
    let mantissa = decimal.mantissa().checked_mul(i128::try_from(of).ok()?)?;
    Decimal::try_from_i128_with_scale(mantissa, decimal.scale()).ok()
}

/// Twins.
#[derive(Clone, Debug)]
struct Class {
    columns: Vec<Summed>,
    /// How many there are; to spread a point they stand in a ring.
    twins: usize,
}

/// A column of twins.
#[derive(Clone, Debug)]
struct Summed {
    /// Its sum in the aggregate.
    sum: usize,
    /// By twin: the column in the whole program.
    of: Vec<usize>,
    is_whole: bool,
    /// The most that one can be.
    most: f64,
    /// The place in the class of the count that says of which twins the amount is.
    counted_by: Option<usize>,
}

impl Class {
    /// Of parts, each given by its columns.
    fn new(program: &Program, parts: &[&[usize]], sums: &[Option<usize>]) -> Option<Class> {
        let first = parts.first()?;
        let claim = |key: ColumnKey| {
            let ColumnKey::Admitted { application, line } = key else { return None };
            let claim = ColumnKey::Claim { application, line };
            first.iter().position(|column| program.columns[*column].key == claim)
        };
        let summed = |(nth, column): (usize, &usize)| {
            let Column { key, kind, upper, .. } = &program.columns[*column];
            let of = parts.iter().map(|part| part[nth]).collect();
            let (sum, most) = (sums[*column]?, float(*upper));
            Some(Summed { sum, of, is_whole: kind.is_whole(), most, counted_by: claim(*key) })
        };
        let columns = first.iter().enumerate().map(summed).collect::<Option<_>>()?;
        Some(Class { columns, twins: parts.len() })
    }

    /// Writes the values of the twins into a point of the whole program.
    fn spread(&self, point: &[f64], whole: &mut [f64]) {
        let ring = float(self.twins.into());
        // By column: where its count begins, and how far it goes.
        let mut taken = vec![(0.0, ring); self.columns.len()];
        let mut next = 0.0;
        for (column, taken) in self.columns.iter().zip(&mut taken).filter(|(column, _)| column.is_whole) {
            *taken = (next, near_whole(point[column.sum]).clamp(0.0, ring));
            self.lay(column, *taken, |share| share, whole);
            next = near_whole((next + taken.1) % ring);
        }
        for column in self.columns.iter().filter(|column| !column.is_whole) {
            let mut left = point[column.sum];
            let fill = |share: f64| {
                let amount = left.min(share * column.most);
                left -= amount;
                amount
            };
            self.lay(column, column.counted_by.map_or((0.0, ring), |count| taken[count]), fill, whole);
        }
    }

    /// Goes round the ring from a place, so far, and gives each twin on the way what its share of the way is worth.
    fn lay(
        &self,
        column: &Summed,
        (from, far): (f64, f64),
        mut worth: impl FnMut(f64) -> f64,
        whole: &mut [f64],
    ) {
        column.of.iter().for_each(|twin| whole[*twin] = 0.0);
        let (mut at, end) = (from, from + far);
        while at < end {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place on a ring, cut to its twin"
            )]
            let twin = at as usize;
            let stop = (at.floor() + 1.0).min(end);
            whole[column.of[twin % self.twins]] += worth(stop - at);
            at = stop;
        }
    }
}

/// A value without the noise of a solver.
fn near_whole(value: f64) -> f64 {
    if (value - value.round()).abs() < INTEGRALITY { value.round() } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, sample, tree};
    use super::*;
    use crate::money::Money;
    use crate::program::Sense;
    use proptest::prelude::*;
    use rust_decimal_macros::dec;

    /// Five invoices of 100 euro, each to go to one of two calls, of 250 and 120 euro.
    fn five_invoices() -> Program {
        let mut program = Program::default();
        let column = |program: &mut Program, key, kind, upper, objective| {
            let name = format!("x{}", program.columns.len());
            program.column(Column { key, name: name.into(), kind, lower: Decimal::ZERO, upper, objective })
        };
        let mut rooms = [Vec::new(), Vec::new()];
        for line in 0..5 {
            let mut claims = Vec::new();
            for (application, room) in rooms.iter_mut().enumerate() {
                let key = ColumnKey::Claim { application, line };
                let claim = column(&mut program, key, Kind::Binary, dec!(1), dec!(0));
                let key = ColumnKey::Admitted { application, line };
                let objective = if application == 0 { dec!(0.5) } else { dec!(0.4) };
                let admitted = column(&mut program, key, Kind::Cents, dec!(100), objective);
                let terms = [(admitted, dec!(1)), (claim, dec!(-100))];
                program.row("activation", format!("a{admitted}").into(), terms, Sense::AtMost, dec!(0));
                claims.push((claim, dec!(1)));
                room.push((admitted, dec!(1)));
            }
            program.row("one_place", format!("o{line}").into(), claims, Sense::AtMost, dec!(1));
        }
        for (room, rhs) in rooms.into_iter().zip([dec!(250), dec!(120)]) {
            program.row("room", format!("r{rhs}").into(), room, Sense::AtMost, rhs);
        }
        program
    }

    fn invoice(program: &Program) -> impl Fn(usize) -> Option<usize> + '_ {
        |column| match program.columns[column].key {
            ColumnKey::Claim { line, .. } | ColumnKey::Admitted { line, .. } => Some(line),
            _ => None,
        }
    }

    #[test]
    fn like_invoices_become_counts_and_amounts() {
        let program = five_invoices();
        let aggregate = Aggregate::new(&program, &invoice(&program)).expect("twins");
        let columns: Vec<_> = aggregate.program.columns.iter().map(|c| (c.kind, c.upper)).collect();
        let (count, amount) = ((Kind::Count, dec!(5)), (Kind::Cents, dec!(500)));
        assert_eq!(columns, [count, amount, count, amount]);
        let rows: Vec<_> = aggregate.program.rows.iter().map(|row| (row.terms.clone(), row.rhs)).collect();
        assert_eq!(
            rows,
            [
                // x <= 100 z for each invoice at each call, z + z' <= 1 for each invoice: five times that
                (vec![(0, dec!(-100)), (1, dec!(1))], dec!(0)),
                (vec![(2, dec!(-100)), (3, dec!(1))], dec!(0)),
                (vec![(0, dec!(1)), (2, dec!(1))], dec!(5)),
                (vec![(1, dec!(1))], dec!(250)),
                (vec![(3, dec!(1))], dec!(120)),
            ]
        );
        // 250 x 0.5 + 120 x 0.4 = 173, with three invoices at one call and two at the other
        let worth = Some(Money::from_cents(17_300));
        let proof = tree::certify(&aggregate.program, worth, &Limits::default(), &mut |_| None);
        assert_eq!((proof.bound, proof.closed), (worth, true));
    }

    #[test]
    fn a_point_is_spread_one_twin_after_the_other() {
        let program = five_invoices();
        let aggregate = Aggregate::new(&program, &invoice(&program)).expect("twins");
        let whole = aggregate.spread(&[3.0, 250.0, 2.0, 120.0]);
        let of = |place: usize| -> Vec<f64> { (0..5).map(|line| whole[4 * line + place]).collect() };
        assert_eq!(of(0), [1.0, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!(of(1), [100.0, 100.0, 50.0, 0.0, 0.0]);
        assert_eq!(of(2), [0.0, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(of(3), [0.0, 0.0, 0.0, 100.0, 20.0]);
        // between whole numbers one invoice stands in both, and beyond the last the first is next
        let whole = aggregate.spread(&[2.5, 250.0, 3.0, 0.0]);
        let of = |place: usize| -> Vec<f64> { (0..5).map(|line| whole[4 * line + place]).collect() };
        assert_eq!(of(0), [1.0, 1.0, 0.5, 0.0, 0.0]);
        assert_eq!(of(2), [0.5, 0.0, 0.5, 1.0, 1.0]);
    }

    #[test]
    fn what_is_told_apart_anywhere_is_not_summed_up() {
        let parts = |program: &Program| {
            let aggregate = Aggregate::new(program, &invoice(program));
            aggregate.map(|aggregate| aggregate.program.columns.len())
        };
        let mut program = five_invoices();
        program.columns[0].lower = dec!(1);
        // the first invoice alone, four as one
        assert_eq!(parts(&program), Some(8));
        let mut program = five_invoices();
        // a joint row in which each has a coefficient of its own
        let terms = (0..5_usize).map(|line| (4 * line + 1, Decimal::from(line + 1)));
        program.row("joint", "j".into(), terms, Sense::AtMost, dec!(1000));
        assert_eq!(parts(&program), None);
        let mut program = five_invoices();
        program.row("own", "w".into(), [(0, dec!(1)), (2, dec!(1))], Sense::AtLeast, dec!(1));
        program.row("own", "v".into(), [(4, dec!(1)), (6, dec!(1))], Sense::AtLeast, dec!(1));
        // two that must go somewhere, three that may
        assert_eq!(parts(&program), Some(8));
    }

    /// A small program whose first column is shared, and whose others stand there so often, under joint rows with the same coefficients for all.
    fn twins() -> impl Strategy<Value = (Program, usize)> {
        let coefficient = || (-300_i64..=300).prop_map(|k| Decimal::new(k, 2));
        let sense = prop_oneof![Just(Sense::AtMost), Just(Sense::AtLeast), Just(Sense::Equal)];
        let joint = (prop::collection::vec(coefficient(), 6), sense, coefficient());
        let joints = prop::collection::vec(joint, 0..=2);
        (sample::programs(), 2_usize..=3, joints).prop_map(|(one, twins, joints)| {
            let own = one.columns.len() - 1;
            let mut program = Program { columns: vec![one.columns[0].clone()], rows: Vec::new() };
            for _ in 0..twins {
                program.columns.extend(one.columns[1..].iter().cloned());
            }
            let at = |twin: usize, column: usize| if column == 0 { 0 } else { twin * own + column };
            for twin in 0..twins {
                for row in &one.rows {
                    let terms = row.terms.iter().map(|(column, k)| (at(twin, *column), *k));
                    program.row(row.family, row.name.clone(), terms, row.sense, row.rhs);
                }
            }
            for (terms, sense, rhs) in joints {
                let of =
                    |twin: usize| terms.iter().enumerate().take(own + 1).map(move |(j, k)| (at(twin, j), *k));
                program.row("joint", "j".into(), (0..twins).flat_map(of), sense, rhs);
            }
            (program, own)
        })
    }

    proptest! {
        #[test]
        fn no_point_is_worth_more_than_the_bound_of_the_aggregate((program, own) in twins()) {
            // All points of the whole are tried: few enough of them.
            prop_assume!((2..=7).contains(&program.columns.len()));
            let part = |column: usize| column.checked_sub(1).map(|column| column / own);
            let aggregate = Aggregate::new(&program, &part).expect("twins by construction");
            prop_assert_eq!(aggregate.program.columns.len(), own + 1);
            let optimum = sample::optimum(&program);
            prop_assert!(sample::optimum(&aggregate.program) >= optimum);
            let proof = tree::certify(&aggregate.program, None, &Limits { nodes: Some(200), ..Limits::default() }, &mut |point| {
                let whole = aggregate.spread(point);
                for (column, value) in program.columns.iter().zip(&whole) {
                    if column.kind.is_whole() {
                        assert!((-1e-6..=1.0 + 1e-6).contains(value), "{} = {value}", column.name);
                    }
                }
                for (j, value) in point.iter().enumerate().skip(1) {
                    if program.columns[j].kind.is_whole() {
                        let sum: f64 = whole.iter().skip(j).step_by(own).sum();
                        assert!((sum - value).abs() < 1e-5, "{sum} is not {value}");
                    }
                }
                None
            });
            prop_assert!(proof.bound >= optimum, "{:?} is below {optimum:?}", proof.bound);
        }
    }
}
