//! Steps to what of a program can be worth more than a plan.

use super::bound::Claim;
use super::fault::Problem;
use super::whole::{Integers, power};
use crate::certificate::Narrowing;
use crate::money::Money;

/// Checks that every point which a step leaves out is worth at most what it says, and that this is at most the bound to be proven.
pub(super) fn check(integers: &Integers, step: &Narrowing, claimed: Money) -> Result<(), Problem> {
    let claim = Claim::Cents(step.above);
    if step.above > claimed {
        return Err(Problem::Above { follows: claim.said(), claimed: Claim::Cents(claimed).said() });
    }
    let mut whole = integers.all.clone();
    whole.read_all(integers, &step.rows)?;
    // Of a box without points nothing is left out.
    if whole.empty {
        return Ok(());
    }
    let one = power(integers.values).ok_or(Problem::TooLarge)?;
    let bound = integers.bound(&step.multipliers, &whole, true)?;
    for &(number, least, most) in &step.left {
        let column = integers.column(number)?;
        if integers.steps[column] != Some(one) {
            return Err(Problem::NoSplit(number));
        }
        let [least, most] = [least, most].map(|value| one.checked_mul(i128::from(value)));
        let (least, most) = (least.ok_or(Problem::TooLarge)?, most.ok_or(Problem::TooLarge)?);
        let (lower, upper) =
            bound.left(integers, &whole, column, claim).unwrap_or((whole.lower[column], whole.upper[column]));
        if lower < least || upper > most {
            return Err(Problem::NotFixed(number));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::narrowing;
    use super::*;
    use crate::certificate::{Multipliers, Whole};
    use crate::program::{Column, ColumnKey, Kind, Program, Sense};
    use rust_decimal::Decimal;
    use rust_decimal_macros::dec;

    /// Two decisions worth 100 and 30 euro, of which one may be taken, and an amount of up to a euro.
    fn program() -> Program {
        let mut program = Program::default();
        for (name, kind, objective) in
            [("x", Kind::Binary, dec!(100)), ("z", Kind::Binary, dec!(30)), ("g", Kind::Cents, dec!(1))]
        {
            let key = ColumnKey::Helper { application: None, number: program.columns.len() };
            let (lower, upper) = (Decimal::ZERO, Decimal::ONE);
            program.column(Column { key, name: name.into(), kind, lower, upper, objective });
        }
        program.row("one", "one".into(), [(0, dec!(1)), (1, dec!(1))], Sense::AtMost, dec!(1));
        program
    }

    #[test]
    fn what_is_left_out_is_worth_no_more() {
        // With 100 on the row: 100 + 1, x weighs nothing, z is worth 70 less: with z 31 at most.
        let step = |above: i64, left: &[(u32, i64, i64)]| Narrowing {
            above: Money::from_cents(above),
            rows: Vec::new(),
            multipliers: Multipliers { decimals: 0, of: vec![(0, Whole(100))] },
            left: left.to_vec(),
        };
        let check = |step: Narrowing| narrowing(&program(), &step, Money::from_cents(5_000));
        assert_eq!(check(step(3_100, &[(1, 0, 0)])), Ok(()));
        assert_eq!(check(step(3_099, &[(1, 0, 0)])), Err(Problem::NotFixed(1)));
        // Without x there may be 30 + 1, but these multipliers do not show it.
        assert_eq!(check(step(3_100, &[(0, 1, 1)])), Err(Problem::NotFixed(0)));
        // A range that takes nothing away needs no reason.
        assert_eq!(check(step(0, &[(0, 0, 1)])), Ok(()));
        assert_eq!(check(step(3_100, &[(2, 0, 0)])), Err(Problem::NoSplit(2)));
        assert_eq!(check(step(3_100, &[(3, 0, 0)])), Err(Problem::NoColumn(3)));
        // More than the bound to be proven
        let above = Problem::Above { follows: "50.01".into(), claimed: "50.00".into() };
        assert_eq!(check(step(5_001, &[(1, 0, 0)])), Err(above));
        let sign = Multipliers { decimals: 0, of: vec![(0, Whole(-1))] };
        assert_eq!(
            check(Narrowing { multipliers: sign, ..step(3_100, &[(1, 0, 0)]) }),
            Err(Problem::Sign(0))
        );
    }
}
