//! When one may apply, and the dates everything else is counted from (S5).

use chrono::{Days, NaiveDate};

use super::rule::Rule;
use crate::dates::{Anchor, Span};
use crate::portfolio::{MeasureSettings, Settings};

/// What the authority has said so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Criteria approved, no dates yet.
    Announced,
    /// Open in its window.
    Open,
    /// Over.
    Closed,
}

impl Status {
    /// Every status with the word measure files use.
    pub const NAMES: [(&'static str, Status); 3] =
        [("announced", Status::Announced), ("open", Status::Open), ("closed", Status::Closed)];

    /// The word measure files use.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, status)| *status == self).map_or("", |(name, _)| name)
    }
}

/// What an order before the application is filed takes down (S5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EarlyOrder {
    /// Nothing.
    Allowed,
    /// The line.
    Line,
    /// The application: the works have started, the incentive effect is gone (GBER art. 6).
    Application,
}

/// The window of a measure and what is estimated of its course.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// What the authority has said.
    pub status: Status,
    /// First day of applications.
    pub opens: Option<NaiveDate>,
    /// Last day of applications.
    pub closes: Option<NaiveDate>,
    /// The hours, as the call states them (Europe/Rome); shown, not computed with.
    pub hours: Option<String>,
    /// Day by which grants are decided; wins over `granted_after`.
    pub grants_by: Option<NaiveDate>,
    /// Estimate of the time from filing to grant.
    pub granted_after: Span,
    /// What an early order takes down.
    pub early_order: EarlyOrder,
    /// The rules behind: ids `window` and `early-order` with their references.
    pub rules: Vec<Rule>,
}

/// The dates of one application, all of them assumptions until they have happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The day of planning.
    pub as_of: NaiveDate,
    /// First day of applications.
    pub opens: Option<NaiveDate>,
    /// Last day of applications.
    pub closes: Option<NaiveDate>,
    /// Day the application is filed; none when the measure is not open to it.
    pub filed_on: Option<NaiveDate>,
    /// Day the grant is decided.
    pub granted_on: Option<NaiveDate>,
    /// Days every absolute date of the measure is moved by, when it is reissued as a hypothesis.
    pub shift: Option<i64>,
}

impl Calendar {
    /// The calendar of an application to a measure.
    ///
    /// Filed on the day the settings say, else on the first day possible from `as_of`. A measure that is not open then is opened as a
    /// hypothesis by `reissue` (on its day) or `assume_open` (on `as_of`): every absolute date moves by the same number of days;
    /// an announced measure without dates just opens.
    pub fn new(window: &Window, settings: &Settings, of_measure: &MeasureSettings) -> Calendar {
        let as_of = settings.as_of;
        let mut calendar = Calendar {
            as_of,
            opens: window.opens,
            closes: window.closes,
            filed_on: None,
            granted_on: None,
            shift: None,
        };
        let filed = |c: &Calendar| of_measure.filed_on.unwrap_or_else(|| as_of.max(c.opens.unwrap_or(as_of)));
        let open_on = |c: &Calendar, day: NaiveDate| {
            c.opens.is_some_and(|opens| day >= opens) && c.closes.is_none_or(|closes| day <= closes)
        };
        // A closed measure whose last day nobody knows takes no new application; one that the settings say is filed may have been.
        let status_allows = match window.status {
            Status::Open => true,
            Status::Closed => window.closes.is_some() || of_measure.filed_on.is_some_and(|day| day <= as_of),
            Status::Announced => false,
        };
        let open = status_allows && open_on(&calendar, filed(&calendar));
        let start = of_measure.reissue.or((settings.assume_open && !open).then_some(as_of));
        if let Some(start) = start {
            let days = window.opens.map_or(0, |opens| (start - opens).num_days());
            calendar.shift = Some(days);
            calendar.opens = Some(start);
            calendar.closes = window.closes.map(|day| shifted(day, days));
        }
        let day = filed(&calendar);
        if (open || calendar.shift.is_some()) && open_on(&calendar, day) {
            calendar.filed_on = Some(day);
            let by = window.grants_by.map(|by| shifted(by, calendar.shift.unwrap_or(0)));
            let estimate = by.filter(|by| *by >= day).unwrap_or_else(|| window.granted_after.after(day));
            calendar.granted_on = Some(of_measure.granted_on.unwrap_or(estimate));
        }
        calendar
    }

