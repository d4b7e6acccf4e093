//! The calendar: days and closures, what the centre is doing at any minute, and when it opens next.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use domain::calendar::{Calendar, CalendarDay, ClosedReason, Evening, Phase, calendar_days};
use domain::hhmm;
use serde_json::{Value, json};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

/// The shipped calendar with these fields replaced.
fn calendar(fields: Value) -> Calendar {
    let calendar: Calendar = serde_json::from_value(fields).unwrap();
    assert_eq!(calendar.check(), Ok(()));
    calendar
}

fn evening(programme: &str, doors_open: &str, ends: &str) -> Evening {
    Evening {
        programme: programme.into(),
        doors_open: moment(doors_open),
        ends: moment(ends),
    }
}

fn reason(reason: &Option<ClosedReason>) -> String {
    match reason {
        None => String::new(),
        Some(ClosedReason::Holiday { name_ja, .. }) => format!(" {name_ja}"),
        Some(other) => format!(" {}", other.code()),
    }
}

/// A phase in one short line.
fn line(phase: &Phase) -> String {
    match phase {
        Phase::Before { opens, reason: why } => {
            format!("before {}{}", hhmm::format(opens), reason(why))
        }
        Phase::Preparation { opens } => format!("preparation {}", hhmm::format(opens)),
        Phase::Open { until } => format!("open {}", hhmm::format(until)),
        Phase::Break {
            reopens,
            reason: why,
        } => format!("break {}{}", hhmm::format(reopens), reason(why)),
        Phase::Evening { programmes, until } => {
            let names: Vec<_> = programmes
                .iter()
                .map(|programme| programme.as_str())
                .collect();
            format!("evening {} {}", names.join("+"), hhmm::format(until))
        }
        Phase::Closed { reason: why } => format!("closed{}", reason(why)),
    }
}

/// A day in one short line: its stretches, its reason, its text.
fn day_line(calendar: &Calendar, on: &str) -> String {
    let day = calendar.day(date(on));
    let hours: Vec<_> = day
        .hours
        .iter()
        .map(|h| format!("{}-{}", hhmm::format(&h.open), hhmm::format(&h.close)))
        .collect();
    let text = day
        .text
        .map(|text| format!(" {}", text.ja))
        .unwrap_or_default();
    format!("{}{}{text}", hours.join(" "), reason(&day.reason))
        .trim()
        .to_owned()
}

fn check(calendar: &Calendar, days: &[(&str, &str)]) {
    for (on, expected) in days {
        assert_eq!(day_line(calendar, on), *expected, "{on}");
    }
}

#[test]
fn the_shipped_calendar_is_the_specification() {
    let shipped = Calendar::default();
    assert_eq!(shipped, calendar(json!({})));
    check(
        &shipped,
        &[
            ("2026-06-30", "out_of_service"),
            ("2026-07-01", "09:30-18:00"),
            ("2026-07-04", "09:30-17:00"),
            ("2026-07-05", "weekly_closed"),
            ("2026-09-22", "国民の休日"),
            ("2026-11-24", "09:30-18:00"),
            ("2026-12-28", "09:30-18:00"),
            ("2026-12-29", "year_end"),
            ("2027-01-01", "year_end"),
            ("2027-01-03", "year_end"),
            ("2027-01-04", "09:30-18:00"),
            ("2027-03-21", "春分の日"),
            ("2027-03-22", "振替休日"),
            ("2027-03-31", "09:30-18:00"),
            ("2027-04-01", "out_of_service"),
        ],
    );
}

#[test]
fn every_field_changes_what_it_says() {
    let changed = calendar(json!({
        "weekly": {"monday": {"open": "13:00", "close": "21:00"}, "sunday": {"open": "10:00", "close": "16:00"}},
        "closed_on_holidays": false,
        "year_end": {"from": "08-13", "to": "08-15"},
        "service_from": null,
        "service_to": "2026-12-28",
    }));
    check(
        &changed,
        &[
            ("2020-01-06", "13:00-21:00"),
            ("2026-09-21", "13:00-21:00"),
            ("2026-09-22", "weekly_closed"),
            ("2026-09-20", "10:00-16:00"),
            ("2026-08-12", "weekly_closed"),
            ("2026-08-13", "year_end"),
            ("2026-08-15", "year_end"),
            ("2026-08-16", "10:00-16:00"),
            ("2026-12-28", "13:00-21:00"),
            ("2026-12-29", "out_of_service"),
        ],
    );
    check(
        &calendar(json!({"year_end": null})),
        &[("2026-12-31", "09:30-18:00"), ("2027-01-01", "元日")],
    );
}

