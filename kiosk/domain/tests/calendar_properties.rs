//! What holds for every calendar that passes its check.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::calendar::{Calendar, Closure, ClosureKind, ClosureTime, Hours, Phase, SpecialOpening};
use domain::text::Text;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time_of_day() -> impl Strategy<Value = NaiveTime> {
    (0..24 * 60u32).prop_map(|minute| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap())
}

/// Two different times, the earlier first.
fn stretch() -> impl Strategy<Value = Hours> {
    (time_of_day(), time_of_day())
        .prop_filter("no time between", |(a, b)| a != b)
        .prop_map(|(a, b)| Hours {
            open: a.min(b),
            close: a.max(b),
        })
}

fn near_new_year() -> impl Strategy<Value = NaiveDate> {
    (0..28u64).prop_map(|days| date("2026-12-18") + chrono::Days::new(days))
}

fn closure() -> impl Strategy<Value = Closure> {
    let whole = (near_new_year(), 0..4u64).prop_map(|(from, days)| ClosureTime::Days {
        from,
        to: from + chrono::Days::new(days),
    });
    let part = (near_new_year(), stretch(), any::<(bool, bool)>()).prop_map(
        |(date, hours, (starts, ends))| ClosureTime::Part {
            date,
            from: starts.then_some(hours.open),
            to: ends.then_some(hours.close),
        },
    );
    prop_oneof![whole, part].prop_map(|when| Closure {
        kind: ClosureKind::Centre,
        when,
        text: Text::ja("休止"),
    })
}

/// Calendars that may be adopted.
fn calendars() -> impl Strategy<Value = Calendar> {
    let opening = (near_new_year(), stretch()).prop_map(|(date, hours)| SpecialOpening {
        date,
        hours,
        text: None,
    });
    (
        prop::collection::vec(closure(), 0..8),
        prop::collection::vec(opening, 0..8),
        any::<bool>(),
    )
        .prop_map(
            |(closures, special_openings, closed_on_holidays)| Calendar {
                preparation_minutes: 0,
                closed_on_holidays,
                closures,
                special_openings,
                ..Calendar::default()
            },
        )
        .prop_filter("cannot be meant", |calendar| calendar.check().is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_opens_before_the_next_opening(calendar in calendars(), from in near_new_year(), at in time_of_day()) {
        let is_open = |now| matches!(calendar.phase(now, &[]), Phase::Open { .. });
        let after = from.and_time(at);
        let (date, time) = calendar.next_opening(after).expect("January has ordinary days");
        let opening = date.and_time(time);
        prop_assert!(is_open(opening));
        prop_assert!(after < opening);
        let mut now = after;
        while now < opening {
            let next = now + TimeDelta::minutes(1);
            let opens = is_open(next) && !is_open(now);
            prop_assert_eq!(opens, next == opening, "{}", next);
            now = next;
        }
    }

    #[test]
    fn the_stretches_of_a_day_are_in_order_and_apart(calendar in calendars()) {
        for day in date("2026-12-15").iter_days().take(40).map(|on| calendar.day(on)) {
            prop_assert!(day.hours.iter().all(|stretch| stretch.open < stretch.close), "{:?}", day);
            prop_assert!(day.hours.windows(2).all(|pair| pair[0].close < pair[1].open), "{:?}", day);
            prop_assert!(day.is_open() || day.reason.is_some(), "{:?}", day);
        }
    }
}
