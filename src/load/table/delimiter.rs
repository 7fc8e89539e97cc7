//! Which character parts the cells: found in the header of each file, or said by Excel's line `sep=;` before it.

use super::super::codes;
use super::super::place::{Text, shown};
use super::scan::record;
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

const REMEDY: &str = "part all cells of the file by one of ',', ';' and tab";

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

    /// What the line `sep=;` says that Excel puts before the header, and where that line ends; nothing where there is no such line.
    pub fn said(text: &Text, start: usize) -> Result<Option<(Delimiter, usize)>, Diagnostic> {
        let body = &text.content[start..];
        let end = start + body.find(['\n', '\r']).unwrap_or(body.len());
        // Not trimmed: the delimiter may be a tab.
        let line = text.content[start..end].trim_matches('"');
        let Some((key, said)) = line.split_once('=') else { return Ok(None) };
        if !key.eq_ignore_ascii_case("sep") {
            return Ok(None);
        }
        if let Some(delimiter) = Delimiter::ALL.into_iter().find(|one| said.bytes().eq([one.byte()])) {
            return Ok(Some((delimiter, end)));
        }
        let message = format!("'{}' cannot part cells", shown(said));
        Err(Diagnostic::error(codes::DELIMITER, text.place(start..end), message)
            .found(shown(said))
            .help(REMEDY))
    }

    /// The only delimiter in the header outside quotes; no name of a column holds any. A header of one column has none.
    pub fn find(text: &Text, start: usize) -> Result<Delimiter, Diagnostic> {
        let mut found: Vec<(Delimiter, usize)> = Vec::new();
        let mut cells = Vec::new();
        for delimiter in Delimiter::ALL {
            record(&text.content, start, delimiter.byte(), &mut cells);
            if let Some(second) = cells.get(1) {
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
                    .found(format!("{} and {}", one.name(), other.name()))
                    .help(REMEDY))
            }
        }
    }
}
