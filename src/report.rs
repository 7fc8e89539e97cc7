//! Floor 7: what was computed, made readable. Leaf renderers over one [`ReportModel`]; each gives text or bytes, none computes.
//!
//! `result.json` is the document itself; everything else is the document joined with the names, amounts and references that the
//! portfolio and the measures hold. Writing to disk lives in [`files`] alone.

pub mod batch;
pub mod bench;
pub mod certificate;
pub mod csv;
pub mod diagnostics;
pub mod documentation;
pub mod eligibility;
pub mod examples;
pub mod files;
mod grid;
mod joined;
pub mod json;
mod language;
pub mod measure;
mod model;
pub mod numbers;
mod page;
pub mod portfolio;
pub mod questions;
pub mod sheet;
pub mod table;
pub mod what_if;
mod wording;

pub use language::Language;
pub use model::ReportModel;
pub use page::Page;

/// Columns of text where nothing is known of the terminal: a file, a pipe, a test.
pub const WIDTH: u16 = 120;

/// Columns of the terminal at standard output; [`WIDTH`] where it does not say.
pub fn terminal_width() -> u16 {
    comfy_table::Table::new().width().unwrap_or(WIDTH)
}
