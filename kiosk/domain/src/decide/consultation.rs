//! The consultation rooms: what advisers do, and consultations from start to end (rules section 6).

use super::admission::Beginning;
use super::offer::lapsed;
use super::scan::Visitor;
use super::{Case, Decision};
use crate::adviser::{
    AdviserRole, AdviserState, ConsultationEnded, ConsultationOffer, ConsultationStarted,
};
use crate::consultation::{lasts_until, slot_at, walk_in};
use crate::event::{Activity, CallReason, Event, LimitedBy};
use crate::ids::{AdviserId, OfferId, VisitId};
use crate::reference::{Category, Purpose, Reservation};
use crate::stay::closing;
use crate::today::Visit;
use crate::verdict::{Note, Place, Verdict};
use std::collections::BTreeSet;

impl<'a> Case<'a> {
    /// An adviser says what they do; that nobody is there to advise, or somebody again, is told besides.
    pub(super) fn set_adviser_state(self, id: &AdviserId, state: AdviserState) -> Decision {
        let Some(adviser) = self.reference.advice.adviser(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let rooms = &self.today.rooms;
        if rooms.advisers.get(id).is_some_and(|now| now.state == state) {
            return Decision::silent(Vec::new());
        }
        let set = Event::AdviserStateSet {
            adviser: id.clone(),
            role: adviser.role,
            state,
        };
        let after = self.context.after(self.today, &set).rooms;
        let (now, trusted) = (self.context.now, self.context.trusted);
        let is_open = closing(self.reference, now, trusted).is_some();
        let told = match (after.is_staffed(), after.alarm_since) {
            (true, Some(_)) => Some(Event::StaffingRestored {}),
            (false, None) if is_open && adviser.role == AdviserRole::Adviser => {
                Some(Event::StaffingAlarm { since: now })
            }
            _ => None,
        };
        Decision::silent([set].into_iter().chain(told).collect())
    }

    /// A consultation begins with somebody who is inside, with one or two who advise nobody else.
    pub(super) fn start_consultation(
        self,
        id: &VisitId,
        advisers: &BTreeSet<AdviserId>,
    ) -> Decision {
        let rooms = &self.today.rooms;
        let visit = self.open_visit(id);
        let mut busy = rooms.consultations.values().flat_map(|one| &one.advisers);
        let are_known = advisers
            .iter()
            .all(|id| self.reference.advice.adviser(id).is_some());
        let are_free = !busy.any(|one| advisers.contains(one));
        let is_new = !rooms.consultations.contains_key(id);
        let can_begin = !advisers.is_empty() && are_known && are_free && is_new;
        let Some(visit) = visit.filter(|_| can_begin) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let now = self.context.now;
        let reservation = self.reserved_consultation(visit);
        let started = Event::ConsultationStarted(ConsultationStarted {
            visit: id.clone(),
            advisers: advisers.clone(),
            reservation: reservation.map(|one| one.id.clone()),
            purpose: slot_at(self.reference, now).map(|slot| slot.purpose),
            started_at: now,
            until: lasts_until(self.reference, reservation, now),
        });
        let mut events = self.arrivals(advisers);
        events.push(started);
        Decision::silent(events)
    }

    /// Whoever advises is here, though they have not said so today, or are said to be away.
    fn arrivals(self, advisers: &BTreeSet<AdviserId>) -> Vec<Event> {
        let rooms = &self.today.rooms;
        let known = || {
            advisers
                .iter()
                .filter_map(|id| self.reference.advice.adviser(id))
        };
        let silent = known().filter(|one| !rooms.advisers.contains_key(&one.id));
        let said = silent.map(|one| Event::AdviserStateSet {
            adviser: one.id.clone(),
            role: one.role,
            state: AdviserState::Available,
        });
        let is_staffed = known().any(|one| one.role == AdviserRole::Adviser);
        let is_restored = is_staffed && rooms.alarm_since.is_some();
        let restored = is_restored.then_some(Event::StaffingRestored {});
        said.chain(restored).collect()
    }

    /// The reserved consultation of somebody inside that has not begun.
    fn reserved_consultation(self, visit: &Visit) -> Option<&'a Reservation> {
        let date = self.today.date.unwrap_or(self.context.now.date_naive());
        let is_theirs = |one: &&Reservation| {
            one.member == visit.member
                && !one.cancelled
                && one.purpose == Purpose::Consultation
                && !self.today.rooms.begun.contains(&one.id)
        };
        let found = self.reference.reservations_on(date).filter(is_theirs);
        found.min_by_key(|one| (one.starts, &one.id))
    }

    pub(super) fn end_consultation(self, id: &VisitId) -> Decision {
        if !self.today.rooms.consultations.contains_key(id) {
            return Decision::answer(Vec::new(), lapsed());
        }
        Decision::silent(vec![Event::ConsultationEnded(ConsultationEnded {
            visit: id.clone(),
            ended_at: self.context.now,
        })])
    }

    /// A consultation for somebody without a reservation; it is for businesses (R17).
    pub(super) fn consultation_for(self, visitor: &Visitor) -> Option<ConsultationOffer> {
        let is_for = self.context.trusted && visitor.member.category == Category::Business;
        let offer = walk_in(self.reference, self.today, self.context.now);
        offer.filter(|_| is_for)
    }

    /// Checks in somebody who has chosen a consultation and waits for it, where every adviser is with somebody on a seat.
    pub(super) fn admit_to_wait(
        self,
        visitor: &Visitor,
        offer: &OfferId,
        consultation: ConsultationOffer,
    ) -> Decision {
        let beginning = Beginning {
            activity: Activity::Consultation,
            reservation: None,
            bridge_to: None,
            offer: Some(offer.clone()),
            until: consultation.until,
        };
        let (visit, started) = self.begin(visitor, beginning);
        let (place, why) = (Place::Consultation, LimitedBy::OwnReservation);
        let admitted = self.admitted(visitor, visit.clone(), place, consultation.until, why, None);
        let decision = self.with_note(visitor, vec![started], admitted);
        self.awaiting(visitor, visit, decision)
    }

    /// The same on record as waiting for an adviser, who is called, and comes to whoever has a seat.
    pub(super) fn awaiting(
        self,
        visitor: &Visitor,
        visit: VisitId,
        mut decision: Decision,
    ) -> Decision {
        decision.events.push(Event::ConsultationAwaited { visit });
        decision.events.push(Event::StaffCalled {
            station: visitor.station.clone(),
            reason: CallReason::Consultation,
        });
        if let Some(Verdict::Admitted(admitted)) = &mut decision.verdict
            && matches!(admitted.place, Place::Seat { .. })
        {
            admitted.note = admitted.note.or(Some(Note::AwaitAdviser));
        }
        decision
    }
}
