//! What is possible in the consultation rooms now (rules section 6).

use crate::adviser::{AdviserState, ConsultationOffer, Slot};
use crate::event::Wait;
use crate::ids::VisitId;
use crate::reference::{DateTime, JST, Purpose, Reference, Reservation};
use crate::settings::minutes;
use crate::stay::closing;
use crate::today::{Today, Visit};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// A wait is told in steps of so many minutes: nobody knows it better.
const WAIT_STEP_MIN: i64 = 10;

/// What somebody without a reservation can have now: an adviser who is free, or the wait until one will be; with enough left of the slot,
/// and without taking the place of anybody who has reserved or waits already.
pub fn walk_in(reference: &Reference, today: &Today, now: DateTime) -> Option<ConsultationOffer> {
    closing(reference, now, true)?;
    let rooms = &today.rooms;
    let waiting = rooms.waiting.len();
    let available = rooms.count(|state| state == AdviserState::Available);
    let until = free_slot(reference, today, now, waiting + rooms.consultations.len());
    if let Some(until) = until.filter(|_| available > waiting) {
        return Some(ConsultationOffer { until, wait: None });
    }
    let mut ends: Vec<DateTime> = rooms
        .consultations
        .values()
        .map(|one| one.until.max(now))
        .collect();
    ends.sort_unstable();
    let free_at = *ends.get(waiting.saturating_sub(available))?;
    let still_on = ends.iter().filter(|end| **end > free_at).count();
    let until = free_slot(reference, today, free_at, still_on + waiting)?;
    let wait = Some(range(free_at - now));
    Some(ConsultationOffer { until, wait })
}

/// Until when the slot at that moment lasts, if enough of it is left and an adviser has time who is not needed by `taken` others.
fn free_slot(reference: &Reference, today: &Today, at: DateTime, taken: usize) -> Option<DateTime> {
    let slot = slot_at(reference, at)?;
    let until = moment(slot, at)?;
    let present = today
        .rooms
        .count(|state| matches!(state, AdviserState::Available | AdviserState::WithVisitor));
    let is_long_enough = until - at >= minutes(reference.settings.consultation.walk_in_min);
    let expected = expected(reference, today, at, until);
    (is_long_enough && present > taken + expected).then_some(until)
}

/// Those who reserved a time between two moments, may still come or are here, and have not begun. Late, they keep the rest of it for a while.
fn expected(reference: &Reference, today: &Today, from: DateTime, to: DateTime) -> usize {
    let open_after = minutes(reference.settings.consultation.open_after_min);
    let is_expected = |one: &&Reservation| {
        let is_here = today.visit_of(&one.member).is_some();
        let may_come = is_here || from < one.starts + open_after;
        !one.cancelled
            && one.purpose == Purpose::Consultation
            && one.starts < to
            && from < one.ends
            && may_come
            && !today.rooms.begun.contains(&one.id)
    };
    let date = from.with_timezone(&JST).date_naive();
    reference.reservations_on(date).filter(is_expected).count()
}

/// Somebody inside who waits to be advised, with what they have reserved.
pub type Awaiting<'a> = (&'a Visit, Option<&'a Reservation>);

/// Everybody inside who waits to be advised: by the time they have reserved, then those without a reservation in order.
pub fn awaiting<'a>(reference: &'a Reference, today: &'a Today) -> Vec<Awaiting<'a>> {
    let rooms = &today.rooms;
    let is_open = |visit: &&Visit| !rooms.consultations.contains_key(&visit.id);
    let reserved = today
        .date
        .into_iter()
        .flat_map(|date| reference.reservations_on(date))
        .filter(|one| !one.cancelled && one.purpose == Purpose::Consultation)
        .filter(|one| !rooms.begun.contains(&one.id));
    let with_time = reserved.filter_map(|one| Some((today.visit_of(&one.member)?, Some(one))));
    let mut all: Vec<Awaiting> = with_time.filter(|(visit, _)| is_open(visit)).collect();
    all.sort_by_key(|(visit, one)| (one.map(|one| one.starts), &visit.id));
    let waiting = rooms.waiting.iter().filter_map(|id| today.visits.get(id));
    let mut seen: BTreeSet<&VisitId> = all.iter().map(|(visit, _)| &visit.id).collect();
    let others: Vec<_> = waiting.filter(|visit| seen.insert(&visit.id)).collect();
    all.extend(others.into_iter().map(|visit| (visit, None)));
    all
}

/// The slot at a moment.
pub(crate) fn slot_at(reference: &Reference, at: DateTime) -> Option<&Slot> {
    let time = at.with_timezone(&JST).time();
    let mut slots = reference.advice.slots.iter();
    slots.find(|slot| slot.from <= time && time < slot.to)
}

/// The end of a slot on the day of `at`.
fn moment(slot: &Slot, at: DateTime) -> Option<DateTime> {
    let date = at.with_timezone(&JST).date_naive();
    date.and_time(slot.to).and_local_timezone(JST).single()
}

/// Until when a consultation is meant to last that begins now: the rest of what is reserved, of the slot, or the usual time.
pub(crate) fn lasts_until(
    reference: &Reference,
    reservation: Option<&Reservation>,
    now: DateTime,
) -> DateTime {
    let reserved = reservation.map(|one| one.ends).filter(|ends| now < *ends);
    let slot = || moment(slot_at(reference, now)?, now);
    let usual = now + minutes(reference.settings.consultation.usual_min);
    reserved.or_else(slot).unwrap_or(usual)
}

fn range(wait: TimeDelta) -> Wait {
    let steps = wait.num_minutes().max(0) / WAIT_STEP_MIN;
    let from = u32::try_from(steps * WAIT_STEP_MIN).unwrap_or(u32::MAX);
    Wait {
        from_min: from,
        to_min: from.saturating_add(10),
    }
}
