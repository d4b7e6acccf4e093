//! Which reservation sits where, and what that leaves for people without one.
//!
//! Every known reservation of today is placed on a concrete seat, deterministically; a walk-in gets what leaves the plan whole,
//! tightest fit first, so that long gaps stay whole (rules section 3). Nobody is told a planned seat before checking in, so the plan may
//! change as often as it likes. Who is already inside is not part of the plan but its frame.

use crate::board::{Board, Busy, Want};
use crate::ids::{OfferId, ReservationId, SeatId};
use crate::reference::{DateTime, Purpose, Reference, Reservation};
use crate::settings::minutes;
use crate::today::Today;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Where every reservation still to come sits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Reservation by reservation.
    pub placed: BTreeMap<ReservationId, SeatId>,
    /// Those that fit nowhere; of two that exclude each other, the one the kiosk learned of later.
    pub unplaced: Vec<ReservationId>,
}

/// Places today's reservations. Same input, same plan.
pub fn plan(reference: &Reference, today: &Today, now: DateTime) -> Plan {
    Situation::new(reference, today, now, &[]).plan()
}

/// The frame (who sits where, what is held, what programmes take) and the reservations to fit into it.
#[derive(Clone)]
pub(crate) struct Situation<'a> {
    pub(crate) board: Board<'a>,
    wanted: Vec<(&'a Reservation, Want)>,
    /// Where each wanted reservation sits, as an index into the board's seats.
    seats: Vec<Option<usize>>,
}

impl<'a> Situation<'a> {
    /// The situation at `now`, as if the offers in `ended` were over.
    pub(crate) fn new(
        reference: &'a Reference,
        today: &'a Today,
        now: DateTime,
        ended: &[OfferId],
    ) -> Self {
        let board = frame(reference, today, now, ended);
        let held = today.offers.iter().filter(|(id, offer)| {
            !ended.contains(id)
                && offer
                    .choices
                    .iter()
                    .any(|choice| choice.goes_on_until.is_some())
        });
        // What is offered to go on as a reservation is that reservation's place.
        let held: Vec<_> = held
            .filter_map(|(_, offer)| offer.bridge_to.as_ref())
            .collect();
        let mut wanted: Vec<_> = pending(reference, today, now)
            .filter(|reservation| !held.contains(&&reservation.id))
            .filter_map(|reservation| Some((reservation, want(reference, reservation, now)?)))
            .collect();
        // Whoever was told that there is no seat, or was pardoned, comes back only where nobody loses one by it.
        let comes_back = |one: &Reservation| {
            today.unplaced.contains(&one.id) || today.staff.pardoned.contains(&one.id)
        };
        wanted.sort_by_key(|(one, _)| (comes_back(one), one.since, &one.id));
        let wants: Vec<_> = wanted.iter().map(|(_, want)| *want).collect();
        let seats = board.place(&wants);
        Self {
            board,
            wanted,
            seats,
        }
    }

    /// The same without one reservation: its holder is at the door.
    pub(crate) fn without(mut self, reservation: &ReservationId) -> (Self, Option<usize>) {
        let Some(index) = self
            .wanted
            .iter()
            .position(|(wanted, _)| &wanted.id == reservation)
        else {
            return (self, None);
        };
        self.wanted.remove(index);
        let planned = self.seats.remove(index);
        (self, planned)
    }

    /// The same with one more seat held, and the plan made anew around it.
    pub(crate) fn with_held(&self, seat: &SeatId, busy: Busy) -> Self {
        let mut board = self.board.clone();
        board.occupy(seat, busy);
        let wants: Vec<_> = self.wanted.iter().map(|(_, want)| *want).collect();
        let seats = board.place(&wants);
        Self {
            board,
            wanted: self.wanted.clone(),
            seats,
        }
    }

    pub(crate) fn plan(&self) -> Plan {
        let mut plan = Plan::default();
        for ((reservation, _), seat) in self.wanted.iter().zip(&self.seats) {
            match seat.and_then(|seat| self.board.seat(seat)) {
                Some(seat) => {
                    plan.placed.insert(reservation.id.clone(), seat.id.clone());
                }
                None => plan.unplaced.push(reservation.id.clone()),
            }
        }
        plan
    }

