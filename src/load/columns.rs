//! The columns of one file: those of the field table and the facts that measures declare.

use std::collections::BTreeMap;

use super::codes;
use super::fields::{Bounds, FileFields, Kind, folded};
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::measure::{FactDeclaration, Subject};
use crate::portfolio::FactKind;

/// A column a file may have.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// English name.
    pub name: String,
    /// Italian name; facts have none.
    pub italian: Option<&'static str>,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether every row must have a value.
    pub required: bool,
    /// The fact that measures declare.
    pub fact: Option<Declared>,
}

/// What measures say of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Declared {
    /// Whose fact it is.
    pub subject: Subject,
    /// The values allowed; any where empty.
    pub values: Vec<String>,
}

/// The closed set of columns of a file.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// Its name.
    pub file: String,
    all: Vec<Column>,
    by_name: BTreeMap<String, usize>,
}

impl Columns {
    /// The columns of the field table, and those facts that are about one of the subjects.
    ///
    /// `name` is the name that the file has in this portfolio.
    pub fn new(
        file: FileFields,
        name: &str,
        subjects: &[Subject],
        facts: &[FactDeclaration],
        report: &mut Report,
    ) -> Self {
        let mut columns = Columns { file: name.to_owned(), all: Vec::new(), by_name: BTreeMap::new() };
        for field in file.fields {
            let index = columns.all.len();
            columns.by_name.insert(folded(field.name), index);
            columns.by_name.insert(folded(field.italian), index);
            columns.all.push(Column {
                name: field.name.to_owned(),
                italian: Some(field.italian),
                kind: field.kind,
                required: field.required,
                fact: None,
            });
        }
        for fact in facts.iter().filter(|fact| subjects.contains(&fact.fact.subject)) {
            if let Err(problem) = columns.declare(fact) {
                report.push(problem);
            }
        }
        columns
    }

    /// Adds a fact, or joins it with the same fact of another measure.
    fn declare(&mut self, declaration: &FactDeclaration) -> Result<(), Diagnostic> {
        let name = &declaration.fact.name;
        let file = self.file.clone();
        let conflict = |what: String| {
            Err(Diagnostic::error(codes::FACT_CONFLICT, Place::file(&file), what)
                .help("change the `[[fact]]` in one of the measures"))
        };
        let kind = kind_of(declaration.kind);
        let Some(&index) = self.by_name.get(&folded(name)) else {
            self.by_name.insert(folded(name), self.all.len());
            let fact = Declared { subject: declaration.fact.subject, values: declaration.values.clone() };
            let column =
                Column { name: name.clone(), italian: None, kind, required: false, fact: Some(fact) };
            self.all.push(column);
            return Ok(());
        };
        let column = &mut self.all[index];
        let Some(fact) = &mut column.fact else {
            // A measure may declare what every portfolio has, to ask its own question about it.
            let same = column.name == *name && word(column.kind) == word(kind);
            if same && declaration.fact.subject != Subject::Lot {
                return Ok(());
            }
            return conflict(format!(
                "fact '{name}' is declared, and every portfolio has the column '{}'",
                column.name
            ));
        };
        if column.name != *name {
            return conflict(format!("facts '{}' and '{name}' would be one column", column.name));
        }
        if column.kind != kind {
            let message =
                format!("fact '{name}' is declared both as {} and as {}", word(column.kind), word(kind));
            return conflict(message);
        }
        if fact.subject != declaration.fact.subject {
            let (one, other) = (fact.subject.name(), declaration.fact.subject.name());
            return conflict(format!("fact '{name}' is declared both of the {one} and of the {other}"));
        }
        // A measure that takes any value makes the column free.
        if fact.values.is_empty() || declaration.values.is_empty() {
            fact.values.clear();
        } else {
            let new: Vec<String> =
                declaration.values.iter().filter(|value| !fact.values.contains(value)).cloned().collect();
            fact.values.extend(new);
        }
        Ok(())
    }

    /// Every column.
    pub fn all(&self) -> &[Column] {
        &self.all
    }

    /// The column with this English name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|column| column.name == name)
    }

    /// The column with this header, English or Italian, in any case.
    pub fn find(&self, header: &str) -> Option<usize> {
        self.by_name.get(&folded(header)).copied()
    }

    /// Every name a header may have.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().flat_map(|c| std::iter::once(c.name.as_str()).chain(c.italian))
    }
}

const fn kind_of(kind: FactKind) -> Kind {
    match kind {
        FactKind::Text => Kind::Text,
        FactKind::Number => Kind::Number(Bounds::Any),
        FactKind::Money => Kind::Money(Bounds::Any),
        FactKind::Flag => Kind::Flag,
        FactKind::Date => Kind::Date,
        FactKind::List => Kind::List,
    }
}

const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Money(_) => "money",
        Kind::Number(_) | Kind::Share => "number",
        Kind::Flag => "flag",
        Kind::Date => "date",
        Kind::List => "list",
        Kind::Text | Kind::Id | Kind::Choice(_) | Kind::Category => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::EXPENSES;
    use super::*;
    use crate::measure::FactRef;

    fn fact(subject: Subject, name: &str, kind: FactKind, values: &[&str]) -> FactDeclaration {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        FactDeclaration { fact: FactRef::new(subject, name), kind, values, question: None }
    }

    fn declared(facts: &[FactDeclaration]) -> (Columns, Vec<String>) {
        let mut report = Report::new();
        let columns =
            Columns::new(EXPENSES, EXPENSES.name, &[Subject::Expense, Subject::Lot], facts, &mut report);
        (columns, report.diagnostics().iter().map(|d| d.message.clone()).collect())
    }

    #[test]
    fn facts_declared_alike_are_one_column_with_the_values_of_all() {
        let one = fact(Subject::Lot, "certificate", FactKind::Text, &["A", "B"]);
        let two = fact(Subject::Lot, "certificate", FactKind::Text, &["B", "C"]);
        let (columns, problems) = declared(&[one.clone(), two]);
        assert_eq!(problems, Vec::<String>::new());
        let column = &columns.all()[columns.find("Certificate").unwrap()];
        assert_eq!(column.fact.as_ref().unwrap().values, ["A", "B", "C"]);
        let (columns, _) = declared(&[one, fact(Subject::Lot, "certificate", FactKind::Text, &[])]);
        let column = &columns.all()[columns.find("certificate").unwrap()];
        assert!(column.fact.as_ref().unwrap().values.is_empty());
    }

    #[test]
    fn facts_declared_unlike_are_refused() {
        let text = fact(Subject::Expense, "grade", FactKind::Text, &[]);
        let (_, problems) = declared(&[text.clone(), fact(Subject::Expense, "grade", FactKind::Flag, &[])]);
        assert_eq!(problems, ["fact 'grade' is declared both as text and as flag"]);
        let (_, problems) = declared(&[text, fact(Subject::Lot, "grade", FactKind::Text, &[])]);
        assert_eq!(problems, ["fact 'grade' is declared both of the expense and of the lot"]);
        let (_, problems) = declared(&[fact(Subject::Expense, "Fornitore", FactKind::Text, &[])]);
        assert_eq!(problems, ["fact 'Fornitore' is declared, and every portfolio has the column 'supplier'"]);
    }
}
