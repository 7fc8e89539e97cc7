//! Floor 2: invented instances, as people write portfolios down: for benches, tests, and whoever wants a large portfolio to play with.
//!
//! An [`Instance`] is what all of them have in common: calls with a rate, a cap, a minimum and a share for consultancy, clients with projects and
//! costs, funds and a room for de minimis aid. It is drawn by a [model](MODELS) at a [`Size`] and made harder by a [pattern](PATTERNS), or read from a file (`load::instances`); then [`files`]
//! writes it down as the folder of a portfolio. The program plans an instance from these texts, as it does what a user hands in: nothing is
//! known of it that does not stand in them, and a user can be handed one.

mod files;
mod instance;
mod models;
mod patterns;
mod random;

pub use files::{MEASURES, files};
pub use instance::{Call, Client, Cost, Fund, Instance};
pub use models::{MODELS, Model, Size};
pub use patterns::{PATTERNS, Pattern, case, instance};
