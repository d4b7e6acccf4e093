//! What staff do with a visit. Never one seat to two, and nobody displaced, whoever asks.

use super::scan::ends;
use super::staff::Outcome;
use super::{Case, Decision};
use crate::board::Busy;
use crate::event::{EndedBy, Event};
use crate::floor::Features;
use crate::ids::{MemberId, SeatId, StationId, VisitId};
use crate::plan::held_until;
use crate::reference::{DateTime, Member};
use crate::staff::{LONGEST_EXTENSION_MIN, Obstacle, StaffAnswer};
use crate::today::{SeatPlace, Today, Visit};
use crate::verdict::{Admitted, NoPlace, NoPlaceBecause, Place, Verdict};

impl Case<'_> {
    pub(super) fn check_out(self, id: &VisitId) -> Result<Outcome, Obstacle> {
        let visit = self.open_visit(id).ok_or(Obstacle::Over)?;
        let at = self.context.now.max(visit.started_at);
        let left = self.leaves_programme(visit, at);
        let events = left.into_iter().chain([ended(visit, at, false)]);
        Ok(Outcome::of(events.collect()))
    }

    /// Whoever left a seat without a word left it at some time nobody knows; what was promised is what is reckoned.
    pub(super) fn free_seat(self, id: &VisitId) -> Result<Outcome, Obstacle> {
        let visit = self.open_visit(id).ok_or(Obstacle::Over)?;
        if visit.seat.is_none() {
            return Err(Obstacle::NoSeat);
        }
        if !visit.overdue {
            return Err(Obstacle::NotOverdue);
        }
        let at = visit.until.max(visit.started_at);
        Ok(Outcome::of(vec![ended(visit, at, true)]))
    }

    /// Longer by so many minutes, or what is left of them: neither the usual extension nor the day's total counts.
    pub(super) fn extend_for_staff(self, id: &VisitId, minutes: u32) -> Result<Outcome, Obstacle> {
        let visit = self.open_visit(id).ok_or(Obstacle::Over)?;
        let minutes = minutes.min(LONGEST_EXTENSION_MIN);
        let end = self
            .longer_end(&self.situation(&[]), visit, minutes, None)
            .map_err(|limited_by| Obstacle::CannotBeLonger { limited_by })?;
        let longer = self.longer_loans(visit, end.at);
        let events = [self.extended(visit, end)]
            .into_iter()
            .chain(longer)
            .collect();
        Ok(Outcome {
            events,
            answer: done(self.place_of(visit), end.at),
        })
    }

    /// Another seat, free to the same end, with which everybody else's place stays whole.
    pub(super) fn move_to(self, id: &VisitId, seat: &SeatId) -> Result<Outcome, Obstacle> {
        let visit = self.open_visit(id).ok_or(Obstacle::Over)?;
        if visit.seat.is_none() {
            return Err(Obstacle::NoSeat);
        }
        if self.context.trusted && visit.until <= self.context.now {
            return Err(Obstacle::OverTime);
        }
        let place = self.free_for(visit, seat).ok_or(Obstacle::SeatTaken)?;
        let SeatPlace { seat, zone } = place;
        let answer = Place::Seat {
            seat: seat.clone(),
            zone: zone.clone(),
        };
        let assigned = Event::SeatAssigned {
            visit: id.clone(),
            seat,
            zone,
            until: visit.until,
            limited_by: visit.limited_by,
            counts_from: visit.counts_from,
            reservation: visit.reservation.clone(),
            pauses: visit.pauses.clone(),
        };
        Ok(Outcome {
            events: vec![assigned],
            answer: done(Some(answer), visit.until),
        })
    }

    fn free_for(self, visit: &Visit, seat: &SeatId) -> Option<SeatPlace> {
        let standing = self.without_seat(visit);
        let case = Case {
            today: &standing,
            ..self
        };
        let now = self.context.now;
        let (from, to) = (now.timestamp(), held_until(visit.until, now).timestamp());
        let promised = self.situation(&[]).commitments();
        let board = case.situation(&[]).board;
        let index = board.index_of(seat)?;
        let is_free = board
            .free(Features::default(), from, to)
            .any(|free| free == index);
        let is_whole = board.with(index, Busy::person(from, to)).holds(&promised);
        let found = board.seat(index).filter(|_| is_free && is_whole)?;
        Some(SeatPlace {
            seat: found.id.clone(),
            zone: found.zone.clone(),
        })
    }

    /// The day as if this visitor had stood up. The visit itself goes on: its reservation stays used.
    fn without_seat(self, visit: &Visit) -> Today {
        let mut standing = self.today.clone();
        if let Some(visit) = standing.visits.get_mut(&visit.id) {
            visit.seat = None;
        }
        standing
    }

    /// What a scan would lead to, and of what it would offer the best. Whoever has no pass with them gets no more and no less; but whoever
    /// is too late for a programme comes in by this, while it has room.
    pub(super) fn check_in(
        self,
        station: &StationId,
        member: &MemberId,
    ) -> Result<Outcome, Obstacle> {
        let member = self.reference.members.get(member);
        let member = member.ok_or(Obstacle::Unknown)?;
        if !member.state.is_welcome() {
            return Err(Obstacle::Suspended);
        }
        if let Some(visit) = self.today.visit_of(&member.id) {
            return self.let_in(station, member, visit);
        }
        let ended = self.superseded(station, Some(member));
        let visitor = self.visitor(station, false, member, &ended);
        let Decision { events, verdict } = self.receive(&visitor);
        let (mut events, admitted) = match verdict {
            Some(Verdict::Admitted(admitted)) => (events, admitted),
            Some(Verdict::NoPlace(NoPlace {
                because: NoPlaceBecause::LastEntry,
                ..
            })) => self.admit_late(&visitor).ok_or(Obstacle::Full)?,
            Some(verdict) => self.take_the_best(station, events, verdict)?,
            None => return Err(Obstacle::Over),
        };
        // They are here already.
        events.retain(|event| !matches!(event, Event::StaffCalled { .. }));
        events.extend(ends(ended));
        Ok(Outcome {
            events,
            answer: done(Some(admitted.place), admitted.until),
        })
    }

    /// Somebody inside whom a scan would move on to a programme, or who is too late for it while it has room.
    fn let_in(
        self,
        station: &StationId,
        member: &Member,
        visit: &Visit,
    ) -> Result<Outcome, Obstacle> {
        let visitor = self.visitor(station, false, member, &[]);
        let (events, admitted) = self.move_on_late(&visitor, visit)?;
        Ok(Outcome {
            events,
            answer: done(Some(admitted.place), admitted.until),
        })
    }

    /// Chooses at once what would have been put before the visitor.
    fn take_the_best(
        self,
        station: &StationId,
        mut events: Vec<Event>,
        verdict: Verdict,
    ) -> Result<(Vec<Event>, Admitted), Obstacle> {
        let offer = match verdict {
            Verdict::Offer(offered) => offered.offer,
            Verdict::TooEarly(early) => early.bridge.ok_or(Obstacle::TooEarly)?.offer,
            Verdict::Full(full) if full.day_total_used => return Err(Obstacle::DayTotal),
            Verdict::Full(_) | Verdict::Waiting(_) | Verdict::Standby(_) | Verdict::NoPlace(_) => {
                return Err(Obstacle::Full);
            }
            Verdict::Closed(_) => return Err(Obstacle::Closed),
            Verdict::Expired(_) => return Err(Obstacle::Expired),
            _ => return Err(Obstacle::Over),
        };
        let after = self.context.after_all(self.today, &events);
        let case = Case {
            today: &after,
            ..self
        };
        let chosen = case.choose(station, &offer, 0);
        let Some(Verdict::Admitted(admitted)) = chosen.verdict else {
            return Err(Obstacle::Over);
        };
        events.extend(chosen.events);
        Ok((events, admitted))
    }
}

fn ended(visit: &Visit, ended_at: DateTime, inferred: bool) -> Event {
    Event::VisitEnded {
        visit: visit.id.clone(),
        ended_by: EndedBy::Staff,
        ended_at,
        inferred,
    }
}

fn done(place: Option<Place>, until: DateTime) -> StaffAnswer {
    StaffAnswer::Done {
        place,
        until: Some(until),
    }
}
