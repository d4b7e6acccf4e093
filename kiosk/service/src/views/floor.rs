//! The floor: each seat's state and until when.

use super::{Scene, takes_walk_ins};
use api::screen::{FloorView, SeatState, SeatView, ZoneView};
use chrono::TimeDelta;
use domain::floor::Seat;
use domain::ids::{SeatId, StationId, ZoneId};
use domain::reference::DateTime;
use domain::{HeadCount, Today};
use std::collections::BTreeMap;

/// The floor as `station` sees it.
pub fn floor(scene: Scene, station: Option<&StationId>) -> FloorView {
    let floor = &scene.state.reference.floor;
    let seats = seats(scene);
    let walk_in = takes_walk_ins(scene);
    let zones = floor.zones.iter().map(|zone| {
        let here = || seats.iter().filter(|seat| seat.zone == zone.id);
        let free = here()
            .filter(|seat| walk_in && seat.state == SeatState::Free)
            .count();
        ZoneView {
            id: zone.id.clone(),
            name: zone.name.clone(),
            free: count(free),
            total: count(here().count()),
        }
    });
    FloorView {
        width: floor.width,
        height: floor.height,
        zones: zones.collect(),
        rooms: floor.rooms.clone(),
        here: station
            .and_then(|station| floor.stations.get(station))
            .copied(),
        seats,
        people_inside: count(HeadCount::of(&scene.state.today).inside()),
    }
}

/// Seats a walk-in could have now.
pub fn free_seats(scene: Scene) -> u32 {
    if !takes_walk_ins(scene) {
        return 0;
    }
    count(
        seats(scene)
            .iter()
            .filter(|seat| seat.state == SeatState::Free)
            .count(),
    )
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What a seat is taken by, gathered once for all seats.
struct Taken<'a> {
    people: BTreeMap<&'a SeatId, (SeatState, DateTime)>,
    offered: Vec<&'a SeatId>,
    /// Zones that a programme has or will have before a walk-in could stay: from when to when.
    zones: BTreeMap<&'a ZoneId, (DateTime, DateTime)>,
    planned: BTreeMap<SeatId, DateTime>,
    now: DateTime,
    /// Whatever begins before leaves a walk-in too little time.
    soon: DateTime,
}

pub(super) fn seats(scene: Scene) -> Vec<SeatView> {
    let taken = gather(scene);
    scene
        .state
        .reference
        .floor
        .seats
        .iter()
        .map(|seat| view(seat, &taken))
        .collect()
}

fn gather(scene: Scene<'_>) -> Taken<'_> {
    let (today, reference, now) = (&scene.state.today, &scene.state.reference, scene.now);
    let people = today.inside().filter_map(|visit| {
        let state = if visit.until < now {
            SeatState::Overdue
        } else {
            SeatState::Occupied
        };
        Some((&visit.seat.as_ref()?.seat, (state, visit.until)))
    });
    let settings = &reference.settings;
    let shortest = TimeDelta::minutes(settings.minimum_stay_min.into());
    let programmes = reference
        .programmes_on(now.date_naive())
        .into_iter()
        .filter_map(|programme| {
            let (from, to) = programme.takes_zone(&reference.settings);
            Some((
                programme
                    .zone
                    .as_ref()
                    .filter(|_| from < now + shortest && now < to)?,
                (from, to),
            ))
        });
    let mut zones = BTreeMap::new();
    for (zone, span) in programmes {
        let first = zones.entry(zone).or_insert(span);
        *first = span.min(*first);
    }
    let plan = domain::plan(reference, today, now).placed;
    let planned = plan
        .into_iter()
        .filter_map(|(id, seat)| Some((seat, reference.reservation(&id)?.starts)));
    let mut next = BTreeMap::new();
    for (seat, starts) in planned {
        let earliest = next.entry(seat).or_insert(starts);
        *earliest = starts.min(*earliest);
    }
    Taken {
        people: people.collect(),
        offered: held(today).collect(),
        now,
        zones,
        planned: next,
        soon: now + shortest + TimeDelta::minutes(settings.gap_min.into()),
    }
}

/// Seats put before somebody, or held for somebody who is called.
fn held(today: &Today) -> impl Iterator<Item = &SeatId> {
    let offered = today.offers.values().flat_map(|offer| &offer.choices);
    let called = today.queue.called().map(|(_, call)| &call.choice);
    offered.chain(called).map(|choice| &choice.seat)
}

fn view(seat: &Seat, taken: &Taken) -> SeatView {
    let next = taken.planned.get(&seat.id).copied();
    let (state, until) = match (taken.people.get(&seat.id), taken.zones.get(&seat.zone)) {
        (Some((state, until)), _) => (*state, Some(*until)),
        (None, Some((from, to))) if *from <= taken.now => (SeatState::Programme, Some(*to)),
        (None, Some((from, _))) => (SeatState::Reserved, Some(*from)),
        (None, None) if taken.offered.contains(&&seat.id) => (SeatState::Offered, None),
        (None, None) if next.is_some_and(|starts| starts < taken.soon) => {
            (SeatState::Reserved, next)
        }
        (None, None) => (SeatState::Free, next),
    };
    SeatView {
        id: seat.id.clone(),
        zone: seat.zone.clone(),
        place: seat.place,
        offers: seat.offers,
        state,
        until,
    }
}
