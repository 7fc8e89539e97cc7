//! Distributions by their quantiles: one number in (0, 1) gives one value.

use rust_decimal::Decimal;

use super::super::Change;
use super::normal;

/// What is drawn, and how it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What the value goes to.
    pub changes: Vec<Change>,
    /// How it is distributed.
    pub distribution: Distribution,
    /// To so many decimals a drawn number is rounded, half to even.
    pub decimals: usize,
    /// What a drawn number counts, where it is a span of time.
    pub unit: Option<Unit>,
}

/// What a drawn number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Days,
    /// Calendar months.
    Months,
}

impl Unit {
    /// Every unit with its word.
    pub const NAMES: [(&'static str, Unit); 2] = [("days", Unit::Days), ("months", Unit::Months)];
}

/// How values are distributed.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution(Shape);

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Uniform {
        low: f64,
        high: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
    },
    /// Only what lies between the bounds.
    Normal {
        mean: f64,
        deviation: f64,
        low: f64,
        high: f64,
    },
    /// `median * exp(sigma * z)`.
    Lognormal {
        median: f64,
        sigma: f64,
    },
    Bernoulli {
        probability: f64,
        then: String,
        otherwise: Option<String>,
    },
    /// Values with the sum of the weights up to each, of all weights one.
    Choice(Vec<(String, f64)>),
}

impl Distribution {
    /// Every number between the two alike. `low` must be below `high`.
    pub fn uniform(low: Decimal, high: Decimal) -> Option<Distribution> {
        (low < high).then(|| Distribution(Shape::Uniform { low: float(low), high: float(high) }))
    }

    /// From `low` up to `mode` and down to `high`, in straight lines.
    pub fn triangular(low: Decimal, mode: Decimal, high: Decimal) -> Option<Distribution> {
        let sound = low <= mode && mode <= high && low < high;
        sound.then(|| {
            Distribution(Shape::Triangular { low: float(low), mode: float(mode), high: float(high) })
        })
    }

    /// Normal, cut off below `low` and above `high`. The bounds must leave a thousandth of the values at least.
    pub fn normal(mean: Decimal, deviation: Decimal, low: Decimal, high: Decimal) -> Option<Distribution> {
        let [mean, deviation, low, high] = [mean, deviation, low, high].map(float);
        let inside =
            || normal::probability((high - mean) / deviation) - normal::probability((low - mean) / deviation);
        let sound = deviation > 0.0 && low < high && inside() >= 0.001;
        sound.then_some(Distribution(Shape::Normal { mean, deviation, low, high }))
    }

    /// A number whose logarithm is normal: half of the values are below `median`, and `sigma` is the deviation of the logarithm.
    pub fn lognormal(median: Decimal, sigma: Decimal) -> Option<Distribution> {
        let sound = median > Decimal::ZERO && sigma > Decimal::ZERO && sigma <= Decimal::TEN;
        sound.then(|| Distribution(Shape::Lognormal { median: float(median), sigma: float(sigma) }))
    }

    /// One value with this probability; else the other, or no change where there is none.
    pub fn bernoulli(probability: Decimal, then: String, otherwise: Option<String>) -> Option<Distribution> {
        let sound = probability >= Decimal::ZERO && probability <= Decimal::ONE;
        sound.then(|| Distribution(Shape::Bernoulli { probability: float(probability), then, otherwise }))
    }

    /// One of some values, each as often as its weight says.
    pub fn choice(values: Vec<(String, Decimal)>) -> Option<Distribution> {
        let sound = values.iter().all(|(_, weight)| *weight >= Decimal::ZERO);
        let all: Decimal = values.iter().map(|(_, weight)| *weight).sum();
        if !sound || all <= Decimal::ZERO {
            return None;
        }
        let mut sum = Decimal::ZERO;
        let mut upto = |weight: Decimal| {
            sum += weight;
            float(sum) / float(all)
        };
        Some(Distribution(Shape::Choice(
            values.into_iter().map(|(value, weight)| (value, upto(weight))).collect(),
        )))
    }

    /// Whether what is drawn is a number, which is rounded.
    pub fn is_number(&self) -> bool {
        !matches!(self.0, Shape::Bernoulli { .. } | Shape::Choice(_))
    }
}

impl Variable {
    /// The value at `u` in (0, 1), as text; nothing where nothing changes.
    pub(super) fn value(&self, u: f64) -> Option<String> {
        let number = match &self.distribution.0 {
            Shape::Uniform { low, high } => low + u * (high - low),
            Shape::Triangular { low, mode, high } => triangular(*low, *mode, *high, u),
            Shape::Normal { mean, deviation, low, high } => {
                let below = normal::probability((low - mean) / deviation);
                let above = normal::probability((high - mean) / deviation);
                let z = normal::quantile((below + u * (above - below)).clamp(f64::MIN_POSITIVE, 1.0 - 1e-16));
                (mean + deviation * z).clamp(*low, *high)
            }
            Shape::Lognormal { median, sigma } => median * libm::exp(sigma * normal::quantile(u)),
            Shape::Bernoulli { probability, then, otherwise } => {
                // What happens is the larger value: with a positive correlation it goes with large numbers.
                return if 1.0 - u < *probability { Some(then.clone()) } else { otherwise.clone() };
            }
            Shape::Choice(values) => {
                let found = values.iter().find(|(_, upto)| u < *upto);
                return found.or(values.last()).map(|(value, _)| value.clone());
            }
        };
        Some(self.written(number))
    }

