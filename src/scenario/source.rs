//! Scenarios by number.

use super::Scenario;

/// Scenarios that are made when they are asked for, each alone, from its number.
pub trait ScenarioSource: Send + Sync {
    /// How many there are.
    fn len(&self) -> u64;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The scenario with this number, from 0.
    ///
    /// # Panics
    /// May panic where the number is not below [`ScenarioSource::len`].
    fn get(&self, index: u64) -> Scenario;
}

/// The scenarios of several sources, one after the other.
#[derive(Default)]
pub struct Joined {
    /// Each with the number of scenarios before it.
    sources: Vec<(u64, Box<dyn ScenarioSource>)>,
    length: u64,
}

impl Joined {
    /// Puts the scenarios of another source behind the others.
    pub fn push(&mut self, source: Box<dyn ScenarioSource>) {
        let length = source.len();
        self.sources.push((self.length, source));
        self.length = self.length.saturating_add(length);
    }
}

impl ScenarioSource for Joined {
    fn len(&self) -> u64 {
        self.length
    }

    fn get(&self, index: u64) -> Scenario {
        // Of sources that begin at one number all but the last are empty.
        let at = self.sources.partition_point(|(before, _)| *before <= index) - 1;
        let (before, source) = &self.sources[at];
        source.get(index - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Numbered(u64, &'static str);

    impl ScenarioSource for Numbered {
        fn len(&self) -> u64 {
            self.0
        }

        fn get(&self, index: u64) -> Scenario {
            Scenario { name: format!("{}{index}", self.1), overrides: Vec::new() }
        }
    }

    #[test]
    fn joined_sources_follow_each_other() {
        let mut joined = Joined::default();
        assert!(joined.is_empty());
        for source in [Numbered(2, "a"), Numbered(0, "b"), Numbered(1, "c")] {
            joined.push(Box::new(source));
        }
        let names: Vec<String> = (0..joined.len()).map(|index| joined.get(index).name).collect();
        assert_eq!(names, ["a0", "a1", "c0"]);
    }
}
