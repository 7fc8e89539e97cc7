//! `summary.json`: a batch in a page of figures, made from its tables alone, so that merged shards give what a single run gives.
//!
//! Percentiles are grants that occur (the smallest that at least so many per cent do not exceed). Mean, deviation and error are
//! statistics: the mean is exact and cut to cents, the others come from floating point and are for judging, not for claiming.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::manifest::Manifest;
use super::reading::{Reading, Unreadable};
use super::tables::of_measure;
use crate::ids::MeasureId;
use crate::money::Money;
use crate::report::json::pretty;

/// The name of the file.
pub const FILE: &str = "summary.json";

/// A batch in figures.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Scenarios with a plan.
    pub planned: usize,
    /// Scenarios without.
    pub failed: usize,
    /// Scenarios proven optimal.
    pub optimal: usize,
    /// Scenarios that a time limit cut.
    pub cut: usize,
    /// The widest gap; none where a scenario has no bound, or there is none.
    pub widest_gap: Option<Money>,
    /// The grant of the base.
    pub base_grant: Money,
    /// The grants.
    pub grant: Option<Distribution>,
    /// What it costs to keep the plan of the base.
    pub regret: Option<Distribution>,
    /// Every measure that some scenario uses.
    pub measures: Vec<MeasureUse>,
    /// The plans found, the most frequent first; the first scenario that has it stands for each.
    pub plans: Vec<PlanUse>,
    /// Different plans in all.
    pub different_plans: usize,
}

/// How amounts are distributed over the scenarios.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distribution {
    /// The mean.
    pub mean: Money,
    /// The standard deviation of a scenario.
    pub standard_deviation: f64,
    /// The standard error of the mean.
    pub standard_error: f64,
    /// The smallest.
    pub least: Extreme,
    /// Five per cent have no more.
    pub p5: Money,
    /// Half of them have no more.
    pub p50: Money,
    /// Ninety-five per cent have no more.
    pub p95: Money,
    /// The largest.
    pub most: Extreme,
}

/// An extreme amount and the first scenario that has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extreme {
    /// The amount.
    pub amount: Money,
    /// The scenario.
    pub scenario: String,
}

/// How a measure is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasureUse {
    /// The measure.
    pub measure: MeasureId,
    /// Scenarios that use it.
    pub scenarios: usize,
    /// Its grants, in the mean over all scenarios.
    pub mean_grant: Money,
}

/// How often a plan was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanUse {
    /// Its name.
    pub plan: String,
    /// Scenarios that have it.
    pub scenarios: usize,
    /// The first of them.
    pub first: String,
}

/// So many plans are listed.
const MOST_PLANS: usize = 50;

impl Summary {
    /// That of the tables in a folder; the names of the tables end in this.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn of(folder: &Path, suffix: &str, manifest: &Manifest) -> Result<Summary, Unreadable> {
        let reading = Reading::open(&folder.join(format!("results.csv{suffix}")))?;
        let at = |name: &str| reading.column(name);
        let columns = Columns {
            scenario: at("scenario")?,
            status: at("status")?,
            gap: at("gap")?,
            grant: at("grant")?,
            regret: at("regret")?,
            plan: at("plan")?,
            cut: at("cut")?,
        };
        let of_measures = manifest.measures.iter().map(|measure| {
            let [grant, applications] = of_measure(measure);
            Ok((measure, at(&grant)?, at(&applications)?))
        });
        let of_measures = of_measures.collect::<Result<Vec<_>, Unreadable>>()?;
        let mut tally = Tally::default();
        reading.each(|row| tally.add(row, &columns, &of_measures))?;
        let mut failed = 0;
        Reading::open(&folder.join(format!("errors.csv{suffix}")))?.each(|_| {
            failed += 1;
            Ok(())
        })?;
        Ok(tally.summary(manifest, failed))
    }

    /// As JSON.
    pub fn json(&self) -> String {
        pretty(self)
    }
}

struct Columns {
    scenario: usize,
    status: usize,
    gap: usize,
    grant: usize,
    regret: usize,
    plan: usize,
    cut: usize,
}

/// What is counted, row by row.
#[derive(Default)]
struct Tally {
    optimal: usize,
    cut: usize,
    unbounded: bool,
    widest_gap: Option<Money>,
    grant: Sample,
    regret: Sample,
    measures: BTreeMap<MeasureId, (usize, i128)>,
    /// By name: how many, and the number and name of the first.
    plans: BTreeMap<String, (usize, usize, String)>,
}

impl Tally {
    fn add(
        &mut self,
        row: &csv::StringRecord,
        columns: &Columns,
        of_measures: &[(&MeasureId, usize, usize)],
    ) -> Result<(), String> {
        let scenario = &row[columns.scenario];
        let amount =
            |at: usize| row[at].parse::<Money>().map_err(|error| format!("scenario '{scenario}': {error}"));
        let number = self.grant.amounts.len();
        self.grant.add(scenario, amount(columns.grant)?);
        self.regret.add(scenario, amount(columns.regret)?);
        self.optimal += usize::from(&row[columns.status] == "optimal");
        self.cut += usize::from(&row[columns.cut] == "yes");
        if row[columns.gap].is_empty() {
            self.unbounded = true;
        } else {
            self.widest_gap = self.widest_gap.max(Some(amount(columns.gap)?));
        }
        for (measure, grant, applications) in of_measures {
            if &row[*applications] != "0" {
                let (scenarios, sum) = self.measures.entry((*measure).clone()).or_default();
                *scenarios += 1;
                *sum += i128::from(amount(*grant)?.cents());
            }
        }
        let plan = &row[columns.plan];
        if let Some((count, ..)) = self.plans.get_mut(plan) {
            *count += 1;
        } else {
            self.plans.insert(plan.to_owned(), (1, number, scenario.to_owned()));
        }
        Ok(())
    }

