//! Stretches of opening time, and the opening hours of a week.

use crate::hhmm;
use chrono::{NaiveTime, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One stretch of a day: from `open` on, until just before `close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The first minute inside, `HH:MM`.
    #[serde(with = "hhmm")]
    #[schema(value_type = String, example = "09:30")]
    pub open: NaiveTime,
    /// The first minute no longer inside, `HH:MM`; later than `open`, on the same day.
    #[serde(with = "hhmm")]
    #[schema(value_type = String, example = "18:00")]
    pub close: NaiveTime,
}

impl Hours {
    /// Whether the stretch covers this moment.
    pub fn contains(&self, time: NaiveTime) -> bool {
        self.open <= time && time < self.close
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.open < other.close && other.open < self.close
    }

    /// What is left, in order, when `gap` is taken out: the part before it, the part after it, both or nothing.
    pub(super) fn without(self, gap: Gap) -> impl Iterator<Item = Self> {
        let before = Self {
            open: self.open,
            close: self.close.min(gap.from.unwrap_or(NaiveTime::MIN)),
        };
        let after = gap.to.map(|to| Self {
            open: self.open.max(to),
            close: self.close,
        });
        [Some(before), after]
            .into_iter()
            .flatten()
            .filter(|left| left.open < left.close)
    }
}

/// Time taken out of a day; `None` is the beginning or the end of the day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub from: Option<NaiveTime>,
    pub to: Option<NaiveTime>,
}

impl Gap {
    pub fn contains(&self, time: NaiveTime) -> bool {
        self.from.is_none_or(|from| from <= time) && self.to.is_none_or(|to| time < to)
    }

    /// Whether it takes any of the time from `open` until `close`.
    pub fn overlaps(&self, open: NaiveTime, close: NaiveTime) -> bool {
        self.from.is_none_or(|from| from < close) && self.to.is_none_or(|to| open < to)
    }
}

/// Sorted, with stretches that touch or overlap joined.
pub(super) fn joined(mut stretches: Vec<Hours>) -> Vec<Hours> {
    stretches.sort_by_key(|stretch| stretch.open);
    let mut result: Vec<Hours> = Vec::new();
    for stretch in stretches {
        match result.last_mut() {
            Some(last) if stretch.open <= last.close => last.close = last.close.max(stretch.close),
            _ => result.push(stretch),
        }
    }
    result
}

/// The opening hours of each weekday. A weekday that is absent or `null` is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyHours {
    /// Monday.
    pub monday: Option<Hours>,
    /// Tuesday.
    pub tuesday: Option<Hours>,
    /// Wednesday.
    pub wednesday: Option<Hours>,
    /// Thursday.
    pub thursday: Option<Hours>,
    /// Friday.
    pub friday: Option<Hours>,
    /// Saturday.
    pub saturday: Option<Hours>,
    /// Sunday.
    pub sunday: Option<Hours>,
}

impl WeeklyHours {
    /// The hours of one weekday; `None` when it is closed.
    pub fn on(&self, weekday: Weekday) -> Option<Hours> {
        match weekday {
            Weekday::Mon => self.monday,
            Weekday::Tue => self.tuesday,
            Weekday::Wed => self.wednesday,
            Weekday::Thu => self.thursday,
            Weekday::Fri => self.friday,
            Weekday::Sat => self.saturday,
            Weekday::Sun => self.sunday,
        }
    }

    /// The days in order with the names they carry in the collection.
    pub(super) fn named(&self) -> [(&'static str, Option<Hours>); 7] {
        [
            ("monday", self.monday),
            ("tuesday", self.tuesday),
            ("wednesday", self.wednesday),
            ("thursday", self.thursday),
            ("friday", self.friday),
            ("saturday", self.saturday),
            ("sunday", self.sunday),
        ]
    }
}

impl Default for WeeklyHours {
    /// Mon–Fri 9:30–18:00, Sat 9:30–17:00, Sunday closed (R1).
    fn default() -> Self {
        let until = |hour| {
            let time = |h, m| NaiveTime::from_hms_opt(h, m, 0);
            Some(Hours {
                open: time(9, 30)?,
                close: time(hour, 0)?,
            })
        };
        let weekday = until(18);
        Self {
            monday: weekday,
            tuesday: weekday,
            wednesday: weekday,
            thursday: weekday,
            friday: weekday,
            saturday: until(17),
            sunday: None,
        }
    }
}
