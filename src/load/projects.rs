//! `projects.csv`: rows to projects.

use super::records::{Record, Records};
use super::references::Index;
use crate::diagnostics::Report;
use crate::ids::{CompanyId, ProjectId};
use crate::portfolio::Project;
use crate::rate::Rate;

/// Every project whose ids could be read, and the index of their ids.
pub(super) fn projects(
    records: &Records,
    companies: &Index<CompanyId>,
    report: &mut Report,
) -> (Vec<Project>, Index<ProjectId>) {
    let mut index = Index::new(ProjectId::KIND, "projects.csv", records.complete());
    let mut projects = Vec::new();
    for record in records.iter() {
        let company = record.id::<CompanyId>("company_id");
        if let Some(company) = &company {
            companies.check(company, &record, "company_id", report);
        }
        let Some(id) = record.id::<ProjectId>("project_id") else {
            index.has_gap();
            continue;
        };
        if index.add(&id, record.place("project_id"), report)
            && let Some(company) = company
        {
            projects.push(project(id, company, &record));
        }
    }
    (projects, index)
}

fn project(id: ProjectId, company: CompanyId, record: &Record) -> Project {
    let basics = Project::new(id, company);
    Project {
        name: record.text("name").unwrap_or(basics.name),
        region: record.text("region"),
        province: record.text("province"),
        municipality: record.text("municipality"),
        aid_area: record.text("aid_area"),
        score: record.number("score"),
        success_probability: record.share("success_probability").unwrap_or(Rate::ONE),
        loan_amount: record.money("loan_amount"),
        loan_years: record.number("loan_years"),
        grace_months: record.number("grace_months"),
        attributes: record.attributes(),
        id: basics.id,
        company: basics.company,
    }
}
