//! Identifiers: a type each, so that a project is never taken for a company.
//!
//! An id is trimmed text without control characters, at most [`LONGEST`] characters; equality is exact. Ids order as
//! text: that order is the program's canonical order everywhere (design guarantee 4).

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Most characters an id may have.
pub const LONGEST: usize = 100;

/// Why a text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing but spaces.
    #[error("an empty {0} id")]
    Empty(&'static str),
    /// A control character, or `*`, which means "every one" in scenarios.
    #[error("the {kind} id '{text}' contains {what}")]
    Forbidden {
        /// What the id names.
        kind: &'static str,
        /// The text found.
        text: String,
        /// The offending part.
        what: &'static str,
    },
    /// More than [`LONGEST`] characters.
    #[error("the {0} id is longer than {LONGEST} characters")]
    TooLong(&'static str),
}

/// The id in a text, without the spaces around it; `kind` is what it names, for the message.
pub fn check<'t>(kind: &'static str, text: &'t str) -> Result<&'t str, IdError> {
    let text = text.trim();
    let forbidden = |what| IdError::Forbidden { kind, text: text.escape_debug().to_string(), what };
    if text.is_empty() {
        Err(IdError::Empty(kind))
    } else if text.len() > LONGEST && text.chars().count() > LONGEST {
        Err(IdError::TooLong(kind))
    } else if has_control(text) {
        Err(forbidden("a control character"))
    } else if text == "*" {
        Err(forbidden("'*', which means every one"))
    } else {
        Ok(text)
    }
}

/// Bytes tell of most texts that they hold no control character.
fn has_control(text: &str) -> bool {
    let plain = text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    !plain && text.chars().any(char::is_control)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// What this id names, for messages.
            pub const KIND: &'static str = $kind;

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                check($kind, text).map(|text| $name(Arc::from(text)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}

ids! {
    /// A client.
    CompanyId = "company";
    /// Companies linked by control share one (de minimis perimeter).
    UndertakingId = "undertaking";
    /// One investment of a company.
    ProjectId = "project";
    /// One line of cost.
    ExpenseId = "expense";
    /// What an expense belongs to inside its project: a certificate, a site, a machine.
    LotId = "lot";
    /// One funding call, or one line of it, in one dated version.
    MeasureId = "measure";
    /// A measure's own heading of costs: `a`, `IV`, `12`.
    ItemId = "cost item";
    /// Any rule of a measure; scenarios address `<measure>.<rule>.<key>`.
    RuleId = "rule";
    /// A budget shared by applications.
    PoolId = "pool";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_trimmed_and_checked() {
        assert_eq!("  P1 ".parse::<ProjectId>().unwrap().as_str(), "P1");
        assert_eq!(" ".parse::<ProjectId>(), Err(IdError::Empty("project")));
        assert!(matches!("a\u{0}b".parse::<LotId>(), Err(IdError::Forbidden { .. })));
        assert!(matches!("*".parse::<LotId>(), Err(IdError::Forbidden { .. })));
        assert_eq!("x".repeat(101).parse::<ItemId>(), Err(IdError::TooLong("cost item")));
    }
}
