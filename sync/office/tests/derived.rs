//! What the records mean: visits at their true times, and what still asks for a person.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::{
    Journal, KIOSK, day_opened, ended, event, of_reservation, seated, started, store, time,
};
use domain::event::Event;
use domain::ids::ReservationId;
use link::message::WireRecord;
use office::sample;
use office::store::figures::{VisitView, counts, inside, visits_on};
use office::store::{Store, reservations};
use rstest::rstest;
use serde_json::{Value, json};

fn take(store: &Store, journal: &Journal, events: Vec<WireRecord>) {
    let batch = journal.batch(events);
    store
        .write_blocking(move |writing| writing.take_in(&batch))
        .unwrap();
}

fn on(store: &Store, date: &str) -> Vec<VisitView> {
    let date = date.parse().unwrap();
    store
        .read_blocking(|connection| visits_on(connection, date))
        .unwrap()
}

fn granted(visit: &str, until: &str) -> Event {
    event(json!({
        "kind": "seat.assigned", "visit": visit, "seat": "A1", "zone": "pc", "until": until, "limited_by": "grant",
        "counts_from": "2026-11-20T03:00:00+09:00", "reservation": null,
    }))
}

/// A kiosk without network begins its day at an hour of the week before, and learns the time at 10:30.
#[test]
fn visits_begun_at_a_wrong_time_are_corrected_once_the_time_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let wrong = |minutes: i64| time("2026-11-20T03:00:00") + chrono::TimeDelta::minutes(minutes);
    let mut unsure = |minutes: u64, event: Event| {
        journal.write_at(wrong(minutes as i64), minutes * 60_000, false, event)
    };
    let begun =
        event(json!({"kind": "run.started", "kiosk": KIOSK, "build": "test", "previous": null}));
    let mut events = vec![
        unsure(0, begun),
        unsure(0, day_opened("2026-11-20")),
        unsure(10, started("left", "M00001", "2026-11-20T03:10:00+09:00")),
        unsure(10, granted("left", "2026-11-20T05:10:00+09:00")),
        unsure(20, started("here", "M00002", "2026-11-20T03:20:00+09:00")),
        unsure(20, granted("here", "2026-11-20T05:20:00+09:00")),
        unsure(40, ended("left", "2026-11-20T03:40:00+09:00")),
    ];
    let known = time("2026-11-24T10:30:00");
    events.push(journal.write_at(known, 60 * 60_000, true, Event::ClockTrusted {}));
    take(&store, &journal, events);
    assert!(on(&store, "2026-11-20").is_empty());
    let visits = on(&store, "2026-11-24");
    let times = |visit: &VisitView| (visit.started_at, visit.until, visit.ended_at);
    let (left, here) = (times(&visits[0]), times(&visits[1]));
    let at = |text: &str| time(&format!("2026-11-24T{text}:00"));
    assert_eq!(left, (at("09:40"), at("11:40"), Some(at("10:10"))));
    assert_eq!(here, (at("09:50"), at("11:50"), None));
    store
        .write_blocking(|writing| writing.rebuild_visits())
        .unwrap();
    assert_eq!(on(&store, "2026-11-24"), visits);
}

#[test]
fn what_an_earlier_run_measured_tells_only_that_somebody_is_here() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let wrong = time("2026-11-20T03:00:00");
    let events = vec![
        journal.start_run("a1"),
        journal.write_at(wrong, 60_000, false, day_opened("2026-11-20")),
        journal.write_at(
            wrong,
            90_000,
            false,
            started("v1", "M00001", "2026-11-20T03:00:00+09:00"),
        ),
    ];
    take(&store, &journal, events);
    let again = journal.start_run("a2");
    let now = time("2026-11-24T10:30:00");
    let events = vec![
        again,
        journal.write_at(now, 60_000, true, Event::ClockTrusted {}),
    ];
    take(&store, &journal, events);
    // The second run knew the time from its first record on.
    let visits = on(&store, "2026-11-24");
    assert_eq!(visits.len(), 1);
    assert!(visits[0].started_at >= time("2026-11-24T09:30:00"));
}

fn carried(ended: Value) -> Event {
    event(
        json!({"kind": "day.opened", "date": "2026-11-24", "carried": {"courtesies": [], "visits": [{
            "id": "v1", "member": "M00001", "category": "business", "company": null, "activity": {"kind": "coworking"},
            "reservation": null, "bridge_to": null, "started_at": "2026-11-24T09:40:00+09:00", "until": "2026-11-24T11:40:00+09:00",
            "limited_by": "grant", "counts_from": "2026-11-24T09:40:00+09:00", "seat": null, "overdue": false, "ended": ended,
        }]}}),
    )
}

#[rstest]
#[case::unknown_here(false)]
#[case::open_here(true)]
fn a_carried_visit_that_had_ended_is_not_inside(#[case] known: bool) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let mut events = vec![journal.start_run("a1")];
    if known {
        events.push(journal.write(started("v1", "M00001", "2026-11-24T09:40:00+09:00")));
    }
    let end = json!({"at": "2026-11-24T10:20:00+09:00", "by": "visitor"});
    events.push(journal.write(carried(end)));
    // Carried again as open, by a card that knows less: the end stays.
    events.push(journal.write(carried(Value::Null)));
    take(&store, &journal, events);
    let inside = store
        .read_blocking(|connection| inside(connection, false))
        .unwrap();
    assert!(inside.is_empty(), "{inside:?}");
    let visits = on(&store, "2026-11-24");
    assert_eq!(visits[0].ended_at, Some(time("2026-11-24T10:20:00")));
}

