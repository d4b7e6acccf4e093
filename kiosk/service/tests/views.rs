//! What the screens are told, made from a committed state.
#![allow(clippy::unwrap_used)]

use api::signage::SeatCall;
use domain::event::{Choice, Entry, Event, LimitedBy, Stamp, Wait};
use domain::floor::Features;
use domain::{Reference, Today, apply};
use kiosk::desk::Published;
use kiosk::views::{self, Scene};
use std::sync::Arc;

const NOON: &str = "2026-11-24T12:00:00+09:00";

fn published(today: Today) -> Published {
    Published {
        today: Arc::new(today),
        reference: Arc::new(Reference::default()),
        trusted: true,
        writable: true,
    }
}

fn scene(state: &Published) -> Scene<'_> {
    Scene {
        state,
        now: NOON.parse().unwrap(),
        rehearsal: false,
    }
}

#[test]
fn a_station_is_told_whether_the_door_can_record() {
    for writable in [true, false] {
        let state = Published {
            writable,
            ..published(Today::default())
        };
        assert_eq!(views::centre(scene(&state), None).writable, writable);
    }
}

#[test]
fn who_is_called_stands_on_every_screen_by_number() {
    let mut today = Today::default();
    for number in 1..=3 {
        happens(&mut today, joined(number));
    }
    happens(&mut today, called(1, "B4", 600_000));
    happens(&mut today, called(2, "C1", 900_000));
    happens(
        &mut today,
        Event::QueueCalledAgain {
            ticket: "t1".into(),
        },
    );
    let state = published(today);
    let call = |number, seat: &str, again| SeatCall {
        number,
        seat: seat.into(),
        again,
    };
    let calls = vec![call(2, "C1", false), call(1, "B4", true)];
    let signage = views::signage(scene(&state));
    assert_eq!(
        (signage.calls, signage.waiting),
        (calls.clone(), 1),
        "the latest first"
    );
    assert_eq!(views::centre(scene(&state), None).calls, calls);
    let said = serde_json::to_string(&views::signage(scene(&state))).unwrap();
    assert!(!said.contains("m1"), "no member: {said}");
}

fn happens(today: &mut Today, event: Event) {
    let stamp = Stamp {
        run: "1".into(),
        seq: 1,
        at: NOON.parse().unwrap(),
        uptime_ms: 0,
        trusted: true,
        cause: None,
    };
    apply(today, &Entry { stamp, event });
}

fn joined(number: u32) -> Event {
    Event::QueueJoined {
        ticket: format!("t{number}").into(),
        number,
        member: format!("m{number}").into(),
        station: "door".into(),
        needs: Features::default(),
        expected: Wait {
            from_min: 5,
            to_min: 10,
        },
    }
}

fn called(number: u32, seat: &str, held_until_ms: u64) -> Event {
    Event::QueueCalled {
        ticket: format!("t{number}").into(),
        choice: Choice {
            seat: seat.into(),
            zone: "room".into(),
            pc: false,
            until: NOON.parse().unwrap(),
            limited_by: LimitedBy::Grant,
            goes_on_until: None,
        },
        waited_s: Some(60),
        again_at_ms: held_until_ms - 150_000,
        held_until_ms,
    }
}
