//! Times of day as the office and the screens write them: `"09:30"`, 24 hours, no seconds.
//!
//! Use it on a field with `#[serde(with = "crate::hhmm")]`, or `crate::hhmm::option` where there may be no time.

use chrono::{NaiveTime, Timelike};
use serde::{Deserialize, Deserializer, Serializer, de};

/// Text that is not a time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time of day: write two digits each, from 00:00 to 23:59, such as 09:30")]
pub struct NotATime(String);

/// The time as `HH:MM`; seconds are dropped.
pub fn format(time: &NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Reads exactly `HH:MM`.
pub fn parse(text: &str) -> Result<NaiveTime, NotATime> {
    let strict = text.len() == 5
        && text.bytes().enumerate().all(|(i, b)| {
            if i == 2 {
                b == b':'
            } else {
                b.is_ascii_digit()
            }
        });
    NaiveTime::parse_from_str(text, "%H:%M")
        .ok()
        .filter(|_| strict)
        .ok_or_else(|| NotATime(text.to_owned()))
}

/// For serde: writes `HH:MM`.
pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format(time))
}

/// For serde: reads `HH:MM`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

/// The same where there may be no time (`null`). Add `default` so that the field may be left out.
pub mod option {
    use super::{NaiveTime, format, parse};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    /// For serde: writes `HH:MM` or `null`.
    pub fn serialize<S: Serializer>(
        time: &Option<NaiveTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.as_ref().map(format).serialize(serializer)
    }

    /// For serde: reads `HH:MM` or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<NaiveTime>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| parse(&text))
            .transpose()
            .map_err(de::Error::custom)
    }
}
