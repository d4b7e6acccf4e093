//! What time brings by itself. Pure: [`next_due`] says when to wake, [`Command::Due`](crate::Command::Due) settles everything overdue in
//! due order, and is the first command after a start, so that what a power cut hid is settled as it should have been.

use crate::adviser::AdviserRole;
use crate::attendance::{Attendance, AttendanceEnded};
use crate::decide::{Context, started};
use crate::event::{Activity, Choice, EndedBy, Event, GuestPurpose, LimitedBy, OfferEnd, QueueEnd};
use crate::plan::{Situation, pending};
use crate::programme::{Sitting, moves_on};
use crate::reception::{ReceptionShort, opens_short, present};
use crate::reference::{DateTime, JST, Member, Purpose, Reference, Reservation};
use crate::settings::minutes;
use crate::stay::{Ceiling, closing, end_of_day, pauses, seat_through, start_of};
use crate::today::{Call, Guest, Ticket, Today, Visit};
use chrono::{NaiveDate, NaiveTime};

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
    times.extend(
        today
            .date
            .and_then(|date| date.succ_opt())
            .and_then(start_of),
    );
    times.extend(
        today
            .date
            .filter(|opened| is_invented(today, *opened))
            .and(today.latest_trusted),
    );
    Wake {
        at: times.into_iter().min(),
        uptime_ms: uptimes(today).min(),
    }
}

/// What falls due by uptime: offers, calls, and the repetition of a call.
fn uptimes(today: &Today) -> impl Iterator<Item = u64> {
    let offers = today.offers.values().map(|offer| offer.held_until_ms);
    let calls = today.queue.called().map(|(_, call)| call.due_ms());
    offers.chain(calls)
}

/// What lapses by uptime, in order of when it does.
fn lapsed(today: &Today, context: &Context) -> Vec<Event> {
    let uptime_ms = context.uptime_ms;
    // Nobody can come while staff have closed the doors.
    let excused = today.closure_at(context.now).is_some();
    let offers = today.offers.iter().map(|(id, offer)| {
        let ended = Event::OfferEnded {
            offer: id.clone(),
            reason: OfferEnd::Lapsed,
        };
        (offer.held_until_ms, vec![ended])
    });
    let calls = today
        .queue
        .called()
        .map(|(ticket, call)| call_due(ticket, call, uptime_ms, excused));
    let mut due: Vec<_> = offers
        .chain(calls)
        .filter(|(at, _)| *at <= uptime_ms)
        .collect();
    due.sort_by_key(|(at, _)| *at);
    due.into_iter().flat_map(|(_, events)| events).collect()
}

/// What becomes of a call, and when. Nobody is called in vain more than twice.
fn call_due(ticket: &Ticket, call: &Call, uptime_ms: u64, excused: bool) -> (u64, Vec<Event>) {
    let id = &ticket.id;
    if call.held_until_ms > uptime_ms {
        let again = Event::QueueCalledAgain { ticket: id.clone() };
        return (call.due_ms(), vec![again]);
    }
    let lapsed = Event::QueueLapsed {
        ticket: id.clone(),
        excused,
    };
    let left = (ticket.lapses > 0 && !excused).then(|| Event::QueueLeft {
        ticket: id.clone(),
        reason: QueueEnd::Lapsed,
    });
    let events = [lapsed].into_iter().chain(left).collect();
    (call.held_until_ms, events)
}

/// Everything overdue, in due order, each settled with what came before.
pub(crate) fn overdue(reference: &Reference, today: &Today, context: &Context) -> Vec<Event> {
    let lapsed = lapsed(today, context);
    let is_due = context.trusted && wall_times(reference, today).any(|(at, _)| at <= context.now);
    if lapsed.is_empty() && !is_due && !is_new_day(today, context) {
        return lapsed;
    }
    let mut settled = Settled {
        reference,
        context,
        today: today.clone(),
        events: Vec::new(),
    };
    lapsed.into_iter().for_each(|event| settled.add(event));
    settled.add_what_is_due();
    if is_new_day(&settled.today, context) {
        settled.open_day();
        settled.add_what_is_due();
    }
    settled.events
}

