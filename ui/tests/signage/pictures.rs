//! How it is drawn: few pictures, one of each kind, across and upright.

use super::{common, day, day_at, day_with, turn};
use api::emergency::EmergencyView;
use api::screen::Phase;
use api::signage::{AdviceNow, Closing, Fill, SeatCall, Signage};
use common::gallery::Gallery;
use domain::display::SceneKind;
use domain::incident::{Exit, IncidentKind};
use std::time::Duration;
use ui::signage::pictures::{Studio, showing};
use ui::signage::{FOUR_K, LANDSCAPE, PORTRAIT};

fn kinds() -> Vec<(&'static str, Signage)> {
    let mut kinds = vec![
        ("day", day()),
        ("floor", showing(&day(), SceneKind::Floor)),
        ("week", showing(&day(), SceneKind::Week)),
        ("books", showing(&day(), SceneKind::Books)),
        ("codes", showing(&day(), SceneKind::Codes)),
        ("closing", closing()),
        ("closed", closed()),
        ("evening", evening()),
    ];
    kinds.push((
        "notice",
        day_with(|view| view.turns = vec![turn(SceneKind::Notice, 60, 1)]),
    ));
    kinds.push((
        "in-room",
        day_with(|view| view.in_room = Some(view.programme[1].clone())),
    ));
    kinds.push((
        "advice",
        day_with(|view| {
            view.advice = Some(AdviceNow::Free);
            let capacity = 20;
            view.programme[1].fill = Some(Fill { here: 12, capacity });
        }),
    ));
    let emergency = |what, drill, exit| {
        let emergency = Some(EmergencyView { what, drill, exit });
        day_with(move |view| view.emergency = emergency)
    };
    kinds.push((
        "emergency-fire",
        emergency(IncidentKind::Fire, false, Some(Exit::Right)),
    ));
    kinds.push((
        "emergency-flood-drill",
        emergency(IncidentKind::Flood, true, None),
    ));
    kinds.push(("call", called()));
    kinds.push((
        "before",
        day_at("09:12", |view| view.phase = Phase::Preparation),
    ));
    kinds
}

fn called() -> Signage {
    let call = |number, seat: &str| SeatCall {
        number,
        seat: seat.into(),
        again: false,
    };
    let view = day_with(|view| {
        view.calls = vec![call(12, "B4"), call(13, "C1")];
        view.waiting = 2;
        for zone in &mut view.zones {
            zone.free = 0;
            zone.power = None;
        }
        for seat in &mut view.floor.seats {
            seat.free = false;
        }
    });
    showing(&view, SceneKind::Floor)
}

fn closing() -> Signage {
    day_at("17:45", |view| {
        view.rehearsal = true;
        view.walk_in = false;
        view.closing = Some(Closing {
            at: "18:00".to_owned(),
            minutes: 15,
        });
    })
}

fn closed() -> Signage {
    day_at("18:42", |view| {
        view.phase = Phase::Closed;
        view.programme.clear();
        view.ending_soon.clear();
    })
}

fn evening() -> Signage {
    day_at("18:40", |view| {
        view.phase = Phase::Evening;
        view.walk_in = false;
        view.ending_soon.clear();
        view.programme.drain(..3);
    })
}

#[test]
fn every_kind_is_drawn_as_accepted() {
    let mut studio = Studio::new().unwrap();
    let mut gallery = Gallery::new("signage");
    for (panel, size) in [("landscape", LANDSCAPE), ("portrait", PORTRAIT)] {
        for (kind, view) in kinds() {
            let drawn = studio.draw(&view, Duration::ZERO, size);
            gallery.compare(&format!("signage-{kind}-{panel}"), &drawn);
        }
    }
    gallery.close();
}

#[test]
fn four_times_the_pixels_show_the_same_layout() {
    let mut studio = Studio::new().unwrap();
    let usual = studio.draw(&day(), Duration::ZERO, LANDSCAPE);
    let fine = studio.draw(&day(), Duration::ZERO, FOUR_K);
    assert_eq!((fine.width, fine.height), FOUR_K);
    // Grounds and edges stand where they stand in the usual picture; only the letters are finer.
    let pixel = |picture: &ui::picture::Picture, x: u32, y: u32| {
        picture.pixels[(y * picture.width + x) as usize]
    };
    let places = (0..1080)
        .step_by(20)
        .flat_map(|y| (0..1920).step_by(20).map(move |x| (x, y)));
    let same = places
        .clone()
        .filter(|(x, y)| {
            let (one, other) = (pixel(&usual, *x, *y), pixel(&fine, 2 * x, 2 * y));
            one.iter()
                .zip(other)
                .all(|(one, other)| one.abs_diff(other) < 24)
        })
        .count();
    let all = places.count();
    assert!(same * 10 > all * 9, "only {same} of {all} places agree");
}

#[test]
fn a_second_in_which_nothing_changes_paints_nothing() {
    let mut studio = Studio::new().unwrap();
    studio.draw(&day(), Duration::ZERO, LANDSCAPE);
    assert!(!studio.redraws(&day(), Duration::from_secs(1)));
    assert!(studio.redraws(&day(), Duration::from_secs(60)));
}
