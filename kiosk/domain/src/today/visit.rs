//! A visit, and what it uses up.

use crate::attendance::Attendance;
use crate::event::{Activity, EndedBy, LimitedBy, Pause};
use crate::ids::{CompanyId, MemberId, ProgrammeId, ReservationId, SeatId, VisitId, ZoneId};
use crate::reference::{Category, DateTime};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One person's visit 来所.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Whose.
    pub member: MemberId,
    /// The member's category then.
    pub category: Category,
    /// The member's company then.
    pub company: Option<CompanyId>,
    /// What it is for.
    pub activity: Activity,
    /// The reservation it fulfils.
    pub reservation: Option<ReservationId>,
    /// The later reservation it leads up to.
    pub bridge_to: Option<ReservationId>,
    /// When it began.
    pub started_at: DateTime,
    /// Until when it is promised.
    pub until: DateTime,
    /// What ends it.
    pub limited_by: LimitedBy,
    /// From when it counts toward the day's total.
    pub counts_from: DateTime,
    /// What of it does not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// The seat, where it has one.
    pub seat: Option<SeatPlace>,
    /// Whether the promised end and the grace are past.
    pub overdue: bool,
    /// Outside for a while, where the visitor is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outing: Option<Outing>,
    /// How many came along.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub companions: u32,
    /// How it ended.
    pub ended: Option<Ended>,
    /// Part in a programme: the present use, or the last one of its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendance: Option<Attendance>,
    /// Uses that are over within this visit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<PastUse>,
}

/// A use that is over within a visit that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PastUse {
    /// What it was.
    pub activity: Activity,
    /// The reservation it fulfilled.
    pub reservation: Option<ReservationId>,
    /// Seconds of it that count toward the day's total.
    pub counted_s: i64,
}

/// A seat and its zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeatPlace {
    /// The seat.
    pub seat: SeatId,
    /// Its zone, as it was when the seat was promised.
    pub zone: ZoneId,
}

/// Serde asks by reference.
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A visitor's time outside 一時外出 (rules section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Outing {
    /// Since when.
    pub since: DateTime,
    /// Until when they are expected back.
    pub back_by: DateTime,
    /// Whether that and the grace are past.
    pub overdue: bool,
}

/// How and when a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// When.
    pub at: DateTime,
    /// By whom or what.
    pub by: EndedBy,
}

impl Visit {
    /// Whether the visit goes on; the visitor may have stepped out.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// Whether it has used up its reservation. Whoever leaves a bridge before the reservation begins may still come for it.
    pub fn uses(&self, reservation: &ReservationId) -> bool {
        let is_bridge = self.bridge_to.as_ref() == Some(reservation);
        let left_before = is_bridge && self.ended.is_some_and(|ended| ended.at < self.counts_from);
        self.used().any(|used| used == reservation) && !left_before
    }

    /// The reservations it fulfils or has fulfilled.
    pub(crate) fn used(&self) -> impl Iterator<Item = &ReservationId> {
        let earlier = self
            .earlier
            .iter()
            .filter_map(|one| one.reservation.as_ref());
        self.reservation.iter().chain(earlier)
    }

    /// Whether the visitor takes part in this programme now.
    pub fn attends(&self, programme: &ProgrammeId) -> bool {
        self.is_open()
            && self
                .attending()
                .is_some_and(|now| &now.programme == programme)
    }

    /// The programme they take part in now.
    pub(crate) fn attending(&self) -> Option<&Attendance> {
        self.attendance
            .as_ref()
            .filter(|attendance| !attendance.is_over)
    }

    /// How long it counts toward the day's total.
    pub fn counted(&self) -> TimeDelta {
        let earlier = self.earlier.iter().map(|one| one.counted_s).sum();
        let end = self.ended.map_or(self.until, |ended| ended.at);
        TimeDelta::seconds(earlier) + self.counted_until(end)
    }

    /// How long the present use would count toward the day's total if it ended then.
    pub(crate) fn counted_until(&self, end: DateTime) -> TimeDelta {
        if self.activity != Activity::Coworking {
            return TimeDelta::zero();
        }
        let pauses = self.pauses.iter();
        let paused: TimeDelta = pauses
            .map(|pause| pause.within(self.counts_from, end))
            .sum();
        (end - self.counts_from - paused).max(TimeDelta::zero())
    }
}
