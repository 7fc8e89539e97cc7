//! The trials of a case in one row for each method.

use std::time::Duration;

use rust_decimal::Decimal;

use super::Trial;
use crate::engine::Word;
use crate::money::Money;

/// What the trials of a case come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The case.
    pub case: String,
    /// Who planned: `grantfolio`, or a backend alone.
    pub method: String,
    /// How many instances.
    pub instances: usize,
    /// From texts to data, median.
    pub read: Duration,
    /// From data to the model, median.
    pub build: Duration,
    /// To a plan with its bound, median; of a backend: to its word.
    pub plan: Duration,
    /// The same, of the slowest instance.
    pub worst_plan: Duration,
    /// How many plans are proven to be the best; of a backend: said to be.
    pub proven: usize,
    /// How many of them by a bound recomputed exactly; none of a backend.
    pub certified: usize,
    /// Bound less plan, median; none where a bound is missing.
    pub gap: Option<Money>,
    /// The widest.
    pub worst_gap: Option<Money>,
    /// The widest in percent of the bound.
    pub worst_percent: Option<Decimal>,
    /// How many instances had every plan tried.
    pub tried: usize,
    /// How many of them got the best plan.
    pub right: usize,
    /// How many answers are wrong.
    pub wrong: usize,
    /// Of a backend: how many times what it said its plan is worth was off by more than a cent.
    pub off: usize,
    /// Of a backend: how many times the bound it said is below a plan that is known, by more than a cent.
    pub low: usize,
    /// Of a backend: the bound it said less what its plan is worth, median; none where it says none.
    pub said_gap: Option<Money>,
    /// Most memory of the process during the case, in MiB, where the system says.
    pub memory: Option<u64>,
}

impl Row {
    /// The method that is this program.
    pub const PROGRAM: &str = "grantfolio";

    /// Sums up: a row for the program, and one for each backend that was asked.
    pub fn of(case: &str, trials: &[Trial], memory: Option<u64>) -> Vec<Row> {
        let own = Row { memory, ..Row::program(case, trials) };
        let asked = trials.first().map_or(0, |trial| trial.bare.len());
        // Every trial asks the same backends, in the same order.
        let of_backend = |at: usize| {
            let words: Vec<(&Trial, &Word)> =
                trials.iter().filter_map(|trial| Some((trial, trial.bare.get(at)?))).collect();
            words.first().map(|(_, word)| Row::bare(&own, word.backend, &words))
        };
        let bare: Vec<Row> = (0..asked).filter_map(of_backend).collect();
        [own].into_iter().chain(bare).collect()
    }

    fn program(case: &str, trials: &[Trial]) -> Row {
        let count = |is: fn(&Trial) -> bool| trials.iter().filter(|trial| is(trial)).count();
        let times = |figure: fn(&Trial) -> Duration| median(trials.iter().map(figure)).unwrap_or_default();
        let (gap, worst_gap, worst_percent) =
            gaps(trials.iter().map(|trial| Some((trial.bound?, trial.value))));
        Row {
            case: case.to_owned(),
            method: Row::PROGRAM.to_owned(),
            instances: trials.len(),
            read: times(|trial| trial.read),
            build: times(|trial| trial.build),
            plan: times(|trial| trial.plan),
            worst_plan: trials.iter().map(|trial| trial.plan).max().unwrap_or_default(),
            proven: count(|trial| trial.proven),
            certified: count(|trial| trial.certified),
            gap,
            worst_gap,
            worst_percent,
            tried: count(|trial| trial.truth.is_some()),
            right: count(|trial| trial.truth == Some(trial.value)),
            wrong: count(Trial::is_wrong),
            off: 0,
            low: 0,
            said_gap: None,
            memory: None,
        }
    }

    /// The row of a backend, beside that of the program: its plans are held against the program's bounds.
    fn bare(own: &Row, backend: &str, words: &[(&Trial, &Word)]) -> Row {
        let count =
            |is: fn(&Trial, &Word) -> bool| words.iter().filter(|(trial, word)| is(trial, word)).count();
        let (gap, worst_gap, worst_percent) =
            gaps(words.iter().map(|(trial, word)| Some((trial.bound?, word.plan))));
        let said = words.iter().map(|(_, word)| word.bound.map(|bound| bound - word.plan));
        let said_gap = said.collect::<Option<Vec<Money>>>().and_then(|gaps| median(gaps.into_iter()));
        Row {
            method: format!("{backend} alone"),
            instances: words.len(),
            plan: median(words.iter().map(|(_, word)| word.took)).unwrap_or_default(),
            worst_plan: words.iter().map(|(_, word)| word.took).max().unwrap_or_default(),
            proven: count(|_, word| word.claims_optimal),
            certified: 0,
            gap,
            worst_gap,
            worst_percent,
            right: count(|trial, word| trial.truth == Some(word.plan)),
            wrong: count(Trial::bare_is_wrong),
            off: count(Trial::bare_is_off),
            low: count(Trial::bare_is_low),
            said_gap,
            memory: None,
            ..own.clone()
        }
    }
}

/// Median and widest gap, and the widest in percent, of bounds and plans; nothing where a bound is missing.
fn gaps(of: impl Iterator<Item = Option<(Money, Money)>>) -> (Option<Money>, Option<Money>, Option<Decimal>) {
    let Some(of) = of.collect::<Option<Vec<(Money, Money)>>>() else { return (None, None, None) };
    let gaps = || of.iter().map(|(bound, plan)| *bound - *plan);
    let percent = |(bound, plan): &(Money, Money)| {
        let share = (*bound - *plan).euro().checked_div(bound.euro()).unwrap_or_default();
        (share * Decimal::ONE_HUNDRED).round_dp(6)
    };
    (median(gaps()), gaps().max(), of.iter().map(percent).max())
}

/// The middle one; of an even number the upper of the two in the middle.
pub fn median<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    let middle = values.len() / 2;
    values.into_iter().nth(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_stand_in_the_middle() {
        assert_eq!(median([3, 1, 2].into_iter()), Some(2));
        assert_eq!(median([4, 1, 3, 2].into_iter()), Some(3));
        assert_eq!(median(std::iter::empty::<i32>()), None);
    }

    #[test]
    fn gaps_are_in_euro_and_in_percent() {
        let euro = |euro: i64| Money::from_cents(100 * euro);
        // Nothing of 50; 1 of 100 is 1 %; 2 of 1000 is 0.2 %.
        let of = [(50, 50), (100, 99), (1000, 998)].map(|(bound, plan)| Some((euro(bound), euro(plan))));
        let expected = (Some(euro(1)), Some(euro(2)), Some(Decimal::ONE));
        assert_eq!(gaps(of.into_iter()), expected);
        assert_eq!(gaps([Some((euro(1), euro(1))), None].into_iter()), (None, None, None));
    }
}
