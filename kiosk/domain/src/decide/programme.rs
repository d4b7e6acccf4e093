//! Coming in for a programme: a place, the standby list, too late (rules section 7).

use super::admission::Beginning;
use super::scan::Visitor;
use super::{Case, Decision};
use crate::attendance::{AttendanceEnded, AttendanceStarted, StandbyCame};
use crate::event::{Activity, CallReason, Event, LimitedBy, Refusal};
use crate::ids::VisitId;
use crate::programme::{Admission, Sitting};
use crate::reference::{DateTime, Purpose, Reservation};
use crate::staff::Obstacle;
use crate::stay::closing;
use crate::today::Visit;
use crate::verdict::{
    Admitted, Bridge, NoPlace, NoPlaceBecause, ProgrammeChange, Remedy, Standby, Verdict,
};

impl<'a> Case<'a> {
    /// Somebody at the door with a place in a programme, or on its standby list.
    pub(super) fn attend(self, visitor: &Visitor, sitting: Sitting<'a>) -> Decision {
        match self.admission(sitting) {
            Admission::Free => self.admit_to_programme(visitor, sitting),
            Admission::Later { ask_again, ahead } => {
                let (came, verdict) = self.wait_for_place(visitor, sitting, ask_again, ahead);
                let mut decision = self.refuse(
                    visitor.station,
                    Refusal::Standby,
                    false,
                    Some(visitor.member),
                    verdict,
                );
                decision.events.extend(came);
                decision
            }
            Admission::Full => self.no_place(visitor, sitting, NoPlaceBecause::Full),
            Admission::TooLate => self.no_place(visitor, sitting, NoPlaceBecause::LastEntry),
        }
    }

    fn admission(self, sitting: Sitting) -> Admission {
        let now = (self.context.now, self.context.trusted);
        sitting.admission(self.reference, self.today, now)
    }

    fn admit_to_programme(self, visitor: &Visitor, sitting: Sitting<'a>) -> Decision {
        let programme = sitting.programme;
        let beginning = Beginning {
            activity: Activity::Programme {
                programme: programme.id.clone(),
            },
            reservation: Some(sitting.reservation.id.clone()),
            bridge_to: None,
            offer: None,
            until: programme.ends,
        };
        let (visit, started) = self.begin(visitor, beginning);
        let attends = self.takes_part(&visit, sitting);
        let admitted = self.admitted_to(visitor, visit, sitting);
        let called = self.called_for_audience(visitor, sitting.reservation);
        let events = [started, attends].into_iter().chain(called).collect();
        self.with_note(visitor, events, admitted)
    }

    /// Somebody too late for a programme whom staff let in, while it has room.
    pub(super) fn admit_late(self, visitor: &Visitor) -> Option<(Vec<Event>, Admitted)> {
        let appointments = self.appointments(&visitor.member.id, None).into_iter();
        let sitting = appointments
            .filter_map(|one| self.sitting(one))
            .find(|one| self.has_opened(*one) && one.has_room(self.today))?;
        let Decision { events, verdict } = self.admit_to_programme(visitor, sitting);
        match verdict {
            Some(Verdict::Admitted(admitted)) => Some((events, admitted)),
            _ => None,
        }
    }

    fn admitted_to(self, visitor: &Visitor, visit: VisitId, sitting: Sitting) -> Admitted {
        let came_along = self.open_visit(&visit).map_or(0, |visit| visit.companions);
        Admitted {
            visit,
            place: self.programme_place(&sitting.programme.id),
            until: sitting.programme.ends,
            limited_by: LimitedBy::OwnReservation,
            next: self.next_besides(&visitor.member.id, sitting.reservation),
            note: visitor.note,
            companions: self.companions(came_along),
            may_borrow: false,
        }
    }

    fn takes_part(self, visit: &VisitId, sitting: Sitting) -> Event {
        let at = self.context.now;
        let late = self.context.trusted && sitting.programme.starts < at;
        Event::AttendanceStarted(started(visit, sitting, at, late, false))
    }

    /// They are on record as here, once, and are told when to ask again.
    fn wait_for_place(
        self,
        visitor: &Visitor,
        sitting: Sitting,
        ask_again: DateTime,
        ahead: u32,
    ) -> (Option<Event>, Verdict) {
        let id = &sitting.reservation.id;
        let is_new = sitting.standby && !self.today.standby.contains(id);
        let came = is_new.then(|| {
            Event::StandbyCame(StandbyCame {
                reservation: id.clone(),
                programme: sitting.programme.id.clone(),
                station: visitor.station.clone(),
            })
        });
        let verdict = Verdict::Standby(Standby {
            title: sitting.programme.title.clone(),
            ask_again,
            ahead,
            remedy: Remedy::ComeBack,
        });
        (came, verdict)
    }

    /// The place is gone, the welcome is not: a seat where there is one, and staff, who may know a way.
    fn no_place(
        self,
        visitor: &Visitor,
        sitting: Sitting<'a>,
        because: NoPlaceBecause,
    ) -> Decision {
        let (offered, seat) = self.seat_instead(visitor);
        let has_seat = seat.is_some();
        let verdict = Verdict::NoPlace(NoPlace {
            title: sitting.programme.title.clone(),
            because,
            remedy: Remedy::SeeStaff,
            seat,
        });
        let reason = match because {
            NoPlaceBecause::Full => Refusal::ProgrammeFull,
            NoPlaceBecause::LastEntry => Refusal::LastEntry,
        };
        let member = Some(visitor.member);
        let refused = self.refuse(visitor.station, reason, false, member, verdict);
        let made = offered.events.into_iter();
        let made = made.filter(|event| has_seat && matches!(event, Event::OfferMade { .. }));
        let called = Event::StaffCalled {
            station: visitor.station.clone(),
            reason: CallReason::Programme,
        };
        // The offer's id is that of the decision's first event.
        let events = made.chain(refused.events).chain([called]).collect();
        Decision { events, ..refused }
    }