    /// The date of an anchor.
    pub fn date(&self, anchor: Anchor) -> Option<NaiveDate> {
        match anchor {
            Anchor::Opens => self.opens,
            Anchor::Closes => self.closes,
            Anchor::FiledOn => self.filed_on,
            Anchor::GrantedOn => self.granted_on,
        }
    }

    /// An absolute date of the measure, moved along if it is reissued.
    pub fn moved(&self, day: NaiveDate) -> NaiveDate {
        shifted(day, self.shift.unwrap_or(0))
    }
}

fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved = if days >= 0 { day.checked_add_days(distance) } else { day.checked_sub_days(distance) };
    moved.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn window() -> Window {
        Window {
            status: Status::Closed,
            opens: Some(day("2019-04-10")),
            closes: Some(day("2019-05-31")),
            hours: None,
            grants_by: Some(day("2019-07-30")),
            granted_after: Span { months: 3, days: 0 },
            early_order: EarlyOrder::Allowed,
            rules: Vec::new(),
        }
    }

    fn settings(as_of: &str) -> Settings {
        Settings { as_of: day(as_of), ..Settings::default() }
    }

    #[test]
    fn an_open_measure_is_filed_on_the_first_day_possible() {
        let calendar = Calendar::new(&window(), &settings("2019-01-01"), &MeasureSettings::default());
        assert_eq!(calendar.filed_on, Some(day("2019-04-10")));
        assert_eq!(calendar.granted_on, Some(day("2019-07-30")));
        assert_eq!(calendar.shift, None);
    }

    #[test]
    fn a_closed_measure_has_no_filing_day_unless_reissued() {
        let closed = Calendar::new(&window(), &settings("2026-06-01"), &MeasureSettings::default());
        assert_eq!(closed.filed_on, None);
        let again = MeasureSettings { reissue: Some(day("2026-06-10")), ..MeasureSettings::default() };
        let reissued = Calendar::new(&window(), &settings("2026-06-01"), &again);
        assert_eq!(reissued.filed_on, Some(day("2026-06-10")));
        // 51 days after opening, as in the call.
        assert_eq!(reissued.closes, Some(day("2026-07-31")));
        assert_eq!(reissued.moved(day("2019-04-10")), day("2026-06-10"));
    }

    #[test]
    fn a_closed_measure_without_a_last_day_takes_no_new_application() {
        let endless = Window { closes: None, ..window() };
        let closed = Calendar::new(&endless, &settings("2026-06-01"), &MeasureSettings::default());
        assert_eq!(closed.filed_on, None);
        let filed = MeasureSettings { filed_on: Some(day("2019-06-03")), ..MeasureSettings::default() };
        let then = Calendar::new(&endless, &settings("2026-06-01"), &filed);
        assert_eq!(then.filed_on, Some(day("2019-06-03")));
        let assumed = Settings { assume_open: true, ..settings("2026-06-01") };
        let assumed = Calendar::new(&endless, &assumed, &MeasureSettings::default());
        assert_eq!((assumed.filed_on, assumed.shift), (Some(day("2026-06-01")), Some(2609)));
    }

    #[test]
    fn assume_open_opens_on_the_day_of_planning() {
        let settings = Settings { assume_open: true, ..settings("2026-06-01") };
        let calendar = Calendar::new(&window(), &settings, &MeasureSettings::default());
        assert_eq!(calendar.filed_on, Some(day("2026-06-01")));
        let announced = Window { status: Status::Announced, opens: None, closes: None, ..window() };
        let calendar = Calendar::new(&announced, &settings, &MeasureSettings::default());
        assert_eq!(calendar.filed_on, Some(day("2026-06-01")));
        assert_eq!(calendar.closes, None);
    }
}
