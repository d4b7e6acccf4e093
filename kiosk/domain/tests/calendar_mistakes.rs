//! A calendar that cannot be: what the office is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use domain::calendar::Calendar;
use serde_json::{Value, json};

fn part(kind: &str, date: &str, from: Option<&str>, to: Option<&str>) -> Value {
    json!({"kind": kind, "when": {"part": {"date": date, "from": from, "to": to}}, "text": {"ja": kind}})
}

fn days(kind: &str, from: &str, to: &str) -> Value {
    json!({"kind": kind, "when": {"days": {"from": from, "to": to}}, "text": {"ja": kind}})
}

#[test]
fn what_cannot_be_read_says_what_to_write() {
    for (fields, message) in [
        (json!({"weekday": {}}), "unknown field `weekday`"),
        (
            json!({"weekly": {"funday": null}}),
            "unknown field `funday`",
        ),
        (
            json!({"weekly": {"monday": {"open": "9:30", "close": "18:00"}}}),
            "\"9:30\" is not a time of day: write two digits",
        ),
        (
            json!({"weekly": {"monday": {"open": "09:30", "close": "24:00"}}}),
            "\"24:00\" is not a time of day",
        ),
        (
            json!({"weekly": {"monday": {"open": "09:30:00", "close": "18:00"}}}),
            "\"09:30:00\" is not a time of day",
        ),
        (
            json!({"weekly": {"monday": {"open": "09:30"}}}),
            "missing field `close`",
        ),
        (
            json!({"year_end": {"from": "12-32", "to": "01-03"}}),
            "\"12-32\" is not a day of the year: write month and day",
        ),
        (
            json!({"year_end": {"from": "2-29", "to": "01-03"}}),
            "\"2-29\" is not a day of the year",
        ),
        (json!({"service_from": "2026-02-30"}), "out of range"),
        (
            json!({"closures": [{"kind": "mood", "when": {}, "text": {"ja": ""}}]}),
            "unknown variant `mood`",
        ),
        (
            json!({"closures": [part("weather", "2026-11-24", Some("3pm"), None)]}),
            "\"3pm\" is not a time of day",
        ),
        (
            json!({"closures": [{"kind": "weather", "text": {"ja": "雪"},
            "when": {"days": {"from": "2026-11-24", "to": "2026-11-24", "until": "12:00"}}}]}),
            "unknown field `until`",
        ),
    ] {
        let error = serde_json::from_value::<Calendar>(fields.clone())
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{fields}: {error}");
    }
}

#[test]
fn what_cannot_be_meant_says_what_to_mend() {
    let closed = json!({"monday": null});
    for (fields, expected) in [
        (
            json!({"weekly": {"monday": {"open": "18:00", "close": "09:30"}}}),
            vec![
                "weekly.monday: 18:00 to 09:30 is no stretch of time; write the earlier time first",
            ],
        ),
        (
            json!({"service_from": "2027-03-31", "service_to": "2026-07-01"}),
            vec![
                "service_from, service_to: 2027-03-31 to 2026-07-01 has no day in it; write the earlier date first",
            ],
        ),
        (
            json!({"closures": [
                days("centre", "2026-08-14", "2026-08-12"),
                part("centre", "2026-08-14", Some("12:00"), Some("12:00")),
                {"kind": "weather", "when": {"part": {"date": "2026-08-14"}}, "text": {"ja": " "}},
            ]}),
            vec![
                "closures[0]: 2026-08-14 to 2026-08-12 has no day in it; write the earlier date first",
                "closures[1]: 12:00 to 12:00 is no stretch of time; write the earlier time first",
                "closures[2]: the text is empty; say in Japanese why the centre is closed",
            ],
        ),
        (
            json!({"special_openings": [
                {"date": "2026-10-04", "hours": {"open": "10:00", "close": "13:00"}},
                {"date": "2026-10-11", "hours": {"open": "12:00", "close": "15:00"}},
                {"date": "2026-10-04", "hours": {"open": "12:00", "close": "15:00"}},
                {"date": "2027-04-04", "hours": {"open": "12:00", "close": "15:00"}},
            ]}),
            vec![
                "special_openings[2]: overlaps special_openings[0] on 2026-10-04; join the two or move one of them",
                "special_openings[3]: 2027-04-04 is outside the service; move it between service_from and service_to, or change these",
            ],
        ),
        (
            json!({"preparation_minutes": 600}),
            vec![
                "preparation_minutes: 600 minutes before weekly.monday opens is the day before; write at most 570",
            ],
        ),
        (
            json!({"weekly": closed}),
            vec![
                "weekly: every day is closed and there are no special_openings; write the opening hours",
            ],
        ),
    ] {
        let calendar: Calendar = serde_json::from_value(fields).unwrap();
        let errors: Vec<_> = calendar
            .check()
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(errors, expected);
    }
}
