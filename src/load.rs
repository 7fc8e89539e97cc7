//! Floor 3: files to data.

pub mod measures;
