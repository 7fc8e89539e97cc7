//! What is wrong with an input: where, what was found, what was expected, what to do.
//!
//! A load collects every [`Diagnostic`] in one [`Report`] before it fails. Rendering (with the offending line drawn)
//! is the business of floor 7; here is only the data.

use std::collections::BTreeMap;
use std::fmt;

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the program goes on.
    Warning,
    /// Nothing is computed until this is mended.
    Error,
}

/// A place in an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user named it, or as it is called inside the portfolio.
    pub file: String,
    /// Line, from 1; none when the whole file is meant.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// The cell of a sheet, such as `C5`; then `file` is the sheet.
    pub cell: Option<String>,
    /// Bytes of the offending text in the file, for drawing it.
    pub span: Option<(usize, usize)>,
    /// Field or key, for tables and measure files.
    pub field: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: file.into(), ..Place::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(cell) = &self.cell {
            write!(f, "!{cell}")?;
        } else if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        if let Some(field) = &self.field {
            write!(f, " ({field})")?;
        }
        Ok(())
    }
}

/// One problem of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `P012`, that names a page of the documentation.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was found and what was expected; lower case, no full stop, values in quotes.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What was found, on its own: the text of a cell, a name, the value of a key; none where nothing is there.
    pub found: Option<String>,
    /// What was expected in its place, on its own.
    pub expected: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        let message = message.into();
        Diagnostic {
            code,
            severity: Severity::Error,
            message,
            place,
            found: None,
            expected: None,
            help: None,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, place, message) }
    }

    /// Adds what was found. The message says it too: this is for programs.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Adds what was expected. The message says it too: this is for programs.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}[{}]: {}\n  --> {}", self.code, self.message, self.place)?;
        if let Some(help) = &self.help {
            write!(f, "\n  = help: {help}")?;
        }
        Ok(())
    }
}

/// So many problems of one kind are kept for one file; the others are counted. A file in which a million cells are wrong has one cause.
const MOST_ALIKE: usize = 1000;

/// Every problem of one load, in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
    /// How many there are of each kind, by file and code.
    alike: BTreeMap<(String, &'static str), usize>,
}

impl Report {
    /// An empty report.
    pub fn new() -> Self {
        Report::default()
    }

    /// Adds one problem; where there are very many of its kind, it is only counted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let alike = self.alike.entry((diagnostic.place.file.clone(), diagnostic.code)).or_default();
        *alike += 1;
        if *alike <= MOST_ALIKE {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds every problem of another report; what that one only counted is counted here.
    pub fn extend(&mut self, other: Report) {
        if self.diagnostics.is_empty() && self.alike.is_empty() {
            *self = other;
            return;
        }
        let mut kept: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
        for diagnostic in other.diagnostics {
            let kind = (diagnostic.place.file.clone(), diagnostic.code);
            let before = self.alike.get(&kind).copied().unwrap_or_default();
            let kept = kept.entry(kind).or_default();
            *kept += 1;
            // Of a kind that is new here, the other report has kept as many as are to be kept, and perhaps told of more.
            if before == 0 || before + *kept <= MOST_ALIKE {
                self.diagnostics.push(diagnostic);
            }
        }
        for (kind, alike) in other.alike {
            *self.alike.entry(kind).or_default() += alike;
        }
    }

    /// Sorts the problems, and tells at the end how many were only counted.
    #[must_use]
    pub fn in_order<K: Ord>(mut self, key: impl FnMut(&Diagnostic) -> K) -> Report {
        self.diagnostics.sort_by_cached_key(key);
        for ((file, code), alike) in &self.alike {
            let kept = self.diagnostics.iter().find(|d| d.place.file == *file && d.code == *code);
            if let Some(kept) = kept.filter(|_| *alike > MOST_ALIKE) {
                let message = format!("{} more problems of this kind", alike - MOST_ALIKE);
                let more = Diagnostic {
                    severity: kept.severity,
                    ..Diagnostic::error(code, Place::file(file), message)
                };
                self.diagnostics.push(more.help("mend those before it first: all may have one cause"));
            }
        }
        // Told once.
        self.alike.retain(|_, alike| *alike <= MOST_ALIKE);
        self
    }

    /// Every problem as `change` makes it.
    #[must_use]
    pub fn map(mut self, change: impl FnMut(Diagnostic) -> Diagnostic) -> Report {
        self.diagnostics = self.diagnostics.into_iter().map(change).collect();
        self
    }

    /// All problems.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether nothing at all was found.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// The value if no error was found, with the warnings; otherwise the whole report.
    pub fn finish<T>(self, value: T) -> Result<(T, Report), Report> {
        if self.has_errors() { Err(self) } else { Ok((value, self)) }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        let mut report = Report::new();
        report.push(diagnostic);
        report
    }
}

/// The candidate most like `text`, if one is like enough to suggest.
pub fn did_you_mean<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&text, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count().max(text.len()) / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

/// What to do about a text that is none of the candidates: take the one most like it, or else what `otherwise` says.
pub fn meant_or<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    did_you_mean(text, candidates).map_or_else(otherwise, |like| format!("did you mean '{like}'?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_alike_most_are_only_counted() {
        let mut report = Report::new();
        for line in (1..=1002).rev() {
            let place = Place { line: Some(line), ..Place::file("a.csv") };
            report.push(Diagnostic::warning("P022", place, "bad"));
        }
        report.push(Diagnostic::warning("P023", Place::file("a.csv"), "other"));
        let report = report.in_order(|d| (d.code, d.place.line));
        let last = report.diagnostics().last().map(|d| (d.severity, d.message.as_str()));
        assert_eq!(last, Some((Severity::Warning, "2 more problems of this kind")));
        assert_eq!(report.diagnostics().len(), 1002);
        assert_eq!(report.diagnostics()[0].place.line, Some(3));
    }
}
