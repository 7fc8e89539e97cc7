//! The field table: every file of a portfolio with every column it may have.
//!
//! The parser, the documentation, the schema and the tests are driven by this one table. A file's columns are these and
//! the facts that measures declare; there are no others.

mod files;

pub use files::{
    COMPANIES, DECISIONS, EXPENSES, FILES, MEMBERS, OPS, PRIOR_AIDS, PROJECTS, SCENARIOS, SIZES, STATES,
    TARGETS, VERBS,
};

/// A file of a portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFields {
    /// Its name.
    pub name: &'static str,
    /// Its Italian names.
    pub italian: &'static [&'static str],
    /// Whether a portfolio must have it.
    pub required: bool,
    /// What a row is.
    pub row: &'static str,
    /// Its columns, in the order in which they are best written.
    pub fields: &'static [Field],
}

impl FileFields {
    /// The field with this English name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Every name it may have, the English one first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.italian.iter().copied())
    }

    /// Where a field stands in the table. Meant for constants: a name that no field has then stops the compiler.
    pub const fn position(&self, name: &str) -> usize {
        let mut at = 0;
        while at < self.fields.len() {
            if equal(self.fields[at].name.as_bytes(), name.as_bytes()) {
                return at;
            }
            at += 1;
        }
        panic!("no field has this name")
    }
}

/// Equality of texts for constants.
const fn equal(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// A column every portfolio may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its English name, which is also the name of the fact.
    pub name: &'static str,
    /// Its Italian name.
    pub italian: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether the column must be there and have a value in every row.
    pub required: bool,
    /// What it means.
    pub meaning: &'static str,
    /// A value it may have.
    pub example: &'static str,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// An id: text without control characters.
    Id,
    /// An amount of euro with at most two decimals.
    Money(Bounds),
    /// A number.
    Number(Bounds),
    /// A share from 0 to 1, also written as a percentage.
    Share,
    /// A day from 1990 to 2100.
    Date,
    /// Yes or no.
    Flag,
    /// Words separated by `|`.
    List,
    /// One of a few words.
    Choice(&'static [Word]),
    /// A word of [`CATEGORIES`](crate::portfolio::CATEGORIES).
    Category,
}

impl Kind {
    /// Whether its cells hold numbers.
    pub const fn is_numeric(self) -> bool {
        matches!(self, Kind::Money(_) | Kind::Number(_) | Kind::Share)
    }
}

/// Which numbers a column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// Every number.
    Any,
    /// Zero and above.
    NotNegative,
    /// Above zero.
    Positive,
    /// From the first to the second, both included.
    Within(i32, i32),
}

/// A word of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word the program uses.
    pub english: &'static str,
    /// Italian words for it.
    pub italian: &'static [&'static str],
}

/// Constants with the places of fields in the field table, checked by the compiler.
macro_rules! positions {
    ($file:ident: $($name:ident = $field:literal),* $(,)?) => { $(const $name: usize = $file.position($field);)* };
}
pub(super) use positions;

/// A name or word as it is compared: without case and accents, words joined by `_`.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut joint = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'à' | 'á' => 'a',
            'è' | 'é' => 'e',
            'ì' | 'í' => 'i',
            'ò' | 'ó' => 'o',
            'ù' | 'ú' => 'u',
            '-' | '_' | '\'' | '’' => ' ',
            c => c,
        };
        if plain.is_whitespace() {
            joint = !folded.is_empty();
        } else {
            if joint {
                folded.push('_');
                joint = false;
            }
            folded.push(plain);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::{Company, Expense, Project, Size, State, Verb, category};
    use crate::scenario::{Op, Target};

    #[test]
    fn names_of_a_file_are_folded_and_unlike_one_another() {
        for file in FILES.into_iter().chain([SCENARIOS]) {
            let mut names: Vec<String> =
                file.fields.iter().flat_map(|f| [f.name, f.italian]).map(str::to_owned).collect();
            assert!(names.iter().all(|name| *name == folded(name)), "{names:?}");
            names.sort();
            names.dedup();
            assert_eq!(names.len(), 2 * file.fields.len(), "{}", file.name);
        }
    }

    #[test]
    fn every_fact_has_a_column() {
        let has = |file: FileFields, facts: &[&str]| facts.iter().all(|fact| file.field(fact).is_some());
        assert!(has(COMPANIES, &Company::FACTS));
        assert!(has(PROJECTS, &Project::FACTS));
        assert!(has(EXPENSES, &Expense::FACTS));
        assert_eq!(EXPENSES.fields[EXPENSES.position("lot")].name, "lot");
    }

    #[test]
    fn words_are_those_of_the_domain() {
        assert!(SIZES.iter().map(|w| w.english).eq(Size::NAMES.map(|(name, _)| name)));
        assert!(STATES.iter().map(|w| w.english).eq(State::NAMES.map(|(name, _)| name)));
        assert!(TARGETS.iter().map(|w| w.english).eq(Target::NAMES.map(|(name, _)| name)));
        assert!(OPS.iter().map(|w| w.english).eq(Op::NAMES.map(|(name, _)| name)));
        assert!(VERBS.iter().map(|w| w.english).eq(Verb::NAMES.map(|(name, _)| name)));
    }

    #[test]
    fn words_are_compared_without_case_accents_and_joints() {
        assert_eq!(folded(" Quantità "), "quantita");
        assert_eq!(folded("Net-Amount"), "net_amount");
        assert!(category("machinery").is_some());
    }
}
