//! The play list: which scene has its turn when.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use chrono::NaiveTime;
use domain::display::{Display, Scene, SceneKind, Turn};
use domain::hhmm;
use std::collections::BTreeMap;

fn at(time: &str) -> NaiveTime {
    NaiveTime::parse_from_str(time, "%H:%M:%S").unwrap()
}

fn scene(kind: SceneKind, weight: u32, seconds: u32) -> Scene {
    Scene {
        weight,
        seconds,
        ..Scene::of(kind)
    }
}

fn playing(scenes: Vec<Scene>) -> Display {
    Display {
        scenes,
        ..Display::default()
    }
}

/// `day 20 #0`: the kind, its seconds, how often it was shown before.
fn told(turns: &[Turn]) -> String {
    let one = |turn: &Turn| {
        let kind = serde_json::to_value(turn.scene).unwrap();
        format!(
            "{} {} #{}",
            kind.as_str().unwrap(),
            turn.seconds,
            turn.round
        )
    };
    turns.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What stands beside the day's scene of 20 seconds, the time, and the turns from then on.
const TURNS: [(&str, &str, &str); 9] = [
    ("", "00:00:00", "day 20 #0"),
    ("", "00:00:05", "day 15 #0, day 5 #1"),
    ("week 1 10", "00:00:00", "day 20 #0, week 10 #0"),
    ("week 1 10", "00:00:12", "day 8 #0, week 10 #0, day 12 #1"),
    ("week 1 10", "00:00:25", "week 5 #0, day 20 #1, week 5 #1"),
    ("week 1 10", "00:00:30", "day 20 #1, week 10 #1"),
    (
        "week 1 10, day 2 20",
        "00:00:00",
        "day 20 #0, day 20 #1, week 10 #0, day 20 #2",
    ),
    (
        "notice 3 5",
        "00:00:00",
        "notice 5 #0, day 20 #0, notice 5 #1, notice 5 #2",
    ),
    (
        "notice 2 5",
        "00:01:00",
        "notice 5 #4, day 20 #2, notice 5 #5",
    ),
];

fn beside_the_day(others: &str) -> Display {
    let mut scenes = vec![scene(SceneKind::Day, 1, 20)];
    for text in others.split(", ").filter(|text| !text.is_empty()) {
        let words: Vec<_> = text.split(' ').collect();
        let kind = serde_json::from_value(words[0].into()).unwrap();
        scenes.push(scene(
            kind,
            words[1].parse().unwrap(),
            words[2].parse().unwrap(),
        ));
    }
    playing(scenes)
}

#[test]
fn scenes_take_turns() {
    for (others, time, turns) in TURNS {
        let now = beside_the_day(others).turns(at(time), |_| true);
        assert_eq!(told(&now), turns, "{others} at {time}");
    }
}

#[test]
fn scenes_keep_to_their_times() {
    let from_to = |kind, from: Option<&str>, to: Option<&str>| Scene {
        from: from.map(|time| hhmm::parse(time).unwrap()),
        to: to.map(|time| hhmm::parse(time).unwrap()),
        ..Scene::of(kind)
    };
    let display = playing(vec![
        Scene::of(SceneKind::Day),
        from_to(SceneKind::Books, Some("10:00"), Some("16:00")),
        from_to(SceneKind::Notice, Some("12:00"), None),
    ]);
    for (time, shown) in [
        ("09:59:59", "day"),
        ("10:00:00", "day books"),
        ("11:59:59", "day books"),
        ("12:00:00", "day books notice"),
        ("15:59:59", "day books notice"),
        ("16:00:00", "day notice"),
    ] {
        let turns = display.turns(at(time), |_| true);
        for (kind, name) in [
            (SceneKind::Day, "day"),
            (SceneKind::Books, "books"),
            (SceneKind::Notice, "notice"),
        ] {
            assert_eq!(
                turns.iter().any(|turn| turn.scene == kind),
                shown.split(' ').any(|word| word == name),
                "{name} at {time}"
            );
        }
    }
}

#[test]
fn what_has_nothing_to_show_has_no_turn() {
    let display = Display::default();
    let turns = display.turns(at("00:00:00"), |kind| kind != SceneKind::Books);
    assert!(turns.iter().all(|turn| turn.scene != SceneKind::Books));
    let nothing = display.turns(at("00:00:00"), |_| false);
    assert_eq!(told(&nothing), "day 20 #0");
}

#[test]
fn the_shipped_play_list_shows_everything_and_the_day_most() {
    let turns = Display::default().turns(at("00:00:00"), |_| true);
    let mut seconds: BTreeMap<SceneKind, u32> = BTreeMap::new();
    for turn in &turns {
        *seconds.entry(turn.scene).or_default() += turn.seconds;
    }
    assert_eq!(seconds.len(), 6, "{turns:?}");
    assert_eq!(seconds[&SceneKind::Day], 60);
    assert!(
        turns.windows(2).all(|pair| pair[0].scene != pair[1].scene),
        "{turns:?}"
    );
}

/// Followed in a circle from any second, the list shows what it would show if asked again.
#[test]
fn whoever_joins_later_sees_the_same() {
    let display = Display::default();
    let early = display.turns(at("10:00:00"), |_| true);
    let whole: u32 = early.iter().map(|turn| turn.seconds).sum();
    for later in 0..2 * whole {
        let mut within = later % whole;
        let expected = early.iter().find(|turn| {
            let is_here = within < turn.seconds;
            within = within.saturating_sub(turn.seconds);
            is_here
        });
        let time = at("10:00:00") + chrono::TimeDelta::seconds(later.into());
        let now = display.turns(time, |_| true);
        assert_eq!(now[0].scene, expected.unwrap().scene, "{later} s later");
        assert_eq!(now.iter().map(|turn| turn.seconds).sum::<u32>(), whole);
    }
}
