//! Selectors: which rows, by id, all of them, or by conditions on their columns.
//!
//! ```text
//! e1                                          the one with this id
//! *                                           every one
//! size=small; province=CO; net_amount>=10000  those that meet every condition
//! description="one; two"                      a value with a semicolon stands in quotes
//! ```

use std::cmp::Ordering;
use std::fmt;

/// Which rows an override changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The one with this id.
    Id(String),
    /// Every one.
    All,
    /// Nothing is said: for that of which there is one.
    Blank,
    /// Those that meet every condition.
    Where(Vec<Condition>),
}

/// A condition on a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The column; behind `project.` or `company.` one of what the row belongs to.
    pub field: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; empty means a cell that is blank.
    pub value: String,
}

/// How a cell is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Every comparison with its sign, the longer ones first.
    const SIGNS: [(&'static str, Comparison); 6] = [
        ("!=", Comparison::Unequal),
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("=", Comparison::Equal),
        ("<", Comparison::Below),
        (">", Comparison::Above),
    ];

    /// Its sign.
    pub fn sign(self) -> &'static str {
        Self::SIGNS.iter().find(|(_, comparison)| *comparison == self).map_or("", |(sign, _)| sign)
    }

    /// Whether things in this order meet it.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
            Comparison::Below => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Above => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        }
    }
}

/// Why a text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// A part between semicolons that compares nothing.
    #[error("'{0}' is no condition such as size=small")]
    NoCondition(String),
    /// A comparison without a column.
    #[error("'{0}' names no column before '{1}'")]
    NoField(String, &'static str),
    /// Quotes that do not match.
    #[error("the quotes of '{0}' do not match")]
    Quotes(String),
}

impl Selector {
    /// Reads a selector.
    pub fn parse(text: &str) -> Result<Selector, SelectorError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Selector::Blank);
        }
        if text == "*" {
            return Ok(Selector::All);
        }
        if !text.contains(['=', '<', '>']) {
            return Ok(Selector::Id(text.to_owned()));
        }
        let conditions = parts(text)?.into_iter().map(condition).collect::<Result<Vec<_>, _>>()?;
        Ok(Selector::Where(conditions))
    }
}

/// The parts between semicolons outside quotes; empty ones are passed over.
fn parts(text: &str) -> Result<Vec<&str>, SelectorError> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return Err(SelectorError::Quotes(text.to_owned()));
    }
    parts.push(&text[start..]);
    Ok(parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect())
}

fn condition(part: &str) -> Result<Condition, SelectorError> {
    let at = part.find(['=', '<', '>', '!']).ok_or_else(|| SelectorError::NoCondition(part.to_owned()))?;
    let found = Comparison::SIGNS.iter().find(|(sign, _)| part[at..].starts_with(sign));
    let (sign, comparison) = found.ok_or_else(|| SelectorError::NoCondition(part.to_owned()))?;
    let field = part[..at].trim().to_owned();
    if field.is_empty() {
        return Err(SelectorError::NoField(part.to_owned(), sign));
    }
    let value = part[at + sign.len()..].trim();
    let value = match value.strip_prefix('"') {
        Some(inner) => inner.strip_suffix('"').ok_or_else(|| SelectorError::Quotes(part.to_owned()))?,
        None => value,
    };
    Ok(Condition { field, comparison: *comparison, value: value.to_owned() })
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.value.contains(';') { "\"" } else { "" };
        write!(f, "{}{}{quote}{}{quote}", self.field, self.comparison.sign(), self.value)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selector::Id(id) => f.write_str(id),
            Selector::All => f.write_str("*"),
            Selector::Blank => Ok(()),
            Selector::Where(conditions) => {
                let texts: Vec<String> = conditions.iter().map(ToString::to_string).collect();
                f.write_str(&texts.join("; "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_an_id_everything_or_conditions() {
        assert_eq!(Selector::parse(" e 1 "), Ok(Selector::Id("e 1".to_owned())));
        assert_eq!([Selector::parse("*"), Selector::parse(" ")], [Ok(Selector::All), Ok(Selector::Blank)]);
        let text = "size=small; net_amount >= 10000;tags!=;description=\"a; b\"";
        let Ok(Selector::Where(conditions)) = Selector::parse(text) else { panic!("{text}") };
        let read: Vec<(&str, &str, &str)> =
            conditions.iter().map(|c| (c.field.as_str(), c.comparison.sign(), c.value.as_str())).collect();
        let expected = [
            ("size", "=", "small"),
            ("net_amount", ">=", "10000"),
            ("tags", "!=", ""),
            ("description", "=", "a; b"),
        ];
        assert_eq!(read, expected);
        let written = Selector::Where(conditions).to_string();
        assert_eq!(written, "size=small; net_amount>=10000; tags!=; description=\"a; b\"");
    }

    #[test]
    fn what_is_none_is_told() {
        let said = |text| Selector::parse(text).map_err(|error| error.to_string());
        assert_eq!(said("size=small; CO"), Err("'CO' is no condition such as size=small".to_owned()));
        assert_eq!(said("=small"), Err("'=small' names no column before '='".to_owned()));
        assert_eq!(said("a=\"b"), Err("the quotes of 'a=\"b' do not match".to_owned()));
        assert_eq!(said("a=\"b\"c"), Err("the quotes of 'a=\"b\"c' do not match".to_owned()));
    }
}
