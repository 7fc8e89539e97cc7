//! Random numbers of an instance: named by a class and a seed, the same on every machine.
//!
//! ChaCha with eight rounds, its key the seed and the name. Numbers are made of its words by integers, and amounts by the exponential
//! function of the crate `libm`, which is written in operations that IEEE 754 fixes to the last bit.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::money::Money;

/// The random numbers of one instance.
pub(super) struct Random(ChaCha8Rng);

impl Random {
    /// Those of a class and a seed.
    pub(super) fn new(class: &str, seed: u64) -> Random {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        for (byte, of_name) in key[8..].iter_mut().zip(class.bytes()) {
            *byte = of_name;
        }
        Random(ChaCha8Rng::from_seed(key))
    }

    /// A number below `limit`, even as far as 64 bits can be.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        let scaled = (u128::from(self.0.next_u64()) * u128::from(limit)) >> 64;
        // Below `limit`.
        u64::try_from(scaled).unwrap_or_default()
    }

    /// A number from `low` to `high`, both possible.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(high.abs_diff(low) + 1)).unwrap_or_default()
    }

    /// A place from `low` to `high`, both possible; `low` where `high` is below it.
    pub(super) fn index(&mut self, low: usize, high: usize) -> usize {
        low + usize::try_from(self.below(high.saturating_sub(low) as u64 + 1)).unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, of: [T; N]) -> T {
        of[usize::try_from(self.below(N as u64)).unwrap_or_default()]
    }

    /// What an invoice comes to: exp(7 + 3.2 u) euro, from 1,097 to 26,903, half of them below 5,432.
    pub(super) fn amount(&mut self) -> Money {
        // 53 bits, as a float holds.
        #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
        let u = (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        #[allow(clippy::cast_possible_truncation, reason = "below three million")]
        let cents = libm::round(libm::exp(7.0 + 3.2 * u) * 100.0) as i64;
        Money::from_cents(cents)
    }
}
