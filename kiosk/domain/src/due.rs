//! What time brings by itself. Pure: [`next_due`] says when to wake, [`Command::Due`](crate::Command::Due) settles everything overdue in
//! due order, and is the first command after a start, so that what a power cut hid is settled as it should have been.

use crate::decide::Context;
use crate::event::{Activity, EndedBy, Event, OfferEnd};
use crate::ids::ReservationId;
use crate::plan::{Situation, pending};
use crate::reference::{JST, DateTime, Reference};
use crate::settings::minutes;
use crate::today::{Carried, Today, Visit};
use chrono::NaiveTime;

/// When the desk must wake: whichever comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wake {
    /// By the wall clock, as far as it is vouched for.
    pub at: Option<DateTime>,
    /// By the run's uptime, in milliseconds.
    pub uptime_ms: Option<u64>,
}

/// When something is due next. What is due already is included: it lies in the past.
pub fn next_due(reference: &Reference, today: &Today) -> Wake {
    let mut times: Vec<DateTime> = wall_times(reference, today).map(|(at, _)| at).collect();
    times.extend(today.date.and_then(|date| date.succ_opt()).and_then(start_of));
    Wake {
        at: times.into_iter().min(),
        uptime_ms: today.offers.values().map(|offer| offer.held_until_ms).min(),
    }
}

/// Everything overdue, in due order.
pub(crate) fn overdue(reference: &Reference, today: &Today, context: &Context) -> Vec<Event> {
    let lapsed = today.offers.iter().filter(|(_, offer)| offer.held_until_ms <= context.uptime_ms);
    let mut events: Vec<Event> =
        lapsed.map(|(id, _)| Event::OfferEnded { offer: id.clone(), reason: OfferEnd::Lapsed }).collect();
    let date = context.now.date_naive();
    if !context.trusted {
        // Only the first day of all is opened by a clock nobody vouches for: replay needs a beginning.
        let first = today.date.is_none().then(|| Event::DayOpened { date, carried: today.carried() });
        events.extend(first);
        return events;
    }
    let mut settled: Vec<(DateTime, Event)> = wall_times(reference, today)
        .filter(|(at, _)| *at <= context.now)
        .filter_map(|(at, due)| Some((at, due.event(reference, today, context)?)))
        .collect();
    settled.sort_by_key(|(at, _)| *at);
    let ended: Vec<_> = settled
        .iter()
        .filter_map(|(_, event)| match event {
            Event::VisitEnded { visit, .. } => Some(visit.clone()),
            _ => None,
        })
        .collect();
    events.extend(settled.into_iter().map(|(_, event)| event));
    if today.date.is_none_or(|opened| opened < date) {
        let open = today.inside().filter(|visit| !ended.contains(&visit.id)).cloned();
        let carried = Carried { visits: open.collect(), ..today.carried() };
        events.push(Event::DayOpened { date, carried });
    }
    events
}

