//! How long somebody may stay, and where: the longest stay that leaves the plan whole (rules sections 3 and 4).

use crate::board::Busy;
use crate::event::{Choice, LimitedBy};
use crate::floor::Features;
use crate::ids::MemberId;
use crate::plan::Situation;
use crate::reference::{DateTime, JST, Purpose, Reference, Reservation};
use crate::settings::minutes;
use crate::today::Today;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A consultation within a stay: its time is not the seat's (rules section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// From when.
    pub from: DateTime,
    /// Until when.
    pub to: DateTime,
}

impl Pause {
    /// How much of it lies between two moments.
    pub fn within(&self, from: DateTime, to: DateTime) -> TimeDelta {
        (self.to.min(to) - self.from.max(from)).max(TimeDelta::zero())
    }
}

/// The latest a stay may last whatever seat it is on, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ceiling {
    pub(crate) at: DateTime,
    pub(crate) why: LimitedBy,
}

impl Ceiling {
    pub(crate) fn new(at: DateTime, why: LimitedBy) -> Self {
        Self { at, why }
    }

    /// Moved by the consultations that begin before it, seen from `from`: a length of stay goes on after them.
    pub(crate) fn paused_by(self, from: DateTime, pauses: &[Pause]) -> Self {
        let mut at = self.at;
        let mut behind = from;
        for pause in pauses {
            if pause.from < at && behind < pause.to {
                at += pause.to - pause.from.max(behind);
                behind = pause.to;
            }
        }
        Self { at, ..self }
    }

    /// The earlier of the two; of two at the same moment, the first.
    pub(crate) fn or_before(self, other: Option<Ceiling>) -> Self {
        other.filter(|other| other.at < self.at).unwrap_or(self)
    }
}

pub(crate) fn moment(seconds: i64, like: DateTime) -> DateTime {
    chrono::DateTime::from_timestamp(seconds, 0).map_or(like, |utc| utc.with_timezone(&JST))
}

/// The seat for a new stay from `now`: the longest, then the one with the least that nobody asked for, then the tightest fit.
pub(crate) fn best_choice(
    situation: &Situation,
    needs: Features,
    now: DateTime,
    ceiling: Ceiling,
    minimum: TimeDelta,
) -> Option<Choice> {
    let from = now.timestamp();
    let shortest = (now + minimum).timestamp();
    if ceiling.at.timestamp() < shortest {
        return None;
    }
    let board = &situation.board;
    let free: Vec<usize> = board.free(needs, from, shortest).collect();
    let whole = ceiling.at.timestamp();
    let untouched = free
        .iter()
        .copied()
        .filter(|seat| whole <= free_by_plan(situation, *seat, from).unwrap_or(i64::MAX));
    if let Some(seat) = untouched.min_by_key(|seat| fit(situation, needs, from, *seat, whole)) {
        // The next plan is made anew and may differ: it must be whole as well.
        if board
            .with(seat, Busy::person(from, whole))
            .holds(&situation.commitments())
        {
            return choice(situation, seat, ceiling);
        }
    }
    let (like, end) = longest_of(situation, needs, from, ceiling, &free)?;
    let until = end.at.timestamp();
    if until < shortest {
        return None;
    }
    let mut alike: Vec<usize> = free
        .into_iter()
        .filter(|seat| board.are_alike(*seat, like))
        .collect();
    alike.sort_by_key(|seat| fit(situation, needs, from, *seat, until));
    let wants = situation.commitments();
    let fits = |seat: &usize| board.with(*seat, Busy::person(from, until)).holds(&wants);
    choice(situation, alike.into_iter().find(fits).unwrap_or(like), end)
}

/// The seat for the longest stay, and its end. Of seats that are alike one stands for all: placing a whole day for each would take long.
fn longest_of(
    situation: &Situation,
    needs: Features,
    from: i64,
    ceiling: Ceiling,
    free: &[usize],
) -> Option<(usize, Ceiling)> {
    let board = &situation.board;
    let mut different: Vec<usize> = Vec::new();
    for seat in free {
        if !different.iter().any(|other| board.are_alike(*seat, *other)) {
            different.push(*seat);
        }
    }
    let ends = different
        .into_iter()
        .filter_map(|seat| Some((seat, longest(situation, seat, from, ceiling)?)));
    ends.min_by_key(|(seat, end)| {
        let at = end.at.timestamp();
        (-at, fit(situation, needs, from, *seat, at))
    })
}

/// Until when a seat that is free at `from` can be had without touching the plan.
fn free_by_plan(situation: &Situation, seat: usize, from: i64) -> Option<i64> {
    let board = &situation.board;
    let planned = situation
        .next_planned(seat)
        .map(|start| start - board.gap());
    let fixed = board.free_until(seat, from).map(|(at, _)| at);
    [planned, fixed].into_iter().flatten().min()
}

/// How little a stay from `from` to `end` wastes, the smallest the best: features nobody asked for, then time left until the next.
fn fit(
    situation: &Situation,
    needs: Features,
    from: i64,
    seat: usize,
    end: i64,
) -> (u32, i64, usize) {
    let board = &situation.board;
    let beyond = board
        .seat(seat)
        .map_or(u32::MAX, |seat| seat.offers.beyond(needs));
    let next = [
        situation.next_planned(seat),
        board.free_until(seat, from).map(|(at, _)| at),
    ];
    // A planned reservation that would have to move says nothing about the gap.
    let next = next.into_iter().flatten().filter(|next| *next >= end).min();
    (beyond, next.map_or(i64::MAX, |next| next - end), seat)
}

