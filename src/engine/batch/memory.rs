//! What has been computed, kept within a bound of memory.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::key::Key;

/// Bytes that the things of one memory may take, roughly.
const MOST_BYTES: u64 = 48 << 20;

/// Things by the key of what they were computed from; the least asked for are forgotten first.
pub(super) struct Memory<T>(Option<Cache<Key, Arc<T>, Weight<T>>>);

/// How much memory a thing takes.
#[derive(Clone)]
struct Weight<T>(fn(&T) -> u64);

impl<T> Weighter<Key, Arc<T>> for Weight<T> {
    fn weight(&self, _: &Key, value: &Arc<T>) -> u64 {
        (self.0)(value)
    }
}

impl<T: Clone> Memory<T> {
    /// With the bytes a thing takes, roughly; one that is off keeps nothing.
    pub(super) fn new(on: bool, weight: fn(&T) -> u64) -> Memory<T> {
        // An estimate of how many things there will be: what each is weighed at the least.
        let items = usize::try_from(MOST_BYTES / 4096).unwrap_or(usize::MAX);
        Memory(on.then(|| Cache::with_weighter(items, MOST_BYTES, Weight(weight))))
    }

    /// The thing of this key and whether it was there; where it was not it is made, and kept if its maker says so.
    ///
    /// Two threads may make the same thing at the same time: neither waits for the other, who may in turn wait for it.
    pub(super) fn get_or<E>(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<(T, bool), E>,
    ) -> Result<(Arc<T>, bool), E> {
        if let Some(known) = self.0.as_ref().and_then(|cache| cache.get(&key)) {
            return Ok((known, true));
        }
        let (made, keep) = make()?;
        let made = Arc::new(made);
        if let Some(cache) = self.0.as_ref().filter(|_| keep) {
            cache.insert(key, made.clone());
        }
        Ok((made, false))
    }
}
