//! The text of one measure file and what has been found wrong with it: every problem is placed at line, column and bytes.

use std::cell::RefCell;

use toml::Spanned;
use toml::de::DeTable;

use super::super::codes::completed;
use crate::diagnostics::{Diagnostic, Place, Report, Severity};

pub(super) use super::codes as code;

/// One file, and its problems so far.
pub(super) struct Source<'s> {
    file: &'s str,
    text: &'s str,
    // Readers hold the file together; what they find goes here, so that one defect never hides another.
    problems: RefCell<Vec<Diagnostic>>,
}

impl<'s> Source<'s> {
    pub fn new(file: &'s str, text: &'s str) -> Self {
        Source { file, text, problems: RefCell::new(Vec::new()) }
    }

    /// The name of the file.
    pub fn file(&self) -> &'s str {
        self.file
    }

    /// The whole text.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// The place of some bytes of the text.
    pub fn place(&self, span: (usize, usize), field: Option<&str>) -> Place {
        let before = self.text.get(..span.0).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: self.file.to_owned(),
            line: Some(before.matches('\n').count() + 1),
            column: Some(before[line_start..].chars().count() + 1),
            cell: None,
            span: Some(span),
            field: field.map(str::to_owned),
        }
    }

    /// The text as TOML, as far as it is; the rest is reported.
    pub fn document(&self) -> Spanned<DeTable<'s>> {
        let (document, problems) = DeTable::parse_recoverable(self.text);
        for problem in problems {
            let place = match problem.span() {
                Some(span) => self.place((span.start, span.end), None),
                None => Place::file(self.file),
            };
            self.report(Diagnostic::error(code::SYNTAX, place, problem.message().replace('`', "'")));
        }
        document
    }

    /// The text of a span.
    pub fn text_of(&self, (start, end): (usize, usize)) -> &'s str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Takes a problem; one that does not say what was expected and what to do gets the words of its kind.
    pub fn report(&self, problem: Diagnostic) {
        let problem = completed(problem);
        self.problems.borrow_mut().push(problem);
    }

    pub fn has_errors(&self) -> bool {
        self.problems.borrow().iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Every problem, in the order of the text.
    pub fn into_report(self) -> Report {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.place.span);
        let mut report = Report::new();
        for problem in problems {
            report.push(problem);
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let source = Source::new("m.toml", "a = 1\nè = \"x\"\n");
        // The second line begins at byte 6; `è` takes two bytes, so the value begins at byte 11, character 5.
        let place = source.place((11, 14), None);
        assert_eq!((place.line, place.column), (Some(2), Some(5)));
    }
}
