//! The JSON Schema of measure files, for editors: completion and marks while typing. `tests/schema.rs` holds it to the reader, key by key.

/// The schema, draft 2020-12. It knows keys, types and words; names, units and everything between rules are the reader's.
pub const SCHEMA: &str = include_str!("schema.json");