fn part(kind: &str, date: &str, from: Option<&str>, to: Option<&str>) -> Value {
    json!({"kind": kind, "when": {"part": {"date": date, "from": from, "to": to}}, "text": {"ja": kind}})
}

fn days(kind: &str, from: &str, to: &str) -> Value {
    json!({"kind": kind, "when": {"days": {"from": from, "to": to}}, "text": {"ja": kind}})
}

#[test]
fn closures_take_whole_days_and_parts_of_days() {
    let cut = calendar(json!({
        "closures": [
            days("building", "2026-11-07", "2026-11-10"),
            part("centre", "2026-11-11", None, Some("13:00")),
            part("building", "2026-11-12", Some("12:00"), Some("13:00")),
            part("weather", "2026-11-13", Some("15:00"), None),
            part("weather", "2026-11-16", Some("08:00"), Some("09:30")),
            part("weather", "2026-11-17", Some("16:00"), None),
            part("centre", "2026-11-17", Some("12:00"), Some("13:00")),
            part("centre", "2026-11-18", Some("09:00"), Some("14:00")),
            part("building", "2026-11-18", Some("14:00"), None),
            part("centre", "2026-11-19", Some("10:00"), Some("12:00")),
            days("weather", "2026-11-19", "2026-11-19"),
            part("centre", "2026-11-21", Some("11:00"), Some("12:00")),
        ],
        "special_openings": [
            {"date": "2026-11-15", "hours": {"open": "10:00", "close": "12:00"}, "text": {"ja": "臨時開所"}},
            {"date": "2026-11-15", "hours": {"open": "13:00", "close": "15:00"}},
            {"date": "2026-11-22", "hours": {"open": "12:00", "close": "14:00"}},
            {"date": "2026-11-22", "hours": {"open": "10:00", "close": "12:00"}},
            {"date": "2026-11-21", "hours": {"open": "12:00", "close": "14:00"}},
            {"date": "2026-11-21", "hours": {"open": "10:00", "close": "12:00"}},
            {"date": "2026-11-08", "hours": {"open": "10:00", "close": "12:00"}, "text": {"ja": "臨時開所"}},
            {"date": "2026-12-30", "hours": {"open": "10:00", "close": "12:00"}},
        ],
    }));
    check(
        &cut,
        &[
            ("2026-11-06", "09:30-18:00"),
            ("2026-11-07", "building building"),
            ("2026-11-08", "building building"),
            ("2026-11-10", "building building"),
            ("2026-11-11", "13:00-18:00 centre centre"),
            ("2026-11-12", "09:30-12:00 13:00-18:00 building building"),
            ("2026-11-13", "09:30-15:00 weather weather"),
            ("2026-11-14", "09:30-17:00"),
            ("2026-11-15", "10:00-12:00 13:00-15:00 臨時開所"),
            // A closure that takes nothing explains nothing.
            ("2026-11-16", "09:30-18:00"),
            ("2026-11-17", "09:30-12:00 13:00-16:00 weather weather"),
            // What closes the day explains it.
            ("2026-11-18", "building building"),
            ("2026-11-19", "weather weather"),
            ("2026-11-21", "10:00-11:00 12:00-14:00 centre centre"),
            // Stretches that touch are one.
            ("2026-11-22", "10:00-14:00"),
            ("2026-12-30", "10:00-12:00"),
        ],
    );
    for (on, expected) in [
        ("2026-11-12", Some("18:00")),
        ("2026-11-13", Some("15:00")),
        ("2026-11-07", None),
        ("2026-11-29", None),
    ] {
        assert_eq!(
            cut.closing(date(on)).as_ref().map(hhmm::format).as_deref(),
            expected,
            "{on}"
        );
    }
}

