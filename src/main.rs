//! The command `grantfolio`.

fn main() {}
