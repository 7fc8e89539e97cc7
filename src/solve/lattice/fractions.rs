//! Floats as the fractions next to them.

use super::Lattice;

/// The largest denominator of one.
const MOST: f64 = 1e6;

/// A float this far from a fraction, to its own size, is that fraction.
const NEAR: f64 = 1e-9;

/// How much nearer it is than floats are that lie anywhere: these are as near to some fraction as one over the square of its denominator.
const NEARER: f64 = 0.01;

/// A float smaller than this is noise.
const NOISE: f64 = 1e-10;

/// Multipliers of rows over one denominator.
#[derive(Clone, Debug)]
pub(super) struct Fractions {
    pub over: i128,
    pub of: Vec<(usize, i128)>,
}

impl Fractions {
    /// Those next to floats; none where one has no fraction near, or they have no denominator in common.
    pub fn near(floats: &[(usize, f64)]) -> Option<Fractions> {
        let mut all = Vec::with_capacity(floats.len());
        let mut over: i128 = 1;
        for &(row, float) in floats.iter().filter(|(_, float)| float.abs() > NOISE) {
            let (above, below) = near(float)?;
            over =
                (over / common(over, below)).checked_mul(below).filter(|over| *over <= super::MOST_OVER)?;
            all.push((row, above, below));
        }
        let of = all.into_iter().map(|(row, above, below)| Some((row, above.checked_mul(over / below)?)));
        Some(Fractions { over, of: of.collect::<Option<_>>()? })
    }

    /// The same over a multiple of the denominator.
    pub fn over(&self, over: i128) -> Option<Fractions> {
        let times = over / self.over;
        let of = self.of.iter().map(|(row, above)| Some((*row, above.checked_mul(times)?)));
        Some(Fractions { over, of: of.collect::<Option<_>>()? })
    }

    /// With no other combinations.
    pub fn lattice(&self) -> Lattice {
        Lattice { over: self.over, of: self.of.clone(), modulo: Vec::new() }
    }
}

/// The fraction of the smallest denominator next to a float, by continued fractions.
#[allow(clippy::cast_possible_truncation, reason = "checked against the largest before")]
fn near(float: f64) -> Option<(i128, i128)> {
    if float.is_nan() || float.abs() > 1e9 {
        return None;
    }
    let (mut before, mut at) = ((0.0, 1.0), (1.0, 0.0));
    let mut rest = float;
    for _ in 0..40 {
        let whole = rest.floor();
        let next = (whole * at.0 + before.0, whole * at.1 + before.1);
        (before, at) = (at, next);
        if at.1 > MOST {
            return None;
        }
        let off = (at.0 / at.1 - float).abs();
        if off <= NEAR * float.abs().max(1.0) && off * at.1 * at.1 <= NEARER {
            return Some((at.0 as i128, at.1 as i128));
        }
        rest = 1.0 / (rest - whole);
    }
    None
}

/// The greatest common divisor; of zero and another, that other.
pub(super) fn common(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_the_fractions_next_to_them() {
        assert_eq!(near(0.6), Some((3, 5)));
        assert_eq!(near(-7.0 / 1070.0), Some((-7, 1070)));
        assert_eq!(near(std::f64::consts::PI), None);
        assert_eq!(near(f64::NAN), None);
        // 1/3 and 0.25 over twelve; what is nearly nothing is left out
        let of = Fractions::near(&[(4, 1.0 / 3.0), (5, 1e-14), (7, -0.25)]).map(|f| (f.over, f.of));
        assert_eq!(of, Some((12, vec![(4, 4), (7, -3)])));
    }
}
