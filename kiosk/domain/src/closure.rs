//! A closure that staff decide on at the door: for a while nobody is let in, and nobody inside has to go.
//!
//! It stands beside the calendar and not in it: the calendar's closures end visits, and these must not.

use crate::calendar::{ClosedReason, Phase};
use crate::reference::{DateTime, JST, Reference};
use crate::today::Today;
use crate::verdict::NextOpening;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Such a closure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemporaryClosure {
    /// From when.
    pub from: DateTime,
    /// Until when; moved forward where staff opened again before.
    pub until: DateTime,
}

impl Today {
    /// The closure by staff that covers a moment.
    pub fn closure_at(&self, moment: DateTime) -> Option<TemporaryClosure> {
        let covers = |closure: &&TemporaryClosure| closure.from <= moment && moment < closure.until;
        self.staff.closures.iter().rev().find(covers).copied()
    }
}

/// What the centre is doing: the calendar's word, and over it that of staff.
pub fn phase(reference: &Reference, today: &Today, now: DateTime) -> Phase {
    let local = now.with_timezone(&JST);
    let evenings = reference.evenings(local.date_naive());
    let by_calendar = reference.calendar.phase(local.naive_local(), &evenings);
    let is_open = matches!(by_calendar, Phase::Open { .. } | Phase::Evening { .. });
    if !is_open || today.closure_at(now).is_none() {
        return by_calendar;
    }
    let reason = Some(ClosedReason::Centre);
    match next_opening(reference, today, now) {
        Some(next) if next.date == local.date_naive() => Phase::Break {
            reopens: next.time,
            reason,
        },
        _ => Phase::Closed { reason },
    }
}

/// When the centre opens next to everyone.
pub fn next_opening(reference: &Reference, today: &Today, now: DateTime) -> Option<NextOpening> {
    let calendar = &reference.calendar;
    let closure = today.closure_at(now);
    let from = closure.map_or(now, |closure| closure.until);
    let from = from.with_timezone(&JST).naive_local();
    let hours = calendar.day(from.date()).hours;
    let is_open_then = hours.iter().any(|hours| hours.contains(from.time()));
    if closure.is_some() && is_open_then {
        return Some(NextOpening {
            date: from.date(),
            time: from.time(),
        });
    }
    let (date, time) = calendar.next_opening(from)?;
    Some(NextOpening { date, time })
}
