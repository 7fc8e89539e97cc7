//! Names of contents that hold from run to run: what has one fingerprint is taken to be the same.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The fingerprint (SHA-256) of a content in the making.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Of nothing yet.
    pub fn new() -> Self {
        Fingerprint::default()
    }

    /// More of the same content.
    pub fn add(&mut self, content: impl AsRef<[u8]>) {
        self.0.update(content);
    }

    /// The next of several contents. Its length stands before it: that keeps apart what one ends with and the next begins with.
    pub fn put(&mut self, content: impl AsRef<[u8]>) {
        let content = content.as_ref();
        self.add((content.len() as u64).to_le_bytes());
        self.add(content);
    }

    /// As 64 hexadecimal digits.
    pub fn hex(self) -> String {
        self.0.finalize().iter().fold(String::new(), |mut text, byte| {
            // Writing to memory does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(contents: &[&str]) -> String {
        let mut fingerprint = Fingerprint::new();
        for content in contents {
            fingerprint.put(content);
        }
        fingerprint.hex()
    }

    #[test]
    fn the_fingerprint_of_abc_is_that_of_the_standard() {
        let mut fingerprint = Fingerprint::new();
        fingerprint.add("a");
        fingerprint.add("bc");
        // FIPS 180-2, appendix B.1
        assert_eq!(fingerprint.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn where_a_content_ends_counts() {
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
