//! Floor 3: files to data.
//!
//! A portfolio is read in four steps, each a file of its own: a [`Source`] gives bytes by name, `encoding` makes them text,
//! `table` cuts the text into cells that know their place, `cells` gives every cell the type its column has in the field table
//! ([`fields`]). One module a file ([`companies`](self), projects, expenses, settings) then makes domain data of the rows. Every step adds its
//! problems to one [`Report`](crate::diagnostics::Report), so that a user sees them all at once; a row or file that cannot be read never causes
//! further complaints about what refers to it.

mod cells;
pub mod codes;
mod columns;
mod companies;
mod encoding;
mod expenses;
pub mod fields;
pub mod measures;
mod place;
mod portfolio;
mod projects;
mod references;
mod settings;
mod source;
mod table;
mod values;

pub use portfolio::{Overrides, example_portfolio, portfolio};
pub use source::{Folder, LARGEST_FILE, Memory, Source};
