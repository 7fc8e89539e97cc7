//! The decimal mark of a file, told by all its numbers together.

use super::codes;
use super::place::shown;
use super::table::{Delimiter, Table};
use super::values::{self, DecimalMark, Evidence};
use crate::diagnostics::Diagnostic;

/// A cell: its row and its column.
type At = (usize, usize);

/// What the numbers of a file tell, collected while its rows are found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// The first number that can have one mark only.
    certain: Option<(DecimalMark, At)>,
    /// The first number that can have only the other.
    contrary: Option<At>,
    /// The first number that can have either.
    ambiguous: Option<At>,
}

impl Marks {
    /// Takes account of one number.
    pub fn see(&mut self, text: &str, row: usize, column: usize) {
        match values::evidence(text.trim_end_matches(['%', ' '])) {
            Evidence::None => {}
            Evidence::Ambiguous => _ = self.ambiguous.get_or_insert((row, column)),
            Evidence::Only(mark) => match self.certain {
                None => self.certain = Some((mark, (row, column))),
                Some((first, _)) if first != mark => _ = self.contrary.get_or_insert((row, column)),
                Some(_) => {}
            },
        }
    }
}

/// The mark that all numbers can have, or why there is none. Where cells are parted by commas, it is the point.
pub(super) fn decimal_mark(table: &Table) -> Result<DecimalMark, Diagnostic> {
    if table.delimiter() == Delimiter::Comma {
        return Ok(DecimalMark::Point);
    }
    let cell = |(row, column): At| shown(&table.cell(&table.rows[row], column));
    let place = |(row, column): At| table.place(&table.rows[row], column);
    match &table.marks {
        Marks { certain: Some((_, first)), contrary: Some(other), .. } => {
            let line = place(*first).line.map(|line| format!(" (line {line})")).unwrap_or_default();
            let message =
                format!("'{}' and '{}'{line} cannot have the same decimal mark", cell(*other), cell(*first));
            Err(Diagnostic::error(codes::MIXED_DECIMAL, place(*other), message)
                .found(cell(*other))
                .help("write all numbers of the file alike, with the point or with the comma"))
        }
        Marks { certain: Some((mark, _)), .. } => Ok(*mark),
        Marks { ambiguous: Some(at), .. } => {
            let message = format!("'{}' may be a fraction or thousands", cell(*at));
            Err(Diagnostic::error(codes::AMBIGUOUS_DECIMAL, place(*at), message)
                .found(cell(*at))
                .help("say `decimal = \",\"` or `decimal = \".\"` under `[files]` in portfolio.toml"))
        }
        _ => Ok(DecimalMark::Point),
    }
}
