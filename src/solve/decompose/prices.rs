//! Prices of what joins blocks: a multiplier for each joint row, whole in billionths so that bounds are exact.

use rust_decimal::RoundingStrategy;

use super::super::exact::whole;
use super::super::worth::Worth;
use crate::program::{Row, Sense};

/// A price for each joint row, in euro of the objective per unit of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prices {
    /// In billionths, with the sign that the row's sense asks for.
    pub billionths: Vec<i128>,
}

impl Prices {
    /// Decimals of a price: a billionth of a price of millions of euro is a hundredth of a cent.
    pub const DECIMALS: u32 = 9;

    /// The prices next to these multipliers; wrong signs become zero.
    #[allow(clippy::cast_possible_truncation, reason = "any whole number is a valid price")]
    pub fn near(joints: &[Row], multipliers: &[f64]) -> Self {
        let clipped = |(row, multiplier): (&Row, &f64)| match row.sense {
            Sense::AtMost => multiplier.max(0.0),
            Sense::AtLeast => multiplier.min(0.0),
            Sense::Equal => *multiplier,
        };
        let billionths = joints.iter().zip(multipliers).map(clipped);
        Prices { billionths: billionths.map(|price| (price * 1e9).round() as i128).collect() }
    }

    /// The prices in floating point.
    #[allow(clippy::cast_precision_loss, reason = "to choose the next prices from")]
    pub fn floats(&self) -> Vec<f64> {
        self.billionths.iter().map(|price| *price as f64 / 1e9).collect()
    }

    /// What the right-hand sides are worth, rounded up.
    pub fn of_rooms(&self, joints: &[Row]) -> Option<Worth> {
        let scale = Worth::DECIMALS - Self::DECIMALS;
        let mut sum: i128 = 0;
        for (row, price) in joints.iter().zip(&self.billionths) {
            // Finer right-hand sides are rounded the way that costs: up where more of it is worth more.
            let rhs = if row.rhs.scale() <= scale {
                row.rhs
            } else if *price > 0 {
                row.rhs.round_dp_with_strategy(scale, RoundingStrategy::ToPositiveInfinity)
            } else {
                row.rhs.round_dp_with_strategy(scale, RoundingStrategy::ToNegativeInfinity)
            };
            sum = sum.checked_add(price.checked_mul(whole(rhs, scale)?)?)?;
        }
        Some(Worth::new(sum))
    }
}
