//! The cells of a record, where they stand in the text and what they hold: RFC 4180, with any delimiter and any end of line.
//!
//! A quote counts at the beginning of a cell only; inside quotes a doubled quote is a quote, and delimiters and ends of line are text.
//! A test holds this scanner against the `csv` crate, which tells no places of cells and lets quotes pass that do not match.

use std::borrow::Cow;
use std::ops::Range;

/// What may be wrong with the quotes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misquoted {
    /// They are opened and not closed.
    NeverClosed,
    /// They are closed before the cell ends.
    GoesOn,
}

/// What was found besides the cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Where the record ends: at an end of line outside quotes, or at the end of the text.
    pub end: usize,
    /// How many cells there are; of very many, only the first have spans.
    pub cells: usize,
    /// Whether a cell is quoted: only such a record may have ends of line inside.
    pub quoted: bool,
    /// The first cell whose quotes do not match.
    pub misquoted: Option<(Range<usize>, Misquoted)>,
}

/// So many spans are kept of one record: more than any header has columns.
const MOST_SPANS: usize = 10_000;

/// Puts the spans of the cells of the record that begins at `start`, quotes included, into `cells`.
pub(super) fn record(content: &str, start: usize, delimiter: u8, cells: &mut Vec<Range<usize>>) -> Scanned {
    let bytes = content.as_bytes();
    let mut found = Scanned { end: start, cells: 0, quoted: false, misquoted: None };
    let mut at = start;
    cells.clear();
    loop {
        let begin = at;
        let mut problem = None;
        if bytes.get(at) == Some(&b'"') {
            found.quoted = true;
            at = closing(bytes, at + 1);
            if at >= bytes.len() {
                problem = Some(Misquoted::NeverClosed);
            }
            at = (at + 1).min(bytes.len());
        }
        let tail = at;
        while at < bytes.len() && bytes[at] != delimiter && bytes[at] != b'\n' && bytes[at] != b'\r' {
            at += 1;
        }
        if tail > begin && problem.is_none() && bytes[tail..at].iter().any(|byte| *byte != b' ') {
            problem = Some(Misquoted::GoesOn);
        }
        if let (Some(problem), None) = (problem, &found.misquoted) {
            found.misquoted = Some((begin..at, problem));
        }
        found.cells += 1;
        if cells.len() < MOST_SPANS {
            cells.push(begin..at);
        }
        if at < bytes.len() && bytes[at] == delimiter {
            at += 1;
        } else {
            found.end = at;
            return found;
        }
    }
}

/// The quote that closes what was opened before `at`; the end of the text where there is none.
fn closing(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        if bytes[at] == b'"' {
            if bytes.get(at + 1) != Some(&b'"') {
                return at;
            }
            at += 1;
        }
        at += 1;
    }
    at
}

/// What a cell holds, trimmed.
pub(super) fn value(cell: &str) -> Cow<'_, str> {
    let Some(inner) = cell.strip_prefix('"') else { return Cow::Borrowed(cell.trim()) };
    let inner = inner.trim_end_matches(' ');
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if inner.contains('"') {
        Cow::Owned(inner.replace("\"\"", "\"").trim().to_owned())
    } else {
        Cow::Borrowed(inner.trim())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<&str> {
        let mut cells = Vec::new();
        record(text, 0, b';', &mut cells);
        cells.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn cells_are_parted_outside_quotes_only() {
        assert_eq!(cells("a;b"), ["a", "b"]);
        assert_eq!(cells("a;;\nb"), ["a", "", ""]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("\"a;b\";\"c\"\"d\n;\";e\"f;g\r\nh"), ["\"a;b\"", "\"c\"\"d\n;\"", "e\"f", "g"]);
    }

    #[test]
    fn quotes_that_do_not_match_are_found() {
        let wrong = |text: &str| record(text, 0, b';', &mut Vec::new()).misquoted;
        assert_eq!(wrong(r#"a;"b;c"#), Some((2..6, Misquoted::NeverClosed)));
        assert_eq!(wrong(r#"a;"b"""#), Some((2..6, Misquoted::NeverClosed)));
        assert_eq!(wrong(r#""12"50;a"#), Some((0..6, Misquoted::GoesOn)));
        assert_eq!(wrong(r#"a;"b;c" ;3" pipe"#), None);
    }

    #[test]
    fn values_are_without_quotes_and_spaces_around() {
        assert_eq!(value(" a "), "a");
        assert_eq!(value(r#"" a ""b"" " "#), r#"a "b""#);
        assert_eq!(value(r#""""#), "");
        assert_eq!(value(r#"3" pipe"#), r#"3" pipe"#);
    }

    proptest! {
        /// Where quotes match, every record has the cells that the `csv` crate finds.
        #[test]
        fn records_are_those_of_the_csv_crate(text in "[a;\"\n\r ]{0,60}") {
            let mut ours: Vec<Vec<String>> = Vec::new();
            let (mut at, mut spans) = (0, Vec::new());
            loop {
                at += text[at..].len() - text[at..].trim_start_matches(['\n', '\r']).len();
                if at >= text.len() {
                    break;
                }
                let found = record(&text, at, b';', &mut spans);
                prop_assume!(found.misquoted.is_none());
                ours.push(spans.iter().map(|span| value(&text[span.clone()]).into_owned()).collect());
                at = found.end;
            }
            let mut reader = csv::ReaderBuilder::new();
            let reader = reader.delimiter(b';').has_headers(false).flexible(true);
            let theirs: Vec<Vec<String>> = reader
                .from_reader(text.as_bytes())
                .records()
                .map(|record| record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect())
                .collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
