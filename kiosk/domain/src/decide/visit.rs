//! The visitor's menu: leaving, staying longer (rules sections 2 and 4); the rest of it has files of its own.

use super::offer::lapsed;
use super::{Case, Decision};
use crate::event::{Activity, EndedBy, Event, LimitedBy, Pause};
use crate::ids::VisitId;
use crate::plan::{Situation, held_until};
use crate::reference::DateTime;
use crate::settings::minutes;
use crate::stay::{Ceiling, closing, day_total_end, end_of_day, latest, moment, pauses};
use crate::today::Visit;
use crate::verdict::{Extended, Extension, Inside, Left, NotExtended, Remedy, Verdict};
use chrono::TimeDelta;

/// A shorter extension is not worth a walk to the kiosk.
const SHORTEST_EXTENSION: TimeDelta = TimeDelta::minutes(10);

impl<'a> Case<'a> {
    /// A visit that is under way.
    pub(super) fn open_visit(self, id: &VisitId) -> Option<&'a Visit> {
        self.today.visits.get(id).filter(|visit| visit.is_open())
    }

    pub(super) fn menu(self, visit: &Visit, situation: &Situation) -> Verdict {
        let extension = match self.extended_end(situation, visit) {
            Ok(end) => Extension::Possible { until: end.at },
            Err(limited_by) => Extension::NotPossible { limited_by },
        };
        let Some(place) = self.place_of(visit) else {
            return lapsed();
        };
        Verdict::Inside(Inside {
            visit: visit.id.clone(),
            place,
            until: visit.until,
            limited_by: visit.limited_by,
            extension,
            next: self.next_appointment(&visit.member, visit.reservation.as_ref()),
            may_change_seat: self.may_change_seat(visit),
            may_step_out: self.may_step_out(visit),
            companions: self.companions(visit.companions),
            change: self.change_for(visit).map(Box::new),
            may_borrow: self.may_borrow(visit),
            loans: self.lent_items(&visit.id),
        })
    }

    /// Until when an open visit can be made longer: to the next commitment less the gap, closing, the day's total (rules section 4),
    /// or the visitor's own next appointment. Else what stands in the way.
    fn extended_end(self, situation: &Situation, visit: &Visit) -> Result<Ceiling, LimitedBy> {
        let extension = self.reference.settings.coworking.extension_min;
        self.longer_end(situation, visit, extension, self.rest_of_day(visit))
    }

    /// What the visitor's own day allows; nothing is known of it while nobody vouches for the time.
    fn rest_of_day(self, visit: &Visit) -> Option<Ceiling> {
        let from = visit.counts_from;
        let total = day_total_end(
            self.reference,
            self.today,
            visit.counted(),
            &visit.member,
            from,
        );
        let total = total.paused_by(from, &self.consultations(visit, from));
        self.context.trusted.then_some(total)
    }

    fn consultations(self, visit: &Visit, from: DateTime) -> Vec<Pause> {
        pauses(self.reference, &visit.member, from, end_of_day(from))
    }

    /// Until when an open visit can be made longer by so many minutes where nobody else is displaced, whoever asks; `total` is what the
    /// visitor's own day allows.
    pub(super) fn longer_end(
        self,
        situation: &Situation,
        visit: &Visit,
        extension_min: u32,
        total: Option<Ceiling>,
    ) -> Result<Ceiling, LimitedBy> {
        let (Some(place), Activity::Coworking) = (&visit.seat, &visit.activity) else {
            return Err(visit.limited_by);
        };
        if self.is_waited_for(&place.seat) {
            return Err(LimitedBy::Queue);
        }
        let (now, board) = (self.context.now, &situation.board);
        let seat = board.index_of(&place.seat).ok_or(LimitedBy::Reservation)?;
        let from = visit.until.max(now);
        let held_to = held_until(visit.until, now).timestamp();
        let fixed = board
            .free_until(seat, held_to)
            .map(|(at, why)| Ceiling::new(moment(at, now), why));
        let limit = self
            .longest_extension(visit, extension_min, total)
            .or_before(fixed);
        let wants = situation.commitments();
        let whole = |end: i64| {
            board
                .with_longer(seat, held_to, end.max(held_to))
                .holds(&wants)
        };
        match latest(situation, limit, from.timestamp(), whole) {
            Some(end) if end.at - from >= SHORTEST_EXTENSION => Ok(end),
            Some(end) => Err(end.why),
            None if limit.at <= from => Err(limit.why),
            None => Err(LimitedBy::Reservation),
        }
    }

    /// Until when the visitor could have another seat, if it is the seat that set the end: as long as an extension would give.
    pub(super) fn longest_elsewhere(self, visit: &Visit) -> Ceiling {
        let promised = Ceiling::new(visit.until, visit.limited_by);
        let extension = self.reference.settings.coworking.extension_min;
        match visit.limited_by {
            LimitedBy::Reservation | LimitedBy::Programme => {
                let longest = self.longest_extension(visit, extension, self.rest_of_day(visit));
                Some(longest)
                    .filter(|longer| longer.at > promised.at)
                    .unwrap_or(promised)
            }
            _ => promised,
        }
    }

    /// Until when a stay could be made longer at the most, whatever its seat.
    fn longest_extension(
        self,
        visit: &Visit,
        extension_min: u32,
        total: Option<Ceiling>,
    ) -> Ceiling {
        let now = self.context.now;
        let from = visit.until.max(now);
        Ceiling::new(from + minutes(extension_min), LimitedBy::Grant)
            .paused_by(from, &self.consultations(visit, from))
            .or_before(closing(self.reference, now, self.context.trusted))
            .or_before(total)
            .or_before(self.own_next(visit))
    }

    /// The visitor's own next seat or programme. A consultation is a pause within the stay (rules section 4).
    fn own_next(self, visit: &Visit) -> Option<Ceiling> {
        let next = self.next_to_move_to(&visit.member, visit.reservation.as_ref())?;
        Some(Ceiling::new(
            next.starts.max(visit.until),
            LimitedBy::OwnReservation,
        ))
    }

    pub(super) fn leave(self, id: &VisitId) -> Decision {
        let Some(visit) = self.open_visit(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let ended_at = self.context.now.max(visit.started_at);
        let ended = Event::VisitEnded {
            visit: id.clone(),
            ended_by: EndedBy::Visitor,
            ended_at,
            inferred: false,
        };
        let left = self.leaves_programme(visit, ended_at);
        let after = self.context.after(self.today, &ended);
        let case = Case {
            today: &after,
            ..self
        };
        // Whoever goes out of a programme may come back, and need not be told.
        let done = visit.reservation.as_ref().filter(|_| left.is_some());
        let next = case.next_appointment(&visit.member, done);
        Decision::answer(
            left.into_iter()
                .chain([ended])
                .chain(self.ended_changes(id))
                .collect(),
            Verdict::Left(Left {
                visit: id.clone(),
                next,
                still_out: self.still_out(id),
            }),
        )
    }

    pub(super) fn extend(self, id: &VisitId) -> Decision {
        let Some(visit) = self.open_visit(id) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        let Some(place) = self.place_of(visit) else {
            return Decision::answer(Vec::new(), lapsed());
        };
        match self.extended_end(&self.situation(&[]), visit) {
            Ok(end) => Decision::answer(
                [self.extended(visit, end)]
                    .into_iter()
                    .chain(self.longer_loans(visit, end.at))
                    .chain(self.ended_changes(id))
                    .collect(),
                Verdict::Extended(Extended {
                    visit: id.clone(),
                    place,
                    until: end.at,
                    limited_by: end.why,
                }),
            ),
            Err(limited_by) => {
                let remedy = Remedy::SeeStaff;
                let not = NotExtended {
                    visit: id.clone(),
                    until: visit.until,
                    limited_by,
                    remedy,
                };
                Decision::answer(Vec::new(), Verdict::NotExtended(not))
            }
        }
    }

    pub(super) fn extended(self, visit: &Visit, end: Ceiling) -> Event {
        let (until, started_at) = (end.at, visit.started_at);
        Event::VisitExtended {
            visit: visit.id.clone(),
            until,
            limited_by: end.why,
            pauses: pauses(self.reference, &visit.member, started_at, until),
        }
    }
}
