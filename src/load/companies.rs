//! `companies.csv`: rows to companies.

mod sizes;

use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Place, Report};
use crate::ids::{CompanyId, UndertakingId};
use crate::portfolio::{Company, Size};
use crate::rate::Rate;

/// Every company whose id could be read, and the index of their ids.
pub(super) fn companies(records: &Records, report: &mut Report) -> (Vec<Company>, Index<CompanyId>) {
    let mut index = Index::new(CompanyId::KIND, "companies.csv", records.complete());
    let mut companies = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for record in records.iter() {
        let Some(id) = record.id::<CompanyId>("company_id") else {
            index.has_gap();
            continue;
        };
        if index.add(&id, record.place("company_id"), report) {
            companies.push(company(id, &record));
            places.push(record.place("size"));
        }
    }
    sizes::derive(&mut companies, &places, report);
    (companies, index)
}

fn company(id: CompanyId, record: &Record) -> Company {
    let basics = Company::new(id);
    Company {
        name: record.text("name").unwrap_or(basics.name),
        undertaking: record.id::<UndertakingId>("undertaking").unwrap_or(basics.undertaking),
        // Where the file gives none, `sizes` derives it once every linked company is read.
        size: record.choice("size", &Size::NAMES),
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