/// The events so far, and the day as they leave it.
struct Settled<'a> {
    reference: &'a Reference,
    context: &'a Context,
    today: Today,
    events: Vec<Event>,
}

impl Settled<'_> {
    fn add(&mut self, event: Event) {
        self.context.advance(&mut self.today, &event);
        self.events.push(event);
    }

    fn add_what_is_due(&mut self) {
        while let Some(event) = first_due(self.reference, &self.today, self.context) {
            self.add(event);
        }
    }

    fn open_day(&mut self) {
        // Replay starts here, and neither offers nor the queue are carried: the night ends them.
        let offers: Vec<_> = self.today.offers.keys().cloned().collect();
        offers.into_iter().for_each(|offer| {
            self.add(Event::OfferEnded {
                offer,
                reason: OfferEnd::Lapsed,
            })
        });
        let tickets = self.today.queue.tickets.clone();
        tickets
            .into_iter()
            .for_each(|ticket| self.add(queue_closed(&ticket)));
        let date = self.context.now.date_naive();
        let mut carried = self.today.carried();
        // Whoever has renewed since may run out once more, another year (rules section 1).
        let members = &self.reference.members;
        let is_out = |member: &Member| member.valid_until < date;
        carried
            .courtesies
            .retain(|id| members.get(id).is_some_and(is_out));
        self.add(Event::DayOpened { date, carried });
    }
}

fn is_new_day(today: &Today, context: &Context) -> bool {
    let date = context.now.date_naive();
    match today.date {
        None => true,
        // Only the first day of all is opened by a clock nobody vouches for: replay needs a beginning.
        Some(_) if !context.trusted => false,
        Some(opened) => opened < date || (opened > date && is_invented(today, opened)),
    }
}

/// Whether a day was opened by a clock that nobody vouched for and that turned out to be ahead.
fn is_invented(today: &Today, opened: NaiveDate) -> bool {
    today
        .latest_trusted
        .is_none_or(|latest| latest.with_timezone(&JST).date_naive() < opened)
}

