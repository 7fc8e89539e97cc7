//! Two applications and the clauses of their measures about each other (S13).

use chrono::NaiveDate;

use super::super::application::Application;
use crate::ids::{MeasureId, RuleId};
use crate::measure::{Calendar, Cumulation, Facts, Measure, Meeting, MeetingPlace, Truth};
use crate::portfolio::Portfolio;

/// What is known of other aid.
pub(super) struct OtherAid<'a> {
    pub(super) regimes: Vec<&'a str>,
    pub(super) fund_source: Option<&'a str>,
    pub(super) measure: &'a str,
    pub(super) same_authority: bool,
    pub(super) granted_on: NaiveDate,
}

/// The first clause of a measure that speaks about other aid at a place.
pub(super) fn clause<'m>(
    facts: &Facts<'m>,
    other: &OtherAid<'_>,
    place: MeetingPlace,
) -> Option<&'m Cumulation> {
    let granted = facts.calendar.granted_on.unwrap_or(facts.calendar.as_of).max(other.granted_on);
    let speaks = |clause: &&Cumulation| {
        let truth = clause.when.evaluate(facts);
        // What is not known stands in the way of meeting.
        let holds = match clause.effect {
            Meeting::Forbid => truth != Truth::False,
            Meeting::Allow(_) => truth == Truth::True,
        };
        clause.scope == place
            && clause.from.is_none_or(|from| granted >= from)
            && holds
            && clause.with.fits(&other.regimes, other.fund_source, other.measure, other.same_authority)
    };
    facts.measure.cumulation.iter().find(speaks)
}

/// Two applications of one company to two measures, each with what it sees of the other.
pub(super) struct Met<'a> {
    pub(super) sides: [(Facts<'a>, OtherAid<'a>); 2],
    pub(super) same_project: bool,
}

/// The days of two applications; none of one to a measure that is not there.
pub(super) fn days(
    portfolio: &Portfolio,
    measures: &[Measure],
    one: &Application,
    other: &Application,
) -> Option<[Calendar; 2]> {
    let days = |of: &Application| {
        let measure = measures.iter().find(|measure| measure.id == of.measure)?;
        Some(super::super::calendar(portfolio, portfolio.project(&of.project)?, measure))
    };
    Some([days(one)?, days(other)?])
}

impl<'a> Met<'a> {
    pub(super) fn of(
        portfolio: &'a Portfolio,
        measures: &'a [Measure],
        [one, other]: [&'a Application; 2],
        [days, other_days]: &'a [Calendar; 2],
    ) -> Option<Met<'a>> {
        let measure = |of: &Application| measures.iter().find(|measure| measure.id == of.measure);
        let (of_one, of_other) = (measure(one)?, measure(other)?);
        let facts = |application: &'a Application, measure: &'a Measure, days: &'a Calendar| {
            let project = portfolio.project(&application.project)?;
            Facts::of_application(portfolio, project, measure, &application.variant, days)
        };
        let same_authority = of_one.authority == of_other.authority;
        let sides = [
            (facts(one, of_one, days)?, seen(other, of_other, same_authority)),
            (facts(other, of_other, other_days)?, seen(one, of_one, same_authority)),
        ];
        Some(Met { sides, same_project: one.project == other.project })
    }

    /// The clause of each about the other at a place.
    pub(super) fn at(&self, place: MeetingPlace) -> [Option<&'a Cumulation>; 2] {
        self.sides.each_ref().map(|(facts, other)| clause(facts, other, place))
    }

    /// Where a clause that forbids keeps them from being made together.
    pub(super) fn apart(&self) -> impl Iterator<Item = MeetingPlace> + use<> {
        [MeetingPlace::Company].into_iter().chain(self.same_project.then_some(MeetingPlace::Project))
    }
}

/// The clause that keeps two applications from being made together, or from sharing an expense; none where none says so.
pub fn forbidding(
    portfolio: &Portfolio,
    measures: &[Measure],
    one: &Application,
    other: &Application,
) -> Option<(MeasureId, RuleId)> {
    let days = days(portfolio, measures, one, other)?;
    let met = Met::of(portfolio, measures, [one, other], &days)?;
    let mut places = met.apart().chain([MeetingPlace::Expense]);
    places.find_map(|place| {
        let mut sides = met.sides.iter().zip(met.at(place));
        let (facts, clause) =
            sides.find_map(|((facts, _), clause)| Some((facts, clause.filter(|c| c.forbids())?)))?;
        Some((facts.measure.id.clone(), clause.rule.id.clone()))
    })
}

/// Whether a clause of the first application's measure lets its aid meet the other's on an expense.
pub fn lets_meet(
    portfolio: &Portfolio,
    measures: &[Measure],
    one: &Application,
    other: &Application,
) -> bool {
    let Some(days) = days(portfolio, measures, one, other) else { return false };
    let met = Met::of(portfolio, measures, [one, other], &days);
    met.and_then(|met| met.at(MeetingPlace::Expense)[0]).is_some_and(|clause| !clause.forbids())
}

fn seen<'a>(application: &'a Application, measure: &'a Measure, same_authority: bool) -> OtherAid<'a> {
    OtherAid {
        regimes: application.regimes.iter().map(String::as_str).collect(),
        fund_source: measure.fund_source.as_deref(),
        measure: measure.id.as_str(),
        same_authority,
        granted_on: application.granted_on,
    }
}
