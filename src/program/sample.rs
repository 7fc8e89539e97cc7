//! A program with one of everything, for the tests of this floor.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::{Column, ColumnKey, Kind, Program, Sense};

pub(super) fn program() -> Program {
    let mut program = Program::default();
    let mut column = |name: &str, key, kind, lower, upper, objective| {
        program.column(Column { key, name: name.into(), kind, lower, upper, objective })
    };
    let zero = Decimal::ZERO;
    let (application, line) = (0, 0);
    let apply =
        column("apply[P1,m]", ColumnKey::Apply { application }, Kind::Binary, zero, dec!(1), dec!(-0.50));
    let e1 = column(
        "admitted[e1]",
        ColumnKey::Admitted { application, line },
        Kind::Cents,
        zero,
        dec!(1000.05),
        zero,
    );
    let key = ColumnKey::Admitted { application, line: 1 };
    let e2 = column("admitted[e-2]", key, Kind::Cents, zero, dec!(200.00), zero);
    let grant =
        column("grant[P1,m]", ColumnKey::Grant { application }, Kind::Cents, dec!(-5), dec!(400), dec!(1.0));
    column("lot[l]", ColumnKey::Lot { application, lot: 0 }, Kind::Binary, dec!(1), dec!(1), zero);

    let aid = [(grant, dec!(1)), (e1, dec!(-0.40)), (e2, dec!(-0.333333333))];
    program.row("aid", "aid[P1,m]".into(), aid, Sense::Equal, zero);
    program.row("switch", "switch[e1]".into(), [(e1, dec!(1)), (apply, dec!(-1000.05))], Sense::AtMost, zero);
    let minimum = [(e1, dec!(1)), (e2, dec!(1)), (apply, dec!(-600))];
    program.row("limit", "limit[P1,m,minimum]".into(), minimum, Sense::AtLeast, zero);
    program.row("limit", "limit[never]".into(), [], Sense::AtMost, dec!(1));
    program
}