    fn summary(self, manifest: &Manifest, failed: usize) -> Summary {
        let planned = self.grant.amounts.len();
        let measures = self.measures.into_iter().map(|(measure, (scenarios, sum))| MeasureUse {
            measure,
            scenarios,
            mean_grant: mean(sum, planned),
        });
        let different_plans = self.plans.len();
        let mut plans: Vec<_> = self.plans.into_iter().collect();
        plans.sort_by_key(|(_, (count, first, _))| (std::cmp::Reverse(*count), *first));
        plans.truncate(MOST_PLANS);
        let plans = plans.into_iter().map(|(plan, (scenarios, _, first))| PlanUse { plan, scenarios, first });
        Summary {
            planned,
            failed,
            optimal: self.optimal,
            cut: self.cut,
            widest_gap: self.widest_gap.filter(|_| !self.unbounded),
            base_grant: manifest.base_grant,
            measures: measures.collect(),
            plans: plans.collect(),
            different_plans,
            grant: self.grant.distribution(),
            regret: self.regret.distribution(),
        }
    }
}

/// Amounts in the order of the scenarios.
#[derive(Default)]
struct Sample {
    amounts: Vec<Money>,
    least: Option<Extreme>,
    most: Option<Extreme>,
}

impl Sample {
    fn add(&mut self, scenario: &str, amount: Money) {
        let extreme = || Some(Extreme { amount, scenario: scenario.to_owned() });
        if self.least.as_ref().is_none_or(|least| amount < least.amount) {
            self.least = extreme();
        }
        if self.most.as_ref().is_none_or(|most| amount > most.amount) {
            self.most = extreme();
        }
        self.amounts.push(amount);
    }

    fn distribution(mut self) -> Option<Distribution> {
        let (least, most) = (self.least?, self.most?);
        self.amounts.sort_unstable();
        let count = self.amounts.len();
        let sum: i128 = self.amounts.iter().map(|amount| i128::from(amount.cents())).sum();
        let deviation = deviation(&self.amounts, sum);
        #[allow(clippy::cast_precision_loss, reason = "a statistic")]
        let root = (count as f64).sqrt();
        let percentile = |per_cent: usize| self.amounts[(per_cent * count).div_ceil(100).max(1) - 1];
        Some(Distribution {
            mean: mean(sum, count),
            standard_deviation: cents(deviation),
            standard_error: cents(deviation / root),
            least,
            p5: percentile(5),
            p50: percentile(50),
            p95: percentile(95),
            most,
        })
    }
}

/// The mean of so many amounts with this sum of cents, cut to cents.
pub fn mean(sum: i128, count: usize) -> Money {
    let count = i128::try_from(count).unwrap_or(i128::MAX).max(1);
    Money::from_cents(i64::try_from(sum.div_euclid(count)).unwrap_or(i64::MAX))
}

/// The standard deviation of a sample, in euro.
#[allow(clippy::cast_precision_loss, reason = "a statistic")]
fn deviation(amounts: &[Money], sum: i128) -> f64 {
    let count = amounts.len() as f64;
    if amounts.len() < 2 {
        return 0.0;
    }
    let mean = sum as f64 / count;
    let squares: f64 = amounts.iter().map(|amount| (amount.cents() as f64 - mean).powi(2)).sum();
    (squares / (count - 1.0)).sqrt() / 100.0
}

/// Rounded to cents: more digits would say nothing.
fn cents(euro: f64) -> f64 {
    (euro * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(cents: &[i64]) -> Distribution {
        let mut sample = Sample::default();
        for (at, cents) in cents.iter().enumerate() {
            sample.add(&format!("s{at}"), Money::from_cents(*cents));
        }
        sample.distribution().unwrap()
    }

    #[test]
    fn a_distribution_by_hand() {
        // 1, 2, 3, 4 euro: mean 2.50; squares 2.25 + 0.25 + 0.25 + 2.25 = 5, over 3 = 1.6667, root 1.29; over root 4: 0.65
        let found = sample(&[400, 100, 300, 200]);
        assert_eq!(
            (found.mean, found.standard_deviation, found.standard_error),
            (Money::from_cents(250), 1.29, 0.65)
        );
        // 5 % of 4 = 0.2: the first; 50 % = 2: the second; 95 % = 3.8: the fourth
        let percentiles = [found.p5, found.p50, found.p95].map(Money::cents);
        assert_eq!(percentiles, [100, 200, 400]);
        assert_eq!((found.least.scenario.as_str(), found.most.scenario.as_str()), ("s1", "s0"));
    }

    #[test]
    fn one_scenario_deviates_from_nothing() {
        let found = sample(&[700]);
        assert_eq!((found.p5, found.p95, found.standard_error), (found.mean, found.mean, 0.0));
    }
}
