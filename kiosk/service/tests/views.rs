//! What the screens are told, made from a committed state.
#![allow(clippy::unwrap_used)]

use api::emergency::EmergencyView;
use api::signage::SeatCall;
use chrono::TimeDelta;
use domain::display::{Display, SceneKind};
use domain::event::{Choice, Entry, Event, LimitedBy, Stamp, Wait};
use domain::floor::Features;
use domain::incident::{Exit, IncidentKind, IncidentOpened};
use domain::reference::{Audience, DateTime, Notice, Programme, ProgrammeKind};
use domain::text::Text;
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
        assert_eq!(
            views::centre(scene(&state), &"door".into(), None).writable,
            writable
        );
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
    assert_eq!(
        views::centre(scene(&state), &"door".into(), None).calls,
        calls
    );
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

fn at(time: &str) -> DateTime {
    format!("2026-11-24T{time}:00+09:00").parse().unwrap()
}

/// The signage of a centre with one notice and nothing else, changed by `change`.
fn signage(time: &str, change: impl Fn(&mut Reference)) -> api::signage::Signage {
    let notice = Notice {
        id: "n".into(),
        text: Text::ja("お知らせ"),
        from: None,
        to: None,
        prepared: false,
    };
    let mut reference = Reference::default();
    reference.notices.push(notice);
    change(&mut reference);
    let state = Published {
        reference: Arc::new(reference),
        ..published(Today::default())
    };
    views::signage(Scene {
        state: &state,
        now: at(time),
        rehearsal: false,
    })
}

#[test]
fn only_scenes_with_something_to_show_have_a_turn_and_only_while_the_doors_are_open() {
    for (time, shown) in [
        ("09:00", vec![SceneKind::Day]),
        ("12:00", vec![SceneKind::Day, SceneKind::Notice]),
        ("18:30", vec![SceneKind::Day]),
    ] {
        let turns = signage(time, |_| {}).turns;
        let mut kinds: Vec<_> = turns.iter().map(|turn| turn.scene).collect();
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds, shown, "{time}");
    }
}

#[test]
fn a_programme_has_the_display_while_it_is_on_in_its_room() {
    let programme = |zone: Option<&str>, cancelled| Programme {
        id: "p".into(),
        title: Text::ja("催し"),
        kind: ProgrammeKind::Seminar,
        starts: at("14:00"),
        ends: at("14:00") + TimeDelta::hours(2),
        zone: zone.map(Into::into),
        audience: Audience::Anyone,
        capacity: 4,
        places_left: None,
        set_up_min: None,
        clearing_min: None,
        pcs: 0,
        cancelled,
    };
    let hall = Some("hall");
    for (case, time, zone, display, cancelled, has_it) in [
        ("set-up", "13:59", hall, None, false, false),
        ("begun", "14:00", hall, None, false, true),
        ("last minute", "15:59", hall, None, false, true),
        ("over", "16:00", hall, None, false, false),
        ("called off", "15:00", hall, None, true, false),
        ("online", "15:00", None, None, false, false),
        ("here", "15:00", hall, hall, false, true),
        ("elsewhere", "15:00", hall, Some("room"), false, false),
    ] {
        let view = signage(time, |reference| {
            let one = programme(zone, cancelled);
            reference.programmes.insert(one.id.clone(), one);
            reference.display = Display {
                zone: display.map(Into::into),
                ..Display::default()
            };
        });
        assert_eq!(view.in_room.is_some(), has_it, "{case}");
    }
}

/// The signage, a station's view and the first notice in an emergency.
fn in_emergency(
    what: IncidentKind,
    drill: bool,
) -> (Option<EmergencyView>, Option<EmergencyView>, String) {
    let mut today = Today::default();
    let opened = IncidentOpened {
        incident: "r-1".into(),
        what,
        drill,
        by: "S001".into(),
        opened_at: at("11:55"),
        people: Vec::new(),
    };
    happens(&mut today, Event::IncidentOpened(opened));
    let mut reference = Reference::default();
    reference.display = Display {
        exit: Some(Exit::Left),
        exits: [("door".into(), Exit::Ahead)].into(),
        ..Display::default()
    };
    let state = Published {
        reference: Arc::new(reference),
        ..published(today)
    };
    let signage = views::signage(scene(&state));
    let notice = signage.notices.into_iter().next();
    let notice = notice.map(|notice| notice.text.ja).unwrap_or_default();
    let door = views::centre(scene(&state), &"door".into(), None).emergency;
    (signage.emergency, door, notice)
}

#[test]
fn an_emergency_takes_every_display_or_asks_for_consideration() {
    for (what, exits, notice) in [
        (
            IncidentKind::Fire,
            Some((Some(Exit::Left), Some(Exit::Ahead))),
            "",
        ),
        (IncidentKind::Earthquake, Some((None, None)), ""),
        (IncidentKind::Flood, Some((None, None)), ""),
        (IncidentKind::Intruder, Some((None, None)), ""),
        (IncidentKind::Medical, None, "急病"),
        (IncidentKind::PowerCut, None, "停電"),
    ] {
        for drill in [false, true] {
            let (signage, door, said) = in_emergency(what, drill);
            let view = |exit| EmergencyView { what, drill, exit };
            let expected = exits.map(|(signage, door)| (view(signage), view(door)));
            assert_eq!(signage.zip(door), expected, "{what:?}");
            let mark = if drill && !notice.is_empty() {
                "【訓練】"
            } else {
                ""
            };
            assert!(said.starts_with(&format!("{mark}{notice}")), "{said}");
        }
    }
}
