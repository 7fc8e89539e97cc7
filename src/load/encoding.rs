//! Bytes to text, found per file: UTF-8 with or without byte order mark, UTF-16 with one, Windows-1252.
//!
//! What is wholly UTF-8 is UTF-8: text of another encoding is so by accident only where it is a few bytes long. What is in part UTF-8 is
//! in doubt, and only a setting ends the doubt.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::codes;
use super::place::Text;
use crate::diagnostics::Diagnostic;

/// How a file that is not wholly UTF-8 is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Not at all.
    Utf8,
    /// As Excel for Windows writes CSV in Western Europe.
    Windows1252,
}

impl Encoding {
    /// The setting that says so.
    pub const NAMES: [(&'static str, Encoding); 2] =
        [("utf-8", Encoding::Utf8), ("windows-1252", Encoding::Windows1252)];
}

const SAVE_AS: &str = "save the file as UTF-8 (in Excel: 'CSV UTF-8')";

/// First bytes of files that are taken for text by mistake.
const DISGUISED: [(&[u8], &str); 4] = [
    (b"PK\x03\x04", "an Excel workbook or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a compressed file"),
];

/// The text of a file.
pub(super) fn decode(file: &str, bytes: Vec<u8>, setting: Option<Encoding>) -> Result<Text, Diagnostic> {
    let text = |content: String| Text { file: file.to_owned(), content };
    // The part before a bad byte tells its line.
    let problem = |code, at: usize, message: String| {
        let before = text(String::from_utf8_lossy(&bytes[..at]).into_owned());
        let end = before.content.len();
        Diagnostic::error(code, before.place(end..end), message)
            .found(format!("byte 0x{:02x}", bytes[at]))
            .help(SAVE_AS)
    };
    if let Some((_, what)) = DISGUISED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(problem(codes::NOT_TEXT, 0, format!("the file is {what}, not CSV text")).found(*what));
    }
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark.as_slice()) {
            let decoded = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return match decoded.filter(|content| control(content.as_bytes()).is_none()) {
                Some(content) => Ok(text(content.into_owned())),
                None => Err(problem(
                    codes::NOT_TEXT,
                    0,
                    format!("the file begins as {} and does not go on so", encoding.name()),
                )
                .found(format!("no {} text", encoding.name()))),
            };
        }
    }
    if let Some(at) = control(&bytes) {
        let message = format!("byte 0x{:02x} does not occur in text", bytes[at]);
        return Err(problem(codes::NOT_TEXT, at, message));
    }
    let Err(error) = std::str::from_utf8(&bytes) else {
        return Ok(text(String::from_utf8(bytes).unwrap_or_default()));
    };
    let at = error.valid_up_to();
    if setting == Some(Encoding::Utf8) {
        return Err(problem(codes::NOT_UTF8, at, format!("byte 0x{:02x} is not UTF-8 text", bytes[at])));
    }
    // Windows-1252 leaves these five without a character.
    if let Some(at) = bytes.iter().position(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)) {
        let message = format!("byte 0x{:02x} is neither UTF-8 nor Windows-1252 text", bytes[at]);
        return Err(problem(codes::NOT_UTF8, at, message));
    }
    let accented = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()).find(|c| !c.is_ascii());
    if let Some(accented) = accented.filter(|_| setting.is_none()) {
        let message = format!(
            "byte 0x{:02x} is not UTF-8 text, but the '{accented}' of the file is: two encodings in one file",
            bytes[at]
        );
        return Err(problem(codes::AMBIGUOUS_ENCODING, at, message).help(
            "save the file as UTF-8 (in Excel: 'CSV UTF-8'), or say `encoding = \"windows-1252\"` under `[files]` in portfolio.toml",
        ));
    }
    Ok(text(WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned()))
}

/// How many bytes are searched together.
const BLOCK: usize = 256;

/// The first byte that is no part of a text: a control character other than tab and end of line.
fn control(bytes: &[u8]) -> Option<usize> {
    let is_control = |byte: &u8| (*byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f;
    // Whether a block has one is found for many bytes at once.
    let has_one = |block: &[u8]| block.iter().fold(false, |found, byte| found | is_control(byte));
    let block = bytes.chunks(BLOCK).position(has_one)?;
    bytes[block * BLOCK..].iter().position(is_control).map(|at| block * BLOCK + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], setting: Option<Encoding>) -> Result<String, String> {
        let text = decode("a.csv", bytes.to_vec(), setting);
        text.map(|text| text.content).map_err(|p| format!("{} {} {}", p.code, p.place, p.message))
    }

    #[test]
    fn text_is_utf8_or_windows_1252_or_marked_as_utf16() {
        assert_eq!(read("Caffè €".as_bytes(), None).as_deref(), Ok("Caffè €"));
        // In Windows-1252 è is 0xE8 and the euro sign 0x80.
        assert_eq!(read(b"Caff\xe8 \x80", None).as_deref(), Ok("Caffè €"));
        assert_eq!(read(b"\xff\xfei\0d\0\xe8\0", None).as_deref(), Ok("idè"));
        assert_eq!(read(b"\xfe\xff\0i\0d\0\xe8", None).as_deref(), Ok("idè"));
    }

    #[test]
    fn a_file_in_two_encodings_needs_the_setting() {
        let bytes = b"id\nCaff\xc3\xa8\nCaff\xe8\n";
        let problem = read(bytes, None).unwrap_err();
        assert!(problem.starts_with("P009 a.csv:3:5 byte 0xe8 is not UTF-8 text, but the 'è'"), "{problem}");
        assert_eq!(read(bytes, Some(Encoding::Windows1252)).as_deref(), Ok("id\nCaffÃ¨\nCaffè\n"));
        let problem = read(bytes, Some(Encoding::Utf8));
        assert_eq!(problem, Err("P003 a.csv:3:5 byte 0xe8 is not UTF-8 text".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let problem = |bytes: &[u8]| read(bytes, None).unwrap_err();
        assert_eq!(
            problem(b"id\nCaff\x8f"),
            "P003 a.csv:2:5 byte 0x8f is neither UTF-8 nor Windows-1252 text"
        );
        assert_eq!(problem(b"id\na\0b"), "P007 a.csv:2:2 byte 0x00 does not occur in text");
        assert_eq!(
            problem(b"PK\x03\x04\x14\0"),
            "P007 a.csv:1:1 the file is an Excel workbook or another archive, not CSV text"
        );
        assert!(problem(b"\xff\xfei\0\0\xd8").starts_with("P007"));
        let long = [vec![b'x'; 1000], vec![0x1f]].concat();
        assert_eq!(problem(&long), "P007 a.csv:1:1001 byte 0x1f does not occur in text");
    }
}
