//! The text of one measure file and what has been found wrong with it: every problem is placed at line, column and bytes.

use std::cell::RefCell;

use crate::diagnostics::{Diagnostic, Place, Report, Severity};

/// Stable codes of what can be wrong with a measure file.
pub(super) mod code {
    /// The text is not TOML, or no text.
    pub const SYNTAX: &str = "M001";
    /// A key the language does not have there.
    pub const UNKNOWN_KEY: &str = "M002";
    /// A key that must be there is not.
    pub const MISSING_KEY: &str = "M003";
    /// A value of the wrong TOML type; a float where exactness matters.
    pub const TYPE: &str = "M004";
    /// A value of the right type that means nothing here.
    pub const VALUE: &str = "M005";
    /// A name that nothing bears: fact, class, table, set, item, component, rule.
    pub const UNKNOWN_NAME: &str = "M006";
    /// A name used twice, or one that is taken.
    pub const TAKEN: &str = "M007";
    /// Names that stand for themselves in the end.
    pub const CYCLE: &str = "M008";
    /// Keys that must stand together, or may not.
    pub const COMBINATION: &str = "M009";
    /// A fact of a subject that is not known at that place.
    pub const OUT_OF_REACH: &str = "M010";
    /// Expenses that two items take, without a choice.
    pub const OVERLAP: &str = "M020";
    /// A row no case can reach.
    pub const UNREACHABLE: &str = "M021";
    /// A limit or window that means nothing as it stands.
    pub const MEANINGLESS: &str = "M022";
    /// Trims that would cut for ever.
    pub const DIVERGES: &str = "M023";
    /// Bands or steps that do not rise.
    pub const NOT_RISING: &str = "M024";
    /// Declarations of one fact that contradict each other.
    pub const CONTRADICTION: &str = "M025";
    /// Something that has no use.
    pub const UNUSED: &str = "M030";
    /// A rule that quotes nothing although there is a source.
    pub const NO_REFERENCE: &str = "M031";
    /// Something unusual that may be meant.
    pub const UNUSUAL: &str = "M032";
    /// A folder or file that cannot be read.
    pub const UNREADABLE: &str = "M040";
}

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

    /// The place of some bytes of the text.
    pub fn place(&self, span: (usize, usize), field: Option<&str>) -> Place {
        let before = self.text.get(..span.0).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: self.file.to_owned(),
            line: Some(before.matches('\n').count() + 1),
            column: Some(before[line_start..].chars().count() + 1),
            span: Some(span),
            field: field.map(str::to_owned),
        }
    }

    pub fn report(&self, problem: Diagnostic) {
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
