//! The decimal mark of a file, told by all its numbers together.

use super::codes;
use super::columns::{Column, Columns};
use super::fields::Kind;
use super::place::shown;
use super::table::{Delimiter, Table};
use super::values::{self, DecimalMark, Evidence};
use crate::diagnostics::{Diagnostic, Place};

/// The mark that all numbers can have, or why there is none. Where cells are parted by commas, it is the point.
pub(super) fn decimal_mark(table: &Table, columns: &Columns) -> Result<DecimalMark, Diagnostic> {
    if table.delimiter() == Delimiter::Comma {
        return Ok(DecimalMark::Point);
    }
    let numeric = |column: &Column| matches!(column.kind, Kind::Money(_) | Kind::Number(_) | Kind::Share);
    let mut certain: Option<(DecimalMark, &str, Place)> = None;
    let mut ambiguous: Option<(&str, Place)> = None;
    for row in &table.rows {
        for (index, _) in columns.all().iter().enumerate().filter(|(_, column)| numeric(column)) {
            let text = row.cell(index);
            match (values::evidence(text.trim_end_matches(['%', ' '])), &certain) {
                (Evidence::Only(mark), None) => certain = Some((mark, text, table.place(row, index))),
                (Evidence::Only(mark), Some((first, other, at))) if mark != *first => {
                    let line = at.line.map(|line| format!(" (line {line})")).unwrap_or_default();
                    let message = format!(
                        "'{}' and '{}'{line} cannot have the same decimal mark",
                        shown(text),
                        shown(other)
                    );
                    let place = table.place(row, index);
                    return Err(Diagnostic::error(codes::MIXED_DECIMAL, place, message)
                        .help("write all numbers of the file alike, with the point or with the comma"));
                }
                (Evidence::Ambiguous, _) if ambiguous.is_none() => {
                    ambiguous = Some((text, table.place(row, index)));
                }
                _ => {}
            }
        }
    }
    match (certain, ambiguous) {
        (Some((mark, ..)), _) => Ok(mark),
        (None, None) => Ok(DecimalMark::Point),
        (None, Some((text, place))) => {
            let message = format!("'{}' may be a fraction or thousands", shown(text));
            Err(Diagnostic::error(codes::AMBIGUOUS_DECIMAL, place, message)
                .help("say `decimal = \",\"` or `decimal = \".\"` under `[files]` in portfolio.toml"))
        }
    }
}
