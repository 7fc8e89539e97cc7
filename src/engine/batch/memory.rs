//! What has been computed, kept within a bound of memory.

use std::sync::Arc;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::key::Key;

/// Parts of a memory that several threads use side by side. Each holds its share of the bytes and nothing larger: they are few, whatever
/// the machine, so that a large parcel finds room.
const PARTS: usize = 8;

/// Things by the key of what they were computed from; the least asked for are forgotten first.
pub(super) struct Memory<T>(Option<Cache<Key, Arc<T>, Weight<T>>>);

/// How much memory a thing takes.
struct Weight<T>(fn(&T) -> u64);

// Not derived: that would ask for things that can be cloned.
impl<T> Clone for Weight<T> {
    fn clone(&self) -> Weight<T> {
        Weight(self.0)
    }
}

impl<T> Weighter<Key, Arc<T>> for Weight<T> {
    fn weight(&self, _: &Key, value: &Arc<T>) -> u64 {
        (self.0)(value)
    }
}

impl<T> Memory<T> {
    /// With the bytes that all of its things may take, and what a thing takes, roughly; one that is off keeps nothing.
    pub(super) fn new(on: bool, most: u64, weight: fn(&T) -> u64) -> Memory<T> {
        let options = OptionsBuilder::new()
            .shards(PARTS)
            .weight_capacity(most)
            // An estimate of how many things there will be: what each is weighed at the least.
            .estimated_items_capacity(usize::try_from(most / 4096).unwrap_or(usize::MAX))
            .build();
        Memory(options.ok().filter(|_| on).map(|options| {
            Cache::with_options(
                options,
                Weight(weight),
                DefaultHashBuilder::default(),
                DefaultLifecycle::default(),
            )
        }))
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
