//! Rows of a table that no case reaches, for a row above takes all they take.

use crate::load::measures::node::Node;
use crate::load::measures::source::code;
use crate::measure::{Cell, Row, Table, Test};
use crate::portfolio::Value;

/// Reports every row that one row above it covers.
pub(in crate::load::measures) fn unreachable(entry: Node<'_>, table: &Table) {
    let rows = entry.table().and_then(|t| t.peek("rows")).and_then(Node::list).unwrap_or_default();
    for (index, row) in table.rows.iter().enumerate() {
        let above = table.rows[..index].iter().position(|above| covers_row(above, row));
        if let (Some(above), Some(node)) = (above, rows.get(index)) {
            let (number, above) = (index + 1, above + 1);
            let message = format!(
                "row {number} of the table '{}' is never reached: row {above} takes all it takes",
                table.name
            );
            node.error_with_help(
                code::UNREACHABLE,
                message,
                "the first matching row counts: put the narrower row first",
            );
        }
    }
}

fn covers_row(above: &Row, row: &Row) -> bool {
    above.cells.iter().zip(&row.cells).all(|(above, cell)| covers(above, cell))
}

/// Whether the first fits whatever the second fits.
fn covers(above: &Cell, cell: &Cell) -> bool {
    let (above, test) = match (above, cell) {
        (Cell::Any, _) => return true,
        (_, Cell::Any) => return false,
        (Cell::Test(above), Cell::Test(test)) => (above, test),
    };
    match (above, test) {
        (_, Test::OneOf(values)) => values.iter().all(|value| above.passes(value)),
        // A bound that itself is inside leaves nothing outside but for the bound of an open end.
        (Test::AtMost(_), Test::AtMost(bound) | Test::LessThan(bound))
        | (Test::AtLeast(_), Test::AtLeast(bound) | Test::MoreThan(bound))
        | (Test::LessThan(_), Test::AtMost(bound))
        | (Test::MoreThan(_), Test::AtLeast(bound)) => above.passes(bound),
        (Test::LessThan(end), Test::LessThan(bound)) | (Test::MoreThan(bound), Test::MoreThan(end)) => {
            ordered(bound, end)
        }
        _ => false,
    }
}

/// Whether the first is not above the second.
fn ordered(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a <= b,
        (Value::Day(a), Value::Day(b)) => a <= b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn number(n: i64) -> Value {
        Value::Number(Decimal::from(n))
    }

    #[test]
    fn a_bound_covers_what_lies_inside() {
        let covers = |a: Test, b: Test| covers(&Cell::Test(a), &Cell::Test(b));
        assert!(covers(Test::AtMost(number(50)), Test::LessThan(number(50))));
        assert!(!covers(Test::LessThan(number(50)), Test::AtMost(number(50))));
        assert!(covers(Test::LessThan(number(50)), Test::LessThan(number(50))));
        assert!(covers(Test::MoreThan(number(3)), Test::AtLeast(number(4))));
        assert!(!covers(Test::MoreThan(number(4)), Test::MoreThan(number(3))));
        assert!(covers(Test::MoreThan(number(3)), Test::MoreThan(number(4))));
        assert!(covers(Test::AtLeast(number(3)), Test::OneOf(vec![number(3), number(9)])));
        assert!(!covers(Test::AtLeast(number(3)), Test::AtMost(number(9))));
    }
}
