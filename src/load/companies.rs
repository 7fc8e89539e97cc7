//! `companies.csv`: rows to companies.

mod sizes;

use super::fields::{COMPANIES, positions};
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Place, Report};
use crate::ids::{CompanyId, UndertakingId};
use crate::portfolio::{Company, Size};
use crate::rate::Rate;

positions!(COMPANIES: COMPANY_ID = "company_id", NAME = "name", UNDERTAKING = "undertaking", HEADCOUNT = "headcount", TURNOVER = "turnover", BALANCE_SHEET = "balance_sheet", REGION = "region", PROVINCE = "province", MUNICIPALITY = "municipality", ATECO = "ateco", VAT_DEDUCTIBLE_SHARE = "vat_deductible_share", FISCAL_YEAR_END = "fiscal_year_end", FILED_BALANCE_SHEETS = "filed_balance_sheets", CREDIT_CLASS = "credit_class", SIZE = "size");

/// Every company whose id could be read, and the index of their ids.
pub(super) fn companies(records: &Records, report: &mut Report) -> (Vec<Company>, Index<CompanyId>) {
    let mut index = Index::new(CompanyId::KIND, records);
    let mut companies = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    records.each(report, |record, report| {
        let Some(id) = record.id::<CompanyId>(COMPANY_ID) else {
            index.has_gap();
            return;
        };
        if index.add(&id, record.row, |row| records.place(row, COMPANY_ID), report) {
            companies.push(company(id, record));
            places.push(record.place(SIZE));
        }
    });
    sizes::derive(&mut companies, &places, report);
    (companies, index)
}

fn company(id: CompanyId, record: &Record) -> Company {
    let basics = Company::new(id);
    Company {
        name: record.text(NAME).unwrap_or(basics.name),
        undertaking: record.id::<UndertakingId>(UNDERTAKING).unwrap_or(basics.undertaking),
        // Where the file gives none, `sizes` derives it once every linked company is read.
        size: record.choice(SIZE, &Size::NAMES),
        headcount: record.number(HEADCOUNT),
        turnover: record.money(TURNOVER),
        balance_sheet: record.money(BALANCE_SHEET),
        region: record.text(REGION),
        province: record.text(PROVINCE),
        municipality: record.text(MUNICIPALITY),
        ateco: record.text(ATECO),
        vat_deductible_share: record.share(VAT_DEDUCTIBLE_SHARE).unwrap_or(Rate::ONE),
        fiscal_year_end: record.date(FISCAL_YEAR_END),
        filed_balance_sheets: record.number(FILED_BALANCE_SHEETS),
        credit_class: record.number(CREDIT_CLASS),
        attributes: record.attributes(),
        id: basics.id,
    }
}
