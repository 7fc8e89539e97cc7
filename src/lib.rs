//! grantfolio decides which expense goes under which funding measure so that the total grant is the highest
//! the rules allow, proves how good that decision is, and explains it to the cent.
//!
//! The crate is built in floors; a module imports only from floors below (a test enforces it):
//!
//! | floor | modules | what lives there |
//! |---|---|---|
//! | 7 | `report`, `cli` | renderers and commands |
//! | 6 | `engine`, `bench` | the whole run; how fast and how right it is |
//! | 5 | `settle`, `search`, `solve`, `audit`, `explain`, `verify` | from a model to exact, checked, explained figures |
//! | 4 | `eligibility`, `assess`, `formulate` | which line may enter, what the authority would grant, the model |
//! | 3 | `load` | files to data |
//! | 2 | `program`, `certificate`, `generate` | the model as plain named exact data; the proof of a bound; invented portfolios as texts |
//! | 1 | `portfolio`, `measure`, `scenario`, `allocation` | the domain |
//! | 0 | `money`, `rate`, `rounding`, `ids`, `dates`, `fingerprint`, `diagnostics` | the vocabulary |

#![forbid(unsafe_code)]

pub mod dates;
pub mod diagnostics;
pub mod fingerprint;
pub mod ids;
pub mod money;
pub mod rate;
pub mod rounding;

pub mod allocation;
pub mod measure;
pub mod portfolio;
pub mod scenario;

pub mod certificate;
pub mod generate;
pub mod program;

pub mod load;

pub mod assess;
pub mod eligibility;
pub mod formulate;

pub mod audit;
pub mod explain;
pub mod search;
pub mod settle;
pub mod solve;
pub mod verify;

pub mod bench;
pub mod engine;

pub mod cli;
pub mod report;
