//! Times and dates as people read them.

use crate::touch::flow::Presentation;
use crate::touch::language::Language;
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use domain::reference::DateTime;
use slint::SharedString;

/// `9:30`, `14:05`.
pub fn time_of_day(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// The time of day of a moment.
pub fn clock(moment: &DateTime) -> String {
    time_of_day(moment.time())
}

/// The time of day of a moment in somebody's visit; empty once it may no longer be seen.
pub fn personal(moment: &DateTime, presentation: &Presentation) -> SharedString {
    if presentation.details {
        clock(moment).into()
    } else {
        SharedString::default()
    }
}

/// `HH:MM` of the service as people read it: `09:30` becomes `9:30`.
pub fn shortened(text: &str) -> String {
    match text.strip_prefix('0') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// `11月25日（水）`, `Wed 25 Nov`.
pub fn day(date: NaiveDate, language: Language) -> String {
    match language {
        Language::Japanese => format!(
            "{}月{}日（{}）",
            date.month(),
            date.day(),
            weekday(date.weekday())
        ),
        Language::English => date.format("%a %-d %b").to_string(),
    }
}

/// The day of the week, in one letter.
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "月",
        Weekday::Tue => "火",
        Weekday::Wed => "水",
        Weekday::Thu => "木",
        Weekday::Fri => "金",
        Weekday::Sat => "土",
        Weekday::Sun => "日",
    }
}