/// A week with everything in it: a holiday, a midday closure, evenings, a late start, a typhoon, an ordinary Saturday and Sunday.
fn full_week() -> (Calendar, Vec<Evening>) {
    let calendar = calendar(json!({"closures": [
        part("building", "2026-11-24", Some("12:00"), Some("13:15")),
        part("centre", "2026-11-26", None, Some("11:00")),
        part("weather", "2026-11-27", Some("15:00"), None),
    ]}));
    let evenings = vec![
        evening("early", "2026-11-25 17:30", "2026-11-25 20:00"),
        evening("late", "2026-11-25 18:30", "2026-11-25 21:00"),
        evening("seminar", "2026-11-26 18:15", "2026-11-26 20:45"),
        evening(
            "cancelled by the typhoon",
            "2026-11-27 18:15",
            "2026-11-27 20:45",
        ),
    ];
    (calendar, evenings)
}

#[test]
fn every_minute_of_a_week_has_its_phase() {
    let (calendar, evenings) = full_week();
    // From each moment until the next one.
    let expected = [
        ("2026-11-23 00:00", "closed 勤労感謝の日"),
        ("2026-11-24 00:00", "before 09:30"),
        ("2026-11-24 09:00", "preparation 09:30"),
        ("2026-11-24 09:30", "open 12:00"),
        ("2026-11-24 12:00", "break 13:15 building"),
        ("2026-11-24 13:15", "open 18:00"),
        ("2026-11-24 18:00", "closed"),
        ("2026-11-25 00:00", "before 09:30"),
        ("2026-11-25 09:00", "preparation 09:30"),
        ("2026-11-25 09:30", "open 18:00"),
        ("2026-11-25 18:00", "evening early 20:00"),
        ("2026-11-25 18:30", "evening early+late 21:00"),
        ("2026-11-25 20:00", "evening late 21:00"),
        ("2026-11-25 21:00", "closed"),
        ("2026-11-26 00:00", "before 11:00 centre"),
        ("2026-11-26 10:30", "preparation 11:00"),
        ("2026-11-26 11:00", "open 18:00"),
        ("2026-11-26 18:00", "closed"),
        ("2026-11-26 18:15", "evening seminar 20:45"),
        ("2026-11-26 20:45", "closed"),
        ("2026-11-27 00:00", "before 09:30"),
        ("2026-11-27 09:00", "preparation 09:30"),
        ("2026-11-27 09:30", "open 15:00"),
        ("2026-11-27 15:00", "closed weather"),
        ("2026-11-28 00:00", "before 09:30"),
        ("2026-11-28 09:00", "preparation 09:30"),
        ("2026-11-28 09:30", "open 17:00"),
        ("2026-11-28 17:00", "closed"),
        ("2026-11-29 00:00", "closed weekly_closed"),
        ("2026-11-30 00:00", ""),
    ];
    let mut walked = 0;
    for pair in expected.windows(2) {
        let (mut now, until) = (moment(pair[0].0), moment(pair[1].0));
        while now < until {
            for second in [0, 59] {
                let now = now + TimeDelta::seconds(second);
                assert_eq!(line(&calendar.phase(now, &evenings)), pair[0].1, "{now}");
            }
            now += TimeDelta::minutes(1);
            walked += 1;
        }
    }
    assert_eq!(walked, 7 * 24 * 60);
}