/// One thing that falls due.
#[derive(Clone, Copy)]
enum Due<'a> {
    Closing(&'a Visit),
    BridgeEnds(&'a Visit, &'a Reservation),
    NoShow(&'a Reservation),
    Overdue(&'a Visit),
    QueueEnds(&'a Ticket),
    QueueResumes,
    NotBack(&'a Visit),
    GuestLeaves(&'a Guest, EndedBy),
    ProgrammeOver(&'a Visit, &'a Attendance),
    ProgrammeBegins(&'a Visit, Sitting<'a>),
    Unstaffed,
    ReceptionShort,
}

fn first_due(reference: &Reference, today: &Today, context: &Context) -> Option<Event> {
    let due = wall_times(reference, today).filter(|(at, _)| context.trusted && *at <= context.now);
    // Whoever is swept by closing at the same time was not overdue, and needs no other seat.
    let is_swept =
        |visit: &Visit| closes(reference, today, visit).is_some_and(|at| at <= context.now);
    let due = due.filter(|(_, due)| !matches!(due, Due::Overdue(visit) | Due::NotBack(visit) | Due::BridgeEnds(visit, _) if is_swept(visit)));
    let (at, due) = due.min_by_key(|(at, _)| *at)?;
    Some(match due {
        Due::Closing(visit) => {
            let inferred = context.now - at > minutes(1);
            Event::VisitEnded {
                visit: visit.id.clone(),
                ended_by: EndedBy::Closing,
                ended_at: at,
                inferred,
            }
        }
        Due::Overdue(visit) => Event::VisitOverdue {
            visit: visit.id.clone(),
            since: visit.until,
        },
        Due::NotBack(visit) => Event::VisitNotBack {
            visit: visit.id.clone(),
            since: visit.outing.map_or(at, |outing| outing.back_by),
        },
        Due::GuestLeaves(guest, ended_by) => Event::GuestLeft {
            guest: guest.id.clone(),
            ended_by,
            left_at: at,
        },
        Due::NoShow(reservation) => Event::ReservationNoShow {
            reservation: reservation.id.clone(),
            lapsed_at: at,
            inferred: context.now - at > minutes(1),
        },
        Due::QueueEnds(ticket) => queue_closed(ticket),
        Due::QueueResumes => Event::QueueResumed { resumed_at: at },
        Due::BridgeEnds(visit, reservation) => {
            bridge_ends(reference, today, context, visit, reservation)
        }
        Due::ProgrammeOver(visit, attendance) => Event::AttendanceEnded(AttendanceEnded {
            visit: visit.id.clone(),
            programme: attendance.programme.clone(),
            ended_at: at.max(visit.started_at),
            early: false,
            inferred: true,
        }),
        Due::Unstaffed => Event::StaffingAlarm { since: at },
        Due::ReceptionShort => Event::ReceptionShort(ReceptionShort {
            since: at,
            present: present(reference, today),
        }),
        Due::ProgrammeBegins(visit, sitting) => {
            Event::AttendanceStarted(started(&visit.id, sitting, at, false, true))
        }
    })
}

fn wall_times<'a>(
    reference: &'a Reference,
    today: &'a Today,
) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    let settings = &reference.settings;
    let inside = today.inside().flat_map(move |visit| {
        let awaited = awaited_reservation(reference, today, visit);
        let bridge_ends =
            awaited.map(|reservation| (reservation.starts, Due::BridgeEnds(visit, reservation)));
        let attends = visit
            .attending()
            .map(|attendance| (attendance.ends, Due::ProgrammeOver(visit, attendance)));
        let begins = moves_on(reference, today, visit);
        // The few minutes from one seat to the other, or to a programme, belong to the bridge.
        let waits_to = visit.until + minutes(settings.gap_min + settings.grace_min);
        let is_bridging = awaited.is_some_and(|one| one.starts <= waits_to)
            || begins.is_some_and(|(_, is)| is.programme.takes_zone(settings).0 <= waits_to);
        let begins = begins.map(|(at, sitting)| (at, Due::ProgrammeBegins(visit, sitting)));
        // After a programme nobody keeps a seat from anybody.
        let has_place = !matches!(visit.activity, Activity::Programme { .. });
        let is_late = has_place && !visit.overdue && !is_bridging;
        let overdue = is_late.then(|| {
            (
                visit.until + minutes(settings.grace_min),
                Due::Overdue(visit),
            )
        });
        let awaited_back = visit.outing.filter(|outing| !outing.overdue);
        let not_back = awaited_back.map(|outing| {
            let at = outing.back_by + minutes(settings.grace_min);
            (at, Due::NotBack(visit))
        });
        let closing = closes(reference, today, visit).map(|at| (at, Due::Closing(visit)));
        [attends, begins, closing, bridge_ends, overdue, not_back]
            .into_iter()
            .flatten()
    });
    inside
        .chain(no_shows(reference, today))
        .chain(queue_ends(reference, today))
        .chain(queue_resumes(reference, today))
        .chain(guests(reference, today))
        .chain(unstaffed(reference, today))
        .chain(opens_short(reference, today).map(|at| (at, Due::ReceptionShort)))
}

fn queue_closed(ticket: &Ticket) -> Event {
    Event::QueueLeft {
        ticket: ticket.id.clone(),
        reason: QueueEnd::Closed,
    }
}

/// When those who wait and are not called learn that there is no seat today: with the last walk-in of the opening in which they came.
fn queue_ends<'a>(
    reference: &'a Reference,
    today: &'a Today,
) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    let last = minutes(reference.settings.last_walk_in_min);
    let date = today.date.filter(|_| !today.queue.tickets.is_empty());
    let hours = date.map(|date| (date, reference.calendar.day(date).hours));
    let ends = move |ticket: &Ticket| {
        let (date, hours) = hours.as_ref()?;
        let joined = ticket.joined_at.with_timezone(&JST);
        let is_before = |close: NaiveTime| joined.date_naive() == *date && joined.time() < close;
        let stretch = hours.iter().find(|hours| is_before(hours.close));
        let stretch = stretch.or(hours.last());
        let closes =
            stretch.and_then(|hours| date.and_time(hours.close).and_local_timezone(JST).single());
        // On a day that was closed since, at once.
        Some(closes.map_or(ticket.joined_at, |at| at - last))
    };
    let waiting = today.queue.waiting();
    waiting.filter_map(move |ticket| Some((ends(ticket)?, Due::QueueEnds(ticket))))
}

/// When time alone gives back what keeps people waiting: a programme its zone, staff the doors that they closed for a while.
fn queue_resumes<'a>(
    reference: &'a Reference,
    today: &'a Today,
) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    let since = today.queue.waiting().map(|ticket| ticket.joined_at).min();
    let date = today.date.filter(|_| since.is_some());
    let programmes = date.map(|date| reference.programmes_on(date));
    let here = programmes.into_iter().flatten();
    let zones = here
        .filter(|one| one.zone.is_some())
        .map(|one| one.takes_zone(&reference.settings).1);
    let doors = today.staff.closures.iter().map(|closure| closure.until);
    let is_new = move |at: &DateTime| {
        since.is_some_and(|since| since < *at) && today.queue.resumed_at < Some(*at)
    };
    zones
        .chain(doors)
        .filter(is_new)
        .map(|at| (at, Due::QueueResumes))
}

