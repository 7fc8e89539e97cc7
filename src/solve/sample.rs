//! Small random programs and all their points, for the tests of this floor and of `audit`.

use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::money::Money;
use crate::program::{Column, ColumnKey, Kind, Program, Sense};
use crate::rounding::Rounding;

/// A coefficient such as -3.07: small, with up to three decimals, often zero.
fn coefficient() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        Just(Decimal::ZERO),
        (-999_i64..=999, 0_u32..=3).prop_map(|(m, scale)| Decimal::new(m, scale))
    ]
}

/// Up to four decisions and two amounts of a few cents, in up to four rows.
pub(crate) fn programs() -> impl Strategy<Value = Program> {
    let amount = (-3_i64..=3, 0_i64..=4, coefficient());
    let columns = (prop::collection::vec(coefficient(), 1..=4), prop::collection::vec(amount, 0..=2));
    let sense = prop_oneof![Just(Sense::AtMost), Just(Sense::AtLeast), Just(Sense::Equal)];
    let row = (prop::collection::vec(coefficient(), 6), sense, coefficient());
    (columns, prop::collection::vec(row, 0..=4)).prop_map(|((decisions, amounts), rows)| {
        let mut program = Program::default();
        for (number, objective) in decisions.into_iter().enumerate() {
            let key = ColumnKey::Helper { application: None, number };
            let (lower, upper) = (Decimal::ZERO, Decimal::ONE);
            let name = format!("x{number}");
            program.column(Column { key, name: name.into(), kind: Kind::Binary, lower, upper, objective });
        }
        for (application, (lower, width, objective)) in amounts.into_iter().enumerate() {
            let key = ColumnKey::Grant { application };
            let (lower, upper) = (Decimal::new(lower, 2), Decimal::new(lower + width, 2));
            let name = format!("g{application}");
            program.column(Column { key, name: name.into(), kind: Kind::Cents, lower, upper, objective });
        }
        for (number, (terms, sense, rhs)) in rows.into_iter().enumerate() {
            let terms = terms.into_iter().take(program.columns.len()).enumerate();
            program.row("random", format!("r{number}").into(), terms, sense, rhs);
        }
        program
    })
}

/// Every point of a program.
pub(crate) fn points(program: &Program) -> Vec<Vec<Decimal>> {
    let mut points: Vec<Vec<Decimal>> = vec![Vec::new()];
    for column in &program.columns {
        let step = if column.kind.is_whole() { Decimal::ONE } else { Decimal::new(1, 2) };
        let values = std::iter::successors(Some(column.lower), |value| Some(value + step));
        let values: Vec<Decimal> = values.take_while(|value| *value <= column.upper).collect();
        points = points.iter().flat_map(|p| values.iter().map(|v| [p.as_slice(), &[*v]].concat())).collect();
    }
    let keeps = |point: &Vec<Decimal>| {
        program.rows.iter().all(|row| {
            let left: Decimal =
                row.terms.iter().map(|&(column, coefficient)| coefficient * point[column]).sum();
            match row.sense {
                Sense::AtMost => left <= row.rhs,
                Sense::AtLeast => left >= row.rhs,
                Sense::Equal => left == row.rhs,
            }
        })
    };
    points.retain(keeps);
    points
}

/// What the best point is worth in whole cents, found by trying all; none if there is no point.
pub(crate) fn optimum(program: &Program) -> Option<Money> {
    let worth = |point: &Vec<Decimal>| -> Decimal {
        program.columns.iter().zip(point).map(|(column, value)| column.objective * value).sum()
    };
    points(program).iter().map(worth).max().map(|worth| {
        // Worth may be negative here: floored, not cut towards zero.
        let down = if worth.is_sign_negative() { Rounding::Up } else { Rounding::Down };
        down.cents(worth)
    })
}

/// A program with whole cents for an objective and short fractions in rows: what is proven in whole cents.
pub(crate) fn in_cents(mut program: Program) -> Program {
    for column in &mut program.columns {
        column.objective = column.objective.trunc();
    }
    for row in &mut program.rows {
        row.terms.iter_mut().for_each(|(_, entry)| *entry = entry.round_dp(1));
        row.rhs = (row.rhs * Decimal::new(1, 2)).round_dp(3);
    }
    program
}

/// Grants of three fifths and of a half of two costs of 10.01 at most.
pub(crate) fn two_rates() -> Program {
    let mut program = Program::default();
    for (number, entries) in [(dec!(5), dec!(-3)), (dec!(2), dec!(-1))].into_iter().enumerate() {
        for (name, objective) in [("grant", dec!(1)), ("cost", dec!(0))] {
            let key = ColumnKey::Helper { application: None, number: program.columns.len() };
            let (name, kind, lower, upper) =
                (format!("{name}{number}").into(), Kind::Cents, dec!(0), dec!(10.01));
            program.column(Column { key, name, kind, lower, upper, objective });
        }
        let terms = [(2 * number, entries.0), (2 * number + 1, entries.1)];
        program.row("rate", format!("rate{number}").into(), terms, Sense::AtMost, dec!(0));
    }
    program
}
