//! Members of a partnership (S17).

use super::company::{Company, Size};
use crate::ids::{CompanyId, ProjectId};
use crate::portfolio::Value;

/// A company that takes part in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The project.
    pub project: ProjectId,
    /// The company.
    pub company: CompanyId,
    /// Its size class in the partnership, where it is not that of the company.
    pub size: Option<Size>,
    /// Its role, in the words of the measures.
    pub role: Option<String>,
}

/// A member with its company's facts.
#[derive(Clone, Copy, Debug)]
pub struct MemberFacts<'a> {
    /// The company.
    pub company: &'a Company,
    /// What `members.csv` says of it, if it is there.
    pub member: Option<&'a Member>,
}

impl MemberFacts<'_> {
    /// The value of a fact, if known: `role`, `size` as a member, else a fact of the company.
    pub fn fact(&self, name: &str) -> Option<Value> {
        match name {
            "role" => self.member.and_then(|member| member.role.clone()).map(Value::Text),
            "size" => match self.member.and_then(|member| member.size) {
                Some(size) => Some(Value::text(size.name())),
                None => self.company.fact(name),
            },
            _ => self.company.fact(name),
        }
    }
}