    /// The wants that have a place, and that every further promise must leave one.
    pub(crate) fn commitments(&self) -> Vec<Want> {
        let kept = self
            .wanted
            .iter()
            .zip(&self.seats)
            .filter(|(_, seat)| seat.is_some());
        kept.map(|((_, want), _)| *want).collect()
    }

    /// The planned start of the next reservation on a seat, if there is one.
    pub(crate) fn next_planned(&self, seat: usize) -> Option<i64> {
        let planned = self
            .wanted
            .iter()
            .zip(&self.seats)
            .filter(|(_, planned)| **planned == Some(seat));
        planned.map(|((_, want), _)| want.from).min()
    }
}

/// Today's seat reservations that nobody has come for yet and that have not lapsed.
pub(crate) fn pending<'a>(
    reference: &'a Reference,
    today: &'a Today,
    now: DateTime,
) -> impl Iterator<Item = &'a Reservation> {
    let date = today.date.unwrap_or_else(|| now.date_naive());
    let used = today.used_reservations();
    let no_show = minutes(reference.settings.no_show_seat_min);
    reference.reservations_on(date).filter(move |one| {
        // Nobody who was told that there is no seat is expected, so nobody fails to come, and no more does who sits here already; but
        // none is kept for long either.
        let is_not_awaited =
            today.unplaced.contains(&one.id) || today.was_inside_for(one, one.starts + no_show);
        let given_up = one.starts + no_show <= now && is_not_awaited;
        let open =
            !one.cancelled && one.ends > now && !given_up && !today.no_shows.contains(&one.id);
        open && matches!(one.purpose, Purpose::Seat { .. }) && !used.contains(&one.id)
    })
}

fn want(reference: &Reference, reservation: &Reservation, now: DateTime) -> Option<Want> {
    let Purpose::Seat { needs } = reservation.purpose else {
        return None;
    };
    let always = reference
        .members
        .get(&reservation.member)
        .map(|member| member.needs)
        .unwrap_or_default();
    let from = reservation.starts.max(now).timestamp();
    Some(Want {
        from,
        to: reservation.ends.timestamp(),
        needs: needs.and(always),
    })
}

/// Until when somebody takes their seat: as promised, and in any case while they sit there.
pub(crate) fn held_until(promised: DateTime, now: DateTime) -> DateTime {
    promised.max(now + TimeDelta::seconds(1))
}

fn frame<'a>(
    reference: &'a Reference,
    today: &Today,
    now: DateTime,
    ended: &[OfferId],
) -> Board<'a> {
    let settings = &reference.settings;
    let gap = minutes(settings.gap_min);
    let mut board = Board::new(&reference.floor, gap.num_seconds());
    for programme in reference.programmes_on(now.date_naive()) {
        let (from, to) = programme.takes_zone(settings);
        if let Some(zone) = programme.zone.as_ref().filter(|_| to > now) {
            board.block_zone(zone, Busy::programme(from.timestamp(), to.timestamp()));
        }
    }
    for visit in today.inside() {
        let Some(place) = &visit.seat else { continue };
        // Whoever stays over time is expected to be gone soon, but never counted as gone.
        let to = held_until(visit.until, now).timestamp();
        // A clock that has gone back since must not make a taken seat free.
        let from = visit.started_at.min(now).timestamp();
        board.occupy(&place.seat, Busy::person(from, to));
    }
    let held = today.offers.iter().filter(|(id, _)| !ended.contains(id));
    for choice in held.flat_map(|(_, offer)| &offer.choices) {
        let to = choice.goes_on_until.unwrap_or(choice.until);
        board.occupy(&choice.seat, Busy::person(now.timestamp(), to.timestamp()));
    }
    for (_, call) in today.queue.called() {
        let to = held_until(call.choice.until, now).timestamp();
        board.occupy(&call.choice.seat, Busy::person(now.timestamp(), to));
    }
    board
}
