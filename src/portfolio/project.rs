//! A project: one investment of one lead company.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::value::Value;
use crate::ids::{CompanyId, ProjectId};
use crate::money::Money;
use crate::rate::Rate;

/// A project and its facts. Where a place is not given, the lead company's holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// The lead company: it applies, and pays what no other company is named for.
    pub company: CompanyId,
    /// Its name; the id where the file gives none.
    pub name: String,
    /// Region of the site.
    pub region: Option<String>,
    /// Province code of the site.
    pub province: Option<String>,
    /// Municipality of the site.
    pub municipality: Option<String>,
    /// Zone of the regional aid map.
    pub aid_area: Option<String>,
    /// Expected score of a ranked call.
    pub score: Option<Decimal>,
    /// Probability that an application succeeds, 0 to 1; 1 where not given (objective `expected`).
    pub success_probability: Rate,
    /// Loan asked for (S12).
    pub loan_amount: Option<Money>,
    /// Its length in years.
    pub loan_years: Option<Decimal>,
    /// Months before the first repayment.
    pub grace_months: Option<Decimal>,
    /// Facts that measures declare.
    pub attributes: BTreeMap<String, Value>,
}

impl Project {
    /// Names of the facts every project has; others are attributes.
    pub const FACTS: [&'static str; 9] = [
        "project_id",
        "region",
        "province",
        "municipality",
        "aid_area",
        "score",
        "loan_amount",
        "loan_years",
        "grace_months",
    ];

    /// A project of which only id and lead are known.
    pub fn new(id: ProjectId, company: CompanyId) -> Self {
        Project {
            name: id.as_str().to_owned(),
            id,
            company,
            region: None,
            province: None,
            municipality: None,
            aid_area: None,
            score: None,
            success_probability: Rate::ONE,
            loan_amount: None,
            loan_years: None,
            grace_months: None,
            attributes: BTreeMap::new(),
        }
    }

    /// The value of a fact, if known. Places fall back on the lead company in [`Facts`](crate::measure::Facts).
    pub fn fact(&self, name: &str) -> Option<Value> {
        let text = |t: &Option<String>| t.clone().map(Value::Text);
        match name {
            "project_id" => Some(Value::text(self.id.as_str())),
            "region" => text(&self.region),
            "province" => text(&self.province),
            "municipality" => text(&self.municipality),
            "aid_area" => text(&self.aid_area),
            "score" => self.score.map(Value::Number),
            "loan_amount" => self.loan_amount.map(|m| Value::Number(m.euro())),
            "loan_years" => self.loan_years.map(Value::Number),
            "grace_months" => self.grace_months.map(Value::Number),
            _ => self.attributes.get(name).cloned(),
        }
    }
}
