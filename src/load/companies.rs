//! `companies.csv`: rows to companies.

use super::codes;
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Diagnostic, Report};
use crate::ids::{CompanyId, UndertakingId};
use crate::portfolio::{Company, Size};
use crate::rate::Rate;

/// Every company whose id could be read, and the index of their ids.
pub(super) fn companies(records: &Records, report: &mut Report) -> (Vec<Company>, Index<CompanyId>) {
    let mut index = Index::new(CompanyId::KIND, "companies.csv", records.complete());
    let mut companies = Vec::new();
    for record in records.iter() {
        let Some(id) = record.id::<CompanyId>("company_id") else {
            index.has_gap();
            continue;
        };
        if index.add(&id, record.place("company_id"), report) {
            companies.push(company(id, &record, report));
        }
    }
    (companies, index)
}

fn company(id: CompanyId, record: &Record, report: &mut Report) -> Company {
    let basics = Company::new(id);
    Company {
        name: record.text("name").unwrap_or(basics.name),
        undertaking: record.id::<UndertakingId>("undertaking").unwrap_or(basics.undertaking),
        size: size(record, report),
        headcount: record.number("headcount"),
        turnover: record.money("turnover"),
        balance_sheet: record.money("balance_sheet"),
        region: record.text("region"),
        province: record.text("province"),
        municipality: record.text("municipality"),
        ateco: record.text("ateco"),
        vat_deductible_share: record.share("vat_deductible_share").unwrap_or(Rate::ONE),
        fiscal_year_end: record.date("fiscal_year_end"),
        filed_balance_sheets: record.number("filed_balance_sheets"),
        credit_class: record.number("credit_class"),
        attributes: record.attributes(),
        id: basics.id,
    }
}

/// The size given, else the size that headcount and amounts give. They may differ: linked companies count together.
fn size(record: &Record, report: &mut Report) -> Option<Size> {
    let given = record.choice("size", &Size::NAMES);
    let derived = record
        .number("headcount")
        .and_then(|people| Size::derive(people, record.money("turnover"), record.money("balance_sheet")));
    if let (Some(given), Some(derived)) = (given, derived)
        && given != derived
    {
        let message =
            format!("the size given is {}, headcount and amounts give {}", given.name(), derived.name());
        report.push(
            Diagnostic::warning(codes::SIZE, record.place("size"), message)
                .help("the size given counts; linked companies may explain it"),
        );
    }
    given.or(derived)
}
