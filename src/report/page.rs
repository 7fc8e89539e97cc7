//! What a table is set on: so many columns of text, in one language.

use std::fmt::Display;

use super::{Language, WIDTH};
use crate::portfolio::category;

/// A page for tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Columns of text.
    pub width: u16,
    /// The language of headings and names.
    pub language: Language,
}

impl Default for Page {
    /// A file's page, in the default language.
    fn default() -> Self {
        Page { width: WIDTH, language: Language::default() }
    }
}

impl Page {
    /// A word in the language of the page.
    pub(super) fn say(self, english: &str) -> &str {
        self.language.say(english)
    }

    /// A category in the language of the page.
    pub(super) fn category(self, id: &str) -> &str {
        match (self.language, category(id)) {
            (Language::It, Some(category)) => category.italian,
            _ => id,
        }
    }

    /// A sentence with a value in it, in the language of the page.
    pub(super) fn fill(self, english: &str, value: &dyn Display) -> String {
        self.language.fill(english, value)
    }

    /// A heading over a body; nothing where the body is empty.
    pub fn section(self, title: &str, body: &str) -> String {
        if body.is_empty() { String::new() } else { format!("\n{}\n\n{body}", self.say(title)) }
    }
}
