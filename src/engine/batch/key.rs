//! Keys of contents: what has one key is taken to be the same.

use std::fmt;
use std::hash::Hash;

use siphasher::sip128::{Hasher128, SipHasher13};

/// 128 bits of what something holds: among a million million contents, two alike are less likely than one in a hundred million million.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(u128);

impl Key {
    /// The key of a content. Keys hold within one run of the program only.
    pub(super) fn of(content: &impl Hash) -> Key {
        let mut hasher = SipHasher13::new();
        content.hash(&mut hasher);
        Key(hasher.finish128().as_u128())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
