//! Names that every reader of LP and MPS files takes, one for one with the names of the program.
//!
//! The format of CPLEX LP has no quoting: brackets, operators, blanks and letters beyond ASCII are written as
//! something else, such that two names never become one (the image of each character can be read back).

use std::fmt::Write as _;

/// Readers take names of up to 255 characters.
const LONGEST: usize = 200;

/// Words with a meaning of their own in LP files, and the name of our objective.
const RESERVED: [&str; 17] = [
    "bin", "binaries", "binary", "bounds", "e", "end", "free", "gen", "general", "generals", "max",
    "maximize", "min", "minimize", "obj", "st", "subject",
];

/// The name of the column or row with this index, in LP and MPS text.
///
/// `[`, `]` and `-` become `(`, `)` and `~`; every other character that is neither an ASCII letter or digit nor
/// one of `_ . ,` becomes its code point in braces. So does the first character of what would read as a number or as a word of the
/// format. A name too long for the readers is cut and ends in its index.
pub(super) fn legal(name: &str, index: usize) -> String {
    let lower = name.to_ascii_lowercase();
    let exponent = lower.starts_with('e') && lower[1..].starts_with(|c: char| c.is_ascii_digit());
    let word = lower.starts_with("inf") || lower.starts_with("nan") || RESERVED.contains(&lower.as_str());
    let unsafe_start = exponent || word || !lower.starts_with(|c: char| c.is_ascii_alphabetic());

    let mut text = String::with_capacity(name.len() + 8);
    for (position, c) in name.chars().enumerate() {
        match c {
            _ if position == 0 && unsafe_start => escape(&mut text, c),
            '[' => text.push('('),
            ']' => text.push(')'),
            '-' => text.push('~'),
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ',') => text.push(c),
            c => escape(&mut text, c),
        }
    }
    if text.is_empty() || text.len() > LONGEST {
        text.truncate(LONGEST);
        // `n` is no hexadecimal digit: this ending is no escaped character.
        let _ = write!(text, "{{n{index}}}");
    }
    text
}

fn escape(text: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{{{:x}}}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn readable_names_stay_readable() {
        assert_eq!(legal("claim[e1,certifications-2026,body]", 0), "claim(e1,certifications~2026,body)");
        assert_eq!(legal("limit[P 1,(a)~]", 0), "limit(P{20}1,{28}a{29}{7e})");
    }

    #[test]
    fn numbers_and_words_of_the_format_are_no_names() {
        // '1' is 0x31, 'e' 0x65, 'E' 0x45, 'i' 0x69, '.' 0x2e
        assert_eq!(legal("1a", 0), "{31}a");
        assert_eq!(legal("e1", 0), "{65}1");
        assert_eq!(legal("End", 0), "{45}nd");
        assert_eq!(legal("info", 0), "{69}nfo");
        assert_eq!(legal(".5", 0), "{2e}5");
        assert_eq!(legal("expense", 0), "expense");
    }

    #[test]
    fn long_and_empty_names_end_in_their_index() {
        assert_eq!(legal("", 3), "{n3}");
        let (a, b) = (legal(&"x".repeat(300), 1), legal(&"x".repeat(300), 2));
        assert!(a != b && a.len() < 255 && a.ends_with("{n1}"));
    }

    proptest! {
        #[test]
        fn different_names_stay_different(a in "[-a-eE0-3.~\\[\\](){}n, ]{0,4}", b in "[-a-eE0-3.~\\[\\](){}n, ]{0,4}") {
            prop_assert_eq!(legal(&a, 1) == legal(&b, 2), a == b && !a.is_empty());
        }
    }
}
