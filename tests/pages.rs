//! Pages of the documentation that are made of tables in the code are up to date; `UPDATE_GOLDEN=1` writes them.

use std::fs;
use std::path::Path;

use grantfolio::report::documentation;

fn hold(page: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, made).expect("the folder of the documentation");
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), made, "UPDATE_GOLDEN=1 writes {page}");
}

#[test]
fn file_formats_are_those_of_the_field_table() {
    hold("file-formats.md", &documentation::file_formats());
}

#[test]
fn diagnostics_are_those_of_the_table_of_codes() {
    hold("diagnostics.md", &documentation::diagnostics());
}