fn guests<'a>(
    reference: &'a Reference,
    today: &'a Today,
) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    today.guests.values().map(move |guest| {
        let (at, ended_by) = guest_leaves(reference, guest);
        (at, Due::GuestLeaves(guest, ended_by))
    })
}

/// When a guest counts as gone: somebody with a delivery soon, everybody at the next closing after they came, of the day or of an evening
/// programme.
fn guest_leaves(reference: &Reference, guest: &Guest) -> (DateTime, EndedBy) {
    let arrived = guest.arrived_at.with_timezone(&JST);
    let date = arrived.date_naive();
    let closings = reference.calendar.day(date).hours.into_iter();
    let closings = closings.map(|hours| date.and_time(hours.close));
    let evenings = reference.evenings(date).into_iter().map(|one| one.ends);
    let closing = closings
        .chain(evenings)
        .filter_map(|at| at.and_local_timezone(JST).single())
        .filter(|at| *at > arrived)
        .min()
        .unwrap_or_else(|| end_of_day(arrived));
    let delivered = arrived + minutes(reference.settings.delivery_min);
    match guest.purpose {
        GuestPurpose::Delivery if delivered < closing => (delivered, EndedBy::Expired),
        _ => (closing, EndedBy::Closing),
    }
}

/// When the centre opens and no adviser has come yet (rules section 6).
fn unstaffed<'a>(reference: &Reference, today: &Today) -> Option<(DateTime, Due<'a>)> {
    let mut advisers = reference.advice.advisers.iter();
    let must_be = advisers.any(|one| one.role == AdviserRole::Adviser);
    let is_told = today.rooms.was_staffed || today.rooms.alarm_since.is_some();
    let date = today.date.filter(|_| must_be && !is_told)?;
    let hours = reference.calendar.day(date).hours;
    let opens = date.and_time(hours.first()?.open);
    Some((opens.and_local_timezone(JST).single()?, Due::Unstaffed))
}

fn no_shows<'a>(
    reference: &'a Reference,
    today: &'a Today,
) -> impl Iterator<Item = (DateTime, Due<'a>)> {
    // Nobody can come in an emergency.
    let day = today.date.filter(|_| today.shut_by().is_none());
    let day = day.and_then(start_of);
    let limit = minutes(reference.settings.no_show_seat_min);
    let waiting = day
        .into_iter()
        .flat_map(|day| pending(reference, today, day))
        .filter(move |one| {
            !today.is_bridged(&one.id)
                && !today.unplaced.contains(&one.id)
                && !today.staff.pardoned.contains(&one.id)
                && !today.was_inside_for(one, one.starts + limit)
                && could_come(reference, today, one)
        });
    waiting.map(move |one| (one.starts + limit, Due::NoShow(one)))
}

