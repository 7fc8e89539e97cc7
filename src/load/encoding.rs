//! Bytes to text: UTF-8, with or without byte order mark.

use super::codes;
use super::place::Text;
use crate::diagnostics::Diagnostic;

/// The text of a file.
pub(super) fn decode(file: &str, bytes: Vec<u8>) -> Result<Text, Diagnostic> {
    match String::from_utf8(bytes) {
        Ok(content) => Ok(Text { file: file.to_owned(), content }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            // The part before the first bad byte is text: it tells the line.
            let content = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            let text = Text { file: file.to_owned(), content };
            let byte = error.as_bytes()[valid];
            Err(Diagnostic::error(
                codes::NOT_UTF8,
                text.place(valid..valid),
                format!("byte 0x{byte:02x} is not UTF-8 text"),
            )
            .help("save the file as UTF-8 (in Excel: CSV UTF-8)"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_byte_is_named_with_its_place() {
        let problem = decode("a.csv", b"id\nCaff\xe8".to_vec()).unwrap_err();
        assert_eq!(problem.message, "byte 0xe8 is not UTF-8 text");
        assert_eq!(problem.place.to_string(), "a.csv:2:5");
    }
}
