//! Places in a text: from bytes to line and column.

use std::ops::Range;

use crate::diagnostics::{Place, did_you_mean};
use crate::ids::LONGEST;

/// A file with its text.
#[derive(Clone, Debug)]
pub(super) struct Text {
    /// Its name in the portfolio.
    pub file: String,
    /// Its text; spans count its bytes.
    pub content: String,
}

impl Text {
    /// The place of a span of bytes.
    pub fn place(&self, span: Range<usize>) -> Place {
        let line = 1 + lines_in(&self.content, 0..span.start);
        self.place_on(line, span)
    }

    /// The place of a span of bytes whose line is known.
    pub fn place_on(&self, line: usize, span: Range<usize>) -> Place {
        let before = self.content.get(..span.start).unwrap_or(&self.content);
        let start_of_line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let column = 1 + before[start_of_line..].trim_start_matches(BOM).chars().count();
        Place {
            file: self.file.clone(),
            line: Some(line),
            column: Some(column),
            cell: None,
            span: Some((span.start, span.end)),
            field: None,
        }
    }
}

/// The byte order mark some programs put before a text; it is no part of it.
pub(super) const BOM: char = '\u{feff}';

/// How many lines end within a span: at `\n`, `\r\n`, or a `\r` of its own.
pub(super) fn lines_in(content: &str, span: Range<usize>) -> usize {
    let bytes = content.as_bytes();
    let end = span.end.min(bytes.len());
    let start = span.start.min(end);
    (start..end)
        .filter(|&at| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')))
        .count()
}

/// A text of the user for a message: without control characters, cut where it is long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).flat_map(printable).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// The candidate most like a text of the user. Nothing is like a text that is longer than any name: to compare it would take
/// long, too.
pub(super) fn like<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.chars().nth(LONGEST).is_some() { None } else { did_you_mean(text, candidates) }
}

/// The remedy for a text of the user that is none of the candidates, where one is like it.
pub(super) fn meant<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    like(text, candidates).map(|like| format!("did you mean '{like}'?"))
}

/// A quote inside quotes stays as it is: only what a terminal would act on is escaped.
fn printable(c: char) -> Vec<char> {
    if c.is_control() { c.escape_debug().collect() } else { vec![c] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let text = Text { file: "a".into(), content: "\u{feff}é;x\r\ny;zz\rw".into() };
        let at = |found: &str| {
            let start = text.content.find(found).unwrap();
            text.place(start..start + found.len()).to_string()
        };
        assert_eq!(at("é"), "a:1:1");
        assert_eq!(at("x"), "a:1:3");
        assert_eq!(at("zz"), "a:2:3");
        assert_eq!(at("w"), "a:3:1");
    }

    #[test]
    fn long_and_strange_texts_are_tamed() {
        assert_eq!(shown("it's\n"), "it's\\n");
        assert_eq!(shown(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }
}
