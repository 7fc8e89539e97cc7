//! Sweeps over named axes: every combination of their values, or each value alone.

use std::sync::Arc;

use super::{Change, Override, Scenario, ScenarioSource};

/// A named list of values for the same changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Its name.
    pub name: String,
    /// What every value goes to.
    pub changes: Vec<Change>,
    /// The values, no two alike.
    pub values: Vec<String>,
}

impl Axis {
    /// The changes with one of the values.
    fn at(&self, value: usize) -> impl Iterator<Item = Override> {
        self.changes.iter().map(move |change| change.with(&self.values[value]))
    }

    /// `axis=value` in the name of a scenario. A value that cannot stand there as it is stands there by its position, so that no two
    /// scenarios have one name.
    fn label(&self, value: usize) -> String {
        let text = &self.values[value];
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | ':' | '%' | ' ');
        if !text.is_empty() && text.chars().all(plain) {
            format!("{}={text}", self.name)
        } else {
            format!("{}=#{}", self.name, value + 1)
        }
    }
}

/// Every combination of the values of some axes; the last axis runs fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    name: String,
    axes: Vec<Arc<Axis>>,
    length: u64,
}

impl Grid {
    /// Nothing where there are more combinations than can be counted.
    pub fn new(name: String, axes: Vec<Arc<Axis>>) -> Option<Grid> {
        let lengths = axes.iter().map(|axis| u64::try_from(axis.values.len()).ok());
        let length = lengths.into_iter().try_fold(1_u64, |all, length| all.checked_mul(length?))?;
        Some(Grid { name, axes, length })
    }
}

impl ScenarioSource for Grid {
    fn len(&self) -> u64 {
        self.length
    }

    fn get(&self, index: u64) -> Scenario {
        let mut rest = index;
        let mut values: Vec<usize> = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            let length = axis.values.len() as u64;
            // Below the length of a list.
            values.push(usize::try_from(rest % length).unwrap_or_default());
            rest /= length;
        }
        values.reverse();
        let axes = || self.axes.iter().zip(values.iter().copied());
        let labels: Vec<String> = axes().map(|(axis, value)| axis.label(value)).collect();
        Scenario {
            name: format!("{}/{}", self.name, labels.join(",")),
            overrides: axes().flat_map(|(axis, value)| axis.at(value)).collect(),
        }
    }
}

/// Every value of every axis by itself, all else as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitivity {
    /// Its name.
    pub name: String,
    /// The axes.
    pub axes: Vec<Arc<Axis>>,
}

impl ScenarioSource for Sensitivity {
    fn len(&self) -> u64 {
        self.axes.iter().map(|axis| axis.values.len() as u64).sum()
    }

    fn get(&self, index: u64) -> Scenario {
        let mut value = usize::try_from(index).unwrap_or(usize::MAX);
        for axis in &self.axes {
            if value < axis.values.len() {
                let name = format!("{}/{}", self.name, axis.label(value));
                return Scenario { name, overrides: axis.at(value).collect() };
            }
            value -= axis.values.len();
        }
        unreachable!("a number not below the number of scenarios")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Op, Places, Selector, Target};
    use super::*;

    fn axis(name: &str, values: &[&str]) -> Arc<Axis> {
        let change = Change {
            target: Target::Setting,
            selector: Selector::All,
            field: name.to_owned(),
            op: Op::Set,
            places: Arc::new(Places::default()),
        };
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Arc::new(Axis { name: name.to_owned(), changes: vec![change], values })
    }

    fn all(source: &dyn ScenarioSource) -> Vec<String> {
        let scenarios = (0..source.len()).map(|index| source.get(index));
        let values = |overrides: &[Override]| {
            overrides.iter().map(|it| it.value.clone()).collect::<Vec<_>>().join(" ")
        };
        scenarios.map(|scenario| format!("{} -> {}", scenario.name, values(&scenario.overrides))).collect()
    }

    #[test]
    fn a_grid_is_every_combination() {
        let grid = Grid::new("g".to_owned(), vec![axis("a", &["1", "2"]), axis("b", &["x", "y|z"])]).unwrap();
        let expected = ["g/a=1,b=x -> 1 x", "g/a=1,b=#2 -> 1 y|z", "g/a=2,b=x -> 2 x", "g/a=2,b=#2 -> 2 y|z"];
        assert_eq!(all(&grid), expected);
        let wide = axis("w", &vec!["1"; 1 << 16]);
        assert_eq!(Grid::new("g".to_owned(), vec![wide; 4]), None);
    }

    #[test]
    fn sensitivity_is_every_value_alone() {
        let axes = vec![axis("a", &["1", "2"]), axis("b", &["x"])];
        let sensitivity = Sensitivity { name: "s".to_owned(), axes };
        assert_eq!(all(&sensitivity), ["s/a=1 -> 1", "s/a=2 -> 2", "s/b=x -> x"]);
    }
}
