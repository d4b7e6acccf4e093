//! What must never happen to guests, and to whoever takes another seat.

use super::seats::{not_in_programme, suits};
use super::{Broken, Inside, Promises};
use chrono::TimeDelta;
use domain::event::{Entry, Event, SeatChange};
use domain::ids::{GuestId, OfferId};
use domain::reference::{DateTime, JST, Reference};
use std::collections::BTreeMap;

/// Guests inside, and when they came; none while that is not known.
pub(super) type Guests = BTreeMap<GuestId, Option<DateTime>>;

impl Promises {
    pub(super) fn take_guest(&mut self, entry: &Entry) {
        if entry.stamp.trusted {
            let unknown = self.guests.values_mut().filter(|came| came.is_none());
            unknown.for_each(|came| *came = Some(entry.stamp.at));
        }
        match &entry.event {
            Event::GuestArrived {
                guest, arrived_at, ..
            } => {
                let came = Some(*arrived_at).filter(|_| entry.stamp.trusted);
                self.guests.insert(guest.clone(), came);
            }
            Event::GuestLeft { guest, .. } => drop(self.guests.remove(guest)),
            _ => {}
        }
    }

    /// No guest is inside past the last closing of the day they came, of the centre or of an evening programme.
    pub(super) fn guests_are_gone(
        &self,
        now: DateTime,
        reference: &Reference,
    ) -> Result<(), Broken> {
        for (guest, came) in &self.guests {
            let Some(came) = came.map(|came| came.with_timezone(&JST)) else {
                continue;
            };
            let date = came.date_naive();
            let closings = reference.calendar.day(date).hours.into_iter();
            let closings = closings.map(|hours| date.and_time(hours.close));
            let evenings = reference.evenings(date).into_iter().map(|one| one.ends);
            let last = closings
                .chain(evenings)
                .filter_map(|at| at.and_local_timezone(JST).single())
                .max()
                .filter(|last| *last > came);
            let last = last.unwrap_or(came + TimeDelta::days(1));
            if last <= now {
                return Err(Broken::GuestAfterClosing {
                    guest: guest.clone(),
                    closing: last.fixed_offset(),
                    at: now,
                });
            }
        }
        Ok(())
    }

    /// Somebody takes another seat: one that was put before them, with just that end, and compared with what they had.
    pub(super) fn change_seat(
        &mut self,
        entry: &Entry,
        was: &Inside,
        reference: &Reference,
    ) -> Result<(), Broken> {
        let Event::SeatChanged {
            visit,
            seat,
            until,
            offer,
            ..
        } = &entry.event
        else {
            return Ok(());
        };
        let had = self.changes.get(offer).is_some_and(|had: &SeatChange| {
            had.visit == *visit && Some(&had.seat) == was.seat.as_ref() && had.until == was.until
        });
        let mut offered = self.offers.get(offer).into_iter().flatten();
        let is_as_shown = offered.any(|choice| choice.seat == *seat && choice.until == *until);
        if !had || !is_as_shown {
            return Err(Broken::NotAsChosen {
                visit: visit.clone(),
                seat: seat.clone(),
                until: *until,
            });
        }
        suits(visit, was, seat, reference, None)?;
        if was.dated && entry.stamp.trusted {
            not_in_programme(reference, visit, seat, (entry.stamp.at, *until))?;
        }
        if let Some(is) = self.inside.get_mut(visit) {
            (is.seat, is.until) = (Some(seat.clone()), *until);
            is.dated &= entry.stamp.trusted;
        }
        Ok(())
    }
}

/// The stays that open offers would move.
pub(super) type Changes = BTreeMap<OfferId, SeatChange>;
