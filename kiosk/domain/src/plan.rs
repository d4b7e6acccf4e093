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
pub(crate) struct Situation<'a> {
    pub(crate) board: Board<'a>,
    wanted: Vec<(&'a Reservation, Want)>,
    /// Where each wanted reservation sits, as an index into the board's seats.
    seats: Vec<Option<usize>>,
}

impl<'a> Situation<'a> {
    /// The situation at `now`, as if the offers in `ended` were over.
    pub(crate) fn new(reference: &'a Reference, today: &'a Today, now: DateTime, ended: &[OfferId]) -> Self {
        let board = frame(reference, today, now, ended);
        let mut wanted: Vec<_> = pending(reference, today, now)
            .filter_map(|reservation| Some((reservation, want(reference, reservation, now)?)))
            .collect();
        wanted.sort_by_key(|(reservation, _)| (reservation.since, &reservation.id));
        let wants: Vec<_> = wanted.iter().map(|(_, want)| *want).collect();
        let seats = board.place(&wants);
        Self { board, wanted, seats }
    }

    /// The same without one reservation: its holder is at the door.
    pub(crate) fn without(mut self, reservation: &ReservationId) -> (Self, Option<usize>) {
        let Some(index) = self.wanted.iter().position(|(wanted, _)| &wanted.id == reservation) else {
            return (self, None);
        };
        self.wanted.remove(index);
        let planned = self.seats.remove(index);
        (self, planned)
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
        let kept = self.wanted.iter().zip(&self.seats).filter(|(_, seat)| seat.is_some());
        kept.map(|((_, want), _)| *want).collect()
    }

    /// The planned start of the next reservation on a seat, if there is one.
    pub(crate) fn next_planned(&self, seat: usize) -> Option<i64> {
        let planned = self.wanted.iter().zip(&self.seats).filter(|(_, planned)| **planned == Some(seat));
        planned.map(|((_, want), _)| want.from).min()
    }
}

/// Today's seat reservations that nobody has come for yet and that have not lapsed.
pub(crate) fn pending<'a>(reference: &'a Reference, today: &'a Today, now: DateTime) -> impl Iterator<Item = &'a Reservation> {
    let date = today.date.unwrap_or_else(|| now.date_naive());
    reference.reservations_on(date).filter(move |one| {
        let open = !one.cancelled && one.ends > now && !today.no_shows.contains(&one.id);
        open && matches!(one.purpose, Purpose::Seat { .. }) && !today.is_used(&one.id)
    })
}

fn want(reference: &Reference, reservation: &Reservation, now: DateTime) -> Option<Want> {
    let Purpose::Seat { needs } = reservation.purpose else {
        return None;
    };
    let always = reference.members.get(&reservation.member).map(|member| member.needs).unwrap_or_default();
    let from = reservation.starts.max(now).timestamp();
    Some(Want { from, to: reservation.ends.timestamp(), needs: needs.and(always) })
}

fn frame<'a>(reference: &'a Reference, today: &Today, now: DateTime, ended: &[OfferId]) -> Board<'a> {
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
        let to = visit.until.max(now + gap).timestamp();
        board.occupy(&place.seat, Busy::person(visit.started_at.timestamp(), to));
    }
    let held = today.offers.iter().filter(|(id, _)| !ended.contains(id));
    for choice in held.flat_map(|(_, offer)| &offer.choices) {
        let to = choice.goes_on_until.unwrap_or(choice.until);
        board.occupy(&choice.seat, Busy::person(now.timestamp(), to.timestamp()));
    }
    board
}