#[test]
fn evenings_open_on_days_off_but_never_against_a_closure_or_outside_the_service() {
    let calendar = calendar(json!({
        "preparation_minutes": 0,
        "closures": [days("building", "2026-11-24", "2026-11-24"), part("building", "2026-11-25", Some("19:00"), Some("19:30"))],
    }));
    let at = |day: &str| evening("seminar", &format!("{day} 18:30"), &format!("{day} 20:00"));
    for (now, expected) in [
        ("2026-11-29 18:29", "closed weekly_closed"),
        ("2026-11-29 18:30", "evening seminar 20:00"),
        ("2026-11-23 19:59", "evening seminar 20:00"),
        ("2026-11-24 19:00", "closed building"),
        ("2026-11-25 18:59", "evening seminar 19:00"),
        ("2026-11-25 19:00", "closed building"),
        ("2026-11-25 19:30", "evening seminar 20:00"),
        ("2027-04-01 19:00", "closed out_of_service"),
        ("2026-11-26 09:29", "before 09:30"),
    ] {
        assert_eq!(
            line(&calendar.phase(moment(now), &[at(&now[..10])])),
            expected,
            "{now}"
        );
    }
    let over_midnight = evening("seminar", "2026-11-26 18:30", "2026-11-27 20:00");
    assert_eq!(
        line(&calendar.phase(moment("2026-11-26 19:00"), &[over_midnight])),
        "closed"
    );
}

#[test]
fn the_next_opening_passes_over_closed_days() {
    let (week, _) = full_week();
    let closed_for_good = calendar(json!({"service_to": "2026-12-28"}));
    for (calendar, after, expected) in [
        (&week, "2026-11-24 09:29", Some("2026-11-24 09:30")),
        (&week, "2026-11-24 09:30", Some("2026-11-24 13:15")),
        (&week, "2026-11-24 13:15", Some("2026-11-25 09:30")),
        (&week, "2026-11-25 19:00", Some("2026-11-26 11:00")),
        (&week, "2026-11-28 17:00", Some("2026-11-30 09:30")),
        (&week, "2026-12-28 18:00", Some("2027-01-04 09:30")),
        (&week, "2026-09-19 17:00", Some("2026-09-24 09:30")),
        (&week, "2026-01-01 00:00", Some("2026-07-01 09:30")),
        (&week, "2025-01-01 00:00", None),
        (&closed_for_good, "2026-12-28 09:30", None),
    ] {
        let opening = calendar
            .next_opening(moment(after))
            .map(|(date, time)| date.and_time(time));
        assert_eq!(opening, expected.map(moment), "after {after}");
    }
}

#[test]
fn the_calendar_call_has_the_agreed_shape() {
    let (calendar, _) = full_week();
    let days = calendar_days(&calendar, date("2026-11-22"), date("2026-11-24"));
    let expected = json!([
        {"date": "2026-11-22", "open": null, "close": null, "reason": "weekly_closed"},
        {"date": "2026-11-23", "open": null, "close": null, "reason": "holiday"},
        {"date": "2026-11-24", "open": "09:30", "close": "18:00", "reason": "building"},
    ]);
    assert_eq!(serde_json::to_value(&days).unwrap(), expected);
    assert_eq!(
        serde_json::from_value::<Vec<CalendarDay>>(expected).unwrap(),
        days
    );
    assert_eq!(
        calendar_days(&calendar, date("2026-11-24"), date("2026-11-23")),
        []
    );
    for day in calendar_days(&calendar, date("2026-06-01"), date("2027-06-01")) {
        let word = day.reason.map(|reason| Value::from(reason.to_string()));
        assert_eq!(
            serde_json::to_value(day.reason).unwrap(),
            word.unwrap_or_default(),
            "{}",
            day.date
        );
    }
}

#[test]
fn everything_survives_json() {
    let (calendar, evenings) = full_week();
    let text = serde_json::to_string(&calendar).unwrap();
    assert!(
        text.contains(r#""year_end":{"from":"12-29","to":"01-03"}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Calendar>(&text).unwrap(), calendar);
    for day in date("2026-11-23")
        .iter_days()
        .take(7)
        .map(|on| calendar.day(on))
    {
        assert_eq!(
            serde_json::from_value::<domain::calendar::Day>(serde_json::to_value(&day).unwrap())
                .unwrap(),
            day
        );
    }
    for hour in 0..7 * 24 {
        let phase = calendar.phase(
            moment("2026-11-23 00:00") + TimeDelta::hours(hour),
            &evenings,
        );
        assert_eq!(
            serde_json::from_value::<Phase>(serde_json::to_value(&phase).unwrap()).unwrap(),
            phase
        );
    }
}
