//! Ledgers: ceilings on aid over several applications and years (S11).

use chrono::{Datelike, Months, NaiveDate};

use super::condition::Condition;
use super::number::Number;
use super::rule::Rule;
use crate::dates::Span;

/// A ceiling that the applications of a measure share with others and with aid received before.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// Its name across measures, such as `de_minimis`.
    pub ledger: String,
    /// Whose ceiling it is.
    pub per: Holder,
    /// Components that count, as indices.
    pub of: Vec<usize>,
    /// What counts; where it asks about lines, only those for which it holds. A missing fact counts as holding.
    pub when: Condition,
    /// Whether an application that does not fit gets nothing; otherwise it gets what there is room for.
    pub refuses: bool,
    /// Ceilings by date; the first that fits the day of the grant counts. No ceiling fits: the ledger does not bind.
    pub periods: Vec<Period>,
    /// Regulations of prior aids that count, by prefix; the ledger's own name always does, as it stands.
    pub counts: Vec<String>,
}

/// Whose ceiling a ledger is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// The undertaking of the lead company.
    #[default]
    Undertaking,
    /// The lead company.
    Company,
    /// The undertaking of each member that pays, for the share of the aid that falls on its cost.
    Member,
}

impl Holder {
    /// Every holder with the word measure files use.
    pub const NAMES: [(&'static str, Holder); 3] =
        [("undertaking", Holder::Undertaking), ("company", Holder::Company), ("member", Holder::Member)];
}

/// A ceiling in force for grants of some time.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// First day of grants it is for.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub until: Option<NaiveDate>,
    /// The ceiling, in euro; about company, project and application.
    pub at_most: Number,
    /// How far it looks back.
    pub over: Over,
}

/// How far a ledger looks back from the day of a grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// For ever.
    #[default]
    Ever,
    /// So long: of grants after that day, the day of the grant included.
    Rolling(Span),
    /// So many fiscal years of the company, the one of the grant included.
    FiscalYears(u32),
}

impl Over {
    /// The last day that no longer counts for a grant on `day`; none where everything counts.
    ///
    /// `(day - 3 years, day]`: for a grant on 1 March 2024 aid granted from 2 March 2021 on (Assonime, circular 5 of 2024). Fiscal years end on the
    /// day and month of `year_end`, 31 December where it is not known.
    pub fn closed(self, day: NaiveDate, year_end: Option<NaiveDate>) -> Option<NaiveDate> {
        match self {
            Over::Ever => None,
            Over::Rolling(span) => {
                let back = day.checked_sub_months(Months::new(span.months))?;
                back.checked_sub_days(chrono::Days::new(u64::from(span.days)))
            }
            Over::FiscalYears(years) => {
                let end_in = |year: i32| {
                    let (month, day) = year_end.map_or((12, 31), |end| (end.month(), end.day()));
                    // 29 February stands for the last day of the month.
                    NaiveDate::from_ymd_opt(year, month, day).or(NaiveDate::from_ymd_opt(year, month, 28))
                };
                let this_year = end_in(day.year())?;
                let last_end = if day > this_year { day.year() } else { day.year() - 1 };
                end_in(last_end - i32::try_from(years).ok()? + 1)
            }
        }
    }
}

impl Over {
    /// The first day on which a grant no longer counts for others; none where it always does.
    pub fn leaves(self, granted_on: NaiveDate, year_end: Option<NaiveDate>) -> Option<NaiveDate> {
        let gone = |day: &NaiveDate| self.closed(*day, year_end).is_some_and(|closed| closed >= granted_on);
        match self {
            Over::Ever => None,
            // Months of unequal length: the day is within a few of the plain sum.
            Over::Rolling(span) => {
                let near = span.after(granted_on).checked_sub_days(chrono::Days::new(4))?;
                near.iter_days().take(9).find(gone)
            }
            // A window moves on the first day of a fiscal year.
            Over::FiscalYears(years) => {
                let days = 366 * (i64::from(years) + 2);
                granted_on.iter_days().take(usize::try_from(days).ok()?).find(gone)
            }
        }
    }
}

impl Ledger {
    /// The ceiling in force for a grant on this day.
    pub fn period(&self, day: NaiveDate) -> Option<&Period> {
        let holds = |p: &&Period| p.from.is_none_or(|from| day >= from) && p.until.is_none_or(|u| day <= u);
        self.periods.iter().find(holds)
    }

    /// Whether a prior aid under this regulation counts.
    pub fn counts(&self, regulation: &str) -> bool {
        let begins = |prefix: &str| {
            regulation
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || !rest.starts_with(char::is_alphanumeric))
        };
        // Not by prefix: `de_minimis:2023/2832` has a ceiling of its own.
        regulation == self.ledger || self.counts.iter().any(|prefix| begins(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_ledgers_own_name_counts_as_it_stands_and_the_others_by_prefix() {
        let ledger = Ledger {
            rule: Rule {
                id: "de-minimis".parse().unwrap(),
                names: crate::measure::Names::default(),
                reference: None,
                doubt: None,
            },
            ledger: "de_minimis".to_owned(),
            per: Holder::default(),
            of: Vec::new(),
            when: Condition::ALWAYS,
            refuses: false,
            periods: Vec::new(),
            counts: vec!["de_minimis:2023/2831".to_owned(), "gber:28".to_owned()],
        };
        let counted =
            ["de_minimis", "de_minimis:2023/2831", "de_minimis:2023/2831.5", "gber:28", "gber:28.4"];
        assert!(counted.iter().all(|regulation| ledger.counts(regulation)));
        let others = ["de_minimis:2023/2832", "de_minimis_sgei", "gber:281", "gber:2"];
        assert!(!others.iter().any(|regulation| ledger.counts(regulation)));
    }

    #[test]
    fn three_years_roll_from_the_day_after() {
        let over = Over::Rolling(Span { months: 36, days: 0 });
        // Grant on 1 March 2024: aid from 2 March 2021 counts, so 1 March 2021 no longer does.
        assert_eq!(over.closed(day("2024-03-01"), None), Some(day("2021-03-01")));
        assert_eq!(over.leaves(day("2021-03-01"), None), Some(day("2024-03-01")));
        // A grant of 29 February 2024 is three years back on 28 February 2027 as little as on 27: on 1 March it is gone.
        assert_eq!(over.leaves(day("2024-02-29"), None), Some(day("2027-03-01")));
    }

    #[test]
    fn three_fiscal_years_begin_with_the_second_before_the_grant() {
        let over = Over::FiscalYears(3);
        // Calendar years: a grant in 2023 looks at 2021, 2022 and 2023.
        assert_eq!(over.closed(day("2023-05-10"), None), Some(day("2020-12-31")));
        // Years that end in June: May 2023 lies in the year 2022/23, which looks back to 1 July 2020.
        assert_eq!(over.closed(day("2023-05-10"), Some(day("2025-06-30"))), Some(day("2020-06-30")));
        assert_eq!(over.leaves(day("2021-05-10"), None), Some(day("2024-01-01")));
        assert_eq!(over.closed(day("2023-07-10"), Some(day("2025-06-30"))), Some(day("2021-06-30")));
    }
}
