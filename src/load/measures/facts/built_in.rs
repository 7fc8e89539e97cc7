//! The facts and columns that every portfolio has.

use crate::measure::Subject;
use crate::portfolio::FactKind;

const COMPANY: [(&str, FactKind); 11] = [
    ("company_id", FactKind::Text),
    ("size", FactKind::Text),
    ("headcount", FactKind::Number),
    ("turnover", FactKind::Money),
    ("balance_sheet", FactKind::Money),
    ("region", FactKind::Text),
    ("province", FactKind::Text),
    ("municipality", FactKind::Text),
    ("ateco", FactKind::Text),
    ("filed_balance_sheets", FactKind::Number),
    ("credit_class", FactKind::Number),
];
const PROJECT: [(&str, FactKind); 9] = [
    ("project_id", FactKind::Text),
    ("region", FactKind::Text),
    ("province", FactKind::Text),
    ("municipality", FactKind::Text),
    ("aid_area", FactKind::Text),
    ("score", FactKind::Number),
    ("loan_amount", FactKind::Money),
    ("loan_years", FactKind::Number),
    ("grace_months", FactKind::Number),
];
const EXPENSE: [(&str, FactKind); 16] = [
    ("expense_id", FactKind::Text),
    ("category", FactKind::Text),
    ("state", FactKind::Text),
    ("net_amount", FactKind::Money),
    ("supplier", FactKind::Text),
    ("supplier_kind", FactKind::Text),
    ("invoice_total", FactKind::Money),
    ("invoice_date", FactKind::Date),
    ("order_date", FactKind::Date),
    ("payment_date", FactKind::Date),
    ("payment_method", FactKind::Text),
    ("quantity", FactKind::Number),
    ("unit", FactKind::Text),
    ("service_months", FactKind::Number),
    ("tags", FactKind::List),
    ("item", FactKind::Text),
];
const LOT: [(&str, FactKind); 1] = [("lot", FactKind::Text)];
const APPLICATION: [(&str, FactKind); 4] = [
    ("opens", FactKind::Date),
    ("closes", FactKind::Date),
    ("filed_on", FactKind::Date),
    ("granted_on", FactKind::Date),
];

/// Facts of a member beyond those of its company.
const MEMBER: [(&str, FactKind); 1] = [("role", FactKind::Text)];

/// Columns of the portfolio files that are no facts; a declared fact may not take their names.
const COMPANY_COLUMNS: [&str; 4] = ["name", "undertaking", "vat_deductible_share", "fiscal_year_end"];
const PROJECT_COLUMNS: [&str; 3] = ["company_id", "name", "success_probability"];
const EXPENSE_COLUMNS: [&str; 7] =
    ["project_id", "company_id", "lot", "description", "vat_rate", "invoice", "splittable"];

/// The facts every subject has.
pub(super) fn built_in(subject: Subject) -> &'static [(&'static str, FactKind)] {
    match subject {
        Subject::Company => &COMPANY,
        Subject::Project => &PROJECT,
        Subject::Lot => &LOT,
        Subject::Expense => &EXPENSE,
        Subject::Application => &APPLICATION,
        // What else these have is known to whoever reads the measure.
        Subject::Member => &MEMBER,
        Subject::Members | Subject::Choice => &[],
    }
}

/// Every column a portfolio file may have for a subject, but for declared facts.
pub(in crate::load::measures) fn columns(subject: Subject) -> Vec<&'static str> {
    let others: &[&str] = match subject {
        Subject::Company => &COMPANY_COLUMNS,
        Subject::Project => &PROJECT_COLUMNS,
        Subject::Lot | Subject::Expense => &EXPENSE_COLUMNS,
        Subject::Application | Subject::Member | Subject::Members | Subject::Choice => &[],
    };
    let file = if subject == Subject::Lot { Subject::Expense } else { subject };
    let facts = built_in(file).iter().map(|(name, _)| *name).filter(|name| *name != "item");
    facts.chain(others.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::{Company, Expense, Project};

    #[test]
    fn built_in_facts_are_those_of_the_portfolio() {
        let names =
            |facts: &[(&'static str, FactKind)]| facts.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(&COMPANY), Company::FACTS);
        assert_eq!(names(&PROJECT), Project::FACTS);
        assert_eq!(names(&EXPENSE)[..14], Expense::FACTS);
    }
}
