//! A centre to try the door with, and a door that is watched: after every event it checks what must never happen.
#![allow(
    dead_code,
    unused_imports,
    reason = "every test file uses its own part of this"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod centre;
mod door;
mod house;
mod people;
mod waiting;
mod words;

pub use centre::{Centre, number, pass};
pub use door::{DOOR, Door, kind};
pub use house::{ends, full_house, one_seat, waiting_centre};
pub use words::say;

use chrono::{NaiveDateTime, TimeZone};
use domain::reference::{DateTime, JST};

/// A Tuesday without anything special about it.
pub const DAY: &str = "2026-11-24";

/// `14:00` on [`DAY`], or `11-25 14:00` on another day of that year, or `2027-04-01 10:00`. Seconds may follow.
pub fn at(text: &str) -> DateTime {
    let (date, time) = text.rsplit_once(' ').unwrap_or((DAY, text));
    let date = if date.len() == 5 {
        format!("2026-{date}")
    } else {
        date.to_owned()
    };
    let time = if time.len() == 5 {
        format!("{time}:00")
    } else {
        time.to_owned()
    };
    let naive: NaiveDateTime = format!("{date}T{time}").parse().unwrap();
    JST.from_local_datetime(&naive).single().unwrap()
}