/// Whether the doors were open for a reservation: on a day closed since it was made nobody fails to come (rules section 9).
fn could_come(reference: &Reference, today: &Today, reservation: &Reservation) -> bool {
    let starts = reservation.starts.with_timezone(&JST);
    let hours = reference.calendar.day(starts.date_naive()).hours;
    let is_open = hours.iter().any(|hours| hours.contains(starts.time()));
    is_open && today.closure_at(starts).is_none()
}

/// The seat reservation a visitor waits for on another seat, unless they have been told that there is none.
fn awaited_reservation<'a>(
    reference: &'a Reference,
    today: &Today,
    visit: &Visit,
) -> Option<&'a Reservation> {
    let id = visit
        .bridge_to
        .as_ref()
        .filter(|id| visit.reservation.is_none() && !today.unplaced.contains(*id))?;
    reference
        .reservation(id)
        .filter(|one| !one.cancelled && matches!(one.purpose, Purpose::Seat { .. }))
}

/// When the last thing this person may stay for ends: closing for coworking, or tonight's programme; a consultation's own end, if that
/// is later; and after a programme the time in which its zone is cleared. Never before they came, whatever was decided about the day
/// since.
fn closes(reference: &Reference, today: &Today, visit: &Visit) -> Option<DateTime> {
    let started = visit.started_at.with_timezone(&JST);
    let hours = reference.calendar.day(started.date_naive()).hours;
    let stretch = hours
        .iter()
        .find(|hours| started.time() < hours.close)
        .or(hours.last());
    let closing = stretch.map_or(NaiveTime::from_hms_opt(18, 0, 0), |hours| Some(hours.close))?;
    let closing = started
        .date_naive()
        .and_time(closing)
        .and_local_timezone(JST)
        .single()?;
    let tonight = moves_on(reference, today, visit).filter(|(at, _)| *at <= closing);
    let last = match &visit.activity {
        Activity::Coworking => closing.max(visit.started_at),
        Activity::Consultation => visit.until.max(closing),
        Activity::Programme { programme } => {
            let known = reference.programmes.get(programme);
            let clearing = known.and_then(|one| one.clearing_min);
            let cleared = minutes(clearing.unwrap_or(reference.settings.clearing_min));
            let cleared = (visit.until + cleared).min(visit.until.max(closing));
            cleared.max(visit.started_at)
        }
    };
    Some(tonight.map_or(last, |(_, is)| last.max(is.programme.ends)))
}

/// The bridge becomes the reservation by itself, as agreed when the visitor came in: where they sit if it can be, else elsewhere.
fn bridge_ends(
    reference: &Reference,
    today: &Today,
    context: &Context,
    visit: &Visit,
    reservation: &Reservation,
) -> Event {
    let seat = seat_after_bridge(reference, today, context, visit, reservation);
    let Some(Choice {
        seat,
        zone,
        until,
        limited_by,
        ..
    }) = seat
    else {
        return Event::ReservationUnplaced {
            reservation: reservation.id.clone(),
        };
    };
    let pauses = pauses(reference, &visit.member, context.now, until);
    let (visit, reservation, counts_from) = (
        visit.id.clone(),
        Some(reservation.id.clone()),
        reservation.starts,
    );
    Event::SeatAssigned {
        visit,
        seat,
        zone,
        until,
        limited_by,
        counts_from,
        reservation,
        pauses,
    }
}

fn seat_after_bridge(
    reference: &Reference,
    today: &Today,
    context: &Context,
    visit: &Visit,
    reservation: &Reservation,
) -> Option<Choice> {
    let mut others = today.clone();
    others.visits.remove(&visit.id);
    let (situation, _) =
        Situation::new(reference, &others, context.now, &[]).without(&reservation.id);
    let here = visit
        .seat
        .as_ref()
        .and_then(|place| situation.board.index_of(&place.seat));
    let Purpose::Seat { needs } = reservation.purpose else {
        return None;
    };
    let always = reference
        .members
        .get(&visit.member)
        .map(|member| member.needs)
        .unwrap_or_default();
    let end = Ceiling::new(reservation.ends, LimitedBy::OwnReservation).or_before(closing(
        reference,
        context.now,
        true,
    ));
    seat_through(&situation, here, needs.and(always), context.now, end)
}