/// One thing that falls due.
enum Due<'a> {
    Closing(&'a Visit),
    Overdue(&'a Visit),
    NoShow(&'a ReservationId),
    BridgeEnds(&'a Visit, &'a ReservationId),
}

impl Due<'_> {
    fn event(self, reference: &Reference, today: &Today, context: &Context) -> Option<Event> {
        match self {
            Due::Closing(visit) => {
                let ended_at = closes(reference, visit)?;
                let inferred = context.now - ended_at > minutes(1);
                Some(Event::VisitEnded { visit: visit.id.clone(), ended_by: EndedBy::Closing, ended_at, inferred })
            }
            Due::Overdue(visit) => {
                // Whoever is swept by closing in the same moment was not overdue.
                let swept = closes(reference, visit).is_some_and(|at| at <= context.now);
                (!swept).then(|| Event::VisitOverdue { visit: visit.id.clone(), since: visit.until })
            }
            Due::NoShow(reservation) => {
                let starts = reference.reservation(reservation)?.starts;
                let lapsed_at = starts + minutes(reference.settings.no_show_seat_min);
                Some(Event::ReservationNoShow { reservation: reservation.clone(), lapsed_at })
            }
            Due::BridgeEnds(visit, reservation) => bridge_ends(reference, today, context, visit, reservation),
        }
    }
}

fn wall_times<'a>(reference: &'a Reference, today: &'a Today) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    let settings = &reference.settings;
    let closing = today.inside().filter_map(|visit| Some((closes(reference, visit)?, Due::Closing(visit))));
    let overdue = today
        .inside()
        .filter(|visit| !visit.overdue && !awaits_reservation(reference, today, visit))
        .map(|visit| (visit.until + minutes(settings.grace_min), Due::Overdue(visit)));
    let bridges = today.inside().filter_map(|visit| {
        let id = visit.bridge_to.as_ref().filter(|_| awaits_reservation(reference, today, visit))?;
        Some((reference.reservation(id)?.starts, Due::BridgeEnds(visit, id)))
    });
    closing.chain(overdue).chain(bridges).chain(no_shows(reference, today))
}

fn no_shows<'a>(reference: &'a Reference, today: &'a Today) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    let day = today.date.and_then(start_of);
    let waiting = day.into_iter().flat_map(|day| pending(reference, today, day)).filter(|one| !today.is_bridged(&one.id));
    waiting.map(|one| (one.starts + minutes(reference.settings.no_show_seat_min), Due::NoShow(&one.id)))
}

/// Whether a visitor sits on another seat until the reserved one begins, and has not been told that there is none.
fn awaits_reservation(reference: &Reference, today: &Today, visit: &Visit) -> bool {
    let Some(id) = visit.bridge_to.as_ref().filter(|_| visit.reservation.is_none()) else {
        return false;
    };
    let seat = |one: &&crate::reference::Reservation| matches!(one.purpose, crate::reference::Purpose::Seat { .. });
    reference.reservation(id).filter(seat).is_some_and(|one| !one.cancelled) && !today.unplaced.contains(id)
}

/// When the last thing this person may stay for ends: closing for coworking, the end of their own for the others.
fn closes(reference: &Reference, visit: &Visit) -> Option<DateTime> {
    let started = visit.started_at.with_timezone(&JST);
    let end = match visit.activity {
        Activity::Coworking => None,
        Activity::Programme { .. } | Activity::Consultation => Some(visit.until),
    };
    let hours = reference.calendar.day(started.date_naive()).hours;
    let stretch = hours.iter().find(|hours| started.time() < hours.close).or(hours.last());
    let closing = stretch.map_or(NaiveTime::from_hms_opt(18, 0, 0), |hours| Some(hours.close))?;
    let closing = started.date_naive().and_time(closing).and_local_timezone(JST).single()?;
    Some(end.map_or(closing, |end| end.max(closing)))
}

/// The bridge becomes the reservation by itself: the planned seat, as agreed when the visitor came in.
fn bridge_ends(reference: &Reference, today: &Today, context: &Context, visit: &Visit, id: &ReservationId) -> Option<Event> {
    let reservation = reference.reservation(id)?;
    let situation = Situation::new(reference, today, context.now, &[]);
    let plan = situation.plan();
    let seat = plan.placed.get(id).and_then(|seat| reference.floor.seat(seat));
    let Some(seat) = seat else {
        return Some(Event::ReservationUnplaced { reservation: id.clone() });
    };
    Some(Event::SeatAssigned {
        visit: visit.id.clone(),
        seat: seat.id.clone(),
        zone: seat.zone.clone(),
        until: reservation.ends,
        limited_by: crate::event::LimitedBy::OwnReservation,
        counts_from: reservation.starts,
        reservation: Some(id.clone()),
    })
}

fn start_of(date: chrono::NaiveDate) -> Option<DateTime> {
    date.and_time(NaiveTime::MIN).and_local_timezone(JST).single()
}
