//! Monte Carlo: values drawn at random, the same on every machine.
//!
//! Draw i of a seed needs nothing but the two: ChaCha with eight rounds, its key the seed, its stream i, gives one number u in (0, 1) for each
//! variable, in their order, and the value of a variable is the quantile of its distribution at u. So any draw can be made alone, and shards, threads
//! and resumed runs need no state. With correlations the numbers go through a Gaussian copula:
//!
//! ```text
//! z = quantile of the standard normal at u;   z' = L z, with L L' = the matrix of correlations;   u' = normal distribution function of z'
//! ```
//!
//! What is guaranteed: values are made of sums, products, quotients and square roots, which IEEE 754 fixes to the last bit, and of the logarithm,
//! exponential and error functions of the crate `libm`, which is written in them; no function of the machine's own library is used. Then
//! they are rounded to the decimals stated. So a seed gives the same texts on every machine.

mod correlation;
mod distribution;
mod normal;

pub use correlation::Correlation;
pub use distribution::{Distribution, Unit, Variable};

use rand::distr::Open01;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Scenario, ScenarioSource};

/// Scenarios of which each draws a value for every variable.
#[derive(Clone, Debug, PartialEq)]
pub struct MonteCarlo {
    /// Its name.
    pub name: String,
    /// Names the draws: another seed, other draws.
    pub seed: u64,
    /// How many scenarios there are.
    pub draws: u64,
    /// So many of the variables are taken in each scenario, chosen at random; all of them where not given.
    pub touches: Option<u64>,
    /// What is drawn.
    pub variables: Vec<Variable>,
    /// How the draws hang together.
    pub correlation: Correlation,
}

impl MonteCarlo {
    /// The random numbers of one draw.
    fn stream(&self, index: u64) -> ChaCha8Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        let mut stream = ChaCha8Rng::from_seed(key);
        stream.set_stream(index);
        stream
    }

    /// Which variables a draw takes, in their order.
    fn touched(&self, random: &mut ChaCha8Rng) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.variables.len()).collect();
        let Some(touches) = self.touches else { return all };
        let touches = usize::try_from(touches).map_or(all.len(), |touches| touches.min(all.len()));
        for at in 0..touches {
            let left = all.len() - at;
            all.swap(at, at + below(random.next_u64(), left));
        }
        all.truncate(touches);
        all.sort_unstable();
        all
    }
}

/// A number below `limit`, even as far as 64 bits can be.
fn below(random: u64, limit: usize) -> usize {
    let scaled = (u128::from(random) * limit as u128) >> 64;
    // Below `limit`.
    usize::try_from(scaled).unwrap_or_default()
}

impl ScenarioSource for MonteCarlo {
    fn len(&self) -> u64 {
        self.draws
    }

    fn get(&self, index: u64) -> Scenario {
        let mut random = self.stream(index);
        let independent: Vec<f64> = self.variables.iter().map(|_| random.sample(Open01)).collect();
        let numbers = self.correlation.applied(independent);
        let mut overrides = Vec::new();
        for at in self.touched(&mut random) {
            let variable = &self.variables[at];
            if let Some(value) = variable.value(numbers[at]) {
                overrides.extend(variable.changes.iter().map(|change| change.with(&value)));
            }
        }
        Scenario { name: format!("{}/{:06}", self.name, index + 1), overrides }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_below_a_limit_reaches_both_ends() {
        assert_eq!([0, u64::MAX / 2, u64::MAX].map(|random| below(random, 3)), [0, 1, 2]);
    }
}
