//! The signage's view model. No names, no member numbers, ever (R10).

use super::advice::advice_now;
use super::floor::{count, seats};
use super::{Scene, calls, closing, link, next_opening, phase, takes_walk_ins, today_hours, wifi};
use api::screen::{SeatState, SeatView};
use api::signage::{
    Closing, Fill, FreeOf, NoticeView, ProgrammeState, ProgrammeView, Signage, TakenBy, ZoneCount,
};
use chrono::{NaiveDate, TimeDelta};
use domain::floor::Zone;
use domain::hhmm;
use domain::reference::{JST, Programme};

/// Closing is announced from this many minutes before (rules section 9).
const CLOSING_ANNOUNCED_MIN: i64 = 30;

/// Days of programme after today.
const DAYS_AHEAD: i64 = 6;

/// What the 50-inch display shows.
pub fn signage(scene: Scene) -> Signage {
    let reference = &scene.state.reference;
    let today = scene.now.date_naive();
    let last = today + TimeDelta::days(DAYS_AHEAD);
    let walk_in = takes_walk_ins(scene);
    let up = &scene.state.today.staff.notices;
    Signage {
        version: crate::VERSION.to_owned(),
        centre: reference.settings.centre_name.clone(),
        now: scene.now,
        rehearsal: scene.rehearsal,
        today: today_hours(scene),
        phase: phase(scene),
        next_opening: next_opening(scene),
        closing: closing_soon(scene),
        programme: programme(scene, |date| date == today),
        week: programme(scene, |date| today < date && date <= last),
        zones: zones(scene, walk_in),
        advice: advice_now(scene),
        ending_soon: ending_soon(scene),
        calls: calls(scene),
        waiting: count(scene.state.today.queue.waiting().count()),
        walk_in,
        notices: reference
            .notices
            .iter()
            .filter(|notice| notice.is_shown(today))
            .filter(|notice| !notice.prepared || up.contains(&notice.id))
            .map(|notice| NoticeView {
                id: notice.id.clone(),
                text: notice.text.clone(),
            })
            .collect(),
        wifi: wifi(&reference.settings),
        membership: link(reference.settings.registration_url.as_deref()),
    }
}

fn closing_soon(scene: Scene) -> Option<Closing> {
    let (at, left) = closing(scene)?;
    // 17:59:30 is one minute before closing, not none.
    let minutes = (left.num_seconds() + 59) / 60;
    (minutes <= CLOSING_ANNOUNCED_MIN).then(|| Closing {
        at,
        minutes: u32::try_from(minutes).unwrap_or(0),
    })
}

fn programme(scene: Scene, on: impl Fn(NaiveDate) -> bool) -> Vec<ProgrammeView> {
    let mut found: Vec<&Programme> = scene
        .state
        .reference
        .programmes
        .values()
        .filter(|one| on(one.starts.with_timezone(&JST).date_naive()))
        .collect();
    found.sort_by_key(|one| (one.starts, &one.id));
    let next = found
        .iter()
        .find(|one| !one.cancelled && scene.now < one.starts)
        .map(|one| one.id.clone());
    let state = |one: &Programme| match () {
        () if one.cancelled => ProgrammeState::Cancelled,
        () if one.ends <= scene.now => ProgrammeState::Ended,
        () if one.starts <= scene.now => ProgrammeState::Now,
        () if next.as_ref() == Some(&one.id) => ProgrammeState::Next,
        () => ProgrammeState::Later,
    };
    let fill = |one: &Programme| {
        let here = count(scene.state.today.attending(&one.id).count());
        let capacity = one.capacity;
        (here > 0).then_some(Fill { here, capacity })
    };
    let view = |one: &Programme| {
        let (starts, ends) = (one.starts.with_timezone(&JST), one.ends.with_timezone(&JST));
        ProgrammeView {
            id: one.id.clone(),
            date: starts.date_naive(),
            starts: hhmm::format(&starts.time()),
            ends: hhmm::format(&ends.time()),
            title: one.title.clone(),
            audience: one.audience,
            state: state(one),
            places_left: one.places_left,
            fill: fill(one),
        }
    };
    found.into_iter().map(view).collect()
}

fn zones(scene: Scene, walk_in: bool) -> Vec<ZoneCount> {
    let seats = seats(scene);
    let zones = scene.state.reference.floor.zones.iter();
    zones
        .map(|zone| {
            zone_count(
                zone,
                seats.iter().filter(|seat| seat.zone == zone.id).collect(),
                walk_in,
            )
        })
        .collect()
}

fn zone_count(zone: &Zone, seats: Vec<&SeatView>, walk_in: bool) -> ZoneCount {
    let free = |seat: &&&SeatView| walk_in && seat.state == SeatState::Free;
    // A part is worth naming only where the zone has both kinds.
    let part = |has: fn(&SeatView) -> bool| {
        let those: Vec<_> = seats.iter().filter(|seat| has(seat)).collect();
        let is_part = !those.is_empty() && those.len() < seats.len();
        is_part.then(|| FreeOf {
            free: count(those.iter().filter(|seat| free(seat)).count()),
            total: count(those.len()),
        })
    };
    let taken = seats.iter().find(|seat| seat.state == SeatState::Programme);
    ZoneCount {
        id: zone.id.clone(),
        name: zone.name.clone(),
        free: count(seats.iter().filter(free).count()),
        total: count(seats.len()),
        power: part(|seat| seat.offers.power),
        pc: part(|seat| seat.offers.pc),
        until: taken
            .and_then(|seat| seat.until)
            .map(|until| hhmm::format(&until.with_timezone(&JST).time())),
        taken_by: taken.map(|_| TakenBy::Programme),
    }
}

/// Seats whose promised end is near; those past it are for staff, not for everybody to read.
fn ending_soon(scene: Scene) -> Vec<domain::ids::SeatId> {
    let window = TimeDelta::minutes(scene.state.reference.settings.warning_min.into());
    let ends = scene
        .state
        .today
        .inside()
        .filter(|visit| scene.now < visit.until && visit.until - scene.now <= window);
    let mut seats: Vec<_> = ends
        .filter_map(|visit| Some(visit.seat.as_ref()?.seat.clone()))
        .collect();
    seats.sort();
    seats
}
