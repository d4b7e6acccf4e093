//! What a day or a week came to, and how to show it.

use crate::centre::moment;
use chrono::{NaiveDate, TimeDelta};
use domain::Today;
use domain::event::{Activity, EndedBy, Entry, Event};
use domain::floor::Seat;
use domain::reference::{DateTime, Programme, Reference};
use domain::today::Visit;
use std::fmt::Write;
use std::ops::AddAssign;

/// Counts of what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) days: usize,
    /// People who came without a reservation.
    pub(crate) asked: usize,
    /// Answers that no seat is free.
    pub(crate) full: usize,
    /// Numbers taken to wait for a seat.
    pub(crate) queued: usize,
    pub(crate) visits: usize,
    pub(crate) reserved: usize,
    pub(crate) bridges: usize,
    pub(crate) no_shows: usize,
    pub(crate) unplaced: usize,
    pub(crate) extended: usize,
    pub(crate) overdue: usize,
    pub(crate) closed: usize,
    pub(crate) walked_out: usize,
    pub(crate) moved: usize,
    pub(crate) outings: usize,
    pub(crate) guests: usize,
    pub(crate) cuts: usize,
    pub(crate) seat_minutes: i64,
    pub(crate) possible_minutes: i64,
}

impl Tally {
    /// Adds what the journal of the day tells.
    pub(crate) fn count(&mut self, journal: &[Entry], today: &Today) {
        self.days += 1;
        for entry in journal {
            match &entry.event {
                Event::VisitStarted {
                    activity,
                    reservation,
                    bridge_to,
                    ..
                } => {
                    self.visits += 1;
                    self.reserved +=
                        usize::from(reservation.is_some() && *activity == Activity::Coworking);
                    self.bridges += usize::from(bridge_to.is_some());
                }
                Event::QueueJoined { .. } => self.queued += 1,
                Event::ReservationNoShow { .. } => self.no_shows += 1,
                Event::ReservationUnplaced { .. } => self.unplaced += 1,
                Event::VisitExtended { .. } => self.extended += 1,
                Event::VisitOverdue { .. } => self.overdue += 1,
                Event::SeatChanged { .. } => self.moved += 1,
                Event::VisitSteppedOut { .. } => self.outings += 1,
                Event::GuestArrived { .. } => self.guests += 1,
                Event::VisitEnded {
                    ended_by: EndedBy::Closing,
                    ..
                } => self.closed += 1,
                _ => {}
            }
        }
        let seated = today.visits.values().filter(|visit| visit.seat.is_some());
        let sat = seated.filter_map(|visit| Some(visit.ended?.at - visit.started_at));
        self.seat_minutes += sat.map(|span| span.num_minutes()).sum::<i64>();
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        let pairs = [
            (&mut self.days, other.days),
            (&mut self.asked, other.asked),
            (&mut self.full, other.full),
            (&mut self.queued, other.queued),
            (&mut self.visits, other.visits),
            (&mut self.reserved, other.reserved),
            (&mut self.bridges, other.bridges),
            (&mut self.no_shows, other.no_shows),
            (&mut self.unplaced, other.unplaced),
            (&mut self.extended, other.extended),
            (&mut self.overdue, other.overdue),
            (&mut self.closed, other.closed),
            (&mut self.walked_out, other.walked_out),
            (&mut self.moved, other.moved),
            (&mut self.outings, other.outings),
            (&mut self.guests, other.guests),
            (&mut self.cuts, other.cuts),
        ];
        pairs.into_iter().for_each(|(sum, more)| *sum += more);
        self.seat_minutes += other.seat_minutes;
        self.possible_minutes += other.possible_minutes;
    }
}

/// One table: a line for each of these.
pub(crate) fn table(rows: &[(String, Tally)]) -> String {
    let mut out = format!(
        "{:<12}{:>5}{:>8}{:>9}{:>8}{:>8}{:>7}{:>8}{:>9}{:>9}{:>7}{:>9}{:>10}{:>7}{:>7}\n",
        "",
        "open",
        "visits",
        "walk-ins",
        "answers",
        "numbers",
        "reser-",
        "bridges",
        "no-shows",
        "unplaced",
        "exten-",
        "overdue",
        "ended by",
        "power",
        "seats"
    );
    let _ = writeln!(
        out,
        "{:<12}{:>5}{:>8}{:>9}{:>8}{:>8}{:>7}{:>8}{:>9}{:>9}{:>7}{:>9}{:>10}{:>7}{:>7}",
        "",
        "days",
        "",
        "",
        "full",
        "taken",
        "ved",
        "",
        "",
        "",
        "ded",
        "",
        "closing",
        "cuts",
        "used"
    );
    for (name, tally) in rows {
        let used = 100 * tally.seat_minutes / tally.possible_minutes.max(1);
        let _ = writeln!(
            out,
            "{name:<12}{:>5}{:>8}{:>9}{:>8}{:>8}{:>7}{:>8}{:>9}{:>9}{:>7}{:>9}{:>10}{:>7}{:>6}%",
            tally.days,
            tally.visits,
            tally.asked,
            tally.full,
            tally.queued,
            tally.reserved,
            tally.bridges,
            tally.no_shows,
            tally.unplaced,
            tally.extended,
            tally.overdue,
            tally.closed,
            tally.cuts,
            used
        );
    }
    out
}

/// A day's seats, a line each, a character for every ten minutes from half past eight to six.
pub(crate) fn picture(date: NaiveDate, reference: &Reference, today: &Today) -> String {
    let hours: String = (9..18).map(|hour| format!("{hour:<6}")).collect();
    let mut out = format!(
        "{date}   █ reserved  ▓ walk-in  ▒ bridge  ! longer than promised  = a programme's  · free\n"
    );
    let _ = writeln!(out, "       {hours}18");
    for seat in &reference.floor.seats {
        let cells = (0..57).map(|column| moment(date, 8 * 60 + 30 + 10 * column));
        let cells: String = cells.map(|at| cell(seat, at, reference, today)).collect();
        let _ = writeln!(out, "{:<4}{cells}", seat.id.as_str());
    }
    out
}

/// Who has a seat in the ten minutes from then on.
fn cell(seat: &Seat, at: DateTime, reference: &Reference, today: &Today) -> char {
    let sits = |visit: &&Visit| {
        let to = visit.ended.map_or(visit.until, |ended| ended.at);
        let is_here = visit
            .seat
            .as_ref()
            .is_some_and(|place| place.seat == seat.id);
        is_here && visit.started_at < at + TimeDelta::minutes(10) && at < to
    };
    let is_programmes = |programme: &&Programme| {
        let (from, to) = programme.takes_zone(&reference.settings);
        programme.zone.as_ref() == Some(&seat.zone) && from <= at && at < to
    };
    // Of two in the same ten minutes, the one who came later.
    let sitting = today.visits.values().filter(sits);
    match sitting.max_by_key(|visit| visit.started_at) {
        Some(visit) if at >= visit.until => '!',
        Some(visit) if visit.bridge_to.is_some() => '▒',
        Some(visit) if visit.reservation.is_some() => '█',
        Some(_) => '▓',
        None if reference
            .programmes_on(at.date_naive())
            .iter()
            .any(is_programmes) =>
        {
            '='
        }
        None => '·',
    }
}
