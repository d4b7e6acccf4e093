//! What stands at a moment.

use super::{day, day_at, day_with, turn};
use api::emergency::EmergencyView;
use api::screen::Phase;
use api::signage::Closing;
use domain::display::SceneKind;
use domain::incident::IncidentKind;
use std::time::Duration;
use ui::signage::board::{Board, Layout, Scene};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn showing(view: api::signage::Signage) -> Board {
    let mut board = Board::default();
    board.take(view, seconds(100));
    board
}

#[test]
fn nothing_stands_before_the_first_view() {
    assert_eq!(Board::default().shown(seconds(5)), None);
}

#[test]
fn scenes_take_turns_in_a_circle() {
    let board = showing(day_with(|view| {
        view.turns = vec![
            turn(SceneKind::Day, 8, 4),
            turn(SceneKind::Notice, 15, 2),
            turn(SceneKind::Day, 12, 5),
        ];
    }));
    for (later, scene, round) in [
        (0, SceneKind::Day, 4),
        (7, SceneKind::Day, 4),
        (8, SceneKind::Notice, 2),
        (22, SceneKind::Notice, 2),
        (23, SceneKind::Day, 5),
        (34, SceneKind::Day, 5),
        (35, SceneKind::Day, 4),
        (43, SceneKind::Notice, 2),
    ] {
        let shown = board.shown(seconds(100 + later)).unwrap();
        assert_eq!(shown.scene, Scene::Turn(scene, round), "{later} s later");
    }
}

#[test]
fn the_programme_in_the_room_stands_instead_of_the_scenes_while_the_doors_are_open() {
    for (phase, scene) in [
        (Phase::Open, Scene::InRoom),
        (Phase::Evening, Scene::InRoom),
        (Phase::Closed, Scene::Turn(SceneKind::Day, 0)),
    ] {
        let view = day_with(|view| {
            view.phase = phase;
            view.in_room = Some(view.programme[1].clone());
        });
        assert_eq!(showing(view).shown(seconds(100)).unwrap().scene, scene);
    }
}

#[test]
fn the_layout_follows_the_doors() {
    for (phase, time, layout) in [
        (Phase::Before, "08:00", Layout::Early),
        (Phase::Preparation, "09:10", Layout::Early),
        (Phase::Open, "11:42", Layout::Day),
        (Phase::Break, "12:30", Layout::Early),
        (Phase::Evening, "18:40", Layout::Evening),
        (Phase::Closed, "18:40", Layout::Closed),
        (Phase::Closed, "02:00", Layout::Early),
    ] {
        let view = day_at(time, |view| view.phase = phase);
        let shown = showing(view);
        assert_eq!(
            shown.shown(seconds(100)).unwrap().layout,
            layout,
            "{phase:?} {time}"
        );
    }
    let off = day_at("08:00", |view| {
        view.phase = Phase::Before;
        view.today.open = None;
    });
    assert_eq!(
        showing(off).shown(seconds(100)).unwrap().layout,
        Layout::Closed
    );
}

#[test]
fn an_emergency_stands_instead_of_everything_with_or_without_the_service() {
    let view = day_at("17:45", |view| {
        view.phase = Phase::Closed;
        view.in_room = Some(view.programme[1].clone());
        view.emergency = Some(EmergencyView {
            what: IncidentKind::Fire,
            drill: false,
            exit: None,
        });
    });
    let board = showing(view);
    for later in [0, 60, 3600] {
        let shown = board.shown(seconds(100 + later)).unwrap();
        assert_eq!(shown.layout, Layout::Emergency, "{later} s later");
    }
}

#[test]
fn closing_is_counted_down_without_the_service() {
    let board = showing(day_at("17:45", |view| {
        view.closing = Some(Closing {
            at: "18:00".to_owned(),
            minutes: 15,
        });
    }));
    for (later, left) in [
        (0, 15),
        (59, 15),
        (60, 14),
        (14 * 60, 1),
        (15 * 60, 0),
        (3600, 0),
    ] {
        let shown = board.shown(seconds(100 + later)).unwrap();
        assert_eq!(shown.closing_left, left, "{later} s later");
    }
    let early = showing(day());
    assert_eq!(early.shown(seconds(100)).unwrap().closing_left, 0);
}

#[test]
fn old_content_says_how_old_it_is() {
    let view = day();
    let now = view.now;
    let board = showing(view);
    for (later, since) in [(0, None), (75, None), (76, Some(now)), (3600, Some(now))] {
        let shown = board.shown(seconds(100 + later)).unwrap();
        assert_eq!(shown.stale_since, since, "{later} s later");
    }
}

#[test]
fn every_page_has_its_time() {
    let board = showing(day_at("12:00", |_| {}));
    let page = |later: u64| board.shown(seconds(100 + later)).unwrap().page(3);
    assert_eq!([0, 11, 12, 24, 36].map(page), [0, 0, 1, 2, 0]);
    assert_eq!(board.shown(seconds(100)).unwrap().page(0), 0);
}
