//! The consultation rooms 相談室, as the day knows them.

use super::{PastUse, Today};
use crate::adviser::{AdviserRole, AdviserState, ConsultationEnded, ConsultationStarted};
use crate::event::{Activity, Event};
use crate::ids::{AdviserId, ReservationId, VisitId};
use crate::reference::DateTime;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Who advises whom, and who waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rooms {
    /// What each adviser does, as far as they have said today; whoever has not is not here.
    pub advisers: BTreeMap<AdviserId, AdviserNow>,
    /// Consultations going on, by visit.
    pub consultations: BTreeMap<VisitId, Consultation>,
    /// Visitors without a reservation who wait for an adviser, in order.
    pub waiting: Vec<VisitId>,
    /// Reservations whose consultation has begun.
    pub begun: BTreeSet<ReservationId>,
    /// Since when nobody has been there to advise, as last told.
    pub alarm_since: Option<DateTime>,
    /// Whether an adviser has been here today.
    pub was_staffed: bool,
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdviserNow {
    /// As what they advise.
    pub role: AdviserRole,
    /// What they do.
    pub state: AdviserState,
}

/// A consultation going on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consultation {
    /// Who advises.
    pub advisers: BTreeSet<AdviserId>,
    /// When it began.
    pub started_at: DateTime,
    /// Until when it is meant to last.
    pub until: DateTime,
}

impl Rooms {
    /// How many advisers of the kind that must be present are in one of these states.
    pub(crate) fn count(&self, is: impl Fn(AdviserState) -> bool) -> usize {
        let advisers = self.advisers.values();
        advisers
            .filter(|one| one.role == AdviserRole::Adviser && is(one.state))
            .count()
    }

    pub(super) fn is_unused(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an adviser is present (R17).
    pub fn is_staffed(&self) -> bool {
        self.count(AdviserState::is_present) > 0
    }
}

impl Today {
    pub(super) fn fold_rooms(&mut self, event: &Event) {
        let rooms = &mut self.rooms;
        match event {
            Event::AdviserStateSet {
                adviser,
                role,
                state,
            } => {
                let now = AdviserNow {
                    role: *role,
                    state: *state,
                };
                rooms.advisers.insert(adviser.clone(), now);
                rooms.was_staffed |= rooms.is_staffed();
            }
            Event::ConsultationAwaited { visit } => rooms.waiting.push(visit.clone()),
            Event::ConsultationStarted(started) => self.begin_consultation(started),
            Event::ConsultationEnded(ConsultationEnded { visit, .. }) => {
                self.end_consultation(visit);
            }
            Event::StaffingAlarm { since } => rooms.alarm_since = Some(*since),
            Event::StaffingRestored {} => rooms.alarm_since = None,
            _ => {}
        }
    }

    fn begin_consultation(&mut self, started: &ConsultationStarted) {
        let rooms = &mut self.rooms;
        for adviser in &started.advisers {
            if let Some(now) = rooms.advisers.get_mut(adviser) {
                now.state = AdviserState::WithVisitor;
            }
        }
        rooms.waiting.retain(|visit| *visit != started.visit);
        rooms.begun.extend(started.reservation.clone());
        let consultation = Consultation {
            advisers: started.advisers.clone(),
            started_at: started.started_at,
            until: started.until,
        };
        rooms
            .consultations
            .insert(started.visit.clone(), consultation);
        let Some(reservation) = &started.reservation else {
            return;
        };
        self.change(&started.visit, |visit| {
            // Within a stay on a seat it is a use of its own.
            if !visit.uses(reservation) {
                visit.earlier.push(PastUse {
                    activity: Activity::Consultation,
                    reservation: Some(reservation.clone()),
                    counted_s: 0,
                });
            }
        });
    }

    /// Whoever advised is free again, and nobody waits any more who has gone.
    pub(super) fn end_consultation(&mut self, visit: &VisitId) {
        let rooms = &mut self.rooms;
        rooms.waiting.retain(|waiting| waiting != visit);
        let Some(ended) = rooms.consultations.remove(visit) else {
            return;
        };
        for adviser in &ended.advisers {
            if let Some(now) = rooms.advisers.get_mut(adviser)
                && now.state == AdviserState::WithVisitor
            {
                now.state = AdviserState::Available;
            }
        }
    }
}
