//! Size classes derived from the figures of the whole undertaking: a linked company adds all of its people and amounts
//! (Recommendation 2003/361/EC, Annex, art. 6).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::codes;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{CompanyId, UndertakingId};
use crate::money::Money;
use crate::portfolio::{Company, Size};

/// What the companies of one undertaking are together: a sum is known when each of them gives its part.
#[derive(Default)]
struct Together {
    companies: usize,
    headcount: Decimal,
    turnover: Option<Money>,
    balance_sheet: Option<Money>,
    /// The first company that gives no headcount, or neither amount.
    without: Option<(CompanyId, &'static str)>,
}

impl Together {
    fn add(&mut self, company: &Company) {
        let first = self.companies == 0;
        let sum = |sum: Option<Money>, part: Option<Money>| if first { part } else { Some(sum? + part?) };
        self.turnover = sum(self.turnover, company.turnover);
        self.balance_sheet = sum(self.balance_sheet, company.balance_sheet);
        self.headcount += company.headcount.unwrap_or_default();
        self.companies += 1;
        let missing = if company.headcount.is_none() {
            Some("headcount")
        } else if company.turnover.is_none() && company.balance_sheet.is_none() {
            Some("turnover or balance sheet")
        } else {
            None
        };
        if self.without.is_none() {
            self.without = missing.map(|missing| (company.id.clone(), missing));
        }
    }

    fn size(&self) -> Option<Size> {
        match self.without {
            Some(_) => None,
            None => Size::derive(self.headcount, self.turnover, self.balance_sheet),
        }
    }
}

/// Gives every company without a size the one of its undertaking. A size given wins; a warning tells where the figures give
/// another, and where only a linked company stands between a company's own figures and a size.
pub(super) fn derive(companies: &mut [Company], places: &[Place], report: &mut Report) {
    let mut undertakings: BTreeMap<UndertakingId, Together> = BTreeMap::new();
    for company in companies.iter() {
        undertakings.entry(company.undertaking.clone()).or_default().add(company);
    }
    for (company, place) in companies.iter_mut().zip(places) {
        let Some(together) = undertakings.get(&company.undertaking) else { continue };
        let warning = match (company.size, together.size()) {
            (Some(given), Some(derived)) if given != derived => {
                Some(contradiction(company, given, derived, together))
            }
            (Some(_), _) => None,
            (None, Some(derived)) => {
                company.size = Some(derived);
                None
            }
            (None, None) => underivable(company, together),
        };
        if let Some((message, help)) = warning {
            let found = company.size.map_or("", Size::name);
            report.push(Diagnostic::warning(codes::SIZE, place.clone(), message).found(found).help(help));
        }
    }
}

fn contradiction(company: &Company, given: Size, derived: Size, together: &Together) -> (String, String) {
    let (given, derived) = (given.name(), derived.name());
    if together.companies == 1 {
        let message = format!("the size given is {given}, headcount and amounts give {derived}");
        return (message, "the size given counts; linked companies may explain it".to_owned());
    }
    let message = format!(
        "the size given is {given}, headcount and amounts of the {} companies of undertaking '{}' give {derived}",
        together.companies, company.undertaking
    );
    (message, "the size given counts; leave it empty to derive it from the figures".to_owned())
}

fn underivable(company: &Company, together: &Together) -> Option<(String, String)> {
    // Nothing to say of a company whose own figures give no size: the measures that need it ask for it.
    Size::derive(company.headcount?, company.turnover, company.balance_sheet)?;
    let undertaking = &company.undertaking;
    Some(match &together.without {
        Some((linked, missing)) => (
            format!(
                "the size is not known: '{linked}' of the same undertaking '{undertaking}' gives no {missing}"
            ),
            format!("give the {missing} of '{linked}', or the size of '{}'", company.id),
        ),
        None => (
            format!(
                "the size is not known: the companies of undertaking '{undertaking}' give unlike amounts"
            ),
            "give the turnover of each, or the balance sheet of each".to_owned(),
        ),
    })
}
