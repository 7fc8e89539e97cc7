//! `projects.csv`: rows to projects.

use super::fields::{PROJECTS, positions};
use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::Report;
use crate::ids::{CompanyId, ProjectId};
use crate::portfolio::Project;
use crate::rate::Rate;

positions!(PROJECTS: COMPANY_ID = "company_id", PROJECT_ID = "project_id", NAME = "name", REGION = "region", PROVINCE = "province", MUNICIPALITY = "municipality", AID_AREA = "aid_area", SCORE = "score", SUCCESS_PROBABILITY = "success_probability", LOAN_AMOUNT = "loan_amount", LOAN_YEARS = "loan_years", GRACE_MONTHS = "grace_months");

/// Every project whose ids could be read, and the index of their ids.
pub(super) fn projects(
    records: &Records,
    companies: &Index<CompanyId>,
    report: &mut Report,
) -> (Vec<Project>, Index<ProjectId>) {
    let mut index = Index::new(ProjectId::KIND, records);
    let mut projects = Vec::new();
    records.each(report, |record, report| {
        let company = record.id::<CompanyId>(COMPANY_ID);
        if let Some(company) = &company {
            companies.check(company, || record.place(COMPANY_ID), report);
        }
        let Some(id) = record.id::<ProjectId>(PROJECT_ID) else {
            index.has_gap();
            return;
        };
        if index.add(&id, record.row, |row| records.place(row, PROJECT_ID), report)
            && let Some(company) = company
        {
            projects.push(project(id, company, record));
        }
    });
    (projects, index)
}

fn project(id: ProjectId, company: CompanyId, record: &Record) -> Project {
    let basics = Project::new(id, company);
    Project {
        name: record.text(NAME).unwrap_or(basics.name),
        region: record.text(REGION),
        province: record.text(PROVINCE),
        municipality: record.text(MUNICIPALITY),
        aid_area: record.text(AID_AREA),
        score: record.number(SCORE),
        success_probability: record.share(SUCCESS_PROBABILITY).unwrap_or(Rate::ONE),
        loan_amount: record.money(LOAN_AMOUNT),
        loan_years: record.number(LOAN_YEARS),
        grace_months: record.number(GRACE_MONTHS),
        attributes: record.attributes(),
        id: basics.id,
        company: basics.company,
    }
}
