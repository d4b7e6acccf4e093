//! Letting somebody in.

use super::scan::Visitor;
use super::{Case, Decision};
use crate::event::{Activity, CallReason, Choice, Event, LimitedBy};
use crate::ids::{OfferId, ReservationId, VisitId};
use crate::reference::{DateTime, Reservation};
use crate::stay::pauses;
use crate::today::Offer;
use crate::verdict::{Admitted, Note, Place, Verdict};

/// What a visit begins with.
pub(super) struct Beginning {
    pub(super) activity: Activity,
    pub(super) reservation: Option<ReservationId>,
    pub(super) bridge_to: Option<ReservationId>,
    pub(super) offer: Option<OfferId>,
    pub(super) until: DateTime,
}

impl Case<'_> {
    pub(super) fn begin(self, visitor: &Visitor, beginning: Beginning) -> (VisitId, Event) {
        let visit = self.context.visit_id();
        let Beginning {
            activity,
            reservation,
            bridge_to,
            offer,
            until,
        } = beginning;
        let started = Event::VisitStarted {
            visit: visit.clone(),
            member: visitor.member.id.clone(),
            category: visitor.member.category,
            company: visitor.member.company.clone(),
            station: visitor.station.clone(),
            typed: visitor.typed,
            activity,
            reservation,
            bridge_to,
            offer,
            courtesy: visitor.courtesy,
            started_at: self.context.now,
            until,
        };
        (visit, started)
    }

    /// Checks somebody in on a seat. On a bridge the time until the reservation is free of charge.
    pub(super) fn admit_to_seat(
        self,
        visitor: &Visitor,
        choice: &Choice,
        reservation: Option<&ReservationId>,
        chosen: Option<(&OfferId, &Offer)>,
    ) -> Decision {
        let bridge_to = chosen.and_then(|(_, offer)| offer.bridge_to.as_ref());
        let (until, limited_by, fulfilled) = match choice.goes_on_until {
            Some(until) => (until, LimitedBy::OwnReservation, bridge_to),
            None => (choice.until, choice.limited_by, reservation),
        };
        let (visit, started) = self.begin(
            visitor,
            Beginning {
                activity: Activity::Coworking,
                reservation: fulfilled.cloned(),
                bridge_to: bridge_to.cloned(),
                offer: chosen.map(|(offer, _)| offer.clone()),
                until,
            },
        );
        let counts_from = if bridge_to.is_some() {
            choice.until
        } else {
            self.context.now
        };
        let assigned = Event::SeatAssigned {
            visit: visit.clone(),
            seat: choice.seat.clone(),
            zone: choice.zone.clone(),
            until,
            limited_by,
            counts_from,
            reservation: fulfilled.cloned(),
            pauses: pauses(self.reference, &visitor.member.id, self.context.now, until),
        };
        let place = Place::Seat {
            seat: choice.seat.clone(),
            zone: choice.zone.clone(),
        };
        let admitted = self.admitted(visitor, visit, place, until, limited_by, fulfilled);
        self.with_note(visitor, vec![started, assigned], admitted)
    }

    /// Checks somebody in for a consultation.
    pub(super) fn admit_to_consultation(
        self,
        visitor: &Visitor,
        reservation: &Reservation,
    ) -> Decision {
        let place = Place::Consultation;
        let beginning = Beginning {
            activity: Activity::Consultation,
            reservation: Some(reservation.id.clone()),
            bridge_to: None,
            offer: None,
            until: reservation.ends,
        };
        let (visit, started) = self.begin(visitor, beginning);
        let why = LimitedBy::OwnReservation;
        let admitted = self.admitted(
            visitor,
            visit,
            place,
            reservation.ends,
            why,
            Some(&reservation.id),
        );
        let called = self.called_for_audience(visitor, reservation);
        let events = [started].into_iter().chain(called).collect();
        self.with_note(visitor, events, admitted)
    }

    /// Staff are told of a reservation that was not for this person. Whoever was given a place has it; the rest is between office and
    /// staff.
    pub(super) fn called_for_audience(
        self,
        visitor: &Visitor,
        reservation: &Reservation,
    ) -> Option<Event> {
        let audience = self.reference.audience(&reservation.purpose);
        let is_misplaced = !audience.welcomes(visitor.member.category);
        is_misplaced.then(|| Event::StaffCalled {
            station: visitor.station.clone(),
            reason: CallReason::Audience,
        })
    }

    pub(super) fn admitted(
        self,
        visitor: &Visitor,
        visit: VisitId,
        place: Place,
        until: DateTime,
        limited_by: LimitedBy,
        done: Option<&ReservationId>,
    ) -> Admitted {
        let next = self.next_appointment(&visitor.member.id, done);
        let may_borrow = match &place {
            Place::Seat { seat, .. } => self.may_borrow_at(seat, until),
            Place::Programme { .. } | Place::Consultation => false,
        };
        Admitted {
            visit,
            place,
            until,
            limited_by,
            next,
            note: visitor.note,
            companions: self.companions(0),
            may_borrow,
        }
    }

    pub(super) fn with_note(
        self,
        visitor: &Visitor,
        mut events: Vec<Event>,
        admitted: Admitted,
    ) -> Decision {
        if visitor.note == Some(Note::ShowProof) {
            events.push(Event::StaffCalled {
                station: visitor.station.clone(),
                reason: CallReason::Unverified,
            });
        }
        Decision::answer(events, Verdict::Admitted(admitted))
    }
}
