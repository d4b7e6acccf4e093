//! People with a reservation today, nearest first (rules section 2, point 6).

use super::scan::Visitor;
use super::{Case, Decision};
use crate::event::{Activity, Choice, Event, LimitedBy, Refusal};
use crate::floor::Features;
use crate::ids::{MemberId, OfferId, ReservationId};
use crate::plan::Situation;
use crate::reference::{DateTime, JST, Purpose, Reservation};
use crate::settings::minutes;
use crate::stay::{Ceiling, best_choice, closing, moment, seat_through};
use crate::today::{SeatPlace, Visit};
use crate::verdict::{Appointment, AppointmentKind, Bridge, Place, Remedy, TooEarly, Verdict};
use chrono::{NaiveTime, TimeDelta};

impl<'a> Case<'a> {
    /// The situation now, as if the offers in `ended` were over; those whose time has run out are.
    pub(super) fn situation(self, ended: &[OfferId]) -> Situation<'a> {
        let offers = self.today.offers.iter();
        let over = offers.filter(|(id, offer)| {
            offer.held_until_ms <= self.context.uptime_ms || ended.contains(id)
        });
        let over: Vec<_> = over.map(|(id, _)| id.clone()).collect();
        Situation::new(self.reference, self.today, self.context.now, &over)
    }

    /// What a member still has before them today, in order of time; `done` is the one they are using now.
    pub(super) fn appointments(
        self,
        member: &MemberId,
        done: Option<&ReservationId>,
    ) -> Vec<&'a Reservation> {
        let (today, now) = (self.today, self.context.now);
        let date = match (self.context.trusted, today.date) {
            (false, Some(date)) => date,
            _ => now.date_naive(),
        };
        let open = |one: &&Reservation| {
            let ends = self.sitting(one).map_or(one.ends, |is| is.programme.ends);
            let is_over = self.context.trusted && ends <= now;
            one.member == *member && !one.cancelled && !is_over
        };
        let is_done = |one: &Reservation| match self.sitting(one) {
            Some(sitting) => sitting.is_done(today),
            None => today.is_used(&one.id) || today.rooms.begun.contains(&one.id),
        };
        // What they use now may be a programme that has since been moved: then it is still before them.
        let is_present = |one: &Reservation| {
            let was_moved = self.sitting(one).is_some_and(|is| is.was_moved(today));
            Some(&one.id) == done && !was_moved
        };
        let mut found: Vec<_> = self
            .reference
            .reservations_on(date)
            .filter(open)
            .filter(|one| !today.no_shows.contains(&one.id) && !is_done(one) && !is_present(one))
            .filter(|one| self.kind_of(one).is_some())
            .collect();
        found.sort_by_key(|one| (one.starts, &one.id));
        found
    }

    /// The next appointment for which somebody leaves the seat they are on. A consultation is a pause within the stay (rules section 4).
    pub(super) fn next_to_move_to(
        self,
        member: &MemberId,
        done: Option<&ReservationId>,
    ) -> Option<&'a Reservation> {
        self.appointments(member, done)
            .into_iter()
            .find(|one| !matches!(one.purpose, Purpose::Consultation))
    }

    /// What an appointment is; none for a programme that was called off or is unknown.
    fn kind_of(self, reservation: &Reservation) -> Option<AppointmentKind> {
        match &reservation.purpose {
            Purpose::Seat { .. } => Some(AppointmentKind::Seat),
            Purpose::Consultation => Some(AppointmentKind::Consultation),
            Purpose::Programme { .. } => Some(AppointmentKind::Programme {
                title: self.sitting(reservation)?.programme.title.clone(),
            }),
        }
    }

    fn appointment(self, reservation: &Reservation) -> Option<Appointment> {
        // A programme may have been moved since; it says itself when it is.
        let sitting = self.sitting(reservation);
        Some(Appointment {
            starts: sitting.map_or(reservation.starts, |is| is.programme.starts),
            what: self.kind_of(reservation)?,
        })
    }

    pub(super) fn next_appointment(
        self,
        member: &MemberId,
        done: Option<&ReservationId>,
    ) -> Option<Appointment> {
        self.appointments(member, done)
            .into_iter()
            .find_map(|one| self.appointment(one))
    }

    /// What comes besides a reservation they come in for now.
    pub(super) fn next_besides(
        self,
        member: &MemberId,
        reservation: &Reservation,
    ) -> Option<Appointment> {
        self.appointments(member, None)
            .into_iter()
            .filter(|one| one.id != reservation.id)
            .find_map(|one| self.appointment(one))
    }

    pub(super) fn keep_appointment(
        self,
        visitor: &Visitor,
        reservation: &'a Reservation,
    ) -> Decision {
        let doors_open = self.doors_open(reservation);
        if !self.is_due(reservation) {
            return self.too_early(visitor, reservation, doors_open);
        }
        match &reservation.purpose {
            Purpose::Seat { needs } => self.take_reserved_seat(
                visitor,
                reservation,
                needs.and(visitor.member.needs),
                doors_open,
            ),
            Purpose::Programme { .. } => match self.sitting(reservation) {
                Some(sitting) => self.attend(visitor, sitting),
                None => self.walk_in(visitor, None),
            },
            Purpose::Consultation => self.admit_to_consultation(visitor, reservation),
        }
    }

    /// Whether somebody is let in for it now.
    pub(super) fn is_due(self, reservation: &Reservation) -> bool {
        !self.context.trusted || self.doors_open(reservation) <= self.context.now
    }

    /// From when somebody is let in for a reservation.
    fn doors_open(self, reservation: &Reservation) -> DateTime {
        let early = &self.reference.settings.early;
        match &reservation.purpose {
            Purpose::Seat { .. } => reservation.starts - minutes(early.seat_min),
            Purpose::Programme { .. } => {
                let sitting = self.sitting(reservation);
                sitting.map_or(reservation.starts, |is| is.doors_open(self.reference))
            }
            Purpose::Consultation => start_of_day(reservation.starts),
        }
    }

    fn take_reserved_seat(
        self,
        visitor: &Visitor,
        reservation: &'a Reservation,
        needs: Features,
        doors_open: DateTime,
    ) -> Decision {
        let now = self.context.now;
        let (situation, planned) = self.situation(&visitor.ended).without(&reservation.id);
        let ends = Ceiling::new(reservation.ends, LimitedBy::OwnReservation).or_before(closing(
            self.reference,
            now,
            self.context.trusted,
        ));
        if let Some(choice) = seat_through(&situation, planned, needs, now, ends) {
            return self.admit_to_seat(visitor, &choice, Some(&reservation.id), None);
        }
        if self.context.trusted && now < reservation.starts {
            let situation = self.situation(&visitor.ended);
            return self.bridge_or_come_back(visitor, reservation, doors_open.max(now), &situation);
        }
        // Given away to nobody and yet not there: somebody stays over time. The best remaining offer, and staff know.
        let mut decision = self.walk_in(visitor, Some((reservation, needs)));
        if !self.today.unplaced.contains(&reservation.id) {
            decision.events.push(Event::ReservationUnplaced {
                reservation: reservation.id.clone(),
            });
        }
        decision
    }

    fn too_early(
        self,
        visitor: &Visitor,
        reservation: &'a Reservation,
        doors_open: DateTime,
    ) -> Decision {
        let situation = self.situation(&visitor.ended);
        self.bridge_or_come_back(visitor, reservation, doors_open, &situation)
    }

    /// A seat until the reservation begins, best the one that can then be kept; else the time to come back at.
    fn bridge_or_come_back(
        self,
        visitor: &Visitor,
        reservation: &'a Reservation,
        doors_open: DateTime,
        situation: &Situation<'a>,
    ) -> Decision {
        let Some(appointment) = self.appointment(reservation) else {
            return self.walk_in(visitor, None);
        };
        let Some(choice) = self.bridge(visitor, reservation, situation) else {
            let early = TooEarly {
                appointment,
                doors_open,
                bridge: None,
                remedy: Remedy::ComeBack,
            };
            let verdict = Verdict::TooEarly(early);
            return self.refuse(
                visitor.station,
                Refusal::TooEarly,
                false,
                Some(visitor.member),
                verdict,
            );
        };
        let (made, offer) = self.make_offer(
            visitor,
            vec![choice.clone()],
            None,
            Some(&reservation.id),
            None,
        );
        let bridge = Bridge {
            offer,
            choice,
            held_s: self.reference.settings.offer_hold_s,
        };
        let remedy = Remedy::TakeSeatUntilThen;
        Decision::answer(
            vec![made],
            Verdict::TooEarly(TooEarly {
                appointment,
                doors_open,
                bridge: Some(bridge),
                remedy,
            }),
        )
    }

    fn bridge(
        self,
        visitor: &Visitor,
        reservation: &'a Reservation,
        situation: &Situation<'a>,
    ) -> Option<Choice> {
        let now = self.context.now;
        let closes = closing(self.reference, now, self.context.trusted);
        let needs = visitor.member.needs;
        if let Purpose::Seat { needs: reserved } = &reservation.purpose {
            let (others, planned) = situation.clone().without(&reservation.id);
            let end = Ceiling::new(reservation.ends, LimitedBy::OwnReservation).or_before(closes);
            if let Some(through) = seat_through(&others, planned, reserved.and(needs), now, end) {
                return Some(Choice {
                    until: reservation.starts,
                    goes_on_until: Some(through.until),
                    ..through
                });
            }
        }
        let leaves = moment(reservation.starts.timestamp() - situation.board.gap(), now);
        let ceiling = Ceiling::new(leaves, LimitedBy::OwnReservation).or_before(closes);
        best_choice(
            situation,
            needs,
            now,
            ceiling,
            TimeDelta::seconds(situation.board.gap().max(60)),
        )
    }

    /// Where somebody is; none for coworking that has no seat, which is nobody's.
    pub(super) fn place_of(self, visit: &Visit) -> Option<Place> {
        Some(match (&visit.seat, &visit.activity) {
            (Some(SeatPlace { seat, zone }), _) => Place::Seat {
                seat: seat.clone(),
                zone: zone.clone(),
            },
            (None, Activity::Programme { programme }) => self.programme_place(programme),
            (None, Activity::Consultation) => Place::Consultation,
            (None, Activity::Coworking) => return None,
        })
    }

    pub(super) fn programme_place(self, programme: &crate::ids::ProgrammeId) -> Place {
        let found = self.reference.programmes.get(programme);
        let title = found.map(|one| one.title.clone()).unwrap_or_default();
        Place::Programme {
            title,
            zone: found.and_then(|one| one.zone.clone()),
        }
    }
}

fn start_of_day(moment: DateTime) -> DateTime {
    let local = moment.with_timezone(&JST);
    local.with_time(NaiveTime::MIN).single().unwrap_or(local)
}
