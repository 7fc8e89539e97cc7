//! Quotations held against the text they are from: each is there, word for word, and long enough to stand nowhere else.

use std::path::{Path, PathBuf};

use super::node::{Node, Table, excerpt};
use super::source::{Source, code};
use super::{text_in, text_of};
use crate::diagnostics::Report;

/// Fewest words of a quotation: less stands in any text.
const FEWEST_WORDS: usize = 5;

/// What holding a measure's quotations against its source came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// So many were compared, and stand there.
    Compared(usize),
    /// The measure names no source.
    NoSource,
    /// The text it names is not in the folder.
    NoText(PathBuf),
}

/// Holds every quotation of a measure file against the text that it names as its source, which lies in this folder. Spaces and breaks of lines count
/// as one space.
///
/// # Errors
/// Quotations that do not stand in the text, or are too short; texts that cannot be read.
pub fn quotes(path: &Path, folder: &Path) -> Result<Quotes, Report> {
    let (file, text) = (path.display().to_string(), text_in(path)?);
    let source = Source::new(&file, &text);
    let document = source.document();
    let root = Table::root(&source, document.get_ref());
    let Some(name) = root.peek("source").and_then(Node::as_text) else { return Ok(Quotes::NoSource) };
    let of_source = folder.join(name);
    let Some(words) = text_of(&of_source)? else { return Ok(Quotes::NoText(of_source)) };
    let words = in_single_spaces(&words);
    let quotations: Vec<Node<'_>> = root.entries().into_iter().flat_map(within).collect();
    for quotation in &quotations {
        let quote = in_single_spaces(quotation.as_text().unwrap_or_default());
        if !words.contains(&quote) {
            let message = format!("'{}' does not stand in '{name}'", excerpt(&quote));
            quotation.error_with_help(code::QUOTE, message, "quote the words as they stand there");
        } else if quote.split(' ').count() < FEWEST_WORDS {
            let message = format!("'{}' is too short to tell where it stands", excerpt(&quote));
            quotation.error_with_help(code::QUOTE, message, "quote five words or more");
        }
    }
    if source.has_errors() { Err(source.into_report()) } else { Ok(Quotes::Compared(quotations.len())) }
}

/// Every `ref` and `..._ref` in a value, however deep.
fn within(node: Node<'_>) -> Vec<Node<'_>> {
    if node.is_array() {
        node.list().unwrap_or_default().into_iter().flat_map(within).collect()
    } else if node.is_table() {
        node.table().map(|table| table.entries()).unwrap_or_default().into_iter().flat_map(within).collect()
    } else if node.as_text().is_some() && (node.key() == "ref" || node.key().ends_with("_ref")) {
        vec![node]
    } else {
        Vec::new()
    }
}

fn in_single_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