    fn written(&self, number: f64) -> String {
        // Rust writes the exact decimal value of a float, rounded half to even.
        let text = format!("{number:.*}", self.decimals);
        let is_zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        let text = if is_zero { text.trim_start_matches('-') } else { &text };
        match self.unit {
            None => text.to_owned(),
            Some(unit) => {
                let name = Unit::NAMES.iter().find(|(_, known)| *known == unit).map_or("", |(name, _)| name);
                format!("{text} {name}")
            }
        }
    }
}

/// The quantile of a triangle: its left part holds the share `(mode - low) / (high - low)`.
fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if u * width < mode - low {
        low + libm::sqrt(u * width * (mode - low))
    } else {
        high - libm::sqrt((1.0 - u) * width * (high - mode))
    }
}

/// The float next to a decimal number.
pub(super) fn float(number: Decimal) -> f64 {
    // A decimal is digits and a point, which every float is read from, rightly rounded.
    number.to_string().parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn variable(distribution: Option<Distribution>, decimals: usize) -> Variable {
        let distribution = distribution.unwrap();
        Variable { name: "v".to_owned(), changes: Vec::new(), distribution, decimals, unit: None }
    }

    /// Quarters of 2 to 6: 3, 4, 5. A triangle of 0, 1, 4: its left part holds a quarter; at 1/16 it is
    /// sqrt(4 / 16) = 0.5, at 13/16 it is 4 - sqrt(3/16 x 4 x 3) = 2.5. Lognormal: the median; at 0.841344746 median x e^0.5.
    #[test]
    fn quantiles_by_hand() {
        let values = |variable: &Variable, us: &[f64]| -> Vec<String> {
            us.iter().map(|u| variable.value(*u).unwrap()).collect()
        };
        let uniform = variable(Distribution::uniform(decimal("2"), decimal("6")), 1);
        assert_eq!(values(&uniform, &[0.25, 0.5, 0.75]), ["3.0", "4.0", "5.0"]);
        let triangle = variable(Distribution::triangular(decimal("0"), decimal("1"), decimal("4")), 3);
        assert_eq!(values(&triangle, &[0.0625, 0.25, 0.8125]), ["0.500", "1.000", "2.500"]);
        let normal = Distribution::normal(decimal("10"), decimal("2"), decimal("0"), decimal("20"));
        assert_eq!(values(&variable(normal, 4), &[0.5, 0.975]), ["10.0000", "13.9199"]);
        let lognormal = variable(Distribution::lognormal(decimal("3"), decimal("0.5")), 6);
        assert_eq!(values(&lognormal, &[0.5, 0.841_344_746_068_542_9]), ["3.000000", "4.946164"]);
    }

    /// Of a normal number of mean 0 and deviation 1 between 0 and 1, half lie below the quantile at
    /// 0.5 + 0.3413447 / 2 = 0.67067237, which is 0.4417.
    #[test]
    fn a_normal_number_stays_within_its_bounds() {
        let cut = Distribution::normal(decimal("0"), decimal("1"), decimal("0"), decimal("1"));
        let cut = variable(cut, 3);
        assert_eq!(cut.value(0.5).as_deref(), Some("0.442"));
        assert_eq!(cut.value(1e-17).as_deref(), Some("0.000"));
        assert_eq!(cut.value(1.0 - 1e-16).as_deref(), Some("1.000"));
    }

    #[test]
    fn words_are_drawn_by_their_weights() {
        let happens = Distribution::bernoulli(decimal("0.2"), "yes".to_owned(), None);
        let happens = variable(happens, 0);
        assert_eq!([0.79, 0.81].map(|u| happens.value(u)), [None, Some("yes".to_owned())]);
        let word = |word: &str, weight| (word.to_owned(), decimal(weight));
        let choice = variable(Distribution::choice(vec![word("a", "1"), word("b", "3")]), 0);
        assert_eq!(
            [0.24, 0.26, 0.99].map(|u| choice.value(u).unwrap()),
            ["a".to_owned(), "b".to_owned(), "b".to_owned()]
        );
    }

    #[test]
    fn zero_has_no_sign_and_spans_have_a_unit() {
        let around = Distribution::uniform(decimal("-1"), decimal("1"));
        let days = Variable { unit: Some(Unit::Days), ..variable(around, 0) };
        assert_eq!([0.4, 0.1].map(|u| days.value(u).unwrap()), ["0 days".to_owned(), "-1 days".to_owned()]);
    }

    #[test]
    fn what_is_no_distribution_is_none() {
        let [zero, one, two] = ["0", "1", "2"].map(decimal);
        assert_eq!(Distribution::uniform(one, one), None);
        assert_eq!(Distribution::triangular(zero, two, one), None);
        assert_eq!(Distribution::normal(zero, zero, zero, one), None);
        // Ten deviations away there is nothing.
        assert_eq!(Distribution::normal(zero, one, decimal("10"), decimal("11")), None);
        assert_eq!(Distribution::lognormal(zero, one), None);
        assert_eq!(Distribution::bernoulli(two, String::new(), None), None);
        assert_eq!(Distribution::choice(vec![("a".to_owned(), zero)]), None);
    }
}
