//! A company: who pays, who applies, who receives.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::value::Value;
use crate::ids::{CompanyId, UndertakingId};
use crate::money::Money;
use crate::rate::Rate;

/// Size class of Recommendation 2003/361/EC, with the midcap of Italian calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Under 10 people and at most 2 M of turnover or balance sheet.
    Micro,
    /// Under 50 people and at most 10 M.
    Small,
    /// Under 250 people and at most 50 M of turnover or 43 M of balance sheet.
    Medium,
    /// Not an SME, up to 3,000 people.
    Midcap,
    /// All others.
    Large,
}

impl Size {
    /// Every size with the word files use.
    pub const NAMES: [(&'static str, Size); 5] = [
        ("micro", Size::Micro),
        ("small", Size::Small),
        ("medium", Size::Medium),
        ("midcap", Size::Midcap),
        ("large", Size::Large),
    ];

    /// The word files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, size)| *size == self).map_or("", |(name, _)| name)
    }

    /// The class that headcount (annual work units), turnover and balance sheet give: headcount is binding, of the two
    /// amounts the more favourable counts (Annex I GBER, art. 2).
    pub fn derive(headcount: Decimal, turnover: Option<Money>, balance_sheet: Option<Money>) -> Option<Size> {
        let million = |n: i64| Money::from_cents(n * 100_000_000);
        if turnover.is_none() && balance_sheet.is_none() {
            return None;
        }
        let within = |people: i64, most_turnover: i64, most_balance: i64| {
            headcount < Decimal::from(people)
                && (turnover.is_some_and(|t| t <= million(most_turnover))
                    || balance_sheet.is_some_and(|b| b <= million(most_balance)))
        };
        Some(if within(10, 2, 2) {
            Size::Micro
        } else if within(50, 10, 10) {
            Size::Small
        } else if within(250, 50, 43) {
            Size::Medium
        } else if headcount <= Decimal::from(3_000) {
            Size::Midcap
        } else {
            Size::Large
        })
    }
}

/// A company and its facts. A fact that is not given is `None`: rules say what that means (S1).
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name; the id where the file gives none.
    pub name: String,
    /// The single undertaking it belongs to; itself by default.
    pub undertaking: UndertakingId,
    /// Size class, given or derived.
    pub size: Option<Size>,
    /// Annual work units.
    pub headcount: Option<Decimal>,
    /// Annual turnover.
    pub turnover: Option<Money>,
    /// Balance sheet total.
    pub balance_sheet: Option<Money>,
    /// Region of the operating site.
    pub region: Option<String>,
    /// Province code of the operating site, such as `MI`.
    pub province: Option<String>,
    /// Municipality of the operating site.
    pub municipality: Option<String>,
    /// Activity code, compared by prefix.
    pub ateco: Option<String>,
    /// Share of VAT the company recovers, 0 to 1 (S3); 1 where not given.
    pub vat_deductible_share: Rate,
    /// Last day of the fiscal year, any year (de minimis windows of regulation 1407/2013).
    pub fiscal_year_end: Option<NaiveDate>,
    /// Balance sheets or tax returns filed so far.
    pub filed_balance_sheets: Option<Decimal>,
    /// Class of the guarantee fund's credit scoring, 1 to 12.
    pub credit_class: Option<Decimal>,
    /// Facts that measures declare.
    pub attributes: BTreeMap<String, Value>,
}

impl Company {
    /// Names of the facts every company has; others are attributes.
    pub const FACTS: [&'static str; 11] = [
        "company_id",
        "size",
        "headcount",
        "turnover",
        "balance_sheet",
        "region",
        "province",
        "municipality",
        "ateco",
        "filed_balance_sheets",
        "credit_class",
    ];

    /// A company of which only the id is known.
    pub fn new(id: CompanyId) -> Self {
        Company {
            name: id.as_str().to_owned(),
            // An id that is fit for a company is fit for an undertaking: the rules of ids are the same for all kinds.
            undertaking: id.as_str().parse().expect("a company id is a valid undertaking id"),
            id,
            size: None,
            headcount: None,
            turnover: None,
            balance_sheet: None,
            region: None,
            province: None,
            municipality: None,
            ateco: None,
            vat_deductible_share: Rate::ONE,
            fiscal_year_end: None,
            filed_balance_sheets: None,
            credit_class: None,
            attributes: BTreeMap::new(),
        }
    }

    /// The value of a fact, if known.
    pub fn fact(&self, name: &str) -> Option<Value> {
        let text = |t: &Option<String>| t.clone().map(Value::Text);
        match name {
            "company_id" => Some(Value::text(self.id.as_str())),
            "size" => self.size.map(|s| Value::text(s.name())),
            "headcount" => self.headcount.map(Value::Number),
            "turnover" => self.turnover.map(|m| Value::Number(m.euro())),
            "balance_sheet" => self.balance_sheet.map(|m| Value::Number(m.euro())),
            "region" => text(&self.region),
            "province" => text(&self.province),
            "municipality" => text(&self.municipality),
            "ateco" => text(&self.ateco),
            "filed_balance_sheets" => self.filed_balance_sheets.map(Value::Number),
            "credit_class" => self.credit_class.map(Value::Number),
            _ => self.attributes.get(name).cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_bound_by_headcount_and_by_the_better_of_two_amounts() {
        let million = |n: i64| Some(Money::from_cents(n * 100_000_000));
        let size = |people: i64, t, b| Size::derive(Decimal::from(people), t, b);
        assert_eq!(size(9, million(2), million(50)), Some(Size::Micro));
        assert_eq!(size(10, million(1), None), Some(Size::Small));
        assert_eq!(size(249, million(60), million(43)), Some(Size::Medium));
        assert_eq!(size(249, million(60), million(44)), Some(Size::Midcap));
        assert_eq!(size(3001, million(1), million(1)), Some(Size::Large));
        assert_eq!(size(9, None, None), None);
    }
}
