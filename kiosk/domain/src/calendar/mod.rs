//! When the centre is open, for whom, and why not (R1, R2).
//!
//! [`Calendar`] is the collection the office sends; everything else follows from it and a date. All times are wall time in Japan.
//! A day is reckoned in this order, and the first that applies decides:
//!
//! 1. Outside the service nothing is open.
//! 2. Special openings are the hours of their date, whatever the rest of the year does.
//! 3. The year's end, national holidays and the weekly day off are closed, in this order; other days have their weekly hours.
//! 4. Closures then take their time away, from special openings and evening programmes too: a typhoon stops everything.

mod check;
pub mod holidays;
mod hours;
mod phase;
mod words;

pub use check::CalendarError;
pub use holidays::{Holiday, holiday};
pub use hours::{Hours, WeeklyHours};
pub use phase::{Evening, Phase};

use crate::hhmm;
use crate::text::Text;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use hours::{Gap, joined};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// How many days [`Calendar::next_opening`] looks ahead.
const SEARCH_DAYS: u64 = 400;

/// The collection `calendar`. Every field has the default of the specification, so the office sends what differs.
///
/// What the methods answer holds for a calendar that passes [`Calendar::check`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Calendar {
    /// Opening hours by weekday; Mon–Fri 9:30–18:00, Sat 9:30–17:00.
    pub weekly: WeeklyHours,
    /// Minutes of preparation before the day's first opening, staff only; 30.
    pub preparation_minutes: u16,
    /// Whether national holidays are closed; true.
    pub closed_on_holidays: bool,
    /// The closure at the year's end; 12-29 to 01-03. `null` for none.
    pub year_end: Option<YearEnd>,
    /// The first day of the service; 2026-07-01. `null` for no beginning.
    pub service_from: Option<NaiveDate>,
    /// The last day of the service; 2027-03-31. `null` for no end.
    pub service_to: Option<NaiveDate>,
    /// Special closures, whole days or parts of a day.
    pub closures: Vec<Closure>,
    /// Days with hours of their own, open even where the rest of the calendar is closed.
    pub special_openings: Vec<SpecialOpening>,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            weekly: WeeklyHours::default(),
            preparation_minutes: 30,
            closed_on_holidays: true,
            year_end: Some(YearEnd {
                from: MonthDay { month: 12, day: 29 },
                to: MonthDay { month: 1, day: 3 },
            }),
            service_from: NaiveDate::from_ymd_opt(2026, 7, 1),
            service_to: NaiveDate::from_ymd_opt(2027, 3, 31),
            closures: Vec::new(),
            special_openings: Vec::new(),
        }
    }
}

/// A stretch of days that is closed every year, both ends included; it may run over New Year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct YearEnd {
    /// The first closed day.
    #[schema(value_type = String, example = "12-29")]
    pub from: MonthDay,
    /// The last closed day.
    #[schema(value_type = String, example = "01-03")]
    pub to: MonthDay,
}

impl YearEnd {
    fn contains(&self, date: NaiveDate) -> bool {
        let (from, to) = (
            (self.from.month, self.from.day),
            (self.to.month, self.to.day),
        );
        let day = (date.month(), date.day());
        if from <= to {
            from <= day && day <= to
        } else {
            from <= day || day <= to
        }
    }
}

/// A day of every year, written `MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u32,
    day: u32,
}

/// Text that is not a day of the year.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day of the year: write month and day as MM-DD, such as 12-29")]
pub struct NotAMonthDay(String);

impl TryFrom<String> for MonthDay {
    type Error = NotAMonthDay;

    fn try_from(text: String) -> Result<Self, NotAMonthDay> {
        // A leap year, so that 02-29 is a day.
        let date = NaiveDate::parse_from_str(&format!("2000-{text}"), "%Y-%m-%d")
            .ok()
            .filter(|_| text.len() == 5);
        date.map(|date| Self {
            month: date.month(),
            day: date.day(),
        })
        .ok_or(NotAMonthDay(text))
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        format!("{:02}-{:02}", day.month, day.day)
    }
}

/// A special closure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// Whose doing it is.
    pub kind: ClosureKind,
    /// For how long.
    pub when: ClosureTime,
    /// What visitors are told.
    pub text: Text,
}

/// Why there is a special closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosureKind {
    /// The building, カメリアプラザ, is closed (R2).
    Building,
    /// The centre itself needs it.
    Centre,
    /// Typhoon, snow, heat.
    Weather,
}

