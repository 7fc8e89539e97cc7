//! The bytes as a measure file.

#![no_main]

use grantfolio::load::measures::measure;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = measure("fuzz.toml", &String::from_utf8_lossy(bytes));
});
