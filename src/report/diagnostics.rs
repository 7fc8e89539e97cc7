//! What is wrong with an input, with the offending line drawn where its text is at hand.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use serde::Serialize;

use super::json::pretty;
use crate::diagnostics::{Diagnostic, Report, Severity};

/// Gives the text of an input by the name diagnostics call it; none where it is not at hand.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<String>;

/// So many problems are drawn; of a file where everything is wrong, the others are told in plain form.
const DRAWN: usize = 20;

/// Every problem drawn, and how many there are. Without source text the plain form of [`Diagnostic`] stands in.
pub fn drawn(report: &Report, sources: Sources<'_>, width: u16, colours: bool) -> String {
    let theme = if colours { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(usize::from(width)).with_context_lines(1);
    let mut texts: BTreeMap<&str, Option<Arc<String>>> = BTreeMap::new();
    let mut text = String::new();
    for (number, diagnostic) in report.diagnostics().iter().enumerate() {
        let place = &diagnostic.place;
        let source = place.span.filter(|_| number < DRAWN).and_then(|span| {
            let known = texts.entry(&place.file).or_insert_with(|| sources(&place.file).map(Arc::new));
            known.clone().filter(|source| holds(source, span))
        });
        let drawing = source.and_then(|source| {
            let drawn = Drawn { diagnostic, source: NamedSource::new(&place.file, source) };
            let mut drawing = String::new();
            handler.render_report(&mut drawing, &drawn).is_ok().then_some(drawing)
        });
        // miette begins its drawing with an empty line where there is no code.
        text.push_str(drawing.as_deref().map_or(&plain_one(diagnostic), |d| d.trim_start_matches('\n')));
        text.push('\n');
    }
    text.push_str(&counted(report));
    text
}

/// `2 errors, 1 warning`; nothing where there is nothing.
fn counted(report: &Report) -> String {
    let of = |severity| report.diagnostics().iter().filter(|d| d.severity == severity).count();
    let count = |number: usize, word: &str| (number > 0).then(|| so_many(number, word));
    let counts = [count(of(Severity::Error), "error"), count(of(Severity::Warning), "warning")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() { String::new() } else { format!("{}\n", counts.join(", ")) }
}

/// `1 node`, `2 nodes`.
pub fn so_many(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

/// Every problem as plain text, the same everywhere.
pub fn plain(report: &Report) -> String {
    report.diagnostics().iter().map(plain_one).collect()
}

fn plain_one(diagnostic: &Diagnostic) -> String {
    format!("{diagnostic}\n")
}

/// Longest line that is drawn, in bytes.
const LONGEST_LINE: usize = 1000;

/// Whether a span lies in the text, on borders of characters, and the lines around it are short enough to be drawn.
fn holds(source: &str, (start, end): (usize, usize)) -> bool {
    let span = start <= end && end - start <= LONGEST_LINE && source.get(start..end).is_some();
    // A drawing has the line before and the line behind.
    let short = |bytes: &mut dyn Iterator<Item = u8>| {
        let mut ends = 0;
        let lines = bytes.take(2 * LONGEST_LINE).take_while(|byte| {
            ends += usize::from(*byte == b'\n');
            ends < 2
        });
        lines.count() < 2 * LONGEST_LINE
    };
    span && short(&mut source[..start].bytes().rev()) && short(&mut source[end..].bytes())
}

/// A diagnostic as miette wants it.
#[derive(Debug)]
struct Drawn<'a> {
    diagnostic: &'a Diagnostic,
    source: NamedSource<Arc<String>>,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.diagnostic.code, self.diagnostic.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, end) = self.diagnostic.place.span?;
        let label = self.diagnostic.place.field.as_deref().unwrap_or("here");
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(label.to_owned()), start, end - start))))
    }
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    cell: Option<&'a str>,
    field: Option<&'a str>,
    found: Option<&'a str>,
    expected: Option<&'a str>,
    help: Option<&'a str>,
}

/// Every problem as JSON. One of a whole file that can be read has line 1 and column 1.
pub fn json(report: &Report, sources: Sources<'_>) -> String {
    let mut read: BTreeMap<&str, bool> = BTreeMap::new();
    let mut start = |file| read.entry(file).or_insert_with(|| sources(file).is_some()).then_some(1);
    let diagnostics: Vec<DiagnosticJson<'_>> = report
        .diagnostics()
        .iter()
        .map(|d| DiagnosticJson {
            code: d.code,
            severity: match d.severity {
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            message: &d.message,
            file: &d.place.file,
            line: d.place.line.or_else(|| start(&d.place.file)),
            column: d.place.column.or_else(|| start(&d.place.file)),
            cell: d.place.cell.as_deref(),
            field: d.place.field.as_deref(),
            found: d.found.as_deref(),
            expected: d.expected.as_deref(),
            help: d.help.as_deref(),
        })
        .collect();
    pretty(&diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Place;

    fn report() -> Report {
        let place = Place {
            line: Some(2),
            column: Some(4),
            span: Some((12, 17)),
            field: Some("net_amount".into()),
            ..Place::file("expenses.csv")
        };
        Diagnostic::error("P012", place, "'1.2.3' is not an amount").help("write 1234.56").into()
    }

    #[test]
    fn the_offending_line_is_drawn() {
        // "id,amount\n" are bytes 0..10, "e1," 10..13: the span must start at 13 to hit the amount; 12 hits the comma.
        let source = "id,amount\ne1,1.2.3\n".to_owned();
        let text = drawn(&report(), &|name| (name == "expenses.csv").then(|| source.clone()), 80, false);
        assert!(text.contains("P012"), "{text}");
        assert!(text.contains("e1,1.2.3"), "{text}");
        assert!(text.contains("write 1234.56"), "{text}");
    }

    #[test]
    fn without_source_the_plain_form_stands_in() {
        let counted = format!("{}\n1 error\n", plain(&report()));
        assert_eq!(drawn(&report(), &|_| None, 80, false), counted);
        // A span beyond the text, as after an edit, must not panic.
        assert_eq!(drawn(&report(), &|_| Some("x".into()), 80, false), counted);
    }
}