/// The member's reservation of the sample's first afternoon.
fn afternoon(store: &Store) -> ReservationId {
    let all = store.read_blocking(reservations::all).unwrap();
    let one = all
        .into_iter()
        .find(|one| one.starts == time("2026-11-24T16:30:00"));
    one.unwrap().id
}

#[rstest]
#[case::placed(|id: &str| vec![of_reservation("placed", id)])]
#[case::came(|id: &str| vec![with_reservation(started("v1", "M00007", "2026-11-24T11:40:00+09:00"), id)])]
#[case::seated(|id: &str| vec![
    started("v1", "M00007", "2026-11-24T11:40:00+09:00"),
    with_reservation(seated("v1", "A1", "2026-11-24T17:45:00+09:00"), id),
])]
#[case::no_show(|id: &str| vec![event(json!({"kind": "reservation.no_show", "reservation": id, "lapsed_at": "2026-11-24T16:45:00+09:00"}))])]
fn a_reservation_without_a_seat_is_counted_until_it_has_one_or_needs_none(
    #[case] then: fn(&str) -> Vec<Event>,
) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    sample::load(&store, time("2026-11-24T00:00:00").date_naive()).unwrap();
    let id = afternoon(&store);
    let unplaced = |now: &str| {
        let now = time(&format!("2026-11-24T{now}:00"));
        store
            .read_blocking(|connection| counts(connection, false, now))
            .unwrap()
            .unplaced
    };
    let mut journal = Journal::new(KIOSK, "a1");
    let events = vec![
        journal.start_run("a1"),
        journal.write(of_reservation("unplaced", id.as_str())),
    ];
    take(&store, &journal, events);
    assert_eq!((unplaced("11:42"), unplaced("17:50")), (1, 0));
    let events = then(id.as_str());
    let events = events
        .into_iter()
        .map(|event| journal.write(event))
        .collect();
    take(&store, &journal, events);
    assert_eq!(unplaced("11:42"), 0);
}

#[test]
fn a_cancelled_reservation_is_counted_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    sample::load(&store, time("2026-11-24T00:00:00").date_naive()).unwrap();
    let id = afternoon(&store);
    let mut journal = Journal::new(KIOSK, "a1");
    let events = vec![
        journal.start_run("a1"),
        journal.write(of_reservation("unplaced", id.as_str())),
    ];
    take(&store, &journal, events);
    store
        .write_blocking(move |writing| writing.cancel_reservation(&id))
        .unwrap();
    let now = time("2026-11-24T11:42:00");
    let counts = store
        .read_blocking(|connection| counts(connection, false, now))
        .unwrap();
    assert_eq!(counts.unplaced, 0);
}

fn with_reservation(event: Event, id: &str) -> Event {
    let mut json = serde_json::to_value(event).unwrap();
    json["reservation"] = json!(id);
    common::event(json)
}

#[test]
fn who_sits_elsewhere_goes_out_or_is_no_member() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let mut journal = Journal::new(KIOSK, "a1");
    let at = |text: &str| format!("2026-11-24T{text}:00+09:00");
    let mut write = |event: Value| journal.write(self::event(event));
    let events = vec![
        write(json!({"kind": "run.started", "kiosk": KIOSK, "build": "test", "previous": null})),
        write(
            json!({"kind": "guest.arrived", "guest": "g1", "station": "door", "purpose": "tour", "arrived_at": at("09:35")}),
        ),
        write(serde_json::to_value(started("v1", "M00001", &at("09:40"))).unwrap()),
        write(serde_json::to_value(seated("v1", "A1", &at("11:40"))).unwrap()),
        write(json!({"kind": "visit.accompanied", "visit": "v1", "companions": 2})),
        write(
            json!({"kind": "seat.changed", "visit": "v1", "seat": "E1", "zone": "cowork", "until": at("11:00"), "limited_by": "programme", "offer": "o1"}),
        ),
        write(
            json!({"kind": "visit.stepped_out", "visit": "v1", "since": at("10:00"), "back_by": at("10:30")}),
        ),
        write(json!({"kind": "visit.not_back", "visit": "v1", "since": at("10:30")})),
        write(
            json!({"kind": "guest.left", "guest": "g1", "ended_by": "expired", "left_at": at("10:00")}),
        ),
    ];
    let back = write(json!({"kind": "visit.came_back", "visit": "v1", "back_at": at("10:40")}));
    take(&store, &journal, events);
    let visits = on(&store, "2026-11-24");
    assert_eq!(visits.len(), 1, "guests and companions are in no figure");
    let visit = &visits[0];
    let seats: Vec<_> = visit.seats.iter().map(ToString::to_string).collect();
    assert_eq!(seats, ["A1", "E1"]);
    assert_eq!(visit.until, time("2026-11-24T11:00:00"));
    assert_eq!(visit.out_since, Some(time("2026-11-24T10:00:00")));
    assert!(visit.not_back && !visit.overdue);
    take(&store, &journal, vec![back]);
    let visit = &on(&store, "2026-11-24")[0];
    assert_eq!((visit.out_since, visit.not_back), (None, false));
}
