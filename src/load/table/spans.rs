//! Where the cells of a record stand in the text. The `csv` crate says where a record begins and what its cells hold; for the
//! place of a cell the record is walked again, by the same rules of quoting.

use std::ops::Range;

/// The spans of the cells of one record, quotes included.
#[derive(Clone, Debug)]
pub(super) struct Spans<'t> {
    bytes: &'t [u8],
    /// Where the next cell begins; none after the last.
    next: Option<usize>,
    end: usize,
    delimiter: u8,
}

/// What may be wrong with the quotes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misquoted {
    /// They are opened and not closed.
    NeverClosed,
    /// They are closed before the cell ends.
    GoesOn,
}

impl<'t> Spans<'t> {
    /// The cells between two bytes.
    pub fn new(content: &'t str, record: Range<usize>, delimiter: u8) -> Self {
        Spans { bytes: content.as_bytes(), next: Some(record.start), end: record.end, delimiter }
    }

    /// The end of the cell that begins at `start`, and what is wrong with its quotes.
    fn cell(&self, start: usize) -> (usize, Option<Misquoted>) {
        let begins_quoted = start < self.end && self.bytes.get(start) == Some(&b'"');
        let mut quoted = begins_quoted;
        let mut goes_on = false;
        let mut at = start + usize::from(quoted);
        while at < self.end {
            match self.bytes[at] {
                // A doubled quote is a quote in the cell; a single one ends the quoted part.
                b'"' if quoted && at + 1 < self.end && self.bytes[at + 1] == b'"' => at += 1,
                b'"' if quoted => quoted = false,
                byte if !quoted && byte == self.delimiter => break,
                b' ' => {}
                _ => goes_on |= begins_quoted && !quoted,
            }
            at += 1;
        }
        let problem = match (quoted, goes_on) {
            (true, _) => Some(Misquoted::NeverClosed),
            (false, true) => Some(Misquoted::GoesOn),
            (false, false) => None,
        };
        (at.min(self.end), problem)
    }

    /// The first cell whose quotes do not match.
    pub fn misquoted(mut self) -> Option<(Range<usize>, Misquoted)> {
        while let Some(start) = self.next {
            if let (end, Some(problem)) = self.cell(start) {
                return Some((start..end, problem));
            }
            self.next();
        }
        None
    }
}

impl Iterator for Spans<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.next?;
        let (end, _) = self.cell(start);
        self.next = (end < self.end).then_some(end + 1);
        Some(start..end)
    }
}

/// The end of the record that begins at `start`: the first end of line outside quotes. The delimiter is not known yet, so that
/// a quote counts where any delimiter stands before it.
pub(super) fn end_of_header(content: &str, start: usize) -> usize {
    let bytes = content.as_bytes();
    let (mut quoted, mut fresh) = (false, true);
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'"' if quoted => quoted = false,
            // A doubled quote closes and opens again.
            b'"' if fresh || bytes[at - 1] == b'"' => quoted = true,
            b'\n' | b'\r' if !quoted => return at,
            _ => {}
        }
        fresh = matches!(byte, b',' | b';' | b'\t');
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(record: &str) -> Vec<&str> {
        Spans::new(record, 0..record.len(), b';').map(|span| &record[span]).collect()
    }

    #[test]
    fn cells_are_parted_outside_quotes_only() {
        assert_eq!(cells("a;b"), ["a", "b"]);
        assert_eq!(cells("a;;"), ["a", "", ""]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells(r#""a;b";"c""d;";e"f;g"#), [r#""a;b""#, r#""c""d;""#, r#"e"f"#, "g"]);
    }

    #[test]
    fn quotes_that_do_not_match_are_found() {
        let wrong = |record: &str| Spans::new(record, 0..record.len(), b';').misquoted();
        assert_eq!(wrong(r#"a;"b;c"#), Some((2..6, Misquoted::NeverClosed)));
        assert_eq!(wrong(r#"a;"b"""#), Some((2..6, Misquoted::NeverClosed)));
        assert_eq!(wrong(r#""12"50;a"#), Some((0..6, Misquoted::GoesOn)));
        assert_eq!(wrong(r#"a;"b;c" ;3" pipe"#), None);
    }
}
