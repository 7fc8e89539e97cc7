//! Floor 3: files to data.
//!
//! A portfolio is read in four steps: a [`Source`] gives bytes by name, `encoding` makes them text, `table` cuts the text into cells that
//! know their place, `records` gives every cell the type that its column has in the field table ([`fields`]). Then one module for each
//! file makes domain data of its rows, and [`portfolio()`] ties them together. [`portfolio_of_workbook`] takes the cells of a workbook's sheets
//! in place of the first three steps.
//!
//! [`Inputs`] keeps all of it, so that scenarios can change parts and have them read again; [`scenarios::scenarios`] reads the scenarios.
//!
//! Every step adds its problems to one [`Report`](crate::diagnostics::Report), so that a user sees all of them at once; a row or file that
//! cannot be read causes no further complaints about what refers to it. Every kind of problem has a code in [`codes`].

mod areas;
mod cells;
pub mod certificate;
pub mod codes;
mod columns;
mod companies;
mod decimal;
mod decisions;
mod encoding;
mod example;
mod expenses;
pub mod fields;
mod inputs;
pub mod instances;
pub mod measures;
mod members;
mod place;
mod portfolio;
mod prior_aids;
mod projects;
mod records;
mod references;
pub mod scenarios;
mod settings;
mod source;
mod table;
mod tied;
mod values;
mod workbook;

pub use example::example_portfolio;
pub use inputs::{Difference, Edits, Inputs, RowId, Rows};
pub use portfolio::{Overrides, portfolio, portfolio_for, portfolio_of_workbook};
pub use source::{Folder, LARGEST_FILE, Memory, Source, text_for_drawing};
pub use workbook::is_workbook;
