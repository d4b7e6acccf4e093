//! A code is sent once while it stays in view.

use camera::view::{GONE, View};
use std::time::{Duration, Instant};

/// Plays pictures, each at so many milliseconds with these codes; gives what was new in each.
fn play(view: &mut View, pictures: &[(u64, &[&str])]) -> Vec<Vec<String>> {
    let begin = Instant::now();
    pictures
        .iter()
        .map(|(at, codes)| {
            let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
            view.see(&codes, begin + Duration::from_millis(*at))
        })
        .collect()
}

#[test]
fn a_code_is_new_when_it_comes_and_when_it_comes_back() {
    let gone = u64::try_from(GONE.as_millis()).unwrap();
    type Row<'a> = (&'a str, &'a [(u64, &'a [&'a str])], &'a [&'a [&'a str]]);
    let rows: [Row; 8] = [
        (
            "held up",
            &[(0, &["A"]), (100, &["A"]), (60_000, &["A"])],
            &[&["A"], &[], &[]],
        ),
        (
            "not read now and then",
            &[(0, &["A"]), (100, &[]), (1_000, &[]), (1_400, &["A"])],
            &[&["A"], &[], &[], &[]],
        ),
        (
            "every second picture is not read, for longer than a code may be gone",
            &[
                (0, &["A"]),
                (1_000, &[]),
                (2_000, &["A"]),
                (3_000, &[]),
                (4_000, &["A"]),
            ],
            &[&["A"], &[], &[], &[], &[]],
        ),
        (
            "away and back",
            &[
                (0, &["A"]),
                (100, &[]),
                (100 + gone, &[]),
                (200 + gone, &["A"]),
            ],
            &[&["A"], &[], &[], &["A"]],
        ),
        (
            "no picture for long, as while the service is slow",
            &[
                (0, &["A"]),
                (13_000, &["A"]),
                (26_000, &[]),
                (26_100, &["A"]),
            ],
            &[&["A"], &[], &[], &[]],
        ),
        (
            "the next person, while the first still stands there",
            &[
                (0, &["A"]),
                (100, &["A", "B"]),
                (200, &["B", "A"]),
                (300, &["B"]),
            ],
            &[&["A"], &["B"], &[], &[]],
        ),
        ("twice in one picture", &[(0, &["A", "A"])], &[&["A"]]),
        ("nothing", &[(0, &[]), (100, &[])], &[&[], &[]]),
    ];
    for (name, pictures, expected) in rows {
        assert_eq!(play(&mut View::default(), pictures), expected, "{name}");
    }
}

#[test]
fn a_code_that_nobody_answered_is_new_again() {
    let mut view = View::default();
    play(&mut view, &[(0, &["A", "B"])]);
    view.forget("A");
    assert_eq!(play(&mut view, &[(100, &["A", "B"])]), [["A"]]);
    view.clear();
    assert_eq!(play(&mut view, &[(200, &["A"])]), [["A"]]);
}

#[test]
fn no_code_is_shown_by_debug() {
    let mut view = View::default();
    play(&mut view, &[(0, &["K1SECRET"])]);
    assert!(!format!("{view:?}").contains("SECRET"));
}