/// The time a closure takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClosureTime {
    /// Whole days, evenings included.
    Days {
        /// The first closed day.
        from: NaiveDate,
        /// The last closed day; the same for a single one.
        to: NaiveDate,
    },
    /// A part of one day.
    Part {
        /// The day.
        date: NaiveDate,
        /// The first closed minute, `HH:MM`; from the beginning of the day if absent.
        #[serde(default, with = "hhmm::option")]
        #[schema(value_type = Option<String>, example = "13:00")]
        from: Option<NaiveTime>,
        /// The first minute after it, `HH:MM`; to the end of the day, evenings included, if absent.
        #[serde(default, with = "hhmm::option")]
        #[schema(value_type = Option<String>, example = "15:00")]
        to: Option<NaiveTime>,
    },
}

impl Closure {
    /// What this closure takes out of `date`.
    fn gap(&self, date: NaiveDate) -> Option<Gap> {
        match self.when {
            ClosureTime::Days { from, to } => (from <= date && date <= to).then_some(Gap {
                from: None,
                to: None,
            }),
            ClosureTime::Part {
                date: day,
                from,
                to,
            } => (day == date).then_some(Gap { from, to }),
        }
    }

    fn reason(&self) -> ClosedReason {
        match self.kind {
            ClosureKind::Building => ClosedReason::Building,
            ClosureKind::Centre => ClosedReason::Centre,
            ClosureKind::Weather => ClosedReason::Weather,
        }
    }
}

/// A day with hours of its own. Several on one date make several stretches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialOpening {
    /// The day.
    pub date: NaiveDate,
    /// From when until when.
    pub hours: Hours,
    /// What visitors are told, if anything.
    #[serde(default)]
    pub text: Option<Text>,
}

/// One day as the calendar has it, evening programmes aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Which day.
    pub date: NaiveDate,
    /// When it is open, in order and apart: usually one stretch, none on a closed day, two around a midday closure.
    pub hours: Vec<Hours>,
    /// Why it is closed, or why a closure shortens it; `None` on an ordinary day.
    pub reason: Option<ClosedReason>,
    /// The words of the closure, or of the special opening.
    pub text: Option<Text>,
}

impl Day {
    fn closed(date: NaiveDate, reason: ClosedReason) -> Self {
        Self {
            date,
            hours: Vec::new(),
            reason: Some(reason),
            text: None,
        }
    }

    /// Whether it is open at any time of the day.
    pub fn is_open(&self) -> bool {
        !self.hours.is_empty()
    }
}

/// Why the centre is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClosedReason {
    /// The weekly day off: Sunday, as shipped.
    WeeklyClosed,
    /// A national holiday, substitute and sandwiched days included.
    Holiday {
        /// Its name, such as `秋分の日`.
        name_ja: String,
        /// Its name, such as `Autumnal Equinox Day`.
        name_en: String,
    },
    /// The closure at the year's end.
    YearEnd,
    /// The building requires it.
    Building,
    /// The centre itself requires it.
    Centre,
    /// The weather requires it.
    Weather,
    /// Before the service begins or after it has ended.
    OutOfService,
}

impl ClosedReason {
    /// The reason without its details.
    pub fn code(&self) -> ReasonCode {
        match self {
            Self::WeeklyClosed => ReasonCode::WeeklyClosed,
            Self::Holiday { .. } => ReasonCode::Holiday,
            Self::YearEnd => ReasonCode::YearEnd,
            Self::Building => ReasonCode::Building,
            Self::Centre => ReasonCode::Centre,
            Self::Weather => ReasonCode::Weather,
            Self::OutOfService => ReasonCode::OutOfService,
        }
    }
}

/// A [`ClosedReason`] as one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// See [`ClosedReason::WeeklyClosed`].
    WeeklyClosed,
    /// See [`ClosedReason::Holiday`].
    Holiday,
    /// See [`ClosedReason::YearEnd`].
    YearEnd,
    /// See [`ClosedReason::Building`].
    Building,
    /// See [`ClosedReason::Centre`].
    Centre,
    /// See [`ClosedReason::Weather`].
    Weather,
    /// See [`ClosedReason::OutOfService`].
    OutOfService,
}

impl fmt::Display for ReasonCode {
    /// The same word as in JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WeeklyClosed => "weekly_closed",
            Self::Holiday => "holiday",
            Self::YearEnd => "year_end",
            Self::Building => "building",
            Self::Centre => "centre",
            Self::Weather => "weather",
            Self::OutOfService => "out_of_service",
        })
    }
}

