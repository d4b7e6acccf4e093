//! The signage's view model. No names, no member numbers, ever (R10).

use super::advice::advice_now;
use super::floor::{count, seats};
use super::{
    Scene, calls, closing, emergency, link, next_opening, phase, takes_walk_ins, today_hours, wifi,
};
use crate::qr;
use api::screen::{Phase, SeatState, SeatView};
use api::signage::{
    Closing, Fill, FloorPicture, FreeOf, NamedQr, NoticeView, ProgrammeState, ProgrammeView,
    SeatPicture, Signage, TakenBy, ZoneCount,
};
use chrono::{NaiveDate, TimeDelta};
use domain::display::{SceneKind, Turn};
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
    let seats = seats(scene);
    let view = Signage {
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
        zones: zones(scene, &seats, walk_in),
        advice: advice_now(scene),
        ending_soon: ending_soon(scene),
        calls: calls(scene),
        waiting: count(scene.state.today.queue.waiting().count()),
        walk_in,
        notices: notices(scene),
        wifi: wifi(&reference.settings),
        membership: link(reference.settings.registration_url.as_deref()),
        in_room: in_room(scene),
        turns: Vec::new(),
        floor: floor_picture(scene, &seats, walk_in),
        books: reference.display.books.clone(),
        links: links(scene),
        emergency: emergency::on_signage(scene),
    };
    Signage {
        turns: turns(scene, &view),
        ..view
    }
}

fn notices(scene: Scene) -> Vec<NoticeView> {
    let today = scene.now.date_naive();
    let up = &scene.state.today.staff.notices;
    let notices = scene.state.reference.notices.iter();
    let notices = notices
        .filter(|notice| notice.is_shown(today))
        .filter(|notice| !notice.prepared || up.contains(&notice.id))
        .map(|notice| NoticeView {
            id: notice.id.clone(),
            text: notice.text.clone(),
        });
    emergency::notice(scene)
        .into_iter()
        .chain(notices)
        .collect()
}

/// The scenes' turns. Outside the hours there are other words to say, and today's programme stands beside them.
fn turns(scene: Scene, view: &Signage) -> Vec<Turn> {
    let is_open = matches!(view.phase, Phase::Open | Phase::Evening);
    let has = |kind| match kind {
        SceneKind::Day => true,
        _ if !is_open => false,
        SceneKind::Floor => view.walk_in && !view.floor.seats.is_empty(),
        SceneKind::Week => !view.week.is_empty(),
        SceneKind::Books => !view.books.is_empty(),
        SceneKind::Notice => !view.notices.is_empty(),
        SceneKind::Codes => {
            view.wifi.is_some() || view.membership.is_some() || !view.links.is_empty()
        }
    };
    let display = &scene.state.reference.display;
    display.turns(scene.now.time(), has)
}

/// The programme under way in the display's zone; of several the one that began first.
fn in_room(scene: Scene) -> Option<ProgrammeView> {
    let room = scene.state.reference.display.zone.as_ref();
    let is_here = |one: &&Programme| {
        let is_on = one.starts <= scene.now && scene.now < one.ends;
        is_on && one.zone.is_some() && (room.is_none() || one.zone.as_ref() == room)
    };
    let today = scene.now.date_naive();
    let programmes = scene.state.reference.programmes_on(today);
    let one = programmes.into_iter().find(is_here)?;
    Some(programme_view(scene, one, ProgrammeState::Now))
}

fn floor_picture(scene: Scene, seats: &[SeatView], walk_in: bool) -> FloorPicture {
    let floor = &scene.state.reference.floor;
    let picture = |seat: &SeatView| SeatPicture {
        id: seat.id.clone(),
        place: seat.place,
        free: walk_in && seat.state == SeatState::Free,
    };
    FloorPicture {
        width: floor.width,
        height: floor.height,
        seats: seats.iter().map(picture).collect(),
        rooms: floor.rooms.clone(),
    }
}

fn links(scene: Scene) -> Vec<NamedQr> {
    let links = scene.state.reference.display.links.iter();
    links
        .filter_map(|link| {
            Some(NamedQr {
                name: link.name.clone(),
                qr: qr::encode(&link.url)?,
            })
        })
        .collect()
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
    found
        .into_iter()
        .map(|one| programme_view(scene, one, state(one)))
        .collect()
}

/// How full the room is, once somebody is there.
fn fill(scene: Scene, one: &Programme) -> Option<Fill> {
    let here = count(scene.state.today.attending(&one.id).count());
    (here > 0).then_some(Fill {
        here,
        capacity: one.capacity,
    })
}

fn programme_view(scene: Scene, one: &Programme, state: ProgrammeState) -> ProgrammeView {
    let (starts, ends) = (one.starts.with_timezone(&JST), one.ends.with_timezone(&JST));
    ProgrammeView {
        id: one.id.clone(),
        date: starts.date_naive(),
        starts: hhmm::format(&starts.time()),
        ends: hhmm::format(&ends.time()),
        title: one.title.clone(),
        audience: one.audience,
        state,
        places_left: one.places_left,
        fill: fill(scene, one),
    }
}

fn zones(scene: Scene, seats: &[SeatView], walk_in: bool) -> Vec<ZoneCount> {
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
