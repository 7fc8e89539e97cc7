//! Correlated numbers: a Gaussian copula, by the factor of Cholesky.

use rust_decimal::Decimal;

use super::distribution::float;
use super::normal;

/// How variables hang together: correlations of the normal numbers behind them. Only variables that are named in a correlation are touched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correlation {
    /// The variables that are correlated.
    variables: Vec<usize>,
    /// The lower factor of the matrix of their correlations: row i has i + 1 numbers.
    factor: Vec<Vec<f64>>,
}

impl Correlation {
    /// Of pairs of variables with their correlation, from -1 to 1; nothing where no numbers hang together so (the matrix is not positive
    /// definite), or a pair is given that is none.
    pub fn new(pairs: &[((usize, usize), Decimal)]) -> Option<Correlation> {
        let mut variables: Vec<usize> = pairs.iter().flat_map(|((one, other), _)| [*one, *other]).collect();
        variables.sort_unstable();
        variables.dedup();
        let mut matrix = vec![vec![0.0; variables.len()]; variables.len()];
        for (at, row) in matrix.iter_mut().enumerate() {
            row[at] = 1.0;
        }
        for ((one, other), correlation) in pairs {
            let one = variables.binary_search(one).ok()?;
            let other = variables.binary_search(other).ok().filter(|other| *other != one)?;
            matrix[one][other] = float(*correlation);
            matrix[other][one] = float(*correlation);
        }
        Some(Correlation { variables, factor: factor(&matrix)? })
    }

    /// Numbers in (0, 1) that hang together so, from numbers that do not.
    pub(super) fn applied(&self, mut numbers: Vec<f64>) -> Vec<f64> {
        let z: Vec<f64> = self.variables.iter().map(|at| normal::quantile(numbers[*at])).collect();
        for (at, row) in self.variables.iter().zip(&self.factor) {
            let sum = row.iter().zip(&z).fold(0.0, |sum, (factor, z)| sum + factor * z);
            // Far out the probability is 0 or 1 in 53 bits; quantiles are asked for inside.
            numbers[*at] = normal::probability(sum).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0);
        }
        numbers
    }
}

/// The lower triangle L with `L L' = matrix`.
fn factor(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    // So much is left to each variable of its own: with less, rounding would decide.
    const LEAST: f64 = 1e-9;
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for (i, of) in matrix.iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(i + 1);
        for (j, other) in rows.iter().enumerate() {
            let known = row.iter().zip(other).fold(0.0, |sum, (a, b)| sum + a * b);
            row.push((of[j] - known) / other[j]);
        }
        let rest = of[i] - row.iter().fold(0.0, |sum, a| sum + a * a);
        if rest < LEAST {
            return None;
        }
        row.push(libm::sqrt(rest));
        rows.push(row);
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(of: &[(usize, usize, &str)]) -> Vec<((usize, usize), Decimal)> {
        of.iter().map(|(one, other, rho)| ((*one, *other), rho.parse().unwrap())).collect()
    }

    /// 0.6 between two: the second row is (0.6, sqrt(1 - 0.36)) = (0.6, 0.8).
    #[test]
    fn the_factor_times_itself_is_the_matrix() {
        let correlation = Correlation::new(&pairs(&[(2, 5, "0.6")])).unwrap();
        assert_eq!(correlation.variables, [2, 5]);
        let [first, second] = correlation.factor.as_slice() else { panic!() };
        assert!((first[0] - 1.0).abs() < 1e-15);
        assert!((second[0] - 0.6).abs() < 1e-15 && (second[1] - 0.8).abs() < 1e-15);
    }

    #[test]
    fn correlations_that_no_numbers_have_are_refused() {
        // One like the second, the second like the third, and the third unlike the first.
        assert_eq!(Correlation::new(&pairs(&[(0, 1, "0.9"), (1, 2, "0.9"), (0, 2, "-0.9")])), None);
        assert_eq!(Correlation::new(&pairs(&[(0, 1, "1")])), None);
        assert_eq!(Correlation::new(&pairs(&[(1, 1, "0.5")])), None);
        assert!(Correlation::new(&[]).is_some());
    }

    #[test]
    fn variables_without_correlation_keep_their_numbers() {
        let correlation = Correlation::new(&pairs(&[(0, 2, "0.5")])).unwrap();
        let numbers = correlation.applied(vec![0.25, 0.3, 0.5]);
        assert!((numbers[1] - 0.3).abs() < f64::EPSILON);
        assert!((numbers[0] - 0.25).abs() < 1e-15);
        assert!(numbers[2] < 0.5, "pulled down by the first");
    }
}