impl Calendar {
    /// When `date` is open, and if not, why.
    pub fn day(&self, date: NaiveDate) -> Day {
        if self.is_out_of_service(date) {
            return Day::closed(date, ClosedReason::OutOfService);
        }
        let special: Vec<_> = self
            .special_openings
            .iter()
            .filter(|opening| opening.date == date)
            .collect();
        let mut day = if special.is_empty() {
            self.regular_day(date)
        } else {
            let hours = joined(special.iter().map(|opening| opening.hours).collect());
            Day {
                date,
                hours,
                reason: None,
                text: special.iter().find_map(|opening| opening.text.clone()),
            }
        };
        let mut is_cut = false;
        for closure in &self.closures {
            let Some(gap) = closure.gap(date) else {
                continue;
            };
            let left: Vec<_> = day
                .hours
                .iter()
                .flat_map(|stretch| stretch.without(gap))
                .collect();
            // The first that shortens the day explains it, unless a later one closes it altogether.
            if left != day.hours && (left.is_empty() || !is_cut) {
                (day.reason, day.text, is_cut) =
                    (Some(closure.reason()), Some(closure.text.clone()), true);
            }
            day.hours = left;
        }
        day
    }

    /// Why a closure takes some of the time from `from` until `to`, of one day; the first of several that do. The weekly hours and holidays are
    /// no closures.
    pub fn closure_over(&self, from: NaiveDateTime, to: NaiveDateTime) -> Option<ClosedReason> {
        let takes_some = |closure: &&Closure| {
            let gap = closure.gap(from.date());
            gap.is_some_and(|gap| gap.overlaps(from.time(), to.time()))
        };
        self.closures.iter().find(takes_some).map(Closure::reason)
    }

    /// The day by the year's end, holidays and weekly hours alone.
    fn regular_day(&self, date: NaiveDate) -> Day {
        if self.year_end.is_some_and(|days| days.contains(date)) {
            return Day::closed(date, ClosedReason::YearEnd);
        }
        if let Some(holiday) = holiday(date).filter(|_| self.closed_on_holidays) {
            let (name_ja, name_en) = (holiday.name_ja.to_owned(), holiday.name_en.to_owned());
            return Day::closed(date, ClosedReason::Holiday { name_ja, name_en });
        }
        match self.weekly.on(date.weekday()) {
            Some(hours) => Day {
                date,
                hours: vec![hours],
                reason: None,
                text: None,
            },
            None => Day::closed(date, ClosedReason::WeeklyClosed),
        }
    }

    fn is_out_of_service(&self, date: NaiveDate) -> bool {
        self.service_from.is_some_and(|first| date < first)
            || self.service_to.is_some_and(|last| last < date)
    }

    /// When the centre closes for the last time on `date`, evening programmes aside; `None` on a closed day. On a day with a midday
    /// closure [`Phase::Open`] says until when one may stay now.
    pub fn closing(&self, date: NaiveDate) -> Option<NaiveTime> {
        self.day(date).hours.last().map(|stretch| stretch.close)
    }

    /// The next time the doors open to everyone, strictly later than `after`; `None` if they do not within 400 days.
    pub fn next_opening(&self, after: NaiveDateTime) -> Option<(NaiveDate, NaiveTime)> {
        (0..=SEARCH_DAYS).find_map(|days| {
            let date = after.date().checked_add_days(Days::new(days))?;
            let hours = self.day(date).hours;
            hours
                .iter()
                .map(|stretch| (date, stretch.open))
                .find(|(date, open)| date.and_time(*open) > after)
        })
    }
}

/// One day of `GET /v1/calendar` (design section 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDay {
    /// Which day.
    pub date: NaiveDate,
    /// When it opens, `HH:MM`; `null` when closed.
    #[serde(with = "hhmm::option")]
    #[schema(value_type = Option<String>, example = "09:30")]
    pub open: Option<NaiveTime>,
    /// When it closes for the last time, `HH:MM`; `null` when closed.
    #[serde(with = "hhmm::option")]
    #[schema(value_type = Option<String>, example = "18:00")]
    pub close: Option<NaiveTime>,
    /// Why it is closed, or why a closure shortens it; `null` on an ordinary day.
    pub reason: Option<ReasonCode>,
}

/// The days from `from` to `to`, both included; none if `to` is earlier. The caller limits the span.
pub fn calendar_days(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> Vec<CalendarDay> {
    let days = from.iter_days().take_while(|date| *date <= to);
    days.map(|date| {
        let day = calendar.day(date);
        CalendarDay {
            date,
            open: day.hours.first().map(|stretch| stretch.open),
            close: day.hours.last().map(|stretch| stretch.close),
            reason: day.reason.as_ref().map(ClosedReason::code),
        }
    })
    .collect()
}
