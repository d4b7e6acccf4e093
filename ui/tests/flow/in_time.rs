//! What time does to the flow: languages, countdowns, personal content, the clock.

use crate::door::Step::{Answer, Scan, Wait};
use crate::door::{Door, Step, admitted, inside, offer, refused};
use api::Verdict;
use domain::verdict::Remedy;
use std::time::Duration;
use ui::touch::flow::Flow;
use ui::touch::language::Language;
use ui::touch::screen::Screen;
use ui::touch::tap::Tap;
use ui::touch::timing::Timing;

#[test]
fn before_the_first_snapshot_the_screen_asks_for_patience() {
    let flow = Flow::new(Timing::default(), Language::Japanese);
    assert_eq!(
        flow.presentation(Duration::ZERO).screen,
        Screen::ServiceLost
    );
}

#[test]
fn every_visitor_begins_in_japanese() {
    let english = || Step::Tap(Tap::Speak(Language::English));
    let rows: Vec<(&str, Vec<Step>, Language)> = vec![
        ("chosen", vec![english()], Language::English),
        (
            "kept for the answer",
            vec![english(), Scan(admitted())],
            Language::English,
        ),
        (
            "kept through a choice",
            vec![
                english(),
                Scan(offer()),
                Step::Tap(Tap::Choose(0)),
                Answer(admitted()),
            ],
            Language::English,
        ),
        (
            "kept when held again",
            vec![
                english(),
                Scan(Verdict::Unreadable(refused(Remedy::HoldAgain))),
                Scan(admitted()),
            ],
            Language::English,
        ),
        (
            "kept from back to start",
            vec![english(), Step::Tap(Tap::WalkIn), Step::Tap(Tap::Back)],
            Language::English,
        ),
        (
            "over with the answer",
            vec![english(), Scan(admitted()), Wait(15.0)],
            Language::Japanese,
        ),
        (
            "over when closed",
            vec![english(), Scan(admitted()), Step::Tap(Tap::Back)],
            Language::Japanese,
        ),
        (
            "over for the next visitor",
            vec![english(), Scan(admitted()), Scan(admitted())],
            Language::Japanese,
        ),
        (
            "over when nobody comes",
            vec![english(), Wait(60.0)],
            Language::Japanese,
        ),
        (
            "over when they walk away",
            vec![english(), Step::Tap(Tap::WalkIn), Wait(60.0)],
            Language::Japanese,
        ),
    ];
    for (row, steps, language) in rows {
        let mut door = Door::new();
        steps.into_iter().for_each(|step| door.step(step));
        assert_eq!(door.flow.presentation(door.now).language, language, "{row}");
    }
}

#[test]
fn what_is_about_the_visitor_goes_ten_seconds_after_the_last_touch() {
    let details = |door: &Door| door.flow.presentation(door.now).details;
    let mut door = Door::new();
    door.step(Scan(inside()));
    door.step(Wait(9.5));
    assert!(details(&door));
    door.step(Step::Tap(Tap::MoreTime));
    door.step(Wait(9.5));
    assert!(details(&door), "touched in between");
    door.step(Wait(0.5));
    assert!(!details(&door));
    assert_eq!(door.screen().name(), "inside", "the choice itself stays");
    door.step(Step::Tap(Tap::MoreTime));
    door.step(Wait(1.0));
    assert!(
        !details(&door),
        "a touch does not bring it back for whoever stands there now"
    );
    door.step(Scan(inside()));
    assert!(details(&door), "the pass does");
    door.step(Scan(offer()));
    door.step(Wait(10.0));
    door.step(Step::Tap(Tap::MoreTime));
    door.step(Answer(offer()));
    assert!(!details(&door), "nor does an offer held for longer");
}

#[test]
fn the_countdown_counts() {
    let mut door = Door::new();
    assert_eq!(door.flow.presentation(door.now).time_left, None);
    door.step(Scan(admitted()));
    let left = |door: &Door| door.flow.presentation(door.now).time_left.unwrap();
    assert_eq!((left(&door).seconds, left(&door).share), (15, 1.0));
    door.step(Wait(3.0));
    assert_eq!((left(&door).seconds, left(&door).share), (12, 0.8));
    door.step(Step::Tap(Tap::MoreTime));
    assert_eq!(left(&door).seconds, 15);
}

#[test]
fn the_clock_runs_on_between_the_messages_of_the_service() {
    let mut door = Door::new();
    door.step(Wait(80.0));
    let now = door.flow.presentation(door.now).now.unwrap();
    assert_eq!(now.format("%H:%M:%S").to_string(), "11:43:20");
}
