//! The measure reader: every primitive once, every defect with its message, and no text that makes it panic.

use grantfolio::load::measures::measure;

#[test]
fn every_primitive_reads_without_a_warning() {
    let text = include_str!("data/measures/every-primitive.toml");
    match measure("every-primitive.toml", text) {
        Ok((_, warnings)) => assert!(warnings.is_empty(), "{warnings}"),
        Err(report) => panic!("{report}"),
    }
}