/// A seat from `now` to the end of a reservation that leaves everybody else's whole: the `preferred` one if it can be.
pub(crate) fn seat_through(
    situation: &Situation,
    preferred: Option<usize>,
    needs: Features,
    now: DateTime,
    end: Ceiling,
) -> Option<Choice> {
    let (from, to) = (now.timestamp(), end.at.timestamp());
    if to <= from {
        return None;
    }
    let board = &situation.board;
    let mut seats: Vec<usize> = board.free(needs, from, to).collect();
    let beyond = |seat: usize| {
        board
            .seat(seat)
            .map_or(u32::MAX, |seat| seat.offers.beyond(needs))
    };
    seats.sort_by_key(|seat| (Some(*seat) != preferred, beyond(*seat), *seat));
    let wants = situation.commitments();
    let seat = seats
        .into_iter()
        .find(|seat| board.with(*seat, Busy::person(from, to)).holds(&wants))?;
    choice(situation, seat, end)
}

fn choice(situation: &Situation, seat: usize, end: Ceiling) -> Option<Choice> {
    let seat = situation.board.seat(seat)?;
    Some(Choice {
        seat: seat.id.clone(),
        zone: seat.zone.clone(),
        pc: seat.offers.pc,
        until: end.at,
        limited_by: end.why,
        goes_on_until: None,
    })
}

/// The latest end of a stay on this seat from `from` with which every commitment still finds a seat.
fn longest(situation: &Situation, seat: usize, from: i64, ceiling: Ceiling) -> Option<Ceiling> {
    let wants = situation.commitments();
    let fixed = situation
        .board
        .free_until(seat, from)
        .map(|(at, why)| Ceiling::new(moment(at, ceiling.at), why));
    latest(situation, ceiling.or_before(fixed), from, |end| {
        situation
            .board
            .with(seat, Busy::person(from, end))
            .holds(&wants)
    })
}

/// The latest end, at most `limit`, for which `whole` holds. It can only change where a commitment begins.
pub(crate) fn latest(
    situation: &Situation,
    limit: Ceiling,
    after: i64,
    whole: impl Fn(i64) -> bool,
) -> Option<Ceiling> {
    let top = limit.at.timestamp();
    if top > after && whole(top) {
        return Some(limit);
    }
    let gap = situation.board.gap();
    let mut ends: Vec<i64> = situation
        .commitments()
        .iter()
        .map(|want| want.from - gap)
        .collect();
    ends.retain(|end| after < *end && *end < top);
    ends.sort_unstable();
    ends.dedup();
    let fitting = ends.partition_point(|end| whole(*end));
    let end = *ends.get(fitting.checked_sub(1)?)?;
    Some(Ceiling::new(moment(end, limit.at), LimitedBy::Reservation))
}

/// A member's consultations between two moments of a day: the part of a stay that is not the seat's (rules section 4).
pub(crate) fn pauses(
    reference: &Reference,
    member: &MemberId,
    from: DateTime,
    to: DateTime,
) -> Vec<Pause> {
    let of_member = |one: &&Reservation| {
        one.member == *member && !one.cancelled && one.purpose == Purpose::Consultation
    };
    let mut pauses: Vec<_> = reference
        .reservations_on(from.with_timezone(&JST).date_naive())
        .filter(of_member)
        .map(|one| Pause {
            from: one.starts.max(from),
            to: one.ends.min(to),
        })
        .filter(|pause| pause.from < pause.to)
        .collect();
    pauses.sort_by_key(|pause| pause.from);
    pauses
}

/// The last moment of a day: no stay goes beyond it.
pub(crate) fn end_of_day(moment: DateTime) -> DateTime {
    let date = moment.with_timezone(&JST).date_naive();
    date.succ_opt().and_then(start_of).unwrap_or(moment)
}

/// The first moment of a day.
pub(crate) fn start_of(date: NaiveDate) -> Option<DateTime> {
    date.and_time(NaiveTime::MIN)
        .and_local_timezone(JST)
        .single()
}

/// What is left of a member's day's total from `from` on.
pub(crate) fn day_total_end(
    reference: &Reference,
    today: &Today,
    visit_used: TimeDelta,
    member: &MemberId,
    from: DateTime,
) -> Ceiling {
    let total = minutes(reference.settings.coworking.day_min);
    let left = total - (today.used_today(member) - visit_used);
    Ceiling::new(from + left.max(TimeDelta::zero()), LimitedBy::DayTotal)
}

/// When coworking ends today for everyone: the end of the opening `now` is in. None while the time is not vouched for.
pub(crate) fn closing(reference: &Reference, now: DateTime, trusted: bool) -> Option<Ceiling> {
    if !trusted {
        return None;
    }
    let now = now.with_timezone(&JST);
    let hours = reference.calendar.day(now.date_naive()).hours;
    let stretch = hours
        .into_iter()
        .find(|stretch| stretch.contains(now.time()))?;
    let at = now
        .date_naive()
        .and_time(stretch.close)
        .and_local_timezone(JST)
        .single()?;
    Some(Ceiling::new(at, LimitedBy::Closing))
}
