//! What a batch leaves in its folder, and what is read from there again.
//!
//! | file | holds |
//! |---|---|
//! | `results.csv` | one row a scenario that has a plan ([`tables::results`]) |
//! | `changes.csv` | what differs from the plan of the base ([`tables::changes`]) |
//! | `errors.csv` | one row a scenario that has none ([`tables::errors`]) |
//! | `results.parquet` | the same as `results.csv`, with the feature `parquet` |
//! | `timings.csv` | wall times, the only figures that differ from run to run ([`tables::timings`]) |
//! | `summary.json` | the figures of [`summary`] |
//! | `manifest.json` | what was asked for, and of which inputs ([`manifest`]) |
//!
//! [`comparison`] makes tables to read of them. While a batch runs the tables have names that end in `.part`, and [`folder`] keeps a journal of what is safe in them.

pub mod comparison;
pub mod folder;
pub mod manifest;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod reading;
pub mod summary;
pub mod tables;
