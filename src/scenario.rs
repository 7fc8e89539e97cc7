//! Floor 1: scenarios, what could be otherwise, as plain data.
//!
//! A [`Scenario`] is a name and a list of [`Override`]s, applied in order to the cells of the input tables, to the settings and to the texts of
//! measures; what is changed is read again by the ordinary loader ([`load::Inputs`](crate::load::Inputs)), so that a scenario is the portfolio
//! whose files say so. Scenarios are asked for by number ([`ScenarioSource`]): a million of them do not live in memory. They come from
//! rows of `scenarios.csv`, and from sweeps: a [`Grid`] of values, each value alone ([`Sensitivity`]), or drawn at random ([`MonteCarlo`]).

mod change;
mod sampling;
mod selector;
mod source;
mod sweep;

pub use change::{Change, Op, Override, Part, Places, Scenario, Spot, Target};
pub use sampling::{Correlation, Distribution, MonteCarlo, Unit, Variable};
pub use selector::{Comparison, Condition, Selector, SelectorError};
pub use source::{Joined, ScenarioSource};
pub use sweep::{Axis, Grid, Sensitivity};
