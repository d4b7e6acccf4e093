//! What staff do in the rooms and at the desk: advisers and consultations, guests, and who is on duty (R4, R17–R19).

use super::Case;
use super::Decision;
use super::staff::Outcome;
use crate::adviser::AdviserState;
use crate::event::{EndedBy, Event};
use crate::ids::{AdviserId, GuestId, StaffId, VisitId};
use crate::reception::{DutySet, ReceptionShort, needed, present};
use crate::staff::Obstacle;
use crate::stay::closing;
use std::collections::BTreeSet;

impl Case<'_> {
    pub(super) fn adviser_is(
        self,
        id: &AdviserId,
        state: AdviserState,
    ) -> Result<Outcome, Obstacle> {
        recorded(self.set_adviser_state(id, state)).ok_or(Obstacle::Over)
    }

    pub(super) fn advise(
        self,
        id: &VisitId,
        advisers: &BTreeSet<AdviserId>,
    ) -> Result<Outcome, Obstacle> {
        self.open_visit(id).ok_or(Obstacle::Over)?;
        let are_known = advisers
            .iter()
            .all(|one| self.reference.advice.adviser(one).is_some());
        if advisers.is_empty() || !are_known {
            return Err(Obstacle::Over);
        }
        recorded(self.start_consultation(id, advisers)).ok_or(Obstacle::InConsultation)
    }

    pub(super) fn advised(self, id: &VisitId) -> Result<Outcome, Obstacle> {
        recorded(self.end_consultation(id)).ok_or(Obstacle::Over)
    }

    pub(super) fn see_out(self, id: &GuestId) -> Result<Outcome, Obstacle> {
        let guest = self.today.guests.get(id).ok_or(Obstacle::Over)?;
        Ok(Outcome::of(vec![Event::GuestLeft {
            guest: id.clone(),
            ended_by: EndedBy::Staff,
            left_at: self.context.now.max(guest.arrived_at),
        }]))
    }

    /// Somebody comes on duty or goes off; that they are too few at reception, or enough again, is told besides.
    pub(super) fn set_duty(self, staff: &StaffId, on: bool) -> Result<Outcome, Obstacle> {
        if self.today.staff.on_duty.contains(staff) == on {
            return Err(Obstacle::Over);
        }
        let set = Event::StaffDutySet(DutySet {
            staff: staff.clone(),
            on,
        });
        let after = self.context.after(self.today, &set);
        let present = present(self.reference, &after);
        let (now, trusted) = (self.context.now, self.context.trusted);
        let is_enough = needed(self.reference) <= present;
        let is_open = closing(self.reference, now, trusted).is_some();
        let told = match (is_enough, after.staff.short_since) {
            (true, Some(_)) => Some(Event::ReceptionRestored {}),
            (false, None) if is_open => Some(Event::ReceptionShort(ReceptionShort {
                since: now,
                present,
            })),
            _ => None,
        };
        Ok(Outcome::of([set].into_iter().chain(told).collect()))
    }
}

/// What was decided, if anything comes of it.
fn recorded(decision: Decision) -> Option<Outcome> {
    let comes_to_nothing = decision.verdict.is_some() || decision.events.is_empty();
    (!comes_to_nothing).then(|| Outcome::of(decision.events))
}
