//! Which character parts the cells: found in the header of each file.

use std::ops::Range;

use super::super::codes;
use super::super::place::Text;
use super::spans::Spans;
use crate::diagnostics::Diagnostic;

/// What parts cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::load) enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    const ALL: [Delimiter; 3] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab];

    /// The character.
    pub const fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Delimiter::Comma => "','",
            Delimiter::Semicolon => "';'",
            Delimiter::Tab => "tab",
        }
    }

    /// The only delimiter in a header outside quotes; no name of a column holds any. A header of one column has none.
    pub fn find(text: &Text, header: Range<usize>) -> Result<Delimiter, Diagnostic> {
        let mut found: Vec<(Delimiter, usize)> = Vec::new();
        for delimiter in Delimiter::ALL {
            if let Some(second) = Spans::new(&text.content, header.clone(), delimiter.byte()).nth(1) {
                found.push((delimiter, second.start));
            }
        }
        found.sort_by_key(|(_, second)| *second);
        match found.as_slice() {
            [] => Ok(Delimiter::Comma),
            [(delimiter, _)] => Ok(*delimiter),
            [(one, _), (other, at), ..] => {
                let message = format!("the header is parted both by {} and by {}", one.name(), other.name());
                Err(Diagnostic::error(codes::DELIMITER, text.place(at - 1..*at), message)
                    .help("part all cells of the file by one of ',', ';' and tab"))
            }
        }
    }
}
