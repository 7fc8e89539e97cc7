//! `result.json`: the document itself.

use crate::allocation::Document;

/// The document as pretty JSON with a final line end. Equal documents give equal bytes.
pub fn document(document: &Document) -> String {
    pretty(document)
}

/// Any of this crate's plain data as pretty JSON with a final line end.
pub(super) fn pretty<T: serde::Serialize>(data: &T) -> String {
    // Serialising to memory fails only for maps with keys other than text; this crate has none.
    let text = serde_json::to_string_pretty(data).expect("plain data with text keys");
    text + "\n"
}

/// Reads a document back.
///
/// # Errors
/// The text is no document of this format; the message names line, column and what was expected.
pub fn read(text: &str) -> Result<Document, serde_json::Error> {
    serde_json::from_str(text)
}
