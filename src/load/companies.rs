//! `companies.csv`: rows to companies.

use super::codes;
use super::fields::{COMPANIES, positions};
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::{Diagnostic, Report};
use crate::ids::{CompanyId, UndertakingId};
use crate::portfolio::{Company, Size};
use crate::rate::Rate;

positions!(COMPANIES: COMPANY_ID = "company_id", NAME = "name", UNDERTAKING = "undertaking", HEADCOUNT = "headcount", TURNOVER = "turnover", BALANCE_SHEET = "balance_sheet", REGION = "region", PROVINCE = "province", MUNICIPALITY = "municipality", ATECO = "ateco", VAT_DEDUCTIBLE_SHARE = "vat_deductible_share", FISCAL_YEAR_END = "fiscal_year_end", FILED_BALANCE_SHEETS = "filed_balance_sheets", CREDIT_CLASS = "credit_class", SIZE = "size");

/// Every company whose id could be read, and the index of their ids.
pub(super) fn companies(records: &Records, report: &mut Report) -> (Vec<Company>, Index<CompanyId>) {
    let mut index = Index::new(CompanyId::KIND, records);
    let mut companies = Vec::new();
    records.each(report, |record, report| {
        let Some(id) = record.id::<CompanyId>(COMPANY_ID) else {
            index.has_gap();
            return;
        };
        if index.add(&id, record, COMPANY_ID, report) {
            companies.push(company(id, record, report));
        }
    });
    (companies, index)
}

fn company(id: CompanyId, record: &Record, report: &mut Report) -> Company {
    let basics = Company::new(id);
    Company {
        name: record.text(NAME).unwrap_or(basics.name),
        undertaking: record.id::<UndertakingId>(UNDERTAKING).unwrap_or(basics.undertaking),
        size: size(record, report),
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

/// The size given, else the size that headcount and amounts give. They may differ: linked companies count together.
fn size(record: &Record, report: &mut Report) -> Option<Size> {
    let given = record.choice(SIZE, &Size::NAMES);
    let derived = record
        .number(HEADCOUNT)
        .and_then(|people| Size::derive(people, record.money(TURNOVER), record.money(BALANCE_SHEET)));
    if let (Some(given), Some(derived)) = (given, derived)
        && given != derived
    {
        let message =
            format!("the size given is {}, headcount and amounts give {}", given.name(), derived.name());
        report.push(
            Diagnostic::warning(codes::SIZE, record.place(SIZE), message)
                .help("the size given counts; linked companies may explain it"),
        );
    }
    given.or(derived)
}
