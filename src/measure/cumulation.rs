//! Cumulation: what a measure says about other aid (S13).

use chrono::NaiveDate;

use super::condition::Condition;
use super::number::Number;
use super::rule::Rule;

/// One clause. The first that fits the other aid counts; without one, the same expense may not meet other aid and everything else may.
#[derive(Clone, Debug, PartialEq)]
pub struct Cumulation {
    /// Id, names, reference, doubt.
    pub rule: Rule,
    /// The other aid it speaks about.
    pub with: OtherAid,
    /// Where two aids meet.
    pub scope: MeetingPlace,
    /// What it says.
    pub effect: Meeting,
    /// When, about company, project and application; a missing fact counts as holding for a ban, as not holding for a leave.
    pub when: Condition,
    /// Of grants from this day on.
    pub from: Option<NaiveDate>,
}

impl Cumulation {
    /// Whether it keeps aids apart.
    pub fn forbids(&self) -> bool {
        self.effect == Meeting::Forbid
    }
}

/// Other aid, by what is known of it; an empty list fits any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherAid {
    /// Regimes, by prefix (`gber`, `de_minimis`).
    pub regimes: Vec<String>,
    /// Fund sources.
    pub fund_sources: Vec<String>,
    /// Measures.
    pub measures: Vec<String>,
    /// Only of the same authority.
    pub same_authority: bool,
}

/// Where two aids meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingPlace {
    /// On one expense.
    #[default]
    Expense,
    /// In one project.
    Project,
    /// In one company.
    Company,
}

impl MeetingPlace {
    /// Every place with the word measure files use.
    pub const NAMES: [(&'static str, MeetingPlace); 3] = [
        ("expense", MeetingPlace::Expense),
        ("project", MeetingPlace::Project),
        ("company", MeetingPlace::Company),
    ];
}

/// What a clause says.
#[derive(Clone, Debug, PartialEq)]
pub enum Meeting {
    /// They may not meet.
    Forbid,
    /// They may, up to a ceiling.
    Allow(Ceiling),
}

/// How much aid an expense may have from two measures together.
#[derive(Clone, Debug, PartialEq)]
pub enum Ceiling {
    /// The whole cost.
    Cost,
    /// The higher of the intensities of both measures on it; this measure's is the number, or its own rates.
    HighestIntensity(Option<Number>),
    /// What this measure alone would give.
    Residual,
    /// This measure admits the cost less the other's aid.
    NetBase,
}

impl OtherAid {
    /// Whether an aid with these marks is meant; `regimes` of a measure with choices are several.
    pub fn fits(
        &self,
        regimes: &[&str],
        fund_source: Option<&str>,
        measure: &str,
        same_authority: bool,
    ) -> bool {
        let begins = |regime: &str, prefix: &str| {
            regime.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        (self.regimes.is_empty()
            || self.regimes.iter().any(|prefix| regimes.iter().any(|regime| begins(regime, prefix))))
            && (self.fund_sources.is_empty()
                || self.fund_sources.iter().any(|fund| Some(fund.as_str()) == fund_source))
            && (self.measures.is_empty() || self.measures.iter().any(|known| known == measure))
            && (!self.same_authority || same_authority)
    }
}
