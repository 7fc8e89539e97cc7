//! Floor 5: why an expense is not funded in full by a measure (design guarantee 5; table in `docs/semantics.md`).

use std::collections::BTreeMap;

use crate::allocation::Reason;
use crate::assess::{Assessment, binds};
use crate::eligibility::{Application, Claimed, Eligibility, are_parts};
use crate::ids::{ExpenseId, MeasureId, ProjectId};
use crate::measure::{Effect, Rule};
use crate::money::Money;
use crate::portfolio::Expense;
use crate::settle::Plan;

/// Where each expense may go: every application and line, in order.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    lines: BTreeMap<&'a ExpenseId, Vec<(usize, usize)>>,
    projects: BTreeMap<&'a ProjectId, Vec<usize>>,
}

impl<'a> Places<'a> {
    /// Of these applications.
    pub fn of(applications: &'a [Application]) -> Self {
        let mut places = Places { lines: BTreeMap::new(), projects: BTreeMap::new() };
        for (a, application) in applications.iter().enumerate() {
            places.projects.entry(&application.project).or_default().push(a);
            for (l, line) in application.lines.iter().enumerate() {
                places.lines.entry(&line.expense).or_default().push((a, l));
            }
        }
        places
    }

    /// The applications and lines of an expense.
    pub fn lines(&self, expense: &ExpenseId) -> &[(usize, usize)] {
        self.lines.get(expense).map_or(&[], Vec::as_slice)
    }

    /// Those in which the plan claims something of it.
    pub fn claimed(&self, plan: &Plan, expense: &ExpenseId) -> Vec<(usize, usize)> {
        let claimed = |(a, l): &(usize, usize)| {
            plan.assessment(*a).is_some_and(|assessment| assessment.claims[*l].is_positive())
        };
        self.lines(expense).iter().copied().filter(claimed).collect()
    }

    /// The applications of a project that are made.
    pub fn made<'p>(&'p self, plan: &'p Plan, project: &ProjectId) -> impl Iterator<Item = usize> + 'p {
        let all = self.projects.get(project).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(|a| plan.assessment(*a).is_some())
    }
}

/// The reasons of one expense, by measure: those for which it is refused and those the plan gives.
///
/// Where a measure has variants, those of the variant that is made count; where none is made, that one would take the expense, else the refusal.
pub fn reasons(found: &Eligibility, places: &Places<'_>, plan: &Plan, expense: &Expense) -> Vec<Reason> {
    let from = found.refusals.partition_point(|refusal| refusal.expense < expense.id);
    let refusals = found.refusals[from..].iter().take_while(|refusal| refusal.expense == expense.id);
    let mut reasons: BTreeMap<MeasureId, Reason> =
        refusals.map(|refusal| (refusal.reason.measure.clone(), refusal.reason.clone())).collect();
    let claimed = places.claimed(plan, &expense.id);
    let home = |measure: &MeasureId| {
        let other = |(a, _): &&(usize, usize)| found.applications[*a].measure != *measure;
        claimed.iter().find(other).map(|(a, _)| &found.applications[*a].measure)
    };
    let mut of_measure: BTreeMap<&MeasureId, Vec<(usize, usize)>> = BTreeMap::new();
    for (a, line) in places.lines(&expense.id) {
        of_measure.entry(&found.applications[*a].measure).or_default().push((*a, *line));
    }
    for a in places.made(plan, &expense.project) {
        let application = &found.applications[a];
        // A variant that is made and refuses what another would take.
        if let Ok(at) = application.refused.binary_search_by(|(refused, _)| refused.cmp(&expense.id)) {
            reasons.insert(application.measure.clone(), application.refused[at].1.clone());
            of_measure.remove(&application.measure);
        }
    }
    for (measure, lines) in of_measure {
        let made = lines.iter().find(|(a, _)| plan.assessment(*a).is_some()).map(|(a, _)| *a);
        let reason = match made {
            Some(a) => {
                let line = claimed.iter().find(|(at, _)| *at == a).map(|(_, line)| *line);
                let in_part = line.and_then(|line| in_part(&found.applications, plan, (a, line), &claimed));
                in_part.or_else(|| of_made(&found.applications[a], plan, a, line, home(measure)))
            }
            None => Some(
                home(measure)
                    .map_or_else(|| Reason::not_applied(measure), |other| Reason::elsewhere(measure, other)),
            ),
        };
        if let Some(reason) = reason {
            reasons.insert(measure.clone(), reason);
        }
    }
    reasons.into_values().collect()
}

/// The reason of a part that is as large as the other parts of the expense let it be (S6).
fn in_part(
    applications: &[Application],
    plan: &Plan,
    (a, l): (usize, usize),
    places: &[(usize, usize)],
) -> Option<Reason> {
    let claim = |(a, l): (usize, usize)| plan.assessment(a).map_or(Money::ZERO, |of| of.claims[l]);
    let claims: Vec<Claimed> = places.iter().map(|(a, l)| (*a, *l, claim((*a, *l)))).collect();
    if !are_parts(applications, &claims) {
        return None;
    }
    let line = &applications[a].lines[l];
    let others = || claims.iter().filter(|(b, ..)| *b != a);
    let taken: Money = others().map(|(b, m, claim)| applications[*b].lines[*m].part(*claim)).sum();
    let own = claim((a, l));
    let is_all = own < line.base && line.claim_of(line.divisible? - taken) <= own;
    let names: Vec<&MeasureId> = others().map(|(b, ..)| &applications[*b].measure).collect();
    is_all.then(|| Reason::in_part(&applications[a].measure, line.base - own, &names))
}

/// Why an application that is made does not fund an admissible expense in full; none where it does. `line` is the one that claims it.
fn of_made(
    application: &Application,
    plan: &Plan,
    at: usize,
    line: Option<usize>,
    home: Option<&MeasureId>,
) -> Option<Reason> {
    let measure = &application.measure;
    let assessment = plan.assessment(at)?;
    let Some(line) = line else {
        return Some(
            home.map_or_else(|| Reason::no_gain(measure), |other| Reason::elsewhere(measure, other)),
        );
    };
    let (base, claim) = (application.lines[line].base, assessment.claims[line]);
    let admitted = assessment.admitted[line];
    if claim < base {
        Some(Reason::under_claim(measure, base - claim))
    } else if admitted < claim {
        let rule = cutting(application, assessment, line)?;
        Some(Reason::cut(measure, rule, claim - admitted))
    } else {
        None
    }
}

/// The rule that cuts a line: the one that dropped it, else the first binding trim in file order whose set has it, else the first such
/// trim.
fn cutting<'a>(application: &'a Application, assessment: &Assessment, line: usize) -> Option<&'a Rule> {
    if let Some(dropping) = &assessment.dropped[line] {
        let limits = application.cost_limits.iter().map(|limit| &limit.rule);
        let limits = limits.chain(application.aid_limits.iter().map(|limit| &limit.rule));
        return limits
            .chain(application.companions.iter().map(|c| &c.rule))
            .find(|rule| rule.id == *dropping);
    }
    let trims = application.cost_limits.iter().filter(|l| l.effect == Effect::Trim && l.of.contains(&line));
    let binding = trims.clone().find(|limit| binds(limit, &assessment.admitted));
    binding.or_else(|| trims.clone().next()).map(|limit| &limit.rule)
}
