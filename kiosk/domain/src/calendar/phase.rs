//! What the centre is doing at one moment (R1).

use super::{Calendar, ClosedReason, Day, Hours};
use crate::hhmm;
use crate::ids::ProgrammeId;
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A programme that keeps the doors open for its own people outside the opening hours, as the caller knows it. Both times are of one
/// date, since evening programmes end by 21:00; one that runs over midnight never opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evening {
    /// Which programme.
    pub programme: ProgrammeId,
    /// From when its people are let in.
    pub doors_open: NaiveDateTime,
    /// When it ends.
    pub ends: NaiveDateTime,
}

/// What the centre is doing. Times are of the same day, `HH:MM`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "phase", rename_all = "snake_case", deny_unknown_fields)]
pub enum Phase {
    /// Not yet open today.
    Before {
        /// When it opens.
        #[serde(with = "hhmm")]
        #[schema(value_type = String, example = "09:30")]
        opens: NaiveTime,
        /// The closure under way, if that is why.
        reason: Option<ClosedReason>,
    },
    /// Staff prepare; nobody else is let in.
    Preparation {
        /// When it opens.
        #[serde(with = "hhmm")]
        #[schema(value_type = String, example = "09:30")]
        opens: NaiveTime,
    },
    /// Open to everyone.
    Open {
        /// Until when, the next closure of the day included.
        #[serde(with = "hhmm")]
        #[schema(value_type = String, example = "18:00")]
        until: NaiveTime,
    },
    /// Closed in the middle of the day.
    Break {
        /// When it opens again.
        #[serde(with = "hhmm")]
        #[schema(value_type = String, example = "15:00")]
        reopens: NaiveTime,
        /// The closure under way, if that is why.
        reason: Option<ClosedReason>,
    },
    /// Open for the people of these programmes only.
    Evening {
        /// The programmes, in the order given.
        programmes: Vec<ProgrammeId>,
        /// When the last of them ends.
        #[serde(with = "hhmm")]
        #[schema(value_type = String, example = "21:00")]
        until: NaiveTime,
    },
    /// Closed for the rest of the day. [`Calendar::next_opening`] says until when.
    Closed {
        /// Why; `None` when the day has simply ended.
        reason: Option<ClosedReason>,
    },
}

impl Calendar {
    /// What the centre is doing at `now`, wall time in Japan. `evenings` may hold other days too.
    ///
    /// Opening hours come before evening programmes, these before preparation, breaks and closing; closures stop evening programmes too.
    pub fn phase(&self, now: NaiveDateTime, evenings: &[Evening]) -> Phase {
        let (day, time) = (self.day(now.date()), now.time());
        if let Some(stretch) = day.hours.iter().find(|stretch| stretch.contains(time)) {
            return Phase::Open {
                until: stretch.close,
            };
        }
        self.evening(now, evenings)
            .unwrap_or_else(|| self.not_open(&day, time))
    }

    /// The evening programmes under way.
    fn evening(&self, now: NaiveDateTime, evenings: &[Evening]) -> Option<Phase> {
        let under_way: Vec<_> = evenings
            .iter()
            .filter_map(|evening| {
                let stretches = self.evening_hours(now, evening);
                let stretch = stretches
                    .into_iter()
                    .find(|stretch| stretch.contains(now.time()))?;
                Some((evening.programme.clone(), stretch.close))
            })
            .collect();
        let until = under_way.iter().map(|(_, until)| *until).max()?;
        Some(Phase::Evening {
            programmes: under_way
                .into_iter()
                .map(|(programme, _)| programme)
                .collect(),
            until,
        })
    }

    /// What the closures of the day leave of an evening programme.
    fn evening_hours(&self, now: NaiveDateTime, evening: &Evening) -> Vec<Hours> {
        let date = now.date();
        if evening.doors_open.date() != date
            || evening.ends.date() != date
            || self.is_out_of_service(date)
        {
            return Vec::new();
        }
        let whole = Hours {
            open: evening.doors_open.time(),
            close: evening.ends.time(),
        };
        let gaps = self.closures.iter().filter_map(|closure| closure.gap(date));
        gaps.fold(vec![whole], |left, gap| {
            left.into_iter()
                .flat_map(|stretch| stretch.without(gap))
                .collect()
        })
    }

    fn not_open(&self, day: &Day, time: NaiveTime) -> Phase {
        let reason = || self.reason_at(day, time);
        let Some(opens) = day
            .hours
            .iter()
            .map(|stretch| stretch.open)
            .find(|open| time < *open)
        else {
            return Phase::Closed { reason: reason() };
        };
        if day.hours.first().is_some_and(|first| first.open < opens) {
            Phase::Break {
                reopens: opens,
                reason: reason(),
            }
        } else if opens - time <= TimeDelta::minutes(self.preparation_minutes.into()) {
            Phase::Preparation { opens }
        } else {
            Phase::Before {
                opens,
                reason: reason(),
            }
        }
    }

    /// On a closed day its reason, else the closure that covers `time`.
    fn reason_at(&self, day: &Day, time: NaiveTime) -> Option<ClosedReason> {
        if !day.is_open() {
            return day.reason.clone();
        }
        let covers =
            |closure: &&super::Closure| closure.gap(day.date).is_some_and(|gap| gap.contains(time));
        self.closures
            .iter()
            .find(covers)
            .map(super::Closure::reason)
    }
}
