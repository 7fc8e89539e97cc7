//! `members.csv`: rows to members of partnerships (S17).

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::codes;
use super::fields::{MEMBERS, positions};
use super::place::shown;
use super::records::Records;
use super::references::Index;
use crate::diagnostics::{Diagnostic, Place, Report};
use crate::ids::{CompanyId, ProjectId};
use crate::portfolio::{Member, Size};

positions!(MEMBERS: PROJECT_ID = "project_id", COMPANY_ID = "company_id", SIZE = "size", ROLE = "role");

/// Every member whose ids could be read. The lead may be among them, to have a role; nobody twice.
pub(super) fn members(
    records: &Records,
    companies: &Index<CompanyId>,
    projects: &Index<ProjectId>,
    report: &mut Report,
) -> Vec<Member> {
    let mut rows: IndexMap<(ProjectId, CompanyId), usize> = IndexMap::new();
    let mut members = Vec::new();
    records.each(report, |record, report| {
        let (project, company) = (record.id::<ProjectId>(PROJECT_ID), record.id::<CompanyId>(COMPANY_ID));
        if let Some(project) = &project {
            projects.check(project, || record.place(PROJECT_ID), report);
        }
        if let Some(company) = &company {
            companies.check(company, || record.place(COMPANY_ID), report);
        }
        let (Some(project), Some(company)) = (project, company) else { return };
        match rows.entry((project.clone(), company.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(record.row);
            }
            Entry::Occupied(first) => {
                let first = Place { field: None, ..records.place(*first.get(), COMPANY_ID) };
                let (member, project) = (shown(company.as_str()), shown(project.as_str()));
                let message = format!("'{member}' is a member of '{project}' twice; first at {first}");
                report.push(
                    Diagnostic::error(codes::DUPLICATE_ID, record.place(COMPANY_ID), message)
                        .found(shown(company.as_str()))
                        .help("delete one of the two rows"),
                );
                return;
            }
        }
        let size = record.choice(SIZE, &Size::NAMES);
        members.push(Member { project, company, size, role: record.text(ROLE) });
    });
    members
}
