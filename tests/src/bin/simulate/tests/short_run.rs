//! A few days, as `make simulate` plays a year.

use crate::year::{Scale, Year, play};

fn played(scale: Scale) -> Year {
    match play(scale, |_| {}) {
        Ok(year) => year,
        Err(failure) => panic!("{failure}\n{}", failure.lately.join("\n")),
    }
}

#[test]
fn ten_crowded_days_keep_every_promise() {
    let year = played(Scale {
        days: 10,
        seed: 3,
        demand: 120,
    });
    let total = year.total;
    assert!(total.visits > 500, "{total:?}");
    let all_kinds = [
        total.asked,
        total.full,
        total.queued,
        total.reserved,
        total.bridges,
        total.no_shows,
        total.extended,
        total.overdue,
        total.closed,
        total.moved,
        total.outings,
        total.guests,
    ];
    assert!(
        all_kinds.iter().all(|count| *count > 0),
        "something never happened: {total:?}"
    );
    assert!(
        year.picture.contains('█') && year.picture.contains('▓'),
        "{}",
        year.picture
    );
}

#[test]
fn a_seed_plays_the_same_days_again() {
    let scale = Scale {
        days: 3,
        seed: 11,
        demand: 90,
    };
    let (one, other) = (played(scale), played(scale));
    assert_eq!(
        (one.total, one.steps, one.events, one.rows),
        (other.total, other.steps, other.events, other.rows)
    );
    let another = played(Scale { seed: 12, ..scale });
    assert_ne!(one.total, another.total);
}