    /// The best seat for somebody without a place, with the decision that offers it.
    fn seat_instead(self, visitor: &Visitor) -> (Decision, Option<Bridge>) {
        let (now, trusted) = (self.context.now, self.context.trusted);
        let is_open = !trusted || closing(self.reference, now, trusted).is_some();
        let offered = if is_open {
            self.walk_in(visitor, None)
        } else {
            Decision::default()
        };
        let seat = match &offered.verdict {
            Some(Verdict::Offer(offer)) => offer.choices.first().map(|choice| Bridge {
                offer: offer.offer.clone(),
                choice: choice.clone(),
                held_s: offer.held_s,
            }),
            _ => None,
        };
        (offered, seat)
    }

    /// Somebody inside whose programme has opened its doors: they are moved on to it. None where the menu is the answer.
    pub(super) fn move_on(self, visitor: &Visitor, visit: &Visit) -> Option<Decision> {
        if visit.attending().is_some() {
            return None;
        }
        let sitting = self
            .appointments(&visit.member, visit.reservation.as_ref())
            .into_iter()
            .filter_map(|one| Sitting::of(self.reference, one))
            .find(|one| self.has_opened(*one))?;
        match self.admission(sitting) {
            Admission::Free => {
                let attends = self.takes_part(&visit.id, sitting);
                let called = self.called_for_audience(visitor, sitting.reservation);
                Some(Decision::answer(
                    [attends].into_iter().chain(called).collect(),
                    Verdict::Admitted(self.admitted_to(visitor, visit.id.clone(), sitting)),
                ))
            }
            Admission::Later { ask_again, ahead } => {
                let (came, verdict) = self.wait_for_place(visitor, sitting, ask_again, ahead);
                came.map(|came| Decision::answer(vec![came], verdict))
            }
            Admission::Full | Admission::TooLate => None,
        }
    }

    /// Somebody inside whom staff let in to the programme whose doors have opened: as a scan would, and after its last entry while it
    /// has room.
    pub(super) fn move_on_late(
        self,
        visitor: &Visitor,
        visit: &Visit,
    ) -> Result<(Vec<Event>, Admitted), Obstacle> {
        let appointments = self.appointments(&visit.member, visit.reservation.as_ref());
        let sitting = appointments
            .into_iter()
            .filter_map(|one| self.sitting(one))
            .find(|one| self.has_opened(*one));
        let sitting = sitting.filter(|_| visit.attending().is_none());
        let sitting = sitting.ok_or(Obstacle::Inside)?;
        let may_come = match self.admission(sitting) {
            Admission::Free => true,
            Admission::TooLate => sitting.has_room(self.today),
            Admission::Later { .. } | Admission::Full => false,
        };
        if !may_come {
            return Err(Obstacle::Full);
        }
        let attends = self.takes_part(&visit.id, sitting);
        let events = self.came_back(visit).into_iter().chain([attends]).collect();
        Ok((events, self.admitted_to(visitor, visit.id.clone(), sitting)))
    }

    fn has_opened(self, sitting: Sitting) -> bool {
        !self.context.trusted || sitting.doors_open(self.reference) <= self.context.now
    }

    /// What became of the programme a visitor came for, or waits for on a seat.
    pub(super) fn change_for(self, visit: &Visit) -> Option<ProgrammeChange> {
        let came_for = visit
            .attending()
            .map(|now| (&now.programme, Some(now.starts)));
        let waits_for = || {
            let reservation = self.reference.reservation(visit.bridge_to.as_ref()?)?;
            match &reservation.purpose {
                Purpose::Programme { programme, .. } => Some((programme, None)),
                _ => None,
            }
        };
        let (id, started) = came_for.or_else(waits_for)?;
        let programme = self.reference.programmes.get(id)?;
        let title = programme.title.clone();
        match started {
            _ if programme.cancelled => Some(ProgrammeChange::CalledOff { title }),
            Some(started) if started != programme.starts => Some(ProgrammeChange::Moved {
                title,
                starts: programme.starts,
            }),
            _ => None,
        }
    }

    /// What ends with a visit besides itself.
    pub(super) fn leaves_programme(self, visit: &Visit, at: DateTime) -> Option<Event> {
        let attendance = visit.attending()?;
        Some(Event::AttendanceEnded(AttendanceEnded {
            visit: visit.id.clone(),
            programme: attendance.programme.clone(),
            ended_at: at,
            early: self.context.trusted && at < attendance.ends,
            inferred: false,
        }))
    }

    /// A programme's reservation as it stands now; none for what is none.
    pub(super) fn sitting(self, reservation: &'a Reservation) -> Option<Sitting<'a>> {
        Sitting::of(self.reference, reservation)
    }
}

pub(crate) fn started(
    visit: &VisitId,
    sitting: Sitting,
    at: DateTime,
    late: bool,
    inferred: bool,
) -> AttendanceStarted {
    AttendanceStarted {
        visit: visit.clone(),
        programme: sitting.programme.id.clone(),
        reservation: sitting.reservation.id.clone(),
        starts: sitting.programme.starts,
        ends: sitting.programme.ends,
        started_at: at,
        late,
        standby: sitting.standby,
        inferred,
    }
}
