//! What a decision costs on a busy day. Run it by itself: `cargo test -p domain --test cost -- --ignored --nocapture`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use chrono::TimeDelta;
use common::{Centre, DOOR, Door, at, number, pass};
use domain::code::parse;
use domain::reference::{Member, Purpose, Reservation};
use domain::{Command, decide};
use std::time::{Duration, Instant};

/// 28 seats, 50,000 members, 100 reservations today that all fit, 5,000 in all.
fn busy_centre() -> Centre {
    let mut centre = (0..100).fold(Centre::new(), |centre, nth| {
        centre.member(&format!("m{nth:05}"))
    });
    let some = centre.reference.members[&"m00000".into()].clone();
    for nth in 100..50_000 {
        let id = format!("m{nth:05}");
        centre.reference.members.insert(
            id.as_str().into(),
            Member {
                id: id.as_str().into(),
                ..some.clone()
            },
        );
    }
    let reservations = (0..5_000i64).map(|nth| {
        // Four rounds of 25 seats a day.
        let (day, place) = (nth / 100, nth % 100);
        let starts = at("10:15") + TimeDelta::days(day) + TimeDelta::minutes(place / 25 * 115);
        let id = format!("r{nth:05}");
        Reservation {
            id: id.as_str().into(),
            number: number(&id),
            member: format!("m{:05}", nth * 7 % 50_000).as_str().into(),
            starts,
            ends: starts + TimeDelta::minutes(105),
            purpose: Purpose::Seat {
                needs: Default::default(),
            },
            cancelled: false,
            since: 1,
        }
    });
    centre.reference.set_reservations(reservations);
    centre
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..400)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[200]
}

#[test]
#[ignore = "measures, and a busy machine tells nothing"]
fn a_scan_on_a_busy_day() {
    let mut door = Door::open(busy_centre(), "09:50");
    let measure = |door: &Door, what: &str, member: &str| {
        let scan = Command::Scan {
            station: DOOR.into(),
            code: parse(pass(member).as_str().as_bytes()),
            typed: false,
        };
        let context = door.context();
        let median = median(|| drop(decide(&door.centre.reference, &door.today, &scan, &context)));
        println!("{what:40} {median:?}");
    };
    assert_eq!(door.placed().len(), 100);
    measure(&door, "walk-in before a full day", "m00001");
    measure(&door, "reserved later today", "m00007");
    measure(&door, "unknown pass", "x");
    door.until("10:10");
    measure(&door, "reserved now", "m00007");
    for nth in 0..14 {
        door.scan(&format!("m{:05}", nth * 7));
        door.pass(TimeDelta::seconds(10));
    }
    measure(&door, "walk-in among fourteen", "m00001");
    measure(&door, "already inside", "m00007");
    let cloned = median(|| drop(door.today.clone()));
    println!("{:40} {cloned:?}", "a copy of the day, 14 inside");
}
